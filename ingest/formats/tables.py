"""Our own tables: CSV and XLSX -> rows of typed values, each with its place.

The first line names the columns (`columns.py`), in any order. An empty cell is "not
given". In CSV, commas, semicolons or tabs separate the cells, whichever the first line
has most of. In a workbook the sheets are named like the tables, and a title may stand
above the columns.
"""

from __future__ import annotations

import csv
from collections.abc import Hashable, Iterator, Mapping
from io import StringIO
from itertools import zip_longest
from pathlib import PurePath
from typing import Any

from ingest import reading
from ingest.formats import sheets
from ingest.formats.columns import TABLES, Column
from ingest.formats.csv_lines import SEPARATORS
from ingest.records import ImportFault, Row
from positions import dates
from positions.names import clean_text, quoted

# No cell of a table holds more characters than this.
CELL_LENGTH = 1_000_000
# What makes two rows of one file the same record; a table without it repeats freely.
KEYS = {
    **dict.fromkeys(("collections", "actors", "issues", "options"), ("key",)),
    "events": ("key",),
    "reasons": ("issue", "key"),
}

Lines = Iterator[tuple[int, list[str]] | ImportFault]


def name_of(file: str) -> str:
    """The table that a file is by its name: "2008-actors.csv" is one of actors."""
    stem = PurePath(file).stem.rpartition("-")[2].strip().lower()
    return stem if stem in TABLES else ""


def sheets_of(data: bytes, file: str, table: str = "") -> dict[str, str]:
    """The tables that a workbook holds, each with the name of its sheet.

    Without a sheet named like a table, the first is the `table` given, else the one
    that the file is named like. Raises ImportFault for what is no workbook.
    """
    names = sheets.sheet_names(data, file)
    found = {name_of(f"{name}.xlsx"): name for name in reversed(names)}
    found.pop("", None)
    only = table or name_of(file)
    if names and only and not found:
        return {only: names[0]}
    return {table: found[table]} if table in found else found


def parse(data: bytes, file: str, table: str) -> Iterator[Row | ImportFault]:
    """The rows of one table; a row that cannot be read is a fault in its place.

    Raises ImportFault for a file that is no such table: unreadable, or with a
    first line that lacks a column, repeats one or names an unknown one.
    """
    if data.startswith(sheets.MAGIC):
        sheet = sheets_of(data, file, table).get(table)
        if sheet is None:
            raise ImportFault(file, f"The workbook has no sheet “{table}”.")
        lines = _below_title(sheets.lines(data, file, sheet))
        yield from _rows(lines, f"{file}, sheet “{sheet}”", table)
    else:
        yield from _rows(_lines(_decoded(data, file), file), file, table)


def _decoded(data: bytes, file: str) -> str:
    return clean_text(reading.decode(data, file).text)


def _below_title(lines: Lines) -> Lines:
    """Without the lines of a single cell, or of none, that stand above the columns."""
    for line in lines:
        if isinstance(line, ImportFault) or sum(map(bool, line[1])) > 1:
            yield line
            break
    yield from lines


def _rows(lines: Lines, file: str, table: str) -> Iterator[Row | ImportFault]:
    known, first = TABLES[table], next(lines, (1, []))
    if isinstance(first, ImportFault):
        raise first
    columns = _header(first[1], file, known, f"row {first[0]}")
    seen: dict[Hashable, int] = {}
    for line in lines:
        if isinstance(line, ImportFault):
            yield line
        elif any(cell.strip() for cell in line[1]):
            row = _row(file, line[0], columns, line[1], known)
            repeated = isinstance(row, Row) and _repeats(row, table, seen)
            yield repeated or row


def _repeats(row: Row, table: str, seen: dict[Hashable, int]) -> ImportFault | None:
    """The fault of a row whose key an earlier row of the file has."""
    key = tuple(row.values.get(column, "") for column in KEYS.get(table, ()))
    if not any(key):
        return None
    before = seen.setdefault(key, row.number)
    if before == row.number:
        return None
    return row.fault("key", f"row {before} of the file has it already.")


def _lines(text: str, file: str) -> Lines:
    first = text.partition("\n")[0]
    separator = max(SEPARATORS, key=first.count)
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


def _header(
    cells: list[str], file: str, known: Mapping[str, Column], place: str
) -> list[str]:
    written = _without_last_empty(cells)
    # A spreadsheet program makes "Valid from" of valid_from.
    columns = ["_".join(cell.lower().split()) for cell in written]
    for number, column in enumerate(columns, 1):
        if not column:
            raise ImportFault(file, f"Column {number} has no name.", place)
        if column not in known:
            shown = quoted(written[number - 1].strip())
            reason = f"There is no column {shown}; the columns are "
            raise ImportFault(file, f"{reason}{', '.join(known)}.", place)
        if column in columns[: number - 1]:
            reason = f"The column {column} stands twice."
            raise ImportFault(file, reason, place)
    missing = [n for n, c in known.items() if c.required and n not in columns]
    if missing:
        raise ImportFault(file, f"The column {missing[0]} is missing.", place)
    return columns


def _without_last_empty(cells: list[str]) -> list[str]:
    """Programs save a line as long as the longest they ever had."""
    length = len(cells)
    while length and not cells[length - 1].strip():
        length -= 1
    return cells[:length]


def _row(
    file: str,
    number: int,
    columns: list[str],
    cells: list[str],
    known: Mapping[str, Column],
) -> Row | ImportFault:
    place = f"row {number}"
    cells = _without_last_empty(cells)
    if len(cells) > len(columns):
        return ImportFault(
            file, f"It has {len(cells)} cells, and {len(columns)} columns.", place
        )
    values = {}
    for name, cell in zip_longest(columns, cells, fillvalue=""):
        try:
            values[name] = _value(known[name], cell.strip())
        except dates.BadDate as fault:
            return ImportFault(file, f"{name}: {fault}", place)
        except ValueError as fault:
            shown = f" {quoted(cell, 80)}" if cell.strip() else ""
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
