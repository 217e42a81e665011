"""One document of a volume -> a Document."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ingest.formats import xml
from ingest.formats.cable.blocks import with_roles_and_voices
from ingest.formats.cable.findings import Findings
from ingest.formats.frus.dating import Dating, date_of
from ingest.formats.frus.heading import Heading, read_heading
from ingest.formats.frus.paragraphs import (
    SHAPE,
    notes_of,
    paragraphs_of,
    telegram_number,
)
from ingest.formats.frus.persons import mentions_in, persons_of
from ingest.formats.frus.raw_cable import RawCable, raw_cable_in
from ingest.formats.frus.source_note import (
    SourceNote,
    is_source_note,
    read_source_note,
    with_marking,
)
from ingest.formats.frus.volume import place_of
from ingest.formats.xml import ID, Element
from ingest.formats.xml_text import Appended, Layout, lay_out
from ingest.reading import Read
from ingest.records import (
    Document,
    ImportFault,
    Paragraph,
    Party,
    Problem,
    Reference,
)
from positions.choices import AddresseeRole, SourceKind

PARSER = "frus"
VERSION = "2"

ADDRESS = "https://history.state.gov/historicaldocuments/{volume}/{place}"
_WITHHELD = re.compile(r"\[[^\[\]]{0,160}not declassified[^\[\]]{0,80}\]")
_SUMMARY = re.compile(r"\A(?:Summary|SUMMARY):\s*")
# "#d16", "#d16fn2", "frus1969-76v30#d4".
_TARGET = re.compile(r"(?P<volume>frus[\w.-]+)?#(?P<place>d\d+[a-z]?)(?:fn\d+)?")


@dataclass(frozen=True, slots=True)
class _Parts:
    """What was read of each part of a document."""

    volume: str
    place: str
    layout: Layout
    heading: Heading
    dating: Dating
    source: SourceNote
    summary: str
    cable: RawCable | None

    @property
    def identifier(self) -> str:
        return f"{self.volume}-{self.place}"


def read_document(root: Element, division: Element, read: Read) -> Document:
    """The document of a division, in a tree that `volume.py` made.

    Raises ImportFault for a document without a word.
    """
    parts = _read(root, division)
    findings = Findings()
    text, patches, body = _body(parts, division, findings)
    if not body:
        reason = "The document has no text."
        raise ImportFault(read.name, reason, read.place)
    put = Appended(text, patches)
    place = parts.cable.place if parts.cable else _same
    noted = list(notes_of(parts.layout, put, body, place))
    cable = parts.cable.document if parts.cable else None
    return Document(
        identifier=parts.identifier,
        canonical_identifier=parts.identifier,
        printed_identifier=cable.printed_identifier if cable else "",
        kind=SourceKind.CABLE if cable else parts.heading.kind,
        title=parts.heading.title,
        language="en",
        dated=parts.dating.dated,
        dated_at=parts.dating.dated_at,
        issuer=(cable.issuer if cable else "") or parts.heading.issuer,
        level=_level(parts),
        controls=parts.source.controls or (cable.controls if cable else ""),
        media_type="application/tei+xml",
        shape="raw cable" if cable else "document",
        text=put.text,
        patches=put.patches,
        paragraphs=(*body, *(note for note, _ in noted)),
        header=_header(root, division, parts, [mark for _, mark in noted]),
        parties=_parties(parts),
        references=tuple(_references(division, parts)),
        parser=PARSER,
        parser_version=VERSION,
        problems=(
            *parts.dating.problems,
            *_problems_of(cable, division),
            *(Problem(code, "", message) for code, message, _ in findings.found),
        ),
    )


def _read(root: Element, division: Element) -> _Parts:
    layout = _paged(root, division)
    notes = list(_notes(division, layout))
    filed = _filed(division)
    source = next((note for note in notes if is_source_note(note)), filed)
    stated = (e for e in xml.elements(division, "note") if e.get("type") == "summary")
    summary = xml.words(next(stated, None)) or next(filter(_SUMMARY.match, notes), "")
    return _Parts(
        volume=root.get(ID, ""),
        place=place_of(division),
        layout=layout,
        heading=read_heading(xml.child(division, "head"), filed),
        dating=date_of(division),
        source=with_marking(read_source_note(source), _above(division)),
        summary=_SUMMARY.sub("", summary),
        cable=raw_cable_in(division, layout),
    )


def _paged(root: Element, division: Element) -> Layout:
    """The division laid out; the page it begins on stands before it."""
    layout = lay_out(division, SHAPE)
    before = next(
        (e for e in xml.elements(root, "pb") if division not in e.iterancestors()), None
    )
    return layout if before is None else layout.beginning_with(before)


def _notes(division: Element, layout: Layout) -> Iterator[str]:
    """The paragraphs of all notes, each on one line, then those of the body."""
    for note in xml.elements(division, "note"):
        blocks = list(xml.elements(note, "p")) or [note]
        yield from map(xml.words, blocks)
    for block in layout.blocks:
        yield " ".join(layout.text[block.start : block.end].split())


def _filed(division: Element) -> str:
    """The file and sort of a document, which older volumes print above its head."""
    notes = (xml.words(e) for e in division.iterchildren("{*}note") if _is_filing(e))
    return next((note for note in notes if not note.startswith("[")), "")


def _is_filing(note: Element) -> bool:
    return note.get("type") == "source" and note.get("rend") == "inline"


def _above(division: Element) -> Iterator[str]:
    """What stands beside the dateline, the classification among it."""
    for opener in division.iterchildren("{*}opener"):
        yield from (xml.words(seg) for seg in opener.iterchildren("{*}seg"))


def _body(
    parts: _Parts, division: Element, findings: Findings
) -> tuple[str, Any, tuple[Paragraph, ...]]:
    """Text, patches and paragraphs before the notes."""
    if parts.cable:
        return parts.cable.text, parts.cable.patches, parts.cable.paragraphs
    layout = parts.layout
    bare = list(paragraphs_of(layout, division, parts.heading.kind))
    body = tuple(with_roles_and_voices(layout.text, bare, findings))
    return layout.text, layout.patches, body


def _problems_of(cable: Document | None, division: Element) -> Iterator[Problem]:
    """What was odd in the raw cable; its subject may stand above it."""
    above = bool(_items(division, "subject"))
    for problem in cable.problems if cable else ():
        if problem.code != "subject_missing" or not above:
            yield problem


def _same(at: int) -> int:
    return at


def _level(parts: _Parts) -> int | None:
    if parts.source.level is not None or parts.cable is None:
        return parts.source.level
    return parts.cable.document.level


def _parties(parts: _Parts) -> tuple[Party, ...]:
    if parts.cable and parts.cable.document.parties:
        return parts.cable.document.parties
    addressee = parts.heading.addressee
    return (Party(AddresseeRole.ACTION, addressee),) if addressee else ()


def _references(division: Element, parts: _Parts) -> Iterator[Reference]:
    """The documents that it points to, each once, then those a cable names."""
    seen = {parts.identifier}
    for element in xml.elements(division, "ref"):
        found = _TARGET.fullmatch(element.get("target", ""))
        if not found:
            continue
        other = f"{found['volume'] or parts.volume}-{found['place']}"
        if other not in seen:
            seen.add(other)
            yield Reference(xml.words(element) or other, other, kind="document")
    if parts.cable:
        yield from parts.cable.document.references


def _header(
    root: Element, division: Element, parts: _Parts, notes: list[dict[str, object]]
) -> dict[str, Any]:
    """What only documents of the series have, as plain JSON; empty values left out."""
    title = xml.words(xml.first(root, "titleStmt"))
    telegram = telegram_number(parts.layout, parts.heading.kind)
    places = _in_dateline(division)
    header = {
        "url": ADDRESS.format(volume=parts.volume, place=parts.place),
        "published": _published(root),
        "volume": {"id": parts.volume, "title": title},
        "sections": [
            xml.words(xml.child(around, "head"))
            for around in reversed(list(division.iterancestors("{*}div")))
        ],
        "number": parts.heading.number,
        "addressee": parts.heading.addressee,
        "place": xml.words(next(places, None)),
        "date": parts.dating.stated,
        "telegram": telegram,
        "source_note": parts.source.text,
        "archive": parts.source.archive,
        "classification": parts.source.classification,
        "drafting": parts.source.drafting,
        "summary": parts.summary,
        "subject": " ".join(_items(division, "subject")),
        "participants": _items(division, "participants"),
        "signed": [xml.words(e, without=("note",)) for e in _signed(division)],
        "mentions": mentions_in(division, persons_of(root)),
        "terms": _terms(root),
        "withheld": _WITHHELD.findall(parts.layout.text),
        "notes": notes,
        "cable": dict(parts.cable.document.header) if parts.cable else {},
    }
    return {key: value for key, value in header.items() if value}


def _published(root: Element) -> str:
    """The year of the volume, if it is one."""
    imprint = xml.first(root, "publicationStmt")
    year = xml.words(xml.child(imprint, "date")) if imprint is not None else ""
    return year if re.fullmatch(r"[12]\d{3}", year) else ""


def _in_dateline(division: Element) -> Iterator[Element]:
    for place in xml.elements(division, "placeName"):
        if xml.within(place, "dateline") is not None:
            yield place


def _signed(division: Element) -> Iterator[Element]:
    return (
        e
        for e in xml.elements(division, "signed")
        if xml.within(e, "note", "attachment") is None
    )


def _items(division: Element, kind: str) -> list[str]:
    """The items of the lists of one type, each without a list within it."""
    lists = (e for e in xml.elements(division, "list") if e.get("type") == kind)
    items = (item for found in lists for item in xml.elements(found, "item"))
    told = (xml.words(item, without=("note", "list")) for item in items)
    return list(filter(None, told))


def _terms(root: Element) -> dict[str, str]:
    """Abbreviation -> meaning of the entries that the document refers to."""
    found = {}
    for term in xml.elements(root, "term"):
        entry = xml.within(term, "item")
        if term.get(ID) and entry is not None:
            short = xml.words(term)
            found[short] = xml.words(entry).partition(short)[2].strip(" ,;")
    return found
