"""Published stances that the evidence has left behind: drift, and stale ones.

Both lists ask columns, not the rule, so that they stay quick over a big table: a row
names the statement to look at, and the page of the derivation says what the rule makes
of it. What the rule knows beyond (rank, repeats of one event, contests within 90 days,
groups) does not count here, so a row may turn out to stand as it is: naming the
statement among the stance's evidence, as context or against, settles it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import (
    BooleanField,
    DateField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce

from positions import dates
from positions.choices import (
    Credibility,
    Facet,
    Form,
    Modality,
    Reliability,
    StanceState,
    Standing,
    StatementState,
)
from positions.models import (
    Actor,
    CodebookVersion,
    Evidence,
    Issue,
    Option,
    Stance,
    Statement,
)
from positions.worklists import Action, Place, WorkList, register

from .addresses import derive_page
from .places import cited_words, place_of_stance, place_of_statement, with_first_support

# What may make a timeline by clause 1 of the rule, as far as columns tell.
COUNTED = (
    Q(state=StatementState.ACCEPTED, withheld=False)
    & (Q(standing=Standing.OWN) | Q(form=Form.ACT))
    & Q(modality__in=(Modality.STATED, Modality.INTENDED))
    & ~Q(form=Form.CHARACTERISATION)
    & ~Q(reliability=Reliability.E)
    & ~Q(credibility=Credibility.IMPROBABLE)
)
EXACT = Q(holds_earliest=F("holds_latest"))
_FOR_EVER = Value(date.max, output_field=DateField())

# A published stance stands under the actor and the option that others are read as, so
# its cell has statements of its own and of what is merged into them: these are few,
# and are looked for only where something is merged.
_MERGED: dict[str, Any] = {
    "actor": Actor.objects.filter(merged_into__isnull=False).values("merged_into"),
    "option": Option.objects.filter(merged_into__isnull=False).values("merged_into"),
}
_THROUGH: Sequence[Sequence[str]] = ((), ("actor",), ("option",), tuple(_MERGED))


def _cell(through: Sequence[str]) -> dict[str, Any]:
    """Where the statements of a stance's cell are, through these merged records."""
    return {
        f"{part}__merged_into" if part in through else part: OuterRef(part)
        for part in _MERGED
    }


def _exists(statements: QuerySet[Statement]) -> Q:
    """Has a stance such statements in its cell?"""
    found = Q()
    for through in _THROUGH:
        merged = Q()
        for part in through:
            merged &= Q(**{f"{part}__in": _MERGED[part]})
        found |= merged & Q(Exists(statements.filter(**_cell(through))))
    return found


def _one_of(statements: QuerySet[Statement]) -> Coalesce:
    """The primary key of such a statement of a stance's cell, its own newest first.

    In an order, those of merged records would be looked for among all days.
    """
    own, *merged = (statements.filter(**_cell(t)).values("pk") for t in _THROUGH)
    rows = (own.order_by("-holds_latest", "-pk"), *merged)
    return Coalesce(*(Subquery(found[:1]) for found in rows))


def _unread() -> QuerySet[Statement]:
    """Counted statements of a stance's facet that are not among its evidence."""
    cited = Evidence.objects.filter(
        statement=OuterRef("pk"), stance=OuterRef(OuterRef("pk"))
    )
    return Statement.objects.filter(
        COUNTED, ~Exists(cited), disposition__facet=OuterRef("facet")
    ).order_by()


def _saying_otherwise() -> QuerySet[Statement]:
    """Exactly dated, after a stance's first day and covered by it, another word."""
    return _unread().filter(
        EXACT,
        ~Q(disposition=OuterRef("disposition")),
        holds_latest__gt=OuterRef("holds_from"),
        holds_latest__lt=Coalesce(OuterRef("holds_to"), _FOR_EVER),
    )


def _newer() -> QuerySet[Statement]:
    """Later than a stance was last confirmed, and not what `_saying_otherwise` has."""
    return _unread().filter(
        Q(disposition=OuterRef("disposition")) | ~EXACT,
        holds_latest__gt=Coalesce(OuterRef("last_confirmed"), OuterRef("holds_from")),
    )


def _published() -> QuerySet[Stance]:
    rows = Stance.objects.filter(state=StanceState.PUBLISHED, withheld=False)
    rows = rows.select_related(
        "actor__merged_into", "option__issue", "option__merged_into", "disposition"
    ).order_by("pk")
    return with_first_support(rows)


