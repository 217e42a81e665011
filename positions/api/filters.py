"""Which parameters each list takes, and what each of them means."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django.db import models
from django.db.models.functions import Coalesce

from positions import answers, referring
from positions import choices as c
from positions.models import (
    Actor,
    Citation,
    Collection,
    Disposition,
    Event,
    Issue,
    Membership,
    Option,
    Source,
)
from positions.readers import Reader

from .fields import (
    DayFilter,
    InstantFilter,
    KeyFilter,
    OneOfFilter,
    SourceFilter,
    TruthFilter,
    WordsFilter,
)

# -- the records that a parameter may name -------------------------------------------


def issues(reader: Reader) -> models.QuerySet:
    return Issue.objects.visible_to(reader).select_related("merged_into")


def actors(reader: Reader) -> models.QuerySet:
    return Actor.objects.visible_to(reader).select_related("merged_into")


def options(reader: Reader) -> models.QuerySet:
    return Option.objects.visible_to(reader).select_related("merged_into")


def events(reader: Reader) -> models.QuerySet:
    return Event.objects.visible_to(reader)


def sources(reader: Reader) -> models.QuerySet:
    return Source.objects.visible_to(reader)


def collections(reader: Reader) -> models.QuerySet:
    """Collections with a source that the reader may see."""
    visible = sources(reader).values("collection")
    return Collection.objects.filter(pk__in=visible)


def dispositions(reader: Reader) -> models.QuerySet:
    """The codebook is open to all."""
    return Disposition.objects.order_by("pk")


# -- what the parameters that lists share mean ---------------------------------------


def issue_filter() -> KeyFilter:
    return KeyFilter(
        issues,
        lambda rows, issue: rows.of_issue(issue),
        label="Key of the issue",
    )


def actor_filter() -> KeyFilter:
    return KeyFilter(
        actors,
        lambda rows, actor: rows.of_actor(actor),
        label="Key of the actor whose position it is",
    )


def option_filter() -> KeyFilter:
    return KeyFilter(
        options, lambda rows, option: rows.of_option(option), label="Key of the option"
    )


def disposition_filter() -> KeyFilter:
    return KeyFilter(
        dispositions,
        lambda rows, disposition: rows.filter(disposition=disposition),
        by="code",
        label="Code of the disposition",
    )


class Filters(filters.FilterSet):
    """The base of all: knows its parameters' names, some of them for curators only."""

    curators_only: frozenset[str] = frozenset()

    @classmethod
    def names_for(cls, reader: Reader) -> set[str]:
        """The parameters that this reader may give."""
        hidden = frozenset() if reader.curator else cls.curators_only
        return set(cls.base_filters) - hidden


# -- lists ---------------------------------------------------------------------------


class ActorFilters(Filters):
    kind = OneOfFilter(c.ActorKind.choices, label="Kind of actor")
    q = WordsFilter()
    member_of = KeyFilter(
        actors,
        lambda rows, group: rows.filter(
            pk__in=Membership.objects.filter(
                group__in=Actor.objects.group_of(group)
            ).values(read_as=Coalesce("member__merged_into", "member"))
        ),
        label="Key of a group it is or was a member of",
    )


class IssueFilters(Filters):
    """None: issues are few."""


class OptionFilters(Filters):
    issue = KeyFilter(
        issues,
        lambda rows, issue: rows.filter(issue__in=Issue.objects.group_of(issue)),
        label="Key of the issue",
    )
    kind = OneOfFilter(c.OptionKind.choices, label="Kind of option")
    headline = TruthFilter(
        field_name="headline", label="Does it have a clause in the short phrase?"
    )


class DispositionFilters(Filters):
    facet = OneOfFilter(c.Facet.choices, label="What kind of attitude it expresses")


class EventFilters(Filters):
    issue = KeyFilter(
        issues,
        lambda rows, issue: rows.filter(
            pk__in=Event.objects.filter(
                issues__in=Issue.objects.group_of(issue)
            ).values("pk")
        ),
        label="Key of an issue it belongs to",
    )
    kind = OneOfFilter(c.EventKind.choices, label="Kind of event")
    dated_from = DayFilter(
        field_name="latest", lookup_expr="gte", label="On this day or later"
    )
    dated_to = DayFilter(
        field_name="earliest", lookup_expr="lte", label="On this day or earlier"
    )


def openly_referring(source: Source) -> models.QuerySet:
    """Sources whose text, open to everybody, refers to this one."""
    return referring.referred_by(source, Reader.anonymous()).order_by().values("pk")


