"""Loading: the real pipeline against the database's own bulk path, and its memory."""

import statistics
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

# Loading is so quick that it takes more documents than other sections to be seen.
TIMES = 8
# It is measured in parts, each followed by its rows raw: what else the machine does
# falls on both alike. The first finds an empty database, and makes the posts.
PARTS = 8


@dataclass(frozen=True)
class Part:
    """Seconds that a part of the documents took, and its rows by the bulk path."""

    took: float
    loading: float
    raw: float
    rows: int


def measure(work):
    """Documents loaded part by part, their rows raw; all loaded again unchanged."""
    from positions.models import Paragraph, Source

    share = max(1, TIMES * work.size // PARTS)
    count = PARTS * share
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        loads = [
            Load(Path(folder, f"{n}"), share, after=n * share) for n in range(PARTS)
        ]
        parts, memory = [], []
        for load in loads:
            parts.append(part(load, work.spare))
            memory.append(peak_memory())
        paragraphs = Paragraph.objects.count()
        again = sum(seconds(load) for load in loads)
    unchanged = sum(load.unchanged for load in loads)
    if (Source.objects.count(), unchanged) != (count, count):
        raise SystemExit(f"Not all of {count} documents were loaded.")
    first, *further = parts
    took = sum(one.took for one in parts)
    return [
        *ratio_rows(parts, share),
        Row(
            "  their paragraphs",
            rate(paragraphs, sum(one.loading for one in parts), "paragraphs"),
        ),
        Row(
            f"{bulk.path()} of the same {sum(one.rows for one in parts):,} rows",
            rate(count, sum(one.raw for one in parts), "documents"),
        ),
        Row(
            f"the first {share:,}, with the posts they make",
            rate(share, first.loading, "documents"),
            f"{number(first.raw / first.loading)} of {bulk.path()}",
        ),
        Row(
            "the same again, unchanged",
            rate(count, again, "documents"),
            f"{number(took / again)} x as fast as first",
        ),
        Row(f"peak memory at {share:,} documents", f"{number(memory[0])} MB"),
        Row(
            f"peak memory at {count:,} documents",
            f"{number(memory[-1])} MB",
            times_of(memory[-1], memory[0], f"that at {share:,}"),
        ),
    ]


def part(load, spare):
    beyond = bulk.last_rows()
    load.time()
    raw, rows = bulk.copy(spare, beyond)
    return Part(load.took, load.loading, raw, rows)


def ratio_rows(parts, share):
    """The whole, with parsing and without; the ratio is that of the middle part."""
    count = len(parts) * share
    for what, name in (
        (f"{count:,} documents, parsed and loaded", "took"),
        ("  without parsing", "loading"),
    ):
        ratios = sorted(one.raw / getattr(one, name) for one in parts)
        yield Row(
            what,
            rate(count, sum(getattr(one, name) for one in parts), "documents"),
            f"{number(statistics.median(ratios))} of {bulk.path()} "
            f"({number(ratios[0])} to {number(ratios[-1])})",
        )


@dataclass
class Load:
    """Import so many cables from a folder; called again, import it again."""

    folder: Path
    count: int
    after: int = 0
    took: float = 0.0
    parsing: float = 0.0
    unchanged: int = field(default=0, init=False)

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

        parse, spent = timed(documents.parse)
        report = documents.run_reads(
            reading.read_all([self.folder], formats.finding_out(["cable"])),
            parse,
            {cable.PARSER},
            "bench",
            command="import_cables",
            arguments={},
        )
        self.unchanged = report.unchanged
        self.parsing = self.parsing or spent.seconds