def _drift() -> QuerySet[Stance]:
    return _published().filter(_exists(_saying_otherwise()))


def _stale() -> QuerySet[Stance]:
    return (
        _published()
        .filter(holds_to=None)
        .annotate(since=Coalesce("last_confirmed", "holds_from"))
        .annotate(lapsed=ExpressionWrapper(_lapsed(), output_field=BooleanField()))
        .filter(Q(lapsed=True) | _exists(_newer()))
    )


def _lapsed() -> Q:
    """Not confirmed for as long as the issue, or else the codebook, lets it stand."""
    codebook = CodebookVersion.objects.first()
    rows = Issue.objects.order_by().values("pk", "merged_into", *_MONTHS.values())
    issues = {row["pk"]: row for row in rows}
    horizons: dict[tuple[str, int], list[int]] = defaultdict(list)
    for pk, row in issues.items():
        read_as = issues[row["merged_into"] or pk]
        for facet, column in _MONTHS.items():
            months = read_as[column] or getattr(codebook, column, None)
            if months:
                horizons[facet, months].append(pk)
    found = Q(pk__in=())
    for (facet, months), pks in horizons.items():
        until = dates.add_months(date.today(), -months)
        found |= Q(facet=facet, since__lte=until, option__issue__in=pks)
    return found


_MONTHS: dict[str, str] = {
    Facet.PREFERENCE: "preference_months",
    Facet.ENGAGEMENT: "engagement_months",
}


# -- what a row says -------------------------------------------------------------------


def _look_at(stances: Sequence[Any], statements: QuerySet[Statement]) -> None:
    """Give each stance of a page a statement to look at."""
    rows = Stance.objects.filter(pk__in=[row.pk for row in stances]).order_by()
    asked = rows.annotate(look_at=_one_of(statements)).values_list("pk", "look_at")
    wanted: dict[int, Any] = {pk: news for pk, news in asked if news is not None}
    found = (
        Statement.objects.filter(pk__in=wanted.values())
        .select_related("actor__merged_into", "option__merged_into", "disposition")
        .prefetch_related(cited_words())
    )
    by_pk = {row.pk: row for row in found}
    for row in stances:
        row.look_at = by_pk.get(wanted.get(row.pk, 0))


def _place(stance: Any) -> Place | None:
    """The words that are news; without any, those that it rests on."""
    news = getattr(stance, "look_at", None)
    return place_of_statement(news) if news else place_of_stance(stance)


def _named(statement: Statement | None) -> str:
    if statement is None:
        return "an accepted statement"
    main = statement.main
    where = f", {main.paragraph.citation}" if main else ""
    return f"“{statement}” of {statement.holds_latest}{where}"


def _drift_problem(stance: Any) -> str:
    named = _named(getattr(stance, "look_at", None))
    return f"It says otherwise and is not among the evidence: {named}."


def _stale_problem(stance: Any) -> str:
    news = getattr(stance, "look_at", None)
    told = []
    if stance.lapsed:
        facet = stance.get_facet_display().lower()
        told.append(
            f"Last confirmed on {stance.since}, longer ago than the {facet} stands "
            "without confirmation."
        )
    if news or not stance.lapsed:
        told.append(f"It is newer and not among the evidence: {_named(news)}.")
    return " ".join(told)


register(
    WorkList(
        key="drift",
        title="Drift",
        meaning="Published stances, and accepted statements of the same actor and "
        "option that say otherwise: derive anew, or name the statement as evidence.",
        permission="positions.add_stance",
        costly=True,
        rows=_drift,
        problem=_drift_problem,
        action=lambda row: Action("Derive anew", derive_page(row)),
        place=_place,
        prepare=lambda rows: _look_at(rows, _saying_otherwise()),
    )
)
register(
    WorkList(
        key="stale-stances",
        title="Stale stances",
        meaning="Published stances that nothing has confirmed for too long, or that "
        "newer statements may confirm.",
        permission="positions.add_stance",
        costly=True,
        rows=_stale,
        problem=_stale_problem,
        action=lambda row: Action("Derive anew", derive_page(row)),
        place=_place,
        prepare=lambda rows: _look_at(rows, _newer()),
    )
)
