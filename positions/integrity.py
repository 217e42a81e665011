"""The rules that no single constraint can hold, looked at over the whole database."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet

from positions import search
from positions.choices import CitationRole, Relation, StanceState, StatementState
from positions.models import (
    Change,
    Citation,
    Clock,
    Coding,
    Evidence,
    NothingHere,
    Paragraph,
    Revision,
    Source,
    Stance,
    Statement,
    Task,
)

_BATCH = 500


def faults() -> Iterator[str]:
    """One sentence for each row that breaks a rule of DESIGN section 3."""
    for check in (
        _texts,
        _current_revisions,
        _quotes,
        _codings,
        _accepted_statements,
        _published_stances,
        _public_days,
        _numbers,
        _words,
    ):
        yield from check()


def _texts() -> Iterator[str]:
    """Rule 1: a paragraph's text is the slice of its revision's reading text."""
    for revision in Revision.objects.order_by("pk").iterator(_BATCH):
        for paragraph in Paragraph.objects.filter(revision=revision).iterator(_BATCH):
            if revision.text[paragraph.start : paragraph.end] != paragraph.text:
                yield f"{revision}, paragraph {paragraph.key}: not the text's slice."


def _current_revisions() -> Iterator[str]:
    """Exactly one revision of a source that has any is current."""
    sources = Source.objects.annotate(
        revisions_all=Count("revisions"),
        revisions_current=Count("revisions", filter=Q(revisions__current=True)),
    ).filter(revisions_all__gt=0)
    for source in sources.exclude(revisions_current=1):
        yield f"{source} has {source.revisions_current} current revisions, not one."


def _quotes() -> Iterator[str]:
    """Rule 2: a quote is exactly the slice it points at."""
    for citation in Citation.objects.with_place().iterator(_BATCH):
        slice_ = citation.paragraph.text[citation.start : citation.end]
        if slice_ != citation.quote:
            yield f"Statement {citation.statement_id}: its quote is not in its place."


def _codings() -> Iterator[str]:
    """Rule 2 for the answers of a task, which are of its paragraphs and its coders."""
    rows = Coding.objects.select_related("paragraph", "task").order_by("pk")
    for row in rows.iterator(_BATCH):
        if row.paragraph.text[row.start : row.end] != row.quote:
            yield f"Coding {row.key}: its quote is not in its place."
        if row.coder_id not in (row.task.first_id, row.task.second_id):
            yield f"Coding {row.key} is by neither coder of its task."
    asked = Task.paragraphs.through.objects.filter(
        task=OuterRef("task"), paragraph=OuterRef("paragraph")
    )
    for model in (Coding, NothingHere):
        for answer in model.objects.filter(~Exists(asked)).iterator(_BATCH):
            yield f"Task {answer.task_id}: an answer is not about its paragraphs."
    for row in _answered_twice().iterator(_BATCH):
        yield f"Coding {row.key}: its coder also said that nothing is there."


def _answered_twice() -> QuerySet[Coding]:
    same = {name: OuterRef(name) for name in ("task", "coder", "paragraph")}
    return Coding.objects.filter(Exists(NothingHere.objects.filter(**same)))


def _accepted_statements() -> Iterator[str]:
    """Rule 3, first half."""
    main = Citation.objects.filter(statement=OuterRef("pk"), role=CitationRole.MAIN)
    accepted = Statement.objects.filter(state=StatementState.ACCEPTED)
    for statement in accepted.filter(~Exists(main)).iterator(_BATCH):
        yield f"Statement {statement.key} is accepted without a main citation."


def _published_stances() -> Iterator[str]:
    """Rule 3, second half."""
    support = Evidence.objects.filter(
        stance=OuterRef("pk"),
        relation=Relation.SUPPORTS,
        statement__state=StatementState.ACCEPTED,
    )
    published = Stance.objects.filter(state=StanceState.PUBLISHED)
    for stance in published.filter(~Exists(support)).iterator(_BATCH):
        yield f"Stance {stance.key} is published without an accepted support."


def _public_days() -> Iterator[str]:
    """What is public now has entered by the clock and not left; others have."""
    for model in (Statement, Stance):
        is_public = Q(public_from__isnull=False, public_to__isnull=True)
        wrong = model.objects.filter(
            Q(state=model.PUBLIC_STATE) & ~is_public
            | ~Q(state=model.PUBLIC_STATE) & is_public
            | Q(public_to__lte=F("public_from"))
        )
        for record in wrong.iterator(_BATCH):
            name = f"{record._meta.verbose_name} {record.key} v{record.version}"
            yield f"{name.capitalize()}: its days in public and its state differ."


def _numbers() -> Iterator[str]:
    """Changes are numbered without gaps up to the clock."""
    count, last = Change.objects.aggregate(n=Count("pk"), last=Max("seq")).values()
    clock = Clock.objects.values_list("seq", flat=True).first() or 0
    if not count == (last or 0) == clock:
        yield f"{count} changes, the last number {last}, the clock at {clock}."


def _words() -> Iterator[str]:
    """Every paragraph and source has its words in the search index."""
    for model in (Paragraph, Source):
        name = model._meta.verbose_name_plural
        missing = search.unindexed(model).count()
        if missing:
            yield f"{missing} {name} are not in the search index: rebuild_search."
        if not search.lookup.is_there(model):
            yield f"Searching {name} reads all words: rebuild_search makes the index."
