"""Records that rows state: checked, then written with a history, one or many at once.

Rules that compare a record with others are left to the database, which knows them
all; what it refuses is then put in a sentence by the models.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import IntegrityError, transaction

from ingest.records import Row
from ingest.reporting import Item
from ingest.session import Outcome
from positions import names
from positions.models.changes import Recording


def make(rec: Recording, row: Row, record: Any, name: str) -> Item:
    """Make a record that was checked; what it refers to was looked up."""
    _check(record)
    try:
        with transaction.atomic():
            record.save()
    except IntegrityError:
        _explain([record])
        raise
    rec.note(record, "created")
    return Item(Outcome.CREATED, row.file, name, row.place)


def insert(rec: Recording, rows: Sequence[Any]) -> None:
    """Insert rows of one table at once, each with a history of its own."""
    for row in rows:
        _check(row)
    try:
        with transaction.atomic():
            rec.insert(rows)
    except IntegrityError:
        _explain(rows)
        raise


def _check(record: Any) -> None:
    """Check a record but for what only the database compares, when it is written."""
    if hasattr(record, "name_key"):
        record.name_key = names.name_key(record.name)
    looked_up = {f.name for f in record._meta.fields if f.is_relation}
    record.full_clean(
        exclude=_hidden(record) | looked_up,
        validate_unique=False,
        validate_constraints=False,
    )


def _explain(records: Iterable[Any]) -> None:
    """Say in a sentence which rule the database found broken."""
    for record in records:
        record.full_clean(exclude=_hidden(record))


def _hidden(record: Any) -> set[str]:
    """What the model fills in itself when it is saved."""
    return {
        f.name
        for f in record._meta.fields
        if not f.editable and not f.null and getattr(record, f.attname) in (None, "")
    }
