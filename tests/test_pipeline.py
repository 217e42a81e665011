"""From files to rows: one bad file never stops the rest, a dry run leaves nothing."""

import signal
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import OperationalError
from factories import make_collection, make_source, make_user
from papers import PARAGRAPHS, cable, write_cable

from ingest import formats
from ingest.formats import FORMATS, Format
from ingest.models import ImportedRevision, ImportProblem, ImportRun
from ingest.pipeline import documents, indexing, parsing
from ingest.pipeline.documents import parse
from ingest.pipeline.stopping import heeding
from ingest.reading import Read
from ingest.records import Document, ImportFault
from positions import integrity, search
from positions.models import (
    Actor,
    Change,
    Collection,
    Paragraph,
    Revision,
    Source,
)
from positions.readers import Reader
from positions.search import lookup

pytestmark = pytest.mark.django_db
CURATOR = Reader(curator=True, clearance=4)
ROWS = (
    Source,
    Revision,
    Paragraph,
    Actor,
    Collection,
    Change,
    ImportRun,
    ImportProblem,
)


def run(*paths, collection="cables", **options):
    return documents.run(paths, "cable", collection, command="import_cables", **options)


def know(monkeypatch, name, parser):
    """A format of this name for the test's time."""
    made = Format(name.capitalize(), "cable", "1", parser)
    monkeypatch.setattr(formats, "FORMATS", {**FORMATS, name: made})


def rows():
    return [model.objects.count() for model in ROWS]


def test_a_folder_of_cables_is_imported_and_recorded(tmp_path):
    write_cable(tmp_path / "2008", "08TOKYO1001")
    write_cable(tmp_path / "2008", "08TOKYO1002", serial="1002")
    who = make_user()
    report = run(tmp_path, who=who)
    assert report.summary() == "2 created, 0 changed, 0 unchanged, 0 rejected"
    import_run = ImportRun.objects.get()
    assert (import_run.created, import_run.rejected, import_run.who) == (2, 0, who)
    assert import_run.finished_at is not None
    assert import_run.collection.key == "cables"
    assert import_run.arguments["paths"] == [str(tmp_path)]
    files = ImportedRevision.objects.filter(run=import_run).values_list(
        "file", flat=True
    )
    assert set(files) == {
        str(tmp_path / "2008" / f"08TOKYO{n}.txt") for n in (1001, 1002)
    }


def test_a_new_collection_is_private_and_made_only_for_something(tmp_path):
    run(tmp_path / "missing.txt", collection="new")
    assert not Collection.objects.exists()
    run(write_cable(tmp_path), collection="new")
    collection = Collection.objects.get()
    assert (collection.key, collection.visibility) == ("new", "private")
    assert Source.objects.get().visibility == "private"


def test_new_sources_begin_with_the_visibility_of_their_collection(tmp_path):
    make_collection("cables", visibility="public")
    run(write_cable(tmp_path))
    assert Source.objects.get().visibility == "public"


def test_the_same_import_twice_changes_nothing(tmp_path):
    write_cable(tmp_path, "08TOKYO1001")
    write_cable(tmp_path, "08TOKYO1002", serial="1002")
    run(tmp_path)
    before = rows()
    report = run(tmp_path)
    assert report.summary() == "0 created, 0 changed, 2 unchanged, 0 rejected"
    after = dict(zip(ROWS, rows(), strict=True))
    assert after.pop(ImportRun) == 2
    assert list(after.values()) == [
        n for model, n in zip(ROWS, before, strict=True) if model is not ImportRun
    ]


def test_what_was_seen_before_is_not_read_again(tmp_path, monkeypatch):
    path = write_cable(tmp_path)
    run(path)

    def never(format, read):
        raise AssertionError("it was parsed again")

    monkeypatch.setattr(documents, "parse", never)
    assert run(path).unchanged == 1


