"""ParlaMint: a sitting in TEI -> a Document; the corpus' lists -> tables.

Each seg of an utterance is a paragraph of its speaker, numbered as the corpus numbers
it. What the reporters put between is a note; within a seg it is another voice. A
corpus root, or a list in a file of its own, has no text: `parlamint_lists.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from io import BufferedReader
from itertools import chain, takewhile
from typing import Any
from urllib.parse import urlsplit

from ingest.formats import xml
from ingest.formats.debates.corpora import pieces
from ingest.formats.debates.parlamint_lists import lists_of, names_of, scheme_of
from ingest.formats.debates.speakers import printed
from ingest.formats.xml import ID, LANGUAGE, Element
from ingest.formats.xml_text import Layout, Part, Shape, lay_out, named
from ingest.reading import Read
from ingest.records import (
    Document,
    ImportFault,
    Paragraph,
    Problem,
    Speaker,
    Tables,
    Voice,
)
from positions import dates
from positions.choices import ParagraphRole, SourceKind, VoiceKind

PARSER = "parlamint"
VERSION = "2"

LISTS = ("teiCorpus", "listPerson", "listOrg")
_BETWEEN = named("note", "gap", "vocal", "kinesic", "incident", "writing")
_BLOCK = named("div", "head", "u", "seg", "p", "ab", "list", "item", "table", "row")
SHAPE = Shape(
    blocks=lambda e: _BLOCK(e) or (_BETWEEN(e) and xml.within(e, "seg") is None),
    breaks={"lb": "\n", "cell": " | "},
    spans=lambda e: _BETWEEN(e) and xml.within(e, "seg") is not None,
    points=named("pb"),
    # Words of an annotated corpus stand on lines of their own.
    glued=lambda e: xml.tag(e) in ("w", "pc") and e.get("join") in ("right", "both"),
)
# How the corpora say in what part somebody speaks.
_ROLES = ("chair", "regular", "guest")
_SEGMENT = re.compile(r"\.seg(\d{1,6})\Z")
_DATE_IN_ID = re.compile(r"_(\d{4}-\d{2}-\d{2})")
_NOT_IN_IDENTIFIER = re.compile(r"[/\\\s]+")
_MOST_PROBLEMS = 200
# A corpus begins so within so many bytes.
_HEAD = 65_536


def fits(name: str, head: bytes) -> bool:
    """May it be TEI?"""
    return xml.begins_with(head, ("TEI", *LISTS))


def split(name: str, file: BufferedReader) -> Iterator[Read | ImportFault]:
    """The file as it is; a corpus that holds its sittings itself, cut into them."""
    yield from pieces(name, file, lambda data: b"<teiCorpus" in data[:_HEAD], _cut)


def _cut(read: Read) -> Iterator[Read]:
    root = xml.parse(read.data, read.name)
    sittings = list(root.iterchildren("{*}TEI"))
    if not sittings:
        yield read
        return
    for sitting in sittings:
        root.remove(sitting)
    yield Read(read.name, xml.canonical(root), "lists")
    for sitting in sittings:
        copy = deepcopy(sitting)
        copy.tail = None
        place = sitting.get(ID, "")
        yield Read(read.name, xml.canonical(copy), place, place)


def parse(read: Read) -> Document | Tables:
    """The sitting or the lists; raises ImportFault for anything that is neither."""
    root = xml.parse(read.data, read.name, read.place)
    if xml.tag(root) in LISTS:
        return lists_of(root, read)
    text = xml.child(root, "text")
    if xml.tag(root) != "TEI" or text is None or xml.first(text, "u") is None:
        reason = "This is no ParlaMint debate: no TEI with utterances (u) in it."
        raise ImportFault(read.name, reason, read.place)
    return _Sitting(root, text).document(read)


class _Sitting:
    """A sitting on its way: who speaks in it, and what was odd."""

    def __init__(self, root: Element, text: Element) -> None:
        self.root, self.layout = root, lay_out(text, SHAPE)
        self.identifier = _NOT_IN_IDENTIFIER.sub("-", root.get(ID, "")).strip("-")
        self.scheme = scheme_of(self.identifier)
        self.listed = names_of(root)
        self.problems: list[Problem] = []
        self._speakers: dict[Speaker, None] = {}
        self._utterances: dict[Element, str] = {}
        self.heads = xml.Headings("head")

    def document(self, read: Read) -> Document:
        paragraphs = tuple(self._paragraphs())
        if not self.identifier:
            reason = "The sitting has no identifier (xml:id)."
            raise ImportFault(read.name, reason, read.place)
        if not paragraphs:
            raise ImportFault(read.name, "The sitting has no text.", read.place)
        language = self.root.get(LANGUAGE, "")
        dated = self._date()
        return Document(
            identifier=self.identifier,
            # With words annotated or without, it is one sitting.
            canonical_identifier=self.identifier.removesuffix(".ana"),
            kind=SourceKind.DEBATE,
            title=_title(self.root, language),
            language=language,
            dated=dated,
            media_type="application/tei+xml",
            shape="parlamint",
            text=self.layout.text,
            patches=self.layout.patches,
            paragraphs=paragraphs,
            header=_header(self.root, self.scheme, self._notes()),
            speakers=tuple(self._speakers),
            parser=PARSER,
            parser_version=VERSION,
            problems=tuple(self.problems[:_MOST_PROBLEMS]),
        )

    # -- paragraphs -------------------------------------------------------------------

    def _paragraphs(self) -> Iterator[Paragraph]:
        numbers = self._numbers()
        order = 0
        for part in self.layout.blocks:
            if _names_speaker(part.element):
                continue
            order += 1
            role, label = _role(part.element)
            utterance = _utterance(part.element)
            spoken = role == ParagraphRole.BODY and utterance is not None
            voices = tuple(_voices(self.layout, part))
            yield Paragraph(
                order,
                part.start,
                part.end,
                role,
                number=numbers.get(part.start, ""),
                label=label,
                heading=""
                if role == ParagraphRole.HEADING
                else self.heads.over(part.element, "div"),
                page=_page(self.layout, part),
                speaker=self._speaker(utterance) if spoken else "",
                voices=voices if role == ParagraphRole.BODY else (),
            )

    def _numbers(self) -> dict[int, str]:
        """Start of a paragraph -> its number: the segment's own, else counted."""
        bodies = [
            part
            for part in self.layout.blocks
            if _role(part.element)[0] == ParagraphRole.BODY
        ]
        own = [_SEGMENT.search(part.element.get(ID, "")) for part in bodies]
        numbers = [str(int(found[1])) for found in own if found]
        if len(set(numbers)) < len(bodies):
            numbers = [str(n) for n in range(1, len(bodies) + 1)]
        return {
            part.start: number for part, number in zip(bodies, numbers, strict=True)
        }

    def _notes(self) -> list[str]:
        """What kinds of things the reporters tell, as the corpus types them."""
        kinds = {
            part.element.get("type") or part.element.get("reason") or ""
            for part in (*self.layout.blocks, *self.layout.spans)
            if _BETWEEN(part.element)
        }
        return sorted(kind for kind in kinds if kind)

    # -- speakers ---------------------------------------------------------------------

    def _speaker(self, utterance: Element | None) -> str:
        """Who speaks: as printed, else as listed here, else the identifier."""
        if utterance is None:
            return ""
        if utterance not in self._utterances:
            self._utterances[utterance] = self._found(utterance)
        return self._utterances[utterance]

    def _found(self, utterance: Element) -> str:
        who = utterance.get("who", "").strip().removeprefix("#")
        said = printed(xml.words(_speaker_note(utterance)))
        name = said or self.listed.get(who, "") or who
        if not who:
            told = f"“{name}” is not in the corpus' list" if name else "nobody is named"
            message = f"The speaker of an utterance is unknown: {told}."
            place = utterance.get(ID, "")
            self.problems.append(Problem("speaker_unknown", place, message))
        if name:
            roles = (
                part.removeprefix("#") for part in utterance.get("ana", "").split()
            )
            self._speakers.setdefault(
                Speaker(
                    name,
                    person=f"{self.scheme}:{who}" if who else "",
                    role=" ".join(role for role in roles if role in _ROLES),
                )
            )
        return name

    # -- what it says of itself -------------------------------------------------------

    def _date(self) -> str:
        """The day of the sitting: its setting's, else its source's, else its name's."""
        setting = xml.first(self.root, "setting")
        source = xml.first(self.root, "sourceDesc")
        in_name = _DATE_IN_ID.search(self.identifier)
        candidates = [
            *(_stated(around) for around in (setting, source) if around is not None),
            in_name[1] if in_name else "",
        ]
        for candidate in filter(None, candidates):
            try:
                dates.parse(candidate)
            except dates.BadDate as fault:
                problem = Problem("date_impossible", "setting", str(fault))
                self.problems.append(problem)
            else:
                return candidate
        return ""


