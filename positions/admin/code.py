"""The coding form: words of one paragraph become statements.

The reading desk shows it beside the text and asks for it by script (`panel`);
without one it is a page of its own. Both do the same.
"""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models.functions import Coalesce
from django.http import Http404, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.views import View

from positions import coding, mnemonics, tasks
from positions.choices import Standing
from positions.models import Actor, Issue, Refused, Statement

from .base import number_in
from .codebook_beside import codebook
from .coding_form import CodingForm, initial_of, option_groups
from .desk import desk_answer
from .paragraphs import shown_in
from .places import reading_address, shortened
from .reading import (
    FURTHER,
    current_revision,
    header_address,
    source_or_404,
    speakers_of,
    with_voices,
)

LAST_ISSUE = "coding_issue"


class CodeView(View):
    """GET shows the form at a paragraph, POST codes or records that nothing is here."""

    desk = None
    permission = "positions.add_statement"

    def dispatch(self, request, pk, key):
        if not request.user.has_perm(self.permission):
            raise PermissionDenied("Only coders code statements.")
        self.panel = "panel" in request.GET or "panel" in request.POST
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
            return self._no_issue(request)
        return super().dispatch(request, pk, key)

    def _around(self, key):
        """The paragraph with the one before and the one after it."""
        if self.revision is None:
            return []
        rows = with_voices(self.revision.paragraphs.all())
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

    def _no_issue(self, request):
        address = reverse("admin:positions_issue_changelist")
        sentence = "Make an issue and its options first."
        if self.panel:
            return JsonResponse({"error": sentence, "address": address}, status=409)
        messages.info(request, sentence)
        return HttpResponseRedirect(address)

    def _likely_actors(self):
        """Whose position it may be: speakers' actors, those coded here.

        Whoever codes the source blind is not told whom others found in it.
        """
        coded = Statement.objects.filter(
            citations__paragraph__revision__source=self.source
        )
        coded = tasks.seen_by(self.request.user, coded)
        read_as = Coalesce("actor__merged_into", "actor")
        found = set(coded.order_by().values_list(read_as, flat=True).distinct()[:12])
        found |= {speaker.actor.survivor.pk for speaker in self.speakers}
        return list(Actor.objects.current().filter(pk__in=found).order_by("name"))

    def _form(self, data=None, initial=None):
        return CodingForm(
            data,
            initial=initial,
            paragraph=self.paragraph,
            issue=self.issue,
            header=self.header,
            speakers=self.speakers,
            likely=self._likely_actors(),
        )

    # -- asking ---------------------------------------------------------------

    def get(self, request, pk, key):
        words = self._words(request)
        initial = initial_of(CodingForm, request.GET)
        form = self._form(initial=initial | self._likely(words, initial))
        return self._show(request, form, words=words)

    def _words(self, request):
        """The words that were selected on the reading desk."""
        start, end = (number_in(request.GET.get(name)) for name in ("start", "end"))
        if start is None or end is None or not self.paragraph.text[start:end]:
            return None
        return coding.Words(self.paragraph, start, end)

    def _likely(self, words, kept):
        """What the words themselves say: quote, place, who speaks, whose position."""
        at = words.start if words else 0
        found = {"words": words.quote, "place": words.start} if words else {}
        speaker = coding.likely_speaker(self.paragraph, at, self.speakers)
        if speaker is not None and "speaker_choice" not in kept:
            found["speaker_choice"] = str(speaker.pk)
        elif words and "likely" not in kept and "speaker_choice" not in kept:
            actor = coding.likely_actor(words.quote, self._likely_actors())
            found |= {"likely": [actor.pk]} if actor else {}
        return found

    # -- answering ------------------------------------------------------------

    def post(self, request, pk, key):
        request.session[LAST_ISSUE] = self.issue.key
        form = self._form(request.POST)
        if not form.is_valid():
            return self._show(request, form)
        if "nothing" in request.POST:
            return self._nothing(request, form)
        try:
            made = self._keep(request, form)
        except (Refused, ValidationError) as fault:
            form.refuse(fault)
            return self._show(request, form)
        return self._done(request, form, made)

    def _keep(self, request, form):
        """What is made of the form's utterance: statements, as drafts."""
        return coding.code(request.user, form.utterance)

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
        return self._lead_on(request, form, [])

    def _done(self, request, form, made):
        for statement in made:
            messages.success(request, self._told(form, statement))
        given = form.cleaned_data.get("standing")
        if not given and made[0].standing != Standing.OWN:
            messages.info(
                request,
                "The words stand in the author's own comment, so their standing is "
                "reporter: they are kept as said about the actor.",
            )
        return self._lead_on(request, form, made)

    def _told(self, form, statement):
        return format_html(
            'Coded as a draft: <a href="{}">{}</a>, “{}”.',
            reverse("admin:positions_statement_change", args=(statement.pk,)),
            statement,
            shortened(form.utterance.words[0].quote, 60),
        )

    def _lead_on(self, request, form, made):
        """Back to the text; on the reading desk, what is new in it."""
        if self.panel:
            places = [words.paragraph for words in form.utterance.words] if made else ()
            return desk_answer(
                request,
                self.source,
                self.revision,
                {self.paragraph.key, *(p.key for p in places)},
                kept=form.kept(),
                made=[statement.key for statement in made],
            )
        if "next" in request.POST:
            return HttpResponseRedirect(f"{request.path}?{form.kept()}")
        return HttpResponseRedirect(reading_address(self.paragraph))

    # -- showing --------------------------------------------------------------

    def _show(self, request, form, words=None):
        chosen = {str(value) for value in form["options"].value() or ()}
        context = {
            "source": self.source,
            "paragraph": self.paragraph,
            "form": form,
            "issue": self.issue,
            "issues": Issue.objects.current(),
            "options": option_groups(form.fields["options"].queryset, chosen),
            "facets": facets(form["disposition"].value()),
            "further": FURTHER,
            "header": self.header,
            "header_address": header_address(self.header),
            "action": request.path,
            "words": words,
            "in_comment": words and coding.default_standing([words]) != Standing.OWN,
        }
        if self.panel:
            template = "admin/positions/source/_coding_panel.html"
            # An answer that says what is missing is no success for the script.
            status = 422 if form.is_bound else 200
            return render(request, template, context, status=status)
        page = "admin/positions/source/code.html"
        return render(request, page, context | self._around_it(request, form))

    def _around_it(self, request, form):
        """What a page of its own shows beside the form: the paragraph in its place."""
        shown = shown_in(self.revision, self.around, request.user)
        at = [p.order for p in self.around].index(self.paragraph.order)
        return {
            **self.desk.admin_site.each_context(request),
            "title": f"Code {self.paragraph.citation}",
            "opts": self.desk.opts,
            "shown": shown[at],
            "before": self.around[at - 1] if at else None,
            "after": self.around[at + 1] if at + 1 < len(self.around) else None,
            "media": form.media,
            "reading": reading_address(self.paragraph),
            "kept": request.GET.urlencode() if request.method == "GET" else form.kept(),
        }


def facets(chosen):
    """The codebook's buttons: facet -> (disposition with its `letter`, is chosen)."""
    shown = codebook(chosen)
    rows = [one for _, pairs in shown for one, _ in pairs]
    # By age, so that a new entry changes no letter that hands have learnt.
    rows.sort(key=lambda one: one.pk)
    letters = mnemonics.letters([one.label for one in rows])
    for one, letter in zip(rows, letters, strict=True):
        one.letter = letter
    return shown
