"""Speakers that a document names -> its coding header, where nobody made one.

A header that is there is a person's: it is never changed. Whoever is not known for
sure is said, and can be added once the register has the name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ingest.matching import Matcher
from ingest.records import Speaker
from positions.choices import SpeakerRank
from positions.models import Actor, CodingHeader, HeaderSpeaker, Source
from positions.models.changes import Recording

NAME_LENGTH = 200
# So many names stand in one sentence.
MOST_NAMES = 5


def load_speakers(
    rec: Recording, matcher: Matcher, source: Source, speakers: Sequence[Speaker]
) -> str:
    """Make the coding header with the speakers whose actor is known for sure.

    Returns one sentence about all the others, "" if there are none.
    """
    if not speakers or CodingHeader.objects.filter(source=source).exists():
        return ""
    known: dict[str, tuple[Speaker, Actor]] = {}
    unsure: dict[str, None] = {}
    for speaker in speakers:
        actor = _actor(matcher, speaker)
        if actor is not None:
            known[speaker.name[:NAME_LENGTH]] = (speaker, actor)
        else:
            unsure[speaker.name] = None
    if known:
        _make(rec, matcher, source, known)
    return _told(list(unsure))


def _make(
    rec: Recording,
    matcher: Matcher,
    source: Source,
    known: Mapping[str, tuple[Speaker, Actor]],
) -> None:
    header = CodingHeader.objects.create(source=source)
    for name, (speaker, actor) in known.items():
        HeaderSpeaker.objects.create(
            header=header,
            name=name,
            person=_person(matcher, speaker),
            role=speaker.role[:NAME_LENGTH],
            rank=speaker.rank or SpeakerRank.UNKNOWN,
            actor=actor,
        )
    rec.note(header, "created", why="The document names its speakers.")


def _told(names: Sequence[str]) -> str:
    if not names:
        return ""
    shown = ", ".join(f"“{name}”" for name in names[:MOST_NAMES])
    more = len(names) - MOST_NAMES
    rest = f" and {more} more" if more > 0 else ""
    return f"Speakers whom nobody in the register is for sure: {shown}{rest}."


def _person(matcher: Matcher, speaker: Speaker) -> Actor | None:
    return matcher.match(speaker.person).actor if speaker.person else None


def _actor(matcher: Matcher, speaker: Speaker) -> Actor | None:
    """Whom the speaker speaks for: the actor named, else the person."""
    for text in (speaker.actor, speaker.person):
        found = matcher.match(text).actor if text else None
        if found is not None:
            return found
    return None
