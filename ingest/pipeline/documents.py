"""Documents: read, parse, match, load, record the run.

New ones go in batch by batch, each batch whole; what is known already, one by one.
Memory does not grow with the number of documents.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import AbstractContextManager, nullcontext, suppress
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

from django.db import IntegrityError

from ingest import formats, loading, reading
from ingest.copies import Copy
from ingest.models import ImportRun
from ingest.pipeline.garbage import sought_seldom
from ingest.pipeline.indexing import LateIndex, Say, indexed_late
from ingest.pipeline.parsing import (
    Batch,
    Parse,
    batches,
    named,
    parse,
    parsed,
    parsed_before,
)
from ingest.pipeline.processes import processes
from ingest.pipeline.rows import Stated
from ingest.pipeline.runs import (
    FATAL,
    FAULTS,
    FILE,
    account,
    list_warning,
    recorded,
    rejection,
    sentence_of,
)
from ingest.pipeline.stopping import Stop, heeding
from ingest.reading import Read
from ingest.records import ImportFault, Tables, Unsure
from ingest.reporting import Item, Report
from ingest.session import ByHand, Outcome, Session
from ingest.speakers import load_speakers
from positions import models
from positions.models import Revision
from positions.models.changes import Collided, recording
from positions.names import clean_text

__all__ = ("named", "parse", "parsed", "parsed_before", "run", "run_reads")

# How often a document is tried that another import stood in the way of.
ATTEMPTS = 6
# With fewer documents than this, one that the database refuses is looked for singly.
FEW = 8

# Nobody decided anything: what the files say goes.
MACHINE = ByHand()

Progress = Callable[[Item], None]
T = TypeVar("T")


def silent(sentence: str) -> None:
    """Nobody is there to be told before the report."""


def run(
    paths: Iterable[str | Path],
    wanted: str | Sequence[str],
    collection: str,
    *,
    command: str,
    dry_run: bool = False,
    who: Any = None,
    progress: Progress | None = None,
    limit: int | None = None,
    jobs: int = 1,
    executor: Executor | None = None,
    on_conflict: str = FILE,
    stated: Stated | None = None,
    say: Say = silent,
) -> Report:
    """Import files, folders and standard input ("-") in the first format that fits.

    `wanted` names the formats. `collection` is a key; a new one is private. A dry run
    does all this in one transaction and undoes it. `progress` is called with each
    item. No more than `limit` documents are read. They are parsed by the `executor`,
    if there is one, else by so many processes as there are `jobs`, or by this one
    alone. What a person's work says otherwise than a file is listed, unless
    `on_conflict` is "keep". `stated` says what becomes of the rows that documents
    state. `say` is called with sentences that should not wait for the report: a run
    that brings much makes the search index at its end.
    """
    given = [str(path) for path in paths]
    wanted = [wanted] if isinstance(wanted, str) else list(wanted)
    reads = reading.read_all(given, formats.finding_out(wanted))
    own = jobs > 1 and executor is None
    with processes(jobs) if own else nullcontext(executor) as parsing:
        return run_reads(
            islice(reads, limit),
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
            executor=parsing,
            on_conflict=on_conflict,
            stated=stated,
            late=None if dry_run else indexed_late(say),
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
    on_conflict: str = FILE,
    by_hand: ByHand = MACHINE,
    stated: Stated | None = None,
    late: AbstractContextManager[LateIndex] | None = None,
) -> Report:
    """Import what was read already; `by_hand` is for one document of a person's.

    `late` is for a run that may bring much: it makes the search index.
    """
    report = Report(dry_run=dry_run)
    stated = stated or Stated(who=who, command=command)
    with recorded(report, command=command, who=who, arguments=arguments) as import_run:
        work = _Documents(
            import_run,
            collection,
            who,
            parsers,
            by_hand,
            stated,
            lists_conflicts=on_conflict == FILE,
        )
        with sought_seldom(), late or nullcontext() as index:
            for batch in batches(reads, parse, work.known, executor):
                with heeding() as stop:
                    _account(report, work.items(batch, stop), stop, progress)
                if index is not None:
                    index.add(batch.paragraphs)
    return report


def _account(
    report: Report, items: Iterator[Item], stop: Stop, progress: Progress | None
) -> None:
    """Count the items of a batch; those that are in, even where counting them fails."""
    try:
        for item in items:
            account(report, item, progress)
    except BaseException:
        stop.asked = True
        for item in items:
            report.add(item)
        raise


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
        *,
        lists_conflicts: bool,
    ) -> None:
        self.run, self.key, self.who = import_run, collection, who
        self.parsers, self.by_hand, self.stated = parsers, by_hand, stated
        self.lists_conflicts = lists_conflicts
        self.session: Session | None = None
        self._find()

    def _find(self) -> Session | None:
        """Open the session, if the collection exists."""
        collection = models.Collection.objects.filter(key=self.key).first()
        if collection is not None:
            self.session = Session(
                self.run, collection, self.who, self.by_hand, self.lists_conflicts
            )
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

    def known(self, digests: Collection[str]) -> dict[str, int]:
        """Of these sha256 digests, those that came before, with their source."""
        if self.session is None or self.by_hand is not MACHINE:
            return {}
        return loading.known(self.session.collection, self.parsers, digests)

    def items(self, batch: Batch, stop: Stop) -> Iterator[Item]:
        """Load a batch, and tell of each read in turn.

        Where it is to stop, or the database fails, only of what is in by then.
        """
        new = self._load_new(batch)
        broken: Exception | None = None
        for place, read in enumerate(batch.reads):
            halted = stop.asked or broken is not None
            said = batch.said.get(place)
            told: Iterator[Item] = iter(())
            if place in new and isinstance(said, Copy):
                told = self._new(said, new[place], halted)
            elif not halted:
                told = self._other(batch, place, read)
            try:
                yield from _weighed(told, read)
            except FATAL as fault:
                broken = fault
        if broken is not None:
            raise broken

    # -- new documents, together

    def _load_new(self, batch: Batch) -> dict[int, int]:
        """Position -> primary key of the new revision, of all that went in together."""
        copies = {
            place: said for place, said in batch.said.items() if isinstance(said, Copy)
        }
        return self._together(copies) if self.by_hand is MACHINE else {}

    def _together(self, copies: Mapping[int, Copy]) -> dict[int, int]:
        """Load these at once; where one is refused, all that do not stand near it."""
        if not copies:
            return {}
        try:
            keys = self._at_once(list(copies.values()))
        except FATAL:
            raise
        except FAULTS:
            if len(copies) < FEW:
                return {}
            places, half = list(copies), len(copies) // 2
            return {
                **self._together({place: copies[place] for place in places[:half]}),
                **self._together({place: copies[place] for place in places[half:]}),
            }
        return {
            place: key
            for place, key in zip(copies, keys, strict=True)
            if key is not None
        }

    def _at_once(self, copies: Sequence[Copy]) -> list[int | None]:
        for _ in range(ATTEMPTS):
            with suppress(Collided):
                return self._attempt(partial(loading.load_new, copies=copies))
        return [None] * len(copies)

    def _new(self, copy: Copy, revision: int, halted: bool) -> Iterator[Item]:
        yield Item(
            Outcome.CREATED,
            copy.file,
            f"{self.key}/{copy.identifier}",
            copy.place,
            sentences=copy.warnings,
        )
        if (copy.rows or copy.speakers) and not halted:
            rows = Revision.objects.select_related("source__collection")
            yield from self._stated(copy, rows.get(pk=revision))

    # -- all others, one by one

    def _other(
        self, batch: Batch, place: int, read: Read | ImportFault
    ) -> Iterator[Item]:
        if isinstance(read, ImportFault):
            yield rejection(read)
        elif place in batch.seen:
            yield self._unchanged(read, batch.seen[place])
        else:
            said = batch.said[place]
            if isinstance(said, ImportFault):
                yield rejection(said)
            elif isinstance(said, Tables):
                yield from self._listed(read.name, said)
            else:
                yield from self._alone(said)

    def _listed(self, file: str, said: Tables) -> Iterator[Item]:
        """What becomes of the rows of a file without a text, and what was odd in it."""
        # Without --create such files are passed over.
        if said.problems and self.stated.create:
            sentences = tuple(problem.message for problem in said.problems)
            yield Item(Outcome.UNCHANGED, clean_text(file), sentences=sentences)
            for problem in said.problems:
                list_warning(self.run, file, problem)
        yield from self.stated.items(said.rows)

    def _unchanged(self, read: Read, source: int) -> Item:
        if self.session is not None:
            self.session.sightings.add((source, read.name))
        return Item(Outcome.UNCHANGED, read.name, record=read.place)

    def _alone(self, copy: Copy) -> Iterator[Item]:
        """What becomes of a document, then of each row that it states."""
        try:
            loaded = self._load(copy)
        except ImportFault as fault:
            yield rejection(fault)
            return
        except FATAL:
            raise
        except FAULTS as fault:
            yield rejection(ImportFault(copy.file, sentence_of(fault), copy.place))
            return
        warnings = () if loaded.outcome == Outcome.UNCHANGED else copy.warnings
        yield Item(
            loaded.outcome,
            copy.file,
            loaded.source.key,
            copy.place,
            sentences=(*loaded.sentences, *warnings),
            source=loaded.source,
            settled=loaded.settled,
        )
        yield from self._stated(copy, loaded.revision)

    def _stated(self, copy: Copy, revision: Revision) -> Iterator[Item]:
        """What becomes of the rows that a document states, then of its speakers."""
        yield from self.stated.items(copy.rows, revision)
        if copy.speakers:
            matcher = self.stated.shared.matcher
            with recording(self.who, tool=self.run.command) as rec:
                unsure = load_speakers(rec, matcher, revision.source, copy.speakers)
            if unsure:
                yield rejection(Unsure(copy.file, unsure, revision.source.key))

    def _load(self, copy: Copy) -> loading.Loaded:
        # Another import may have brought the same source or posts just before, or
        # wait for ours while we wait for its: what was undone is tried again.
        for _ in range(ATTEMPTS - 1):
            with suppress(IntegrityError, Collided):
                return self._attempt(partial(loading.load, copy=copy))
        return self._attempt(partial(loading.load, copy=copy))

    def _attempt(self, load: Callable[[Session], T]) -> T:
        session = self._opened()
        try:
            return load(session)
        except BaseException:
            session.posts.forget()
            raise


def _weighed(items: Iterator[Item], read: Read | ImportFault) -> Iterator[Item]:
    """The items of a read; the first has its size, so that progress can be told."""
    size = len(read.data) if isinstance(read, Read) else 0
    for item in items:
        yield item.of_size(size)
        size = 0
