"""Keyset pages: a long list is cut after a row, not after a number of rows.

A list declares its order as (sort key, tie), both NOT NULL and in one direction,
with an index in that order. A page then costs the same wherever it lies, and rows
that come or go meanwhile never shift the others. API, admin and pages share this.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

Row = TypeVar("Row", bound=models.Model)

LONGEST_CURSOR = 2000
BIGGEST_NUMBER = 2**63 - 1


class BadCursor(ValueError):
    """A cursor that this list did not give out; its message is one sentence."""


@dataclass(frozen=True, slots=True)
class Order:
    """The order of a list: by a column, and by a unique one among equals.

    Both are NOT NULL columns of the list's own table: NULLs stand first on one
    database and last on the other.
    """

    column: str
    tie: str = "id"
    descending: bool = False

    def sort(self, rows: models.QuerySet, *, backwards: bool = False):
        sign = "-" if self.descending != backwards else ""
        return rows.order_by(f"{sign}{self.column}", f"{sign}{self.tie}")

    def beyond(self, rows: models.QuerySet, place: Place):
        """The rows after a place, or before it where the place looks backwards."""
        way = "lt" if self.descending != place.backwards else "gt"
        # The bound on the first column alone is redundant, and what lets both
        # databases begin in the middle of the index.
        return rows.filter(
            Q(**{f"{self.column}__{way}e": place.value}),
            Q(**{f"{self.column}__{way}": place.value})
            | Q(**{f"{self.tie}__{way}": place.tie}),
        )

    def place_of(self, row: models.Model, *, backwards: bool = False) -> Place:
        return Place(getattr(row, self.column), getattr(row, self.tie), backwards)

    @property
    def name(self) -> str:
        return f"{'-' if self.descending else ''}{self.column},{self.tie}"


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a list: beside the row with these two values."""

    value: Any
    tie: Any
    backwards: bool = False


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Some rows in the list's order, and the cursors of the pages beside them."""

    rows: list[Row]
    next: str | None
    previous: str | None


def page(rows: models.QuerySet, order: Order, *, size: int, cursor: str = "") -> Page:
    """At most `size` rows: the first ones, or those that a cursor points at.

    One query. Raises BadCursor.
    """
    place = read_cursor(rows.model, order, cursor) if cursor else None
    backwards = place is not None and place.backwards
    ordered = order.sort(rows, backwards=backwards)
    if place is not None:
        ordered = order.beyond(ordered, place)
    found = list(ordered[: size + 1])
    more, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()
    if not found:
        return Page([], None, None)
    after = write_cursor(rows.model, order, order.place_of(found[-1]))
    before = write_cursor(rows.model, order, order.place_of(found[0], backwards=True))
    return Page(
        found,
        next=after if more or backwards else None,
        previous=before if (more if backwards else place is not None) else None,
    )


def walk(rows: models.QuerySet, order: Order, *, size: int) -> Iterator[list]:
    """All rows in order, `size` at a time, one query each (and its prefetches)."""
    ordered = order.sort(rows)
    found: list = []
    while True:
        left = order.beyond(ordered, order.place_of(found[-1])) if found else ordered
        found = list(left[:size])
        if found:
            yield found
        if len(found) < size:
            return


def write_cursor(model: type[models.Model], order: Order, place: Place) -> str:
    """The place as text for an address; only `read_cursor` reads it."""
    parts = [
        order.name,
        place.backwards,
        _field(model, order.column).get_prep_value(place.value),
        place.tie,
    ]
    text = json.dumps(parts, separators=(",", ":"), default=str)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read_cursor(model: type[models.Model], order: Order, cursor: str) -> Place:
    """The place that a cursor of this list means. Raises BadCursor."""
    fault = BadCursor("This is no cursor of this list: begin again without it.")
    if len(cursor) > LONGEST_CURSOR:
        raise fault
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        text = base64.b64decode(padded, altchars=b"-_", validate=True).decode()
        name, backwards, value, tie = json.loads(text)
        if name != order.name or not isinstance(backwards, bool):
            raise fault
        value = _value(_field(model, order.column), value)
        return Place(value, _value(_field(model, order.tie), tie), backwards)
    except (ValueError, TypeError, RecursionError, binascii.Error) as error:
        raise fault from error
    except ValidationError as error:
        raise fault from error


def _field(model: type[models.Model], name: str) -> models.Field:
    return model._meta.get_field(name)  # type: ignore[return-value]


def _value(field: models.Field, raw: Any) -> Any:
    """A value of a cursor as its column has it; ValueError where it cannot be."""
    if isinstance(raw, bool) or not isinstance(raw, int | str):
        raise ValueError(raw)
    if isinstance(raw, str):
        # What PostgreSQL cannot be asked for: NUL, and half a character.
        if "\0" in raw:
            raise ValueError(raw)
        raw.encode()
    value = field.to_python(raw)
    if value is None or (isinstance(value, int) and abs(value) > BIGGEST_NUMBER):
        raise ValueError(raw)
    if isinstance(raw, int) != isinstance(value, int):
        raise ValueError(raw)
    return value
