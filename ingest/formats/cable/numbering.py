"""Numbered paragraphs: which numbers at line starts are paragraphs, and which."""

import re
from collections import Counter
from collections.abc import Iterator
from operator import attrgetter
from typing import NamedTuple

from ingest.formats.cable.classification import PORTION, Mark, read_mark
from ingest.formats.cable.findings import Findings
from ingest.formats.cable.lines import Lines

_LABEL = (
    r"(?P<label>(?P<pilcrow>\u00b6)?[ ]?"
    r"(?P<number>\d{1,3})(?!\d)(?P<dot>[ ]?\.(?!\d))?)"
)
_AT_LINE_START = re.compile(
    r"[ \t]*" + _LABEL + r"[ \t]{0,8}(?P<mark>" + PORTION + r")?"
)
_PARTS = ("label", "pilcrow", "number", "dot", "mark")
# In collapsed copies a paragraph begins behind the end of a sentence: its mark
# is what is searched for, and the label is read backwards from there.
_BRACKET = re.compile(r"\((?=[ ]?[TSCULF])")
_MARK = re.compile(PORTION)
_LABEL_BEFORE_MARK = re.compile(r"(?:\S[ ]{2}|[.?!)\"'][ ])" + _LABEL + r"[ \t]{0,3}\Z")
_LONGEST_LABEL = 14
_WORD_THEN_MARK = re.compile(
    r"[A-Za-z][A-Za-z /&]{2,40}[:.]?[ ]{0,3}(?P<mark>" + PORTION + ")"
)
# The words may stand on the next line.
_AFTER_LABEL = re.compile(r"[ \t]*[.:]?\s*")
_BEGIN_TEXT = re.compile(
    r"[^\w\n]{0,10}BEGIN[ ]{1,2}(?:[A-Z-]{1,20}[ ]{1,2}){0,3}TEXT\b[^\n]{0,60}$"
    r"|[^\w\n]{0,10}(?:BEGIN[ ])?NON-?[ ]?PAPER[^\w\n]{0,10}$",
    re.MULTILINE | re.IGNORECASE,
)
_END_TEXT = re.compile(
    r"\(?\bEND[ ]{1,2}(?:OF[ ]{1,2})?(?:[A-Z-]{1,20}[ ]{1,2}){0,3}"
    r"(?:TEXT|NON-?[ ]?PAPER)\b[.)]{0,3}",
    re.IGNORECASE,
)
_ANNOUNCED = re.compile(r"BEGIN\s+TEXT|NON-?\s?PAPER|TALKING\s+POINTS", re.IGNORECASE)
# How far above a restarted number the words may stand that announce a text.
_NEAR = 300
_SENTENCE_ENDS = (".", "?", "!", ")", '"', "'", ":", "\u201d")


class Candidate(NamedTuple):
    """A number that may open a paragraph: [at, after) is label and mark."""

    at: int
    after: int
    number: int
    label: str
    mark: Mark | None
    mark_at: int
    pilcrow: bool
    open: bool = False  # a blank line or the end of a sentence stands above it
    blank: bool = False  # a blank line stands above it
    inline: bool = False

    @property
    def strong(self) -> bool:
        return self.pilcrow or self.mark is not None


class Numbered(NamedTuple):
    """A paragraph that a candidate opens, under the number readers look for."""

    candidate: Candidate
    number: str
    annex: bool = False


class Marker(NamedTuple):
    """BEGIN TEXT or END TEXT, standing at [start, end)."""

    start: int
    end: int
    opens: bool


def find_candidates(lines: Lines, start: int, end: int) -> list[Candidate]:
    """Every number that may open a paragraph, in order of place."""
    found = list(line_candidates(lines, start, end))
    marked = {candidate.mark_at for candidate in found}
    found += _inline_candidates(lines.text, start, end, marked)
    return sorted(found, key=attrgetter("at"))


