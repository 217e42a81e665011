"""The end of the message: the signing officer's surname and what stands below."""

import re
from typing import NamedTuple

from ingest.formats.cable.identity import CLASSIFICATION_LINE
from ingest.formats.cable.lines import Lines

_TRAILER = re.compile(
    r"N{3,4}|BT|#+\d{0,5}|UN(?:QUOTE|QTE)\.?|END\s+OF\s+MESSAGE\.?|(?:DECLASSIFIED|RELEASED)\b.{0,200}"
    r"|NOTE\s+BY\s+OC/?T.{0,200}|\[OMITTED\s+HERE.{0,400}\]|[-=_*]{3,}|\d{1,3}|[%\"']{1,3}",
    re.IGNORECASE,
)
_NAME = r"[A-Z][A-Z'\u2019-]{2,24}(?:[ ](?:[A-Z]\.|[A-Z][A-Z'\u2019-]{1,24})){0,2}"
# Alone on its line the name may be in small letters.
_SIGNER = re.compile(_NAME + r"|[A-Z][a-z]{2,24}")
_LABEL = re.compile(r"\s*\u00b6?\d{1,3}\s?\.\s*")
_TITLES = ("Mr.", "Mrs.", "Ms.", "Dr.", "Amb.", "Gen.")
_GLUED = re.compile(
    r"(?:(?<=[a-z0-9][.?!])|(?<=[A-Z][A-Z)\"'][.?!])|(?<=[)\"'\u201d]))"
    r"[ ]{1,4}(?:(?:UNQUOTE|UNQTE)\.?[ ]{1,4})?(?P<signer>" + _NAME + r")\Z"
)
# A message that repeats another one closes the quotation before the name.
_UNQUOTE = re.compile(r"(?:UNQUOTE|UNQTE|END QUOTE)\.?")
_UNQUOTE_AND_NAME = re.compile(r"(?:UNQUOTE|UNQTE)\.?[ ]{1,4}(?P<signer>" + _NAME + ")")
# Words in capitals that close a text and are nobody's name.
_NOT_NAMES = re.compile(
    r"\b(?:END|COMMENT|SUMMARY|TEXT|QUOTE|NOTE|SECTION|THE|AND|OF|TO|IN|FOR|BY|CABLE|"
    r"PARAGRAPH|EMBASSY|MINISTRY|PAGE|NATO)\b"
)
_ENDS = (".", "?", "!", ")", '"', "'", "]", ":", "\u201d")
# More lines than that below a signature is another text.
_MOST_TRAILERS = 12


class Ending(NamedTuple):
    """Where the paragraphs end, who signed, and the lines below the name."""

    at: int
    signer: str
    trailer: str


def find_ending(lines: Lines, first: int) -> Ending:
    """The ending of the text whose body begins at line `first`."""
    last = _last_line(lines, len(lines) - 1, first)
    below = len(lines.text)
    for _ in range(_MOST_TRAILERS):
        if last <= first or not _is_trailer(lines.lines[last].strip()):
            break
        below = lines.starts[last]
        last = _last_line(lines, last - 1, first)
    trailer = lines.text[below:].strip()
    if last <= first and not _glued(lines, last):
        return Ending(min(below, len(lines.text)), "", trailer)
    line = lines.lines[last]
    unquoted = _UNQUOTE_AND_NAME.fullmatch(line.strip())
    if last > first and unquoted:
        return Ending(lines.starts[last], unquoted["signer"], trailer)
    if last > first and _is_signature(lines, last):
        at = _last_line(lines, last - 1, first)
        begin = last
        # The foot of a page may stand above the name.
        while at > first and _closes(lines.lines[at].strip()):
            begin, at = at, _last_line(lines, at - 1, first)
        return Ending(lines.starts[begin], line.strip(), trailer)
    if glued := _glued(lines, last):
        return Ending(lines.starts[last] + glued.start(), glued["signer"], trailer)
    return Ending(below, "", trailer)


def _closes(line: str) -> bool:
    return bool(_UNQUOTE.fullmatch(line) or CLASSIFICATION_LINE.fullmatch(line))


def _last_line(lines: Lines, index: int, first: int) -> int:
    while index > first and lines.is_blank(index):
        index -= 1
    return index


def _is_trailer(line: str) -> bool:
    return bool(_TRAILER.fullmatch(line) or CLASSIFICATION_LINE.fullmatch(line))


def _is_signature(lines: Lines, index: int) -> bool:
    """A name in capitals below a blank line or below the end of a sentence."""
    line = lines.lines[index].strip()
    if not _SIGNER.fullmatch(line) or _NOT_NAMES.search(line):
        return False
    above = lines.lines[index - 1].rstrip() if index else ""
    if _UNQUOTE.fullmatch(above.strip()):
        return True
    if not line.isupper():
        return above.endswith(_ENDS) and not above.endswith(_TITLES)
    return lines.is_blank(index - 1) or above.endswith(_ENDS) or not above.isupper()


def _glued(lines: Lines, index: int) -> re.Match[str] | None:
    """The name behind the last sentence, on its line."""
    line = lines.lines[index]
    match = _GLUED.search(line, max(0, len(line) - 90))
    if match is None or _LABEL.fullmatch(line, 0, match.start()):
        return None
    return None if _NOT_NAMES.search(match["signer"]) else match
