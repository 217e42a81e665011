"""Rows of tables, from our own tables or stated by documents: load them one by one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from django.db import transaction

from ingest import evidence, reference
from ingest.evidence import EvidenceTables
from ingest.pipeline.runs import FATAL, FAULTS, rejection, sentence_of
from ingest.records import ImportFault, Row
from ingest.reporting import Item
from ingest.session import Outcome
from positions.models import Revision
from positions.models.changes import Recording, recording


@dataclass
class Stated:
    """What becomes of the rows that documents state, over one run.

    `given` are values by table and column for what rows leave open (an issue, an
    option, a state); `dispositions` turn a format's own words into codes of the
    codebook; `create` lets rows make actors, options and events that are missing.
    """

    who: Any = None
    command: str = ""
    given: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    dispositions: Mapping[str, str] = field(default_factory=dict)
    create: bool = False
    shared: EvidenceTables = field(init=False)

    def __post_init__(self) -> None:
        self.shared = EvidenceTables(
            who=self.who, command=self.command, create=self.create
        )

    def items(
        self, rows: Iterable[Row], revision: Revision | None = None
    ) -> Iterator[Item]:
        """Load rows in the order of their tables; those of evidence cite `revision`."""
        tables: dict[str, list[Row]] = {}
        for row in rows:
            tables.setdefault(row.table, []).append(self._completed(row, revision))
        if not tables:
            return
        self.shared.cite_from(revision)
        for table in sorted(tables, key=ORDER.index):
            yield from load_rows(table, tables[table], self.shared)

    def _completed(self, row: Row, revision: Revision | None) -> Row:
        values = {**self.given.get(row.table, {}), **row.values}
        if revision is not None:
            values["collection"] = revision.source.collection.key
            values["source"] = revision.source.identifier
        word = values.get("disposition", "")
        if word in self.dispositions:
            values["disposition"] = self.dispositions[word]
        return replace(row, values=values)


ACTORS = ("actors", "memberships")
REFERENCE = ("collections", "issues", "options", "reasons", "events", "participations")
EVIDENCE = ("statements", "checks", "stances")
# In the order in which they refer to each other.
ORDER = ("collections", *ACTORS, *REFERENCE[1:], *EVIDENCE)


def load_rows(table: str, rows: list[Row], shared: EvidenceTables) -> Iterator[Item]:
    """What becomes of each row of one table."""
    if table == "statements":
        yield from _statements(rows, shared)
    elif table == "stances":
        yield from _stances(rows, shared)
    elif table == "checks":
        yield from (
            _tried(row, partial(evidence.load_check, shared, row)) for row in rows
        )
    else:
        yield from _reference(table, rows, shared)


def _reference(table: str, rows: list[Row], shared: EvidenceTables) -> Iterator[Item]:
    """A whole table in one transaction: options refer to later rows of it."""
    load = reference.LOADERS[table]
    if table == "options":
        shared.option_keys = {row.values["key"] for row in rows}
    items = []
    with recording(shared.who, tool=shared.command) as rec:
        for row in rows:
            items.append(_tried(row, partial(load, rec, shared, row), rec))
        if table == "options":
            items = [
                _linked(rec, row, item) for row, item in zip(rows, items, strict=True)
            ]
    yield from items


def _linked(rec: Recording, row: Row, item: Item) -> Item:
    if item.outcome != Outcome.CREATED:
        return item
    return _tried(row, partial(reference.link_option, row, item), rec)


def _tried(row: Row, load: Callable[[], Item], rec: Recording | None = None) -> Item:
    """One row in a transaction of its own: its faults are its own as well."""
    noted = len(rec.changes) if rec else 0
    try:
        with transaction.atomic():
            return load()
    except FATAL:
        raise
    except (ImportFault, *FAULTS) as fault:
        if rec:
            # What is undone has not happened.
            del rec.changes[noted:]
        if not isinstance(fault, ImportFault):
            fault = ImportFault(row.file, sentence_of(fault), row.place)
        return rejection(fault)


def _statements(rows: list[Row], shared: EvidenceTables) -> Iterator[Item]:
    groups = evidence.by_statement(rows)
    keys = {evidence.statement_key(group[0]) for group in groups}
    seen = evidence.seen_keys(keys, "statement")
    for group in groups:
        row = group[0]
        key = evidence.statement_key(row)
        shared.refs[row.values.get("ref", "")] = key
        if key in seen:
            yield Item(Outcome.UNCHANGED, row.file, key, row.place)
            continue
        item = _tried(row, partial(evidence.load_statement, shared, group))
        seen.add(key)
        yield item


def _stances(rows: list[Row], shared: EvidenceTables) -> Iterator[Item]:
    seen = evidence.seen_keys(map(evidence.stance_key, rows), "stance")
    for row in rows:
        key = evidence.stance_key(row)
        if key in seen:
            yield Item(Outcome.UNCHANGED, row.file, key, row.place)
        else:
            yield _tried(row, partial(evidence.load_stance, shared, row))
