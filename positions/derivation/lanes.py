"""Lanes: whose words of one cell are read together, and who gives way (7 and 9).

The rule itself is stated in `positions/timeline.py`.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from positions.choices import Publicity

from .evidence import Evidence, SetAside, count_between, gather
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


def read_lanes(
    items: Sequence[Evidence], bounds: Bounds, stops: Sequence[Stop]
) -> dict[Lane, LaneRead]:
    """The counted statements of one cell, read in "any" lane and, if need be, apart.

    Only the actor's own words set lanes apart. A group's words give way to them in
    whichever lane they were said (clause 9).
    """
    own = [item for item in items if item.through is None]
    lanes: tuple[Lane, ...] = ("any", *APART) if speak_apart(own) else ("any",)
    readings = {
        lane: _reading([i for i in own if is_in_lane(i, lane)], bounds, stops)
        for lane in lanes
    }
    given_way = _given_way(items, readings)
    aside = {item.key for item in given_way}
    takeovers = [
        Stop(run.start, "changed", run.support[0].lead.key)
        for reading in readings.values()
        for run in reading.runs
    ]
    ends = sorted([*stops, *takeovers], key=lambda stop: (stop.day, stop.by))
    group = [i for i in items if i.through is not None and i.key not in aside]
    found = {}
    for lane, reading in readings.items():
        heard = [item for item in group if is_in_lane(item, lane)]
        through = _reading(heard, bounds, ends)
        found[lane] = LaneRead(
            sorted(reading.runs + through.runs, key=lambda run: run.start),
            [*reading.set_aside, *given_way, *through.set_aside],
        )
    return found


def _given_way(
    items: Iterable[Evidence], readings: Mapping[Lane, Reading]
) -> list[SetAside]:
    """The group's words about days of which the actor's own evidence speaks."""
    aside = {item.key for item in readings["any"].set_aside}
    days = sorted(
        item.day for item in items if item.through is None and item.key not in aside
    )
    reason = "A group's word gives way to the actor's own."
    return [
        SetAside(item.key, 9, reason, item.day, counted=True)
        for item in items
        if item.through is not None
        and (
            count_between(days, item.earliest, item.latest)
            or any(_falls_into(reading.runs, item) for reading in readings.values())
        )
    ]


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


def _falls_into(runs: list[Run], item: Evidence) -> bool:
    index = bisect_right(runs, item.day, key=lambda run: run.start) - 1
    if index < 0:
        return False
    end = runs[index].end
    return end is None or item.day < end
