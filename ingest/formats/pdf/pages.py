"""The pages of a PDF as pypdf gives them: lines of text with where they stand."""

import io
import logging
import math
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pypdf
from pypdf.errors import DependencyError, LimitReachedError

from ingest.reading import Read
from ingest.records import ImportFault

PAGES = 5000
CHARACTERS = 16 * 2**20
# Of all pages together: pypdf does about 25,000 a second. A page of text has some
# hundreds, of glyphs placed one by one some thousands.
OPERATIONS = 5_000_000
# Of one stream; and what a page counts that cannot be read.
STREAM_OPERATIONS = 500_000
LOST_PAGE = 200_000
# Of one stream, unpacked; pypdf's own limits are for machines with nothing else to do.
STREAM_BYTES = 24 * 2**20
PIXELS = 4 * 2**20
# How deep pictures are looked for in forms that hold forms.
DEPTH = 4

_MADE = re.compile(r"D:(\d{4})(\d{2})(\d{2})")

LOCKED = "The PDF is locked with a password."
UNKNOWN_LOCK = "The PDF is encrypted in a way that is not read; save it without."
DAMAGED = "The PDF is cut off or damaged."
TOO_LARGE = "The PDF unpacks to more than its limits allow."

# It tells of every oddity of every file, which nobody can do anything about.
logging.getLogger("pypdf").setLevel(logging.CRITICAL)


@dataclass(frozen=True, slots=True)
class Line:
    """One line as printed; x and y in points from the lower left, as is the size."""

    text: str
    x: float = 0
    y: float = 0
    size: float = 0
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """One page by its place in the file, from 1; `fault` says why it has no lines."""

    number: int
    lines: tuple[Line, ...]
    has_pictures: bool = False
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Opened:
    """The pages of a PDF, and what it says of itself: title, author, day (or "")."""

    pages: tuple[Page, ...]
    title: str = ""
    author: str = ""
    made: str = ""


class _TooMuch(Exception):
    """The limit of operations or characters is reached."""


@contextmanager
def _faults(read: Read) -> Iterator[None]:
    """Whatever pypdf raises on a broken file, as one sentence."""
    try:
        yield
    except ImportFault:
        raise
    except DependencyError as fault:
        raise ImportFault(read.name, UNKNOWN_LOCK, read.place) from fault
    except (LimitReachedError, _TooMuch, MemoryError) as fault:
        raise ImportFault(read.name, TOO_LARGE, read.place) from fault
    except Exception as fault:
        raise ImportFault(read.name, DAMAGED, read.place) from fault


