"""XML that nobody vouches for: parsed within limits, and walked without recursion.

No DTD is loaded, no entity replaced, no file or network asked, whatever a document
names.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from copy import deepcopy
from dataclasses import dataclass
from itertools import chain
from typing import Any, TypeAlias

from lxml import etree

from ingest.reading import refuse_unreadable
from ingest.records import ImportFault

Element: TypeAlias = Any  # of lxml, which has no types

SIZE_LIMIT = 32 * 2**20
# Elements and attributes together; a tree takes about 250 bytes for each.
MARKS_LIMIT = 700_000
TEI = "http://www.tei-c.org/ns/1.0"
ID = "{http://www.w3.org/XML/1998/namespace}id"
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"

# What XML takes for blanks; others, such as a no-break space, are words.
BLANK = " \t\r\n"
_BLANKS = re.compile(rf"[{BLANK}]+")
# Empty elements that break a line, and so part two words.
_LINE_BREAKS = ("lb", "br")
# Of two readings (TEI's choice) the one that is left out.
_SUPERSEDED = frozenset(("sic", "orig", "abbr"))
_WHERE = re.compile(r",? line \d+, column \d+\s*\Z")


# -- parsing --------------------------------------------------------------------------


class _Nothing(etree.Resolver):
    """Answers every request for another file with nothing.

    Without it libxml2 reads the external DTD that a DOCTYPE names, from the disk too,
    although it was told not to load any.
    """

    def resolve(self, url: str, public: str, context: Any) -> Any:
        return self.resolve_string("", context)


def parse(data: bytes, name: str, place: str = "") -> Element:
    """The root of an XML document.

    Raises ImportFault, in one sentence, for what is empty, binary or no well-formed
    XML, declares or uses entities, is nested too deep, or is too large: as a whole,
    in one element, or in their number.
    """
    refuse_unreadable(data, name, html=True)
    if len(data) > SIZE_LIMIT:
        reason = f"The XML is larger than the limit of {SIZE_LIMIT} bytes."
        raise ImportFault(name, reason, place)
    if _marks(data) > MARKS_LIMIT:
        reason = f"The XML has more than {MARKS_LIMIT} elements and attributes."
        raise ImportFault(name, reason, place)
    try:
        root = etree.fromstring(data, _parser())
    except etree.XMLSyntaxError as fault:
        raise ImportFault(name, _reason(fault), place) from None
    reason = _entities_of(root)
    if reason:
        raise ImportFault(name, reason, place)
    return root


def _marks(data: bytes) -> int:
    """At least as many as there are elements and attributes, which stand in quotes."""
    quoted = (data.count(b'"') + data.count(b"'")) // 2
    return data.count(b"<") + min(data.count(b"="), quoted)


def _parser() -> etree.XMLParser:
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        collect_ids=False,
    )
    parser.resolvers.add(_Nothing())
    return parser


def _entities_of(root: Element) -> str:
    """Why a tree is refused for its entities; "" if it has none."""
    dtd = root.getroottree().docinfo.internalDTD
    declared = next(iter(dtd.entities()), None) if dtd is not None else None
    if declared is not None:
        return f"It declares an entity (“{declared.name}”), which is not read."
    used = next(root.iter(etree.Entity), None)
    if used is not None:
        return f"It uses an entity ({used.text}) that XML itself does not define."
    return ""


def _reason(fault: etree.XMLSyntaxError) -> str:
    """What is wrong with the XML, in one sentence for people."""
    said = _WHERE.sub("", " ".join((fault.msg or "").split())).rstrip(".:")
    at = f"line {fault.lineno or 1}"
    codes = etree.ErrorTypes
    if "depth" in said:
        return "It is nested deeper than the limit of 256 elements."
    if "amplification" in said:
        return "It declares entities that multiply, which are not read."
    if "too long" in said or "size limit" in said:
        return "An element of it is longer than the limit of 10,000,000 bytes."
    if "entity" in said.casefold():
        return f"It uses an entity that XML itself does not define ({at})."
    if "encoding" in said.casefold():
        return f"Its bytes are not in the encoding that it declares ({at})."
    if fault.code == codes.ERR_TAG_NOT_FINISHED:
        return f"The XML breaks off at {at}."
    if fault.code in (codes.ERR_DOCUMENT_START, codes.ERR_DOCUMENT_EMPTY):
        return "This is not XML: it does not begin with an element."
    return f"This is not well-formed XML ({at}: {said})."


def begins_with(head: bytes, tags: Collection[str]) -> bool:
    """Does a file that begins with these bytes open with one of these elements?"""
    text = head.replace(b"\0", b"")
    names = b"|".join(re.escape(tag.encode()) for tag in tags)
    return re.search(rb"<(?:[\w.-]+:)?(?:" + names + rb")[\s/>]", text) is not None


# -- parts of a tree ------------------------------------------------------------------


def tag(element: Element) -> str:
    """The name of an element without its namespace."""
    return etree.QName(element).localname


def elements(root: Element, *names: str) -> Iterator[Element]:
    """All elements of these names at or below an element, whatever their namespace."""
    return root.iter(*(f"{{*}}{name}" for name in names))


def first(root: Element, *names: str) -> Element | None:
    """The first of the elements at or below one."""
    return next(elements(root, *names), None)


def child(element: Element, name: str) -> Element | None:
    """The first child of this name."""
    return next(element.iterchildren(f"{{*}}{name}"), None)


def within(element: Element, *names: str) -> Element | None:
    """The nearest element around one that has one of these names."""
    return next(element.iterancestors(*(f"{{*}}{name}" for name in names)), None)


def is_superseded(element: Element) -> bool:
    """Is it what the editors print something else for, in a choice of readings?"""
    if tag(element) not in _SUPERSEDED:
        return False
    around = element.getparent()
    return around is not None and tag(around) == "choice" and len(around) > 1


class Headings:
    """The headings of the sections of a tree, each looked for once."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._known: dict[Element, str] = {}

    def of(self, section: Element) -> str:
        """The words of a section's own heading, without notes; "" = it has none."""
        if section not in self._known:
            heading = child(section, self.name)
            self._known[section] = words(heading, without=("note",))
        return self._known[section]

    def over(self, element: Element, *names: str) -> str:
        """The heading of the innermost section of these names that has one.

        The element may be such a section itself, and hold words of its own.
        """
        own = (element,) if tag(element) in names or not names else ()
        around = element.iterancestors(*(f"{{*}}{name}" for name in names))
        return next(filter(None, map(self.of, chain(own, around))), "")


