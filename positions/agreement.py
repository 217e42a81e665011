"""How far two coders agree on the paragraphs that both were given (DESIGN, section 2).

Four figures: whether there is something in a paragraph (*found*), whose attitude
towards what (*same cell*), which one (*same disposition*), by which words (*same
words*). Each has its own units; under `FEWEST` of them it is not computed at all.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from statistics import median
from typing import NamedTuple, TypeVar

from positions import coefficients
from positions.coefficients import Interval, Pair, Resamples, Statistic

# Fewer units than this tell nothing that the list of disagreements does not.
FEWEST = 20

Group = TypeVar("Group", bound=Hashable)


# -- what was coded --------------------------------------------------------------------


class Cell(NamedTuple):
    """What coders split by in a paragraph; actor and option are keys of any kind."""

    actor: Hashable
    option: Hashable
    facet: str
    modality: str


@dataclass(frozen=True, slots=True)
class Coded:
    """One coding: a cell, its disposition with the rank in its facet, and the words.

    The words are the code points [start, end) of the paragraph.
    """

    cell: Cell
    disposition: str
    rank: int | None
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Unit:
    """A paragraph that two coders were given in a task, and what each made of it.

    `coders` are in one order for all units of a pair. Nothing coded means that the
    coder found nothing, as both have finished.
    """

    task: Hashable
    paragraph: Hashable
    coders: tuple[Hashable, Hashable]
    first: tuple[Coded, ...] = ()
    second: tuple[Coded, ...] = ()

    @property
    def found(self) -> tuple[bool, bool]:
        return bool(self.first), bool(self.second)

    @property
    def cells(self) -> list[Shared]:
        """Every cell that either coder used, the first coder's first."""
        used = dict.fromkeys(one.cell for one in (*self.first, *self.second))
        return [
            Shared(
                cell,
                tuple(one for one in self.first if one.cell == cell),
                tuple(one for one in self.second if one.cell == cell),
            )
            for cell in used
        ]


@dataclass(frozen=True, slots=True)
class Shared:
    """A cell of a paragraph with what each coder put into it."""

    cell: Cell
    first: tuple[Coded, ...]
    second: tuple[Coded, ...]

    @property
    def used(self) -> tuple[bool, bool]:
        return bool(self.first), bool(self.second)

    @property
    def by_both(self) -> bool:
        return all(self.used)

    @property
    def dispositions(self) -> tuple[str, str]:
        """What each coder says; several of one coder are one answer of its own."""
        return _answer(self.first), _answer(self.second)

    @property
    def ranks(self) -> tuple[int, int] | None:
        """Their ranks, where each coder gave one disposition that has one."""
        if len(self.first) != 1 or len(self.second) != 1:
            return None
        first, second = self.first[0].rank, self.second[0].rank
        return None if first is None or second is None else (first, second)

    @property
    def overlap(self) -> float:
        """How far both quote the same words, 0 to 1.

        Code points that both quote, over those that either quotes; several quotes of
        one coder are taken together.
        """
        first, second = _places(self.first), _places(self.second)
        return len(first & second) / len(first | second)


def _answer(coded: Iterable[Coded]) -> str:
    return "+".join(sorted({one.disposition for one in coded}))


def _places(coded: Iterable[Coded]) -> set[int]:
    return {place for one in coded for place in range(one.start, one.end)}


# -- where they differ -----------------------------------------------------------------


# What coders differ in, the gravest first; a paragraph is listed under its gravest.
DISPOSITION, CELL, FOUND, WORDS = "disposition", "cell", "found", "words"
KINDS = (DISPOSITION, CELL, FOUND, WORDS)


def difference(unit: Unit) -> str:
    """In what the coders differ most: one of `KINDS`, or "" if in nothing."""
    cells = unit.cells
    both = [one for one in cells if one.by_both]
    if any(first != second for first, second in (one.dispositions for one in both)):
        return DISPOSITION
    if unit.found != (True, True):
        return FOUND if any(unit.found) else ""
    if len(both) < len(cells):
        return CELL
    return WORDS if any(one.overlap == 0 for one in both) else ""


def disagreements(units: Iterable[Unit]) -> dict[str, list[Unit]]:
    """The units on which the coders differ, by the kind of difference, in order."""
    listed: dict[str, list[Unit]] = {kind: [] for kind in KINDS}
    for unit in units:
        if kind := difference(unit):
            listed[kind].append(unit)
    return listed


