"""Import a file: choose its kind, upload it, look at the dry run, confirm."""

import logging

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views import View

from ingest.models import ImportedRevision, ImportProblem, Upload
from ingest.session import Outcome
from positions import packing
from positions.choices import Visibility
from positions.models import Collection, Source, Statement

from . import running
from .adding import reading_page
from .asking import (
    OptionsForm,
    UploadForm,
    cleaned_name,
    command_line,
    in_words,
    too_large,
)
from .uploadable import KINDS

logger = logging.getLogger(__name__)

TRIED = {
    Outcome.CREATED: "would be created",
    Outcome.CHANGED: "would be changed",
    Outcome.CONFLICT: "differ from what people made, which stays",
    Outcome.UNCHANGED: "here already",
    Outcome.UNSURE: "unsure",
    Outcome.REJECTED: "rejected",
}
DONE = {**TRIED, Outcome.CREATED: "created", Outcome.CHANGED: "changed"}
SHORT = {
    Outcome.CREATED: "new",
    Outcome.CHANGED: "changed",
    Outcome.CONFLICT: "kept",
    Outcome.UNCHANGED: "here already",
    Outcome.UNSURE: "unsure",
    Outcome.REJECTED: "rejected",
}
# Uploads of a person that are listed, the newest first.
MOST_SHOWN = 50
IDLE = "All of it is here already: there is nothing to import."
IN_VAIN = "There is nothing new in it that can be imported."
# Without one of these there is nothing to import.
WORTH = (Outcome.CREATED, Outcome.CHANGED, Outcome.CONFLICT)


class UploadPage(View):
    """What the pages of an upload share: who may, and what if the database fails."""

    site = None

    def dispatch(self, request, *args, **kwargs):
        self.kinds = {n: kind for n, kind in KINDS.items() if kind.allows(request.user)}
        if not self.kinds:
            raise PermissionDenied
        try:
            return super().dispatch(request, *args, **kwargs)
        except DatabaseError:
            logger.exception("The database failed at the desk of uploads.")
            messages.error(request, running.NO_DATABASE)
            return HttpResponseRedirect(reverse("admin:ingest_upload"))

    def kind(self, name):
        """The kind of this name, if the user may have it imported."""
        if name not in KINDS:
            raise Http404
        if name not in self.kinds:
            raise PermissionDenied
        return self.kinds[name]

    def page(self, request, template, title, **context):
        context |= {**self.site.each_context(request), "title": title}
        return TemplateResponse(request, f"admin/ingest/{template}.html", context)


class ChooseKind(UploadPage):
    """The kinds of files, and what the user has looked at but not imported."""

    def get(self, request):
        return self.page(
            request,
            "upload_kinds",
            "Import a file",
            kinds=self.kinds,
            waiting=Upload.objects.of(request.user).filter(done_at=None)[:MOST_SHOWN],
        )


class UploadFile(UploadPage):
    """The form for a file of one kind; then the file is tried."""

    def get(self, request, kind):
        return self.form(request, kind, UploadForm(self.kind(kind), request.user))

    def post(self, request, kind):
        form = UploadForm(self.kind(kind), request.user, request.POST, request.FILES)
        if not form.is_valid():
            return self.form(request, kind, form)
        Upload.objects.drop_old()
        file = form.cleaned_data["file"]
        upload = Upload(
            who=request.user,
            kind=kind,
            name=cleaned_name(file.name),
            packed=packing.pack(file.read()),
            size=file.size,
            options=form.chosen,
        )
        upload.report = run(upload, form, dry_run=True)
        upload.save()
        return to_upload(upload)

    def form(self, request, kind, form):
        return self.page(
            request,
            "upload_file",
            f"Import a file: {form.kind.label}",
            form=form,
            may_create="create" in form.fields or "create" not in form.options,
        )


