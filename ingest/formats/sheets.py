"""Workbooks (XLSX): a sheet -> its lines, each cell as a table in text would have it.

Dates are written YYYY-MM-DD, whole numbers without a point, formulas as the values
they were last computed to. Nothing here knows what a table is.
"""

from __future__ import annotations

import csv
import warnings
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from io import BufferedReader, BytesIO, RawIOBase, StringIO
from typing import Any, cast

from openpyxl import load_workbook

from ingest.reading import SIZE_LIMIT, Read, Split, whole
from ingest.records import ImportFault

MAGIC = b"PK\x03\x04"
# What a spreadsheet program itself can hold.
MOST_ROWS = 1_048_576
# Cells counted with the empty ones before the last of their line.
MOST_CELLS = 20_000_000

NO_VALUE = (
    "the formula has no value; open the workbook in a spreadsheet program and save it"
)
_DAMAGED = "This is no workbook that can be read (XLSX)."
_PART = 64 * 1024

# It warns of what it leaves out: colours, extensions, dates that are errors anyway.
warnings.filterwarnings("ignore", module="openpyxl")


def sheet_names(data: bytes, file: str) -> list[str]:
    """The names of the visible sheets; those that begin with "_" are passed over.

    Raises ImportFault for what is no workbook, or unpacks to more than SIZE_LIMIT.
    """
    _refuse_bombs(data, file)
    book = _opened(data, file)
    return [
        sheet.title
        for sheet in book.worksheets
        if sheet.sheet_state == "visible" and not sheet.title.startswith("_")
    ]


def lines(
    data: bytes, file: str, sheet: str
) -> Iterator[tuple[int, list[str]] | ImportFault]:
    """The lines of a sheet that hold anything, each with its number in the sheet.

    Empty cells at the end of a line are left out; of merged cells the first has the
    value. A line with a cell that has no value to read is a fault in its place.
    Raises ImportFault like `sheet_names`, and for a sheet that is too large.
    """
    _refuse_bombs(data, file)
    where = f"{file}, sheet “{sheet}”"
    values = _rows(_opened(data, file)[sheet])
    formulas = _rows(_opened(data, file, formulas=True)[sheet])
    cells = 0
    try:
        # Both are of one file, so that they have the same lines and cells.
        for number, (row, source) in enumerate(zip(values, formulas, strict=True), 1):
            cells += len(row)
            if number > MOST_ROWS or cells > MOST_CELLS:
                raise ImportFault(where, "The sheet is too large to be read.")
            line = _line(row, source, where, number)
            if isinstance(line, ImportFault) or line:
                yield line if isinstance(line, ImportFault) else (number, line)
    except ImportFault:
        raise
    except Exception as fault:
        # The library raises whatever a damaged part leads it to.
        raise ImportFault(where, _DAMAGED) from fault


def or_table(split: Split) -> Split:
    """Cut a workbook as the table in text that its sheet is, all else as `split`."""

    def cut(name: str, file: BufferedReader) -> Iterator[Read | ImportFault]:
        if not file.peek(len(MAGIC)).startswith(MAGIC):
            yield from split(name, file)
            return
        for book in whole(name, file):
            try:
                text = book if isinstance(book, ImportFault) else _text_of(book)
            except ImportFault as fault:
                text = fault
            if isinstance(text, ImportFault):
                yield text
            else:
                yield from split(name, text)

    return cut


def _text_of(book: Read) -> BufferedReader:
    return BufferedReader(cast(RawIOBase, BytesIO(as_csv(book.data, book.name))))


def as_csv(data: bytes, file: str) -> bytes:
    """The one visible sheet that holds anything, as a table in text, line for line.

    Raises ImportFault where several do, and for a cell without a value to read.
    """
    filled = {}
    for sheet in sheet_names(data, file):
        found = list(lines(data, file, sheet))
        if found:
            filled[sheet] = found
    if len(filled) > 1:
        shown = ", ".join(f"“{name}”" for name in filled)
        reason = f"Several sheets hold lines ({shown}): keep the one that is meant."
        raise ImportFault(file, reason)
    out = StringIO()
    writer, written = csv.writer(out, lineterminator="\n"), 0
    for line in next(iter(filled.values()), ()):
        if isinstance(line, ImportFault):
            raise line
        number, cells = line
        out.write("\n" * (number - written - 1))
        writer.writerow(cells)
        written = number
    return out.getvalue().encode()


def _line(row: Any, source: Any, where: str, number: int) -> list[str] | ImportFault:
    texts = []
    for value, written in zip(row, source, strict=True):
        if value.data_type == "e":
            reason = f"the cell has the error {value.value}"
        elif value.value is None and written.data_type == "f":
            reason = NO_VALUE
        else:
            texts.append(_text(value.value))
            continue
        return ImportFault(where, f"{value.coordinate}: {reason}.", f"row {number}")
    while texts and not texts[-1].strip():
        texts.pop()
    return texts


def _text(value: Any) -> str:
    """A cell's value as somebody would type it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime) and value.time() == time.min:
        return value.date().isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value)


def _rows(sheet: Any) -> Iterator[Any]:
    # What a file says of its own size may be wrong, and costs lines of empty cells.
    sheet.reset_dimensions()
    return iter(sheet.iter_rows())


def _opened(data: bytes, file: str, *, formulas: bool = False) -> Any:
    try:
        return load_workbook(
            BytesIO(data), read_only=True, data_only=not formulas, keep_links=False
        )
    except Exception as fault:
        raise ImportFault(file, _DAMAGED) from fault


def _refuse_bombs(data: bytes, file: str) -> None:
    """Raise ImportFault for a workbook that unpacks to too much, or declares entities.

    No program writes a DOCTYPE into a workbook.
    """
    try:
        with zipfile.ZipFile(BytesIO(data)) as box:
            # A member never unpacks to more than the directory says of it.
            if sum(member.file_size for member in box.infolist()) > SIZE_LIMIT:
                reason = f"The workbook unpacks to more than {SIZE_LIMIT} bytes."
                raise ImportFault(file, reason)
            if any(_has_doctype(box, name) for name in box.namelist()):
                raise ImportFault(file, "The workbook declares entities of its own.")
    except ImportFault:
        raise
    except Exception as fault:
        raise ImportFault(file, _DAMAGED) from fault


def _has_doctype(box: zipfile.ZipFile, member: str) -> bool:
    if not member.endswith((".xml", ".rels")):
        return False
    with box.open(member) as part:
        tail = b""
        while chunk := part.read(_PART):
            # UTF-16 has a zero byte beside each letter.
            seen = tail + chunk.replace(b"\0", b"")
            if b"<!DOCTYPE" in seen:
                return True
            tail = seen[-9:]
    return False
