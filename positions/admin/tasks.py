"""The desk of tasks of double coding: what was given to whom, and how far it is.

It shows numbers, never an answer: those stand on the coder's own page, and on the
page of adjudication once both coders are done.
"""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.html import format_html
from django.views.decorators.http import require_POST

from positions import blind_coding, tasks
from positions.adjudicating import may_look
from positions.models import Issue, Source, Task
from positions.tasks import both_done, done_at, side_of

from .adjudication import AdjudicateView, AnewView
from .base import FAULTS, ReadOnlyDesk, badge, number_in, sentences
from .filters import IssueFilter
from .task_coding import AnswerView, TaskCodeView

# So many sources are assigned at once.
AT_ONCE = 100


class WhoseFilter(admin.SimpleListFilter):
    title = "coder"
    parameter_name = "whose"

    def lookups(self, request, model_admin):
        return [("mine", "Mine"), ("to-code", "Mine, still to code")]

    def queryset(self, request, queryset):
        if self.value() == "mine":
            return queryset.of_coder(request.user)
        if self.value() == "to-code":
            return queryset.to_code(request.user)
        return queryset


class StateFilter(admin.SimpleListFilter):
    title = "state"
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [
            ("open", "Open: coding"),
            ("coded", "To adjudicate"),
            ("adjudicated", "Adjudicated"),
        ]

    def queryset(self, request, queryset):
        if self.value() == "open":
            return queryset.filter(pk__in=tasks.unfinished())
        if self.value() == "coded":
            return queryset.to_adjudicate()
        if self.value() == "adjudicated":
            return queryset.exclude(adjudicated_at=None)
        return queryset


class TaskIssueFilter(IssueFilter):
    path = "issue"


class AssignForm(forms.Form):
    """Who codes what, for which issue."""

    issue = forms.ModelChoiceField(Issue.objects.current())
    first = forms.ModelChoiceField(tasks.coders(), label="First coder")
    second = forms.ModelChoiceField(tasks.coders(), label="Second coder")
    paragraphs = forms.CharField(
        required=False,
        max_length=1000,
        help_text="As numbers: 1-5, 8. Empty: all but headings and the subject.",
    )
    note = forms.CharField(
        required=False,
        max_length=300,
        label="Note to the coders",
        help_text="What they should know. Both read it.",
    )

    def __init__(self, *args, sources, **kwargs):
        super().__init__(*args, **kwargs)
        if len(sources) > 1:
            # Numbers mean something in one document only.
            del self.fields["paragraphs"]


def state_of(task):
    """The state of a task as a badge."""
    if task.adjudicated_at:
        return badge("done", "adjudicated")
    if both_done(task):
        return badge("review", "to adjudicate")
    return badge("draft", "coding")


