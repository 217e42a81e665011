"""What a text has said so far: its persons, and what "he", "it", "the draft" mean."""

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from ingest.suggesting import mentions as kinds
from ingest.suggesting.lexicon import Lexicon
from ingest.suggesting.masking import Mention
from ingest.suggesting.mentions import Item, Vocabulary, items, keys_of, last_key
from ingest.suggesting.phrases import Person, Phrase, phrases, standing_for
from ingest.suggesting.values import Known, KnownActor, KnownOption, Page
from positions.choices import ActorKind, OptionKind, SpeakerRank

# "the draft" means one that was named at most so many paragraphs ago.
NEAR = 1
# A label of shorter words only ("US", "Day 2") is no topic.
LONG = 5
# "Took part" and "ratified" tell what kind of option they are about.
_TOLD = frozenset((OptionKind.TRACK, OptionKind.TREATY))
# "a moratorium" may mean the one that was named before; "a treaty" does not.
_ANY_OF = (OptionKind.OUTCOME, OptionKind.PROPOSAL)


@dataclass(frozen=True, slots=True)
class Who:
    """Whom a phrase means: whose position, who says it, and how sure that is (0-1)."""

    actor: str
    person: Person | None = None
    text: str = ""
    sure: float = 1.0


@dataclass(slots=True)
class _Remembered:
    option: KnownOption
    paragraph: int
    sentence: int


