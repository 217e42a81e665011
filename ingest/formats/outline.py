"""Blocks of a reading text -> its paragraphs: labels, marks, numbers and headings.

"3.", "3)" or "¶3." at the beginning of a paragraph is its label, and a portion mark
may follow it. If the labels of the text run on without gap or repetition, they give
the numbers, and a paragraph without one stays unnumbered; otherwise all paragraphs
are counted. A heading governs what follows, up to the next.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ingest.formats.cable.blocks import with_roles_and_voices
from ingest.formats.cable.classification import Mark, find_mark
from ingest.formats.cable.findings import Findings
from ingest.records import Paragraph, Skip, Voice
from positions.choices import ParagraphRole, VoiceKind

LABEL = re.compile(
    r"(?P<label>(?:¶[ ]?)?(?P<number>[0-9]{1,3})[.)]|¶[ ]?(?P<bare>[0-9]{1,3}))"
    r"(?=[\s(])\s*"
)
_GIVEN = re.compile(r"([0-9]{1,3})[.)]?")
TITLE_LENGTH = 500


@dataclass(frozen=True, slots=True)
class Block:
    """[start, end) of the reading text: a paragraph, a heading or a note.

    `label` is one that stands outside of the text (a list's number, a note's mark),
    `quoted` a block that quotes somebody.
    """

    start: int
    end: int
    heading: bool = False
    note: bool = False
    quoted: bool = False
    label: str = ""
    page: int | None = None
    skips: tuple[Skip, ...] = ()


@dataclass(frozen=True, slots=True)
class _Label:
    """A printed paragraph number, its mark if one follows, and where words begin."""

    text: str
    number: int | None
    mark: Mark | None
    end: int


def paragraphs(
    text: str, blocks: Sequence[Block], findings: Findings
) -> tuple[Paragraph, ...]:
    """The blocks as paragraphs, with their roles and the author's own voices."""
    bare = list(_paragraphs(text, blocks, findings))
    quoted = {block.start for block in blocks if block.quoted}
    return tuple(
        _quoting(paragraph) if paragraph.start in quoted else paragraph
        for paragraph in with_roles_and_voices(text, bare, findings)
    )


def _quoting(paragraph: Paragraph) -> Paragraph:
    whole = Voice(0, paragraph.end - paragraph.start, VoiceKind.QUOTED)
    return replace(paragraph, voices=(whole,))


def _paragraphs(
    text: str, blocks: Sequence[Block], findings: Findings
) -> Iterator[Paragraph]:
    labels = {b.start: label for b in blocks if (label := _label_of(text, b))}
    counted = _are_counted(labels, blocks, findings)
    heading, count = "", 0
    for order, block in enumerate(blocks, 1):
        if block.heading:
            heading = " ".join(text[block.start : block.end].split())
            yield _unnumbered(order, block, ParagraphRole.HEADING)
            continue
        if block.note:
            yield _unnumbered(order, block, ParagraphRole.NOTE)
            continue
        count += 1
        label = labels.get(block.start) or _Label("", None, None, block.start)
        number = count if counted else label.number
        mark = label.mark
        moved = label.end - block.start
        yield Paragraph(
            order,
            label.end,
            block.end,
            number="" if number is None else str(number),
            label=label.text,
            level=mark.level if mark else None,
            controls=mark.controls if mark else "",
            marking=mark.raw if mark else "",
            heading=heading,
            page=block.page,
            skips=tuple(Skip(max(0, s.at - moved), s.raw) for s in block.skips),
        )


def _unnumbered(order: int, block: Block, role: ParagraphRole) -> Paragraph:
    return Paragraph(
        order,
        block.start,
        block.end,
        role,
        label=block.label,
        page=block.page,
        skips=block.skips,
    )


def _are_counted(
    labels: Mapping[int, _Label], blocks: Sequence[Block], findings: Findings
) -> bool:
    """True unless the printed numbers run on and so are the paragraphs' numbers.

    A single printed number is one if it is 1, or the only paragraph's.
    """
    numbers = [n for label in labels.values() if (n := label.number) is not None]
    if not numbers:
        return True
    run_on = numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    alone = sum(not (block.heading or block.note) for block in blocks) == 1
    if run_on and (len(numbers) > 1 or numbers == [1] or alone):
        return False
    message = "The printed numbers do not run on, so the paragraphs were counted."
    at = next(at for at, label in labels.items() if label.number is not None)
    findings.add("numbers_counted", message, at)
    return True


def _label_of(text: str, block: Block) -> _Label | None:
    """The label that a paragraph is given or begins with, if words follow it."""
    if block.heading or block.note:
        return None
    if block.label:
        given = _GIVEN.fullmatch(block.label)
        number = int(given[1]) if given else None
        return _marked(text, block, block.label, number, block.start)
    found = LABEL.match(text, block.start, block.end)
    if not found or found.end() == block.end:
        return None
    number = int(found["number"] or found["bare"])
    return _marked(text, block, found["label"], number, found.end())


def _marked(
    text: str, block: Block, label: str, number: int | None, end: int
) -> _Label:
    """The label with the portion mark that stands after it."""
    mark = find_mark(text, end, block.end)
    after = end + len(mark.raw) if mark and mark.raw.startswith("(") else end
    after, _ = trimmed(text, after, block.end)
    if after == block.end or after == end:
        return _Label(label, number, None, end)
    return _Label(label, number, mark, after)


def with_words(text: str, blocks: Sequence[Block]) -> Iterator[Block]:
    """The blocks that hold words, without blanks at their ends."""
    for block in blocks:
        start, end = trimmed(text, block.start, block.end)
        if not text[start:end].strip(" |"):
            continue
        moved = start - block.start
        skips = tuple(
            Skip(min(max(0, skip.at - moved), end - start), skip.raw)
            for skip in block.skips
        )
        yield replace(block, start=start, end=end, skips=skips)


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """[start, end) without the blanks at its ends."""
    end = start + len(text[start:end].rstrip())
    return end - len(text[start:end].lstrip()), end


def first_heading(text: str, read: Sequence[Paragraph]) -> str:
    """The heading that the document begins with, as its title; else ""."""
    first = read[0]
    if first.role != ParagraphRole.HEADING:
        return ""
    return " ".join(text[first.start : first.end].split())[:TITLE_LENGTH]
