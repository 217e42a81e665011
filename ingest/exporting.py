"""Statements -> an event list as Discourse Network Analyzer exports it."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TextIO

from ingest.evidence import key_of
from positions.choices import ActorKind, StatementState
from positions.models import Citation, Issue, Revision, Statement

DNA = "dna"
# The program's own columns and variables, then what it keeps in its database.
COLUMNS = (
    *("statement ID", "time", "document ID", "document title", "author", "source"),
    *("section", "type", "text", "person", "organization", "concept", "agreement"),
    *("start", "stop", "coder", "state", "key"),
)
KEPT = (StatementState.DRAFT, StatementState.REVIEW, StatementState.ACCEPTED)
# How the program writes what a mapping calls by words.
_WRITTEN = {"true": "1", "false": "0", "none": ""}


def write_events(events: Iterable[Mapping[str, Any]], out: TextIO) -> int:
    """Write the list, semicolons between and texts in quotes; how many rows.

    The program turns quotes and semicolons inside a text into others; here they stay.
    """
    writer = csv.DictWriter(
        out, COLUMNS, delimiter=";", quoting=csv.QUOTE_NONNUMERIC, lineterminator="\n"
    )
    writer.writeheader()
    return sum(bool(writer.writerow(event)) for event in events)


def events(
    issue: Issue, mapping: Mapping[str, str], collection: str = ""
) -> Iterator[dict[str, Any]]:
    """One row for the newest version of each statement on the issue.

    `mapping` is the one of the import: agreement -> code. Drafts are statements too;
    what was rejected, retracted or withheld is not. Memory does not grow with them.
    """
    found = Statement.objects.newest().of_issue(issue).filter(state__in=KEPT)
    if collection:
        here = Citation.objects.filter(
            role="main", paragraph__revision__source__collection__key=collection
        )
        found = found.filter(pk__in=here.values("statement"))
    writing = _Writing(mapping)
    rows = found.filter(withheld=False).with_evidence().select_related("coder")
    for statement in rows.order_by("pk").iterator(chunk_size=500):
        # Only a draft that somebody is still writing has no words.
        if statement.main is not None:
            yield writing.row(statement, statement.main)


@dataclass
class _Writing:
    """One list while it is written; one document of it is held at a time."""

    mapping: Mapping[str, str]
    revision: Revision | None = None
    # Key of a statement of the document -> what the database said of it.
    coded: dict[str, Mapping[str, Any]] = field(default_factory=dict)

    def row(self, statement: Statement, main: Citation) -> dict[str, Any]:
        revision = self._opened(main.paragraph.revision_id)
        about = revision.header.get(DNA, {})
        known = self.coded.get(statement.key, {})
        source = revision.source
        person, organization = _named(statement)
        return {
            "statement ID": known.get("id", ""),
            "time": about.get("time") or f"{source.dated} 00:00:00",
            "document ID": about.get("id", source.identifier),
            "document title": about.get("title", source.title),
            "author": about.get("author", source.issuer_text),
            **{name: about.get(name, "") for name in ("source", "section", "type")},
            "text": self._words(main, known),
            "person": person,
            "organization": organization,
            "concept": statement.option.name,
            "agreement": self._agreement(statement, known),
            "start": known.get("start", main.paragraph.start + main.start),
            "stop": known.get("stop", main.paragraph.start + main.end),
            "coder": known.get("coder") or getattr(statement.coder, "username", ""),
            "state": statement.state,
            "key": statement.key,
        }

    def _opened(self, pk: int) -> Revision:
        if self.revision is None or self.revision.pk != pk:
            self.revision = Revision.objects.select_related("source__collection").get(
                pk=pk
            )
            source = self.revision.source
            place = ("statement", source.collection.key, source.identifier)
            stated = self.revision.header.get(DNA, {}).get("statements", {})
            self.coded = {key_of(*place, name): one for name, one in stated.items()}
        return self.revision

    def _words(self, main: Citation, known: Mapping[str, Any]) -> str:
        """All that was coded, also where it runs over several paragraphs."""
        if known and self.revision is not None:
            start, end = known["span"]
            if start <= main.paragraph.start + main.start < end:
                return self.revision.text[start:end]
        return main.quote

    def _agreement(self, statement: Statement, known: Mapping[str, Any]) -> str:
        """The word that the database had, if it means what the statement says now."""
        code = statement.disposition.code
        word = known.get("agreement", "")
        if self.mapping.get(word) != code:
            word = next((w for w, c in self.mapping.items() if c == code), "")
        return _WRITTEN.get(word, word)


def _named(statement: Statement) -> tuple[str, str]:
    """Person and organization: a person who holds a position speaks for nobody."""
    actor = statement.actor
    if actor.kind == ActorKind.PERSON:
        return statement.speaker_text or actor.name, ""
    speaker = statement.speaker.name if statement.speaker else ""
    return statement.speaker_text or speaker, actor.name
