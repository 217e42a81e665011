"""The reading text by lines, and what a line looks like."""

import re
from bisect import bisect_left, bisect_right
from functools import cached_property
from itertools import accumulate

_RULE = re.compile(r"([-=_*#~\u2010-\u2015])(?:[ ]?\1){2,}")
RULE_CHARACTERS = frozenset("-=_*#~\u2010\u2011\u2012\u2013\u2014\u2015")
# The line end above a word that names or opens a block: found faster than the word,
# whose first letter is the one cheap test that most lines fail.
_BLOCK_BELOW = re.compile(
    r"\n(?=[^\w\n]{0,10}+(?=[BESCIAN])(?:BEGIN|EXECUTIVE|SUM|COMMENT|INTRODUCTION"
    r"|BACKGROUND|ACTION|CONCLUSION|NOTE|NON))",
    re.IGNORECASE,
)
_TABLE = re.compile(r"\S(?: {3,}|\t)\S")
_BULLET = re.compile(r"(?:[-*o\u2022]+ |--|\(?[A-Za-z0-9]{1,3}\) |[a-z0-9]{1,3}\. )")
_SMALL_WORDS = frozenset(
    ("a", "an", "and", "as", "at", "but", "by", "for", "from", "in", "is", "of", "on")
    + ("or", "over", "the", "to", "vs", "with")
)
LONGEST_HEADING_LINE = 100
PILCROW = "\u00b6"


class Lines:
    """Lines without their line ends; `starts` holds one offset more than lines.

    `words` are the lines without the blanks around them. `rules` are the indexes of
    those that are rules, `dashed` of those that begin or end as rules do, `numbered`
    of those that begin with a number or its sign. `named` are those of the lines that
    alone may name or open a block.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.lines = text.split("\n")
        self.words = words = list(map(str.strip, self.lines))
        self.starts = [0, *accumulate([len(line) + 1 for line in self.lines])]
        # Every line is looked at: its last character tells the few that may be rules,
        # its first one those and the numbered ones.
        dashed = [i for i, line in enumerate(words) if line[-1:] in RULE_CHARACTERS]
        others = [i for i, line in enumerate(words) if not line[:1].isalpha()]
        self.rules = frozenset([i for i in dashed if is_rule(words[i])])
        self.dashed = {*dashed, *(i for i in others if words[i][:1] in RULE_CHARACTERS)}
        self.numbered = [
            index
            for index in others
            if (first := words[index][:1]).isdecimal() or first == PILCROW
        ]

    @cached_property
    def named(self) -> list[int]:
        below = [self.index_at(end.end()) for end in _BLOCK_BELOW.finditer(self.text)]
        return [0, *below]

    def __len__(self) -> int:
        return len(self.lines)

    def index_at(self, offset: int) -> int:
        """Index of the line that holds an offset."""
        return min(bisect_right(self.starts, offset) - 1, len(self.lines) - 1)

    def starting_in(self, start: int, end: int) -> range:
        """Indexes of the lines that start at an offset of [start, end)."""
        return range(bisect_left(self.starts, start), bisect_left(self.starts, end))

    def end(self, index: int) -> int:
        """Where the words of a line end, before the blanks behind them."""
        return self.starts[index] + len(self.lines[index].rstrip())

    def is_blank(self, index: int) -> bool:
        """True for a blank line, and beyond either end of the text."""
        return not (0 <= index < len(self.words) and self.words[index])

    def is_rule(self, index: int) -> bool:
        return index in self.rules


def in_capitals(text: str) -> str:
    """The text in capitals, each at the offset of its letter."""
    capitals = text.upper()
    if len(capitals) == len(text):
        return capitals
    # A few letters, such as ß, have two.
    return "".join(c if len(c.upper()) > 1 else c.upper() for c in text)


def is_rule(line: str) -> bool:
    """True for a line of nothing but three or more dashes or the like."""
    line = line.strip()
    # The one cheap test that most lines fail.
    return line[-1:] in RULE_CHARACTERS and _RULE.fullmatch(line) is not None


def could_be_heading(line: str) -> bool:
    """True unless it is too long, a bullet, a row of a table or has no letter."""
    line = line.strip()
    return (
        0 < len(line) <= LONGEST_HEADING_LINE
        and not _BULLET.match(line)
        and not _TABLE.search(line)
        and any(map(str.isalpha, line))
    )


def looks_like_heading(line: str) -> bool:
    """True for capitals or title case that do not end as a sentence does."""
    line = line.strip()
    if not could_be_heading(line) or line[-1] in ".;,":
        return False
    if line.isupper():
        return True
    words = [word for word in line.split() if word[0].isalpha()]
    small = [w for w in words if w[0].islower() and w.lower() not in _SMALL_WORDS]
    return bool(words) and len(small) * 4 <= len(words)
