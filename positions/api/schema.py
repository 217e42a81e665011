"""The OpenAPI description: every status and every form that an address answers in."""

from __future__ import annotations

from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse

from .base import ListView, MergeableView
from .errors import ErrorsShape
from .renderers import Csv, Json


class Schema(AutoSchema):
    """Adds what the library cannot know: tables, redirects and our one error shape."""

    def get_response_serializers(self) -> Any:
        shape = super().get_response_serializers()
        if not isinstance(self.view, ListView):
            return shape
        told: dict[Any, Any] = {(200, Json.media_type): shape}
        if not self.view.detail and Csv in self.view.renderer_classes:
            told[200, Csv.media_type] = OpenApiTypes.STR
        if self.view.detail and isinstance(self.view, MergeableView):
            told[308] = OpenApiResponse(description="Merged: it is read elsewhere.")
        for status, said in self._errors().items():
            told[status, Json.media_type] = OpenApiResponse(ErrorsShape, said)
        return told

    def _errors(self) -> dict[int, str]:
        errors = {400: "A parameter is unknown, empty or wrong."}
        if "{" in self.path:
            errors[404] = "Nothing is here, or nothing that you may see."
        return errors | {406: "It cannot be answered in the form asked for."}

    def _is_list_view(self, serializer: Any = None) -> bool:
        if isinstance(self.view, ListView):
            return not self.view.detail
        return super()._is_list_view(serializer)
