"""The words around the first match of a text, with every match in them marked."""

import re
import unicodedata
from collections import deque
from collections.abc import Iterator

from positions import names

from .query import LONGEST_WORD, Query, Term

# Characters shown, and how many of them before the first match.
WIDTH = 240
BEFORE = 80
# A match further on in a text is not looked for: a page has to be quick.
REACH = 20_000
ELLIPSIS = "…"

Piece = tuple[str, bool]

_CHUNK = re.compile(r"\S+")
_ASCII_WORD = re.compile(r"[A-Za-z0-9]+")


def snippet(text: str, query: Query) -> list[Piece]:
    """(text, is a match) in order; without any match, the beginning of the text.

    About 240 characters cut between words, with … where text was left out. The
    pieces are plain text: a template marks them up and escapes them.
    """
    first = next(matches(text[:REACH], query.wanted), None)
    start, end = _window(text, *(first or (0, 0)))
    shown = text[start:end]
    pieces = [(ELLIPSIS, False)] if start else []
    at = 0
    for begins, ends in _joined(matches(shown, query.wanted)):
        pieces += [(shown[at:begins], False), (shown[begins:ends], True)]
        at = ends
    pieces.append((shown[at:], False))
    if end < len(text):
        pieces.append((ELLIPSIS, False))
    return [piece for piece in pieces if piece[0]]


def has_match(text: str, query: Query) -> bool:
    """Does any wanted term stand in the text?"""
    return next(matches(text[:REACH], query.wanted), None) is not None


def matches(text: str, terms: tuple[Term, ...]) -> Iterator[tuple[int, int]]:
    """(start, end) of each place where a term stands, by end; they may overlap."""
    recent: deque[tuple[str, int, int]] = deque(
        maxlen=max(len(term.words) for term in terms)
    )
    for word, start, end in place(text):
        recent.append((word, start, end))
        for term in terms:
            if not term.may_end_in(word):
                continue
            tail = list(recent)[-len(term.words) :]
            if tuple(word for word, _, _ in tail[:-1]) == term.words[:-1]:
                yield tail[0][1], end


def place(text: str) -> Iterator[tuple[str, int, int]]:
    """Each word of a text as search compares it, with its [start, end) in the text.

    The words are those of `names.tokens`. Where folding makes other words of the
    letters together than one by one ("1½" = 11, 2), each has the place of them all.
    """
    for chunk in _CHUNK.finditer(text):
        placed = _place_chunk(chunk.group())
        for word, start, end in placed:
            yield word[:LONGEST_WORD], chunk.start() + start, chunk.start() + end


def _place_chunk(chunk: str) -> list[tuple[str, int, int]]:
    if chunk.isascii():
        return [(m.group().lower(), *m.span()) for m in _ASCII_WORD.finditer(chunk)]
    words = names.tokens(chunk)
    placed = [
        (word, start, end)
        for start, end in _runs(chunk)
        for word in names.tokens(chunk[start:end])
    ]
    if [word for word, _, _ in placed] == words:
        return placed
    # Letters that are one only together, such as Hangul written in parts.
    return [(word, 0, len(chunk)) for word in words]


def _runs(chunk: str) -> Iterator[tuple[int, int]]:
    """[start, end) of each run of letters; each character that is a word, alone."""
    start = None
    for begins, ends in _clusters(chunk):
        words = names.tokens(chunk[begins:ends])
        alone = bool(words) and names.tokens(chunk[begins:ends] * 2) == words * 2
        if start is not None and (alone or not words):
            yield start, begins
            start = None
        if alone:
            yield begins, ends
        elif words and start is None:
            start = begins
    if start is not None:
        yield start, len(chunk)


def _clusters(chunk: str) -> Iterator[tuple[int, int]]:
    """[start, end) of each character with the marks and joiners that follow it."""
    start = 0
    for at in range(1, len(chunk)):
        if unicodedata.category(chunk[at]) not in ("Mn", "Mc", "Me", "Cf"):
            yield start, at
            start = at
    if chunk:
        yield start, len(chunk)


def _window(text: str, start: int, end: int) -> tuple[int, int]:
    """What to show of a text around [start, end), cut between words if it can be."""
    first = max(0, start - BEFORE)
    if first:
        first = _after_blank(text, first, start)
    last = max(end, first + WIDTH)
    if last < len(text):
        last = max(text.rfind(" ", max(end, last - BEFORE), last), end) or last
    return first, min(last, len(text))


def _after_blank(text: str, at: int, limit: int) -> int:
    blank = text.find(" ", at, limit)
    return blank + 1 if blank >= 0 else at


def _joined(spans: Iterator[tuple[int, int]]) -> list[tuple[int, int]]:
    """The spans in order, those that overlap made one."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start < joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return joined
