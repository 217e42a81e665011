"""The body: from the first paragraph to the signature, cut into paragraphs."""

import re
from dataclasses import dataclass
from typing import Any, NamedTuple

from ingest.formats.cable.cleaning import Running
from ingest.formats.cable.ending import Ending, find_ending
from ingest.formats.cable.findings import Findings
from ingest.formats.cable.headings import (
    HeadingLine,
    find_headings,
    heading_block_above,
)
from ingest.formats.cable.labels import Field, fields_until, find_fields
from ingest.formats.cable.lines import Lines, is_rule
from ingest.formats.cable.numbering import (
    Candidate,
    Marker,
    Numbered,
    Sequence,
    find_candidates,
    find_markers,
    line_candidates,
    text_after_label,
)
from ingest.formats.cable.references import read_references
from ingest.records import Paragraph, Skip
from positions.choices import ParagraphRole

_SUMMARY_LINE = re.compile(
    r"[ \t]*[-=_*#\u2010]*[ ]?(?:BEGIN[ ]|EXECUTIVE[ ])?SUMM?A?RY"
    r"(?:(?:[ ]?/[ ]?|[ ]AND[ ])[A-Z]{3,15}(?:[ ][A-Z]{3,15})?)?"
    r"[ ]?(?:[:.]|[-=_*#\u2010]*[ ]*$)",
    re.MULTILINE | re.IGNORECASE,
)
_BLOCK = re.compile(r"\S[^\n]*(?:\n(?![ \t]*\n)[^\n]*)*")
# More text than that between the last label and paragraph 1 is no passing line.
_MOST_PASSING = 600


class Break(NamedTuple):
    """Where something begins: what stood before it ends at `start`."""

    start: int
    end: int
    what: HeadingLine | Numbered | Marker


@dataclass(frozen=True, slots=True)
class Body:
    """Paragraphs in order, roles and voices yet to be told, and the text's ending.

    `section` is the one that the text opens with, if that can be told.
    """

    paragraphs: list[Paragraph]
    ending: Ending
    section: int | None = None


def find_body(lines: Lines, start: int) -> tuple[int, list[Field]]:
    """The line that the body begins at, and the labelled lines of the heading above.

    `start` is the offset of the heading. A text that breaks off in its heading gives
    the number of its lines.
    """
    text = lines.text
    if start >= len(text):
        return len(lines), []
    found = _first_paragraph(lines, start)
    limit = len(text) if found is None else lines.starts[found]
    fields = find_fields(text, start, limit)
    settled = start
    for field in fields:
        if field.start - settled > _MOST_PASSING and settled > start:
            break
        settled = max(settled, field.end)
    first = lines.index_at(settled) + (settled > start)
    if found is not None and len(text[settled:limit].strip()) <= _MOST_PASSING:
        floor = max(lines.index_at(start), min(first, found))
        first = heading_block_above(lines, found, floor)
    return first, fields_until(text, fields, lines.starts[first])


def _first_paragraph(lines: Lines, start: int) -> int | None:
    """The line of paragraph 1, of another marked one, or of a summary above it."""
    limit = len(lines.text)
    for candidate in line_candidates(lines, start, limit):
        first = candidate.number in (1, 11)
        if candidate.strong or (first and not _is_reference(lines, candidate)):
            limit = candidate.at
            break
    for index in lines.starting_in(start, limit):
        if _SUMMARY_LINE.match(lines.text, lines.starts[index], limit):
            return index
    return None if limit == len(lines.text) else lines.index_at(limit)


def _is_reference(lines: Lines, candidate: Candidate) -> bool:
    """True for an item of a REF line that is numbered as paragraphs are."""
    index = lines.index_at(candidate.at)
    rest = lines.text[candidate.after : lines.end(index)]
    if len(rest) > 60 or not rest[:1].isupper() and not rest[1:2].isupper():
        return False
    return all(
        r.kind == "cable" and r.canonical_id and not r.note
        for r in read_references(rest, 2000)
    )


def read_body(
    lines: Lines,
    first: int,
    running: tuple[Running, ...],
    findings: Findings,
    *,
    section: int | None,
    first_order: int,
) -> Body:
    """Paragraphs from line `first` on, the first of them the `first_order`-th.

    `section` is the section that the text opens with.
    """
    if first >= len(lines):
        return Body([], Ending(len(lines.text), "", ""), section)
    ending = find_ending(lines, first)
    breaks = _find_breaks(lines, first, ending.at, findings)
    cutter = _Cutter(lines, findings, first_order, _Places(running, section))
    position = lines.starts[first]
    for at, following in enumerate(breaks):
        if at == 0:
            cutter.cut_loose(position, following.start)
        stop = breaks[at + 1].start if at + 1 < len(breaks) else ending.at
        cutter.cut(following, stop)
    if not breaks:
        cutter.cut_loose(position, ending.at)
    return Body(cutter.paragraphs, ending, section)


def _find_breaks(lines: Lines, first: int, end: int, findings: Findings) -> list[Break]:
    """Headings, numbered paragraphs and markers of quoted texts, none in another."""
    text, start = lines.text, lines.starts[first]
    candidates = find_candidates(lines, start, end)
    markers = find_markers(lines, start, end)
    numbered = Sequence(text, candidates, markers, findings).read()
    opening = {lines.index_at(n.candidate.at) for n in numbered}
    marked = {lines.index_at(m.start) for m in markers}
    stop = lines.index_at(max(end - 1, start)) + 1
    headings = find_headings(lines, first, stop, (opening | marked).__contains__)
    found = [Break(h.start, lines.end(h.last), h) for h in headings]
    found += [Break(n.candidate.at, n.candidate.after, n) for n in numbered]
    found += [Break(m.start, m.end, m) for m in markers]
    found.sort(key=lambda b: (b.start, -b.end))
    kept: list[Break] = []
    for b in found:
        if (not kept or b.start >= kept[-1].end) and b.end <= end:
            kept.append(b)
    return kept


