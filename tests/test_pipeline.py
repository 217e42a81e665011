"""From files to rows: one bad file never stops the rest, a dry run leaves nothing."""

import pytest
from factories import make_collection, make_user
from papers import PARAGRAPHS, cable, import_cables, know, write_cable, write_cables

from ingest.formats import FORMATS
from ingest.models import ImportedRevision, ImportProblem, ImportRun
from ingest.pipeline import documents
from ingest.pipeline.documents import parse
from ingest.reading import Read
from ingest.records import ImportFault
from positions.models import (
    Actor,
    Change,
    Collection,
    Paragraph,
    Revision,
    Source,
)
from positions.readers import Reader

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


def rows():
    return [model.objects.count() for model in ROWS]


def test_a_folder_of_cables_is_imported_and_recorded(tmp_path):
    write_cable(tmp_path / "2008", "08TOKYO1001")
    write_cable(tmp_path / "2008", "08TOKYO1002", serial="1002")
    who = make_user()
    report = import_cables(tmp_path, who=who)
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
    import_cables(tmp_path / "missing.txt", collection="new")
    assert not Collection.objects.exists()
    import_cables(write_cable(tmp_path), collection="new")
    collection = Collection.objects.get()
    assert (collection.key, collection.visibility) == ("new", "private")
    assert Source.objects.get().visibility == "private"


def test_new_sources_begin_with_the_visibility_of_their_collection(tmp_path):
    make_collection("cables", visibility="public")
    import_cables(write_cable(tmp_path))
    assert Source.objects.get().visibility == "public"


def test_the_same_import_twice_changes_nothing(tmp_path):
    write_cable(tmp_path, "08TOKYO1001")
    write_cable(tmp_path, "08TOKYO1002", serial="1002")
    import_cables(tmp_path)
    before = rows()
    report = import_cables(tmp_path)
    assert report.summary() == "0 created, 0 changed, 2 unchanged, 0 rejected"
    after = dict(zip(ROWS, rows(), strict=True))
    assert after.pop(ImportRun) == 2
    assert list(after.values()) == [
        n for model, n in zip(ROWS, before, strict=True) if model is not ImportRun
    ]


def test_what_was_seen_before_is_not_read_again(tmp_path, monkeypatch):
    path = write_cable(tmp_path)
    import_cables(path)

    def never(format, read):
        raise AssertionError("it was parsed again")

    monkeypatch.setattr(documents, "parse", never)
    assert import_cables(path).unchanged == 1


def test_an_unchanged_collection_costs_one_query_a_batch(
    tmp_path, django_assert_max_num_queries
):
    for n in range(1001, 1031):
        write_cable(tmp_path, f"08TOKYO{n}", serial=n)
    import_cables(tmp_path)
    with django_assert_max_num_queries(8):
        assert import_cables(tmp_path).unchanged == 30


def test_a_dry_run_says_what_would_happen_and_leaves_nothing(tmp_path):
    (tmp_path / "empty.txt").write_text("")
    write_cable(tmp_path, "08TOKYO1001")
    before = rows()
    items = []
    report = import_cables(tmp_path, dry_run=True, progress=items.append)
    assert report.summary() == (
        "1 would create, 0 would change, 0 unchanged, 1 rejected"
    )
    assert rows() == before
    assert [item.outcome for item in items] == ["created", "rejected"]


def test_a_dry_run_tells_changed_and_unchanged_apart(tmp_path):
    path = write_cable(tmp_path, "08TOKYO1001")
    same = write_cable(tmp_path, "08TOKYO1002", serial="1002")
    import_cables(path, same)
    path.write_text(cable(PARAGRAPHS[:2]))
    report = import_cables(path, same, dry_run=True)
    assert (report.changed, report.unchanged) == (1, 1)
    assert Revision.objects.count() == 2


def test_one_bad_file_never_stops_the_rest(tmp_path):
    (tmp_path / "a-empty.txt").write_text("")
    (tmp_path / "b-page.txt").write_text("<!DOCTYPE html><html><p>x</p></html>")
    write_cable(tmp_path, "c08TOKYO1001")
    (tmp_path / "d-binary.txt").write_bytes(bytes(range(256)) * 20)
    report = import_cables(tmp_path)
    assert (report.created, report.rejected) == (1, 3)
    assert not report.in_vain
    listed = ImportProblem.objects.filter(severity="rejected").order_by("file")
    names = [problem.file.rpartition("/")[2] for problem in listed]
    assert names == ["a-empty.txt", "b-page.txt", "d-binary.txt"]
    assert ImportRun.objects.get().rejected == 3


def test_a_file_rejected_again_stands_once_in_the_work_list(tmp_path):
    (tmp_path / "empty.txt").write_text("")
    for _ in range(3):
        import_cables(tmp_path / "empty.txt")
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
    report = import_cables(path, path)
    assert (report.created, report.unchanged) == (1, 1)


def test_two_texts_of_one_cable_in_one_run_the_first_is_taken(tmp_path):
    first = write_cable(tmp_path / "a")
    second = write_cable(tmp_path / "b", paragraphs=PARAGRAPHS[:2])
    for _ in range(2):
        report = import_cables(tmp_path)
        assert report.rejected == 1
        assert str(first) in report.reasons[0]
        assert str(second) in report.reasons[0]
    assert Revision.objects.count() == 1
    # On its own the other text is the publisher's next.
    assert import_cables(second).changed == 1


def test_no_more_documents_are_read_than_the_limit_says(tmp_path):
    write_cables(tmp_path, 5)
    assert import_cables(tmp_path, limit=2).created == 2
    again = import_cables(tmp_path, limit=3)
    assert (again.created, again.unchanged) == (1, 2)
    assert import_cables(tmp_path, limit=None).created == 2


def test_two_copies_by_turns_settle_after_the_first_time(tmp_path):
    a = write_cable(tmp_path / "a")
    b = write_cable(tmp_path / "b", paragraphs=PARAGRAPHS[:2])
    assert [import_cables(a).created, import_cables(b).changed] == [1, 1]
    before = rows()
    assert [import_cables(a).unchanged, import_cables(b).unchanged] == [1, 1]
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
    import_cables(path)
    source = Source.objects.get()
    source.title = "A better title"
    source.save()
    path.write_text(cable(PARAGRAPHS[:2], subject="ANOTHER ONE"))
    report = import_cables(path, on_conflict=on_conflict)
    assert report.conflicts == 1
    assert len(report.reasons) == listed
    assert ImportProblem.objects.filter(severity="conflict").count() == listed
    source.refresh_from_db()
    assert source.title == "A better title"
    assert source.current.number == 2


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
