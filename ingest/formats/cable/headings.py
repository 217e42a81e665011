"""Headings between paragraphs: lines above, below or between rules, or alone."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from ingest.formats.cable.lines import (
    Lines,
    could_be_heading,
    is_rule,
    looks_like_heading,
)

_BETWEEN = re.compile(
    r"[ \t]*(?P<before>[-=_*#\u2010]{3,})?[ \t]*(?P<heading>[^\s\-=_*#\u2010].{0,98}?)"
    r"[ \t]*(?P<after>[-=_*#\u2010]{3,})?[ \t]*"
)
# Words that make a heading of a line of their own, rule or none.
BLOCK_LINE = re.compile(
    # The look ahead is the one cheap test that most lines fail.
    r"[^\w\n]{0,6}+(?=[BESCIAN])(?:BEGIN\s+)?(?:EXECUTIVE\s+)?"
    r"(?:SUMM?A?R?Y|COMMENTS?|INTRODUCTION|BACKGROUND|ACTION\s+REQUEST(?:ED)?|CONCLUSION|NOTE)"
    r"(?:(?:\s*/\s*|\s+AND\s+)[A-Z]+(?:\s+[A-Z]+)?)?\s*[:.]?[^\w\n]{0,6}",
    re.IGNORECASE,
)
_ENUMERATOR = re.compile(
    r"(?:(?P<roman>[IVX]+)|(?P<letter>[A-Z])|(?P<number>\d+))[.)]\s"
)
_CLOSES = re.compile(r"\bEND(?:[ ]OF)?[ ]*\Z", re.IGNORECASE)
_MOST_LINES = 3
_LONGEST_BLOCK_LINE = 60


@dataclass(frozen=True, slots=True)
class HeadingLine:
    """A heading: its words at [start, end), all of it up to the line `last`.

    `style` tells headings of one rank from those of another.
    """

    start: int
    end: int
    last: int
    style: str

    def words(self, text: str) -> str:
        return " ".join(text[self.start : self.end].split()).strip(" -=_*#\u2010")


def find_headings(
    lines: Lines, first: int, stop: int, opens_paragraph: Callable[[int], bool]
) -> list[HeadingLine]:
    """The headings among lines [first, stop).

    `opens_paragraph(index)` is true for a line that a numbered paragraph opens.
    """
    found: list[HeadingLine] = []
    after = first
    for index in _openings(lines, first, stop):
        if index < after or lines.is_blank(index) or opens_paragraph(index):
            continue
        read = _below_rule if lines.is_rule(index) else _on_lines
        if heading := read(lines, index, stop, opens_paragraph):
            found.append(heading)
            after = heading.last + 1
    return found


def _openings(lines: Lines, first: int, stop: int) -> list[int]:
    """The few lines of [first, stop) that a heading may begin at, in order."""
    # Above a closing rule stand two lines at most, and a blank one.
    ruled = {rule - above for rule in lines.rules for above in range(4)}
    below_blank = [
        index
        for index, above in enumerate(lines.words[:-1], 1)
        if not above and lines.words[index].isupper()
    ]
    openings = ruled.union(lines.dashed, lines.named, below_blank, [first])
    return sorted([index for index in openings if first <= index < stop])


def heading_block_above(lines: Lines, index: int, floor: int) -> int:
    """First line of the ruled headings that stand right above a line."""
    top = index
    while True:
        above = top - 1
        while above >= floor and lines.is_blank(above):
            above -= 1
        if above < floor or not _belongs_to_heading(lines.lines[above]):
            return top
        top = above
        if lines.is_rule(above):
            top = _title_above_rule(lines, above, floor)


def _title_above_rule(lines: Lines, rule: int, floor: int) -> int:
    """The line that the heading closed by a rule begins at, the rule if none."""
    last = rule - 1 if not lines.is_blank(rule - 1) else rule - 2
    top = last
    while top >= floor and rule - top <= _MOST_LINES + 2 and not lines.is_blank(top):
        if lines.is_rule(top):
            return top
        top -= 1
    title = lines.lines[top + 1 : last + 1]
    if not title or not all(could_be_heading(line) for line in title):
        return rule
    return top + 1


def _belongs_to_heading(line: str) -> bool:
    """True for a rule, words with a rule beside them, or words that name a block."""
    if is_rule(line) or BLOCK_LINE.fullmatch(line):
        return True
    match = _BETWEEN.fullmatch(line)
    return bool(match and (match["before"] or match["after"]))


def _title_lines(
    lines: Lines, index: int, stop: int, opens_paragraph: Callable[[int], bool]
) -> int:
    """How many lines from here (three at most) can be a heading together."""
    count = 0
    while (
        index + count < stop
        and count <= _MOST_LINES
        and not lines.is_blank(index + count)
        and not lines.is_rule(index + count)
    ):
        if opens_paragraph(index + count):
            break
        if not could_be_heading(lines.lines[index + count]):
            return 0
        count += 1
    return count if count <= _MOST_LINES else 0


def _below_rule(
    lines: Lines, rule: int, stop: int, opens_paragraph: Callable[[int], bool]
) -> HeadingLine | None:
    """A heading between two rules, or under one with nothing below it."""
    top = rule + 2 if lines.is_blank(rule + 1) else rule + 1
    count = _title_lines(lines, top, stop, opens_paragraph)
    if not count:
        return None
    below = top + count
    if lines.is_blank(below) and lines.is_rule(below + 1) and below + 1 < stop:
        below += 1
    if lines.is_rule(below) and below < stop:
        return _heading(lines, top, count, below, "between")
    alone = below >= stop or lines.is_blank(below) or opens_paragraph(below)
    title = lines.lines[top : top + count]
    if alone and count <= 2 and all(looks_like_heading(line) for line in title):
        return _heading(lines, top, count, top + count - 1, "above")
    return None


def _on_lines(
    lines: Lines, index: int, stop: int, opens_paragraph: Callable[[int], bool]
) -> HeadingLine | None:
    line = lines.lines[index]
    if len(line) > 120:
        return None
    if index in lines.dashed and (match := _BETWEEN.fullmatch(line)):
        ruled = match["before"] or match["after"]
        if ruled and could_be_heading(match["heading"]):
            start = lines.starts[index] + match.start("heading")
            end = start + len(match["heading"].rstrip())
            return HeadingLine(start, end, index, "same line")
    return _above_rule(lines, index, stop, opens_paragraph) or _alone(
        lines, index, stop, opens_paragraph
    )


def _above_rule(
    lines: Lines, index: int, stop: int, opens_paragraph: Callable[[int], bool]
) -> HeadingLine | None:
    """A heading with a rule below it only."""
    after_blank = lines.is_blank(index - 1) or lines.is_rule(index - 1)
    count = _title_lines(lines, index, stop, opens_paragraph)
    if not count or count > 2:
        return None
    rule = index + count
    apart = lines.is_blank(rule)
    if apart:
        rule += 1
    if rule >= stop or not lines.is_rule(rule):
        return None
    # A rule that opens the next heading closes nothing.
    if apart and _below_rule(lines, rule, stop, opens_paragraph):
        return None
    line = lines.lines[index]
    title = lines.lines[index : index + count]
    if after_blank and (apart or not _fits(title[-1], lines.lines[rule])):
        accepted = all(looks_like_heading(line) for line in title)
    elif after_blank:
        accepted = True
    else:
        # Glued to the paragraph above: only if that one has ended.
        above = lines.lines[index - 1].rstrip()
        ended = above.endswith((".", "?", "!", ")", '"'))
        accepted = count == 1 and ended and looks_like_heading(line)
    return _heading(lines, index, count, rule, "below") if accepted else None


def _fits(title: str, rule: str) -> bool:
    return abs(len(title.strip()) - len(rule.strip())) <= 2


def _alone(
    lines: Lines, index: int, stop: int, opens_paragraph: Callable[[int], bool]
) -> HeadingLine | None:
    """A short line of capitals between blank lines, or one that names a block."""
    line = lines.lines[index]
    if len(line) <= _LONGEST_BLOCK_LINE and BLOCK_LINE.fullmatch(line):
        # "End / Summary." may be broken over two lines.
        closes = index and _CLOSES.search(lines.lines[index - 1])
        return None if closes else _heading(lines, index, 1, index, "alone")
    if not lines.is_blank(index - 1):
        return None
    count = _title_lines(lines, index, stop, opens_paragraph)
    title = lines.lines[index : index + count]
    if count not in (1, 2) or not all(_is_title_in_capitals(line) for line in title):
        return None
    following = index + count
    while following < stop and lines.is_blank(following):
        following += 1
    if following == index + count or following >= stop:
        return None
    if not opens_paragraph(following):
        return None
    return _heading(lines, index, count, index + count - 1, "alone")


def _is_title_in_capitals(line: str) -> bool:
    enumerator = _ENUMERATOR.match(line.strip())
    # "A. THE BOATS" without a rule is an item of the paragraph above.
    item = enumerator is not None and enumerator.lastgroup == "letter"
    return line.isupper() and looks_like_heading(line) and not item


def _heading(lines: Lines, top: int, count: int, last: int, style: str) -> HeadingLine:
    first, end = lines.lines[top], lines.end(top + count - 1)
    start = lines.starts[top] + len(first) - len(first.lstrip())
    enumerator = _ENUMERATOR.match(first.strip())
    kind = enumerator.lastgroup if enumerator else ""
    case = "capitals" if first.isupper() else "mixed"
    return HeadingLine(start, end, max(last, top), f"{style} {case} {kind}")
