"""Zip: members by the directory at the end; an office document is one document."""

import stat
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader
from typing import IO, Any, TypeVar, cast

from ingest.archives import streams
from ingest.archives.members import NO_FILE, TOO_MANY, Members, is_hidden
from ingest.archives.streams import (
    BOMB,
    BROKEN,
    CHUNK,
    HEAD,
    TOO_LARGE,
    Cut,
    Guarded,
    Unreadable,
)
from ingest.records import ImportFault

T = TypeVar("T")

MAGIC = (b"PK\x03\x04", b"PK\x05\x06")
DIRECTORY_BYTES = 32 * 2**20
# What cannot be read from its end (a pipe) goes to a nameless file of this size.
SPOOL_BYTES = 2 * 2**30

NO_DIRECTORY = "The zip archive is cut off or damaged: it has no directory."

_ENTRY = b"PK\x01\x02"
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2)
# The first member of OOXML packages as they are written, or of ODF ones.
_PACKAGE = (b"[Content_Types].xml", b"_rels/.rels", b"mimetype", b"word/", b"xl/")


def _fault_of_zipped(member: zipfile.ZipInfo) -> str:
    """Why a member is refused by what the directory says; "" = it is not."""
    mode = member.external_attr >> 16
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG):
        return NO_FILE
    if member.flag_bits & 0x1:
        return "It is locked with a password."
    if member.compress_type not in _METHODS:
        return f"It is packed by a method that is not read ({member.compress_type})."
    if member.file_size > streams.MEMBER_BYTES:
        return TOO_LARGE.format(streams.MEMBER_BYTES)
    return ""


class _Directory:
    """A zip's file as zipfile reads it, but for a directory too large for memory."""

    def __init__(self, file: BufferedReader) -> None:
        self.file = file
        self.seek, self.tell, self.seekable = file.seek, file.tell, file.seekable

    def read(self, size: int = -1) -> bytes:
        if size > DIRECTORY_BYTES:
            raise Unreadable(TOO_MANY.format(streams.MEMBERS))
        data = self.file.read(size)
        if len(data) > streams.MEMBERS and data.count(_ENTRY) > streams.MEMBERS:
            raise Unreadable(TOO_MANY.format(streams.MEMBERS))
        return data


@contextmanager
def seekable(stream: BufferedReader) -> Iterator[BufferedReader]:
    """The stream, or a nameless copy of it on disk, to be read from any place."""
    if stream.seekable():
        yield stream
        return
    raw: Any
    with tempfile.TemporaryFile(buffering=0) as raw, BufferedReader(raw, HEAD) as file:
        size = 0
        while chunk := stream.read(CHUNK):
            size += len(chunk)
            if size > SPOOL_BYTES:
                raise Unreadable(TOO_LARGE.format(SPOOL_BYTES))
            raw.write(chunk)
        file.seek(0)
        yield file


def read(
    name: str, stream: BufferedReader, cut: Cut[T], cut_member: Cut[T | ImportFault]
) -> Iterator[T | ImportFault]:
    """What is made of a zip's members, or of all of it, if it is one document."""
    try:
        with seekable(stream) as file:
            archive = _opened(file)
            if _is_package(file, archive):
                file.seek(0)
                yield from cut(name, file)
            elif archive is None:
                yield ImportFault(name, NO_DIRECTORY)
            else:
                yield from _read_members(name, archive, file.seek(0, 2), cut_member)
    except Unreadable as fault:
        yield ImportFault(name, str(fault))


def is_package(file: BufferedReader) -> bool:
    """Is a zip one document of an office program? Leaves the file at its beginning."""
    found = _is_package(file, _opened(file))
    file.seek(0)
    return found


def _opened(file: BufferedReader) -> zipfile.ZipFile | None:
    """The zip, or None if its directory is not there or is broken."""
    try:
        return zipfile.ZipFile(cast(Any, _Directory(file)))
    except Unreadable:
        raise
    except BROKEN:
        return None


def _is_package(file: BufferedReader, archive: zipfile.ZipFile | None) -> bool:
    """Of a package that is cut off, the first member tells."""
    if archive is not None:
        names = archive.namelist()
        return "[Content_Types].xml" in names or names[:1] == ["mimetype"]
    file.seek(0)
    return file.peek(HEAD)[30:].startswith(_PACKAGE)


def _read_members(
    name: str, archive: zipfile.ZipFile, size: int, cut: Cut[T]
) -> Iterator[T | ImportFault]:
    members = Members(name)
    unpacked = 0
    for member in archive.infolist():
        members.add()
        if member.filename.endswith("/") or is_hidden(member.filename):
            continue
        refused = members.refused(member.filename, _fault_of_zipped(member))
        if refused:
            yield refused
            continue
        member_name = members.name_of(member.filename)
        guarded = _guarded(archive, member)
        try:
            yield from cut(member_name, BufferedReader(guarded, HEAD))
        except Unreadable as fault:
            yield ImportFault(member_name, str(fault))
            if str(fault) == BOMB:
                return
        unpacked += guarded.count
        # Members may share their bytes, so that none unpacks too far by itself.
        if unpacked > min(streams.ALL_BYTES, max(streams.FLOOR, streams.RATIO * size)):
            raise Unreadable(BOMB)
    if not members.names:
        yield ImportFault(name, "The archive holds no files.")


class _Opening:
    """A zip's member, opened when its first bytes are read: its faults come then."""

    def __init__(self, archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
        self.archive, self.member = archive, member
        self.file: IO[bytes] | None = None

    def read(self, size: int) -> bytes:
        self.file = self.file or self.archive.open(self.member)
        return self.file.read(size)


def _guarded(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Guarded:
    return Guarded(
        _Opening(archive, member),
        packed=lambda: member.compress_size,
        most=streams.MEMBER_BYTES,
        broken="The member is damaged.",
    )
