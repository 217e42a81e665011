"""The public pages: each reads what is asked, asks one place, and shows the answer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponsePermanentRedirect,
)
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from positions import answers, charts, dates
from positions import search as searching
from positions.choices import ActorKind
from positions.models import Actor, Issue, Refused, Source
from positions.models.actors import MergeableQuerySet
from positions.models.changes import Clock
from positions.pages import overview
from positions.pages.lighting import open_source
from positions.pages.matrix import matrix_of
from positions.pages.portrait import portrait_of
from positions.pages.proof import proof_of
from positions.readers import Reader
from positions.steps import steps_of
from positions.timeline import RULE_VERSION

View = Callable[..., HttpResponse]
MOST_PARAMETER = 1000


class BadAsk(ValueError):  # noqa: N818 (reads as what it is)
    """What is asked cannot be answered; the message is one sentence."""


def page(**readers: Callable[[str], Any]) -> Callable[[View], View]:
    """A page with these parameters, each with what reads its text.

    The view gets `asked`: the parameters given, read. An unknown, repeated or bad
    one is a 400 page with a sentence.
    """

    def decorate(view: View) -> View:
        @require_safe
        @wraps(view)
        def answered(request: HttpRequest, **keys: str) -> HttpResponse:
            try:
                return view(request, read_query(request, readers), **keys)
            except (BadAsk, dates.BadDate, Refused, searching.BadQuery) as fault:
                context = {"sentence": str(fault)}
                return render(request, "400.html", context, status=400)

        return answered

    return decorate


def read_query(
    request: HttpRequest, readers: dict[str, Callable[[str], Any]]
) -> dict[str, Any]:
    """The parameters of a request, read; empty ones count as not given."""
    asked = {}
    for name, values in request.GET.lists():
        if name not in readers:
            known = ", ".join(readers) or "none"
            raise BadAsk(f"“{name[:40]}” is no parameter of this page ({known}).")
        if len(values) > 1:
            raise BadAsk(f"“{name}” is given more than once.")
        if len(values[0]) > MOST_PARAMETER and name != "q":
            raise BadAsk(f"“{name}” is too long.")
        if values[0]:
            asked[name] = readers[name](values[0])
    return asked


def one_of(*words: str) -> Callable[[str], str]:
    """A reader of one of some words."""

    def read(text: str) -> str:
        if text not in words:
            raise BadAsk(f"“{text[:40]}” is none of {', '.join(words)}.")
        return text

    return read


def number(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise BadAsk(f"“{text[:40]}” is not a whole number.")
    return int(text)


read_layer = one_of(answers.ASSERTED, answers.DERIVED)


# -- pages -------------------------------------------------------------------------


@page()
def home(request: HttpRequest, asked: dict[str, Any]) -> HttpResponse:
    reader = Reader.of_request(request)
    context = {"issues": overview.issues(reader), "example": overview.example(reader)}
    return show(request, "home", context)


@page(
    on=dates.day,
    layer=read_layer,
    kind=one_of(*ActorKind.values),
    after=str,
)
def issue(request: HttpRequest, asked: dict[str, Any], key: str) -> HttpResponse:
    """Positions on a day, and what changed since the step before."""
    reader = Reader.of_request(request)
    issue = find(Issue.objects.all(), key, reader)
    if away := moved(request, issue, key):
        return away
    layer = asked.get("layer", answers.ASSERTED)
    steps = steps_of(issue, reader, asked.get("on"))
    matrix = matrix_of(
        issue,
        steps,
        reader,
        layer=layer,
        kind=asked.get("kind", ""),
        after=asked.get("after", ""),
    )
    context = {
        "issue": issue,
        "steps": steps,
        "strip": charts.strip(steps.all, steps.day),
        "matrix": matrix,
        "kinds": overview.kinds_on(issue),
        "kind": asked.get("kind", ""),
        **basis("position", layer=layer, day=steps.day, issue=issue.key),
    }
    return show(request, "issue", context)


@page(issue=str, on=dates.day, layer=read_layer)
def actor(request: HttpRequest, asked: dict[str, Any], key: str) -> HttpResponse:
    """An actor's positions on an issue over time, with the evidence."""
    reader = Reader.of_request(request)
    actor = find(Actor.objects.all(), key, reader)
    if away := moved(request, actor, key):
        return away
    layer = asked.get("layer", answers.ASSERTED)
    portrait = portrait_of(
        actor,
        reader,
        issue=find(Issue.objects.all(), asked["issue"], reader)
        if "issue" in asked
        else None,
        on=asked.get("on"),
        layer=layer,
    )
    context = {"actor": actor, "portrait": portrait}
    if portrait.issue and portrait.day:
        context |= basis(
            "timeline",
            layer=layer,
            day=portrait.day,
            issue=portrait.issue.key,
            actor=actor.key,
        )
    return show(request, "actor", context)


