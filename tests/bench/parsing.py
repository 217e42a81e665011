"""Parsing: cables a second on one core, all fields and paragraphs."""

import statistics
import time

from tests.bench import cables
from tests.bench.measuring import Row, number, rate, timed


def measure(work):
    """The parser alone, in this process, by the time that the processor spent."""
    from ingest import reading
    from ingest.formats import cable

    parse, parsing = timed(cable.parse, time.process_time)
    read, reading_took = timed(read_lines(reading), time.process_time)
    size, paragraphs, characters = 0, [], []
    for n in range(work.size):
        identifier, text = cables.cable(n)
        data, name = text.encode(), f"{identifier}.txt"
        size += len(data)
        read(data, name)
        document = parse(data, name)
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
        Row("bytes", rate(size / 1e6, took, "MB")),
        Row(
            "paragraphs",
            rate(sum(paragraphs), took, "paragraphs"),
            f"median {statistics.median(paragraphs):.0f} of "
            f"{statistics.median(characters) / 1000:.1f} kB a cable, "
            f"most {max(paragraphs)}",
        ),
    ]


def read_lines(reading):
    """The least that any parser of texts does."""
    return lambda data, name: reading.decode(data, name).text.splitlines()
