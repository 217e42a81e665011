"""Streams that are counted and held to limits, so that no archive fills a machine."""

import io
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from io import BufferedReader
from typing import Any, TypeVar

T = TypeVar("T")
# Cuts an open file of this name into what is made of it.
Cut = Callable[[str, BufferedReader], Iterator[T]]

# How many of the first bytes tell what a file is.
HEAD = 8192
CHUNK = 64 * 1024

# The whole cable collection of 2010 has 251,287 documents and 1.7 GB of text.
MEMBERS = 300_000
MEMBER_BYTES = 4 * 2**30
ALL_BYTES = 16 * 2**30
# Texts and tables are packed to between a third and a fiftieth. A bomb reaches a
# thousandth; one that unpacks to no more than FLOOR does no harm.
RATIO = 200
FLOOR = 64 * 2**20

BOMB = f"It unpacks to more than {RATIO} times its size, as only an archive bomb does."
TOO_LARGE = "It unpacks to more than the limit of {} bytes."
DAMAGED = "The archive is cut off or damaged from here on."

# What the libraries raise on broken bytes.
BROKEN = (
    zipfile.BadZipFile,
    tarfile.TarError,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    ValueError,
    OverflowError,
    IndexError,
    RuntimeError,
)


class Unreadable(OSError):
    """Nothing more can be read from a stream: why, in one sentence."""


class Guarded(io.RawIOBase):
    """The bytes of a source, counted and held to limits; its faults are sentences.

    A read is filled up as far as the source goes. `packed` says how many bytes those
    read so far came from (None = they are not packed), `broken` what a fault of the
    source means ("" = what it says). Raises Unreadable, after all that came before it
    was handed out.
    """

    def __init__(
        self,
        source: Any,
        *,
        packed: Callable[[], int] | None = None,
        most: int | None = None,
        broken: str = DAMAGED,
    ) -> None:
        self._source, self._packed, self._broken = source, packed, broken
        self._most = ALL_BYTES if most is None else most
        self.count = 0
        self._fault: Unreadable | None = None

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        view, filled = memoryview(buffer), 0
        while filled < len(view) and not self._fault:
            try:
                chunk = self._source.read(min(CHUNK, len(view) - filled))
            except Unreadable as fault:
                self._fault = fault
            except BROKEN as fault:
                if not self._broken:
                    raise
                self._fault = Unreadable(self._broken)
                self._fault.__cause__ = fault
            else:
                if not chunk:
                    break
                view[filled : filled + len(chunk)] = chunk
                filled += len(chunk)
                self.count += len(chunk)
                self._fault = self._beyond()
        if self._fault and not filled:
            raise self._fault
        return filled

    def _beyond(self) -> Unreadable | None:
        if self.count > self._most:
            return Unreadable(TOO_LARGE.format(self._most))
        if self._packed and self.count > max(FLOOR, RATIO * self._packed()):
            return Unreadable(BOMB)
        return None


def buffered(source: Any, **limits: Any) -> BufferedReader:
    """A guarded stream of which the first HEAD bytes can be looked at."""
    return BufferedReader(Guarded(source, **limits), HEAD)
