"""The tables of a .dna file that are read, and the file opened for nothing else.

The file comes from anybody: it is opened read-only, views, triggers, functions and
generated columns are out of reach, and every query is held to a number of steps.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from ingest.reading import SIZE_LIMIT

# Table -> the columns that must be there. Version 3 has ENTITIES, version 2 has not.
NEEDED = {
    "DOCUMENTS": ("ID", "Title", "Text", "Date"),
    "STATEMENTS": ("ID", "StatementTypeId", "DocumentId", "Start", "Stop"),
    "STATEMENTTYPES": ("ID", "Label"),
    "VARIABLES": ("ID", "Variable", "DataType", "StatementTypeId"),
    "DATASHORTTEXT": ("StatementId", "VariableId"),
}
# Read where they are there.
OPTIONAL = (
    *("CODERS", "DATABOOLEAN", "DATAINTEGER", "DATALONGTEXT", "ENTITIES"),
    *("ATTRIBUTES", "ATTRIBUTEVARIABLES", "ATTRIBUTEVALUES"),
)
# Steps of the database's machine after which a query is given up: no sane file needs
# a tenth of them.
STEPS, CALLS = 1_000_000, 500

NO_DNA = "This is no database of Discourse Network Analyzer 2 or 3: "


class Unfit(Exception):  # noqa: N818 (reads as what it is)
    """Why a file cannot be read as a .dna database, in one sentence."""


class Database:
    """An open .dna file: which tables and columns it has, and their rows."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._calls = 0
        self.columns = self._columns()
        self._refuse_others()
        connection.set_authorizer(self._allowed)
        connection.set_progress_handler(self._stop, STEPS)

    @property
    def version(self) -> int:
        return 3 if "ENTITIES" in self.columns else 2

    def has(self, table: str, *columns: str) -> bool:
        known = {name.upper() for name in self.columns.get(table, ())}
        return table in self.columns and all(c.upper() in known for c in columns)

    def rows(self, query: str, values: Sequence[Any] = ()) -> Iterator[tuple[Any, ...]]:
        self._calls = 0
        yield from self._connection.execute(query, values)

    def _columns(self) -> dict[str, tuple[str, ...]]:
        """Table -> its columns, for the plain tables among those known."""
        found = {}
        listed = "SELECT name, type, sql FROM sqlite_master"
        for name, kind, sql in self._connection.execute(listed).fetchall():
            table = str(name).upper()
            if table not in NEEDED and table not in OPTIONAL:
                continue
            plain = " ".join(str(sql).upper().split()).startswith("CREATE TABLE")
            if kind != "table" or not plain:
                continue
            columns = self._connection.execute(f"PRAGMA table_xinfo({table})")
            # The last value is not 0 for a column that is computed.
            found[table] = tuple(row[1] for row in columns if row[-1] == 0)
        return found

    def _refuse_others(self) -> None:
        for table, columns in NEEDED.items():
            if table not in self.columns:
                raise Unfit(f"{NO_DNA}it has no table {table}.")
            for column in columns:
                if not self.has(table, column):
                    raise Unfit(f"{NO_DNA}its table {table} has no column {column}.")
        value = "Entity" if self.version == 3 else "Value"
        if not self.has("DATASHORTTEXT", value):
            raise Unfit(f"{NO_DNA}its table DATASHORTTEXT has no column {value}.")

    def _allowed(
        self, action: int, table: Any, _column: Any, _database: Any, inner: Any
    ) -> int:
        """Only rows of the tables known may be read, and through no view."""
        if action == sqlite3.SQLITE_SELECT:
            return sqlite3.SQLITE_OK
        known = str(table).upper() in self.columns
        if action == sqlite3.SQLITE_READ and known and inner is None:
            return sqlite3.SQLITE_OK
        return sqlite3.SQLITE_DENY

    def _stop(self) -> int:
        self._calls += 1
        return self._calls > CALLS


@contextmanager
def opened(path: Path) -> Iterator[Database]:
    """The database of a file that nobody else writes to.

    Raises Unfit, and sqlite3.Error for a file that is damaged.
    """
    address = f"file:{quote(str(path))}?mode=ro&immutable=1"
    with closing(sqlite3.connect(address, uri=True)) as connection:
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, SIZE_LIMIT)
        connection.execute("PRAGMA trusted_schema = OFF")
        connection.execute("PRAGMA cell_size_check = ON")
        decoded: Callable[[bytes], str] = _decoded
        connection.text_factory = decoded
        yield Database(connection)


def _decoded(data: bytes) -> str:
    return data.decode("utf-8", errors="replace")
