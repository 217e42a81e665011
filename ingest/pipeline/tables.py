"""Tables: read, parse, load row by row, record the run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from django.db import transaction

from ingest import evidence, reference
from ingest.evidence import EvidenceTables
from ingest.formats import tables as csv_tables
from ingest.models import ImportProblem, ImportRun
from ingest.pipeline.runs import (
    FATAL,
    FAULTS,
    Progress,
    account,
    recorded,
    rejection,
    sentence_of,
)
from ingest.reading import Read, read_all
from ingest.records import ImportFault, Row
from ingest.reporting import Item, Report
from ingest.session import Outcome, note_problem
from positions.models.changes import Recording, recording
from positions.names import clean_text

ACTORS = ("actors", "memberships")
REFERENCE = ("collections", "issues", "options", "reasons", "events", "participations")
EVIDENCE = ("statements", "checks", "stances")
# In the order in which they refer to each other.
ORDER = ("collections", *ACTORS, *REFERENCE[1:], *EVIDENCE)


def run(
    paths: Iterable[str | Path],
    wanted: Iterable[str],
    *,
    command: str,
    dry_run: bool = False,
    who: Any = None,
    progress: Progress | None = None,
) -> Report:
    """Import tables from folders and files; a file's name says which table it is.

    Of a folder only the `wanted` tables are read. `who` answers for statements in
    review or accepted, and for stances.
    """
    wanted = tuple(wanted)
    report = Report(dry_run=dry_run)
    arguments = {"paths": [clean_text(str(path)) for path in paths]}
    with recorded(report, command=command, who=who, arguments=arguments) as import_run:
        shared = EvidenceTables(who=who, command=command)
        for item in _items(paths, wanted, shared):
            if item.outcome == Outcome.CONFLICT:
                _list_differences(import_run, item)
            account(report, item, progress)
    return report


def _items(
    paths: Iterable[str | Path], wanted: tuple[str, ...], shared: EvidenceTables
) -> Iterator[Item]:
    found: list[tuple[str, Path]] = []
    for path in map(Path, paths):
        tables = _tables_of(path, wanted)
        if not tables:
            names = ", ".join(f"{name}.csv" for name in wanted)
            reason = f"There is no table of these names: {names}."
            yield rejection(ImportFault(str(path), reason))
        found += tables
    for table, path in sorted(found, key=lambda pair: ORDER.index(pair[0])):
        for read in read_all([path]):
            yield from _table(table, read, shared)


def _tables_of(path: Path, wanted: tuple[str, ...]) -> list[tuple[str, Path]]:
    if path.is_dir():
        files = [path / f"{table}.csv" for table in wanted]
        return [(file.stem, file) for file in files if file.is_file()]
    table = path.stem.rpartition("-")[2]
    return [(table, path)] if table in wanted else []


def _table(
    table: str, read: Read | ImportFault, shared: EvidenceTables
) -> Iterator[Item]:
    if isinstance(read, ImportFault):
        yield rejection(read)
        return
    rows: list[Row] = []
    try:
        for row in csv_tables.parse(read.data, clean_text(read.name), table):
            if isinstance(row, ImportFault):
                yield rejection(row)
            else:
                rows.append(row)
    except ImportFault as fault:
        yield rejection(fault)
        return
    if table == "statements":
        yield from _statements(rows, shared)
    elif table == "stances":
        yield from _stances(rows, shared)
    elif table == "checks":
        yield from (
            _tried(row, partial(evidence.load_check, shared, row)) for row in rows
        )
    else:
        yield from _reference(table, rows, shared)


def _reference(table: str, rows: list[Row], shared: EvidenceTables) -> Iterator[Item]:
    """A whole table in one transaction: options refer to later rows of it."""
    load = reference.LOADERS[table]
    if table == "options":
        shared.option_keys = {row.values["key"] for row in rows}
    items = []
    with recording(shared.who, tool=shared.command) as rec:
        for row in rows:
            items.append(_tried(row, partial(load, rec, shared, row), rec))
        if table == "options":
            items = [
                _linked(rec, row, item) for row, item in zip(rows, items, strict=True)
            ]
    yield from items


def _linked(rec: Recording, row: Row, item: Item) -> Item:
    if item.outcome != Outcome.CREATED:
        return item
    return _tried(row, partial(reference.link_option, row, item), rec)


def _tried(row: Row, load: Callable[[], Item], rec: Recording | None = None) -> Item:
    """One row in a transaction of its own: its faults are its own as well."""
    noted = len(rec.changes) if rec else 0
    try:
        with transaction.atomic():
            return load()
    except FATAL:
        raise
    except (ImportFault, *FAULTS) as fault:
        if rec:
            # What is undone has not happened.
            del rec.changes[noted:]
        if not isinstance(fault, ImportFault):
            fault = ImportFault(row.file, sentence_of(fault), row.place)
        return rejection(fault)


def _statements(rows: list[Row], shared: EvidenceTables) -> Iterator[Item]:
    groups = evidence.by_statement(rows)
    keys = {evidence.statement_key(group[0]) for group in groups}
    seen = evidence.seen_keys(keys, "statement")
    for group in groups:
        row = group[0]
        key = evidence.statement_key(row)
        shared.refs[row.values.get("ref", "")] = key
        if key in seen:
            yield Item(Outcome.UNCHANGED, row.file, key, row.place)
            continue
        item = _tried(row, partial(evidence.load_statement, shared, group))
        seen.add(key)
        yield item


def _stances(rows: list[Row], shared: EvidenceTables) -> Iterator[Item]:
    seen = evidence.seen_keys(map(evidence.stance_key, rows), "stance")
    for row in rows:
        key = evidence.stance_key(row)
        if key in seen:
            yield Item(Outcome.UNCHANGED, row.file, key, row.place)
        else:
            yield _tried(row, partial(evidence.load_stance, shared, row))


def _list_differences(import_run: ImportRun, item: Item) -> None:
    """List what differs once; what a person has settled does not come back."""
    for sentence in item.sentences:
        row = note_problem(
            import_run,
            ImportProblem.Severity.CONFLICT,
            sentence,
            file=item.file,
            record=item.record,
            code="row_differs",
        )
        if not ImportProblem.objects.filter(
            severity=row.severity, message=row.message
        ).exists():
            row.save()
