"""Headings repeated in the middle of a badly merged cable: one for each section."""

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