def _stated(around: Element) -> str:
    """The first date within an element, as EDTF, without its time."""
    date = xml.first(around, "date")
    if date is None:
        return ""
    begin, end = (date.get(key, "").partition("T")[0] for key in ("from", "to"))
    span = begin if not end or begin == end else f"{begin}/{end}" if begin else end
    return date.get("when", "").partition("T")[0] or span


def _names_speaker(element: Element) -> bool:
    """Is it a note that prints the speaker's name above the words?"""
    return xml.tag(element) == "note" and element.get("type") == "speaker"


def _role(element: Element) -> tuple[ParagraphRole, str]:
    """(role, label) of a block."""
    if xml.tag(element) == "head":
        return ParagraphRole.HEADING, ""
    if _BETWEEN(element):
        is_gap = xml.tag(element) == "gap"
        return ParagraphRole.NOTE, "gap" if is_gap else ""
    return ParagraphRole.BODY, ""


def _utterance(element: Element) -> Element | None:
    return element if xml.tag(element) == "u" else xml.within(element, "u")


def _speaker_note(utterance: Element) -> Element | None:
    """The note with the printed name: before the utterance, or in it.

    What the reporters tell, and new pages, may stand between; another utterance not.
    """
    before = takewhile(_is_between, utterance.itersiblings("{*}*", preceding=True))
    near = chain(before, utterance.iterchildren("{*}note"))
    return next(filter(_names_speaker, near), None)


