"""What the documents and rows of one import run share, and what becomes of each."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from ingest.matching import Posts
from ingest.models import ImportProblem, ImportRun
from positions.choices import RevisionReason
from positions.models import Collection, Revision
from positions.names import clean_text

FILE_LENGTH = 500
RECORD_LENGTH = 200
CODE_LENGTH = 60


class Outcome(StrEnum):
    """What became of one document, or of one row of a table."""

    CREATED = "created"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    # What a person made stays; what the file says otherwise is listed.
    CONFLICT = "conflict"
    # A name means nobody for sure; nothing was guessed and nothing made.
    UNSURE = "unsure"
    REJECTED = "rejected"


class Sightings:
    """Which source stood in which file of this run; on disk, so memory stays flat."""

    def __init__(self) -> None:
        # The empty name is SQLite's temporary database, gone when it is closed.
        self._rows = sqlite3.connect("", isolation_level=None)
        self._rows.execute("CREATE TABLE seen (source INTEGER PRIMARY KEY, file TEXT)")

    def add(self, *seen: tuple[int, str]) -> None:
        """Remember the first file of the run that has a source, for each of these."""
        self._rows.executemany("INSERT OR IGNORE INTO seen VALUES (?, ?)", seen)

    def file_of(self, source: int) -> str | None:
        row = self._rows.execute("SELECT file FROM seen WHERE source = ?", (source,))
        found = row.fetchone()
        return found and found[0]


@dataclass(frozen=True, slots=True)
class ByHand:
    """What a person decided about one document, over what its file says.

    `stated` are fields of the source. A `reason` makes the text the one that is
    read; `why` stands in the log.
    """

    stated: Mapping[str, Any] = field(default_factory=dict)
    reason: RevisionReason | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Session:
    """One run while it lasts.

    Where a person's work and a file differ, the work stays; if the run
    `lists_conflicts`, the difference stands in a work list.
    """

    run: ImportRun
    collection: Collection
    who: Any = None
    by_hand: ByHand = ByHand()
    lists_conflicts: bool = True
    posts: Posts = field(default_factory=Posts)
    sightings: Sightings = field(default_factory=Sightings)


def note_problem(
    run: ImportRun,
    severity: str,
    message: str,
    *,
    file: str,
    record: str = "",
    code: str = "",
    revision: Revision | None = None,
) -> ImportProblem:
    """An unsaved row that says what is wrong with something in a file."""
    return ImportProblem(
        run=run,
        severity=severity,
        code=(code or severity)[:CODE_LENGTH],
        file=clean_text(file)[-FILE_LENGTH:],
        record=clean_text(record)[:RECORD_LENGTH],
        message=clean_text(message),
        revision=revision,
    )
