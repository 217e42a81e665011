"""The desks of statements, their citations, and null findings."""

from django.conf import settings
from django.contrib import admin
from django.db.models import Prefetch
from django.urls import reverse
from django.utils.html import format_html

from positions import dates
from positions.choices import StanceState, Standing, StatementState
from positions.models import Check, Citation, Issue, Stance, Statement

from .acts import Act, VersionedDesk, dropped, submit_and
from .base import Desk, ReadOnlyDesk, badge
from .work import work_urls

State = StatementState

# A document's whole text has no place in a list of its citations.
HEAVY = tuple(f"paragraph__revision__{name}" for name in ("text", "patches", "header"))


def citations_with_place():
    return Citation.objects.with_place().defer(*HEAVY)


def reading_address(paragraph):
    """The paragraph in the reading page of its source."""
    address = reverse(
        "admin:positions_source_read", args=(paragraph.revision.source_id,)
    )
    return f"{address}?at={paragraph.key}#p{paragraph.key}"


def may_review(record, user):
    """Another person coded it, or this installation allows self-review."""
    return settings.SELF_REVIEW or record.coder_id != user.pk


def resting_stances(record):
    """Published stances whose only accepted support is this statement."""
    stances = Stance.objects.filter(
        state=StanceState.PUBLISHED, evidence__statement=record
    ).distinct()
    return [stance for stance in stances if stance.rests_only_on(record)]


def bends_a_stance(record, user):
    """Accepting it would take a published stance's only support away."""
    earlier = Statement.objects.filter(key=record.key, state=State.ACCEPTED).first()
    if earlier is None or not may_review(record, user):
        return False
    same = (earlier.actor_id, earlier.option_id, earlier.disposition_id) == (
        record.actor_id,
        record.option_id,
        record.disposition_id,
    )
    return not same and bool(resting_stances(earlier))


ACTS = (
    Act(
        "next-version",
        "Correct: make the next version",
        "the next version is open for correction.",
        "submit_statement",
        (State.ACCEPTED,),
        lambda record, user, why: record.next_version(user),
        fits=lambda record, user: record.open_version() is None,
        tone="main",
    ),
    Act(
        "submit-and-accept",
        "Submit and accept",
        "submitted and accepted.",
        "accept_statement",
        (State.DRAFT,),
        submit_and(lambda record, user, why: record.accept(user, why)),
        fits=may_review,
        tone="main",
        saves=True,
    ),
    Act(
        "submit",
        "Submit",
        "submitted; it waits for a reviewer.",
        "submit_statement",
        (State.DRAFT,),
        lambda record, user, why: record.submit(user),
        saves=True,
    ),
    Act(
        "accept",
        "Accept",
        "accepted; it is public now.",
        "accept_statement",
        (State.REVIEW,),
        lambda record, user, why: record.accept(user, why),
        why="may",
        fits=may_review,
        tone="main",
        saves=True,
    ),
    Act(
        "accept-and-retract",
        "Accept and retract the stance that rests on it",
        "accepted; the stance that rested on the words as coded before is retracted.",
        "accept_statement",
        (State.REVIEW,),
        lambda record, user, why: record.accept(user, why, retract_stances=True),
        why="may",
        fits=bends_a_stance,
    ),
    Act(
        "send-back",
        "Send back",
        "sent back to draft.",
        "submit_statement",
        (State.REVIEW,),
        lambda record, user, why: record.send_back(user, why),
        why="may",
    ),
    Act(
        "reject",
        "Reject",
        "rejected.",
        "accept_statement",
        (State.REVIEW, State.DRAFT),
        lambda record, user, why: record.reject(user, why),
        why="must",
        tone="danger",
    ),
    Act(
        "take-back",
        "Take back the acceptance",
        "the acceptance is taken back; it is in review again.",
        "accept_statement",
        (State.ACCEPTED,),
        lambda record, user, why: record.take_back(user),
        fits=lambda record, user: record.can_take_back(),
        meaning="Only until the next change of this statement.",
    ),
    Act(
        "retract",
        "Retract",
        "retracted.",
        "accept_statement",
        (State.ACCEPTED,),
        lambda record, user, why: record.retract(user, why),
        why="must",
        tone="danger",
    ),
    Act(
        "retract-both",
        "Retract both",
        "retracted, with the stance that rested on it.",
        "accept_statement",
        (State.ACCEPTED,),
        lambda record, user, why: record.retract(user, why, retract_stances=True),
        why="must",
        fits=lambda record, user: bool(resting_stances(record)),
        tone="danger",
        meaning="It is the only support of a published stance: both leave the public.",
    ),
    Act(
        "drop",
        "Drop this draft",
        "dropped.",
        "add_statement",
        (State.DRAFT,),
        dropped,
        fits=lambda record, user: record.coder_id == user.pk,
        tone="danger",
        meaning="Only its coder, and only while it was never submitted.",
    ),
)


