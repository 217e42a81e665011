"""Running lines: heads, feet and numbers of pages, told from text when it is sure."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from ingest.formats.pdf.pages import Line, Page

# A line that stands at the same height of so many pages is a running one; a bare
# number that counts the pages, of so many. Words with a number that does are on more
# pages only: Annex 1, Annex 2 and Annex 3 may have a page each.
PAGES = 3
NUMBERED_PAGES = 2
COUNTING_PAGES = 5
# Of the pages from its first to its last it stands on this share at least: heads of
# left and right pages take turns.
DENSITY = 0.4
# Points by which a line may stand higher or lower.
HEIGHT = 6
# How many lines at either edge of a page are looked at.
EDGE = 2

_NUMBER = re.compile(r"\d{1,4}")
_BARE_NUMBER = re.compile(
    r"\W*(?:page|p\.|seite|página)?\s*#-?\d+(?:\s*(?:/|of|von|de|sur)\s*\d+)?\W*",
    re.IGNORECASE,
)
_BLANKS = re.compile(r"\s+")

Key = tuple[str, int]


def running_lines(pages: Sequence[Page]) -> set[tuple[int, int]]:
    """(page's index, line's index) of the lines that are not the document's text.

    A line is one if it stands at the edge of several pages at the same height, word
    for word, or with a number in it that counts the pages. What stands next to the
    edge is one only beside another one.
    """
    running: set[tuple[int, int]] = set()
    edges = [_edges(page.lines) for page in pages]
    for depth in range(EDGE):
        places: dict[Key, list[tuple[int, int]]] = defaultdict(list)
        for index, sides in enumerate(edges):
            for side in sides:
                if depth and not running.issuperset(
                    (index, n) for n in side[depth - 1]
                ):
                    continue
                for number in side[depth]:
                    for key in _keys(pages[index].lines[number], index):
                        places[key].append((index, number))
        for key, found in places.items():
            running.update(_sure(key, found))
    return running


def _sure(key: Key, found: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The places of a line, if they are enough and close enough."""
    indexes = sorted({index for index, _ in found})
    dense = len(indexes) >= DENSITY * (indexes[-1] - indexes[0] + 1)
    if _BARE_NUMBER.fullmatch(key[0]):
        least = NUMBERED_PAGES if dense else PAGES
    elif "#" in key[0]:
        least = COUNTING_PAGES
    else:
        least = PAGES
    is_sure = len(indexes) >= least and (dense or "#" in key[0])
    return found if is_sure else []


def _edges(lines: Sequence[Line]) -> list[list[list[int]]]:
    """The highest and the lowest lines of a page, those of one height together.

    Of a page with few lines, the second from the edge is not looked at.
    """
    heights: dict[float, list[int]] = defaultdict(list)
    for number, line in enumerate(lines):
        if line.text.strip():
            heights[line.y].append(number)
    rows = [heights[y] for y in sorted(heights)]
    if not rows:
        return []
    sides = [rows[-EDGE:][::-1], rows[:EDGE]]
    if len(rows) <= 2 * EDGE:
        sides = [[side[0], *([] for _ in range(EDGE - 1))] for side in sides]
    return sides


def _keys(line: Line, index: int) -> Iterator[Key]:
    """What a line has in common with its fellows on other pages.

    Its words; and its words with each number in them as its distance from the page's
    place. Heights are cut in overlapping steps, so that near ones share one.
    """
    text = _BLANKS.sub(" ", line.text.strip()).casefold()
    texts = [text]
    for found in list(_NUMBER.finditer(text))[:4]:
        distance = int(found[0]) - index
        texts.append(f"{text[: found.start()]}#{distance}{text[found.end() :]}")
    for step in (
        int(line.y // HEIGHT) * 2,
        int((line.y + HEIGHT / 2) // HEIGHT) * 2 + 1,
    ):
        yield from ((words, step) for words in texts)
