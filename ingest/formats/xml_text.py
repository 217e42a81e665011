"""The words of a tree laid out as a reading text, with its blocks and notes.

The reading text is the character data with blanks collapsed and blocks apart; patches
lead back to the character data as it stands, joined in document order.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from ingest.formats.xml import BLANK, Element, Step, is_superseded, tag, walk
from ingest.records import Patch

# What may stand between words, the stronger later.
SEPARATORS = ("", " ", " | ", "\n", "\n\n")

# Blanks inside words that are not the one blank they are read as.
_ODD = re.compile(rf"[{BLANK}]{{2,}}|[\t\r\n]")


Is = Callable[[Element], bool]


def named(*names: str) -> Is:
    """Is an element one of these, whatever its namespace?"""
    known = frozenset(names)
    return lambda element: tag(element) in known


@dataclass(frozen=True, slots=True)
class Shape:
    """How a format's elements are laid out.

    `blocks` stand apart; others stand in their line, but for those with `breaks`
    (by name: what comes before and after them at least). What is `lifted` is taken
    out of the text. Of `spans` is kept where they stand, of `points` (empty elements,
    such as a new page) where they stood; what is `glued` has no blank behind it.
    """

    blocks: Is
    breaks: Mapping[str, str] = field(default_factory=dict)
    lifted: Is = named()
    spans: Is = named()
    points: Is = named()
    glued: Is = named()


@dataclass(frozen=True, slots=True)
class Part:
    """[start, end) of a text is what an element holds, or one stretch of it."""

    element: Element
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Layout:
    """A tree's reading text, and where its parts stand, each in document order."""

    text: str
    patches: tuple[Patch, ...]
    blocks: tuple[Part, ...]
    lifted: tuple[Part, ...]
    spans: tuple[Part, ...]
    points: tuple[Part, ...]

    def beginning_with(self, point: Element) -> Layout:
        """The layout with a point that stands before all of it."""
        return replace(self, points=(Part(point, 0, 0), *self.points))

    def point_before(self, at: int) -> Element | None:
        """The last point at or before an offset."""
        found = bisect_right(self.points, at, key=_start)
        return self.points[found - 1].element if found else None

    def spans_in(self, part: Part) -> Iterator[tuple[int, int]]:
        """Where the spans within a part stand in its text; of nested, the outer."""
        past = part.start
        first = bisect_left(self.spans, part.start, key=_start)
        last = bisect_left(self.spans, part.end, key=_start)
        for span in (self.spans[n] for n in range(first, last)):
            if past <= span.start and span.end <= part.end:
                past = span.end
                yield span.start - part.start, span.end - part.start


class Flow:
    """Character data as it comes -> reading text, and the patches that undo it."""

    def __init__(self) -> None:
        self.length = 0
        self.patches: list[Patch] = []
        self._parts: list[str] = []
        self._raw: list[str] = []
        self._separator = 0
        self._glued = False

    def add(self, data: str) -> None:
        """Words and blanks; runs of blanks become one."""
        core = data.strip(BLANK)
        if not core:
            if data:
                self._blank(data)
            return
        before = len(data) - len(data.lstrip(BLANK))
        if before:
            self._blank(data[:before])
        self._settle()
        self._write(core)
        if before + len(core) < len(data):
            self._blank(data[before + len(core) :])

    def lift(self, data: str) -> None:
        """Character data that stands in the raw text alone."""
        self._raw.append(data)

    def apart(self, separator: str) -> None:
        """Between the words before and after stands at least this."""
        self._separator = max(self._separator, SEPARATORS.index(separator))

    def glue(self) -> None:
        """No blank between the words before and after."""
        self._glued = True

    def finish(self) -> str:
        """The reading text."""
        raw = "".join(self._raw)
        if raw:
            self.patches.append(Patch(self.length, self.length, raw))
        return "".join(self._parts)

    def _blank(self, raw: str) -> None:
        self._raw.append(raw)
        self.apart(" ")

    def _settle(self) -> None:
        """Write what stands between the words so far and those that come."""
        raw = "".join(self._raw)
        separator = SEPARATORS[self._separator] if self.length else ""
        if self._glued and separator == " ":
            separator = ""
        if raw != separator:
            end = self.length + len(separator)
            self.patches.append(Patch(self.length, end, raw))
        self._parts.append(separator)
        self.length += len(separator)
        self._raw.clear()
        self._separator, self._glued = 0, False

    def _write(self, core: str) -> None:
        position = 0
        for odd in _ODD.finditer(core):
            self._parts += core[position : odd.start()], " "
            self.length += odd.start() - position
            self.patches.append(Patch(self.length, self.length + 1, odd[0]))
            self.length += 1
            position = odd.end()
        self._parts.append(core[position:])
        self.length += len(core) - position