def test_an_unchanged_collection_costs_one_query_a_batch(
    tmp_path, django_assert_max_num_queries
):
    for n in range(1001, 1031):
        write_cable(tmp_path, f"08TOKYO{n}", serial=n)
    run(tmp_path)
    with django_assert_max_num_queries(8):
        assert run(tmp_path).unchanged == 30


def test_a_dry_run_says_what_would_happen_and_leaves_nothing(tmp_path):
    (tmp_path / "empty.txt").write_text("")
    write_cable(tmp_path, "08TOKYO1001")
    before = rows()
    items = []
    report = run(tmp_path, dry_run=True, progress=items.append)
    assert report.summary() == (
        "1 would create, 0 would change, 0 unchanged, 1 rejected"
    )
    assert rows() == before
    assert [item.outcome for item in items] == ["created", "rejected"]


def test_a_dry_run_tells_changed_and_unchanged_apart(tmp_path):
    path = write_cable(tmp_path, "08TOKYO1001")
    same = write_cable(tmp_path, "08TOKYO1002", serial="1002")
    run(path, same)
    path.write_text(cable(PARAGRAPHS[:2]))
    report = run(path, same, dry_run=True)
    assert (report.changed, report.unchanged) == (1, 1)
    assert Revision.objects.count() == 2


def test_one_bad_file_never_stops_the_rest(tmp_path):
    (tmp_path / "a-empty.txt").write_text("")
    (tmp_path / "b-page.txt").write_text("<!DOCTYPE html><html><p>x</p></html>")
    write_cable(tmp_path, "c08TOKYO1001")
    (tmp_path / "d-binary.txt").write_bytes(bytes(range(256)) * 20)
    report = run(tmp_path)
    assert (report.created, report.rejected) == (1, 3)
    assert not report.in_vain
    listed = ImportProblem.objects.filter(severity="rejected").order_by("file")
    names = [problem.file.rpartition("/")[2] for problem in listed]
    assert names == ["a-empty.txt", "b-page.txt", "d-binary.txt"]
    assert ImportRun.objects.get().rejected == 3


def test_a_file_rejected_again_stands_once_in_the_work_list(tmp_path):
    (tmp_path / "empty.txt").write_text("")
    for _ in range(3):
        run(tmp_path / "empty.txt")
    problems = ImportProblem.objects.order_by("pk")
    assert [p.settled_at is None for p in problems] == [False, False, True]


def test_a_bug_of_a_parser_is_one_files_fault(tmp_path, monkeypatch, caplog):
    def broken(read):
        if "1001" in read.name:
            raise ZeroDivisionError
        return FORMATS["cable"].parse(read)

    know(monkeypatch, "broken", broken)
    write_cable(tmp_path, "08TOKYO1001")
    write_cable(tmp_path, "08TOKYO1002", serial="1002")
    report = documents.run([tmp_path], "broken", "cables", command="import_cables")
    assert (report.created, report.rejected) == (1, 1)
    assert "ZeroDivisionError" in report.reasons[0]
    assert "The parser failed on" in caplog.text


def test_a_document_that_the_database_refuses_is_one_files_fault(tmp_path, monkeypatch):
    def crooked(read):
        document = FORMATS["cable"].parse(read)
        if "1001" in read.name:
            last = document.paragraphs[-1]
            object.__setattr__(last, "end", last.end + 100)
        return document

    know(monkeypatch, "crooked", crooked)
    write_cable(tmp_path, "08TOKYO1001")
    write_cable(tmp_path, "08TOKYO1002", serial="1002")
    report = documents.run([tmp_path], "crooked", "cables", command="import_cables")
    assert (report.created, report.rejected) == (1, 1)
    assert "The database refused it: " in report.reasons[0]
    assert Source.objects.get().identifier == "08TOKYO1002"
    # What the refused one brought first is looked up again, not remembered.
    assert Source.objects.get().issuer.key == "us-embassy-tokyo"


