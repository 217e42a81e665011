"""Sentences: who said what to whom, who wrote it down, who accepted it, since when.

Pure: rows that are loaded already come in, words go out. A sentence that names
actors is a list of pieces, so that a page can link them; `as_text` joins it for
everything else.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from positions import dates
from positions.choices import (
    ActorKind,
    Form,
    Modality,
    Publicity,
    Standing,
    StatementState,
)
from positions.models import Actor, Source, Stance, Statement
from positions.periods import Period

PUBLICITIES = {
    Publicity.PUBLIC: "in public",
    Publicity.CONFIDENTIAL: "in confidence",
    Publicity.LEAKED: "in words that were leaked or released later",
}
LANES = {"public": "in public", "confidential": "in confidence"}
MODALITIES = {
    Modality.INTENDED: "as an intention",
    Modality.EXPECTED: "as an expectation",
}
ENDS = {
    "changed": "replaced by what follows",
    "lapsed": "lapsed, because nothing confirmed it for long enough",
    "option_ended": "ended, because the option itself ended",
    "not_restated": "ended, because it was not stated again",
    "withdrawn": "withdrawn",
}


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words of a sentence, and the actor or document that they name, if any."""

    text: str
    actor: Actor | None = None
    source: Source | None = None


Sentence = list[Piece]


def as_text(sentence: Iterable[Piece]) -> str:
    """A sentence as plain text."""
    return "".join(piece.text for piece in sentence)


def named(actor: Actor) -> Piece:
    """The name of an actor, as it is read, with the actor to link."""
    return Piece(actor.survivor.name, actor.survivor)


def tell_day(day: date | None) -> str:
    """A day in English: "2 May 2008"; empty for none."""
    return dates.show(day.isoformat()) if day else ""


# -- statements --------------------------------------------------------------------


def tell_attribution(
    statement: Statement, *, several: bool = False, source_open: bool = True
) -> Sentence:
    """Who said it to whom and when, and who wrote it down.

    With `several`, for all statements that the same words make of different actors.
    Without `source_open`, nothing is told that only its document says.

    Example: "Foreign-ministry official of Japan said so to officials of the United
    States, in confidence, on 23 April 2008. Written down by Embassy Tokyo." Needs
    what `Statement.objects.with_evidence()` loads.
    """
    actor = named(statement.actor)
    whom = Piece("each of them") if several else actor
    pieces = [*_said(statement, whom), *_circumstances(statement), Piece(".")]
    return pieces + _written_down(statement, source_open)


def _said(statement: Statement, actor: Piece) -> Sentence:
    if statement.form == Form.ACT:
        return [Piece("Recorded act of "), actor]
    if statement.standing == Standing.REPORTER:
        return [Piece("The author of the document says so, not "), actor]
    speaker = tell_speaker(statement)
    if statement.form == Form.CHARACTERISATION:
        return [*speaker, Piece(" characterises it so, not in words of "), actor]
    if statement.standing == Standing.OTHER:
        return [*speaker, Piece(" said so of "), actor]
    if statement.standing == Standing.GROUP:
        return [*speaker, Piece(" said so for "), actor]
    return [*speaker, Piece(" said so")]


def tell_speaker(statement: Statement) -> Sentence:
    """The speaker with role and authority, as far as the words name them."""
    name, role = statement.speaker_name, statement.speaker_role
    if name:
        pieces = [named(statement.speaker) if statement.speaker else Piece(name)]
        if role and role != name:
            pieces.append(Piece(f" ({role})"))
    else:
        pieces = [Piece(_capital(role) or "A speaker who is not named")]
    if statement.authority_name:
        pieces += [
            Piece(", on the authority of "),
            named(statement.on_authority_of)
            if statement.on_authority_of
            else Piece(statement.authority_name),
            Piece(","),
        ]
    return pieces


def _circumstances(statement: Statement) -> Sentence:
    words = [f" to {statement.audience}"] if statement.audience else []
    if statement.form == Form.ACT:
        words += [f" ({statement.event.name})"] if statement.event else []
    else:
        for said in (
            PUBLICITIES.get(Publicity(statement.publicity)),
            MODALITIES.get(Modality(statement.modality)),
        ):
            words += [f", {said}"] if said else []
        if statement.modality == Modality.CONDITIONAL:
            words.append(f", on a condition ({statement.condition})")
    words.append(f", {tell_when(statement)}")
    return [Piece("".join(words))]


def last_day(statement: Statement) -> date:
    """The last day of which it may speak; an accepted statement always has one."""
    return statement.holds_latest or date.min


def tell_when(statement: Statement) -> str:
    """The day it was said on, or that the document's date stands for it."""
    if statement.said_on:
        return _on(statement.said_on)
    if statement.holds_latest:
        return f"by {tell_day(statement.holds_latest)}, the date of the document"
    return "on a day that is not known"


