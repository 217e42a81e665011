"""Coding: from words in a paragraph to draft statements that cite them.

The coder gives the words, the actors, the options and the disposition; what is
left out comes from the source's coding header. Several actors or options at once
make one statement each, sharing an utterance.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from positions import anchoring, names
from positions.choices import CitationRole, Finding, Form, Standing
from positions.models import (
    Actor,
    Check,
    Citation,
    CodingHeader,
    Disposition,
    HeaderSpeaker,
    Issue,
    Option,
    Paragraph,
    Refused,
    Source,
    Statement,
)
from positions.models.changes import Recording, random_key, recording, require
from positions.models.citations import refuse_own_comment


@dataclass(frozen=True, slots=True)
class Words:
    """A span of a paragraph that a statement cites; offsets in code points."""

    paragraph: Paragraph
    start: int
    end: int
    role: str = CitationRole.MAIN
    translation: str = ""

    @property
    def quote(self) -> str:
        return self.paragraph.text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Utterance:
    """What a coder says of some words; `fields` are further statement fields."""

    words: Sequence[Words]
    actors: Sequence[Actor]
    options: Sequence[Option]
    disposition: Disposition
    fields: dict[str, Any] = field(default_factory=dict)
    reasons: Sequence[Any] = ()
    extends_except: Sequence[Actor] = ()
    # The key shared by statements that were said, or are coded, at once.
    utterance: str = ""
    # The source's coding header, where it was looked up already.
    header: CodingHeader | None = None


class Draft(NamedTuple):
    """A statement that was checked and is not kept yet, and what it was made of."""

    statement: Statement
    said: Utterance


def find_words(
    paragraph: Paragraph, quote: str, *, role: str = CitationRole.MAIN
) -> list[Words]:
    """Every place where the quote stands in the paragraph, the first one first.

    Raises Refused when it does not stand there.
    """
    spans = anchoring.locate(quote, paragraph.text)
    if not spans:
        shown = " ".join(quote.split())
        shown = f"{shown[:80]}…" if len(shown) > 80 else shown
        raise Refused(
            f"“{shown}” does not stand in {paragraph.citation}. "
            "Copy the words from the paragraph as they are printed."
            if shown
            else "Give the words of the paragraph that say so."
        )
    return [Words(paragraph, span.start, span.end, role) for span in spans]


def header_of(source: Source) -> CodingHeader:
    """The coding header of a source: the one it has, or an empty unsaved one."""
    header = CodingHeader.objects.filter(source=source).first()
    return header or CodingHeader(source=source)


def code(who, said: Utterance, *, tool: str = "") -> list[Statement]:
    """Make the draft statements of one coding, in one transaction.

    Raises what `drafted` raises.
    """
    drafts = drafted(who, said)
    with recording(who, tool=tool) as rec:
        keep(rec, drafts)
    return [draft.statement for draft in drafts]


def drafted(who, said: Utterance) -> list[Draft]:
    """The statements of one coding, checked; `keep` writes them, with others at once.

    Raises Refused where the words are not the actor's own but are said to be,
    and `django.core.exceptions.ValidationError` where the fields contradict.
    """
    if who is not None:
        require(who, "add_statement", "Only coders code statements.")
    fields = _filled(said)
    places = [(w.paragraph, w.start, w.end) for w in said.words if w.role == "main"]
    if not places:
        raise Refused("A statement needs the words that say so.")
    refuse_own_comment(fields["standing"], places)
    # What is coded stands under the records that are read.
    actors = dict.fromkeys(actor.survivor for actor in said.actors)
    options = dict.fromkeys(option.survivor for option in said.options)
    cells = [(actor, option) for actor in actors for option in options]
    utterance = said.utterance or (random_key() if len(cells) > 1 else "")
    drafts = []
    for actor, option in cells:
        statement = Statement(
            actor=actor,
            option=option,
            disposition=said.disposition,
            coder=who,
            utterance=utterance,
            **fields,
        )
        statement.clean()
        drafts.append(Draft(statement, said))
    return drafts


def keep(rec: Recording, drafts: Sequence[Draft]) -> None:
    """Write drafts with their citations and histories, all at once."""
    rec.insert([draft.statement for draft in drafts])
    Citation.objects.bulk_create(
        Citation(
            statement=draft.statement,
            paragraph=words.paragraph,
            role=words.role,
            start=words.start,
            end=words.end,
            quote=words.quote,
            translation=words.translation,
        )
        for draft in drafts
        for words in draft.said.words
    )
    for statement, said in drafts:
        if said.reasons:
            statement.reasons.set(said.reasons)
        if said.extends_except:
            statement.extends_except.set(said.extends_except)
        rec.note(statement, "coded", to_state=statement.state)


def _filled(said: Utterance) -> dict[str, Any]:
    """The fields given, over the header's, over what the words themselves say."""
    main = said.words[0].paragraph if said.words else None
    if main is None:
        raise Refused("A statement needs the words that say so.")
    source = main.revision.source
    fields = {
        "form": Form.REPORTED,
        "standing": default_standing(said.words),
        **(said.header or header_of(source)).statement_fields(),
    }
    return fields | {k: v for k, v in said.fields.items() if v not in (None, "")}


def default_standing(words: Iterable[Words]) -> str:
    """Own, unless the words touch the author's own comment or note."""
    for span in words:
        for voice in span.paragraph.voices_touching(span.start, span.end):
            if voice.kind in ("comment", "note"):
                return Standing.REPORTER
    return Standing.OWN


def likely_speaker(
    paragraph: Paragraph, at: int, speakers: Sequence[HeaderSpeaker]
) -> HeaderSpeaker | None:
    """Whom the words before a place of the paragraph name last, of these speakers.

    A speaker is named by the last word of the name ("DDG Shimbo" by "Shimbo"). Who
    utters the whole paragraph, as printed, counts as named first; the only speaker
    of a source is likely everywhere.
    """
    if len(speakers) == 1:
        return speakers[0]
    said = names.tokens(f"{paragraph.speaker} {paragraph.text[:at]}")
    last = {word: place for place, word in enumerate(said)}
    named = [
        (last[word], speaker)
        for speaker in speakers
        if (word := (names.tokens(speaker.name) or [""])[-1]) in last
    ]
    return max(named, key=lambda one: one[0])[1] if named else None


def likely_actor(quote: str, actors: Sequence[Actor]) -> Actor | None:
    """The one of these actors that the words name; None if none or several are."""
    said = f" {names.name_key(quote)} "
    named = [actor for actor in actors if f" {actor.name_key} " in said]
    return named[0] if len(named) == 1 else None


def record_check(
    who,
    *,
    source: Source,
    issue: Issue,
    paragraph: Paragraph | None = None,
    actor: Actor | None = None,
    finding: str = Finding.NOTHING,
    note: str = "",
) -> Check:
    """Record that somebody looked here for the issue and found nothing to code."""
    with recording(who) as rec:
        check = Check.objects.create(
            source=source,
            paragraph=paragraph,
            issue=issue,
            actor=actor,
            finding=finding,
            note=note,
            by=who,
        )
        rec.note(check, "checked")
    return check
