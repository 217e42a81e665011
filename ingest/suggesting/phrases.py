"""Who is named: items put together to actors, bodies and persons with their offices."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.suggesting import mentions
from ingest.suggesting.lexicon import Title
from ingest.suggesting.mentions import Item
from ingest.suggesting.values import Known, KnownActor
from positions.choices import ActorKind, SpeakerRank

# A state or seat, perhaps with its ministry; a ministry, perhaps with its state.
_WHOSE = "(?:[SUJM]g?q{0,2}B?(?:l[BSN]r)?|B(?:l[BN]r)?(?:o[tv]?[SU])?)"
# "Disarmament, Non-proliferation and Science Department"
_OFFICE = "(?:[WNq][WNqachw]{0,13}W|W)?"
_TITLE = (
    "q{0,3}T(?:e(?=[NIPT]))?(?:[ah]?T(?:e(?=[NIP]))?){0,2}"
    "(?:[of]t?(?:[SU](?!g)|[NWBJwqah]{0,12}[WBw]|B(?:o[SU])?))?"
)
_NAME = "(?:[NIP]h?){0,4}[NP]"
_AFTER = "(?:[of]t?(?:[SUJM]g?q{0,2})?(?:[SU]|B(?:o[SU])?)|l[SU]r)"
_PERSON = re.compile(
    f"(?P<titled>t?(?:{_WHOSE})?{_OFFICE}{_TITLE}(?P<name>c{_NAME}c|{_NAME})?{_AFTER}?)"
    f"|(?P<apposed>(?P<first>(?:[NI]h?){{1,4}}[NP]|P)ct?(?:{_WHOSE})?{_OFFICE}{_TITLE})"
    "|(?P<placed>(?:[NI]h?){1,4}[NP]l[SU]r)"
    f"|(?P<surname>{_NAME}(?:l[SU]r)?)"
    f"|(?P<body>t?(?:[SUJM]g?q{{0,2}})?B(?:l[BN]r)?(?:o[tv]?[SU])?)"
    "|(?P<actor>t?[SUM](?:lNr)?)"
    "|(?P<owned>vq{0,2}[BT])"
    "|(?P<pronoun>p)"
)
_STATE_LIKE = frozenset(
    (ActorKind.STATE, ActorKind.BLOC, ActorKind.GROUP, ActorKind.ORGANIZATION)
)


@dataclass(slots=True)
class Person:
    """Somebody of a document: as printed, the office as printed, and whose it is.

    `actor` is the key of whom the person speaks for ("" = not told); `speaks` is
    False for those who speak for no government. `called` is as printed last.
    """

    surname: str
    text: str
    role: str = ""
    rank: int = SpeakerRank.UNKNOWN
    actor: str = ""
    key: str = ""
    speaks: bool = True
    called: str = ""


@dataclass(frozen=True, slots=True)
class Phrase:
    """[start, end) of a text names somebody.

    `kind`: *actor*, *person*, *body* (of a state not told here), *pronoun*, *owned*
    ("his government", "my delegation"), *other* (the public, a company: nobody whose
    position is looked for). `actor` is a key; "" = not told here. `seat` is True where
    only the seat of a government is named.
    """

    start: int
    end: int
    kind: str
    text: str
    actor: str = ""
    surname: str = ""
    role: str = ""
    rank: int = SpeakerRank.UNKNOWN
    of: str = ""
    word: str = ""
    key: str = ""
    seat: bool = False


def phrases(text: str, row: Sequence[Item], known: Known) -> list[Phrase]:
    """Everybody whom a row of items names, in order; phrases do not overlap."""
    types = "".join(item.kind for item in row)
    found = []
    for match in _PERSON.finditer(types):
        inner = row[match.start() : match.end()]
        made = _phrase(text, match, row, inner, known)
        if made:
            found.append(made)
    return found


def _phrase(
    text: str,
    match: re.Match[str],
    row: Sequence[Item],
    inner: Sequence[Item],
    known: Known,
) -> Phrase | None:
    kind = match.lastgroup or ""
    start, end = inner[0].start, inner[-1].end
    said = text[start:end]
    if kind == "pronoun":
        return Phrase(start, end, "pronoun", said, word=said.lower())
    if kind == "owned":
        return Phrase(start, end, "owned", said, word=said.split()[0].lower())
    actor, stranger = _whose(inner, known)
    if kind == "actor":
        shape = "actor" if actor else "other"
        seat = inner[-1].kind == mentions.SEAT
        return Phrase(start, end, shape, said, actor, seat=seat)
    if kind == "body":
        return _body(start, end, said, inner, actor, stranger)
    return _person(text, kind, match, row, inner, actor, stranger)


def _body(
    start: int,
    end: int,
    said: str,
    inner: Sequence[Item],
    actor: str,
    stranger: bool,
) -> Phrase:
    bodies = [item.named for item in inner if item.kind == mentions.BODY]
    if stranger or "other" in bodies:
        return Phrase(start, end, "other", said)
    if actor:
        return Phrase(start, end, "actor", said, actor)
    alone = next((b for b in bodies if isinstance(b, str)), "no")
    return Phrase(start, end, "body" if alone != "no" else "other", said, word=alone)


def _person(
    text: str,
    kind: str,
    match: re.Match[str],
    row: Sequence[Item],
    inner: Sequence[Item],
    actor: str,
    stranger: bool,
) -> Phrase | None:
    groups = {"titled": "name", "apposed": "first"}
    group = groups.get(kind, kind)
    begin, stop = match.span(group)
    names = [i for i in row[begin:stop] if i.kind in "NIP"] if begin >= 0 else []
    surname = next((i for i in reversed(names) if i.kind in "NP"), None)
    titles = [i for i in inner if i.kind == mentions.TITLE]
    if kind == "surname" and not any(i.kind == mentions.PERSON for i in names):
        return None
    bodies = [i.named for i in inner if i.kind == mentions.BODY]
    named = [i.named for i in titles if isinstance(i.named, Title)]
    of = next((t.of for t in named if t.of), "")
    if "other" in bodies:
        of = "other"
    person = next((i.named for i in names if isinstance(i.named, KnownActor)), None)
    start, end = inner[0].start, inner[-1].end
    return Phrase(
        start,
        end,
        "other" if stranger and not surname else "person",
        text[start:end].rstrip(" ,"),
        "" if stranger else actor,
        surname=_surname(text, surname),
        role=_role(text, inner, titles, names),
        rank=min((t.rank for t in named), default=SpeakerRank.UNKNOWN),
        of="other" if stranger else of,
        word=_last_word(titles, text),
        key=person.key if person else "",
    )


def _surname(text: str, item: Item | None) -> str:
    if item is None:
        return ""
    return mentions.last_key(text[item.start : item.end])


def _last_word(titles: Sequence[Item], text: str) -> str:
    """The title by which the person is called again ("the minister")."""
    if not titles:
        return ""
    return mentions.last_key(text[titles[-1].start : titles[-1].end])


def _role(
    text: str, inner: Sequence[Item], titles: Sequence[Item], names: Sequence[Item]
) -> str:
    """The words of the phrase without article and name, as printed."""
    courtesy = [t for t in titles if isinstance(t.named, Title) and t.named.is_courtesy]
    if len(courtesy) == len(titles):
        return ""
    kept = [i for i in inner if i not in names and i not in courtesy]
    while kept and kept[0].kind in "tce":
        kept = kept[1:]
    while kept and kept[-1].kind in "tceof":
        kept = kept[:-1]
    pieces: list[str] = []
    for before, item in zip([None, *kept], kept, strict=False):
        pieces.append(" " if before and before.end < item.start else "")
        pieces.append(text[item.start : item.end])
    return " ".join("".join(pieces).split())


def _whose(inner: Sequence[Item], known: Known) -> tuple[str, bool]:
    """The key of the actor that a phrase belongs to; True if a stranger's.

    A state named goes before a body known; a body stands for its state.
    """
    body = ""
    for item in inner:
        if item.kind in "SUJM":
            if isinstance(item.named, KnownActor):
                return standing_for(item.named, known), False
            return "", True
        if isinstance(item.named, KnownActor) and item.kind in "BP":
            body = body or standing_for(item.named, known)
    return body, False


def standing_for(actor: KnownActor, known: Known) -> str:
    """The highest actor that one may speak for: a body's or person's state.

    (The codebook's first rule for coders.)
    """
    seen = set()
    while actor.kind in (ActorKind.BODY, ActorKind.PERSON) and actor.of not in seen:
        seen.add(actor.of)
        above = known.actor(actor.of)
        if above is None:
            break
        actor = above
    return actor.key
