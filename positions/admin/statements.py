"""The desk of statements."""

from dataclasses import replace

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.http import HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import path
from django.utils.html import format_html

from positions import citing, coding, dates, noting, tasks
from positions.choices import CitationRole, Standing, StatementState
from positions.models import Refused, Stance, Statement

from .acts import VersionedDesk
from .base import FAULTS, badge, sentences
from .codebook_beside import codebook
from .filters import ActorFilter, IssueFilter, MineFilter, VersionFilter
from .notes import note_urls
from .places import citations_with_place, reading_address, shortened
from .queue import queue_urls
from .recoding import recoding_urls, start
from .statement_acts import ACTS

State = StatementState


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
        ActorFilter,
        "disposition__facet",
        MineFilter,
        "standing",
        "form",
        VersionFilter,
    )
    list_select_related = (
        *("actor__merged_into", "option__issue", "option__merged_into"),
        *("disposition", "coder"),
    )
    search_fields = ("actor",)
    search_help_text = "Words of the quote, the actor or the option"
    actions = ("submit", "accept", "submit_and_accept", "recode")
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
        rows = tasks.seen_by(request.user, super().get_queryset(request))
        return rows.prefetch_related(Prefetch("citations", citations_with_place()))

    def get_urls(self):
        view = self.admin_site.admin_view(self.cite_view)
        return [
            *queue_urls(self.admin_site),
            path("<int:pk>/cite/", view, name="positions_statement_cite"),
            *recoding_urls(self),
            *note_urls(self),
            *super().get_urls(),
        ]

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
            '{}: <span class="disposition facet-{}">{}</span> {}',
            statement.actor.survivor.name,
            statement.disposition.facet or "none",
            statement.disposition.say(statement.option),
            badge("note", standing) if statement.standing != Standing.OWN else "",
        )

    @admin.display(description="state", ordering="state")
    def state_shown(self, statement):
        return self.state_badge(statement)

    @admin.display(description="holds on", ordering="holds_latest")
    def held_on(self, statement):
        text = statement.holds_on or statement.said_on
        if text:
            return text
        return statement.holds_earliest and format_html(
            '<span title="The document\'s date">{}</span>',
            statement.holds_earliest,
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
        run = self.model.submit_and_let_in
        self.run_on_all(request, queryset, run, "submitted and accepted")

    @admin.action(description="Recode or move…", permissions=("change",))
    def recode(self, request, queryset):
        return start(self, request, queryset)

    def has_submit_permission(self, request):
        return request.user.has_perm("positions.submit_statement")

    def has_accept_permission(self, request):
        return request.user.has_perm("positions.accept_statement")

    # -- citations ------------------------------------------------------------

    def cite_view(self, request, pk):
        """Other words for a citation, further words, or a citation left out."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        record = self.get_object(request, str(pk))
        if record is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, str(pk))
        if not self.has_view_permission(request, record):
            raise PermissionDenied
        try:
            messages.success(request, self._cite(request, record))
        except FAULTS as fault:
            for sentence in sentences(fault):
                messages.error(request, sentence)
        return HttpResponseRedirect(self.address(record))

    def _cite(self, request, record):
        asked = request.POST.get("citation", "")
        citation = next((c for c in record.citations.all() if str(c.pk) == asked), None)
        if "leave_out" in request.POST and citation is not None:
            citing.leave_out(request.user, citation)
            return "The words are left out."
        beside = citation or record.main
        if beside is None:
            raise Refused("Code anew: this statement cites no source yet.")
        source = beside.paragraph.revision.source
        paragraph = citing.paragraph_named(source, request.POST.get("paragraph", ""))
        role = request.POST.get("role") or CitationRole.REPEATS
        if role not in CitationRole.values:
            raise Refused("Choose what the words are to the statement.")
        found = coding.find_words(paragraph, request.POST.get("words", ""), role=role)
        if len(found) > 1:
            raise Refused(
                f"These words stand {len(found)} times in {paragraph.citation}: "
                "give more of the words around them."
            )
        translation = request.POST.get("translation", "")
        words = replace(found[0], translation=translation)
        citing.cite(request.user, record, words, instead_of=citation)
        return f"Cited: {paragraph.citation}."

    # -- the page -------------------------------------------------------------

    def render_change_form(self, request, context, obj=None, **kwargs):
        if self.has_change_permission(request, obj):
            context["facets"] = codebook(obj and obj.disposition_id)
        return super().render_change_form(request, context, obj=obj, **kwargs)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        extra = dict(extra_context or {})
        record = self.get_object(request, object_id)
        if record is not None:
            citations = list(record.citations.all())
            for citation in citations:
                citation.address = reading_address(citation.paragraph)
                citation.now = (citation.place or [citation.paragraph])[0].name
            may_cite = self.has_change_permission(request, record)
            extra |= {
                "may_cite": may_cite and not record.frozen,
                "roles": [c for c in CitationRole.choices if c[0] != CitationRole.MAIN],
                "citations": citations,
                "notes": noting.thread(record),
                "may_note": request.user.has_perm("positions.add_note"),
                "stances": record_stances(record),
                "together": together_with(record),
            }
        return super().change_view(request, object_id, form_url, extra)


def record_stances(statement):
    """The stances that name this statement as evidence."""
    return (
        Stance.objects.newest()
        .filter(evidence__statement__key=statement.key)
        .select_related("actor__merged_into", "option__merged_into", "disposition")
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
        .select_related("actor__merged_into", "option__merged_into", "disposition")
    )
