"""New documents go in batch by batch, and no other way than they would alone."""

import pytest
from django.db import connection
from factories import make_source
from papers import PARAGRAPHS, cable, import_cables, know, write_cable, write_cables

from ingest.formats import FORMATS
from ingest.pipeline import documents, indexing, parsing
from ingest.pipeline.documents import parse
from ingest.reading import Read
from positions import integrity, search
from positions.models import Paragraph, Revision, Source
from positions.readers import Reader
from positions.search import lookup

pytestmark = pytest.mark.django_db
CURATOR = Reader(curator=True, clearance=4)


def test_the_items_come_in_the_order_of_the_files(tmp_path):
    write_cables(tmp_path, 3)
    import_cables(tmp_path)
    (tmp_path / "08TOKYO1002.txt").write_text(cable(PARAGRAPHS[:2], serial=1002))
    (tmp_path / "08TOKYO10015.txt").write_text("")
    write_cable(tmp_path, "08TOKYO1000", serial=1000)
    write_cable(tmp_path, "08TOKYO1004", serial=1004)
    items = []
    import_cables(tmp_path, progress=items.append)
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
    import_cables(tmp_path, collection="together")
    for path in sorted(tmp_path.iterdir()):
        import_cables(path, collection="alone")

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
    import_cables(write_cables(tmp_path / "warm", 1, first=3001))
    for folder in ("few", "many"):
        with django_assert_max_num_queries(30):
            import_cables(tmp_path / folder)


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
    report = import_cables(tmp_path)
    assert (report.created, report.unchanged, report.rejected) == (1, 1, 1)
    assert str(first) in report.reasons[0]
    assert str(other) in report.reasons[0]


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


# -- the search index of a run that brings much --------------------------------------

postgresql = pytest.mark.skipif(
    connection.vendor == "sqlite", reason="FTS5 has no index to leave out"
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

    report = import_cables(tmp_path, progress=look, say=said.append)
    assert report.created == found() == 6
    assert there == [True] * 2 + [False] * 4
    assert lookup.is_there(Paragraph)
    assert said == [
        "Much is new: the search index is made at the end.",
        "The search index is being made.",
    ]


@postgresql
def test_a_run_that_brings_much_has_the_tables_counted(tmp_path, said):
    write_cables(tmp_path, 6)
    import_cables(tmp_path, say=said.append)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, reltuples FROM pg_class WHERE relname = ANY(%s)",
            [[model._meta.db_table for model in (Source, Revision)]],
        )
        assert dict(cursor.fetchall()) == {
            "positions_source": 6,
            "positions_revision": 6,
        }


@postgresql
def test_an_index_that_a_stopped_run_left_out_is_made_by_the_next(tmp_path, said):
    write_cables(tmp_path, 6)

    def stop(item):
        if "1004" in item.file:
            raise KeyboardInterrupt

    assert import_cables(tmp_path, progress=stop, say=said.append).created == 4
    assert not lookup.is_there(Paragraph)
    assert found() == 4
    assert said[-1] == "The search index is not made: the next import makes it."
    faults = list(integrity.faults())
    assert len(faults) == 1
    assert "rebuild_search makes the index" in faults[0]
    import_cables(tmp_path, say=said.append)
    assert lookup.is_there(Paragraph)
    assert list(integrity.faults()) == []


@postgresql
def test_a_run_that_brings_little_beside_what_is_there_keeps_the_index(
    tmp_path, said, monkeypatch
):
    monkeypatch.setattr(indexing, "MUCH", 10**6)
    import_cables(write_cables(tmp_path / "many", 20))
    monkeypatch.setattr(indexing, "MUCH", 5)
    import_cables(write_cables(tmp_path / "few", 4, first=2001), say=said.append)
    assert said == []


def test_a_dry_run_leaves_the_index_alone(tmp_path, said):
    write_cables(tmp_path, 6)
    assert import_cables(tmp_path, dry_run=True, say=said.append).created == 6
    assert said == []


def test_words_that_are_missing_are_named(tmp_path):
    import_cables(write_cable(tmp_path))
    assert list(integrity.faults()) == []
    source = make_source(("Nobody put its words into the index.",))
    search.forget(Source, [source.pk])
    search.forget(Paragraph, source.current.paragraphs.values_list("pk", flat=True))
    assert [fault.partition(" are not")[0] for fault in integrity.faults()] == [
        "1 paragraphs",
        "1 sources",
    ]
