"""Searching: the index against the database alone, and finding as a table grows."""

import io
from contextlib import redirect_stdout

from tests.bench import search
from tests.bench.measuring import Row, milliseconds, times_of

PARAGRAPHS = 10


def measure(work):
    """Ten paragraphs a document of `size`; a page of the newest hits of each query."""
    count = PARAGRAPHS * work.size
    search.make_paragraphs(count // 4)
    small = search.time_finding()
    search.make_paragraphs(count - count // 4)
    told = io.StringIO()
    with redirect_stdout(told):
        search.measure_filling(count)
    filled, _, ratio = told.getvalue().strip().partition(": ")
    found = search.time_finding()
    return [
        Row(filled, ratio=ratio),
        *(
            Row(
                f"{what}, among {count:,}",
                milliseconds(took),
                times_of(took, small[what], f"among {count // 4:,}"),
            )
            for what, took in found.items()
        ),
    ]
