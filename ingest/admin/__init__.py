"""The desks of the import side: runs, their problems, sources added by hand."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.html import format_html
from django.views.decorators.http import require_POST

from ingest.models import ImportProblem, ImportRun
from positions.admin.base import ReadOnlyDesk, badge
from positions.models import Source
from positions.models.changes import recording
from positions.revising import make_current

from .adding import AddSource
from .correcting import CorrectText
from .suggesting import join, suggest_view
from .uploading import ChooseKind, ShowUpload, UploadFile, refused_size

join(admin.site.get_model_admin(Source))


class StateFilter(admin.SimpleListFilter):
    """Whether somebody has settled the problem."""

    title = "settled"
    parameter_name = "settled"

    def lookups(self, request, model_admin):
        return (("no", "Waits"), ("yes", "Settled"))

    def queryset(self, request, queryset):
        if self.value() == "no":
            return queryset.filter(settled_at=None)
        if self.value() == "yes":
            return queryset.exclude(settled_at=None)
        return queryset


@admin.register(ImportRun)
class ImportRunDesk(ReadOnlyDesk):
    change_list_template = "admin/ingest/upload_runs.html"
    list_display = (
        "started_at",
        "command",
        "collection",
        "who",
        "created",
        "changed",
        "unchanged",
        "conflicts",
        "unsure",
        "rejected",
        "ended",
        "problems_link",
    )
    list_filter = ("command", "collection")
    list_select_related = ("collection", "who")
    fields = (
        ("command", "collection", "who"),
        ("started_at", "finished_at", "ended"),
        ("created", "changed", "unchanged", "conflicts", "unsure", "rejected"),
        "arguments",
        "problems_link",
    )
    readonly_fields = ("ended", "problems_link")

    def get_urls(self):
        wrap = self.admin_site.admin_view
        add = wrap(AddSource.as_view(site=self.admin_site))
        correct = wrap(CorrectText.as_view(site=self.admin_site))
        choose = wrap(ChooseKind.as_view(site=self.admin_site))
        upload = wrap(UploadFile.as_view(site=self.admin_site))
        show = wrap(ShowUpload.as_view(site=self.admin_site))
        # Asked by the middleware, which turns away what is too large.
        upload.too_large = refused_size
        return [
            path("upload/", choose, name="ingest_upload"),
            path("upload/to/<slug:kind>/", upload, name="ingest_upload_file"),
            path("upload/<slug:key>/", show, name="ingest_upload_show"),
            path("add-source/", add, name="ingest_add_source"),
            path("correct-text/<int:pk>/", correct, name="ingest_correct_text"),
            path("suggest/<int:pk>/", wrap(suggest_view), name="ingest_suggest"),
            *super().get_urls(),
        ]

    @admin.display(description="ended")
    def ended(self, run):
        if run.finished_at is None:
            return badge("bad", "stopped before its end")
        return badge("done", "finished")

    @admin.display(description="problems")
    def problems_link(self, run):
        address = reverse("admin:ingest_importproblem_changelist")
        return format_html('<a href="{}?run__id__exact={}">Show</a>', address, run.pk)


@admin.register(ImportProblem)
class ImportProblemDesk(ReadOnlyDesk):
    list_display = ("message", "severity_shown", "file", "record", "run", "settled")
    list_display_links = ("message",)
    list_filter = (StateFilter, "severity", "code")
    list_select_related = ("run", "settled_by", "revision__source")
    change_form_template = "admin/ingest/problem.html"
    actions = ("settle",)
    fields = (
        "message",
        ("severity", "code"),
        ("file", "record"),
        "run",
        "source_link",
        "settled",
    )
    readonly_fields = ("source_link", "settled")

    def lookup_allowed(self, lookup, value, request=None):
        return lookup == "run__id__exact" or super().lookup_allowed(
            lookup, value, request
        )

    def get_queryset(self, request):
        heavy = ("revision__text", "revision__patches", "revision__header")
        return super().get_queryset(request).defer(*heavy)

    def get_urls(self):
        wrap = self.admin_site.admin_view
        settle, take = require_POST(self.settle_view), require_POST(self.take_view)
        return [
            path("<int:pk>/settle/", wrap(settle), name="ingest_importproblem_settle"),
            path("<int:pk>/take/", wrap(take), name="ingest_importproblem_take"),
            *super().get_urls(),
        ]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        problem = self.get_object(request, object_id)
        extra = {
            **(extra_context or {}),
            "may_settle": problem is not None
            and problem.settled_at is None
            and self.has_settle_permission(request),
            "may_take": problem is not None and is_other_copy(problem),
        }
        return super().change_view(request, object_id, form_url, extra)

    # -- what is done about a problem -----------------------------------------

    def has_settle_permission(self, request):
        return request.user.has_perm("positions.change_source")

    @admin.action(
        description="Settle: nothing more is to be done", permissions=["settle"]
    )
    def settle(self, request, rows):
        number = rows.settle(request.user)
        messages.success(request, f"Settled: {number}.")

    def _refuse_others(self, request):
        if not self.has_settle_permission(request):
            raise PermissionDenied

    def settle_view(self, request, pk):
        self._refuse_others(request)
        self.settle(request, ImportProblem.objects.filter(pk=pk))
        return HttpResponseRedirect(reverse("admin:ingest_importproblem_changelist"))

    def take_view(self, request, pk):
        """Read the other copy from now on, and settle the problem."""
        self._refuse_others(request)
        problem = get_object_or_404(self.get_queryset(request), pk=pk)
        source = problem.revision.source
        if is_other_copy(problem):
            why = f"The copy of {problem.file} was taken."
            with recording(request.user, why):
                settled = make_current(source, problem.revision, who=request.user)
                self.settle(request, ImportProblem.objects.filter(pk=pk))
            messages.success(request, str(settled))
        return HttpResponseRedirect(
            reverse("admin:positions_source_read", args=(source.pk,))
        )

    # -- columns --------------------------------------------------------------

    @admin.display(description="severity", ordering="severity")
    def severity_shown(self, problem):
        return badge(problem.severity, problem.get_severity_display())

    @admin.display(description="settled")
    def settled(self, problem):
        if problem.settled_at is None:
            return badge("waits", "waits")
        by = problem.settled_by or "a later import"
        return f"{problem.settled_at:%Y-%m-%d} by {by}"

    @admin.display(description="source")
    def source_link(self, problem):
        if problem.revision is None:
            return "–"
        source = problem.revision.source
        address = reverse("admin:positions_source_read", args=(source.pk,))
        return format_html('<a href="{}">{}</a>', address, source)


def is_other_copy(problem):
    """Does the problem ask which of two copies is to be read?"""
    return problem.code == "other_copy" and not problem.revision.current
