"""Coefficients of agreement between two coders, and the interval a sample gives them.

Only arithmetic on pairs of values; what the pairs are is the business of `agreement`.
numpy and krippendorff are imported where they are used: they take 25 MB and a tenth
of a second, which nothing else that imports the domain has to spend.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, np.dtype[Any]]

Pair = tuple[Hashable, Hashable]
Level = Literal["nominal", "ordinal"]
# Shape (k, v, v), how often the coders gave two values -> shape (k,).
Statistic = Callable[["Array"], "Array"]
Interval = tuple[float, float]

RESAMPLES = 1000
# Percentiles that leave out a twentieth, half of it on either side.
TAILS = (0.025, 0.975)
# Any number: the same page, read twice, says the same.
SEED = 19600401
# Where a coefficient is undefined in more of the resamples, they tell no interval.
MOST_UNDEFINED = 0.05
# Resamples of one batch, so that the arrays of many units stay small.
BATCH = 250


# -- the statistics, each of many tables at once ---------------------------------------


def shares(tables: Array) -> Array:
    """The share of units on the diagonal: both coders gave one value."""
    return tables.trace(axis1=1, axis2=2) / tables.sum(axis=(1, 2))


def kappas(tables: Array) -> Array:
    """Cohen's kappa (Educational and Psychological Measurement 20, 1960, 37-46).

    Each coder's own habits say how often the two agree by chance.
    """
    total = tables.sum(axis=(1, 2))
    chance = (tables.sum(axis=1) * tables.sum(axis=2)).sum(axis=1) / total**2
    return (shares(tables) - chance) / (1 - chance)


def nominal_alphas(tables: Array) -> Array:
    """Krippendorff's alpha: every difference counts alike."""
    counts = tables.sum(axis=1) + tables.sum(axis=2)
    total = counts.sum(axis=1)
    seen = total - 2 * tables.trace(axis1=1, axis2=2)
    by_chance = (total**2 - (counts**2).sum(axis=1)) / (total - 1)
    return 1 - seen / by_chance


def ordinal_alphas(tables: Array) -> Array:
    """Krippendorff's alpha: a difference grows with the values that lie between.

    The distance of two values is the square of the number of values given from the
    middle of the one to the middle of the other (Krippendorff, "Computing
    Krippendorff's Alpha-Reliability", 2011).
    """
    counts = tables.sum(axis=1) + tables.sum(axis=2)
    middles = counts.cumsum(axis=1) - counts / 2
    distances = (middles[:, :, None] - middles[:, None, :]) ** 2
    seen = 2 * (tables * distances).sum(axis=(1, 2))
    by_chance = (counts[:, :, None] * counts[:, None, :] * distances).sum(axis=(1, 2))
    return 1 - seen * (counts.sum(axis=1) - 1) / by_chance


# -- of one sample ---------------------------------------------------------------------


def share(pairs: Sequence[Pair]) -> float | None:
    """The share of pairs whose values are equal, 0 to 1; None for no pairs."""
    return _of_sample(shares, pairs)


def kappa(pairs: Sequence[Pair]) -> float | None:
    """Cohen's kappa; None where chance alone would always agree."""
    return _of_sample(kappas, pairs)


