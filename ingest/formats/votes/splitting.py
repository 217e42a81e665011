"""A table of many resolutions -> the lines of each, by way of a file on disk."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from io import BufferedReader

from ingest.formats.csv_lines import read_lines
from ingest.formats.votes.columns import cell, columns_of, lacking, number, subject
from ingest.reading import SAMPLE, SIZE_LIMIT, Read, refuse_unreadable
from ingest.records import ImportFault

LINE_LIMIT = 2**20
# Bytes are read as Latin-1, which gives every byte back; the marks are ASCII anyway.
BYTES = "latin-1"
UTF16 = (b"\xff\xfe", b"\xfe\xff")


def fits(name: str, head: bytes) -> bool:
    """Does the first line name the columns of a table of votes?"""
    try:
        first = next(read_lines(head.decode(BYTES).splitlines(True)[:1], name))
    except (ImportFault, StopIteration):
        return False
    return not lacking(columns_of(_names(first.cells)))


def split(name: str, file: BufferedReader) -> Iterator[Read | ImportFault]:
    """One Read for each resolution: the line of the columns, then its own lines.

    The lines of a roll call stand together, in their order. They are kept on disk
    until the last is read, so that a file may be in any order. A line that says no
    resolution is a fault in its place.
    """
    spool = sqlite3.connect("", isolation_level=None)
    try:
        spool.execute("CREATE TABLE line (subject TEXT, roll TEXT, raw BLOB)")
        spool.execute("BEGIN")
        header = b""
        columns = {}
        for line in read_lines(_lines_of(name, file), name):
            raw = line.raw.encode(BYTES)
            if not header:
                header, columns = raw, dict(columns_of(_names(line.cells)))
                _refuse_other(name, columns)
            elif any(line.cells):
                of = _utf8(subject(line.cells, columns))
                if of:
                    ended = raw if raw.endswith(b"\n") else raw + b"\n"
                    roll = number(cell(line.cells, columns, "roll"))
                    spool.execute(
                        "INSERT INTO line VALUES (?, ?, ?)", (of, roll, ended)
                    )
                else:
                    reason = "The line does not say which resolution was voted on."
                    yield ImportFault(name, reason, f"row {line.number}")
        if not header:
            raise ImportFault(name, "The file is empty.")
        yield from _reads(name, header, spool)
    except ImportFault as fault:
        yield fault
    finally:
        spool.close()


def _refuse_other(name: str, columns: dict[str, int]) -> None:
    reason = lacking(columns)
    if reason:
        raise ImportFault(name, f"This is no table of votes: it has {reason}.")


def _reads(
    name: str, header: bytes, spool: sqlite3.Connection
) -> Iterator[Read | ImportFault]:
    spool.execute("CREATE INDEX of ON line (subject)")
    subjects = spool.execute(
        "SELECT subject, SUM(LENGTH(raw)) FROM line"
        " GROUP BY subject ORDER BY MIN(rowid)"
    )
    for of, size in subjects:
        if len(header) + size > SIZE_LIMIT:
            reason = f"It has more than {SIZE_LIMIT} bytes of votes."
            yield ImportFault(name, reason, of)
            continue
        lines = spool.execute(
            "SELECT raw FROM line WHERE subject = ?"
            " ORDER BY MIN(rowid) OVER (PARTITION BY roll), rowid",
            (of,),
        )
        data = header + b"".join(raw for (raw,) in lines)
        yield Read(name, data, place=of, key=of)


def _lines_of(name: str, file: BufferedReader) -> Iterator[str]:
    begin = file.peek(SAMPLE)[:SAMPLE]
    if begin and not begin.startswith(UTF16):
        refuse_unreadable(begin, name)
    first = True
    while line := file.readline(LINE_LIMIT + 1):
        if len(line) > LINE_LIMIT:
            raise ImportFault(name, f"A line has more than {LINE_LIMIT} bytes.")
        if first and line.startswith(UTF16):
            raise ImportFault(name, "Save the table as CSV in UTF-8.")
        first = False
        yield line.decode(BYTES)


def _names(cells: list[str]) -> list[str]:
    return [_utf8(cell) for cell in cells]


def _utf8(text: str) -> str:
    return text.encode(BYTES).decode("utf-8", "replace")
