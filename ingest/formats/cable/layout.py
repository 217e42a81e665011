"""Copies whose lines were set anew: lines run together, words broken over two."""

import re
from collections import Counter

from ingest.formats.cable.findings import Findings
from ingest.formats.cable.identity import MRN_ON_LINE
from ingest.formats.cable.patching import Edit

# Originator and addressee on one line; a label and the first paragraph on one line.
# Patterns that begin with plain letters are searched for fastest.
_ORIGINATOR_AND_ADDRESSEE = re.compile(
    r"FM(?<!\wFM) [A-Z][^\n]{3,120}?[ ]TO[ ](?:R[A-Z]{4,7}/)?[A-Z]{3}"
)
_DOT_AND_MARK = r"\.[ ]{0,3}\((?:TS|SBU|S|C|U)\b"
_FIRST_WITHIN_LINE = re.compile(r"1(?<=[ \u00b6]1)" + _DOT_AND_MARK)
_LABEL_AND_PARAGRAPH = re.compile(
    r"\b(?:SUBJECT|TAGS|Classified [Bb]y|CLASSIFIED BY)\b[^\n]{1,1500}?[.)\w][ ]{1,3}"
    r"\u00b6?1" + _DOT_AND_MARK
)
_FORMAT_LINE = re.compile(
    r"[ \t]+(?=(?:ZZ|OO|PP|RR)[ ]R[A-Z]{4,7}\b|DE[ ]R[A-Z]{3,7}[ ]#\d"
    r"|ZN[YR][ ][A-Z]{5}\b"
    r"|(?:[ZOPR][ ]{1,2}){1,3}\d{6}Z[ ][A-Z]{3}[ ]\d\d\b|FM[ ][A-Z]{3}"
    r"|TO[ ](?:R[A-Z]{4,7}/|[A-Z]{5})|INFO[ ](?:R[A-Z]{4,7}/|[A-Z]{5})|XMT[ ][A-Z]{3})"
    r"|(?<![ ]TO)(?<!INFO)(?<![ ]XMT)[ \t]+(?=R[A-Z]{4,7}/[A-Z])"
)
_PARAGRAPH = re.compile(
    r"(?<=[.?!)\"'\w-])[ \t]+"
    r"(?=\u00b6?\d{1,3}\.[ ]{0,3}\((?:TS|SBU|S|C|U)(?:/{1,2}\w+)?\))"
)
# A line of a telegram has 70 characters; two on one line have more.
_LONG = 100
# A heading, and what stands above the date in the 1970s, is no longer.
_MOST_HEADING = 4000
_BLANK_LINE = re.compile(r"\n[ \t]*\r?\n")
# Where a heading was run together with the lines about it.
_CAPTION = re.compile(r"(?<=[ \n]SIPDIS)[ \t]+|[ \t]+(?=(?:SIPDIS|E\.O\. ?\d{5})\b)")
_RULED = re.compile(
    r"(?<=\S)(?P<a>[ \t]+)[-=_]{5,}(?P<b>[ \t]+)[^\n]{2,90}?(?P<c>[ \t]+)[-=_]{5,}"
    r"(?P<d>[ \t]+)(?=\S)"
)
_SEVENTIES = re.compile(r"^(?:ORIGIN|ACTION)[ ]+[A-Z]+-\d\d\b", re.MULTILINE)
# A word at the end of a line and what the next line begins with.
_BROKEN = re.compile(
    r"(?P<head>[A-Za-z]+)(?P<hyphen>-?)\n(?P<tail>[A-Za-z]+)(?P<rest>[^\s\w]*)(?P<gap>\s?)"
)
_WORD = re.compile(r"[A-Za-z]{2,}")
# Words that any cable may hold, whether they stand in it a second time or not.
_EXPECTED = frozenset(
    ("and", "affairs", "classified", "confidential", "reason", "reasons", "summary")
)
# Words of their own, however seldom in one text: upon is not "up" and "on".
_SMALL = """
a after all an any as at back be before body by can day down every ever for forth he
here how i if in is it man may me more my no not now of off on one or other our out over
per self side so some that the then there thing time to under up us ward way we where
who with work
"""
_OWN_WORDS = frozenset(_SMALL.split())


def restore_lines(text: str, findings: Findings) -> list[Edit]:
    """Line ends before format lines and paragraphs that were run together."""
    start = text[:_MOST_HEADING]
    if max(map(len, start.split("\n"))) < _LONG or not _runs_together(start):
        return []
    mrn = MRN_ON_LINE.search(text)
    below = mrn.start() if mrn else 0
    ends = [match.span() for match in _FORMAT_LINE.finditer(text, 0, below)]
    if mrn and below:
        ends.append(mrn.span("before"))
    paragraphs = [match.span() for match in _PARAGRAPH.finditer(text, below)]
    first = paragraphs[0][0] if paragraphs else min(len(text), below + _MOST_HEADING)
    ends += [match.span() for match in _CAPTION.finditer(text, below, first)]
    for match in _RULED.finditer(text, below):
        ends += [match.span(name) for name in "abcd"]
    ends += paragraphs
    if ends:
        message = "Lines that were run together were parted where the next one begins."
        findings.add("lines_restored", message)
    return [(start, end, "\n") for start, end in ends]


def _runs_together(start: str) -> bool:
    """True if something that begins a line stands within one."""
    if _ORIGINATOR_AND_ADDRESSEE.search(start):
        return True
    # The one cheap test that most texts fail.
    if not _FIRST_WITHIN_LINE.search(start):
        return False
    return _LABEL_AND_PARAGRAPH.search(start) is not None


def breaks_words(text: str) -> bool:
    """True for a layout that breaks words where the line is full."""
    start = text[:_MOST_HEADING]
    # Plain words are found fastest.
    hint = "ORIGIN " in start or "ACTION " in start
    return hint and _SEVENTIES.search(start) is not None


def is_collapsed(text: str) -> bool:
    """True for a copy of several lines without a blank one between any two."""
    text = text.strip()
    return not _BLANK_LINE.search(text) and text.count("\n") > 3


def rejoin_words(text: str, findings: Findings) -> list[Edit]:
    """Words broken over two lines, where the text itself shows that they are one.

    It does where the whole word stands in it again, and one of the two parts does
    not. What stands of the word on the next line moves up.
    """
    broken = list(_BROKEN.finditer(text))
    if not broken:
        return []
    counts = Counter(word.lower() for word in _WORD.findall(text))
    edits: list[Edit] = []
    for match in broken:
        head, tail = match["head"].lower(), match["tail"].lower()
        if not (counts[head + tail] or head + tail in _EXPECTED):
            continue
        parts = {part for part in (head, tail) if counts[part] <= 1}
        if match["hyphen"] or parts - _OWN_WORDS:
            moved = match["tail"] + match["rest"]
            line_end = "\n" if match["gap"] else ""
            edits.append((match.end("head"), match.end(), moved + line_end))
    if edits:
        message = f"Words broken over two lines were rejoined ({len(edits)} in all)."
        findings.add("words_rejoined", message)
    return edits
