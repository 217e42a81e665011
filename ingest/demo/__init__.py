"""The demonstration: its files through the imports that everybody uses.

Loading it again repeats nothing, and never changes what a person did with it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from ingest.pipeline import documents, rows, tables
from ingest.reporting import Report
from positions import answers, deriving
from positions.models import Actor, Issue, Stance, Statement
from positions.models.changes import recording
from positions.periods import Line

FOLDER = Path(__file__).parent
COMMAND = "load_demo"
COLLECTION = "demo"
ISSUE, ACTOR = "cluster-munitions", "japan"
# The day on which the cable was sent that the design begins with.
DAY = date(2008, 5, 2)


@dataclass(frozen=True, slots=True)
class Shown:
    """One position with its proof: for each clause the newest statement behind it."""

    actor: Actor
    issue: Issue
    phrase: str
    proof: tuple[Statement, ...]


def load(who: Any) -> Iterator[tuple[str, Report]]:
    """Load what is missing, step by step; `who` codes, accepts and publishes."""
    options = {"command": COMMAND, "who": who}
    before = ("collections", *rows.ACTORS, *rows.REFERENCE)
    yield "Tables", tables.run([FOLDER], dict.fromkeys(before), **options)
    yield (
        "Digests",
        documents.run([FOLDER / "sources"], "plain", COLLECTION, **options),
    )
    yield "Cable", documents.run([FOLDER / "cables"], "cable", COLLECTION, **options)
    yield "Statements", tables.run([FOLDER], ("statements", "checks"), **options)
    publish_derived(who)
    # A ref of a stance's evidence is one of statements.csv, so both are read.
    yield "Stances", tables.run([FOLDER], ("statements", "stances"), **options)


def publish_derived(who: Any) -> int:
    """Publish what the rule makes of actors that have no stance yet; how many."""
    issue = Issue.objects.get(key=ISSUE)
    judged = Stance.objects.of_issue(issue).values("actor")
    waiting = list(Actor.objects.current().exclude(pk__in=judged))
    derived = deriving.derive_all(waiting, issue)
    published = 0
    for actor in waiting:
        if not any(cell.periods for cell in derived[actor.pk].timeline.cells):
            continue
        with recording(who, tool=COMMAND):
            for stance in deriving.propose(actor, issue, who).made:
                stance.submit(who)
                stance.publish(who)
                published += 1
    return published


def shown() -> Shown:
    """Japan's position on the day of the cable, with what proves it."""
    actor, issue = Actor.objects.get(key=ACTOR), Issue.objects.get(key=ISSUE)
    (position,) = answers.positions(issue, DAY, actors=[actor])
    proof = (
        max(
            (line.statement for line in period.supports if _said_by(line, DAY)),
            key=lambda statement: (statement.holds_latest, statement.pk),
        )
        for period in position.periods
        if period.option.headline
    )
    return Shown(actor, issue, position.short_phrase, tuple(dict.fromkeys(proof)))


def _said_by(line: Line, day: date) -> bool:
    latest = line.statement.holds_latest
    return latest is not None and latest <= day
