"""Lanes: whose words of one cell are read together, and who gives way (7 and 9).

The rule itself is stated in `positions/timeline.py`.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from positions.choices import Publicity

from .evidence import Evidence, SetAside, gather
from .periods import Lane
from .runs import Reading, Run, Stop

APART: tuple[Lane, ...] = ("public", "confidential")


@dataclass(frozen=True, slots=True)
class Bounds:
    """What ends a cell's periods: months, days of a contest, last valid day."""

    horizon: int | None
    contest_days: int
    last_day: date | None


@dataclass(frozen=True, slots=True)
class LaneRead:
    """What a lane makes of its evidence: runs in order of day, and the rest."""

    runs: list[Run]
    set_aside: list[SetAside]


def is_in_lane(item: Evidence, lane: Lane) -> bool:
    """Acts, leaked words and words of unknown publicity are in both lanes."""
    if lane == "any" or item.is_act:
        return True
    return item.publicity not in APART or item.publicity == lane


def speak_apart(items: Iterable[Evidence]) -> bool:
    """Whether there are words of both kinds, so that the lanes can differ."""
    kinds = {item.publicity for item in items if not item.is_act}
    return {Publicity.PUBLIC, Publicity.CONFIDENTIAL} <= kinds


def read_lane(
    items: Sequence[Evidence], lane: Lane, bounds: Bounds, stops: Sequence[Stop]
) -> LaneRead:
    """Clause 9: the actor's own evidence first, then what a group's adds to it."""
    heard = [item for item in items if is_in_lane(item, lane)]
    own = [item for item in heard if item.through is None]
    reading = _reading(own, bounds, stops)
    aside = {item.key for item in reading.set_aside}
    days = sorted(item.day for item in own if item.key not in aside)
    group, given_way = [], []
    for item in heard:
        if item.through is None:
            continue
        if _count_in(days, item) or _falls_into(reading.runs, item):
            reason = "A group's word gives way to the actor's own."
            given_way.append(SetAside(item.key, 9, reason, item.day, counted=True))
        else:
            group.append(item)
    takeovers = [
        Stop(run.start, "changed", run.support[0].lead.key) for run in reading.runs
    ]
    ends = sorted([*stops, *takeovers], key=lambda stop: (stop.day, stop.by))
    through = _reading(group, bounds, ends)
    return LaneRead(
        sorted(reading.runs + through.runs, key=lambda run: run.start),
        [*reading.set_aside, *given_way, *through.set_aside],
    )


def _reading(
    items: Sequence[Evidence], bounds: Bounds, stops: Sequence[Stop]
) -> Reading:
    return Reading(
        gather(items),
        horizon=bounds.horizon,
        contest_days=bounds.contest_days,
        last_day=bounds.last_day,
        stops=stops,
    )


def _count_in(days: list[date], item: Evidence) -> int:
    return bisect_right(days, item.latest) - bisect_left(days, item.earliest)


def _falls_into(runs: list[Run], item: Evidence) -> bool:
    index = bisect_right(runs, item.day, key=lambda run: run.start) - 1
    if index < 0:
        return False
    end = runs[index].end
    return end is None or item.day < end
