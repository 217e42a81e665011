"""The pages on which statements are recoded or moved, many at once, and back again."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch, prefetch_related_objects
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.views import View

from positions import recoding, undoing
from positions.models import Actor, Disposition, Option, Statement

from .base import FAULTS, LabelledSelect, label_of, sentences
from .codebook_beside import codebook
from .places import citations_with_place

LIST = "admin:positions_statement_changelist"
PARTS = ("actor", "option", "disposition", "speaker")
# So many of those coded at once are named; the others are counted.
NAMED = 20


def recoding_urls(desk):
    """The addresses of the pages, for the desk of statements."""
    wrap = desk.admin_site.admin_view
    return [
        path(
            "recode/",
            wrap(RecodeView.as_view(desk=desk)),
            name="positions_statement_recode",
        ),
        path(
            "recoded/<slug:batch>/",
            wrap(RecodedView.as_view(desk=desk)),
            name="positions_statement_recoded",
        ),
    ]


def batch_address(batch):
    """The page of what was recoded together."""
    return reverse("admin:positions_statement_recoded", args=(batch,))


def start(desk, request, queryset):
    """The page to choose the change on, for the statements ticked in the list."""
    rows = queryset.order_by("pk").values_list("key", flat=True)
    keys = list(dict.fromkeys(rows[: recoding.MOST + 1]))
    form = RecodingForm(initial={"keys": " ".join(keys)})
    return _page(desk, request, form, keys)


def _choice(part):
    return LabelledSelect(Statement._meta.get_field(part), admin.site)


def _current(model, part, label, **kwargs):
    return forms.ModelChoiceField(
        model.objects.current(),
        widget=_choice(part),
        label=label,
        required=False,
        **kwargs,
    )


class RecodingForm(forms.Form):
    """What is to be changed, and of which statements."""

    use_required_attribute = False

    keys = forms.CharField(widget=forms.HiddenInput, required=False)
    planned = forms.CharField(widget=forms.HiddenInput, required=False)
    actor = _current(Actor, "actor", "Move to actor")
    option = _current(Option, "option", "Option")
    disposition = forms.ModelChoiceField(
        Disposition.objects.all(), required=False, empty_label="as it is"
    )
    speaker = _current(Actor, "speaker", "Speaker", help_text="The person who said it.")
    siblings = forms.BooleanField(required=False)
    retract_stances = forms.BooleanField(
        label="Retract the stances that would lose their only support",
        required=False,
        help_text="Otherwise such a statement is refused, with the stance's name.",
    )
    leave_out = forms.BooleanField(required=False)
    why = forms.CharField(
        label="Reason",
        max_length=500,
        required=False,
        help_text="It stands in the log of every statement.",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for part in ("actor", "option", "speaker"):
            self.fields[part].label_from_instance = label_of
        self.fields["disposition"].choices = [
            ("", "as it is"),
            *(
                (facet, [(one.pk, one.label) for one in rows])
                for facet, rows in Disposition.objects.by_facet().items()
                if rows
            ),
        ]

    @property
    def visible(self):
        return [self[name] for name in (*PARTS, "why")]

    @property
    def change(self):
        return recoding.Recoding(**{part: self.cleaned_data[part] for part in PARTS})

    def chosen(self):
        """The keys that were ticked in the list."""
        return self.cleaned_data["keys"].split()


class RecodeView(View):
    """POST shows the form, then what would happen, then does it."""

    desk = None

    def get(self, request):
        """For a few statements named in the address: `?keys=k1+k2`."""
        keys = request.GET.get("keys", "").split()
        if not keys:
            messages.info(request, "Choose statements in this list first.")
            return HttpResponseRedirect(reverse(LIST))
        form = RecodingForm(initial={"keys": " ".join(keys[: recoding.MOST])})
        return _page(self.desk, request, form, keys)

    def post(self, request):
        form = RecodingForm(request.POST)
        if not form.is_valid():
            return _page(self.desk, request, form, request.POST.get("keys", "").split())
        if "do" in request.POST:
            return self._do(request, form)
        return self._preview(request, form)

    def _keys(self, form):
        """Those chosen, and those coded at once with them, where that is asked."""
        chosen = form.chosen()
        if form.cleaned_data["siblings"]:
            chosen += recoding.siblings(chosen).values_list("key", flat=True)
        return chosen

    def _preview(self, request, form):
        outcome = None
        try:
            outcome = recoding.plan(
                request.user,
                self._keys(form),
                form.change,
                retract_stances=form.cleaned_data["retract_stances"],
            )
        except FAULTS as fault:
            _tell(request, fault)
        return _page(self.desk, request, form, form.chosen(), outcome)

    def _do(self, request, form):
        data = form.cleaned_data
        try:
            outcome = recoding.recode(
                request.user,
                self._keys(form),
                form.change,
                data["why"],
                leave_out=data["leave_out"],
                retract_stances=data["retract_stances"],
                planned=data["planned"],
            )
        except FAULTS as fault:
            _tell(request, fault)
            return self._preview(request, form)
        if not outcome.done:
            messages.info(request, "There was nothing to change.")
            return HttpResponseRedirect(reverse(LIST))
        messages.success(request, f"{_so_many(outcome.done)} recoded.")
        return HttpResponseRedirect(batch_address(outcome.batch))


class RecodedView(View):
    """GET shows what was recoded together, POST undoes it."""

    desk = None

    def get(self, request, batch):
        if not self.desk.has_view_permission(request):
            raise PermissionDenied
        found = undoing.batch_of(batch)
        if found is None:
            raise Http404("Nothing was recoded under this key.")
        _with_words([entry.statement for entry in found.entries])
        undone = found.action == undoing.UNDONE
        context = {
            **self.desk.admin_site.each_context(request),
            "title": "Undone together" if undone else "Recoded together",
            "opts": self.desk.opts,
            "batch": found,
            "number": _so_many(found.entries),
            "may_undo": self.desk.has_change_permission(request),
        }
        return render(request, "admin/positions/recoding/recoded.html", context)

    def post(self, request, batch):
        try:
            outcome = undoing.undo(request.user, batch, request.POST.get("why", ""))
        except FAULTS as fault:
            _tell(request, fault)
            return HttpResponseRedirect(batch_address(batch))
        for row in outcome.refused[:5]:
            messages.warning(request, f"{row.statement}: {row.sentence}")
        if len(outcome.refused) > 5:
            more = len(outcome.refused) - 5
            messages.warning(request, f"{more} others were refused, too.")
        if not outcome.done:
            return HttpResponseRedirect(batch_address(batch))
        messages.success(request, f"{_so_many(outcome.done)} undone.")
        return HttpResponseRedirect(batch_address(outcome.batch))


def _page(desk, request, form, keys, outcome=None):
    """The form, and below it what would happen to each statement."""
    if not desk.has_change_permission(request):
        raise PermissionDenied
    siblings = recoding.siblings(keys)
    chosen = form["disposition"].value()
    context = {
        **desk.admin_site.each_context(request),
        "title": "Recode or move statements",
        "opts": desk.opts,
        "form": form,
        "media": form.media,
        "number": _so_many(keys),
        "siblings": list(siblings[: NAMED + 1]) if form["actor"].value() else [],
        "facets": codebook(chosen),
        "outcome": outcome,
    }
    if outcome is not None:
        order = {fate: place for place, fate in enumerate(recoding.FATES)}
        rows = sorted(outcome.rows, key=lambda row: order[row.fate])
        _with_words([row.statement for row in rows])
        context |= {"rows": rows, "done": _so_many(outcome.done)}
    return render(request, "admin/positions/recoding/recode.html", context)


def _with_words(statements):
    """Read where the words of statements stand, for all at once."""
    prefetch_related_objects(statements, Prefetch("citations", citations_with_place()))


def _so_many(rows):
    number = len(rows)
    return f"{number:,} statement{'' if number == 1 else 's'}"


def _tell(request, fault):
    for sentence in sentences(fault):
        messages.error(request, sentence)
