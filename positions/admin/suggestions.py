"""The desk of suggestions: what machines proposed, and what became of it.

They are decided in the queue.
"""

from django.contrib import admin
from django.utils.html import format_html

from positions import tasks
from positions.choices import SuggestionState
from positions.models import Suggestion

from .base import ReadOnlyDesk, badge
from .filters import IssueFilter
from .places import HEAVY, reading_address, shortened


class DecidedFilter(admin.SimpleListFilter):
    """What waits on the texts that are read now, unless something else is asked."""

    title = "state"
    parameter_name = "state"

    def lookups(self, request, model_admin):
        decided = [
            c for c in SuggestionState.choices if c[0] != SuggestionState.WAITING
        ]
        return [*decided, ("all", "All")]

    def choices(self, changelist):
        first, *others = super().choices(changelist)
        yield first | {"display": "Waits"}
        yield from others

    def queryset(self, request, queryset):
        if self.value() == "all":
            return queryset
        if self.value():
            return queryset.filter(state=self.value())
        return queryset.waiting()


@admin.register(Suggestion)
class SuggestionDesk(ReadOnlyDesk):
    list_display = (
        "position",
        "quoted",
        "sure",
        "standing_shown",
        "place",
        "state_shown",
    )
    list_display_links = ("position",)
    list_filter = (
        DecidedFilter,
        IssueFilter,
        "standing",
        "modality",
        "tool",
        "source__collection",
    )
    list_select_related = (
        "actor",
        "option__issue",
        "disposition",
        "source__collection",
        "paragraph__revision__source",
    )
    ordering = ("-confidence", "pk")
    change_form_template = "admin/positions/suggestion/change_form.html"
    fieldsets = (
        (
            "What it proposes",
            {"fields": ("actor", "option", "disposition", "over_option", "mode")},
        ),
        (
            "Who says it, and how",
            {
                "fields": (
                    ("speaker_text", "speaker_role"),
                    ("speaker", "speaker_rank"),
                    "on_authority_text",
                    ("standing", "form"),
                    ("modality", "condition"),
                    ("said_on", "said_basis", "holds_on"),
                    "repeats",
                )
            },
        ),
        (
            "Where it comes from",
            {"fields": (("tool", "tool_version"), "made_at", "fingerprint")},
        ),
    )

    def get_queryset(self, request):
        rows = super().get_queryset(request).defer(*HEAVY)
        # Who codes a paragraph blind sees no suggestion in it.
        return rows.exclude(paragraph__in=tasks.blind_paragraphs(request.user))

    def change_view(self, request, object_id, form_url="", extra_context=None):
        row = self.get_object(request, object_id)
        extra = dict(extra_context or {})
        if row is not None:
            text = row.paragraph.text
            extra |= {
                "pieces": (
                    text[: row.start],
                    text[row.start : row.end],
                    text[row.end :],
                ),
                "reading": reading_address(row.paragraph),
                "waits": row.state == SuggestionState.WAITING
                and row.paragraph.revision.current,
            }
        return super().change_view(request, object_id, form_url, extra)

    # -- columns --------------------------------------------------------------

    @admin.display(description="proposal")
    def position(self, row):
        return str(row)

    @admin.display(description="words")
    def quoted(self, row):
        return format_html("“{}”", shortened(row.quote, 120))

    @admin.display(description="sure", ordering="-confidence")
    def sure(self, row):
        return f"{row.confidence:.0%}"

    @admin.display(description="standing", ordering="standing")
    def standing_shown(self, row):
        return row.standing

    @admin.display(description="place")
    def place(self, row):
        return format_html(
            '<a href="{}">{}</a>',
            reading_address(row.paragraph),
            row.paragraph.citation,
        )

    @admin.display(description="state", ordering="state")
    def state_shown(self, row):
        return badge(row.state, row.get_state_display())
