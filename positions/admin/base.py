"""What all desks share: recorded saves, no deleting, bounded lists, search, history."""

import json

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.models import LogEntry
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.admin.widgets import (
    AdminTextareaWidget,
    AutocompleteSelect,
    AutocompleteSelectMultiple,
)
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import models
from django.forms.models import BaseInlineFormSet
from django.forms.widgets import Media, Script
from django.urls import path
from django.utils.functional import cached_property
from django.utils.html import format_html

from positions import names, search
from positions.models import Change, CodebookVersion, Disposition
from positions.models.actors import Mergeable
from positions.models.changes import recording
from positions.readers import Reader, readers_see
from positions.refusals import FAULTS, sentences  # noqa: F401 (the desks read them here)

from .history import Historied
from .meanwhile import Meanwhile

# How far beyond the page shown a list counts, in pages.
PAGES_AHEAD = 10
CODEBOOK = (Disposition, CodebookVersion)


class BoundedPaginator(Paginator):
    """Counts a few pages ahead of the one shown, never a whole big table."""

    page_shown = 1

    @cached_property
    def most(self):
        return (self.page_shown + PAGES_AHEAD) * self.per_page

    @cached_property
    def count(self):
        rows = self.object_list
        if not hasattr(rows, "query"):
            return len(rows)
        return rows.order_by()[: self.most].count()

    @property
    def bounded(self):
        """There may be more than were counted."""
        return self.count >= self.most


def badge(state, label=None):
    """A state, level or role as a small coloured word."""
    return format_html('<span class="badge badge-{}">{}</span>', state, label or state)


def by_name(queryset, text, *columns):
    """Rows of a small table whose names contain all the words, as names compare.

    The rows are compared here, because these tables keep no name key and what
    counts as the same letter must not depend on the database.
    """
    words = names.name_key(text).split()
    found = [
        pk
        for pk, *texts in queryset.order_by().values_list("pk", *columns)
        if (key := names.name_key(" ".join(filter(None, texts))))
        and all(word in key for word in words)
    ]
    return queryset.filter(pk__in=found)


def number_in(text, default=None):
    """The whole number that an address gives; `default` for anything else.

    Neither Python nor the databases read a number of any length.
    """
    return int(text) if text and text.isdecimal() and len(text) < 10 else default


class Labelled:
    """Completes names with the label of the record's own desk."""

    url_name = "%s:positions_autocomplete"

    @property
    def media(self):
        """Django's scripts, and one that gives the fields their labels."""
        script = Script("positions/completing_page.js", type="module")
        return super().media + Media(js=[script])

    def optgroups(self, name, value, attrs=None):
        """Only for numbers: the database is asked for whatever an address gives."""
        found = [one for one in value if number_in(str(one)) is not None]
        return super().optgroups(name, found, attrs)


class LabelledSelect(Labelled, AutocompleteSelect):
    """Completes one name."""


class LabelledSelectMultiple(Labelled, AutocompleteSelectMultiple):
    """Completes several names."""


class LabelledAutocomplete(AutocompleteJsonView):
    """Django's own completion, with labels that tell two options "CCW" apart.

    What is merged is not offered: its survivor is, by the names of both.
    """

    def get_queryset(self):
        rows = super().get_queryset()
        return rows.current() if issubclass(rows.model, Mergeable) else rows

    def serialize_result(self, obj, to_field_name):
        text = label_of(obj)
        return super().serialize_result(obj, to_field_name) | {"text": text}


def label_of(obj, site=admin.site):
    """How the record's desk names it in a list of choices."""
    desk = site._registry.get(type(obj))
    label = getattr(desk, "choice_label", None)
    return label(obj) if label else str(obj)


class Prose(AdminTextareaWidget):
    """A text with the line ends of everything else here: a browser posts others.

    Without it a text that nobody touched would count as changed.
    """

    def value_from_datadict(self, data, files, name):
        text = super().value_from_datadict(data, files, name)
        return text.replace("\r\n", "\n") if isinstance(text, str) else text


class Choosing:
    """Foreign keys are chosen by completing a name, labelled by their own desk."""

    formfield_overrides = {models.TextField: {"widget": Prose}}

    def get_autocomplete_fields(self, request):
        """Every foreign key whose desk can be searched, if not named otherwise."""
        return self.autocomplete_fields or tuple(
            field.name
            for field in (*self.model._meta.fields, *self.model._meta.many_to_many)
            if field.editable
            and field.remote_field
            and getattr(
                self.admin_site._registry.get(field.related_model), "search_fields", ()
            )
        )

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", LabelledSelect(db_field, self.admin_site))
        return self._labelled(
            super().formfield_for_foreignkey(db_field, request, **kwargs)
        )

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault(
                "widget", LabelledSelectMultiple(db_field, self.admin_site)
            )
        return self._labelled(
            super().formfield_for_manytomany(db_field, request, **kwargs)
        )

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        """Of Django's small buttons beside a choice only "add" stays.

        The codebook is not added to in passing.
        """
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        widget = getattr(field, "widget", None)
        if hasattr(widget, "can_change_related"):
            widget.can_change_related = widget.can_delete_related = False
            widget.can_view_related = False
            if db_field.related_model in CODEBOOK:
                widget.can_add_related = False
        return field

    @staticmethod
    def _labelled(field):
        if field is not None:
            field.label_from_instance = label_of
        return field


