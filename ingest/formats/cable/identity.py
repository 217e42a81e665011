"""What a cable is called: reference ids, and the line that prints one."""

import re
from functools import cache, lru_cache
from types import MappingProxyType
from typing import NamedTuple

from rapidfuzz.distance import OSA

from ingest.formats.cable.classification import CLASSIFICATION
from ingest.posts import (
    canonical_station,
    is_station,
    nearest_station,
    read_data,
    station_beginning_with,
    stations,
)

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
# The same where header and text were run together on one line.
MRN_ON_LINE = re.compile(
    r"(?P<before>[ \t]+)" + CLASSIFICATION + r"[ ]{0,4}"
    r"(?:" + SECTION + r"[ ]{0,3})?" + _ORIGIN + r"[ ]{1,4}" + r"(?P<serial>\d{4,7})\b"
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
_NOT_IN_ID = re.compile(r"[\s'\u2019-]")
# 1976THEHA05008: the collections of the 1970s print the whole year, and of a station
# the first letters only.
_LONG_YEAR = re.compile(r"^(?:19|20)(?=\d\d[A-Z])")
_DOUBLED_YEAR = re.compile(r"(\d\d)\1(?=[A-Z])")
# Words of the heading that published ids have absorbed into the origin.
_SECTION_IN_ID = re.compile(r"(?P<word>[A-Z]{0,9})[0-9Q]{1,2}[OG]?F?\d\d(?=[A-Z]{3})")
_ABSORBED = re.compile(r"(?:EFTO|NOFORN|AMEMBASSY|AMCONSUL|EMBASSY|USMISSION|SIFIED)+")
# A retransmission signal, or the number of a second series, glued on behind.
_GLUED = re.compile(
    r"(?<=\d)(?:Z[DF][A-Z]\d*|(?:TOSEC|SECTO)\d+|SUSPECTEDDUPLICATE$).*$"
)
_DUPLICATE = re.compile(r"\d+SUSPECTEDDUPLICATE(?=\d)")


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
    return mend_id(published).canonical


class MendedId(NamedTuple):
    """A canonical id, and whether the published one was damaged."""

    canonical: str
    damaged: bool


@lru_cache(maxsize=1024)
def mend_id(published: str) -> MendedId:
    """The canonical id that a published one stands for; "" where none can be told."""
    plain = _NOT_IN_ID.sub("", _SUFFIX.sub("", published.strip())).upper()
    if known := _damaged_ids().get(plain):
        return MendedId(known, damaged=True)
    match = _ID.fullmatch(plain)
    if match and match["origin"] in stations():
        # Nearly all ids are in order: nothing of them has to be mended.
        canonical = reference_id(int(match["year"]), match["origin"], match["serial"])
        return MendedId(canonical, damaged=False)
    plain, long_year = _LONG_YEAR.subn("", plain, count=1)
    compact = _GLUED.sub("", _DUPLICATE.sub("", _DOUBLED_YEAR.sub(r"\1", plain)))
    if compact[:2].isdigit():
        compact = compact[:2] + _without_absorbed(compact[2:])
    match = _ID.fullmatch(compact)
    # A lost O reads as zero: 05 0TTAWA 3518.
    if not match and compact[2:3] == "0":
        compact = compact[:2] + "O" + compact[3:]
        match = _ID.fullmatch(compact)
    if not match:
        return MendedId("", damaged=False)
    station = canonical_station(match["origin"])
    if not is_station(station):
        if cut := long_year and station_beginning_with(station):
            station = cut
        elif near := nearest_station(station):
            station, compact = near, ""
    if not 3 <= len(station) <= 17:
        return MendedId("", damaged=False)
    canonical = reference_id(int(match["year"]), station, match["serial"])
    return MendedId(canonical, damaged=compact != plain)


def _without_absorbed(origin: str) -> str:
    """Origin and serial without the words of the heading in front of them."""
    section = _SECTION_IN_ID.match(origin)
    if section and (not section["word"] or _is_section(section["word"])):
        origin = origin[section.end() :]
    absorbed = _ABSORBED.match(origin)
    return origin[absorbed.end() :] if absorbed else origin


def _is_section(word: str) -> bool:
    return OSA.distance(word, "SECTION", score_cutoff=2) <= 2


@cache
def _damaged_ids() -> MappingProxyType[str, str]:
    """Published ids that no rule mends -> canonical ids."""
    rows = read_data("damaged_ids")
    return MappingProxyType({row["published"]: row["canonical"] for row in rows})


def full_year(digits: str) -> int:
    """The year of two digits (66-99 are of the last century) or of four."""
    year = int(digits)
    if len(digits) > 2:
        return year
    return year + (1900 if year >= 66 else 2000)
