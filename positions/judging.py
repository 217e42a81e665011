"""What people say of possible duplicates: the same, different, unsure; and back again.

A pair that was judged is not offered again, whatever was said of it. A pair that a
person calls the same is merged, and is the same as long as it stays merged.
"""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from positions import merging
from positions.choices import PairState
from positions.models import Change, Pair, Refused
from positions.models.changes import recording, require
from positions.pairing import MODELS


def judge(who: Any, pair: Pair, state: str, note: str = "") -> None:
    """Say of a pair that its records are two, or that it is not sure: for good."""
    require(who, "change_pair", "Only coders judge possible duplicates.")
    if state not in (PairState.DIFFERENT, PairState.UNSURE):
        raise Refused("Say that they are different, or that you are unsure.")
    with recording(who) as rec:
        row = _locked(pair, PairState.WAITING, PairState.UNSURE)
        before, row.state = row.state, state
        row.note = note.strip()[:300]
        row.judged_by, row.judged_at = who, timezone.now()
        row.save()
        rec.note(row, str(state), from_state=before, to_state=state, why=row.note)


def same(who: Any, pair: Pair, survivor_key: str, why: str) -> Any:
    """Merge the two records of a pair; the one with this key is read from now on.

    Raises what `merging.merge` raises. The survivor is returned.
    """
    row = Pair.objects.get(pk=pair.pk)
    if survivor_key not in (row.first, row.second):
        raise Refused("Choose which of the two is kept.")
    other = row.second if survivor_key == row.first else row.first
    records = _records(row)
    if not {survivor_key, other} <= records.keys():
        raise Refused("One of the two is not there any more.")
    with recording(who):
        kept = merging.merge(
            who, records[other].survivor, records[survivor_key].survivor, why
        )
        # Merging settles what nobody has decided.
        _locked(row, PairState.SAME)
    return kept


def reconsider(who: Any, pair: Pair) -> None:
    """Take a judgement back: the pair waits again, and its records are parted."""
    require(who, "change_pair", "Only coders judge possible duplicates.")
    now = Pair.objects.get(pk=pair.pk)
    if now.state == PairState.SAME:
        merging.unmerge(who, _merged_by(now), "they were merged by mistake")
        return
    with recording(who, "judged by mistake") as rec:
        row = _locked(pair, PairState.DIFFERENT, PairState.UNSURE)
        before, row.state = row.state, PairState.WAITING
        row.judged_by = row.judged_at = None
        row.save()
        rec.note(row, "reopened", from_state=before, to_state=row.state)


def _locked(pair: Pair, *states: str) -> Pair:
    row = Pair.objects.select_for_update().get(pk=pair.pk)
    if row.state not in states:
        raise Refused(f"It was judged already: {row.get_state_display().lower()}.")
    return row


def _records(pair: Pair) -> dict[str, Any]:
    rows = MODELS[pair.kind].objects.select_related("merged_into")
    return {row.key: row for row in rows.filter(key__in=(pair.first, pair.second))}


def _merged_by(pair: Pair) -> Any:
    """The record that was merged when the pair was called the same."""
    said = Change.objects.of(pair).filter(action=str(PairState.SAME)).first()
    merged = (
        said
        and Change.objects.filter(
            batch=said.batch, record=pair.kind, action=merging.MERGED
        )
        .exclude(batch="")
        .first()
    )
    if not merged:
        raise Refused("The log does not say which of them was merged: part them there.")
    return MODELS[pair.kind].objects.get(key=merged.key)
