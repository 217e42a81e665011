"""A sentence in which everybody named, and every option, is one character.

Rules are then short, and where a rule matched is known in the paragraph's own text.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from ingest.suggesting.patterns import FIRST_ACTOR, FIRST_OPTION
from ingest.suggesting.phrases import Phrase
from ingest.suggesting.values import KnownOption

_TAKEN = re.compile("[\ue000-\uf8ff]")
_PLAIN = str.maketrans(
    {**dict.fromkeys("‘’`´", "'"), **dict.fromkeys("“”„«»", '"'), "–": "-", "—": "-"}
)
# Of either kind a sentence of bounded length cannot have more.
MOST = 0x0800


@dataclass(frozen=True, slots=True)
class Mention:
    """[start, end) of a text means an option; `named` is False for "the process"."""

    start: int
    end: int
    option: KnownOption
    named: bool = True


@dataclass(slots=True)
class Sentence:
    """[start, end) of a paragraph's text, and its masked form.

    `starts` and `ends` give for each masked character where it stands in the
    paragraph.
    """

    start: int
    end: int
    masked: str = ""
    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    phrases: list[Phrase] = field(default_factory=list)
    mentions: list[Mention] = field(default_factory=list)

    def phrase(self, at: int) -> Phrase:
        """Who the masked character at this place is."""
        return self.phrases[ord(self.masked[at]) - FIRST_ACTOR]

    def mention(self, at: int) -> Mention:
        """Which option the masked character at this place is."""
        return self.mentions[ord(self.masked[at]) - FIRST_OPTION]

    def is_actor(self, at: int) -> bool:
        return FIRST_ACTOR <= ord(self.masked[at]) < FIRST_OPTION

    def is_option(self, at: int) -> bool:
        return FIRST_OPTION <= ord(self.masked[at]) <= 0xF8FF

    def span(self, begin: int, stop: int) -> tuple[int, int]:
        """The place in the paragraph of masked[begin:stop]."""
        if begin >= stop:
            return self.start, self.start
        return self.starts[begin], self.ends[stop - 1]


def masked(
    text: str,
    start: int,
    end: int,
    phrases: Sequence[Phrase],
    mentions: Sequence[Mention],
) -> Sentence:
    """The sentence text[start:end] with its phrases and mentions masked.

    Line breaks become blanks and typographic signs plain ones; a possessive pronoun
    becomes the character of whom it means, and "'s".
    """
    made = Sentence(start, end)
    parts: list[str] = []
    position = start
    named: list[Phrase | Mention] = sorted(
        (*phrases, *mentions), key=lambda one: (one.start, -one.end)
    )
    for one in named[:MOST]:
        if one.start < position:
            continue
        _plain(made, parts, text, position, one.start)
        if isinstance(one, Phrase):
            sign = chr(FIRST_ACTOR + len(made.phrases))
            made.phrases.append(one)
            sign += "'s" if one.kind == "possessive" else ""
        else:
            sign = chr(FIRST_OPTION + len(made.mentions))
            made.mentions.append(one)
        parts.append(sign)
        made.starts += [one.start] * len(sign)
        made.ends += [one.end] * len(sign)
        position = one.end
    _plain(made, parts, text, position, end)
    made.masked = "".join(parts)
    return made


def _plain(made: Sentence, parts: list[str], text: str, begin: int, stop: int) -> None:
    if begin < stop:
        piece = _TAKEN.sub("\ufffd", text[begin:stop].translate(_PLAIN))
        parts.append(re.sub(r"\s", " ", piece))
        made.starts += range(begin, stop)
        made.ends += range(begin + 1, stop + 1)