def test_one_file_named_twice_is_imported_once(tmp_path):
    path = write_cable(tmp_path)
    report = run(path, path)
    assert (report.created, report.unchanged) == (1, 1)


def test_two_texts_of_one_cable_in_one_run_the_first_is_taken(tmp_path):
    first = write_cable(tmp_path / "a")
    second = write_cable(tmp_path / "b", paragraphs=PARAGRAPHS[:2])
    for _ in range(2):
        report = run(tmp_path)
        assert report.rejected == 1
        assert str(first) in report.reasons[0]
        assert str(second) in report.reasons[0]
    assert Revision.objects.count() == 1
    # On its own the other text is the publisher's next.
    assert run(second).changed == 1


def write_cables(folder, count, first=1001):
    for n in range(first, first + count):
        write_cable(folder, f"08TOKYO{n}", serial=n)
    return folder


def test_a_database_that_fails_ends_the_run_with_what_is_in(tmp_path, monkeypatch):
    write_cables(tmp_path, 3)
    monkeypatch.setattr(parsing, "BATCH_FILES", 1)
    real = documents.loading.load_new

    def failing(session, copies):
        if "1002" in copies[0].file:
            raise OperationalError("disk full")
        return real(session, copies)

    monkeypatch.setattr(documents.loading, "load_new", failing)
    report = run(tmp_path)
    assert report.stopped == "Stopped, because the database failed: disk full."
    assert ImportRun.objects.get().created == 1
    monkeypatch.undo()
    again = run(tmp_path)
    assert (again.created, again.unchanged) == (2, 1)


def test_a_database_that_fails_in_a_batch_leaves_what_is_in_counted(
    tmp_path, monkeypatch
):
    write_cables(tmp_path, 3)
    changed = tmp_path / "08TOKYO1001.txt"
    run(changed)
    changed.write_text(cable(PARAGRAPHS[:2]))

    def failing(session, copy):
        raise OperationalError("disk full")

    monkeypatch.setattr(documents.loading, "load", failing)
    report = run(tmp_path)
    assert report.stopped == "Stopped, because the database failed: disk full."
    assert (report.created, report.changed) == (2, 0)
    assert Source.objects.count() == 3
    monkeypatch.undo()
    again = run(tmp_path)
    assert (again.changed, again.unchanged) == (1, 2)


def test_stopped_by_hand_it_reports_what_is_in(tmp_path, monkeypatch):
    write_cables(tmp_path, 6)
    monkeypatch.setattr(parsing, "BATCH_FILES", 3)

    def stop(item):
        if "1002" in item.file:
            signal.raise_signal(signal.SIGINT)

    report = run(tmp_path, progress=stop)
    assert report.stopped.startswith("Stopped by hand")
    assert report.created == Source.objects.count() == 3
    assert ImportRun.objects.get().created == 3
    assert run(tmp_path).created == 3


def test_stopped_by_hand_it_leaves_the_rest_of_a_batch_alone(tmp_path):
    write_cables(tmp_path, 3)
    run(tmp_path)
    for n in (1001, 1002, 1003):
        (tmp_path / f"08TOKYO{n}.txt").write_text(cable(PARAGRAPHS[:2], serial=n))

    def stop(item):
        signal.raise_signal(signal.SIGINT)

    report = run(tmp_path, progress=stop)
    assert report.stopped.startswith("Stopped by hand")
    assert (report.changed, Revision.objects.count()) == (1, 4)
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_stopped_while_it_tells_of_what_is_in_it_counts_the_rest(tmp_path):
    write_cables(tmp_path, 3)

    def stop(item):
        raise KeyboardInterrupt

    report = run(tmp_path, progress=stop)
    assert report.created == Source.objects.count() == 3


def test_pressed_twice_it_stops_at_once():
    heard = []

    def press_thrice():
        with heeding() as stop:
            for _ in range(3):
                signal.raise_signal(signal.SIGINT)
                heard.append(stop.asked)

    with pytest.raises(KeyboardInterrupt):
        press_thrice()
    assert heard == [True]


