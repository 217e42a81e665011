"""The page of adjudication: both coders' words and answers side by side, and a verdict.

It opens when both coders are done, for those who judge; for the two coders when all
is judged.
"""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views import View

from positions import adjudicating, coding
from positions.choices import Verdict
from positions.models import Actor, Adjudication, Coding, Refused, Statement
from positions.tasks import FIRST, SECOND, both_done, side_of

from .base import FAULTS, number_in, sentences
from .code import facets
from .coding_form import CodingForm, option_groups
from .lit import lit
from .reading import header_address, speakers_of
from .side_by_side import compared
from .task_coding import task_or_404, task_page

PER_PAGE = 20


def address_of(task, **query):
    address = reverse("admin:positions_task_adjudicate", args=(task.pk,))
    return f"{address}?{urlencode(query)}" if query else address


def mark_of(match):
    """What the page calls a match: the key of its first coding."""
    return f"m-{match.codings[0].key}"


class JudgedView(View):
    """A page about both codings of a task."""

    desk = None

    def dispatch(self, request, pk):
        if not request.user.has_perm("positions.view_task"):
            raise PermissionDenied
        self.task = task_or_404(pk)
        if not adjudicating.may_look(request.user, self.task):
            messages.info(request, self._why_not(request))
            return HttpResponseRedirect(task_page(self.task))
        self.source = self.task.revision.source
        self.judging = not side_of(self.task, request.user)
        return super().dispatch(request, pk)

    def _why_not(self, request):
        if not both_done(self.task):
            return "Both codings are seen when both coders are done."
        if side_of(self.task, request.user):
            return "A third person adjudicates; you see both codings afterwards."
        return "Only reviewers see the two codings side by side."

    def pairs(self):
        """The compared paragraphs, with the document that they stand in."""
        rows = adjudicating.pairs(self.task)
        for row in rows:
            row.paragraph.revision = self.task.revision
        return rows

    def posted(self, request):
        """The codings that a form is about."""
        given = {**request.GET.dict(), **request.POST.dict()}
        keys = {side: given.get(side, "") for side in (FIRST, SECOND)}
        rows = Coding.objects.filter(task=self.task, key__in=keys.values())
        by_key = {row.key: row for row in rows}
        return {side: by_key.get(key) for side, key in keys.items()}

    def common(self, request):
        return {
            **self.desk.admin_site.each_context(request),
            "opts": self.desk.opts,
            "task": self.task,
            "source": self.source,
            "issue": self.task.issue.survivor,
            "judging": self.judging,
        }


