"""Records of like names that may be one, the most alike first."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from positions import judging, merging, pairing
from positions.choices import PairState
from positions.models import Pair
from positions.worklists import Action, Decision, WorkList, register

WHY = "two names of one record"


def _may_merge(pair: Pair, user: Any) -> bool:
    """Whoever judges is not always allowed to merge records of this kind."""
    model = pairing.MODELS[pair.kind]
    return user.has_perm(f"positions.{merging.permission_of(model())}")


def _keeping(side: str, letter: str) -> Decision:
    return Decision(
        key=f"same-{side}",
        label=f"Same: keep the {side}",
        letter=letter,
        done=f"merged: the {side} is read from now on.",
        permission="positions.change_pair",
        run=lambda who, row, why: judging.same(who, row, getattr(row, side), WHY),
        undo=judging.reconsider,
        fits=_may_merge,
        tone="main" if side == "first" else "",
    )


register(
    WorkList(
        key="duplicates",
        title="Possible duplicates",
        meaning="Actors, options and issues of like names: merge what is one, and say "
        "of the others that they are not.",
        permission="positions.view_pair",
        rows=lambda: Pair.objects.waiting(),
        problem=lambda row: f"{row.reason} ({row.score:.0%} alike)",
        action=lambda row: Action(
            "Compare", reverse("admin:positions_pair_change", args=(row.pk,))
        ),
        panel="admin/positions/pair/_sides.html",
        prepare=pairing.attach,
        decisions=(
            _keeping("first", "a"),
            _keeping("second", "b"),
            Decision(
                key="different",
                label="Different",
                letter="d",
                done="kept apart, and never offered again.",
                permission="positions.change_pair",
                run=lambda who, row, why: judging.judge(
                    who, row, PairState.DIFFERENT, why
                ),
                undo=judging.reconsider,
            ),
            Decision(
                key="unsure",
                label="Unsure",
                letter="n",
                done="left as unsure, and not offered again.",
                permission="positions.change_pair",
                run=lambda who, row, why: judging.judge(
                    who, row, PairState.UNSURE, why
                ),
                undo=judging.reconsider,
            ),
        ),
    )
)
