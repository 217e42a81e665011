"""A source as its page shows it: paragraphs, with the quotes of statements lit up.

What a reader may not read never gets into these values: a withheld paragraph has
no text here, a source that is only citable no paragraphs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Prefetch, Q

from positions.choices import Anchor, CitationRole, ParagraphRole, StatementState
from positions.models import Citation, Paragraph, Source, Statement, Voice
from positions.pages.showing import PARAGRAPHS_A_PAGE, Words, show_words, statement_url
from positions.readers import Reader
from positions.segments import Segment, Span, segments
from positions.telling import (
    Sentence,
    as_text,
    tell_acceptance,
    tell_attribution,
    tell_disposition,
)

# What a curator sees lit; a reader sees accepted ones.
LIVE = (StatementState.ACCEPTED, StatementState.REVIEW, StatementState.DRAFT)
MOST_NAMED = 5
# Sorts after every paragraph.
ASTRAY = 2**31


@dataclass(frozen=True, slots=True)
class Entry:
    """Statements of the same words that say the same of several actors."""

    statements: tuple[Statement, ...]
    role: CitationRole
    attribution: Sentence
    acceptance: str
    as_in: int | None = None  # the note before it that is told in the same words

    @property
    def first(self) -> Statement:
        return self.statements[0]

    @property
    def sense(self) -> str:
        return tell_disposition(self.first)

    @property
    def leading(self) -> tuple[Statement, ...]:
        """Those named at once; the others are folded, unless they are but one."""
        few = len(self.statements) <= MOST_NAMED + 1
        return self.statements if few else self.statements[:MOST_NAMED]

    @property
    def following(self) -> tuple[Statement, ...]:
        return self.statements[len(self.leading) :]


@dataclass(frozen=True, slots=True)
class Note:
    """A quote lit in a paragraph, and what was coded from it."""

    number: int
    words: Words
    entries: tuple[Entry, ...]

    @property
    def url(self) -> str:
        """Its statement's page; with several, the note that lists them."""
        statements = [s for entry in self.entries for s in entry.statements]
        if len(statements) == 1:
            return statement_url(statements[0])
        return f"#n{self.number}"

    @property
    def draft(self) -> bool:
        return all(e.first.state != StatementState.ACCEPTED for e in self.entries)


@dataclass(frozen=True, slots=True)
class Lit:
    """A piece of a paragraph: whose words, under which notes, which end with it."""

    text: str
    voice: Voice | None
    note: Note | None
    ends: tuple[Note, ...]
    voice_ends: bool
    draft: bool  # nothing accepted covers it


@dataclass(frozen=True, slots=True)
class Shown:
    """A paragraph; without `lit` its text is withheld from the reader."""

    paragraph: Paragraph
    heading: str
    label: str
    lit: tuple[Lit, ...]
    notes: tuple[Note, ...]

    @property
    def withheld(self) -> bool:
        return not self.lit

    @property
    def is_title(self) -> bool:
        """Does it only say again what the page's title says?"""
        paragraph = self.paragraph
        if self.withheld or self.notes or paragraph.mark:
            return False
        title = paragraph.revision.source.title
        is_subject = paragraph.role == ParagraphRole.SUBJECT
        return is_subject and paragraph.text.split() == title.split()


@dataclass(frozen=True, slots=True)
class Opened:
    """One page of a source; `astray` are quotes with no sure place in its text now."""

    paragraphs: tuple[Shown, ...]
    astray: tuple[Note, ...]
    next_page: int | None
    from_start: bool

    @property
    def title(self) -> Shown | None:
        """The paragraph that the page's title says, and that is not shown again."""
        return next((shown for shown in self.paragraphs if shown.is_title), None)


def open_source(source: Source, reader: Reader, start: int | None = None) -> Opened:
    """The paragraphs of a source from one key on, with all that was coded there.

    For a source whose text the reader may not read: only the quotes. Raises
    Source.DoesNotExist for a key that no paragraph has.
    """
    readable = Source.objects.text_visible_to(reader).filter(pk=source.pk).exists()
    paragraphs = _paragraphs(source, start) if readable else []
    if start is not None and not paragraphs:
        raise Source.DoesNotExist
    page, rest = paragraphs[:PARAGRAPHS_A_PAGE], paragraphs[PARAGRAPHS_A_PAGE:]
    open_to_reader = _open_to(reader, page)
    placed, astray = _notes(source, page, reader, whole=not readable)
    # A heading that is a paragraph of its own is not said twice.
    previous = ""
    shown = []
    for paragraph in page:
        heading = paragraph.heading_for(reader)
        notes = placed.get(paragraph.pk, ())
        may_read = paragraph.pk in open_to_reader
        shown.append(
            Shown(
                paragraph=paragraph,
                heading=heading if may_read and heading != previous else "",
                label=printed_label(paragraph),
                lit=tuple(light(paragraph, notes)) if may_read else (),
                notes=tuple(note for _, note in notes),
            )
        )
        is_heading = paragraph.role == ParagraphRole.HEADING
        previous = paragraph.text if is_heading else paragraph.heading
    return Opened(
        tuple(shown), tuple(astray), rest[0].key if rest else None, start is None
    )


def _paragraphs(source: Source, start: int | None) -> list[Paragraph]:
    rows = (
        Paragraph.objects.current()
        .filter(revision__source=source)
        .prefetch_related(Prefetch("voices", Voice.objects.select_related("whose")))
        .select_related("revision__source__collection")
        .defer("revision__text", "revision__patches", "revision__header")
        .order_by("order")
    )
    if start is not None:
        first = rows.filter(key=start).values("order")[:1]
        rows = rows.filter(order__gte=first)
    return list(rows[: PARAGRAPHS_A_PAGE + 1])


