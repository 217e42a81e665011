"""What a measurement is, and how time, queries and memory are taken."""

import os
import resource
import statistics
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

from tests.bench.databases import Engine

LEAST_ROUNDS, LEAST_SECONDS = 2, 0.5
MOST_SECONDS = 5


@dataclass(frozen=True)
class Row:
    """One line of the table. `ratio` is what travels to other machines."""

    what: str
    figure: str = ""
    ratio: str = ""
    queries: str = ""


@dataclass(frozen=True)
class Work:
    """What a section is given: how much to measure, and a second empty database."""

    size: int
    spare: Engine | None = None


@dataclass
class Spent:
    """Seconds spent so far in what is being timed."""

    seconds: float = 0.0


def seconds(work):
    """What one run takes by the wall clock."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def shortest(*works):
    """The seconds of the shortest run of each, in turn: others use the machine too."""
    rounds = []
    while len(rounds) < LEAST_ROUNDS or sum(map(sum, rounds)) < LEAST_SECONDS:
        rounds.append([seconds(work) for work in works])
    return [min(taken) for taken in zip(*rounds, strict=True)]


def middle(works):
    """The middle one of the seconds of several pieces of work; of slow ones fewer."""
    taken = []
    for work in works:
        taken.append(seconds(work))
        if sum(taken) > MOST_SECONDS:
            break
    return statistics.median(taken)


def timed(function, clock=time.perf_counter):
    """The function, and the time spent in it from now on."""
    spent = Spent()

    def run(*arguments, **named):
        start = clock()
        try:
            return function(*arguments, **named)
        finally:
            spent.seconds += clock() - start

    return run, spent


@contextmanager
def timing(module, name):
    """Time what a module's function takes of whatever runs inside."""
    run, spent = timed(getattr(module, name))
    with mock.patch.object(module, name, run):
        yield spent


def queries(work):
    """How many statements a piece of work sends to the database."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        work()
    return len(captured)


def peak_memory(pid=None):
    """The most memory that a process has held so far, in MB; this one, if not told.

    0 for another process where the system does not tell it.
    """
    if pid is not None:
        return _told_of(pid, "status", _peak, 0.0)
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (2**20 if sys.platform == "darwin" else 2**10)


def backend_time():
    """Seconds of processor time of the database's process that serves this one.

    None for SQLite, which has none, and for a server on another machine.
    """
    from django.db import connection

    if connection.vendor == "sqlite":
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return _told_of(cursor.fetchone()[0], "stat", _processor_time, None)


def _told_of(pid, file, read, unknown):
    try:
        return read(Path("/proc", str(pid), file).read_text())
    except (OSError, ValueError):
        return unknown


def _peak(status):
    (line,) = (line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) / 2**10


def _processor_time(stat):
    name, _, rest = stat.partition("(")[2].rpartition(")")
    if name != "postgres":
        return None
    user, system = rest.split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


# -- figures as the table shows them -------------------------------------------------


def rate(count, took, unit):
    return f"{number(count / took)} {unit}/s"


def milliseconds(took):
    return f"{number(took * 1000)} ms"


def times_of(took, yardstick, name):
    """`12 x one SQL statement`"""
    return f"{number(took / yardstick)} x {name}"


def number(value):
    """Three digits that matter: 0.0123, 1.23, 12.3, 123, 12,345."""
    if abs(value) >= 100 or value == 0:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.3g}"
