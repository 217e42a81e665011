"""Undoing what was recoded together: each statement says again what it said before.

What a stance lost by it is told, not given back: a person judged it, and judges anew.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Max

from positions.models import Refused, Stance, Statement
from positions.models.changes import Change, require, together
from positions.models.versions import need_reason
from positions.recoding import (
    MOST,
    RECODED,
    REFUSED,
    TAKEN_BACK,
    UNDONE,
    Coding,
    Outcome,
    Row,
    State,
    Work,
    lock,
    with_parts,
)

ACTIONS = (RECODED, UNDONE)


@dataclass(frozen=True, slots=True)
class Entry:
    """One statement of a batch: the version that came of it, and what it said before.

    `since` is the first change of the statement after it, by anybody.
    """

    change: Change
    statement: Statement
    before: Coding | None
    since: Change | None

    @property
    def now(self) -> Coding:
        return Coding.of(self.statement)

    @property
    def changes(self) -> frozenset[str]:
        """The names of the parts that differ."""
        return self.now.differs(self.before) if self.before else frozenset()

    @property
    def why_not(self) -> str:
        """Why it cannot be undone; "" where it can."""
        if self.since is not None:
            who = self.since.who or self.since.tool or "a tool"
            return f"{who} changed it since: {self.since.action}."
        if self.before is None:
            return "What it said before was not kept."
        return ""


@dataclass(frozen=True, slots=True)
class Batch:
    """Statements that were recoded together: who did it, when, and why."""

    key: str
    who: Any
    at: datetime
    why: str
    action: str
    entries: tuple[Entry, ...]
    stances: tuple[tuple[str, Stance], ...]  # what was done to each that cites them

    @property
    def parts(self) -> frozenset[str]:
        """The names of the parts that differ, of any statement."""
        return frozenset().union(*(entry.changes for entry in self.entries))

    @property
    def can_be_undone(self) -> bool:
        return any(not entry.why_not for entry in self.entries)


def batch_of(key: str) -> Batch | None:
    """What was recoded together under this key, None where nothing was."""
    changes = list(
        Change.objects.filter(batch=key, record="statement", action__in=ACTIONS)
        .exclude(batch="")
        .select_related("who")
        .order_by("seq")[:MOST]
    )
    if not changes:
        return None
    entries = _entries(key, changes)
    first = changes[0]
    return Batch(
        key=key,
        who=first.who,
        at=first.at,
        why=first.why,
        action=first.action,
        entries=tuple(entries),
        stances=_stances(key),
    )


def undo(who: Any, key: str, why: str) -> Outcome:
    """Let every statement of a batch say again what it said before.

    A statement that somebody changed since is refused alone; the others are undone.
    It is a batch of its own, which can be undone, too.
    """
    require(who, "change_statement", "Only coders undo a recoding.")
    need_reason(why, "undo a recoding")
    with together(who, why) as rec:
        keys = Change.objects.filter(batch=key, record="statement").values("key")
        lock(list(keys.values_list("key", flat=True).distinct()[:MOST]))
        batch = batch_of(key)
        if batch is None:
            raise Refused("There is no such recoding.")
        work = Work(rec, UNDONE)
        return work.told([_undone(work, entry) for entry in batch.entries])


def _undone(work: Work, entry: Entry) -> tuple[Row, list[Change]]:
    statement, before = entry.statement, entry.before
    if entry.why_not or before is None:
        return _row(entry, REFUSED, entry.why_not), []
    replaced = entry.change.from_state == State.ACCEPTED
    if not replaced or statement.state != State.REVIEW:
        return work.one(statement, before)
    # The next version still waits for a reviewer: it is taken away instead.
    try:
        statement.reject(work.who, work.rec.why)
    except Refused as fault:
        return _row(entry, REFUSED, str(fault)), []
    work.rec.note(statement, UNDONE)
    return _row(entry, TAKEN_BACK, "The version that waited is taken back."), []


def _row(entry: Entry, fate: str, sentence: str) -> Row:
    statement, now = entry.statement, entry.now
    after = now if fate == REFUSED else entry.before or now
    return Row(
        statement, statement.state, statement.changed_at, now, after, fate, sentence
    )


# -- what was before -------------------------------------------------------------------


def _entries(key: str, changes: Sequence[Change]) -> list[Entry]:
    keys = [change.key for change in changes]
    versions: dict[str, list[Statement]] = defaultdict(list)
    rows = with_parts(Statement.objects.filter(key__in=keys))
    for version in rows.order_by("version"):
        versions[version.key].append(version)
    edited = _before_edits(changes, versions)
    since = _since(key, keys)
    return [
        Entry(
            change,
            row,
            edited[row.pk] if row.pk in edited else _before(row, versions[row.key]),
            since.get(change.key),
        )
        for change in changes
        if (row := _version(change, versions)) is not None
    ]


def _version(
    change: Change, versions: Mapping[str, Sequence[Statement]]
) -> Statement | None:
    """The version that a change is about; a draft may have been dropped since."""
    of_key = versions.get(change.key, ())
    return next((row for row in of_key if row.version == change.version), None)


def _before(row: Statement, versions: Sequence[Statement]) -> Coding | None:
    """What the public version said that this one came after."""
    earlier = [
        one
        for one in versions
        if one.version < row.version and one.public_from is not None
    ]
    return Coding.of(earlier[-1]) if earlier else None


def _before_edits(
    changes: Sequence[Change], versions: Mapping[str, Sequence[Statement]]
) -> dict[int, Coding | None]:
    """Primary key of each version edited in place -> what it said, from its history."""
    edited: dict[int, Coding | None] = {
        row.pk: None
        for change in changes
        if change.from_state != State.ACCEPTED
        and (row := _version(change, versions)) is not None
    }
    kept = (
        Statement.history.filter(id__in=edited, history_date__lt=changes[0].at)
        .select_related("actor", "option__issue", "disposition", "speaker")
        .order_by("history_date", "history_id")
    )
    for past in kept:
        edited[past.id] = Coding.of(past)
    return edited


def _since(batch: str, keys: Sequence[str]) -> dict[str, Change]:
    """Key -> the first change of that statement after the batch."""
    last = Change.objects.filter(batch=batch).aggregate(last=Max("seq"))["last"]
    later = Change.objects.filter(record="statement", key__in=keys, seq__gt=last)
    found: dict[str, Change] = {}
    for change in later.select_related("who").order_by("seq"):
        found.setdefault(change.key, change)
    return found


def _stances(batch: str) -> tuple[tuple[str, Stance], ...]:
    """What a batch did to stances: "issued anew" or "retracted", and the version."""
    changes = Change.objects.filter(batch=batch, record="stance")
    said = {
        (change.key, change.version): _DONE[change.action]
        for change in changes.filter(action__in=_DONE).order_by("seq")
    }
    rows = Stance.objects.filter(key__in={key for key, _ in said}).select_related(
        "actor", "option", "disposition"
    )
    return tuple(
        (said[row.key, row.version], row)
        for row in rows.order_by("pk")
        if (row.key, row.version) in said
    )


_DONE = {"published": "issued anew", "retracted": "retracted"}
