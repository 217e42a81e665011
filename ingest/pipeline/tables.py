"""Tables: read, parse, load row by row, record the run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

from ingest.finding import EvidenceTables
from ingest.models import ImportProblem, ImportRun
from ingest.pipeline.rows import ORDER, load_rows
from ingest.pipeline.runs import (
    FILE,
    Progress,
    account,
    list_once,
    list_warning,
    recorded,
    rejection,
)
from ingest.pipeline.table_files import TableFiles
from ingest.records import ImportFault
from ingest.reporting import MOST_REASONS, Item, Report
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
    create: bool = False,
    table: str = "",
    limit: int | None = None,
    on_conflict: str = FILE,
    stdin: BinaryIO | None = None,
) -> Report:
    """Import tables from folders, files, archives and standard input ("-").

    A file's or sheet's name says which table it is, else `table` does; only those
    `wanted` are read. `who` answers for statements in review or accepted, and for
    stances. `create`: rows of actors without a key may make who is missing. It ends
    after `limit` rows. What a person's work says otherwise than a row is listed,
    unless `on_conflict` is "keep".
    """
    report = Report(dry_run=dry_run)
    files = TableFiles([str(path) for path in paths], tuple(wanted), table, stdin)
    arguments = {"paths": [clean_text(path) for path in files.paths]}
    with recorded(report, command=command, who=who, arguments=arguments) as import_run:
        shared = EvidenceTables(who=who, command=command, create=create)
        for item in islice(_items(files, shared), limit):
            if item.outcome == Outcome.CONFLICT and on_conflict == FILE:
                _list_differences(import_run, item)
            elif item.outcome == Outcome.CONFLICT:
                item = replace(item, sentences=())
            account(report, item, progress)
        _list_warnings(import_run, report, files)
    return report


def _items(files: TableFiles, shared: EvidenceTables) -> Iterator[Item]:
    for table in sorted(files.wanted, key=ORDER.index):
        for rows in files.rows(table):
            if isinstance(rows, ImportFault):
                yield rejection(rows)
            else:
                yield from load_rows(table, rows, shared)
    yield from map(rejection, files.missing())


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
        list_once(row)


def _list_warnings(import_run: ImportRun, report: Report, files: TableFiles) -> None:
    """Tell what was odd but read, and list it once."""
    for file, odd in files.warnings:
        if len(report.reasons) < MOST_REASONS:
            report.reasons.append(f"{file}, {odd.place}: {odd.message}")
        list_warning(import_run, file, odd)
