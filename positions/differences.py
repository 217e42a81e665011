"""Differences between two states of a record, in words that a person reads.

A state is a mapping from whatever names its values (a field, a row) to `Value`. What
is compared is `raw`; what is told is `words`. Long texts are compared word by word.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Literal, NamedTuple

Kind = Literal["same", "removed", "added"]

# Above so many comparisons a text counts as written anew: the time of `difflib`
# grows with the product of the two lengths, and nobody reads such a difference.
MOST_COMPARISONS = 1_000_000

# Where words are not parted by spaces, each letter stands for itself.
_UNSPACED = ("CJK", "HIRAGANA", "KATAKANA", "THAI", "LAO", "KHMER", "MYANMAR")


class Piece(NamedTuple):
    """A part of a text that stayed, went or came."""

    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a state: what it is called, what it is, how it reads."""

    label: str
    raw: Any
    words: str
    # A text in sentences, whose difference is told inside it.
    prose: bool = False


@dataclass(frozen=True, slots=True)
class Difference:
    """One value that differs; None where a state has no such value at all."""

    label: str
    before: str | None
    after: str | None
    pieces: tuple[Piece, ...] = ()


def between(
    before: Mapping[Any, Value], after: Mapping[Any, Value]
) -> list[Difference]:
    """The values that differ, in the order of `after`, then what it lacks."""
    names: dict[Hashable, None] = dict.fromkeys([*after, *before])
    found = (_difference(before.get(name), after.get(name)) for name in names)
    return [one for one in found if one is not None]


def _difference(old: Value | None, new: Value | None) -> Difference | None:
    if old is None or new is None:
        one = old or new
        assert one is not None  # The name stands in one of the two.
        before, after = old.words if old else None, new.words if new else None
        return Difference(one.label, before, after)
    if old.raw == new.raw:
        return None
    prose = (old.prose or new.prose) and bool(old.words and new.words)
    pieces = tuple(word_pieces(old.words, new.words)) if prose else ()
    return Difference(new.label, old.words, new.words, pieces)


def word_pieces(before: str, after: str) -> list[Piece]:
    """How one text becomes another, word by word.

    What stayed and went, joined, is `before`; what stayed and came is `after`. No
    piece is empty, and neighbours differ in kind.
    """
    old, new = list(words_of(before)), list(words_of(after))
    start = _alike(old, new)
    end = _alike(old[start:][::-1], new[start:][::-1])
    old_middle, new_middle = old[start : len(old) - end], new[start : len(new) - end]
    found = [Piece("same", "".join(old[:start]))]
    found += _compared(old_middle, new_middle)
    found.append(Piece("same", "".join(old[len(old) - end :])))
    return _joined(found)


def words_of(text: str) -> Iterator[str]:
    """The words of a text, with the spaces and signs between them: joined, the text.

    A letter keeps its combining marks.
    """
    word, kind = "", ""
    for letter in text:
        now = _kind_of(letter)
        if now == "mark" or (now == kind and now in ("word", "space")):
            word += letter
            continue
        if word:
            yield word
        word, kind = letter, now
    if word:
        yield word


def _kind_of(letter: str) -> str:
    if letter.isspace():
        return "space"
    if unicodedata.category(letter).startswith("M"):
        return "mark"
    if not letter.isalnum():
        return "sign"
    if letter.isascii():
        return "word"
    name = unicodedata.name(letter, "")
    return "letter" if name.startswith(_UNSPACED) else "word"


def _alike(one: list[str], other: list[str]) -> int:
    """How many words at the beginning are the same."""
    pairs = zip(one, other, strict=False)
    return next(
        (at for at, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other))
    )


def _compared(old: list[str], new: list[str]) -> list[Piece]:
    if len(old) * len(new) > MOST_COMPARISONS:
        return [Piece("removed", "".join(old)), Piece("added", "".join(new))]
    matcher = SequenceMatcher(str.isspace, old, new, autojunk=False)
    found = []
    for tag, i, j, m, n in matcher.get_opcodes():
        if tag == "equal":
            found.append(Piece("same", "".join(old[i:j])))
        else:
            found.append(Piece("removed", "".join(old[i:j])))
            found.append(Piece("added", "".join(new[m:n])))
    return found


def _joined(pieces: list[Piece]) -> list[Piece]:
    """Without the empty ones; spaces between two changes belong to both of them."""
    pieces = [piece for piece in pieces if piece.text]
    found: list[Piece] = []
    removed = added = ""
    for at, piece in enumerate(pieces):
        inside = (removed or added) and at + 1 < len(pieces)
        if piece.kind == "removed":
            removed += piece.text
        elif piece.kind == "added":
            added += piece.text
        elif inside and piece.text.isspace():
            removed, added = removed + piece.text, added + piece.text
        else:
            found += _changed(removed, added)
            removed = added = ""
            found.append(piece)
    return found + _changed(removed, added)


def _changed(removed: str, added: str) -> list[Piece]:
    pair = (Piece("removed", removed), Piece("added", added))
    return [piece for piece in pair if piece.text]
