"""A coder's own page of a task, and the form by which a paragraph of it is coded.

Neither shows a suggestion, a statement, or what the other coder answered.
"""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views import View

from positions import blind_coding, coding, tasks
from positions.models import Actor, Coding, NothingHere, Paragraph, Refused, Task

from .base import FAULTS, number_in, sentences
from .code import facets
from .coding_form import FOLDED, CodingForm, initial_of, option_groups
from .lit import lit
from .reading import header_address, speakers_of, with_voices

PER_PAGE = 50
# What a statement has and a coding has not: mostly what the coding header says.
NOT_CODED = (
    *("event", "publicity", "on_authority_of", "reporter", "audience", "extends_to"),
    *("extends_except", "reliability", "credibility", "reasons", "translation"),
    "finding",
)


def task_or_404(pk):
    """A task with all that its pages name, without the text of its document."""
    rows = Task.objects.defer(*tasks.HEAVY).select_related(
        "issue__merged_into",
        "revision__source__collection",
        "first",
        "second",
        "adjudicated_by",
    )
    task = rows.filter(pk=pk).first()
    if task is None:
        raise Http404("There is no such task.")
    return task


def code_address(task, paragraph=None):
    """The coder's page of a task, at a paragraph."""
    address = reverse("admin:positions_task_code", args=(task.pk,))
    return f"{address}?at={paragraph.key}#p{paragraph.key}" if paragraph else address


def task_page(task):
    return reverse("admin:positions_task_change", args=(task.pk,))


@dataclass
class Asked:
    """A paragraph of the task with one's own answers, or one beside it."""

    paragraph: Paragraph
    codings: list
    nothing: bool = False
    asked: bool = True

    @property
    def pieces(self):
        return lit(self.paragraph, [("by-own", row) for row in self.codings])

    @property
    def answered(self):
        return self.nothing or bool(self.codings)


class CoderView(View):
    """A page for one of the two coders of a task; others are led to its numbers."""

    desk = None

    def dispatch(self, request, pk, **kwargs):
        if not request.user.has_perm("positions.view_task"):
            raise PermissionDenied
        self.task = task_or_404(pk)
        side = tasks.side_of(self.task, request.user)
        if side is None:
            messages.info(request, "Only its two coders open the pages of coding.")
            return HttpResponseRedirect(task_page(self.task))
        if not request.user.has_perm("positions.add_coding"):
            raise PermissionDenied
        self.source = self.task.revision.source
        self.done_at = tasks.done_at(self.task, side)
        return super().dispatch(request, pk, **kwargs)

    def own(self, model):
        """The coder's own answers of one kind."""
        return model.objects.filter(task=self.task, coder=self.request.user)

    def own_codings(self):
        return self.own(Coding).select_related(
            "actor", "option", "disposition", "speaker"
        )

    def paragraphs(self, **which):
        rows = with_voices(Paragraph.objects.filter(revision=self.task.revision))
        rows = list(rows.filter(**which).order_by("order"))
        for row in rows:
            row.revision = self.task.revision
        return rows

    def common(self, request):
        return {
            **self.desk.admin_site.each_context(request),
            "opts": self.desk.opts,
            "task": self.task,
            "source": self.source,
            "issue": self.task.issue.survivor,
        }