class ShowUpload(UploadPage):
    """What an upload would do, or has done; POST imports, tries again or discards."""

    def get(self, request, key):
        return self.show(request, *self.found(request, key))

    def post(self, request, key):
        upload, kind = self.found(request, key)
        if upload.done_at is not None:
            messages.info(request, f"{upload} was imported already.")
            return to_upload(upload)
        acts = {"import": self.take_in, "try": self.try_again, "discard": self.discard}
        act = acts.get(request.POST.get("act"))
        return act(request, upload, kind) if act else to_upload(upload)

    def found(self, request, key):
        upload = get_object_or_404(Upload.objects.of(request.user), key=key)
        return upload, self.kind(upload.kind)

    # -- what is done with it --------------------------------------------------

    def take_in(self, request, upload, kind):
        if not Upload.objects.of(request.user).begin(upload.key):
            messages.info(request, f"{upload} is being imported already.")
            return to_upload(upload)
        form = OptionsForm(kind, request.user)
        told = run(upload, form, dry_run=False)
        upload.begun_at, trouble = None, [*told["faults"], told["stopped"]]
        if any(trouble):
            for sentence in filter(None, trouble):
                messages.error(request, sentence)
            upload.save(update_fields=("begun_at",))
            return to_upload(upload)
        upload.done_at, upload.report, upload.packed = timezone.now(), told, b""
        upload.run_id = told["run"]
        upload.save(update_fields=("begun_at", "done_at", "report", "packed", "run"))
        return to_upload(upload)

    def try_again(self, request, upload, kind):
        form = OptionsForm(kind, request.user, request.POST)
        if not form.is_valid():
            return self.show(request, upload, kind, form)
        upload.options = form.chosen
        report = run(upload, form, dry_run=True)
        # Only while nobody imports it with the options that were shown.
        Upload.objects.filter(pk=upload.pk, begun_at=None).update(
            options=upload.options, report=report
        )
        return to_upload(upload)

    def discard(self, request, upload, kind):
        gone, _ = Upload.objects.filter(pk=upload.pk, begun_at=None).delete()
        if not gone:
            messages.info(request, f"{upload} is being imported already.")
            return to_upload(upload)
        messages.success(request, f"{upload} was discarded; nothing was imported.")
        return HttpResponseRedirect(reverse("admin:ingest_upload"))

    # -- the page --------------------------------------------------------------

    def show(self, request, upload, kind, form=None):
        if form is None:
            chosen = {name: value for name, value in upload.options.items() if value}
            form = OptionsForm(kind, request.user, initial=chosen)
        done, report = upload.done_at is not None, upload.report
        words = DONE if done else TRIED
        counts = [
            (outcome, report["counts"][outcome], words[outcome])
            for outcome in words
            if outcome in report["counts"]
        ]
        line = command_line(
            kind, upload.name, form.options, upload.options, request.user
        )
        items = [placed(item, upload) for item in linked(report["items"])]
        return self.page(
            request,
            "upload_report",
            upload.name,
            upload=upload,
            kind=kind,
            form=form,
            report=report,
            counts=counts,
            items=[(item, SHORT[item["outcome"]]) for item in items],
            said=(
                ("To know", report["warnings"]),
                ("Found as well", report["notes"] if done else []),
            ),
            problems=ImportProblem.objects.filter(run=upload.run_id or 0).count(),
            chosen=in_form(form, upload.options),
            worth=not report["stopped"]
            and any(report["counts"].get(outcome) for outcome in WORTH),
            idle=IDLE if set(report["counts"]) <= {Outcome.UNCHANGED} else IN_VAIN,
            command_line=line,
            public=is_public(upload.options.get("collection")),
            read=only_source(upload) if done else "",
        )


# -- trying and importing --------------------------------------------------------------


def run(upload, form, *, dry_run):
    """What the command of an upload tells, in the words of this desk."""
    told = running.run(form.command, form.options, upload, dry_run=dry_run)
    for item in told["items"]:
        item["sentences"] = [in_words(sentence) for sentence in item["sentences"]]
    for name in ("warnings", "faults"):
        told[name] = [in_words(sentence) for sentence in told[name]]
    return told


# -- what the page needs ---------------------------------------------------------------


def to_upload(upload):
    return HttpResponseRedirect(reverse("admin:ingest_upload_show", args=(upload.key,)))


def refused_size(kind, **kwargs):
    """What a request that is larger than any may be is told, before it is read."""
    return too_large(KINDS[kind]) if kind in KINDS else ""


def in_form(form, options):
    """(label, what was chosen) of the options that say something."""
    shown = []
    for name, field in form.fields.items():
        value = options.get(name)
        if value:
            known = dict(getattr(field, "choices", ()))
            shown.append((field.label or name.capitalize(), known.get(value, value)))
    return [(label, "yes" if value is True else value) for label, value in shown]


def is_public(key):
    """Is what goes into the collection of this key shown to everybody?"""
    found = Collection.objects.filter(key=key or "")
    return found.exclude(visibility=Visibility.PRIVATE).exists()


def linked(items):
    """The items; those of sources and statements that are here with their page."""
    keys = {item["name"] for item in items if item.get("name")}
    split = [key.split("/", 1) for key in keys if "/" in key]
    sources = Source.objects.filter(
        collection__key__in={collection for collection, _ in split},
        identifier__in={identifier for _, identifier in split},
    ).select_related("collection")
    statements = Statement.objects.filter(key__in=keys).order_by("version")
    statements = statements.select_related("actor", "option", "disposition")
    here = {row.key: (reading_page(row), row.key) for row in sources}
    here |= {row.key: (statement_page(row), str(row)) for row in statements}
    for item in items:
        page, name = here.get(item.get("name"), ("", item.get("name", "")))
        yield {**item, "page": page, "name": name}


def statement_page(statement):
    return reverse("admin:positions_statement_change", args=(statement.pk,))


def placed(item, upload):
    """The item with what it is called, and where in the upload it stands."""
    inside = item["file"].removeprefix(upload.name).lstrip("/, ")
    where = ", ".join(filter(None, (inside, item.get("record"))))
    if item["name"]:
        return {**item, "what": item["name"], "where": where}
    return {**item, "what": where or upload.name, "where": ""}


def only_source(upload):
    """The page of the source that came in, if it is one alone."""
    rows = ImportedRevision.objects.filter(run=upload.run_id)
    brought = set(rows.values_list("revision__source", flat=True)[:2])
    if len(brought) == 1:
        return reading_page(Source(pk=brought.pop()))
    return ""
