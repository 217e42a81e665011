"""Lines of pages -> a reading text and its blocks: where paragraphs begin and end.

PDF knows lines only. A paragraph begins after a gap, at an indent, at a label, where
the letters change their size or weight; over a page's end it goes on where no sentence
ended. A word that was cut at a line's end is joined again.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median

from ingest.formats.mending import Mender
from ingest.formats.outline import LABEL, Block
from ingest.formats.pdf.pages import Line, Page
from ingest.formats.pdf.running import running_lines
from ingest.records import Skip

# Shares of the usual distance of lines, and of the letters' size.
GAP = 1.3
WIDE_GAP = 1.9
INDENT = 0.8
LARGER = 1.12
# Share of the usual length of lines.
SHORT = 0.7
HEADING_LENGTH = 200
CAPITALS_LENGTH = 80
CAPITALS_LEAST = 3

_ENUMERATED = re.compile(
    r"(?:[•▪●◦‣–—]|\(?(?:[a-z]{1,2}|[ivx]{1,5}|\d{1,3})\)|[a-z]\.)\s+\S"
)
_SENTENCE_END = re.compile(r"[.!?:;…][\"'”’»)\]]*\d{0,3}\s*\Z")
# Looked for from the beginnings of words only, so that long ones cost no more.
_CUT_WORD = re.compile(r"(?<![^\W\d_])(?P<stem>[^\W\d_]{1,60})[-\u00ad\u2010]\s*\Z")
_REST = re.compile(r"[^\W\d_]{1,60}")
_COMPOUND = re.compile(r"(?<![^\W\d_])[^\W\d_]{1,60}-[^\W\d_]{1,60}")


@dataclass(frozen=True, slots=True)
class _Placed:
    """A line of text, with its page and whether it begins a paragraph there."""

    line: Line
    page: int
    after_blank: bool = False


@dataclass
class Layout:
    """The reading text and its blocks; `pages` are those with words of it.

    `running` counts lines that were taken out, `joined` words that were made whole.
    """

    mender: Mender = field(default_factory=Mender)
    blocks: list[Block] = field(default_factory=list)
    pages: set[int] = field(default_factory=set)
    running: int = 0
    joined: int = 0


def lay_out(pages: Sequence[Page]) -> Layout:
    """All pages as one text: running lines taken out, words and paragraphs joined."""
    running = running_lines(pages)
    lines = [
        (index, number, line)
        for index, page in enumerate(pages)
        for number, line in enumerate(page.lines)
    ]
    return _Composer(pages, running).compose(lines)


class _Composer:
    def __init__(self, pages: Sequence[Page], running: set[tuple[int, int]]) -> None:
        self.pages, self.running = pages, running
        self.layout = Layout(running=len(running))
        self.body = self._body_lines()
        self.layout.pages = {placed.page for placed in self.body}
        lines = [placed.line for placed in self.body]
        self.size = _usual_size(lines)
        self.leading = _usual_leading(self.body, self.size)
        self.length = median(map(len, (line.text for line in lines))) if lines else 0
        self.bold = _is_bold(lines)
        self.begins = self._beginnings()
        self.compounds = {
            word.casefold()
            for line in lines
            for word in _COMPOUND.findall(line.text.rstrip())
        }

    def _body_lines(self) -> list[_Placed]:
        """The lines with words that are not running ones, in their order."""
        body = []
        blank = False
        for index, page in enumerate(self.pages):
            for number, line in enumerate(page.lines):
                if (index, number) in self.running:
                    continue
                if not line.text.strip():
                    blank = True
                    continue
                body.append(_Placed(line, page.number, blank))
                blank = False
        return body

    def _beginnings(self) -> list[bool]:
        pairs = zip(self.body, self.body[1:], strict=False)
        return [True, *(self._begins(before, now) for before, now in pairs)]

    def _begins(self, before: _Placed, now: _Placed) -> bool:
        """Does a paragraph begin at a line, given the one before it?"""
        above, line = before.line, now.line
        if _is_labelled(line):
            return True
        if self._is_large(above) != self._is_large(line) or above.bold != line.bold:
            return True
        distance = above.y - line.y
        if now.page != before.page or distance < -self.size / 2:
            return self._begins_elsewhere(above, line)
        if now.after_blank or distance > GAP * self.leading:
            return True
        if self.leading < 1.6 * self.size and distance > WIDE_GAP * self.size:
            return True
        indent = line.x - above.x
        return indent > INDENT * self.size and distance > 0 and not _is_labelled(above)

    def _begins_elsewhere(self, above: Line, line: Line) -> bool:
        """On a new page or in a new column: where a sentence ended, or none goes on."""
        if _SENTENCE_END.search(above.text) or self._stands_out(line):
            return True
        if _is_capitals(above.text) or not any(c.isalpha() for c in above.text):
            return True
        first = line.text.strip()[0]
        if first.islower():
            return False
        # The last line of a paragraph is shorter than others.
        return not first.isalnum() or len(above.text) < SHORT * self.length

    def _stands_out(self, line: Line) -> bool:
        return self._is_large(line) or (line.bold and not self.bold)

    def _is_large(self, line: Line) -> bool:
        return line.size > LARGER * self.size

    def compose(self, lines: list[tuple[int, int, Line]]) -> Layout:
        mender = self.layout.mender
        at = -1
        begun = 0
        skips: list[Skip] = []
        last_page = 0
        cut = False
        for index, number, line in lines:
            separator = "" if (index, number) == (lines[0][0], lines[0][1]) else "\n"
            if separator and index != last_page:
                separator = "\f"
            last_page = index
            if (index, number) in self.running:
                raw = separator + line.text
                mender.put(raw, "")
                skips.append(Skip(mender.length - begun, raw.strip("\f\n")))
                continue
            if not line.text.strip():
                mender.put(separator + line.text, "")
                continue
            at += 1
            if self.begins[at]:
                self._end(at, begun, skips)
                mender.put(separator, "\n\n" if mender.length else "")
                begun, skips = mender.length, []
            elif cut:
                mender.put(separator, "")
            else:
                mender.put(separator, "\n")
            cut = self._add(at, line)
        self._end(at + 1, begun, skips)
        return self.layout

    def _add(self, at: int, line: Line) -> bool:
        """Add a line; True if its last word goes on in the next one."""
        mender = self.layout.mender
        goes_on = at + 1 < len(self.body) and not self.begins[at + 1]
        found = _CUT_WORD.search(line.text) if goes_on else None
        rest = _REST.match(self.body[at + 1].line.text.lstrip()) if found else None
        if not found or not rest or not rest[0][0].islower():
            mender.add(line.text)
            return False
        hyphen = found.end("stem")
        compound = f"{found['stem']}-{rest[0]}".casefold()
        mender.add(line.text[:hyphen], goes_on=True)
        if compound in self.compounds and line.text[hyphen] != "\u00ad":
            mender.put(line.text[hyphen:], "-")
        else:
            self.layout.joined += 1
            mender.put(line.text[hyphen:], "")
        return True

    def _end(self, at: int, begun: int, skips: list[Skip]) -> None:
        """Keep what was added since `begun` as a block; `at` is the line after it."""
        first = at - 1
        while first > 0 and not self.begins[first]:
            first -= 1
        if at < 1:
            return
        lines = [placed.line for placed in self.body[first:at]]
        end = self.layout.mender.length
        inside = tuple(skip for skip in skips if skip.at < end - begun)
        self.layout.blocks.append(
            Block(
                begun,
                end,
                heading=self._is_heading(lines),
                page=self.body[first].page,
                skips=inside,
            )
        )

    def _is_heading(self, lines: list[Line]) -> bool:
        text = " ".join(line.text.strip() for line in lines)
        if len(text) > HEADING_LENGTH or not any(c.isalpha() for c in text):
            return False
        if all(self._is_large(line) for line in lines):
            return True
        if text.endswith((".", ";", ",", ":")):
            return False
        if all(map(self._stands_out, lines)):
            return True
        return len(lines) == 1 and _is_capitals(text)


def _is_labelled(line: Line) -> bool:
    """Does a line begin with a number, a letter or a bullet, and words after it?"""
    text = line.text.strip()
    found = LABEL.match(text)
    return bool(found and found.end() < len(text)) or bool(_ENUMERATED.match(text))


def _is_capitals(text: str) -> bool:
    text = text.strip()
    letters = sum(c.isalpha() for c in text)
    return text.isupper() and letters >= CAPITALS_LEAST and len(text) <= CAPITALS_LENGTH


def _is_bold(lines: Sequence[Line]) -> bool:
    """Are most letters bold, so that it tells nothing?"""
    bold = sum(len(line.text) for line in lines if line.bold)
    return 2 * bold > sum(len(line.text) for line in lines)


def _usual_size(lines: Sequence[Line]) -> float:
    """The size of most letters."""
    sizes: dict[float, int] = {}
    for line in lines:
        size = round(line.size, 1)
        sizes[size] = sizes.get(size, 0) + len(line.text)
    return max(sizes, key=lambda size: sizes[size], default=0) or 10


def _usual_leading(body: Sequence[_Placed], size: float) -> float:
    """The usual distance of two lines of a paragraph: most distances are that."""
    distances = [
        before.line.y - now.line.y
        for before, now in zip(body, body[1:], strict=False)
        if now.page == before.page
    ]
    near = sorted(d for d in distances if size / 2 < d < 3 * size)
    if not near:
        return 1.2 * size
    # Gaps between paragraphs are fewer, and larger.
    return median(near[: len(near) // 2 + 1])
