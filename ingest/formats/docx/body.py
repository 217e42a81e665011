"""The body of a Word document, block by block: paragraphs, rows of tables, notes."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import groupby
from operator import itemgetter

from ingest.formats import xml
from ingest.formats.docx.numbering import Numbering, roman
from ingest.formats.docx.package import Package
from ingest.formats.docx.styles import Styles, is_on, value
from ingest.formats.mending import Mender
from ingest.formats.outline import Block
from ingest.formats.xml import Element, tag
from ingest.records import Skip

CELL = " | "
# What stands for itself in a run.
_SIGNS = {
    "tab": "\t",
    "ptab": "\t",
    "br": "\n",
    "cr": "\n",
    "noBreakHyphen": "\u2011",
    "softHyphen": "\u00ad",
}
_DELETED = ("del", "moveFrom")
_INSERTED = ("ins", "moveTo")
# No words of the document, or the same words a second time.
_PASSED_OVER = (
    "pPr",
    "rPr",
    "tblPr",
    "tblGrid",
    "trPr",
    "tcPr",
    "sectPr",
    "sdtPr",
    "sdtEndPr",
    "instrText",
    "delInstrText",
    "Fallback",
    "annotationRef",
    "footnoteRef",
    "endnoteRef",
)
_NOTES = {"footnoteReference": "footnotes", "endnoteReference": "endnotes"}

# What becomes of a piece of a paragraph: it is shown, it is left out (and stays in the
# raw text), or it is a note's mark, which is left out and leaves a trace.
SHOWN, LEFT_OUT, MARK = "shown", "left out", "mark"


@dataclass
class Body:
    """The reading text as it grows, its blocks, and what was odd."""

    package: Package
    mender: Mender = field(default_factory=Mender)
    blocks: list[Block] = field(default_factory=list)
    # Kinds of what was kept or left out -> how often.
    seen: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._styles = Styles(self.package.part("styles"))
        self._numbering = Numbering(self.package.part("numbering"))
        self._notes: list[tuple[str, str, str]] = []
        self._marks: Counter[str] = Counter()
        # Text boxes come after the paragraph that they are anchored in.
        self._boxes: list[Element] = []
        self._skips: list[Skip] = []
        self._begun = 0

    def read(self) -> None:
        """Lay out the document, then its notes in the order of their marks."""
        body = xml.child(self.package.document(), "body")
        if body is not None:
            self._read_blocks(body)
        texts = {kind: self._notes_of(kind) for kind in _NOTES.values()}
        for kind, number, mark in self._notes:
            note = texts[kind].pop(number, None)
            if note is not None:
                self._begin()
                self._read_cell(note)
                self._end(Block(0, 0, note=True, label=mark))

    def _notes_of(self, kind: str) -> dict[str, Element]:
        root = self.package.part(kind)
        notes = () if root is None else root.iterchildren("{*}*")
        return {value(note, "id"): note for note in notes}

    # -- blocks -----------------------------------------------------------------------

    def _read_blocks(self, parent: Element) -> None:
        for element in parent.iterchildren("{*}*"):
            name = tag(element)
            if name == "p":
                self._read_paragraph(element)
            elif name == "tbl":
                self._read_table(element)
            elif name not in (*_PASSED_OVER, *_DELETED):
                self._read_blocks(element)

    def _read_paragraph(self, paragraph: Element) -> None:
        style = self._styles.of(paragraph)
        label = ""
        if not style.is_heading and style.list_id and _has_words(paragraph):
            label = self._numbering.label(style.list_id, style.depth)
        self._begin()
        self._read_words(paragraph)
        self._end(Block(0, 0, heading=style.is_heading, label=label))
        while self._boxes:
            self._read_blocks(self._boxes.pop(0))

    def _read_table(self, table: Element) -> None:
        """Row by row; a table of one column only lays out what it holds."""
        rows = [row for row in _near(table, "tr") if not _is_deleted(row)]
        cells = [list(_near(row, "tc")) for row in rows]
        if all(len(row) < 2 for row in cells):
            for row in cells:
                for cell in row:
                    self._read_blocks(cell)
            return
        for row in cells:
            self._begin()
            for number, cell in enumerate(row):
                if number:
                    self.mender.put(CELL)
                self._read_cell(cell)
            self._end(Block(0, 0))

    def _read_cell(self, cell: Element) -> None:
        """All paragraphs of a cell, of tables and boxes in it, each on its lines."""
        waiting = [cell]
        first = True
        while waiting:
            for paragraph in _near(waiting.pop(0), "p"):
                if not first:
                    self.mender.put("\n")
                first = False
                self._read_words(paragraph)
            waiting += self._boxes
            self._boxes.clear()

    def _begin(self) -> None:
        if self.mender.length > self._begun:
            self.mender.put("\n\n")
        self._begun, self._skips = self.mender.length, []

    def _end(self, block: Block) -> None:
        """Keep what was read since `_begin` as a block; blanks are trimmed later."""
        end = self.mender.length
        if end > self._begun:
            skips = tuple(self._skips)
            self.blocks.append(replace(block, start=self._begun, end=end, skips=skips))

    # -- words ------------------------------------------------------------------------

    def _read_words(self, paragraph: Element) -> None:
        pieces = groupby(self._words(paragraph, SHOWN), itemgetter(1))
        for fate, group in pieces:
            raw = "".join(piece for piece, _ in group)
            if fate == SHOWN:
                self.mender.add(raw, goes_on=True)
                continue
            self.mender.put(raw, "")
            if fate == MARK:
                self._skips.append(Skip(self.mender.length - self._begun, raw))

    def _words(self, parent: Element, fate: str) -> Iterator[tuple[str, str]]:
        """(piece, what becomes of it) of all character data in a paragraph."""
        for element in parent.iterchildren("{*}*"):
            name = tag(element)
            if name in ("t", "delText"):
                yield element.text or "", fate
            elif name in _SIGNS:
                yield _SIGNS[name], fate
            elif name == "sym":
                self.seen["symbol"] += 1
                yield "\ufffd", fate
            elif name in _NOTES:
                if fate == SHOWN:
                    yield self._mark(element, _NOTES[name]), MARK
            elif name == "txbxContent":
                self._boxes.append(element)
            elif name in _DELETED:
                self.seen["deleted"] += 1
                yield from self._words(element, LEFT_OUT)
            elif name == "r" and _is_hidden(element):
                self.seen["hidden"] += 1
                yield from self._words(element, LEFT_OUT)
            elif name not in _PASSED_OVER:
                self.seen["inserted"] += name in _INSERTED
                self.seen["comment"] += name == "commentReference"
                yield from self._words(element, fate)

    def _mark(self, reference: Element, kind: str) -> str:
        """Remember the note; its mark."""
        self._marks[kind] += 1
        number = self._marks[kind]
        mark = str(number) if kind == "footnotes" else roman(number)
        self._notes.append((kind, value(reference, "id"), mark))
        return f"[{mark}]"


def _near(parent: Element, name: str) -> Iterator[Element]:
    """The elements of a name below one, but none inside another of them."""
    for element in parent.iterchildren("{*}*"):
        if tag(element) == name:
            yield element
        elif tag(element) not in (*_PASSED_OVER, *_DELETED):
            yield from _near(element, name)


def _has_words(paragraph: Element) -> bool:
    return any(map(xml.words, xml.elements(paragraph, "t")))


def _is_deleted(row: Element) -> bool:
    properties = xml.child(row, "trPr")
    return properties is not None and xml.child(properties, "del") is not None


def _is_hidden(run: Element) -> bool:
    properties = xml.child(run, "rPr")
    return properties is not None and is_on(xml.child(properties, "vanish"))