class IssueFilter(admin.SimpleListFilter):
    """By issue, without reading the table for the issues that occur in it."""

    title = "issue"
    parameter_name = "issue"
    path = "option__issue"

    def lookups(self, request, model_admin):
        return [(issue.key, issue.name) for issue in Issue.objects.all()[:100]]

    def queryset(self, request, queryset):
        if self.value() is None:
            return queryset
        return queryset.filter(**{f"{self.path}__key": self.value()})


class VersionFilter(admin.SimpleListFilter):
    """Newest versions only, unless all are asked for."""

    title = "versions"
    parameter_name = "versions"

    def lookups(self, request, model_admin):
        return [("all", "All versions")]

    def choices(self, changelist):
        first, *others = super().choices(changelist)
        yield first | {"display": "Newest only"}
        yield from others

    def queryset(self, request, queryset):
        return queryset if self.value() == "all" else queryset.newest()


class MineFilter(admin.SimpleListFilter):
    title = "coder"
    parameter_name = "coded"

    def lookups(self, request, model_admin):
        return [("me", "Coded by me"), ("others", "Coded by others")]

    def queryset(self, request, queryset):
        if self.value() == "me":
            return queryset.filter(coder=request.user)
        if self.value() == "others":
            return queryset.exclude(coder=request.user)
        return queryset


