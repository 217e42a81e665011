"""The diplomatic cable (State Department telegram) in any published shape.

Three layers: the copy as received (a page, a record of a dump, a plain text), the
text that it wraps, and the reading text, in which damage is mended and running lines
are taken out; patches lead straight back. Everything else is read off the reading
text: routing header, heading, paragraphs, ending.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BufferedReader
from pathlib import PurePath
from typing import Any

from ingest.formats.cable import dump
from ingest.formats.cable.blocks import with_roles_and_voices
from ingest.formats.cable.body import Body, find_body, read_body
from ingest.formats.cable.checks import (
    canonical_of,
    check,
    dated_of,
    level_of,
    with_published,
    year_of,
)
from ingest.formats.cable.cleaning import Cleaned, clean
from ingest.formats.cable.distribution import read_distribution
from ingest.formats.cable.findings import Findings
from ingest.formats.cable.header import Header, read_header
from ingest.formats.cable.heading import Heading, classifier_of, read_heading
from ingest.formats.cable.identity import canonical_id
from ingest.formats.cable.labels import LABEL, find_fields
from ingest.formats.cable.lines import Lines
from ingest.formats.cable.patching import compose
from ingest.formats.cable.reference_line import ReferenceLine
from ingest.formats.cable.unwrapping import DUMP, PAGE, Unwrapped, unwrap
from ingest.posts import address_of_office
from ingest.reading import STDIN, Read, decode, whole
from ingest.records import Document, ImportFault, Paragraph, Problem
from positions.choices import Level, ParagraphRole, SourceKind

PARSER = "cable"
VERSION = "3"

# No cable, however its lines were joined, begins with a line of that length.
_LONGEST_LINE = 2**20
_NOT_IN_IDENTIFIER = re.compile(r"[/\\\s\x00-\x1f\ud800-\udfff]+")
_MEDIA_TYPES = {PAGE: "text/html", DUMP: "text/csv"}
_NO_TEXT = {
    PAGE: "This is an HTML page without a preformatted block; save its plain text.",
    DUMP: f"The record of the dump has not {dump.COLUMNS} columns.",
}
# What a cable or the publisher's page of one shows in its first bytes.
_SIGNS = re.compile(
    rb"VZCZC|<title>\s*Cable Viewer|[Vv]iewing cable|\bSIPDIS\b|\bE\.O\. ?1\d{4}"
    rb"|^\s*(?:FM|TO|INFO) (?:R[A-Z]{4,7}/)?(?:AM(?:EMBASSY|CONSUL)|SECSTATE|USMISSION)"
    rb"|^\s*(?:C O N F I D E N T I A L|S E C R E T|UNCLAS) .{0,40}\d{3}|^TELEGRAM\s",
    re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class _Parts:
    """What was read of each part of a cable, and what was odd about it."""

    identifier: str
    findings: Findings
    copy: Unwrapped
    cleaned: Cleaned
    header: Header
    reference: ReferenceLine
    heading: Heading
    body: Body


def fits(name: str, head: bytes) -> bool:
    """May a file of this name that begins so be a cable, or a dump of cables?"""
    return bool(
        dump.is_dump(head) or _SIGNS.search(head) or canonical_id(_named_by(name))
    )


def split(name: str, file: BufferedReader) -> Iterator[Read | ImportFault]:
    """Each record of a dump; any other file as a whole."""
    return (dump.split if dump.is_dump(file.peek()) else whole)(name, file)


def parse_read(read: Read) -> Document:
    """The cable in what was read; a fault of it names its place in the file."""
    try:
        return parse(read.data, read.name)
    except ImportFault as fault:
        raise ImportFault(fault.file, fault.reason, read.place) from None


def parse(data: bytes, name: str = STDIN) -> Document:
    """The cable in the bytes of a file, or of one record of a dump.

    Raises ImportFault, in one sentence, for a file that is empty or binary, for a
    page or record without a text, and for a text that has no heading of a cable, or
    no paragraph below it.
    """
    decoded = decode(data, name, html=True)
    start = decoded.text[:_LONGEST_LINE]
    if len(start) == _LONGEST_LINE and not ("\n" in start or "\r" in start):
        reason = "This is not a cable: its first line is longer than any cable's."
        raise ImportFault(name, reason)
    parts = _read(decoded.text, name)
    if not parts.copy.sound:
        raise ImportFault(name, _NO_TEXT[parts.copy.shape])
    document = _document(parts, decoded.problems)
    header = document.header
    published = canonical_id(header["published"].get("identifier", ""))
    if not (header["mrn"] or header["dtg"] or header["labels"] > 1 or published):
        raise ImportFault(name, "This is not a cable: no heading of one was found.")
    words = (ParagraphRole.HEADING, ParagraphRole.SUBJECT)
    if all(paragraph.role in words for paragraph in document.paragraphs):
        reason = "The cable breaks off in its heading: there is no paragraph."
        raise ImportFault(name, reason)
    if not document.identifier:
        reason = "The cable has no identifier: neither file name nor text gives one."
        raise ImportFault(name, reason)
    return document


def parse_text(raw: str, name: str = STDIN) -> Document:
    """What can be read of any text as a cable. Never raises; linear time."""
    return _document(_read(raw, name), ())


def _document(parts: _Parts, problems: tuple[Problem, ...]) -> Document:
    """The document; `problems` are those of the decoding and come first in its own.

    The places of the others are lines of the cable's text, without what wraps it.
    """
    copy, cleaned, header = parts.copy, parts.cleaned, parts.header
    reference, heading, findings = parts.reference, parts.heading, parts.findings
    published, identifier = copy.published, parts.identifier
    printed = reference.printed(year_of(header, published, identifier))
    check(cleaned.text, header, reference, findings)
    if not heading.subject:
        findings.add("subject_missing", "The heading has no subject.")
    return Document(
        identifier=identifier or printed,
        printed_identifier=printed,
        canonical_identifier=canonical_of(identifier, printed, findings),
        kind=SourceKind.CABLE,
        title=heading.subject,
        language="en",
        dated=dated_of(header, published, identifier, findings),
        dated_at=header.sent or published.sent,
        issuer=header.originator or address_of_office(published.origin),
        level=level_of(reference.level, published, findings),
        controls=_controls(parts),
        media_type=_MEDIA_TYPES.get(copy.shape, "text/plain"),
        text=cleaned.text,
        patches=compose(cleaned.text, cleaned.patches, copy.text, copy.patches),
        parser=PARSER,
        parser_version=VERSION,
        shape=_shape(parts),
        header=_header_json(parts),
        parties=tuple(header.parties),
        paragraphs=_paragraphs(cleaned.text, heading, parts.body, findings),
        references=with_published(heading.references, published),
        problems=problems + findings.problems(cleaned.patches, cleaned.raw_lines),
    )


def _read(raw: str, name: str) -> _Parts:
    findings = Findings()
    copy = unwrap(raw, _named_by(name), findings)
    identifier = _cleaned(copy.published.identifier)
    if not identifier and copy.shape != DUMP:
        identifier = _named_by(name)
    cleaned = clean(copy.text, findings)
    text, lines = cleaned.text, Lines(cleaned.text)
    header, index = read_header(lines.lines, lines.starts, findings)
    reference = ReferenceLine(text, lines.starts[index], header)
    first, fields = find_body(lines, reference.end)
    year = year_of(header, copy.published, identifier)
    end = lines.starts[first]
    heading = read_heading(text, reference.end, end, fields, findings, year)
    if reference.level == Level.UNCLASSIFIED and heading.is_sensitive:
        reference.level = Level.RESTRICTED
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
    return _Parts(identifier, findings, copy, cleaned, header, reference, heading, body)


def _named_by(name: str) -> str:
    """The identifier that the file's name gives, "" for standard input."""
    return "" if name in ("", STDIN) else _cleaned(PurePath(name).stem)


