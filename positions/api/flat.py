"""Flat tables: one row of plain cells, for data frames and spreadsheets.

RFC 4180, a header always, ISO days, empty = missing, true and false, no JSON in a
cell; several keys in one cell are joined by semicolons. Nothing is altered on its way
out, not even a cell that a spreadsheet would take for a formula: quotes are evidence.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from django.db import models

from positions import keyset
from positions.choices import Relation
from positions.models import Actor, Statement
from positions.periods import Period, Position
from positions.readers import Reader

from .addresses import Addresses
from .sight import Cited, Sight, beside_statements, day_of

Cells = Mapping[str, Any]


def _columns(names: str) -> tuple[str, ...]:
    return tuple(names.split())


POSITIONS = _columns(
    "as_of known_on issue_key actor_key actor_name actor_iso3 actor_cow short_phrase "
    "long_phrase n_current n_carried n_contested last_evidence url"
)
TIMELINE = _columns(
    "period_id layer rule_version codebook_version issue_key actor_key actor_name "
    "actor_kind actor_iso3 actor_cow option_key option_name option_kind "
    "option_parent_key option_headline facet disposition disposition_label phrase "
    "score rank mode status holds_from_earliest holds_from holds_to end_reason "
    "last_confirmed previous_disposition previous_score publicity through_actor_key "
    "evidence_level confidence n_statements n_events n_contradict n_about "
    "previous_government single_coded statement_id said_on said_on_edtf holds_on_edtf "
    "speaker_name speaker_role speaker_rank on_authority_of reporter_key standing form "
    "event_key event_name source_key source_dated source_published paragraph "
    "paragraph_label marking quote quote_language quote_translation quote_withheld "
    "citation url as_of known_on"
)
STATEMENTS = _columns(
    "statement_id utterance_id state said_on said_on_earliest said_on_latest "
    "said_on_edtf said_on_basis holds_on_earliest holds_on_latest holds_on_edtf "
    "issue_key actor_key actor_iso3 actor_cow speaker_name speaker_role speaker_rank "
    "on_authority_of audience reporter_key standing form publicity modality condition "
    "event_key option_key over_option_key facet disposition score rank mode reasons "
    "reliability credibility extends_to source_key source_title source_dated "
    "source_published collection paragraph paragraph_label marking quote "
    "quote_language quote_translation n_repeats citation url accepted_on single_coded "
    "changed_at"
)

CHUNK = 200


# -- cells --------------------------------------------------------------------------


def cell(value: Any) -> str:
    """A value as a cell has it; "" for None."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def written(columns: Sequence[str], lines: Iterable[Cells]) -> Iterator[str]:
    """The table as text, header first, a line at a time."""
    writer = csv.writer(_Echo())
    yield writer.writerow(columns)
    for line in lines:
        yield writer.writerow([cell(line[name]) for name in columns])


class _Echo:
    """What a csv writer writes to, to have the line back."""

    def write(self, text: str) -> str:
        return text


def key_of(record: Any) -> str | None:
    """The key of a record, as it is read."""
    return record and getattr(record, "survivor", record).key


def actor_cells(actor: Actor) -> Cells:
    return {
        "actor_key": actor.key,
        "actor_name": actor.name,
        "actor_kind": actor.kind,
        "actor_iso3": actor.identifier("iso3"),
        "actor_cow": actor.identifier("cow"),
    }


def statement_cells(row: Statement | None, sight: Sight) -> Cells:
    """What both tables tell of a statement; all empty for none."""
    if row is None:
        return dict.fromkeys(_STATEMENT_CELLS)
    return {
        "statement_id": row.key,
        "said_on": day_of(row.said_earliest, row.said_latest),
        "said_on_edtf": row.said_on,
        "holds_on_edtf": row.holds_on,
        "speaker_name": row.speaker_name,
        "speaker_role": row.speaker_role,
        "speaker_rank": row.speaker_rank,
        "on_authority_of": row.authority_name,
        "reporter_key": key_of(sight.show(row.reporter)),
        "standing": row.standing,
        "form": row.form,
        "event_key": key_of(row.event),
        "event_name": row.event and row.event.name,
    }


_STATEMENT_CELLS = _columns(
    "statement_id said_on said_on_edtf holds_on_edtf speaker_name speaker_role "
    "speaker_rank on_authority_of reporter_key standing form event_key "
    "event_name"
)
_CITED_CELLS = (
    "citation",
    "paragraph",
    "paragraph_label",
    "marking",
    "quote",
    "quote_language",
    "quote_translation",
    "quote_withheld",
    "source_dated",
    "source_published",
)


def cited_cells(row: Statement | None, sight: Sight) -> Cells:
    """Where the main citation of a statement stands, as far as the reader may know."""
    cited: Cited | None = sight.cite(row.main) if row and row.main else None
    source = cited and cited.source
    return {
        **{name: getattr(cited, name, None) for name in _CITED_CELLS},
        "source_key": key_of(source),
        "source_title": source and source.title,
        "collection": source and source.collection.key,
    }