def test_no_more_documents_are_read_than_the_limit_says(tmp_path):
    write_cables(tmp_path, 5)
    assert run(tmp_path, limit=2).created == 2
    again = run(tmp_path, limit=3)
    assert (again.created, again.unchanged) == (1, 2)
    assert run(tmp_path, limit=None).created == 2


# -- new documents in bulk, all others one by one ----------------------------------


def test_the_items_come_in_the_order_of_the_files(tmp_path):
    write_cables(tmp_path, 3)
    run(tmp_path)
    (tmp_path / "08TOKYO1002.txt").write_text(cable(PARAGRAPHS[:2], serial=1002))
    (tmp_path / "08TOKYO10015.txt").write_text("")
    write_cable(tmp_path, "08TOKYO1000", serial=1000)
    write_cable(tmp_path, "08TOKYO1004", serial=1004)
    items = []
    run(tmp_path, progress=items.append)
    assert [(item.file[-8:-4], str(item.outcome)) for item in items] == [
        ("1000", "created"),
        ("1001", "unchanged"),
        ("0015", "rejected"),
        ("1002", "changed"),
        ("1003", "unchanged"),
        ("1004", "created"),
    ]
    assert [item.name for item in items if item.outcome == "created"] == [
        "cables/08TOKYO1000",
        "cables/08TOKYO1004",
    ]


def test_documents_that_go_in_together_are_as_those_that_go_in_alone(tmp_path):
    write_cables(tmp_path, 3)
    run(tmp_path, collection="together")
    for path in sorted(tmp_path.iterdir()):
        run(path, collection="alone")

    def said(collection):
        sources = Source.objects.filter(collection__key=collection)
        return [
            (
                without_keys(source),
                without_keys(source.current),
                source.current.received.data,
                without_keys(source.current.imported),
                list(map(without_keys, source.current.paragraphs.all())),
                list(map(without_keys, source.current.addressees.all())),
                list(map(without_keys, source.current.references.all())),
            )
            for source in sources.order_by("identifier")
        ]

    together, alone = said("together"), said("alone")
    assert len(together) == 3
    assert together == alone


def without_keys(record):
    """What a record says, but for what every record has of its own."""
    own = {"id", "source_id", "revision_id", "collection_id", "made_at", "run_id"}
    fields = (field.attname for field in record._meta.concrete_fields)
    return {name: getattr(record, name) for name in fields if name not in own}


def test_a_batch_of_new_documents_takes_a_fixed_number_of_queries(
    tmp_path, django_assert_max_num_queries
):
    write_cables(tmp_path / "few", 2)
    write_cables(tmp_path / "many", 40, first=2001)
    run(write_cables(tmp_path / "warm", 1, first=3001))
    for folder in ("few", "many"):
        with django_assert_max_num_queries(30):
            run(tmp_path / folder)


@pytest.mark.parametrize("bad", [1, 7, 20])
def test_one_that_the_database_refuses_leaves_the_rest_of_its_batch_in(
    tmp_path, monkeypatch, bad
):
    def crooked(read):
        document = FORMATS["cable"].parse(read)
        if str(1000 + bad) in read.name:
            last = document.paragraphs[-1]
            object.__setattr__(last, "end", last.end + 100)
        return document

    know(monkeypatch, "crooked", crooked)
    write_cables(tmp_path, 20)
    alone = []
    real = documents.loading.load
    monkeypatch.setattr(
        documents.loading,
        "load",
        lambda session, copy: alone.append(copy) or real(session, copy),
    )
    report = documents.run([tmp_path], "crooked", "cables", command="import_cables")
    assert (report.created, report.rejected) == (19, 1)
    assert str(1000 + bad) in report.reasons[0]
    assert Source.objects.count() == Revision.objects.count() == 19
    # The others of its few went alone as well, but no more than that.
    assert len({copy.identifier for copy in alone}) < documents.FEW


