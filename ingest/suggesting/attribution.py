"""Who says what stands at a place of a sentence."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.suggesting.clauses import Clauses, Subject
from ingest.suggesting.patterns import ACTOR

_SPEAKER = re.compile(rf"\s+(?:the\s+)?([{ACTOR}])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Said:
    """Words of masked[begin:end] are somebody's; `at` are the speakers' characters.

    `effect` is *says*, *thinks*, *predicts*, *asks* or *denies*; `whole` is True where
    the words of speech stand after or amid what is said.
    """

    at: tuple[int, ...]
    begin: int
    end: int
    effect: str
    whole: bool
    verb: int


def attributions(clauses: Clauses) -> list[Said]:
    """Every attribution of a sentence, in order."""
    found: list[Said] = []
    text = clauses.text
    if not clauses.actors:
        return found
    before: Subject | None = None
    for rule in clauses.lexicon.attributions:
        for match in rule.pattern.finditer(text):
            if rule.kind == "according":
                made = _according(clauses, match.end(), rule.effect)
            else:
                who = clauses.subject(match.start(), before)
                made = _spoken(clauses, match, who, rule.kind, rule.effect)
            if made:
                found.append(made)
    return sorted(found, key=lambda said: said.verb)


def _according(clauses: Clauses, end: int, effect: str) -> Said | None:
    at = _SPEAKER.match(clauses.text, end)
    if not at:
        return None
    return Said((at.start(1),), 0, len(clauses.text), effect, True, end)


def _spoken(
    clauses: Clauses, verb: re.Match[str], who: Subject | None, kind: str, effect: str
) -> Said | None:
    text, end = clauses.text, verb.end()
    if who is None or who.how == "urged":
        return _inverted(clauses, verb, effect)
    if kind != "object" and clauses.grammar["to do"].match(text, end):
        return None
    if kind == "object":
        return Said(who.actors, end, len(text), effect, False, verb.start())
    if kind == "told":
        audience = clauses.grammar["audience"].match(text, end)
        end = audience.end() if audience else end
    # "..., Solheim said." and "Finland, Ahlgren said, is opposed"
    closing = clauses.grammar["said it"].match(text, end)
    amid = who.begin > 0 and clauses.grammar["after speech"].search(text[: who.begin])
    if closing and amid and _is_rest(text, who.begin):
        return Said(who.actors, 0, len(text), effect, True, verb.start())
    that = clauses.grammar["said that"].match(text, end)
    return Said(
        who.actors, that.end() if that else end, len(text), effect, False, verb.start()
    )


def _is_rest(text: str, begin: int) -> bool:
    """Is there something said before the speaker: more than a lead-in?"""
    return len(text[:begin].split()) >= 2


def _inverted(clauses: Clauses, verb: re.Match[str], effect: str) -> Said | None:
    """ "..." said Solheim; ..., adds the minister."""
    text = clauses.text
    if not clauses.grammar["after speech"].search(text[: verb.start()]):
        return None
    after = _SPEAKER.match(text, verb.end())
    if not after:
        return None
    return Said((after.start(1),), 0, len(text), effect, True, verb.start())


def said_at(
    found: Sequence[Said], place: int, text: str, other: re.Pattern[str]
) -> Said | None:
    """The attribution that the words at a place stand under; the innermost.

    `other` finds where another's clause begins ("while Chile opposed it").
    """
    best: Said | None = None
    for said in found:
        if said.whole:
            best = best or said
        elif said.begin <= place and not other.search(text, said.begin, place):
            best = said
    return best
