"""Cursor pages of the API, made of keyset pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import models
from rest_framework.pagination import BasePagination
from rest_framework.response import Response
from rest_framework.utils.urls import remove_query_param, replace_query_param

from positions import keyset

from .errors import BadParameters
from .fields import TRUTH
from .renderers import PAGING

DEFAULT_SIZE, LARGEST_SIZE = 50, 100
CURSOR, SIZE, COUNT = PAGING
PARAMETERS = {
    CURSOR: "Where the page begins: from `next` or `previous` of another page",
    SIZE: f"Rows a page, at most {LARGEST_SIZE}; without it, {DEFAULT_SIZE}",
    COUNT: "true: say how many rows there are in all",
}


class CursorPagination(BasePagination):
    """A page of the view's `order`; the number of rows only on request."""

    def paginate_queryset(
        self, queryset: models.QuerySet, request: Any, view: Any = None
    ) -> list:
        self.request = request
        counted = _count_asked(request)
        try:
            self.page = keyset.page(
                queryset,
                view.order,
                size=_size_asked(request),
                cursor=request.query_params.get(CURSOR, ""),
            )
        except keyset.BadCursor as fault:
            raise BadParameters([(CURSOR, str(fault))]) from fault
        self.count = queryset.order_by().count() if counted else None
        return self.page.rows

    def get_paginated_response(
        self,
        data: list,
        head: Mapping[str, Any] | None = None,
        carry: Mapping[str, str] | None = None,
    ) -> Response:
        """The page; `head` stands before it, `carry` is kept in its links."""
        body: dict[str, Any] = dict(head or {})
        if self.count is not None:
            body["count"] = self.count
        body["next"] = self._link(self.page.next, carry or {})
        body["previous"] = self._link(self.page.previous, carry or {})
        return Response(body | {"results": data})

    def _link(self, cursor: str | None, carry: Mapping[str, str]) -> str | None:
        if cursor is None:
            return None
        address = remove_query_param(self.request.build_absolute_uri(), COUNT)
        for name, value in {**carry, CURSOR: cursor}.items():
            address = replace_query_param(address, name, value)
        return address

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        schemas: dict[str, dict[str, Any]] = {
            CURSOR: {"type": "string"},
            SIZE: {
                "type": "integer",
                "minimum": 1,
                "maximum": LARGEST_SIZE,
                "default": DEFAULT_SIZE,
            },
            COUNT: {"type": "boolean", "default": False},
        }
        return [
            {
                "name": name,
                "in": "query",
                "required": False,
                "description": PARAMETERS[name],
                "schema": schema,
            }
            for name, schema in schemas.items()
        ]

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        link = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {
                "count": {"type": "integer", "description": "Only if asked for."},
                "next": link,
                "previous": link,
                "results": schema,
            },
        }


def _size_asked(request: Any) -> int:
    text = request.query_params.get(SIZE, str(DEFAULT_SIZE))
    # Not int() first: it reads "１２" and "1_0", and a million digits slowly.
    if text.isascii() and text.isdecimal() and len(text) < 5:
        size = int(text)
        if 1 <= size <= LARGEST_SIZE:
            return size
    raise BadParameters([(SIZE, f"It is a whole number from 1 to {LARGEST_SIZE}.")])


def _count_asked(request: Any) -> bool:
    text = request.query_params.get(COUNT, "false")
    if text not in TRUTH:
        raise BadParameters([(COUNT, f"“{text}” is neither true nor false.")])
    return TRUTH[text]
