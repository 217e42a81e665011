"""Geometry of the charts that templates draw as SVG: plain arithmetic on answers.

Places along the time axis are in percent of the chart's width, so that a chart is
as wide as its page and its letters keep their size; heights are in pixels.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from positions.choices import Facet, Relation
from positions.models import Disposition, Option
from positions.periods import Period, Position
from positions.steps import Step
from positions.telling import (
    LANES,
    last_day,
    tell_day,
    tell_days,
    tell_disposition,
    tell_period,
)

LANE_HEIGHT = 52
BAR_HEIGHT = 22
# Room above the lanes for the events, below them for the years.
EVENTS_HEIGHT = 34
AXIS_HEIGHT = 28
MARGIN = 0.02
# A letter of 7.5 pixels in percent of the narrowest chart in which a label of this
# class is shown: 288, 648 and 944 pixels (site.css hides it in narrower windows).
LETTERS = {"always": 2.6, "middle": 1.16, "wide": 0.8}
# Letters that would fit into the space around a label.
PADDING = 2
# Percent from an edge within which a year is written inwards.
EDGE = 4
# As many years as stand side by side in the narrowest chart.
MOST_TICKS = 6
NICE_YEARS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000)


def tone(score: int | None) -> str:
    """The class that colours a score: "plus2" ... "zero" ... "minus2", "mixed"."""
    if score is None:
        return "mixed"
    if score == 0:
        return "zero"
    return f"{'plus' if score > 0 else 'minus'}{abs(score)}"


@dataclass(frozen=True, slots=True)
class Scale:
    """Days to percent of the width, with a margin on both sides."""

    first: date
    last: date

    @classmethod
    def over(cls, days: Iterable[date]) -> Scale:
        """The scale that shows all of these days (at least one)."""
        found = sorted(days)
        margin = timedelta(days=int((found[-1] - found[0]).days * MARGIN) + 20)
        return cls(
            max(found[0], date.min + margin) - margin,
            min(found[-1], date.max - margin) + margin,
        )

    def at(self, day: date) -> float:
        """Percent from the left, never outside 0 to 100."""
        share = (day - self.first).days / ((self.last - self.first).days or 1)
        return 100 * min(max(share, 0), 1)

    def ticks(self) -> list[Tick]:
        """First days of years, as many as fit; of months, where there is no year."""
        years = range(self.first.year + 1, self.last.year + 1)
        step = next((n for n in NICE_YEARS if len(years) / n <= MOST_TICKS), 2000)
        shown = [y for y in years if y % step == 0]
        if shown:
            return [Tick(percent(self.at(date(y, 1, 1))), str(y)) for y in shown]
        middle = self.first + (self.last - self.first) / 2
        first = middle.replace(day=1)
        return [Tick(percent(self.at(first)), tell_day(first)[2:])]


@dataclass(frozen=True, slots=True)
class Tick:
    """A year below the axis; at an edge it is written inwards, not across."""

    x: str
    label: str

    @property
    def anchor(self) -> str:
        x = float(self.x.rstrip("%"))
        if x < EDGE:
            return "start"
        return "end" if x > 100 - EDGE else "middle"


def percent(value: float) -> str:
    return f"{value:.2f}%"


@dataclass(frozen=True, slots=True)
class Bar:
    """A period: its place, the part of it that evidence confirms, and its words."""

    x: str
    width: str
    confirmed: str  # of the bar's own width
    tone: str
    label: str
    title: str
    period: Period

    @property
    def faint(self) -> bool:
        """Does the label stand on the pale part?"""
        confirmed = float(self.confirmed.rstrip("%")) * float(self.width.rstrip("%"))
        return confirmed / 100 < len(self.label) * LETTERS["wide"] / 2

    @property
    def room(self) -> str:
        """The narrowest charts in which the whole label fits, or "never"."""
        width, letters = float(self.width.rstrip("%")), len(self.label) + PADDING
        fitting = (room for room, one in LETTERS.items() if width >= letters * one)
        return next(fitting, "never")


@dataclass(frozen=True, slots=True)
class Dot:
    """A statement on its day."""

    x: str
    against: bool
    title: str
    key: str


@dataclass(frozen=True, slots=True)
class Lane:
    """One option and facet, from top to bottom of the chart."""

    y: int
    title: str
    bars: tuple[Bar, ...]
    dots: tuple[Dot, ...]

    @property
    def title_y(self) -> int:
        return self.y + 14

    @property
    def bar_y(self) -> int:
        return self.y + 20

    @property
    def text_y(self) -> int:
        return self.bar_y + 15

    @property
    def dot_y(self) -> int:
        return self.bar_y + BAR_HEIGHT


@dataclass(frozen=True, slots=True)
class Mark:
    """A step among the events; or a day without one, if it is the day shown."""

    x: str
    day: date
    title: str
    now: bool
    event: bool = True


@dataclass(frozen=True, slots=True)
class Timeline:
    """An actor's periods on an issue, drawn."""

    height: int
    lanes: tuple[Lane, ...]
    marks: tuple[Mark, ...]
    ticks: tuple[Tick, ...]
    now: str
    bar_height: int = BAR_HEIGHT

    @property
    def axis_y(self) -> int:
        return self.height - AXIS_HEIGHT

    @property
    def label_y(self) -> int:
        return self.height - 9


def timeline(
    periods: Sequence[Period], steps: Sequence[Step], on: date
) -> Timeline | None:
    """Lanes of bars with a dot a statement; None without a period."""
    if not periods:
        return None
    scale = Scale.over(_days(periods, steps, on))
    lanes = tuple(
        _draw_lane(scale, held, EVENTS_HEIGHT + number * LANE_HEIGHT)
        for number, held in enumerate(in_lanes(periods))
    )
    return Timeline(
        height=EVENTS_HEIGHT + len(lanes) * LANE_HEIGHT + AXIS_HEIGHT,
        lanes=lanes,
        marks=marks(scale, steps, on),
        ticks=tuple(scale.ticks()),
        now=percent(scale.at(on)),
    )


