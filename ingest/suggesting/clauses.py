"""Who is the subject of words of a sentence, and which options are their object."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ingest.suggesting.lexicon import Lexicon, Rule
from ingest.suggesting.masking import Sentence
from ingest.suggesting.patterns import ACTOR
from positions.choices import OptionKind

# What follows an option may name a text of it: "the Oslo Process draft".
PARTS = ("draft", "declaration")
# A subject is looked for so many actors back; an object so many words on.
BACK, ON, AT_ONCE = 8, 14, 4
# No more characters than this stand between a subject and its verb.
WIDEST = 300
_COMMAS = re.compile(r",[^,;]{1,120},")
_HARD = re.compile(r"[;:?!]|\s-\s")
_WORDS = re.compile(r"[\w'-]+")
# Somebody else begins to do something.
_SOMEBODY = re.compile(rf"[{ACTOR}](?!'s)\s+[a-z]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Subject:
    """Who does what the words say: places of masked characters, and how it is told.

    `gap` are the words between; `begin` where the subject's words begin. `how` is
    *direct*, *inherited* (of the verb before), *urged* (it asks others to), *counted*
    (named elsewhere in the sentence) or *listed* (named in the sentence before).
    `seconds` are those who support it and `against` those who oppose it, as an aside
    says.
    """

    actors: tuple[int, ...]
    begin: int
    gap: str
    effects: frozenset[str] = frozenset()
    how: str = "direct"
    denied: bool = False
    sure: float = 1.0
    seconds: tuple[int, ...] = ()
    against: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Object:
    """The options that words are about: places of masked characters, and how sure."""

    options: tuple[int, ...]
    end: int
    sure: float
    effect: str = ""
    over: int | None = None
    over_word: str = ""


class Clauses:
    """The reading of one sentence's clauses by the rules of a lexicon."""

    def __init__(self, sentence: Sentence, lexicon: Lexicon) -> None:
        self.sentence = sentence
        self.text = sentence.masked
        self.lexicon = lexicon
        self.grammar = lexicon.grammar
        self.small = lexicon.are("small words")
        self.actors = [n for n in range(len(self.text)) if sentence.is_actor(n)]
        self.options = [n for n in range(len(self.text)) if sentence.is_option(n)]

    # -- subjects ---------------------------------------------------------------------

    def subject(
        self, cue: int, before: Subject | None, start: int = 0
    ) -> Subject | None:
        """The subject of the words that begin at `cue`; None if nobody named is.

        `before` is the subject of the verb before it, `start` where its clause may
        begin at the earliest (after "said that").
        """
        return self._urged(cue, start) or self._own(cue, before, start)

    def _own(self, cue: int, before: Subject | None, start: int) -> Subject | None:
        """The subject of words that nobody is asked for."""
        for at in reversed([n for n in self.actors if start <= n < cue][-BACK:]):
            listed = self.grammar["and others"].match(self.text, at + 1, cue)
            group = self.grammar["for a group"].match(self.text, at + 1, cue)
            ends = [m.end() for m in (group, listed) if m] + [at + 1]
            for end in ends:
                effects = self._gap(end, cue)
                if effects is None:
                    continue
                if group and end == group.end():
                    return self._for_group(at, group, cue, start, effects)
                found = self._direct(at, end, cue, start, effects)
                if found:
                    return found
        return self._inherited(cue, before, start)

    def _gap(self, begin: int, end: int) -> frozenset[str] | None:
        which = self.grammar["relative"].match(self.text, begin, end)
        first = which.end() if which else begin
        return walk(self.text, first, end, self.lexicon.gaps)

    def _direct(
        self, at: int, end: int, cue: int, start: int, effects: frozenset[str]
    ) -> Subject | None:
        """The actor at a place, with those it is listed with, `end` being after it."""
        gap = self.text[end:cue]
        actors = self._listed_before(at, start)
        begin = actors[0]
        among = self.grammar["among"].search(self.text, start, begin)
        if "comma" in effects and not among and not self._is_participle(gap, cue):
            return None
        if "to" in effects and begin > start + 1:
            return None
        if self._is_governed(begin, start) and not self._opens(begin, start):
            return None
        for aside in self.grammar["with others"].finditer(gap):
            actors += self._within(aside.span("too"), end)
        asides = {
            side: tuple(
                n
                for aside in self.grammar[side].finditer(gap)
                for n in self._within(aside.span("who"), end)
            )
            for side in ("seconded", "countered")
        }
        neither = self.grammar["none of"].search(self.text, start, begin)
        if neither:
            effects, begin = effects | {"deny"}, neither.start()
        return Subject(
            tuple(actors),
            begin,
            gap,
            effects,
            seconds=asides["seconded"],
            against=asides["countered"],
        )

    def _within(self, span: tuple[int, int], shift: int) -> list[int]:
        """The actors of a place that was found in text[shift:]."""
        first, last = span
        return [n for n in self.actors if first + shift <= n < last + shift]

    def counted(self, cue: int, end: int, start: int) -> Subject | None:
        """ "Many back it, including α", "among those that back it were α and β".

        Those who are counted before the words of attitude, and named after them.
        """
        for who in self.grammar["counted"].finditer(self.text, start, cue):
            name = "named among" if who["among"] else "named after"
            named = self.grammar[name].search(self.text, end)
            effects = walk(self.text, who.end(), cue, self.lexicon.gaps)
            if named and effects is not None:
                actors = tuple(self._within(named.span("who"), 0))
                gap = self.text[who.end() : cue]
                begin = who.start()
                return Subject(actors, begin, gap, effects, "counted", sure=0.9)
        return None

    def all_of_them(self, cue: int, start: int) -> Subject | None:
        """ "All seven", "both": those whom the sentence before listed."""
        for who in self.grammar["all of them"].finditer(self.text, start, cue):
            effects = walk(self.text, who.end(), cue, self.lexicon.gaps)
            if effects is not None:
                gap = self.text[who.end() : cue]
                return Subject((), who.start(), gap, effects, "listed", sure=0.85)
        return None

    def _listed_before(self, at: int, start: int) -> list[int]:
        """The actors of the list that ends at a place, in order."""
        listed = [at]
        for n in reversed(self.actors[: bisect_left(self.actors, at)]):
            joint = self.grammar["actor joint"].fullmatch(self.text, n + 1, listed[-1])
            # "On Egypt, Mwangi said": no list.
            if n < start or not joint or self._is_governed(n, start):
                break
            listed.append(n)
        return listed[::-1]

    def first_list(self) -> list[int]:
        """The actors of the first list of two or more that nothing governs."""
        for at in reversed(self.actors):
            row = self._listed_before(at, 0)
            if len(row) > 1 and not self._is_governed(row[0], 0):
                return row
        return []

    def _is_governed(self, at: int, start: int) -> bool:
        """Does a preposition stand before a place: "with α", "of α"?"""
        lead = max(start, at - 20)
        return bool(self.grammar["governed"].search(self.text, lead, at))

    def _opens(self, begin: int, start: int) -> bool:
        """A preposition that governs something before it: "in Geneva, α ..."."""
        return "," in self.text[max(start, begin - 3) : begin]

    def _is_participle(self, gap: str, cue: int) -> bool:
        """ "Chile, opposing the plan, ...": a comma before "-ing" and nothing else."""
        word = _WORDS.match(self.text, cue)
        return gap.strip() == "," and bool(word and word[0].lower().endswith("ing"))

    def _for_group(
        self,
        at: int,
        group: re.Match[str],
        cue: int,
        start: int,
        effects: frozenset[str],
    ) -> Subject | None:
        """ "Argentina, for the Group of 77, said": the group's position."""
        first, last = group.span("group")
        actors = tuple(n for n in self.actors if first <= n < last)
        if any(self.sentence.phrase(n).kind == "other" for n in actors):
            return self._direct(at, group.end(), cue, start, effects)
        return Subject(actors, at, self.text[group.end() : cue], effects)

    def _inherited(
        self, cue: int, before: Subject | None, start: int
    ) -> Subject | None:
        """The subject of the verb before: "prefers one but will accept the other"."""
        joints = list(self.grammar["clause joint"].finditer(self.text, start, cue))
        for joint in reversed(joints[-3:]):
            effects = self._gap(joint.end(), cue)
            if effects is None:
                continue
            if before and start <= before.begin <= joint.start():
                first = before
            else:
                led = self._leading(joint.start(), start)
                if led is None:
                    return None
                first = led
            if joint[2] == "nor":
                # "will neither sign nor endorse": both, and both of the future.
                ahead = self.grammar["ahead"].search(self.text, first.begin, cue)
                effects |= {"deny", "ahead"} if ahead else {"deny"}
            gap = self.text[joint.end() : cue].lstrip()
            begin = cue - len(gap)
            return Subject(first.actors, begin, gap, effects, "inherited", sure=0.85)
        return None

    def _leading(self, stop: int, start: int) -> Subject | None:
        """The first actor of a clause that nothing governs."""
        for at in self.actors:
            if start <= at < stop:
                if self._is_governed(at, start) and not self._opens(at, start):
                    continue
                if self.text[at + 1 : at + 3] == "'s":
                    continue
                last = at
                for n in (n for n in self.actors if at < n < stop):
                    if not self.grammar["actor joint"].fullmatch(
                        self.text, last + 1, n
                    ):
                        break
                    last = n
                found = self._direct(last, last + 1, last + 1, start, frozenset())
                return found and replace(found, sure=0.8)
        return None

    def _urged(self, cue: int, start: int) -> Subject | None:
        """Who asks others for it: "urged Chile to support"."""
        for rule in self.lexicon.urging:
            for verb in rule.pattern.finditer(self.text, start, cue):
                asked = self.grammar["asked for"].match(self.text[verb.end() : cue])
                if not asked:
                    continue
                if not asked["to"] and not re.search(f"[{ACTOR}]", asked[0]):
                    continue
                who = self._own(verb.start(), None, start)
                if who and not self.grammar["to be"].search(who.gap):
                    denied = bool(asked["not"] or asked["then"])
                    return Subject(
                        who.actors,
                        who.begin,
                        who.gap,
                        frozenset(),
                        "urged",
                        denied,
                        0.75,
                    )
        return None

    # -- objects ----------------------------------------------------------------------

    def object(self, cue: int, *, near: bool, cues: Sequence[int]) -> Object | None:
        """The options that the words ending at `cue` are about.

        `cues` are the places where other words of attitude begin: an option belongs to
        the nearest before it, or to several that share it.
        """
        at = next((n for n in self.options if n >= cue), None)
        if at is None:
            return None
        between = self.text[cue:at]
        words = [w for w in _WORDS.findall(between) if w.lower() not in self.small]
        if (
            _HARD.search(between)
            or self.grammar["new clause"].search(between)
            or len(words) > (AT_ONCE if near else ON)
        ):
            return None
        if any(self._cuts(cue, n) for n in cues if cue <= n < at):
            return None
        effect = self._link(between)
        if effect == "stop" or _SOMEBODY.search(between):
            return None
        if effect == "inside" and self._is_treaty(at):
            return None
        tail = self._tail(at)
        if tail == "tail":
            return None
        options, end = self._listed(at)
        sure = 1.0 if len(words) <= 3 else 0.9 if len(words) <= 7 else 0.75
        over = self.grammar["over"].match(self.text, end)
        place = over.start("O") if over else None
        word = over["word"].lower() if over else ""
        return Object(options, end, sure, effect or tail, place, word)

    def _cuts(self, cue: int, other: int) -> bool:
        """Other words of attitude between, unless verbs share what follows."""
        between = self.text[cue:other]
        return not self.grammar["shared object"].fullmatch(between)

    def _link(self, between: str) -> str:
        """What the words between do to the attitude; the first effect that counts."""
        said = between + " "
        found = {r.effect for r in self.lexicon.links if r.pattern.search(said)}
        order = ("change", "flip", "pass", "stop", "inside")
        return next((e for e in order if e in found), "")

    def _is_treaty(self, at: int) -> bool:
        """Talks held under a treaty are another thing than the treaty."""
        return self.sentence.mention(at).option.kind == OptionKind.TREATY

    def _tail(self, at: int) -> str:
        """What follows an option makes it another thing: "the CD secretariat"."""
        after = re.sub(r"\A\s+", "", self.text[at + 1 : at + 40])
        for rule in self.lexicon.links:
            if rule.effect in ("tail", *PARTS) and rule.pattern.match(after):
                return rule.effect
        return ""

    def _only_determiners(self, begin: int, end: int) -> bool:
        return bool(self.grammar["determiners"].fullmatch(self.text, begin, end))

    def _listed(self, at: int) -> tuple[tuple[int, ...], int]:
        """The option and those that it is listed with; a whole that follows is none."""
        found, end = [at], at + 1
        for n in (n for n in self.options if n > at):
            joint = self.grammar["option joint"].match(self.text, end, n)
            if not joint or not self._only_determiners(joint.end(), n):
                break
            found.append(n)
            end = n + 1
        whole = self.grammar["whole"].match(self.text, end)
        return tuple(found), whole.end() if whole else end


