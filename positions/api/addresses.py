"""The addresses that answers carry: of public pages, for people."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.urls import reverse

from positions.models import Source


class Addresses:
    """Absolute addresses on the host that a request came to."""

    def __init__(self, request: Any):
        self._request = request

    @cached_property
    def _site(self) -> str:
        return self._request.build_absolute_uri("/").rstrip("/")

    def page(self, name: str, *parts: str) -> str:
        return self._site + reverse(name, args=parts)

    def source(self, source: Source) -> str:
        return self.page("source", source.collection.key, source.identifier)
