"""What each coder and reviewer did over a period, and what is open with them.

What was done is counted from the log of changes, so that it is counted once, whoever
owns the record now. A page costs a fixed number of queries, and reads the newest
`MOST_CHANGES` rows of the log at most.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import CharField, Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Cast, Substr
from django.utils import timezone

from positions.choices import StatementState
from positions.models import (
    Assignment,
    Change,
    Coding,
    NothingHere,
    Statement,
    Task,
)

# Days of the periods that a manager may ask for; None: as far as the log is read.
PERIODS: tuple[int | None, ...] = (7, 30, 90, None)
# How far back the log is read (a fifth of a second), and the most days that are drawn.
MOST_CHANGES = 300_000
MOST_DAYS = 90

# What the log calls the things that are counted: (record, action) -> our word.
DONE = {
    ("statement", "coded"): "coded",
    ("statement", "submitted"): "submitted",
    ("statement", "accepted"): "accepted",
    ("statement", "sent back"): "sent_back",
    ("statement", "rejected"): "rejected",
    ("suggestion", "accepted"): "suggestions",
    ("suggestion", "rejected"): "suggestions",
    ("check", "checked"): "checked",
    ("stance", "published"): "published",
}
RETURNED = {"sent back": "sent_back", "rejected": "rejected"}


@dataclass(slots=True)
class Work:
    """One person's work: numbers by our word for it.

    `done` in the period; `fate` of the statements that the person coded, decided by
    others in the period (and "single", accepted by the coder); `open` now. `days`
    are the changes of each day of the period, the oldest first.
    """

    who: Any
    done: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    fate: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    open: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    days: list[int] = field(default_factory=list)

    @property
    def active_days(self) -> int:
        return sum(1 for number in self.days if number)

    @property
    def a_day(self) -> float | None:
        """Changes per active day; None for somebody who did nothing."""
        return sum(self.days) / self.active_days if self.active_days else None


@dataclass(frozen=True, slots=True)
class Workload:
    """The work of some people from an instant on, and the days that are drawn.

    `since` is None where the log is read from its beginning; `cut` says that the
    period asked for begins before what was read.
    """

    since: datetime | None
    cut: bool
    days: Sequence[date]
    people: Sequence[Work]


def people() -> QuerySet[Any]:
    """Active users who may code, by name."""
    with_perm = get_user_model()._default_manager.with_perm
    backend = "django.contrib.auth.backends.ModelBackend"
    rows = with_perm("positions.add_statement", backend=backend)
    return rows.order_by("username")


def workload(who: Iterable[Any], days: int | None, today: date) -> Workload:
    """What these people did in the last `days` days with today, and what is open."""
    shown = [today - timedelta(n) for n in reversed(range(days or MOST_DAYS))]
    work = {user.pk: Work(user) for user in who}
    part = _part(_instant(shown[0]) if days else None)
    for pk, record, action, number in _done(part, work):
        work[pk].done["changes"] += number
        if name := DONE.get((record, action)):
            work[pk].done[name] += number
    for pk, number in _answered(part, work):
        work[pk].done["answered"] += number
    for pk, name, number in (*_accepted(part), *_returned(part)):
        if pk in work:
            work[pk].fate[name] += number
    for pk, name, number in (*_unfinished(), *_given(work)):
        if pk in work:
            work[pk].open[name] += number
    by_day = _by_day(part, work, _instant(shown[0]))
    for pk, one in work.items():
        one.days = [by_day.get((pk, day), 0) for day in shown]
    return Workload(part.since, part.cut, shown, list(work.values()))


# -- the log ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Part:
    """The newest part of the log: the changes after a number, from an instant on."""

    after: int
    since: datetime | None
    cut: bool

    @property
    def changes(self) -> QuerySet[Change]:
        return Change.objects.filter(seq__gt=self.after).order_by()


def _part(since: datetime | None) -> _Part:
    """The changes since an instant, `MOST_CHANGES` at most."""
    log = Change.objects
    newest = log.order_by("-seq").values_list("seq", flat=True).first() or 0
    after = _before(since, newest) if since else 0
    if newest - after <= MOST_CHANGES:
        return _Part(after, since, cut=False)
    after = newest - MOST_CHANGES
    oldest = log.filter(seq__gt=after).order_by("seq").values_list("at", flat=True)
    return _Part(after, oldest.first(), cut=True)


def _before(since: datetime, newest: int) -> int:
    """The number of the last change before an instant."""
    rows = Change.objects.filter(at__gte=since).order_by("at")
    first = rows.values_list("seq", flat=True).first()
    return newest if first is None else first - 1


def _instant(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _done(part: _Part, who: Mapping[int, Any]) -> Iterable[Any]:
    """(person, record, action, how often)."""
    return _counted(part.changes.filter(who__in=who), "who", "record", "action")


def _by_day(
    part: _Part, who: Mapping[int, Any], since: datetime
) -> dict[tuple[int, date], int]:
    rows = part.changes.filter(who__in=who, at__gte=since)
    # Both databases write an instant with its day first, in UTC as all of it. For
    # TruncDate SQLite would call Python for each row: six times as slow.
    day = Substr(Cast("at", CharField()), 1, 10)
    return {
        (pk, date.fromisoformat(day)): number
        for pk, day, number in _counted(rows, "who", day)
    }


# These ask for everybody: with the coder in the query, SQLite would look up all that
# a coder ever coded, and not the few rows of the period or state.


def _accepted(part: _Part) -> Iterable[Any]:
    """(coder, by others or "single" by the coder, how many statements)."""
    rows = Statement.objects.filter(public_from__isnull=False)
    if part.since is not None:
        rows = rows.filter(public_from__gte=part.since)
    for coder, accepted_by, number in _counted(rows, "coder", "accepted_by"):
        yield coder, "single" if coder == accepted_by else "accepted", number


def _returned(part: _Part) -> Iterable[Any]:
    """(coder, what others decided, how often) of what was not accepted.

    Stances are sent back, too: no statement has their key, so they have no coder.
    """
    version = Statement.objects.filter(key=OuterRef("key"), version=OuterRef("version"))
    decided = part.changes.filter(action__in=RETURNED, version__isnull=False)
    rows = _counted(decided, Subquery(version.values("coder")[:1]), "action", "who")
    for coder, action, decided_by, number in rows:
        if coder != decided_by:
            yield coder, RETURNED[action], number


def _answered(part: _Part, who: Mapping[int, Any]) -> Iterable[Any]:
    """(coder, answers in double-coding tasks)."""
    for model, at in ((Coding, "made_at"), (NothingHere, "at")):
        rows = model._default_manager.filter(coder__in=who)
        if part.since is not None:
            rows = rows.filter(**{f"{at}__gte": part.since})
        yield from _counted(rows, "coder")


# -- what is open ----------------------------------------------------------------------


def _unfinished() -> Iterable[Any]:
    """(coder, "drafts" or "in_review", how many statements)."""
    states = {StatementState.DRAFT: "drafts", StatementState.REVIEW: "in_review"}
    rows = Statement.objects.filter(state__in=states)
    # Grouped by state first, SQLite goes through the index of states.
    for state, coder, number in _counted(rows, "state", "coder"):
        yield coder, states[state], number


def _given(who: Mapping[int, Any]) -> Iterable[Any]:
    """(person, "assigned" or "tasks", how many) of what others gave."""
    for person, number in _counted(Assignment.objects.filter(to__in=who), "to"):
        yield person, "assigned", number
    for side in ("first", "second"):
        mine = {f"{side}__in": who, f"{side}_done_at": None}
        for coder, number in _counted(Task.objects.filter(**mine), side):
            yield coder, "tasks", number


def _counted(rows: QuerySet[Any], *columns: Any) -> Iterable[Any]:
    """Tuples of the columns and how many rows have these values."""
    return rows.order_by().values_list(*columns).annotate(n=Count("pk"))
