"""Headings printed again: for each section, or twice above the first paragraph."""

import re
from collections.abc import Sequence

from ingest.formats.cable.header import DTG, LABEL_LINE
from ingest.formats.cable.identity import MRN
from ingest.formats.cable.labels import is_caption

_ROUTING = re.compile(
    r"VZCZC|(?:ZZ|OO|PP|RR)(?: R[A-Z]{3,7})*$|DE R[A-Z]|ZN[YR] |FM [A-Z]|TO [A-Z]"
    r"|INFO [A-Z]|XMT |R[A-Z]{4,7}/"
)
# A routing header has at most that many lines.
_MOST_ROUTING = 200
# A heading has at most that many lines.
_MOST_HEADING = 80
_NUMBERED = re.compile(r"[ \t]*\u00b6?\d{1,3}[ ]?\.(?!\d)")
_LABEL = re.compile(
    r"[ \t]*(?P<label>E\.?[ ]?O|TAGS|SUBJ|REF|CLASSIFIED BY)", re.IGNORECASE
)


def find_repeated_headings(lines: Sequence[str]) -> list[tuple[int, int, int]]:
    """(first, last, section) of each heading that repeats the cable's own.

    Such a heading has a reference line for section 2 or later; the routing
    header above it and the labelled lines below go with it.
    """
    found: list[tuple[int, int, int]] = []
    seen = False
    floor = 0
    for index, line in enumerate(lines):
        # The one cheap test that most lines fail.
        if index < floor or "ECTION" not in line:
            continue
        match = MRN.match(line)
        if not match:
            continue
        if seen and int(match["section"] or 1) > 1:
            last = _last_line(lines, index)
            first = _first_line(lines, index, floor)
            found.append((first, last, int(match["section"])))
            floor = last + 1
        seen = True
    return found


def _first_line(lines: Sequence[str], index: int, floor: int) -> int:
    first = index
    for above in range(index - 1, max(floor, index - _MOST_ROUTING) - 1, -1):
        line = lines[above].strip()
        if not line:
            continue
        if not (_ROUTING.match(line) or DTG.match(line)):
            break
        first = above
    return first


def _last_line(lines: Sequence[str], index: int) -> int:
    """The last line of the labelled lines, each with its block, and blank ones."""
    labelled = False
    last = index
    for below in range(index + 1, len(lines)):
        line = lines[below].strip()
        if LABEL_LINE.match(line):
            labelled = True
        elif line and not labelled and not is_caption(line):
            break
        elif not line:
            labelled = False
        last = below
    return last


def find_doubled_heading(lines: Sequence[str]) -> tuple[int, int] | None:
    """(first, last) line of the heading that stands twice: of the two the lesser.

    Both begin with the same reference line, with no paragraph between them. The later
    one is the better unless a labelled line of the other one is longer; where each
    has something that the other one lacks, both stay.
    """
    starts = _reference_lines(lines)
    if starts is None:
        return None
    first, second = starts
    last = _last_labelled(lines, second)
    earlier = _labelled(lines[first:second])
    later = _labelled(lines[second : last + 1])
    if all(later.get(label, 0) >= length for label, length in earlier.items()):
        return first, second - 1
    if all(earlier.get(label, 0) >= length for label, length in later.items()):
        return second, last
    return None


def _reference_lines(lines: Sequence[str]) -> tuple[int, int] | None:
    """The two lines that begin a doubled heading."""
    first: int | None = None
    said = ("", "")
    for index, line in enumerate(lines):
        if first is not None:
            if index - first > _MOST_HEADING or _NUMBERED.match(line):
                return None
        elif index > _MOST_ROUTING:
            return None
        match = MRN.match(line)
        if not match:
            continue
        words = "".join(match["origin"].split()).upper(), match["serial"]
        if first is not None:
            same = words == said and int(match["section"] or 1) == 1
            return (first, index) if same else None
        first, said = index, words
    return None


def _last_labelled(lines: Sequence[str], start: int) -> int:
    """The last line, blank ones after it included, of the heading that begins here."""
    labelled = False
    last = start
    for index in range(start + 1, min(len(lines), start + _MOST_HEADING)):
        if _NUMBERED.match(lines[index]):
            break
        labelled = bool(
            _LABEL.match(lines[index]) or (labelled and lines[index].strip())
        )
        if labelled:
            last = index
    while last + 1 < len(lines) and not lines[last + 1].strip():
        last += 1
    return last


def _labelled(lines: Sequence[str]) -> dict[str, int]:
    """How much each label of a heading is followed by, in characters."""
    lengths: dict[str, int] = {}
    label = ""
    for line in lines:
        match = _LABEL.match(line)
        if match:
            label = match["label"].upper().replace(" ", "").replace(".", "")
        elif not line.strip():
            label = ""
        if label:
            lengths[label] = lengths.get(label, 0) + len("".join(line.split()))
    return lengths
