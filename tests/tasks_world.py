"""A task of double coding, its coders and what they answer, for tests."""

from positions import blind_coding, coding, tasks
from positions.models import Actor
from tests import factories as make

TEXT = (
    "Japan prefers an agreement within the CCW.",
    "Pressure keeps Japan engaged in the Oslo Process. Norway leads it.",
    "The weather was fine.",
    "Norway opposes the CCW.",
)


class World:
    """Two coders, a reviewer, an issue with two options, one source in one task."""

    def __init__(self, paragraphs=TEXT, **source):
        self.first = make.make_user("Coder")
        self.second = make.make_user("Coder")
        self.reviewer = make.make_user("Reviewer")
        self.japan, self.norway = actor("Japan"), actor("Norway")
        self.issue = make.make_issue("Cluster munitions")
        self.ccw = make.make_option("CCW", issue=self.issue)
        self.oslo = make.make_option("Oslo Process", issue=self.issue)
        self.source = make.make_source(paragraphs, **source)
        self.task = self.assign()

    def assign(self, paragraphs=None, **overrides):
        given = {"issue": self.issue, "first": self.first, "second": self.second}
        rows = paragraphs or tasks.asked_of(self.source)
        who = overrides.pop("who", self.reviewer)
        return tasks.assign(who, rows, **{**given, **overrides})

    def paragraph(self, number):
        return self.task.paragraphs.get(number=str(number))

    def said(self, number, *, quote=None, actor=None, option=None, code="prefer", **f):
        """What a coder says of words of a paragraph."""
        paragraph = self.paragraph(number)
        return coding.Utterance(
            words=[coding.find_words(paragraph, quote or paragraph.text)[0]],
            actors=[actor or self.japan],
            options=[option or self.ccw],
            disposition=make.disposition(code),
            fields=f,
        )

    def answer(self, who, number, **said):
        (row,) = blind_coding.answer(who, self.task, self.said(number, **said))
        return row

    def nothing(self, who, *numbers):
        for number in numbers:
            blind_coding.nothing_here(who, self.task, self.paragraph(number))

    def finish(self, *people):
        """Say "nothing" wherever something is left to answer, and be done."""
        for who in people or (self.first, self.second):
            for left in list(tasks_left(self.task, who)):
                blind_coding.nothing_here(who, self.task, left)
            blind_coding.finish(who, self.task)
        self.task.refresh_from_db()

    def both(self, number=1, **said):
        """Both code the same; then both are done."""
        rows = [self.answer(who, number, **said) for who in (self.first, self.second)]
        self.finish()
        return rows


def actor(name):
    """The actor of this name, who may be known from another world."""
    return Actor.objects.filter(name=name).first() or make.make_actor(name)


def tasks_left(task, who):
    rows = blind_coding.unanswered(task, who)
    return rows.select_related("revision__source")
