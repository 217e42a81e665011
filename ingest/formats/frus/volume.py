"""A volume -> one small XML for each document, and one for its list of persons.

Each holds all that its reading needs: the division, the page it begins on, the
volume's name, and of the lists of persons and terms what the division refers to. It
is written canonically, so that the same document always gives the same bytes,
whatever else of the volume was corrected.
"""

import re
from collections.abc import Iterator
from copy import deepcopy
from io import BufferedReader
from pathlib import PurePath

from lxml import etree

from ingest.formats import xml
from ingest.formats.xml import ID, TEI, Element
from ingest.reading import Read
from ingest.records import ImportFault

_VOLUME = re.compile(r"frus\d[\w.-]*")
_NOT_IN_IDENTIFIER = re.compile(r"[^\w.-]+")
# What stands around a document and tells its place in the volume.
_AROUND = ("compilation", "chapter", "subchapter", "section")
_LISTED = {"persName": "persons", "term": "terms"}


def fits(name: str, head: bytes) -> bool:
    """May it be a volume of the series? A debate is TEI as well, but of ParlaMint."""
    return xml.begins_with(head, ("TEI",)) and b"ParlaMint" not in head


def split(name: str, file: BufferedReader) -> Iterator[Read | ImportFault]:
    """The documents of a volume in its order, then its list of persons.

    The whole volume is read before the first: one that breaks off gives nothing.
    """
    try:
        root = xml.parse(file.read(xml.SIZE_LIMIT + 1), name)
        volume = _volume_of(root, name)
        if not any(map(_is_document, xml.elements(root, "div"))):
            reason = "This is no FRUS volume: no division of it is a document."
            raise ImportFault(name, reason)
    except ImportFault as fault:
        yield fault
        return
    listed = _listed(root)
    frame = _Frame(root, volume)
    page: Element | None = None
    for element in xml.elements(root, "div", "pb"):
        if xml.tag(element) == "pb":
            page = element
        elif _is_document(element):
            place = place_of(element)
            data = frame.around(element, page, _referred(element, listed))
            yield Read(name, data, place, f"{volume}-{place}")
    persons = [e for key, e in listed.items() if xml.first(e, "persName") is not None]
    if persons:
        yield Read(name, frame.listing(persons), "persons", f"{volume}-persons")


def _volume_of(root: Element, name: str) -> str:
    """The volume's own identifier; the file's name only if it has the form of one."""
    if xml.tag(root) != "TEI":
        reason = f"This is no FRUS volume: its root is “{xml.tag(root)}”, not TEI."
        raise ImportFault(name, reason)
    numbers = (e for e in xml.elements(root, "idno") if e.get("type") == "frus")
    given = (root.get(ID, ""), xml.words(next(numbers, None)), PurePath(name).stem)
    found = next((g for g in given if _VOLUME.fullmatch(g)), "")
    if not found:
        raise ImportFault(
            name, "The volume has no identifier, such as frus1964-68v29p2."
        )
    return found


def _is_document(division: Element) -> bool:
    """Is it a document, and no part of one?"""
    around = division.iterancestors("{*}div")
    return division.get("type") == "document" and not any(
        division.get("type") == "document" for division in around
    )


def place_of(division: Element) -> str:
    """The document's name in its volume: d10."""
    place = division.get(ID) or f"d{division.get('n', '')}"
    return _NOT_IN_IDENTIFIER.sub("-", place).strip("-")


def _listed(root: Element) -> dict[str, Element]:
    """Identifier -> entry of the lists of persons and terms, the first of each."""
    found: dict[str, Element] = {}
    for named in xml.elements(root, *_LISTED):
        entry = xml.within(named, "item")
        if named.get(ID) and entry is not None:
            found.setdefault(named.get(ID), entry)
    return found


def _referred(division: Element, listed: dict[str, Element]) -> list[Element]:
    """The entries that a document refers to, each once, as they come."""
    found: dict[Element, None] = {}
    for element in division.iter("{*}*"):
        for attribute in ("corresp", "target"):
            target = element.get(attribute, "").removeprefix("#")
            if target in listed:
                found[listed[target]] = None
    return list(found)


class _Frame:
    """What every piece of a volume carries of it: its name, title and year."""

    def __init__(self, root: Element, volume: str) -> None:
        self.volume = volume
        titles = list(xml.elements(root, "title"))
        complete = (t for t in titles if t.get("type") == "complete")
        self.title = xml.words(next(complete, titles[0] if titles else None))
        imprint = xml.first(root, "publicationStmt")
        dates = xml.elements(imprint, "date") if imprint is not None else iter(())
        self.published = xml.words(next(dates, None))

    def around(
        self, division: Element, page: Element | None, entries: list[Element]
    ) -> bytes:
        """A document with what it refers to, and the heads of what it stands in."""
        root, text = self._root()
        front = _sub(text, "front")
        for entry in entries:
            front.append(_copied(entry))
        place = _sub(text, "body")
        if page is not None:
            place.append(_copied(page))
        ancestors = [a for a in division.iterancestors("{*}div") if _is_around(a)]
        for ancestor in reversed(ancestors):
            place = _sub(place, "div", type=ancestor.get("type"))
            _sub(place, "head").text = _head_of(ancestor)
        place.append(_copied(division))
        return xml.canonical(root)

    def listing(self, entries: list[Element]) -> bytes:
        """The list of persons alone."""
        root, text = self._root()
        front = _sub(text, "front")
        for entry in entries:
            front.append(_copied(entry))
        return xml.canonical(root)

    def _root(self) -> tuple[Element, Element]:
        root = etree.Element(f"{{{TEI}}}TEI", {ID: self.volume}, nsmap={None: TEI})
        described = _sub(_sub(root, "teiHeader"), "fileDesc")
        _sub(_sub(described, "titleStmt"), "title").text = self.title
        _sub(_sub(described, "publicationStmt"), "date").text = self.published
        return root, _sub(root, "text")


def _is_around(division: Element) -> bool:
    return division.get("type") in _AROUND


def _head_of(division: Element) -> str:
    return xml.words(xml.child(division, "head"), without=("note",))


def _sub(parent: Element, name: str, **attributes: str) -> Element:
    return etree.SubElement(parent, f"{{{TEI}}}{name}", attributes)


def _copied(element: Element) -> Element:
    copy = deepcopy(element)
    copy.tail = None
    return copy
