"""The demonstration as an office at work: suggestions wait, two people code blind."""

from django.contrib.auth.models import Group, User

from positions import blind_coding, coding, tasks
from positions.choices import CitationRole
from positions.models import Citation, Disposition, Issue, Source

# Of the statements that the demonstration has, the second coder finds all but every
# seventh, and reads every fourth otherwise.
MISSED, OTHERWISE = 7, 4
OTHER = {"prefer": "support", "support": "prefer", "engage": "observe"}


def fill(manager):
    """Give the demonstration's documents to two coders, who answer; the tasks made."""
    first, second = (_coder(name) for name in ("coder-a", "coder-b"))
    issue = Issue.objects.get(key="cluster-munitions")
    made = []
    for source in Source.objects.order_by("identifier"):
        made.append(
            tasks.assign(
                manager, tasks.asked_of(source), issue=issue, first=first, second=second
            )
        )
    # The last is left for somebody to code.
    for task in made[:-1]:
        _code(task, first, lambda number, code: code)
        _code(task, second, _as_the_second)
    return made


def _coder(name):
    user = User.objects.create_user(name, password=name, is_staff=True)
    user.groups.add(Group.objects.get(name="Coder"))
    return user


def _as_the_second(number, code):
    if number % MISSED == 0:
        return None
    return OTHER.get(code, code) if number % OTHERWISE == 0 else code


def _code(task, who, reads):
    """Answer as the statements of the demonstration say, through a coder's eyes."""
    paragraphs = list(task.paragraphs.select_related("revision__source"))
    by_key = {paragraph.pk: paragraph for paragraph in paragraphs}
    cited = Citation.objects.filter(
        paragraph__in=by_key,
        role=CitationRole.MAIN,
        statement__option__issue=task.issue,
        statement__public_to=None,
    ).select_related("statement__actor", "statement__option", "statement__disposition")
    seen = set()
    for citation in cited.order_by("pk"):
        statement = citation.statement
        code = reads(citation.pk, statement.disposition.code)
        if code is None:
            continue
        cell = citation.paragraph_id, statement.actor_id, statement.option_id, code
        if cell in seen:
            continue
        seen.add(cell)
        words = coding.Words(
            by_key[citation.paragraph_id], citation.start, citation.end
        )
        blind_coding.answer(
            who,
            task,
            coding.Utterance(
                words=[words],
                actors=[statement.actor],
                options=[statement.option],
                disposition=Disposition.objects.get(code=code),
                fields={"standing": statement.standing},
            ),
        )
    for paragraph in blind_coding.unanswered(task, who):
        blind_coding.nothing_here(who, task, by_key[paragraph.pk])
    blind_coding.finish(who, task)
