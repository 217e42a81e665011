"""Paragraphs as the desks show them: words lit where they are coded, and by what."""

from collections import defaultdict
from dataclasses import dataclass, field

from django.utils.functional import cached_property

from positions import charts, dates, tasks
from positions.choices import Anchor, ParagraphRole, StatementState
from positions.models import Citation, Paragraph, Voice
from positions.segments import Span, segments

# Beside one paragraph stand so many statements open; the others are folded away.
BESIDE = 12
# A tooltip names so many of the statements that share a word.
NAMED = 5


@dataclass
class Coded:
    """A citation as it stands in a paragraph: the statement and its number here."""

    citation: Citation
    number: int

    @property
    def statement(self):
        return self.citation.statement

    @cached_property
    def tone(self):
        """Its classes: state, facet and score, each with a colour or a line."""
        disposition = self.statement.disposition
        score = charts.tone(disposition.score)
        return f"{self.statement.state} facet-{disposition.facet or 'none'} {score}"

    @property
    def day(self):
        return dates.show(self.statement.holds_on or self.statement.said_on)

    @cached_property
    def name(self):
        return f"{self.number}: {self.statement} ({self.statement.get_state_display()})"

    def __str__(self):
        return self.name


@dataclass
class Shown:
    """A paragraph with all that its place on the page needs."""

    paragraph: Paragraph
    coded: list = field(default_factory=list)
    checks: list = field(default_factory=list)
    # The heading above it, where it begins a section and no paragraph says so.
    heading: str = ""
    # The reader has a task to code here without seeing what others coded.
    blind: bool = False

    @property
    def pieces(self):
        spans = []
        for one in self.coded:
            _, start, end = one.citation.place
            spans.append(Span(start, end, one))
        return pieces(self.paragraph, spans)

    @property
    def open(self):
        return self.coded[:BESIDE]

    @property
    def folded(self):
        return self.coded[BESIDE:]

    @property
    def printed(self):
        """The label as printed, where it is not simply the number."""
        label = self.paragraph.label
        return label if label and label.strip("().¶ ") != self.paragraph.number else ""

    @property
    def voices(self):
        return self.paragraph.voices.all()


@dataclass(frozen=True)
class Piece:
    """A segment with the class and the tooltip that show what covers it."""

    text: str
    tone: str
    title: str
    skipped: tuple
    voice_ends: tuple
    refs: tuple


def pieces(paragraph, spans, cut=None):
    """A paragraph (with its voices) cut where spans and voices begin and end.

    `cut` makes the piece of a segment, if not `piece`.
    """
    voices = [Span(v.start, v.end, v) for v in paragraph.voices.all()]
    skips = [(at, raw) for at, raw in paragraph.skips]
    found = segments(paragraph.text, [*voices, *spans], skips)
    return [(cut or piece)(segment) for segment in found]


def piece(segment):
    """A segment as a page shows it; what covers it says its own `tone` and name."""
    voices = [what for what in segment.covers if isinstance(what, Voice)]
    others = [what for what in segment.covers if not isinstance(what, Voice)]
    tones = [f"voice voice-{v.kind}" for v in voices]
    if others:
        twice = " cited-twice" if len(others) > 1 else ""
        tones.append(f"cited {others[-1].tone}{twice}")
    told = [v.get_kind_display() for v in voices]
    told += [str(one) for one in others[:NAMED]]
    if len(others) > NAMED:
        told.append(f"and {len(others) - NAMED} more")
    return Piece(
        segment.text,
        " ".join(tones),
        "; ".join(told),
        segment.skipped,
        tuple(what for what in segment.ends if isinstance(what, Voice)),
        tuple(what for what in segment.ends if isinstance(what, Coded)),
    )


def shown_in(revision, paragraphs, user):
    """Paragraphs (with their voices) and the statements anchored in each.

    Where the user is to code blind, what others coded does not stand.
    """
    shown = {row.pk: Shown(row) for row in paragraphs}
    for row in shown.values():
        row.paragraph.revision = revision
    for citation in citations_in(open_to(user, shown)):
        paragraph, *_ = citation.place
        coded = shown[paragraph.pk].coded
        coded.append(Coded(citation, len(coded) + 1))
    begin_sections(shown.values())
    return list(shown.values())


def open_to(user, shown):
    """The paragraphs (by primary key) in which the user may see what others coded."""
    blind = tasks.blind_paragraphs(user).filter(pk__in=shown)
    for key in blind.values_list("pk", flat=True):
        shown[key].blind = True
    return [key for key, one in shown.items() if not one.blind]


def begin_sections(shown):
    """Give the first of each section its heading, if that is no paragraph itself."""
    said = ""
    for one in shown:
        paragraph = one.paragraph
        if paragraph.role == ParagraphRole.HEADING:
            said = " ".join(paragraph.text.split())
        elif paragraph.heading and paragraph.heading != said:
            one.heading = said = paragraph.heading


def citations_in(shown):
    """The citations that stand in these paragraphs now, in the order of the text.

    Of a statement's versions the newest counts, and the one that is public.
    """
    rows = (
        Citation.objects.filter(pk__in=_standing_in(shown))
        .exclude(anchor=Anchor.ORPHANED)
        .select_related(
            "paragraph",
            "now_paragraph",
            "statement__actor__merged_into",
            "statement__option__issue",
            "statement__option__merged_into",
            "statement__disposition",
            "statement__coder",
            "statement__accepted_by",
            "statement__speaker",
        )
        .order_by()
    )
    newest = defaultdict(int)
    kept = []
    for row in sorted(rows, key=lambda row: -row.statement.version):
        key, version = row.statement.key, row.statement.version
        newest[key] = max(newest[key], version)
        if version == newest[key] or row.statement.state == StatementState.ACCEPTED:
            kept.append(row)
    return sorted(kept, key=lambda row: (row.place[1], row.place[2], row.pk))


def _standing_in(shown):
    """The primary keys of those citations, by both indexes.

    Asked for beforehand: beside the tables that a citation needs, SQLite would begin
    with the smallest of those and read every citation there is.
    """
    rows = Citation.objects.order_by().values_list("pk", flat=True)
    coded_here = rows.filter(paragraph__in=shown, now_paragraph=None)
    return list(coded_here.union(rows.filter(now_paragraph__in=shown)))
