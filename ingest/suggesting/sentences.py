"""A paragraph's sentences, whatever its line breaks and abbreviations."""

import re
from collections.abc import Iterator

from ingest.suggesting.lexicon import Lexicon

# A mark that may end a sentence, what closes after it, then a blank.
_END = re.compile(r"(?<![.!?…])[.!?…]++[\"'”’»)\]]*+(?=\s)|\n[ \t]*+\n|;(?=\s)")
_WORD = re.compile(r"\w+")
_WORD_BEFORE = re.compile(r"[^\s(\[\"'“‘]+\Z")
_OPENS = re.compile(r"[\s\"'“‘«(\[]*")
_LIST_MARK = re.compile(r"\(?[0-9a-zA-Z]{1,2}[.)]")
# Longer than this, a run without an end is cut where a line ends or a blank stands:
# whatever comes, the work on one sentence stays bounded.
LONGEST = 2000


def sentences(text: str, words: Lexicon) -> Iterator[tuple[int, int]]:
    """The [start, end) of each sentence, in order, without blanks around it.

    A full stop ends none after an abbreviation ("Art.", "Mr."), a single letter
    ("S. T. Ganyard"), letters and stops ("U.S.", but where a pronoun or the like
    begins anew), or where a small letter follows; a semicolon ends one, since what
    follows it has its own subject or is read as if it had.
    """
    begin = 0
    for found in _END.finditer(text):
        if found.end() <= begin or not _ends(text, begin, found, words):
            continue
        yield from _cut(text, begin, found.end())
        begin = found.end()
    yield from _cut(text, begin, len(text))


def _ends(text: str, begin: int, found: re.Match[str], words: Lexicon) -> bool:
    mark = found[0]
    if mark[0] in "\n;!?":
        return True
    opens = _OPENS.match(text, found.end())
    follows = text[opens.end()] if opens and opens.end() < len(text) else ""
    if not follows:
        return True
    if follows.islower():
        return False
    lead = text[opens.end() : opens.end() + 20].casefold() if opens else ""
    if lead.startswith(words.words["names the counted"]):
        # "Forty states endorsed it. Among them were ..." is said of one thing.
        return False
    before = _WORD_BEFORE.search(text, max(begin, found.start() - 30), found.start())
    word = before[0] if before else ""
    if mark[0] == "." and len(mark) == 1:
        if word.casefold() in words.are("abbreviation") or (
            word.isalpha() and len(word) == 1
        ):
            return False
        if re.fullmatch(r"(?:[^\W\d_]\.)+[^\W\d_]", word):
            # "the U.S. Secretary" goes on; "in the U.S. The ..." does not.
            next_word = _WORD.match(text, opens.end()) if opens else None
            return bool(next_word and next_word[0].casefold() in words.are("starter"))
        if _LIST_MARK.fullmatch(text[begin : found.end()].strip()):
            return False
    return True


def _cut(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The trimmed span, in pieces of at most LONGEST characters."""
    while end - start > LONGEST:
        at = text.rfind(" ", start + 1, start + LONGEST)
        at = at if at > start else start + LONGEST
        yield from _trimmed(text, start, at)
        start = at
    yield from _trimmed(text, start, end)


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    piece = text[start:end]
    start += len(piece) - len(piece.lstrip())
    end = start + len(piece.strip())
    if start < end:
        yield start, end