class DeskForm(forms.ModelForm):
    """A form that asks every constraint, also those over columns it does not show.

    Django asks only those whose columns are all in the form; a name's key is not.
    """

    # Sentences that say why it is not saved, whatever stands in it.
    held_back = ()

    def _post_clean(self):
        super()._post_clean()
        for sentence in self.held_back:
            self.add_error(None, sentence)
        if self.errors:
            return
        if hasattr(self.instance, "name_key"):
            self.instance.name_key = names.name_key(self.instance.name)
        try:
            self.instance.validate_constraints()
        except ValidationError as fault:
            self._update_errors(fault)


class RowSet(BaseInlineFormSet):
    """Rows whose fields have names, though their labels stand above the columns."""

    def add_fields(self, form, index):
        super().add_fields(form, index)
        for field in form.fields.values():
            # Django wraps the fields beside which a record can be added.
            widget = getattr(field.widget, "widget", field.widget)
            if field.label and not widget.is_hidden:
                widget.attrs.setdefault("aria-label", field.label)


class Rows(Choosing, admin.TabularInline):
    """Rows inside a record's form."""

    form = DeskForm
    formset = RowSet
    extra = 0


class Desk(Meanwhile, Historied, Choosing, admin.ModelAdmin):
    """The base of every desk. What it saves stands in the log of changes.

    Django's own log of admin actions is not written: nothing is logged twice.
    """

    form = DeskForm
    show_full_result_count = False
    # Counts beside every filter would read a big table once for each of them.
    show_facets = admin.ShowFacets.NEVER
    list_per_page = 50
    list_max_show_all = 0
    paginator = BoundedPaginator
    change_form_template = "admin/positions/change_form.html"
    # Name columns that the search box compares; empty: the full-text search.
    name_columns = ()
    history_below = True
    adds_in_a_row = True

    def get_paginator(self, request, queryset, per_page, *args, **kwargs):
        paginator = super().get_paginator(request, queryset, per_page, *args, **kwargs)
        if isinstance(paginator, BoundedPaginator):
            shown = request.GET.get("p") or request.GET.get("page")
            paginator.page_shown = number_in(shown, 1)
        return paginator

    def get_object(self, request, object_id, from_field=None):
        """A record; the same one for all parts of a page that shows it.

        A request that changes something reads it anew each time.
        """
        if request.method != "GET":
            return super().get_object(request, object_id, from_field)
        shown = request.__dict__.setdefault("records_shown", {})
        asked = type(self), str(object_id), from_field
        if asked not in shown:
            shown[asked] = super().get_object(request, object_id, from_field)
        return shown[asked]

    # -- search ---------------------------------------------------------------

    def get_search_results(self, request, queryset, search_term):
        if not search_term.strip() or not self.get_search_fields(request):
            return queryset, False
        completing = request.path.endswith("/autocomplete/")
        if completing and not self.name_columns and search_term[-2:].isalnum():
            search_term += "*"
        try:
            return self.find(queryset, search_term, Reader.of_request(request)), False
        except search.BadQuery as fault:
            if not completing:
                messages.error(request, str(fault))
            return queryset.none(), False

    def find(self, queryset, text, reader):
        """The rows that the words of a search box mean; raises search.BadQuery."""
        if self.name_columns:
            return by_name(queryset, text, *self.name_columns)
        return search.filter(queryset, text, reader)

    def changelist_view(self, request, extra_context=None):
        title = self.opts.verbose_name_plural
        extra = {"title": title[:1].upper() + title[1:], **(extra_context or {})}
        return super().changelist_view(request, extra)

    # -- saving ---------------------------------------------------------------

    def save_model(self, request, obj, form, change):
        obj.was_seen = change and readers_see(obj)
        super().save_model(request, obj, form, change)

    def log_addition(self, request, obj, message):
        with recording(request.user) as rec:
            rec.note(obj, "added", public=readers_see(obj))

    def log_change(self, request, obj, message):
        if not message:
            return
        seen = getattr(obj, "was_seen", False) or readers_see(obj)
        with recording(request.user) as rec:
            rec.note(obj, "edited", why=in_words(message), public=seen)

    def log_deletions(self, request, queryset):
        """Nothing is deleted, so there is nothing to log."""

    def has_delete_permission(self, request, obj=None):
        return False

    # -- the record's own log -------------------------------------------------

    def change_view(self, request, object_id, form_url="", extra_context=None):
        extra = dict(extra_context or {})
        obj = self.get_object(request, object_id)
        if obj is not None and self.history_below:
            extra["changes"] = list(changes_of(obj)[:20])
        extra.setdefault("show_save_and_add_another", self.adds_in_a_row)
        return super().change_view(request, object_id, form_url, extra)


class ReadOnlyDesk(Desk):
    """A desk that only shows."""

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False


def in_words(message):
    """Django's list of what a form changed, as a sentence."""
    return LogEntry(change_message=json.dumps(message)).get_change_message()


def changes_of(obj):
    """The changes of one record, newest first, with the people who made them."""
    return Change.objects.of(obj).select_related("who")


def autocomplete_urls(site):
    """The address that `LabelledSelect` asks."""
    view = site.admin_view(LabelledAutocomplete.as_view(admin_site=site))
    return [path("autocomplete/", view, name="positions_autocomplete")]
