"""The coding page: one paragraph, and the form that makes statements of its words."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Prefetch
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.views import View

from positions import coding
from positions.choices import Standing
from positions.models import Actor, Disposition, Issue, Refused, Voice

from .coding_form import CodingForm, initial_of, option_groups
from .places import reading_address, shortened
from .reading import (
    current_revision,
    header_address,
    shown_in,
    source_or_404,
    speakers_of,
)

LAST_ISSUE = "coding_issue"


class CodeView(View):
    """GET shows the form at a paragraph, POST codes or records that nothing is here."""

    desk = None

    def dispatch(self, request, pk, key):
        if not request.user.has_perm("positions.add_statement"):
            raise PermissionDenied("Only coders code statements.")
        self.source = source_or_404(pk)
        self.revision = current_revision(self.source)
        if self.revision is not None:
            self.revision.source = self.source
        self.around = self._around(key)
        self.paragraph = next((p for p in self.around if p.key == key), None)
        if self.paragraph is None:
            raise Http404("There is no such paragraph in the current text.")
        self.header = coding.header_of(self.source)
        self.header.source = self.source
        self.speakers = speakers_of(self.header)
        self.issue = self._issue(request)
        if self.issue is None:
            messages.info(request, "Make an issue and its options first.")
            return HttpResponseRedirect(reverse("admin:positions_issue_changelist"))
        return super().dispatch(request, pk, key)

    def _around(self, key):
        """The paragraph with the one before and the one after it."""
        if self.revision is None:
            return []
        rows = self.revision.paragraphs.prefetch_related(
            Prefetch("voices", Voice.objects.select_related("whose"))
        )
        order = rows.filter(key=key).values_list("order", flat=True).first()
        if order is None:
            return []
        before = list(rows.filter(order__lt=order).order_by("-order")[:1])
        return before + list(rows.filter(order__gte=order).order_by("order")[:2])

    def _issue(self, request):
        """The issue asked for, else the one this person coded last, else the first."""
        asked = request.POST.get("issue") or request.GET.get("issue")
        issues = Issue.objects.current()
        for key in (asked, request.session.get(LAST_ISSUE)):
            if key and (found := issues.filter(key=key).first()):
                return found
        return issues.first()

    def _form(self, data=None, initial=None):
        return CodingForm(
            data,
            initial=initial,
            paragraph=self.paragraph,
            issue=self.issue,
            header=self.header,
            speakers=self.speakers,
            likely=likely_actors(self.source, self.speakers),
        )

    def get(self, request, pk, key):
        initial = initial_of(CodingForm, request.GET)
        if "speaker_choice" not in initial and len(self.speakers) == 1:
            initial["speaker_choice"] = str(self.speakers[0].pk)
        return self._show(request, self._form(initial=initial))

    def post(self, request, pk, key):
        request.session[LAST_ISSUE] = self.issue.key
        form = self._form(request.POST)
        if not form.is_valid():
            return self._show(request, form, status=200)
        if "nothing" in request.POST:
            return self._nothing(request, form)
        try:
            made = coding.code(request.user, form.utterance)
        except (Refused, ValidationError) as fault:
            form.refuse(fault)
            return self._show(request, form)
        self._tell(request, form, made)
        if "next" in request.POST:
            return HttpResponseRedirect(f"{request.path}?{form.kept()}")
        return HttpResponseRedirect(reading_address(self.paragraph))

    def _nothing(self, request, form):
        """Record for each actor named, or for all, that nothing is here to code."""
        found = form.cleaned_data["finding"] or "nothing"
        for actor in form.chosen_actors() or [None]:
            check = coding.record_check(
                request.user,
                source=self.source,
                paragraph=self.paragraph,
                issue=self.issue,
                actor=actor,
                finding=found,
                note=form.cleaned_data.get("note", "")[:300],
            )
            messages.success(request, f"Recorded: {check}, {self.paragraph.citation}.")
        return HttpResponseRedirect(reading_address(self.paragraph))

    def _tell(self, request, form, made):
        for statement in made:
            address = reverse("admin:positions_statement_change", args=(statement.pk,))
            messages.success(
                request,
                format_html(
                    'Coded as a draft: <a href="{}">{}</a>, “{}”.',
                    address,
                    statement,
                    shortened(form.utterance.words[0].quote, 60),
                ),
            )
        given = form.cleaned_data.get("standing")
        if not given and made[0].standing != Standing.OWN:
            messages.info(
                request,
                "The words stand in the author's own comment, so their standing is "
                "reporter: they are kept as said about the actor.",
            )

    def _show(self, request, form, status=200):
        shown = {one.paragraph.key: one for one in shown_in(self.revision, self.around)}
        key = self.paragraph.key
        orders = [p.order for p in self.around]
        at = orders.index(self.paragraph.order)
        chosen = {str(value) for value in form["options"].value() or ()}
        context = {
            **self.desk.admin_site.each_context(request),
            "title": f"Code {self.paragraph.citation}",
            "opts": self.desk.opts,
            "source": self.source,
            "paragraph": self.paragraph,
            "shown": shown[key],
            "before": self.around[at - 1] if at else None,
            "after": self.around[at + 1] if at + 1 < len(self.around) else None,
            "form": form,
            "media": form.media,
            "issue": self.issue,
            "issues": Issue.objects.current(),
            "options": option_groups(form.fields["options"].queryset, chosen),
            "facets": facets(form["disposition"].value()),
            "header": self.header,
            "header_address": header_address(self.header),
            "reading": reading_address(self.paragraph),
            "kept": request.GET.urlencode() if request.method == "GET" else form.kept(),
        }
        page = "admin/positions/source/code.html"
        return render(request, page, context, status=status)


def likely_actors(source, speakers):
    """Whose position it may be: speakers' actors, those coded here, the issuer."""
    found = {speaker.actor_id for speaker in speakers}
    coded = Actor.objects.filter(
        statements__citations__paragraph__revision__source=source
    ).distinct()
    found |= set(coded.values_list("pk", flat=True)[:12])
    return list(Actor.objects.current().filter(pk__in=found).order_by("name"))


def facets(chosen):
    """The codebook's buttons: facet -> (disposition, is chosen)."""
    return [
        (facet, [(one, str(one.pk) == str(chosen)) for one in rows])
        for facet, rows in Disposition.objects.by_facet().items()
        if rows
    ]
