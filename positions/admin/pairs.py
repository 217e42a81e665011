"""The desk of possible duplicates: two records side by side, and what they are."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse

from positions import judging, pairing
from positions.choices import PairState
from positions.models import Pair
from positions.refusals import FAULTS

from .base import ReadOnlyDesk, badge, changes_of
from .merging import page_of, preview, told

# What the buttons of a pair send.
SIDES = ("first", "second")
JUDGED = {"different": PairState.DIFFERENT, "unsure": PairState.UNSURE}


@admin.register(Pair)
class PairDesk(ReadOnlyDesk):
    list_display = (
        "both",
        "kind",
        "reason",
        "alike",
        "state_shown",
        "judged_by",
        "note",
    )
    list_display_links = ("both",)
    list_filter = ("state", "kind")
    list_select_related = ("judged_by",)
    search_fields = ("first",)
    search_help_text = "Part of a key"

    def find(self, queryset, text, reader):
        for word in text.lower().split():
            queryset = queryset.filter(first__contains=word) | queryset.filter(
                second__contains=word
            )
        return queryset

    def get_urls(self):
        view = self.admin_site.admin_view(self.decide_view)
        name = "positions_pair_decide"
        return [path("<int:pk>/decide/", view, name=name), *super().get_urls()]

    @admin.display(description="pair", ordering="first")
    def both(self, pair):
        return str(pair)

    @admin.display(description="alike", ordering="score")
    def alike(self, pair):
        return f"{pair.score:.0%}"

    @admin.display(description="state", ordering="state")
    def state_shown(self, pair):
        return badge(pair.state, pair.get_state_display())

    # -- the page -------------------------------------------------------------

    def change_view(self, request, object_id, form_url="", extra_context=None):
        pair = self.get_object(request, object_id)
        if pair is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_permission(request, pair):
            raise PermissionDenied
        pairing.attach([pair])
        context = {
            **self.admin_site.each_context(request),
            "title": f"Possible duplicate: {pair}",
            "opts": self.opts,
            "pair": pair,
            "sides": pair.sides,
            "headings": ("First", "Second"),
            "keeping": self._keeping(request, pair),
            "may_judge": request.user.has_perm("positions.change_pair"),
            "open": pair.state in (PairState.WAITING, PairState.UNSURE),
            "changes": list(changes_of(pair)[:20]),
        }
        return render(request, "admin/positions/pair/compare.html", context)

    def _keeping(self, request, pair):
        """For each side: what would happen if it is kept. [(side, label, preview)]"""
        first, second = pair.sides
        desk = self.admin_site._registry[pairing.MODELS[pair.kind]]
        undecided = pair.state in (PairState.WAITING, PairState.UNSURE)
        if not (first and second and undecided and desk.may_merge(request)):
            return []
        one, other = first.record, second.record
        return [
            ("first", one, preview(other, one)),
            ("second", other, preview(one, other)),
        ]

    # -- deciding -------------------------------------------------------------

    def decide_view(self, request, pk):
        """One decision about a pair; POST only."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        pair = Pair.objects.filter(pk=pk).first()
        if pair is None:
            return HttpResponseRedirect(reverse("admin:positions_pair_changelist"))
        try:
            messages.success(request, self._decide(request, pair))
        except FAULTS as fault:
            told(request, fault)
        return HttpResponseRedirect(page_of(pair))

    def _decide(self, request, pair):
        said, why = request.POST.get("decision", ""), request.POST.get("why", "")
        if said in SIDES:
            kept = judging.same(request.user, pair, getattr(pair, said), why)
            return f"Merged: “{kept}” is read from now on."
        if said == "reconsider":
            judging.reconsider(request.user, pair)
            return "The pair waits again."
        judging.judge(request.user, pair, JUDGED.get(said, ""), why)
        return "Noted, and never offered again."
