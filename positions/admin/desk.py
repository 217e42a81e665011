"""What the scripts of the reading desk ask for: attach words, take drafts back."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.http import require_POST

from positions import citing, coding, search, tasks
from positions.choices import CitationRole
from positions.models import Citation, Refused, Statement
from positions.models.changes import recording

from .base import FAULTS, number_in, sentences
from .paragraphs import shown_in
from .reading import (
    EVERYTHING,
    FURTHER,
    current_revision,
    keep_checks,
    source_or_404,
    with_voices,
)

PARAGRAPHS = "admin/positions/source/_paragraphs.html"
# So many statements are offered to attach words to; the first nine have a key.
OFFERED = 30


def desk_answer(request, source, revision, keys, **further):
    """What a script is told: sentences, and the paragraphs as they stand now."""
    rows = with_voices(revision.paragraphs.filter(key__in=keys)).order_by("order")
    shown = shown_in(revision, rows, request.user)
    keep_checks(source, shown)
    context = {
        "source": source,
        "shown": shown,
        "may_code": request.user.has_perm("positions.add_statement"),
    }
    said = [str(message) for message in messages.get_messages(request)]
    paragraphs = render_to_string(PARAGRAPHS, context, request)
    return JsonResponse({"said": said, "paragraphs": paragraphs, **further})


def refusal(fault):
    """A refusal as a script is told it."""
    return JsonResponse({"error": " ".join(sentences(fault))}, status=409)


class DeskView(View):
    """One act at a source, for those who code."""

    desk = None

    def dispatch(self, request, pk):
        if not request.user.has_perm("positions.add_statement"):
            raise PermissionDenied("Only coders code statements.")
        self.source = source_or_404(pk)
        self.revision = current_revision(self.source)
        if self.revision is None:
            return JsonResponse({"error": "This source has no text."}, status=409)
        self.revision.source = self.source
        try:
            return super().dispatch(request, pk)
        except FAULTS as fault:
            return refusal(fault)


class AttachView(DeskView):
    """GET offers statements to attach words to, POST cites the words in one.

    A summary and the body that say the same are one statement with two citations.
    """

    def get(self, request, pk):
        context = {
            "source": self.source,
            "offered": self._offered(request)[:OFFERED],
            "roles": FURTHER,
            "q": request.GET.get("q", ""),
        }
        return render(request, "admin/positions/source/_attach_panel.html", context)

    def _offered(self, request):
        found = offered(self.source, request.GET.get("q", ""))
        return tasks.seen_by(request.user, found)

    def post(self, request, pk):
        words = self._words(request)
        statement = Statement.objects.newest().filter(
            key=request.POST.get("statement", "")
        )
        statement = statement.select_related(
            "actor__merged_into", "option__merged_into", "disposition"
        ).first()
        if statement is None:
            raise Refused("Choose the statement that these words belong to.")
        with recording(request.user):
            if statement.state == Statement.PUBLIC_STATE:
                statement = statement.next_version(request.user)
            citing.cite(request.user, statement, words)
        messages.success(request, told(statement, words))
        return desk_answer(request, self.source, self.revision, {words.paragraph.key})

    def _words(self, request):
        numbers = [number_in(request.POST.get(n)) for n in ("key", "start", "end")]
        role = request.POST.get("role") or CitationRole.REPEATS
        if None in numbers or role not in dict(FURTHER):
            raise Refused("Select the words, and say what they are to the statement.")
        rows = with_voices(self.revision.paragraphs.filter(key=numbers[0]))
        paragraph = rows.first()
        if paragraph is None:
            raise Refused("There is no such paragraph in the current text.")
        paragraph.revision = self.revision
        words = coding.Words(paragraph, numbers[1], numbers[2], role)
        if not words.quote or numbers[2] > len(paragraph.text):
            raise Refused("Select the words first.")
        return words


def told(statement, words):
    """What came of attaching words."""
    place = words.paragraph.citation
    if statement.version > 1:
        return (
            f"{place} is cited in version {statement.version} of “{statement}”, which "
            "is a draft; the accepted one stays public until it is accepted."
        )
    return f"{place} is cited in “{statement}” as well."


def offered(source, text):
    """Statements that words may belong to: of this source, or found by their words."""
    rows = Statement.objects.newest().exclude(state__in=("rejected", "retracted"))
    rows = rows.select_related(
        "actor__merged_into", "option__merged_into", "disposition"
    ).order_by("-pk")
    if text.strip():
        try:
            return search.filter(rows, text, EVERYTHING)
        except search.BadQuery as fault:
            raise Refused(str(fault)) from fault
    here = Citation.objects.filter(paragraph__revision__source=source)
    return rows.filter(pk__in=here.values("statement"))


@method_decorator(require_POST, name="dispatch")
class TakeBackView(DeskView):
    """POST drops drafts of one's own that were just made: an undo."""

    def post(self, request, pk):
        keys = request.POST.getlist("statement")[:100]
        drafts = Statement.objects.newest().filter(key__in=keys).order_by("pk")
        drafts = list(drafts.prefetch_related("citations__paragraph"))
        touched = {c.paragraph.key for one in drafts for c in one.citations.all()}
        words = [str(draft) for draft in drafts]
        with recording(request.user):
            for draft in drafts:
                draft.drop(request.user)
        messages.success(request, f"Taken back: {'; '.join(words)}.")
        return desk_answer(request, self.source, self.revision, touched)
