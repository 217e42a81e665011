"""What registers and documents look like in JSON; short shapes are for embedding.

Names are those of the flat columns wherever there is such a column.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import models
from drf_spectacular.utils import extend_schema_field as told_as
from rest_framework import serializers as s

from positions import choices as c
from positions.models import Actor, Event, Membership, Option, Paragraph, Source

from .shape import Shape

# -- short shapes, for embedding ----------------------------------------------------


class NamedShape(Shape):
    """A key and a name; of a merged record, those of the one that it is read as."""

    key = s.CharField()
    name = s.CharField()

    def to_representation(self, row: Any) -> dict[str, Any]:
        return super().to_representation(getattr(row, "survivor", row))


class ShortActorShape(NamedShape):
    kind = s.ChoiceField(c.ActorKind.choices)


class ShortOptionShape(NamedShape):
    short_name = s.CharField(help_text="As a phrase says it.")
    kind = s.ChoiceField(c.OptionKind.choices)
    headline = s.BooleanField()


show_name = NamedShape().to_representation
show_actor = ShortActorShape().to_representation
show_option = ShortOptionShape().to_representation


class ShortDispositionShape(Shape):
    code = s.CharField()
    label = s.CharField()
    score = s.IntegerField(allow_null=True, help_text="-2 to +2")
    rank = s.IntegerField(allow_null=True)


class ShortSourceShape(Shape):
    key = s.CharField(help_text="Collection and identifier: cables/08TOKYO1212.")
    title = s.CharField()
    url = s.SerializerMethodField(help_text="Its public page.")

    def get_url(self, row: Source) -> str:
        return self.context["addresses"].source(row)


# -- registers ----------------------------------------------------------------------


class ActorNameShape(Shape):
    name = s.CharField()
    language = s.CharField()
    valid_from = s.DateField(allow_null=True)
    valid_to = s.DateField(allow_null=True)


class IdentifierShape(Shape):
    scheme = s.CharField(help_text="iso3, cow, wikidata ...")
    value = s.CharField()


class MembershipShape(Shape):
    group = ShortActorShape()
    role = s.CharField()
    rank = s.ChoiceField(c.SpeakerRank.choices)
    since = s.DateField(allow_null=True)
    until = s.DateField(allow_null=True, help_text="First day out of it.")


show_membership = MembershipShape().to_representation


def _memberships(actor: Actor) -> Iterable[Membership]:
    """Those of an actor, and of all that are read as it."""
    return (row for one in actor.group for row in one.memberships.all())


def once(shown: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Without what is shown already: two merged records may have said the same."""
    found: list[dict[str, Any]] = []
    for one in shown:
        if one not in found:
            found.append(one)
    return found


class ActorShape(ShortActorShape):
    names = ActorNameShape(source="all_names", many=True)
    identifiers = IdentifierShape(source="all_identifiers", many=True)
    memberships = s.SerializerMethodField()
    valid_from = s.DateField(allow_null=True)
    valid_to = s.DateField(allow_null=True)
    url = s.SerializerMethodField(help_text="Its public page.")

    @staticmethod
    def beside(rows: Iterable[Actor]) -> Iterable[models.Model | None]:
        return (m.group for row in rows for m in _memberships(row))

    @told_as(MembershipShape(many=True))
    def get_memberships(self, row: Actor) -> list[dict[str, Any]]:
        rows = (m for m in _memberships(row) if self.sight.show(m.group))
        return once(show_membership(m) for m in rows)

    def get_url(self, row: Actor) -> str:
        return self.context["addresses"].page("actor", row.key)


class IssueShape(NamedShape):
    question = s.CharField()
    description = s.CharField()
    preference_months = s.IntegerField(
        allow_null=True, help_text="Null: as the codebook has it."
    )
    engagement_months = s.IntegerField(allow_null=True)
    url = s.SerializerMethodField(help_text="Its public page.")

    def get_url(self, row: Any) -> str:
        return self.context["addresses"].page("issue", row.key)


def _alternatives(option: Option) -> Iterable[Option]:
    """Those of an option, and of all that are read as it."""
    return (other for one in option.group for other in one.alternatives.all())


class OptionShape(ShortOptionShape):
    issue = NamedShape()
    parent = s.SerializerMethodField()
    valid_from = s.DateField(allow_null=True)
    valid_to = s.DateField(allow_null=True, help_text="The last valid day.")
    succeeded_by = s.SerializerMethodField()
    alternatives = s.SerializerMethodField()
    definition = s.CharField()
    includes = s.CharField()
    excludes = s.CharField()
    aliases = s.SerializerMethodField()

    @staticmethod
    def beside(rows: Iterable[Option]) -> Iterable[models.Model | None]:
        for row in rows:
            yield from (row.parent, row.succeeded_by, *_alternatives(row))

    @told_as(ShortOptionShape(allow_null=True))
    def get_parent(self, row: Option) -> dict[str, Any] | None:
        return self.guarded(row.parent, show_option)

    @told_as(ShortOptionShape(allow_null=True))
    def get_succeeded_by(self, row: Option) -> dict[str, Any] | None:
        return self.guarded(row.succeeded_by, show_option)

    @told_as(ShortOptionShape(many=True))
    def get_alternatives(self, row: Option) -> list[dict[str, Any]]:
        rows = (o for o in _alternatives(row) if self.sight.show(o))
        return once(show_option(o) for o in rows)

    def get_aliases(self, row: Option) -> list[str]:
        merged = [option.name for option in row.merged.all()]
        own = [alias.name for one in row.group for alias in one.aliases.all()]
        return list(dict.fromkeys([*own, *merged]))


