"""Roles and voices: summary, comment and note, as blocks or within a paragraph."""

import re
from bisect import bisect_right
from dataclasses import replace
from typing import NamedTuple

from ingest.formats.cable.findings import Findings
from ingest.formats.cable.lines import in_capitals
from ingest.records import Paragraph, Voice
from positions.choices import ParagraphRole, VoiceKind


class End(NamedTuple):
    """The END of a block, standing at [start, end), and the role it names."""

    start: int
    end: int
    role: ParagraphRole


Ends = list[End]

# Roles that leave nothing in a paragraph for another voice, or have no speaker.
_WHOLE = (
    ParagraphRole.COMMENT,
    ParagraphRole.NOTE,
    ParagraphRole.HEADING,
    ParagraphRole.SUBJECT,
)
_KINDS = {"SUM": ParagraphRole.SUMMARY, "COM": ParagraphRole.COMMENT}
_BLOCK_WORD = r"(?P<word>SUMM?A?RY|COMMENTS?|NOTE)"
_OPENS = re.compile(
    r"[^\w]{0,6}+(?=[BEPSCN])(?:BEGIN\s+)?(?:EXECUTIVE\s+|EMBASSY\s+|POST\s+)?"
    + _BLOCK_WORD
    + r"(?:(?:\s*[/&]\s*|\s+AND\s+)[A-Z]+(?:\s+(?:REQUEST|ITEMS?))?)?\s*"
    r"(?:\([A-Z/]{1,6}\)\s*)?(?:[:.]|--?|\n)",
    re.IGNORECASE,
)
_HEADS = re.compile(r"\W*(?:BEGIN\s+|EXECUTIVE\s+)?" + _BLOCK_WORD, re.IGNORECASE)
# In capitals: a pattern that begins with plain letters is searched for fastest.
_ENDS = re.compile(
    r"END(?<!\wEND)(?:\s+OF)?\s{1,3}"
    + _BLOCK_WORD
    + r"(?:(?:\s*[/&]\s*|\s+AND\s+)[A-Z]+(?:\s+REQUEST)?)?\b[.)\]]{0,3}"
)
# (Comment: ...), [Embassy note - ...], NB; the brackets belong to the voice.
_BRACKETED = re.compile(
    r"[(\[]\s{0,2}(?:"
    r"(?:(?:BEGIN|EMBASSY|POST|AMBASSADOR'S|[A-Z]{2,10}OFF|BIO|DRAFTER'S)\s+)?"
    r"(?P<word>COMMENT|NOTE|NB|N\.B\.)"
    r"|(?:INTERPRETER|TRANSLATOR)(?:'S\s+NOTE)?)\s{0,2}(?:[:.,]|--?)",
    re.IGNORECASE,
)
_INLINE = re.compile(
    r"\b(?<![(\[])(?:BEGIN\s+)?(?P<word>COMMENT|NOTE)(?:\s?:|(?P<stop>\.|\s?--?\s))",
    re.IGNORECASE,
)
_BRACKETS = re.compile(r"[()\[\]]")


def with_roles_and_voices(
    text: str, paragraphs: list[Paragraph], findings: Findings
) -> list[Paragraph]:
    """The paragraphs with their block roles and with the author's own voices.

    A block begins at its word and lasts to its END; without an END it is the
    one paragraph, or, begun by a heading, all that the heading governs. A
    summary with an END only begins at the first paragraph. A voice is a span
    that the author says in person; a paragraph that is a comment or note as a
    whole needs none.
    """
    ends = _ends_by_paragraph(text, paragraphs)
    return [
        replace(paragraph, voices=voices)
        if (voices := _voices(text, paragraph, inside, findings))
        else paragraph
        for paragraph, inside in zip(
            _with_roles(text, paragraphs, ends), ends, strict=True
        )
    ]


def _ends_by_paragraph(text: str, paragraphs: list[Paragraph]) -> list[Ends]:
    """The ENDs of blocks in each paragraph; the text is searched once."""
    ends: list[Ends] = [[] for _ in paragraphs]
    if not paragraphs:
        return ends
    starts = [paragraph.start for paragraph in paragraphs]
    capitals = in_capitals(text)
    for match in _ENDS.finditer(capitals, starts[0], paragraphs[-1].end):
        start = match.start()
        if start > starts[0] and text[start - 1] in "([":
            start -= 1
        index = bisect_right(starts, start) - 1
        if match.end() <= paragraphs[index].end:
            ends[index].append(End(start, match.end(), _kind(match["word"])))
    return ends


def _with_roles(
    text: str, paragraphs: list[Paragraph], ends: list[Ends]
) -> list[Paragraph]:
    remaining = _remaining_ends(ends)
    placed: list[Paragraph] = []
    block: ParagraphRole | None = None
    if _summary_lacks_its_start(text, paragraphs, ends):
        block = ParagraphRole.SUMMARY
    for index, paragraph in enumerate(paragraphs):
        if paragraph.role != ParagraphRole.BODY:
            placed.append(paragraph)
            continue
        opened = _opening(text, paragraph)
        block = opened or block
        role = block or _headed(paragraph)
        ended = ends[index][-1].role if ends[index] else None
        if opened and _goes_on_after(paragraph, ends[index], opened):
            # The block is a part of the paragraph: a voice, not its role.
            role = None
        if block and (ended == block or not remaining[index].get(block)):
            block = None
        placed.append(replace(paragraph, role=role) if role else paragraph)
    return placed