def _is_between(element: Element) -> bool:
    return _BETWEEN(element) or xml.tag(element) in ("pb", "time")


def _voices(layout: Layout, part: Part) -> Iterator[Voice]:
    """What the reporters put within a segment."""
    for start, end in layout.spans_in(part):
        yield Voice(start, end, VoiceKind.NOTE)


def _page(layout: Layout, part: Part) -> int | None:
    point = layout.point_before(part.start)
    number = "" if point is None else point.get("n", "")
    return int(number) if re.fullmatch(r"[0-9]{1,5}", number) else None


def _title(root: Element, language: str) -> str:
    """The subtitle, which names the sitting, in its own language if it has one."""
    titles = list(xml.elements(root, "title"))
    ranked = sorted(
        titles,
        key=lambda t: (t.get("type") != "sub", t.get(LANGUAGE) != language),
    )
    return xml.words(ranked[0])[:500] if ranked else ""


def _header(root: Element, scheme: str, told: list[str]) -> dict[str, Any]:
    meetings = list(xml.elements(root, "meeting"))
    setting = xml.first(root, "setting")
    places = xml.elements(setting, "name") if setting is not None else iter(())
    source = xml.first(root, "sourceDesc")
    links = xml.elements(source, "idno") if source is not None else iter(())
    bodies = {m.get("corresp", "").removeprefix("#") for m in meetings}
    header = {
        "url": next((u for u in map(xml.words, links) if _is_page(u)), ""),
        "scheme": scheme,
        "bodies": sorted(f"{scheme}:{body}" for body in bodies if body),
        "meetings": [xml.words(meeting) for meeting in meetings],
        "place": ", ".join(filter(None, map(xml.words, places))),
        "edition": xml.words(xml.first(root, "edition")),
        "notes": told,
    }
    return {key: value for key, value in header.items() if value}


def _is_page(address: str) -> bool:
    """Is it the address of a page, and not of a parliament's whole site?"""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    whole = parts.path.strip("/") == "" and not parts.query
    return parts.scheme in ("http", "https") and not whole
