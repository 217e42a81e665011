"""A matrix of positions (CSV): a line for each provision, a column for each actor.

Each provision is a paragraph ("Copyright term: AU 1; NZ 0.5") and an option; each
cell that is not blank states what its actor holds of it. What values mean, and the
day, are not in the table: whoever imports it says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import PurePath
from typing import Any

from ingest.formats.csv_lines import CsvLine, read_lines, read_table
from ingest.formats.state_codes import coded, iso3_of, name_of
from ingest.formats.votes.columns import columns_of, lacking
from ingest.reading import Read, decode
from ingest.records import Document, ImportFault, Paragraph, Patch, Problem, Row
from positions.choices import OptionKind, ParagraphRole
from positions.names import quoted

PARSER = "matrix"
VERSION = "1"
NAME_LENGTH, SHORT_LENGTH = 200, 80
# What stands in a cell that says nothing.
BLANK = frozenset({"", "-", "\u2013", "na", "n/a", "nan", "none"})

_NUMBER = re.compile(r"([+-]?)0*(\d*)(?:[.,](\d*?)0*)?")
_VALUE = re.compile(r"[+-]?\d*[.,]?\d*|[A-Za-z/]{1,12}|[-\u2013]")


def fits(name: str, head: bytes) -> bool:
    """Are all cells but the first of a line short values, below a line of names?"""
    try:
        lines = head.decode("latin-1").splitlines(True)[:2]
        first, second = read_lines(lines, name)
    except (ImportFault, ValueError):
        return False
    wide = len(first.cells) == len(second.cells) > 1
    return wide and all(_VALUE.fullmatch(cell) for cell in second.cells[1:])


def parse(read: Read) -> Document:
    """The document that a matrix is; raises ImportFault.

    Same bytes, same document; time linear in the length.
    """
    decoded = decode(read.data, read.name)
    head, lines = read_table(decoded.text, read.name)
    _refuse_head(read.name, head)
    work = _Work(head)
    for line in lines:
        work.add(line)
    if not work.paragraphs[1:]:
        raise ImportFault(read.name, "The matrix has no provision.")
    title = head.cells[0].lstrip("\ufeff")
    stem = PurePath(read.name).stem.strip("- .")
    return Document(
        identifier=stem,
        title=title or stem,
        text="".join(work.parts),
        parser=PARSER,
        parser_version=VERSION,
        media_type="text/csv",
        shape="matrix",
        patches=tuple(work.patches),
        header={"actors": head.cells[1:]},
        paragraphs=tuple(work.paragraphs),
        rows=tuple(_rows(work, head.cells, read.name)),
        problems=(*decoded.problems, *work.problems),
    )


def _refuse_head(name: str, head: CsvLine) -> None:
    actors = head.cells[1:]
    if not lacking(columns_of(head.cells)):
        reason = "This is a table of recorded votes, which import_votes reads."
        raise ImportFault(name, reason)
    if not actors or not all(actors):
        reason = "The first line names the actors, one above each column."
        raise ImportFault(name, reason, "row 1")
    twice = next((a for a in actors if actors.count(a) > 1), "")
    if twice:
        raise ImportFault(name, f"The column {quoted(twice)} stands twice.", "row 1")
    states: dict[str, str] = {}
    for actor in actors:
        code = coded(actor)
        if code in states:
            reason = f"{quoted(states[code])} and {quoted(actor)} are one state."
            raise ImportFault(name, reason, "row 1")
        if code:
            states[code] = actor


class _Work:
    """The text of a matrix as it grows, and where its cells stand in it."""

    def __init__(self, head: CsvLine) -> None:
        self.head = head.cells
        self.parts: list[str] = []
        self.patches: list[Patch] = []
        self.paragraphs: list[Paragraph] = []
        self.problems: list[Problem] = []
        # (line, paragraph, column, start, end) of each cell that is not blank.
        self.cells: list[tuple[CsvLine, int, int, int, int]] = []
        self.provisions: dict[str, CsvLine] = {}
        self.length = 0
        title = " | ".join(filter(None, (c.lstrip("\ufeff") for c in head.cells)))
        self._write(title, head.raw, role=ParagraphRole.HEADING)

    def add(self, line: CsvLine) -> None:
        name, *values = line.cells or [""]
        reason = self._reason(line)
        if reason:
            if any(line.cells):
                place = f"row {line.number}"
                self.problems.append(Problem("row_not_read", place, reason))
            self.patches.append(Patch(self.length, self.length, line.raw))
            return
        self.provisions[name] = line
        order = len(self.paragraphs) + 1
        words = f"{name}:"
        for column, value in enumerate(values, start=1):
            if value.lower() in BLANK:
                continue
            words += " " if words.endswith(":") else "; "
            start = len(words)
            words += f"{self.head[column]} {value}"
            self.cells.append((line, order, column, start, len(words)))
        self._write(words, line.raw, number=str(order - 1))

    def _reason(self, line: CsvLine) -> str:
        """Why a line is no provision, "" if it is one."""
        if not any(line.cells) or not line.cells[0]:
            return "The line names no provision."
        if len(line.cells) > len(self.head):
            return f"It has {len(line.cells)} cells, and {len(self.head)} columns."
        if line.cells[0] in self.provisions:
            return f"{quoted(line.cells[0])} stands twice: the first is taken."
        return ""

    def _write(self, text: str, raw: str, **fields: Any) -> None:
        between = "\n\n" if self.paragraphs else ""
        start = self.length + len(between)
        end = start + len(text)
        self.patches.append(Patch(self.length, end, raw))
        self.parts += between, text
        self.length = end
        order = len(self.paragraphs) + 1
        self.paragraphs.append(Paragraph(order, start, end, **fields))


def _rows(work: _Work, head: Sequence[str], file: str) -> Iterator[Row]:
    """An option for each provision, a statement for each cell."""
    for name, line in work.provisions.items():
        option = {
            "name": fitted(name, NAME_LENGTH),
            "short_name": fitted(name, SHORT_LENGTH),
            "kind": OptionKind.PROVISION,
            "headline": False,
        }
        yield Row(file, line.number, option, "options")
    codes = [iso3_of("", actor) for actor in head]
    for line, order, column, start, end in work.cells:
        code = codes[column]
        value = plain_value(line.cells[column])
        identity = f"{line.cells[0]} {head[column]} {value}"
        values = {
            "ref": identity,
            "identity": identity,
            "actor": name_of(code) or head[column],
            "actor_code": f"iso3:{code}" if code else "",
            "option": fitted(line.cells[0], NAME_LENGTH),
            "disposition": value,
            "order": order,
            "start": start,
            "end": end,
        }
        yield Row(file, line.number, values, "statements")


def plain_value(cell: str) -> str:
    """A value as mappings name it: "1" for 1.0, "0.5" for ,50, small letters."""
    found = _NUMBER.fullmatch(cell)
    if not found or not any(c.isdigit() for c in cell):
        return cell.lower()
    sign, whole, rest = found.groups()
    number = f"{whole or '0'}.{rest}" if rest else whole or "0"
    return f"-{number}" if sign == "-" and number != "0" else number


def fitted(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[: length - 1].rstrip()}…"
