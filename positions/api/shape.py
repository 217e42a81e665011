"""A serializer that is declared as any other and reads rows in the plainest way."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from operator import attrgetter
from typing import Any

from django.db.models.manager import BaseManager
from rest_framework import serializers

from .sight import Sight

Read = Callable[[Any], Any]


class Shape(serializers.Serializer):
    """Fields declare what an answer holds; each is read by plain attribute access.

    The library looks up, checks and converts every field of every row anew, which
    makes most of the cost of a page. What is read here needs none of that: rows
    come from our own models, and the renderer writes days and instants itself.
    """

    def to_representation(self, row: Any) -> dict[str, Any]:
        return {name: read(row) for name, read in self._readers}

    @cached_property
    def _readers(self) -> list[tuple[str, Read]]:
        return [(name, self._reader(field)) for name, field in self.fields.items()]

    def _reader(self, field: serializers.Field) -> Read:
        if isinstance(field, serializers.SerializerMethodField):
            return getattr(self, field.method_name)
        read = attrgetter(field.source)
        if isinstance(field, serializers.ListSerializer):
            return _each(read, field.child.to_representation)
        if isinstance(field, serializers.BaseSerializer):
            return _if_any(read, field.to_representation)
        return read

    def guarded(self, record: Any, show: Read) -> dict[str, Any] | None:
        """A record that may be hidden from this reader, shown if it is not."""
        seen = self.sight.show(record)
        return None if seen is None else show(seen)

    @cached_property
    def sight(self) -> Sight:
        return self.context["sight"]


def _each(read: Read, show: Read) -> Read:
    def shown(row: Any) -> list[Any]:
        found = read(row)
        items = found.all() if isinstance(found, BaseManager) else found
        return [show(item) for item in items]

    return shown


def _if_any(read: Read, show: Read) -> Read:
    def shown(row: Any) -> Any:
        found = read(row)
        return None if found is None else show(found)

    return shown
