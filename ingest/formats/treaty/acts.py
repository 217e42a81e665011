"""The cells of the table of participants -> dated acts, and the rows that state them.

The letter after a date says how consent was given, and its case decides: A is
acceptance, a accession. The column's own head goes before the table of letters. Dates
in brackets are of acts that were withdrawn since.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from types import MappingProxyType

from ingest.formats.treaty.page import Line
from ingest.posts import read_data

MONTHS = (
    "jan",
    "feb",
    "mar",
    "apr",
    "may",
    "jun",
    "jul",
    "aug",
    "sep",
    "oct",
    "nov",
    "dec",
)
_DATE = r"(?P<day>\d{1,2})\s+(?P<month>[A-Za-z]{3,9})\.?\s+(?P<year>\d{4})"
_TOKEN = re.compile(
    rf"(?P<open>\[)|(?P<close>\])|{_DATE}"
    r"(?:\s*(?:\((?P<inside>[A-Za-z]{1,2})\)|(?P<suffix>[A-Za-z]{1,2})(?![A-Za-z])))?"
)
_WORDS = re.compile(
    r"(?P<words>[^(),;]+?)\s*(?:\(\s*(?P<suffix>[A-Za-z]{1,2})\s*\))?\s*(?:[,;]|$)"
)
_SENTENCE = re.compile(r"\.\s+|\n")
_LEAVES = re.compile(r"withdr[ae]w|denunciation|denounc", re.I)
_EFFECT = re.compile(
    rf"\beffect(?:ive)?\b(?:[^.\n]{{0,80}}?\b(?:on|from|of))?\s+{_DATE}",
    re.I,
)
_NOTICE = re.compile(
    rf"\bOn\s+{_DATE}[^.\n]{{0,300}}?(?:withdr[ae]w|denunciation|denounc)", re.I
)


@dataclass(frozen=True, slots=True)
class Kind:
    """What an act is: signed, bound (by a mode of consent), withdrawn or provisional.

    `remark` is what act and mode alone do not tell.
    """

    act: str
    mode: str = ""
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the table: letter -> act ("" = a date without a letter).

    `unknown` are the acts that nobody knows, by the letter they take.
    """

    acts: Mapping[str, Kind]
    unknown: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Act:
    """One dated act in [start, end) of its participant's paragraph."""

    kind: Kind
    day: date
    withdrawn: bool
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Participant:
    """A row of the table: its place in it, its paragraph's order, its acts.

    `notes` are the numbers of the end notes that the row refers to.
    """

    name: str
    row: int
    order: int
    acts: tuple[Act, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Leaving:
    """What a note says of a withdrawal: since when, noticed when; its words."""

    effective: date
    notice: date | None
    start: int
    end: int


@cache
def kinds() -> MappingProxyType[str, tuple[str, Kind]]:
    """Words of a column's head, in small letters -> the usual letter and the act."""
    return MappingProxyType(
        {
            row["words"]: (row["suffix"], Kind(row["act"], row["mode"], row["remark"]))
            for row in read_data("treaty_acts")
        }
    )


@cache
def _usual() -> MappingProxyType[str, Kind]:
    """The usual letters of consents, for a column whose head does not name them."""
    known = kinds().values()
    return MappingProxyType(
        {s: kind for s, kind in known if s and kind.act != "signed"}
    )


def columns_of(heads: Sequence[Line]) -> tuple[Column, ...]:
    """What the columns after the participant's stand for, by their heads."""
    return tuple(_column(head.text) for head in heads[1:])


def _column(head: str) -> Column:
    acts: dict[str, Kind] = {}
    unknown: dict[str, str] = {}
    for found in _WORDS.finditer(head):
        words = " ".join(found["words"].lower().split())
        letter = found["suffix"] or ""
        if words in kinds():
            acts.setdefault(letter, kinds()[words][1])
        elif words:
            unknown.setdefault(letter, found["words"].strip())
    return Column(MappingProxyType(acts), MappingProxyType(unknown))


@dataclass(frozen=True, slots=True)
class Cell:
    """The acts of one cell, and a sentence for each thing that was not read."""

    acts: tuple[Act, ...]
    odd: tuple[str, ...]


def read_cell(text: str, column: Column, offset: int) -> Cell:
    """The acts of a cell whose text stands at `offset` of the paragraph."""
    acts, odd = [], []
    begun = closed = None
    rest = _TOKEN.sub(" ", text).strip(" \t\u2013-,;")
    if rest:
        odd.append(f"“{rest[:60]}” is no date")
    for token in _TOKEN.finditer(text):
        if token["open"]:
            begun = token.start()
            closed = text.find("]", begun)
        elif token["close"]:
            begun = None
        else:
            day = _day_of(token)
            kind = _kind_of(column, token["suffix"] or token["inside"] or "")
            if day is None:
                odd.append(f"“{token[0]}” is no day of the calendar")
            elif kind is None:
                odd.append(f"“{token[0]}” has a letter that says nothing here")
            else:
                span = (token.start(), token.end())
                if begun is not None:
                    span = (begun, closed + 1 if closed and closed > 0 else token.end())
                start, end = (offset + at for at in span)
                acts.append(Act(kind, day, begun is not None, start, end))
    return Cell(tuple(acts), tuple(odd))


def _kind_of(column: Column, suffix: str) -> Kind | None:
    """The act of a letter: as the head says, else the letter's usual one.

    Without a letter it is what the head names without one, or the one thing it names.
    A letter that the head gives to an unknown act is never taken for its usual one.
    """
    known = column.acts.get(suffix)
    if known is not None or suffix in column.unknown:
        return known
    if not suffix:
        return next(iter(column.acts.values())) if len(column.acts) == 1 else None
    bound = any(kind.act == "bound" for kind in column.acts.values())
    return _usual().get(suffix) if bound else None


def _day_of(found: re.Match[str]) -> date | None:
    month = found["month"][:3].lower()
    if month not in MONTHS:
        return None
    try:
        return date(int(found["year"]), MONTHS.index(month) + 1, int(found["day"]))
    except ValueError:
        return None


def leaving(
    note: str, after: date = date.min, until: date | None = None
) -> Leaving | None:
    """The withdrawal in (after, until] that a note tells of, if it says since when."""
    if not _LEAVES.search(note):
        return None
    for found in _EFFECT.finditer(note):
        effective = _day_of(found)
        if effective and after < effective <= (until or date.max):
            before = _SENTENCE.finditer(note, 0, found.start())
            begin = max((end.end() for end in before), default=0)
            return Leaving(effective, _noticed(note), begin, found.end())
    return None


def _noticed(note: str) -> date | None:
    days: Iterable[date | None] = (_day_of(found) for found in _NOTICE.finditer(note))
    return next((day for day in days if day is not None), None)


def ended(acts: Sequence[Act]) -> Iterator[tuple[Act, date | None]]:
    """The acts that withdrawals ended, each with the day of the next consent, if any.

    These are the consents in brackets; without one, the last signature in brackets.
    Where the table has a column of withdrawals, that tells of them.
    """
    if any(act.kind.act == "withdrawn" for act in acts):
        return
    by_day = sorted(acts, key=lambda act: act.day)
    consents = [act for act in by_day if act.kind.act == "bound"]
    signed = [act for act in by_day if act.kind.act == "signed" and act.withdrawn]
    for act in [act for act in consents if act.withdrawn] or signed[-1:]:
        later = (other.day for other in consents if other.day > act.day)
        yield act, next(later, None)


def coded(acts: Sequence[Act]) -> Iterator[Act]:
    """The acts that are statements, each once; provisional application is none."""
    seen = set()
    for act in acts:
        told = (act.kind, act.day)
        if act.kind.act != "provisional" and told not in seen:
            seen.add(told)
            yield act
