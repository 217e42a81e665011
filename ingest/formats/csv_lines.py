"""Lines of CSV files with their raw characters, so that each can be traced.

Commas, semicolons or tabs separate the cells, whichever the first line has most of.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from io import StringIO
from typing import NamedTuple

from ingest.records import ImportFault
from positions.names import clean_text

# No cell of a table holds more characters than this.
CELL_LENGTH = 1_000_000
SEPARATORS = ",;\t"


class CsvLine(NamedTuple):
    """One record: the number of its first line in the file, as it stands, its cells."""

    number: int
    raw: str
    cells: list[str]


def read_table(text: str, file: str) -> tuple[CsvLine, list[CsvLine]]:
    """The line of the columns, and those below it.

    NUL and lone surrogates stand as U+FFFD. Raises ImportFault for a table without
    a line, and for what is no CSV.
    """
    # Line ends stay as they are, in quoted cells too.
    lines = list(read_lines(StringIO(clean_text(text), newline=""), file))
    if not lines:
        raise ImportFault(file, "The file is empty.")
    return lines[0], lines[1:]


def read_lines(lines: Iterable[str], file: str) -> Iterator[CsvLine]:
    """The records of a table, the first with the names of its columns; none empty.

    `lines` keep their ends; a quoted cell may hold some. Raises ImportFault for what
    is no CSV.
    """
    taken: list[str] = []
    given = iter(lines)
    first = next(given, "")
    if not first:
        return

    def tape() -> Iterator[str]:
        taken.append(first)
        yield first
        for line in given:
            taken.append(line)
            yield line

    separator = max(SEPARATORS, key=first.count)
    csv.field_size_limit(CELL_LENGTH)
    reader = csv.reader(tape(), delimiter=separator, strict=True)
    while True:
        number = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as fault:
            reason = f"This is no CSV table: {fault}."
            raise ImportFault(file, reason, f"row {number}") from fault
        yield CsvLine(number, "".join(taken), [cell.strip() for cell in cells])
        taken.clear()
