"""Tar: members as the stream brings them, read once from front to back."""

import tarfile
from collections.abc import Iterator
from io import BufferedReader
from typing import Any, TypeVar, cast

from ingest.archives import streams
from ingest.archives.members import NO_FILE, Members, is_hidden
from ingest.archives.streams import (
    BROKEN,
    CHUNK,
    DAMAGED,
    TOO_LARGE,
    Cut,
    Unreadable,
    buffered,
)
from ingest.records import ImportFault

T = TypeVar("T")

# A long name stands in a header of its own, which tarfile reads at once.
HEADER_BYTES = 2**20


def is_tar(head: bytes) -> bool:
    """Do the first bytes hold a header of a tar, by its checksum?"""
    if b"\0" not in head[: tarfile.BLOCKSIZE]:
        return False
    try:
        tarfile.TarInfo.frombuf(head[: tarfile.BLOCKSIZE], "utf-8", "replace")
    except (tarfile.TarError, ValueError):
        return False
    return True


class _Entry(tarfile.TarInfo):
    """A member of a tar; where there is none, it notes whether the tar ends there.

    Without that tarfile takes a broken header for the end.
    """

    @classmethod
    def fromtarfile(cls, tarfile_: Any) -> Any:
        tarfile_.complete = False
        try:
            return super().fromtarfile(tarfile_)
        except tarfile.EOFHeaderError:  # type: ignore[attr-defined]
            tarfile_.complete = True
            raise


class _Headers:
    """A tar's stream as tarfile reads it: what is not a member's data is limited."""

    def __init__(self, stream: BufferedReader) -> None:
        self.stream, self.left = stream, HEADER_BYTES

    def read(self, size: int) -> bytes:
        if self.left <= 0:
            raise Unreadable(DAMAGED)
        # Not read(): where the stream breaks, it drops what it has so far.
        data = self.stream.read1(size)
        self.left -= len(data)
        return data


def read(name: str, stream: BufferedReader, cut: Cut[T]) -> Iterator[T | ImportFault]:
    """What `cut` makes of each member, up to where the tar breaks off."""
    members = Members(name)
    place = name
    try:
        for member, data in _members(stream):
            members.add()
            if member.isdir() or is_hidden(member.name):
                continue
            refused = members.refused(member.name, "" if data else NO_FILE)
            if refused:
                yield refused
                continue
            place = members.name_of(member.name)
            yield from cut(place, buffered(data, most=streams.MEMBER_BYTES))
            place = name
        if not members.names:
            yield ImportFault(name, "The archive holds no files.")
    except Unreadable as fault:
        yield ImportFault(place, str(fault))


def _members(stream: BufferedReader) -> Iterator[tuple[tarfile.TarInfo, Any]]:
    """Each member with its data (None = it is no file), of which some may be read.

    Raises Unreadable where the tar breaks off.
    """
    source = _Headers(stream)
    try:
        archive: Any = tarfile.TarFile.open(
            fileobj=cast(Any, source), mode="r|", tarinfo=_Entry
        )
        while member := archive.next():
            # It would keep them all.
            archive.members = []
            if not 0 <= member.size <= streams.MEMBER_BYTES:
                raise Unreadable(TOO_LARGE.format(streams.MEMBER_BYTES))
            source.left = streams.MEMBER_BYTES + HEADER_BYTES
            # What a sparse file unpacks to, its header makes up.
            is_file = member.isreg() and not member.issparse()
            data = archive.extractfile(member) if is_file else None
            yield member, data
            while data and data.read(CHUNK):
                pass
            source.left = HEADER_BYTES
        # A packed tar's check stands behind the padding.
        while source.left > 0 and source.read(CHUNK):
            pass
    except Unreadable:
        raise
    except BROKEN as fault:
        raise Unreadable(DAMAGED) from fault
    if not archive.complete:
        raise Unreadable(DAMAGED)