class _Places:
    """Walks the running lines: which section and page a paragraph begins in."""

    def __init__(self, running: tuple[Running, ...], section: int | None) -> None:
        self.running = running
        self.section = section or None
        self.page: int | None = None
        self.passed = 0

    def pass_to(self, start: int, end: int) -> tuple[Skip, ...]:
        """Go on to `start`; the running lines inside of [start, end)."""
        # Most cables have none, or soon none any more.
        if self.passed == len(self.running):
            return ()
        while (line := self._line(self.passed)) and line.at <= start:
            self.section = line.section or self.section
            self.page = line.page or self.page
            self.passed += 1
        skips: list[Skip] = []
        while (line := self._line(self.passed + len(skips))) and line.at < end:
            skips.append(Skip(line.at - start, line.raw))
        return tuple(skips)

    def _line(self, index: int) -> Running | None:
        return self.running[index] if index < len(self.running) else None


class _Cutter:
    """Makes paragraphs of what stands between the breaks."""

    def __init__(
        self, lines: Lines, findings: Findings, first_order: int, places: _Places
    ) -> None:
        self.first_order = first_order
        self.places = places
        self.text = lines.text
        self.findings = findings
        self.paragraphs: list[Paragraph] = []
        self.path: list[tuple[str, str]] = []  # (style, words) of headings
        self.heading = ""  # the path in words
        self.just_headed = False
        self.quoting = False
        self.entire: int | None = None

    def cut(self, opening: Break, stop: int) -> None:
        """What a break opens, up to where the next one begins."""
        if isinstance(opening.what, HeadingLine):
            self._head(opening.what)
            self.cut_loose(opening.end, stop)
        elif isinstance(opening.what, Marker):
            self._mark(opening.what, stop)
        else:
            self._number(opening.what, stop)

    def cut_loose(self, start: int, stop: int) -> None:
        """Unnumbered text: each block between blank lines is a paragraph."""
        for block in _BLOCK.finditer(self.text, start, stop):
            begin, end = self._trim(block.start(), block.end())
            if begin < end:
                role = ParagraphRole.ANNEX if self.quoting else ParagraphRole.BODY
                self._place(begin, end, role)

    def _head(self, heading: HeadingLine) -> None:
        words = heading.words(self.text)
        if not self.just_headed:
            # A heading ends the last one of its rank and those below that one.
            styles = [style for style, _ in self.path]
            depth = styles.index(heading.style) if heading.style in styles else 0
            self.path = self.path[:depth]
        elif self.path and self.path[-1][0] == heading.style:
            self.path.pop()
        self.heading = self._path()
        self._place(heading.start, heading.end, ParagraphRole.HEADING)
        self.path.append((heading.style, words))
        self.heading = self._path()
        self.just_headed = True

    def _mark(self, marker: Marker, stop: int) -> None:
        self.quoting = marker.opens
        self.cut_loose(marker.end, stop)

    def _number(self, numbered: Numbered, stop: int) -> None:
        candidate = numbered.candidate
        begin = text_after_label(self.text, candidate, stop)
        begin, end = self._trim(begin, stop, keep_start=True)
        if begin >= end:
            message = f"Paragraph {numbered.number} has no text."
            self.findings.add("paragraph_empty", message, candidate.at)
            begin, end = candidate.at, candidate.at + len(candidate.label)
        mark = candidate.mark
        if mark and mark.entire:
            self.entire = int(mark.level)
        self.quoting = numbered.annex
        self._place(
            begin,
            end,
            ParagraphRole.ANNEX if numbered.annex else ParagraphRole.BODY,
            number=numbered.number,
            label=candidate.label,
            level=int(mark.level) if mark else self.entire,
            controls=mark.controls if mark else "",
            marking=mark.raw if mark else "",
        )

    def _place(self, begin: int, end: int, role: ParagraphRole, **marks: Any) -> None:
        self.just_headed = False
        skips = self.places.pass_to(begin, end)
        self.paragraphs.append(
            Paragraph(
                self.first_order + len(self.paragraphs),
                begin,
                end,
                role,
                heading=self.heading,
                section=self.places.section,
                page=self.places.page,
                skips=skips,
                **marks,
            )
        )

    def _path(self) -> str:
        return " / ".join(words for _, words in self.path)

    def _trim(
        self, begin: int, end: int, *, keep_start: bool = False
    ) -> tuple[int, int]:
        """Without blanks and rules at either end."""
        text = self.text
        # All blank lines at once; then the rules, if any, line by line.
        end = begin + len(text[begin:end].rstrip())
        while begin < end:
            last = text.rfind("\n", begin, end) + 1 or begin
            words = text[last:end].rstrip()
            if words and not is_rule(words):
                end = last + len(words)
                break
            end = max(last - 1, begin)
        while begin < end and not keep_start:
            line_end = text.find("\n", begin, end)
            line_end = end if line_end < 0 else line_end
            words = text[begin:line_end].lstrip()
            if words and not is_rule(words):
                begin = line_end - len(words)
                break
            begin = min(line_end + 1, end)
        return begin, end
