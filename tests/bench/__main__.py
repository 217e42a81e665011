"""`make bench`: how fast, how many queries, how much memory, as ratios in one run.

Each section runs in a process of its own on databases of its own: SQLite, and
PostgreSQL where TEST_DATABASE_URL or DATABASE_URL names a server.
"""

import argparse
import json
import os
import platform
import sys
from dataclasses import dataclass
from datetime import date

from tests.bench import databases
from tests.bench.measuring import Row

SIZE = 500


@dataclass(frozen=True)
class Section:
    """A module of this folder whose `measure(work)` gives the rows of the table.

    `databases`: how many it needs, 0 for one that measures no database at all.
    """

    name: str
    title: str
    databases: int = 1


SECTIONS = {
    section.name: section
    for section in (
        Section("parsing", "Parsing cables on one core", databases=0),
        Section("loading", "Loading cables", databases=2),
        Section("serving", "Serving pages of the API"),
        Section("deriving", "Deriving positions by the rule"),
        Section("desks", "Pages of the admin"),
        Section("finding", "Searching"),
    )
}


def main(arguments=None):
    given = arguments_of(arguments)
    wanted = [SECTIONS[name] for name in given.only or SECTIONS]
    print(f"{date.today()}, {machine()}, size {given.size:,}", flush=True)
    with databases.engines() as engines:
        for section in wanted:
            for engine in engines if section.databases else engines[:1]:
                show(section, engine, measured(section, engine, given.size))


def arguments_of(arguments):
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument(
        "--size",
        type=int,
        default=SIZE,
        help="Documents, and statements; %(default)s takes about two minutes.",
    )
    parser.add_argument(
        "--only",
        choices=SECTIONS,
        action="append",
        metavar="NAME",
        help=f"One section (may be given again): {', '.join(SECTIONS)}.",
    )
    return parser.parse_args(arguments)


def machine():
    """The class of machine, not its name."""
    python = f"Python {platform.python_version()}"
    return f"{os.cpu_count()} cores {platform.machine()}, {platform.system()}, {python}"


def measured(section, engine, size):
    """The rows of a section, measured on fresh copies of a database."""
    with databases.copies(engine, max(1, section.databases)) as (first, *others):
        spare = [other.url for other in others]
        module = ("-m", "tests.bench.worker", section.name, str(size), *spare)
        said = databases.run(first, *module)
    return [Row(**row) for row in json.loads(said.splitlines()[-1])]


def show(section, engine, rows):
    """Print a section as soon as it is measured."""
    where = f", {engine.name}" if section.databases else ""
    print(f"\n{section.title}{where}")
    for row in rows:
        count = f"{row.queries} queries" if row.queries else ""
        print(f"  {row.what:<48}{row.figure:>20}{count:>13}   {row.ratio}".rstrip())
    sys.stdout.flush()


if __name__ == "__main__":
    main()
