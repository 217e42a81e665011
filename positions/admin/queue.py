"""The queue: what waits, row by row with its words, and the keys that decide it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.urls import path, reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST

from positions import queue, worklists
from positions.models import Refused, Source
from positions.segments import Span
from positions.waiting.addresses import change_page

from .base import FAULTS, number_in, sentences
from .paragraphs import pieces
from .places import reading_address
from .signed_out import is_fetch

# The decision that a person took last, so that it can be undone without a script.
LAST = "queue_last"
ROWS = "admin/positions/queue/_rows.html"
WHOSE = (
    ("", "All"),
    (queue.MINE, "Mine"),
    (queue.UNASSIGNED, "Unassigned"),
)


class Lit:
    """Words of a paragraph that a row is about, as `piece` shows them."""

    tone = "asked"

    def __str__(self):
        return "The words in question"


def queue_urls(site):
    """The addresses of the queue; each checks the permission of its list."""

    def at(route, view, name):
        def with_site(request, key, **kwargs):
            work = work_or_404(key, request.user)
            return view(request, work, site=site, **kwargs)

        return path(f"queue/<slug:key>/{route}", site.admin_view(with_site), name=name)

    return [
        path("queue/", site.admin_view(first_view), name="positions_queue_first"),
        at("", queue_view, "positions_queue"),
        at("more/", more_view, "positions_queue_more"),
        at("counts/", counts_view, "positions_queue_counts"),
        at("all/", require_POST(all_view), "positions_queue_all"),
        at("assign/", require_POST(assign_view), "positions_queue_assign"),
        at("<int:pk>/claim/", require_POST(claim_view), "positions_queue_claim"),
        at("<int:pk>/undo/", require_POST(undo_view), "positions_queue_undo"),
        at("<int:pk>/decide/", require_POST(decide_view), "positions_queue_decide"),
    ]


def work_or_404(key, user):
    work = worklists.get(key, user)
    if work is None:
        if key in {one.key for one in worklists.everything()}:
            raise PermissionDenied("This list is for others.")
        raise Http404("There is no such work list.")
    return work


# -- looking -----------------------------------------------------------------------


def first_view(request):
    """To the first list in which something waits for the user."""
    lists = worklists.lists_for(request.user)
    if not lists:
        raise PermissionDenied("Nothing waits for you: ask for the group Coder.")
    full = (one for one in lists if queue.rows(one, request.user).exists())
    return HttpResponseRedirect(_address(request, next(full, lists[0])))


def queue_view(request, work, *, site):
    """One work list: the first rows, the one asked for or the first before one."""
    narrowed = narrowed_by(request, work)
    shown = queue.page(work, request.user, **narrowed)
    asked = number_in(request.GET.get("row"))
    if asked is not None and asked not in {one.row.pk for one in shown}:
        found = queue.rows(work, request.user).filter(pk=asked)
        shown = queue.about(work, list(found), request.user) + shown
    current = _current(request, work, shown, asked)
    context = {
        **site.each_context(request),
        "title": work.title,
        **cards(request, work, shown),
        "current": current,
        "others": worklists.lists_for(request.user),
        **narrowed,
        "choices": [
            (value, label, query_of(request, whose=value) or "?")
            for value, label in WHOSE
        ],
        "every_source": query_of(request, source="") or "?",
        "bulk": [one for one in work.decisions if one.asks != "must" and not one.opens],
        "last": _last(request, work),
    }
    return render(request, "admin/positions/queue/queue.html", context)


def narrowed_by(request, work):
    """What the queue shows of a list: whose rows, and of which source."""
    source = None
    if request.GET.get("source") and work.of_source:
        source = get_object_or_404(Source, pk=number_in(request.GET["source"]))
    return {"whose": request.GET.get("whose", ""), "source": source}


def query_of(request, **changed):
    """The same as the query of an address, but for what is changed; "" for all rows."""
    given = {name: request.GET.get(name, "") for name in ("whose", "source")} | changed
    query = urlencode({name: value for name, value in given.items() if value})
    return query and f"?{query}"


def _current(request, work, shown, asked):
    """The row to begin with, claimed: the one asked for, else one that nobody has."""
    keys = [one.row.pk for one in shown]
    free = [one.row.pk for one in shown if one.claimed_by is None]
    current = asked if asked in keys else next(iter(free or keys), None)
    if current is not None:
        queue.claim(request.user, work, current)
    return current


def _last(request, work):
    """What was decided last here, as a button to undo it."""
    last = request.session.get(LAST)
    return last if last and last["work"] == work.key else None


def cards(request, work, shown):
    """What the template of rows reads."""
    return {
        "work": work,
        # A form without a script leads back to the same rows.
        "query": query_of(request),
        "entries": [entry(one, request.user) for one in shown],
        "people": queue.people(work),
        "may_assign": request.user.has_perm("positions.add_assignment"),
    }


def entry(waiting, user):
    """A row as its template reads it."""
    work, row = waiting.work, waiting.row
    place = work.place(row)
    return {
        "waiting": waiting,
        "row": row,
        "problem": waiting.problem,
        "action": work.action(row),
        "letter": letter_of_action(work),
        "decisions": [(one, one.answer(row)) for one in waiting.decisions(user)],
        "paragraph": place and place.paragraph,
        "pieces": pieces_of(place) if place else (),
        "reading": place and reading_address(place.paragraph),
    }


def letter_of_action(work):
    """The key that opens the record: `e` as in edit, unless a decision has it."""
    return "d" if any(one.letter == "e" for one in work.decisions) else "e"


def pieces_of(place):
    """The paragraph of a row, its words lit and the voices in it shaded."""
    lit = Lit()
    return pieces(
        place.paragraph, [Span(start, end, lit) for start, end in place.spans]
    )


def more_view(request, work, *, site):
    """Further rows for the script, but those it has on the page."""
    but = [number_in(text) for text in request.GET.getlist("but")[:500]]
    shown = queue.page(
        work,
        request.user,
        **narrowed_by(request, work),
        but=[pk for pk in but if pk is not None],
    )
    return render(request, ROWS, cards(request, work, shown))


def counts_view(request, work, *, site):
    """How much waits in each list, and how much of it is the user's."""
    lists = worklists.lists_for(request.user)
    mine = queue.mine(request.user, lists)
    counts = {one.key: [one.count(request.user), mine.get(one.key, 0)] for one in lists}
    return JsonResponse(counts)


