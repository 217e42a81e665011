"""Rows of tables, from our own tables or stated by documents: load them one by one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import chain
from typing import Any

from django.db import transaction

from ingest import evidence, joining, reference
from ingest.finding import EvidenceTables
from ingest.pipeline.runs import FATAL, FAULTS, rejection, sentence_of
from ingest.records import ImportFault, Row
from ingest.reporting import Item
from ingest.session import Outcome
from positions.choices import OptionKind
from positions.models import Event, Issue, Option, Revision
from positions.models.changes import Collided, Recording, recording

ACTORS = ("actors", "memberships")
REFERENCE = ("collections", "issues", "options", "reasons", "events", "participations")
EVIDENCE = ("statements", "checks", "suggestions", "stances")
# In the order in which they refer to each other.
ORDER = ("collections", *ACTORS, *REFERENCE[1:], *EVIDENCE)
# Columns of rows that name what another table's rows make.
REFERS = {
    "actor": "actors",
    "issue": "issues",
    "option": "options",
    "over_option": "options",
    "event": "events",
}
# Columns that name actors.
WHO = ("actor", "actor_code", "member", "group", "speaker_actor", "reporter")
# Tables whose rows make what is known by a key.
KEYED: Mapping[str, Any] = {
    "issues": Issue,
    "options": Option,
    "events": Event,
}
# Tables whose rows say of an actor what it did or thinks.
ACTED = ("participations", "statements", "checks")
# So many statements are coded in one transaction, and tried so often.
BATCH = 100
ATTEMPTS = 6
# Tables whose rows have nothing to do with each other.
ONE_BY_ONE = {
    "checks": evidence.load_check,
    "suggestions": evidence.load_suggestion,
}
# What comes of a row that makes nothing.
NOTHING = (Outcome.REJECTED, Outcome.UNSURE)
# A table, and the name or key of something in it.
Named = tuple[str, str]


@dataclass
class Stated:
    """What becomes of the rows that documents state, over one run.

    `given` are values by table and column for what rows leave open (an issue, an
    option, a state); `dispositions` turn a format's own words into codes of the
    codebook, or into "" for what says nothing. `option` is the key of the option
    that the treaty of a document stands for. `create` lets rows make actors, options
    and events that are missing: without it each is named once, and what refers to it
    is left out.
    """

    who: Any = None
    command: str = ""
    given: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    dispositions: Mapping[str, str] = field(default_factory=dict)
    create: bool = False
    option: str = ""
    shared: EvidenceTables = field(init=False)
    # The treaty that `option` stands for in this run.
    treaty: str = ""

    def __post_init__(self) -> None:
        hint = "; --mapping can give it one" if self.dispositions else ""
        self.shared = EvidenceTables(
            who=self.who, command=self.command, create=self.create, hint=hint
        )

    def items(
        self, rows: Iterable[Row], revision: Revision | None = None
    ) -> Iterator[Item]:
        """Load rows in the order of their tables; those of evidence cite `revision`."""
        said = (row for row in rows if not self._says_nothing(row))
        completed = (self._completed(row, revision) for row in said)
        tables: dict[str, list[Row]] = {}
        wanted: Counter[Named] = Counter()
        for row in self._with_the_option(completed):
            tables.setdefault(row.table, []).append(row)
            wanted.update(_referred(row))
        if not tables:
            return
        self.shared.cite_from(revision)
        self.shared.matcher.look_up(_actors_in(chain.from_iterable(tables.values())))
        lost: set[Named] = set()
        for table in sorted(tables, key=ORDER.index):
            left = [row for row in tables[table] if lost.isdisjoint(_referred(row))]
            if table == "statements":
                left = yield from _unseen(left, self.shared)
            if table in ACTED:
                left = yield from self._whose_actor_is_known(left, wanted, lost)
            if table in REFERS.values():
                yield from self._made(table, left, wanted, lost)
            else:
                yield from load_rows(table, left, self.shared)

    # -- before ----------------------------------------------------------------------

    def _says_nothing(self, row: Row) -> bool:
        """Does its word stand for nothing at all?"""
        word = row.values.get("disposition", "")
        return bool(word) and self.dispositions.get(word) == ""

    def _completed(self, row: Row, revision: Revision | None) -> Row:
        given = self.given.get(row.table, {})
        values = {**given, **row.values}
        if revision is not None:
            values["collection"] = revision.source.collection.key
            values["source"] = revision.source.identifier
        word = values.get("disposition", "")
        if word in self.dispositions:
            values["disposition"] = self.dispositions[word]
        if values.get("identity") and "said_on" in given.keys() - row.values.keys():
            # The same table said of another day is another statement.
            values["identity"] = f"{values['identity']} {given['said_on']}"
        return replace(row, values=values)

    def _with_the_option(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Let the run's option stand for the treaty that the rows are about."""
        for row in rows:
            named = {"options": "name", "statements": "option"}.get(row.table, "")
            if row.table == "options" and row.values.get("kind") == OptionKind.TREATY:
                self.treaty = self.treaty or row.values["name"]
            if self.option and self.treaty and row.values.get(named) == self.treaty:
                key = "key" if row.table == "options" else "option"
                row = replace(row, values={**row.values, key: self.option})
            yield row

    # -- what rows refer to ------------------------------------------------------------

    def _made(
        self, table: str, rows: list[Row], wanted: Counter[Named], lost: set[Named]
    ) -> Iterator[Item]:
        """What becomes of rows that others refer to; what was not made is lost."""
        there = self._there(table, rows)
        known = [(row, self._known(table, row, there)) for row in rows]
        fresh = [row for row, item in known if item is None]
        made = iter(load_rows(table, fresh, self.shared))
        for row, item in known:
            names = {(table, row.values.get(c) or "") for c in ("name", "key")}
            yield _told(item or next(made), names, wanted, lost)

    def _there(self, table: str, rows: Iterable[Row]) -> set[str]:
        keys = [row.values["key"] for row in rows if row.values.get("key")]
        if not keys or table not in KEYED:
            return set()
        found = KEYED[table]._base_manager.filter(key__in=keys)
        return set(found.values_list("key", flat=True))

    def _known(self, table: str, row: Row, there: set[str]) -> Item | None:
        """A record that is there stays as it is; one that may not be made is missed."""
        key = row.values.get("key", "")
        if not key or table not in KEYED:
            return None
        if key in there:
            return Item(Outcome.UNCHANGED, row.file, key, row.place)
        if self.create:
            return None
        what = KEYED[table]._meta.verbose_name
        return rejection(
            row.fault("key", f"there is no such {what}; --create makes it.")
        )

    def _whose_actor_is_known(
        self, rows: list[Row], wanted: Counter[Named], lost: set[Named]
    ) -> Generator[Item, None, list[Row]]:
        """The rows whose actor is known for sure; others are named once, or made."""
        known: dict[tuple[str, str], str] = {}
        for row in rows:
            whose = _whose(row)
            if whose in known or not whose[0]:
                continue
            known[whose] = self._term(*whose)
            if not known[whose]:
                item = self._new_actor(row, *whose)
                yield _told(item, {("actors", whose[0])}, wanted, lost)
                known[whose] = self._term(*whose)
        left = (row for row in rows if lost.isdisjoint(_referred(row)))
        return [
            replace(row, values={**row.values, "actor": known[_whose(row)]})
            if _whose(row) in known
            else row
            for row in left
        ]

    def _term(self, name: str, code: str) -> str:
        """What finds an actor: its code, else its name; "" for nobody."""
        match = self.shared.matcher.match
        return next((term for term in (code, name) if term and match(term).actor), "")

    def _new_actor(self, row: Row, name: str, code: str) -> Item:
        if self.create and "actors" in self.given:
            values = {"name": name, **self.given["actors"]}
            if code:
                values["identifiers"] = [tuple(code.split(":", 1))]
            actor = Row(row.file, row.number, values, "actors")
            (item,) = load_rows("actors", [actor], self.shared)
            return item
        return _tried(row, partial(self._nobody, row))

    def _nobody(self, row: Row) -> Item:
        actor = self.shared.actor(row, "actor")
        return Item(Outcome.UNCHANGED, row.file, actor.key, row.place)


