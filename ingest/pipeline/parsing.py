"""Reads -> copies ready to be loaded: in this process, or in others ahead of it.

Pure: any `concurrent.futures.Executor` may do it. Another process needs Django to be
set up, for the columns of the tables, and never opens the database.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from functools import partial

from ingest import formats
from ingest.copies import Copy, lay_out
from ingest.pipeline.runs import sentence_of
from ingest.reading import Read
from ingest.records import Document, ImportFault, Tables
from positions.dates import BadDate
from positions.models import ReceivedBytes
from positions.names import clean_text, is_storable

logger = logging.getLogger(__name__)

# Files are looked up, parsed and loaded together: so many, or so many bytes.
BATCH_FILES = 500
BATCH_BYTES = 8 * 2**20
# So many go to another process at a time.
CHUNK = 20
# So many batches are parsed ahead of the one that is loaded.
AHEAD = 1

Parsed = Document | Tables | ImportFault
Parse = Callable[[Read], Parsed]
# What a document is once it is laid out in rows.
Ready = Copy | Tables | ImportFault


def parse(read: Read) -> Parsed:
    """What one file says, or why it says nothing. Pure: for any executor."""
    return parsed(formats.parse, read)


def parsed(parser: Callable[[Read], Document | Tables], read: Read) -> Parsed:
    """What a parser makes of a file; its faults are told apart from the file's."""
    try:
        return parser(read)
    except ImportFault as fault:
        return fault
    except Exception as fault:
        logger.exception("The parser failed on %s.", read.name)
        return ImportFault(
            read.name,
            f"The parser failed on it ({type(fault).__name__}): a bug.",
            read.place,
        )


def parsed_before(document: Document, read: Read) -> Document:
    """The parser of a text that a form has parsed to check it."""
    return document


def named(document: Document, identifier: str) -> Document:
    """The document under the identifier that a person gave it, if one did."""
    return replace(document, identifier=identifier or document.identifier)


def make_ready(parse: Parse, read: Read) -> Ready:
    """What a file says as rows, or why nothing of it is kept; as pure as `parse`."""
    found = parse(read)
    if not isinstance(found, Document):
        return found
    try:
        return lay_out(found, read.data, file=read.name, place=read.place)
    except ImportFault as fault:
        return fault
    except (BadDate, UnicodeError) as fault:
        return ImportFault(read.name, sentence_of(fault), read.place)


@dataclass(frozen=True, slots=True)
class Batch:
    """Reads in their order, and by position what is known of each.

    `seen` has those whose bytes came before, with the primary key of their source;
    `said` has what all others say.
    """

    reads: Sequence[Read | ImportFault]
    seen: dict[int, int]
    said: dict[int, Ready]

    @property
    def paragraphs(self) -> int:
        """How many it may bring."""
        copies = (said for said in self.said.values() if isinstance(said, Copy))
        return sum(len(copy.paragraphs) for copy in copies)


# Of sha256 digests, which came before, and the source that each came for.
Known = Callable[[Collection[str]], dict[str, int]]


def batches(
    reads: Iterable[Read | ImportFault],
    parse: Parse,
    known: Known,
    executor: Executor | None = None,
) -> Iterator[Batch]:
    """Batches of reads, parsed when asked for, or by the executor ahead of that."""
    waiting: list[Callable[[], Batch]] = []
    for together in _together(reads):
        waiting.append(_begun(together, parse, known, executor))
        if executor is None or len(waiting) > AHEAD:
            yield waiting.pop(0)()
    for finish in waiting:
        yield finish()


def _begun(
    reads: Sequence[Read | ImportFault],
    parse: Parse,
    known: Known,
    executor: Executor | None,
) -> Callable[[], Batch]:
    """Begin to parse what must be; returns what waits for the end of it."""
    digests = {
        place: ReceivedBytes.digest(read.data)
        for place, read in enumerate(reads)
        if isinstance(read, Read) and not states(read)
    }
    before = known(digests.values())
    seen = {
        place: before[digest] for place, digest in digests.items() if digest in before
    }
    fresh = {
        place: read
        for place, read in enumerate(reads)
        if isinstance(read, Read) and place not in seen
    }
    one = partial(make_ready, parse)
    ready = (
        map(one, fresh.values())
        if executor is None
        else executor.map(one, fresh.values(), chunksize=CHUNK)
    )

    def finish() -> Batch:
        return Batch(reads, seen, dict(zip(fresh, ready, strict=True)))

    return finish


def states(read: Read) -> bool:
    """May the document state rows? They are looked at again each time."""
    known = formats.FORMATS.get(read.format)
    return known is not None and known.states


def _together(
    reads: Iterable[Read | ImportFault],
) -> Iterator[Sequence[Read | ImportFault]]:
    batch: list[Read | ImportFault] = []
    size = 0
    for read in reads:
        if isinstance(read, Read):
            if not is_storable(read.name):
                # A file's name may hold bytes that are no text.
                read = replace(read, name=clean_text(read.name))
            size += len(read.data)
        batch.append(read)
        if len(batch) >= BATCH_FILES or size >= BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
