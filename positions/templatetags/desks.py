"""What the admin's own first page shows: first steps, work lists, recent changes."""

from collections import defaultdict
from dataclasses import dataclass

from django import template
from django.apps import apps
from django.urls import NoReverseMatch, reverse

from positions import queue, telling, worklists
from positions.choices import OptionKind, StanceState, StatementState
from positions.models import Change, Option, Source, Stance, Statement
from positions.models.changes import key_of

register = template.Library()

# The desks in the order of the work; what is not named stands last.
GROUPS = (
    ("Documents", ("source", "paragraph", "collection", "codingheader")),
    ("Evidence and judgement", ("statement", "stance", "task", "check", "citation")),
    (
        "What and who",
        ("issue", "option", "reason", "actor", "membership", "event"),
    ),
    ("Codebook and log", ("disposition", "codebookversion", "change")),
)


@dataclass(frozen=True)
class Step:
    """One of the first things to do in an empty database."""

    title: str
    meaning: str
    done: bool
    label: str = ""
    address: str = ""


def _address(name, *args):
    """An admin address, "" where that part is not installed."""
    try:
        return reverse(f"admin:{name}", args=args)
    except NoReverseMatch:
        return ""


@register.filter
def ending(period):
    """Why a derived period ended, in words."""
    return telling.tell_ending(period.end_reason, period.end_note)


@register.simple_tag
def first_steps():
    """The steps from an empty database to a published stance; () when all are done."""
    published = Stance.objects.filter(state=StanceState.PUBLISHED).exists()
    if published:
        return ()
    issue_made = Option.objects.exclude(kind=OptionKind.WHOLE).exists()
    return (
        Step(
            "Add a source",
            "Paste a document, or run an import command. Paragraphs are found for you.",
            Source.objects.exists(),
            "Sources",
            _address("positions_source_changelist"),
        ),
        Step(
            "Make an issue and its options",
            "The question that actors take positions on, and the answers, venues and "
            "texts they take them towards.",
            issue_made,
            "Add an issue",
            _address("positions_issue_add"),
        ),
        Step(
            "Code statements",
            "Open a source and press “Code here” at a paragraph: its words, who says "
            "it, which option, which disposition.",
            Statement.objects.exists(),
            "Choose a source",
            _address("positions_source_changelist"),
        ),
        Step(
            "Submit and accept",
            "A coder submits, a reviewer accepts; accepted statements are public.",
            Statement.objects.filter(state=StatementState.ACCEPTED).exists(),
            "Statements",
            _address("positions_statement_changelist"),
        ),
        Step(
            "Derive and publish stances",
            "The rule proposes periods from the accepted statements; a person judges "
            "and publishes.",
            published,
            "Derive stances",
            _address("positions_stance_derive"),
        ),
    )


@register.simple_tag
def waiting(user, beginning=False):
    """The work lists of a user: list, count, address, how many are the user's own.

    Those with rows come first; while people are `beginning`, the empty ones are left
    out.
    """
    lists = worklists.lists_for(user)
    mine = queue.mine(user, lists)
    lists = [
        (
            work,
            work.count(user),
            _address("positions_queue", work.key),
            mine.get(work.key, 0),
        )
        for work in lists
    ]
    if beginning:
        return [row for row in lists if row[1] != "0"]
    return sorted(lists, key=lambda row: row[1] == "0")


@register.simple_tag
def recent_changes(user, number=12):
    """The last changes with the names of their records: pairs, newest first.

    Nothing for those who may not see the log.
    """
    if not user.has_perm("positions.view_change"):
        return ()
    changes = list(Change.objects.select_related("who")[:number])
    called = _called(changes)
    return [(one, called.get((one.record, one.key), one.key)) for one in changes]


def _called(changes):
    """(kind, key) -> what the record is called, in one query for each kind."""
    keys = defaultdict(set)
    for change in changes:
        keys[change.record].add(change.key)
    called = {}
    for kind, wanted in keys.items():
        for record in _records(kind, wanted):
            called[kind, key_of(record)] = str(record)
    return called


def _records(kind, keys):
    """The records of a kind that the log calls by these keys, older versions first."""
    try:
        model = apps.get_model("positions", kind)
    except LookupError:
        return ()
    rows = model._base_manager.order_by("pk")
    related = {"actor", "option", "disposition", "collection", "issue"}
    fields = {field.name for field in model._meta.fields}
    rows = rows.select_related(*(related & fields)) if related & fields else rows
    if "revision" in fields:
        # A task is called by its source, never with the whole text of that.
        heavy = ("revision__text", "revision__patches", "revision__header")
        rows = rows.select_related("revision__source").defer(*heavy)
    if "key" in fields:
        return rows.filter(key__in=keys)
    if "identifier" in fields and "collection" in fields:
        return rows.filter(identifier__in=[key.partition("/")[2] for key in keys])
    return rows.filter(pk__in=[key for key in keys if key.isdecimal()])


@register.simple_tag
def grouped(app_list):
    """The desks by the work they serve: (title, models)."""
    models = {
        model["object_name"].lower(): model
        for app in app_list
        if app["app_label"] == "positions"
        for model in app["models"]
    }
    groups = []
    for title, names in GROUPS:
        rows = [models.pop(name) for name in names if name in models]
        groups.append((title, rows))
    groups[-1][1].extend(models.values())
    others = [
        (app["name"], app["models"])
        for app in app_list
        if app["app_label"] != "positions"
    ]
    return [group for group in (*groups, *others) if group[1]]
