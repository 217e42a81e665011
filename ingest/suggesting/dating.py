"""When something was said: dates in a text, completed from the document's own."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache

from ingest.suggesting.lexicon import Lexicon
from positions import dates
from positions.choices import DateBasis

# A meeting is a date's if it stands so many characters after it.
BESIDE = 40


@dataclass(frozen=True, slots=True)
class Told:
    """A date as EDTF, how it came about, and the meeting that stands beside it."""

    text: str
    basis: DateBasis | str = ""
    event: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """A date at [start, end) of a text; `since` if the words say "since"."""

    start: int
    end: int
    told: Told
    since: bool
    another: bool


@dataclass(frozen=True, slots=True)
class _Words:
    """How a language writes dates."""

    pattern: re.Pattern[str]
    months: Mapping[str, int]
    weekdays: Mapping[str, int]
    yesterday: frozenset[str]
    last_week: frozenset[str]
    since: frozenset[str]


@cache
def _words(lexicon: Lexicon) -> _Words:
    months = {name: n for n, name in enumerate(lexicon.words["month"], 1)}
    months |= {name: n for n, name in enumerate(lexicon.words["month short"], 1)}
    weekdays = {name: n for n, name in enumerate(lexicon.words["weekday"])}
    month = _any(months)
    days = (lexicon.words[name] for name in ("today", "yesterday", "last week"))
    relative = _any(word for row in days for word in row)
    day, year = r"[0-3]?\d", r"\d{4}"
    pattern = (
        rf"\b(?:(?P<md>{month})\.?\s+(?P<d1>{day})(?:st|nd|rd|th)?"
        rf"(?:,?\s+(?P<y1>{year}))?\b(?!\s*[-–]\s*\d)"
        rf"|(?P<d2>{day})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<dm>{month})\b\.?"
        rf"(?:,?\s+(?P<y2>{year}))?"
        rf"|(?P<my>{month})\.?,?\s+(?P<y3>{year})"
        r"|(?P<iso>\d{4}-\d{2}-\d{2})"
        rf"|(?P<weekday>{_any(weekdays)})|(?P<relative>{relative})"
        rf"|(?:{_any(lexicon.words['before year'])})\s+(?P<y4>(?:1[89]|20)\d{{2}}))\b"
    )
    return _Words(
        re.compile(pattern, re.IGNORECASE),
        months,
        weekdays,
        lexicon.are("yesterday"),
        lexicon.are("last week"),
        lexicon.are("since"),
    )


def _any(words: Iterable[str]) -> str:
    """A pattern of any of these words, the longest first."""
    ordered = sorted(words, key=lambda word: (-len(word), word))
    return "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in ordered)


class Calendar:
    """The dates of one document, none of which is after its own."""

    def __init__(self, dated: str, lexicon: Lexicon) -> None:
        self.dated = dated
        self.grammar = lexicon.grammar
        self.words = _words(lexicon)
        self._latest: date | None = None
        self._earliest: date | None = None
        try:
            known = dates.parse(dated) if dated else None
        except dates.BadDate:
            known = None
            self.dated = ""
        if known:
            self._earliest, self._latest = known.earliest, known.latest

    @property
    def document(self) -> Told:
        """The document's own date, for words that tell none."""
        return Told(self.dated, DateBasis.DOCUMENT) if self.dated else Told("")

    def dates_in(self, text: str, start: int, end: int) -> Iterator[Found]:
        """The dates of text[start:end] that are not after the document's."""
        year = None
        for found in self.words.pattern.finditer(text, start, end):
            # "In 2009 Austria ratified on 2 April, Mexico on 6 May."
            year = int(found["y4"]) if found["y4"] else year
            told = self._told(found, year)
            if told is None:
                continue
            lead = text[max(start, found.start() - 24) : found.start()]
            before = self.grammar["another time"].search(lead)
            word = before["word"].lower() if before else found[0].split()[0].lower()
            since = word in self.words.since
            another = since or bool(before) or bool(found["y4"])
            # "the March 9 meeting", "of the May 23 talks" are when it was said.
            after = text[found.end() : found.end() + 30].lstrip()
            if before and not since and self.grammar["meeting"].match(after):
                another = False
            yield Found(found.start(), found.end(), told, since, another)

    def said_in(self, text: str, start: int, end: int, since: int = 0) -> Told | None:
        """When the words of text[start:end] were said, if they tell a day.

        Only the days that stand at `since` or after it are asked for.
        """
        for found in self.dates_in(text, start, end):
            a_day = len(found.told.text) >= 10 and not found.another
            if a_day and found.start >= since:
                beside = text[found.start : min(end, found.end + BESIDE)]
                return replace(found.told, event=self._event_in(beside))
        return None

    def holds_in(self, text: str, start: int, end: int) -> str:
        """What time the words speak of: "since 2006", "in May 2005"; else ""."""
        for found in self.dates_in(text, start, end):
            if found.since:
                return f"{found.told.text}/"
            if len(found.told.text) < 10 and found.told.text not in self.dated:
                return found.told.text
        return ""

    def _told(self, found: re.Match[str], before: int | None) -> Told | None:
        """The date that words tell; `before` is a year that stands before them."""
        year = found["y1"] or found["y2"] or found["y3"] or found["y4"]
        if found["iso"]:
            return self._checked(found["iso"], DateBasis.PRINTED)
        if found["weekday"] or found["relative"]:
            return self._relative(found)
        month = self.words.months.get(
            (found["md"] or found["dm"] or found["my"] or "").lower()
        )
        day = int(found["d1"] or found["d2"] or 0)
        if year:
            text = (
                year + (f"-{month:02}" if month else "") + (f"-{day:02}" if day else "")
            )
            return self._checked(text, DateBasis.PRINTED)
        return self._completed(month or 0, day, before)

    def _checked(self, text: str, basis: DateBasis) -> Told | None:
        try:
            earliest = dates.parse(text).earliest
        except dates.BadDate:
            return None
        if self._latest and earliest > self._latest:
            return None
        return Told(text, basis)

    def _completed(self, month: int, day: int, before: int | None) -> Told | None:
        """Such a day of the year `before`, else the last not after the document's."""
        if self._latest is None:
            return None
        last = self._latest.year
        for year in (before,) if before else (last, last - 1):
            try:
                made = date(year, month, day)
            except ValueError:
                return None
            if made <= self._latest:
                return Told(made.isoformat(), DateBasis.COMPLETED)
        return None

    def _relative(self, found: re.Match[str]) -> Told | None:
        """ "on Thursday", "yesterday": counted back from a document of one day.

        In a document of several days, the weekday if it comes only once in them.
        """
        if self._latest is None or self._earliest is None:
            return None
        if found["relative"]:
            if self._earliest != self._latest:
                return None
            word = " ".join(found["relative"].lower().split())
            if word in self.words.last_week:
                monday = self._latest - timedelta(self._latest.weekday() + 7)
                week = f"{monday.isoformat()}/{(monday + timedelta(6)).isoformat()}"
                return Told(week, DateBasis.COMPLETED)
            back = 1 if word in self.words.yesterday else 0
            return Told(
                (self._latest - timedelta(back)).isoformat(), DateBasis.COMPLETED
            )
        wanted = self.words.weekdays[found["weekday"].lower()]
        made = self._latest - timedelta((self._latest.weekday() - wanted) % 7)
        span = (self._latest - self._earliest).days
        if span >= 7 or (span and made < self._earliest):
            return None
        return Told(made.isoformat(), DateBasis.COMPLETED)

    def _event_in(self, text: str) -> str:
        """The meeting or conference that words name, as printed; "" if none."""
        found = self.grammar["event"].search(" ".join(text.split()))
        return found["event"] if found else ""
