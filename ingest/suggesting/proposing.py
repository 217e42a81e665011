"""From a reading to a proposal: standing, form, date, words and reason."""

import re
from collections.abc import Sequence

from ingest.records import Voice
from ingest.suggesting.attribution import Said
from ingest.suggesting.dating import Calendar, Told
from ingest.suggesting.discourse import Discourse, Who, is_actor_kind
from ingest.suggesting.dispositions import Reading
from ingest.suggesting.masking import Sentence
from ingest.suggesting.passages import Paragraph
from ingest.suggesting.values import Known, KnownOption, Line, Page, Proposal
from positions.choices import (
    Form,
    Modality,
    ParagraphRole,
    SourceKind,
    SpeakerRank,
    Standing,
    VoiceKind,
)

TOOL, VERSION = "rules", "2"

_SHORT = frozenset((ParagraphRole.HEADING, ParagraphRole.SUBJECT))
_AUTHORS = frozenset((ParagraphRole.COMMENT, ParagraphRole.NOTE))
_ISSUED = frozenset((SourceKind.DECLARATION, SourceKind.LETTER, SourceKind.TREATY))
_MINUTES = frozenset((SourceKind.REPORT, SourceKind.DIGEST))
_AUTHORED = frozenset((VoiceKind.COMMENT, VoiceKind.NOTE))
# A time may stand so many characters before or after the words that it is said of.
BESIDE = 30
# Words after the object still belong to a quote if its clause ends this soon.
TRAIL = 80