@page(**{"from": number})
def source(
    request: HttpRequest, asked: dict[str, Any], collection: str, identifier: str
) -> HttpResponse:
    """A document with the quotes of its statements lit up."""
    reader = Reader.of_request(request)
    source = (
        Source.objects.visible_to(reader)
        .select_related("collection", "issuer__merged_into")
        .filter(collection__key=collection, identifier=identifier)
        .first()
    )
    if source is None:
        raise Http404
    try:
        opened = open_source(source, reader, asked.get("from"))
    except Source.DoesNotExist:
        raise Http404 from None
    context = {
        "source": source,
        "facts": overview.facts(source, reader),
        "opened": opened,
        "api": {"json": reverse("api:source-detail", args=(collection, identifier))},
        "known_on": Clock.now(),
    }
    return show(request, "source", context)


@page()
def statement(request: HttpRequest, asked: dict[str, Any], key: str) -> HttpResponse:
    """One statement with everything that proves it."""
    reader = Reader.of_request(request)
    proof = proof_of(key, reader)
    if proof is None:
        raise Http404
    context = {
        "proof": proof,
        "statement": proof.statement,
        "api": {"json": reverse("api:statement-detail", args=(key,))},
        "known_on": Clock.now(),
    }
    return show(request, "statement", context)


@page(q=str)
def search(request: HttpRequest, asked: dict[str, Any]) -> HttpResponse:
    """Hits of each kind; a query that cannot be read is answered on the page."""
    reader = Reader.of_request(request)
    context: dict[str, Any] = {"query": asked.get("q", ""), "help": searching.HELP}
    status = 200
    if context["query"]:
        try:
            context["results"] = searching.search(context["query"], reader)
        except searching.BadQuery as fault:
            context["fault"], status = str(fault), 400
    return show(request, "search", context, status=status)


# -- how ---------------------------------------------------------------------------


def find(rows: MergeableQuerySet, key: str, reader: Reader) -> Any:
    """The record that a key is read as; 404 where the reader may not see it.

    It is visible where any of those merged into it is.
    """
    row = rows.select_related("merged_into").filter(key=key).first()
    if row is None or not rows.group_of(row).visible_to(reader).exists():
        raise Http404
    return row.survivor


def moved(request: HttpRequest, record: Any, key: str) -> HttpResponse | None:
    """308 to the record's own address, where another key led to it."""
    if record.key == key:
        return None
    name = type(record)._meta.model_name  # pages are named for what they show
    address = reverse(name, args=(record.key,))
    if request.GET:
        address += f"?{request.GET.urlencode()}"
    return HttpResponsePermanentRedirect(address, preserve_request=True)


def basis(name: str, *, layer: str, day: date, **parameters: Any) -> dict[str, Any]:
    """What an answer rests on, and where the API gives the same one."""
    known_on = Clock.now()
    query = urlencode(
        {
            **parameters,
            "as_of": day,
            "layer": layer,
            "known_on": known_on.isoformat().replace("+00:00", "Z"),
        }
    )
    address = f"{reverse(f'api:{name}-list')}?{query}"
    return {
        "layer": layer,
        "on": day,
        "known_on": known_on,
        "rule_version": RULE_VERSION,
        "api": {"json": address, "csv": f"{address}&format=csv"},
    }


def show(
    request: HttpRequest, name: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    context = {
        "reader": Reader.of_request(request),
        "canonical": request.build_absolute_uri(),
        **context,
    }
    return render(request, f"positions/{name}.html", context, status=status)
