"""What evidence and judgements look like in JSON: statements and stances."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cached_property
from typing import Any

from django.db import models
from drf_spectacular.utils import extend_schema_field as told_as
from rest_framework import serializers as s

from positions import choices as c
from positions.models import Stance, Statement

from .serializers import (
    NamedShape,
    ShortActorShape,
    ShortDispositionShape,
    ShortOptionShape,
    ShortSourceShape,
    once,
    show_actor,
)
from .shape import Shape
from .sight import beside_statements, day_of


class CitedShape(Shape):
    """A citation; words above the reader's level are withheld, never the citation."""

    role = s.ChoiceField(c.CitationRole.choices)
    citation = s.CharField(help_text="08TOKYO1212, para 3 (S)")
    paragraph = s.CharField()
    paragraph_label = s.CharField(help_text="As printed in this copy.")
    marking = s.CharField()
    quote = s.CharField(help_text="Empty if withheld.")
    quote_language = s.CharField()
    quote_translation = s.CharField()
    quote_withheld = s.BooleanField()
    source = ShortSourceShape(
        allow_null=True, help_text="Null where the source is not open to this reader."
    )
    source_dated = s.DateField(
        allow_null=True, help_text="Null unless known to the day."
    )
    source_dated_edtf = s.CharField()
    source_published = s.DateField(allow_null=True)
    source_published_edtf = s.CharField()


class ShortStatementShape(Shape):
    """What a timeline shows of a statement."""

    key = s.CharField()
    actor = ShortActorShape()
    disposition = ShortDispositionShape()
    speaker_name = s.CharField()
    speaker_role = s.CharField()
    speaker_rank = s.ChoiceField(c.SpeakerRank.choices)
    on_authority_of = s.CharField(source="authority_name")
    reporter = s.SerializerMethodField()
    standing = s.ChoiceField(c.Standing.choices)
    form = s.ChoiceField(c.Form.choices)
    publicity = s.ChoiceField(c.Publicity.choices)
    modality = s.ChoiceField(c.Modality.choices)
    event = NamedShape(allow_null=True)
    said_on = s.SerializerMethodField(help_text="Null unless known to the day.")
    said_on_edtf = s.CharField(source="said_on")
    holds_on_edtf = s.CharField(source="holds_on", help_text="Empty: as said.")
    holds_on_earliest = s.DateField(source="holds_earliest", allow_null=True)
    holds_on_latest = s.DateField(source="holds_latest", allow_null=True)
    coded_at = s.DateTimeField()
    single_coded = s.BooleanField(help_text="Accepted by its own coder.")
    citations = s.SerializerMethodField(help_text="The main citation first.")
    url = s.SerializerMethodField(help_text="Its public page.")

    @told_as(ShortActorShape(allow_null=True))
    def get_reporter(self, row: Statement) -> dict[str, Any] | None:
        return self.guarded(row.reporter, show_actor)

    def get_said_on(self, row: Statement) -> date | None:
        return day_of(row.said_earliest, row.said_latest)

    @told_as(CitedShape(many=True))
    def get_citations(self, row: Statement) -> list[dict[str, Any]]:
        show = self._cited.to_representation
        return [show(self.sight.cite(one)) for one in row.citations.all()]

    @cached_property
    def _cited(self) -> CitedShape:
        return CitedShape(context=self.context)

    def get_url(self, row: Statement) -> str:
        return self.context["addresses"].page("statement", row.key)


class StatementShape(ShortStatementShape):
    """A statement whole."""

    version = s.IntegerField()
    state = s.ChoiceField(c.StatementState.choices)
    utterance_id = s.CharField(
        source="utterance", help_text="Shared by statements coded from one utterance."
    )
    issue = NamedShape(source="option.survivor.issue")
    option = ShortOptionShape()
    over_option = ShortOptionShape(allow_null=True)
    facet = s.ChoiceField(c.Facet.choices, source="disposition.facet", allow_blank=True)
    mode = s.ChoiceField(c.Mode.choices, allow_blank=True)
    reasons = s.SerializerMethodField()
    speaker_key = s.SerializerMethodField()
    audience = s.CharField()
    condition = s.CharField()
    extends_to = s.ChoiceField(c.ExtendsTo.choices)
    extends_except = s.SerializerMethodField()
    reliability = s.ChoiceField(c.Reliability.choices)
    credibility = s.ChoiceField(c.Credibility.choices)
    said_on_earliest = s.DateField(source="said_earliest", allow_null=True)
    said_on_latest = s.DateField(source="said_latest", allow_null=True)
    said_on_basis = s.ChoiceField(c.DateBasis.choices, source="said_basis")
    accepted_on = s.SerializerMethodField()
    changed_at = s.DateTimeField()

    @staticmethod
    def beside(rows: Iterable[Statement]) -> Iterable[models.Model | None]:
        yield from beside_statements(rows)
        for row in rows:
            yield from row.extends_except.all()

    def get_reasons(self, row: Statement) -> list[str]:
        return [reason.key for reason in row.reasons.all()]

    def get_speaker_key(self, row: Statement) -> str | None:
        return row.speaker and row.speaker.survivor.key

    @told_as(ShortActorShape(many=True))
    def get_extends_except(self, row: Statement) -> list[dict[str, Any]]:
        rows = (a for a in row.extends_except.all() if self.sight.show(a))
        return once(show_actor(a) for a in rows)

    def get_accepted_on(self, row: Statement) -> date | None:
        return row.accepted_at and row.accepted_at.date()


class EvidenceShape(Shape):
    """What a statement is to a stance."""

    relation = s.ChoiceField(c.Relation.choices)
    statement = ShortStatementShape()


class StanceShape(Shape):
    key = s.CharField()
    version = s.IntegerField()
    state = s.ChoiceField(c.StanceState.choices)
    issue = NamedShape(source="option.survivor.issue")
    actor = ShortActorShape()
    option = ShortOptionShape()
    facet = s.ChoiceField(c.Facet.choices)
    disposition = ShortDispositionShape()
    mode = s.ChoiceField(c.Mode.choices, allow_blank=True)
    holds_from = s.DateField()
    holds_to = s.DateField(
        allow_null=True, help_text="The first day it no longer holds; null: open."
    )
    end_reason = s.CharField()
    changed_after = s.DateField(allow_null=True)
    last_confirmed = s.DateField(allow_null=True)
    confidence = s.ChoiceField(c.Confidence.choices)
    rationale = s.CharField()
    basis = s.ChoiceField(c.Basis.choices)
    evidence_level = s.ChoiceField(
        c.EvidenceLevel.choices, source="level", allow_blank=True
    )
    through = ShortActorShape(
        allow_null=True, help_text="The group through which it holds."
    )
    rule_version = s.CharField()
    codebook_version = s.CharField()
    evidence = EvidenceShape(many=True)

    @staticmethod
    def beside(rows: Iterable[Stance]) -> Iterable[models.Model | None]:
        return beside_statements(
            e.statement for row in rows for e in row.evidence.all()
        )
