"""The words of a text, and which of them name an actor, an office or an option.

A text becomes a row of items, each with a one-letter type; `phrases.py` reads the row.
"""

import re
from collections import defaultdict, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ingest.suggesting.lexicon import Lexicon, Title
from ingest.suggesting.values import Known, KnownActor, KnownOption
from positions import names
from positions.choices import ActorKind, OptionKind

# Types of items. An option; an actor's name; a state that is nobody known; the
# adjective, and the seat, of a state; a body; a title; a person's name.
OPTION, ACTOR, STRANGER, ADJECTIVE, SEAT = "O", "S", "U", "J", "M"
BODY, TITLE, PERSON = "B", "T", "P"
# A name nobody knows, an initial, an office's word capitalised and not, a qualifier.
NAME, INITIAL, OFFICE, OFFICE_SMALL, QUALIFIER = "N", "I", "W", "w", "q"
DETERMINER, POINTER, POSSESSIVE, PRONOUN = "t", "z", "v", "p"
OF, FOR, AND, GENITIVE, COMMA, OPENS, CLOSES = "o", "f", "a", "g", "c", "l", "r"
SLASH, HYPHEN, STOP, SIGN, WORD = "s", "h", "e", "d", "x"

_TOKEN = re.compile(r"(?:[^\W\d_]\.){2,}|['’]s\b|[^\W_]+|[^\w\s]|_")
_SIGNS = {
    "'s": GENITIVE,
    ",": COMMA,
    "(": OPENS,
    ")": CLOSES,
    "/": SLASH,
    "-": HYPHEN,
    "–": HYPHEN,
    ".": STOP,
}
# The classes of small words (in the table of words), and their types; of a word in
# two classes the later counts.
_CLASSES = {
    "office": OFFICE_SMALL,
    "qualifier": QUALIFIER,
    "for": FOR,
    "of": OF,
    "and": AND,
    "pronoun": PRONOUN,
    "possessive": POSSESSIVE,
    "pointer": POINTER,
    "determiner": DETERMINER,
}
_CODE = re.compile(r"\b\d+(?:\.\d+)*(?:\s?\([a-z0-9]{1,4}\))*(?!\w)")

# [start, end) and the key (no case, accents, stops) of a word or sign.
_Token = tuple[int, int, str]


@dataclass(frozen=True, slots=True)
class Item:
    """[start, end) of a text, its type, and what it names.

    `named` is a KnownActor, a KnownOption, a Title, a State's iso3 or a body's kind.
    """

    kind: str
    start: int
    end: int
    named: object = None


@dataclass(frozen=True, slots=True)
class Entry:
    """A name of several words: their keys, the type and what is named."""

    keys: tuple[str, ...]
    kind: str
    named: object
    exact: bool = False


@dataclass
class Vocabulary:
    """Every name of the known actors and options and of the lexicon, by first word."""

    entries: dict[str, list[Entry]] = field(default_factory=lambda: defaultdict(list))
    provisions: dict[str, list[KnownOption]] = field(
        default_factory=lambda: defaultdict(list)
    )
    by_iso3: dict[str, KnownActor] = field(default_factory=dict)
    option_words: list[tuple[KnownOption, frozenset[str]]] = field(default_factory=list)
    heads: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    plain: dict[str, str] = field(default_factory=dict)
    office: frozenset[str] = frozenset()
    placed: frozenset[str] = frozenset()
    before_title: frozenset[str] = frozenset()
    capital_titles: frozenset[str] = frozenset()
    months: frozenset[str] = frozenset()
    weekdays: frozenset[str] = frozenset()
    provision: re.Pattern[str] = re.compile(r"(?P<codes>)(?!)")

    def add(self, text: str, kind: str, named: object) -> None:
        keys = tuple(key for _, _, key in _tokens(text))
        if not keys:
            return
        exact = len(keys) == 1 and len(text) <= 6 and text.isupper()
        self.entries[keys[0]].append(Entry(keys, kind, named, exact))

    def ready(self) -> None:
        """The longest names first; where two are the same, what was added first."""
        for found in self.entries.values():
            found.sort(key=lambda entry: -len(entry.keys))


def vocabulary(known: Known, lexicon: Lexicon, dated: str = "") -> Vocabulary:
    """The names to look for, made once for each set of known actors and options.

    In a document of 1973 (`dated` is EDTF) Moscow is the Soviet Union's.
    """
    year = int(dated[:4]) if dated[:4].isdigit() else 0
    then = frozenset(s.iso3 for s in lexicon.states if 0 < year <= s.until)
    if (lexicon, then) not in known.kept:
        known.kept[lexicon, then] = _made(known, lexicon, then)
    made: Vocabulary = known.kept[lexicon, then]
    return made


