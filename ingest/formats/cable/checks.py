"""What a cable says in two places: which of them holds, and whether they differ."""

import re

from ingest.formats.cable.classification import ZNY_LEVELS
from ingest.formats.cable.findings import Findings
from ingest.formats.cable.header import Header
from ingest.formats.cable.identity import canonical_id, full_year
from ingest.formats.cable.reference_line import ReferenceLine
from positions.choices import Level

_EXTRACT = re.compile(r"partial extract of the original cable")


def year_of(header: Header, published: str) -> int | None:
    """Year of the date-time group, else of the id as published."""
    if header.sent:
        return header.sent.year
    canonical = canonical_id(published)
    return full_year(canonical[:2]) if canonical else None


def canonical_of(published: str, printed: str, findings: Findings) -> str:
    """The id printed in the text, else what the published one stands for."""
    mended = canonical_id(published)
    if printed and mended and printed != mended:
        message = f"Published as {published}, but the text says {printed}."
        findings.add("id_differs", message)
    return printed or mended


def dated_of(header: Header, published: str, findings: Findings) -> str:
    """The day of the date-time group as EDTF; without one the year of the id."""
    if header.sent:
        return header.sent.date().isoformat()
    year = year_of(header, published)
    if year is None:
        findings.add("date_missing", "The cable has no readable date.")
        return ""
    findings.add("date_missing", f"Only the year {year} is known, from the identifier.")
    return f"{year:04}"


def check(
    text: str, header: Header, reference: ReferenceLine, findings: Findings
) -> None:
    """Warn where header and text differ, and of a copy that is a part only."""
    _compare_levels(header, reference.level, findings)
    _compare_serials(header, reference, findings)
    if extract := _EXTRACT.search(text):
        message = "The copy says that it is a part of the cable only."
        findings.add("partial_extract", message, extract.start())


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
