"""Documents: read, parse, match, load, record the run.

Parsing is pure, so that any `concurrent.futures.Executor` may do it; loading is one
transaction a document. Memory does not grow with the number of documents.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from concurrent.futures import Executor
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.db import IntegrityError

from ingest import formats, loading, reading
from ingest.models import ImportRun
from ingest.pipeline.rows import Stated
from ingest.pipeline.runs import (
    FATAL,
    FAULTS,
    account,
    recorded,
    rejection,
    sentence_of,
)
from ingest.reading import Read
from ingest.records import Document, ImportFault, Tables
from ingest.reporting import Item, Report
from ingest.session import ByHand, Copy, Outcome, Session
from positions import models
from positions.models import ReceivedBytes
from positions.models.changes import Collided, recording
from positions.names import clean_text

logger = logging.getLogger(__name__)

# Files are looked up and parsed together: so many, or so many bytes.
BATCH_FILES = 100
BATCH_BYTES = 8 * 2**20

# How often a document is tried that another import stood in the way of.
ATTEMPTS = 6

# Nobody decided anything: what the files say goes.
MACHINE = ByHand()

Parsed = Document | Tables | ImportFault
Parse = Callable[[Read], Parsed]
Progress = Callable[[Item], None]


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


def run(
    paths: Iterable[str | Path],
    wanted: str | Sequence[str],
    collection: str,
    *,
    command: str,
    dry_run: bool = False,
    who: Any = None,
    progress: Progress | None = None,
    executor: Executor | None = None,
    stated: Stated | None = None,
) -> Report:
    """Import files, folders and standard input ("-") in the first format that fits.

    `wanted` names the formats. `collection` is a key; a new one is private. A dry run
    does all this in one transaction and undoes it. `progress` is called with each
    item. `stated` says what becomes of the rows that documents state.
    """
    given = [str(path) for path in paths]
    wanted = [wanted] if isinstance(wanted, str) else list(wanted)
    return run_reads(
        reading.read_all(given, formats.finding_out(wanted)),
        parse,
        {formats.FORMATS[name].parser for name in wanted},
        collection,
        command=command,
        arguments={
            "paths": [clean_text(path) for path in given],
            "formats": wanted,
            "collection": collection,
        },
        dry_run=dry_run,
        who=who,
        progress=progress,
        executor=executor,
        stated=stated,
    )


def run_reads(
    reads: Iterable[Read | ImportFault],
    parse: Parse,
    parsers: Collection[str],
    collection: str,
    *,
    command: str,
    arguments: dict[str, Any],
    dry_run: bool = False,
    who: Any = None,
    progress: Progress | None = None,
    executor: Executor | None = None,
    by_hand: ByHand = MACHINE,
    stated: Stated | None = None,
) -> Report:
    """Import what was read already; `by_hand` is for one document of a person's."""
    report = Report(dry_run=dry_run)
    stated = stated or Stated(who=who, command=command)
    with recorded(report, command=command, who=who, arguments=arguments) as import_run:
        work = _Documents(import_run, collection, who, parsers, by_hand, stated)
        for item in work.items(reads, parse, executor):
            account(report, item, progress)
    return report


