"""The queue: what waits, for whom, who has it before them, and what they decide.

A claim forbids nothing: it tells whoever comes to the same row. What decides between
two people is the row itself, locked by the decision: the second is told what the
first did.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from positions.models import Assignment, Change, Claim, Refused, Source
from positions.models.changes import Recording, random_key, recording, require
from positions.refusals import FAULTS, sentences
from positions.worklists import Decision, WorkList

# Somebody who left a row open is not at it for ever.
CLAIM = timedelta(minutes=10)
# Rows that are decided at once, after a preview.
MOST_AT_ONCE = 200
MINE, UNASSIGNED = "mine", "unassigned"


class Gone(Refused):
    """The row waits no longer; the message says what became of it, where known."""


@dataclass(slots=True)
class Waiting:
    """A row of a work list with all that stands about it in the queue."""

    work: WorkList
    row: Any
    assigned_to: Any = None
    claimed_by: Any = None

    @property
    def problem(self) -> str:
        return self.work.problem(self.row)

    def decisions(self, user: Any) -> list[Decision]:
        """What the user may decide about it."""
        return [
            one
            for one in self.work.decisions
            if user.has_perm(one.permission) and one.fits(self.row, user)
        ]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became, or would become, of one row: a sentence, or why it is refused."""

    row: Any
    done: str = ""
    refused: str = ""


# -- what waits ----------------------------------------------------------------


def rows(
    work: WorkList, user: Any, *, whose: str = "", source: Source | None = None
) -> QuerySet[Any]:
    """The rows of a list that a user sees: all, "mine" or "unassigned", of a source."""
    found = work.rows_for(user)
    if source is not None and work.of_source is not None:
        found = work.of_source(found, source)
    assigned = Assignment.objects.filter(queue=work.key, row=OuterRef("pk"))
    if whose == MINE:
        return found.filter(Exists(assigned.filter(to=user)))
    if whose == UNASSIGNED:
        return found.filter(~Exists(assigned))
    return found


def page(
    work: WorkList,
    user: Any,
    *,
    whose: str = "",
    source: Source | None = None,
    but: Iterable[int] = (),
    number: int = 25,
) -> list[Waiting]:
    """The first rows but those the user has seen, with who has which."""
    found = rows(work, user, whose=whose, source=source)
    seen = list(but)
    if seen:
        found = found.exclude(pk__in=seen)
    return about(work, list(found[:number]), user)


def about(work: WorkList, found: Sequence[Any], user: Any) -> list[Waiting]:
    """Rows with their assignments and the claims of others: two queries."""
    if work.prepare:
        work.prepare(found)
    keys = [row.pk for row in found]
    assigned = Assignment.objects.filter(queue=work.key, row__in=keys)
    claims = Claim.objects.filter(
        queue=work.key, row__in=keys, until__gt=timezone.now()
    ).exclude(by=user)
    to = {one.row: one.to for one in assigned.select_related("to")}
    by = {one.row: one.by for one in claims.select_related("by")}
    return [Waiting(work, row, to.get(row.pk), by.get(row.pk)) for row in found]


def mine(user: Any, works: Iterable[WorkList]) -> dict[str, int]:
    """How many rows are assigned to a user, by the key of the list: one query."""
    rows = Assignment.objects.filter(to=user).values_list("queue", flat=True)[:1000]
    keys = {work.key for work in works}
    counted: dict[str, int] = {}
    for key in rows:
        if key in keys:
            counted[key] = counted.get(key, 0) + 1
    return counted


# -- who has what --------------------------------------------------------------


def claim(user: Any, work: WorkList, pk: int) -> Any:
    """Have a row before one; the other person who has it already, if there is one."""
    until = timezone.now() + CLAIM
    found, created = Claim.objects.get_or_create(
        queue=work.key, row=pk, defaults={"by": user, "until": until}
    )
    if created:
        return None
    # Taken over in one statement, so that of two who come at once one is told.
    free = Claim.objects.filter(pk=found.pk, until__lte=timezone.now())
    own = Claim.objects.filter(pk=found.pk, by=user)
    if own.update(until=until) or free.update(by=user, until=until):
        return None
    return found.by


def assign(who: Any, work: WorkList, keys: Sequence[int], to: Any) -> None:
    """Hand rows to a person, or to nobody (None). One Change each."""
    require(who, "add_assignment", "Only coders hand out what waits.")
    if to is not None and not (to.is_active and to.has_perm(work.permission)):
        raise Refused(f"{to} may not work on “{work.title}”.")
    with recording(who) as rec:
        waiting = set(work.rows().filter(pk__in=keys).values_list("pk", flat=True))
        if not waiting:
            raise Gone("It waits no longer.")
        held = Assignment.objects.filter(queue=work.key, row__in=waiting)
        _leave(rec, held.select_for_update())
        if to is None:
            return
        fresh = [
            Assignment(queue=work.key, row=pk, to=to, by=who) for pk in sorted(waiting)
        ]
        for one in Assignment.objects.bulk_create(fresh):
            rec.note(one, "assigned", why=f"to {to}")


