"""Recoding: another actor, option or disposition for many statements at once.

What is accepted gets its next version, accepted in the same transaction; what is not
accepted yet is edited in place. The preview is the same work, done and rolled back,
so that it cannot differ from what is done afterwards.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, QuerySet

from positions.choices import StanceState, StatementState
from positions.models import Actor, Disposition, Option, Refused, Stance, Statement
from positions.models.changes import Change, Recording, recording, require, together
from positions.models.versions import need_reason
from positions.refusals import FAULTS, sentences

State = StatementState
OVER = (State.REJECTED, State.RETRACTED)

# How many statements may be recoded at once.
MOST = 1000
# What the log says of each statement of a batch.
RECODED, UNDONE = "recoded", "recoding undone"

# What becomes of a statement, the first to be looked at first.
REFUSED, REPLACED, WAITS = "refused", "next version", "next version waits"
EDITED, TAKEN_BACK, LEFT, SAME = "edited", "taken back", "left alone", "nothing changes"
FATES = (REFUSED, REPLACED, WAITS, EDITED, TAKEN_BACK, LEFT, SAME)
DONE = (REPLACED, WAITS, EDITED, TAKEN_BACK)

_PARTS = ("actor", "option", "disposition", "speaker")


class Coding(NamedTuple):
    """What of a statement can be recoded, as records."""

    actor: Actor
    option: Option
    disposition: Disposition
    speaker: Actor | None

    @classmethod
    def of(cls, statement: Statement) -> Coding:
        """The coding of a statement (select_related its parts)."""
        return cls(*(getattr(statement, part) for part in _PARTS))

    @property
    def phrase(self) -> str:
        return self.disposition.say(self.option)

    def differs(self, other: Coding) -> frozenset[str]:
        """The names of the parts that are not the same."""
        return frozenset(
            part for part in _PARTS if getattr(self, part) != getattr(other, part)
        )


@dataclass(frozen=True, slots=True)
class Recoding:
    """What is to be changed; None leaves it as it is."""

    actor: Actor | None = None
    option: Option | None = None
    disposition: Disposition | None = None
    speaker: Actor | None = None

    def of(self, now: Coding) -> Coding:
        """The coding that this makes of another."""
        given = {part: getattr(self, part) for part in _PARTS}
        return now._replace(**{k: v for k, v in given.items() if v is not None})

    def __bool__(self) -> bool:
        return any(getattr(self, part) is not None for part in _PARTS)


@dataclass(frozen=True, slots=True)
class Row:
    """One statement: before, after, and in a sentence what becomes of it."""

    statement: Statement
    state: str  # before
    seen: datetime  # when the statement was last changed before
    before: Coding
    after: Coding
    fate: str
    sentence: str
    stances: tuple[str, ...] = ()  # what becomes of the stances that cite it

    @property
    def changes(self) -> frozenset[str]:
        """The names of the parts that differ."""
        return self.before.differs(self.after)

    @property
    def state_label(self) -> str:
        return str(State(self.state).label)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was done, or would be: the rows as they were chosen, and their batch."""

    rows: tuple[Row, ...]
    batch: str = ""

    @property
    def refused(self) -> list[Row]:
        return [row for row in self.rows if row.fate == REFUSED]

    @property
    def done(self) -> list[Row]:
        return [row for row in self.rows if row.fate in DONE]

    @property
    def counts(self) -> list[tuple[str, int]]:
        """How many rows there are of each fate that occurs."""
        found = Counter(row.fate for row in self.rows)
        return [(fate, found[fate]) for fate in FATES if found[fate]]

    @property
    def mark(self) -> str:
        """The same as long as nothing that a person saw in the preview changes."""
        told = [
            (row.statement.pk, row.state, row.seen.isoformat(), row.fate, row.stances)
            + tuple(part and part.pk for part in (*row.before, *row.after))
            for row in self.rows
        ]
        return hashlib.sha256(repr(told).encode()).hexdigest()[:24]


class Stopped(Refused):
    """Some statements cannot be recoded, so none was; `outcome` tells each."""

    def __init__(self, outcome: Outcome) -> None:
        refused, number = outcome.refused, len(outcome.rows)
        told = " ".join(row.sentence for row in refused[:3])
        super().__init__(
            f"{len(refused)} of {number} statements cannot be recoded, so nothing was "
            f"changed. {told}"
        )
        self.outcome = outcome


