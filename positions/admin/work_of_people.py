"""The page for managers: what each coder and reviewer did, and what is open."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.http import urlencode

from positions import agreement, comparing, workload

from .agreement import told
from .base import number_in

PER_PAGE = 50
DAYS = 30
# Heights of the bars in the units of the drawing, which is a unit wide for each day.
TALLEST = 24
LOWEST = 2

# What is told of a person, in the words that follow one and another number.
DONE = {
    "coded": ("coded",),
    "submitted": ("submitted",),
    "accepted": ("accepted as reviewer",),
    "sent_back": ("sent back as reviewer",),
    "rejected": ("rejected as reviewer",),
    "suggestions": ("suggestion decided", "suggestions decided"),
    "checked": ("check recorded", "checks recorded"),
    "answered": ("answer in double coding", "answers in double coding"),
    "published": ("stance published", "stances published"),
}
FATE = {
    "accepted": ("accepted by others",),
    "single": ("accepted by their coder",),
    "sent_back": ("sent back",),
    "rejected": ("rejected",),
}
OPEN = {
    "tasks": ("task to code", "tasks to code"),
    "assigned": ("assigned row", "assigned rows"),
    "drafts": ("draft", "drafts"),
    "in_review": ("in review",),
}
PAIR_COLUMNS = (
    ("found", "Found, alpha"),
    ("same_cell", "Same cell"),
    ("same_disposition", "Same disposition"),
    ("alpha", "Disposition, alpha"),
    ("same_words", "Same words"),
)


def people_urls(site):
    """The page, for the desk of users."""

    def view(request):
        return people_view(request, site)

    return [path("work/", site.admin_view(view), name="positions_people")]


def people_view(request, site):
    if not request.user.has_perm("positions.view_people"):
        raise PermissionDenied
    days = asked_days(request.GET.get("days", ""))
    page = Paginator(workload.people(), PER_PAGE).get_page(request.GET.get("page"))
    work = workload.workload(page, days, timezone.localdate())
    pairs = comparing.compare()
    context = {
        **site.each_context(request),
        "title": "People",
        "periods": [
            (period or "all", f"{period} days" if period else "All", period == days)
            for period in workload.PERIODS
        ],
        "days": days or "all",
        "work": work,
        "page": page,
        "rows": [row(one, work) for one in work.people],
        "fewest": agreement.FEWEST,
        "columns": [label for _, label in PAIR_COLUMNS],
        "pairs": [
            (coders, [told(figures, *column) for column in PAIR_COLUMNS])
            for coders, figures in pairs.by_pair()
        ],
    }
    return render(request, "admin/positions/people.html", context)


def asked_days(text):
    """The period that an address asks for: one of those offered."""
    if text == "all":
        return None
    days = number_in(text, DAYS)
    return days if days in workload.PERIODS else DAYS


def row(work, whole):
    """One person's numbers with their words, and a bar for each day."""
    log = urlencode({"who__id__exact": work.who.pk})
    return {
        "person": work.who,
        "log": f"{reverse('admin:positions_change_changelist')}?{log}",
        "done": numbers(work.done, DONE),
        "fate": numbers(work.fate, FATE),
        "open": numbers(work.open, OPEN),
        "a_day": work.a_day and round(work.a_day),
        "active_days": work.active_days,
        "most": max(work.days),
        "bars": bars(work.days, whole.days),
        "width": len(work.days),
        "height": TALLEST,
    }


def numbers(counts, words):
    """What there is any of: pairs of number and word."""
    return [
        (counts[name], forms[0] if counts[name] == 1 else forms[-1])
        for name, forms in words.items()
        if counts[name]
    ]


@dataclass(frozen=True)
class Bar:
    """A day of a person, in the units of the drawing."""

    x: int
    y: float
    height: float
    title: str


def bars(counts, days):
    """A bar for each day with changes, on the scale of the person's busiest day."""
    drawn = []
    for place, (day, count) in enumerate(zip(days, counts, strict=True)):
        if count:
            height = max(LOWEST, round(TALLEST * count / max(counts), 1))
            drawn.append(Bar(place, TALLEST - height, height, f"{day}: {count}"))
    return drawn