def lay_out(root: Element, shape: Shape) -> Layout:
    """The reading text of a tree, and where its blocks stand in it.

    A block inside another one cuts it in two; a stretch without a word is none.
    """
    laying = _Laying(root, shape)
    for step in walk(root, lambda e: shape.lifted(e) or is_superseded(e)):
        if step.kind == "lifted":
            laying.lift(step)
            continue
        if step.kind == "start":
            laying.begin(step.element)
        elif step.kind == "end":
            laying.end(step.element)
        laying.flow.add(step.text)
    return laying.finished()


class _Laying:
    """A tree on its way into a text: what is open, and what has been closed."""

    def __init__(self, root: Element, shape: Shape) -> None:
        self.root, self.shape, self.flow = root, shape, Flow()
        self.blocks: list[Part] = []
        self.lifted: list[Part] = []
        self.spans: list[Part] = []
        self.points: list[Part] = []
        self._open = [root]
        self._begun = 0
        self._open_spans: list[int] = []

    def lift(self, step: Step) -> None:
        if not is_superseded(step.element):
            self.lifted.append(self._here(step.element))
        self.flow.lift(step.text)

    def begin(self, element: Element) -> None:
        self._break(element)
        if element is not self.root and self.shape.blocks(element):
            self._cut()
            self._open.append(element)
        if self.shape.spans(element):
            self._open_spans.append(self.flow.length)
        if self.shape.points(element):
            self.points.append(self._here(element))

    def end(self, element: Element) -> None:
        self._break(element)
        if self.shape.spans(element):
            begun = self._open_spans.pop()
            self.spans.append(Part(element, begun, self.flow.length))
        if element is not self.root and self.shape.blocks(element):
            self._cut()
            self._open.pop()
        if self.shape.glued(element):
            self.flow.glue()

    def finished(self) -> Layout:
        self._cut()
        text = self.flow.finish()
        return Layout(
            text=text,
            patches=tuple(self.flow.patches),
            blocks=tuple(_trimmed(text, self.blocks)),
            lifted=tuple(self.lifted),
            spans=tuple(sorted(_trimmed(text, self.spans), key=_extent)),
            points=tuple(self.points),
        )

    def _here(self, element: Element) -> Part:
        return Part(element, self.flow.length, self.flow.length)

    def _break(self, element: Element) -> None:
        if element is not self.root:
            self.flow.apart(self.shape.breaks.get(tag(element), ""))

    def _cut(self) -> None:
        """Close the stretch so far, which the innermost open block holds."""
        self.blocks.append(Part(self._open[-1], self._begun, self.flow.length))
        self.flow.apart("\n\n")
        self._begun = self.flow.length


class Appended:
    """A reading text, behind which blocks are put that its raw text has elsewhere."""

    def __init__(self, text: str, patches: Iterable[Patch]) -> None:
        self._parts, self._length = [text], len(text)
        self._patches = list(patches)

    def add(self, block: str) -> tuple[int, int]:
        """Put a block behind all others; its [start, end)."""
        separator = "\n\n" if self._length else ""
        start = self._length + len(separator)
        end = start + len(block)
        self._patches.append(Patch(self._length, end, ""))
        self._parts += separator, block
        self._length = end
        return start, end

    @property
    def text(self) -> str:
        return "".join(self._parts)

    @property
    def patches(self) -> tuple[Patch, ...]:
        return tuple(self._patches)


def _start(part: Part) -> int:
    return part.start


def _extent(part: Part) -> tuple[int, int]:
    return part.start, -part.end


def _trimmed(text: str, parts: list[Part]) -> Iterator[Part]:
    """The parts that hold words, without the blanks at their ends."""
    for part in parts:
        stretch = text[part.start : part.end]
        end = part.start + len(stretch.rstrip())
        start = end - len(stretch.rstrip().lstrip())
        if start < end and stretch.strip("| \n\t"):
            yield Part(part.element, start, end)
