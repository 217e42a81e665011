"""The matrix of an issue: one row an actor, one column a headline option, on a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from positions import answers
from positions.charts import Tally, tally
from positions.choices import ActorKind
from positions.models import Actor, Issue, Option, Refused, Statement
from positions.periods import Period, Position
from positions.readers import Reader
from positions.steps import Shift, Steps, shifts
from positions.telling import last_day

ACTORS_A_PAGE = 200
# More than so many actors of one change are folded.
NAMED_AT_ONCE = 4


@dataclass(frozen=True, slots=True)
class Cell:
    """What an actor holds on a headline option."""

    option: Option
    periods: tuple[Period, ...]
    shifts: tuple[Shift, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """An actor's position on the day, and what changed in it since the step before."""

    position: Position
    cells: tuple[Cell, ...]
    shifts: tuple[Shift, ...]

    @property
    def actor(self) -> Actor:
        return self.position.actor

    @property
    def statuses(self) -> list[tuple[str, int]]:
        """("current", 3), ("carried", 1): those that occur, in this order."""
        counts = [(s, self.position.count(s)) for s in ("current", "carried")]
        counts.append(("contested", self.position.count("contested")))
        return [(status, count) for status, count in counts if count]

    @property
    def last_statement(self) -> Statement | None:
        """The newest evidence up to the day among all that supports the position."""
        spoken = [
            line.statement
            for period in self.position.periods
            for line in period.supports
            if last_day(line.statement) <= self.position.as_of
        ]
        return max(spoken, key=lambda s: (last_day(s), s.pk), default=None)


@dataclass(frozen=True, slots=True)
class Turn:
    """The same change of several actors."""

    shifts: tuple[Shift, ...]

    @property
    def first(self) -> Shift:
        return self.shifts[0]

    @property
    def few(self) -> bool:
        return len(self.shifts) <= NAMED_AT_ONCE


@dataclass(frozen=True, slots=True)
class Matrix:
    """One page of an issue's rows; `next_page` is the key to go on after, if any."""

    options: tuple[Option, ...]
    rows: tuple[Row, ...]
    without: tuple[Actor, ...]
    shifts: tuple[Shift, ...]
    tallies: tuple[Tally, ...]
    next_page: str

    @property
    def groups(self) -> list[tuple[str, list[Row]]]:
        """Rows by kind of actor."""
        return [
            (kind, list(rows))
            for kind, rows in groupby(
                self.rows, key=lambda row: row.actor.get_kind_display()
            )
        ]

    @property
    def turns(self) -> list[Turn]:
        """Changes of the same option from the same to the same, the largest first."""
        together: dict[tuple, list[Shift]] = {}
        for shift in self.shifts:
            key = (shift.option.pk, shift.facet, shift.old_codes, shift.new_codes)
            together.setdefault(key, []).append(shift)
        turns = (Turn(tuple(shifts)) for shifts in together.values())
        return sorted(
            turns, key=lambda t: (not t.first.option.headline, -len(t.shifts))
        )

    @property
    def n_changed(self) -> int:
        return len({shift.actor for shift in self.shifts})


def matrix_of(
    issue: Issue,
    steps: Steps,
    reader: Reader,
    *,
    layer: str = answers.ASSERTED,
    kind: str = "",
    after: str = "",
) -> Matrix:
    """The positions on the day of the steps, and what changed since the step before.

    A constant number of queries for any number of actors up to `ACTORS_A_PAGE`.
    """
    actors, next_page = _page(issue, reader, kind, after)
    found = answers.timelines(issue, actors=actors, layer=layer, as_of=steps.day)
    told = []
    for actor in actors:
        periods = list(found.get((actor.pk, layer), ()))
        held = tuple(p for p in periods if p.holds_on(steps.day))
        position = Position(actor, issue, steps.day, layer, held)
        told.append((position, _moved(periods, steps)))
    positions = [position for position, _ in told if position.periods]
    options = _columns(issue, steps.day, positions)
    return Matrix(
        options=options,
        rows=tuple(_row(one, moved, options) for one, moved in told if one.periods),
        without=tuple(one.actor for one, _ in told if not one.periods),
        shifts=tuple(shift for _, moved in told for shift in moved),
        tallies=tuple(tally(option, positions) for option in options),
        next_page=next_page,
    )


def _moved(periods: Sequence[Period], steps: Steps) -> tuple[Shift, ...]:
    """What changed for one actor since the step before, if there is one."""
    if steps.before is None:
        return ()
    return tuple(shifts(periods, steps.before.day, steps.day))


def _page(
    issue: Issue, reader: Reader, kind: str, after: str
) -> tuple[list[Actor], str]:
    """Actors by kind and name, after the one of a key; the key to go on after."""
    rows = ordered(answers.actors_of(issue)).filter(
        pk__in=Actor.objects.visible_to(reader).values("pk")
    )
    if kind:
        rows = rows.filter(kind=kind)
    if after:
        place, name, pk = _place(after, reader)
        rows = rows.filter(
            Q(place__gt=place)
            | Q(place=place, name__gt=name)
            | Q(place=place, name=name, pk__gt=pk)
        )
    actors = list(rows[: ACTORS_A_PAGE + 1])
    more = len(actors) > ACTORS_A_PAGE
    return actors[:ACTORS_A_PAGE], actors[ACTORS_A_PAGE - 1].key if more else ""


def _place(key: str, reader: Reader) -> tuple[int, str, int]:
    """Where the actor of a key stands in the order; refused if there is none."""
    actor = Actor.objects.visible_to(reader).filter(key=key).first()
    if actor is None:
        raise Refused("There is no such actor to go on after.")
    return ActorKind.values.index(actor.kind), actor.name, actor.pk


def ordered(actors: QuerySet[Actor]) -> QuerySet[Actor]:
    """By kind, as the list of kinds has them, then by name."""
    places = [When(kind=kind, then=Value(n)) for n, kind in enumerate(ActorKind.values)]
    return actors.annotate(
        place=Case(*places, output_field=IntegerField(), default=Value(99))
    ).order_by("place", "name", "pk")


def _columns(
    issue: Issue, day: date, positions: Sequence[Position]
) -> tuple[Option, ...]:
    """The headline options that are open on the day, or on which somebody holds one."""
    held = {p.option.pk for position in positions for p in position.periods}
    options = Option.objects.current().filter(
        issue__in=Issue.objects.group_of(issue), headline=True
    )
    valid = set(options.valid_on(day).values_list("pk", flat=True))
    return tuple(
        option
        for option in options.order_by("short_name", "pk")
        if option.pk in held or option.pk in valid
    )


def _row(
    position: Position, moved: tuple[Shift, ...], options: Sequence[Option]
) -> Row:
    cells = tuple(
        Cell(
            option,
            tuple(p for p in position.periods if p.option.pk == option.pk),
            tuple(shift for shift in moved if shift.option.pk == option.pk),
        )
        for option in options
    )
    return Row(position, cells, moved)