# -- deciding ----------------------------------------------------------------------


def decide_view(request, work, pk, *, site):
    """One decision about one row: a sentence, and how to undo it."""
    key, why = request.POST.get("decision", ""), request.POST.get("why", "")
    try:
        came = queue.decide(request.user, work, pk, key, why)
    except FAULTS as fault:
        return _refused(request, work, fault)
    taken = queue.decision(work, key, request.user)
    opens = change_page(came.row) if taken.opens else ""
    last = {"work": work.key, "row": pk, "decision": key, "said": came.done}
    request.session[LAST] = last if taken.undo else None
    if is_fetch(request):
        undo = bool(taken.undo)
        return JsonResponse({"said": came.done, "undo": undo, "opens": opens})
    messages.success(request, came.done)
    return HttpResponseRedirect(opens or _address(request, work))


def undo_view(request, work, pk, *, site):
    """Take a decision back; the row stands in the queue again."""
    try:
        said = queue.undo(request.user, work, pk, request.POST.get("decision", ""))
    except FAULTS as fault:
        return _refused(request, work, fault)
    request.session[LAST] = None
    # A statement taken back waits as its next version, which is another row.
    if is_fetch(request):
        return JsonResponse({"said": said, "row": render_row(request, work, pk)})
    messages.success(request, said)
    return HttpResponseRedirect(_address(request, work, row=pk))


def render_row(request, work, pk):
    """One row's card and its line in the list, as HTML; "" if it waits elsewhere."""
    found = queue.rows(work, request.user).filter(pk=pk)
    shown = queue.about(work, list(found), request.user)
    return render_to_string(ROWS, cards(request, work, shown), request)


def claim_view(request, work, pk, *, site):
    """Have a row before one; who has it already is told."""
    other = queue.claim(request.user, work, pk)
    return JsonResponse({"by": other and str(other)})


def assign_view(request, work, *, site):
    """Hand rows to somebody, or to nobody."""
    keys = _keys(request)
    name = request.POST.get("to", "")
    to = next((one for one in queue.people(work) if one.get_username() == name), None)
    try:
        if name and to is None:
            raise Refused(f"Nobody of the name “{name}” may work on this list.")
        queue.assign(request.user, work, keys, to)
    except FAULTS as fault:
        return _refused(request, work, fault)
    said = f"Assigned to {to}." if to else "Assigned to nobody."
    if is_fetch(request):
        return JsonResponse({"said": said, "to": to and str(to)})
    messages.success(request, said)
    return HttpResponseRedirect(_address(request, work))


def all_view(request, work, *, site):
    """One decision about several rows: first what would come of it, then it is done."""
    keys = _keys(request)
    name, _, why = request.POST.get("decision", "").partition(":")
    try:
        if not keys:
            raise Refused("Mark the rows first.")
        taken = queue.decision(work, name, request.user)
        confirmed = "confirmed" in request.POST
        act = queue.decide_all if confirmed else queue.preview
        outcomes = act(request.user, work, keys, name, why)
    except FAULTS as fault:
        return _refused(request, work, fault)
    if confirmed:
        _tell(request, outcomes)
        return HttpResponseRedirect(_address(request, work))
    context = {
        **site.each_context(request),
        "title": f"{work.title}: {taken.label.lower()} {len(outcomes)} rows?",
        "work": work,
        "query": query_of(request),
        "taken": taken,
        "why": dict(taken.reasons).get(why, why),
        "decision": request.POST.get("decision", ""),
        "outcomes": outcomes,
        "keys": keys,
        "able": sum(1 for one in outcomes if not one.refused),
    }
    return render(request, "admin/positions/queue/preview.html", context)


def _tell(request, outcomes):
    done = [one for one in outcomes if not one.refused]
    if done:
        messages.success(request, f"Decided: {len(done)}.")
    for one in outcomes:
        if one.refused:
            messages.error(request, f"{one.row}: {one.refused}")


def _keys(request):
    numbers = [number_in(text) for text in request.POST.getlist("row")]
    return [pk for pk in numbers if pk is not None][: queue.MOST_AT_ONCE]


def _refused(request, work, fault):
    said = " ".join(sentences(fault))
    if is_fetch(request):
        status = 410 if isinstance(fault, queue.Gone) else 409
        return JsonResponse({"error": said}, status=status)
    messages.error(request, said)
    return HttpResponseRedirect(_address(request, work))


def _address(request, work, **further):
    address = reverse("admin:positions_queue", args=(work.key,))
    return address + query_of(request, **further)