def strip(steps: Sequence[Step], on: date) -> tuple[Mark, ...]:
    """The steps of an issue on a line of their own, with the day shown, in order."""
    if not steps:
        return ()
    scale = Scale.over([on, *(step.day for step in steps)])
    found = marks(scale, steps, on)
    if any(mark.now for mark in found):
        return found
    shown = Mark(percent(scale.at(on)), on, tell_day(on), now=True, event=False)
    return tuple(sorted((*found, shown), key=lambda mark: mark.day))


def marks(scale: Scale, steps: Iterable[Step], on: date) -> tuple[Mark, ...]:
    return tuple(
        Mark(
            percent(scale.at(step.day)),
            step.day,
            f"{tell_day(step.day)}: {step.name}",
            step.day == on,
        )
        for step in steps
    )


def _days(periods: Iterable[Period], steps: Iterable[Step], on: date) -> list[date]:
    days = [on, *(step.day for step in steps)]
    for period in periods:
        days += [period.holds_from, period.last_confirmed or period.holds_from]
        days += [period.holds_to] if period.holds_to else []
    return days


_FACETS = list(Facet.values)


def in_lanes(periods: Iterable[Period]) -> list[list[Period]]:
    """Periods by option, facet and publicity, each lane in order of day.

    Headline options come first, then the option that anything was said of first.
    """
    lanes: dict[tuple[str, str, str], list[Period]] = {}
    first: dict[str, date] = {}
    for period in sorted(periods, key=lambda p: (p.holds_from, p.publicity)):
        key = period.option.key, period.facet, period.publicity
        lanes.setdefault(key, []).append(period)
        first.setdefault(period.option.key, period.holds_from)

    def place(lane: list[Period]) -> tuple:
        option = lane[0].option
        facet = _FACETS.index(lane[0].facet)
        return (
            not option.headline,
            first[option.key],
            option.key,
            facet,
            lane[0].publicity != "public",
        )

    return sorted(lanes.values(), key=place)


def lane_title(period: Period) -> str:
    """What a lane is of: "CCW – preference", "CCW – preference, in public"."""
    title = f"{period.option} – {period.facet}"
    lane = LANES.get(period.publicity)
    return f"{title}, {lane}" if lane else title


def _draw_lane(scale: Scale, periods: list[Period], y: int) -> Lane:
    return Lane(
        y=y,
        title=lane_title(periods[0]),
        bars=tuple(_draw_bar(scale, period) for period in periods),
        dots=tuple(_dots(scale, periods)),
    )


def _draw_bar(scale: Scale, period: Period) -> Bar:
    start = scale.at(period.holds_from)
    end = scale.at(period.holds_to) if period.holds_to else 100
    width = max(end - start, 0.4)
    return Bar(
        x=percent(start),
        width=percent(width),
        confirmed=percent(_confirmed(scale, period, start, width)),
        tone=tone(period.score),
        label=" or ".join(d.label for d in period.dispositions),
        title=f"{period.option}: {tell_period(period)}, {tell_days(period)}",
        period=period,
    )


def _confirmed(scale: Scale, period: Period, start: float, width: float) -> float:
    """How much of a bar lies before the last evidence; a commitment stays whole."""
    if period.facet == Facet.COMMITMENT or period.last_confirmed is None:
        return 100
    share = (scale.at(period.last_confirmed) - start) / width
    return 100 * min(max(share, 0), 1)


def _dots(scale: Scale, periods: Iterable[Period]) -> list[Dot]:
    """Each statement of a lane once, on the last day of which it may speak."""
    seen: dict[str, Dot] = {}
    for period in periods:
        for line in period.lines:
            if line.relation not in (Relation.SUPPORTS, Relation.CONTRADICTS):
                continue
            statement = line.statement
            day = last_day(statement)
            seen.setdefault(
                statement.key,
                Dot(
                    x=percent(scale.at(day)),
                    against=line.relation == Relation.CONTRADICTS,
                    title=f"{tell_day(day)}: {tell_disposition(statement)}",
                    key=statement.key,
                ),
            )
    return list(seen.values())


# -- tallies -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Part:
    """The actors of one disposition, as a part of a bar."""

    x: str
    width: str
    tone: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class Tally:
    """How the actors with a position on an option divide, from for to against."""

    option: Option
    count: int
    parts: tuple[Part, ...] = field(default=())


def tally(option: Option, positions: Iterable[Position]) -> Tally:
    """Count each actor once on an option, by the disposition that its phrase says."""
    counts: dict[tuple, int] = {}
    for position in positions:
        said = _speaking([p for p in position.periods if p.option == option])
        if said:
            key = _standing(said)
            counts[key] = counts.get(key, 0) + 1
    total = sum(counts.values())
    parts, x = [], 0.0
    for (_, _, label, colour), count in sorted(counts.items()):
        width = 100 * count / total
        parts.append(Part(percent(x), percent(width), colour, label, count))
        x += width
    return Tally(option, total, tuple(parts))


def _speaking(periods: Sequence[Period]) -> Period | None:
    """The period that the phrase rule lets speak for an option (clause 11)."""
    return min(periods, key=lambda p: p.clause(headline=True).place, default=None)


def _standing(period: Period) -> tuple[int, int, str, str]:
    """Sorts from for to against, contested in the end."""
    if period.contested:
        return 9, 0, "contested", tone(None)
    disposition: Disposition = period.disposition
    score = disposition.score or 0
    return -score, disposition.headline or 0, disposition.label, tone(score)