@dataclass
class Discourse:
    """The state of reading one page, from its first line to its last."""

    page: Page
    known: Known
    lexicon: Lexicon
    words: Vocabulary
    people: dict[str, Person] = field(default_factory=dict)
    titled: dict[str, Person] = field(default_factory=dict)
    issues: set[str] = field(default_factory=set)
    speaker: Who | None = None
    last_person: Person | None = None
    last_actor: str = ""
    heard: list[_Remembered] = field(default_factory=list)
    paragraph: int = 0
    sentence: int = 0
    home: str = ""
    host: str = ""

    def __post_init__(self) -> None:
        issuer = self.known.actor(self.page.issuer or self.page.reporter)
        if issuer:
            self.home = standing_for(issuer, self.known)
            self.host = self._seat_in(issuer)
        for speaker in self.page.speakers:
            self._expect(
                speaker.name, speaker.actor, speaker.role, speaker.rank, speaker.person
            )

    # -- persons ----------------------------------------------------------------------

    def _expect(
        self, name: str, actor: str, role: str, rank: int | None, key: str
    ) -> None:
        """Somebody of the coding header, known by surname before the text begins."""
        found = self.known.actor(actor) or self.known.actor(key)
        surname = last_key(name.partition("(")[0])
        if surname:
            whose = standing_for(found, self.known) if found else ""
            self.people[surname] = Person(
                surname,
                name,
                role,
                rank or SpeakerRank.UNKNOWN,
                whose,
                key,
                bool(whose),
            )

    def _seat_in(self, issuer: KnownActor) -> str:
        """The state in which an embassy sits, told by the seat in its name."""
        for name in (issuer.name, *issuer.names):
            keys = keys_of(name)
            for n, key in enumerate(keys):
                for entry in self.words.entries.get(key, ()):
                    state = entry.named
                    if entry.kind != kinds.SEAT or not isinstance(state, KnownActor):
                        continue
                    same = tuple(keys[n : n + len(entry.keys)]) == entry.keys
                    if same and state.key != self.home:
                        return state.key
        return ""

    def introduce(self, found: Iterable[Phrase]) -> None:
        """Remember who is named with an office, to know the surname alone again."""
        for phrase in found:
            if phrase.kind != "person" or not phrase.surname:
                continue
            person = self.people.get(phrase.surname)
            if person is None:
                known = self.known.actor(phrase.key)
                rank = known.rank if known and known.rank else phrase.rank
                person = Person(phrase.surname, phrase.text, rank=rank, key=phrase.key)
                self.people[phrase.surname] = person
            if not person.actor:
                person.actor = phrase.actor or self._office_of(phrase)
                person.speaks = phrase.of != "other"
            if not person.role and phrase.role:
                person.role = phrase.role
                person.rank = min(person.rank, phrase.rank)

    def _office_of(self, phrase: Phrase) -> str:
        """Whose an office is that is named without its state."""
        if phrase.of == "issuer":
            return self.home
        if phrase.of and phrase.of != "other":
            state = self.words.by_iso3.get(phrase.of)
            return state.key if state else ""
        # An officer whom an embassy meets is its host's.
        return self.host if phrase.role and not phrase.of else ""

    def speaks_all(self, name: str) -> Who | None:
        """Who utters a whole paragraph, by the name printed before it."""
        if not name:
            return None
        person = self.people.get(last_key(name.partition("(")[0]))
        if person:
            return Who(person.actor if person.speaks else "", person, name)
        row = items(name, 0, len(name), self.words, frozenset())
        for phrase in phrases(name, row, self.known):
            if phrase.actor:
                made = Person("", name, phrase.role, phrase.rank, phrase.actor)
                return Who(phrase.actor, made, name)
        return Who("", Person("", name), name)

    # -- whom a phrase means ----------------------------------------------------------

    def meant(self, phrase: Phrase, said_by: Who | None) -> Who | None:
        """Whom a phrase means here, `said_by` being who utters it; None if unclear."""
        match phrase.kind:
            case "actor":
                return Who(phrase.actor, sure=0.9 if phrase.seat else 1.0)
            case "person":
                return self._person(phrase, said_by)
            case "body":
                return self._body(phrase, said_by)
            case "pronoun" | "owned" | "possessive":
                return self._pronoun(phrase, said_by)
        return None

    def _person(self, phrase: Phrase, said_by: Who | None) -> Who | None:
        person = self.people.get(phrase.surname) if phrase.surname else None
        if person is None and not phrase.surname and not phrase.actor:
            person = self.titled.get(phrase.word)
            last = self.last_person
            same = last is not None and last.rank == phrase.rank
            if person is None and same and self._is_definite(phrase.text):
                # "the DDG" after "the Deputy Director-General Shimbo".
                person = last
        if person is not None:
            actor = person.actor if person.speaks else ""
            if phrase.surname:
                person.called = phrase.text
            named = person.called or person.text
            return Who(actor, person, named, 0.95 if phrase.surname else 0.85)
        if phrase.of == "other":
            return Who(
                "", Person("", phrase.text, phrase.role, phrase.rank), phrase.text
            )
        actor, sure = phrase.actor or self._office_of(phrase), 0.9
        if not actor:
            # A minister of no named state is the speaker's, or the host's.
            actor, sure = (said_by.actor if said_by else "") or self.host, 0.7
        made = Person("", phrase.text, phrase.role, phrase.rank, actor)
        return Who(actor, made, phrase.text, sure)

    def _is_definite(self, text: str) -> bool:
        """ "the DDG", not "a diplomat" or "officials"."""
        first = text.split()[0].lower()
        definite = self.lexicon.are("determiner") - self.lexicon.are("indefinite")
        return first in definite

    def _body(self, phrase: Phrase, said_by: Who | None) -> Who | None:
        """ "the government", "MOFA": the speaker's state's, else the host's."""
        spoken = (said_by or self.speaker or Who("")).actor
        actor = spoken or self.host or (self.home if not self.host else "")
        actor = actor or self.last_actor
        return Who(actor, text=phrase.text, sure=0.8) if actor else None

    def _pronoun(self, phrase: Phrase, said_by: Who | None) -> Who | None:
        word = phrase.word
        if word in self.lexicon.are("first person"):
            who = said_by or self.speaker
            if who is None and self.home:
                who = Who(self.home)
            return (
                Who(who.actor, who.person, who.text, 0.9) if who and who.actor else None
            )
        if said_by and said_by.actor:
            return Who(said_by.actor, said_by.person, said_by.text, 0.85)
        if word in self.lexicon.are("person"):
            person = self.last_person
            if person is None or not person.speaks:
                return None
            return (
                Who(person.actor, person, person.called or person.text, 0.85)
                if person.actor
                else None
            )
        if self.last_actor:
            return Who(self.last_actor, sure=0.75)
        return None

    def note_person(self, who: Who | None, word: str = "") -> None:
        """Who spoke last is "he" or "she", and "the minister"."""
        if who and who.person:
            self.last_person = who.person
            if word:
                self.titled[word] = who.person

    # -- which option is meant --------------------------------------------------------

    def told_apart(self, candidates: Sequence[KnownOption]) -> KnownOption | None:
        """The one option of several with a name whose issue the page is about."""
        if len(candidates) == 1:
            return candidates[0]
        here = [option for option in candidates if option.issue in self.issues]
        return here[0] if len(here) == 1 else None

    def _earlier(self, here: Sequence[Mention], at: int) -> list[_Remembered]:
        """What was named before a place, of this sentence too."""
        now = [
            _Remembered(m.option, self.paragraph, self.sentence)
            for m in sorted(here, key=lambda m: m.start)
            if m.end <= at
        ]
        return [*self.heard, *now]

    def hear(self, found: Iterable[Mention]) -> None:
        for mention in found:
            self.heard.append(
                _Remembered(mention.option, self.paragraph, self.sentence)
            )

    def last_heard(self, kinds: AbstractSet[str] = frozenset()) -> KnownOption | None:
        """The option of these kinds (none: any) that was named last, near by.

        Further off, the only one so far, if the words tell its kind themselves:
        "France ratified" three paragraphs on.
        """
        fitting = [one for one in self.heard if not kinds or one.option.kind in kinds]
        if not fitting:
            return None
        near = self.paragraph - fitting[-1].paragraph <= NEAR
        alone = is_told(kinds) and len({one.option.key for one in fitting}) == 1
        return fitting[-1].option if near or alone else None

    def topic(self, label: str) -> KnownOption | None:
        """The one option in whose name all words of a label stand; None if not one."""
        keys = {k for k in keys_of(label) if k.isalpha()} - self.lexicon.are("idle")
        if not any(len(key) >= LONG for key in keys):
            return None
        fitting = [option for option, words in self.words.option_words if keys <= words]
        fitting = list(dict.fromkeys(fitting))
        return self.told_apart(fitting) if fitting else None

    def option_called(
        self, noun: str, heard: Sequence[_Remembered], *, indefinite: bool = False
    ) -> KnownOption | None:
        """What "the levy" or "the draft" means: named before, and of that kind.

        By the last word of one of its names, whenever it was named; by what is called
        so in general, if it was named near by or is the only one of its kind so far.
        "A levy" is the one of before only if that is an outcome or proposal, near by.
        """
        by_head = self.words.heads.get(noun, ())
        for one in reversed(heard):
            if one.option.key in by_head:
                near = self.paragraph - one.paragraph <= NEAR
                if indefinite and not (near and one.option.kind in _ANY_OF):
                    return None
                return one.option
        if indefinite:
            return None
        wanted = self.lexicon.anaphora.get(noun, "")
        if wanted in ("", "any", "first", "last"):
            return None
        fitting = [one for one in heard if one.option.kind in wanted.split(";")]
        if not fitting:
            return None
        near = self.paragraph - fitting[-1].paragraph <= NEAR
        alone = len({one.option.key for one in fitting}) == 1
        return fitting[-1].option if near or alone else None

    def anaphors(
        self, row: Sequence[Item], text: str, here: Sequence[Mention]
    ) -> list[Mention]:
        """ "the process", "this draft text", "the latter": options meant, not named.

        `here` are the options that the sentence names itself.
        """
        found = []
        for n, item in enumerate(row):
            if item.kind in (kinds.DETERMINER, kinds.POINTER):
                made = self._anaphor(row, n, text, self._earlier(here, item.start))
                if made:
                    found.append(made)
            elif self._is_bare(row, n):
                option = self.option_called(
                    str(item.named), self._earlier(here, item.start)
                )
                if option:
                    found.append(Mention(item.start, item.end, option, named=False))
        return found

    def _is_bare(self, row: Sequence[Item], n: int) -> bool:
        """ "supported listing": the doing that an option is, without an article."""
        key = row[n].named
        if row[n].kind != kinds.WORD or not isinstance(key, str):
            return False
        before = row[n - 1].kind if n else kinds.SIGN
        return (
            key.endswith("ing")
            and key in self.words.heads
            and before not in (kinds.DETERMINER, kinds.POINTER, kinds.POSSESSIVE)
        )

    def _anaphor(
        self, row: Sequence[Item], n: int, text: str, heard: Sequence[_Remembered]
    ) -> Mention | None:
        indefinite = row[n].named in self.lexicon.are("indefinite")
        for size in (2, 1):
            inner = row[n + 1 : n + 1 + size]
            if len(inner) < size or any(i.kind not in "xqwWNB" for i in inner):
                continue
            after = row[n + 1 + size] if n + 1 + size < len(row) else None
            # "the draft's author", "the proposal for ...": something else.
            if after and (after.kind in "gh" or after.kind == kinds.FOR):
                continue
            words = [last_key(text[i.start : i.end]) for i in inner]
            option = self._pair_member(" ".join(words), heard) if n else None
            for noun in dict.fromkeys((" ".join(words), words[-1])):
                option = option or self.option_called(
                    noun, heard, indefinite=indefinite
                )
            if option:
                return Mention(row[n].start, inner[-1].end, option, named=False)
        return None

    def _pair_member(
        self, noun: str, heard: Sequence[_Remembered]
    ) -> KnownOption | None:
        which = self.lexicon.anaphora.get(noun, "")
        pair = _pair(heard) if which in ("first", "last") else []
        if not pair:
            return None
        return pair[0] if which == "first" else pair[1]


def _pair(heard: Sequence[_Remembered]) -> list[KnownOption]:
    """The two options of the last sentence that named any, if there were two."""
    if not heard:
        return []
    last = (heard[-1].paragraph, heard[-1].sentence)
    rows = [o.option for o in heard if (o.paragraph, o.sentence) == last]
    rows = list(dict.fromkeys(rows))
    return rows if len(rows) == 2 else []


def is_told(kinds: AbstractSet[str]) -> bool:
    """Do words that are about these kinds alone ("took part", "ratified") tell them?"""
    return bool(kinds) and kinds <= _TOLD


def is_actor_kind(actor: KnownActor | None) -> bool:
    """Can this be whose position it is: not a body, nor a person?"""
    return actor is not None and actor.kind not in (ActorKind.BODY, ActorKind.PERSON)
