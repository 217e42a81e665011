"""A .dna file -> its parts: what its statements name, and document after document."""

from __future__ import annotations

import sqlite3
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BufferedReader
from pathlib import Path
from typing import Any, NamedTuple

from ingest.formats.dna.schema import Database, Unfit, opened
from ingest.records import ImportFault
from positions.names import clean_text

MAGIC = b"SQLite format 3\0"
FILE_LIMIT = 2 * 2**30
# What is held of a file at once; a project of many coders has some ten thousands.
MOST_STATEMENTS = 500_000
MOST_ENTITIES = 200_000
IDENTIFIER_LENGTH = 120

DAMAGED = "The database is damaged or cut off, and nothing more of it can be read"
_CHUNK = 2**20
# Columns of a document that may be missing, and what they are called here.
_FURTHER = ("Author", "Source", "Section", "Type", "Notes")


class Part(NamedTuple):
    """What one Read is made of; `content` is plain JSON."""

    content: dict[str, Any]
    place: str
    key: str = ""


class Variable(NamedTuple):
    """A variable of a statement type; `kind` is "short text", "boolean" ..."""

    name: str
    kind: str
    type: int


class Coded(NamedTuple):
    """One row of STATEMENTS; offsets as the file has them."""

    id: int
    type: Any
    start: Any
    stop: Any
    coder: Any


def parts(name: str, file: BufferedReader) -> Iterator[Part | ImportFault]:
    """The named ones, then each document; what is damaged is a fault in its place.

    The file is copied first, so that no program can write to what is read.
    """
    if not file.peek(len(MAGIC)).startswith(MAGIC):
        yield ImportFault(name, "This is no database of Discourse Network Analyzer.")
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "copy.dna"
        if not _copied(file, path):
            reason = f"The database is larger than the limit of {FILE_LIMIT} bytes."
            yield ImportFault(name, reason)
            return
        try:
            _refuse_cut_off(path)
            with opened(path) as database:
                yield from _Reading(name, database).parts()
        except Unfit as fault:
            yield ImportFault(name, str(fault))
        except sqlite3.Error as fault:
            yield ImportFault(name, f"{DAMAGED}: {clean_text(str(fault))}.")
        except (TypeError, UnicodeError):
            # Keys that are no numbers, messages that are no text.
            yield ImportFault(name, f"{DAMAGED}.")


def _copied(file: BufferedReader, path: Path) -> bool:
    """False if there is more than FILE_LIMIT of it."""
    size = 0
    with path.open("wb") as copy:
        while chunk := file.read(_CHUNK):
            size += len(chunk)
            if size > FILE_LIMIT:
                return False
            copy.write(chunk)
    return True


def _refuse_cut_off(path: Path) -> None:
    """Raise Unfit where the file is shorter than its header says (SQLite, 1.3)."""
    with path.open("rb") as file:
        header = file.read(100)
    page = int.from_bytes(header[16:18], "big")
    pages = int.from_bytes(header[28:32], "big")
    # The size in the header counts only if the last to write wrote it.
    if len(header) < 100 or (
        header[24:28] == header[92:96]
        and path.stat().st_size < pages * (65536 if page == 1 else page)
    ):
        raise Unfit("The database is damaged or cut off: its end is missing.")


