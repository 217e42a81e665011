"""JSON of many objects, in a list or one after the other, cut into its objects."""

import re
from collections.abc import Iterator
from io import BufferedReader
from itertools import chain

from ingest.reading import Read
from ingest.records import ImportFault

CHUNK = 64 * 1024
# Of one object.
OBJECT_BYTES = 16 * 2**20

NOTHING = "The file holds no JSON object."
NO_JSON = "This is not JSON: something else stands where an object should begin."
CUT_OFF = "The JSON breaks off in the middle of an object."
TOO_LARGE = f"The object is larger than the limit of {OBJECT_BYTES} bytes."

_SIGNS = re.compile(rb'["\\{}]')
_BETWEEN = b" \t\r\n,[]"


def split(name: str, file: BufferedReader) -> Iterator[Read | ImportFault]:
    """Each outermost object as the bytes it stands in, with its place among many.

    What is too large is a fault in its place; where it is no JSON or breaks off, the
    reading ends with one. Memory is that of two objects.
    """
    found = _objects(file)
    first = next(found, NOTHING)
    second = next(found, None)
    if second is None:
        yield _placed(name, first, "")
        return
    for number, item in enumerate(chain((first, second), found), 1):
        yield _placed(name, item, f"object {number}")


def _placed(name: str, found: bytes | str, place: str) -> Read | ImportFault:
    if isinstance(found, str):
        return ImportFault(name, found, place)
    return Read(name, found, place)


def _objects(file: BufferedReader) -> Iterator[bytes | str]:
    """Each object, or why there is none. Brackets are counted outside of strings."""
    held = bytearray()
    depth, quoted, escaped, base = 0, False, -1, 0
    first = file.read(CHUNK).removeprefix(b"\xef\xbb\xbf")
    for chunk in chain((first,), iter(lambda: file.read(CHUNK), b"")):
        start = 0
        for sign in _SIGNS.finditer(chunk):
            at = base + sign.start()
            if quoted:
                if at == escaped:
                    continue
                quoted = sign[0] != b'"'
                if sign[0] == b"\\":
                    escaped = at + 1
            elif sign[0] == b"{":
                if not depth:
                    if chunk[start : sign.start()].strip(_BETWEEN):
                        yield NO_JSON
                        return
                    start = sign.start()
                depth += 1
            elif not depth:
                yield NO_JSON
                return
            elif sign[0] == b'"':
                quoted = True
            elif sign[0] == b"}":
                depth -= 1
                if not depth:
                    held += chunk[start : sign.end()]
                    yield bytes(held) if len(held) <= OBJECT_BYTES else TOO_LARGE
                    held.clear()
                    start = sign.end()
        base += len(chunk)
        if depth and len(held) <= OBJECT_BYTES:
            held += chunk[start:]
        elif not depth and chunk[start:].strip(_BETWEEN):
            yield NO_JSON
            return
    if depth:
        yield CUT_OFF if len(held) <= OBJECT_BYTES else TOO_LARGE
