"""Which tables stand in which files, and their rows as they are asked for.

Files are read once for each table, so that tables come in the order in which they
refer to each other and nothing of a file stays in memory meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from io import BufferedReader
from pathlib import PurePath
from typing import BinaryIO

from ingest.formats import popolo, sheets
from ingest.formats import tables as own
from ingest.formats.columns import TABLES
from ingest.pipeline.rows import ACTORS
from ingest.reading import STDIN, Read, Split, read_all, whole
from ingest.records import ImportFault, Problem, Row
from positions.names import clean_text

# Of folders and archives only these are looked at.
SUFFIXES = (".csv", ".xlsx", ".xlsm", ".json")
# Table -> the columns that it cannot do without.
NEEDED = {
    table: {name for name, column in columns.items() if column.required}
    for table, columns in TABLES.items()
}


@dataclass
class TableFiles:
    """The files of one run; what is wrong with one is said once.

    `table` says what every file without a name of its own is. `warnings` are what was
    odd but read, each with its file.
    """

    paths: list[str]
    wanted: tuple[str, ...]
    table: str = ""
    stdin: BinaryIO | None = None
    warnings: list[tuple[str, Problem]] = field(default_factory=list)
    _said: set[str] = field(default_factory=set)
    _found: set[str] = field(default_factory=set)
    _held: list[Read | ImportFault] = field(default_factory=list)

    def rows(self, table: str) -> Iterator[list[Row] | ImportFault]:
        """All rows of a table in one file, file after file, and its faults."""
        for path in dict.fromkeys(self.paths):
            for read in self._reads(path, table):
                if isinstance(read, ImportFault):
                    yield from self._new(path, [read])
                else:
                    yield from self._rows_in(path, read, table)

    def missing(self) -> Iterator[ImportFault]:
        """A fault for each path that held none of the tables."""
        names = ", ".join(f"{name}.csv" for name in self.wanted)
        for path in dict.fromkeys(self.paths):
            if path in self._found:
                continue
            reason = f"There is no table of these names: {names}."
            if path == STDIN:
                reason = "Say with --table which table it is, or send a workbook."
            yield ImportFault(path, reason)

    # -- files ------------------------------------------------------------------------

    def _reads(self, path: str, table: str) -> Iterator[Read | ImportFault]:
        if path != STDIN:
            yield from read_all([path], self._cut(path, table))
            return
        if not self._held:
            self._held = list(read_all([STDIN], whole, stdin=self.stdin))
        for read in self._held:
            if isinstance(read, ImportFault) or self._may_hold(
                path, read.name, read.data, table
            ):
                yield read

    def _cut(self, path: str, table: str) -> Split:
        def cut(name: str, file: BufferedReader) -> Iterator[Read | ImportFault]:
            if self._may_hold(path, name, file.peek(), table):
                yield from whole(name, file)

        return cut

    def _may_hold(self, path: str, name: str, head: bytes, table: str) -> bool:
        suffix = PurePath(name).suffix.lower()
        if name != path and suffix not in SUFFIXES:
            return False
        if head.startswith(sheets.MAGIC):
            return True
        if popolo.fits(name, head):
            return table in ACTORS
        return (own.name_of(name) or self.table) == table

    # -- what stands in one -----------------------------------------------------------

    def _rows_in(
        self, path: str, read: Read, table: str
    ) -> Iterator[list[Row] | ImportFault]:
        name = clean_text(read.name)
        rows: list[Row] = []
        faults: list[ImportFault] = []
        try:
            for row in self._parsed(path, Read(name, read.data), table):
                if isinstance(row, ImportFault):
                    faults.append(row)
                else:
                    rows.append(row)
        except ImportFault as fault:
            faults.append(fault)
        yield from self._new(path, faults)
        if rows:
            yield rows

    def _parsed(self, path: str, read: Read, table: str) -> Iterator[Row | ImportFault]:
        """The rows of a table that a file holds, if it does."""
        if read.data.startswith(sheets.MAGIC):
            held = own.sheets_of(read.data, read.name, self.table)
            yield from _misnamed(read, set(held.values()))
            if self._found_in(path, held, table):
                yield from own.parse(read.data, read.name, table)
        elif popolo.fits(read.name, read.data):
            self._found.add(path)
            yield from self._popolo(read, table)
        else:
            self._found.add(path)
            yield from own.parse(read.data, read.name, table)

    def _found_in(self, path: str, held: Iterable[str], table: str) -> bool:
        if not set(self.wanted).isdisjoint(held):
            self._found.add(path)
        return table in held

    def _popolo(self, read: Read, table: str) -> Iterator[Row | ImportFault]:
        said = popolo.parse(read)
        for problem in said.problems:
            if problem.code == popolo.LEFT_OUT:
                yield ImportFault(read.name, problem.message, problem.place)
            elif (odd := (read.name, problem)) not in self.warnings:
                self.warnings.append(odd)
        yield from (row for row in said.rows if row.table == table)

    def _new(self, path: str, faults: Iterable[ImportFault]) -> Iterator[ImportFault]:
        """Those that were not said already, of another pass through the file."""
        for fault in faults:
            self._found.add(path)
            if str(fault) not in self._said:
                self._said.add(str(fault))
                yield fault


def _misnamed(read: Read, held: set[str]) -> Iterator[ImportFault]:
    """Sheets with the columns of a table, but with another name: a slip of the pen."""
    for sheet in sheets.sheet_names(read.data, read.name):
        if sheet in held or own.name_of(f"{sheet}.xlsx"):
            continue
        first = next(sheets.lines(read.data, read.name, sheet), None)
        if first is None or isinstance(first, ImportFault):
            continue
        like = [(len(n), table) for table, n in NEEDED.items() if n <= set(first[1])]
        if like:
            reason = f"It has the columns of {max(like)[1]}; give it this name."
            yield ImportFault(f"{read.name}, sheet “{sheet}”", reason)
