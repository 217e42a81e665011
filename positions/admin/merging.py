"""Merging at the desks of actors, options and issues: choose, look, confirm, part."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.views import View

from positions import duplicates, merging, pairing
from positions.models import Actor, Change, Issue, Option, Refused, Stance
from positions.refusals import FAULTS, sentences
from positions.sameness import plan

from .base import LabelledSelect, number_in

# The autocomplete asks for a field that names a record of the kind.
FIELDS = {
    Actor: Stance._meta.get_field("actor"),
    Option: Stance._meta.get_field("option"),
    Issue: Option._meta.get_field("issue"),
}
MOST_STANCES = 50


def page_of(record, name="change"):
    """The address of a page of a record's desk."""
    return reverse(
        f"admin:positions_{record._meta.model_name}_{name}", args=(record.pk,)
    )


def told(request, faults):
    for sentence in sentences(faults):
        messages.error(request, sentence)


class Choice(forms.Form):
    """Which record survives."""

    use_required_attribute = False

    def __init__(self, *args, model, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["into"] = forms.ModelChoiceField(
            model.objects.current(),
            label="Read it as",
            widget=LabelledSelect(FIELDS[model], admin.site),
        )


def preview(merged, survivor):
    """What merging would do, for a page: the plan, or why it may never be done."""
    try:
        wanted = plan(merged, survivor)
    except Refused as refusal:
        return {"merged": merged, "survivor": survivor, "refusal": str(refusal)}
    return {
        "merged": merged,
        "survivor": wanted.survivor,
        "plan": wanted,
        "stances": wanted.all_stances[:MOST_STANCES],
        "n_stances": len(wanted.all_stances),
        "overlaps": wanted.all_overlaps,
    }


class MergeView(View):
    """GET asks for the survivor, then shows what would happen; POST merges."""

    desk = None
    http_method_names = ("get", "post")

    def setup(self, request, pk):
        super().setup(request)
        rows = self.desk.model.objects.select_related("merged_into")
        self.record = rows.filter(pk=pk).first()

    def dispatch(self, request, pk):
        if self.record is None:
            return HttpResponseRedirect(self.desk.list_address)
        if not self.desk.may_merge(request):
            raise PermissionDenied
        return super().dispatch(request)

    def get(self, request, why=""):
        given = request.POST.get("into") or request.GET.get("into")
        survivor = self._survivor(given)
        if given and survivor is None:
            messages.error(request, "Choose a record from the list.")
        context = {
            **self.desk.admin_site.each_context(request),
            "title": f"Merge “{self.record}” into another",
            "opts": self.desk.opts,
            "record": self.record,
            "why": why,
        }
        form = Choice(model=self.desk.model, initial={"into": survivor})
        context |= {"form": form, "media": form.media}
        if survivor is not None:
            context |= {
                "title": f"Merge “{self.record}” into “{survivor}”",
                "what": preview(self.record, survivor),
                "sides": pairing.sides_of(self.record, survivor),
                "headings": ("Is merged", "Stays"),
                "turned": f"{page_of(survivor, 'merge')}?into={self.record.pk}",
            }
        return render(request, "admin/positions/merge.html", context)

    def post(self, request):
        survivor, why = (
            self._survivor(request.POST.get("into")),
            request.POST.get("why"),
        )
        if survivor is None:
            return self.get(request)
        try:
            kept = merging.merge(request.user, self.record, survivor, why or "")
        except FAULTS as fault:
            told(request, fault)
            return self.get(request, why or "")
        messages.success(request, f"“{self.record}” is read as “{kept}” from now on.")
        return HttpResponseRedirect(page_of(self.record))

    def _survivor(self, text):
        rows = self.desk.model.objects.select_related("merged_into")
        return rows.filter(pk=number_in(text)).first()


class Merging:
    """What the desks of records that can be merged have in common."""

    change_form_template = "admin/positions/mergeable_change_form.html"
    change_list_template = "admin/positions/mergeable_change_list.html"

    def get_urls(self):
        name, site = self.opts.model_name, self.admin_site
        merge = site.admin_view(MergeView.as_view(desk=self))
        part = site.admin_view(self.part_view)
        look = site.admin_view(self.look_view)
        return [
            path("<int:pk>/merge/", merge, name=f"positions_{name}_merge"),
            path("<int:pk>/part/", part, name=f"positions_{name}_part"),
            path("duplicates/", look, name=f"positions_{name}_duplicates"),
            *super().get_urls(),
        ]

    @admin.display(description="read as", ordering="merged_into__name")
    def read_as(self, record):
        return record.merged_into or ""

    @property
    def list_address(self):
        return reverse(f"admin:positions_{self.opts.model_name}_changelist")

    def may_merge(self, request):
        name = merging.permission_of(self.model())
        return request.user.has_perm(f"positions.{name}")

    def save_model(self, request, obj, form, change):
        """A form that was open meanwhile does not undo what was merged."""
        if change:
            rows = self.model.objects.select_for_update(no_key=True)
            obj.merged_into = rows.get(pk=obj.pk).merged_into
        super().save_model(request, obj, form, change)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        extra = dict(extra_context or {})
        record = self.get_object(request, object_id)
        if record is not None:
            extra["merging"] = self.merging_of(request, record)
        return super().change_view(request, object_id, form_url, extra)

    def changelist_view(self, request, extra_context=None):
        extra = dict(extra_context or {})
        if request.user.has_perm("positions.add_pair"):
            extra["look_address"] = reverse(
                f"admin:positions_{self.opts.model_name}_duplicates"
            )
        return super().changelist_view(request, extra)

    def merging_of(self, request, record):
        """What the page of a record says about merging."""
        may, survivor = self.may_merge(request), record.survivor
        merged = record.merged.order_by("name", "pk")
        found = {"merged": [(one, page_of(one)) for one in merged[:100]]}
        if survivor != record:
            log = Change.objects.of(record).filter(action__in=merging.JOINING)
            found |= {
                "survivor": survivor,
                "survivor_address": page_of(survivor),
                "since": log.select_related("who").first(),
                "part": may and page_of(record, "part"),
            }
        elif may:
            found["merge"] = page_of(record, "merge")
        return found

    def part_view(self, request, pk):
        """Read a merged record as itself again; POST only."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        record = self.model.objects.filter(pk=pk).first()
        if record is None:
            return HttpResponseRedirect(self.list_address)
        try:
            merging.unmerge(request.user, record, request.POST.get("why", ""))
        except FAULTS as fault:
            told(request, fault)
        else:
            messages.success(request, f"“{record}” is read as itself again.")
        return HttpResponseRedirect(page_of(record))

    def look_view(self, request):
        """Look for possible duplicates, and lead to those that wait; POST only."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        try:
            found = duplicates.look(request.user, self.opts.model_name)
        except FAULTS as fault:
            told(request, fault)
            return HttpResponseRedirect(self.list_address)
        messages.success(request, f"Possible duplicates: {found}.")
        if not found.made:
            return HttpResponseRedirect(self.list_address)
        pairs = reverse("admin:positions_pair_changelist")
        return HttpResponseRedirect(f"{pairs}?kind__exact={self.opts.model_name}")