def _cleaned(identifier: str) -> str:
    return _NOT_IN_IDENTIFIER.sub("-", identifier).strip("-")


def _shape(parts: _Parts) -> str:
    """What kind of copy it is: another copy of the same kind may replace it."""
    header = parts.header
    if parts.copy.shape:
        return parts.copy.shape
    if read_distribution(header.other):
        return "1970s"
    if parts.cleaned.doubled:
        return "doubled heading"
    if parts.copy.collapsed:
        return "press" if header.found else "collapsed"
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
    tried = (LABEL.match(lines.text, at, stop) for at in range(start, start + 12))
    match = next(filter(None, tried), None)
    if match and match.lastgroup == "by":
        heading.classifier = classifier_of(
            lines.text, find_fields(lines.text, match.start(), stop)
        )


def _paragraphs(
    text: str, heading: Heading, body: Body, findings: Findings
) -> tuple[Paragraph, ...]:
    """The subject and the body's paragraphs, with roles and voices, in order."""
    paragraphs = with_roles_and_voices(text, body.paragraphs, findings)
    if heading.subject_span:
        mark = heading.subject_mark
        subject = Paragraph(
            1,
            *heading.subject_span,
            role=ParagraphRole.SUBJECT,
            level=int(mark.level) if mark else None,
            controls=mark.controls if mark else "",
            marking=mark.raw if mark else "",
            section=body.section,
        )
        paragraphs = [subject, *paragraphs]
    return tuple(paragraphs)


def _controls(parts: _Parts) -> str:
    """The words that restrict who may read, from text, captions and publisher."""
    words = [*parts.reference.handling, *parts.heading.controls.split("/")]
    if parts.reference.level is None:
        words += parts.copy.published.handling
    return "/".join(dict.fromkeys(word for word in words if word))


def _header_json(parts: _Parts) -> dict[str, Any]:
    """All that only cables have, as plain JSON."""
    reference, ending = parts.reference, parts.body.ending
    starts = [line._asdict() for line in parts.cleaned.running]
    return {
        **_routing_json(parts.header),
        "mrn": reference.as_json(),
        "handling": reference.handling,
        **_heading_json(parts.heading),
        "sections": reference.sections | {"starts": starts},
        "signer": ending.signer,
        "trailer": ending.trailer,
        "published": parts.copy.published.as_json(),
    }


def _routing_json(header: Header) -> dict[str, Any]:
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
        "distribution": read_distribution(header.other),
    }


def _heading_json(heading: Heading) -> dict[str, Any]:
    mark = heading.subject_mark
    return {
        "captions": heading.captions,
        "passing": heading.passing,
        "order": heading.order,
        "tags_raw": heading.tags_raw,
        "tags": heading.tags,
        "subject": {"mark": mark.raw if mark else "", "text": heading.subject},
        "references_raw": heading.references_raw,
        "classifier": heading.classifier,
        "labels": heading.labels,
    }
