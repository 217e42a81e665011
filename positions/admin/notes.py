"""The thread of notes on a statement's page."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import path

from positions import noting
from positions.refusals import FAULTS, sentences

from .signed_out import kept_of, typed_page


def note_urls(desk):
    """The address that a note is posted to."""

    def view(request, pk):
        return note_view(desk, request, pk)

    guarded = desk.admin_site.admin_view(view)
    return [path("<int:pk>/note/", guarded, name="positions_statement_note")]


def note_view(desk, request, pk):
    """Write a note; POST only. Words that are refused are shown again, not lost."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    record = desk.get_object(request, str(pk))
    if record is None:
        return desk._get_obj_does_not_exist_redirect(request, desk.opts, str(pk))
    if not desk.has_view_permission(request, record):
        raise PermissionDenied
    address = f"{desk.address(record)}#notes"
    text = request.POST.get("text", "")
    try:
        noting.write(request.user, record, text)
    except FAULTS as fault:
        told = " ".join(sentences(fault))
        if not text.strip():
            messages.error(request, told)
            return HttpResponseRedirect(address)
        return typed_page(
            request,
            kept_of(request),
            title="The note is not written",
            meaning=told,
            again=False,
            page=address,
            page_label="Back to the statement",
        )
    messages.success(request, "Your note is written. Readers never see it.")
    return HttpResponseRedirect(address)
