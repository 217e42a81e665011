"""Deriving: the rule (timeline.py) fed from the database, and drafts made of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Q

from positions import timeline
from positions.choices import (
    Basis,
    EventKind,
    EvidenceLevel,
    ExtendsTo,
    Relation,
    StanceState,
)
from positions.models import (
    Actor,
    CodebookVersion,
    Disposition,
    Evidence,
    Issue,
    Membership,
    Option,
    Participation,
    Stance,
    Statement,
)
from positions.models.changes import recording, require


@dataclass(frozen=True, slots=True)
class Derived:
    """What the rule makes of one actor's statements on one issue."""

    actor: Actor
    issue: Issue
    timeline: timeline.Timeline
    statements: Mapping[str, Statement]  # by key, the group's included
    options: Mapping[str, Option]  # by key
    dispositions: Mapping[str, Disposition]  # by code


@dataclass
class Proposal:
    """The drafts made of a derivation, and the periods left alone, with why."""

    made: list[Stance] = field(default_factory=list)
    skipped: list[tuple[timeline.Period, str]] = field(default_factory=list)


def group_members(actors: Iterable[Actor]) -> dict[int, Actor]:
    """Primary key of each actor, and of all merged into it -> the survivor."""
    survivors = {actor.pk: actor for actor in actors}
    merged = Actor.objects.filter(merged_into__in=list(survivors))
    return survivors | {
        actor.pk: survivors[actor.merged_into_id]
        for actor in merged
        if actor.merged_into_id
    }


def horizons_of(issue: Issue) -> timeline.Horizons:
    """The issue's horizons, else the codebook's (clause 6), in months."""
    codebook = CodebookVersion.latest()
    return timeline.Horizons(
        preference=issue.preference_months or codebook.preference_months,
        engagement=issue.engagement_months or codebook.engagement_months,
    )


def derive(actor: Actor, issue: Issue, known_on: datetime | None = None) -> Derived:
    """What the rule makes of one actor's accepted statements on an issue."""
    return derive_all([actor.survivor], issue, known_on)[actor.survivor.pk]


def derive_all(
    actors: Sequence[Actor], issue: Issue, known_on: datetime | None = None
) -> dict[int, Derived]:
    """Actor's primary key -> what the rule makes, in a constant number of queries."""
    issue = issue.survivor
    rows = _Rows.read(actors, issue, known_on)
    options = {option.key: option for option in rows.options.values()}
    facts = {
        key: _facts(option, rows.alternatives[key]) for key, option in options.items()
    }
    codebook, horizons = str(CodebookVersion.latest().number), horizons_of(issue)
    dispositions = {d.code: d for d in Disposition.objects.all()}
    found = {}
    for actor in actors:
        evidence, statements = rows.evidence_of(actor)
        derived = timeline.derive(
            evidence,
            options=facts,
            codebook_version=codebook,
            horizons=horizons,
            government_changes=rows.changes[actor.pk],
            scope=f"{actor.key} {issue.key}",
        )
        found[actor.pk] = Derived(
            actor, issue, derived, statements, options, dispositions
        )
    return found


@dataclass(frozen=True, slots=True)
class _Rows:
    """All that the rule needs for some actors, read at once; keys are primary keys."""

    options: dict[int, Option]  # -> the option it is read as
    alternatives: dict[str, set[str]]  # option's key -> keys of its alternatives
    own: dict[int, list[Statement]]
    of_groups: dict[int, list[Statement]]  # those that extend to members
    groups: dict[int, Actor]
    spans: dict[int, dict[int, list[timeline.MemberSpan]]]  # member -> group -> spans
    changes: dict[int, list[date]]  # of government

    @classmethod
    def read(
        cls, actors: Sequence[Actor], issue: Issue, known_on: datetime | None
    ) -> _Rows:
        owners = group_members(actors)
        memberships = _memberships(owners)
        in_groups = {m.group.survivor.pk: m.group.survivor for m in memberships}
        groups = group_members(in_groups.values())
        own, of_groups = _statements(issue, owners, groups, known_on)
        options, alternatives = _options_of(issue)
        return cls(
            options=options,
            alternatives=alternatives,
            own=own,
            of_groups=of_groups,
            groups=groups,
            spans=_spans(memberships, owners),
            changes=_government_changes(owners),
        )

    def evidence_of(
        self, actor: Actor
    ) -> tuple[list[timeline.Evidence], dict[str, Statement]]:
        """An actor's own evidence and its groups' (clause 9); statements by key."""
        statements = {s.key: s for s in self.own[actor.pk]}
        evidence = [_value(s, self.options) for s in statements.values()]
        for group, spans in self.spans[actor.pk].items():
            theirs = {s.key: s for s in self.of_groups[group]}
            extension = timeline.extend_to_members(
                [_value(s, self.options) for s in theirs.values()],
                group=self.groups[group].key,
                member=actor.key,
                spans=spans,
                exceptions=_exceptions(theirs.values()),
            )
            evidence += [e for e in extension.evidence if e.key not in statements]
            statements |= theirs
        return evidence, statements


