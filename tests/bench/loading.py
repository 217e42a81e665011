"""Loading: the real pipeline against the database's own bulk path, and its memory."""

import tempfile

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


def measure(work):
    """A collection loaded, loaded again unchanged, and its rows copied in raw."""
    from positions.models import Paragraph, Source

    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        cables.write(folder, work.size)
        load = Load(folder, work.size)
        first = seconds(load)
        parsing = load.parsing.seconds
        memory = dict(load.memory)
        again = seconds(load)
    documents, paragraphs = Source.objects.count(), Paragraph.objects.count()
    if (documents, load.unchanged) != (work.size, work.size):
        raise SystemExit(f"{documents} of {work.size} documents were loaded.")
    raw, rows = bulk.copy_all(work.spare)
    path, loading = bulk.path(), first - parsing
    return [
        Row(
            f"{documents:,} documents, parsed and loaded",
            rate(documents, first, "documents"),
            f"{number(raw / first)} of {path}",
        ),
        Row(
            "  without parsing",
            rate(documents, loading, "documents"),
            f"{number(raw / loading)} of {path}",
        ),
        Row("  their paragraphs", rate(paragraphs, loading, "paragraphs")),
        Row(f"{path} of the same {rows:,} rows", rate(documents, raw, "documents")),
        Row(
            "the same again, unchanged",
            rate(documents, again, "documents"),
            f"{number(first / again)} x as fast as first",
        ),
        *memory_rows(memory),
    ]


def memory_rows(memory):
    (few, then), (many, at_end) = memory.items()
    yield Row(f"peak memory at {few:,} documents", f"{number(then)} MB")
    yield Row(
        f"peak memory at {many:,} documents",
        f"{number(at_end)} MB",
        times_of(at_end, then, f"that at {few:,}"),
    )


class Load:
    """Import a folder; called again, import it again."""

    def __init__(self, folder, count):
        self.folder, self.count = folder, count
        self.memory, self.parsing, self.unchanged = {}, None, 0

    def __call__(self):
        from ingest import formats, reading
        from ingest.formats import cable
        from ingest.pipeline import documents

        self.done = 0
        parse, self.parsing = timed(documents.parse)
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

    def count_one(self, item):
        """Take the memory after a tenth of the documents, and after the last."""
        self.done += 1
        if self.done in (max(1, self.count // 10), self.count):
            self.memory.setdefault(self.done, peak_memory())