def alpha(pairs: Sequence[Pair], level: Level = "nominal") -> float | None:
    """Krippendorff's alpha, by the library; None where all values are one.

    For "ordinal" the values sort in their order.
    """
    # Heavy, and wanted on one page only.
    import krippendorff

    codes, v = _numbered(pairs)
    if v < 2:
        return None
    return float(
        krippendorff.alpha(
            reliability_data=[
                [code // v for code in codes],
                [code % v for code in codes],
            ],
            value_domain=list(range(v)),
            level_of_measurement=level,
        )
    )


def _of_sample(statistic: Statistic, pairs: Sequence[Pair]) -> float | None:
    if not pairs:
        return None
    (found,) = _quietly(statistic, _counted(pairs))
    return float(found) if math.isfinite(found) else None


def _quietly(statistic: Statistic, tables: Array) -> Array:
    """A statistic whose zero divisions are not warned of: they come out as nan."""
    import numpy as np

    with np.errstate(divide="ignore", invalid="ignore"):
        return statistic(tables)


def _numbered(pairs: Sequence[Pair]) -> tuple[list[int], int]:
    """Each pair as a place in the flat table of all values, and their number v."""
    values: list[Any] = sorted({value for pair in pairs for value in pair})
    number = {value: n for n, value in enumerate(values)}
    return [number[a] * len(values) + number[b] for a, b in pairs], len(values)


def _counted(pairs: Sequence[Pair]) -> Array:
    """One table, shape (1, v, v): how often the coders gave two values."""
    import numpy as np

    codes, v = _numbered(pairs)
    counts = np.bincount(codes, minlength=v * v)
    return counts.reshape(1, v, v).astype(np.float64)


# -- of many resamples -----------------------------------------------------------------


class Resamples:
    """Paragraphs drawn again and again, with replacement (Efron's bootstrap).

    Whole paragraphs are drawn: what is found in one is not independent. A unit
    therefore says in which of the paragraphs (from 0) it stands: its place.
    """

    def __init__(self, paragraphs: int) -> None:
        self.paragraphs = paragraphs

    @cached_property
    def draws(self) -> list[Array]:
        """How often each paragraph is drawn: batches of shape (BATCH, paragraphs)."""
        import numpy as np

        chance, shape = np.random.default_rng(SEED), (BATCH, self.paragraphs)
        begin = np.arange(BATCH)[:, None] * self.paragraphs
        return [
            np.bincount(
                (begin + chance.integers(self.paragraphs, size=shape)).ravel(),
                minlength=BATCH * self.paragraphs,
            )
            .reshape(shape)
            .astype(np.float32)
            for _ in range(RESAMPLES // BATCH)
        ]

    def interval(
        self, statistic: Statistic, pairs: Sequence[Pair], places: Sequence[int]
    ) -> Interval | None:
        """Where 95 percent of the resamples have the statistic; None if it is unsure.

        `places` has the paragraph of each pair.
        """
        batches = self._tables(pairs, places)
        return _middle([_quietly(statistic, batch) for batch in batches])

    def median_interval(
        self, values: Sequence[float], places: Sequence[int]
    ) -> Interval | None:
        """The same of the median of values, one of each unit."""
        import numpy as np

        order = np.argsort(values, kind="stable")
        ranked, stand = np.asarray(values)[order], np.asarray(places)[order]
        medians = []
        for draw in self.draws:
            below = draw[:, stand].cumsum(axis=1)
            half = below[:, -1:] / 2
            middle = [(below >= half).argmax(axis=1), (below > half).argmax(axis=1)]
            found = (ranked[middle[0]] + ranked[middle[1]]) / 2
            medians.append(np.where(half[:, 0] > 0, found, np.nan))
        return _middle(medians)

    def _tables(self, pairs: Sequence[Pair], places: Sequence[int]) -> Iterator[Array]:
        """The tables of each batch, shape (BATCH, v, v)."""
        import numpy as np

        codes, v = _numbered(pairs)
        kinds, kind = np.unique(codes, return_inverse=True)
        stand, row = np.unique(places, return_inverse=True)
        in_paragraph = np.zeros((len(stand), len(kinds)), dtype=np.float32)
        np.add.at(in_paragraph, (row, kind), 1)
        for draw in self.draws:
            tables = np.zeros((BATCH, v * v))
            tables[:, kinds] = draw[:, stand] @ in_paragraph
            yield tables.reshape(BATCH, v, v)


def _middle(batches: Sequence[Array]) -> Interval | None:
    import numpy as np

    found = np.concatenate(batches)
    found = found[np.isfinite(found)]
    if len(found) < RESAMPLES * (1 - MOST_UNDEFINED):
        return None
    low, high = np.quantile(found, TAILS)
    return float(low), float(high)
