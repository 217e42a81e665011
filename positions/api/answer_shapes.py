"""What positions and timelines look like in JSON."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema_field as told_as
from rest_framework import serializers as s

from positions import answers
from positions import choices as c
from positions.periods import Period, Position

from .evidence_shapes import ShortStatementShape
from .serializers import (
    NamedShape,
    ShortActorShape,
    ShortDispositionShape,
    ShortOptionShape,
)
from .shape import Shape

STATUSES = ("current", "carried", "contested", "lapsed")
LANES = ("any", "public", "confidential")
ONE_LAYER = (answers.ASSERTED, answers.DERIVED)
RELATIONS = (*c.Relation.values, "about")


class JoinableActorShape(ShortActorShape):
    """An actor with what other data sets call it."""

    iso3 = s.SerializerMethodField(help_text="Empty for non-states.")
    cow = s.SerializerMethodField(help_text="Correlates of War; null for non-states.")

    def get_iso3(self, row) -> str:
        return row.identifier("iso3")

    def get_cow(self, row) -> str | None:
        return row.identifier("cow") or None


class LineShape(Shape):
    """A statement behind a period, or set aside from it, and why."""

    relation = s.ChoiceField(RELATIONS)
    counted = s.BooleanField()
    set_aside_by = s.IntegerField(
        allow_null=True, help_text="The clause of the derivation rule."
    )
    reason = s.CharField()
    n_repeats = s.IntegerField()
    statement = ShortStatementShape()


class PeriodShape(Shape):
    """One disposition of an actor towards an option over [holds_from, holds_to)."""

    period_id = s.CharField(source="id", help_text="A stance's key, where asserted.")
    layer = s.ChoiceField(ONE_LAYER)
    option = ShortOptionShape()
    option_parent_key = s.SerializerMethodField()
    facet = s.ChoiceField(c.Facet.choices)
    dispositions = ShortDispositionShape(
        many=True, help_text="More than one: contested."
    )
    phrase = s.CharField()
    score = s.IntegerField(allow_null=True, help_text="Null when contested.")
    mode = s.CharField()
    status = s.ChoiceField(STATUSES)
    sentence = s.CharField(help_text="The status in words, of derived periods.")
    holds_from_earliest = s.DateField()
    holds_from = s.DateField()
    holds_to = s.DateField(
        allow_null=True, help_text="The first day it no longer holds; null: open."
    )
    end_reason = s.CharField()
    changed_after = s.DateField(allow_null=True)
    last_confirmed = s.DateField(allow_null=True)
    previous = ShortDispositionShape(allow_null=True)
    publicity = s.ChoiceField(LANES)
    through = ShortActorShape(
        allow_null=True, help_text="The group through which it holds."
    )
    evidence_level = s.CharField(source="level")
    confidence = s.CharField()
    n_statements = s.SerializerMethodField()
    n_events = s.IntegerField()
    n_contradict = s.SerializerMethodField()
    n_about = s.SerializerMethodField(help_text="Said about the actor; not counted.")
    previous_government = s.BooleanField()
    single_coded = s.BooleanField()
    rationale = s.CharField()
    rule_version = s.CharField()
    codebook_version = s.CharField()

    def get_option_parent_key(self, row: Period) -> str | None:
        return row.option.parent and row.option.parent.survivor.key

    def get_n_statements(self, row: Period) -> int:
        return row.count(c.Relation.SUPPORTS)

    def get_n_contradict(self, row: Period) -> int:
        return row.count(c.Relation.CONTRADICTS)

    def get_n_about(self, row: Period) -> int:
        return row.count("about")


class ProvedPeriodShape(PeriodShape):
    """A period with every statement behind it."""

    evidence = LineShape(many=True, source="lines")


class EvidenceCountShape(Shape):
    """The statements behind an actor's periods, each counted once."""

    supports = s.IntegerField()
    contradicts = s.IntegerField()
    context = s.IntegerField()
    about = s.IntegerField()


class PositionShape(Shape):
    """All of an actor's periods on an issue on a day."""

    actor = JoinableActorShape()
    layer = s.ChoiceField(ONE_LAYER)
    short_phrase = s.CharField()
    long_phrase = s.CharField()
    n_current = s.SerializerMethodField()
    n_carried = s.SerializerMethodField()
    n_contested = s.SerializerMethodField()
    last_evidence = s.DateField(allow_null=True)
    evidence = s.SerializerMethodField()
    stances = PeriodShape(many=True, source="periods")
    url = s.SerializerMethodField(help_text="The actor's public page.")

    def get_n_current(self, row: Position) -> int:
        return row.count("current")

    def get_n_carried(self, row: Position) -> int:
        return row.count("carried")

    def get_n_contested(self, row: Position) -> int:
        return row.count("contested")

    @told_as(EvidenceCountShape)
    def get_evidence(self, row: Position) -> dict[str, int]:
        keys: dict[str, set[str]] = {relation: set() for relation in RELATIONS}
        for period in row.periods:
            for line in period.lines:
                keys[line.relation].add(line.statement.key)
        return {relation: len(found) for relation, found in keys.items()}

    def get_url(self, row: Position) -> str:
        return self.context["addresses"].page("actor", row.actor.key)


class TimelineShape(Shape):
    """An actor's periods on an issue in one layer, by option, facet and first day."""

    actor = JoinableActorShape()
    layer = s.ChoiceField(ONE_LAYER)
    periods = ProvedPeriodShape(many=True)


class AskedShape(Shape):
    """What an answer about positions answers to; asked again, it says the same."""

    issue = NamedShape()
    as_of = s.DateField()
    known_on = s.DateTimeField(help_text="The instant of the clock that was used.")
    layer = s.ChoiceField(answers.LAYERS)
    rule_version = s.CharField()
