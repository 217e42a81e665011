"""Classification words, handling captions and portion marks, and their levels."""

import re
from functools import lru_cache
from typing import NamedTuple

from positions.choices import Level

LEVEL_OF = {
    "U": Level.UNCLASSIFIED,
    "SBU": Level.RESTRICTED,
    "LOU": Level.RESTRICTED,
    "FOUO": Level.RESTRICTED,
    "C": Level.CONFIDENTIAL,
    "S": Level.SECRET,
    "TS": Level.TOP_SECRET,
}
# Captions that restrict who may read, and so belong to the marking.
CONTROL_CAPTIONS = ("NOFORN", "NODIS", "EXDIS", "LIMDIS", "STADIS", "ORCON")
CAPTIONS = frozenset(
    (
        *CONTROL_CAPTIONS,
        "SIPDIS",
        "SENSITIVE",
        "NOCONTRACTOR",
        "EFTO",
        "FODAG",
        "TERREP",
    )
)
# The letter of FL4 that each level is sent with (ACP-127; EEEEE is EFTO).
ZNY_LEVELS = {
    "U": Level.UNCLASSIFIED,
    "E": Level.RESTRICTED,
    "C": Level.CONFIDENTIAL,
    "S": Level.SECRET,
    "T": Level.TOP_SECRET,
}


def _spaced(words: str) -> str:
    """A pattern for words whose letters may stand apart: S E C R E T."""
    return r"[ ]{0,2}".join(words.replace(" ", ""))


_LEVEL_WORDS = (
    ("TOP SECRET", Level.TOP_SECRET),
    ("SECRET", Level.SECRET),
    ("CONFIDENTIAL", Level.CONFIDENTIAL),
    ("LIMITED OFFICIAL USE", Level.RESTRICTED),
    ("UNCLASSIFIED", Level.UNCLASSIFIED),
    ("UNCLAS", Level.UNCLASSIFIED),
)
_LEVELS = {words.replace(" ", ""): level for words, level in _LEVEL_WORDS}
# What may follow the level on its line; each makes UNCLAS a restricted text.
_SENSITIVE = ("FOR OFFICIAL USE ONLY", "SENSITIVE", "EFTO", "SBU")
_SAYS_SENSITIVE = frozenset(
    words.replace(" ", "") for words in (*_SENSITIVE, "SENSITIVE BUT UNCLASSIFIED")
)
CLASSIFICATION = (
    "(?P<level>"
    + "|".join(_spaced(words) for words, _ in _LEVEL_WORDS)
    + r")(?![A-Za-z])(?P<handling>(?:(?:[ ]{1,3}|(?=//))(?://)?[ ]?(?:"
    + "|".join(_spaced(words) for words in (*_SENSITIVE, *CONTROL_CAPTIONS))
    + r")(?![A-Za-z])){0,4})"
)

_CONTROL = (
    r"(?:NOFORN|NF|N|ORCON|OC|EXDIS|NODIS|LIMDIS"
    r"|REL(?:[ ]TO)?[ ][A-Z][A-Z, ]{1,40}|REL)"
)
_PORTION_LEVEL = r"(?:TS|SBU|LOU|FOUO|S|C|U)"
_ENTIRE = r"[ ]{0,2}[-\u2010-\u2015]{1,2}[ ]{0,2}ENTIRE[ ]{1,2}TEXT"
# (C/NF), (S//NF), (C/REL LIBYA), (C - ENTIRE TEXT); C) with its bracket lost.
PORTION = (
    r"(?:\([ ]?(?P<portion>" + _PORTION_LEVEL + r")"
    r"(?P<controls>(?:[ ]?//?[ ]?" + _CONTROL + r"){0,3})[ ]?"
    r"(?P<entire>" + _ENTIRE + r")?\)"
    r"|(?P<halved>" + _PORTION_LEVEL + r"(?:/NF)?)\)"
    r"|(?P<spelt>(?:TOP[ ]SECRET|SECRET|CONFIDENTIAL|UNCLASSIFIED))" + _ENTIRE + ")"
)
_PORTION = re.compile(PORTION)


class Mark(NamedTuple):
    """A portion mark: its level, its controls joined by "/", and as it stands."""

    level: Level
    controls: str
    raw: str
    entire: bool = False


def level_of_words(words: str, handling: str = "") -> Level:
    """Level of a classification line's words, blanks and case aside."""
    level = _LEVELS["".join(words.split()).upper()]
    handling = "".join(handling.split()).upper()
    sensitive = any(words.replace(" ", "") in handling for words in _SENSITIVE)
    if level == Level.UNCLASSIFIED and sensitive:
        return Level.RESTRICTED
    return level


def says_sensitive(line: str) -> bool:
    """Does a line, or a caption, say this and no more?"""
    return "".join(line.split()).strip("/,.-").upper() in _SAYS_SENSITIVE


def handling_of(handling: str) -> list[str]:
    """The handling words that stand behind the level, unspaced."""
    compact = "".join(handling.split()).upper()
    known = [words.replace(" ", "") for words in (*_SENSITIVE, *CONTROL_CAPTIONS)]
    return sorted((w for w in known if w in compact), key=compact.index)


@lru_cache(maxsize=1024)
def read_mark(raw: str) -> Mark:
    """The mark that PORTION has found in a text: few are ever printed."""
    match = _PORTION.match(raw)
    assert match is not None
    spelt, halved, portion, controls, entire = match.group(
        "spelt", "halved", "portion", "controls", "entire"
    )
    if spelt:
        return Mark(level_of_words(spelt), "", raw, entire=True)
    if halved:
        letters, _, control = halved.partition("/")
        return Mark(LEVEL_OF[letters], _controls(control), raw)
    return Mark(LEVEL_OF[portion], _controls(controls), raw, entire=bool(entire))


def find_mark(text: str, start: int = 0, end: int | None = None) -> Mark | None:
    """The portion mark that stands exactly at `start`, if one does."""
    match = _PORTION.match(text, start, len(text) if end is None else end)
    return read_mark(match[0]) if match else None


def _controls(raw: str) -> str:
    parts = [" ".join(part.split()) for part in raw.split("/")]
    full = {"N": "NF", "NOFORN": "NF", "OC": "ORCON"}
    return "/".join(full.get(part, part) for part in parts if part)
