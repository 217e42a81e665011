"""The desk of the log: append-only, nothing here can be added, edited or deleted."""

from django.apps import apps
from django.contrib import admin, messages
from django.core.exceptions import FieldDoesNotExist, PermissionDenied
from django.http import HttpResponseRedirect
from django.urls import NoReverseMatch, path, reverse
from django.utils.html import format_html

from positions import undoing
from positions.models import Change

from .base import ReadOnlyDesk, badge
from .recoding import batch_address

# A batch has some changes for each of a thousand records.
MOST_COUNTED = 10_000


def record_of(change):
    """The record that a change is about, as its version then was; None if gone."""
    try:
        model = apps.get_model("positions", change.record)
    except LookupError:
        return None
    rows = model._base_manager.all()
    if change.record == "source":
        collection, _, identifier = change.key.partition("/")
        return rows.filter(collection__key=collection, identifier=identifier).first()
    if change.version is not None:
        return rows.filter(key=change.key, version=change.version).first()
    try:
        model._meta.get_field("key")
    except FieldDoesNotExist:
        return rows.filter(pk=change.key).first() if change.key.isdecimal() else None
    return rows.filter(key=change.key).first()


def record_address(record):
    """The page of a record in admin."""
    name = f"admin:positions_{record._meta.model_name}_change"
    return reverse(name, args=(record.pk,))


class RecordFilter(admin.SimpleListFilter):
    """By kind of record, without reading the log for the kinds that occur."""

    title = "record"
    parameter_name = "record"

    def lookups(self, request, model_admin):
        models = apps.get_app_config("positions").get_models()
        shown = [m for m in models if model_admin.admin_site.is_registered(m)]
        return [(m._meta.model_name, m._meta.verbose_name) for m in shown]

    def queryset(self, request, queryset):
        if self.value() is None:
            return queryset
        return queryset.filter(record=self.value())


@admin.register(Change)
class ChangeDesk(ReadOnlyDesk):
    list_display = ("seq", "at", "by", "what", "about", "states", "why")
    list_display_links = ("seq",)
    list_filter = (RecordFilter, "public")
    list_select_related = ("who",)
    search_fields = ("key",)
    search_help_text = "The key of a record, whole"
    ordering = ("-seq",)
    history_below = False
    exclude = ("batch",)
    readonly_fields = ("together",)

    def find(self, queryset, text, reader):
        return queryset.filter(key=text.strip())

    def get_urls(self):
        view = self.admin_site.admin_view(self.record_view)
        return [
            path("<int:pk>/record/", view, name="positions_change_record"),
            *super().get_urls(),
        ]

    def record_view(self, request, pk):
        """Lead to the record that a change is about."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        change = self.get_object(request, str(pk))
        record = change and record_of(change)
        if record is not None:
            try:
                return HttpResponseRedirect(record_address(record))
            except NoReverseMatch:
                pass
        messages.info(
            request, "This record has no page: it was dropped or is inside another."
        )
        return HttpResponseRedirect(reverse("admin:positions_change_changelist"))

    @admin.display(description="who", ordering="who")
    def by(self, change):
        return change.who or change.tool

    @admin.display(description="what", ordering="action")
    def what(self, change):
        return change.action

    @admin.display(description="record")
    def about(self, change):
        version = f" v{change.version}" if change.version else ""
        return format_html(
            '<a href="{}">{} {}{}</a>',
            reverse("admin:positions_change_record", args=(change.pk,)),
            change.record,
            change.key,
            version,
        )

    @admin.display(description="decided together")
    def together(self, change):
        """How many other records were decided with it, and where they are."""
        if not change.batch:
            return "alone"
        rows = Change.objects.filter(batch=change.batch, record=change.record)
        keys = set(rows.values_list("key", flat=True)[:MOST_COUNTED])
        number = len(keys - {change.key})
        told = format_html(
            '<a href="{}?batch={}">Decided together with {} other{}</a>',
            reverse("admin:positions_change_changelist"),
            change.batch,
            number or "no",
            "" if number == 1 else "s",
        )
        if not rows.filter(action__in=undoing.ACTIONS).exists():
            return told
        undo = batch_address(change.batch)
        label = "Undo them all" if number else "Undo it"
        return format_html('{} · <a href="{}">{}</a>', told, undo, label)

    def lookup_allowed(self, lookup, value, request=None):
        return lookup == "batch" or super().lookup_allowed(lookup, value, request)

    @admin.display(description="state")
    def states(self, change):
        if not change.to_state:
            return ""
        return badge(change.to_state)
