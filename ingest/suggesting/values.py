"""What the engine is asked and what it answers: frozen values, no database."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ingest.records import Speaker, Voice
from positions import names
from positions.choices import (
    ActorKind,
    DateBasis,
    Form,
    Modality,
    OptionKind,
    ParagraphRole,
    SourceKind,
    SpeakerRank,
    Standing,
)


@dataclass(frozen=True, slots=True)
class Line:
    """One paragraph of a page: `order` is the caller's, and comes back with proposals.

    `speaker` is who utters all of it, as printed; voices are offsets in `text`.
    """

    order: int
    text: str
    role: ParagraphRole = ParagraphRole.BODY
    voices: tuple[Voice, ...] = ()
    speaker: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """What the engine must know of a document; what is not known is "".

    `dated` is text of one of the five forms of EDTF. `issuer` and `reporter` are
    keys of actors ("" for the reporter: the issuer). `speakers` are those of the
    coding header, or of the document, with *keys* of actors and persons.
    """

    paragraphs: tuple[Line, ...]
    dated: str = ""
    kind: SourceKind = SourceKind.OTHER
    issuer: str = ""
    reporter: str = ""
    language: str = "en"
    speakers: tuple[Speaker, ...] = ()


@dataclass(frozen=True, slots=True)
class KnownActor:
    """An actor that a text may name.

    `of` is the state (or organization) that a body or person belongs to, `groups`
    the blocs and groups that a state is a member of. A person may have a rank.
    """

    key: str
    kind: ActorKind
    name: str
    names: tuple[str, ...] = ()
    iso3: str = ""
    of: str = ""
    groups: tuple[str, ...] = ()
    role: str = ""
    rank: int | None = None


@dataclass(frozen=True, slots=True)
class KnownOption:
    """An option that a text may name; `whole` is the option that it is a part of."""

    key: str
    issue: str
    kind: OptionKind
    short_name: str
    name: str = ""
    aliases: tuple[str, ...] = ()
    whole: str = ""

    @property
    def called(self) -> tuple[str, ...]:
        """Everything that it is called, once."""
        said = (self.short_name, self.name, *self.aliases)
        return tuple(dict.fromkeys(text for text in said if text))


@dataclass(frozen=True, eq=False)
class Known:
    """The actors and options to look for.

    One value serves any number of pages: `kept` keeps what is made of it once.
    """

    actors: tuple[KnownActor, ...]
    options: tuple[KnownOption, ...]
    kept: dict[Any, Any] = field(default_factory=dict, init=False, repr=False)

    def actor(self, key: str) -> KnownActor | None:
        return self._by_key("actors", self.actors).get(key)

    def option(self, key: str) -> KnownOption | None:
        return self._by_key("options", self.options).get(key)

    def _by_key(self, name: str, rows: tuple[Any, ...]) -> Mapping[str, Any]:
        if name not in self.kept:
            self.kept[name] = {row.key: row for row in rows}
        found: Mapping[str, Any] = self.kept[name]
        return found


@dataclass(frozen=True, slots=True)
class Proposal:
    """A statement that a machine proposes; its quote is exactly text[start:end].

    `paragraph` is the order of the page's line. `speaker` is the text as printed,
    `person` the key of a known one. `said_on` is EDTF ("" = unknown), `holds_on` ""
    where the words speak of the day they were said. `repeats` is the fingerprint of
    the later proposal that a summary's or heading's words say beforehand ("" = it
    stands for itself). `confidence` runs from 0 to 1.
    """

    paragraph: int
    start: int
    end: int
    quote: str
    actor: str
    option: str
    disposition: str
    speaker: str = ""
    role: str = ""
    rank: int = SpeakerRank.UNKNOWN
    person: str = ""
    speaker_actor: str = ""
    authority: str = ""
    standing: Standing = Standing.OWN
    form: Form = Form.REPORTED
    modality: Modality = Modality.STATED
    condition: str = ""
    said_on: str = ""
    said_basis: DateBasis | str = ""
    holds_on: str = ""
    over: str = ""
    event: str = ""
    repeats: str = ""
    confidence: float = 0.0
    reason: str = ""
    tool: str = ""
    version: str = ""

    @property
    def fingerprint(self) -> str:
        """What a rejection is remembered by: the same words, meant the same way.

        Made of the quote's words without case, signs and line breaks, the actor, the
        option and the disposition; not of the place, which a new text may move.
        """
        return names.fingerprint(self.quote, self.actor, self.option, self.disposition)
