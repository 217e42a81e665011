"""Transitions as buttons: each calls one method of the model and shows what it says."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.html import format_html

from positions.models import Refused

from .base import FAULTS, Desk, badge, changes_of, sentences
from .signed_out import kept_of, typed_page


@dataclass(frozen=True)
class Act:
    """One button: what it is called, when it stands there, and what it does.

    `run(record, user, why)` does it; a record that it returns is shown next,
    False leads back to the list. `why` is "" (never asked), "may" or "must".
    `saves`: it also stands below the form and saves what was typed first.
    """

    name: str
    label: str
    done: str
    permission: str
    states: tuple
    run: Callable
    why: str = ""
    tone: str = ""
    saves: bool = False
    fits: Callable = lambda record, user: True
    meaning: str = ""

    def offered(self, record, user):
        return (
            record.state in self.states
            and user.has_perm(f"positions.{self.permission}")
            and self.fits(record, user)
        )


def is_newest(record, user=None):
    """No later version of it is under way or public."""
    return (
        not type(record)
        ._base_manager.filter(key=record.key, version__gt=record.version)
        .exists()
    )


class VersionedDesk(Desk):
    """A desk of records with states and frozen versions."""

    acts = ()
    frozen_states = {}
    adds_in_a_row = False
    change_form_template = "admin/positions/versioned_change_form.html"

    def has_change_permission(self, request, obj=None):
        if obj is not None and obj.frozen:
            return False
        return super().has_change_permission(request, obj)

    def get_urls(self):
        name = f"positions_{self.opts.model_name}_act"
        view = self.admin_site.admin_view(self.act_view)
        return [path("<int:pk>/do/<slug:act>/", view, name=name), *super().get_urls()]

    @property
    def by_name(self):
        return {act.name: act for act in self.acts}

    def offered(self, request, record):
        return [act for act in self.acts if act.offered(record, request.user)]

    # -- the page -------------------------------------------------------------

    def change_view(self, request, object_id, form_url="", extra_context=None):
        extra = dict(extra_context or {})
        record = self.get_object(request, object_id)
        if record is not None:
            acts = self.offered(request, record)
            extra |= {
                "record": record,
                "acts": acts,
                "frozen_sentence": self.frozen_sentence(record),
                "versions": self.versions_of(record),
            }
            if self.has_change_permission(request, record):
                extra["saving_acts"] = [act for act in acts if act.saves]
        return super().change_view(request, object_id, form_url, extra)

    def frozen_sentence(self, record):
        """Why this page cannot be edited; "" if it can."""
        if not record.frozen:
            return ""
        return self.frozen_states.get(record.state, "").format(
            version=record.version, state=record.get_state_display().lower()
        )

    def versions_of(self, record):
        rows = self.model._base_manager.filter(key=record.key).order_by("version")
        return rows.only("pk", "version", "state") if rows.count() > 1 else []

    @staticmethod
    def state_badge(record):
        return badge(record.state, record.get_state_display())

    # -- doing ----------------------------------------------------------------

    def act_view(self, request, pk, act):
        """One transition, asked by a button; POST only."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        record = self.get_object(request, str(pk))
        if record is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, str(pk))
        if not self.has_view_permission(request, record):
            raise PermissionDenied
        return self.do(request, record, act)

    def do(self, request, record, name):
        """Run a transition and lead to the page that shows what came of it."""
        act = self.by_name.get(name)
        shown = record
        if act is None:
            messages.error(request, "There is no such button.")
        else:
            shown = self._run(request, record, act)
        if shown is False:
            return HttpResponseRedirect(
                reverse(f"admin:positions_{self.opts.model_name}_changelist")
            )
        return HttpResponseRedirect(self.address(shown))

    def _run(self, request, record, act):
        words = str(record)
        try:
            came = act.run(record, request.user, request.POST.get("why", "").strip())
        except FAULTS as fault:
            for sentence in sentences(fault):
                messages.error(request, sentence)
            return record
        messages.success(request, format_html("{} {}", f"{words}:", act.done))
        return record if came is None else came

    def address(self, record):
        return reverse(
            f"admin:positions_{self.opts.model_name}_change", args=(record.pk,)
        )

    def save_model(self, request, obj, form, change):
        if change:
            # What was accepted while the form was read must not be written over.
            now = obj.locked()
            if now.frozen:
                raise Refused(f"{now} was decided meanwhile: nothing is saved.")
            obj.state = now.state
        super().save_model(request, obj, form, change)
        request.saved_record = obj

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """A save that also asks for a transition does that next, apart.

        What was typed is kept even if the transition is refused.
        """
        try:
            response = super().changeform_view(
                request, object_id, form_url, extra_context
            )
        except PermissionDenied:
            page = self.too_late(request, object_id)
            if page is None:
                raise
            return page
        name, saved = request.POST.get("_act"), getattr(request, "saved_record", None)
        if name and saved is not None and response.status_code == 302:
            return self.do(request, self.get_object(request, str(saved.pk)), name)
        return response

    def too_late(self, request, object_id):
        """What was typed into a record that was frozen meanwhile, else None."""
        if request.method != "POST" or object_id is None:
            return None
        record = self.get_object(request, unquote(object_id))
        if (
            record is None
            or not record.frozen
            or not self.has_change_permission(request)
        ):
            return None
        last = changes_of(record).first()
        who = f"{last.who or last.tool}: {last.action}" if last else "decided"
        when = f" at {last.at:%H:%M}" if last else ""
        return typed_page(
            request,
            kept_of(request),
            title="It was decided while you wrote",
            meaning=f"Nothing is saved: {record} is "
            f"{record.get_state_display().lower()} now ({who}{when}). Here is what you "
            "typed: it is on this page only.",
            again=False,
            status=403,
            page=self.address(record),
            page_label="Open it as it is now",
        )

    # -- many at once ---------------------------------------------------------

    def run_on_all(self, request, queryset, run, done):
        """A bulk action: each record by the model's own method, each refusal told."""
        count = 0
        for record in queryset.order_by("pk"):
            try:
                run(record, request.user)
                count += 1
            except FAULTS as fault:
                for sentence in sentences(fault):
                    messages.error(request, sentence)
        if count:
            noun = (
                self.opts.verbose_name if count == 1 else self.opts.verbose_name_plural
            )
            messages.success(request, f"{count} {noun} {done}.")


