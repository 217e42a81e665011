"""The desk of stances: what people judge, and on which statements it rests."""

from django.contrib import admin
from django.db.models import Count, OuterRef, Prefetch, Q, Subquery
from django.urls import path, reverse
from django.utils.html import format_html

from positions import dates, tasks
from positions.choices import StanceState
from positions.models import Actor, Evidence, Option, Stance, Statement

from . import derive
from .acts import Act, VersionedDesk, common_acts, may_review
from .base import Rows, by_name
from .codebook import OPTION_NAMES
from .codebook_beside import codebook
from .filters import ActorFilter, IssueFilter, VersionFilter
from .places import citations_with_place, reading_address

State = StanceState


COMMON = common_acts(Stance)
ACTS = (
    COMMON.next_version,
    Act(
        "submit-and-publish",
        "Submit and publish",
        "submitted and published.",
        "publish_stance",
        (State.DRAFT,),
        lambda record, user, why: record.submit_and_let_in(user, why),
        fits=may_review,
        tone="main",
        saves=True,
    ),
    COMMON.submit,
    Act(
        "publish",
        "Publish",
        "published.",
        "publish_stance",
        (State.REVIEW,),
        lambda record, user, why: record.publish(user, why),
        why="may",
        fits=may_review,
        tone="main",
        saves=True,
    ),
    COMMON.send_back,
    COMMON.retract,
    COMMON.drop,
    *COMMON.withholding,
)


