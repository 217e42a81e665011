"""What a query means: the words it wants and does not want, for both databases.

A query is text from strangers. Only its words, as `names.tokens` cuts them, ever
reach a database, in quotes: they are letters and digits, so that no operator and no
quotation mark of FTS5 or tsquery passes.
"""

import re
from dataclasses import dataclass

from positions import names

HELP = (
    "Every word must occur. “Words in quotation marks” must stand side by side; "
    "convent* finds every word that begins so; -word leaves out what has the word."
)

MAX_LENGTH = 1000
MAX_WORDS = 100
# Longer words are cut here, in texts and queries alike: PostgreSQL takes no lexeme
# of more than 2,046 bytes.
LONGEST_WORD = 200

_QUOTATION_MARKS = dict.fromkeys(map(ord, "“”„‟«»＂"), '"')
_PIECE = re.compile(r'(-*)(?:"([^"]*)"?|([^\s"]+))')


class BadQuery(ValueError):  # noqa: N818 (reads as what it is)
    """A query that asks for nothing, or for too much; its message is one sentence."""


@dataclass(frozen=True, slots=True)
class Term:
    """Words that stand side by side; if `beginning`, the last may go on.

    text is the term as typed, without its sign.
    """

    text: str
    words: tuple[str, ...]
    beginning: bool = False

    def may_end_in(self, word: str) -> bool:
        """Is the word its last, or does it begin so?"""
        last = self.words[-1]
        return word.startswith(last) if self.beginning else word == last


@dataclass(frozen=True, slots=True)
class Query:
    """All of `wanted` (at least one) and none of `unwanted`."""

    wanted: tuple[Term, ...]
    unwanted: tuple[Term, ...] = ()


def cut(text: str) -> list[str]:
    """The words of a text as both indexes keep them, in order."""
    return line_of(text).split()


def line_of(text: str) -> str:
    """The same words, with blanks between them."""
    line = names.token_line(text)
    if _has_long_word(line):
        return " ".join(word[:LONGEST_WORD] for word in line.split())
    return line


def _has_long_word(line: str) -> bool:
    start = 0
    while len(line) - start > LONGEST_WORD:
        start = line.rfind(" ", start, start + LONGEST_WORD + 1) + 1
        if not start:
            return True
    return False


def parse(text: str) -> Query:
    """Read a query.

    Words are wanted all; "words in quotation marks" side by side; `word*` with any
    ending (two letters at least); `-word` and `-"words"` not at all. A word that is
    cut into several ("Guinea-Bissau", Chinese, Japanese, Korean) is a phrase.
    Everything else is text, and signs between words count for nothing. A quotation
    mark that is not closed runs to the end.

    Raises BadQuery for a query without a wanted word, of more than 1,000 characters
    or 100 words, or with a beginning of one letter.
    """
    if len(text) > MAX_LENGTH:
        raise BadQuery(f"A query has at most {MAX_LENGTH} characters.")
    wanted: list[Term] = []
    unwanted: list[Term] = []
    for sign, phrase, word in _PIECE.findall(text.translate(_QUOTATION_MARKS)):
        term = _term(phrase or word, beginning=word.endswith("*"))
        if term is not None:
            (unwanted if sign else wanted).append(term)
    if not wanted:
        raise BadQuery(
            "Give at least one word to look for, not only words to leave out."
            if unwanted
            else "Give at least one word to look for."
        )
    if sum(len(term.words) for term in wanted + unwanted) > MAX_WORDS:
        raise BadQuery(f"A query has at most {MAX_WORDS} words.")
    return Query(tuple(wanted), tuple(unwanted))


def _term(text: str, *, beginning: bool) -> Term | None:
    words = tuple(cut(text))
    if not words:
        return None
    if beginning and len(words[-1]) == 1:
        if not _is_whole(words[-1]):
            raise BadQuery(f"“{text}” is too short: give two letters before the *.")
        beginning = False
    return Term(text.rstrip("*"), words, beginning)


def _is_whole(letter: str) -> bool:
    """Is it a character that is always a word of its own (Chinese, Japanese)?"""
    return len(names.tokens(letter * 2)) == 2


def for_fts5(query: Query, *, column: str = "") -> str:
    """The right side of MATCH; with a column, only its words count."""
    text = f"({' AND '.join(map(_fts5_term, query.wanted))})"
    if query.unwanted:
        text += f" NOT ({' OR '.join(map(_fts5_term, query.unwanted))})"
    return f"{{{column}}} : ({text})" if column else text


def _fts5_term(term: Term) -> str:
    return f'"{" ".join(term.words)}"' + (" *" if term.beginning else "")


def for_tsquery(query: Query, *, weight: str = "") -> str:
    """A tsquery; with a weight (A to D), only words of that weight count."""
    parts = [_tsquery_term(term, weight) for term in query.wanted]
    parts += [f"!{_tsquery_term(term, weight)}" for term in query.unwanted]
    return " & ".join(parts)


def _tsquery_term(term: Term, weight: str) -> str:
    *before, last = (f"'{word}'" for word in term.words)
    flags = ("*" if term.beginning else "") + weight
    words = [f"{word}:{weight}" if weight else word for word in before]
    words.append(f"{last}:{flags}" if flags else last)
    return f"({' <-> '.join(words)})"
