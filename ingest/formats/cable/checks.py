"""What a cable says in two places: which of them holds, and whether they differ."""

from ingest.formats.cable.classification import ZNY_LEVELS
from ingest.formats.cable.findings import Findings
from ingest.formats.cable.header import Header
from ingest.formats.cable.identity import canonical_id, full_year, mend_id
from ingest.formats.cable.publishing import Published
from ingest.formats.cable.reference_line import ReferenceLine
from ingest.records import Reference
from positions.choices import Level
from positions.names import quoted

_OF_EXTRACTS = ("partial extract of the original cable", "[Omitted here is ")


def year_of(header: Header, published: Published, identifier: str) -> int | None:
    """Year of the date-time group, else of the publisher's date, else of the id."""
    if sent := header.sent or published.sent:
        return sent.year
    canonical = canonical_id(identifier)
    return full_year(canonical[:2]) if canonical else None


def canonical_of(identifier: str, printed: str, findings: Findings) -> str:
    """The id printed in the text, else what the published one stands for."""
    mended = mend_id(identifier)
    if printed and mended.canonical and printed != mended.canonical:
        message = f"Published as {identifier}, but the text says {printed}."
        findings.add("id_differs", message)
    elif mended.damaged:
        message = f"The published id {identifier} stands for {mended.canonical}."
        findings.add("id_repaired", message)
    return printed or mended.canonical


def dated_of(
    header: Header, published: Published, identifier: str, findings: Findings
) -> str:
    """The day of the date-time group as EDTF; without one the publisher's.

    Where neither is told, the year of the id.
    """
    if published.created and published.sent is None:
        message = f"The publisher's date {quoted(published.created)} is no date."
        findings.add("date_unreadable", message)
    if header.sent:
        if published.sent and published.sent.date() != header.sent.date():
            message = f"The publisher dates it {published.sent:%Y-%m-%d}."
            findings.add("date_differs", message)
        return header.sent.date().isoformat()
    if published.sent:
        message = "The text has no readable date; the publisher's was taken."
        findings.add("date_published", message)
        return published.sent.date().isoformat()
    year = year_of(header, published, identifier)
    if year is None:
        findings.add("date_missing", "The cable has no readable date.")
        return ""
    findings.add("date_missing", f"Only the year {year} is known, from the identifier.")
    return f"{year:04}"


def level_of(
    level: Level | None, published: Published, findings: Findings
) -> int | None:
    """The level of the text, else the publisher's."""
    given = published.level
    if level is None:
        return given
    if given is not None and given != level:
        message = f"The publisher classifies it as {quoted(published.classification)}."
        findings.add("classification_published", message)
    return level


def with_published(
    references: tuple[Reference, ...], published: Published
) -> tuple[Reference, ...]:
    """The references of the text, and those that only the publisher's list has."""
    known = {reference.canonical_id for reference in references}
    more = []
    for printed in published.references:
        canonical = canonical_id(printed)
        if canonical not in known:
            known.add(canonical)
            kind = "cable" if canonical else "other"
            note = "in the publisher's list only"
            more.append(Reference(printed, canonical, kind=kind, note=note))
    return (*references, *more)


def check(
    text: str, header: Header, reference: ReferenceLine, findings: Findings
) -> None:
    """Warn where header and text differ, and of a copy that is a part only."""
    _compare_levels(header, reference.level, findings)
    _compare_serials(header, reference, findings)
    extracts = [at for words in _OF_EXTRACTS if (at := text.find(words)) >= 0]
    if extracts:
        message = "The copy says that it is a part of the cable only."
        findings.add("partial_extract", message, min(extracts))


def _compare_levels(header: Header, level: Level | None, findings: Findings) -> None:
    letter = header.security.get("letter", "")
    sent_as = ZNY_LEVELS.get(letter)
    if letter and level is not None and sent_as != level:
        # UNCLAS SENSITIVE goes out under U as well as under E.
        if sent_as == Level.UNCLASSIFIED and level == Level.RESTRICTED:
            return
        message = f"The header's security letter {letter} is not the text's level."
        findings.add("classification_differs", message)


def _compare_serials(
    header: Header, reference: ReferenceLine, findings: Findings
) -> None:
    """The routing header holds the last four digits of the serial."""
    serial = header.station.get("serial", "")[-4:]
    if serial and reference.serial and int(serial) != int(reference.serial[-4:]):
        message = f"The header's serial {serial} is not that of the text."
        findings.add("serial_differs", message)
