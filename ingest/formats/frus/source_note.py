"""The source note of a document of the series: archive, classification, drafting."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from positions.choices import Level

_LEVELS = {
    "Top Secret": Level.TOP_SECRET,
    "Secret": Level.SECRET,
    "Confidential": Level.CONFIDENTIAL,
    "Limited Official Use": Level.RESTRICTED,
    "Official Use Only": Level.RESTRICTED,
    "For Official Use Only": Level.RESTRICTED,
    "Restricted": Level.RESTRICTED,
    "Unclassified": Level.UNCLASSIFIED,
}
# Words behind the level that say how fast or how formal, not who may read.
_NO_CONTROLS = frozenset(
    ("priority", "flash", "immediate", "niact", "niact immediate", "routine")
    + ("operational immediate", "official-informal", "personal")
)
_BEGIN = re.compile(r"\[?Source[:,]\s*")
# "top secret priority", as older volumes print it above the text.
_ABOVE = re.compile(
    rf"\[?(?P<all>(?P<level>{'|'.join(_LEVELS)})\b[ ;,/—–-]*(?P<handling>.{{0,99}}))\Z",
    re.IGNORECASE,
)
# A sentence of its own: "Secret; Nodis." but not "Confidential File, CO 141."
_CLASSIFICATION = re.compile(
    r"(?:(?<=[.\]:] )|\A)(?P<all>(?:(?P<level>"
    + "|".join(_LEVELS)
    + r")(?P<handling>(?:[;,/][^.;,/]{1,60}){0,12})(?: \[[^\]]{0,200}\])?"
    r"|No (?:security )?classification(?: marking)?))(?=\.(?:\s|\]|\Z))"
)
# "Drafted by P.S. Corden ...": a full stop after a capital ends no sentence.
_DRAFTING = re.compile(
    r"\b(?:Drafted|Prepared) (?:by|in)\b.{0,2000}?"
    r"(?<![A-Z])(?<!Adm)(?<!Gen)(?<!Col)(?<!Lt)(?<!Mr)(?<!Mrs)(?<!Dr)(?<!Jr)"
    r"\.(?=\s+[A-Z\[]|\]|\Z)",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class SourceNote:
    """What a source note says; "" and None where it does not."""

    text: str = ""
    archive: str = ""
    classification: str = ""
    level: int | None = None
    controls: str = ""
    drafting: str = ""


def is_source_note(text: str) -> bool:
    """Does a note, or a paragraph in its place, begin as a source note does?"""
    return _BEGIN.match(text) is not None


def read_source_note(text: str) -> SourceNote:
    """The parts of a source note, given on one line."""
    begin = _BEGIN.match(text)
    body = text[begin.end() if begin else 0 :]
    found = _CLASSIFICATION.search(body)
    drafting = _DRAFTING.search(body)
    level = _LEVELS[found["level"]] if found and found["level"] else None
    ends = [match.start() for match in (found, drafting) if match]
    return SourceNote(
        text=text,
        archive=body[: min(ends, default=len(body))].strip(" .]"),
        classification=found["all"] if found else "",
        level=None if level is None else int(level),
        controls=_controls(found["handling"] or "") if found else "",
        drafting=drafting[0].strip() if drafting else "",
    )


def with_marking(note: SourceNote, lines: Iterable[str]) -> SourceNote:
    """The note with the classification among these lines, if it has none itself."""
    if note.classification:
        return note
    found = next(
        filter(None, (_ABOVE.match(line.strip(" .]")) for line in lines)), None
    )
    if found is None:
        return note
    return replace(
        note,
        classification=found["all"],
        level=int(_LEVELS[found["level"].title()]),
        controls=_controls(found["handling"]),
    )


def _controls(handling: str) -> str:
    """The words behind the level that restrict who may read, in capitals."""
    given = (word.strip() for word in re.split(r"[;,/]", handling))
    kept = (word.upper() for word in given if word and _restricts(word))
    return "/".join(dict.fromkeys(kept))


def _restricts(word: str) -> bool:
    plain = word.lower().replace("–", "-")
    return plain not in _NO_CONTROLS and "declassified" not in plain