def _open_to(reader: Reader, page: Sequence[Paragraph]) -> frozenset[int]:
    rows = Paragraph.objects.visible_to(reader).filter(pk__in=[p.pk for p in page])
    return frozenset(rows.values_list("pk", flat=True))


def printed_label(paragraph: Paragraph) -> str:
    """The label as printed, where it is not simply the number."""
    label = paragraph.label
    return label if label.strip("().¶ ") != paragraph.number else ""


# -- notes -------------------------------------------------------------------------

Placed = tuple[Span, Note]


def _notes(
    source: Source, page: Sequence[Paragraph], reader: Reader, *, whole: bool
) -> tuple[dict[int, list[Placed]], list[Note]]:
    """Notes by paragraph, in order of their place; and those without a sure one."""
    orders = {paragraph.pk: paragraph.order for paragraph in page}
    keys = {paragraph.key for paragraph in page}
    spots: dict[tuple[int, int, int, int], list[Citation]] = defaultdict(list)
    for citation in _citations(source, page, reader, whole=whole):
        pk, start, end = _spot(citation)
        if pk in orders:
            spots[orders[pk], start, end, pk].append(citation)
        elif whole or citation.paragraph.key in keys:
            spots[ASTRAY, citation.start, citation.end, citation.paragraph_id].append(
                citation
            )
    placed: dict[int, list[Placed]] = defaultdict(list)
    astray = []
    for number, (spot, citations) in enumerate(sorted(spots.items()), start=1):
        order, start, end, pk = spot
        note = _note(number, citations, reader)
        if order == ASTRAY:
            astray.append(note)
        else:
            note = _told_once(note, [before for _, before in placed[pk]])
            placed[pk].append((Span(start, end, note), note))
    return placed, astray


def _told_once(note: Note, before: Sequence[Note]) -> Note:
    """The note with a reference for each entry that one before it tells as well."""
    told = {
        (as_text(entry.attribution), entry.acceptance): earlier.number
        for earlier in reversed(before)
        for entry in earlier.entries
        if entry.role == CitationRole.MAIN
    }
    entries = (
        replace(entry, as_in=told.get((as_text(entry.attribution), entry.acceptance)))
        for entry in note.entries
    )
    return replace(note, entries=tuple(entries))


def _spot(citation: Citation) -> tuple[Any, Any, Any]:
    """Paragraph and span where the words surely stand now (see `Citation.place`)."""
    if citation.anchor != Anchor.ANCHORED:
        return None, 0, 0
    if citation.now_paragraph_id:
        return citation.now_paragraph_id, citation.now_start, citation.now_end
    return citation.paragraph_id, citation.start, citation.end


def _citations(
    source: Source, page: Sequence[Paragraph], reader: Reader, *, whole: bool
) -> list[Citation]:
    """The citations of this source in statements that the reader may see."""
    here = Q(paragraph__revision__source=source)
    if not whole:
        keys, pks = [p.key for p in page], [p.pk for p in page]
        here &= Q(paragraph__key__in=keys) | Q(now_paragraph__in=pks)
    cited = Citation.objects.filter(here)
    statements = (
        Statement.objects.visible_to(reader)
        .filter(pk__in=cited.values("statement"), state__in=LIVE)
        .with_evidence()
        .select_related("coder", "accepted_by")
        .order_by("actor__name", "pk")
    )
    return [
        citation
        for statement in statements
        for citation in statement.citations.all()
        if citation.paragraph.revision.source_id == source.pk
    ]


def _note(number: int, citations: Sequence[Citation], reader: Reader) -> Note:
    """One note for one span; statements that differ only in their actor together."""
    together: dict[tuple, list[Statement]] = defaultdict(list)
    for citation in citations:
        together[_sameness(citation, reader)].append(citation.statement)
    return Note(
        number=number,
        words=show_words(citations[0], reader),
        entries=tuple(
            Entry(
                statements=tuple(statements),
                role=CitationRole(role),
                attribution=tell_attribution(
                    statements[0], several=len(statements) > 1
                ),
                acceptance=tell_acceptance(statements[0], names=reader.curator),
            )
            for (role, *_), statements in together.items()
        ),
    )


def _sameness(citation: Citation, reader: Reader) -> tuple[Any, ...]:
    """What statements of one span have in common to be told in one sentence."""
    statement = citation.statement
    told = as_text(tell_attribution(statement, several=True))
    return (
        citation.role,
        statement.disposition_id,
        statement.option_id,
        statement.over_option_id,
        statement.mode,
        statement.state,
        told,
        tell_acceptance(statement, names=reader.curator),
    )


# -- light -------------------------------------------------------------------------


def light(paragraph: Paragraph, notes: Iterable[Placed]) -> list[Lit]:
    """Cut a paragraph where quotes and voices begin and end.

    Where quotes overlap, a piece belongs to the shortest of them.
    """
    lengths = {note.number: span.end - span.start for span, note in notes}
    spans = [span for span, _ in notes]
    spans += [Span(v.start, v.end, v) for v in paragraph.voices.all()]
    return [_lit(piece, lengths) for piece in segments(paragraph.text, spans)]


def _lit(piece: Segment, lengths: dict[int, int]) -> Lit:
    notes = [what for what in piece.covers if isinstance(what, Note)]
    voices = [what for what in piece.covers if isinstance(what, Voice)]
    return Lit(
        text=piece.text,
        voice=voices[-1] if voices else None,
        note=min(notes, key=lambda n: (lengths[n.number], n.number), default=None),
        ends=tuple(what for what in piece.ends if isinstance(what, Note)),
        voice_ends=any(isinstance(what, Voice) for what in piece.ends),
        draft=all(note.draft for note in notes),
    )
