"""Our own tables: CSV -> rows of typed values, each with its place in the file.

The first line names the columns, in any order; what they may be stands in TABLES.
An empty cell is "not given". Lists in a cell are joined by ";". Commas or
semicolons separate the cells, whichever the first line has more of.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum
from io import StringIO
from typing import Any

from ingest import reading
from ingest.records import ImportFault, Row
from positions import choices, dates
from positions.names import clean_text

# No cell of a table holds more characters than this.
CELL_LENGTH = 1_000_000


@dataclass(frozen=True, slots=True)
class Column:
    """How a cell is read; `length` is what the database keeps of it."""

    read: Callable[[str], Any]
    required: bool = False
    length: int = 0


# -- how cells are read; each raises ValueError with one sentence ---------------------


def _text(cell: str) -> str:
    return cell


def _key(cell: str) -> str:
    if not re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", cell):
        raise ValueError("a key has only small letters, digits and single hyphens")
    return cell


def _list(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split(";") if part.strip())


def _truth(cell: str) -> bool:
    words = {"true": True, "yes": True, "1": True}
    words |= {"false": False, "no": False, "0": False}
    if cell.lower() not in words:
        raise ValueError("write true or false")
    return words[cell.lower()]


def _day(cell: str) -> date:
    return dates.day(cell)


def _dated(cell: str) -> str:
    # "Since" is closed by the day it was said, which the row itself may not know.
    dates.parse(cell, said=date.max)
    return cell


def _one_of(words: type[Enum]) -> Callable[[str], Any]:
    def read(cell: str) -> Any:
        for member in words:
            if str(member.value) == cell:
                return member.value
        known = ", ".join(str(member.value) for member in words)
        raise ValueError(f"it is none of {known}")

    return read


def _level(cell: str) -> int:
    levels = {"U": 0, "SBU": 1, "C": 2, "S": 3, "TS": 4}
    if cell.upper() not in levels:
        raise ValueError(f"it is none of {', '.join(levels)}")
    return levels[cell.upper()]


def _must(read: Callable[[str], Any], length: int = 0) -> Column:
    return Column(read, required=True, length=length)


def _may(read: Callable[[str], Any], length: int = 0) -> Column:
    return Column(read, length=length)


KEY, TEXT, LIST, DAY, DATED = (
    _must(_key, 80),
    _may(_text),
    _may(_list),
    _may(_day),
    (_may(_dated, 40)),
)
NAME = _must(_text, 200)

# Table -> its columns. The names are the glossary's.
TABLES: dict[str, dict[str, Column]] = {
    "collections": {
        "key": KEY,
        "title": NAME,
        "visibility": _may(_one_of(choices.Visibility)),
        "level": _may(_level),
        "note": TEXT,
    },
    "actors": {
        "key": KEY,
        "name": NAME,
        "kind": _must(_one_of(choices.ActorKind)),
        "iso3": _may(_text, 100),
        "cow": _may(_text, 100),
        "wikidata": _may(_text, 100),
        "names": LIST,
        "valid_from": DAY,
        "valid_to": DAY,
        "note": TEXT,
    },
    "memberships": {
        "member": NAME,
        "group": NAME,
        "role": _may(_text, 200),
        "rank": _may(_one_of(choices.SpeakerRank)),
        "since": DAY,
        "until": DAY,
        "note": TEXT,
    },
    "issues": {
        "key": KEY,
        "name": NAME,
        "question": _may(_text, 300),
        "description": TEXT,
    },
    "options": {
        "key": KEY,
        "issue": _must(_key),
        "name": NAME,
        "short_name": _may(_text, 80),
        "kind": _must(_one_of(choices.OptionKind)),
        "parent": _may(_key),
        "valid_from": DAY,
        "valid_to": DAY,
        "succeeded_by": _may(_key),
        "alternatives": LIST,
        "headline": _may(_truth),
        "definition": TEXT,
        "includes": _may(_text, 300),
        "excludes": _may(_text, 300),
        "aliases": LIST,
    },
    "reasons": {"issue": _must(_key), "key": KEY, "name": _must(_text, 120)},
    "events": {
        "key": KEY,
        "name": NAME,
        "kind": _must(_one_of(choices.EventKind)),
        "dated": _must(_dated, 40),
        "place": _may(_text, 120),
        "issues": LIST,
        "actor": _may(_text, 200),
        "note": TEXT,
    },
    "participations": {
        "event": _must(_key),
        "actor": NAME,
        "part": _must(_one_of(choices.Part)),
    },
    "statements": {
        "ref": _may(_text, 60),
        "utterance": _may(_text, 60),
        "citation_role": _may(_one_of(choices.CitationRole)),
        "collection": _may(_key),
        "source": _must(_text, 200),
        "paragraph": _must(_text, 40),
        "quote": _must(_text),
        "translation": TEXT,
        "actor": TEXT,
        "option": _may(_key),
        "over_option": _may(_key),
        "disposition": TEXT,
        "speaker_name": _may(_text, 200),
        "speaker_role": _may(_text, 200),
        "speaker_rank": _may(_one_of(choices.SpeakerRank)),
        "speaker_actor": TEXT,
        "on_authority_of": _may(_text, 200),
        "audience": _may(_text, 300),
        "reporter": TEXT,
        "standing": _may(_one_of(choices.Standing)),
        "form": _may(_one_of(choices.Form)),
        "publicity": _may(_one_of(choices.Publicity)),
        "modality": _may(_one_of(choices.Modality)),
        "condition": _may(_text, 300),
        "event": _may(_key),
        "said_on": DATED,
        "said_basis": _may(_one_of(choices.DateBasis)),
        "holds_on": DATED,
        "mode": _may(_one_of(choices.Mode)),
        "reasons": LIST,
        "reliability": _may(_one_of(choices.Reliability)),
        "credibility": _may(_one_of(choices.Credibility)),
        "extends_to": _may(_one_of(choices.ExtendsTo)),
        "extends_except": LIST,
        "state": _may(_one_of(choices.StatementState)),
        "note": TEXT,
    },
    "checks": {
        "collection": _may(_key),
        "source": _must(_text, 200),
        "paragraph": _may(_text, 40),
        "actor": TEXT,
        "issue": _must(_key),
        "finding": _may(_one_of(choices.Finding)),
        "note": _may(_text, 300),
    },
    "stances": {
        "actor": NAME,
        "option": _must(_key),
        "disposition": _must(_text),
        "holds_from": _must(_day),
        "holds_to": DAY,
        "confidence": _may(_one_of(choices.Confidence)),
        "rationale": TEXT,
        "evidence": _must(_list),
    },
}


def parse(data: bytes, file: str, table: str) -> Iterator[Row | ImportFault]:
    """The rows of one table; a row that cannot be read is a fault in its place.

    Raises ImportFault for a file that is no such table: unreadable, or with a
    first line that lacks a column, repeats one or names an unknown one.
    """
    text = clean_text(reading.decode(data, file).text)
    lines = _lines(text, file)
    columns = _header(next(lines, (1, []))[1], file, TABLES[table])
    for number, cells in lines:
        if any(cell.strip() for cell in cells):
            yield _row(file, number, columns, cells, TABLES[table])


def _lines(text: str, file: str) -> Iterator[tuple[int, list[str]]]:
    first = text.partition("\n")[0]
    separator = ";" if first.count(";") > first.count(",") else ","
    csv.field_size_limit(CELL_LENGTH)
    reader = csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True)
    while True:
        number = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as fault:
            raise ImportFault(
                file, f"This is no CSV table: {fault}.", f"row {number}"
            ) from fault
        yield number, cells


def _header(cells: list[str], file: str, known: Mapping[str, Column]) -> list[str]:
    columns = [cell.strip() for cell in cells]
    for column in columns:
        if column not in known:
            raise ImportFault(
                file,
                f"There is no column “{column[:60]}”; the columns are "
                f"{', '.join(known)}.",
                "row 1",
            )
    if len(set(columns)) < len(columns):
        raise ImportFault(file, "A column stands twice.", "row 1")
    missing = [n for n, c in known.items() if c.required and n not in columns]
    if missing:
        raise ImportFault(file, f"The column {missing[0]} is missing.", "row 1")
    return columns


def _row(
    file: str,
    number: int,
    columns: list[str],
    cells: list[str],
    known: Mapping[str, Column],
) -> Row | ImportFault:
    place = f"row {number}"
    if len(cells) > len(columns):
        return ImportFault(
            file, f"It has {len(cells)} cells, and {len(columns)} columns.", place
        )
    values = {}
    for name, cell in zip(columns, cells, strict=False):
        try:
            values[name] = _value(known[name], cell.strip())
        except dates.BadDate as fault:
            return ImportFault(file, f"{name}: {fault}", place)
        except ValueError as fault:
            shown = f" “{cell.strip()[:80]}”" if cell.strip() else ""
            return ImportFault(file, f"{name}{shown}: {fault}.", place)
    return Row(file, number, values)


def _value(column: Column, cell: str) -> Any:
    if not cell:
        if column.required:
            raise ValueError("it is empty")
        return ""
    if column.length and len(cell) > column.length:
        raise ValueError(f"it is longer than {column.length} characters")
    return column.read(cell)
