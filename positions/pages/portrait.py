"""An actor on one issue: a day's position, all periods, and what stands beside."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import (
    Exists,
    OuterRef,
    Q,
    QuerySet,
    prefetch_related_objects,
)

from positions import answers, charts
from positions.choices import Relation
from positions.models import (
    Actor,
    ActorName,
    Identifier,
    Issue,
    Membership,
    Stance,
    Statement,
)
from positions.pages.showing import ShownLine, show_lines
from positions.periods import Line, Period, Position
from positions.readers import Reader
from positions.steps import Shift, Steps, steps_of

MOST_MEMBERS = 200


@dataclass(frozen=True, slots=True)
class ShownPeriod:
    """A period with its evidence, and the pair of statements of its beginning."""

    period: Period
    shift: Shift | None
    supports: list[ShownLine]
    against: list[ShownLine]
    context: list[ShownLine]
    now: bool

    @property
    def opening(self) -> list[ShownLine]:
        return self.supports[:2]

    @property
    def further(self) -> list[ShownLine]:
        return self.supports[2:]


@dataclass(frozen=True, slots=True)
class Strand:
    """The periods of one option and facet, in order of day."""

    title: str
    periods: list[ShownPeriod]


@dataclass(frozen=True, slots=True)
class Register:
    """What the register of actors says of one."""

    names: list[ActorName]
    identifiers: list[Identifier]
    memberships: list[Membership]
    bodies: list[Membership]


@dataclass(frozen=True, slots=True)
class Portrait:
    """What a reader may see of an actor, on one issue if there is any."""

    issue: Issue | None
    issues: list[Issue]
    register: Register
    day: date | None = None
    steps: Steps | None = None
    position: Position | None = None
    strands: tuple[Strand, ...] = ()
    chart: charts.Timeline | None = None
    about: tuple[ShownLine, ...] = ()
    aside: tuple[ShownLine, ...] = ()


def portrait_of(
    actor: Actor,
    reader: Reader,
    *,
    issue: Issue | None = None,
    on: date | None = None,
    layer: str = answers.ASSERTED,
) -> Portrait:
    """The actor on an issue, else on the first on which it has something public."""
    issues = list(issues_of(actor, reader))
    issue = issue or next(iter(issues), None)
    register = _register(actor, reader)
    if issue is None:
        return Portrait(None, issues, register)
    steps = steps_of(issue, reader, on)
    found = answers.timelines(issue, actors=[actor], layer=layer, as_of=steps.day)
    periods = list(found.get((actor.pk, layer), ()))
    held = tuple(p for p in periods if p.holds_on(steps.day))
    lines = show_lines(answers.set_aside(issue, actor), reader)
    return Portrait(
        issue=issue,
        issues=issues,
        register=register,
        day=steps.day,
        steps=steps,
        position=Position(actor, issue, steps.day, layer, held),
        strands=tuple(_strands(periods, steps.day, reader)),
        chart=charts.timeline(periods, steps.all, steps.day),
        about=tuple(line for line in lines if line.line.relation == "about"),
        aside=tuple(line for line in lines if line.line.relation != "about"),
    )


def issues_of(actor: Actor, reader: Reader) -> Iterable[Issue]:
    """The issues on which an actor has a public statement or stance."""
    mine = Q(actor__in=Actor.objects.group_of(actor)) & (
        Q(option__issue=OuterRef("pk")) | Q(option__issue__merged_into=OuterRef("pk"))
    )
    return (
        Issue.objects.visible_to(reader)
        .current()
        .filter(
            Q(Exists(Statement.objects.public().filter(mine)))
            | Q(Exists(Stance.objects.public().filter(mine)))
        )
    )


def _register(actor: Actor, reader: Reader) -> Register:
    group = Actor.objects.group_of(actor)
    visible = Actor.objects.visible_to(reader)
    within = Membership.objects.filter(member__in=group, group__in=visible)
    bodies = Membership.objects.filter(group__in=group, member__in=visible)
    named = ("names", "identifiers", "merged__names", "merged__identifiers")
    prefetch_related_objects([actor], *named)
    return Register(
        names=actor.all_names[:MOST_MEMBERS],
        identifiers=actor.all_identifiers[:MOST_MEMBERS],
        memberships=_once(within),
        bodies=_once(bodies.order_by("member__name", "since", "pk")),
    )


def _once(rows: QuerySet[Membership]) -> list[Membership]:
    """Memberships as they are read: what both of two merged actors had is one."""
    read = rows.select_related("member__merged_into", "group__merged_into")
    once = {
        (row.member.survivor, row.group.survivor, row.role, row.span): row
        for row in read[:MOST_MEMBERS]
    }
    return list(once.values())


def _strands(periods: Sequence[Period], day: date, reader: Reader) -> Iterable[Strand]:
    for held in charts.in_lanes(periods):
        pairs = zip([None, *held], held, strict=False)
        shown = [_shown(period, before, day, reader) for before, period in pairs]
        yield Strand(charts.lane_title(held[0]), shown)


def _shown(
    period: Period, before: Period | None, day: date, reader: Reader
) -> ShownPeriod:
    shift = None
    if before is not None:
        shift = Shift(period.actor, period.option, period.facet, before, period)
    return ShownPeriod(
        period=period,
        shift=shift,
        supports=show_lines(_lines(period, Relation.SUPPORTS), reader),
        against=show_lines(_lines(period, Relation.CONTRADICTS), reader),
        context=show_lines(_lines(period, Relation.CONTEXT), reader),
        now=period.holds_on(day),
    )


def _lines(period: Period, relation: str) -> list[Line]:
    """Evidence of one relation; what is set aside has a section of its own."""
    return [
        line
        for line in period.lines
        if line.relation == relation and line.set_aside_by is None
    ]