class DispositionShape(ShortDispositionShape):
    facet = s.ChoiceField(c.Facet.choices, allow_blank=True)
    phrase = s.CharField(help_text="{o} stands for the option's short name.")
    headline = s.IntegerField(
        allow_null=True, help_text="The smaller speaks first in a phrase."
    )
    definition = s.CharField()
    does_not_count = s.CharField()
    example = s.CharField()


class ParticipantShape(Shape):
    actor = ShortActorShape()
    part = s.ChoiceField(c.Part.choices)


show_participant = ParticipantShape().to_representation


class EventShape(NamedShape):
    kind = s.ChoiceField(c.EventKind.choices)
    dated = s.CharField(help_text="EDTF")
    earliest = s.DateField()
    latest = s.DateField()
    place = s.CharField()
    issues = s.SerializerMethodField()
    participants = s.SerializerMethodField()

    @staticmethod
    def beside(rows: Iterable[Event]) -> Iterable[models.Model | None]:
        for row in rows:
            yield from row.issues.all()
            yield from (p.actor for p in row.participations.all())

    @told_as(NamedShape(many=True))
    def get_issues(self, row: Event) -> list[dict[str, Any]]:
        return once(show_name(i) for i in row.issues.all() if self.sight.show(i))

    @told_as(ParticipantShape(many=True))
    def get_participants(self, row: Event) -> list[dict[str, Any]]:
        rows = (p for p in row.participations.all() if self.sight.show(p.actor))
        return once(show_participant(p) for p in rows)


# -- documents ----------------------------------------------------------------------


class SourceShape(ShortSourceShape):
    collection = s.CharField(source="collection.key")
    identifier = s.CharField()
    canonical_id = s.CharField()
    kind = s.ChoiceField(c.SourceKind.choices)
    issuer = s.SerializerMethodField()
    issuer_text = s.CharField(help_text="As printed.")
    symbol = s.CharField()
    language = s.CharField()
    level = s.ChoiceField(c.Level.choices, allow_null=True)
    controls = s.CharField()
    dated = s.CharField(help_text="EDTF")
    dated_earliest = s.DateField(allow_null=True)
    dated_latest = s.DateField(allow_null=True)
    dated_at = s.DateTimeField(allow_null=True)
    published = s.CharField(help_text="EDTF")
    published_earliest = s.DateField(allow_null=True)
    published_latest = s.DateField(allow_null=True)
    addresses = s.ListField(child=s.CharField(), help_text="Where it is on the web.")
    visibility = s.ChoiceField(c.Visibility.choices)

    @staticmethod
    def beside(rows: Iterable[Source]) -> Iterable[models.Model | None]:
        return (row.issuer for row in rows)

    @told_as(ShortActorShape(allow_null=True))
    def get_issuer(self, row: Source) -> dict[str, Any] | None:
        return self.guarded(row.issuer, show_actor)


class VoiceShape(Shape):
    """A span that is not the reported speaker's, in code points of the text."""

    start = s.IntegerField()
    end = s.IntegerField()
    kind = s.ChoiceField(c.VoiceKind.choices)


class ParagraphShape(Shape):
    source_key = s.CharField(source="revision.source.key")
    key = s.IntegerField()
    order = s.IntegerField()
    number = s.CharField(help_text="What a reader of any copy looks for.")
    label = s.CharField(help_text="As printed in this copy.")
    citation = s.CharField()
    long_citation = s.CharField()
    marking = s.CharField(source="mark")
    access_level = s.ChoiceField(c.Level.choices)
    role = s.ChoiceField(c.ParagraphRole.choices)
    heading = s.SerializerMethodField(
        help_text="Empty where only the paragraph is open, not its document."
    )
    section = s.IntegerField(allow_null=True)
    page = s.CharField()
    text = s.CharField()
    voices = VoiceShape(many=True)
    url = s.SerializerMethodField(help_text="Its place on its source's public page.")

    def get_heading(self, row: Paragraph) -> str:
        return row.heading_for(self.sight.reader)

    def get_url(self, row: Paragraph) -> str:
        page = self.context["addresses"].source(row.revision.source)
        return f"{page}#p{row.key}"
