"""A whole collection, loaded for the first time as a desk would do it: two processes
parse, this one loads, and the search index is made at the end."""

import multiprocessing
import resource
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from tests.bench import cables
from tests.bench.measuring import (
    Row,
    backend_time,
    number,
    peak_memory,
    rate,
    seconds,
)

JOBS = 2
# So many cables stand in one file of the dump.
A_FILE = 10_000
# What comes later is so small a part of the whole.
PART = 100
LOOK_EVERY = 500


def measure(work):
    """The first load, the same again, and a little more of it."""
    more = max(1, work.size // PART)
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        first, further = Path(folder, "first"), Path(folder, "more")
        size = write(first, work.size) + write(further, more, first=work.size)
        load = Load(first)
        load.time()
        again = seconds(load)
        later = seconds(Load(further))
    if load.unchanged != work.size:
        raise SystemExit(f"{load.unchanged} of {work.size} documents were loaded.")
    return [
        Row(
            f"{work.size:,} documents, {size / 1e9:.2f} GB, {JOBS} processes parsing",
            f"{number(load.took / 60)} minutes",
            f"{rate(work.size, load.took, 'documents')}",
        ),
        Row("  of that, the search index", f"{number(load.indexing / 60)} minutes"),
        *load.processor_rows(work.size),
        Row("peak memory of the importer", f"{number(load.memory)} MB", load.processes),
        Row(
            "the same again, unchanged",
            rate(work.size, again, "documents"),
            f"{number(load.took / again)} x as fast as first",
        ),
        Row(f"{more:,} more documents", rate(more, later, "documents")),
    ]


def write(folder, count, *, first=0):
    """Write so many cables as a dump of several files, a process for each core."""
    folder.mkdir()
    starts = range(first, first + count, A_FILE)
    with ProcessPoolExecutor(
        JOBS, mp_context=multiprocessing.get_context("spawn")
    ) as executor:
        one = partial(write_file, folder, first + count)
        return sum(executor.map(one, starts))


def write_file(folder, end, start):
    path = folder / f"cables-{start:07d}.csv"
    return cables.write_dump(path, min(A_FILE, end - start), first=start)


@dataclass
class Load:
    """Import a folder as the command does; called again, import it again."""

    folder: Path
    took: float = 0.0
    unchanged: int = 0
    done: int = 0
    index_since: float = 0.0
    indexing: float = 0.0
    peaks: dict = field(default_factory=dict)
    processor: dict = field(default_factory=dict)

    def time(self):
        before = processor_times()
        self.took = seconds(self)
        if self.index_since:
            self.indexing = time.perf_counter() - self.index_since
        after = processor_times()
        self.processor = {name: after[name] - before[name] for name in after}

    def __call__(self):
        from ingest.pipeline import documents

        report = documents.run(
            [self.folder],
            "cable",
            "bench",
            command="import_cables",
            jobs=JOBS,
            progress=self.look,
            say=self.hear,
        )
        if report.stopped:
            raise SystemExit(report.stopped)
        self.unchanged = report.unchanged

    def look(self, item):
        """Look now and then how much memory the processes that parse have held."""
        self.done += 1
        if self.done % LOOK_EVERY == 1:
            for child in multiprocessing.active_children():
                self.peaks[child.pid] = peak_memory(child.pid)

    def hear(self, sentence):
        if "being made" in sentence:
            self.index_since = time.perf_counter()

    @property
    def memory(self):
        return peak_memory() + sum(self.peaks.values())

    @property
    def processes(self):
        parsing = " + ".join(number(peak) for peak in self.peaks.values())
        return f"{number(peak_memory())} + {parsing} of those that parse"

    def processor_rows(self, count):
        for name, spent in self.processor.items():
            figure = f"{number(spent / 60)} minutes"
            each = f"{number(1000 * spent / count)} ms a document"
            yield Row(f"  processor time, {name}", figure, each)


def processor_times():
    """Seconds that the processors have spent so far, by who had them spend it."""
    times = {
        "loading": spent(resource.RUSAGE_SELF),
        "parsing": spent(resource.RUSAGE_CHILDREN),
    }
    if (database := backend_time()) is not None:
        times["the database"] = database
    return times


def spent(whose):
    usage = resource.getrusage(whose)
    return usage.ru_utime + usage.ru_stime
