"""The reading page: a document paragraph by paragraph, with what was coded there."""

from collections import defaultdict
from dataclasses import dataclass, field

from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch, Q
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.views import View

from positions import coding, dates, referring, worklists
from positions.choices import Anchor, Level, ParagraphRole, StatementState
from positions.models import Citation, Paragraph, Source, Voice
from positions.readers import Reader
from positions.segments import Span, segments

from .base import number_in

PER_PAGE = 200
# Who works here may read all.
EVERYTHING = Reader(curator=True, clearance=Level.TOP_SECRET)


@dataclass
class Coded:
    """A citation as it stands in a paragraph: the statement and its number here."""

    citation: Citation
    number: int
    superseded: bool = False

    @property
    def statement(self):
        return self.citation.statement

    @property
    def tone(self):
        return (
            f"{self.statement.state} facet-{self.statement.disposition.facet or 'none'}"
        )

    @property
    def day(self):
        return dates.show(self.statement.holds_on or self.statement.said_on)

    def __str__(self):
        return f"{self.number}: {self.statement} ({self.statement.get_state_display()})"


@dataclass
class Shown:
    """A paragraph with all that its place on the page needs."""

    paragraph: Paragraph
    coded: list = field(default_factory=list)
    checks: list = field(default_factory=list)
    # The heading above it, where it begins a section and no paragraph says so.
    heading: str = ""

    @property
    def pieces(self):
        spans = [Span(v.start, v.end, v) for v in self.paragraph.voices.all()]
        for one in self.coded:
            _, start, end = one.citation.place
            spans.append(Span(start, end, one))
        return [piece(s) for s in segments(self.paragraph.text, spans, self.skips)]

    @property
    def skips(self):
        return [(at, raw) for at, raw in self.paragraph.skips]

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


def piece(segment):
    voices = [what for what in segment.covers if isinstance(what, Voice)]
    coded = [what for what in segment.covers if isinstance(what, Coded)]
    tones = [f"voice voice-{v.kind}" for v in voices]
    if coded:
        last = coded[-1]
        tones.append(f"cited {last.tone}{' cited-twice' if len(coded) > 1 else ''}")
    told = [v.get_kind_display() for v in voices] + [str(one) for one in coded]
    return Piece(
        segment.text,
        " ".join(tones),
        "; ".join(told),
        segment.skipped,
        tuple(what for what in segment.ends if isinstance(what, Voice)),
        tuple(what for what in segment.ends if isinstance(what, Coded)),
    )


def source_or_404(pk):
    """A source with all that a page about it names."""
    source = (
        Source.objects.select_related("collection", "issuer", "coding_header__reporter")
        .filter(pk=pk)
        .first()
    )
    if source is None:
        raise Http404("There is no such source.")
    return source


def current_revision(source):
    """The revision that is read, without its text: the paragraphs have that."""
    rows = source.revisions.filter(current=True).defer("text", "patches")
    return rows.prefetch_related("addressees__actor").first()


def paragraphs_shown(revision, page):
    """The paragraphs of one page with voices, statements and checks."""
    rows = (
        Paragraph.objects.filter(revision=revision)
        .prefetch_related(Prefetch("voices", Voice.objects.select_related("whose")))
        .order_by("order")[(page - 1) * PER_PAGE : page * PER_PAGE]
    )
    return shown_in(revision, rows)


def shown_in(revision, paragraphs):
    """Paragraphs (with their voices) and the statements anchored in each."""
    shown = {row.pk: Shown(row) for row in paragraphs}
    for row in shown.values():
        row.paragraph.revision = revision
    for citation in citations_in(shown):
        paragraph, *_ = citation.place
        coded = shown[paragraph.pk].coded
        coded.append(Coded(citation, len(coded) + 1))
    begin_sections(shown.values())
    return list(shown.values())


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
    here = Q(paragraph__in=shown, now_paragraph=None) | Q(now_paragraph__in=shown)
    rows = (
        Citation.objects.filter(here)
        .exclude(anchor=Anchor.ORPHANED)
        .select_related(
            "paragraph",
            "now_paragraph",
            "statement__actor",
            "statement__option__issue",
            "statement__disposition",
            "statement__coder",
            "statement__accepted_by",
            "statement__speaker",
        )
        .order_by("statement__key", "-statement__version", "pk")
    )
    newest = defaultdict(int)
    kept = []
    for row in rows:
        key, version = row.statement.key, row.statement.version
        newest[key] = max(newest[key], version)
        if version == newest[key] or row.statement.state == StatementState.ACCEPTED:
            kept.append(row)
    return sorted(kept, key=lambda row: (row.place[1], row.place[2], row.pk))


