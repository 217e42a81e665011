"""The records: actors, issues, options, dispositions, events, documents, evidence."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.http import StreamingHttpResponse
from django.shortcuts import get_object_or_404

from positions.keyset import Order
from positions.models import (
    Actor,
    Disposition,
    Event,
    Evidence,
    Issue,
    Membership,
    Option,
    Paragraph,
    Participation,
    Source,
    Stance,
    Statement,
)

from . import evidence_shapes, filters, flat
from . import serializers as shapes
from .base import ListView, MergeableView, RecordView
from .errors import BadParameters
from .pagination import PARAMETERS
from .renderers import Browsable, Csv, Json


def _of_actors(path: str = "") -> Iterator[Any]:
    """What the register holds of actors, of those read as them too."""
    groups = Membership.objects.select_related("group__merged_into")
    yield from (f"{path}names", f"{path}identifiers")
    yield Prefetch(f"{path}memberships", groups)


def _of_options(path: str = "") -> Iterator[Any]:
    others = Option.objects.select_related("merged_into")
    yield f"{path}aliases"
    yield Prefetch(f"{path}alternatives", others)


def _identifiers(path: str) -> tuple[str, str]:
    return f"{path}identifiers", f"{path}merged__identifiers"


class ActorViewSet(MergeableView):
    """Who can hold a position, by name: states, bodies, organizations, persons."""

    queryset = Actor.objects.none()
    serializer_class = shapes.ActorShape
    filterset_class = filters.ActorFilters
    order = Order("name")

    def get_queryset(self) -> QuerySet:
        return (
            Actor.objects.visible_to(self.reader)
            .current()
            .prefetch_related(*_of_actors(), *_of_actors("merged__"))
        )


class IssueViewSet(MergeableView):
    """The questions that actors take positions on, by name."""

    queryset = Issue.objects.none()
    serializer_class = shapes.IssueShape
    filterset_class = filters.IssueFilters
    order = Order("name")

    def get_queryset(self) -> QuerySet:
        return Issue.objects.visible_to(self.reader).current()


class OptionViewSet(MergeableView):
    """The answers, venues, texts and proposals within issues, by name."""

    queryset = Option.objects.none()
    serializer_class = shapes.OptionShape
    filterset_class = filters.OptionFilters
    order = Order("name")

    def get_queryset(self) -> QuerySet:
        return (
            Option.objects.visible_to(self.reader)
            .current()
            .select_related(
                "issue__merged_into", "parent__merged_into", "succeeded_by__merged_into"
            )
            .prefetch_related(*_of_options(), *_of_options("merged__"))
        )


class DispositionViewSet(RecordView):
    """The codebook: how an actor may stand to an option, by code."""

    queryset = Disposition.objects.none()
    serializer_class = shapes.DispositionShape
    filterset_class = filters.DispositionFilters
    order = Order("code")
    lookup_field = "code"
    lookup_regex = r"(?P<code>[^/]+)"

    def get_queryset(self) -> QuerySet:
        return filters.dispositions(self.reader)


class EventViewSet(RecordView):
    """What positions hang on, from the earliest: meetings, votes, signings."""

    queryset = Event.objects.none()
    serializer_class = shapes.EventShape
    filterset_class = filters.EventFilters
    order = Order("earliest")

    def get_queryset(self) -> QuerySet:
        return Event.objects.visible_to(self.reader).prefetch_related(
            Prefetch("issues", Issue.objects.select_related("merged_into")),
            Prefetch(
                "participations",
                Participation.objects.select_related("actor__merged_into"),
            ),
        )


class SourceViewSet(RecordView):
    """Documents, by identifier: what they are, never their text."""

    queryset = Source.objects.none()
    serializer_class = shapes.SourceShape
    filterset_class = filters.SourceFilters
    order = Order("canonical_id")
    lookup_regex = r"(?P<collection>[^/]+)/(?P<identifier>[^/]+)"

    def get_queryset(self) -> QuerySet:
        return Source.objects.visible_to(self.reader).select_related(
            "collection", "issuer__merged_into"
        )

    def find(self, **key: Any) -> Source | None:
        return self.get_queryset().filter(**named(key)).first()


def named(key: dict[str, Any]) -> dict[str, Any]:
    """The two parts of an address of a source, as the database is asked for them."""
    return {"collection__key": key["collection"], "identifier": key["identifier"]}


class ParagraphViewSet(ListView):
    """Paragraphs of documents whose text is open, in the order of each document."""

    queryset = Paragraph.objects.none()
    serializer_class = shapes.ParagraphShape
    filterset_class = filters.AnyParagraphFilters
    order = Order("revision_id", tie="order")

    def get_queryset(self) -> QuerySet:
        return (
            Paragraph.objects.visible_to(self.reader)
            .select_related("revision__source__collection")
            # A revision is the whole document once more.
            .defer("revision__text", "revision__patches", "revision__header")
            .prefetch_related("voices")
        )


class SourceParagraphViewSet(ParagraphViewSet, RecordView):
    """The paragraphs of one document, in its order."""

    filterset_class = filters.ParagraphFilters
    lookup_regex = r"(?P<key>[0-9]{1,9})"

    def get_queryset(self) -> QuerySet:
        source = get_object_or_404(
            Source.objects.visible_to(self.reader),
            **named(self.kwargs),
        )
        return super().get_queryset().filter(revision__source=source)

    def find(self, **key: Any) -> Paragraph | None:
        return self.get_queryset().filter(key=key["key"]).first()


class StatementViewSet(RecordView):
    """Dated evidence, the newest first: who said or did what, in which paragraph."""

    queryset = Statement.objects.none()
    serializer_class = evidence_shapes.StatementShape
    filterset_class = filters.StatementFilters
    renderer_classes = (Json, Browsable, Csv)

    @property
    def order(self) -> Order:
        # A draft may have no day yet; what is accepted always has.
        if self.reader.curator:
            return Order("id", descending=True)
        return Order("holds_latest", descending=True)

    def get_queryset(self) -> QuerySet:
        return (
            Statement.objects.visible_to(self.reader)
            .with_evidence()
            .prefetch_related(
                Prefetch("extends_except", Actor.objects.select_related("merged_into"))
            )
        )

    def list(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        if not isinstance(request.accepted_renderer, Csv):
            return super().list(request, *args, **kwargs)
        refuse_paging(request)
        rows = self.filter_queryset(self.get_queryset()).prefetch_related(
            *_identifiers("actor__"), *_identifiers("actor__merged_into__")
        )
        lines = flat.statement_lines(rows, self.order, self.reader, self.addresses)
        return table(flat.STATEMENTS, lines, "statements")


class StanceViewSet(RecordView):
    """Published judgements, the latest first: a disposition and its days."""

    queryset = Stance.objects.none()
    serializer_class = evidence_shapes.StanceShape
    filterset_class = filters.StanceFilters
    order = Order("holds_from", descending=True)

    def get_queryset(self) -> QuerySet:
        return (
            Stance.objects.visible_to(self.reader)
            .with_parts()
            .prefetch_related(Prefetch("evidence", self._evidence()))
        )

    def _evidence(self) -> QuerySet:
        """The evidence that the reader may see: for curators, all of it."""
        rows = Evidence.objects.order_by("statement__holds_latest", "pk")
        if not self.reader.curator:
            public = Statement.objects.visible_to(self.reader)
            rows = rows.filter(statement__in=public)
        told = Statement.objects.with_evidence()
        return rows.prefetch_related(Prefetch("statement", told))


def refuse_paging(request: Any) -> None:
    """A table is whole: it has no pages to ask for."""
    given = [name for name in PARAMETERS if name in request.query_params]
    if given:
        raise BadParameters(
            (name, "A table is not cut into pages: leave it out.") for name in given
        )


def table(columns: Any, lines: Any, name: str) -> StreamingHttpResponse:
    """A flat table, sent line by line."""
    response = StreamingHttpResponse(
        flat.written(columns, lines), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response
