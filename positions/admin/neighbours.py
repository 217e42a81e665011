"""The sources before and after one, in the list from which it was opened."""

from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import FieldError, ValidationError
from django.db.models import Q
from django.http import QueryDict

from positions.models import Source

FILTERS = "_changelist_filters"


def list_of(request):
    """The query of the list from which a page was opened; "" if from elsewhere."""
    return request.GET.get(FILTERS, "")


def neighbours(desk, request, source, query=""):
    """The sources before and after this one; None where the list ends.

    Without a list: by identifier, within the collection.
    """
    rows, order = _listed(desk, request, query) if query else (None, ())
    if rows is None:
        rows = Source.objects.filter(collection=source.collection)
        order = ("identifier",)
    return _beside(rows, order, source, back=True), _beside(rows, order, source)


def _listed(desk, request, query):
    """The rows of a list as its page filters and orders them; None if it cannot be."""
    asked = _Asked(request, QueryDict(query))
    if any("\0" in text for _, texts in asked.GET.lists() for text in texts):
        # No text of a database has it, and one of the two says so with an error.
        return None, ()
    try:
        shown = desk.get_changelist_instance(asked)
    except (IncorrectLookupParameters, FieldError, ValidationError, ValueError):
        return None, ()
    order = [str(name) for name in shown.get_ordering(asked, shown.queryset)]
    if not all(name.lstrip("-").isidentifier() for name in order):
        return None, ()
    return shown.queryset, order


class _Asked:
    """The request as it would have been for the list's own page."""

    def __init__(self, request, query):
        self._request = request
        self.GET = query

    def __getattr__(self, name):
        return getattr(self._request, name)


def _beside(rows, order, source, *, back=False):
    """The first row beyond the source in an order; rows without a value do not count
    where it has one, because the databases disagree where they stand."""
    same, beyond = Q(), Q(pk__in=[])
    for name in order:
        column, descending = name.lstrip("-"), name.startswith("-")
        value = getattr(source, column)
        if value is None:
            same &= Q(**{f"{column}__isnull": True})
            continue
        way = "lt" if descending != back else "gt"
        beyond |= same & Q(**{f"{column}__{way}": value})
        same &= Q(**{column: value})
    signs = [name.removeprefix("-") if name[0] == "-" else f"-{name}" for name in order]
    found = rows.filter(beyond).select_related(None)
    found = found.order_by(*(signs if back else order))
    return found.only("pk", "identifier", "collection").first()