class TaskCodeView(CoderView):
    """GET shows the paragraphs of a task, POST says "nothing here" or "done"."""

    def get(self, request, pk):
        page = self._page(request)
        left = list(blind_coding.unanswered(self.task, request.user)[:1])
        n_left = blind_coding.unanswered(self.task, request.user).count()
        total = page.paginator.count
        context = {
            **self.common(request),
            "title": f"Code {self.source.identifier}",
            "shown": self._shown(page),
            "page": page,
            "n_asked": total,
            "n_answered": total - n_left,
            "next_open": left and code_address(self.task, left[0]),
            "done_at": self.done_at,
        }
        return render(request, "admin/positions/task/code.html", context)

    def _page(self, request):
        """The orders of the paragraphs on the page asked for."""
        rows = self.task.paragraphs.order_by("order").values_list("order", flat=True)
        paginator = Paginator(rows, PER_PAGE)
        at = number_in(request.GET.get("at"))
        if at is None:
            return paginator.get_page(request.GET.get("page", "1"))
        order = self.task.paragraphs.filter(key=at).values_list("order", flat=True)
        before = rows.filter(order__lt=order[0]).count() if order else 0
        return paginator.get_page(1 + before // PER_PAGE)

    def _shown(self, page):
        """The paragraphs of the page, each run with the one before and after it."""
        asked = set(page)
        wanted = asked | {order + beside for order in asked for beside in (-1, 1)}
        rows = self.paragraphs(order__in=wanted)
        codings = {}
        for row in self.own_codings().filter(paragraph__in=rows):
            codings.setdefault(row.paragraph_id, []).append(row)
        nothing = self.own(NothingHere).filter(paragraph__in=rows)
        nothing = set(nothing.values_list("paragraph_id", flat=True))
        return [
            Asked(row, codings.get(row.pk, []), row.pk in nothing, row.order in asked)
            for row in rows
        ]

    def post(self, request, pk):
        try:
            paragraph = self._answer(request)
        except FAULTS as fault:
            for sentence in sentences(fault):
                messages.error(request, sentence)
            paragraph = self._asked_for(request)
        return HttpResponseRedirect(code_address(self.task, paragraph))

    def _asked_for(self, request):
        key = number_in(request.POST.get("paragraph"))
        rows = self.task.paragraphs.filter(key=key) if key is not None else ()
        for row in rows:
            row.revision = self.task.revision
            return row
        return None

    def _answer(self, request):
        """Do what a button says; the paragraph it was about."""
        who, act = request.user, request.POST.get("act")
        if act == "done":
            blind_coding.finish(who, self.task)
            messages.success(request, "Thank you: you are done with this task.")
            return None
        if act == "take_out":
            row = self.own_codings().filter(key=request.POST.get("coding", "")).first()
            if row is None:
                raise Refused("It was taken out already.")
            row.paragraph.revision = self.task.revision
            blind_coding.take_out(who, row)
            return row.paragraph
        paragraph = self._asked_for(request)
        if paragraph is None or act not in ("nothing", "something"):
            raise Refused("There is no such button.")
        if act == "nothing":
            blind_coding.nothing_here(who, self.task, paragraph)
        else:
            blind_coding.something_here(who, self.task, paragraph)
        return paragraph


class AnswerForm(CodingForm):
    """The coding form without what a coding does not hold."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in NOT_CODED:
            self.fields.pop(name, None)


class AnswerView(CoderView):
    """GET shows the form at a paragraph of the task, POST keeps a coding."""

    def dispatch(self, request, pk, key):
        return super().dispatch(request, pk, key=key)

    def _begin(self, request, key):
        """What both methods need; an answer, if there is nothing to fill in."""
        found = self.paragraphs(key=key, tasks=self.task)
        if not found:
            raise Http404("There is no such paragraph in this task.")
        (self.paragraph,) = found
        if self.done_at:
            messages.error(request, "You are done with this task: nothing is changed.")
            return HttpResponseRedirect(code_address(self.task, self.paragraph))
        self.codings = list(self.own_codings().filter(paragraph=self.paragraph))
        asked = request.GET.get("coding")
        self.changed = next((row for row in self.codings if row.key == asked), None)
        self.header = coding.header_of(self.source)
        self.header.source = self.source
        self.speakers = speakers_of(self.header)
        return None

    def _form(self, data=None, initial=None):
        return AnswerForm(
            data,
            initial=initial,
            paragraph=self.paragraph,
            issue=self.task.issue.survivor,
            header=self.header,
            speakers=self.speakers,
            likely=self._likely(),
        )

    def _likely(self):
        """Whose position it may be: the speakers', and those that one coded here."""
        found = {speaker.actor_id for speaker in self.speakers}
        found |= set(self.own(Coding).order_by().values_list("actor", flat=True)[:12])
        return list(Actor.objects.current().filter(pk__in=found).order_by("name"))

    def get(self, request, pk, key):
        if (answer := self._begin(request, key)) is not None:
            return answer
        if self.changed:
            initial = initial_from(self.changed, self.paragraph, self.speakers)
        else:
            initial = initial_of(AnswerForm, request.GET)
            speaker = coding.likely_speaker(self.paragraph, 0, self.speakers)
            if speaker is not None:
                initial.setdefault("speaker_choice", str(speaker.pk))
        return self._show(request, self._form(initial=initial))

    def post(self, request, pk, key):
        if (answer := self._begin(request, key)) is not None:
            return answer
        form = self._form(request.POST)
        if not form.is_valid():
            return self._show(request, form)
        try:
            self._keep(request, form)
        except (Refused, ValidationError) as fault:
            form.refuse(fault)
            return self._show(request, form)
        if "next" in request.POST:
            return HttpResponseRedirect(f"{request.path}?{form.kept()}")
        return HttpResponseRedirect(code_address(self.task, self.paragraph))

    def _keep(self, request, form):
        if "nothing" in request.POST:
            blind_coding.nothing_here(request.user, self.task, self.paragraph)
            return
        if self.changed:
            made = blind_coding.change(request.user, self.changed, form.utterance)
        else:
            made = blind_coding.answer(request.user, self.task, form.utterance)
        for row in made:
            messages.success(request, f"Your answer: {row}.")

    def _show(self, request, form):
        chosen = {str(value) for value in form["options"].value() or ()}
        shown = Asked(self.paragraph, self.codings)
        context = {
            **self.common(request),
            "title": f"Code {self.paragraph.citation}",
            "shown": shown,
            "changed": self.changed,
            "paragraph": self.paragraph,
            "back": code_address(self.task, self.paragraph),
            "form": form,
            "media": form.media,
            "issues": [self.task.issue.survivor],
            "options": option_groups(form.fields["options"].queryset, chosen),
            "facets": facets(form["disposition"].value()),
            "header_address": header_address(self.header),
            "action": request.get_full_path(),
        }
        return render(request, "admin/positions/task/answer.html", context)


def initial_from(row, paragraph, speakers):
    """A coding as the form would have been filled in for it."""
    speaker = next((s for s in speakers if s.name == row.speaker_text), None)
    words = coding.Words(paragraph, row.start, row.end)
    follows = {"standing": coding.default_standing([words])}
    if speaker is not None:
        follows |= speaker.statement_fields()
    known = {field.name: field.default for field in Coding._meta.fields}
    folded = {
        name: getattr(row, name)
        for name in FOLDED
        if name in known
        and getattr(row, name) != follows.get(name, known[name])
        and getattr(row, name) not in ("", None)
    }
    return folded | {
        "words": row.quote,
        "place": row.start,
        "likely": [row.actor_id],
        "options": [row.option_id],
        "disposition": row.disposition_id,
        "speaker_choice": str(speaker.pk) if speaker else "other",
        "speaker_text": "" if speaker else row.speaker_text,
    }
