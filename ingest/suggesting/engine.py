"""The engine: reads a page line by line and proposes statements."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial

from ingest.suggesting import mentions as kinds
from ingest.suggesting.attribution import Said, attributions, said_at
from ingest.suggesting.clauses import Clauses
from ingest.suggesting.dating import Calendar
from ingest.suggesting.discourse import Discourse, Who, is_actor_kind, is_told
from ingest.suggesting.dispositions import Reader, Reading, is_question
from ingest.suggesting.lexicon import Lexicon, lexicon
from ingest.suggesting.masking import Mention, Sentence, masked
from ingest.suggesting.mentions import Item, items, vocabulary
from ingest.suggesting.passages import Paragraph, Passage
from ingest.suggesting.phrases import Phrase, phrases
from ingest.suggesting.proposing import Proposer, once
from ingest.suggesting.repeats import with_repeats
from ingest.suggesting.sentences import sentences
from ingest.suggesting.values import Known, KnownOption, Line, Page, Proposal
from positions.choices import ParagraphRole, SourceKind

_OPENED = re.compile(r"\s+\(")
# "Paraquat: ..." and "On paraquat: ..." say what a paragraph is about.
_LABEL = re.compile(r"\s*(?:On\s+)?([^.:;?!\n]{4,60}):\s")
# Proposals less sure than this are not made.
LEAST = 0.35


def suggest(document: Page, known: Known) -> tuple[Proposal, ...]:
    """The statements that a page's paragraphs seem to make, in the order of the text.

    () for a language without word lists. Time grows linearly with the text.
    """
    words = lexicon(document.language)
    if words is None or not known.actors or not known.options:
        return ()
    return _Engine(document, known, words).proposals()


class _Engine:
    def __init__(self, page: Page, known: Known, words: Lexicon) -> None:
        self.page, self.known, self.lexicon = page, known, words
        self.names = vocabulary(known, words, page.dated)
        self.discourse = Discourse(page, known, words, self.names)
        self.calendar = Calendar(page.dated, words)
        self.proposer = Proposer(page, known, self.discourse, self.calendar)

    def proposals(self) -> tuple[Proposal, ...]:
        paragraphs = [self._read(line) for line in self.page.paragraphs]
        if not any(
            i.kind == kinds.OPTION
            for p in paragraphs
            for r in p.passages
            for i in r.row
        ):
            return ()
        self._introduce(paragraphs)
        self._find_meeting(paragraphs)
        found: list[Proposal] = []
        for number, paragraph in enumerate(paragraphs):
            self.discourse.paragraph = number
            found += self._of_paragraph(paragraph)
        roles = {line.order: line.role for line in self.page.paragraphs}
        return tuple(with_repeats(found, roles))

    # -- before reading ---------------------------------------------------------------

    def _read(self, line: Line) -> Paragraph:
        passages = []
        for start, end in sentences(line.text, self.lexicon):
            row = items(line.text, start, end, self.names, frozenset())
            passages.append(Passage(start, end, row))
        return Paragraph(line, passages)

    def _introduce(self, paragraphs: Sequence[Paragraph]) -> None:
        """Who is who, and which issues: found before anything is read."""
        for paragraph in paragraphs:
            for read in paragraph.passages:
                found = phrases(paragraph.line.text, read.row, self.known)
                self.discourse.introduce(found)
                for item in read.row:
                    if isinstance(item.named, tuple) and len(item.named) == 1:
                        self.discourse.issues.add(item.named[0].issue)
        surnames = self.discourse.people
        for paragraph in paragraphs:
            for read in paragraph.passages:
                read.row = [
                    replace(item, kind=kinds.PERSON)
                    if item.kind in (kinds.NAME, kinds.OFFICE)
                    and item.named in surnames
                    else item
                    for item in read.row
                ]

    def _find_meeting(self, paragraphs: Sequence[Paragraph]) -> None:
        """The day of the meeting that a report is about, and what it was called."""
        if self.page.kind != SourceKind.CABLE:
            return
        for paragraph in paragraphs:
            text = paragraph.line.text
            for read in paragraph.passages:
                if not self.lexicon.grammar["met"].search(text, read.start, read.end):
                    continue
                told = self.calendar.said_in(text, read.start, read.end)
                if told:
                    self.proposer.meeting = told
                    found = phrases(text, read.row, self.known)
                    met = (self.discourse.meant(phrase, None) for phrase in found)
                    self.proposer.parties = {
                        who.actor for who in met if who and who.actor
                    }
                    self.proposer.parties.add(self.discourse.home)
                    return

    # -- reading ----------------------------------------------------------------------

    def _of_paragraph(self, paragraph: Paragraph) -> list[Proposal]:
        line = paragraph.line
        paragraph.speaker = self.discourse.speaks_all(line.speaker)
        if paragraph.speaker is None and self.proposer.is_issued():
            paragraph.speaker = Who(self.discourse.home)
        self.discourse.speaker = paragraph.speaker
        found: list[Proposal] = []
        for number, read in enumerate(paragraph.passages):
            self.discourse.sentence = number
            found += self._of_sentence(paragraph, read)
        return once(found)

    def _of_sentence(self, paragraph: Paragraph, read: Passage) -> list[Proposal]:
        sentence = self._masked(paragraph, read)
        if not sentence.phrases and not sentence.mentions:
            return []
        clauses = Clauses(sentence, self.lexicon)
        said = attributions(clauses)
        self._note_time(paragraph, sentence, said)
        found: list[Proposal] = []
        worth = sentence.mentions or self.discourse.heard
        if worth and not is_question(sentence.masked):
            starts = [s.begin for s in said if not s.whole]
            fits = partial(self._fits, paragraph, sentence)
            for reading in Reader(clauses, starts, fits).readings():
                found += self._proposed(paragraph, sentence, said, reading)
        self._note(paragraph, sentence, said)
        return found

    def _fits(self, paragraph: Paragraph, sentence: Sentence, reading: Reading) -> bool:
        """Is an option of the reading of a kind that its cue is about?"""
        return bool(self._options(paragraph, sentence, reading))

    def _masked(self, paragraph: Paragraph, read: Passage) -> Sentence:
        text, row = paragraph.line.text, read.row
        mentions = []
        for item in row:
            if item.kind == kinds.OPTION and isinstance(item.named, tuple):
                option = self.discourse.told_apart(item.named)
                if option:
                    mentions.append(Mention(item.start, item.end, option))
        mentions += self._topic(paragraph, read, mentions)
        mentions = _with_short_names(mentions, text)
        mentions += self.discourse.anaphors(row, text, mentions)
        found = phrases(text, row, self.known)
        found += self._possessives(text, row, [*found, *mentions])
        return masked(text, read.start, read.end, found, mentions)

    def _topic(
        self, paragraph: Paragraph, read: Passage, mentions: Sequence[Mention]
    ) -> list[Mention]:
        """The option that a label or heading means by a part of its name."""
        text = paragraph.line.text
        if read is not paragraph.passages[0]:
            return []
        label = _LABEL.match(text)
        start, end = label.span(1) if label else (read.start, read.end)
        if not label and paragraph.line.role != ParagraphRole.HEADING:
            return []
        if any(m.start < end for m in mentions):
            return []
        option = self.discourse.topic(text[start:end])
        # What "Salmon: opposed by Norway" is about was not named before.
        paragraph.strange = bool(label) and option is None
        return [Mention(start, end, option, named=False)] if option else []

    def _possessives(
        self, text: str, row: Sequence[Item], taken: Sequence[Phrase | Mention]
    ) -> list[Phrase]:
        """ "its first priority", "our support": whose attitude is named."""
        whose = self.lexicon.grammar["whose own"]
        return [
            Phrase(item.start, item.end, "possessive", word, word=word.lower())
            for item in row
            if item.kind == kinds.POSSESSIVE
            and whose.match(text, item.end)
            and not any(one.start <= item.start < one.end for one in taken)
            and (word := text[item.start : item.end])
        ]

    # -- who speaks -------------------------------------------------------------------

    def _speaker(
        self, paragraph: Paragraph, sentence: Sentence, said: Sequence[Said], at: int
    ) -> tuple[Who | None, Said | None]:
        """Who utters the words at a place, and by which attribution."""
        other = self.lexicon.grammar["other clause"]
        here = said_at(said, at, sentence.masked, other)
        if here:
            for place in here.at:
                who = self.discourse.meant(sentence.phrase(place), paragraph.speaker)
                if who and (who.actor or who.person):
                    return who, here
            return Who(""), here
        return paragraph.carried or paragraph.speaker, None

    def _note_time(
        self, paragraph: Paragraph, sentence: Sentence, said: Sequence[Said]
    ) -> None:
        """What a sentence tells of who speaks for whom, and when."""
        text = paragraph.line.text
        behalf = self.lexicon.grammar["on behalf"].search(sentence.masked)
        if behalf and paragraph.speaker is not None and not said:
            who = self.discourse.meant(sentence.phrase(behalf.start("group")), None)
            if who and who.actor:
                person = paragraph.speaker.person
                paragraph.speaker = Who(who.actor, person, paragraph.speaker.text)
                self.discourse.speaker = paragraph.speaker
        authority = self.lexicon.grammar["authority"].search(sentence.masked)
        if authority:
            paragraph.authority = sentence.phrase(authority.start("who")).text
        told = self.calendar.said_in(text, sentence.start, sentence.end)
        if told and (said or self.page.kind != SourceKind.CABLE):
            paragraph.told = told

    def _note(
        self, paragraph: Paragraph, sentence: Sentence, said: Sequence[Said]
    ) -> None:
        """What the next sentences may refer to."""
        for one in said:
            phrase = sentence.phrase(one.at[0])
            who = self.discourse.meant(phrase, paragraph.speaker)
            if who and phrase.kind != "pronoun":
                self.discourse.note_person(
                    who, phrase.word if phrase.kind == "person" else ""
                )
            if who and one.effect not in ("asks", "denies"):
                paragraph.carried = who
        row = Clauses(sentence, self.lexicon).first_list()
        whos = [self.discourse.meant(sentence.phrase(place), None) for place in row]
        paragraph.listed = [replace(w, sure=0.85) for w in whos if w and w.actor]
        for phrase in sentence.phrases:
            if phrase.kind == "actor" and phrase.actor:
                self.discourse.last_actor = phrase.actor
                break
        for phrase in sentence.phrases:
            if phrase.kind == "person" and phrase.word:
                who = self.discourse.meant(phrase, None)
                if who and who.person and who.actor:
                    self.discourse.titled.setdefault(phrase.word, who.person)
        if sentence.mentions:
            self.discourse.hear(sentence.mentions)
            paragraph.last_options = [m.option for m in sentence.mentions]

    # -- proposals --------------------------------------------------------------------

    def _proposed(
        self,
        paragraph: Paragraph,
        sentence: Sentence,
        said: Sequence[Said],
        reading: Reading,
    ) -> Iterator[Proposal]:
        if reading.disposition == "same":
            if not paragraph.last:
                return
            before = paragraph.last[-1]
            reading = replace(
                reading, disposition=before.disposition, modality=before.modality
            )
        speaker, by = self._speaker(paragraph, sentence, said, reading.at)
        if by and (by.effect in ("asks", "denies") or _is_rumour(sentence, by)):
            return
        options = self._options(paragraph, sentence, reading)
        made = False
        several = {who.actor for who in self._together(sentence, by)}
        for actor in self._actors(paragraph, sentence, reading, speaker, by):
            # "Chile and Kenya said that they ...": each of them for itself.
            told_by = actor if actor.actor in several else speaker
            for option, named in options:
                proposal = self.proposer.proposal(
                    paragraph, sentence, reading, actor, option, named, told_by, by
                )
                if proposal.confidence >= LEAST:
                    made = True
                    yield proposal
        if made:
            paragraph.last.append(reading)
            paragraph.last_options = [option for option, _ in options]

    def _options(
        self, paragraph: Paragraph, sentence: Sentence, reading: Reading
    ) -> list[tuple[KnownOption, float]]:
        """The options of a reading, each with how sure it is that it is meant."""
        found = self._meant_options(paragraph, sentence, reading)
        return [one for one in found if _is_of(reading, one[0])]

    def _meant_options(
        self, paragraph: Paragraph, sentence: Sentence, reading: Reading
    ) -> list[tuple[KnownOption, float]]:
        if reading.options:
            mentions = [sentence.mention(at) for at in reading.options]
            if reading.part:
                parts = [self._part(m.option, reading.part) for m in mentions]
                return [(part, 0.9) for part in parts if part]
            return [(m.option, 1.0 if m.named else 0.85) for m in mentions]
        before = [
            m.option for m in sentence.mentions if m.end <= sentence.starts[reading.at]
        ]
        for options, sure in ((before, 0.85), (paragraph.last_options, 0.8)):
            fitting = [option for option in options if _is_of(reading, option)]
            if fitting:
                return [(fitting[-1], sure)]
            if options and not is_told(reading.cue.kinds):
                return []
        if paragraph.strange:
            return []
        heard = self.discourse.last_heard(reading.cue.kinds)
        # A cue that tells the kind itself makes that surer.
        return [(heard, 0.7 if reading.cue.kinds else 0.6)] if heard else []

    def _part(self, whole: KnownOption, kind: str) -> KnownOption | None:
        """ "the Oslo Process draft text": the one known draft of the process."""
        fitting = [
            option
            for option in self.known.options
            if option.whole == whole.key and option.kind == kind
        ]
        return fitting[0] if len(fitting) == 1 else None

    def _actors(
        self,
        paragraph: Paragraph,
        sentence: Sentence,
        reading: Reading,
        speaker: Who | None,
        by: Said | None,
    ) -> Iterator[Who]:
        if reading.listed:
            yield from paragraph.listed
            return
        if not reading.actors:
            who = speaker or paragraph.speaker
            if who and is_actor_kind(self.known.actor(who.actor)):
                yield who
            return
        for at in reading.actors:
            phrase = sentence.phrase(at)
            if reading.cue.shape == "full" and phrase.word in self.lexicon.are(
                "object"
            ):
                continue
            if by is None and self._is_a_strangers(sentence, at, phrase):
                continue
            if phrase.word in self.lexicon.are("plural person"):
                several = self._several(paragraph, sentence, at, by)
                if several or (by and not (speaker and speaker.actor)):
                    yield from several
                    continue
            own = speaker
            if phrase.kind == "person" and speaker and speaker.person:
                own = None
            who = self._in_sentence(sentence, at, phrase, own) or self.discourse.meant(
                phrase, own
            )
            if who and is_actor_kind(self.known.actor(who.actor)):
                yield who

    def _is_a_strangers(self, sentence: Sentence, at: int, phrase: Phrase) -> bool:
        """ "The delegates explained that they ...": said by somebody nobody knows."""
        lead = self.lexicon.grammar["said before"].search(sentence.masked, 0, at)
        if phrase.kind != "pronoun" or not lead:
            return False
        verbs = (rule.pattern for rule in self.lexicon.attributions)
        return any(verb.fullmatch(lead["verb"]) for verb in verbs)

    def _several(
        self, paragraph: Paragraph, sentence: Sentence, at: int, by: Said | None
    ) -> list[Who]:
        """Whom "they" means: who say so together, or whom the last sentence lists."""
        if by is None:
            # Further on in a sentence "they" may be anybody.
            opens = len(sentence.masked[:at].split()) <= 1
            return paragraph.listed if opens and not self.discourse.speaker else []
        return self._together(sentence, by)

    def _together(self, sentence: Sentence, by: Said | None) -> list[Who]:
        """Those who say something together; [] if it is one or nobody."""
        found = [
            self.discourse.meant(sentence.phrase(place), None)
            for place in (by.at if by else ())
        ]
        known = [who for who in found if who and who.actor]
        return known if len(known) > 1 else []

    def _in_sentence(
        self, sentence: Sentence, at: int, phrase: Phrase, said_by: Who | None
    ) -> Who | None:
        """ "Chile introduced its proposal": whom "its" means within a sentence."""
        third = phrase.word in self.lexicon.are("third person")
        if phrase.kind not in ("pronoun", "possessive") or not third:
            return None
        if said_by and said_by.actor:
            return None
        for place in range(at):
            if sentence.is_actor(place) and sentence.phrase(place).kind == "actor":
                who = self.discourse.meant(sentence.phrase(place), None)
                return replace(who, sure=0.85) if who else None
        return None


def _is_of(reading: Reading, option: KnownOption) -> bool:
    """Is an option of a kind that the reading's cue is about?"""
    return not reading.cue.kinds or option.kind in reading.cue.kinds


def _is_rumour(sentence: Sentence, by: Said) -> bool:
    """ "The press speculates that ...": nobody's position, and nobody's report."""
    others = all(sentence.phrase(place).kind == "other" for place in by.at)
    return by.effect == "predicts" and others


def _with_short_names(mentions: Sequence[Mention], text: str) -> list[Mention]:
    """ "Convention on Certain Conventional Weapons (CCW)" is one: of the CCW."""
    joined: list[Mention] = []
    for mention in mentions:
        before = joined[-1] if joined else None
        closed = text[mention.end : mention.end + 1] == ")"
        if before and closed and _OPENED.fullmatch(text, before.end, mention.start):
            joined[-1] = Mention(before.start, mention.end + 1, mention.option)
        else:
            joined.append(mention)
    return joined
