"""The CSV dump of all cables: eight columns a record, cut without holding it.

Two dialects exist: quotes escaped by a backslash, and quotes doubled. No header row;
a re-export may have one. A record begins on a line with a row number, an instant and
an identifier, which no line of a text does, its quotes being escaped or doubled: so
a broken record never takes the next ones with it.
"""

import re
from collections.abc import Iterator
from io import BufferedReader
from typing import NamedTuple

from ingest.formats.cable.patching import Edit
from ingest.formats.cable.publishing import Published
from ingest.reading import Read
from ingest.records import ImportFault
from positions.names import clean_text

COLUMNS = 8
# No record of the collection comes near it; what is larger is damage.
LARGEST = 8 * 2**20
_BLOCK = 2**18
_LONGEST_START = 256
_BOM = b"\xef\xbb\xbf"

_START = (
    r'"?\d{1,9}"?,"?(?:\d{1,2}/\d{1,2}/\d{4}|\d{4}-\d\d-\d\d)'
    r'[ T]\d{1,2}:\d\d(?::\d\d)?"?,"?(?P<identifier>\d\d[^",\r\n]{1,80})"?,'
)
_RECORD = re.compile(_START)
_RECORD_BYTES = re.compile(_START.encode())
# All files of a folder are asked: a line's end is found faster than its beginning.
_BEGINS = re.compile(b"\n" + _START.encode())
_NAMES = re.compile(rb'["\w ./|-]+(?:,["\w ./|-]+){5,11}\s*')
_MARK = re.compile(r'["\\]')
_ESCAPED = re.compile(r'\\(?P<kept>["\\]|\r\n|\r|\n)|(?P<quote>"")')


class Field(NamedTuple):
    """The content of a column at [start, end) of the record, its quotes left out."""

    start: int
    end: int


def is_dump(head: bytes) -> bool:
    """True if a record begins on a line of the first bytes of a file."""
    head = head.removeprefix(_BOM)
    return (_RECORD_BYTES.match(head) or _BEGINS.search(head)) is not None


def is_record(text: str) -> bool:
    return text[:1] in '"0123456789' and _RECORD.match(text, 0, 400) is not None


def split(name: str, file: BufferedReader) -> Iterator[Read | ImportFault]:
    """Each record of a dump with its own bytes, as they stand in the file."""
    number = 0
    for record in _records(file):
        if record.starts:
            number += 1
            place = f"record {number}"
            if record.too_large:
                reason = f"The record is larger than {LARGEST} bytes."
                yield ImportFault(name, reason, place)
            else:
                match = _RECORD_BYTES.match(record.data)
                key = match["identifier"].decode("utf-8", "replace") if match else ""
                yield Read(name, record.data, place, key)
        elif not _NAMES.fullmatch(record.data.strip()):
            reason = "The dump begins in the middle of a record, which was left out."
            yield ImportFault(name, reason, "record 0")


class _Record(NamedTuple):
    data: bytes
    starts: bool
    too_large: bool


def _records(file: BufferedReader) -> Iterator[_Record]:
    """What stands above the first record, then each record.

    Memory is that of a block and of the largest record that is kept.
    """
    # As if a line had ended before: the first may begin a record too.
    held, scanned, starts, cut = b"\n", 0, False, False
    first = True
    while block := file.read1(_BLOCK):
        held += block.removeprefix(_BOM) if first else block
        first, begin = False, 0
        while found := _BEGINS.search(held, scanned):
            scanned = found.start() + 1
            yield from _finished(held[begin:scanned], starts, cut)
            begin, starts, cut = scanned, True, False
        # What begins nearer to the end may not be all there.
        scanned = max(scanned, len(held) - _LONGEST_START)
        held, scanned = held[begin:], scanned - begin
        if len(held) > LARGEST:
            held, scanned, cut = held[scanned:], 0, True
    yield from _finished(held, starts, cut)


def _finished(data: bytes, starts: bool, cut: bool) -> Iterator[_Record]:
    if starts or cut or data.strip():
        yield _Record(data.rstrip(b"\r\n"), starts, cut or len(data) > LARGEST)


def read_record(text: str) -> tuple[list[Edit], Published, bool] | None:
    """(edits that leave header and body, the columns, breaks off in the body).

    None for a record that has not eight columns.
    """
    fields, closed = _fields(text)
    if len(fields) != COLUMNS:
        fields, closed = _fields_by_force(text)
    if len(fields) != COLUMNS:
        return None
    header, body = fields[6:]
    edits: list[Edit] = [(0, header.start, "")]
    edits += _unescaped(text, header)
    both = header.start < header.end and body.start < body.end
    edits.append((header.end, body.start, "\n\n" if both else ""))
    edits += _unescaped(text, body)
    edits.append((body.end, len(text), ""))
    columns = [clean_text(text[start:end]).strip() for start, end in fields[:6]]
    references = tuple(part for part in columns[5].split("|") if part.strip())
    published = Published(
        identifier=columns[2],
        created=columns[1],
        origin=columns[3],
        classification=columns[4],
        references=tuple(part.strip() for part in references),
    )
    return edits, published, not closed


def _fields(text: str) -> tuple[list[Field], bool]:
    """The columns of a record, and whether the last one is closed."""
    fields: list[Field] = []
    position, end = 0, len(text)
    while len(fields) < COLUMNS:
        if text[position : position + 1] != '"':
            stop = text.find(",", position)
            stop = end if stop < 0 or len(fields) == COLUMNS - 1 else stop
            fields.append(Field(position, stop))
            position = stop + 1
        elif len(fields) == COLUMNS - 1:
            # The quote that closes the body is the last one, whatever stands in it.
            last = text.rstrip()
            closed = len(last) > position + 1 and last.endswith('"')
            fields.append(Field(position + 1, len(last) - closed if closed else end))
            return fields, closed
        else:
            stop = _closing_quote(text, position + 1)
            if stop < 0:
                return fields, False
            fields.append(Field(position + 1, stop))
            position = stop + 2
        if position > end:
            break
    return fields, True


def _closing_quote(text: str, start: int) -> int:
    """Offset of the quote that closes the column whose content begins at `start`.

    -1 if there is none. A quote that a comma follows closes; a backslash takes the
    character behind it along, a quote the quote behind it.
    """
    position = start
    while match := _MARK.search(text, position):
        at = match.start()
        following = text[at + 1 : at + 2]
        if match[0] == '"' and following == ",":
            return at
        alone = match[0] == '"' and following != '"'
        position = at + (1 if alone else 2)
    return -1


def _fields_by_force(text: str) -> tuple[list[Field], bool]:
    """The columns where the quotes do not add up: cut at what stands between two."""
    if not text.startswith('"'):
        return [], False
    last = text.rstrip()
    closed = last.endswith('"')
    stop = len(last) - closed
    fields: list[Field] = []
    position = 1
    while len(fields) < COLUMNS - 1:
        at = text.find('","', position, stop)
        if at < 0:
            return fields, False
        fields.append(Field(position, at))
        position = at + 3
    fields.append(Field(position, max(position, stop)))
    return fields, closed


def _unescaped(text: str, field: Field) -> list[Edit]:
    """What the dialect put before quotes, backslashes and line ends, taken out."""
    return [
        (match.start(), match.end(), '"' if match["quote"] else match["kept"])
        for match in _ESCAPED.finditer(text, field.start, field.end)
    ]
