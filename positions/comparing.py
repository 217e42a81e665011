"""What two coders made of the same paragraphs, gathered for `agreement` to measure.

Only tasks that both coders have finished are ever read here: nobody sees another's
codings before. Actors and options are read as the records they are merged into.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.contrib.auth import get_user_model
from django.db.models import Count, F, Q, QuerySet

from positions import tasks
from positions.agreement import (
    Cell,
    Coded,
    Figures,
    RollUp,
    Unit,
    by_cell,
    by_pair,
    disagreements,
    figures,
)
from positions.choices import ActorKind, Facet
from positions.models import (
    Actor,
    Coding,
    Issue,
    Membership,
    Option,
    Statement,
    Task,
)

# The newest paragraphs, so that a page costs the same however many there are.
MOST_PARAGRAPHS = 5000
# A person in a department of a ministry of a state.
DEEPEST = 3
CHUNK = 500

_UNIT = (
    *("task_id", "paragraph__order", "paragraph_id"),
    *("task__first_id", "task__second_id"),
)


@dataclass(frozen=True, slots=True)
class Compared:
    """Units of finished tasks, with the records that their numbers name.

    `cut` says that there are older paragraphs which were not read.
    """

    units: Sequence[Unit]
    actors: Mapping[Any, Actor] = field(default_factory=dict)
    options: Mapping[Any, Option] = field(default_factory=dict)
    coders: Mapping[Any, Any] = field(default_factory=dict)
    roll_up: RollUp = field(default_factory=RollUp)
    cut: bool = False

    def figures(self) -> Figures:
        return figures(self.units, self.roll_up)

    def disagreements(self) -> dict[str, list[Unit]]:
        return disagreements(self.units)

    def by_option(self) -> list[tuple[Option, Figures]]:
        """Headline options first, then by name."""
        found = by_cell(self.units, self.roll_up, lambda cell: cell.option)
        rows = [(self.options[pk], told) for pk, told in found.items()]
        return sorted(rows, key=lambda row: (not row[0].headline, row[0].name))

    def by_facet(self) -> list[tuple[str, Figures]]:
        """In the order of the codebook; "" are answers without a position, last."""
        found = by_cell(self.units, self.roll_up, lambda cell: cell.facet)
        return [(facet, found[facet]) for facet in (*Facet, "") if facet in found]

    def by_pair(self) -> list[tuple[tuple[Any, Any], Figures]]:
        """Two coders -> their figures, the pair with most paragraphs first."""
        rows = [
            ((self.coders[first], self.coders[second]), told)
            for (first, second), told in by_pair(self.units, self.roll_up).items()
        ]
        return sorted(rows, key=lambda row: -row[1].found.n)


# -- gathering -------------------------------------------------------------------------


def finished(issue: Issue | None = None) -> QuerySet[Task]:
    """The tasks that both coders have finished: all, or those on an issue."""
    rows = Task.objects.coded()
    if issue is None:
        return rows
    return rows.filter(issue__in=Issue.objects.group_of(issue))


def compare(issue: Issue | None = None) -> Compared:
    """The newest units of an issue, or of all, task by task in the order of the text.

    A constant number of queries.
    """
    rows = _given(issue).order_by("-task_id", "paragraph__order")
    given = list(rows[: MOST_PARAGRAPHS + 1])
    cut = len(given) > MOST_PARAGRAPHS
    return _compared(given[:MOST_PARAGRAPHS], cut=cut)


def walk(issue: Issue) -> Iterator[Compared]:
    """All units of an issue, task by task in the order of the text, in chunks."""
    rows = _given(issue).order_by("task_id", "paragraph__order")
    beyond = Q()
    while given := list(rows.filter(beyond)[:CHUNK]):
        yield _compared(given)
        task, order, *_ = given[-1]
        beyond = Q(task__gt=task) | Q(task=task, paragraph__order__gt=order)


def _given(issue: Issue | None) -> QuerySet[Any, Any]:
    """The paragraphs of finished tasks, as rows of `_UNIT`."""
    through = Task.paragraphs.through.objects
    return through.filter(task__in=finished(issue)).values_list(*_UNIT)


def _compared(given: Sequence[tuple[int, ...]], *, cut: bool = False) -> Compared:
    if not given:
        return Compared(units=())
    codings = _codings(given)
    units = []
    for task, _, paragraph, *coders in given:
        # The two in one order in all their tasks, whoever was named first.
        first, second = sorted(coders)
        units.append(
            Unit(
                task,
                paragraph,
                (first, second),
                tuple(codings.get((task, paragraph, first), ())),
                tuple(codings.get((task, paragraph, second), ())),
            )
        )
    cells = {one.cell for rows in codings.values() for one in rows}
    actors = _actors({cell.actor for cell in cells})
    states = states_of(actors)
    options = _options({cell.option for cell in cells})
    people = {coder for unit in units for coder in unit.coders}
    return Compared(
        units,
        actors | {state.pk: state for state in states.values()},
        options,
        get_user_model()._default_manager.in_bulk(people),
        RollUp({pk: state.pk for pk, state in states.items()}, headlines_of(options)),
        cut,
    )


def _codings(
    given: Sequence[tuple[int, ...]],
) -> dict[tuple[int, int, int], list[Coded]]:
    """(task, paragraph, coder) -> what was coded, in the order of the words."""
    rows = Coding.objects.filter(
        task__in={row[0] for row in given}, paragraph__in={row[2] for row in given}
    ).values_list(
        *("task_id", "paragraph_id", "coder_id"),
        *("actor_id", "actor__merged_into_id", "option_id", "option__merged_into_id"),
        *("disposition__facet", "modality", "disposition__code", "disposition__rank"),
        *("start", "end"),
    )
    found = defaultdict(list)
    for task, paragraph, coder, *said in rows.order_by("start", "pk"):
        actor, actor_into, option, option_into, facet, modality, *coded = said
        cell = Cell(actor_into or actor, option_into or option, facet, modality)
        found[task, paragraph, coder].append(Coded(cell, *coded))
    return found


def _actors(keys: Iterable[Any]) -> dict[int, Actor]:
    return {actor.pk: actor for actor in Actor.objects.filter(pk__in=keys)}


def _options(keys: Iterable[Any]) -> dict[int, Option]:
    """These options, and all others of their issues, which they may be parts of."""
    issues = Option.objects.filter(pk__in=keys).values("issue")
    return {row.pk: row for row in Option.objects.filter(issue__in=issues)}


def hidden_from(who: Any, units: Iterable[Unit]) -> set[Unit]:
    """The units whose codings a person may not see yet.

    Those of the person's own tasks until they are adjudicated, as a task may be
    reopened; and paragraphs that the person is still coding in another task.
    """
    units = list(units)
    mine = Task.objects.of_coder(who).filter(adjudicated_at=None)
    mine = mine.filter(pk__in={unit.task for unit in units})
    own = set(mine.values_list("pk", flat=True))
    blind = tasks.blind_paragraphs(who)
    blind = blind.filter(pk__in={unit.paragraph for unit in units})
    coding = set(blind.values_list("pk", flat=True))
    return {unit for unit in units if unit.task in own or unit.paragraph in coding}


# -- rolling up ------------------------------------------------------------------------


def headlines_of(options: Mapping[int, Option]) -> dict[Any, Any]:
    """Option -> the nearest headline option above it, or itself; by primary keys."""

    def headline(option: Option) -> int:
        seen: set[int] = set()
        above: Option | None = option
        while above is not None and not above.headline and above.pk not in seen:
            seen.add(above.pk)
            parent = options.get(above.parent_id or 0)
            merged = options.get(parent.merged_into_id or 0) if parent else None
            above = merged or parent
        return above.pk if above is not None and above.headline else option.pk

    return {pk: headline(option) for pk, option in options.items()}


def states_of(actors: Mapping[int, Actor]) -> dict[int, Actor]:
    """Primary key of a person or government body -> the state it belongs to.

    Of several memberships the one that ends last counts. Who belongs to no state is
    left out, as are actors of other kinds.
    """
    belonging = (ActorKind.PERSON, ActorKind.BODY)
    above: dict[int, Actor] = {}
    waiting = {pk for pk, actor in actors.items() if actor.kind in belonging}
    for _ in range(DEEPEST):
        if not waiting:
            break
        above |= _above(waiting)
        bodies = {one.pk for one in above.values() if one.kind == ActorKind.BODY}
        waiting = bodies - set(above)
    found = {pk: _state_over(pk, above) for pk in actors}
    return {pk: state for pk, state in found.items() if state is not None}


def _above(members: set[int]) -> dict[int, Actor]:
    """Member -> the state or body that it is in, or was in last."""
    rows = Membership.objects.filter(
        Q(member__in=members) | Q(member__merged_into__in=members),
        group__kind__in=(ActorKind.STATE, ActorKind.BODY),
    ).select_related("member", "group__merged_into")
    lasting = sorted(rows, key=lambda m: (*reversed(m.span), -m.pk))
    return {
        row.member.merged_into_id or row.member_id: row.group.survivor
        for row in lasting
    }


def _state_over(member: int, above: Mapping[int, Actor]) -> Actor | None:
    seen: set[int] = set()
    while member in above and member not in seen:
        seen.add(member)
        group = above[member]
        if group.kind == ActorKind.STATE:
            return group
        member = group.pk
    return None


# -- beside the figures ----------------------------------------------------------------


class Looked(NamedTuple):
    """Accepted statements, and those among them that only their coder has looked at."""

    n: int = 0
    single: int = 0

    @property
    def share(self) -> float | None:
        return self.single / self.n if self.n else None


@dataclass(frozen=True, slots=True)
class SingleCoded:
    """How many accepted statements of an issue are single-coded, in all and by part."""

    all: Looked
    by_option: Mapping[int, Looked]
    by_facet: Mapping[str, Looked]


def single_coded(issue: Issue) -> SingleCoded:
    """One query, whatever the issue's size."""
    rows = (
        Statement.objects.public()
        .of_issue(issue)
        .order_by()
        .values_list("option", "option__merged_into", "disposition__facet")
        .annotate(n=Count("pk"), single=Count("pk", Q(accepted_by=F("coder"))))
    )
    options: dict[int, Looked] = {}
    facets: dict[str, Looked] = {}
    for option, merged_into, facet, n, single in rows:
        _add(options, merged_into or option, n, single)
        _add(facets, facet, n, single)
    whole: dict[str, Looked] = {}
    for looked in facets.values():
        _add(whole, "", *looked)
    return SingleCoded(whole.get("", Looked()), options, facets)


def _add(counts: dict[Any, Looked], key: Any, n: int, single: int) -> None:
    so_far = counts.get(key, Looked())
    counts[key] = Looked(so_far.n + n, so_far.single + single)