def entries(value):
    """A parser's header as a tree of label, text and further entries."""
    if isinstance(value, dict):
        pairs = [(str(name).replace("_", " "), inner) for name, inner in value.items()]
    elif isinstance(value, list):
        pairs = [("", inner) for inner in value]
    else:
        pairs = []
    return [entry for label, inner in pairs if (entry := _entry(label, inner))]


def _entry(label, value):
    if isinstance(value, list) and not any(isinstance(v, dict | list) for v in value):
        value = ", ".join(str(v) for v in value if v not in (None, ""))
    if isinstance(value, dict | list):
        inner = entries(value)
        return {"label": label, "text": "", "inner": inner} if inner else None
    if value in (None, ""):
        return None
    if isinstance(value, bool):
        value = "yes" if value else "no"
    return {"label": label, "text": str(value), "inner": []}


def neighbours(source):
    """The sources before and after this one in its collection, by identifier."""
    others = Source.objects.filter(collection=source.collection)
    name = source.identifier
    return (
        others.filter(identifier__lt=name).order_by("-identifier").first(),
        others.filter(identifier__gt=name).order_by("identifier").first(),
    )


class ReadView(View):
    """GET shows a source, one page of paragraphs at a time."""

    desk = None

    def get(self, request, pk):
        if not self.desk.has_view_permission(request):
            raise PermissionDenied
        source = source_or_404(pk)
        revision = current_revision(source)
        count = revision.paragraphs.count() if revision else 0
        page = self._page(request, revision, count)
        shown = paragraphs_shown(revision, page) if revision else []
        checks = self._checks(source, shown)
        previous, following = neighbours(source)
        header = coding.header_of(source)
        header.source = source
        context = {
            **self.desk.admin_site.each_context(request),
            "title": source.title or source.identifier,
            "opts": self.desk.opts,
            "source": source,
            "revision": revision,
            "shown": shown,
            "n_paragraphs": count,
            "page": page,
            "pages": range(1, -(-count // PER_PAGE) + 1),
            "document": entries(revision.header) if revision else [],
            "addressees": list(revision.addressees.all()) if revision else [],
            "suggestions": source.suggestions.waiting().count(),
            "refers_to": referring.refers_to(source, EVERYTHING),
            "referred_by": referring.referred_by(source, EVERYTHING)[:50],
            "header": header,
            "speakers": speakers_of(header),
            "header_address": header_address(header),
            "checks": checks,
            "problems": problems_of(source, request.user),
            "previous": previous,
            "following": following,
            "may_code": request.user.has_perm("positions.add_statement"),
            "may_edit": self.desk.has_change_permission(request, source),
            "kept": request.GET.urlencode(),
        }
        return render(request, "admin/positions/source/read.html", context)

    def _page(self, request, revision, count):
        """The page asked for, or the one on which the paragraph `at` stands."""
        at = number_in(request.GET.get("at"))
        if at is not None and revision:
            order = revision.paragraphs.filter(key=at).values_list("order", flat=True)
            before = order and revision.paragraphs.filter(order__lt=order[0]).count()
            return 1 + (before or 0) // PER_PAGE
        page = number_in(request.GET.get("page"), 1)
        return max(1, min(page, -(-count // PER_PAGE)))

    def _checks(self, source, shown):
        """The null findings of the source; those of a paragraph stand beside it."""
        rows = source.checks.select_related("issue", "actor", "by", "paragraph")
        by_key = {one.paragraph.key: one for one in shown}
        whole = []
        for row in rows[:500]:
            place = row.paragraph and by_key.get(row.paragraph.key)
            (place.checks if place else whole).append(row)
        return [row for row in whole if row.paragraph_id is None]


def speakers_of(header):
    """The speakers of a coding header, with the actors they speak for."""
    if header.pk is None:
        return []
    return list(header.speakers.select_related("actor", "person"))


def header_address(header):
    """Where the coding header is filled in."""
    if header.pk:
        return reverse("admin:positions_codingheader_change", args=(header.pk,))
    address = reverse("admin:positions_codingheader_add")
    return f"{address}?source={header.source_id}"


def problems_of(source, user):
    """What waits in this source: title of the list, sentence, action."""
    return [
        (work.title, work.problem(row), work.action(row))
        for work, row in worklists.rows_of_source(source, user)
    ]
