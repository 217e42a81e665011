"""The blocks of a document's division -> paragraphs with numbers, pages and roles."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, takewhile

from ingest.formats import xml
from ingest.formats.cable.classification import Mark, find_mark
from ingest.formats.frus.heading import NUMBER
from ingest.formats.frus.source_note import is_source_note
from ingest.formats.xml import Element
from ingest.formats.xml_text import Appended, Layout, Part, Shape, lay_out, named
from ingest.records import Paragraph
from positions.choices import ParagraphRole, SourceKind

SHAPE = Shape(
    blocks=named(
        *("div", "head", "dateline", "opener", "salute", "p", "ab", "list", "item"),
        *("table", "row", "closer", "signed", "postscript", "byline", "trailer"),
        *("attachment", "figure", "argument", "epigraph", "label"),
    ),
    breaks={"lb": "\n", "l": "\n", "lg": "\n", "cell": " | "},
    lifted=named("note"),
    points=named("pb"),
)
# Blocks that are read, but are no paragraph: who writes from where, and signs.
_AROUND = frozenset(
    ("dateline", "opener", "salute", "closer", "signed", "byline", "trailer", "figure")
)
_LABEL = re.compile(r"(?P<label>(?:¶[ ]?|\[)?(?P<number>\d{1,3})[.)]\]?)[ \n]+(?=\S)")
_POINT = re.compile(r"(?P<label>\(?[A-Za-z][.)]|\([a-z0-9]{1,3}\))[ \n]+(?=\S)")
# What a list prints before an item, in an element of its own.
_ENUMERATOR = re.compile(r"[(\[]?(?P<number>\d{1,3}(?!\w))?\w{0,5}[.)\]]{0,2}")
# A telegram's own number, with which its first paragraph begins.
_TELEGRAM = re.compile(r"(?P<number>\d{1,6})\.[ \n]+(?=\S)")


@dataclass(frozen=True, slots=True)
class _Label:
    """What is printed before the words of a paragraph, and where those begin."""

    text: str
    number: str
    mark: Mark | None
    end: int


def paragraphs_of(
    layout: Layout, division: Element, kind: SourceKind
) -> Iterator[Paragraph]:
    """The head, then each p, item and row as a paragraph or heading.

    `kind` is the document's.
    """
    telegram = telegram_number(layout, kind)
    # The last heading of each element, its head or a paragraph that is printed as one.
    headings: dict[Element, str] = {}
    order = 0
    enumerator = ""
    for part in layout.blocks:
        text = layout.text[part.start : part.end]
        if xml.tag(part.element) in _AROUND:
            continue
        if xml.tag(part.element) == "label" and _ENUMERATOR.fullmatch(text):
            enumerator = text
            continue
        order += 1
        page = page_of(layout.point_before(part.start))
        if xml.tag(part.element) == "head":
            yield _head(part, text, order, page, division)
        elif _is_heading(part.element, text):
            yield Paragraph(
                order, part.start, part.end, ParagraphRole.HEADING, page=page
            )
        else:
            paragraph = _paragraph(layout.text, part, order, telegram)
            heading = _heading_over(part.element, division, headings)
            paragraph = replace(paragraph, page=page, heading=heading)
            yield _enumerated(paragraph, enumerator)
            enumerator = ""
            continue
        # The document's own head governs nothing.
        if xml.tag(part.element) != "head" or part.element.getparent() is not division:
            headings[part.element.getparent()] = _on_one_line(text)


def _heading_over(
    element: Element, division: Element, headings: dict[Element, str]
) -> str:
    """The heading of the innermost element around that has one."""
    around = chain((element,), element.iterancestors("{*}*"))
    inside = takewhile(lambda e: e is not division.getparent(), around)
    return next((headings[e] for e in inside if e in headings), "")


def _enumerated(paragraph: Paragraph, enumerator: str) -> Paragraph:
    """An item with the number or letter that its list prints before it."""
    found = _ENUMERATOR.fullmatch(enumerator)
    if not enumerator or paragraph.label or found is None:
        return paragraph
    number = str(int(found["number"])) if found["number"] else ""
    if number and paragraph.role == ParagraphRole.ANNEX:
        number = f"A{number}"
    return replace(paragraph, label=enumerator, number=number)


def telegram_number(layout: Layout, kind: SourceKind) -> str:
    """The number that the first paragraph begins with, if it is the telegram's.

    It is, if the numbers after it do not run on from it.
    """
    found = [
        match[1]
        for part in layout.blocks
        if xml.tag(part.element) == "p"
        and xml.within(part.element, "attachment", "list") is None
        and (match := _TELEGRAM.match(layout.text, part.start, part.end))
    ]
    first = next((p for p in layout.blocks if xml.tag(p.element) == "p"), None)
    if first is None or not found:
        return ""
    match = _TELEGRAM.match(layout.text, first.start, first.end)
    if not match or kind != SourceKind.CABLE:
        return ""
    number = match["number"]
    if len(number) <= 3 and (number == "1" or found[1:2] == [str(int(number) + 1)]):
        return ""
    return number


def page_of(point: Element | None) -> int | None:
    """The page that a page break begins; a page without an Arabic number has none."""
    number = "" if point is None else point.get("n", "")
    return int(number) if re.fullmatch(r"[0-9]{1,5}", number) else None


def _head(
    part: Part, text: str, order: int, page: int | None, division: Element
) -> Paragraph:
    """A heading; the document's own number is its label."""
    number = NUMBER.match(text) if part.element.getparent() is division else None
    return Paragraph(
        order,
        part.start + (number.end() if number else 0),
        part.end,
        ParagraphRole.HEADING,
        label=number[0].strip() if number else "",
        page=page,
    )


