"""Suggesting: what is found of what a coder codes, by field and register; the speed.

Measured on two labelled sets: one was written with the rules (`tests/data/labelled`),
the other before its author had seen them (`tests/data/unseen`), and says what they are
worth elsewhere. Rules were tuned on the development halves alone. *Found* is (actor,
option) in a paragraph: precision and recall. The other fields are shares of what was
found.
"""

import time

from tests import labelled
from tests.bench import cables
from tests.bench.measuring import Row, number, rate, timed

FIELDS = ("disposition", "facet", "standing", "modality", "date", "span")
LABELS = {"development": "development half", "held_out": "held-out half"}
SETS = {
    labelled.WITH_RULES: "written with the rules",
    labelled.UNSEEN: "written before they were seen",
}
# The labelled half is read so many times for its speed.
ROUNDS = 5


def measure(work):
    rows = []
    for folder, written in SETS.items():
        for half in labelled.HALVES:
            score = labelled.score(half, folder=folder)
            rows.append(scored(f"{written}, {LABELS[half]}", score))
        documents = labelled.documents("held_out", folder)
        for register in sorted({d.register for d in documents}):
            score = labelled.score("held_out", register, folder)
            rows.append(scored(f"{written}, held-out half, {register}", score))
    return [*rows, *speeds(work)]


def scored(what, score):
    """`P 0.91 R 0.72 (of 94)`, and the fields given (actor, option)."""
    fields = ", ".join(f"{name} {score.given(name):.2f}" for name in FIELDS)
    repeats = f"; repeats {score.repeated} of {score.repeats}" if score.repeats else ""
    return Row(
        f"{what}: {score.gold} statements",
        f"P {score.precision:.2f} R {score.recall:.2f}",
        f"{fields}{repeats}",
    )


def speeds(work):
    """Paragraphs a second of one core: the set, and cables that name no option."""
    from ingest import formats
    from ingest.suggesting import Line, Page, suggest

    known = labelled.known()
    run, taken = timed(suggest, time.process_time)
    pages = [d.page for half in labelled.HALVES for d in labelled.documents(half)]
    for page in pages * ROUNDS:
        run(page, known)
    count = ROUNDS * sum(len(page.paragraphs) for page in pages)
    rows = [Row("labelled paragraphs", rate(count, taken.seconds, "paragraphs"))]
    run, taken = timed(suggest, time.process_time)
    count = 0
    for read in cables.reads(work.size):
        document = formats.parse(read)
        lines = tuple(
            Line(p.order, document.text_of(p), p.role, p.voices)
            for p in document.paragraphs
        )
        count += len(lines)
        run(Page(lines, dated=document.dated, kind=document.kind), known)
    rows.append(
        Row(
            "paragraphs of cables that name no option",
            rate(count, taken.seconds, "paragraphs"),
            f"{number(count / work.size)} a cable",
        )
    )
    return rows
