"""`make bench`: how fast, how many queries, how much memory, as ratios in one run.

Each section runs in a process of its own on databases of its own: SQLite, and
PostgreSQL where TEST_DATABASE_URL or DATABASE_URL names a server.
"""

import argparse
import itertools
import json
import os
import platform
import sys
import time
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date

from tests.bench import databases
from tests.bench.measuring import Row

SIZE = 500


@dataclass(frozen=True)
class Section:
    """A module of this folder whose `measure(work)` gives the rows of the table.

    `databases`: how many it needs, 0 for one that measures no database at all.
    `engine`: the only one it is for. `at_wish`: only where it is asked for by name.
    """

    name: str
    title: str
    databases: int = 1
    engine: str = ""
    at_wish: bool = False


SECTIONS = {
    section.name: section
    for section in (
        Section("parsing", "Parsing cables on one core", databases=0),
        Section("suggesting", "Suggesting statements", databases=0),
        Section("loading", "Loading cables", databases=2),
        Section("memory", "Memory of an import", engine="SQLite"),
        Section(
            "collection", "The whole collection", engine="PostgreSQL", at_wish=True
        ),
        Section("serving", "Serving pages of the API"),
        Section("deriving", "Deriving positions by the rule"),
        Section("desks", "Pages of the admin"),
        Section("workplace", "The reading desk and the queue of a whole collection"),
        Section("finding", "Searching"),
    )
}


def main(arguments=None):
    given = arguments_of(arguments)
    always = [name for name, section in SECTIONS.items() if not section.at_wish]
    wanted = [SECTIONS[name] for name in given.only or always]
    start = time.monotonic()
    print(f"{date.today()}: size {given.size:,}; {machine()}", flush=True)
    for section in wanted:
        if not section.databases:
            show(section.title, measured(section, databases.NONE, given.size))
    wanted = [section for section in wanted if section.databases]
    with databases.engines() if wanted else nullcontext(()) as engines:
        for section, engine in itertools.product(wanted, engines):
            if section.engine not in ("", engine.name):
                continue
            title = f"{section.title}, {engine.name} {engine.version}"
            show(title, measured(section, engine, given.size))
    print(f"\nIt took {time.monotonic() - start:.0f} seconds.")


def arguments_of(arguments):
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument(
        "--size",
        type=int,
        default=SIZE,
        help="Documents, and statements; %(default)s takes about five minutes. The "
        "whole collection of 2010 has 251287.",
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
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{os.cpu_count()} cores {platform.machine()}, {memory:.0f} GB, "
        f"{platform.system()}, Python {platform.python_version()}"
    )


def measured(section, engine, size):
    """The rows of a section, measured on fresh copies of a database."""
    with databases.copies(engine, section.databases) as copies:
        here, *spare = copies or [engine]
        module = ("-m", "tests.bench.worker", section.name, str(size))
        said = databases.run(here, *module, *(other.url for other in spare))
    return [Row(**row) for row in json.loads(said.splitlines()[-1])]


def show(title, rows):
    """Print a section as soon as it is measured."""
    print(f"\n{title}")
    for row in rows:
        count = f"{row.queries} queries" if row.queries else ""
        print(f"  {row.what:<48}{row.figure:>20}{count:>13}   {row.ratio}".rstrip())
    sys.stdout.flush()


if __name__ == "__main__":
    main()
