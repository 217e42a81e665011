"""What a sentence says: who takes which attitude to which option, by its cues."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from ingest.suggesting.clauses import PARTS, Clauses, Object, Subject
from ingest.suggesting.lexicon import Cue
from ingest.suggesting.patterns import ACTOR
from positions.choices import Modality

_LETTERS = re.compile("[a-z]+")
# More cues than this are a list of words, and no sentence that says something.
MOST = 60
_CLAUSE_END = re.compile(r"[,;.:]|\s-\s|\Z")
# What asking others for an attitude says of one's own.
_WANTED = {
    **dict.fromkeys(
        (
            "prefer",
            "support",
            "accept",
            "lead",
            "engage",
            "observe",
            "bound",
            "signed",
            "adopted",
            "pledged",
            "considering",
        ),
        "support",
    ),
    **dict.fromkeys(
        (
            "oppose",
            "reserve",
            "absent",
            "refuse",
            "not_joined",
            "rejected",
            "withdrawn",
        ),
        "oppose",
    ),
}
_FLIPPED = {
    "support": "oppose",
    "prefer": "oppose",
    "oppose": "support",
    "accept": "reserve",
    "reserve": "support",
}
_FOR = ("support", "prefer", "lead", "accept")
_PREFERENCES = frozenset(
    ("prefer", "support", "accept", "oppose", "reserve", "undecided")
)


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading of a cue: whose attitude to what, in places of masked characters.

    `actors` is () where it is the speaker's own; `options` is () where the option was
    named before. `begin` and `end` are the words that say so. `listed` are those whom
    the sentence before listed; `would` is the future of what somebody thought.
    """

    cue: Cue
    begin: int
    end: int
    at: int
    said: str
    actors: tuple[int, ...]
    options: tuple[int, ...]
    disposition: str
    modality: Modality
    strength: float
    condition: tuple[int, int] | None = None
    over: int | None = None
    denied: bool = False
    ahead: bool = False
    part: str = ""
    listed: bool = False
    would: bool = False


Fits = Callable[[Reading], bool]


