"""Keyset pages: every row once, in order, whatever the ties and the direction."""

import base64
import json
from datetime import date, timedelta

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from positions import keyset
from positions.keyset import BadCursor, Order
from positions.models import Actor, Event, Paragraph
from tests.factories import make_actor, make_event, make_source

BY_NAME = Order("name")
NEWEST = Order("earliest", descending=True)
START = date(2008, 1, 1)


def names_of(rows):
    return [row.name for row in rows]


def follow(rows, order, size, *, back=False, cursor=""):
    """The pages from a cursor on, in the order they are met."""
    pages = []
    while True:
        page = keyset.page(rows, order, size=size, cursor=cursor)
        pages.append(page.rows)
        cursor = page.previous if back else page.next
        if cursor is None:
            return pages, page


def cursor_of(*parts):
    text = json.dumps(parts).encode()
    return base64.urlsafe_b64encode(text).decode().rstrip("=")


@pytest.mark.django_db
@settings(max_examples=25)
@given(
    offsets=st.lists(st.integers(0, 3), max_size=12),
    size=st.integers(1, 5),
    descending=st.booleans(),
)
def test_pages_hold_each_row_once_both_ways(offsets, size, descending):
    with transaction.atomic():
        expected = make_events(offsets, descending=descending)
        rows, order = Event.objects.all(), Order("earliest", descending=descending)
        forth, last = follow(rows, order, size)
        assert [row for page in forth for row in page] == expected
        assert all(len(page) == size for page in forth[:-1])
        if last.previous is not None:
            back, first = follow(rows, order, size, back=True, cursor=last.previous)
            seen = [row for page in reversed(back) for row in page]
            assert seen == expected[: len(expected) - len(forth[-1])]
            assert first.previous is None
        transaction.set_rollback(True)


def make_events(offsets, *, descending):
    """Events so many days after the first of January, in the order of a list."""
    rows = Event.objects.bulk_create(
        Event(
            key=f"event-{number}",
            name=f"{number}",
            kind="meeting",
            dated="2008",
            earliest=START + timedelta(days=offset),
            latest=START + timedelta(days=offset),
        )
        for number, offset in enumerate(offsets)
    )
    return sorted(rows, key=lambda row: (row.earliest, row.pk), reverse=descending)


@pytest.mark.django_db
@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_walking_meets_every_row_in_order(size):
    for name in "BACAB":
        make_actor(name, kind="body")
    walked = [
        row
        for batch in keyset.walk(Actor.objects.all(), BY_NAME, size=size)
        for row in batch
    ]
    assert names_of(walked) == ["A", "A", "B", "B", "C"]
    assert walked == sorted(walked, key=lambda a: (a.name, a.pk))


@pytest.mark.django_db
def test_rows_that_come_meanwhile_shift_nothing():
    for name in "BDF":
        make_actor(name)
    first = keyset.page(Actor.objects.all(), BY_NAME, size=2)
    make_actor("A")
    make_actor("E")
    second = keyset.page(Actor.objects.all(), BY_NAME, size=2, cursor=first.next)
    assert names_of(second.rows) == ["E", "F"]
    back = keyset.page(Actor.objects.all(), BY_NAME, size=2, cursor=second.previous)
    assert names_of(back.rows) == ["B", "D"]
    assert back.previous is not None  # A came before them


@pytest.mark.django_db
def test_a_page_is_one_query(django_assert_num_queries):
    for name in "ABCD":
        make_actor(name)
    cursor = keyset.page(Actor.objects.all(), BY_NAME, size=2).next
    with django_assert_num_queries(1):
        keyset.page(Actor.objects.all(), BY_NAME, size=2, cursor=cursor)


@pytest.mark.django_db
def test_an_empty_list_has_one_empty_page():
    page = keyset.page(Actor.objects.all(), BY_NAME, size=2)
    assert (page.rows, page.next, page.previous) == ([], None, None)


@pytest.mark.django_db
def test_another_column_may_break_ties():
    make_source(["One.", "Two.", "Three."])
    order = Order("revision_id", tie="order")
    pages, _ = follow(Paragraph.objects.all(), order, 2)
    assert [[p.text for p in page] for page in pages] == [["One.", "Two."], ["Three."]]


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "%%%",
        "é",
        "=" * 5,
        "A" * 3000,
        cursor_of(),
        cursor_of("name,id", False, "A"),
        cursor_of("name,id", False, "A", None),
        cursor_of("name,id", False, None, 1),
        cursor_of("name,id", False, ["A"], 1),
        cursor_of("name,id", False, "A", True),
        cursor_of("name,id", False, "A", "one"),
        cursor_of("name,id", False, "A", 2**70),
        cursor_of("name,id", 1, "A", 1),
        cursor_of("name,id", False, "\0", 1),
        cursor_of("name,id", False, "\ud800", 1),
        cursor_of("name,id", False, 5, 1),
        cursor_of("-name,id", False, "A", 1),
        cursor_of("earliest,id", False, "2008-01-01", 1),
        base64.urlsafe_b64encode(b"[" * 1400).decode(),
    ],
)
def test_a_cursor_that_was_not_given_out_is_refused(cursor):
    with pytest.raises(BadCursor, match="no cursor of this list"):
        keyset.read_cursor(Actor, BY_NAME, cursor)


@pytest.mark.parametrize("day", ["2008-13-01", "yesterday", "", 20080101])
def test_a_cursor_without_a_day_is_refused_where_days_order(day):
    with pytest.raises(BadCursor):
        keyset.read_cursor(Event, NEWEST, cursor_of("-earliest,id", False, day, 1))


@pytest.mark.django_db
def test_a_cursor_says_what_was_written_into_it():
    event = make_event(dated="2008-05-02")
    place = NEWEST.place_of(event, backwards=True)
    cursor = keyset.write_cursor(Event, NEWEST, place)
    assert keyset.read_cursor(Event, NEWEST, cursor) == place
    assert "=" not in cursor
