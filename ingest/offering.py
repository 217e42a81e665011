"""From sources to the queue: what the engine knows, what it proposes, and the door.

The engine (`suggesting`) is pure; here it is given the actors and options of the
database and the text of a source, and its proposals are filed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet

from ingest import suggesting
from ingest.models import ImportRun
from ingest.records import Speaker, Voice
from ingest.suggesting.values import (
    Known,
    KnownActor,
    KnownOption,
    Line,
    Page,
    Proposal,
)
from positions import suggestions
from positions.choices import ActorKind, OptionKind, ParagraphRole, SourceKind
from positions.choices import VoiceKind as Kind
from positions.models import (
    Actor,
    CodingHeader,
    Disposition,
    Membership,
    Option,
    Paragraph,
    Revision,
    Source,
)
from positions.suggestions import Filed, Proposed

# What a body or a person belongs to, rather than what a state is a member of.
WITHIN = (ActorKind.BODY, ActorKind.PERSON, ActorKind.PARTY)


# Sources read at a time.
BATCH = 200


def brought_by(run: ImportRun) -> QuerySet[Source]:
    """The sources whose text that is read now came in this run."""
    return Source.objects.filter(revisions__current=True, revisions__imported__run=run)


@dataclass
class Offering:
    """Suggesting over one run: what is known is read once."""

    known: Known = field(init=False)
    actors: dict[str, Actor] = field(init=False)
    options: dict[str, Option] = field(init=False)
    dispositions: dict[str, Disposition] = field(init=False)

    def __post_init__(self) -> None:
        self.actors = {actor.key: actor for actor in Actor.objects.current()}
        rows = Option.objects.current().select_related("issue", "parent")
        self.options = {option.key: option for option in rows}
        self.dispositions = {row.code: row for row in Disposition.objects.all()}
        self.known = Known(_actors(), _options(self.options.values()))

    def suggest_all(self, sources: QuerySet[Source]) -> Iterator[tuple[Source, Filed]]:
        """The same for many sources, each in a transaction of its own."""
        rows = sources.select_related("collection", "issuer__merged_into")
        last = 0
        while batch := list(rows.filter(pk__gt=last).order_by("pk")[:BATCH]):
            last = batch[-1].pk
            for source in batch:
                yield source, self.suggest(source)

    def suggest(self, source: Source) -> Filed:
        """File what the engine proposes of the text that is read now."""
        revision = (
            Revision.objects.filter(source=source, current=True)
            .defer("text", "patches", "header")
            .select_related("source__collection")
            .first()
        )
        if revision is None or not self.options:
            return Filed()
        rows = revision.paragraphs.prefetch_related("voices").order_by("order")
        paragraphs = {row.order: row for row in rows}
        for row in paragraphs.values():
            row.revision = revision
        found = suggesting.suggest(_page(source, paragraphs.values()), self.known)
        return self.file(source, paragraphs, found)

    def file(
        self,
        source: Source,
        paragraphs: dict[int, Paragraph],
        found: Iterable[Proposal],
    ) -> Filed:
        """Put proposals, whose records all are known, into the queue."""
        proposals = list(found)
        proposed = [self._proposed(paragraphs, proposal) for proposal in proposals]
        tools = {(p.tool, p.version) for p in proposals}
        made = known = 0
        for tool, version in sorted(tools):
            own = [
                one
                for one, proposal in zip(proposed, proposals, strict=True)
                if (proposal.tool, proposal.version) == (tool, version)
            ]
            filed = suggestions.file(source, own, tool=tool, version=version)
            made, known = made + filed.made, known + filed.known
        return Filed(made, known)

    def _proposed(
        self, paragraphs: dict[int, Paragraph], proposal: Proposal
    ) -> Proposed:
        return Proposed(
            paragraph=paragraphs[proposal.paragraph],
            start=proposal.start,
            end=proposal.end,
            actor=self.actors[proposal.actor],
            option=self.options[proposal.option],
            disposition=self.dispositions[proposal.disposition],
            confidence=proposal.confidence,
            reason=proposal.reason,
            speaker=self.actors.get(proposal.person),
            speaker_text=proposal.speaker[:200],
            speaker_role=proposal.role[:200],
            speaker_rank=proposal.rank,
            on_authority_text=proposal.authority[:200],
            standing=proposal.standing,
            form=proposal.form,
            modality=proposal.modality,
            condition=proposal.condition[:300],
            said_on=proposal.said_on,
            said_basis=proposal.said_basis,
            holds_on=proposal.holds_on,
            over_option=self.options.get(proposal.over),
            repeats=proposal.repeats,
        )


def _page(source: Source, paragraphs: Iterable[Paragraph]) -> Page:
    header = (
        CodingHeader.objects.filter(source=source)
        .select_related("reporter")
        .prefetch_related("speakers__actor", "speakers__person")
        .first()
    )
    issuer = source.issuer.survivor.key if source.issuer else ""
    return Page(
        paragraphs=tuple(_line(paragraph) for paragraph in paragraphs),
        dated=(header.said_on if header else "") or source.dated,
        kind=SourceKind(source.kind),
        issuer=issuer,
        reporter=header.reporter.key if header and header.reporter else "",
        language=source.language or "en",
        speakers=tuple(_speakers(header)) if header else (),
    )


def _line(paragraph: Paragraph) -> Line:
    return Line(
        order=paragraph.order,
        text=paragraph.text,
        role=ParagraphRole(paragraph.role),
        voices=tuple(
            Voice(voice.start, voice.end, Kind(voice.kind))
            for voice in paragraph.voices.all()
        ),
        speaker=paragraph.speaker,
    )


def _speakers(header: CodingHeader) -> Iterable[Speaker]:
    for row in header.speakers.all():
        yield Speaker(
            name=row.name,
            actor=row.actor.survivor.key,
            person=row.person.survivor.key if row.person else "",
            role=row.role,
            rank=row.rank,
        )


def _actors() -> tuple[KnownActor, ...]:
    """Every actor that is not merged away, with the names of those merged into it."""
    rows = Actor.objects.current().prefetch_related(
        "names", "identifiers", "merged__names"
    )
    within: dict[int, Membership] = {}
    groups: dict[int, list[str]] = {}
    for row in Membership.objects.select_related("member", "group").order_by("pk"):
        if row.member.kind in WITHIN:
            within.setdefault(row.member_id, row)
        else:
            groups.setdefault(row.member_id, []).append(row.group.key)
    return tuple(
        _known_actor(actor, within.get(actor.pk), groups.get(actor.pk, ()))
        for actor in rows
    )


def _known_actor(
    actor: Any, within: Membership | None, groups: Iterable[str]
) -> KnownActor:
    others = [name.name for name in actor.names.all()]
    for merged in actor.merged.all():
        others += [merged.name, *(name.name for name in merged.names.all())]
    return KnownActor(
        key=actor.key,
        kind=ActorKind(actor.kind),
        name=actor.name,
        names=tuple(dict.fromkeys(others)),
        iso3=actor.identifier("iso3"),
        of=within.group.survivor.key if within else "",
        groups=tuple(dict.fromkeys(groups)),
        role=within.role if within else "",
        rank=within.rank if within else None,
    )


def _options(rows: Iterable[Option]) -> tuple[KnownOption, ...]:
    options = Option.objects.filter(pk__in=[row.pk for row in rows])
    return tuple(
        KnownOption(
            key=option.key,
            issue=option.issue.key,
            kind=OptionKind(option.kind),
            short_name=option.short_name,
            name=option.name,
            aliases=tuple(alias.name for alias in option.aliases.all()),
            whole=option.parent.key if option.parent else "",
        )
        for option in options.select_related("issue", "parent").prefetch_related(
            "aliases"
        )
    )
