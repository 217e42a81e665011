"""The diplomatic cable (State Department telegram) as plain text -> a Document.

Two layers: the text as received, and the reading text, in which damage is
mended and running lines are taken out; patches lead back. Everything else is
read off the reading text: routing header, heading, paragraphs, ending.
"""

import re
from dataclasses import asdict, dataclass
from pathlib import PurePath
from typing import Any

from ingest.formats.cable.blocks import with_roles_and_voices
from ingest.formats.cable.body import Body, find_body, read_body
from ingest.formats.cable.checks import canonical_of, check, dated_of, year_of
from ingest.formats.cable.cleaning import Cleaned, clean
from ingest.formats.cable.findings import Findings
from ingest.formats.cable.header import Header, read_header
from ingest.formats.cable.heading import Heading, read_heading
from ingest.formats.cable.labels import LABEL
from ingest.formats.cable.lines import Lines
from ingest.formats.cable.reference_line import ReferenceLine
from ingest.reading import STDIN, decode
from ingest.records import Document, ImportFault, Paragraph, Problem
from positions.choices import ParagraphRole, SourceKind

PARSER = "cable"
VERSION = "1"

# No cable, however its lines were joined, begins with a line of that length.
_LONGEST_LINE = 2**20
_NOT_IN_IDENTIFIER = re.compile(r"[/\\\s\x00-\x1f\ud800-\udfff]+")


def parse(data: bytes, name: str = STDIN) -> Document:
    """The cable in the bytes of a file.

    Raises ImportFault, in one sentence, for a file that is empty, binary or
    HTML, that has no heading of a cable, or no paragraph below it.
    """
    decoded = decode(data, name)
    start = decoded.text[:_LONGEST_LINE]
    if len(start) == _LONGEST_LINE and not ("\n" in start or "\r" in start):
        reason = "This is not a cable: its first line is longer than any cable's."
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
    parts = _read(raw, _published(name))
    cleaned, header, findings = parts.cleaned, parts.header, parts.findings
    reference, heading, body = parts.reference, parts.heading, parts.body
    printed = reference.printed(year_of(header, parts.published))
    check(cleaned.text, header, reference, findings)
    if not heading.subject:
        findings.add("subject_missing", "The heading has no subject.")
    controls = [*reference.handling, *heading.controls.split("/")]
    return Document(
        identifier=parts.published or printed,
        printed_identifier=printed,
        canonical_identifier=canonical_of(parts.published, printed, findings),
        kind=SourceKind.CABLE,
        title=heading.subject,
        language="en",
        dated=dated_of(header, parts.published, findings),
        dated_at=header.sent,
        issuer=header.originator,
        level=reference.level,
        controls="/".join(dict.fromkeys(word for word in controls if word)),
        text=cleaned.text,
        patches=cleaned.patches,
        parser=PARSER,
        parser_version=VERSION,
        shape=_shape(header),
        header=_header_json(parts),
        parties=tuple(header.parties),
        paragraphs=_paragraphs(cleaned.text, heading, body, findings),
        references=heading.references,
        problems=problems + findings.problems(cleaned.patches, cleaned.raw_lines),
    )


@dataclass(frozen=True, slots=True)
class _Parts:
    """What was read of each part of a cable, and what was odd about it."""

    published: str
    findings: Findings
    cleaned: Cleaned
    header: Header
    reference: ReferenceLine
    heading: Heading
    body: Body


def _read(raw: str, published: str) -> _Parts:
    findings = Findings()
    cleaned = clean(raw, findings)
    text, lines = cleaned.text, Lines(cleaned.text)
    header, index = read_header(lines.lines, lines.starts, findings)
    reference = ReferenceLine(text, lines.starts[index], header)
    first = find_body(lines, reference.end)
    year = year_of(header, published)
    heading = read_heading(text, reference.end, lines.starts[first], findings, year)
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
    return _Parts(published, findings, cleaned, header, reference, heading, body)


def _published(name: str) -> str:
    """The identifier that the file's name gives, "" for standard input."""
    if name in ("", STDIN):
        return ""
    return _NOT_IN_IDENTIFIER.sub("-", PurePath(name).stem).strip("-")


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


def _header_json(parts: _Parts) -> dict[str, Any]:
    """All that only cables have, as plain JSON."""
    reference, ending = parts.reference, parts.body.ending
    starts = [asdict(line) for line in parts.cleaned.running]
    return {
        **_routing_json(parts.header),
        "mrn": reference.as_json(),
        "handling": reference.handling,
        **_heading_json(parts.heading),
        "sections": reference.sections | {"starts": starts},
        "signer": ending.signer,
        "trailer": ending.trailer,
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
