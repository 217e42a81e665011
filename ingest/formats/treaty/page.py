"""The bytes of a status page -> its head, its table of participants, its texts.

lxml reads the page as browsers do, whatever is not closed in it. Scripts and what the
page hides are no text of it; of menus and footers only the table's own frame is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any, Literal

import lxml.html
from lxml import etree

from ingest.reading import decode
from ingest.records import ImportFault, Problem

BLOCKS = frozenset(
    ("address", "article", "blockquote", "body", "center", "dd", "div", "dl", "dt")
    + ("form", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre")
    + ("section", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul")
)
HIDDEN = frozenset(
    ("button", "head", "iframe", "input", "noscript", "option", "script", "select")
    + ("style", "template")
)
_HIDDEN_STYLE = re.compile(
    r"display\s*:\s*none|font-size\s*:\s*0(?:px)?\s*(?:;|$)", re.I
)
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_MARK = re.compile(r"\s*(?:\d{1,3}|\*{1,3})(?:\s*,\s*(?:\d{1,3}|\*{1,3}))*\s*")
_OPENED, _CLOSED = re.compile("<html", re.I), re.compile("</html", re.I)
_NUMBER = re.compile(r"mtdsg_no=([A-Za-z0-9]+(?:-[A-Za-z0-9]+)*)")
_BEGINS = re.compile(r"STATUS AS AT|CHAPTER [IVXLC]+\b", re.I)
_CHAPTER = re.compile(r"CHAPTER ([IVXLC]+)\b", re.I)
_TITLE = re.compile(
    r"(?P<number>\d{1,3})\s*\.\s*(?:(?P<letter>[a-z])\s+)?(?P<title>\S.*)"
)
# So many elements up, from the nearest on, tell the style of a line.
NEAR = 4


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of characters: words, the number of a note, the label that a note itself
    begins with, or "" where a cell begins.
    """

    text: str
    kind: Literal["words", "mark", "label", "cell"] = "words"


@dataclass(frozen=True)
class Line:
    """What stands between two line breaks or edges of blocks.

    `styles` are the classes of the elements around it, the nearest element `owner`.
    """

    pieces: tuple[Piece, ...]
    owner: Any
    styles: frozenset[str]
    italic: bool

    @cached_property
    def text(self) -> str:
        """Its words with single blanks between them, without the notes' numbers."""
        words = (p.text for p in self.pieces if p.kind == "words")
        return " ".join("".join(words).split())

    @cached_property
    def marks(self) -> tuple[str, ...]:
        """The numbers of the notes that it refers to."""
        found = " ".join(p.text for p in self.pieces if p.kind == "mark")
        return tuple(re.findall(r"\d+|\*+", found))


@dataclass(frozen=True, slots=True)
class Page:
    """A status page in its parts, in the order in which it has them.

    `head` is what stands above the table, `heads` and `rows` are the table's cells,
    `rest` is what follows. `number` is the treaty's ("XXVI-2-d", "" = not told).
    """

    name: str
    number: str
    title: str
    language: str
    head: tuple[Line, ...]
    heads: tuple[Line, ...]
    rows: tuple[tuple[Line, ...], ...]
    rest: tuple[Line, ...]
    problems: tuple[Problem, ...]


def read_page(data: bytes, name: str) -> Page:
    """The parts of a page; raises ImportFault for what is no page, or has no table."""
    text, problems = _decoded(data, name)
    if _OPENED.search(text) and not _CLOSED.search(text):
        raise ImportFault(name, "The page is cut off: its end is missing.")
    root = _parsed(text, name)
    table, heads, rows = _participants(root, name)
    before, after = _around(table)
    first = next((n for n, e in enumerate(before) if _BEGINS.match(e.text)), None)
    head = before[first:] if first is not None else []
    number, title = _called(head)
    address = next(
        (
            found
            for e in root.iter("form")
            if (found := _NUMBER.search(e.get("action", "")))
        ),
        None,
    )
    return Page(
        name=name,
        number=address[1] if address else number,
        title=title,
        language=root.get("lang", "")[:2].lower(),
        head=tuple(head),
        heads=heads,
        rows=rows,
        rest=tuple(after),
        problems=problems,
    )


# -- bytes -> elements ----------------------------------------------------------------


def _decoded(data: bytes, name: str) -> tuple[str, tuple[Problem, ...]]:
    """The page's characters; a wrong encoding is a warning, never a failure."""
    decoded = decode(data, name, html=True)
    clean = _CONTROLS.sub("", decoded.text)
    removed = len(decoded.text) - len(clean)
    if not removed:
        return clean, decoded.problems
    message = f"Control characters were taken out ({removed} in all)."
    return clean, (*decoded.problems, Problem("controls_removed", "", message))


def _parsed(text: str, name: str) -> Any:
    parser = lxml.html.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=False
    )
    try:
        return lxml.html.document_fromstring(text.encode(), parser=parser)
    except (etree.LxmlError, ValueError) as fault:
        raise ImportFault(name, "This is no HTML page.") from fault


# -- elements -> the table ------------------------------------------------------------


def _participants(
    root: Any, name: str
) -> tuple[Any, tuple[Line, ...], tuple[tuple[Line, ...], ...]]:
    """The innermost table whose first column is "Participant": head cells and rows.

    Tables of layout stand around it and would repeat its text.
    """
    for table in root.iter("table"):
        if table.find(".//table") is not None:
            continue
        rows = [_cells(row) for row in table.iter("tr")]
        for n, cells in enumerate(rows):
            if len(cells) > 1 and is_head(cells[0]):
                return table, tuple(cells), tuple(tuple(r) for r in rows[n + 1 :] if r)
    raise ImportFault(
        name, "This is no treaty status page: it has no table of participants."
    )


