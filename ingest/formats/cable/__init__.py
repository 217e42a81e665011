"""The diplomatic cable (State Department telegram) as plain text -> a Document.

Two layers: the text as received, and the reading text, in which damage is
mended and running lines are taken out; patches lead back. Everything else is
read off the reading text: routing header, heading, paragraphs, ending.
"""

import re
from dataclasses import asdict
from pathlib import PurePath
from typing import Any

from ingest.formats.cable.blocks import with_roles_and_voices
from ingest.formats.cable.body import Body, find_body, read_body
from ingest.formats.cable.classification import (
    ZNY_LEVELS,
    handling_of,
    level_of_words,
)
from ingest.formats.cable.cleaning import Cleaned, clean
from ingest.formats.cable.ending import Ending
from ingest.formats.cable.findings import Findings
from ingest.formats.cable.header import Header, read_header
from ingest.formats.cable.heading import Heading, read_heading
from ingest.formats.cable.identity import (
    BARE_MRN,
    CLASSIFICATION_LINE,
    MRN,
    canonical_id,
    full_year,
    reference_id,
)
from ingest.formats.cable.labels import LABEL
from ingest.formats.cable.lines import Lines
from ingest.posts import post_of
from ingest.reading import STDIN, decode
from ingest.records import Document, ImportFault, Paragraph, Problem
from positions.choices import Level, ParagraphRole, SourceKind

PARSER = "cable"
VERSION = "1"

# The reference line stands among the first lines below the routing header.
_MOST_ABOVE_REFERENCE = 4000
# No cable, however its lines were joined, begins with a line of that length.
_LONGEST_LINE = 2**20
_SERIAL_LINE = re.compile(r"\d{4,7}")
_NOT_IN_IDENTIFIER = re.compile(r"[/\\\s\x00-\x1f]+")


def parse(data: bytes, name: str = STDIN) -> Document:
    """The cable in the bytes of a file.

    Raises ImportFault, in one sentence, for a file that is empty, binary or
    HTML, that has no heading of a cable, or no paragraph below it.
    """
    decoded = decode(data, name)
    start = decoded.text[:_LONGEST_LINE]
    if len(start) == _LONGEST_LINE and not ("\n" in start or "\r" in start):
        reason = (
            "This is not a cable: its first line has more than a million characters."
        )
        raise ImportFault(name, reason)
    document = parse_text(decoded.text, name, problems=decoded.problems)
    header = document.header
    if not (header["mrn"] or header["dtg"] or header["labels"] > 1):
        raise ImportFault(name, "This is not a cable: no heading of one was found.")
    words = (ParagraphRole.HEADING, ParagraphRole.SUBJECT)
    if all(paragraph.role in words for paragraph in document.paragraphs):
        reason = "The cable breaks off in its heading: there is no paragraph."
        raise ImportFault(name, reason)
    if not document.identifier:
        reason = "The cable has no identifier: neither file name nor text gives one."
        raise ImportFault(name, reason)
    return document


def parse_text(
    raw: str, name: str = STDIN, *, problems: tuple[Problem, ...] = ()
) -> Document:
    """What can be read of any text as a cable. Never raises; linear time.

    `problems` are those of the decoding; they come first in the document's.
    """
    findings = Findings()
    cleaned = clean(raw, findings)
    lines = Lines(cleaned.text)
    header, index = read_header(lines.lines, lines.starts, findings)
    reference = _Reference(cleaned.text, lines.starts[index], header)
    published = _published(name)
    year = _year(header, published)
    first = find_body(lines, reference.end)
    heading = read_heading(
        cleaned.text, reference.end, lines.starts[first], findings, year
    )
    _take_numbered_classifier(heading, lines, first)
    section = None
    if any(line.section for line in cleaned.running):
        # Without running lines nobody can tell where the next section starts.
        section = reference.sections.get("number", 1)
    body = read_body(
        lines,
        first,
        cleaned.running,
        findings,
        section=section,
        first_order=2 if heading.subject_span else 1,
    )
    printed = reference.printed(year)
    canonical = _canonical(published, printed, findings)
    level = reference.level
    _compare_levels(header, level, findings)
    if not heading.subject:
        findings.add("subject_missing", "The heading has no subject.")
    paragraphs = _paragraphs(cleaned, heading, body, findings, section)
    return Document(
        identifier=published or printed,
        printed_identifier=printed,
        canonical_identifier=canonical,
        kind=SourceKind.CABLE,
        title=heading.subject,
        language="en",
        dated=_dated(header, published, findings),
        dated_at=header.sent,
        issuer=header.originator,
        level=level,
        controls=_controls(heading, reference),
        text=cleaned.text,
        patches=cleaned.patches,
        parser=PARSER,
        parser_version=VERSION,
        shape=_shape(header),
        header=_header_json(header, heading, reference, cleaned, body.ending),
        parties=tuple(header.parties),
        paragraphs=paragraphs,
        problems=problems + findings.problems(cleaned.patches, cleaned.raw_lines),
    )


