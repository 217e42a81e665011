"""Climate talks: sections of the Earth Negotiations Bulletin as JSON, one an object.

- The title is a heading, each sentence a paragraph, counted.
- The date is that of the meeting, a range from its first to its last day.
- Countries, groups and topics are those that somebody found named in the section, a
  chair's country among them. They are mentions and stand in the header; nobody is
  thereby said to hold a position.
- Characters of Windows-1252 that were decoded as Latin-1 (U+0092 for an apostrophe)
  are mended.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import PurePath
from typing import Any

from ingest.formats.mending import Mender
from ingest.reading import Read, decode
from ingest.records import Document, ImportFault, Paragraph, Problem
from positions.choices import ParagraphRole, SourceKind
from positions.names import clean_text

PARSER = "climate"
VERSION = "1"

ISSUER = "Earth Negotiations Bulletin"
# Of texts that stand in one line of a header, and of names in a list.
LENGTH = 500
MOST_NAMES = 1000

_KEYS = re.compile(rb'"(?:sentences|section_title|enb_[a-z_]+)"\s*:')
_OPENING = re.compile(rb"(?:\xef\xbb\xbf)?[\s\[]*\{\s*\"")
_SUFFIXES = (".json", ".jsonl", ".ndjson")
_DAY = re.compile(r"(\d{1,2})-([A-Za-z]{3})[a-z]*-(\d{4}|\d{2})")
_ISO_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun",
           "jul", "aug", "sep", "oct", "nov", "dec")  # fmt: skip
# The bulletin began in 1992.
_FIRST_YEAR = 92
_ENGLISH = re.compile(r"enb\d+e\b|enb\d+e_")


def fits(name: str, head: bytes) -> bool:
    """JSON by its name, or by an object with keys of this format."""
    if PurePath(name).suffix.lower() in _SUFFIXES:
        return True
    return bool(_OPENING.match(head) and _KEYS.search(head))


def parse(read: Read) -> Document:
    """The section that an object is.

    Raises ImportFault for what is no section: no JSON, a key given twice, sentences
    that are missing or no texts; and for one of many sections without an id.
    """
    decoded = decode(read.data, read.name)
    section = _section(decoded.text, read)
    mender = Mender(windows=True)
    paragraphs = tuple(_paragraphs(mender, section, read))
    title = paragraphs[-1].heading
    start, end = section.get("enb_start_date"), section.get("enb_end_date")
    dated, odd = _dated(start, end)
    identifier = _identifier(section, read)
    meeting = _short(section.get("enb_short_title"))
    return Document(
        identifier=identifier.replace("/", "-"),
        printed_identifier=_short(section.get("id")),
        title=f"{title} ({meeting})" if title and meeting else title or meeting,
        text=mender.text,
        patches=tuple(mender.patches),
        paragraphs=paragraphs,
        problems=(*decoded.problems, *odd, *mender.problems()),
        kind=SourceKind.REPORT,
        issuer=ISSUER,
        language="en" if _ENGLISH.match(identifier) else "",
        dated=dated,
        header=_header(section),
        media_type="application/json",
        shape="section",
        parser=PARSER,
        parser_version=VERSION,
    )


def _section(text: str, read: Read) -> Mapping[str, Any]:
    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        (key, count), *_ = Counter(key for key, _ in pairs).most_common(1) or [("", 0)]
        if count > 1:
            raise _fault(read, f"The key “{clean_text(key)[:60]}” stands twice.")
        return dict(pairs)

    try:
        section = json.loads(text, strict=False, object_pairs_hook=once)
    except (ValueError, RecursionError) as fault:
        raise _fault(read, f"This is not JSON that can be read: {fault}.") from fault
    if not isinstance(section, dict) or "sentences" not in section:
        raise _fault(read, "This is no section of talks: it has no “sentences”.")
    return section


def _fault(read: Read, reason: str) -> ImportFault:
    return ImportFault(read.name, reason, read.place)


def _paragraphs(
    mender: Mender, section: Mapping[str, Any], read: Read
) -> Iterator[Paragraph]:
    """The title as a heading, the sentences counted."""
    sentences = section["sentences"]
    if not isinstance(sentences, list):
        raise _fault(read, "“sentences” is no list.")
    heading = ""
    title = section.get("section_title")
    if isinstance(title, str):
        start, end = mender.add(title, "title")
        heading = " ".join(mender.text.split())[:LENGTH]
    if heading:
        yield Paragraph(1, start, end, ParagraphRole.HEADING)
    number = 0
    for place, sentence in enumerate(sentences, 1):
        if not isinstance(sentence, str):
            raise _fault(read, f"Sentence {place} is no text.")
        if mender.length:
            mender.put("\n\n")
        start, end = mender.add(sentence, f"sentence {place}")
        if start < end:
            number += 1
            order = number + bool(heading)
            yield Paragraph(order, start, end, number=str(number), heading=heading)
    if not number:
        raise _fault(read, "The section has no sentences.")


def _identifier(section: Mapping[str, Any], read: Read) -> str:
    """The section's id; of the only one of a file, else the file's name."""
    given = _short(section.get("id"))
    if given:
        return given
    name = PurePath(read.name).stem.strip("- .")
    if read.place or not name:
        raise _fault(read, "The section has no id.")
    return name


def _dated(first: Any, last: Any) -> tuple[str, list[Problem]]:
    """The days of the meeting as a range; a day that cannot be is a problem."""
    problems = []
    days = []
    for what, given in (("begins", first), ("ends", last)):
        day = _day(_short(given))
        if day is None and given:
            message = f"The meeting {what} on “{_short(given)}”, which is no date."
            problems.append(Problem("impossible_date", "", message))
        days.append(day)
    begins, ends = days
    if begins and ends and ends < begins:
        message = f"The meeting ends ({ends}) before it begins ({begins})."
        problems.append(Problem("impossible_date", "", message))
        return "", problems
    known = sorted({day.isoformat() for day in days if day})
    return "/".join(known), problems


def _day(text: str) -> date | None:
    """28-Nov-05 (as the bulletin writes), 28-Nov-2005 or 2005-11-28."""
    if found := _ISO_DAY.fullmatch(text):
        year, month, day = map(int, found.groups())
    elif (found := _DAY.fullmatch(text)) and found[2].lower() in _MONTHS:
        month, day = _MONTHS.index(found[2].lower()) + 1, int(found[1])
        year = int(found[3])
        if len(found[3]) == 2:
            year += 1900 if year >= _FIRST_YEAR else 2000
    else:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _header(section: Mapping[str, Any]) -> dict[str, Any]:
    """What is known of meeting and section beside the sentences."""
    address = _short(section.get("enb_url"))
    meeting = {
        "title": _short(section.get("enb_short_title")),
        "long_title": _short(section.get("enb_long_title")),
        "type": _short(section.get("type")),
    }
    header: dict[str, Any] = {
        "meeting": {key: value for key, value in meeting.items() if value},
        "mentions": {
            key: names
            for key in ("countries", "actors", "topics")
            if (names := _names(section.get(key)))
        },
    }
    if subtype := _short(section.get("subtype")):
        header["section_type"] = subtype
    if address.startswith(("http://", "https://")):
        header["url"] = address
    return header


def _names(given: Any) -> list[str]:
    """The names in a list, each once, in their order."""
    if not isinstance(given, list):
        return []
    names = dict.fromkeys(_short(name) for name in given[:MOST_NAMES])
    return [name for name in names if name]


def _short(given: Any) -> str:
    """A text or number on one line, mended; "" for all else."""
    if isinstance(given, bool) or not isinstance(given, str | int):
        return ""
    mender = Mender(windows=True)
    mender.add(str(given))
    return " ".join(clean_text(mender.text).split())[:LENGTH]
