"""Tasks that two people have coded, for tests of agreement."""

from django.utils import timezone

from positions.models import Coding, NothingHere, Paragraph, Task
from tests import factories as make


def make_task(issue, first, second, *, source=None, paragraphs=None, done=True):
    """A task over all paragraphs of a source; `done`: both coders have finished."""
    source = source or make.make_source(
        ["Japan would prefer the CCW and says so."] * (paragraphs or 1)
    )
    rows = list(Paragraph.objects.filter(revision__source=source).order_by("order"))
    at = timezone.now() if done else None
    task = Task.objects.create(
        issue=issue,
        revision=rows[0].revision,
        first=first,
        second=second,
        first_done_at=at,
        second_done_at=at,
    )
    task.paragraphs.set(rows)
    return task


def make_coding(task, coder, number, *, actor, option, code="prefer", words=None, **kw):
    """A coder's answer about the paragraph of a number; `words` = (start, end)."""
    paragraph = task.paragraphs.get(number=str(number))
    start, end = words or (0, len(paragraph.text))
    return Coding.objects.create(
        task=task,
        coder=coder,
        source=paragraph.revision.source,
        paragraph=paragraph,
        start=start,
        end=end,
        quote=paragraph.text[start:end],
        actor=actor,
        option=option,
        disposition=make.disposition(code),
        **kw,
    )


def make_nothing(task, coder, number):
    paragraph = task.paragraphs.get(number=str(number))
    return NothingHere.objects.create(task=task, coder=coder, paragraph=paragraph)
