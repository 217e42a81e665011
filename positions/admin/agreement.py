"""The page that shows how far two coders agree on an issue, disagreements first."""

import csv
from collections import defaultdict
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import NoReverseMatch, path, reverse

from positions import agreement, comparing, unit_table
from positions.choices import Facet, Modality
from positions.models import Coding, Issue, Paragraph, Task

from .base import number_in
from .places import HEAVY, reading_address

PER_PAGE = 10

KINDS = {
    agreement.DISPOSITION: "Another disposition",
    agreement.FOUND: "Only one found something",
    agreement.CELL: "Another actor, option, facet or modality",
    agreement.WORDS: "The same by other words",
}

# Each card: its title, what it means and does not, and its figures with their names.
CARDS = (
    (
        "Found",
        "Do both find something in a paragraph, or both nothing? Alpha is 1 where they "
        "always agree and 0 where they agree as often as chance would. It does not say "
        "that they found the same.",
        (("found", "alpha"),),
    ),
    (
        "Same cell",
        "Of all cells (paragraph, actor, option, facet, modality) that either used, "
        "how many did both use? Rolled up, a ministry counts as its state and a part "
        "as its headline option. Chance is not taken off.",
        (("same_cell", "exactly"), ("same_cell_rolled_up", "rolled up")),
    ),
    (
        "Same disposition",
        "Only over cells that both used: what one of them missed is not in it, so it "
        "flatters without “same cell” beside it. Kappa and alpha take chance off; on "
        "rank, a near miss counts less. Facets are pooled: the table by facet is the "
        "stricter one.",
        (
            ("same_disposition", "the same"),
            ("kappa", "Cohen’s kappa"),
            ("alpha", "alpha"),
            ("alpha_on_rank", "alpha on rank"),
        ),
    ),
    (
        "Same words",
        "Over cells that both used, how much of what either quotes do both quote? The "
        "median. A longer quote is no fault: it says nothing of the disposition.",
        (("same_words", "overlap"),),
    ),
)
SHARES = {"same_cell", "same_cell_rolled_up", "same_disposition", "same_words"}
COLUMNS = (
    ("found", "Found, alpha"),
    ("same_cell", "Same cell"),
    ("same_cell_rolled_up", "Rolled up"),
    ("same_disposition", "Same disposition"),
    ("kappa", "Kappa"),
    ("alpha", "Alpha"),
    ("alpha_on_rank", "Alpha on rank"),
    ("same_words", "Same words"),
)


def agreement_urls(site):
    """The page of an issue and its table, for the issue desk."""
    page, table = site.admin_view(agreement_page(site)), site.admin_view(units_csv)
    return [
        path("<int:pk>/agreement/", page, name="positions_issue_agreement"),
        path("<int:pk>/agreement.csv", table, name="positions_issue_agreement_csv"),
    ]


def _issue_for(request, pk):
    if not request.user.has_perm("positions.view_people"):
        raise PermissionDenied
    return get_object_or_404(Issue, pk=pk)


def agreement_page(site):
    def view(request, pk):
        issue = _issue_for(request, pk)
        compared = comparing.compare(issue)
        context = {
            **site.each_context(request),
            "title": f"Agreement: {issue}",
            "issue": issue,
            "opts": Issue._meta,
            "compared": compared,
            "fewest": agreement.FEWEST,
        }
        if compared.units:
            context |= disagreements(request, compared)
            context |= figures(issue, compared)
        else:
            context["open_tasks"] = Task.objects.filter(issue=issue).count()
            context["task_assign"] = task_address("assign")
        return render(request, "admin/positions/issue/agreement.html", context)

    return view


# -- the figures -----------------------------------------------------------------------


@dataclass(frozen=True)
class Told:
    """One figure in words."""

    label: str
    n: int
    value: str
    interval: str
    why: str
    withheld: bool


def told(figures, name, label):
    figure = getattr(figures, name)
    say = percent if name in SHARES else coefficient
    return Told(
        label,
        figure.n,
        "" if figure.value is None else say(figure.value),
        figure.interval and " to ".join(map(say, figure.interval)),
        figure.why,
        figure.withheld,
    )


def percent(value):
    return f"{100 * value:.0f}%"


def coefficient(value):
    return f"{value:.2f}".replace("-", "−")


def figures(issue, compared):
    """The four cards and the three tables, each row with its single-coded share."""
    whole, looked = compared.figures(), comparing.single_coded(issue)
    return {
        "cards": [
            (title, sentence, [told(whole, name, label) for name, label in shown])
            for title, sentence, shown in CARDS
        ],
        "looked": single_coded(looked.all),
        "columns": [label for _, label in COLUMNS],
        "tables": tables(compared, looked),
    }


def tables(compared, looked):
    """The figures of parts; none of so few paragraphs that all would be withheld."""
    if len(compared.units) < agreement.FEWEST:
        return []
    nobody = comparing.Looked()
    options = [
        _row(option, option.name, row, looked.by_option.get(option.pk, nobody))
        for option, row in compared.by_option()
    ]
    facets = [
        _row(
            Facet(facet).label if facet else "No position",
            "",
            row,
            looked.by_facet.get(facet, nobody),
        )
        for facet, row in compared.by_facet()
    ]
    pairs = [
        _row(f"{first} and {second}", "", row, looked.all)
        for (first, second), row in compared.by_pair()
    ]
    return [
        ("By option", "Option", options),
        ("By facet", "Facet", facets),
        ("By pair of coders", "Coders", pairs),
    ]


