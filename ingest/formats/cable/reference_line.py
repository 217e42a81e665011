"""The reference line: classification, section, origin and serial of a cable."""

import re

from ingest.formats.cable.classification import handling_of, level_of_words
from ingest.formats.cable.header import Header
from ingest.formats.cable.identity import (
    BARE_MRN,
    CLASSIFICATION_LINE,
    MRN,
    reference_id,
)
from ingest.formats.cable.labels import LABEL
from ingest.posts import post_of
from positions.choices import Level

# It stands among the first lines below the routing header.
_MOST_ABOVE = 4000
_SERIAL_LINE = re.compile(r"\d{4,7}")


class ReferenceLine:
    """The reference line: classification, section, origin and serial."""

    def __init__(self, text: str, start: int, header: Header) -> None:
        limit = min(len(text), start + _MOST_ABOVE)
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

    def as_json(self) -> dict[str, str]:
        """Origin and serial as printed, {} if the text gives none."""
        if not self.origin:
            return {}
        return {"origin": self.origin, "serial": self.serial, "tosec": self.tosec}


def _above_the_header(header: Header) -> tuple[str, str]:
    """Origin and serial as some prints give them above the header: ROME 9878."""
    post = post_of(header.originator)
    for line in header.other:
        if match := BARE_MRN.fullmatch(line):
            return match["origin"], match["serial"]
        if post and _SERIAL_LINE.fullmatch(line):
            return post.station, line
    return "", ""
