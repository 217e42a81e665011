"""Days as tables and pages write them in English: "2 Dec. 2008", "December 2, 2008"."""

import re
from datetime import date

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun") + (
    *("jul", "aug", "sep", "oct", "nov", "dec"),
)
_MONTH, _YEAR = r"(?P<month>[A-Za-z]{3,9})\.?", r"(?P<year>\d{4})"
_SHAPES = (
    re.compile(rf"(?P<day>\d{{1,2}})[ -]{_MONTH},?[ -]{_YEAR}"),
    re.compile(rf"{_MONTH} (?P<day>\d{{1,2}}),? {_YEAR}"),
)


def written_day(text: str) -> date | None:
    """The day that a text is; None for any other, and for numbers alone.

    Whether 2/12/2008 is in February depends on who wrote it.
    """
    for shape in _SHAPES:
        found = shape.fullmatch(text)
        if found and found["month"][:3].lower() in _MONTHS:
            month = _MONTHS.index(found["month"][:3].lower()) + 1
            try:
                return date(int(found["year"]), month, int(found["day"]))
            except ValueError:
                return None
    return None