def is_head(cell: Line) -> bool:
    """The first cell of the table's head."""
    return cell.text.lower().startswith("participant")


def _cells(row: Any) -> list[Line]:
    return [_one_line(cell) for cell in row if cell.tag in ("td", "th")]


def _one_line(cell: Any) -> Line:
    """All of a cell as one line: its line breaks are blanks."""
    pieces: list[Piece] = []
    for line in _lines(cell):
        pieces += [Piece(" ")] if pieces else []
        pieces += line.pieces
    return Line(tuple(pieces), cell, frozenset(), italic=False)


# -- elements -> lines ----------------------------------------------------------------


def _around(table: Any) -> tuple[list[Line], list[Line]]:
    """The lines before and after the table, inside the outermost frame of content."""
    frames = [e for e in table.iterancestors() if "contenttable" in _classes(e)]
    container = frames[-1] if frames else table.getroottree().getroot()
    before: list[Line] = []
    lines = before
    for line in _lines(container, without=table):
        if line is None:
            lines = []
        else:
            lines.append(line)
    return before, lines


def _lines(container: Any, without: Any = None) -> Iterator[Any]:
    """The lines of an element; None stands for the element left out."""
    walk = etree.iterwalk(container, events=("start", "end"))
    run = _Run()
    for event, element in walk:
        tag = element.tag
        if event == "start" and element is without:
            yield from run.ended()
            yield None
            walk.skip_subtree()
        elif event == "start" and _is_hidden(element):
            walk.skip_subtree()
        elif event == "start":
            yield from run.opened(element, tag)
            run.add(element.text, element)
        else:
            if element is not without and not _is_hidden(element):
                yield from run.closed(element, tag)
            if element is not container:
                run.add(element.tail, element.getparent())
    yield from run.ended()


class _Run:
    """Pieces on their way into a line."""

    def __init__(self) -> None:
        self.pieces: list[Piece] = []
        self.owner: Any = None
        self.slanted = 0
        self.upright = False
        self.row: Any = None

    def opened(self, element: Any, tag: str) -> Iterator[Line]:
        self.slanted += tag in ("i", "em")
        if self.row is not None:
            if tag in ("td", "th"):
                self.pieces.append(Piece("", "cell"))
            elif tag in BLOCKS or tag == "br":
                self.pieces.append(Piece(" "))
        elif tag in BLOCKS or tag == "br":
            yield from self.ended()
            if tag == "tr" and _is_line(element):
                self.row = element

    def closed(self, element: Any, tag: str) -> Iterator[Line]:
        self.slanted -= tag in ("i", "em")
        if element is self.row:
            self.row = None
        if self.row is None and tag in BLOCKS:
            yield from self.ended()

    def add(self, text: str | None, inside: Any) -> None:
        if not text:
            return
        mark = _is_mark(text, inside)
        if not text.isspace():
            self.upright |= not (self.slanted or mark)
            if self.owner is None:
                self.owner = self.row if self.row is not None else _block_of(inside)
        self.pieces.append(Piece(text, "mark" if mark else "words"))

    def ended(self) -> Iterator[Line]:
        if self.owner is not None:
            around = islice(self.owner.iterancestors(), NEAR - 1)
            styles = {c for e in (self.owner, *around) for c in _classes(e)}
            pieces = tuple(self.pieces)
            yield Line(pieces, self.owner, frozenset(styles), not self.upright)
        self.pieces, self.owner, self.upright = [], None, False


def _is_line(row: Any) -> bool:
    """A row of several cells is one line, unless it frames other tables."""
    cells = [cell for cell in row if cell.tag in ("td", "th")]
    return len(cells) > 1 and row.find(".//table") is None


def _is_mark(text: str, inside: Any) -> bool:
    """The number of a note: raised, or the target of a link, and nothing else."""
    if text.isspace() or not _MARK.fullmatch(text):
        return False
    near = (inside, *islice(inside.iterancestors(), 2))
    return any(e.tag == "sup" or (e.tag == "a" and e.get("name")) for e in near)


def _is_hidden(element: Any) -> bool:
    if element.tag in HIDDEN or "invisible" in _classes(element):
        return True
    return bool(_HIDDEN_STYLE.search(element.get("style") or ""))


def _block_of(element: Any) -> Any:
    while element.tag not in BLOCKS and element.getparent() is not None:
        element = element.getparent()
    return element


def _classes(element: Any) -> list[str]:
    return (element.get("class") or "").split()


# -- what the page says of the treaty -------------------------------------------------


def _called(head: Iterable[Line]) -> tuple[str, str]:
    """The treaty's number, from its chapter and its place there, and its title."""
    lines = list(head)
    chapter = next((c[1] for e in lines if (c := _CHAPTER.match(e.text))), "")
    for line in lines:
        found = _TITLE.fullmatch(line.text)
        if found:
            others = [e.text for e in lines if e.owner is line.owner and e is not line]
            parts = filter(None, (chapter, found["number"], found["letter"]))
            number = "-".join(parts) if chapter else ""
            return number, " ".join([found["title"], *others])
    return "", ""
