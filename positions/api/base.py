"""What all addresses of the API have in common: they read, and they are strict."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.http import Http404, HttpResponsePermanentRedirect
from django.urls import reverse
from rest_framework.exceptions import MethodNotAllowed
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from positions import keyset
from positions.models.actors import Mergeable
from positions.readers import Reader

from . import pagination
from .addresses import Addresses
from .errors import BadParameters
from .filters import Filters
from .renderers import Browsable, Json
from .sight import Sight


class Strict:
    """Reads only, and answers 400 to every parameter it would otherwise ignore."""

    http_method_names = ("get", "head", "options")
    renderer_classes = (Json, Browsable)
    # Negotiation asks for it, also where a request was refused before it was set.
    format_kwarg = None

    @property
    def reader(self) -> Reader:
        return Reader.of_request(self.request)

    def parameters(self) -> set[str]:
        """The names of the parameters that this address takes."""
        return {"format"}

    def told_parameters(self) -> list[tuple[str, str]]:
        """(name, what it means) for the page that people browse."""
        return []

    def initial(self, request: Any, *args: Any, **kwargs: Any) -> None:
        # Before the library asks who it is: reading needs no login, and the answer
        # to a POST is that there is none, not that one must log in first.
        if not hasattr(self, request.method.lower()):
            raise MethodNotAllowed(request.method)
        self._check_parameters(request)
        super().initial(request, *args, **kwargs)

    def _check_parameters(self, request: Any) -> None:
        known, faults = self.parameters(), []
        for name, values in request.query_params.lists():
            if name not in known:
                takes = ", ".join(sorted(known))
                faults.append((name, f"There is no such parameter here, only {takes}."))
            elif len(values) > 1:
                faults.append((name, "It is given more than once."))
            elif not values[0].strip():
                faults.append((name, "It is empty: leave it out."))
            elif name == "format" and values[0] not in self._formats():
                words = ", ".join(self._formats())
                faults.append((name, f"“{values[0]}” is none of: {words}."))
        if faults:
            raise BadParameters(faults)

    def _formats(self) -> list[str]:
        return [renderer.format for renderer in self.renderer_classes]

    def handle_exception(self, exc: Exception) -> Response:
        """Say what is wrong on a page to people, in JSON to everyone else."""
        response = super().handle_exception(exc)
        negotiated = self.perform_content_negotiation(self.request, force=True)
        if not isinstance(negotiated[0], Browsable):
            negotiated = Json(), Json.media_type
        self.request.accepted_renderer, self.request.accepted_media_type = negotiated
        return response


class ListView(Strict, GenericViewSet):
    """A list in cursor pages, in the one order that it declares."""

    order: keyset.Order
    filterset_class: type[Filters]
    pagination_class = pagination.CursorPagination
    # Where a record stands below the list; lists alone have none.
    lookup_regex = ""

    def parameters(self) -> set[str]:
        if self.detail:
            return super().parameters()
        named = self.filterset_class.names_for(self.reader)
        return super().parameters() | named | set(pagination.PARAMETERS)

    def get_view_name(self) -> str:
        """The title of the page that people browse."""
        plural = self.queryset.model._meta.verbose_name_plural.capitalize()
        return f"{plural}: {'/'.join(self.kwargs.values())}" if self.kwargs else plural

    def told_parameters(self) -> list[tuple[str, str]]:
        if self.detail:
            return []
        known = self.filterset_class.names_for(self.reader)
        told = [
            (name, filter.label + _hint(filter))
            for name, filter in self.filterset_class.base_filters.items()
            if name in known
        ]
        return told + list(pagination.PARAMETERS.items())

    def list(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        rows = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(self.represent(rows))

    def represent(self, rows: Iterable[models.Model]) -> list[dict[str, Any]]:
        """Rows as their shape has them, hidden records beside them left out."""
        rows = list(rows)
        shape = self.get_serializer_class()
        beside = shape.beside(rows) if hasattr(shape, "beside") else ()
        shown = shape(context=self.context_of(Sight(self.reader, beside)))
        return [shown.to_representation(row) for row in rows]

    def context_of(self, sight: Sight) -> dict[str, Any]:
        return {"sight": sight, "addresses": self.addresses}

    @property
    def addresses(self) -> Addresses:
        return Addresses(self.request)


class RecordView(ListView):
    """A list, and each of its records at its public key."""

    lookup_field = "key"
    lookup_regex = r"(?P<key>[^/]+)"

    def retrieve(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        record = self.find(**kwargs)
        if record is None:
            raise Http404
        (shown,) = self.represent([record])
        return Response(shown)

    def find(self, **key: Any) -> models.Model | None:
        """The record at an address, None where this reader finds nothing."""
        return self.get_queryset().filter(**key).first()


class MergeableView(RecordView):
    """Records that may be merged: the old key answers with the new address."""

    def retrieve(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        survivor = self._survivor(kwargs["key"])
        if survivor is None:
            return super().retrieve(request, *args, **kwargs)
        name = f"{request.resolver_match.namespace}:{self.basename}-detail"
        address = request.build_absolute_uri(reverse(name, args=[survivor.key]))
        if query := request.META.get("QUERY_STRING"):
            address += f"?{query}"
        return HttpResponsePermanentRedirect(address, preserve_request=True)

    def _survivor(self, key: str) -> Mergeable | None:
        """What a merged record is read as, where the reader may see that."""
        rows = self.queryset.model.objects
        merged = rows.filter(key=key, merged_into__isnull=False).first()
        if merged is None:
            return None
        return rows.visible_to(self.reader).filter(pk=merged.merged_into_id).first()


def _hint(filter: Any) -> str:
    """The words that a parameter takes, where they are a closed list."""
    choices = filter.extra.get("choices")
    return f": {', '.join(value for value, _ in choices)}" if choices else ""
