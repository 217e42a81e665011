"""What a reader may see of the records that stand beside others in an answer.

A list holds only what is visible itself; what its rows name is not always. A private
source is cited by its identifier and nothing else; a person whom nothing public names
is not there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from django.db import models

from positions.choices import ActorKind
from positions.models import Actor, Citation, Issue, Option, Source, Statement
from positions.periods import Line, Period, quote_for
from positions.readers import Reader

Record = TypeVar("Record", Actor, Issue, Option, Source)


@dataclass(frozen=True, slots=True)
class Cited:
    """A citation as a reader may see it: always its name, perhaps words and source."""

    role: str
    citation: str
    paragraph: str
    paragraph_label: str
    marking: str
    quote: str
    quote_language: str
    quote_translation: str
    quote_withheld: bool
    source: Source | None

    @property
    def source_dated(self) -> date | None:
        return self.source and day_of(
            self.source.dated_earliest, self.source.dated_latest
        )

    @property
    def source_dated_edtf(self) -> str:
        return self.source.dated if self.source else ""

    @property
    def source_published(self) -> date | None:
        return self.source and day_of(
            self.source.published_earliest, self.source.published_latest
        )

    @property
    def source_published_edtf(self) -> str:
        return self.source.published if self.source else ""


class Sight:
    """One reader's view of the records beside some rows; one query a model."""

    def __init__(self, reader: Reader, beside: Iterable[models.Model | None] = ()):
        self.reader = reader
        self._visible: dict[type[models.Model], set[int]] = {}
        if reader.curator:
            return
        asked: dict[type[models.Model], set[int]] = defaultdict(set)
        for record in map(_read_as, beside):
            if record is not None and _may_be_hidden(record):
                asked[type(record)].add(record.pk)
        for model, pks in asked.items():
            rows = model.objects.visible_to(reader).filter(pk__in=pks)
            self._visible[model] = set(rows.values_list("pk", flat=True))

    def show(self, record: Record | None) -> Record | None:
        """The record as it is read, or None where the reader may not know of it."""
        record = _read_as(record)
        if record is None or self.reader.curator or not _may_be_hidden(record):
            return record
        return record if record.pk in self._visible.get(type(record), ()) else None

    def cite(self, citation: Citation) -> Cited:
        paragraph, said = citation.paragraph, quote_for(citation, self.reader)
        source = paragraph.revision.source
        return Cited(
            role=citation.role,
            citation=said.citation,
            paragraph=paragraph.name,
            paragraph_label=paragraph.label,
            marking=paragraph.mark,
            quote=said.text,
            quote_language=source.language,
            quote_translation=said.translation,
            quote_withheld=said.withheld,
            source=self.show(source),
        )


def _read_as(record: Any) -> Any:
    """What a merged record is read as; anything else is read as itself."""
    return getattr(record, "survivor", record)


def _may_be_hidden(record: models.Model) -> bool:
    return not isinstance(record, Actor) or record.kind == ActorKind.PERSON


def beside_statements(rows: Iterable[Statement]) -> Iterable[models.Model | None]:
    """What statements name that may be hidden; a public one shows who speaks in it."""
    for row in rows:
        yield row.reporter
        for citation in row.citations.all():
            yield citation.paragraph.revision.source


def beside_periods(rows: Iterable[Period]) -> Iterable[models.Model | None]:
    return beside_statements(statements_of(rows))


def statements_of(rows: Iterable[Period]) -> list[Statement]:
    """Every statement behind some periods, each once."""
    lines: Iterable[Line] = (line for period in rows for line in period.lines)
    return list({line.statement.pk: line.statement for line in lines}.values())


def day_of(earliest: date | None, latest: date | None) -> date | None:
    """The day, where the date is known to the day; None for months and ranges."""
    return earliest if earliest == latest else None