class Proposer:
    """Makes the proposals of one page; `meeting` and `parties` are the page's."""

    def __init__(
        self, page: Page, known: Known, discourse: Discourse, calendar: Calendar
    ) -> None:
        self.page, self.known = page, known
        self.discourse, self.calendar = discourse, calendar
        self.meeting: Told | None = None
        self.parties: set[str] = set()

    def is_issued(self) -> bool:
        """Is the whole text the issuer's own word?"""
        if not self.discourse.home:
            return False
        if self.page.kind in _ISSUED:
            return True
        issuer = self.known.actor(self.page.issuer)
        return self.page.kind == SourceKind.REPORT and is_actor_kind(issuer)

    def voice(self, line: Line, place: int) -> Voice | None:
        """Whose voice, not the reported speaker's, a place of a text is."""
        inside = (v for v in line.voices if v.start <= place < v.end)
        return next(inside, None)

    def proposal(
        self,
        paragraph: Paragraph,
        sentence: Sentence,
        reading: Reading,
        actor: Who,
        option: KnownOption,
        named: float,
        speaker: Who | None,
        by: Said | None,
    ) -> Proposal:
        line = paragraph.line
        voice = self.voice(line, sentence.starts[reading.at])
        if speaker is None and actor.person:
            speaker = actor
        standing, sure = self._standing(line, voice, actor, speaker, by, reading)
        start, end = self._span(line.text, sentence, reading)
        quote = line.text[start:end]
        modality = reading.modality
        if modality in (Modality.STATED, Modality.INTENDED):
            thought = by and by.effect == "thinks" and standing == Standing.OTHER
            if (
                by
                and by.effect == "predicts"
                or reading.ahead
                and (thought or standing == Standing.REPORTER)
                or reading.would
                and thought
            ):
                modality = Modality.EXPECTED
        told = self._told(paragraph, sentence, standing, speaker)
        if reading.cue.form == Form.ACT:
            # Of several acts in a sentence each has the day that stands with it.
            own = self.calendar.said_in(line.text, sentence.start, end, since=start)
            told = own or told
        over = (
            sentence.mention(reading.over).option.key
            if reading.over is not None
            else ""
        )
        confidence = reading.strength * named * actor.sure * sure
        if line.role in _SHORT:
            confidence = min(confidence, 0.5) * 0.8
        spoken = speaker if standing != Standing.REPORTER else None
        person = spoken.person if spoken else None
        return Proposal(
            paragraph=line.order,
            start=start,
            end=end,
            quote=quote,
            actor=actor.actor,
            option=option.key,
            disposition=reading.disposition,
            speaker=" ".join((spoken.text if spoken else "").split()),
            role=person.role if person else "",
            rank=person.rank if person else SpeakerRank.UNKNOWN,
            person=person.key if person else "",
            speaker_actor=spoken.actor if spoken else "",
            authority=paragraph.authority if standing == Standing.OWN else "",
            standing=standing,
            form=self._form(line, standing, reading, quote),
            modality=modality,
            condition=self._condition(line.text, sentence, reading),
            said_on=told.text,
            said_basis=told.basis,
            holds_on=self._holds(line.text, sentence, start, end),
            over=over if over != option.key else "",
            event=told.event,
            confidence=round(max(0.0, min(1.0, confidence)), 2),
            reason=self._reason(reading, actor, option, named, spoken, standing),
            tool=TOOL,
            version=VERSION,
        )

    def _standing(
        self,
        line: Line,
        voice: Voice | None,
        actor: Who,
        speaker: Who | None,
        by: Said | None,
        reading: Reading,
    ) -> tuple[Standing, float]:
        """How the words stand to the actor, and how sure that makes the proposal."""
        if line.role in _AUTHORS or line.role in _SHORT:
            return Standing.REPORTER, 0.9
        if voice and voice.kind in _AUTHORED:
            return Standing.REPORTER, 0.9
        if voice and voice.kind == VoiceKind.QUOTED:
            return Standing.OTHER, 0.8
        whole = self.discourse.speaker
        if whole and whole.actor and whole.actor != actor.actor:
            # A minister who tells what others told him speaks for himself alone.
            speaker = whole
        if speaker and speaker.actor == actor.actor:
            return Standing.OWN, 1.0
        if speaker and speaker.actor:
            state = self.known.actor(actor.actor)
            if state and speaker.actor in state.groups:
                return Standing.GROUP, 0.9
            if by or line.speaker or self.is_issued():
                return Standing.OTHER, 0.9
            if reading.cue.form == Form.ACT:
                return Standing.OWN, 0.9
            if self.page.kind == SourceKind.CABLE:
                return Standing.OTHER, 0.75
            return Standing.OWN, 0.85
        if speaker and speaker.person and speaker.person.speaks and speaker.person.role:
            # "..., Foreign Minister Salo said": of no other state than the subject's.
            return Standing.OWN, 0.85
        if by or (speaker and speaker.person):
            return Standing.OTHER, 0.75
        if actor.actor == self.discourse.home:
            # "We support ...": the embassy speaks for its own state.
            return Standing.OWN, 0.9
        if self.page.kind == SourceKind.CABLE and reading.cue.form != "act":
            return Standing.REPORTER, 0.8
        return Standing.OWN, 1.0

    def _form(
        self, line: Line, standing: Standing, reading: Reading, quote: str
    ) -> Form:
        if line.role in _SHORT:
            return Form.CHARACTERISATION
        if reading.cue.form:
            return Form(reading.cue.form)
        if standing == Standing.OWN:
            if line.speaker:
                return Form.VERBATIM
            if self.is_issued():
                return Form.OFFICIAL
        if self._is_quoted(line.text, quote):
            return Form.VERBATIM
        return Form.REPORTED

    def _is_quoted(self, text: str, quote: str) -> bool:
        """Do the words stand between quotation marks?"""
        before = text[: text.find(quote)].translate(str.maketrans("“”", '""'))
        return before.count('"') % 2 == 1

    def _told(
        self,
        paragraph: Paragraph,
        sentence: Sentence,
        standing: Standing,
        speaker: Who | None,
    ) -> Told:
        """When it was said: by sentence, paragraph, meeting or document."""
        if standing == Standing.REPORTER:
            return self.calendar.document
        text = paragraph.line.text
        told = self.calendar.said_in(text, sentence.start, sentence.end)
        if told is None and self.page.kind in _MINUTES:
            # "On Thursday, the plenary took up the plan" holds for what follows.
            told = None if paragraph.line.speaker else paragraph.told
        if told is None and self.page.kind == SourceKind.CABLE:
            met = speaker is not None and speaker.actor in self.parties
            told = paragraph.told or (self.meeting if met else None)
        return told or self.calendar.document

    def _holds(self, text: str, sentence: Sentence, start: int, end: int) -> str:
        """What time the words speak of, told by themselves or close beside them."""
        first = max(sentence.start, start - BESIDE)
        return self.calendar.holds_in(text, first, min(sentence.end, end + BESIDE))

    def _condition(self, text: str, sentence: Sentence, reading: Reading) -> str:
        """The words of the condition, on one line."""
        if reading.condition is None:
            return ""
        start, end = sentence.span(*reading.condition)
        return " ".join(text[start:end].split())

    def _span(self, text: str, sentence: Sentence, reading: Reading) -> tuple[int, int]:
        """The clause that says so, in the paragraph's own text."""
        start, _ = sentence.span(reading.begin, reading.begin + 1)
        end = reading.end
        found = self.discourse.lexicon.grammar["clause ends"].search(
            sentence.masked, end
        )
        stop = found.start() if found else len(sentence.masked)
        if stop - end > TRAIL:
            stop = end
        _, last = sentence.span(reading.begin, max(stop, reading.begin + 1))
        opens = self.discourse.lexicon.grammar["openers"].match(text, start, last)
        start = opens.end() if opens else start
        return start, start + len(text[start:last].rstrip())

    def _reason(
        self,
        reading: Reading,
        actor: Who,
        option: KnownOption,
        named: float,
        speaker: Who | None,
        standing: Standing,
    ) -> str:
        """Why it is proposed, in one sentence."""
        known = self.known.actor(actor.actor)
        cue = " ".join(re.sub("[\ue000-\uf8ff]", "…", reading.said).split())
        parts = [f"“{cue}”" + (" under a negation" if reading.denied else "")]
        whose = known.name if known else actor.actor
        if speaker and speaker.text and standing == Standing.OWN:
            parts.append(f"with {whose}'s {speaker.text} as speaker")
        elif speaker and speaker.text:
            parts.append(f"of {whose}, said by {speaker.text}")
        else:
            parts.append(f"with {whose} as subject")
        how = "by name" if named == 1.0 else "meant by what was named before"
        return f"{' '.join(parts)}; option {option.short_name} {how}."


def once(found: Sequence[Proposal]) -> list[Proposal]:
    """Of proposals of one actor, option and disposition in overlapping words, the best.

    Where the same words give one actor two preferences for one option, the surer.
    """
    kept: list[Proposal] = []
    for one in sorted(found, key=lambda p: -p.confidence):
        if not any(_is_same(one, other) for other in kept):
            kept.append(one)
    return sorted(kept, key=lambda p: (p.start, p.end, p.actor, p.option))


def _is_same(one: Proposal, other: Proposal) -> bool:
    same = (one.actor, one.option) == (other.actor, other.option)
    overlap = one.start < other.end and other.start < one.end
    return (
        same
        and overlap
        and (one.disposition == other.disposition or one.start == other.start)
    )