def _is_heading(element: Element, text: str) -> bool:
    rend = element.get("rend") or element.get("rendition", "").removeprefix("#")
    # A row of asterisks is printed like a heading, for what was left out.
    if xml.tag(element) != "p" or len(text) > 160 or not re.search(r"\w", text):
        return False
    return "sectiontitle" in rend or (rend == "center" and not text.endswith(":"))


def _paragraph(text: str, part: Part, order: int, telegram: str) -> Paragraph:
    annexed = xml.within(part.element, "attachment") is not None
    role = _role(part.element, text[part.start : part.end], annexed)
    label = _label(text, part, telegram) if role != ParagraphRole.SUBJECT else None
    if label is None:
        return Paragraph(order, part.start, part.end, role)
    number = f"A{label.number}" if annexed and label.number else label.number
    return Paragraph(
        order,
        label.end,
        part.end,
        role,
        number=number,
        label=label.text,
        level=int(label.mark.level) if label.mark else None,
        controls=label.mark.controls if label.mark else "",
        marking=label.mark.raw if label.mark else "",
    )


def _role(element: Element, text: str, annexed: bool) -> ParagraphRole:
    around = xml.within(element, "list") if xml.tag(element) != "list" else element
    if around is not None and around.get("type") == "subject":
        return ParagraphRole.SUBJECT
    if is_source_note(text):
        return ParagraphRole.NOTE
    return ParagraphRole.ANNEX if annexed else ParagraphRole.BODY


def _label(text: str, part: Part, telegram: str) -> _Label | None:
    """The printed number or letter that a paragraph begins with."""
    found = _LABEL.match(text, part.start, part.end)
    if found is None:
        point = _POINT.match(text, part.start, part.end)
        return _Label(point["label"], "", None, point.end()) if point else None
    if telegram and found["number"] == telegram:
        return None
    mark = find_mark(text, found.end(), part.end)
    end = found.end()
    if mark and mark.raw.startswith("("):
        after = end + len(mark.raw)
        end = part.end - len(text[after : part.end].lstrip())
        if end == part.end:
            mark, end = None, found.end()
    return _Label(found["label"], str(int(found["number"])), mark, end)


def _on_one_line(text: str) -> str:
    return " ".join(text.split())


def notes_of(
    layout: Layout,
    put: Appended,
    bodies: Sequence[Paragraph],
    place: Callable[[int], int],
) -> Iterator[tuple[Paragraph, dict[str, object]]]:
    """The footnotes as paragraphs behind the text, each with where its mark stood.

    `place` tells where an offset of the layout stands in the text of `bodies`.
    """
    order = len(bodies) + 1
    waiting = list(reversed(layout.lifted))
    while waiting:
        lifted = waiting.pop()
        label = lifted.element.get("n", "")
        page = page_of(layout.point_before(lifted.start))
        note = lay_out(lifted.element, SHAPE)
        # A note on a note comes behind it, and hangs where that one does.
        waiting += (replace(n, start=lifted.start) for n in reversed(note.lifted))
        mark = _mark_of(place(lifted.start), bodies, label)
        for block in note.blocks:
            start, end = put.add(note.text[block.start : block.end])
            role = ParagraphRole.NOTE
            yield (
                Paragraph(order, start, end, role, label=label, page=page),
                {**mark, "note": order},
            )
            order += 1


def _mark_of(at: int, bodies: Sequence[Paragraph], label: str) -> dict[str, object]:
    """Where a note's mark stands: `at` in the text of paragraph `paragraph`."""
    found = bisect_right(bodies, at, key=lambda p: p.start)
    body = bodies[found - 1] if found else None
    if body is None or at > body.end:
        return {"label": label, "paragraph": None, "at": None}
    return {"label": label, "paragraph": body.order, "at": at - body.start}