class _Documents:
    """The documents of one run on their way into one collection."""

    def __init__(
        self,
        import_run: ImportRun,
        collection: str,
        who: Any,
        parsers: Collection[str],
        by_hand: ByHand,
        stated: Stated,
    ) -> None:
        self.run, self.key, self.who = import_run, collection, who
        self.parsers, self.by_hand, self.stated = parsers, by_hand, stated
        self.session: Session | None = None
        self._find()

    def _find(self) -> Session | None:
        """Open the session, if the collection exists."""
        collection = models.Collection.objects.filter(key=self.key).first()
        if collection is not None:
            self.session = Session(self.run, collection, self.who, self.by_hand)
            self.run.collection = collection
            self.run.save(update_fields=("collection",))
        return self.session

    def _opened(self) -> Session:
        """The session; its collection is made once there is something to put in."""
        session = self.session or self._find()
        if session is not None:
            return session
        with recording(self.who, tool=self.run.command) as rec:
            collection = models.Collection(key=self.key, title=self.key.capitalize())
            # Another import may make it meanwhile: the database has the last word.
            collection.full_clean(validate_unique=False, validate_constraints=False)
            collection.save()
            rec.note(collection, "created")
        return self._opened()

    def items(
        self,
        reads: Iterable[Read | ImportFault],
        parse: Parse,
        executor: Executor | None,
    ) -> Iterator[Item]:
        for batch in _batches(reads):
            digests = {
                id(read): ReceivedBytes.digest(read.data)
                for read in batch
                if isinstance(read, Read)
            }
            seen = self._known(digests.values())
            fresh = [
                read
                for read in batch
                if isinstance(read, Read)
                and (digests[id(read)] not in seen or _states(read))
            ]
            documents = iter((executor.map if executor else map)(parse, fresh))
            for read in batch:
                if isinstance(read, ImportFault):
                    yield rejection(read)
                elif (digest := digests[id(read)]) in seen and not _states(read):
                    yield self._unchanged(read, seen[digest])
                else:
                    yield from self._items(read, digest, next(documents))

    def _known(self, digests: Iterable[str]) -> dict[str, int]:
        if self.session is None or self.by_hand is not MACHINE:
            return {}
        return loading.known(self.session.collection, self.parsers, digests)

    def _unchanged(self, read: Read, source: int) -> Item:
        if self.session is not None:
            self.session.sightings.add(source, read.name)
        return Item(Outcome.UNCHANGED, read.name, record=read.place)

    def _items(self, read: Read, digest: str, parsed: Parsed) -> Iterator[Item]:
        """What becomes of a document, then of each row that it states."""
        if isinstance(parsed, ImportFault):
            yield rejection(parsed)
        elif isinstance(parsed, Tables):
            yield from self.stated.items(parsed.rows)
        else:
            try:
                loaded = self._load(
                    Copy(parsed, read.data, digest, read.name, read.place)
                )
            except ImportFault as fault:
                yield rejection(fault)
                return
            except FATAL:
                raise
            except FAULTS as fault:
                yield rejection(ImportFault(read.name, sentence_of(fault), read.place))
                return
            yield _item(read, parsed, loaded)
            yield from self.stated.items(parsed.rows, loaded.revision)

    def _load(self, copy: Copy) -> loading.Loaded:
        # Another import may have brought the same source or posts just before, or
        # wait for ours while we wait for its: what was undone is tried again.
        for _ in range(ATTEMPTS - 1):
            with suppress(IntegrityError, Collided):
                return self._attempt(copy)
        return self._attempt(copy)

    def _attempt(self, copy: Copy) -> loading.Loaded:
        session = self._opened()
        try:
            return loading.load(session, copy)
        except Exception:
            session.posts.forget()
            raise


def _states(read: Read) -> bool:
    known = formats.FORMATS.get(read.format)
    return known is not None and known.states


def _item(read: Read, document: Document, loaded: loading.Loaded) -> Item:
    return Item(
        loaded.outcome,
        read.name,
        loaded.source.key,
        read.place,
        sentences=(*loaded.sentences, *_warnings(document, loaded.outcome)),
        source=loaded.source,
        settled=loaded.settled,
    )


def _warnings(document: Document, outcome: Outcome) -> Iterator[str]:
    """What the parser had to repair or guess, one sentence for each kind of it."""
    if outcome == Outcome.UNCHANGED:
        return
    kinds: dict[str, list[str]] = {}
    for problem in document.problems:
        kinds.setdefault(problem.code, []).append(problem.message)
    for first, *others in kinds.values():
        yield f"{first} ({len(others)} more like this.)" if others else first


def _batches(
    reads: Iterable[Read | ImportFault],
) -> Iterator[Sequence[Read | ImportFault]]:
    batch: list[Read | ImportFault] = []
    size = 0
    for read in reads:
        if isinstance(read, Read):
            # A file's name may hold bytes that are no text.
            batch.append(replace(read, name=clean_text(read.name)))
            size += len(read.data)
        else:
            batch.append(read)
        if len(batch) >= BATCH_FILES or size >= BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
