"""Published stances that the evidence has left behind: drift, and stale ones.

Both ask the database, not the rule: a row says which statement to look at, and the
page of the derivation says what the rule makes of it.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
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
from positions.models import CodebookVersion, Evidence, Issue, Stance, Statement
from positions.worklists import Action, WorkList, register

from .addresses import change_page
from .places import place_of_stance, with_first_support

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


def _unread() -> QuerySet[Statement]:
    """Counted statements of a stance's cell that are not among its evidence.

    A published stance stands under the actor and option that theirs are read as. The
    facet is the one after the last column of the index `statement_cell`.
    """
    cells = [
        Q(actor=OuterRef("actor"), option=OuterRef("option")),
    ]
    cited = Evidence.objects.filter(
        statement=OuterRef("pk"), stance=OuterRef(OuterRef("pk"))
    )
    return Statement.objects.filter(
        COUNTED,
        *cells,
        ~Exists(cited),
        disposition__facet=OuterRef("facet"),
    ).order_by()
