"""The reading desk: a document paragraph by paragraph, with what was coded there."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.views import View

from positions import queue, referring, worklists
from positions.choices import CitationRole, Level
from positions.models import CodingHeader, Paragraph, Source, Statement, Voice
from positions.readers import Reader
from positions.waiting.addresses import queue_of_source

from .base import LabelledSelectMultiple, number_in
from .neighbours import list_of, neighbours
from .paragraphs import shown_in

PER_PAGE = 200
# Who works here may read all.
EVERYTHING = Reader(curator=True, clearance=Level.TOP_SECRET)
# What further words can be to a statement that has its main ones.
FURTHER = [c for c in CitationRole.choices if c[0] != CitationRole.MAIN]

# The scripts and styles by which the coding form completes names.
COMPLETION = LabelledSelectMultiple(Statement._meta.get_field("actor"), admin.site)

# What waits of these in a text is many: they are gone through in the queue.
SUGGESTIONS = "suggestions"


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


def with_voices(paragraphs):
    return paragraphs.prefetch_related(
        Prefetch("voices", Voice.objects.select_related("whose"))
    )


def paragraphs_shown(revision, page, user):
    """The paragraphs of one page with voices and statements."""
    rows = with_voices(Paragraph.objects.filter(revision=revision)).order_by("order")
    return shown_in(revision, rows[(page - 1) * PER_PAGE : page * PER_PAGE], user)


def keep_checks(source, shown):
    """Put the null findings beside their paragraphs; returns those of the whole."""
    rows = source.checks.select_related(
        "issue__merged_into", "actor__merged_into", "by", "paragraph"
    )
    by_key = {one.paragraph.key: one for one in shown}
    whole = []
    for row in rows[:500]:
        if row.paragraph is None:
            whole.append(row)
        elif row.paragraph.key in by_key:
            by_key[row.paragraph.key].checks.append(row)
    return whole


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


class ReadView(View):
    """GET shows a source, one page of paragraphs at a time.

    With `part` only the paragraphs of that page come, for the script that adds them
    as one scrolls.
    """

    desk = None

    def get(self, request, pk):
        if not self.desk.has_view_permission(request):
            raise PermissionDenied
        source = source_or_404(pk)
        revision = current_revision(source)
        if revision is not None:
            revision.source = source
        count = revision.paragraphs.count() if revision else 0
        page = self._page(request, revision, count)
        shown = paragraphs_shown(revision, page, request.user) if revision else []
        checks = keep_checks(source, shown)
        pages = max(1, -(-count // PER_PAGE))
        context = {
            "source": source,
            "revision": revision,
            "shown": shown,
            "n_paragraphs": count,
            "page": page,
            "pages": range(1, pages + 1),
            "next_page": page + 1 if page < pages else None,
            "checks": checks,
            "may_code": request.user.has_perm("positions.add_statement"),
        }
        if "part" in request.GET:
            template = "admin/positions/source/_paragraphs.html"
            return render(request, template, context | {"part": True})
        context |= self._about(request, source, revision)
        return render(request, "admin/positions/source/read.html", context)

    def _about(self, request, source, revision):
        """What stands around the text: header, open points, references, the way on."""
        query = list_of(request)
        previous, following = neighbours(self.desk, request, source, query)
        header = getattr(source, "coding_header", None) or CodingHeader(source=source)
        return {
            **self.desk.admin_site.each_context(request),
            "title": source.title or source.identifier,
            "opts": self.desk.opts,
            "document": entries(revision.header) if revision else [],
            "addressees": list(revision.addressees.all()) if revision else [],
            "suggestions": suggestions_of(source, request.user),
            "refers_to": referring.refers_to(source, EVERYTHING),
            "referred_by": referring.referred_by(source, EVERYTHING)[:50],
            "header": header,
            "speakers": speakers_of(header),
            "header_address": header_address(header),
            "problems": problems_of(source, request.user),
            "previous": previous,
            "following": following,
            "list_query": query,
            "further": FURTHER,
            "coding_media": COMPLETION.media,
            "may_edit": self.desk.has_change_permission(request, source),
        }

    def _page(self, request, revision, count):
        """The page asked for, or the one on which the paragraph `at` stands."""
        at = number_in(request.GET.get("at"))
        if at is not None and revision:
            order = revision.paragraphs.filter(key=at).values_list("order", flat=True)
            before = order and revision.paragraphs.filter(order__lt=order[0]).count()
            return 1 + (before or 0) // PER_PAGE
        page = number_in(request.GET.get("page"), 1)
        return max(1, min(page, -(-count // PER_PAGE)))


def speakers_of(header):
    """The speakers of a coding header, with the actors they speak for."""
    if header.pk is None:
        return []
    return list(header.speakers.select_related("actor__merged_into", "person"))


def header_address(header):
    """Where the coding header is filled in."""
    if header.pk:
        return reverse("admin:positions_codingheader_change", args=(header.pk,))
    address = reverse("admin:positions_codingheader_add")
    return f"{address}?source={header.source_id}"


def suggestions_of(source, user):
    """How many suggestions wait in this source, and where they are gone through."""
    work = worklists.get(SUGGESTIONS, user)
    number = work and worklists.counted(queue.rows(work, user, source=source))
    if not work or number == "0":
        return None
    return {"number": number, "address": queue_of_source(SUGGESTIONS, source.pk)}


def problems_of(source, user):
    """What else waits in this source: title of the list, sentence, action."""
    return [
        (work.title, work.problem(row), work.action(row))
        for work, row in worklists.rows_of_source(source, user, but=(SUGGESTIONS,))
    ]
