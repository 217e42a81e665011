"""Suggestions filed by tools, and what people decide about them.

There is one door for every tool: `file`. What has been offered in a source before,
whatever became of it, is not offered again; neither is what people have coded.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Q
from django.utils import timezone

from positions import citing, coding, names
from positions.choices import (
    CitationRole,
    DateBasis,
    Form,
    Modality,
    RejectedBecause,
    SpeakerRank,
    Standing,
    SuggestionState,
)
from positions.models import (
    Actor,
    Change,
    Citation,
    Disposition,
    Option,
    Paragraph,
    Refused,
    Source,
    Statement,
    Suggestion,
)
from positions.models.changes import recording, require

# What of a suggestion goes into the statement as it stands.
FIELDS = (
    *("speaker", "speaker_text", "speaker_role", "on_authority_text", "standing"),
    *("form", "modality", "condition", "said_on", "holds_on", "over_option", "mode"),
)


@dataclass(frozen=True, slots=True)
class Proposed:
    """A proposal with its records found: words of a paragraph, and what they say.

    `repeats` is the fingerprint of the proposal whose words these only repeat.
    """

    paragraph: Paragraph
    start: int
    end: int
    actor: Actor
    option: Option
    disposition: Disposition
    confidence: float
    reason: str
    speaker: Actor | None = None
    speaker_text: str = ""
    speaker_role: str = ""
    speaker_rank: int = SpeakerRank.UNKNOWN
    on_authority_text: str = ""
    standing: str = Standing.OWN
    form: str = Form.REPORTED
    modality: str = Modality.STATED
    condition: str = ""
    said_on: str = ""
    said_basis: str = DateBasis.DOCUMENT
    holds_on: str = ""
    over_option: Option | None = None
    mode: str = ""
    repeats: str = ""

    @property
    def quote(self) -> str:
        return self.paragraph.text[self.start : self.end]

    @property
    def fingerprint(self) -> str:
        return fingerprint(self.quote, self.actor, self.option, self.disposition)


@dataclass(frozen=True, slots=True)
class Filed:
    """How many proposals were filed, and how many were known or coded already."""

    made: int = 0
    known: int = 0

    def __add__(self, other: Filed) -> Filed:
        return Filed(self.made + other.made, self.known + other.known)

    def __str__(self) -> str:
        return f"{self.made} suggested, {self.known} known already"


def fingerprint(
    quote: str, actor: Actor, option: Option, disposition: Disposition
) -> str:
    """What makes a proposal the same one, wherever in a source its words stand.

    Actor and option are what they are read as.
    """
    keys = actor.survivor.key, option.survivor.key
    return names.fingerprint(quote, *keys, disposition.code)


def file(
    source: Source, proposed: Iterable[Proposed], *, tool: str, version: str = ""
) -> Filed:
    """Put a tool's proposals about a source into the queue, each once.

    Raises Refused for words outside their paragraph, and for a confidence that is
    not between 0 and 1; then nothing is filed.
    """
    wanted: dict[str, Proposed] = {}
    for one in sorted(map(_checked, proposed), key=lambda one: one.confidence):
        # The surest of several that say the same of the same words.
        wanted[one.fingerprint] = one
    with recording(tool=tool):
        offered = _offered(source, wanted)
        known = offered.keys() | _coded(source, wanted)
        fresh = {mark: one for mark, one in wanted.items() if mark not in known}
        Suggestion.objects.bulk_create(
            [_row(source, mark, one, tool, version) for mark, one in fresh.items()],
            # Another run may have filed the same at the same moment.
            ignore_conflicts=True,
        )
        _follow(offered, wanted)
        _link_repeats(source, fresh)
    return Filed(len(fresh), len(known))


def _checked(one: Proposed) -> Proposed:
    if not 0 <= one.start < one.end <= len(one.paragraph.text):
        raise Refused(f"The words lie outside {one.paragraph.citation}.")
    if not 0 <= one.confidence <= 1:
        raise Refused(f"A confidence of {one.confidence} is not between 0 and 1.")
    touched = coding.default_standing([coding.Words(one.paragraph, one.start, one.end)])
    # What the author says of others in a comment is never the actor's own word.
    if touched == Standing.REPORTER and one.standing == Standing.OWN:
        return replace(one, standing=Standing.REPORTER)
    return one


def _offered(source: Source, wanted: dict[str, Proposed]) -> dict[str, Suggestion]:
    """Those that were offered in the source before, by fingerprint."""
    rows = Suggestion.objects.filter(source=source)
    found = {row.fingerprint: row for row in rows.filter(fingerprint__in=wanted)}
    merged = Q(actor__merged_into__isnull=False) | Q(option__merged_into__isnull=False)
    named = ("actor__merged_into", "option__merged_into", "disposition")
    for row in rows.filter(merged).select_related(*named):
        # It was offered for a record that is read as another since.
        mark = fingerprint(row.quote, row.actor, row.option, row.disposition)
        if mark in wanted:
            found.setdefault(mark, row)
    return found


def _coded(source: Source, wanted: dict[str, Proposed]) -> set[str]:
    """Fingerprints of what a statement of the source says already."""
    citations = (
        Citation.objects.filter(paragraph__revision__source=source)
        .select_related(
            "statement__actor__merged_into",
            "statement__option__merged_into",
            "statement__disposition",
        )
        .only(
            "quote",
            *("statement__actor__key", "statement__actor__merged_into__key"),
            *("statement__option__key", "statement__option__merged_into__key"),
            "statement__disposition__code",
        )
    )
    coded = {
        fingerprint(
            citation.quote,
            citation.statement.actor,
            citation.statement.option,
            citation.statement.disposition,
        )
        for citation in citations
    }
    return coded & wanted.keys()


def _follow(offered: dict[str, Suggestion], wanted: dict[str, Proposed]) -> None:
    """Those that wait stand in the paragraphs of the text that is read now."""
    moved = []
    for mark, row in offered.items():
        one = wanted[mark]
        if (
            row.state == SuggestionState.WAITING
            and row.paragraph_id != one.paragraph.pk
        ):
            row.paragraph, row.quote = one.paragraph, one.quote
            row.start, row.end = one.start, one.end
            moved.append(row)
    Suggestion.objects.bulk_update(moved, ["paragraph", "start", "end", "quote"])


def _row(
    source: Source, mark: str, one: Proposed, tool: str, version: str
) -> Suggestion:
    return Suggestion(
        source=source,
        paragraph=one.paragraph,
        start=one.start,
        end=one.end,
        quote=one.quote,
        actor=one.actor,
        option=one.option,
        disposition=one.disposition,
        speaker_rank=one.speaker_rank,
        said_basis=one.said_basis,
        confidence=one.confidence,
        reason=names.clean_text(one.reason)[:300],
        tool=tool,
        tool_version=version,
        fingerprint=mark,
        **{name: getattr(one, name) for name in FIELDS},
    )


def _link_repeats(source: Source, fresh: dict[str, Proposed]) -> None:
    pairs = {mark: one.repeats for mark, one in fresh.items() if one.repeats}
    if not pairs:
        return
    marks = {*pairs, *pairs.values()}
    rows = Suggestion.objects.filter(source=source, fingerprint__in=marks)
    by_mark = {row.fingerprint: row for row in rows}
    linked = []
    for mark, repeated in pairs.items():
        if mark in by_mark and repeated in by_mark and mark != repeated:
            by_mark[mark].repeats = by_mark[repeated]
            linked.append(by_mark[mark])
    Suggestion.objects.bulk_update(linked, ["repeats"])


# -- decisions -------------------------------------------------------------------------


def accept(who: Any, suggestion: Suggestion) -> Statement:
    """Make the draft statement that a suggestion proposes, and return it.

    A repeat becomes a further citation of the statement it repeats, if that is a
    draft still. Raises Refused for one that is decided already, or whose text has
    changed.
    """
    require(who, "add_statement", "Only coders accept suggestions.")
    with recording(who) as rec:
        row = _waiting(suggestion)
        words = coding.Words(row.paragraph, row.start, row.end)
        statement = _repeated(row)
        if statement is not None:
            Citation.objects.create(
                statement=statement,
                paragraph=row.paragraph,
                role=CitationRole.REPEATS,
                start=row.start,
                end=row.end,
                quote=row.quote,
            )
            rec.note(statement, "citation added", why="a suggestion was accepted")
        else:
            (statement,) = coding.code(who, _coding(row, words), tool=row.tool)
        _decide(rec, row, SuggestionState.ACCEPTED, who, statement_key=statement.key)
    return statement


def _coding(row: Suggestion, words: coding.Words) -> coding.Utterance:
    fields = {name: getattr(row, name) for name in FIELDS}
    fields["speaker_rank"] = row.speaker_rank
    if row.said_on:
        fields["said_basis"] = row.said_basis
    return coding.Utterance(
        words=[words],
        actors=[row.actor.survivor],
        options=[row.option.survivor],
        disposition=row.disposition,
        fields=fields,
    )


def _repeated(row: Suggestion) -> Statement | None:
    """The draft that came of the proposal this one repeats."""
    if row.repeats is None or not row.repeats.statement_key:
        return None
    found = row.repeats.statement
    return found if found is not None and not found.frozen else None


def reject(
    who: Any, suggestion: Suggestion, because: str = RejectedBecause.OTHER
) -> None:
    """Say no, for ever, to these words with this actor, option and disposition."""
    require(who, "add_statement", "Only coders reject suggestions.")
    if because not in RejectedBecause.values:
        raise Refused("Choose a reason from the list.")
    with recording(who) as rec:
        row = _waiting(suggestion)
        _decide(rec, row, SuggestionState.REJECTED, who, because=because)


def take_back(who: Any, suggestion: Suggestion) -> None:
    """Undo a decision: it waits again, and the draft that came of it is dropped.

    Raises Refused where the draft was changed or handed on since.
    """
    require(who, "add_statement", "Only coders decide about suggestions.")
    with recording(who, "a decision was undone") as rec:
        row = Suggestion.objects.select_for_update().get(pk=suggestion.pk)
        if row.state == SuggestionState.WAITING:
            raise Refused("It waits already.")
        before = row.state
        if row.state == SuggestionState.ACCEPTED:
            _drop_what_came_of(who, row)
        row.state, row.because, row.statement_key = SuggestionState.WAITING, "", ""
        row.decided_by = row.decided_at = None
        row.save(
            update_fields=(
                *("state", "because", "statement_key", "decided_by", "decided_at"),
            )
        )
        rec.note(row, "waits again", from_state=before, to_state=row.state)


def _drop_what_came_of(who: Any, row: Suggestion) -> None:
    """The draft made of a suggestion, or the citation where it was a repeat."""
    statement = row.statement
    if statement is None:
        return
    if statement.frozen or statement.state != Statement.EDITABLE_STATES[0]:
        raise Refused(
            f"“{statement}” is {statement.get_state_display().lower()}: open it."
        )
    added = statement.citations.filter(
        role=CitationRole.REPEATS,
        paragraph=row.paragraph_id,
        start=row.start,
        end=row.end,
    )
    if row.repeats is not None and (citation := added.first()) is not None:
        citing.leave_out(who, citation)
        return
    if Change.objects.of(statement).exclude(action="coded").exists():
        raise Refused(f"“{statement}” was changed since: open it and drop it there.")
    statement.drop(who)


def _waiting(suggestion: Suggestion) -> Suggestion:
    """The suggestion, locked; it waits, and its text is read now."""
    row = (
        Suggestion.objects.select_for_update(of=("self",))
        .select_related(
            *("actor__merged_into", "option__merged_into", "disposition"),
            *("paragraph__revision__source__collection", "repeats", "speaker"),
        )
        .get(pk=suggestion.pk)
    )
    if row.state != SuggestionState.WAITING:
        raise Refused(f"It was {row.get_state_display().lower()} already.")
    if not row.paragraph.revision.current:
        raise Refused("The text has changed since: it is offered anew, if it stands.")
    return row


def _decide(rec: Any, row: Suggestion, state: str, who: Any, **fields: Any) -> None:
    row.state, row.decided_by, row.decided_at = state, who, timezone.now()
    for name, value in fields.items():
        setattr(row, name, value)
    row.save(update_fields=("state", "decided_by", "decided_at", *fields))
    rec.note(
        row,
        str(state),
        from_state=SuggestionState.WAITING,
        to_state=state,
        why=row.get_because_display(),
    )