def _made(known: Known, lexicon: Lexicon, then: frozenset[str]) -> Vocabulary:
    made = Vocabulary(
        plain=dict(_SIGNS),
        office=lexicon.are("office"),
        placed=lexicon.are("place"),
        before_title=lexicon.are("before title"),
        capital_titles=lexicon.are("capital title"),
        months=lexicon.are("month") | lexicon.are("month short"),
        weekdays=lexicon.are("weekday"),
        provision=_provision(lexicon),
    )
    for name, kind in _CLASSES.items():
        made.plain |= dict.fromkeys(lexicon.words[name], kind)
    for option in known.options:
        _add_option(made, option)
    for actor in known.actors:
        _add_actor(made, actor)
    _add_states(made, known, lexicon, then)
    for body, alone in lexicon.bodies.items():
        made.add(body, BODY, alone)
    for title in lexicon.titles:
        made.add(title.words, TITLE, title)
    made.ready()
    return made


def _provision(lexicon: Lexicon) -> re.Pattern[str]:
    """A run of articles: "Articles 1(b) and 1(c)"."""
    begins = lexicon.grammar["provision"].pattern
    joint = lexicon.grammar["provision joint"].pattern
    code = _CODE.pattern
    return re.compile(
        rf"{begins}(?P<codes>{code}(?:(?:{joint}){code})*)", re.IGNORECASE
    )


def _add_option(made: Vocabulary, option: KnownOption) -> None:
    for text in option.called:
        made.add(text, OPTION, option)
        keys = [key for _, _, key in _tokens(text)]
        made.option_words.append((option, frozenset(keys)))
        if keys and keys[-1].isalpha() and not text.isupper():
            made.heads[keys[-1]].add(option.key)
        if option.kind == OptionKind.PROVISION and (
            found := made.provision.search(text)
        ):
            rows = made.provisions[_code_of(found["codes"])]
            if option not in rows:
                rows.append(option)


def _add_actor(made: Vocabulary, actor: KnownActor) -> None:
    kinds = {ActorKind.BODY: BODY, ActorKind.PERSON: PERSON}
    kind = kinds.get(ActorKind(actor.kind), ACTOR)
    for text in (actor.name, *actor.names):
        made.add(text, kind, actor)
    if actor.iso3:
        made.by_iso3[actor.iso3] = actor


def _add_states(
    made: Vocabulary, known: Known, lexicon: Lexicon, then: frozenset[str]
) -> None:
    """States that nobody knows are strangers: what they say is nobody else's.

    Those that were there `then` have the seats of their heirs.
    """
    called: dict[str, KnownActor] = {}
    for actor in known.actors:
        if actor.kind == ActorKind.STATE:
            for text in (actor.name, *actor.names):
                called.setdefault(names.name_key(text), actor)
    seats = {state.iso3: state.seats for state in lexicon.states}
    # What is added first is what a name means.
    for state in sorted(lexicon.states, key=lambda state: state.iso3 not in then):
        keys = (names.name_key(name) for name in state.names)
        by_name = next((called[key] for key in keys if key in called), None)
        found = made.by_iso3.get(state.iso3) or by_name
        if found:
            made.by_iso3[state.iso3] = found
        for text in state.names:
            made.add(text, ACTOR if found else STRANGER, found)
        for text in state.adjectives:
            made.add(text, ADJECTIVE, found)
        for text in (*state.seats, *(seats[state.heir] if state.iso3 in then else ())):
            if found or state.iso3 not in then:
                made.add(text, SEAT, found)


def _tokens(text: str) -> list[_Token]:
    return [(m.start(), m.end(), _key(m[0])) for m in _TOKEN.finditer(text)]


def _key(token: str) -> str:
    if token in ("'s", "’s"):
        return "'s"
    if not token[0].isalnum():
        return "'" if token in "’‘" else token
    return names.name_key(token)


def keys_of(text: str) -> list[str]:
    """The keys of the words and signs of a text, in order."""
    return [key for _, _, key in _tokens(text)]


def last_key(text: str) -> str:
    """The key of the last word of a text; "" if there is none."""
    keys = [key for key in keys_of(text) if key[0].isalnum()]
    return keys[-1] if keys else ""


def _code_of(text: str) -> str:
    return re.sub(r"\s", "", text).casefold()


@dataclass(frozen=True, slots=True)
class _Run:
    """A run of articles ("Articles 1(b) and 1(c)") and an item for each of them."""

    start: int
    end: int
    items: tuple[Item, ...]


def items(
    text: str, start: int, end: int, words: Vocabulary, surnames: frozenset[str]
) -> list[Item]:
    """The items of text[start:end], in order; they do not overlap.

    `surnames` are keys of the names of persons that the document introduced.
    """
    tokens = [
        (m.start(), m.end(), _key(m[0])) for m in _TOKEN.finditer(text, start, end)
    ]
    runs = deque(_runs(text, start, end, words))
    found: list[Item] = []
    n = 0
    while n < len(tokens):
        if runs and tokens[n][0] >= runs[0].start:
            run = runs.popleft()
            found += run.items
            while n < len(tokens) and tokens[n][0] < run.end:
                n += 1
        else:
            item, n = _item_at(text, tokens, n, words, surnames)
            found.append(item)
    return found