# -- figures ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with how many units stand behind it, or why there is none.

    `interval` holds 95 percent of the resamples.
    """

    n: int
    value: float | None = None
    interval: Interval | None = None
    why: str = ""

    @property
    def withheld(self) -> bool:
        return self.n < FEWEST


@dataclass(frozen=True, slots=True)
class Figures:
    """The four figures, each with the ways to compute it."""

    found: Figure
    same_cell: Figure
    same_cell_rolled_up: Figure
    same_disposition: Figure
    kappa: Figure
    alpha: Figure
    alpha_on_rank: Figure
    same_words: Figure


@dataclass(frozen=True, slots=True)
class RollUp:
    """Actor -> the state it belongs to, option -> the headline option it is part of.

    What is in neither map stays as it is.
    """

    states: Mapping[Hashable, Hashable] = field(default_factory=dict)
    headlines: Mapping[Hashable, Hashable] = field(default_factory=dict)

    def of(self, cell: Cell) -> Cell:
        return cell._replace(
            actor=self.states.get(cell.actor, cell.actor),
            option=self.headlines.get(cell.option, cell.option),
        )

    def of_unit(self, unit: Unit) -> Unit:
        def rolled(coded: Iterable[Coded]) -> tuple[Coded, ...]:
            return tuple(replace(one, cell=self.of(one.cell)) for one in coded)

        return replace(unit, first=rolled(unit.first), second=rolled(unit.second))


def figures(
    units: Sequence[Unit], roll_up: RollUp, resamples: Resamples | None = None
) -> Figures:
    """The four figures of some units.

    `resamples` of as many paragraphs as there are units may be shared by several
    calls, so that they are drawn once.
    """
    resamples = resamples or Resamples(len(units))
    cells = [(place, one) for place, unit in enumerate(units) for one in unit.cells]
    rolled = [
        (place, one.used)
        for place, unit in enumerate(units)
        for one in roll_up.of_unit(unit).cells
    ]
    both = [(place, one) for place, one in cells if one.by_both]
    said = [(place, one.dispositions) for place, one in both]
    ranks = [(place, one.ranks) for place, one in both if one.ranks]
    measure = _Measure(resamples)
    return Figures(
        found=measure.alpha([(place, u.found) for place, u in enumerate(units)]),
        same_cell=measure.share([(place, one.used) for place, one in cells]),
        same_cell_rolled_up=measure.share(rolled),
        same_disposition=measure.share(said),
        kappa=measure.kappa(said),
        alpha=measure.alpha(said),
        alpha_on_rank=measure.alpha_on_rank(ranks),
        same_words=measure.median([(place, one.overlap) for place, one in both]),
    )


ONE_VALUE = (
    "not defined: all answers are the same one, so nothing tells agreement from chance"
)


@dataclass(frozen=True, slots=True)
class _Measure:
    """Values of units with the places where they stand -> a figure."""

    resamples: Resamples

    def share(self, units: Sequence[tuple[int, Pair]]) -> Figure:
        return self._of_pairs(units, coefficients.share, coefficients.shares)

    def kappa(self, units: Sequence[tuple[int, Pair]]) -> Figure:
        return self._of_pairs(units, coefficients.kappa, coefficients.kappas)

    def alpha(self, units: Sequence[tuple[int, Pair]]) -> Figure:
        return self._of_pairs(units, coefficients.alpha, coefficients.nominal_alphas)

    def alpha_on_rank(self, units: Sequence[tuple[int, Pair]]) -> Figure:
        def ordinal(pairs: Sequence[Pair]) -> float | None:
            return coefficients.alpha(pairs, "ordinal")

        return self._of_pairs(units, ordinal, coefficients.ordinal_alphas)

    def median(self, units: Sequence[tuple[int, float]]) -> Figure:
        if len(units) < FEWEST:
            return withheld(len(units))
        places, values = zip(*units, strict=True)
        return Figure(
            len(units), median(values), self.resamples.median_interval(values, places)
        )

    def _of_pairs(
        self,
        units: Sequence[tuple[int, Pair]],
        compute: Callable[[Sequence[Pair]], float | None],
        statistic: Statistic,
    ) -> Figure:
        if len(units) < FEWEST:
            return withheld(len(units))
        places, pairs = zip(*units, strict=True)
        value = compute(pairs)
        if value is None:
            return Figure(len(units), why=ONE_VALUE)
        interval = self.resamples.interval(statistic, pairs, places)
        return Figure(len(units), value, interval)


def withheld(n: int) -> Figure:
    """The figure of too few units, with the reason that is shown in its place."""
    units = "1 unit" if n == 1 else f"{n} units"
    return Figure(n, why=f"withheld: {units}, {FEWEST} are needed")


# -- the same of parts -----------------------------------------------------------------


def by_cell(
    units: Sequence[Unit], roll_up: RollUp, group_of: Callable[[Cell], Group]
) -> dict[Group, Figures]:
    """The figures of each group of cells (an option, a facet), over all paragraphs.

    *Found* then says whether something of the group is in the paragraph.
    """
    coded = [one for unit in units for one in (*unit.first, *unit.second)]
    groups = dict.fromkeys(group_of(one.cell) for one in coded)
    resamples = Resamples(len(units))

    def only(group: Group, coded: Iterable[Coded]) -> tuple[Coded, ...]:
        return tuple(one for one in coded if group_of(one.cell) == group)

    return {
        group: figures(
            [
                replace(u, first=only(group, u.first), second=only(group, u.second))
                for u in units
            ],
            roll_up,
            resamples,
        )
        for group in groups
    }


def by_pair(
    units: Sequence[Unit], roll_up: RollUp
) -> dict[tuple[Hashable, Hashable], Figures]:
    """The figures of each two coders, over the paragraphs that both were given."""
    pairs: dict[tuple[Hashable, Hashable], list[Unit]] = {}
    for unit in units:
        pairs.setdefault(unit.coders, []).append(unit)
    return {pair: figures(given, roll_up) for pair, given in pairs.items()}
