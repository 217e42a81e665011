"""When a document of the series was written: four regimes of dates, one rule.

The earliest and latest moment that later volumes state count first; else the calendar
date as printed, else as the attribute has it. Days are never shifted by a zone: the
attributes give local times a Z, and every moment the offset of Washington.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from ingest.formats.xml import Element, child, elements, within, words
from ingest.records import Problem
from positions import dates

MOMENTS = "{http://history.state.gov/frus/ns/1.0}doc-dateTime-"

_MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december"),
)
_PRINTED = re.compile(
    rf"\b({'|'.join(_MONTHS)})\s+(\d{{1,2}}),?\s+(\d{{4}})\b", re.IGNORECASE
)
# A head that ends in the date, although no markup tells it.
AT_THE_END = re.compile(
    rf",\s+(?P<date>(?:{'|'.join(_MONTHS)})\s+\d{{1,2}},\s+\d{{4}}"
    r"(?:,\s+\d{4}Z)?)[.\s]*\Z",
    re.IGNORECASE,
)
# 2044Z: the one form in which a printed hour has a zone.
_ZULU = re.compile(r"\b([01]\d|2[0-3])([0-5]\d)Z\b")
_SPANS = (("from", "to"), ("notBefore", "notAfter"))


@dataclass(frozen=True, slots=True)
class Dating:
    """The date as EDTF ("" = none), the instant if printed, all as it stands.

    `stated` has the attributes by their names, and the text as printed.
    """

    dated: str = ""
    dated_at: datetime | None = None
    stated: dict[str, str] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


def date_of(division: Element) -> Dating:
    """The date of a document's division, from its dateline or its head.

    An editorial note has none; dates of notes and of attached texts are others'.
    """
    element = next(_dates(division), None)
    printed = words(element) or _ending(division)
    stated = {"text": printed} if printed else {}
    if element is not None:
        stated |= {str(key): value for key, value in element.attrib.items()}
    moments = _moments(division)
    stated |= moments
    attribute = _by_attributes(stated)
    candidates = [_range(moments.get("min", ""), moments.get("max", ""))]
    candidates += [_by_words(printed), attribute]
    dated, odd = _first_possible(candidates)
    problems = list(odd)
    if moments and (day := _by_words(printed)) and not _agree(day, dated):
        problems.append(
            Problem(
                "date_differs",
                "dateline",
                f"The date is printed as {day}, and given as {dated}.",
            )
        )
    at = _instant(printed, attribute or dated)
    return Dating(dated, at, stated, tuple(problems))


def _ending(division: Element) -> str:
    """The date that the head ends in."""
    found = AT_THE_END.search(words(child(division, "head"), without=("note",)))
    return found["date"] if found else ""


def _dates(division: Element) -> Iterator[Element]:
    """Dates of the document itself, the dateline's first."""
    found = [
        date
        for date in elements(division, "date")
        if within(date, "dateline", "head", "opener") is not None
        and within(date, "note", "attachment", "list", "table") is None
        and within(date, "div") is division
    ]
    yield from sorted(found, key=lambda date: within(date, "dateline") is None)


def _moments(division: Element) -> dict[str, str]:
    given = {end: division.get(f"{MOMENTS}{end}", "") for end in ("min", "max")}
    return {end: moment for end, moment in given.items() if moment}


def _by_attributes(stated: dict[str, str]) -> str:
    if stated.get("when"):
        return _calendar(stated["when"])
    for begin, end in _SPANS:
        if stated.get(begin) or stated.get(end):
            return _range(stated.get(begin, ""), stated.get(end, ""))
    return ""


def _range(begin: str, end: str) -> str:
    first, last = _calendar(begin or end), _calendar(end or begin)
    return first if first == last else f"{first}/{last}"


def _calendar(moment: str) -> str:
    """The calendar date of a moment as it is written: its time and zone are cut off."""
    return moment.strip().partition("T")[0]


def _by_words(printed: str) -> str:
    """The day that is printed, if it is one and in full."""
    found = _PRINTED.findall(printed)
    if len(found) != 1:
        return ""
    month, day, year = found[0]
    return f"{year}-{_MONTHS.index(month.lower()) + 1:02}-{int(day):02}"


def _first_possible(candidates: list[str]) -> tuple[str, list[Problem]]:
    """The first of the dates that is one, and a problem for each that is not."""
    problems = []
    for candidate in dict.fromkeys(filter(None, candidates)):
        try:
            dates.parse(candidate)
        except dates.BadDate as fault:
            problems.append(Problem("date_impossible", "dateline", str(fault)))
        else:
            return candidate, problems
    return "", problems


def _agree(day: str, dated: str) -> bool:
    """Does a printed day lie within a date? One that is none does not disagree."""
    try:
        one, span = dates.parse(day), dates.parse(dated)
    except dates.BadDate:
        return True
    return span.earliest <= one.latest and one.earliest <= span.latest


def _instant(printed: str, day: str) -> datetime | None:
    """The instant, where an hour is printed with its zone (0927Z)."""
    hours = _ZULU.findall(printed)
    day = _by_words(printed) or day
    if len(hours) != 1:
        return None
    hour, minute = hours[0]
    try:
        at = datetime.fromisoformat(day[:10]).replace(
            hour=int(hour), minute=int(minute)
        )
    except ValueError:
        return None
    return at.replace(tzinfo=UTC)