def _runs(text: str, start: int, end: int, words: Vocabulary) -> Iterator[_Run]:
    """The runs of articles of which at least one is a known option."""
    if not words.provisions:
        return
    for run in words.provision.finditer(text, start, end):
        made: list[Item] = []
        codes = list(_CODE.finditer(text, run.start("codes"), run.end("codes")))
        for n, code in enumerate(codes):
            options = words.provisions.get(_code_of(code[0]))
            if options:
                # The word "Articles" goes with the first, so that "and" stays.
                begin = code.start() if n else run.start()
                made.append(Item(OPTION, begin, code.end(), tuple(options)))
        if made:
            yield _Run(run.start(), run.end(), tuple(made))


def _item_at(
    text: str,
    tokens: Sequence[_Token],
    n: int,
    words: Vocabulary,
    surnames: frozenset[str],
) -> tuple[Item, int]:
    """The item that begins with the n-th token, and the number of the next token."""
    start, end, key = tokens[n]
    for entry in words.entries.get(key, ()):
        size = len(entry.keys)
        if size > 1 and tuple(t[2] for t in tokens[n : n + size]) != entry.keys:
            continue
        stop = tokens[n + size - 1][1]
        if _is_meant(text, tokens, n, entry, words):
            named = entry.named
            if entry.kind == OPTION:
                named = _options_called(words, entry)
            return Item(entry.kind, start, stop, named), n + size
    kind = _plain_kind(text, start, end, key, words, surnames)
    if kind == NAME and _is_day(tokens, n, words):
        kind = WORD
    return Item(kind, start, end, key), n + 1


def _is_day(tokens: Sequence[_Token], n: int, words: Vocabulary) -> bool:
    """ "Told the DCM June 2", "told us Monday": when, and nobody's name."""
    key = tokens[n][2]
    numbered = n + 1 < len(tokens) and tokens[n + 1][2].isdigit()
    return key in words.weekdays or (key in words.months and numbered)


def _options_called(words: Vocabulary, entry: Entry) -> tuple[object, ...]:
    """Every option of this name: whose it is here is told by what stands around."""
    rows = words.entries[entry.keys[0]]
    same = (e.named for e in rows if e.keys == entry.keys and e.kind == OPTION)
    return tuple(dict.fromkeys(same))


def _is_meant(
    text: str, tokens: Sequence[_Token], n: int, entry: Entry, words: Vocabulary
) -> bool:
    """Is the entry what the words at the n-th token mean?"""
    start, stop = tokens[n][0], tokens[n + len(entry.keys) - 1][1]
    said = text[start:stop]
    if entry.exact and not said.replace(".", "").isupper():
        return False
    if entry.kind == TITLE:
        return said[0].isupper() or _is_small_title(tokens, n, entry, words)
    if entry.kind not in (ACTOR, STRANGER, ADJECTIVE, SEAT, PERSON):
        return True
    if not said[0].isupper():
        return False
    if entry.kind != ADJECTIVE and _is_compound(text, stop):
        return False
    placed = bool(n) and tokens[n - 1][2] in words.placed
    return entry.kind != SEAT or not (placed or _is_dateline(text, stop))


def _is_small_title(
    tokens: Sequence[_Token], n: int, entry: Entry, words: Vocabulary
) -> bool:
    """A title without a capital: never "general", "mr"; "president" after "the"."""
    title = entry.named
    if not isinstance(title, Title) or title.is_courtesy:
        return False
    if len(entry.keys) > 1 or entry.keys[0] not in words.capital_titles:
        return True
    return bool(n) and tokens[n - 1][2] in words.before_title


def _is_compound(text: str, stop: int) -> bool:
    """ "EU-led", "Oslo-based": not the actor."""
    return text[stop : stop + 1] == "-" and text[stop + 1 : stop + 2].isalpha()


def _is_dateline(text: str, stop: int) -> bool:
    return bool(re.match(r"\s+[-–—]\s|\s+\(", text[stop : stop + 3]))


def _plain_kind(
    text: str,
    start: int,
    end: int,
    key: str,
    words: Vocabulary,
    surnames: frozenset[str],
) -> str:
    plain = words.plain.get(key, "")
    first = text[start]
    if plain and plain not in (OFFICE_SMALL, QUALIFIER):
        return plain
    if not first.isalnum():
        return SIGN
    if key in surnames and first.isupper():
        return PERSON
    if not first.isupper():
        return plain or WORD
    if end - start == 1:
        return INITIAL
    if plain:
        return OFFICE if key in words.office else QUALIFIER
    return NAME if first.isalpha() else WORD
