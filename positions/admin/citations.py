"""The desks of citations and of null findings."""

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html

from positions import tasks
from positions.models import Check, Citation

from .base import Desk, ReadOnlyDesk, badge
from .filters import CheckIssueFilter
from .places import HEAVY, reading_address, shortened


@admin.register(Citation)
class CitationDesk(ReadOnlyDesk):
    """Read-only: a citation is made with its statement and frozen with it."""

    list_display = ("place", "quoted", "of", "role", "anchored")
    list_display_links = ("quoted",)
    list_filter = ("anchor", "role")
    list_select_related = (
        "paragraph__revision__source",
        "statement__actor__merged_into",
        "statement__option__merged_into",
        "statement__disposition",
    )
    history_below = False

    def get_queryset(self, request):
        rows = super().get_queryset(request).defer(*HEAVY).order_by("-pk")
        return tasks.seen_by(request.user, rows, "statement")

    @admin.display(description="place")
    def place(self, citation):
        address = reading_address(citation.paragraph)
        return format_html('<a href="{}">{}</a>', address, citation.paragraph.citation)

    @admin.display(description="quote")
    def quoted(self, citation):
        return shortened(citation.quote)

    @admin.display(description="statement")
    def of(self, citation):
        address = reverse(
            "admin:positions_statement_change", args=(citation.statement_id,)
        )
        return format_html('<a href="{}">{}</a>', address, citation.statement)

    @admin.display(description="in the current text", ordering="anchor")
    def anchored(self, citation):
        return badge(citation.anchor, citation.get_anchor_display())


@admin.register(Check)
class CheckDesk(Desk):
    """Null findings: somebody looked here and found nothing to code."""

    list_display = ("source", "paragraph", "issue", "actor", "finding", "by", "at")
    list_display_links = ("source", "finding")
    list_filter = ("finding", CheckIssueFilter)
    list_select_related = (
        "source",
        "paragraph__revision__source",
        "issue",
        "actor",
        "by",
    )
    fields = ("source", "issue", "actor", "finding", "note")

    def get_queryset(self, request):
        return super().get_queryset(request).defer(*HEAVY)

    def save_model(self, request, obj, form, change):
        if not change:
            obj.by = request.user
        super().save_model(request, obj, form, change)