@admin.register(Task)
class TaskDesk(ReadOnlyDesk):
    list_display = (
        "source",
        "issue",
        "asked",
        "first_coder",
        "second_coder",
        "state",
        "given",
    )
    list_display_links = ("source",)
    list_filter = (WhoseFilter, StateFilter, TaskIssueFilter)
    list_select_related = ("issue", "revision__source", "first", "second", "made_by")
    ordering = ("-pk",)
    change_list_template = "admin/positions/task/change_list.html"
    change_form_template = "admin/positions/task/change_form.html"
    fields = (
        "source",
        "issue",
        "paragraphs_named",
        ("first_coder", "second_coder"),
        "note",
        "given",
        "judged",
    )

    def get_queryset(self, request):
        rows = super().get_queryset(request).select_related(*self.list_select_related)
        rows = rows.select_related("adjudicated_by").defer(*tasks.HEAVY)
        return tasks.with_progress(rows)

    def get_urls(self):
        wrap = self.admin_site.admin_view

        def page(route, view, name):
            return path(route, wrap(view), name=f"positions_task_{name}")

        return [
            page("assign/", self.assign_view, "assign"),
            page("<int:pk>/code/", TaskCodeView.as_view(desk=self), "code"),
            page("<int:pk>/code/<int:key>/", AnswerView.as_view(desk=self), "answer"),
            page(
                "<int:pk>/adjudicate/",
                AdjudicateView.as_view(desk=self),
                "adjudicate",
            ),
            page("<int:pk>/adjudicate/anew/", AnewView.as_view(desk=self), "anew"),
            page("<int:pk>/reopen/", require_POST(self.reopen_view), "reopen"),
            *super().get_urls(),
        ]

    # -- columns --------------------------------------------------------------

    @admin.display(description="source", ordering="revision__source__identifier")
    def source(self, task):
        source = task.revision.source
        return f"{source.identifier} – {source.title}" if source.title else source

    @admin.display(description="paragraphs")
    def asked(self, task):
        return task.asked

    @admin.display(description="first coder")
    def first_coder(self, task):
        return progress(task, tasks.FIRST)

    @admin.display(description="second coder")
    def second_coder(self, task):
        return progress(task, tasks.SECOND)

    @admin.display(description="state")
    def state(self, task):
        return state_of(task)

    @admin.display(description="assigned", ordering="made_at")
    def given(self, task):
        return f"{task.made_at:%Y-%m-%d} by {task.made_by or 'a tool'}"

    @admin.display(description="paragraphs")
    def paragraphs_named(self, task):
        names = task.paragraphs.order_by("order").values_list("name", flat=True)
        shown = ", ".join(names[:100])
        return f"{shown} …" if task.asked > 100 else shown

    @admin.display(description="adjudicated")
    def judged(self, task):
        if task.adjudicated_at is None:
            return "–"
        if task.adjudicated_by is None:
            return f"{task.adjudicated_at:%Y-%m-%d}: both coders found nothing"
        return f"{task.adjudicated_at:%Y-%m-%d} by {task.adjudicated_by}"

    # -- the page of a task ---------------------------------------------------

    def change_view(self, request, object_id, form_url="", extra_context=None):
        extra = dict(extra_context or {})
        task = self.get_object(request, object_id)
        if task is not None:
            extra |= {
                "state": state_of(task),
                "side": side_of(task, request.user),
                "may_look": may_look(request.user, task),
                "coders": [
                    (getattr(task, side), done_at(task, side)) for side in tasks.SIDES
                ],
                "may_reopen": request.user.has_perm("positions.change_task")
                and not task.adjudications.exists(),
            }
        return super().change_view(request, object_id, form_url, extra)

    def reopen_view(self, request, pk):
        """Let a coder answer again."""
        task = self.get_object(request, str(pk))
        if task is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, str(pk))
        coder = {str(task.first_id): task.first, str(task.second_id): task.second}
        try:
            again = coder.get(request.POST.get("coder", ""), task.first)
            blind_coding.reopen(
                request.user, task, again, request.POST.get("why", "").strip()
            )
            messages.success(request, f"Reopened for {again}.")
        except FAULTS as fault:
            for sentence in sentences(fault):
                messages.error(request, sentence)
        return HttpResponseRedirect(reverse("admin:positions_task_change", args=(pk,)))

    # -- assigning ------------------------------------------------------------

    def assign_view(self, request):
        """GET shows the form for the sources of the address, POST assigns them."""
        if not request.user.has_perm("positions.add_task"):
            raise PermissionDenied("Only reviewers assign tasks.")
        asked = (request.POST or request.GET).getlist("source")[:AT_ONCE]
        numbers = [n for n in map(number_in, asked) if n is not None]
        sources = list(Source.objects.filter(pk__in=numbers).order_by("identifier"))
        if not sources:
            messages.info(
                request,
                "Tick the sources here, then choose “Assign for double coding”.",
            )
            return HttpResponseRedirect(reverse("admin:positions_source_changelist"))
        form = AssignForm(request.POST or None, sources=sources)
        if form.is_valid() and self._assigned(request, form, sources):
            return HttpResponseRedirect(reverse("admin:positions_task_changelist"))
        context = {
            **self.admin_site.each_context(request),
            "title": "Assign for double coding",
            "opts": self.opts,
            "form": form,
            "sources": sources,
        }
        return render(request, "admin/positions/task/assign.html", context)

    def _assigned(self, request, form, sources):
        given = dict(form.cleaned_data)
        numbers = given.pop("paragraphs", "").strip()
        try:
            if numbers:
                paragraphs = tasks.numbered(sources[0], numbers)
                made = [tasks.assign(request.user, paragraphs, **given)]
            else:
                made = tasks.assign_sources(request.user, sources, **given)
        except FAULTS as fault:
            about = "paragraphs" if numbers and "paragraph “" in str(fault) else None
            form.add_error(about, sentences(fault))
            return False
        told = "1 task is" if len(made) == 1 else f"{len(made)} tasks are"
        messages.success(
            request, f"{told} with {given['first']} and {given['second']} now."
        )
        return True


def progress(task, side):
    """A coder of a task, and how many paragraphs are answered."""
    coder = getattr(task, side)
    if done_at(task, side) is not None:
        return format_html("{} {}", coder, badge("done", "done"))
    answered = getattr(task, f"{side}_answered")
    return format_html(
        '{} <span class="quiet">{} of {}</span>', coder, answered, task.asked
    )
