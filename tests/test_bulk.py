"""Rows go in by the database's own bulk path exactly as the ORM puts them in."""

from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, connection, transaction
from factories import make_collection, make_source

from ingest import bulk
from positions import search
from positions.models import Addressee, Paragraph, Source
from positions.readers import Reader
from positions.search import lookup

pytestmark = pytest.mark.django_db

ODD = "tab\t line\n return\r back\\slash \\N quote' “é” \x1f end\\."


def insert_source(**values):
    """A source by the bulk path, with only what it must have."""
    (key,) = bulk.keys(Source, 1)
    values = {
        "id": key,
        "collection_id": make_collection().pk,
        "identifier": f"A{key}",
        **values,
    }
    bulk.insert(Source, tuple(values), [tuple(values.values())])
    return Source.objects.get(pk=key)


def test_values_come_out_as_they_went_in():
    source = insert_source(
        title=ODD,
        dated="2008-04-22",
        dated_earliest=date(2008, 4, 22),
        dated_latest=date(2008, 4, 22),
        dated_at=datetime(2008, 4, 22, 1, 2, 3, 456789, tzinfo=UTC),
        addresses='["https://example.org/é"]',
        level=None,
    )
    assert source.title == ODD
    assert source.dated_earliest == date(2008, 4, 22)
    assert source.dated_at == datetime(2008, 4, 22, 1, 2, 3, 456789, tzinfo=UTC)
    assert source.addresses == ["https://example.org/é"]
    assert source.level is None


def test_fields_that_are_not_named_take_their_defaults():
    made, ours = make_source(), insert_source()
    plain = Source(collection=ours.collection, identifier=ours.identifier)
    for field in Source._meta.concrete_fields:
        if field.name not in ("id", "canonical_id"):
            assert getattr(ours, field.attname) == getattr(plain, field.attname)
    assert made.pk != ours.pk


def test_keys_are_never_given_twice():
    keys = bulk.keys(Source, 3)
    assert len(set(keys)) == 3
    assert keys == sorted(keys)
    first = insert_source()
    later = make_source()
    second = insert_source()
    assert first.pk < later.pk < second.pk


def test_a_key_that_is_not_named_is_the_databases_to_choose():
    revision = make_source().current
    names = ("revision_id", "order", "role", "name")
    for order in (1, 2):
        bulk.insert(Addressee, names, [(revision.pk, order, "action", "SOMEBODY")])
    assert revision.addressees.count() == 2


def test_no_rows_are_no_query(django_assert_num_queries):
    with django_assert_num_queries(0):
        bulk.insert(Source, ("identifier",), [])


def test_a_broken_rule_is_told_as_the_orm_tells_it():
    source = make_source()
    values = (source.collection_id, source.identifier)
    with (
        pytest.raises(IntegrityError, match="source_once|UNIQUE"),
        transaction.atomic(),
    ):
        bulk.insert(Source, ("collection_id", "identifier"), [values])
    assert Source.objects.count() == 1


def test_many_rows_take_as_many_queries_as_one(django_assert_num_queries):
    revision = make_source().current
    names = ("revision_id", "order", "role", "name")
    with django_assert_num_queries(1):
        rows = [(revision.pk, order, "action", ODD) for order in range(1, 500)]
        bulk.insert(Addressee, names, rows)
    assert set(Addressee.objects.values_list("name", flat=True)) == {ODD}


# -- the words of new rows -----------------------------------------------------------


def paragraphs_of(texts):
    revision = make_source(()).current
    return Paragraph.objects.bulk_create(
        Paragraph(
            revision=revision,
            key=order,
            order=order,
            name=str(order),
            access_level=0,
            start=0,
            end=len(text),
            text=text,
        )
        for order, text in enumerate(texts, start=1)
    )


TEXTS = (
    "Japan prefers the CCW; Japan's first priority.",
    "Größe, naïve 日本語 and l'État.",
    "word " * 251,
    " ".join(f"w{n}" for n in range(300)),
    "x" * 450 + " end",
    "...",
)


def stored():
    """What the index has of each paragraph, in the database's own words."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "CREATE VIRTUAL TABLE temp.terms USING "
                "fts5vocab(main, positions_paragraph_words, instance)"
            )
            cursor.execute("SELECT doc, term, offset FROM temp.terms ORDER BY 1, 2, 3")
            rows = cursor.fetchall()
            cursor.execute("DROP TABLE temp.terms")
            return rows
        cursor.execute("SELECT id, words::text FROM positions_paragraph_words")
        return sorted(cursor.fetchall())


def test_words_put_in_from_texts_in_hand_are_those_read_from_the_rows():
    rows = paragraphs_of(TEXTS)
    search.insert(Paragraph, ((row.pk, (row.text,)) for row in rows))
    in_hand = stored()
    search.rebuild(Paragraph)
    assert stored() == in_hand
    assert len(in_hand) > len(TEXTS) - 1


def test_rows_without_words_are_told():
    first, second = paragraphs_of(TEXTS[:2])
    search.index(Paragraph, [first.pk])
    assert list(search.unindexed(Paragraph)) == [second]
    search.insert(Paragraph, [(second.pk, (second.text,))])
    assert not search.unindexed(Paragraph).exists()


# -- the quick way to them -----------------------------------------------------------

postgresql = pytest.mark.skipif(
    connection.vendor == "sqlite", reason="FTS5 has no index to leave out"
)


def found(text):
    hits = search.search(text, Reader(curator=True, clearance=4)).paragraphs
    return [hit.record.order for hit in hits]


@postgresql
def test_search_finds_the_same_while_its_index_is_put_off():
    search.index(Paragraph, [row.pk for row in paragraphs_of(TEXTS)])
    assert lookup.is_there(Paragraph)
    assert lookup.put_off(Paragraph)
    assert not lookup.is_there(Paragraph)
    assert found("priority japan") == [1]
    lookup.make(Paragraph)
    lookup.release(Paragraph)
    assert lookup.is_there(Paragraph)
    assert found("priority japan") == [1]


@postgresql
def test_what_is_put_off_can_be_rebuilt():
    lookup.put_off(Paragraph)
    lookup.release(Paragraph)
    search.rebuild(Paragraph)
    assert lookup.is_there(Paragraph)


def test_rows_are_counted_no_further_than_asked():
    search.index(Paragraph, [row.pk for row in paragraphs_of(TEXTS[:3])])
    assert lookup.outnumbers(Paragraph, 2)
    assert not lookup.outnumbers(Paragraph, 3)


def test_fts5_leaves_nothing_out():
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL does")
    assert not lookup.put_off(Paragraph)
    assert lookup.is_there(Paragraph)
    lookup.make(Paragraph)
