"""The pages of the work lists: each row with its problem and its action."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import render
from django.urls import path

from positions import worklists

from .base import BoundedPaginator, number_in

PER_PAGE = 50


def work_urls(site):
    """The address of each work list."""

    def view(request, key):
        return work_view(request, key, site)

    return [path("work/<slug:key>/", site.admin_view(view), name="positions_work")]


def work_view(request, key, site):
    """One work list, fifty rows at a time."""
    work = worklists.get(key, request.user)
    if work is None:
        if key in {one.key for one in worklists.everything()}:
            raise PermissionDenied
        raise Http404("There is no such work list.")
    paginator = BoundedPaginator(work.rows(), PER_PAGE)
    shown = request.GET.get("page", "1")
    paginator.page_shown = number_in(shown, 1)
    page = paginator.get_page(shown)
    context = {
        **site.each_context(request),
        "title": work.title,
        "work": work,
        "page": page,
        "rows": [(row, work.problem(row), work.action(row)) for row in page],
        "others": worklists.lists_for(request.user),
    }
    return render(request, "admin/positions/work.html", context)