def line_candidates(lines: Lines, start: int, end: int) -> Iterator[Candidate]:
    """The numbers at line starts that may open a paragraph, in order of place."""
    text = lines.text
    within = lines.starting_in(start, end)
    for index in lines.numbered:
        if index not in within:
            continue
        match = _AT_LINE_START.match(text, lines.starts[index], end)
        if not match:
            continue
        label, pilcrow, number, dot, printed = match.group(*_PARTS)
        if not (dot or pilcrow or printed):
            continue
        mark, after = None, match.end()
        if printed:
            mark = read_mark(printed)
        elif word := _WORD_THEN_MARK.match(text, after):
            mark = read_mark(word["mark"])
        blank = lines.is_blank(index - 1)
        yield Candidate(
            at=match.start("label"),
            after=after,
            number=int(number),
            label=label.strip(),
            mark=mark,
            mark_at=match.start("mark"),
            pilcrow=bool(pilcrow),
            open=blank
            or lines.words[index - 1].endswith(_SENTENCE_ENDS)
            or lines.is_rule(index - 1),
            blank=blank,
        )


def _inline_candidates(
    text: str, start: int, end: int, marked: set[int]
) -> Iterator[Candidate]:
    """The numbers within lines; `marked` are the marks of those at line starts."""
    for bracket in _BRACKET.finditer(text, start, end):
        if bracket.start() in marked:
            continue
        floor = max(start, bracket.start() - _LONGEST_LABEL)
        label = _LABEL_BEFORE_MARK.search(text[floor : bracket.start()])
        match = _MARK.match(text, bracket.start(), end) if label else None
        if label and match:
            yield Candidate(
                at=floor + label.start("label"),
                after=match.end(),
                number=int(label["number"]),
                label=label["label"].strip(),
                mark=read_mark(match[0]),
                mark_at=match.start(),
                pilcrow=bool(label["pilcrow"]),
                inline=True,
            )


def text_after_label(text: str, candidate: Candidate, end: int) -> int:
    """Where the words of the paragraph begin, behind label and mark."""
    match = _AFTER_LABEL.match(text, candidate.after, end)
    begin = match.end() if match else candidate.after
    # The mark may be all there is.
    return candidate.mark_at if begin >= end and candidate.mark_at >= 0 else begin


def find_markers(lines: Lines, start: int, end: int) -> list[Marker]:
    """BEGIN TEXT and END TEXT in order of place; none where nothing begins."""
    text, within = lines.text, lines.starting_in(start, end)
    found = [
        Marker(match.start(), match.end(), opens=True)
        for index in lines.named
        if index in within
        and (match := _BEGIN_TEXT.match(text, lines.starts[index], end))
    ]
    if not found:
        return []
    found += [
        Marker(match.start(), match.end(), opens=False)
        for match in _END_TEXT.finditer(text, start, end)
    ]
    return sorted(found)