class SourceFilters(Filters):
    collection = KeyFilter(
        collections,
        lambda rows, collection: rows.filter(collection=collection),
        label="Key of the collection",
    )
    kind = OneOfFilter(c.SourceKind.choices, label="Kind of document")
    q = WordsFilter()
    dated_from = DayFilter(
        field_name="dated_latest",
        lookup_expr="gte",
        label="Dated on this day or later",
    )
    dated_to = DayFilter(
        field_name="dated_earliest",
        lookup_expr="lte",
        label="Dated on this day or earlier",
    )
    canonical_id = filters.CharFilter(
        field_name="canonical_id", label="Its repaired identifier: 08TOKYO1212"
    )
    refers_to = SourceFilter(
        sources,
        lambda rows, source: rows.filter(pk__in=openly_referring(source)),
        label="Key of a source that its open text refers to: cables/08TOKYO1212",
    )


class ParagraphFilters(Filters):
    """Of one source, whose address has named it already."""

    q = WordsFilter()
    role = OneOfFilter(c.ParagraphRole.choices, label="Its part in the document")
    number = filters.CharFilter(
        field_name="number", label="Its number, as any copy has it"
    )


class AnyParagraphFilters(ParagraphFilters):
    source = SourceFilter(
        sources,
        lambda rows, source: rows.filter(revision__source=source),
        label="Key of the source: cables/08TOKYO1212",
    )


def citing(rows: models.QuerySet, sources: models.QuerySet):
    """Statements with a citation in one of these sources."""
    cited = Citation.objects.filter(paragraph__revision__source__in=sources)
    return rows.filter(pk__in=cited.values("statement"))


class CollectionFilter(KeyFilter):
    """By a citation in a source of the collection that the reader may see."""

    def filter(self, rows: models.QuerySet, collection: Collection | None):
        if collection is None:
            return rows
        visible = sources(Reader.of_request(self.parent.request))
        return citing(rows, visible.filter(collection=collection))


class StatementFilters(Filters):
    curators_only = frozenset({"state"})

    issue = issue_filter()
    option = option_filter()
    actor = actor_filter()
    disposition = disposition_filter()
    facet = OneOfFilter(
        c.Facet.choices,
        field_name="disposition__facet",
        label="What kind of attitude the disposition expresses",
    )
    source = SourceFilter(
        sources,
        lambda rows, source: citing(rows, Source.objects.filter(pk=source.pk)),
        label="Key of a source it cites: cables/08TOKYO1212",
    )
    collection = CollectionFilter(
        collections, lambda rows, _: rows, label="Key of a collection it cites"
    )
    event = KeyFilter(
        events,
        lambda rows, event: rows.filter(event=event),
        label="Key of the event it was said at",
    )
    standing = OneOfFilter(c.Standing.choices, label="Who may speak for the actor")
    form = OneOfFilter(c.Form.choices, label="How it was recorded")
    publicity = OneOfFilter(c.Publicity.choices, label="In public or in confidence")
    modality = OneOfFilter(c.Modality.choices, label="Stated, intended, conditional")
    holds_from = DayFilter(
        field_name="holds_latest",
        lookup_expr="gte",
        label="It speaks of this day or a later one",
    )
    holds_to = DayFilter(
        field_name="holds_earliest",
        lookup_expr="lte",
        label="It speaks of this day or an earlier one",
    )
    q = WordsFilter()
    state = OneOfFilter(c.StatementState.choices, label="State (curators only)")


class StanceFilters(Filters):
    issue = issue_filter()
    option = option_filter()
    actor = actor_filter()
    disposition = disposition_filter()
    facet = OneOfFilter(c.Facet.choices, label="What kind of attitude it is")
    as_of = DayFilter(method="filter_as_of", label="It holds on this day")

    def filter_as_of(self, rows: models.QuerySet, name: str, day: Any):
        return rows.as_of(day)


class AnswerFilters(Filters):
    """What positions and timelines are asked."""

    issue = KeyFilter(
        issues, lambda rows, _: rows, required=True, label="Key of the issue"
    )
    actor = KeyFilter(
        actors, lambda rows, _: rows, label="Key of one actor; without it, all"
    )
    as_of = DayFilter(method="keep", label="The day; without it, today")
    layer = OneOfFilter(
        [(layer, layer) for layer in answers.LAYERS],
        method="keep",
        label="Published judgements (asserted, the default), what the rule makes of "
        "the published evidence (derived), or both",
    )
    known_on = InstantFilter(
        method="keep",
        label="What this database said at that instant; without it, what it says now",
    )

    def keep(self, rows: models.QuerySet, name: str, value: Any):
        """The view reads it: it narrows no list."""
        return rows
