"""Merging: two actors, options or issues read as one, and parted again.

What wins: the survivor. Its name, key, kind and days are read. Names, identifiers,
memberships, statements and findings of the other stay where they are and are read
through it: merging writes one pointer (`merged_into`) and moves nothing. Published
stances alone are issued anew under the survivor, because no two may overlap there
(rule 4); where they would, nothing is merged. Drafts stay as they are: when they are
published, they stand under the survivor.

Who was merged into the merged record is read as the survivor too: a pointer never
leads to a record that is itself merged. The options for the whole of two issues are
merged with them.

All changes of one merging share a batch, which says exactly what parting takes back.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone

from positions.choices import OptionKind, PairState, StanceState
from positions.models import Actor, Change, Issue, Option, Pair, Refused, Stance
from positions.models.actors import Mergeable
from positions.models.changes import Recording, require, together
from positions.models.versions import need_reason
from positions.readers import readers_see
from positions.sameness import (
    STANCE_FIELD,
    Plan,
    group,
    keys_of,
    pairs_between,
    plan,
    whole_of,
)

# The actions that stand in the log.
MERGED, ALONG, TOOK_IN = "merged", "merged along", "took in"
PARTED, WENT_BACK, GAVE_BACK = "parted", "parted along", "gave back"
REPLACED = "replaced"
# What the log says of a record that is read as another since.
JOINING = (MERGED, ALONG)


def permission_of(record: Mergeable) -> str:
    return f"merge_{record._meta.model_name}"


# -- merging ---------------------------------------------------------------------------


def merge(who: Any, merged: Any, survivor: Any, why: str) -> Any:
    """Read a record as another of its kind from now on; the survivor is returned.

    A survivor that is merged itself stands for the record that it is read as. Raises
    Refused where the two are surely different, where it is done already, and where
    published stances overlap, all of which are then listed.
    """
    require(who, permission_of(merged), "Only reviewers merge records.")
    need_reason(why, "merge two records")
    with together(who, why) as rec:
        rows = _locked(merged, survivor)
        _lock_stances(rows[merged.pk])
        wanted = plan(rows[merged.pk], rows[survivor.pk])
        wanted.check()
        _merge(rec, wanted)
        _settle_pairs(rec, wanted.survivor)
    return wanted.survivor


def _locked(*records: Any) -> dict[int, Any]:
    """The groups of the records, locked: issues before their options for the whole."""
    model, pks = type(records[0]), [record.pk for record in records]
    rows = model.objects.locked_groups(pks)
    if model is Issue:
        wholes = Option.objects.filter(issue__in=rows, kind=OptionKind.WHOLE)
        Option.objects.locked_groups(wholes.values_list("pk", flat=True))
    for row in rows.values():
        # What was read under lock, not what is cached.
        if row.merged_into_id:
            row.merged_into = rows[row.merged_into_id]
    return rows


def _lock_stances(record: Any) -> None:
    """Lock what is published of a record, so that nobody issues it anew meanwhile."""
    held = whole_of(record) if isinstance(record, Issue) else record
    of_it = {f"{STANCE_FIELD[type(held)]}__in": group(held)}
    Stance.objects.filter(state=StanceState.PUBLISHED, **of_it).locked()


def _merge(rec: Recording, wanted: Plan) -> None:
    """Write the pointers of a plan, and issue its stances anew."""
    merged, survivor = wanted.merged, wanted.survivor
    why = f"“{merged.name}” is read as “{survivor.name}”: {rec.why}"
    public = readers_see(merged) or readers_see(survivor)
    for record in (merged, *wanted.along):
        _point(record, survivor)
        action = MERGED if record == merged else ALONG
        rec.note(record, action, why=why, public=public)
    rec.note(survivor, TOOK_IN, why=why, public=public)
    # In their order, which lists keep among those of one day.
    for stance in sorted(wanted.stances, key=lambda stance: stance.pk):
        _reissue(rec, stance, survivor, why)
    if wanted.whole is not None:
        _merge(rec, wanted.whole)


def _reissue(rec: Recording, stance: Stance, owner: Any, why: str) -> None:
    if isinstance(owner, Actor):
        stance.reissue_under(rec, actor=owner, why=why)
    else:
        stance.reissue_under(rec, option=owner, why=why)


def _point(record: Mergeable, survivor: Mergeable | None) -> None:
    record.merged_into = survivor
    record.save(update_fields=("merged_into",))


# -- pairs -----------------------------------------------------------------------------


def _settle_pairs(rec: Recording, survivor: Any) -> None:
    """Pairs of records that are now read as one wait no longer."""
    keys = keys_of(survivor)
    undecided = (PairState.WAITING, PairState.UNSURE)
    pairs = pairs_between(survivor, keys, keys).filter(state__in=undecided)
    for pair in pairs.select_for_update(of=("self",)):
        before, pair.state = pair.state, PairState.SAME
        pair.judged_by, pair.judged_at = rec.who, timezone.now()
        pair.save()
        rec.note(pair, PairState.SAME, from_state=before, to_state=pair.state)


def _reopen_pairs(rec: Recording, record: Any, batch: str) -> None:
    """Pairs that the merging settled are what they were before."""
    changes = Change.objects.filter(batch=batch, record=Pair._meta.model_name)
    before = dict(changes.values_list("key", "from_state"))
    keys = [part for key in before for part in key.split("/")[1:]]
    pairs = pairs_between(record, keys, keys).filter(state=PairState.SAME)
    for pair in pairs.select_for_update(of=("self",)):
        if pair.log_key in before:
            pair.state = before[pair.log_key]
            pair.judged_by = pair.judged_at = None
            pair.save()
            rec.note(pair, "reopened", from_state=PairState.SAME, to_state=pair.state)


# -- parting ---------------------------------------------------------------------------


def unmerge(who: Any, record: Any, why: str) -> None:
    """Read a merged record as itself again, with all that its merging took along.

    What was issued anew by that merging, and is public under the survivor still, is
    issued under the record; what was published since stays with the survivor. Raises
    Refused for a record that is not merged, and where something was built on the
    merging.
    """
    require(who, permission_of(record), "Only reviewers part merged records.")
    need_reason(why, "part merged records")
    with together(who, why) as rec:
        record = _locked(record)[record.pk]
        _refuse_parting(record)
        batch = batch_of(record)
        _part(rec, record, batch)
        if isinstance(record, Issue):
            whole = whole_of(record)
            if whole.merged_into_id:
                _part(rec, whole, batch)
        if batch:
            _reopen_pairs(rec, record, batch)


def batch_of(record: Mergeable) -> str:
    """The batch of the merging that a merged record lives in; "" if none is known."""
    last = Change.objects.of(record).filter(action__in=(MERGED, PARTED)).first()
    return last.batch if last and last.action == MERGED else ""


def _part(rec: Recording, record: Any, batch: str) -> None:
    survivor = record.survivor
    back = [record, *_taken_along(record, survivor, batch)]
    stances = _issued_by(record, survivor, back, batch)
    public = readers_see(survivor)
    for one in back:
        _point(one, None if one == record else record)
    public = public or readers_see(record)
    why = f"“{record.name}” is no longer read as “{survivor.name}”: {rec.why}"
    for one in back:
        rec.note(one, PARTED if one == record else WENT_BACK, why=why, public=public)
    rec.note(survivor, GAVE_BACK, why=why, public=public)
    for stance in stances:
        _reissue(rec, stance, record, why)


def _taken_along(record: Any, survivor: Any, batch: str) -> list[Any]:
    """Who had been merged into the record, and went with it."""
    if not batch:
        return []
    changes = Change.objects.filter(
        batch=batch, record=record._meta.model_name, action=ALONG
    )
    rows = type(record).objects.filter(
        key__in=changes.values("key"), merged_into=survivor
    )
    return list(rows.order_by("pk"))


def _issued_by(
    record: Any, survivor: Any, back: Sequence[Any], batch: str
) -> list[Stance]:
    """What the merging issued anew, and is public under the survivor still."""
    field = STANCE_FIELD.get(type(record))
    if not batch or field is None:
        return []
    replaced = Change.objects.filter(batch=batch, record="stance", action=REPLACED)
    versions = set(replaced.values_list("key", "version"))
    owners = {one.pk for one in back}
    rows = Stance.objects.filter(key__in={key for key, _ in versions})
    ours = {
        key
        for key, version, owner in rows.values_list("key", "version", f"{field}_id")
        if (key, version) in versions and owner in owners
    }
    public = {"key__in": ours, field: survivor, "state": StanceState.PUBLISHED}
    return Stance.objects.filter(**public).locked()


def _refuse_parting(record: Any) -> None:
    if record.survivor == record:
        raise Refused(f"“{record}” is read as itself: there is nothing to part.")
    if isinstance(record, Option) and record.kind == OptionKind.WHOLE:
        raise Refused("The whole of an issue is parted with its issue, never alone.")
    if isinstance(record, Issue):
        _refuse_shared_options(record)
    alone = type(record)._base_manager.get(pk=record.pk)
    alone.merged_into = None
    try:
        alone.validate_constraints()
    except ValidationError as fault:
        raise Refused(" ".join(fault.messages)) from fault


def _refuse_shared_options(issue: Issue) -> None:
    """Options of the two issues that were merged since would be of two issues."""
    back = [issue, *_taken_along(issue, issue.survivor, batch_of(issue))]
    here, there = Q(issue__in=back), Q(merged_into__issue__in=back)
    shared = Option.objects.exclude(kind=OptionKind.WHOLE).filter(
        (here & ~there) | (there & ~here), merged_into__isnull=False
    )
    if names := ", ".join(f"“{option}”" for option in shared[:20]):
        raise Refused(f"Options of both issues are merged: part those first: {names}.")
