"""Answers about positions: the one place that pages, API and exports ask.

Two layers (DESIGN section 4): *asserted* are the published stances, *derived* is
what the rule makes of the accepted statements. A position is all of an actor's
periods on an issue on a day; it is computed here and stored nowhere.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, Prefetch, Q, prefetch_related_objects

from positions import deriving, timeline
from positions.choices import Relation, Standing
from positions.derivation.periods import halfway
from positions.models import (
    Actor,
    Evidence,
    Issue,
    Option,
    Refused,
    Stance,
    Statement,
)
from positions.models.changes import Clock
from positions.periods import Line, Period, Position

ASSERTED, DERIVED, BOTH = "asserted", "derived", "both"
LAYERS = (ASSERTED, DERIVED, BOTH)


def known_now(known_on: datetime | None) -> datetime:
    """The instant of the clock that an answer states."""
    return known_on or Clock.now()


def actors_of(issue: Issue, known_on: datetime | None = None):
    """Actors with anything public on an issue: a stance or a statement of theirs."""
    on_issue = Option.objects.filter(issue__in=Issue.objects.group_of(issue))
    mine = Q(actor=OuterRef("pk")) | Q(actor__merged_into=OuterRef("pk"))
    stances = Stance.objects.public(known_on).filter(mine, option__in=on_issue)
    statements = Statement.objects.public(known_on).filter(mine, option__in=on_issue)
    return (
        Actor.objects.current()
        .filter(Exists(stances) | Exists(statements))
        .prefetch_related("identifiers", "merged__identifiers")
    )


def positions(
    issue: Issue,
    as_of: date,
    *,
    actors: Iterable[Actor],
    layer: str = ASSERTED,
    known_on: datetime | None = None,
) -> list[Position]:
    """The position of each of the actors on a day; one row an actor (and layer)."""
    periods = timelines(
        issue,
        actors=actors,
        layer=layer,
        known_on=known_on,
        as_of=as_of,
        only_held=True,
    )
    return [
        Position(
            actor=actor,
            issue=issue,
            as_of=as_of,
            layer=one,
            periods=tuple(
                p for p in periods.get((actor.pk, one), ()) if p.status != "lapsed"
            ),
        )
        for actor in actors
        for one in _layers(layer)
    ]


def timelines(
    issue: Issue,
    *,
    actors: Iterable[Actor],
    layer: str = ASSERTED,
    known_on: datetime | None = None,
    as_of: date | None = None,
    only_held: bool = False,
) -> dict[tuple[int, str], tuple[Period, ...]]:
    """(actor's primary key, layer) -> periods, by option, facet and first day.

    A constant number of queries for any number of actors. `as_of` sets the day on
    which a period's status is told; without it, its last day or today. With
    `only_held`, the periods that do not hold on that day are left out.
    """
    actors = list(actors)
    found: dict[tuple[int, str], tuple[Period, ...]] = {}
    for one in _layers(layer):
        day = as_of if only_held else None
        if one == ASSERTED:
            read = _asserted(issue, actors, known_on, as_of, day)
        else:
            read = _derived(issue, actors, known_on, as_of)
        for actor, periods in read.items():
            held = (p for p in periods if day is None or p.holds_on(day))
            found[actor, one] = tuple(sorted(held, key=_in_order))
    return found


def _layers(layer: str) -> tuple[str, ...]:
    if layer not in LAYERS:
        raise Refused(f"“{layer}” is no layer: write {', '.join(LAYERS)}.")
    return (ASSERTED, DERIVED) if layer == BOTH else (layer,)


def _in_order(period: Period):
    return period.option.key, period.facet, period.holds_from


# -- the asserted layer -----------------------------------------------------------


def _asserted(
    issue: Issue,
    actors: Sequence[Actor],
    known_on: datetime | None,
    as_of: date | None,
    held_on: date | None,
) -> dict[int, list[Period]]:
    """The published stances of some actors, each with its evidence.

    With `held_on`, only of those that hold then: a day's answer does not read the
    evidence of other days.
    """
    survivors = deriving.group_members(actors)
    # A stance may cite a draft or what was retracted since: none of that leaves.
    evidence = (
        Evidence.objects.filter(statement__in=Statement.objects.public(known_on))
        .prefetch_related(Prefetch("statement", Statement.objects.with_evidence()))
        .order_by("statement__holds_latest", "pk")
    )
    stances = list(
        Stance.objects.public(known_on)
        .of_issue(issue)
        .filter(actor__in=list(survivors))
        .with_parts()
        .order_by("holds_from", "pk")
    )
    wanted = [s for s in stances if held_on is None or s.holds_on(held_on)]
    prefetch_related_objects(wanted, Prefetch("evidence", evidence))
    horizons = deriving.horizons_of(issue)
    about = _said_about(issue, survivors, known_on)
    found: dict[int, list[Period]] = defaultdict(list)
    before: dict[tuple, Stance] = {}
    for stance in stances:
        owner = survivors[stance.actor_id]
        cell = owner.pk, stance.option.survivor.pk, stance.facet
        if held_on is None or stance.holds_on(held_on):
            found[owner.pk].append(
                _period_of(
                    stance, owner, before.get(cell), about[cell], horizons, as_of
                )
            )
        before[cell] = stance
    return found


def _said_about(
    issue: Issue, survivors: dict[int, Actor], known_on: datetime | None
) -> dict[tuple[int, int, str], list[Line]]:
    """Cell -> what others and documents' authors say the actor's position is."""
    rows = (
        Statement.objects.public(known_on)
        .of_issue(issue)
        .filter(
            actor__in=list(survivors),
            standing__in=(Standing.OTHER, Standing.REPORTER),
        )
        .with_evidence()
        .order_by("holds_latest", "pk")
    )
    found: dict[tuple[int, int, str], list[Line]] = defaultdict(list)
    for row in rows:
        option, facet = row.option.survivor.pk, row.disposition.facet
        cell = survivors[row.actor_id].pk, option, facet
        found[cell].append(Line(row, "about", counted=False, set_aside_by=1))
    return found


def _period_of(
    stance: Stance,
    actor: Actor,
    before: Stance | None,
    about: Sequence[Line],
    horizons: timeline.Horizons,
    as_of: date | None,
) -> Period:
    lines = [
        Line(row.statement, row.relation, counted=row.relation == Relation.SUPPORTS)
        for row in stance.evidence.all()
    ]
    supports = [line.statement for line in lines if line.relation == "supports"]
    day = _day_of(stance, as_of)
    confirmed = _confirmed(stance, supports, day)
    return Period(
        id=stance.key,
        layer=ASSERTED,
        actor=actor,
        option=stance.option.survivor,
        facet=stance.facet,
        dispositions=(stance.disposition,),
        status=_status(day, confirmed, horizons.of(stance.facet)),
        sentence="",
        holds_from_earliest=stance.holds_from,
        holds_from=stance.holds_from,
        holds_to=stance.holds_to,
        end_reason=stance.end_reason,
        changed_after=stance.changed_after,
        last_confirmed=confirmed,
        previous=before.disposition if before else None,
        mode=stance.mode,
        publicity="any",
        through=stance.through and stance.through.survivor,
        level=stance.level,
        confidence=stance.confidence,
        n_events=len({_occasion(s) for s in supports}),
        previous_government=False,
        single_coded=bool(supports) and all(s.single_coded for s in supports),
        rule_version=stance.rule_version,
        codebook_version=stance.codebook_version,
        rationale=stance.rationale,
        lines=(*lines, *about),
    )


def _occasion(statement: Statement):
    return statement.event_id or (statement.speaker_name, statement.holds_latest)


def _day_of(stance: Stance, as_of: date | None) -> date:
    """The day on which a stance is looked at: as asked, else its last or today."""
    last = stance.holds_to - timedelta(days=1) if stance.holds_to else date.today()
    return as_of if as_of and stance.holds_from <= as_of <= last else last


def _confirmed(stance: Stance, supports: Sequence[Statement], day: date) -> date | None:
    """The last day, up to the one looked at, for which its evidence surely speaks.

    A range surely speaks of no day after its first, a *since* until it was said
    (the rule's clause 3). So does the last day that a person gave.
    """
    days = [
        sure
        for s in supports
        if (sure := s.holds_latest if s.holds_since else s.holds_earliest)
        and sure <= day
    ]
    if stance.last_confirmed and stance.last_confirmed <= day:
        days.append(stance.last_confirmed)
    return max(days, default=None)


def _status(day: date, confirmed: date | None, horizon: int | None) -> str:
    """A person's word stands for its period; half-way to the horizon it is carried."""
    if confirmed is None or horizon is None:
        return "current"
    return "current" if day < halfway(confirmed, horizon) else "carried"


# -- the derived layer ------------------------------------------------------------


def _derived(
    issue: Issue,
    actors: Sequence[Actor],
    known_on: datetime | None,
    as_of: date | None,
) -> dict[int, list[Period]]:
    """What the rule makes of the accepted statements of some actors."""
    found = deriving.derive_all(actors, issue, known_on)
    groups = {actor.key: actor for actor in _groups_named(found.values())}
    return {
        pk: [
            _shown(derived, cell, period, groups, as_of)
            for cell in derived.timeline.cells
            for period in cell.periods
        ]
        for pk, derived in found.items()
    }


def _groups_named(found: Iterable[deriving.Derived]):
    keys = {
        period.through
        for derived in found
        for cell in derived.timeline.cells
        for period in cell.periods
        if period.through
    }
    return Actor.objects.filter(key__in=keys) if keys else ()


def _shown(
    derived: deriving.Derived,
    cell: timeline.Cell,
    period: timeline.Period,
    groups: dict[str, Actor],
    as_of: date | None,
) -> Period:
    """A period of the rule with the rows behind it."""
    end = period.holds_to - timedelta(days=1) if period.holds_to else date.today()
    day = as_of if as_of and period.holds_on(as_of) else end
    supports = [derived.statements[key] for key in dict.fromkeys(period.used)]
    return Period(
        id=period.id,
        layer=DERIVED,
        actor=derived.actor,
        option=derived.options[period.option],
        facet=period.facet,
        dispositions=tuple(derived.dispositions[c] for c in period.dispositions),
        status=period.status_on(day),
        sentence=cell.at(day).sentence,
        holds_from_earliest=period.holds_from_earliest,
        holds_from=period.holds_from,
        holds_to=period.holds_to,
        end_reason=period.end_reason,
        changed_after=period.changed_after,
        last_confirmed=period.last_confirmed_on(day),
        previous=derived.dispositions.get(period.previous_disposition),
        mode=period.mode,
        publicity=period.lane,
        through=groups.get(period.through or ""),
        level=period.level,
        confidence="",
        n_events=period.n_events,
        previous_government=period.government_change_on(day) is not None,
        single_coded=bool(supports) and all(s.single_coded for s in supports),
        rule_version=period.rule_version,
        codebook_version=period.codebook_version,
        rationale=period.end_note,
        lines=tuple(_lines(derived, cell, period, supports)),
    )


def _lines(
    derived: deriving.Derived,
    cell: timeline.Cell,
    period: timeline.Period,
    supports: Sequence[Statement],
) -> Iterator[Line]:
    """All evidence of the cell: what supports, what contests, what stands aside."""
    for statement in sorted(supports, key=lambda s: (s.holds_latest, s.pk)):
        yield Line(statement, Relation.SUPPORTS, counted=True)
    for key in dict.fromkeys(period.contradicting):
        yield Line(derived.statements[key], Relation.CONTRADICTS, counted=True)
    for item in (*cell.set_aside, *cell.beside):
        yield Line(
            derived.statements[item.key],
            "about" if item.about else Relation.CONTEXT,
            counted=item.counted,
            set_aside_by=item.clause,
            reason=item.reason,
        )


def set_aside(
    issue: Issue, actor: Actor, known_on: datetime | None = None
) -> list[Line]:
    """Every public statement of an actor that makes no period, with the clause."""
    derived = deriving.derive(actor, issue, known_on)
    return [
        Line(
            derived.statements[item.key],
            "about" if item.about else Relation.CONTEXT,
            counted=item.counted,
            set_aside_by=item.clause,
            reason=item.reason,
        )
        for cell in derived.timeline.cells
        for item in (*cell.set_aside, *cell.beside)
    ]
