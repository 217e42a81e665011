"""How the value of a parameter is read: strictly, with one sentence where it fails."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from typing import Any

import django_filters as filters
from django import forms
from django.db import models
from django.utils import timezone

from positions import dates, search
from positions.models import Source
from positions.readers import Reader

TRUTH = {"true": True, "false": False}


def fault(sentence: str) -> forms.ValidationError:
    """A refusal in a sentence, which the library fills in as a template: with %."""
    return forms.ValidationError("%(said)s", params={"said": sentence})


class DayField(forms.CharField):
    def clean(self, value: str | None) -> date | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            return dates.day(text)
        except dates.BadDate as problem:
            raise fault(str(problem)) from problem


class InstantField(forms.CharField):
    """An instant with its offset from UTC, not one that is yet to come."""

    def clean(self, value: str | None) -> datetime | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            instant = datetime.fromisoformat(text).astimezone(UTC)
            if datetime.fromisoformat(text).tzinfo is None:
                raise ValueError(text)
        except (ValueError, OverflowError) as problem:
            raise fault(
                f"“{text}” is not an instant: write it as 2026-01-31T12:00:00Z."
            ) from problem
        if instant > timezone.now():
            raise fault(f"“{text}” is yet to come.")
        return instant


class TruthField(forms.CharField):
    def clean(self, value: str | None) -> bool | None:
        text = super().clean(value)
        if text and text not in TRUTH:
            raise fault(f"“{text}” is neither true nor false.")
        return TRUTH.get(text)


class WordsField(forms.CharField):
    """A search, as `search.parse` reads it."""

    def clean(self, value: str | None) -> search.Query | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            return search.parse(text)
        except search.BadQuery as problem:
            raise fault(str(problem)) from problem


class KeyField(forms.CharField):
    """The public key of a record that the reader may see."""

    def __init__(
        self,
        *args: Any,
        rows: Callable[[], models.QuerySet],
        by: str = "key",
        **kwargs: Any,
    ):
        self.rows, self.by = rows, by
        super().__init__(*args, **kwargs)

    def clean(self, value: str | None) -> models.Model | None:
        key = super().clean(value)
        if not key:
            return None
        rows = self.rows()
        record = self.find(rows, key)
        if record is None:
            noun = rows.model._meta.verbose_name
            raise fault(f"There is no {noun} “{key}”.")
        return record

    def find(self, rows: models.QuerySet, key: str) -> models.Model | None:
        return rows.filter(**{self.by: key}).first()


class SourceKeyField(KeyField):
    """Collection and identifier of a source: cables/08TOKYO1212."""

    def find(self, rows: models.QuerySet, key: str) -> Source | None:
        collection, _, identifier = key.partition("/")
        return rows.filter(collection__key=collection, identifier=identifier).first()


# -- filters ------------------------------------------------------------------------


class DayFilter(filters.DateFilter):
    field_class = DayField


class InstantFilter(filters.IsoDateTimeFilter):
    field_class = InstantField


class TruthFilter(filters.BooleanFilter):
    field_class = TruthField

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.extra.pop("widget", None)


class OneOfFilter(filters.ChoiceFilter):
    """One word of a closed list."""

    def __init__(self, choices: Iterable[tuple[Any, Any]], **kwargs: Any):
        choices = [(str(value), label) for value, label in choices]
        said = "“%(value)s” is none of: " + ", ".join(value for value, _ in choices)
        kwargs.setdefault("error_messages", {"invalid_choice": said + "."})
        super().__init__(choices=choices, empty_label=None, **kwargs)


class WordsFilter(filters.CharFilter):
    """Full-text search in what the list holds."""

    field_class = WordsField

    def __init__(self, **kwargs: Any):
        kwargs.setdefault("help_text", search.HELP)
        super().__init__(label="Words", **kwargs)

    def filter(self, rows: models.QuerySet, query: search.Query | None):
        if query is None:
            return rows
        return search.filter(rows, query, Reader.of_request(self.parent.request))


class KeyFilter(filters.CharFilter):
    """Rows that belong to one record, given by its public key.

    `rows` gives the records that a reader may name; `narrow` takes the list and the
    record. What a reader may not see is not found, in the same words as what is not.
    """

    field_class = KeyField

    def __init__(
        self,
        rows: Callable[[Reader], models.QuerySet],
        narrow: Callable[[models.QuerySet, Any], models.QuerySet],
        **kwargs: Any,
    ):
        self.narrow, self.given_rows = narrow, rows
        super().__init__(rows=self._rows, **kwargs)

    def _rows(self) -> models.QuerySet:
        return self.given_rows(Reader.of_request(self.parent.request))

    def filter(self, rows: models.QuerySet, record: models.Model | None):
        return rows if record is None else self.narrow(rows, record)


class SourceFilter(KeyFilter):
    field_class = SourceKeyField