class Reader:
    """The reading of one sentence's cues.

    `starts` are places where reported clauses begin ("said that ..."); `fits` tells
    whether a reading's options are of the kinds that its cue is about.
    """

    def __init__(self, clauses: Clauses, starts: Iterable[int], fits: Fits) -> None:
        self.clauses = clauses
        self.fits = fits
        self.text = clauses.text
        self.grammar = clauses.grammar
        self.starts = sorted(starts)
        self._matches = self._found()

    def readings(self) -> list[Reading]:
        """The readings of the sentence, in order; no two of the same words."""
        taken: list[tuple[int, int]] = []
        found: list[Reading] = []
        subjects: dict[int, Subject] = {}
        for cue, match in self._matches:
            if any(a < match.end() and match.start() < b for a, b in taken):
                continue
            made = [r for r in self._read(cue, match, subjects) if self.fits(r)]
            if made:
                taken.append(match.span())
                found += made
        return sorted(found, key=lambda reading: (reading.begin, reading.at))

    def _found(self) -> list[tuple[Cue, re.Match[str]]]:
        """The places of all cues, the longest first; of equals, the table's first.

        None in a text that has too many of them to be a sentence.
        """
        words = set(_LETTERS.findall(self.text.lower()))
        found = [
            (cue, match)
            for cue in self.clauses.lexicon.cues
            if not cue.anchors or not cue.anchors.isdisjoint(words)
            for match in cue.pattern.finditer(self.text)
        ]
        if len(found) > MOST:
            found = []
        self.places = sorted(
            {m.start() for c, m in found if c.shape in ("active", "near")}
        )
        return sorted(found, key=lambda one: one[1].start() - one[1].end())

    def _read(
        self, cue: Cue, match: re.Match[str], subjects: dict[int, Subject]
    ) -> Iterator[Reading]:
        if cue.shape in ("full", "noun", "echo"):
            yield from self._self_contained(cue, match)
        elif cue.shape == "voiced":
            yield from self._voiced(cue, match)
        else:
            yield from self._active(cue, match, subjects)

    # -- the shapes of cues -----------------------------------------------------------

    def _active(
        self, cue: Cue, match: re.Match[str], subjects: dict[int, Subject]
    ) -> Iterator[Reading]:
        if self.grammar["by others"].match(self.text, match.end()):
            return
        before = [subjects[n] for n in sorted(subjects) if n < match.start()]
        start = max((n for n in self.starts if n <= match.start()), default=0)
        who = self.clauses.subject(match.start(), before[-1] if before else None, start)
        who = who or self.clauses.counted(match.start(), match.end(), start)
        who = who or self.clauses.all_of_them(match.start(), start)
        if who is None:
            return
        if cue.shape == "linked" and not self.grammar["to be"].search(who.gap):
            return
        subjects[match.start()] = who
        target = self._target(cue, match) or self._before(cue, who)
        if target is None or self._is_hypothetical(who.begin, start):
            return
        end = max(match.end(), target.end)
        gap = set(who.effects)
        if who.how == "inherited" and not gap & {"ahead", "deny", "deny_ahead"}:
            gap |= self._carried(before, match)
        made = list(
            self._made(cue, match, who, target, gap, min(who.begin, match.start()), end)
        )
        yield from made
        for one in made:
            yield from self._aside(one, who)
            yield from self._elliptic(one, match.end())

    def _aside(self, made: Reading, who: Subject) -> Iterator[Reading]:
        """ "Norway, supported by Chile and opposed by Kenya, proposed the plan"."""
        if who.seconds:
            code = "support" if made.disposition == "lead" else made.disposition
            yield replace(made, actors=who.seconds, disposition=code)
        against = "oppose" if made.disposition in _FOR else ""
        against = "support" if made.disposition == "oppose" else against
        if who.against and against:
            yield replace(made, actors=who.against, disposition=against)

    def _elliptic(self, made: Reading, end: int) -> Iterator[Reading]:
        """ "Austria ratified on 2 April, Mexico on 6 May": one verb, several dates."""
        day = self.grammar["on a day"].match(self.text, end)
        while day:
            end = day.end()
            found = self.grammar["another on a day"].match(self.text, end)
            if not found:
                return
            begin, stop = found.span("who")
            actors = tuple(n for n in self.clauses.actors if begin <= n < stop)
            yield replace(made, actors=actors, begin=begin, end=found.end(), at=begin)
            day = found

    def _carried(self, before: list[Subject], match: re.Match[str]) -> set[str]:
        """ "will sign the one and ratify the other": the future goes on."""
        if not before or not re.match(r"[a-z]+", match[0], re.I):
            return set()
        plain = not re.match(r"\w+(?:s|ed|ing)\b", match[0], re.I)
        return set(before[-1].effects & {"ahead", "expect"}) if plain else set()

    def _target(self, cue: Cue, match: re.Match[str]) -> Object | None:
        if cue.shape == "inside":
            return self._within(match)
        if cue.shape == "bare":
            return Object((), match.end(), 0.8)
        near = cue.shape == "near"
        target = self.clauses.object(match.end(), near=near, cues=self.places)
        if target:
            between = self.text[match.end() : target.options[0]]
            # "preferred a single agreement to the Protocol": not the Protocol.
            second = cue.says == "prefer" and self.grammar["second"].search(between)
            return None if second else target
        return self._pronoun(match.end())

    def _before(self, cue: Cue, who: Subject) -> Object | None:
        """ "the plan, which Chile opposes": the option that the clause hangs on."""
        relative = self.grammar["object relative"].search(self.text, 0, who.begin)
        if cue.shape not in ("active", "near") or not relative:
            return None
        return Object((relative.start("O"),), who.begin, 0.9)

    def _pronoun(self, end: int) -> Object | None:
        """ "opposed it", "support this": the option that was named before."""
        sentence, at = self.clauses.sentence, end + 1
        if at < len(self.text) and sentence.is_actor(at):
            meant = sentence.phrase(at).word in self.clauses.lexicon.are("object")
            return Object((), at + 1, 0.75) if meant else None
        found = self.grammar["object pronoun"].match(self.text, end)
        return Object((), found.end(), 0.75) if found else None

    def _within(self, match: re.Match[str]) -> Object:
        begin, end = match.span("O")
        options = tuple(n for n in self.clauses.options if begin <= n < end)
        return Object(options, match.end(), 1.0)

    def _self_contained(self, cue: Cue, match: re.Match[str]) -> Iterator[Reading]:
        begin, end = match.span("A")
        actors = tuple(n for n in self.clauses.actors if begin <= n < end)
        last = max(match.end(), end)
        if cue.shape == "echo":
            target = Object((), last, 0.85)
        elif cue.shape == "noun":
            found = self.clauses.object(match.end(), near=False, cues=self.places)
            if found is None:
                return
            target, last = found, max(found.end, last)
        else:
            target = self._within(match)
        who = Subject(actors, match.start(), "")
        if self._is_hypothetical(match.start(), 0):
            return
        gap = {"deny"} if self.grammar["denial"].search(match[0]) else set()
        if not cue.denied and cue.shape == "full":
            gap = set()
        yield from self._made(cue, match, who, target, gap, match.start(), last)

    def _voiced(self, cue: Cue, match: re.Match[str]) -> Iterator[Reading]:
        if self._is_hypothetical(match.start(), 0):
            return
        who = Subject((), match.start(), "", sure=0.85)
        yield from self._made(
            cue, match, who, self._within(match), set(), match.start(), match.end()
        )

    # -- what they come to ------------------------------------------------------------

    def _made(
        self,
        cue: Cue,
        match: re.Match[str],
        who: Subject,
        target: Object,
        gap: set[str],
        begin: int,
        end: int,
    ) -> Iterator[Reading]:
        if "block" in gap:
            return
        denied = bool(gap & {"deny", "deny_ahead", "deny_expect"})
        expected = bool(gap & {"expect", "deny_expect"})
        ahead = expected or bool(gap & {"ahead", "deny_ahead"})
        code = self._code(cue, who, target, denied, ahead)
        if not code:
            return
        ahead = ahead and who.how != "urged"
        modality, condition = self._modality(
            cue, code, ahead, expected, denied, begin, end
        )
        told = code == "prefer" or not self._is_weak(target.over_word)
        over = target.over if told else None
        strength = cue.strength * who.sure * target.sure
        at = match.start()
        if cue.shape in ("full", "noun", "echo"):
            at = max(at, match.start("A"))
        elif cue.shape == "voiced":
            at = match.start("O")
        last = condition[1] if condition and condition[0] >= end else end
        yield Reading(
            cue, begin, last, at, match[0], who.actors, target.options, code,
            modality, strength, condition, over, denied, ahead,
            target.effect if target.effect in PARTS else "",
            who.how == "listed", bool(self.grammar["would"].search(who.gap)),
        )  # fmt: skip

    def _is_weak(self, word: str) -> bool:
        """ "prefer one to the other", but not "support one to the other"."""
        return word in self.clauses.lexicon.are("than")

    def _code(
        self, cue: Cue, who: Subject, target: Object, denied: bool, ahead: bool
    ) -> str:
        """The disposition of a cue that stands so, towards this object; "" = none."""
        code = cue.disposition(denied=denied, ahead=ahead)
        if who.how == "urged":
            code = _WANTED.get(code, "")
            if who.denied and code:
                code = "oppose" if code == "support" else "support"
        compared = target.over is not None and not self._is_weak(target.over_word)
        if compared and not denied and cue.says in ("support", "accept"):
            code = "prefer"
        if target.effect == "change" and code in _FOR:
            return "reserve"
        if target.effect in ("flip", "change"):
            return _FLIPPED.get(code, "")
        return code

    def _modality(
        self,
        cue: Cue,
        code: str,
        ahead: bool,
        expected: bool,
        denied: bool,
        begin: int,
        end: int,
    ) -> tuple[Modality, tuple[int, int] | None]:
        """The modality, and the place of the condition's words."""
        condition = self._condition(begin, end)
        if condition:
            return Modality.CONDITIONAL, condition
        if expected:
            return Modality.EXPECTED, None
        future = bool(cue.ahead_denied if denied else cue.ahead)
        if ahead and not future and not (denied and code in _PREFERENCES):
            return Modality.INTENDED, None
        return Modality.STATED, None

    def _condition(self, begin: int, end: int) -> tuple[int, int] | None:
        """The place of the condition that a clause stands under, if there is one."""
        stop = next((n for n in self.places if n > end), len(self.text))
        joint = self.grammar["condition ends"].search(self.text[end:stop])
        stop = end + joint.start() if joint else stop
        for place, effect in self._conditions(end, stop):
            if effect == "conditional" and place[0] - end <= 80:
                close = _CLAUSE_END.search(self.text, place[1])
                last = close.start() if close else len(self.text)
                return place[0], last
        for place, effect in self._conditions(0, begin):
            between = self.text[place[1] : begin]
            if effect == "conditional" and between.count(",") == 1 and place[0] < 30:
                return place[0], begin - len(between) + between.index(",")
        return None

    def _conditions(
        self, begin: int, stop: int
    ) -> Iterator[tuple[tuple[int, int], str]]:
        """Conditional words, without those that only look so ("even if")."""
        plain = [
            m.span()
            for rule in self.clauses.lexicon.conditions
            if rule.effect == "plain"
            for m in rule.pattern.finditer(self.text)
        ]
        for rule in self.clauses.lexicon.conditions:
            if rule.effect != "conditional":
                continue
            for match in rule.pattern.finditer(self.text, begin, stop):
                if not any(a <= match.start() and match.end() <= b for a, b in plain):
                    yield match.span(), rule.effect

    def _is_hypothetical(self, begin: int, start: int) -> bool:
        """Do the words stand in an "if" or "whether" clause: nobody's position?"""
        lead = self.text[start:begin]
        if self.grammar["whether"].search(lead):
            return True
        return any(
            effect == "conditional" and "," not in self.text[place[1] : begin]
            for place, effect in self._conditions(start, begin)
        )


def is_question(text: str) -> bool:
    """Does a sentence ask?"""
    return bool(re.search(rf"\?[\"')\s{ACTOR}]*\Z", text))
