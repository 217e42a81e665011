"""Akoma Ntoso: a sitting in XML -> a Document; its three namespaces are read alike.

Section headings govern what stands under them; each p of a speech is a paragraph of
its speaker; what the reporters tell (scenes, narratives) is nobody's words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from io import BufferedReader
from pathlib import PurePath
from typing import Any

import pycountry
from lxml import etree

from ingest.formats import xml
from ingest.formats.debates import votes
from ingest.formats.debates.corpora import pieces
from ingest.formats.debates.persons import Persons
from ingest.formats.debates.speakers import printed
from ingest.formats.debates.votes import identifier_of
from ingest.formats.xml import Element
from ingest.formats.xml_text import Appended, Layout, Part, Shape, lay_out, named
from ingest.reading import Read
from ingest.records import Document, ImportFault, Paragraph, Problem, Voice
from positions import dates
from positions.choices import ParagraphRole, SourceKind, VoiceKind
from positions.names import slug_of

PARSER = "akoma ntoso"
VERSION = "2"

# What a debate is divided into.
_SECTIONS = (
    *("debateSection", "administrationOfOath", "rollCall", "prayers", "oralStatements"),
    *("writtenStatements", "personalStatements", "ministerialStatements", "address"),
    *("resolutions", "nationalInterest", "declarationOfVote", "communication"),
    *("petitions", "papers", "noticesOfMotion", "questions", "questionSection"),
    *("proceduralMotions", "pointOfOrder", "adjournment", "speechGroup", "subdivision"),
)
SHAPE = Shape(
    blocks=named(
        *_SECTIONS,
        *("p", "heading", "subheading", "num", "from", "narrative", "scene", "summary"),
        *("other", "item", "li", "tr", "speech", "question", "answer", "preface"),
        *("coverPage", "conclusions", "debateBody", "mainBody", "table"),
        *("listIntroduction", "listWrapUp", "blockList"),
    ),
    breaks={"br": "\n", "td": " | ", "th": " | "},
    lifted=named("meta", "authorialNote", "noteRef"),
    spans=named("remark"),
)
# A file of nothing but faults must not make a million rows.
_MOST_PROBLEMS = 200
_DEBATES = ("debate", "debateReport", "debateRecord")
_HEADINGS = ("heading", "subheading")
_SPEECHES = ("speech", "question", "answer")
_TOLD = ("narrative", "scene")
_UNSPOKEN = (*_TOLD, "summary", "other")
# What every record calls itself, and so tells none from another.
_GENERIC = frozenset(
    ("", "hansard", "debate", "debates", "debaterecord", "debatereport", "minutes")
)
# [Interjections.] [Time expired.] [Laughter]: no speaker's words. What is longer may
# be a translation of them.
_REMARK = re.compile(
    r"\[(?:[^\W\d_]+(?:[ ][^\W\d_]+){0,2}\.|(?:Applause|Cheers|Interjections?"
    r"|Interruptions?|Laughter|Inaudible)[^\[\]]{0,60})\]"
)
_URI_DATE = re.compile(r"/(\d{4}-\d{2}-\d{2})(?=[/@!]|\Z)")
# Dates before or after any record: converters write 3000-01-01 or 0001-01-01.
_YEARS = range(1200, 2200)


@dataclass(slots=True)
class _Sitting:
    """A sitting on its way: what is looked up in it, and what was odd."""

    debate: Element
    layout: Layout
    persons: Persons
    problems: list[Problem] = field(default_factory=list)
    orders: dict[str, int] = field(default_factory=dict)
    headings: xml.Headings = field(default_factory=lambda: xml.Headings("heading"))
    froms: xml.Headings = field(default_factory=lambda: xml.Headings("from"))
    blocks: set[Element] = field(default_factory=set)


def fits(name: str, head: bytes) -> bool:
    """May it be Akoma Ntoso?"""
    return xml.begins_with(head, ("akomaNtoso",))


def split(name: str, file: BufferedReader) -> Iterator[Read | ImportFault]:
    """The file as it is; a collection of documents, cut into its debates."""
    yield from pieces(name, file, lambda data: b"ollectionBody" in data, _cut)


def _cut(read: Read) -> Iterator[Read]:
    root = xml.parse(read.data, read.name)
    debates = [
        debate
        for debate in xml.elements(root, *_DEBATES)
        if xml.within(debate, *_DEBATES) is None
    ]
    if len(debates) < 2:
        yield read
        return
    for number, debate in enumerate(debates, 1):
        alone = etree.Element(root.tag, nsmap=root.nsmap)
        alone.append(deepcopy(debate))
        alone[0].tail = None
        place = f"debate {number}"
        yield Read(read.name, xml.canonical(alone), place, place)


def parse(read: Read) -> Document:
    """The sitting; raises ImportFault for anything that is none."""
    root = xml.parse(read.data, read.name, read.place)
    debate = xml.first(root, *_DEBATES)
    if xml.tag(root) != "akomaNtoso" or debate is None:
        raise ImportFault(read.name, _no_debate(root), read.place)
    sitting = _Sitting(debate, lay_out(debate, SHAPE), Persons(debate))
    body = list(_paragraphs(sitting))
    if not body:
        raise ImportFault(read.name, "The debate has no text.", read.place)
    put = Appended(sitting.layout.text, sitting.layout.patches)
    notes = list(_notes(sitting, put, len(body) + 1))
    dated = _date(sitting)
    uri = _uri(debate, "FRBRWork")
    title = _title(debate, body, put.text)
    address = uri or (f"debate/{dated}" if dated else PurePath(read.name).stem)
    identifier, canonical = _identifiers(debate, address)
    sitting.problems += votes.differences(debate, sitting.persons.shown)
    return Document(
        identifier=identifier,
        canonical_identifier=canonical,
        printed_identifier=uri,
        kind=SourceKind.DEBATE,
        title=title,
        language=_language(debate),
        dated=dated,
        issuer=_author(sitting),
        media_type="application/akn+xml",
        shape="akoma ntoso",
        text=put.text,
        patches=put.patches,
        paragraphs=(*body, *notes),
        header=_header(root, sitting),
        speakers=sitting.persons.speakers(),
        rows=sitting.persons.rows(read.name),
        parser=PARSER,
        parser_version=VERSION,
        problems=(*sitting.persons.problems(), *sitting.problems[:_MOST_PROBLEMS]),
    )


def _no_debate(root: Element) -> str:
    if xml.tag(root) != "akomaNtoso":
        return f"This is no Akoma Ntoso: its root is “{xml.tag(root)}”."
    kind = next((xml.tag(e) for e in root.iterchildren("{*}*")), "empty document")
    return f"This Akoma Ntoso is no debate: it holds “{kind}”."


# -- paragraphs -----------------------------------------------------------------------


def _paragraphs(sitting: _Sitting) -> Iterator[Paragraph]:
    """Headings, what is said, which is counted, and what reporters tell."""
    order = count = 0
    label = ""
    for part in sitting.layout.blocks:
        kind = xml.tag(part.element)
        if kind == "from":
            continue
        if kind == "num":
            label = sitting.layout.text[part.start : part.end]
            continue
        order += 1
        _remember(sitting, part, order)
        role = _role(part.element)
        voices = tuple(_voices(sitting.layout, part))
        if (0, part.end - part.start) in sitting.layout.spans_in(part):
            role, voices = ParagraphRole.NOTE, ()
        count += role == ParagraphRole.BODY
        number = str(count) if role == ParagraphRole.BODY else ""
        speech = _speech_around(part.element)
        yield Paragraph(
            order,
            part.start,
            part.end,
            role,
            number=number,
            label=label,
            heading=""
            if role == ParagraphRole.HEADING
            else sitting.headings.over(part.element),
            speaker=_speaker(sitting, speech) if speech is not None else "",
            voices=voices,
        )
        label = ""


def _remember(sitting: _Sitting, part: Part, order: int) -> None:
    """In which paragraph the identifiers of an element and of those in it stand."""
    if part.element in sitting.blocks:
        return
    sitting.blocks.add(part.element)
    for element in part.element.iter("{*}*"):
        if identifier_of(element):
            sitting.orders.setdefault(identifier_of(element), order)


def _role(element: Element) -> ParagraphRole:
    kind = xml.tag(element)
    before = ("preface", "coverPage")
    if kind in (*_HEADINGS, *before) or xml.within(element, *before) is not None:
        return ParagraphRole.HEADING
    if kind in _TOLD or xml.within(element, *_TOLD) is not None:
        return ParagraphRole.NOTE
    return ParagraphRole.BODY


def _speech_around(element: Element) -> Element | None:
    """The speech that a paragraph is words of; None for what reporters tell."""
    around = (element, *element.iterancestors("{*}*"))
    found = next(
        (e for e in around if xml.tag(e) in (*_SPEECHES, *_UNSPOKEN, *_HEADINGS)), None
    )
    return found if found is not None and xml.tag(found) in _SPEECHES else None


def _speaker(sitting: _Sitting, speech: Element) -> str:
    return sitting.persons.speaker_of(speech, printed(sitting.froms.of(speech)))


def _voices(layout: Layout, part: Part) -> Iterator[Voice]:
    """Remarks of the reporters within a paragraph, marked or in square brackets."""
    printed = _REMARK.finditer(layout.text, part.start, part.end)
    spans = [(m.start() - part.start, m.end() - part.start) for m in printed]
    past = 0
    for start, end in sorted((*layout.spans_in(part), *spans)):
        if start >= past:
            past = end
            yield Voice(start, end, VoiceKind.NOTE)


def _notes(sitting: _Sitting, put: Appended, order: int) -> Iterator[Paragraph]:
    """Footnotes, within the text or among the metadata, behind it."""
    stored = {identifier_of(e): e for e in xml.elements(sitting.debate, "note")}
    waiting = list(reversed(sitting.layout.lifted))
    while waiting:
        lifted = waiting.pop().element
        if xml.tag(lifted) == "meta":
            continue
        target = lifted.get("href", "").removeprefix("#")
        note = stored.pop(target, None) if xml.tag(lifted) == "noteRef" else lifted
        if note is None:
            message = f"The note “{target}” is missing, or referred to twice."
            sitting.problems.append(Problem("note_missing", target, message))
            continue
        words = lay_out(note, SHAPE)
        waiting += reversed(words.lifted)
        label = lifted.get("marker", "")
        for block in words.blocks:
            start, end = put.add(words.text[block.start : block.end])
            yield Paragraph(order, start, end, ParagraphRole.NOTE, label=label)
            order += 1


# -- what it says of itself -----------------------------------------------------------


def _uri(debate: Element, level: str) -> str:
    """The address of the work or expression in the record's own scheme."""
    found = xml.first(debate, level)
    if found is None:
        return ""
    uris = (xml.first(found, name) for name in ("FRBRuri", "FRBRthis"))
    return next((u.get("value", "").strip() for u in uris if u is not None), "")