def people(work: WorkList) -> list[Any]:
    """Who may be handed rows of a list: active people who work here, by name."""
    able = get_user_model().objects.with_perm(work.permission)
    return list(able.filter(is_staff=True).order_by("username")[:200])


def _leave(rec: Recording, held: QuerySet[Assignment]) -> None:
    """A row that is decided, or handed on, is nobody's any more."""
    for one in held:
        rec.note(one, "assignment ended")
    held.delete()


# -- decisions -----------------------------------------------------------------


def decision(work: WorkList, key: str, user: Any) -> Decision:
    """A decision of a list by its key; Refused where the user may not take it."""
    found = next((one for one in work.decisions if one.key == key), None)
    if found is None:
        raise Refused("There is no such decision here.")
    if not user.has_perm(found.permission):
        raise Refused("You may not decide this: ask a reviewer.")
    return found


def decide(who: Any, work: WorkList, pk: int, key: str, why: str = "") -> Outcome:
    """Take a decision about a row; raises Gone for one that waits no longer."""
    taken = decision(work, key, who)
    with recording(who) as rec:
        return _decide(rec, who, work, taken, pk, why)


def undo(who: Any, work: WorkList, pk: int, key: str) -> str:
    """Take a decision back, as long as nothing followed from it; says so."""
    taken = decision(work, key, who)
    if taken.undo is None:
        raise Refused("This cannot be undone here: open the record.")
    row = work.rows().model._base_manager.filter(pk=pk).first()
    if row is None:
        raise Refused("The record is gone.")
    words = str(row)
    with recording(who):
        taken.undo(who, row)
    return f"{words}: undone."


def decide_all(
    who: Any, work: WorkList, keys: Sequence[int], key: str, why: str = ""
) -> list[Outcome]:
    """Take one decision about several rows, each for itself; what is refused stays."""
    taken = decision(work, key, who)
    with recording(who, batch=random_key()) as rec:
        return [_attempt(rec, who, work, taken, pk, why) for pk in keys[:MOST_AT_ONCE]]


def preview(
    who: Any, work: WorkList, keys: Sequence[int], key: str, why: str = ""
) -> list[Outcome]:
    """What `decide_all` would do: it is done, and undone before anybody sees it."""
    try:
        with recording(who):
            outcomes = decide_all(who, work, keys, key, why)
            raise _Rehearsed
    except _Rehearsed:
        return outcomes


class _Rehearsed(Exception):
    """Ends a transaction that only showed what would happen."""


def _attempt(
    rec: Recording, who: Any, work: WorkList, taken: Decision, pk: int, why: str
) -> Outcome:
    row = work.rows().model._base_manager.filter(pk=pk).first()
    try:
        with rec.attempt():
            return _decide(rec, who, work, taken, pk, why)
    except FAULTS as fault:
        return Outcome(row, refused=" ".join(sentences(fault)))


def _decide(
    rec: Recording, who: Any, work: WorkList, taken: Decision, pk: int, why: str
) -> Outcome:
    row = work.rows_for(who).filter(pk=pk).first()
    if row is None:
        raise Gone(_meanwhile(work, pk))
    if not taken.fits(row, who):
        raise Refused(f"“{taken.label}” does not fit this row.")
    why = _reason(taken, why)
    words = str(row)
    came = taken.run(who, row, why)
    Claim.objects.filter(queue=work.key, row=pk).delete()
    _leave(rec, Assignment.objects.filter(queue=work.key, row=pk))
    return Outcome(came if came is not None else row, done=f"{words}: {taken.done}")


def _reason(taken: Decision, why: str) -> str:
    why = why.strip()
    if taken.reasons and why not in dict(taken.reasons):
        raise Refused("Choose a reason from the list.")
    if taken.asks == "must" and not why:
        raise Refused(f"“{taken.label}” needs an answer: {taken.question}")
    return why


def _meanwhile(work: WorkList, pk: int) -> str:
    """What became of a row that waits no longer, by the log."""
    row = work.rows().model._base_manager.filter(pk=pk).first()
    last = row and Change.objects.of(row).select_related("who").first()
    if not last:
        return "It waits no longer."
    by = last.who or last.tool or "somebody"
    return f"It waits no longer: {by} has {last.action} it, {last.at:%Y-%m-%d %H:%M}."
