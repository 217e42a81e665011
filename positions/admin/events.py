"""The desk of events and of who took part in them."""

from django.contrib import admin

from positions import dates
from positions.models import Event, Participation

from .base import Desk, Rows


class ParticipationRows(Rows):
    model = Participation
    fields = ("actor", "part")


@admin.register(Event)
class EventDesk(Desk):
    list_display = ("name", "kind", "day", "place")
    list_filter = ("kind", "issues")
    search_fields = ("name",)
    name_columns = ("name", "place")
    inlines = (ParticipationRows,)
    fieldsets = (
        (None, {"fields": ("name", ("kind", "dated"), "place", "issues", "note")}),
        ("Key", {"classes": ("collapse",), "fields": ("key",)}),
    )

    def get_readonly_fields(self, request, obj=None):
        return ("key",) if obj else ()

    @admin.display(description="date", ordering="earliest")
    def day(self, event):
        return dates.show(event.dated)
