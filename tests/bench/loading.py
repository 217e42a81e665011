"""Loading: the real pipeline against the database's own bulk path, and its memory."""

import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from tests.bench import bulk, cables
from tests.bench.measuring import (
    Row,
    number,
    peak_memory,
    rate,
    seconds,
    timed,
    times_of,
)

# Loading is so quick that it takes more documents than other sections to be seen,
# beside the posts that the first of them make.
TIMES = 4
# A further part of the collection is so much of the first.
PART = 4


def measure(work):
    """A collection loaded, loaded again unchanged, and more of it; its rows raw."""
    from positions.models import Source

    count, more = TIMES * work.size, max(1, TIMES * work.size // PART)
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        first = Load(Path(folder, "first"), count)
        further = Load(Path(folder, "more"), more, after=count)
        rows = [*first_rows(first, work.spare)]
        again = seconds(first)
        unchanged = Row(
            "the same again, unchanged",
            rate(count, again, "documents"),
            f"{number(first.took / again)} x as fast as first",
        )
        rows += [unchanged, *further_rows(further, work.spare), *first.memory_rows()]
    documents = Source.objects.count()
    if (documents, first.unchanged) != (count + more, count):
        raise SystemExit(f"{documents} of {count + more} documents were loaded.")
    return rows


def first_rows(load, spare):
    from positions.models import Paragraph

    beyond = bulk.last_rows()
    load.time()
    paragraphs = Paragraph.objects.count()
    raw, rows = bulk.copy(spare, beyond)
    path = bulk.path()
    yield Row(
        f"{load.count:,} documents, parsed and loaded",
        rate(load.count, load.took, "documents"),
        f"{number(raw / load.took)} of {path}",
    )
    yield Row(
        "  without parsing",
        rate(load.count, load.loading, "documents"),
        f"{number(raw / load.loading)} of {path}",
    )
    yield Row("  their paragraphs", rate(paragraphs, load.loading, "paragraphs"))
    yield Row(f"{path} of the same {rows:,} rows", rate(load.count, raw, "documents"))


def further_rows(load, spare):
    beyond = bulk.last_rows()
    load.time()
    raw, _ = bulk.copy(spare, beyond)
    yield Row(
        f"{load.count:,} more documents, without parsing",
        rate(load.count, load.loading, "documents"),
        f"{number(raw / load.loading)} of {bulk.path()}",
    )


@dataclass
class Load:
    """Import so many cables from a folder; called again, import it again."""

    folder: Path
    count: int
    after: int = 0
    took: float = 0.0
    parsing: float = 0.0
    unchanged: int = 0
    done: int = 0
    memory: dict = field(default_factory=dict)

    def __post_init__(self):
        self.folder.mkdir()
        cables.write(self.folder, self.count, first=self.after)

    @property
    def loading(self):
        return self.took - self.parsing

    def time(self):
        self.took = seconds(self)

    def __call__(self):
        from ingest import formats, reading
        from ingest.formats import cable
        from ingest.pipeline import documents

        self.done = 0
        parse, spent = timed(documents.parse)
        report = documents.run_reads(
            reading.read_all([self.folder], formats.finding_out(["cable"])),
            parse,
            {cable.PARSER},
            "bench",
            command="import_cables",
            arguments={},
            progress=self.count_one,
        )
        self.unchanged = report.unchanged
        self.parsing = self.parsing or spent.seconds

    def count_one(self, item):
        """Take the memory after a tenth of the documents, and after the last."""
        self.done += 1
        if self.done in (max(1, self.count // 10), self.count):
            self.memory.setdefault(self.done, peak_memory())

    def memory_rows(self):
        (few, then), *_, (many, at_end) = self.memory.items()
        yield Row(f"peak memory at {few:,} documents", f"{number(then)} MB")
        yield Row(
            f"peak memory at {many:,} documents",
            f"{number(at_end)} MB",
            times_of(at_end, then, f"that at {few:,}"),
        )
