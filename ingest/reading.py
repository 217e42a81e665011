"""Files, folders, archives and standard input -> bytes with a name; bytes -> text.

Never the network. One bad file is one fault in the stream, never the end of it.
"""

import codecs
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path
from typing import Any, BinaryIO, cast

from ingest import archives
from ingest.records import ImportFault, Problem

SIZE_LIMIT = 64 * 2**20
# Nearly all documents are smaller, and take no room for more.
FEW_BYTES = 64 * 2**10
STDIN = "-"
# How many of the first bytes tell what kind of file it is.
SAMPLE = 4096
BINARY_MAGIC = (
    (b"%PDF-", "a PDF file"),
    (b"PK\x03\x04", "a zip archive or office document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\xfd7zXZ\0", "an xz archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!\x1a\x07", "a rar archive"),
    (b"\x89PNG", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"GIF8", "an image"),
    (b"SQLite format 3\0", "an SQLite database"),
    (b"\xd0\xcf\x11\xe0", "an old office document"),
    (b"\x7fELF", "a program"),
)
HTML = re.compile(
    rb"\s*(?:<!--.{0,500}?-->\s*|<\?xml[^>]{0,200}>\s*)?"
    rb"<(?:!doctype\s+html|html|head|body|title|meta|table|div|pre|p|script)\b",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Read:
    """One document as received; `name` is the path as given, or "-".

    `place` is the record's place in a file of many ("" = the whole file), `key` the
    name that the file gives the record, `format` the one it is to be read in.
    """

    name: str
    data: bytes
    place: str = ""
    key: str = ""
    format: str = ""

    def in_format(self, name: str) -> "Read":
        return Read(self.name, self.data, self.place, self.key, name)


# Where relative paths begin; empty: where the program stands.
_folder: ContextVar[Path] = ContextVar("folder", default=Path())

# Cuts an open file of this name into what is read at once.
Split = Callable[[str, BufferedReader], Iterator["Read | ImportFault"]]


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text of a file, the encoding it was read by, and what was odd about it."""

    text: str
    encoding: str
    problems: tuple[Problem, ...] = ()


def whole(name: str, file: BufferedReader) -> Iterator[Read | ImportFault]:
    """A file of one document: all of it, unless it is larger than SIZE_LIMIT."""
    data = file.read(FEW_BYTES)
    if len(data) == FEW_BYTES:
        data += file.read(SIZE_LIMIT + 1 - FEW_BYTES)
    if len(data) > SIZE_LIMIT:
        reason = f"The file is larger than the limit of {SIZE_LIMIT} bytes."
        yield ImportFault(name, reason)
    else:
        yield Read(name, data)


@contextmanager
def within(folder: Path) -> Iterator[None]:
    """In the block relative paths begin in this folder, and are told as they are.

    As after `cd`, but for this thread alone.
    """
    before = _folder.set(folder)
    try:
        yield
    finally:
        _folder.reset(before)


def read_all(
    paths: Iterable[str | Path],
    split: Split = whole,
    *,
    stdin: BinaryIO | None = None,
) -> Iterator[Read | ImportFault]:
    """Every document of every file named, folders walked in the order of their names.

    Yields a fault in place of a file that is missing or unreadable, and for a folder
    without files. Hidden files and folders are passed over; "-" is standard input.
    Archives are opened, see archives.py.
    """
    for path in paths:
        if str(path) == STDIN:
            yield from _read_stream(stdin or sys.stdin.buffer, split)
        elif (_folder.get() / path).is_dir():
            yield from _read_folder(str(Path(path)), split)
        else:
            yield from _read_file(str(Path(path)), split)


def size_of(paths: Iterable[str | Path]) -> int | None:
    """How many bytes there are to read; None where that cannot be told beforehand.

    It cannot of standard input and of what is packed.
    """
    total = 0
    for path in map(str, map(Path, paths)):
        if path == STDIN:
            return None
        files = _walk(path) if (_folder.get() / path).is_dir() else [path]
        for file in files:
            if isinstance(file, ImportFault):
                continue
            if file.lower().endswith(archives.SUFFIXES):
                return None
            with suppress(OSError, ValueError):
                total += os.stat(_placed(file)).st_size
    return total


def _placed(path: str) -> str:
    """Where a path leads from the folder that relative ones begin in."""
    return os.path.join(_folder.get(), path)


def _read_folder(folder: str, split: Split) -> Iterator[Read | ImportFault]:
    empty = True
    for path in _walk(folder):
        empty = False
        if isinstance(path, ImportFault):
            yield path
        else:
            yield from _read_file(path, split)
    if empty:
        yield ImportFault(folder, "The folder holds no files.")


def _walk(folder: str) -> Iterator[str | ImportFault]:
    try:
        with os.scandir(_placed(folder)) as found:
            # Lists above folders of sittings tell who speaks in those.
            entries = sorted(found, key=lambda entry: (entry.is_dir(), entry.name))
    except OSError as error:
        yield ImportFault(
            folder, f"The folder cannot be read: {error.strerror or error}."
        )
        return
    for entry in entries:
        if entry.name.startswith("."):
            continue
        # A link to a folder may lead back up: it is not followed.
        path = os.path.join("" if folder == os.curdir else folder, entry.name)
        if entry.is_dir():
            if not entry.is_symlink():
                yield from _walk(path)
        else:
            yield path


def _read_file(path: str, split: Split) -> Iterator[Read | ImportFault]:
    place = _placed(path)
    try:
        if not os.path.isfile(place):
            there = "This is not an ordinary file."
            reason = there if os.path.exists(place) else "There is no such file."
            yield ImportFault(path, reason)
        else:
            with open(place, "rb", archives.HEAD) as file:
                yield from archives.read(path, cast(BufferedReader, file), split)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        yield ImportFault(path, f"The file cannot be read: {reason}.")


def _read_stream(stream: Any, split: Split) -> Iterator[Read | ImportFault]:
    try:
        yield from archives.read(STDIN, archives.buffered(stream, broken=""), split)
    except (OSError, ValueError) as error:
        yield ImportFault(STDIN, f"Standard input cannot be read: {error}.")


def refuse_unreadable(data: bytes, name: str, *, html: bool = False) -> None:
    """Raise ImportFault for what no reader of text can use, or of `html` neither."""
    if not data.strip(b" \t\r\n\x0b\x0c\0"):
        raise ImportFault(name, "The file is empty.")
    for magic, what in BINARY_MAGIC:
        if data.startswith(magic):
            raise ImportFault(name, f"This is {what}, not a text.")
    if not html and HTML.match(data.removeprefix(codecs.BOM_UTF8)[:SAMPLE]):
        raise ImportFault(
            name, "This is an HTML page; save the page's plain text and import that."
        )
    if _is_binary(data) and _utf16_by_pattern(data) is None:
        raise ImportFault(name, "This is a binary file, not a text.")


def decode(data: bytes, name: str = STDIN, *, html: bool = False) -> Decoded:
    """Text of the bytes: UTF-8, UTF-16, Windows-1252 or Latin-1, in that order.

    Line ends and stray NULs stay as they are (the parser patches them); lone
    surrogates cannot come out. Raises ImportFault for an empty or binary file
    and, unless the parser reads `html`, for an HTML page.
    """
    refuse_unreadable(data, name, html=html)
    # Most texts are ASCII: nothing has to be found out of them.
    if data.isascii() and 0 not in data:
        return Decoded(data.decode("ascii"), "utf-8")
    utf16 = _utf16_by_pattern(data)
    if utf16:
        return _decode_utf16(data, utf16)
    try:
        return Decoded(data.decode("utf-8-sig"), "utf-8")
    except UnicodeDecodeError:
        pass
    try:
        text, encoding = data.decode("cp1252"), "cp1252"
    except UnicodeDecodeError:
        text, encoding = data.decode("latin-1"), "latin-1"
    message = f"The text is not UTF-8; it was read as {encoding}."
    return Decoded(text, encoding, (Problem("encoding", "", message),))


def _decode_utf16(data: bytes, encoding: str) -> Decoded:
    bom = data[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    text = data[2 if bom else 0 :].decode(encoding, errors="replace")
    message = f"The text was read as {encoding}."
    problems = [Problem("encoding", "", message)]
    if "\ufffd" in text:
        message = "Broken characters stand as the replacement character."
        problems.append(Problem("characters_lost", "", message))
    return Decoded(text, encoding, tuple(problems))


def _utf16_by_pattern(data: bytes) -> str | None:
    """The UTF-16 that the byte order mark, or every other byte being 0, shows."""
    if data.startswith(codecs.BOM_UTF16_LE):
        return "utf-16-le"
    if data.startswith(codecs.BOM_UTF16_BE):
        return "utf-16-be"
    sample = data[:SAMPLE]
    pairs = len(sample) // 2
    if pairs < 2:
        return None
    high, low = sample[0::2].count(0), sample[1::2].count(0)
    if low > 0.7 * pairs and high < 0.1 * pairs:
        return "utf-16-le"
    if high > 0.7 * pairs and low < 0.1 * pairs:
        return "utf-16-be"
    return None


def _is_binary(data: bytes) -> bool:
    """True if control characters that no text holds are more than strays.

    The whole file counts: a text may open with damage, a program with words.
    """
    controls = len(data) - len(data.translate(None, _CONTROLS))
    return controls > max(8, len(data) // 200)


# C0 controls but for tab, line ends, form feed, escape and the like.
_CONTROLS = bytes([*range(7), *range(14, 27), 127])