def test_two_copies_of_one_document_in_one_batch_are_one_source(tmp_path):
    first = write_cable(tmp_path / "a")
    write_cable(tmp_path / "b")
    other = write_cable(tmp_path / "c", paragraphs=PARAGRAPHS[:2])
    report = run(tmp_path)
    assert (report.created, report.unchanged, report.rejected) == (1, 1, 1)
    assert str(first) in report.reasons[0]
    assert str(other) in report.reasons[0]


def test_two_copies_by_turns_settle_after_the_first_time(tmp_path):
    a = write_cable(tmp_path / "a")
    b = write_cable(tmp_path / "b", paragraphs=PARAGRAPHS[:2])
    assert [run(a).created, run(b).changed] == [1, 1]
    before = rows()
    assert [run(a).unchanged, run(b).unchanged] == [1, 1]
    after = dict(zip(ROWS, rows(), strict=True))
    assert after.pop(ImportRun) == 4
    assert list(after.values()) == [
        n for model, n in zip(ROWS, before, strict=True) if model is not ImportRun
    ]
    assert Source.objects.get().current.number == 2


@pytest.mark.parametrize(("on_conflict", "listed"), [("file", 1), ("keep", 0)])
def test_what_differs_from_a_persons_work_is_listed_or_not(
    tmp_path, on_conflict, listed
):
    path = write_cable(tmp_path)
    run(path)
    source = Source.objects.get()
    source.title = "A better title"
    source.save()
    path.write_text(cable(PARAGRAPHS[:2], subject="ANOTHER ONE"))
    report = run(path, on_conflict=on_conflict)
    assert report.conflicts == 1
    assert len(report.reasons) == listed
    assert ImportProblem.objects.filter(severity="conflict").count() == listed
    source.refresh_from_db()
    assert source.title == "A better title"
    assert source.current.number == 2


# -- in other processes ------------------------------------------------------------


def test_parsing_is_pure_and_any_executor_may_do_it(tmp_path):
    for n in range(1001, 1011):
        write_cable(tmp_path, f"08TOKYO{n}", serial=n)
    (tmp_path / "08TOKYO1005.txt").write_text("")
    with ThreadPoolExecutor(2) as executor:
        report = run(tmp_path, executor=executor)
    assert (report.created, report.rejected) == (9, 1)


def test_processes_parse_what_this_one_loads(tmp_path):
    write_cables(tmp_path, 30)
    (tmp_path / "08TOKYO1005.txt").write_text("")
    report = run(tmp_path, jobs=2)
    assert (report.created, report.rejected) == (29, 1)
    assert run(tmp_path, jobs=2).unchanged == 29


def test_a_parsed_file_and_a_fault_travel_between_processes():
    import pickle

    function = pickle.loads(pickle.dumps(parse))
    found = function(Read("08TOKYO1001.txt", cable().encode(), format="cable"))
    assert isinstance(pickle.loads(pickle.dumps(found)), Document)
    fault = pickle.loads(pickle.dumps(function(Read("empty.txt", b"", format="cable"))))
    assert isinstance(fault, ImportFault)
    assert str(fault) == "empty.txt: The file is empty."


def test_documents_are_held_only_as_long_as_their_batch(tmp_path, monkeypatch):
    monkeypatch.setattr(parsing, "BATCH_FILES", 2)
    read = []

    def reads():
        for n in range(6):
            name = f"08TOKYO{1001 + n}.txt"
            read.append(name)
            yield Read(name, cable(serial=1001 + n).encode(), format="cable")

    ahead = []
    documents.run_reads(
        reads(),
        parse,
        {"cable"},
        "cables",
        command="import_cables",
        arguments={},
        progress=lambda item: ahead.append(len(read)),
    )
    assert ahead == [2, 2, 4, 4, 6, 6]