# -- lines --------------------------------------------------------------------------


def position_line(row: Position, addresses: Addresses) -> Cells:
    return {
        **actor_cells(row.actor),
        "short_phrase": row.short_phrase,
        "long_phrase": row.long_phrase,
        "n_current": row.count("current"),
        "n_carried": row.count("carried"),
        "n_contested": row.count("contested"),
        "last_evidence": row.last_evidence,
        "url": addresses.page("actor", row.actor.key),
    }


def timeline_line(row: Period, sight: Sight, addresses: Addresses) -> Cells:
    """A period, and the statement that opened it."""
    opened = row.opened_by
    return {
        **actor_cells(row.actor),
        **_judged_cells(row),
        **statement_cells(opened, sight),
        **cited_cells(opened, sight),
        "url": opened and addresses.page("statement", opened.key),
    }


def _judged_cells(row: Period) -> Cells:
    option, previous = row.option, row.previous
    return {
        "period_id": row.id,
        "layer": row.layer,
        "rule_version": row.rule_version,
        "codebook_version": row.codebook_version,
        "option_key": option.key,
        "option_name": option.name,
        "option_kind": option.kind,
        "option_parent_key": key_of(option.parent),
        "option_headline": option.headline,
        "facet": row.facet,
        "disposition": ";".join(d.code for d in row.dispositions),
        "disposition_label": ";".join(d.label for d in row.dispositions),
        "phrase": row.phrase,
        "score": row.score,
        "rank": None if row.contested else row.disposition.rank,
        "mode": row.mode,
        "status": row.status,
        "holds_from_earliest": row.holds_from_earliest,
        "holds_from": row.holds_from,
        "holds_to": row.holds_to,
        "end_reason": row.end_reason,
        "last_confirmed": row.last_confirmed,
        "previous_disposition": previous and previous.code,
        "previous_score": previous and previous.score,
        "publicity": row.publicity,
        "through_actor_key": key_of(row.through),
        "evidence_level": row.level,
        "confidence": row.confidence,
        "n_statements": row.count(Relation.SUPPORTS),
        "n_events": row.n_events,
        "n_contradict": row.count(Relation.CONTRADICTS),
        "n_about": row.count("about"),
        "previous_government": row.previous_government,
        "single_coded": row.single_coded,
    }


def statement_line(row: Statement, sight: Sight, addresses: Addresses) -> Cells:
    option, actor = row.option.survivor, row.actor.survivor
    return {
        **actor_cells(actor),
        **statement_cells(row, sight),
        **cited_cells(row, sight),
        "utterance_id": row.utterance,
        "state": row.state,
        "said_on_earliest": row.said_earliest,
        "said_on_latest": row.said_latest,
        "said_on_basis": row.said_basis,
        "holds_on_earliest": row.holds_earliest,
        "holds_on_latest": row.holds_latest,
        "issue_key": key_of(option.issue),
        "audience": row.audience,
        "publicity": row.publicity,
        "modality": row.modality,
        "condition": row.condition,
        "option_key": option.key,
        "over_option_key": key_of(row.over_option),
        "facet": row.disposition.facet,
        "disposition": row.disposition.code,
        "score": row.disposition.score,
        "rank": row.disposition.rank,
        "mode": row.mode,
        "reasons": ";".join(reason.key for reason in row.reasons.all()),
        "reliability": row.reliability,
        "credibility": row.credibility,
        "extends_to": row.extends_to,
        "n_repeats": sum(c.role == "repeats" for c in row.citations.all()),
        "url": addresses.page("statement", row.key),
        "accepted_on": row.accepted_at and row.accepted_at.date(),
        "single_coded": row.single_coded,
        "changed_at": row.changed_at,
    }


def statement_lines(
    rows: models.QuerySet, order: keyset.Order, reader: Reader, addresses: Addresses
) -> Iterator[Cells]:
    """All statements of a list, in its order, a constant number of queries a chunk."""
    for chunk in keyset.walk(rows, order, size=CHUNK):
        sight = Sight(reader, beside_statements(chunk))
        for row in chunk:
            yield statement_line(row, sight, addresses)


def by_actor(
    actors: models.QuerySet, read: Callable[[list[Actor]], Iterable[Cells]]
) -> Iterator[Cells]:
    """Lines of all actors in the order of their keys, a chunk of actors at a time.

    The order is Python's: what a database thinks of a hyphen depends on its locale.
    """
    keys = sorted(actors.values_list("key", "pk"))
    for start in range(0, len(keys), CHUNK):
        chunk = [pk for _, pk in keys[start : start + CHUNK]]
        found = {actor.pk: actor for actor in actors.filter(pk__in=chunk)}
        yield from read([found[pk] for pk in chunk if pk in found])