def walk(
    text: str, begin: int, end: int, rules: Sequence[Rule]
) -> frozenset[str] | None:
    """The effects of the words of text[begin:end] between a subject and its verb.

    None if there is a word among them that no rule knows: then it is not its verb.
    Longer words go first; every place is tried once.
    """
    dead: set[int] = set()

    def step(at: int) -> list[str] | None:
        while at < end and (text[at] == " " or _is_opening(text, begin, at)):
            at += 1
        if at == end:
            return []
        if at in dead:
            return None
        for stop, effect in _steps(text, at, end, rules):
            rest = step(stop)
            if rest is not None:
                return [effect, *rest]
        dead.add(at)
        return None

    if end - begin > WIDEST:
        return None
    found = step(begin)
    return None if found is None else frozenset(found)


def _is_opening(text: str, begin: int, at: int) -> bool:
    """A quotation mark before the verb of a subject: was "not against"."""
    return text[at] == '"' and at > begin + 1 and text[at - 2].isalpha()


def _steps(
    text: str, at: int, end: int, rules: Sequence[Rule]
) -> list[tuple[int, str]]:
    """The ends and effects of what may stand at a place, the longest first."""
    if text[at] == ",":
        aside = _COMMAS.match(text, at, end)
        # The comma before "opposing" is nobody's aside.
        plain = [(aside.end(), "aside")] if aside else [(at + 1, "comma")]
        sides = [
            (match.end(), "aside")
            for rule in rules
            if rule.effect == "aside" and (match := rule.pattern.match(text, at, end))
        ]
        return sorted(sides, reverse=True) + plain
    found = [
        (match.end(), rule.effect)
        for rule in rules
        if (match := rule.pattern.match(text, at)) and at < match.end() <= end
    ]
    # Of equals the later rule: it looks at more.
    found.reverse()
    # "At first promised to" is no date: what blocks goes before all else.
    return sorted(found, key=lambda one: (one[1] != "block", -one[0]))