def test_a_report_keeps_a_bounded_number_of_reasons(monkeypatch):
    from ingest import reporting

    monkeypatch.setattr(reporting, "MOST_REASONS", 2)
    report = reporting.Report()
    for n in range(5):
        report.add(reporting.Item("rejected", f"{n}.txt", sentences=("Bad.",)))
    assert report.lines() == [
        "0.txt: Bad.",
        "1.txt: Bad.",
        "... and 3 more.",
        "0 created, 0 changed, 0 unchanged, 5 rejected",
    ]


def test_a_file_name_that_is_no_text_does_no_harm():
    read = Read("caf\udce9.txt", cable().encode(), format="cable")
    report = documents.run_reads(
        [read, ImportFault("x\udce9.txt", "The file is empty.")],
        parse,
        {"cable"},
        "cables",
        command="import_cables",
        arguments={},
    )
    assert (report.created, report.rejected) == (1, 1)
    assert ImportProblem.objects.get(severity="rejected").file == "x\ufffd.txt"


# -- the search index of a run that brings much --------------------------------------

postgresql = pytest.mark.skipif(
    "connection.vendor == 'sqlite'", reason="FTS5 has no index to leave out"
)


@pytest.fixture
def said(monkeypatch):
    """What a run says for which a few paragraphs are much."""
    monkeypatch.setattr(indexing, "MUCH", 5)
    monkeypatch.setattr(parsing, "BATCH_FILES", 2)
    return []


def found():
    return len(search.search("priority", CURATOR).paragraphs)


@postgresql
def test_a_run_that_brings_much_makes_the_index_at_its_end(tmp_path, said):
    write_cables(tmp_path, 6)
    there = []

    def look(item):
        there.append(lookup.is_there(Paragraph))

    report = run(tmp_path, progress=look, say=said.append)
    assert report.created == found() == 6
    assert there == [True] * 2 + [False] * 4
    assert lookup.is_there(Paragraph)
    assert said == [
        "Much is new: the search index is made at the end.",
        "The search index is being made.",
    ]


@postgresql
def test_an_index_that_a_stopped_run_left_out_is_made_by_the_next(tmp_path, said):
    write_cables(tmp_path, 6)

    def stop(item):
        if "1004" in item.file:
            raise KeyboardInterrupt

    assert run(tmp_path, progress=stop, say=said.append).created == 4
    assert not lookup.is_there(Paragraph)
    assert found() == 4
    assert said[-1] == "The search index is not made: the next import makes it."
    faults = list(integrity.faults())
    assert len(faults) == 1
    assert "rebuild_search makes the index" in faults[0]
    run(tmp_path, say=said.append)
    assert lookup.is_there(Paragraph)
    assert list(integrity.faults()) == []


@postgresql
def test_a_run_that_brings_little_beside_what_is_there_keeps_the_index(
    tmp_path, said, monkeypatch
):
    monkeypatch.setattr(indexing, "MUCH", 10**6)
    run(write_cables(tmp_path / "many", 20))
    monkeypatch.setattr(indexing, "MUCH", 5)
    run(write_cables(tmp_path / "few", 4, first=2001), say=said.append)
    assert said == []


def test_a_dry_run_leaves_the_index_alone(tmp_path, said):
    write_cables(tmp_path, 6)
    assert run(tmp_path, dry_run=True, say=said.append).created == 6
    assert said == []


def test_words_that_are_missing_are_named(tmp_path):
    run(write_cable(tmp_path))
    assert list(integrity.faults()) == []
    source = make_source(("Nobody put its words into the index.",))
    search.forget(Source, [source.pk])
    search.forget(Paragraph, source.current.paragraphs.values_list("pk", flat=True))
    assert [fault.partition(" are not")[0] for fault in integrity.faults()] == [
        "1 paragraphs",
        "1 sources",
    ]
