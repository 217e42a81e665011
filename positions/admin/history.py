"""The page of a record's history, and the page on which an old state comes back."""

from datetime import datetime

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.timezone import is_aware

from positions import histories, restoring
from positions.models.versions import Versioned, need_reason
from positions.refusals import FAULTS, sentences


def instant(text):
    """The instant of the clock that an address gives; None for anything else."""
    try:
        found = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return found if is_aware(found) else None


class Historied:
    """A desk whose records tell their history, and take an old state back."""

    object_history_template = "admin/positions/history.html"

    def get_urls(self):
        name = f"positions_{self.opts.model_name}_restore"
        view = self.admin_site.admin_view(self.restore_view)
        return [
            path("<int:pk>/restore/<slug:to>/", view, name=name),
            *super().get_urls(),
        ]

    def may_restore(self, request):
        """Not whether this state is frozen: an old one comes back as a new version."""
        opts = self.opts
        return hasattr(self.model, "history") and request.user.has_perm(
            f"{opts.app_label}.change_{opts.model_name}"
        )

    def history_view(self, request, object_id, extra_context=None):
        obj = self.get_object(request, object_id)
        if obj is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_permission(request, obj):
            raise PermissionDenied
        told = histories.of(obj, before=instant(request.GET.get("before")))
        now = restoring.standing(obj)
        for step in told.steps:
            if step.to is not None and restoring.says_the_same(now, step.to):
                step.to = None
        context = {
            **self.admin_site.each_context(request),
            "title": f"History of {obj}",
            "steps": told.steps,
            "older": told.older and told.older.isoformat(),
            "beginning": "before" not in request.GET,
            "may_restore": self.may_restore(request),
            "kept": hasattr(self.model, "history"),
            "versioned": isinstance(obj, Versioned),
            "not_kept": histories.not_kept(self.model),
            "object": obj,
            "opts": self.opts,
            **(extra_context or {}),
        }
        return TemplateResponse(request, self.object_history_template, context)

    def restore_view(self, request, pk, to):
        """GET shows what a restoring would change; POST does it, with a reason."""
        obj = self.get_object(request, str(pk))
        if obj is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, str(pk))
        if not (self.has_view_permission(request, obj) and self.may_restore(request)):
            raise PermissionDenied
        state = histories.state_named(obj, to)
        if state is None:
            raise Http404("There is no such version.")
        why = request.POST.get("why", "").strip()
        if request.method == "POST":
            try:
                need_reason(why, "restore a version")
                restored = restoring.restore(request.user, obj, state, why)
            except FAULTS as fault:
                for sentence in sentences(fault):
                    messages.error(request, sentence)
            else:
                done = f"{restored}: restored as {restoring.name_of(state)}."
                messages.success(request, done)
                return HttpResponseRedirect(self._page_of(restored))
        return self._restore_page(request, obj, state, why)

    def _restore_page(self, request, obj, state, why):
        context = {
            **self.admin_site.each_context(request),
            "title": f"Restore {obj} as {restoring.name_of(state)}",
            "differences": histories.would_change(obj, state),
            "what_happens": restoring.what_happens(obj, state),
            "stays": self._stays(obj, state),
            "why": why,
            "object": obj,
            "opts": self.opts,
        }
        return TemplateResponse(request, "admin/positions/restore.html", context)

    def _stays(self, obj, state):
        """What does not come back with a state: it was not kept with it."""
        if isinstance(obj, Versioned) and not restoring.is_history(state):
            return []
        rows = [str(m._meta.verbose_name_plural) for m in histories.rows_inside(obj)]
        return histories.not_kept(self.model) + rows

    def _page_of(self, record):
        opts = record._meta
        name = f"admin:{opts.app_label}_{opts.model_name}_change"
        return reverse(name, args=(record.pk,))