@admin.register(Statement)
class StatementDesk(VersionedDesk):
    list_display = (
        "position",
        "state_shown",
        "held_on",
        "place",
        "coder",
    )
    list_display_links = ("position",)
    list_filter = (
        "state",
        IssueFilter,
        "disposition__facet",
        MineFilter,
        "standing",
        "form",
        VersionFilter,
    )
    list_select_related = ("actor", "option__issue", "disposition", "coder")
    search_fields = ("actor",)
    search_help_text = "Words of the quote, the actor or the option"
    actions = ("submit", "accept", "submit_and_accept")
    acts = ACTS
    change_form_template = "admin/positions/statement/change_form.html"
    frozen_states = {
        State.ACCEPTED: "This statement is accepted and public, so it is frozen with "
        "its citations. To correct it, make its next version: this one stays public "
        "until that is accepted.",
        State.REJECTED: "This statement was rejected, so it is frozen. If the words "
        "say something else, code them anew on the reading page.",
        State.RETRACTED: "This version was retracted or replaced, so it is frozen: it "
        "shows what was public before.",
    }
    fieldsets = (
        (
            "What is said",
            {
                "fields": (
                    "actor",
                    "option",
                    "disposition",
                    "over_option",
                    "mode",
                    "reasons",
                )
            },
        ),
        (
            "Who says it",
            {
                "fields": (
                    "speaker_text",
                    ("speaker_role", "speaker_rank"),
                    "speaker",
                    "on_authority_text",
                    "on_authority_of",
                    "reporter",
                    "audience",
                )
            },
        ),
        (
            "How it is said",
            {
                "fields": (
                    ("standing", "form"),
                    ("publicity", "modality"),
                    "condition",
                )
            },
        ),
        (
            "When, and where",
            {"fields": ("event", ("said_on", "said_basis"), "holds_on")},
        ),
        (
            "For whom else, how sure, notes",
            {
                "classes": ("collapse",),
                "fields": (
                    "extends_to",
                    "extends_except",
                    ("reliability", "credibility"),
                    "note",
                ),
            },
        ),
    )

    def get_queryset(self, request):
        return (
            super()
            .get_queryset(request)
            .prefetch_related(Prefetch("citations", citations_with_place()))
        )

    def get_urls(self):
        return [*work_urls(self.admin_site), *super().get_urls()]

    def has_add_permission(self, request):
        """Statements begin with words, on the reading page of a source."""
        return False

    def choice_label(self, statement):
        day = dates.show(statement.holds_on or statement.said_on) or "undated"
        main = statement.main
        place = f", {main.paragraph.citation}" if main else ""
        return f"{statement} · {day}{place} · {statement.get_state_display().lower()}"

    # -- columns --------------------------------------------------------------

    @admin.display(description="position", ordering="actor__name")
    def position(self, statement):
        standing = statement.get_standing_display().split(":")[0].lower()
        return format_html(
            '{}: <span class="disposition facet-{}">{}</span> {} {}',
            statement.actor.name,
            statement.disposition.facet or "none",
            statement.disposition.label,
            statement.option.short_name,
            badge("note", standing) if statement.standing != Standing.OWN else "",
        )

    @admin.display(description="state", ordering="state")
    def state_shown(self, statement):
        return self.state_badge(statement)

    @admin.display(description="holds on", ordering="holds_latest")
    def held_on(self, statement):
        text = statement.holds_on or statement.said_on
        if text:
            return dates.show(text)
        return statement.holds_earliest and format_html(
            '<span title="The document\'s date">{}</span>', statement.holds_earliest
        )

    @admin.display(description="words")
    def place(self, statement):
        main = statement.main
        if main is None:
            return badge("problem", "no words cited")
        return format_html(
            '<a href="{}">{}</a><br><q class="mini">{}</q>',
            reading_address(main.paragraph),
            main.paragraph.citation,
            shortened(main.quote),
        )

    # -- bulk actions ---------------------------------------------------------

    @admin.action(description="Submit", permissions=("submit",))
    def submit(self, request, queryset):
        self.run_on_all(request, queryset, lambda r, who: r.submit(who), "submitted")

    @admin.action(description="Accept", permissions=("accept",))
    def accept(self, request, queryset):
        self.run_on_all(request, queryset, lambda r, who: r.accept(who), "accepted")

    @admin.action(description="Submit and accept", permissions=("accept",))
    def submit_and_accept(self, request, queryset):
        run = submit_and(lambda record, user, why: record.accept(user))
        self.run_on_all(request, queryset, run, "submitted and accepted")

    def has_submit_permission(self, request):
        return request.user.has_perm("positions.submit_statement")

    def has_accept_permission(self, request):
        return request.user.has_perm("positions.accept_statement")

    # -- the page -------------------------------------------------------------

    def change_view(self, request, object_id, form_url="", extra_context=None):
        extra = dict(extra_context or {})
        record = self.get_object(request, object_id)
        if record is not None:
            citations = list(record.citations.all())
            for citation in citations:
                citation.address = reading_address(citation.paragraph)
            extra |= {
                "citations": citations,
                "stances": record_stances(record),
                "together": together_with(record),
            }
        return super().change_view(request, object_id, form_url, extra)


def shortened(words, length=90):
    """Words on one line, cut at a length."""
    words = " ".join(words.split())
    return words if len(words) <= length else f"{words[: length - 1].rstrip()}…"


def record_stances(statement):
    """The stances that name this statement as evidence."""
    return (
        Stance.objects.newest()
        .filter(evidence__statement__key=statement.key)
        .select_related("actor", "option", "disposition")
        .distinct()
    )


def together_with(statement):
    """The other statements coded at once from the same words."""
    if not statement.utterance:
        return Statement.objects.none()
    return (
        Statement.objects.newest()
        .filter(utterance=statement.utterance)
        .exclude(key=statement.key)
        .select_related("actor", "option", "disposition")
    )


@admin.register(Citation)
class CitationDesk(ReadOnlyDesk):
    """Read-only: a citation is made with its statement and frozen with it."""

    list_display = ("place", "quoted", "of", "role", "anchored")
    list_display_links = ("quoted",)
    list_filter = ("anchor", "role")
    list_select_related = (
        "paragraph__revision__source",
        "statement__actor",
        "statement__option",
        "statement__disposition",
    )
    history_below = False

    def get_queryset(self, request):
        return super().get_queryset(request).defer(*HEAVY).order_by("-pk")

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


class CheckIssueFilter(IssueFilter):
    path = "issue"


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
