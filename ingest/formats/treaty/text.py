"""The parts of a status page -> its reading text, paragraph by paragraph.

The reading text has single blanks, a line for a line and " | " between cells; what
stood otherwise is a patch. Raw text is the page's character data in its order.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import PurePath
from typing import Any

from ingest.formats.treaty.acts import Act, Column, Participant, read_cell
from ingest.formats.treaty.page import Line, Page, Piece, is_head
from ingest.formats.treaty.writing import BETWEEN, Writer
from ingest.records import Document, ImportFault, Paragraph, Problem
from positions.choices import Level, ParagraphRole, SourceKind
from positions.names import name_key

NOTHING = "\u2013"
CAPTION_LENGTH = 200
TITLE_LENGTH = 120

_GLUED = re.compile(r"(?<=[^\W\d]|\))\s*\d{1,2}(?:\s*,\s*\d{1,2})*\s*\Z")
_STATUS = re.compile(r"STATUS AS AT\s*:?\s*(\d{1,2})-(\d{1,2})-(\d{4})", re.I)
_COUNTED = re.compile(r"(Signatories|Parties)\s*:\s*(\d+)")
_TITLE = re.compile(
    r"(?:declarations?|reservations?|objections?|notifications?|communications?"
    r"|territorial application|end ?notes?|notes?)\b.*",
    re.I,
)
_NOTES = re.compile(r"(?:end ?)?notes?\W*", re.I)
_CAPTION = re.compile(
    r"(?:up)?on |declaration|reservation|interpretative|understanding|objection"
    r"|communication|notification|statement|\d{1,2} [A-Z][a-z]+ \d{4}\W*\Z",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Written:
    """A document without its rows, and what the rows are made of.

    `notes` are the end notes: number -> paragraph.
    """

    document: Document
    participants: tuple[Participant, ...]
    notes: dict[str, Paragraph]


def write_document(page: Page, columns: Sequence[Column]) -> Written:
    """The page as a document; raises ImportFault for a table without participants."""
    writer = Writer()
    _write_head(writer, page.head)
    status = _status(page.head)
    writer.line(page.heads, role=ParagraphRole.HEADING)
    table = _Table(writer, columns, BETWEEN.join(head.text for head in page.heads))
    for number, cells in enumerate(page.rows, start=1):
        table.add(number, cells)
    if not table.participants:
        raise ImportFault(page.name, "The table of participants is empty.")
    names = {name_key(p.name) for p in table.participants}
    notes = _Rest(writer, names).write(page.rest)
    writer.end()
    problems = [*_unknown(page, columns), *table.problems]
    problems += _miscounted(page.head, table.participants)
    identifier = page.number.lower() or _stem(page.name)
    document = Document(
        identifier=identifier,
        printed_identifier=page.number,
        title=page.title,
        text="".join(writer.parts),
        parser="",
        parser_version="",
        kind=SourceKind.STATUS,
        language=page.language,
        dated=status.isoformat() if status else "",
        level=Level.UNCLASSIFIED,
        media_type="text/html",
        shape="untc",
        patches=tuple(writer.patches),
        header=_header(page, table.participants),
        paragraphs=tuple(writer.paragraphs),
        problems=tuple(problems),
    )
    return Written(document, tuple(table.participants), notes)


# -- the parts ------------------------------------------------------------------------


def _write_head(writer: Writer, lines: Iterable[Line]) -> None:
    """What stands above the table: chapter, title, entry into force, status."""
    for line in lines:
        plain = tuple(Piece(" ") if p.kind == "cell" else p for p in line.pieces)
        title = "treatyCenter" in line.styles
        role = ParagraphRole.SUBJECT if title else ParagraphRole.NOTE
        writer.lines([replace(line, pieces=plain)], role=role)


class _Table:
    """The rows of the participants, each a paragraph: "Japan | 3 Dec 2008 | –"."""

    def __init__(self, writer: Writer, columns: Sequence[Column], heading: str):
        self.writer, self.columns, self.heading = writer, columns, heading
        self.participants: list[Participant] = []
        self.problems: list[Problem] = []

    def add(self, row: int, cells: Sequence[Line]) -> None:
        """Write a row; one without a participant, or a second head, is none."""
        first = unglued(cells[0])
        if not first.text or len(cells) < 2 or is_head(first):
            return
        writer = self.writer
        start = writer.open()
        _, end = writer.pieces(first)
        acts: list[Act] = []
        marks = list(first.marks)
        for n, cell in enumerate(cells[1:]):
            writer.put(BETWEEN, "")
            begin, end = writer.pieces(cell)
            if end == begin:
                writer.put(NOTHING, "")
                end = writer.length
            elif n < len(self.columns) and self.columns[n].acts:
                acts += self._acts(row, cell, self.columns[n], begin - start)
            marks += cell.marks
        paragraph = writer.close(
            start, end, heading=self.heading, number=str(len(self.participants) + 1)
        )
        if paragraph is not None:
            self.participants.append(
                Participant(first.text, row, paragraph.order, tuple(acts), tuple(marks))
            )

    def _acts(self, row: int, cell: Line, column: Column, at: int) -> Iterable[Act]:
        read = read_cell(cell.text, column, at)
        for sentence in read.odd:
            message = f"Row {row} of the table: {sentence}."
            self.problems.append(Problem("cell_not_read", f"row {row}", message))
        return read.acts


class _Rest:
    """Declarations, objections and notes: each a paragraph, under its state."""

    def __init__(self, writer: Writer, names: set[str]) -> None:
        self.writer, self.names = writer, names
        self.section = self.state = self.mark = ""
        self.waiting: list[Line] = []
        self.captions_only = True
        self.counts: Counter[str] = Counter()
        self.notes: dict[str, Paragraph] = {}

    def write(self, lines: Sequence[Line]) -> dict[str, Paragraph]:
        """Write all; the end notes by their number."""
        styled = any("heading-two" in line.styles for line in lines)
        for line in lines:
            if self._is_title(line, styled):
                self._flush()
                self.section, self.state = line.text, ""
                self.writer.lines([line], role=ParagraphRole.HEADING)
            elif self._is_state(line, styled):
                self._flush()
                line = unglued(line)
                self.state = line.text
                self.writer.lines([line], role=ParagraphRole.HEADING)
            else:
                self._take(line)
        self._flush()
        return self.notes

    def _is_title(self, line: Line, styled: bool) -> bool:
        if styled:
            return {"heading-four", "bold"} <= line.styles or "end-notes" in line.styles
        short = len(line.text) <= TITLE_LENGTH and not line.text.endswith((".", ":"))
        return short and not line.italic and bool(_TITLE.fullmatch(line.text))

    def _is_state(self, line: Line, styled: bool) -> bool:
        if styled or not self.section or self._in_notes:
            return "heading-two" in line.styles
        return name_key(unglued(line).text) in self.names

    @property
    def _in_notes(self) -> bool:
        return bool(_NOTES.fullmatch(self.section))

    def _take(self, line: Line) -> None:
        if self._in_notes:
            first = next((p for p in line.pieces if p.text.strip()), None)
            if first is not None and first.kind == "mark":
                self._flush()
                self.mark = first.text.strip()
                label = replace(first, kind="label")
                pieces = tuple(label if p is first else p for p in line.pieces)
                line = replace(line, pieces=pieces)
        else:
            caption = _is_caption(line)
            if caption and not self.captions_only:
                self._flush()
            self.captions_only &= caption
        self.waiting.append(line)

    def _flush(self) -> None:
        """Write the lines that wait as one paragraph; nothing before any title."""
        lines, self.waiting, self.captions_only = self.waiting, [], True
        mark, self.mark = self.mark, ""
        if not lines or not self.section:
            return
        fields: dict[str, Any] = {"heading": self.section, "role": ParagraphRole.NOTE}
        if self._in_notes and mark:
            fields |= {"label": mark, "number": f"note {mark}"}
        elif self.state:
            letter = self.section[0].upper()
            self.counts[letter] += 1
            fields |= {
                "role": ParagraphRole.BODY,
                "number": f"{letter}{self.counts[letter]}",
                "heading": f"{self.section} {NOTHING} {self.state}",
                "speaker": self.state,
            }
        paragraph = self.writer.lines(lines, **fields)
        if paragraph is not None and mark:
            self.notes.setdefault(mark, paragraph)


def _is_caption(line: Line) -> bool:
    """ "Declaration made upon signature:", or the day of an objection, in italics."""
    words = line.text
    if not line.italic or len(words) > CAPTION_LENGTH:
        return False
    return words.endswith(":") or bool(_CAPTION.match(words))


def unglued(line: Line) -> Line:
    """A name without the numbers of notes that stand glued to it ("Belize 1")."""
    whole = "".join(piece.text for piece in line.pieces)
    found = None if line.marks else _GLUED.search(whole)
    if not found:
        return line
    pieces = Piece(whole[: found.start()]), Piece(found[0], "mark")
    return replace(line, pieces=pieces)


# -- what the page says of itself -----------------------------------------------------


def _status(head: Iterable[Line]) -> date | None:
    """The day of "STATUS AS AT : 27-11-2015 ...": day, month, year."""
    for line in head:
        found = _STATUS.search(line.text)
        if found:
            day, month, year = map(int, found.groups())
            try:
                return date(year, month, day)
            except ValueError:
                return None
    return None


def _header(page: Page, participants: Iterable[Participant]) -> dict[str, Any]:
    """The acts of each participant, provisional application among them."""
    return {
        "treaty": page.number,
        "head": [line.text for line in page.head],
        "participants": [
            {
                "name": p.name,
                "acts": [
                    {
                        "act": a.kind.act,
                        "mode": a.kind.mode,
                        "day": a.day.isoformat(),
                        "withdrawn": a.withdrawn,
                    }
                    for a in p.acts
                ],
            }
            for p in participants
        ],
    }


def _unknown(page: Page, columns: Sequence[Column]) -> Iterator[Problem]:
    for head, column in zip(page.heads[1:], columns, strict=True):
        for words in column.unknown.values():
            message = f"The column “{head.text}” has an unknown act: {words}."
            yield Problem("unknown_act", "", message)


def _miscounted(
    head: Iterable[Line], participants: Sequence[Participant]
) -> Iterator[Problem]:
    """The page counts its signatories and parties itself."""
    found = {
        "Signatories": _number(participants, "signed"),
        "Parties": _number(participants, "bound"),
    }
    for line in head:
        for what, number in _COUNTED.findall(line.text):
            if int(number) != found[what]:
                message = f"The page counts {number} {what}, its table {found[what]}."
                yield Problem("counts_differ", "", message)


def _number(participants: Iterable[Participant], act: str) -> int:
    return sum(
        any(a.kind.act == act and not a.withdrawn for a in p.acts) for p in participants
    )


def _stem(name: str) -> str:
    return PurePath(name).stem.strip("- .")