def _row(name, title, row, looked):
    cells = [told(row, column, label) for column, label in COLUMNS]
    return name, title, cells, single_coded(looked)


def single_coded(looked):
    """The share of statements that only their coder has looked at, in words."""
    return {
        "n": looked.n,
        "single": looked.single,
        "share": percent(looked.share) if looked.n else "",
    }


# -- the disagreements -----------------------------------------------------------------


def disagreements(request, compared):
    """A page of the paragraphs on which they differ, all or of one kind."""
    listed = compared.disagreements()
    asked = request.GET.get("kind", "")
    kind = asked if asked in KINDS else ""
    # All in the order of the tasks and the text, as one goes through them.
    shown = set(map(id, listed[kind] if kind else sum(listed.values(), [])))
    units = [unit for unit in compared.units if id(unit) in shown]
    page = Paginator(units, PER_PAGE).get_page(number_in(request.GET.get("page"), 1))
    return {
        "kind": kind,
        "kinds": [(name, label, len(listed[name])) for name, label in KINDS.items()],
        "differing": sum(map(len, listed.values())),
        "page": page,
        "rows": rows(page, compared, request.user),
    }


def rows(units, compared, user):
    """Each unit with its paragraph, both codings and where it is adjudicated."""
    paragraphs = (
        Paragraph.objects.select_related("revision__source")
        .defer("skips", *(name.removeprefix("paragraph__") for name in HEAVY))
        .in_bulk({unit.paragraph for unit in units})
    )
    tasks = Task.objects.in_bulk({unit.task for unit in units})
    may_judge = user.has_perm("positions.adjudicate_task")
    hidden = comparing.hidden_from(user, units)
    codings = codings_of(units)
    return [
        {
            "paragraph": paragraphs[unit.paragraph],
            "read": reading_address(paragraphs[unit.paragraph]),
            "adjudicate": may_judge and judging(tasks[unit.task], unit, codings),
            "adjudicated": tasks[unit.task].adjudicated_at,
            "kind": KINDS[agreement.difference(unit)],
            "hidden": unit in hidden,
            "sides": _sides(unit, compared, codings),
        }
        for unit in units
    ]


def codings_of(units):
    """(task, paragraph, coder) -> codings, in the order of the words."""
    found = defaultdict(list)
    codings = Coding.objects.filter(
        task__in={unit.task for unit in units},
        paragraph__in={unit.paragraph for unit in units},
    ).select_related("actor__merged_into", "option__merged_into", "disposition")
    for coding in codings.order_by("start", "pk"):
        found[coding.task_id, coding.paragraph_id, coding.coder_id].append(coding)
    return found


def _sides(unit, compared, codings):
    """Who answered what, and how many answers the other gives as well."""
    answers = [codings[unit.task, unit.paragraph, coder] for coder in unit.coders]
    said = [{_sense(coding) for coding in side} for side in answers]
    sides = []
    for coder, side, other in zip(unit.coders, answers, said[::-1], strict=True):
        lines = [_line(coding, alone=_sense(coding) not in other) for coding in side]
        agreed = sum(not line["alone"] for line in lines)
        sides.append((compared.coders[coder], lines, agreed))
    return sides


def _line(coding, *, alone):
    return {
        "coding": coding,
        "actor": coding.actor.survivor,
        "says": coding.disposition.say(coding.option.survivor),
        "facet": coding.disposition.facet or "none",
        "modality": coding.modality != Modality.STATED
        and coding.get_modality_display(),
        "alone": alone,
    }


def _sense(coding):
    actor, option = coding.actor.survivor.pk, coding.option.survivor.pk
    return actor, option, coding.disposition_id, coding.modality


def task_address(page, *args):
    """A page of the desk of tasks; "" where there is none."""
    try:
        return reverse(f"admin:positions_task_{page}", args=args)
    except NoReverseMatch:
        return ""


def judging(task, unit, codings):
    """The page where the two codings are judged, at one of this paragraph."""
    address = task_address("adjudicate", task.pk)
    sides = (task.first_id, task.second_id)
    mark = next(
        f"m-{coding.key}"
        for coder in sides
        for coding in codings[unit.task, unit.paragraph, coder]
    )
    return address and f"{address}?at={mark}#{mark}"


# -- the table -------------------------------------------------------------------------


class _Echo:
    """What a csv writer writes to, to have the line back."""

    def write(self, text):
        return text


def units_csv(request, pk):
    """All units as CSV, a line at a time. Nothing is altered on its way out."""
    issue = _issue_for(request, pk)
    answer = StreamingHttpResponse(
        _written(unit_table.lines(issue, request.user)),
        content_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="agreement-{issue.key}.csv"'
        },
    )
    return answer


def _written(lines):
    writer = csv.writer(_Echo())
    yield writer.writerow(unit_table.COLUMNS)
    for line in lines:
        yield writer.writerow([_cell(line[name]) for name in unit_table.COLUMNS])


def _cell(value):
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else value
