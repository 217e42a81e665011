"""What the style of a Word document's paragraph says: heading or not, in which list."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from ingest.formats import xml
from ingest.formats.xml import Element

# A style may be based on one that is based on another, and so on.
DEPTH = 20
# Word has nine levels of headings; level 9 is body text.
_BODY_LEVEL = 9
_TITLES = ("title", "subtitle")


@dataclass(frozen=True, slots=True)
class Style:
    """Is it a heading's; the list that its paragraphs stand in ("" = none)."""

    is_heading: bool = False
    list_id: str = ""
    depth: int = 0


class Styles:
    """The styles of a document by their keys, each with what it is based on."""

    def __init__(self, root: Element | None) -> None:
        self._known: dict[str, Element] = {}
        if root is not None:
            for style in xml.elements(root, "style"):
                self._known[value(style, "styleId")] = style

    def of(self, paragraph: Element) -> Style:
        """What a paragraph's own properties say, else its style."""
        style = Style()
        for properties in reversed(list(self._properties(paragraph))):
            style = _with(style, properties)
        return style

    def _properties(self, paragraph: Element) -> Iterator[Element]:
        """The paragraph itself, its style, the one that is based on ..."""
        yield paragraph
        own = xml.child(paragraph, "pPr")
        key = value(xml.child(own, "pStyle")) if own is not None else ""
        for _ in range(DEPTH):
            style = self._known.get(key)
            if style is None:
                return
            yield style
            key = value(xml.child(style, "basedOn"))


def _with(style: Style, element: Element) -> Style:
    """A style with what a paragraph, or a style that is based on it, adds."""
    name = value(xml.child(element, "name")).lower()
    if name:
        is_heading = name in _TITLES or name.startswith("heading ")
        style = replace(style, is_heading=is_heading or style.is_heading)
    properties = xml.child(element, "pPr")
    if properties is None:
        return style
    level = value(xml.child(properties, "outlineLvl"))
    if level:
        style = replace(style, is_heading=number_of(level) < _BODY_LEVEL)
    numbered = xml.child(properties, "numPr")
    if numbered is None:
        return style
    list_id = value(xml.child(numbered, "numId")) or style.list_id
    depth = number_of(value(xml.child(numbered, "ilvl")))
    return replace(style, list_id="" if list_id == "0" else list_id, depth=depth)


def value(element: Element | None, attribute: str = "val") -> str:
    """An attribute of an element by its local name; "" if either is missing."""
    if element is None:
        return ""
    for name, given in element.attrib.items():
        if str(name).rpartition("}")[2] == attribute:
            return str(given)
    return ""


def is_on(element: Element | None) -> bool:
    """Is a switch there and not switched off?"""
    return element is not None and value(element) not in ("0", "false", "off")


def number_of(text: str) -> int:
    """A number as Word writes it; what is none counts as 0."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0
