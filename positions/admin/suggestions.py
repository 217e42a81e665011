"""The desk of suggestions: what a machine proposes, its words, and yes or no."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.urls import path, reverse
from django.utils.html import format_html
from django.views.decorators.http import require_POST

from positions import suggestions, tasks
from positions.choices import RejectedBecause, SuggestionState
from positions.models import Suggestion

from .base import FAULTS, ReadOnlyDesk, badge, sentences
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
    actions = ("accept_selected", "reject_selected")
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

    def lookup_allowed(self, lookup, value, request=None):
        return lookup == "source__id__exact" or super().lookup_allowed(
            lookup, value, request
        )

    def get_urls(self):
        wrap = self.admin_site.admin_view
        return [
            path(
                "<int:pk>/<slug:act>/decide/",
                wrap(require_POST(self.decide_view)),
                name="positions_suggestion_decide",
            ),
            *super().get_urls(),
        ]

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
                "may_decide": self.has_decide_permission(request),
                "reasons": RejectedBecause.choices,
                "following": self._following(row),
            }
        return super().change_view(request, object_id, form_url, extra)

    def _following(self, row):
        """The next one that waits, the surest first, so that one goes on from here."""
        waiting = Suggestion.objects.waiting().exclude(pk=row.pk)
        return waiting.filter(source=row.source_id).first() or waiting.first()

    # -- deciding -------------------------------------------------------------

    def has_decide_permission(self, request):
        return request.user.has_perm("positions.add_statement")

    def decide_view(self, request, pk, act):
        """Accept or reject one; afterwards the next that waits is shown."""
        if not self.has_decide_permission(request):
            raise PermissionDenied
        row = self.get_object(request, str(pk))
        if row is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, str(pk))
        following = self._following(row)
        try:
            self._decide(request, row, act)
        except FAULTS as fault:
            for sentence in sentences(fault):
                messages.error(request, sentence)
            following = row
        if following is None:
            return HttpResponseRedirect(
                reverse("admin:positions_suggestion_changelist")
            )
        return HttpResponseRedirect(
            reverse("admin:positions_suggestion_change", args=(following.pk,))
        )

    def _decide(self, request, row, act):
        if act == "reject":
            because = request.POST.get("because", RejectedBecause.OTHER)
            suggestions.reject(request.user, row, because)
            messages.success(request, f"{row}: rejected, and never offered again.")
        else:
            statement = suggestions.accept(request.user, row)
            address = reverse("admin:positions_statement_change", args=(statement.pk,))
            messages.success(
                request,
                format_html(
                    '{}: accepted. <a href="{}">Open the statement</a>', row, address
                ),
            )

    @admin.action(description="Accept as drafts", permissions=["decide"])
    def accept_selected(self, request, queryset):
        self._decide_all(request, queryset, suggestions.accept, "accepted as drafts")

    @admin.action(description="Reject for good", permissions=["decide"])
    def reject_selected(self, request, queryset):
        self._decide_all(request, queryset, suggestions.reject, "rejected")

    def _decide_all(self, request, queryset, decide, done):
        count = 0
        for row in queryset.order_by("pk"):
            try:
                decide(request.user, row)
                count += 1
            except FAULTS as fault:
                for sentence in sentences(fault):
                    messages.error(request, f"{row}: {sentence}")
        if count:
            messages.success(request, f"Suggestions {done}: {count}.")

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