class AdjudicateView(JudgedView):
    """GET shows the codings paragraph by paragraph, POST decides or takes back."""

    def get(self, request, pk):
        return self._show(request)

    def post(self, request, pk):
        try:
            return self._decide(request)
        except FAULTS as fault:
            for sentence in sentences(fault):
                messages.error(request, sentence)
            self.task = task_or_404(pk)
            return self._show(request)

    def _decide(self, request):
        who, act = request.user, request.POST.get("act")
        if act == "agree_all":
            count = adjudicating.agree_all(who, self.task)
            messages.success(
                request, f"Agreed: {count}. Each is an accepted statement."
            )
            return HttpResponseRedirect(address_of(self.task))
        if act == "undo":
            return self._undo(request)
        return self._judge(request)

    def _undo(self, request):
        number = number_in(request.POST.get("decided"), 0)
        row = Adjudication.objects.filter(task=self.task, pk=number).first()
        if row is None:
            raise Refused("It was taken back already.")
        adjudicating.undo(request.user, row)
        messages.success(request, "Taken back: it waits for a decision again.")
        return self._to(request.POST.get("mark", ""))

    def _judge(self, request):
        verdict, why = request.POST.get("verdict", ""), request.POST.get("why", "")
        rows = self.posted(request)
        if verdict == Verdict.BOTH_WRONG:
            return self._anew(rows, why.strip())
        adjudicating.adjudicate(request.user, self.task, verdict, why=why[:300], **rows)
        messages.success(request, f"{Verdict(verdict).label}.")
        return self._to(self._next(rows))

    def _anew(self, rows, why):
        """To the form in which the adjudicator codes what the words say."""
        if not why:
            raise Refused("Say why neither coding stands.")
        query = {side: row.key for side, row in rows.items() if row} | {"why": why}
        address = reverse("admin:positions_task_anew", args=(self.task.pk,))
        return HttpResponseRedirect(f"{address}?{urlencode(query)}")

    def _next(self, rows):
        """The mark of the next match that waits, after the one decided."""
        matches = [one for row in self.pairs() for one in row.matches]
        done = {row.pk for row in rows.values() if row}
        at = next(
            (n for n, m in enumerate(matches) if done & {c.pk for c in m.codings}), 0
        )
        for match in (*matches[at:], *matches[:at]):
            if match.decided is None:
                return mark_of(match)
        return ""

    def _to(self, mark):
        if not mark:
            return HttpResponseRedirect(address_of(self.task))
        return HttpResponseRedirect(f"{address_of(self.task, at=mark)}#{mark}")

    # -- showing --------------------------------------------------------------

    def _show(self, request):
        rows = self.pairs()
        matches = [match for row in rows for match in row.matches]
        page = self._page(request, rows)
        statements = statements_of(page)
        context = {
            **self.common(request),
            "title": f"Adjudicate {self.source.identifier}",
            "page": page,
            "shown": [self._shown(request, row, statements) for row in page],
            "n_matches": len(matches),
            "n_decided": sum(one.decided is not None for one in matches),
            "n_agreeing": sum(
                one.kind == "agreed" and one.decided is None for one in matches
            ),
            "n_nothing": self.task.paragraphs.count() - len(rows),
        }
        return render(request, "admin/positions/task/adjudicate.html", context)

    def _page(self, request, rows):
        """The page asked for, else the first on which something waits."""
        paginator = Paginator(rows, PER_PAGE)
        asked, at = request.GET.get("page"), request.GET.get("at")
        if asked:
            return paginator.get_page(asked)
        for number, row in enumerate(rows):
            marks = {mark_of(match) for match in row.matches}
            if at in marks or (not at and not row.decided):
                return paginator.get_page(1 + number // PER_PAGE)
        return paginator.get_page(1)

    def _shown(self, request, row, statements):
        toned = [
            (f"by-{side}", coded)
            for match in row.matches
            for side, coded in ((FIRST, match.first), (SECOND, match.second))
            if coded is not None
        ]
        return {
            "paragraph": row.paragraph,
            "pieces": lit(row.paragraph, toned),
            "silent": [getattr(self.task, side) for side in row.silent],
            "matches": [self._match(request, one, statements) for one in row.matches],
        }

    def _match(self, request, match, statements):
        decided = match.decided
        asked = {side: request.POST.get(side, "") for side in (FIRST, SECOND)}
        here = {one.key for one in match.codings} & set(asked.values())
        return {
            "mark": mark_of(match),
            "match": match,
            "compared": compared(match),
            "decided": decided,
            "statement": decided and statements.get(decided.statement_key),
            "why": request.POST.get("why", "") if here else "",
        }


class AnewView(JudgedView):
    """Both are wrong: the adjudicator codes the words anew."""

    def _begin(self, request):
        if not self.judging:
            raise PermissionDenied
        rows = self.posted(request)
        keys = {row.pk for row in rows.values() if row}
        for row in self.pairs():
            for match in row.matches:
                if keys and keys == {one.pk for one in match.codings}:
                    self.row, self.match, self.rows = row, match, rows
                    self.header = coding.header_of(self.source)
                    self.header.source = self.source
                    self.speakers = speakers_of(self.header)
                    return
        raise Http404("There are no such codings in this task.")

    def _form(self, data=None, initial=None):
        found = {speaker.actor_id for speaker in self.speakers}
        found |= {one.actor.survivor.pk for one in self.match.codings}
        return CodingForm(
            data,
            initial=initial,
            paragraph=self.row.paragraph,
            issue=self.task.issue.survivor,
            header=self.header,
            speakers=self.speakers,
            likely=list(Actor.objects.current().filter(pk__in=found)),
        )

    def get(self, request, pk):
        self._begin(request)
        row = self.match.codings[0]
        speaker = coding.likely_speaker(self.row.paragraph, row.start, self.speakers)
        initial = {
            "words": row.quote,
            "place": row.start,
            "likely": [row.actor.survivor.pk],
            "options": [row.option.survivor.pk],
        }
        if speaker is not None:
            initial["speaker_choice"] = str(speaker.pk)
        return self._show(request, self._form(initial=initial))

    def post(self, request, pk):
        self._begin(request)
        form = self._form(request.POST)
        if not form.is_valid():
            return self._show(request, form)
        # "Nothing here" in the same form: neither coding stands, and no other.
        neither = "nothing" in request.POST
        try:
            adjudicating.adjudicate(
                request.user,
                self.task,
                Verdict.NEITHER if neither else Verdict.BOTH_WRONG,
                why=request.GET.get("why", "")[:300],
                said=form.utterance,
                **self.rows,
            )
        except (Refused, ValidationError) as fault:
            form.refuse(fault)
            return self._show(request, form)
        messages.success(request, "Decided: your coding stands in the place of both.")
        mark = mark_of(self.match)
        return HttpResponseRedirect(f"{address_of(self.task, at=mark)}#{mark}")

    def _show(self, request, form):
        chosen = {str(value) for value in form["options"].value() or ()}
        toned = [
            (f"by-{side}", row)
            for side, row in ((FIRST, self.match.first), (SECOND, self.match.second))
            if row is not None
        ]
        mark = mark_of(self.match)
        context = {
            **self.common(request),
            "title": f"Code {self.row.paragraph.citation} anew",
            "paragraph": self.row.paragraph,
            "pieces": lit(self.row.paragraph, toned),
            "compared": compared(self.match),
            "match": self.match,
            "why": request.GET.get("why", ""),
            "back": f"{address_of(self.task, at=mark)}#{mark}",
            "form": form,
            "media": form.media,
            "issues": [self.task.issue.survivor],
            "options": option_groups(form.fields["options"].queryset, chosen),
            "facets": facets(form["disposition"].value()),
            "header_address": header_address(self.header),
            "action": request.get_full_path(),
        }
        return render(request, "admin/positions/task/anew.html", context)


def statements_of(rows):
    """Key -> the newest version of the statements that the adjudications made."""
    keys = {
        match.decided.statement_key
        for row in rows
        for match in row.matches
        if match.decided
    }
    found = Statement.objects.newest().filter(key__in=keys - {""})
    return {
        one.key: one
        for one in found.select_related(
            "actor__merged_into", "option__merged_into", "disposition", "coder"
        )
    }