class _Reference:
    """The reference line: classification, section, origin and serial."""

    def __init__(self, text: str, start: int, header: Header) -> None:
        limit = min(len(text), start + _MOST_ABOVE_REFERENCE)
        if label := LABEL.search(text, start, limit):
            limit = label.start()
        match = MRN.search(text, start, limit)
        if match is None and header.originator:
            match = BARE_MRN.search(text, start, limit)
        line = match or CLASSIFICATION_LINE.search(text, start, limit)
        words = line.groupdict() if line else {}
        self.end = match.end() if match else start
        self.origin = " ".join(match["origin"].split()) if match else ""
        self.serial = match["serial"] if match else ""
        if not match:
            self.origin, self.serial = _above_the_header(header)
        self.tosec = ""
        if match and match["series"]:
            self.tosec = f"{match['series']} {match['tosec']}"
        self.level: Level | None = None
        self.handling: list[str] = []
        if words.get("level"):
            self.handling = handling_of(words["handling"])
            self.level = level_of_words(words["level"], words["handling"])
        self.sections: dict[str, int] = {}
        if words.get("section"):
            self.sections = {
                "number": int(words["section"]),
                "of": int(words["sections"]),
            }

    def printed(self, year: int | None) -> str:
        """The reference id as the text gives it, "" without origin or year."""
        if not self.origin or year is None:
            return ""
        return reference_id(year, self.origin, self.serial)


def _above_the_header(header: Header) -> tuple[str, str]:
    """Origin and serial as some prints give them above the header: ROME 9878."""
    post = post_of(header.originator)
    for line in header.other:
        if match := BARE_MRN.fullmatch(line):
            return match["origin"], match["serial"]
        if post and _SERIAL_LINE.fullmatch(line):
            return post.station, line
    return "", ""


def _published(name: str) -> str:
    """The identifier that the file's name gives, "" for standard input."""
    if name in ("", STDIN):
        return ""
    return _NOT_IN_IDENTIFIER.sub("-", PurePath(name).stem).strip("-")


def _year(header: Header, published: str) -> int | None:
    """Year of the date-time group, else of the id as published."""
    if header.sent:
        return header.sent.year
    canonical = canonical_id(published)
    return full_year(canonical[:2]) if canonical else None


def _canonical(published: str, printed: str, findings: Findings) -> str:
    """The id printed in the text, else what the published one stands for."""
    mended = canonical_id(published)
    if printed and mended and printed != mended:
        message = f"Published as {published}, but the text says {printed}."
        findings.add("id_differs", message)
    return printed or mended


def _dated(header: Header, published: str, findings: Findings) -> str:
    """The day of the date-time group as EDTF; without one the year of the id."""
    if header.sent:
        return header.sent.date().isoformat()
    year = _year(header, published)
    if year is None:
        findings.add("date_missing", "The cable has no readable date.")
        return ""
    findings.add("date_missing", f"Only the year {year} is known, from the identifier.")
    return f"{year:04}"


def _controls(heading: Heading, reference: _Reference) -> str:
    controls = [*reference.handling, *heading.controls.split("/")]
    return "/".join(dict.fromkeys(c for c in controls if c))


def _compare_levels(header: Header, level: Level | None, findings: Findings) -> None:
    letter = header.security.get("letter", "")
    sent_as = ZNY_LEVELS.get(letter)
    if letter and level is not None and sent_as != level:
        # UNCLAS SENSITIVE goes out under U as well as under E.
        if sent_as == Level.UNCLASSIFIED and level == Level.RESTRICTED:
            return
        message = f"The header's security letter {letter} is not the text's level."
        findings.add("classification_differs", message)


def _shape(header: Header) -> str:
    if header.transmission or header.station or header.security:
        return "full"
    if header.found:
        return "print" if header.other else "short header"
    return "body only"


def _take_numbered_classifier(heading: Heading, lines: Lines, first: int) -> None:
    """In the 1990s Classified By stood as paragraph 1: read it there too."""
    if heading.classifier:
        return
    start = lines.starts[first]
    stop = lines.starts[min(first + 6, len(lines))]
    match = LABEL.search(lines.text, start, stop)
    if match and match.lastgroup == "by" and match.start() - start < 12:
        found = read_heading(lines.text, match.start(), stop, Findings(), None)
        heading.classifier = found.classifier


def _paragraphs(
    cleaned: Cleaned,
    heading: Heading,
    body: Body,
    findings: Findings,
    section: int | None,
) -> tuple[Paragraph, ...]:
    """The subject and the body's paragraphs, with roles and voices, in order."""
    paragraphs = with_roles_and_voices(cleaned.text, body.paragraphs, findings)
    if heading.subject_span:
        mark = heading.subject_mark
        subject = Paragraph(
            1,
            *heading.subject_span,
            role=ParagraphRole.SUBJECT,
            level=int(mark.level) if mark else None,
            controls=mark.controls if mark else "",
            marking=mark.raw if mark else "",
            section=section,
        )
        paragraphs = [subject, *paragraphs]
    return tuple(paragraphs)


def _header_json(
    header: Header,
    heading: Heading,
    reference: _Reference,
    cleaned: Cleaned,
    ending: Ending,
) -> dict[str, Any]:
    """All that only cables have, as plain JSON."""
    mark = heading.subject_mark
    mrn = {}
    if reference.origin:
        mrn = {
            "origin": reference.origin,
            "serial": reference.serial,
            "tosec": reference.tosec,
        }
    return {
        "transmission": header.transmission,
        "precedence": header.precedence,
        "routing": header.routing,
        "station": header.station,
        "security": header.security,
        "dtg": header.dtg,
        "precedences": header.action_precedence,
        "signals": header.signals,
        "above": header.other,
        "mrn": mrn,
        "handling": reference.handling,
        "captions": heading.captions,
        "passing": heading.passing,
        "order": heading.order,
        "tags_raw": heading.tags_raw,
        "tags": heading.tags,
        "subject": {"mark": mark.raw if mark else "", "text": heading.subject},
        "references_raw": heading.references_raw,
        "references": heading.references,
        "classifier": heading.classifier,
        "sections": reference.sections
        | {"starts": [asdict(line) for line in cleaned.running]},
        "signer": ending.signer,
        "trailer": ending.trailer,
        "labels": heading.labels,
    }
