"""Suggest statements: from a source's reading page, or for sources of the list."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST

from ingest.offering import Offering
from positions.models import Source
from positions.suggestions import Filed
from positions.waiting.addresses import queue_of_source

# A person waits for it: more than this is the command's work.
MOST = 100


def may_suggest(request):
    return request.user.has_perm("positions.add_suggestion")


@require_POST
def suggest_view(request, pk):
    """Propose statements from one text, and show what waits of it."""
    if not may_suggest(request):
        raise PermissionDenied
    source = get_object_or_404(Source.objects.select_related("collection"), pk=pk)
    filed = Offering().suggest(source)
    tell(request, filed)
    if filed.made:
        return HttpResponseRedirect(queue_of_source("suggestions", pk))
    return HttpResponseRedirect(reverse("admin:positions_source_read", args=(pk,)))


@admin.action(description="Suggest statements", permissions=["suggest"])
def suggest_selected(desk, request, queryset):
    if queryset.count() > MOST:
        messages.error(
            request,
            f"Of more than {MOST} sources at once: manage.py suggest --collection KEY.",
        )
        return
    tell(request, sum((f for _, f in Offering().suggest_all(queryset)), Filed()))


def tell(request, filed):
    if filed.made:
        messages.success(request, f"Suggestions: {filed}. They wait for a decision.")
    else:
        messages.info(
            request,
            f"Nothing new is suggested ({filed.known} known already): the text names "
            "no known actor with a position on a known option.",
        )


def join(desk):
    """Add the action to the desk of sources, which knows nothing of imports."""
    desk.actions = (*desk.actions, suggest_selected)
    desk.has_suggest_permission = may_suggest