def words(element: Element | None, *, without: Collection[str] = ()) -> str:
    """All words of an element on one line, but for those in elements `without`."""
    if element is None:
        return ""
    parts = (
        f" {step.text}"
        if step.kind == "start" and tag(step.element) in _LINE_BREAKS
        else step.text
        for step in walk(element, lambda e: tag(e) in without or is_superseded(e))
        if step.kind != "lifted"
    )
    return _BLANKS.sub(" ", "".join(parts)).strip(BLANK)


def canonical(element: Element) -> bytes:
    """The element in Canonical XML 2.0: equal trees, equal bytes; without comments.

    The version before it, faster, fails on namespaces that are no full address.
    """
    # A part of a tree does not say its namespaces; a copy of it does.
    whole = element if element.getparent() is None else deepcopy(element)
    return etree.tostring(whole, method="c14n2", with_comments=False, with_tail=False)


# -- in document order ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a walk: an element's start, end or all of it, and text after it.

    kind: "start", "end", "lifted" (`text` is then all the element's own character
    data), or "text" for what follows a comment, an instruction or a lifted element.
    """

    kind: str
    element: Element
    text: str


def walk(root: Element, is_lifted: Callable[[Element], bool]) -> Iterator[Step]:
    """All character data of a tree in document order, with where elements begin.

    What is lifted comes as one step. Not recursive: trees may be 256 deep.
    """
    events = ("start", "end", "comment", "pi")
    walker: Any = etree.iterwalk(root, events=events)
    lifted: Element | None = None
    for event, element in walker:
        after = "" if element is root else element.tail or ""
        if event in ("comment", "pi"):
            yield Step("text", element, after)
        elif event == "end":
            yield Step("text" if element is lifted else "end", element, after)
            lifted = None
        elif element is not root and is_lifted(element):
            lifted = element
            walker.skip_subtree()
            yield Step("lifted", element, character_data(element))
        else:
            yield Step("start", element, element.text or "")


def character_data(element: Element) -> str:
    """All character data of an element as it stands."""
    return "".join(step.text for step in walk(element, lambda _: False))