class Sequence:
    """Walks the candidates and tells paragraphs from items of lists."""

    def __init__(
        self,
        text: str,
        candidates: list[Candidate],
        markers: list[Marker],
        findings: Findings,
    ) -> None:
        self.text = text
        self.candidates = candidates
        self.markers = markers
        self.findings = findings
        self.later = Counter(c.number for c in candidates)
        self.accepted: list[Numbered] = []
        self.expected = 1
        self.item: int | None = None  # next number of a list inside a paragraph
        self.annex: int | None = None  # next number of an annexed text
        self.annexes = 0
        self.quoting = False  # between BEGIN TEXT and END TEXT
        self.next_marker = 0

    def read(self) -> list[Numbered]:
        for index, candidate in enumerate(self.candidates):
            self.later[candidate.number] -= 1
            self._pass_markers(candidate.at)
            self._decide(index, candidate)
        return self.accepted

    def _pass_markers(self, at: int) -> None:
        while (
            self.next_marker < len(self.markers)
            and self.markers[self.next_marker].start < at
        ):
            self.quoting = self.markers[self.next_marker].opens
            self.annex = None
            self.next_marker += 1

    def _decide(self, index: int, candidate: Candidate) -> None:
        if candidate.inline:
            if candidate.number == self.expected and self.annex is None:
                self._accept(candidate)
        elif self.annex is not None:
            self._decide_in_annex(candidate)
        elif self._is_list_item(candidate):
            pass
        elif candidate.number == self.expected:
            if candidate.strong or candidate.open:
                self._accept(candidate)
        elif self._is_misread(index, candidate):
            message = (
                f'The label "{candidate.label}" is paragraph {self.expected}: '
                "its paragraph sign was read as the digit 1."
            )
            self.findings.add("label_misread", message, candidate.at)
            self._accept(candidate, self.expected)
        elif candidate.number == 1 and self.accepted:
            self._restart(candidate)
        elif candidate.strong or self._goes_on(index, candidate):
            self._accept_out_of_order(candidate)

    def _decide_in_annex(self, candidate: Candidate) -> None:
        number = candidate.number
        main = number == self.expected and (candidate.strong or candidate.blank)
        if number == self.annex and not (main and candidate.strong):
            self._accept_annexed(candidate)
        elif main and not self.quoting:
            self.annex = None
            self._accept(candidate)

    def _is_list_item(self, candidate: Candidate) -> bool:
        """True if a list that began inside a paragraph goes on with this number."""
        if candidate.strong or self.item is None or candidate.number != self.item:
            return False
        # Where list and paragraphs meet, the number that comes again is the list's.
        if candidate.number == self.expected and not self.later[candidate.number]:
            return False
        self.item += 1
        return True

    def _is_misread(self, index: int, candidate: Candidate) -> bool:
        """True for 13 in place of paragraph sign and 3, if the sequence goes on so."""
        if candidate.number != int(f"1{self.expected}"):
            return False
        following = self.candidates[index + 1 : index + 5]
        if not following:
            return candidate.strong
        wanted = (self.expected + 1, int(f"1{self.expected + 1}"))
        return any(c.number in wanted for c in following)

    def _restart(self, candidate: Candidate) -> None:
        above = self.text[max(0, candidate.at - _NEAR) : candidate.at]
        if self.quoting or (not candidate.strong and _ANNOUNCED.search(above)):
            self.annexes += 1
            self.annex = 1
            self._accept_annexed(candidate)
        elif candidate.strong:
            message = "The numbers begin again at 1."
            self.findings.add("number_restart", message, candidate.at)
            self._accept(candidate)
        else:
            self.item = 2

    def _goes_on(self, index: int, candidate: Candidate) -> bool:
        """True for an unmarked number out of order that the next one follows up.

        A small gap, or a number printed twice: the numbers of the drafter,
        not those of a list, which would begin at 1.
        """
        step = candidate.number - self.expected
        if not candidate.blank or not self.accepted or not -1 <= step <= 2:
            return False
        if candidate.number < 2 or self.accepted[-1].candidate.strong or self.quoting:
            return False
        following = self.candidates[index + 1 : index + 2]
        goes_on = not following or following[0].number == candidate.number + 1
        return goes_on and self.later[candidate.number + 1] <= 1

    def _accept_out_of_order(self, candidate: Candidate) -> None:
        number, expected = candidate.number, self.expected
        if number > expected:
            code = "number_gap"
            message = f"Paragraph {number} stands where {expected} is expected."
        elif number == expected - 1:
            code, message = "number_repeat", f"Paragraph {number} is printed twice."
        else:
            code = "number_back"
            message = f"Paragraph {number} stands after paragraph {expected - 1}."
        self.findings.add(code, message, candidate.at)
        self._accept(candidate)

    def _accept(self, candidate: Candidate, number: int | None = None) -> None:
        number = candidate.number if number is None else number
        self.accepted.append(Numbered(candidate, str(number)))
        self.expected = number + 1
        self.item = None

    def _accept_annexed(self, candidate: Candidate) -> None:
        series = chr(ord("A") + min(self.annexes - 1, 25))
        self.accepted.append(
            Numbered(candidate, f"{series}{candidate.number}", annex=True)
        )
        self.annex = candidate.number + 1
