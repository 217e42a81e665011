"""Archives -> their members as streams, one after the other, within limits.

What a file is, its bytes say: zip, tar, gzip, bzip2. An office document is a zip too
but one document, so it stays whole. Nothing is written to disk under a member's name,
and an archive inside an archive is not opened. Memory does not grow with the size of
an archive; a zip's directory takes about 500 bytes a member.
"""

import bz2
import gzip
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from io import BufferedReader
from pathlib import PurePosixPath
from typing import Any, TypeVar

from ingest.archives import tars, zips
from ingest.archives.streams import HEAD, Cut, Guarded, Unreadable, buffered
from ingest.records import ImportFault

__all__ = ["HEAD", "buffered", "read"]

T = TypeVar("T")

NESTED = "An archive inside an archive is not opened; unpack it first."

_PACKERS: Mapping[bytes, Callable[[Any], Any]] = {
    b"\x1f\x8b\x08": lambda packed: gzip.GzipFile(fileobj=packed, mode="rb"),
    b"BZh": bz2.BZ2File,
}
_SUFFIXES = (".gz", ".bz2")
# What the names of archives end in.
SUFFIXES = (".zip", ".tar", ".tgz", *_SUFFIXES)


def read(name: str, file: BufferedReader, cut: Cut[T]) -> Iterator[T | ImportFault]:
    """What `cut` makes of a file, or, if it is an archive, of each of its members.

    A member is named `box.zip/folder/member.txt`. Members that cannot be read are
    faults in their place; of an archive that breaks off, what came before is kept.
    """
    head = file.peek(HEAD)
    packer = _packer(head)
    inside = partial(_cut_member, cut=cut)
    if head.startswith(zips.MAGIC):
        # Of a document that is a zip, the members are not cut.
        yield from zips.read(name, file, cut, inside)
    elif packer:
        yield from _read_packed(name, file, packer, inside)
    elif tars.is_tar(head):
        yield from tars.read(name, file, inside)
    else:
        yield from cut(name, file)


def _packer(head: bytes) -> Any:
    found = (packer for magic, packer in _PACKERS.items() if head.startswith(magic))
    return next(found, None)


def _read_packed(
    name: str, file: BufferedReader, packer: Any, cut: Cut[T]
) -> Iterator[T | ImportFault]:
    """A packed tar, or one packed file: it has the archive's name without .gz."""
    below = Guarded(file)
    stream = buffered(packer(below), packed=lambda: below.count)
    try:
        if tars.is_tar(stream.peek(HEAD)):
            yield from tars.read(name, stream, cut)
        else:
            yield from cut(_unpacked(name), stream)
    except Unreadable as fault:
        yield ImportFault(name, str(fault))


def _unpacked(name: str) -> str:
    path = PurePosixPath(name)
    if path.suffix.lower() not in _SUFFIXES:
        return name
    return f"{name}/{path.stem}"


def _cut_member(
    name: str, stream: BufferedReader, cut: Cut[T]
) -> Iterator[T | ImportFault]:
    """What `cut` makes of a member. Raises Unreadable where the stream breaks."""
    head = stream.peek(HEAD)
    if head.startswith(zips.MAGIC):
        with zips.seekable(stream) as file:
            if zips.is_package(file):
                yield from cut(name, file)
            else:
                yield ImportFault(name, NESTED)
    elif _packer(head) or tars.is_tar(head):
        yield ImportFault(name, NESTED)
    else:
        yield from cut(name, stream)
