"""Tables: read, parse, load row by row, record the run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from ingest.evidence import EvidenceTables
from ingest.formats import tables as csv_tables
from ingest.models import ImportProblem, ImportRun
from ingest.pipeline.rows import ORDER, load_rows
from ingest.pipeline.runs import Progress, account, recorded, rejection
from ingest.reading import Read, read_all
from ingest.records import ImportFault, Row
from ingest.reporting import Item, Report
from ingest.session import Outcome, note_problem
from positions.names import clean_text


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
    yield from load_rows(table, rows, shared)


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