class EvidenceRows(Rows):
    """The statements that a draft stance rests on."""

    model = Evidence
    fields = ("statement", "relation")
    verbose_name = "statement"
    verbose_name_plural = "evidence: the statements it rests on"

    def get_queryset(self, request):
        statements = Statement.objects.select_related(
            "actor__merged_into", "option__merged_into", "disposition"
        ).prefetch_related(Prefetch("citations", citations_with_place()))
        return (
            super()
            .get_queryset(request)
            .prefetch_related(Prefetch("statement", statements))
        )

    def get_extra(self, request, obj=None, **kwargs):
        """A new stance begins with a row to fill in, also without JavaScript."""
        return 0 if obj else 1

    def has_add_permission(self, request, obj=None):
        return self._open(obj) and super().has_add_permission(request, obj)

    def has_change_permission(self, request, obj=None):
        return self._open(obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        """A row may leave a stance that is not published yet, never one that is."""
        return self.has_change_permission(request, obj)

    @staticmethod
    def _open(stance):
        return stance is None or not stance.frozen


@admin.register(Stance)
class StanceDesk(VersionedDesk):
    list_display = (
        "position",
        "state_shown",
        "holds_from",
        "holds_until",
        "confidence",
        "supports",
        "basis",
        "author",
    )
    list_display_links = ("position",)
    list_filter = (
        *("state", IssueFilter, ActorFilter, "facet", "basis", "confidence"),
        VersionFilter,
    )
    list_select_related = (
        *("actor__merged_into", "option__issue", "option__merged_into"),
        *("disposition", "author"),
    )
    search_fields = ("actor",)
    search_help_text = "The actor or the option"
    change_list_template = "admin/positions/stance/change_list.html"
    inlines = (EvidenceRows,)
    actions = ("submit", "publish", "submit_and_publish")
    acts = ACTS
    change_form_template = "admin/positions/stance/change_form.html"
    frozen_states = {
        State.PUBLISHED: "This stance is published, so it is frozen with its evidence. "
        "To correct it, make its next version: this one stays public until that is "
        "published.",
        State.RETRACTED: "This version was retracted or replaced, so it is frozen: it "
        "shows what was public before.",
    }
    readonly_fields = ("made_by",)
    fieldsets = (
        (
            "The position",
            {"fields": ("actor", "option", "disposition", "mode")},
        ),
        (
            "When it holds",
            {
                "fields": (
                    ("holds_from", "holds_to"),
                    ("changed_after", "last_confirmed"),
                ),
                "description": "The last day is given as the first day on which it "
                "no longer holds; empty: it still holds.",
            },
        ),
        (
            "How sure, and why",
            {"fields": (("confidence", "level"), "rationale", "through", "made_by")},
        ),
    )

    def find(self, queryset, text, reader):
        """Stances whose actor or option has the words in one of its names."""
        options = by_name(Option.objects.all(), text, *OPTION_NAMES)
        return queryset.filter(
            Q(actor__in=Actor.objects.matching(text)) | Q(option__in=options)
        )

    def get_urls(self):
        page = self.admin_site.admin_view(derive.DeriveView.as_view(desk=self))
        name = "positions_stance_derive"
        return [path("derive/", page, name=name), *super().get_urls()]

    def get_queryset(self, request):
        rows = super().get_queryset(request)
        # It shows the words of what supports it.
        rows = tasks.seen_by(request.user, rows, "evidence__statement")
        if request.resolver_match.url_name.endswith("_changelist"):
            rows = rows.annotate(n_evidence=Subquery(evidence_counted()))
        return rows

    def get_inlines(self, request, obj):
        """What cannot be changed is shown once, with its words."""
        if obj and not self.has_change_permission(request, obj):
            return ()
        return self.inlines

    def save_model(self, request, obj, form, change):
        if not change:
            obj.author = request.user
        super().save_model(request, obj, form, change)

    # -- columns --------------------------------------------------------------

    @admin.display(description="position", ordering="actor__name")
    def position(self, stance):
        return format_html(
            '{}: <span class="disposition facet-{}">{}</span>',
            stance.actor.survivor.name,
            stance.facet,
            stance.disposition.say(stance.option),
        )

    @admin.display(description="state", ordering="state")
    def state_shown(self, stance):
        return self.state_badge(stance)

    @admin.display(description="holds to", ordering="holds_to")
    def holds_until(self, stance):
        return stance.holds_to or "open"

    @admin.display(description="evidence")
    def supports(self, stance):
        return stance.n_evidence or 0

    @admin.display(description="made by")
    def made_by(self, stance):
        if stance.pk is None:
            return "you"
        who = stance.author or "a tool"
        if stance.rule_version:
            return (
                f"{who}, derived by rule v{stance.rule_version} "
                f"with codebook version {stance.codebook_version}"
            )
        return f"{who}, asserted"

    # -- bulk actions ---------------------------------------------------------

    @admin.action(description="Submit", permissions=("submit",))
    def submit(self, request, queryset):
        self.run_on_all(request, queryset, lambda r, who: r.submit(who), "submitted")

    @admin.action(description="Publish", permissions=("publish",))
    def publish(self, request, queryset):
        self.run_on_all(request, queryset, lambda r, who: r.publish(who), "published")

    @admin.action(description="Submit and publish", permissions=("publish",))
    def submit_and_publish(self, request, queryset):
        run = self.model.submit_and_let_in
        self.run_on_all(request, queryset, run, "submitted and published")

    def has_submit_permission(self, request):
        return request.user.has_perm("positions.submit_stance")

    def has_publish_permission(self, request):
        return request.user.has_perm("positions.publish_stance")

    # -- the page -------------------------------------------------------------

    def render_change_form(self, request, context, obj=None, **kwargs):
        if self.has_change_permission(request, obj):
            chosen = obj and obj.disposition_id
            context["facets"] = codebook(chosen, stances=True)
        return super().render_change_form(request, context, obj=obj, **kwargs)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        extra = dict(extra_context or {})
        record = self.get_object(request, object_id)
        if record is not None:
            extra["evidence"] = evidence_of(record)
            extra["derive_address"] = derive.address(record.actor, record.option.issue)
        return super().change_view(request, object_id, form_url, extra)


def evidence_counted():
    """How many statements stand behind a stance of a list.

    Not as a joined count: for that the database groups all stances before the first.
    """
    rows = Evidence.objects.filter(stance=OuterRef("pk")).order_by().values("stance")
    return rows.annotate(number=Count("pk")).values("number")


def evidence_of(stance):
    """The evidence of a stance with its words and the address of each."""
    statements = Statement.objects.select_related(
        "actor__merged_into", "option__merged_into", "disposition"
    ).prefetch_related(Prefetch("citations", citations_with_place()))
    rows = list(
        stance.evidence.prefetch_related(Prefetch("statement", statements)).order_by(
            "pk"
        )
    )
    for row in rows:
        main = row.statement.main
        row.words = main
        row.read = reading_address(main.paragraph) if main else ""
        row.day = dates.show(row.statement.holds_on or row.statement.said_on)
        row.address = reverse(
            "admin:positions_statement_change", args=(row.statement_id,)
        )
    return rows
