"""The record of one import run: its counts, its problems, and how it ends."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import (
    DatabaseError,
    InterfaceError,
    OperationalError,
    connection,
    transaction,
)
from django.utils import timezone

from ingest.models import ImportProblem, ImportRun
from ingest.records import ImportFault, Problem, Unsure
from ingest.reporting import Item, Report
from ingest.session import Outcome, note_problem
from positions.dates import BadDate
from positions.models import Refused
from positions.names import clean_text

logger = logging.getLogger(__name__)

# What becomes of a person's work that a file contradicts: kept, and listed or not.
KEEP, FILE = "keep", "file"

Progress = Callable[[Item], None]

# The database is gone, full or locked: the run ends. All else is one record's.
FATAL = (OperationalError, InterfaceError)
# What a rule or the database says against one record.
FAULTS = (DatabaseError, ValidationError, Refused, BadDate, UnicodeError)


def sentence_of(fault: Exception) -> str:
    """What a fault of one record says, in one sentence."""
    if isinstance(fault, ValidationError) and hasattr(fault, "error_dict"):
        return " ".join(
            f"{name}: {text}" if name != NON_FIELD_ERRORS else text
            for name, texts in fault.message_dict.items()
            for text in texts
        )
    if isinstance(fault, ValidationError):
        return " ".join(fault.messages)
    if isinstance(fault, DatabaseError):
        reason = str(fault).splitlines()[0] if str(fault) else type(fault).__name__
        return f"The database refused it: {reason}."
    return str(fault)


def rejection(fault: ImportFault) -> Item:
    return Item(
        Outcome.UNSURE if isinstance(fault, Unsure) else Outcome.REJECTED,
        clean_text(fault.file),
        record=clean_text(fault.record),
        sentences=(fault.reason,),
    )


@contextmanager
def recorded(
    report: Report, *, command: str, who: Any, arguments: dict[str, Any]
) -> Iterator[ImportRun]:
    """The ImportRun of a report; a dry run's is undone with all it did.

    Ctrl-C and a database that fails end the run with a report of what is in.
    """
    with transaction.atomic() if report.dry_run else _nothing():
        report.run = ImportRun.objects.create(
            command=command, who=who, arguments=arguments
        )
        try:
            yield report.run
        except KeyboardInterrupt:
            report.stopped = "Stopped by hand: what is counted here is in."
        except BrokenExecutor:
            report.stopped = (
                "Stopped, because a process that parses was ended from outside, "
                "perhaps for want of memory: what is counted here is in."
            )
        except FATAL as fault:
            logger.exception("The database failed during %s.", command)
            report.stopped = f"Stopped, because the database failed: {fault}."
        if report.dry_run:
            transaction.set_rollback(True)
        else:
            _finish(report)


@contextmanager
def _nothing() -> Iterator[None]:
    yield


def _finish(report: Report) -> None:
    finished = report.run
    if finished is None:
        return
    for name in ("created", "changed", "unchanged", "conflicts", "unsure", "rejected"):
        setattr(finished, name, getattr(report, name))
    finished.finished_at = timezone.now()
    try:
        finished.save()
    except FATAL:
        # The documents are in or not, each whole; only this run's counts are lost.
        connection.close()


def account(report: Report, item: Item, progress: Progress | None) -> None:
    """Count an item, list what a person should know of it, and tell of it."""
    report.add(item)
    if report.run is not None and item.outcome in _LISTED:
        _list_rejection(report.run, item, _LISTED[item.outcome])
    if progress:
        progress(item)


_LISTED = {
    Outcome.REJECTED: ImportProblem.Severity.REJECTED,
    Outcome.UNSURE: ImportProblem.Severity.UNSURE,
}


def list_warning(import_run: ImportRun, file: str, odd: Problem) -> None:
    """List once what was odd in a file, but read."""
    warning = ImportProblem.Severity.WARNING
    list_once(
        note_problem(
            import_run,
            warning,
            odd.message,
            file=file,
            record=odd.place,
            code=odd.code,
        )
    )


def list_once(row: ImportProblem) -> None:
    """Put a problem on the work list, unless it stands there from an earlier run."""
    same = ImportProblem.objects.filter(severity=row.severity, message=row.message)
    if row.severity == ImportProblem.Severity.WARNING:
        same = same.filter(file=row.file, record=row.record)
    if not same.exists():
        row.save()


def _list_rejection(import_run: ImportRun, item: Item, severity: str) -> None:
    """List what could not be imported; older such rows of the same are settled."""
    same = {"file": item.file[-500:], "record": item.record[:200]}
    ImportProblem.objects.filter(severity=severity, **same).settle()
    ImportProblem.objects.bulk_create(
        note_problem(
            import_run,
            severity,
            sentence,
            file=item.file,
            record=item.record,
        )
        for sentence in item.sentences
    )