def _options_of(issue: Issue) -> tuple[dict[int, Option], dict[str, set[str]]]:
    """For all options of the issue: primary key -> the option it is read as; and key
    -> the keys of its alternatives, of all that are read as it.
    """
    rows = (
        Option.objects.filter(issue__in=Issue.objects.group_of(issue))
        .select_related("merged_into", "parent", "issue")
        .prefetch_related("alternatives")
    )
    by_pk = {option.pk: option for option in rows}
    read_as = {
        pk: by_pk.get(option.merged_into_id or pk, option)
        for pk, option in by_pk.items()
    }
    alternatives: dict[str, set[str]] = defaultdict(set)
    for pk, option in by_pk.items():
        others = (read_as.get(o.pk, o).key for o in option.alternatives.all())
        alternatives[read_as[pk].key].update(others)
    return read_as, alternatives


def _facts(option: Option, alternatives: set[str]) -> timeline.OptionFacts:
    return timeline.OptionFacts(
        key=option.key,
        valid_to=option.valid_to,
        alternatives=frozenset(alternatives - {option.key}),
        name=option.short_name,
    )


def _memberships(owners: Mapping[int, Actor]) -> list[Membership]:
    return list(
        Membership.objects.filter(member__in=list(owners)).select_related(
            "group__merged_into"
        )
    )


