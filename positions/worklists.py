"""What waits: a register of work lists, each row with its problem and its action.

`positions` registers its own below; other applications add theirs when they are
ready: `worklists.register(WorkList(...))` in `AppConfig.ready()`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse

from positions.choices import (
    Anchor,
    CitationRole,
    Relation,
    StanceState,
    StatementState,
)
from positions.models import (
    Citation,
    Evidence,
    Reference,
    Source,
    Stance,
    Statement,
    Suggestion,
)

# Counts stop here: what a person wants to know is whether there is much.
COUNTED = 100


@dataclass(frozen=True, slots=True)
class Action:
    """What a person does about a row: a label and the address where it is done."""

    label: str
    address: str


@dataclass(frozen=True, slots=True)
class WorkList:
    """A named list of rows that wait for somebody.

    `rows` gives the QuerySet in the order of work, with all that `problem` (one
    sentence for a row) and `action` read. `permission` is what its reader needs.
    `of_source` narrows the rows to one source, for its reading page; a list
    without it stands only on its own page.
    """

    key: str
    title: str
    meaning: str
    permission: str
    rows: Callable[[], QuerySet[Any]]
    problem: Callable[[Any], str]
    action: Callable[[Any], Action]
    of_source: Callable[[QuerySet[Any], Source], QuerySet[Any]] | None = None

    def count(self) -> str:
        """How many rows wait: "0" to "100", then "100+"."""
        number = self.rows().order_by()[: COUNTED + 1].count()
        return f"{COUNTED}+" if number > COUNTED else str(number)


_lists: dict[str, WorkList] = {}


def register(work: WorkList) -> WorkList:
    """Add a work list, or put it in the place of the one with its key."""
    _lists[work.key] = work
    return work


def everything() -> list[WorkList]:
    """All work lists, in the order of registration."""
    return list(_lists.values())


def lists_for(user: Any) -> list[WorkList]:
    """The work lists that a user may see, in the order of registration."""
    return [work for work in everything() if user.has_perm(work.permission)]


def get(key: str, user: Any) -> WorkList | None:
    """The work list of a key, None if there is none or not for this user."""
    work = _lists.get(key)
    return work if work and user.has_perm(work.permission) else None


def rows_of_source(
    source: Source, user: Any, *, limit: int = 50
) -> list[tuple[WorkList, Any]]:
    """What waits in one source: pairs of work list and row, at most `limit` a list."""
    return [
        (work, row)
        for work in lists_for(user)
        if work.of_source is not None
        for row in work.of_source(work.rows(), source)[:limit]
    ]


# -- those of positions -------------------------------------------------------


def _change_page(record: Any) -> str:
    return reverse(
        f"admin:{record._meta.app_label}_{record._meta.model_name}_change",
        args=(record.pk,),
    )


def _statements(state: str) -> QuerySet[Statement]:
    main = Citation.objects.filter(statement=OuterRef("pk"), role=CitationRole.MAIN)
    return (
        Statement.objects.filter(state=state)
        .select_related("actor", "option__issue", "disposition", "coder")
        .annotate(cites=Exists(main))
        .order_by("pk")
    )


def _references() -> QuerySet[Reference]:
    return (
        Reference.objects.unresolved()
        .exclude(canonical_id="")
        .filter(revision__current=True)
        .select_related("revision__source__collection")
        .defer("revision__text", "revision__patches", "revision__header")
        .order_by("pk")
    )


def _reading_page(reference: Reference) -> str:
    return reverse("admin:positions_source_read", args=(reference.revision.source_id,))


def _statement_problem(statement: Any) -> str:
    if not statement.cites:
        return "It has no main citation, so it cannot be submitted."
    if statement.holds_earliest is None:
        return "It has no date, and its source has none either."
    if statement.state == StatementState.REVIEW:
        return f"Coded by {statement.coder or 'a tool'}; waits for a reviewer."
    if statement.version > 1:
        return f"Version {statement.version} corrects an accepted one; not submitted."
    return f"Coded by {statement.coder or 'a tool'}; not submitted yet."


def _citations() -> QuerySet[Citation]:
    return (
        Citation.objects.needing_a_person()
        .exclude(
            statement__state__in=(StatementState.REJECTED, StatementState.RETRACTED)
        )
        .select_related(
            "statement__actor",
            "statement__option",
            "statement__disposition",
            "paragraph__revision__source",
            "now_paragraph",
        )
        # A document's whole text has no place in a list.
        .defer(
            "paragraph__revision__text",
            "paragraph__revision__patches",
            "paragraph__revision__header",
        )
        .order_by("pk")
    )


def _citation_problem(citation: Citation) -> str:
    where = citation.paragraph.citation
    if citation.anchor == Anchor.ORPHANED:
        return f"The words cited from {where} are not in the corrected text."
    return f"The words cited from {where} read differently in the corrected text."


def _stances(state: str) -> QuerySet[Stance]:
    support = Evidence.objects.filter(
        stance=OuterRef("pk"),
        relation=Relation.SUPPORTS,
        statement__state=StatementState.ACCEPTED,
    )
    return (
        Stance.objects.filter(state=state)
        .select_related("actor", "option__issue", "disposition", "author")
        .annotate(supported=Exists(support))
        .order_by("pk")
    )


def _stance_problem(stance: Any) -> str:
    if not stance.supported:
        return "It has no accepted statement in support, so it cannot be published."
    if stance.state == StanceState.REVIEW:
        return f"Judged by {stance.author or 'a tool'}; waits for a reviewer."
    return f"Judged by {stance.author or 'a tool'}; not submitted yet."


register(
    WorkList(
        key="statements-in-review",
        title="Statements in review",
        meaning="Coded and submitted; a reviewer accepts, sends back or rejects.",
        permission="positions.accept_statement",
        rows=lambda: _statements(StatementState.REVIEW),
        problem=_statement_problem,
        action=lambda row: Action("Review", _change_page(row)),
    )
)
register(
    WorkList(
        key="stances-in-review",
        title="Stances in review",
        meaning="Judged and submitted; a reviewer publishes or sends back.",
        permission="positions.publish_stance",
        rows=lambda: _stances(StanceState.REVIEW),
        problem=_stance_problem,
        action=lambda row: Action("Review", _change_page(row)),
    )
)
register(
    WorkList(
        key="suggestions",
        title="Suggestions",
        meaning="Statements that a machine proposes: accept them as drafts, or reject "
        "them for good.",
        permission="positions.change_suggestion",
        rows=lambda: Suggestion.objects.waiting().with_place(),
        problem=lambda row: row.reason,
        action=lambda row: Action("Decide", _change_page(row)),
    )
)
register(
    WorkList(
        key="citations",
        title="Moved and orphaned citations",
        meaning="A corrected text no longer has the words as they were cited.",
        permission="positions.view_statement",
        rows=_citations,
        problem=_citation_problem,
        action=lambda row: Action("Open statement", _change_page(row.statement)),
        of_source=lambda rows, source: rows.filter(paragraph__revision__source=source),
    )
)
register(
    WorkList(
        key="references",
        title="Unresolved references",
        meaning="Documents that others refer to and that are not here: get them, or "
        "correct the canonical id of one that is.",
        permission="positions.view_source",
        rows=_references,
        problem=lambda row: f"Refers to {row.canonical_id} (“{row.raw}”).",
        action=lambda row: Action("Read the source", _reading_page(row)),
    )
)
register(
    WorkList(
        key="draft-statements",
        title="Draft statements",
        meaning="Coded but not submitted: finish, submit or drop them.",
        permission="positions.submit_statement",
        rows=lambda: _statements(StatementState.DRAFT),
        problem=_statement_problem,
        action=lambda row: Action("Open", _change_page(row)),
    )
)
register(
    WorkList(
        key="draft-stances",
        title="Draft stances",
        meaning="Derived or written but not submitted.",
        permission="positions.submit_stance",
        rows=lambda: _stances(StanceState.DRAFT),
        problem=_stance_problem,
        action=lambda row: Action("Open", _change_page(row)),
    )
)
