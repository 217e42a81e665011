"""Documents that are printed as the cable they are, its raw header in paragraphs.

Some electronic volumes have no dateline and no closer: all that was transmitted
stands in paragraphs and broken lines. That text is the cable parser's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from ingest.formats import cable, xml
from ingest.formats.cable.patching import compose, reading_offset
from ingest.formats.frus.heading import NUMBER
from ingest.formats.xml import Element
from ingest.formats.xml_text import Layout, Part
from ingest.records import Document, Paragraph, Patch
from positions.choices import ParagraphRole

# The originator's line of a routing header, near the beginning.
_ROUTING = re.compile(r"(?m)^FM [A-Z]{2}")
_WITHIN = 3000


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
    if xml.child(division, "dateline") is not None:
        return None
    head = next((b for b in layout.blocks if xml.tag(b.element) == "head"), None)
    begin = next((b.start for b in layout.blocks if b is not head), len(layout.text))
    if not _ROUTING.search(layout.text, begin, begin + _WITHIN):
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
        paragraphs=(*_heading(layout, head), *_moved(found, begin, head is not None)),
    )


def _heading(layout: Layout, head: Part | None) -> tuple[Paragraph, ...]:
    """The editors' head above the cable, its number as the label."""
    if head is None:
        return ()
    number = NUMBER.match(layout.text, head.start, head.end)
    return (
        Paragraph(
            1,
            number.end() if number else head.start,
            head.end,
            ParagraphRole.HEADING,
            label=f"{number['number']}." if number else "",
        ),
    )


def _moved(found: Document, begin: int, below: bool) -> tuple[Paragraph, ...]:
    """The cable's paragraphs where they stand in the whole text."""
    return tuple(
        replace(
            paragraph,
            order=paragraph.order + below,
            start=paragraph.start + begin,
            end=paragraph.end + begin,
        )
        for paragraph in found.paragraphs
    )
