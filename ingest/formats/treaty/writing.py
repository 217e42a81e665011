"""Reading text as it grows, with the patches that undo it and its paragraphs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from ingest.formats.treaty.page import Line
from ingest.records import Paragraph, Patch, Skip

BETWEEN = " | "

_BLANKS = re.compile(r"(\s+)")


@dataclass
class Writer:
    """Reading text as it grows; `patches` say what stood otherwise."""

    parts: list[str] = field(default_factory=list)
    patches: list[Patch] = field(default_factory=list)
    paragraphs: list[Paragraph] = field(default_factory=list)
    skips: list[tuple[int, str]] = field(default_factory=list)
    length: int = 0
    # Blanks that are written if a word follows.
    waiting: str = ""

    def put(self, shown: str, raw: str) -> None:
        """Write what a reader reads in place of what the page has."""
        if shown != raw:
            last = self.patches[-1] if self.patches else None
            if last is not None and last.end == self.length:
                end = self.length + len(shown)
                self.patches[-1] = Patch(last.start, end, last.raw + raw)
            else:
                self.patches.append(Patch(self.length, self.length + len(shown), raw))
        self.parts.append(shown)
        self.length += len(shown)

    def words(self, text: str, begun: int) -> None:
        """Write words with single blanks; none before the first after `begun`."""
        for run in _BLANKS.split(text):
            if run.isspace():
                self.waiting += run
            elif run:
                between = " " if self.waiting and self.length > begun else ""
                self.put(between, self.waiting)
                self.waiting = ""
                self.put(run, run)

    def pieces(self, line: Line) -> tuple[int, int]:
        """Write a line; [start, end) of its words."""
        self.end()
        start = self.length
        for piece in line.pieces:
            if piece.kind in ("mark", "label"):
                if piece.kind == "mark":
                    self.skips.append((self.length, piece.text.strip()))
                self.waiting += piece.text
            elif piece.kind == "cell":
                if self.length > start:
                    self.end()
                    self.put(BETWEEN, "")
            else:
                self.words(piece.text, start)
        end = self.length
        self.end()
        return start, end

    def end(self) -> None:
        """Blanks that no word follows are left out."""
        self.put("", self.waiting)
        self.waiting = ""

    def open(self) -> int:
        """Begin a paragraph: an empty line between it and the one before."""
        self.end()
        if self.paragraphs:
            self.put("\n\n", "")
        self.skips = []
        return self.length

    def close(self, start: int, end: int, **fields: Any) -> Paragraph | None:
        if end <= start:
            return None
        skips = tuple(Skip(min(at, end) - start, raw) for at, raw in self.skips)
        order = len(self.paragraphs) + 1
        self.paragraphs.append(Paragraph(order, start, end, skips=skips, **fields))
        return self.paragraphs[-1]

    def lines(self, lines: Iterable[Line], **fields: Any) -> Paragraph | None:
        """One paragraph of lines."""
        start = end = self.open()
        for line in lines:
            if end > start:
                self.put("\n", "")
            _, end = self.pieces(line)
        return self.close(start, end, **fields)

    def line(self, cells: Sequence[Line], **fields: Any) -> Paragraph | None:
        """One paragraph of cells."""
        start = end = self.open()
        for n, cell in enumerate(cells):
            if n:
                self.put(BETWEEN, "")
            _, end = self.pieces(cell)
        return self.close(start, end, **fields)
