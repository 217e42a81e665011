"""What a publisher says of a cable beside its text: the columns of its record."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from ingest.formats.cable.classification import (
    CLASSIFICATION,
    handling_of,
    level_of_words,
)
from positions.choices import Level

_INSTANT = re.compile(
    r"\s*(?:(?P<month>\d{1,2})/(?P<day>\d{1,2})/(?P<year>\d{4})"
    r"|(?P<iso>\d{4})-(?P<iso_month>\d\d)-(?P<iso_day>\d\d))"
    r"(?:[ T]+(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::\d\d)?)?\s*Z?\s*"
)
_CLASSIFIED = re.compile(CLASSIFICATION, re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Published:
    """The columns as the publisher gives them, "" or () where it does not."""

    identifier: str = ""
    created: str = ""
    released: str = ""
    origin: str = ""
    classification: str = ""
    references: tuple[str, ...] = ()

    @property
    def sent(self) -> datetime | None:
        """When it was made, None if that is not told or no date."""
        return read_instant(self.created)

    @property
    def level(self) -> Level | None:
        match = _CLASSIFIED.match(self._words)
        return level_of_words(match["level"], match["handling"]) if match else None

    @property
    def handling(self) -> list[str]:
        match = _CLASSIFIED.match(self._words)
        return handling_of(match["handling"]) if match else []

    @property
    def _words(self) -> str:
        return " ".join(self.classification.replace("//", " ").split())

    def as_json(self) -> dict[str, str | list[str]]:
        """The columns that were given."""
        columns: dict[str, str | list[str]] = {
            "identifier": self.identifier,
            "created": self.created,
            "released": self.released,
            "origin": self.origin,
            "classification": self.classification,
            "references": list(self.references),
        }
        return {name: value for name, value in columns.items() if value}


def read_instant(text: str) -> datetime | None:
    """The instant of 12/28/1966 18:48 or 2007-09-11 09:44:00, None if it is none."""
    match = _INSTANT.fullmatch(text)
    if not match:
        return None
    try:
        return datetime(
            int(match["year"] or match["iso"]),
            int(match["month"] or match["iso_month"]),
            int(match["day"] or match["iso_day"]),
            int(match["hour"] or 0),
            int(match["minute"] or 0),
            tzinfo=UTC,
        )
    except ValueError:
        return None