def _on(text: str) -> str:
    shown = dates.show(text)
    if dates.precision(text) == "day" and not text.endswith("~"):
        return f"on {shown}"
    return shown


def _written_down(statement: Statement, source_open: bool) -> Sentence:
    by = tell_author(statement, source_open=source_open)
    return [Piece(" Written down by "), *by, Piece(".")] if by else []


def tell_author(statement: Statement, *, source_open: bool = True) -> Sentence:
    """Who wrote the words down: the reporter, else whoever issued an open document.

    A person is named only who is public by this statement itself
    (`ActorQuerySet.visible_to`).
    """
    main = statement.main
    source = main.paragraph.revision.source if main and source_open else None
    author = statement.reporter or (source.issuer if source else None)
    if author is None:
        return [Piece(source.issuer_text)] if source and source.issuer_text else []
    roles = (statement.actor, statement.speaker, statement.on_authority_of)
    public = {actor.survivor.pk for actor in roles if actor is not None}
    if author.kind == ActorKind.PERSON and author.survivor.pk not in public:
        return []
    return [named(author)]


def tell_acceptance(statement: Statement, *, names: bool) -> str:
    """Who accepted it and when; with `names`, the curators' (load coder and accepter).

    That nobody but its coder has looked at a statement is said honestly.
    """
    if statement.state != StatementState.ACCEPTED or statement.accepted_at is None:
        return f"{_capital(statement.get_state_display())}: not accepted."
    on = tell_day(statement.accepted_at.date())
    if statement.single_coded:
        by = f"{statement.coder}, who coded it" if names else "the person who coded it"
        return f"Accepted on {on} by {by}: single-coded."
    if statement.coder_id is None:
        by = str(statement.accepted_by) if names else "a person"
        return f"Imported, then accepted on {on} by {by}."
    if names:
        return (
            f"Coded by {statement.coder}, accepted on {on} by {statement.accepted_by}."
        )
    return f"Accepted on {on} by a second person, not by its coder."


def tell_coding(statement: Statement) -> str:
    """Whether anybody but its coder has looked at it, in a word or two."""
    return "Single-coded." if statement.single_coded else "Seen by two people."


def tell_disposition(statement: Statement) -> str:
    """The coded sense as a phrase says it: "prefer CCW over Oslo Process"."""
    words = statement.disposition.say(statement.option)
    if statement.over_option:
        words += f" over {statement.over_option.survivor}"
    if statement.mode:
        words += f" ({statement.get_mode_display().lower()})"
    return words


def tell_stance(stance: Stance) -> str:
    """A stance as a phrase says it: "prefer CCW"."""
    return stance.disposition.say(stance.option)


# -- periods -----------------------------------------------------------------------


def tell_period(period: Period) -> str:
    """What held, in words: "prefers", "contested: prefers or opposes"."""
    words = " or ".join(d.label for d in period.dispositions)
    if period.contested:
        words = f"contested: {words}"
    if period.mode:
        words += f" ({period.mode})"
    if period.publicity in LANES:
        words += f", {LANES[period.publicity]}"
    if period.through:
        words += f", through {period.through.name}"
    return words


def tell_days(period: Period | Stance) -> str:
    """From when to when: "23 April 2008 to 2 December 2008", "since 23 April 2008"."""
    first = tell_day(period.holds_from)
    earliest = getattr(period, "holds_from_earliest", period.holds_from)
    if earliest < period.holds_from:
        first += f" (at the earliest {tell_day(earliest)})"
    if period.holds_to is None:
        return f"since {first}"
    last = period.holds_to - timedelta(days=1)
    if last == period.holds_from:
        return f"on {first}"
    return f"{first} to {tell_day(last)}"


def tell_confirmation(period: Period) -> str:
    """When it was last confirmed, and how it ended, as far as that is known."""
    parts = []
    if period.last_confirmed and period.last_confirmed > period.holds_from:
        parts.append(f"last confirmed {tell_day(period.last_confirmed)}")
    if period.status == "carried":
        parts.append("carried on since without newer evidence")
    if period.previous_government:
        parts.append("the government has changed since")
    end = tell_end(period)
    return "; ".join([*parts, end] if end else parts)


def tell_end(period: Period) -> str:
    """Why it ended: "lapsed, because nothing confirmed it ..."; empty if it did not."""
    if period.holds_to is None:
        return ""
    return tell_ending(period.end_reason, period.rationale)


def tell_ending(reason: str, note: str = "") -> str:
    """A reason for an end; `note` says what was not stated again since what."""
    if reason == "not_restated" and note:
        return f"ended, {note}"
    return ENDS.get(reason, "")


def tell_change(period: Period) -> str:
    """Between which days it came: "changed between ... and ..."; empty if unknown."""
    if not (period.changed_after and period.previous):
        return ""
    before, after = tell_day(period.changed_after), tell_day(period.holds_from)
    return f"changed between {before} and {after}"


def _capital(words: Any) -> str:
    text = str(words)
    return text[:1].upper() + text[1:]
