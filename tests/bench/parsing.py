"""Parsing: cables a second on one core and in two processes, with all they hold."""

import statistics
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from tests.bench import cables
from tests.bench.measuring import Row, number, rate, seconds, timed

PROCESSES, CHUNK = 2, 25


def measure(work):
    """The parser alone, by the time that the processor spent; then in an executor."""
    from ingest import formats, reading

    parse, parsing = timed(formats.parse, time.process_time)
    lines, reading_took = timed(read_lines(reading), time.process_time)
    reads = list(cables.reads(work.size))
    paragraphs, characters = [], []
    for read in reads:
        lines(read)
        document = parse(read)
        numbered = [p for p in document.paragraphs if p.number]
        paragraphs.append(len(numbered))
        characters.append(sum(p.end - p.start for p in numbered))
    took = parsing.seconds
    return [
        Row(
            "cables",
            rate(work.size, took, "cables"),
            f"{number(took / reading_took.seconds)} x decoding and cutting into lines",
        ),
        Row("bytes", rate(sum(len(read.data) for read in reads) / 1e6, took, "MB")),
        Row(
            "paragraphs",
            rate(sum(paragraphs), took, "paragraphs"),
            f"median {statistics.median(paragraphs):.0f} of "
            f"{statistics.median(characters) / 1000:.1f} kB a cable, "
            f"most {max(paragraphs)}",
        ),
        in_processes(formats.parse, reads),
    ]


def in_processes(parse, reads):
    """By the wall clock: read here, parsed there, and the documents brought back."""
    alone = seconds(lambda: exhaust(map(parse, reads)))
    # Processes of their own, as beside a database: nothing open is shared with them.
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as executor:
        exhaust(executor.map(parse, reads[:1] * PROCESSES * CHUNK))
        took = seconds(lambda: exhaust(executor.map(parse, reads, chunksize=CHUNK)))
    return Row(
        f"cables, in {PROCESSES} processes",
        rate(len(reads), took, "cables"),
        f"{number(alone / took)} x as fast as in one",
    )


def exhaust(documents):
    for _ in documents:
        pass


def read_lines(reading):
    """The least that any parser of texts does."""
    return lambda read: reading.decode(read.data, read.name).text.splitlines()