def _whose(row: Row) -> tuple[str, str]:
    """The actor of a row as printed, and its code if one is given."""
    return row.values.get("actor", ""), row.values.get("actor_code", "")


def _referred(row: Row) -> Iterator[Named]:
    for column, table in REFERS.items():
        if row.values.get(column) and table != row.table:
            yield table, row.values[column]


def _told(
    item: Item, names: Iterable[Named], wanted: Counter[Named], lost: set[Named]
) -> Item:
    """The item; if it made nothing, what goes by these names is lost, and is told."""
    if item.outcome not in NOTHING:
        return item
    lost.update(names)
    number = sum(wanted[named] for named in set(names))
    if not number:
        return item
    *first, last = item.sentences
    left_out = "1 row was" if number == 1 else f"{number} rows were"
    return replace(item, sentences=(*first, f"{last} So {left_out} left out."))


def load_rows(table: str, rows: list[Row], shared: EvidenceTables) -> Iterator[Item]:
    """What becomes of each row of one table."""
    if table == "statements":
        yield from _statements(rows, shared)
    elif table == "stances":
        yield from _stances(rows, shared)
    elif table in ONE_BY_ONE:
        load = ONE_BY_ONE[table]
        yield from (_tried(row, partial(load, shared, row)) for row in rows)
    else:
        yield from _reference(table, rows, shared)