class _OnlyTried(Exception):  # noqa: N818 (ends a preview, never seen)
    pass


# -- what people ask -------------------------------------------------------------------


def plan(
    who: Any, keys: Iterable[str], change: Recoding, *, retract_stances: bool = False
) -> Outcome:
    """What `recode` would do to each statement; nothing is changed."""
    chosen = _asked(who, keys, change)
    with recording(who, "a preview") as rec:
        try:
            with rec.attempt():
                work = Work(rec, RECODED, retract_stances=retract_stances)
                outcome = work.all(_wanted(chosen, change))
                raise _OnlyTried
        except _OnlyTried:
            return outcome


def recode(
    who: Any,
    keys: Iterable[str],
    change: Recoding,
    why: str,
    *,
    leave_out: bool = False,
    retract_stances: bool = False,
    planned: str = "",
) -> Outcome:
    """Change the statements of these keys, all in one batch of changes.

    A statement that cannot be changed stops all (`Stopped`), or is left out on
    request. `planned` is the mark of the preview that a person agreed to: Refused
    where the statements have changed since.
    """
    need_reason(why, "recode statements")
    chosen = _asked(who, keys, change)
    with together(who, why) as rec:
        work = Work(rec, RECODED, retract_stances=retract_stances)
        outcome = work.all(_wanted(chosen, change))
        if planned and planned != outcome.mark:
            raise Refused(
                "Somebody changed these statements, or a stance that rests on them, "
                "since you saw the preview: look at it again."
            )
        if outcome.refused and not leave_out:
            raise Stopped(outcome)
    return outcome


def siblings(keys: Iterable[str]) -> QuerySet[Statement]:
    """The newest statements coded at once with these, of the same actors.

    Who was heard saying several things was heard by the coder as one actor: if that
    was the wrong one, it was so for all of them. The other actors of a joint
    utterance are not meant.
    """
    chosen = list(keys)
    same = Statement.objects.filter(
        key__in=chosen,
        utterance=OuterRef("utterance"),
        actor=OuterRef("actor"),
    )
    utterances = Statement.objects.filter(key__in=chosen).exclude(utterance="")
    return (
        Statement.objects.newest()
        .filter(Exists(same), utterance__in=utterances.values("utterance"))
        .exclude(key__in=chosen)
        .exclude(state__in=OVER)
        .select_related("actor__merged_into", "option__merged_into", "disposition")
        .order_by("pk")
    )


def _asked(who: Any, keys: Iterable[str], change: Recoding) -> list[str]:
    """The keys, each once; Refused where nobody may do this, or nothing is asked."""
    require(who, "change_statement", "Only coders recode statements.")
    if not change:
        raise Refused("Choose what is to be changed: actor, option or disposition.")
    for part in (change.actor, change.option, change.speaker):
        if part is not None and part.merged_into_id is not None:
            raise Refused(f"{part} is merged into {part.merged_into}: choose that one.")
    chosen = list(dict.fromkeys(keys))
    if not chosen:
        raise Refused("Choose at least one statement.")
    if len(chosen) > MOST:
        raise Refused(f"At most {MOST:,} statements are recoded at once: choose fewer.")
    return chosen


def _wanted(keys: Sequence[str], change: Recoding) -> list[tuple[Statement, Coding]]:
    """Each statement of these keys, locked, with what it is to say."""
    lock(keys)
    found = _versions_that_count(keys)
    chosen = [found[key] for key in keys if key in found]
    return [(one, change.of(Coding.of(one))) for one in chosen]


def lock(keys: Sequence[str]) -> None:
    """Lock statements and the stances that cite them, in the order of all writers."""
    citing = Stance.objects.filter(evidence__statement__key__in=keys).values("pk")
    stances = Stance.objects.filter(state=StanceState.PUBLISHED, pk__in=citing)
    for rows in (stances, Statement.objects.filter(key__in=keys)):
        list(rows.select_for_update().order_by("pk").values_list("pk"))


def with_parts(rows: QuerySet[Statement]) -> QuerySet[Statement]:
    """Statements with all that recoding reads of them."""
    return rows.select_related(
        "actor__merged_into",
        "option__issue",
        "option__merged_into",
        "over_option",
        "disposition",
        "speaker",
    ).prefetch_related("reasons")