def _kind(word: str) -> ParagraphRole:
    return _KINDS.get(word[:3].upper(), ParagraphRole.NOTE)


def _opening(text: str, paragraph: Paragraph) -> ParagraphRole | None:
    match = _OPENS.match(text, paragraph.start, paragraph.end)
    # "(Comment: ...)" is a voice, not a block.
    if not match or _BRACKETED.match(text, paragraph.start, paragraph.end):
        return None
    return _kind(match["word"])


def _headed(paragraph: Paragraph) -> ParagraphRole | None:
    """The role that the governing heading gives: its last part names the block."""
    if not paragraph.heading:
        return None
    match = _HEADS.match(paragraph.heading.rpartition(" / ")[2])
    return _kind(match["word"]) if match else None


def _remaining_ends(ends: list[Ends]) -> list[dict[ParagraphRole, int]]:
    """For each paragraph, how many ENDs of each kind stand after it."""
    after: list[dict[ParagraphRole, int]] = []
    counts: dict[ParagraphRole, int] = {}
    for matches in reversed(ends):
        after.append(dict(counts))
        for match in matches:
            counts[match.role] = counts.get(match.role, 0) + 1
    return after[::-1]


def _goes_on_after(paragraph: Paragraph, ends: Ends, opened: ParagraphRole) -> bool:
    """True if more than half of the paragraph follows the END of what it opens."""
    end = next((end.end for end in ends if end.role == opened), paragraph.end)
    return end - paragraph.start < (paragraph.end - paragraph.start) / 2


def _summary_lacks_its_start(
    text: str, paragraphs: list[Paragraph], ends: list[Ends]
) -> bool:
    """True if the END of a summary stands before anything that begins one."""
    body: list[Paragraph] = []
    for paragraph, inside in zip(paragraphs, ends, strict=True):
        if paragraph.role == ParagraphRole.BODY:
            body.append(paragraph)
            if inside and any(end.role == ParagraphRole.SUMMARY for end in inside):
                opened = ((_opening(text, p) or _headed(p)) for p in body)
                return ParagraphRole.SUMMARY not in opened
    return False


def _voices(
    text: str, paragraph: Paragraph, ends: Ends, findings: Findings
) -> tuple[Voice, ...]:
    """The voices of a paragraph, outermost only, in its own offsets."""
    if paragraph.role in _WHOLE:
        return ()
    start, stop = paragraph.start, paragraph.end
    ends = [end for end in ends if end.role != ParagraphRole.SUMMARY]
    # The one cheap test that most paragraphs fail.
    if not ends and text.find("(", start, stop) < 0 and text.find("[", start, stop) < 0:
        return ()
    opened = _opened_voices(text, start, stop, closed_by_words=bool(ends))
    if not opened:
        return ()
    closing = _closing_brackets(text, start, stop)
    voices: list[Voice] = []
    following = 0
    for at, kind, bracketed in opened:
        if voices and at - start < voices[-1].end:
            continue
        while following < len(ends) and ends[following].start <= at:
            following += 1
        end = closing.get(at) if bracketed else None
        if end is None and following < len(ends):
            end = ends[following].end
        if end is None and bracketed:
            message = "The bracket of a comment is not closed."
            findings.add("voice_unclosed", message, at)
            end = stop
        # "Comment:" in running text that nothing closes is no voice.
        if end is not None:
            voices.append(Voice(at - start, end - start, kind))
    return tuple(voices)


def _opened_voices(
    text: str, start: int, stop: int, *, closed_by_words: bool
) -> list[tuple[int, VoiceKind, bool]]:
    """(offset, kind, in brackets) of all that opens a voice, in order."""
    opened = []
    for match in _BRACKETED.finditer(text, start, stop):
        kind = VoiceKind.INTERPRETER
        if match["word"]:
            comment = match["word"].upper().startswith("COM")
            kind = VoiceKind.COMMENT if comment else VoiceKind.NOTE
        opened.append((match.start(), kind, True))
    if closed_by_words:
        for match in _INLINE.finditer(text, start, stop):
            if match["stop"] and not _begins_a_sentence(text, start, match):
                continue
            comment = match["word"].upper().startswith("COM")
            kind = VoiceKind.COMMENT if comment else VoiceKind.NOTE
            opened.append((match.start(), kind, False))
    return sorted(opened)


def _begins_a_sentence(text: str, start: int, match: re.Match[str]) -> bool:
    """Does "Comment." stand for itself, and not at the end of "He had no comment."?"""
    before = text[max(start, match.start() - 20) : match.start()].rstrip()
    return match["word"][0].isupper() and before[-1:] in ("", *'.!?:)]"”')


def _closing_brackets(text: str, start: int, stop: int) -> dict[int, int]:
    """Offset of each opening bracket -> the end of the one that closes it."""
    pairs: dict[int, int] = {}
    open_at: list[int] = []
    for match in _BRACKETS.finditer(text, start, stop):
        if match[0] in "([":
            open_at.append(match.start())
        elif open_at:
            pairs[open_at.pop()] = match.end()
    return pairs