def open_pdf(read: Read) -> Opened:
    """All pages with their lines. Raises ImportFault for what cannot be opened.

    A single page that cannot be read has a fault and no lines.
    """
    limits: dict[str, Any] = {
        "zlib_maximum_output_length": STREAM_BYTES,
        "lzw_maximum_output_length": STREAM_BYTES,
        "run_length_maximum_output_length": STREAM_BYTES,
        "array_based_stream_maximum_output_length": STREAM_BYTES,
        "image_maximum_buffer_size": PIXELS,
        "stream_parsing_work_maximum_count": STREAM_OPERATIONS,
        "disable_legacy_handling": True,
    }
    with pypdf.apply_configuration(**limits), _faults(read):
        reader = pypdf.PdfReader(io.BytesIO(read.data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise ImportFault(read.name, LOCKED, read.place)
        count = len(reader.pages)
        if count > PAGES:
            reason = f"The PDF has {count} pages, more than the limit of {PAGES}."
            raise ImportFault(read.name, reason, read.place)
        budget = _Budget()
        pages = [
            _page(number, page, budget) for number, page in enumerate(reader.pages, 1)
        ]
        return Opened(tuple(pages), *_metadata(reader))


class _Budget:
    """What is left of operations and characters."""

    def __init__(self) -> None:
        self.operations, self.characters = OPERATIONS, CHARACTERS

    def visit(self, *_: Any) -> None:
        self.count(1)

    def count(self, operations: int) -> None:
        self.operations -= operations
        if self.operations < 0:
            raise _TooMuch

    def add(self, text: str) -> None:
        self.characters -= len(text)
        if self.characters < 0:
            raise _TooMuch


def _page(number: int, page: Any, budget: _Budget) -> Page:
    """One page; of one that is broken, why."""
    lines = _Lines(budget)
    try:
        page.extract_text(visitor_operand_before=budget.visit, visitor_text=lines.visit)
    except _TooMuch:
        raise
    except LimitReachedError:
        budget.count(LOST_PAGE)
        return Page(number, (), fault="unpacks to more than its limits allow")
    except Exception:
        # Of a damaged page, pypdf raises what Python raises on the way.
        budget.count(LOST_PAGE)
        return Page(number, (), fault="is damaged")
    if min(budget.operations, budget.characters) < 0:
        # Inside a form pypdf passes over what a visitor raises.
        raise _TooMuch
    return Page(number, lines.finished(), _has_pictures(page))


class _Lines:
    """The lines of a page, made of the pieces of text that pypdf visits."""

    def __init__(self, budget: _Budget) -> None:
        self._budget = budget
        self._lines: list[Line] = []
        self._pieces: list[tuple[str, Line]] = []

    def visit(self, text: str, cm: Any, tm: Any, font: Any, size: Any) -> None:
        """Take a piece that stands at text matrix `tm` in user space `cm`."""
        self._budget.add(text)
        if not text:
            return
        x = tm[4] * cm[0] + tm[5] * cm[2] + cm[4]
        y = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
        height = abs(size) * math.hypot(tm[2], tm[3]) * math.hypot(cm[2], cm[3])
        name = str(font.get("/BaseFont", "")) if hasattr(font, "get") else ""
        bold = any(word in name for word in ("Bold", "Black", "Heavy"))
        first, *more = text.split("\n")
        at = Line("", float(x), float(y), float(height), bold)
        self._pieces.append((first, at))
        for line in more:
            self._end_line()
            self._pieces.append((line, at))

    def finished(self) -> tuple[Line, ...]:
        if self._pieces:
            self._end_line()
        return tuple(self._lines)

    def _end_line(self) -> None:
        text = "".join(piece for piece, _ in self._pieces)
        written = [(piece, at) for piece, at in self._pieces if piece.strip()]
        if written:
            _, longest = max(written, key=lambda pair: len(pair[0]))
            _, first = written[0]
            bold = all(at.bold for _, at in written)
            self._lines.append(Line(text, first.x, first.y, longest.size, bold))
        else:
            self._lines.append(Line(text))
        self._pieces.clear()


def _has_pictures(page: Any) -> bool:
    """Does a page show an image, by itself or in a form?"""
    try:
        return _shows_image(page.get("/Resources"), DEPTH) or _has_inline(page)
    except Exception:
        # A page with its words is worth more than to know whether it has pictures.
        return False


def _has_inline(page: Any) -> bool:
    contents = page.get_contents()
    return contents is not None and b" ID" in contents.get_data().replace(b"\n", b" ")


def _shows_image(resources: Any, depth: int) -> bool:
    resources = resources.get_object() if resources is not None else {}
    named = resources.get("/XObject")
    for shown in (named.get_object() if named is not None else {}).values():
        item = shown.get_object()
        if item.get("/Subtype") == "/Image":
            return True
        is_form = depth and item.get("/Subtype") == "/Form"
        if is_form and _shows_image(item.get("/Resources"), depth - 1):
            return True
    return False


def _metadata(reader: Any) -> tuple[str, str, str]:
    """Title, author and the day on which the file was made, as far as they are told."""
    try:
        found = reader.metadata
        if not found:
            return "", "", ""
        # pypdf makes a day of whatever stands there.
        made = _MADE.match(str(found.get("/CreationDate", "")))
        day = "-".join(made.groups()) if made else ""
        return str(found.title or ""), str(found.author or ""), day
    except Exception:
        # Whatever is wrong with what a PDF says of itself, its pages can be read.
        return "", "", ""