def _versions_that_count(keys: Sequence[str]) -> dict[str, Statement]:
    """Key -> the version under way, else the accepted one, else the newest."""
    rows = with_parts(Statement.objects.filter(key__in=keys)).order_by("version")
    found: dict[str, Statement] = {}
    for row in rows:
        known = found.get(row.key)
        if known is None or row.state not in OVER or known.state in OVER:
            found[row.key] = row
    return found


# -- how it is done --------------------------------------------------------------------


class Work:
    """Changes statements one after the other inside a recording."""

    def __init__(
        self, rec: Recording, action: str, *, retract_stances: bool = False
    ) -> None:
        self.rec, self.who, self.action = rec, rec.who, action
        self.retract_stances = retract_stances

    def all(self, pairs: Iterable[tuple[Statement, Coding]]) -> Outcome:
        """Each statement made to say what it is to say, or why it was not."""
        return self.told([self.one(statement, to) for statement, to in pairs])

    def one(self, statement: Statement, to: Coding) -> tuple[Row, list[Change]]:
        """One statement, and the changes of stances that followed."""
        before, state, seen = (
            Coding.of(statement),
            statement.state,
            statement.changed_at,
        )
        noted = len(self.rec.changes)
        try:
            with self.rec.attempt():
                fate, sentence = self._change(statement, before, to)
        except FAULTS as fault:
            fate, sentence = REFUSED, " ".join(sentences(fault))
        after = before if fate in (LEFT, SAME) else to
        row = Row(statement, state, seen, before, after, fate, sentence)
        followed = self.rec.changes[noted:]
        return row, [change for change in followed if change.record == "stance"]

    def told(self, done: Sequence[tuple[Row, list[Change]]]) -> Outcome:
        """The rows with the names of the stances that followed, in one query."""
        keys = {change.key for _, changes in done for change in changes}
        stances = Stance.objects.filter(key__in=keys).select_related(
            "actor__merged_into", "option__merged_into", "disposition"
        )
        known = {(row.key, row.version): str(row) for row in stances} if keys else {}
        rows = []
        for row, changes in done:
            told = (
                f"The stance “{name}” {_FOLLOWS[change.action]}."
                for change in changes
                if change.action in _FOLLOWS
                and (name := known[change.key, change.version or 0])
            )
            rows.append(replace(row, stances=tuple(told)))
        return Outcome(tuple(rows), self.rec.batch)

    def _change(
        self, statement: Statement, before: Coding, to: Coding
    ) -> tuple[str, str]:
        if statement.state in OVER:
            done = statement.get_state_display().lower()
            return LEFT, f"It was {done}, so it stays as it is."
        if to == before:
            return SAME, "It says so already."
        _check(statement, to)
        if statement.state == State.ACCEPTED:
            return self._replace(statement, to)
        _write(statement, to)
        statement.save()
        state = statement.state
        self.rec.note(statement, self.action, from_state=state, to_state=state)
        name = "draft" if state == State.DRAFT else "version in review"
        return EDITED, f"The {name} is edited in place."

    def _replace(self, statement: Statement, to: Coding) -> tuple[str, str]:
        draft = statement.next_version(self.who)
        _write(draft, to)
        self.rec.note(
            draft, self.action, from_state=State.ACCEPTED, to_state=State.REVIEW
        )
        draft.submit(self.who)
        if not draft.may_be_let_in_by(self.who):
            return WAITS, (
                f"Version {draft.version} is made and waits for a reviewer; "
                f"version {statement.version} stays public until then."
            )
        draft.accept(self.who, retract_stances=self.retract_stances)
        return REPLACED, (
            f"Version {draft.version} is accepted in the place of "
            f"version {statement.version}."
        )


_FOLLOWS = {"replaced": "is issued anew", "retracted": "is retracted"}


def _check(statement: Statement, to: Coding) -> None:
    """What of a statement would no longer fit; other faults `clean` finds."""
    if statement.over_option_id == to.option.pk:
        raise Refused(f"{to.option} is what it was put before: it stays as it is.")
    stray = [
        reason.name
        for reason in statement.reasons.all()
        if reason.issue_id != to.option.issue_id
    ]
    if stray:
        raise Refused(
            f"Its reasons ({', '.join(stray)}) are not of the issue "
            f"{to.option.issue}: take them away first."
        )


def _write(statement: Statement, to: Coding) -> None:
    """Give a version that is not frozen what it is to say; raises ValidationError."""
    for part, record in to._asdict().items():
        setattr(statement, part, record)
    statement.clean()
