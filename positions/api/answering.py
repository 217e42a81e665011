"""Positions and timelines: what `answers.py` says, in pages of actors or as a table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django_filters.utils import translate_validation

from positions import answers
from positions.derivation.periods import RULE_VERSION
from positions.keyset import Order
from positions.models import Actor, Issue
from positions.periods import Period

from . import filters, flat
from .answer_shapes import AskedShape, PositionShape, TimelineShape
from .base import ListView
from .errors import BadParameters
from .pagination import CursorPagination
from .renderers import Browsable, Csv, Json
from .sight import Sight, beside_periods
from .views import refuse_paging, table


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, every default filled in; `actors` are those it is asked of."""

    issue: Issue
    as_of: date
    known_on: datetime
    layer: str
    actors: QuerySet
    rule_version: str = RULE_VERSION

    def positions(self, actors: list[Actor]) -> list[answers.Position]:
        return answers.positions(
            self.issue,
            self.as_of,
            actors=actors,
            layer=self.layer,
            known_on=self.known_on,
        )

    def timelines(self, actors: list[Actor]) -> dict[tuple[int, str], tuple]:
        return answers.timelines(
            self.issue,
            actors=actors,
            layer=self.layer,
            known_on=self.known_on,
            as_of=self.as_of,
        )


class AnswerPagination(CursorPagination):
    """Pages that begin with the question they answer."""

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        whole = super().get_paginated_response_schema(schema)
        named = {"type": "object", "properties": {"key": TEXT, "name": TEXT}}
        asked = {
            "issue": named,
            "as_of": TEXT | {"format": "date"},
            "known_on": TEXT | {"format": "date-time"},
            "layer": TEXT | {"enum": list(answers.LAYERS)},
            "rule_version": TEXT,
        }
        whole["required"] = [*asked, *whole["required"]]
        whole["properties"] = asked | whole["properties"]
        return whole


TEXT = {"type": "string"}


class AnswerView(ListView):
    """Answers to one question, a page of actors at a time."""

    queryset = Actor.objects.none()
    filterset_class = filters.AnswerFilters
    renderer_classes = (Json, Browsable, Csv)
    pagination_class = AnswerPagination
    order = Order("name")
    columns: tuple[str, ...]
    title: str

    def list(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        asked = self.asked()
        if isinstance(request.accepted_renderer, Csv):
            refuse_paging(request)
            lines = flat.by_actor(asked.actors, lambda chunk: self.lines(asked, chunk))
            stated = {
                "issue_key": asked.issue.key,
                "as_of": asked.as_of,
                "known_on": asked.known_on,
            }
            return table(
                self.columns,
                (line | stated for line in lines),
                f"{self.title}-{asked.issue.key}",
            )
        actors = self.paginate_queryset(asked.actors)
        return self.paginator.get_paginated_response(
            self.results(asked, actors),
            head=AskedShape().to_representation(asked),
            # The pages of one answer answer the same question.
            carry={
                "as_of": flat.cell(asked.as_of),
                "known_on": flat.cell(asked.known_on),
            },
        )

    def get_view_name(self) -> str:
        return self.title.capitalize()

    def asked(self) -> Question:
        given = self.filterset_class(
            self.request.query_params, queryset=self.queryset, request=self.request
        )
        if not given.is_valid():
            raise translate_validation(given.errors)
        values = given.form.cleaned_data
        issue = values["issue"].survivor
        now = answers.known_now(None)
        known_on = min(values["known_on"] or now, now)
        actors = answers.actors_of(issue, known_on)
        if values["actor"]:
            actors = actors.filter(pk=values["actor"].survivor.pk)
        return Question(
            issue=issue,
            as_of=values["as_of"] or date.today(),
            known_on=known_on,
            layer=values["layer"] or answers.ASSERTED,
            actors=actors,
        )

    def results(self, asked: Question, actors: list[Actor]) -> list[dict[str, Any]]:
        raise NotImplementedError

    def lines(self, asked: Question, actors: list[Actor]) -> Iterable[flat.Cells]:
        raise NotImplementedError


class PositionViewSet(AnswerView):
    """Where each actor stands on an issue on a day, in a phrase and in its periods."""

    serializer_class = PositionShape
    columns = flat.POSITIONS
    title = "positions"

    def results(self, asked: Question, actors: list[Actor]) -> list[dict[str, Any]]:
        shape = PositionShape(context=self.context_of(Sight(self.reader)))
        return [shape.to_representation(row) for row in asked.positions(actors)]

    def asked(self) -> Question:
        asked = super().asked()
        as_table = isinstance(self.request.accepted_renderer, Csv)
        # One row an actor: the table has no column to tell two layers apart.
        if as_table and asked.layer == answers.BOTH:
            raise BadParameters([("layer", "A table of positions has one layer.")])
        return asked

    def lines(self, asked: Question, actors: list[Actor]) -> Iterator[flat.Cells]:
        addresses = self.addresses
        for row in asked.positions(actors):
            yield flat.position_line(row, addresses)


class TimelineViewSet(AnswerView):
    """Each actor's periods on an issue, with every statement behind them."""

    serializer_class = TimelineShape
    columns = flat.TIMELINE
    title = "timelines"

    def results(self, asked: Question, actors: list[Actor]) -> list[dict[str, Any]]:
        found = asked.timelines(actors)
        sight = Sight(self.reader, beside_periods(_all(found)))
        shape = TimelineShape(context=self.context_of(sight))
        layers = answers.LAYERS[:2] if asked.layer == answers.BOTH else (asked.layer,)
        return [
            shape.to_representation(
                Timeline(actor, layer, found.get((actor.pk, layer), ()))
            )
            for actor in actors
            for layer in layers
        ]

    def lines(self, asked: Question, actors: list[Actor]) -> Iterator[flat.Cells]:
        found = asked.timelines(actors)
        sight = Sight(self.reader, beside_periods(_all(found)))
        addresses = self.addresses
        for actor in actors:
            periods = [
                p for (pk, _), rows in found.items() if pk == actor.pk for p in rows
            ]
            for period in sorted(periods, key=_in_order):
                yield flat.timeline_line(period, sight, addresses)


@dataclass(frozen=True, slots=True)
class Timeline:
    """An actor's periods in one layer."""

    actor: Actor
    layer: str
    periods: tuple[Period, ...]


def _all(found: dict[tuple[int, str], tuple[Period, ...]]) -> list[Period]:
    return [period for periods in found.values() for period in periods]


def _in_order(period: Period) -> tuple[str, str, date, str]:
    return period.option.key, period.facet, period.holds_from, period.layer
