"""What a cable is called: reference ids, and the line that prints one."""

import re
from typing import NamedTuple

from ingest.formats.cable.classification import CLASSIFICATION
from ingest.posts import canonical_station

SECTION = (
    r"(?:S?ECTI?ON|SCTION|SECTIO)[ ]{1,3}(?P<section>\d{1,2})"
    r"[ ]{1,2}[OG]F[ ]{1,2}(?P<sections>\d{1,2})"
)
_ORIGIN = r"(?P<origin>[A-Z0](?:[A-Z0'.-]|[ ](?=[A-Z0])){1,30})"
_SERIAL = r"(?P<serial>\d{1,7})(?!\d)"
_TOSEC = r"(?:[ /]{1,3}(?P<series>TOSEC|SECTO)[ ]{1,2}(?P<tosec>\d{1,6}))?"
# S E C R E T SECTION 01 OF 05 TOKYO 003532; what follows on the line is free.
MRN = re.compile(
    r"^[ \t]*" + CLASSIFICATION + r"[ ]{0,4}(?://)?[ ]{0,2}"
    r"(?:" + SECTION + r"[ ]{0,3})?" + _ORIGIN + r"[ ]{1,4}" + _SERIAL + _TOSEC,
    re.IGNORECASE | re.MULTILINE,
)
# STATE 250151: the same without a classification, the whole line.
BARE_MRN = re.compile(
    r"^[ \t]*" + _ORIGIN + r"[ ]{1,4}" + _SERIAL + _TOSEC + r"[ \t]*$", re.MULTILINE
)
CLASSIFICATION_LINE = re.compile(
    r"^[ \t]*" + CLASSIFICATION + r"[ ]{0,3}(?:" + SECTION + r")?[ \t]*$",
    re.IGNORECASE | re.MULTILINE,
)

_ID = re.compile(r"(?P<year>\d{2})(?P<origin>[A-Z][A-Z0']{2,60}?)(?P<serial>\d{1,7})")
_SUFFIX = re.compile(r"_[A-Za-z]$")
_DOUBLED_YEAR = re.compile(r"(\d\d)\1(?=[A-Z])")
# Words of the heading that published ids have absorbed into the origin.
_ABSORBED = re.compile(
    r"(?:(?:SECTION|ECTION|SCTION|SECTIO)\d\d[A-Z]F\d\d|EFTO|NOFORN|AMEMBASSY|AMCONSUL)+"
)
# A retransmission signal, or the number of a second series, glued on behind.
_GLUED = re.compile(
    r"(?<=\d)(?:Z[DF][A-Z]\d*|SUSPECTEDDUPLICATE|(?:TO|SEC)(?:SEC|TO)\d*).*$"
)


class PrintedId(NamedTuple):
    """A message reference number as printed: origin and serial, year unknown."""

    origin: str
    serial: str


def reference_id(year: int, origin: str, serial: str) -> str:
    """08TOKYO1212: two digits of the year, station without blanks, bare serial."""
    return f"{year % 100:02}{canonical_station(origin)}{int(serial)}"


def canonical_id(published: str) -> str:
    """The id that the published one stands for, its known damage mended.

    "" where it has no year, station or serial left to tell.
    """
    compact = re.sub(r"[\s'\u2019-]", "", _SUFFIX.sub("", published.strip())).upper()
    compact = _GLUED.sub("", _DOUBLED_YEAR.sub(r"\1", compact))
    if compact[:2].isdigit():
        compact = compact[:2] + _ABSORBED.sub("", compact[2:], count=1)
    match = _ID.fullmatch(compact)
    # A lost O reads as zero: 05 0TTAWA 3518.
    if not match and compact[2:3] == "0":
        match = _ID.fullmatch(compact[:2] + "O" + compact[3:])
    if not match or not 3 <= len(canonical_station(match["origin"])) <= 17:
        return ""
    return reference_id(int(match["year"]), match["origin"], match["serial"])


def full_year(digits: str) -> int:
    """The year of two digits (66-99 are of the last century) or of four."""
    year = int(digits)
    if len(digits) > 2:
        return year
    return year + (1900 if year >= 66 else 2000)