def _spans(memberships: Iterable[Membership], owners: Mapping[int, Actor]):
    """Actor's primary key -> group's primary key -> spans of membership."""
    spans: dict[int, dict[int, list[timeline.MemberSpan]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for row in memberships:
        member, group = owners[row.member_id], row.group.survivor
        spans[member.pk][group.pk].append((row.since, row.until))
    return spans


def _statements(
    issue: Issue,
    owners: Mapping[int, Actor],
    groups: Mapping[int, Actor],
    known_on: datetime | None,
) -> tuple[dict[int, list[Statement]], dict[int, list[Statement]]]:
    """The accepted statements of the actors, and those that groups extend to them."""
    extended = ~Q(extends_to=ExtendsTo.NOBODY) & Q(actor__in=list(groups))
    rows = (
        Statement.objects.public(known_on)
        .of_issue(issue)
        .filter(Q(actor__in=list(owners)) | extended)
        .with_evidence()
        .prefetch_related("extends_except")
        .order_by("pk")
    )
    own: dict[int, list[Statement]] = defaultdict(list)
    of_groups: dict[int, list[Statement]] = defaultdict(list)
    for statement in rows:
        if statement.actor_id in owners:
            own[owners[statement.actor_id].pk].append(statement)
        if statement.actor_id in groups and statement.extends_to != ExtendsTo.NOBODY:
            of_groups[groups[statement.actor_id].pk].append(statement)
    return own, of_groups


def _exceptions(statements: Iterable[Statement]) -> dict[str, set[str]]:
    return {
        s.key: {a.survivor.key for a in s.extends_except.all()}
        for s in statements
        if s.extends_to == ExtendsTo.MEMBERS_EXCEPT
    }


def _government_changes(owners: Mapping[int, Actor]) -> dict[int, list[date]]:
    rows = Participation.objects.filter(
        actor__in=list(owners), event__kind=EventKind.GOVERNMENT_CHANGE
    ).select_related("event")
    changes: dict[int, list[date]] = defaultdict(list)
    for row in rows:
        changes[owners[row.actor_id].pk].append(row.event.latest)
    return changes


def _value(statement: Statement, options: Mapping[int, Option]) -> timeline.Evidence:
    """An accepted statement as the rule reads it (prefetch with_evidence)."""
    disposition, main = statement.disposition, statement.main
    earliest, latest = statement.holds_earliest, statement.holds_latest
    # The database holds it so (statement_accepted_has_days).
    assert earliest is not None
    assert latest is not None
    return timeline.Evidence(
        key=statement.key,
        option=options[statement.option_id].key,
        facet=disposition.facet or None,
        disposition=disposition.code,
        label=disposition.label,
        score=disposition.score,
        order=disposition.rank,
        standing=statement.standing,
        form=statement.form,
        modality=statement.modality,
        publicity=statement.publicity,
        reliability=statement.reliability,
        credibility=statement.credibility,
        exact=main is not None
        and main.paragraph.text[main.start : main.end] == main.quote,
        earliest=earliest,
        latest=latest,
        since=statement.holds_since,
        event=statement.event.key if statement.event else None,
        speaker=statement.speaker.survivor.key
        if statement.speaker
        else statement.speaker_text,
        speaker_rank=statement.speaker_rank,
        authority=bool(statement.authority_name),
        mode=statement.mode,
    )


# -- drafts ------------------------------------------------------------------------


def propose(actor: Actor, issue: Issue, who) -> Proposal:
    """Make draft stances of what the rule derives; run again, it adds only news.

    A person's judgement is left alone, and so are contested periods: they need
    one. A published stance that the rule now ends on another day gets its next
    version as a draft.
    """
    require(who, "add_stance", "Only coders make stances.")
    derived = derive(actor, issue)
    proposal = Proposal()
    with recording(who) as rec:
        for cell in derived.timeline.cells:
            for period in cell.periods:
                why = _why_not(derived, period) or _draft(derived, period, who, rec)
                if isinstance(why, Stance):
                    proposal.made.append(why)
                else:
                    proposal.skipped.append((period, why))
    return proposal


def _why_not(derived: Derived, period: timeline.Period) -> str:
    if period.contested:
        return "It is contested: a person must judge."
    if period.lane != "any":
        return "Public and confidential evidence differ: a person must judge."
    return ""


def _draft(derived: Derived, period: timeline.Period, who, rec) -> Stance | str:
    """A draft for one period, or why there is none to make."""
    option = derived.options[period.option]
    disposition = derived.dispositions[period.disposition]
    in_cell = (
        Stance.objects.of_actor(derived.actor)
        .of_option(option)
        .filter(facet=period.facet)
    )
    same = (
        in_cell.filter(disposition=disposition, holds_from=period.holds_from)
        .exclude(state=StanceState.RETRACTED)
        .order_by("-version")
        .first()
    )
    if same is None:
        if _asserted_meanwhile(in_cell, period):
            return "A person's stance stands for these days."
        return _fill(Stance(author=who), derived, period, rec)
    if (same.holds_to, same.end_reason) == (period.holds_to, period.end_reason):
        return "It stands already."
    if same.basis == Basis.ASSERTED:
        return "A person's stance stands for these days."
    if same.state == StanceState.PUBLISHED:
        return _fill(same.next_version(who), derived, period, rec)
    return _fill(same, derived, period, rec)


def _asserted_meanwhile(in_cell, period: timeline.Period) -> bool:
    rows = in_cell.filter(basis=Basis.ASSERTED, state=StanceState.PUBLISHED).filter(
        Q(holds_to__isnull=True) | Q(holds_to__gt=period.holds_from)
    )
    if period.holds_to:
        rows = rows.filter(holds_from__lt=period.holds_to)
    return rows.exists()


_CONFIDENCE = {
    EvidenceLevel.ACT: "high",
    EvidenceLevel.SEVERAL: "moderate",
    EvidenceLevel.SINGLE: "moderate",
    EvidenceLevel.GROUP: "low",
}


def _fill(stance: Stance, derived: Derived, period: timeline.Period, rec) -> Stance:
    """Write a derived period and its evidence into a stance that is no one's word."""
    new = stance.pk is None
    stance.actor = derived.actor
    stance.option = derived.options[period.option]
    stance.disposition = derived.dispositions[period.disposition]
    stance.mode = period.mode
    stance.holds_from, stance.holds_to = period.holds_from, period.holds_to
    stance.end_reason = period.end_reason
    stance.changed_after = period.changed_after
    stance.last_confirmed = period.last_confirmed
    stance.level = period.level
    stance.confidence = _CONFIDENCE[period.level]
    stance.through = Actor.objects.get(key=period.through) if period.through else None
    stance.basis = Basis.DERIVED
    stance.rule_version = period.rule_version
    stance.codebook_version = period.codebook_version
    stance.rationale = period.end_note
    stance.save()
    stance.evidence.all().delete()
    Evidence.objects.bulk_create(
        Evidence(stance=stance, statement=derived.statements[key], relation=relation)
        for relation, keys in (
            (Relation.SUPPORTS, period.used),
            (Relation.CONTRADICTS, period.contradicting),
        )
        for key in dict.fromkeys(keys)
    )
    rec.note(stance, "derived" if new else "derived again", to_state=stance.state)
    return stance
