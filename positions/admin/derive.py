"""The page that shows what the rule makes of the accepted statements."""

from datetime import date

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models.functions import Coalesce
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views import View

from positions import deriving
from positions.models import Actor, Issue, Stance, Statement

from .base import FAULTS, LabelledSelect, label_of, number_in, sentences


def address(actor=None, issue=None):
    """The page for an actor and an issue, either of which may be left to choose."""
    chosen = {"actor": actor and actor.pk, "issue": issue and issue.pk}
    query = urlencode({name: pk for name, pk in chosen.items() if pk})
    return f"{reverse('admin:positions_stance_derive')}?{query}"


class ActorAndIssue(forms.Form):
    """Whose position, and on what; either alone is asked for, too."""

    use_required_attribute = False

    actor = forms.ModelChoiceField(
        Actor.objects.current(),
        widget=LabelledSelect(Statement._meta.get_field("actor"), admin.site),
    )
    issue = forms.ModelChoiceField(Issue.objects.current())

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["actor"].label_from_instance = label_of


class DeriveView(View):
    """GET shows the derivation, POST makes draft stances of it."""

    desk = None

    def get(self, request):
        if not self.desk.has_view_permission(request):
            raise PermissionDenied
        issue = _chosen(Issue, request.GET.get("issue"))
        actor = _chosen(Actor, request.GET.get("actor"))
        form = ActorAndIssue(initial={"actor": actor, "issue": issue})
        context = {
            **self.desk.admin_site.each_context(request),
            "title": "Derive stances",
            "opts": self.desk.opts,
            "form": form,
            "media": form.media,
            "may_add": self.desk.has_add_permission(request),
        }
        if issue and actor:
            context |= self._derived(request, actor, issue)
        elif issue:
            context |= {"issue": issue, "actors": actors_with_evidence(issue)}
        return render(request, "admin/positions/stance/derive.html", context)

    def _derived(self, request, actor, issue):
        try:
            derived = deriving.derive(actor, issue)
        except FAULTS as fault:
            for sentence in sentences(fault):
                messages.error(request, sentence)
            return {"actor": actor, "issue": issue, "cells": []}
        return {
            "title": f"Derive stances: {derived.actor}, {derived.issue}",
            "actor": derived.actor,
            "issue": derived.issue,
            "cells": [shown(derived, cell) for cell in derived.timeline.cells],
            "rule": derived.timeline.rule_version,
            "codebook": derived.timeline.codebook_version,
            "horizons": derived.timeline.horizons,
            "stances": Stance.objects.newest()
            .of_actor(actor)
            .of_issue(issue)
            .exclude(state="retracted")
            .select_related("actor__merged_into", "option__merged_into", "disposition")
            .order_by("option__name", "facet", "holds_from"),
        }

    def post(self, request):
        actor = _chosen(Actor, request.POST.get("actor"))
        issue = _chosen(Issue, request.POST.get("issue"))
        if actor is None or issue is None:
            messages.error(request, "Choose an actor and an issue first.")
            return HttpResponseRedirect(address(actor, issue))
        try:
            proposal = deriving.propose(actor, issue, request.user)
        except FAULTS as fault:
            for sentence in sentences(fault):
                messages.error(request, sentence)
            return HttpResponseRedirect(address(actor, issue))
        self._tell(request, proposal)
        return HttpResponseRedirect(address(actor, issue))

    def _tell(self, request, proposal):
        number = len(proposal.made)
        if number:
            noun = "draft stance" if number == 1 else "draft stances"
            messages.success(request, f"Made {number} {noun}: submit and publish next.")
        else:
            messages.info(request, "There is nothing new to make a draft of.")
        for period, why in proposal.skipped:
            if why != "It stands already.":
                days = f"from {period.holds_from}"
                messages.warning(request, f"{period.label} {days}: {why}")


def _chosen(model, pk):
    """The row of a primary key given in an address, None where there is none."""
    return model.objects.filter(pk=number_in(pk)).first()


def actors_with_evidence(issue):
    """The actors that have accepted statements on an issue."""
    accepted = Statement.objects.public().of_issue(issue)
    read_as = Coalesce("actor__merged_into", "actor")
    return [
        (actor, address(actor, issue))
        for actor in Actor.objects.filter(pk__in=accepted.values(read_as=read_as))[:200]
    ]


def shown(derived, cell):
    """One cell for the page: its periods, and what became of each statement."""

    def evidence(keys):
        return [derived.statements[key] for key in dict.fromkeys(keys)]

    def aside(items):
        return [
            {"statement": derived.statements[item.key], "item": item} for item in items
        ]

    return {
        "option": derived.options[cell.option],
        "facet": cell.facet,
        "today": cell.at(date.today()) if cell.facet else None,
        "periods": [
            {
                "period": period,
                "thin": period in cell.thin_periods,
                "used": evidence(period.used),
                "against": evidence(period.contradicting),
            }
            for period in (*cell.periods, *cell.thin_periods)
        ],
        "set_aside": aside(cell.set_aside),
        "beside": aside(cell.beside),
        "marks": aside(cell.marks),
    }