def _reference(table: str, rows: list[Row], shared: EvidenceTables) -> Iterator[Item]:
    """A whole table in one transaction: options refer to later rows of it."""
    if table == "options":
        shared.option_keys = {row.values.get("key", "") for row in rows}
    items: list[Item] = []
    with recording(shared.who, tool=shared.command) as rec:
        for start in range(0, len(rows), BATCH):
            some = rows[start : start + BATCH]
            shared.matcher.look_up(_actors_in(some))
            items += _joined(table, some, shared, rec) or _each(
                table, some, shared, rec
            )
        if table == "options":
            items = [
                _linked(rec, row, item) for row, item in zip(rows, items, strict=True)
            ]
    yield from items


def _actors_in(rows: Iterable[Row]) -> Iterator[str]:
    """All that the rows call actors."""
    for row in rows:
        named = (*WHO, "name") if row.table == "actors" else WHO
        yield from (row.values[column] for column in named if row.values.get(column))
        if row.table == "actors":
            yield from map(":".join, reference.codes_of(row))


def _each(
    table: str, rows: Iterable[Row], shared: EvidenceTables, rec: Recording
) -> list[Item]:
    load = reference.LOADERS[table]
    return [_tried(row, partial(load, rec, shared, row), rec) for row in rows]


def _joined(
    table: str, rows: list[Row], shared: EvidenceTables, rec: Recording
) -> list[Item]:
    """Rows that join known records, all at once; none if one of them is at fault."""
    if table not in joining.JOINS:
        return []
    try:
        with rec.attempt():
            items = joining.load(table, rec, shared, rows)
    except FATAL:
        raise
    except FAULTS:
        return []
    return [rejection(i) if isinstance(i, ImportFault) else i for i in items]


def _linked(rec: Recording, row: Row, item: Item) -> Item:
    if item.outcome != Outcome.CREATED:
        return item
    return _tried(row, partial(reference.link_option, row, item), rec)


def _tried(row: Row, load: Callable[[], Item], rec: Recording | None = None) -> Item:
    """One row in a transaction of its own: its faults are its own as well."""
    try:
        with rec.attempt() if rec else transaction.atomic():
            return load()
    except FATAL:
        raise
    except (ImportFault, *FAULTS) as fault:
        return _faulty(row, fault)


def _faulty(row: Row, fault: Exception) -> Item:
    if not isinstance(fault, ImportFault):
        fault = ImportFault(row.file, sentence_of(fault), row.place)
    return rejection(fault)


def _statements(rows: list[Row], shared: EvidenceTables) -> Iterator[Item]:
    """Some at a time in one transaction: the clock is asked once for all of them."""
    left = yield from _unseen(rows, shared)
    groups = evidence.by_statement(left)
    for start in range(0, len(groups), BATCH):
        yield from _coded(groups[start : start + BATCH], shared)


def _unseen(
    rows: list[Row], shared: EvidenceTables
) -> Generator[Item, None, list[Row]]:
    """The rows of statements that were never made, each once."""
    groups = evidence.by_statement(rows)
    keys = [evidence.statement_key(group[0]) for group in groups]
    seen = evidence.seen_keys(keys, "statement")
    left: list[Row] = []
    for key, group in zip(keys, groups, strict=True):
        row = group[0]
        shared.refs[row.values.get("ref", "")] = key
        if key in seen:
            yield Item(Outcome.UNCHANGED, row.file, key, row.place)
        else:
            left += group
        seen.add(key)
    return left


def _coded(groups: list[list[Row]], shared: EvidenceTables) -> Iterator[Item]:
    """Code statements at once, again if another transaction stood in the way."""
    if not groups:
        return
    for _ in range(ATTEMPTS - 1):
        with suppress(Collided):
            items = _coded_once(groups, shared)
            break
        shared.forget()
    else:
        items = _coded_once(groups, shared)
    # Another import may have made the same ones meanwhile.
    refused = {
        evidence.statement_key(group[0]): item
        for group, item in zip(groups, items, strict=True)
        if item.outcome == Outcome.REJECTED
    }
    made = evidence.seen_keys(refused, "statement") if refused else set()
    theirs = {id(refused[key]): key for key in made}
    for item in items:
        key = theirs.get(id(item))
        yield Item(Outcome.UNCHANGED, item.file, key, item.record) if key else item


def _coded_once(groups: list[list[Row]], shared: EvidenceTables) -> list[Item]:
    """All at once; each on its own if one of them cannot be kept."""
    with recording(shared.who, tool=shared.command) as rec:
        try:
            with rec.attempt():
                found = evidence.load_statements(shared, groups)
        except FATAL:
            raise
        except FAULTS:
            return [
                _tried(group[0], partial(evidence.load_statement, shared, group), rec)
                for group in groups
            ]
    return [
        one if isinstance(one, Item) else _faulty(group[0], one)
        for group, one in zip(groups, found, strict=True)
    ]


def _stances(rows: list[Row], shared: EvidenceTables) -> Iterator[Item]:
    seen = evidence.seen_keys(map(evidence.stance_key, rows), "stance")
    for row in rows:
        key = evidence.stance_key(row)
        if key in seen:
            yield Item(Outcome.UNCHANGED, row.file, key, row.place)
        else:
            yield _tried(row, partial(evidence.load_stance, shared, row))
