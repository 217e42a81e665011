"""How answers are written: JSON, a page for people who browse, and flat tables."""

from __future__ import annotations

from typing import Any

import orjson
from django.template import loader
from rest_framework import renderers
from rest_framework.utils.urls import remove_query_param, replace_query_param

PAGING = ("cursor", "page_size", "count")
OPTIONS = orjson.OPT_UTC_Z


class Json(renderers.BaseRenderer):
    """JSON by orjson, which writes days and instants (UTC, with Z) itself."""

    media_type = "application/json"
    format = "json"
    charset = None  # JSON is UTF-8 by definition

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: dict[str, Any] | None = None,
    ) -> bytes:
        return b"" if data is None else orjson.dumps(data, default=str, option=OPTIONS)


class Browsable(renderers.BrowsableAPIRenderer):
    """The answer on a page, with the parameters that the list takes.

    The library's own page needs inline script and style, which the content
    security policy stops, and runs queries for forms that a read-only API lacks.
    """

    template = "rest_framework/api.html"

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: dict[str, Any] | None = None,
    ) -> str:
        context = renderer_context or {}
        view, request = context["view"], context["request"]
        text = orjson.dumps(data, default=str, option=OPTIONS | orjson.OPT_INDENT_2)
        return loader.render_to_string(
            self.template,
            {
                "content": text.decode(),
                "canonical": request.build_absolute_uri(request.path),
                "reader": view.reader,
                "name": view.get_view_name(),
                "description": view.get_view_description(),
                "address": request.get_full_path(),
                "response": context["response"],
                "parameters": view.told_parameters(),
                "links": data if isinstance(data, dict) else {},
                **_other_forms(request, view),
            },
            request=request._request,
        )


def _other_forms(request: Any, view: Any) -> dict[str, str]:
    """The address of the same answer as JSON, and as a table where there is one."""
    address = request.build_absolute_uri()
    found = {"json": replace_query_param(address, "format", "json")}
    if Csv in view.renderer_classes and not view.detail:
        for name in PAGING:
            address = remove_query_param(address, name)
        found["csv"] = replace_query_param(address, "format", "csv")
    return found


class Csv(renderers.BaseRenderer):
    """Named here for negotiation only: the views stream their tables themselves."""

    media_type = "text/csv"
    format = "csv"

    def render(self, data: Any, *_: Any) -> bytes:
        raise NotImplementedError("Tables are streamed, never rendered at once.")
