"""Dates as sources give them: five forms of EDTF, the days they span, and words.

A date is kept as text in one of five forms of EDTF (ISO 8601-2) and no others,
beside the earliest and the latest day it can mean. The `edtf` library takes
milliseconds a date and reads "since" as ten years, so it only checks our tests.
"""

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from positions.names import quoted

Precision = Literal["day", "month", "year", "range", "since"]

DATE_HELP = (
    "A day 2008-05-02, a month 2008-05 or a year 2008; with ~ after it for “about” "
    "(2008-05~); two of these with a slash for “from … to” (2007-02-22/2007-02-23); "
    "one with a slash at its end for “since” (2007/)."
)

_FORMS = (
    "write YYYY, YYYY-MM or YYYY-MM-DD, one of these with ~ for about, "
    "two with / between them, or one with / at its end for since"
)
_POINT = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?(~?)")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_WEEK = timedelta(days=7)


class BadDate(ValueError):  # noqa: N818 (reads as what it is)
    """A text that is not a date in an allowed form; its message is one sentence."""


@dataclass(frozen=True, slots=True)
class Dated:
    """A date as given, with the first and the last day that it can mean."""

    text: str
    earliest: date
    latest: date
    since: bool


@dataclass(frozen=True, slots=True)
class _Point:
    """A year, month or day, perhaps approximate: one end of a date."""

    year: int
    month: int | None
    day: int | None
    about: bool

    @property
    def first(self) -> date:
        return date(self.year, self.month or 1, self.day or 1)

    @property
    def last(self) -> date:
        month = self.month or 12
        return date(self.year, month, self.day or _month_length(self.year, month))

    @property
    def earliest(self) -> date:
        """The first day, a week, month or year before it where it is approximate."""
        return self._widened(self.first, -1) if self.about else self.first

    @property
    def latest(self) -> date:
        """The last day, a week, month or year after it where it is approximate."""
        return self._widened(self.last, 1) if self.about else self.last

    @property
    def words(self) -> list[str]:
        """Its parts as a reader says them: ["2", "May", "2008"]."""
        parts = [str(self.day)] if self.day else []
        parts += [calendar.month_name[self.month]] if self.month else []
        return [*parts, str(self.year)]

    def _widened(self, day: date, sign: int) -> date:
        if self.day:
            return _add_days(day, _WEEK * sign)
        months = sign if self.month else 12 * sign
        moved = add_months(day, months)
        if sign < 0 or date.max == moved:
            return moved
        return moved.replace(day=_month_length(moved.year, moved.month))


def parse(text: str, *, said: date | None = None) -> Dated:
    """Read a date in one of the five forms.

    `~` widens a day by 7 days, a month by one, a year by one, on both sides, and
    never past the years 1 and 9999. Both ends of `A/B` may carry it. The open end
    of `A/` closes on `said`, the last day on which the words can have been said.
    Raises BadDate, with one sentence, for anything else.
    """
    begin, end = _ends(text)
    if end is not None:
        return Dated(text, begin.earliest, end.latest, since=False)
    if said is None:
        raise BadDate(
            f"{quoted(text)} is open: the day on which it was said is missing."
        )
    if said < begin.earliest:
        raise BadDate(
            f"{quoted(text)} begins after {said.isoformat()}, "
            "the day on which it was said."
        )
    return Dated(text, begin.earliest, said, since=True)


def precision(text: str) -> Precision:
    """What the text names: a day, month, year, range or since. Raises BadDate."""
    begin, end = _ends(text)
    if end is None:
        return "since"
    if "/" in text:
        return "range"
    if begin.month is None:
        return "year"
    return "month" if begin.day is None else "day"


def show(text: str) -> str:
    """The date in English: "2 May 2008", "about May 2008", "since 2007".

    A range is shortened where both ends share month or year:
    "22–23 February 2007", "May–June 2008". Raises BadDate.
    """
    begin, end = _ends(text)
    if end is None:
        return f"since {_shown(begin)}"
    if begin == end:
        return _shown(begin)
    first, last = begin.words, end.words
    if begin.about or end.about or len(first) != len(last):
        return f"{_shown(begin)} – {_shown(end)}"
    while len(first) > 1 and first[-1] == last[len(first) - 1]:
        first = first[:-1]
    dash = "–" if len(first) == 1 else " – "
    return " ".join(first) + dash + " ".join(last)


def add_months(day: date, n: int) -> date:
    """The same day n calendar months later (earlier, if n is negative).

    A day that the month lacks becomes its last day (31 January + 1 = 28 February);
    a month before year 1 or after 9999 becomes the first or last day there is.
    """
    index = day.year * 12 + day.month - 1 + n
    year, month = index // 12, index % 12 + 1
    if year < 1:
        return date.min
    if year > 9999:
        return date.max
    return date(year, month, min(day.day, _month_length(year, month)))


def day(text: str) -> date:
    """A day written YYYY-MM-DD, as in a query; raises BadDate for anything else.

    `date.fromisoformat` alone also takes 20080502 and 2008-W18-5.
    """
    if _DAY.fullmatch(text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise BadDate(f"{quoted(text)} is not a day of the calendar.") from None
    raise BadDate(
        f"{quoted(text)} is not a day: write YYYY-MM-DD, for example 2008-05-02."
    )


def _ends(text: str) -> tuple[_Point, _Point | None]:
    """Both ends of a date: twice the same for one point, no second for a since."""
    head, slash, tail = text.partition("/")
    begin = _point(head, text)
    if not slash:
        return begin, begin
    if not tail:
        return begin, None
    end = _point(tail, text)
    # Compared as written, without ~: widening must not excuse a slip of the pen.
    if end.last < begin.first:
        raise BadDate(f"{quoted(text)} ends before it begins.")
    return begin, end


def _point(part: str, whole: str) -> _Point:
    found = _POINT.fullmatch(part)
    if not found:
        raise BadDate(f"{quoted(whole)} is not a date: {_FORMS}.")
    year, month, day_, about = found.groups()
    point = _Point(
        int(year),
        None if month is None else int(month),
        None if day_ is None else int(day_),
        about == "~",
    )
    if not _exists(point):
        raise BadDate(f"{quoted(whole)} names a date that is not in the calendar.")
    return point


def _exists(point: _Point) -> bool:
    if point.year == 0 or (point.month is not None and not 1 <= point.month <= 12):
        return False
    if point.month is None or point.day is None:
        return True
    return 1 <= point.day <= _month_length(point.year, point.month)


def _shown(point: _Point) -> str:
    return ("about " if point.about else "") + " ".join(point.words)


def _month_length(year: int, month: int) -> int:
    return calendar.monthrange(year, month)[1]


def _add_days(day: date, delta: timedelta) -> date:
    try:
        return day + delta
    except OverflowError:
        return date.max if delta > timedelta(0) else date.min