def _date(sitting: _Sitting) -> str:
    """The day of the sitting: as stated, else in the address, else as printed."""
    work = xml.first(sitting.debate, "FRBRWork")
    stated = xml.first(work, "FRBRdate") if work is not None else None
    given = stated.get("date", "") if stated is not None else ""
    in_uri = _URI_DATE.search(_uri(sitting.debate, "FRBRWork"))
    shown = xml.first(sitting.debate, "docDate")
    candidates = [
        given.partition("T")[0],
        in_uri[1] if in_uri else "",
        shown.get("date", "").partition("T")[0] if shown is not None else "",
    ]
    for candidate in filter(None, candidates):
        if _is_date(candidate):
            return candidate
        message = f"The date {candidate} stands for none, so another was taken."
        sitting.problems.append(Problem("date_placeholder", "FRBRdate", message))
    return ""


def _is_date(text: str) -> bool:
    try:
        return dates.parse(text).earliest.year in _YEARS
    except dates.BadDate:
        return False


def _identifiers(debate: Element, address: str) -> tuple[str, str]:
    """(identifier, canonical one): the address, and the name if it tells something.

    Several sittings of one day may have one address; two languages are two texts.
    """
    name = debate.get("name", "")
    told = "" if name.casefold().replace(" ", "") in _GENERIC else slug_of(name)
    words = [*re.findall(r"[\w.]+(?:-[\w.]+)*", address), told]
    canonical = "-".join(filter(None, words))[:110].rstrip("-")
    language = _stated_language(debate)
    return "-".join(filter(None, (canonical, language))), canonical