@dataclass
class _Reading:
    """One database while it is read."""

    file: str
    database: Database
    coders: dict[int, str] = field(default_factory=dict)
    types: dict[int, str] = field(default_factory=dict)
    variables: dict[int, Variable] = field(default_factory=dict)
    statements: dict[int, list[Coded]] = field(default_factory=dict)

    def parts(self) -> Iterator[Part | ImportFault]:
        self._read_small_tables()
        self._read_statements()
        entities = self._entities()
        if entities:
            yield Part({"entities": entities}, "people, organizations, concepts")
        titles: Counter[str] = Counter()
        last = None
        for (number,) in self.database.rows("SELECT ID FROM DOCUMENTS ORDER BY ID"):
            # A damaged tree may lead round in circles.
            if last is not None and number <= last:
                raise sqlite3.DatabaseError("documents stand out of order")
            last = number
            yield from self._document(number, titles)
            self.statements.pop(number, None)
        for document, rows in self.statements.items():
            for row in rows:
                reason = f"Its document {document} is not in the database."
                yield ImportFault(self.file, reason, f"statement {row.id}")

    def _read_small_tables(self) -> None:
        rows = self.database.rows
        if self.database.has("CODERS", "ID", "Name"):
            named = rows("SELECT ID, Name FROM CODERS")
            self.coders = {number: _text(name) for number, name in named}
        named = rows("SELECT ID, Label FROM STATEMENTTYPES")
        self.types = {number: _text(name) for number, name in named}
        query = "SELECT ID, Variable, DataType, StatementTypeId FROM VARIABLES"
        self.variables = {
            number: Variable(_text(name), _text(kind).lower(), of)
            for number, name, kind, of in rows(query)
        }

    def _read_statements(self) -> None:
        coder = "Coder" if self.database.has("STATEMENTS", "Coder") else "NULL"
        query = (
            f"SELECT DocumentId, ID, StatementTypeId, Start, Stop, {coder} "
            "FROM STATEMENTS"
        )
        found: dict[int, list[Coded]] = defaultdict(list)
        for count, (document, *row) in enumerate(self.database.rows(query), 1):
            if count > MOST_STATEMENTS:
                raise Unfit(f"It has more than {MOST_STATEMENTS} statements.")
            found[document].append(Coded(*row))
        self.statements = dict(found)

    # -- what statements name ---------------------------------------------------------

    def _entities(self) -> list[dict[str, Any]]:
        """Each value of a short text that a statement has, with its attributes."""
        if self.database.version == 3:
            query = (
                "SELECT DISTINCT e.VariableId, e.Value, e.ID FROM DATASHORTTEXT d "
                "JOIN ENTITIES e ON e.ID = d.Entity"
            )
        else:
            query = "SELECT DISTINCT VariableId, Value, NULL FROM DATASHORTTEXT"
        found = []
        for count, (variable, value, number) in enumerate(self._rows(query), 1):
            if count > MOST_ENTITIES:
                raise Unfit(f"It names more than {MOST_ENTITIES} people and concepts.")
            if variable in self.variables and _text(value).strip():
                of = self.variables[variable]
                found.append(
                    {
                        "type": self._variables_of(of.type),
                        "variable": of.name,
                        "value": _text(value),
                        "attributes": self._attributes(variable, value, number),
                    }
                )
        return sorted(found, key=lambda e: (e["variable"], e["value"], e["type"]))

    def _rows(self, query: str) -> list[tuple[Any, ...]]:
        """All of a query, so that another can be asked meanwhile."""
        return [
            row for row, _ in zip(self.database.rows(query), _COUNTED, strict=False)
        ]

    def _variables_of(self, statement_type: int) -> list[str]:
        return sorted(
            v.name.lower()
            for v in self.variables.values()
            if v.type == statement_type and v.kind == "short text"
        )

    def _attributes(self, variable: int, value: Any, number: Any) -> dict[str, str]:
        database, rows = self.database, list[tuple[Any, Any]]()
        if number is not None:
            if database.has("ATTRIBUTEVALUES", "EntityId", "AttributeVariableId"):
                query = (
                    "SELECT n.AttributeVariable, v.AttributeValue "
                    "FROM ATTRIBUTEVALUES v JOIN ATTRIBUTEVARIABLES n "
                    "ON n.ID = v.AttributeVariableId WHERE v.EntityId = ?"
                )
                rows = [(k, v) for k, v in database.rows(query, (number,))]
        elif database.has(
            "ATTRIBUTES", "VariableId", "Value", "Type", "Alias", "Notes"
        ):
            query = (
                "SELECT Type, Alias, Notes FROM ATTRIBUTES "
                "WHERE VariableId = ? AND Value = ?"
            )
            for row in database.rows(query, (variable, value)):
                rows = list(zip(("Type", "Alias", "Notes"), row, strict=True))
        return {_text(k).lower(): _text(v) for k, v in rows if _text(v).strip()}

    # -- documents --------------------------------------------------------------------

    def _document(
        self, number: int, titles: Counter[str]
    ) -> Iterator[Part | ImportFault]:
        place = f"document {number}"
        columns = [c for c in _FURTHER if self.database.has("DOCUMENTS", c)]
        coder = ["Coder"] if self.database.has("DOCUMENTS", "Coder") else []
        wanted = ["Title", "Text", "Date", *columns, *coder]
        query = f"SELECT {', '.join(wanted)} FROM DOCUMENTS WHERE ID = ?"
        try:
            (row,) = self.database.rows(query, (number,))
            values = dict(zip(wanted, row, strict=True))
            statements = [
                self._statement(row)
                for row in sorted(self.statements.get(number, ()), key=lambda s: s.id)
            ]
        except (sqlite3.DataError, ValueError):
            # Longer than a document may be, or not where the table says.
            yield ImportFault(self.file, "The document cannot be read.", place)
            return
        key = self._identifier(_text(values["Title"]), number, titles)
        yield Part(
            {
                "version": self.database.version,
                "identifier": key,
                "document": {
                    "id": number,
                    "date": values["Date"] if _is_number(values["Date"]) else None,
                    "coder": self.coders.get(values.get("Coder") or 0, ""),
                    **{n.lower(): _text(values.get(n)) for n in ("Title", *_FURTHER)},
                    "text": _text(values["Text"]),
                },
                "statements": statements,
            },
            place,
            key,
        )

    def _identifier(self, title: str, number: int, titles: Counter[str]) -> str:
        """The title; of several documents of one title, the first alone has it bare."""
        name = " ".join(clean_text(title).replace("/", "-").split())
        name = name[: IDENTIFIER_LENGTH - 12].strip(" .") or f"document {number}"
        titles[name] += 1
        return name if titles[name] == 1 else f"{name} ({number})"

    def _statement(self, row: Coded) -> dict[str, Any]:
        return {
            "id": row.id,
            "type": self.types.get(row.type, ""),
            "start": row.start if _is_number(row.start) else -1,
            "stop": row.stop if _is_number(row.stop) else -1,
            "coder": self.coders.get(row.coder or 0, ""),
            "values": self._values(row),
        }

    def _values(self, row: Coded) -> list[list[Any]]:
        """[variable, kind, value] in the order of the type's variables."""
        found: dict[int, Any] = {}
        for table, query in self._queries():
            for variable, value in self.database.rows(query, (row.id,)):
                number = table in ("DATABOOLEAN", "DATAINTEGER")
                if number:
                    found[variable] = value if _is_number(value) else None
                else:
                    found[variable] = _text(value)
        return [
            [variable.name, variable.kind, found[number]]
            for number, variable in sorted(self.variables.items())
            if number in found and variable.type == row.type
        ]

    def _queries(self) -> Iterator[tuple[str, str]]:
        if self.database.version == 3:
            yield (
                "DATASHORTTEXT",
                "SELECT d.VariableId, e.Value FROM DATASHORTTEXT d "
                "JOIN ENTITIES e ON e.ID = d.Entity WHERE d.StatementId = ?",
            )
        inline = ["DATABOOLEAN", "DATAINTEGER", "DATALONGTEXT"]
        if self.database.version == 2:
            inline.append("DATASHORTTEXT")
        for table in inline:
            if self.database.has(table, "StatementId", "VariableId", "Value"):
                yield (
                    table,
                    f"SELECT VariableId, Value FROM {table} WHERE StatementId = ?",
                )


_COUNTED = range(MOST_ENTITIES + 1)


def _is_number(value: Any) -> bool:
    return isinstance(value, int)


def _text(value: Any) -> str:
    """A cell as text, whatever its type; "" for none."""
    if value is None:
        return ""
    if isinstance(value, bytes):
        value = value.decode("utf-8", errors="replace")
    return str(value)
