"""Documents that are printed as the cable they are, its raw header in paragraphs.

In some electronic volumes all that was transmitted stands in paragraphs and broken
lines, with the editors' dateline and subject above it or without. That text is the
cable parser's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from ingest.formats import cable, xml
from ingest.formats.cable.patching import compose, reading_offset
from ingest.formats.frus.paragraphs import paragraphs_of
from ingest.formats.xml import Element
from ingest.formats.xml_text import Layout
from ingest.records import Document, Paragraph, Patch
from positions.choices import SourceKind

# The originator's line of a routing header, near the beginning.
_ROUTING = re.compile(r"(?m)^FM [A-Z]{2}")
_WITHIN = 3000
# What stands above it, however its lines are joined, is shorter than any prose.
_LONGEST_LINE = 400


@dataclass(frozen=True, slots=True)
class RawCable:
    """The cable as its parser read it, set behind the head of the document."""

    document: Document
    begin: int
    text: str
    patches: tuple[Patch, ...]
    paragraphs: tuple[Paragraph, ...]

    def place(self, at: int) -> int:
        """Where an offset of the text that the cable's parser was given stands now."""
        if at < self.begin:
            return at
        return self.begin + reading_offset(self.document.patches, at - self.begin)


def raw_cable_in(division: Element, layout: Layout) -> RawCable | None:
    """The cable in a division that is laid out flat; None if there is none."""
    begin = _begin(division, layout)
    if begin is None:
        return None
    found = cable.parse_text(layout.text[begin:])
    header = found.header
    if not (header["mrn"] or header["dtg"] or header["labels"] > 1):
        return None
    text = layout.text[:begin] + found.text
    upper = [
        replace(p, start=p.start + begin, end=p.end + begin) for p in found.patches
    ]
    return RawCable(
        document=found,
        begin=begin,
        text=text,
        patches=compose(text, upper, layout.text, layout.patches),
        paragraphs=tuple(_paragraphs(division, layout, found, begin)),
    )


def _begin(division: Element, layout: Layout) -> int | None:
    """Where the document's own paragraphs begin, if only short lines stand above FM."""
    parts = [b for b in layout.blocks if b.element.getparent() is division]
    own = [b for b in parts if xml.tag(b.element) == "p"]
    if not own:
        return None
    begin = own[0].start
    routing = _ROUTING.search(layout.text, begin, begin + _WITHIN)
    above = [b for b in layout.blocks if routing and begin <= b.start < routing.start()]
    if routing is None or any(b.end - b.start > _LONGEST_LINE for b in above):
        return None
    return begin if any(b.start <= routing.start() < b.end for b in own) else None


def _paragraphs(
    division: Element, layout: Layout, found: Document, begin: int
) -> Iterator[Paragraph]:
    """What the editors put above the cable, then its own, in the whole text."""
    above = 0
    for paragraph in paragraphs_of(layout, division, SourceKind.CABLE):
        if paragraph.end <= begin:
            above += 1
            yield paragraph
    for paragraph in found.paragraphs:
        yield replace(
            paragraph,
            order=paragraph.order + above,
            start=paragraph.start + begin,
            end=paragraph.end + begin,
        )
