"""Steps: the days on which an issue's events came to an end, and what changed between.

A step is a day, with all events that ended on it: positions are told at its close.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from positions.choices import Relation
from positions.models import Actor, Event, Issue, Option, Statement
from positions.periods import Period
from positions.readers import Reader
from positions.telling import last_day

# An issue with more events than this shows the latest of them.
MOST_EVENTS = 500


@dataclass(frozen=True, slots=True)
class Step:
    """A day and the events that ended on it."""

    day: date
    events: tuple[Event, ...]

    @property
    def name(self) -> str:
        return "; ".join(event.name for event in self.events)


@dataclass(frozen=True, slots=True)
class Steps:
    """All steps of an issue in order of day, seen from one day."""

    day: date
    all: tuple[Step, ...]

    @property
    def at(self) -> Step | None:
        """The step of this very day, if it is one."""
        return next((step for step in self.all if step.day == self.day), None)

    @property
    def before(self) -> Step | None:
        return next((s for s in reversed(self.all) if s.day < self.day), None)

    @property
    def after(self) -> Step | None:
        return next((step for step in self.all if step.day > self.day), None)


def steps_of(issue: Issue, reader: Reader, day: date | None = None) -> Steps:
    """The steps of an issue, seen from a day (else from the last, or today)."""
    events = (
        Event.objects.visible_to(reader)
        .filter(issues__in=Issue.objects.group_of(issue))
        .order_by("-latest", "-pk")
        .distinct()[:MOST_EVENTS]
    )
    found = tuple(
        Step(one, tuple(together))
        for one, together in groupby(reversed(events), key=lambda event: event.latest)
    )
    return Steps(day or _default_day(found), found)


def _default_day(found: Iterable[Step]) -> date:
    """The last event's day; today when there is none, or it lies ahead."""
    today = date.today()
    return min(max((step.day for step in found), default=today), today)


# -- what changed ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Shift:
    """One cell of one actor that says something else on a later day than before.

    `old` is None when nothing held before, `new` when nothing holds any more. The
    pair of statements: the last that spoke for the old, the first for the new.
    """

    actor: Actor
    option: Option
    facet: str
    old: Period | None
    new: Period | None

    @property
    def old_codes(self) -> frozenset[str]:
        return _said(self.old)

    @property
    def new_codes(self) -> frozenset[str]:
        return _said(self.new)

    @property
    def old_statement(self) -> Statement | None:
        if self.old is None:
            return None
        until = self.new.holds_from if self.new else self.old.holds_to
        spoken = [line.statement for line in self.old.supports]
        earlier = [s for s in spoken if until and last_day(s) < until]
        return max(earlier or spoken, key=_by_day, default=None)

    @property
    def new_statement(self) -> Statement | None:
        if self.new is None:
            return None
        if self.new.contested:
            lines = (x for x in self.new.lines if x.relation == Relation.CONTRADICTS)
            against = next(lines, None)
            return against.statement if against else self.new.opened_by
        return self.new.opened_by


def _by_day(statement: Statement) -> tuple[date, int]:
    return last_day(statement), statement.pk


def shifts(periods: Iterable[Period], before: date, after: date) -> list[Shift]:
    """The cells whose dispositions differ between two days, from periods of one layer.

    Headline options come first, then by option, facet and lane.
    """
    cells: dict[tuple, list[Period]] = {}
    for period in periods:
        cells.setdefault(_cell(period), []).append(period)
    found = []
    for _, held in sorted(cells.items()):
        old = next((p for p in held if p.holds_on(before)), None)
        new = next((p for p in held if p.holds_on(after)), None)
        if _said(old) != _said(new):
            some = new or old or held[0]
            found.append(Shift(some.actor, some.option, some.facet, old, new))
    return found


def _cell(period: Period) -> tuple[bool, str, str, str, str]:
    option = period.option
    return (
        not option.headline,
        option.short_name,
        option.key,
        period.facet,
        period.publicity,
    )


def _said(period: Period | None) -> frozenset[str]:
    return frozenset(d.code for d in period.dispositions) if period else frozenset()