def dropped(record, user, why=""):
    """Drop a draft: there is no record to show afterwards."""
    record.drop(user)
    return False


def withholding(permission, states):
    """The buttons that hide what was public from every reader, and show it again."""
    return (
        Act(
            "withhold",
            "Withhold",
            "withheld: no reader sees any version of it.",
            permission,
            states,
            lambda record, user, why: record.withhold(user, why),
            why="must",
            fits=lambda record, user: not record.withheld,
            tone="danger",
            meaning="It disappears for every reader, also from the past; "
            "curators still see it.",
        ),
        Act(
            "show-again",
            "Show it again",
            "no longer withheld.",
            permission,
            states,
            lambda record, user, why: record.show_again(user, why),
            why="must",
            fits=lambda record, user: record.withheld,
        ),
    )


class CommonActs(NamedTuple):
    """The buttons that statements and stances share."""

    next_version: Act
    submit: Act
    send_back: Act
    retract: Act
    drop: Act
    withholding: tuple[Act, ...]


def may_review(record, user):
    return record.reviewable_by(user)


def common_acts(model):
    """The shared buttons for one kind of versioned record."""
    name, reviewing = model._meta.model_name, model.PERMISSION
    draft, review = model.EDITABLE_STATES
    return CommonActs(
        next_version=Act(
            "next-version",
            "Correct: make the next version",
            "the next version is open for correction.",
            f"submit_{name}",
            (model.PUBLIC_STATE,),
            lambda record, user, why: record.next_version(user),
            fits=lambda record, user: record.open_version() is None,
            tone="main",
        ),
        submit=Act(
            "submit",
            "Submit",
            "submitted; it waits for a reviewer.",
            f"submit_{name}",
            (draft,),
            lambda record, user, why: record.submit(user),
            saves=True,
        ),
        send_back=Act(
            "send-back",
            "Send back",
            "sent back to draft.",
            f"submit_{name}",
            (review,),
            lambda record, user, why: record.send_back(user, why),
            why="may",
        ),
        retract=Act(
            "retract",
            "Retract",
            "retracted.",
            reviewing,
            (model.PUBLIC_STATE,),
            lambda record, user, why: record.retract(user, why),
            why="must",
            tone="danger",
        ),
        drop=Act(
            "drop",
            "Drop this draft",
            "dropped.",
            f"add_{name}",
            (draft,),
            dropped,
            fits=lambda record, user: record.made_by == user,
            tone="danger",
            meaning="Only its author, and only while it was never submitted.",
        ),
        withholding=withholding(reviewing, (model.PUBLIC_STATE, "retracted")),
    )