def _stated_language(debate: Element) -> str:
    found = xml.first(debate, "FRBRlanguage")
    code = found.get("language", "") if found is not None else ""
    return code if re.fullmatch(r"[A-Za-z]{2,3}", code) else ""


def _language(debate: Element) -> str:
    """Its code of two letters where there is one."""
    code = _stated_language(debate).lower()
    known = pycountry.languages.get(alpha_3=code) if len(code) == 3 else None
    return getattr(known, "alpha_2", code)


def _title(debate: Element, body: list[Paragraph], text: str) -> str:
    titles = (
        title
        for title in xml.elements(debate, "docTitle")
        if xml.within(title, "preface", "coverPage") is not None
    )
    named_so = " ".join(dict.fromkeys(filter(None, map(xml.words, titles))))
    name = debate.get("name", "").strip()
    if not named_so and name.casefold().replace(" ", "") not in _GENERIC:
        named_so = name
    headings = (p for p in body if p.role == ParagraphRole.HEADING)
    if not named_so and (first := next(headings, None)):
        named_so = " ".join(text[first.start : first.end].split())
    return named_so[:500]


def _author(sitting: _Sitting) -> str:
    """Whose record it is."""
    work = xml.first(sitting.debate, "FRBRWork")
    author = xml.first(work, "FRBRauthor") if work is not None else None
    target = author.get("href", "").removeprefix("#") if author is not None else ""
    return sitting.persons.shown.get(target, "")


def _header(root: Element, sitting: _Sitting) -> dict[str, Any]:
    debate = sitting.debate
    publication = xml.first(debate, "publication")
    published = publication.get("date", "") if publication is not None else ""
    header = {
        "uri": _uri(debate, "FRBRWork"),
        "expression": _uri(debate, "FRBRExpression"),
        "namespace": etree.QName(root).namespace or "",
        "name": debate.get("name", ""),
        "published": published if _is_date(published) else "",
        "votes": list(votes.votes_in(debate, sitting.persons.shown, sitting.orders)),
    }
    return {key: value for key, value in header.items() if value}
