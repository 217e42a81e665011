"""Rows for tests: plain functions, valid by default, only what a test needs."""

from itertools import count

from django.contrib.auth.models import Group, User

from positions import anchoring, coding, packing, search
from positions.choices import Level
from positions.models import (
    Actor,
    Citation,
    Collection,
    Disposition,
    Event,
    Evidence,
    Issue,
    Option,
    Paragraph,
    ReceivedBytes,
    Revision,
    Source,
    Stance,
)

_numbers = count(1)
TEXT = (
    "Japan's first priority is an agreement within the CCW.",
    "Public pressure keeps Japan engaged in the Oslo Process.",
)


def make_user(group="Reviewer", **overrides):
    """A member of staff in a group ("Coder", "Reviewer"), or a plain Reader."""
    number = next(_numbers)
    user = User.objects.create_user(
        **{
            "username": f"{group.lower()}{number}",
            "password": "secret",
            "is_staff": group != "Reader",
            **overrides,
        }
    )
    user.groups.add(Group.objects.get(name=group))
    return user


def make_actor(name=None, **overrides):
    name = name or f"State {next(_numbers)}"
    return Actor.objects.create(name=name, **{"kind": "state", **overrides})


def make_issue(name=None, **overrides):
    return Issue.objects.create(name=name or f"Issue {next(_numbers)}", **overrides)


def make_option(short_name=None, *, issue=None, **overrides):
    name = short_name or f"Option {next(_numbers)}"
    defaults = {"name": name, "short_name": name, "kind": "track", "headline": True}
    return Option.objects.create(
        issue=issue or make_issue(), **{**defaults, **overrides}
    )


def make_event(name=None, **overrides):
    name = name or f"Meeting {next(_numbers)}"
    return Event.objects.create(
        name=name, **{"kind": "meeting", "dated": "2008-04-23", **overrides}
    )


def disposition(code):
    """A disposition of the default codebook."""
    return Disposition.objects.get(code=code)


def make_collection(key=None, **overrides):
    key = key or f"collection-{next(_numbers)}"
    defaults = {"title": key, "visibility": "public", "level": Level.UNCLASSIFIED}
    return Collection.objects.create(key=key, **{**defaults, **overrides})


def make_source(paragraphs=TEXT, *, identifier=None, collection=None, **overrides):
    """A source with one revision of numbered paragraphs.

    A paragraph is its text, or a dict of Paragraph fields with `text`.
    """
    collection = collection or make_collection()
    source = Source.objects.create(
        collection=collection,
        **{
            "identifier": identifier or f"DOC{next(_numbers)}",
            "title": "A document",
            "dated": "2008-05-02",
            "visibility": collection.visibility,
            **overrides,
        },
    )
    search.index(Source, [source.pk])
    make_revision(source, paragraphs)
    return source


def make_revision(source, paragraphs=TEXT, **overrides):
    """A revision of a source that becomes the current one."""
    Revision.objects.filter(source=source, current=True).update(current=False)
    number = source.revisions.count() + 1
    given = [p if isinstance(p, dict) else {"text": p} for p in paragraphs]
    text = "\n\n".join(p["text"] for p in given)
    revision = Revision.objects.create(
        source=source,
        **{
            "number": number,
            "text": text,
            "sha256": ReceivedBytes.digest(text.encode()),
            "parser": "plain",
            "parser_version": "1",
            "reason": "first" if number == 1 else "transcription",
            **overrides,
        },
    )
    ReceivedBytes.objects.create(revision=revision, packed=packing.pack(text.encode()))
    _make_paragraphs(revision, given)
    search.index(Paragraph, revision.paragraphs.values_list("pk", flat=True))
    return revision


def _make_paragraphs(revision, given):
    start = 0
    for order, fields in enumerate(given, start=1):
        end = start + len(fields["text"])
        number = fields.get("number", str(order))
        level = fields.get("level")
        Paragraph.objects.create(
            revision=revision,
            start=start,
            end=end,
            **{
                "key": order,
                "order": order,
                "number": number,
                "name": number,
                "access_level": (
                    revision.source.access_level if level is None else level
                ),
                **fields,
            },
        )
        start = end + 2


def paragraph_of(source, number):
    """The current paragraph of a source with a number."""
    return Paragraph.objects.current().get(revision__source=source, number=str(number))


def make_statement(
    *,
    actor=None,
    option=None,
    code="prefer",
    paragraph=None,
    quote=None,
    who=None,
    state="draft",
    **fields,
):
    """A coded statement, moved to `state` by its own methods.

    who codes it, and submits and accepts it where `state` asks for that.
    """
    who = who or make_user()
    paragraph = paragraph or paragraph_of(make_source(), 1)
    words = coding.find_words(paragraph, quote or paragraph.text)[0]
    (statement,) = coding.code(
        who,
        coding.Utterance(
            words=[words],
            actors=[actor or make_actor()],
            options=[option or make_option()],
            disposition=disposition(code),
            fields=fields,
        ),
    )
    if state in ("review", "accepted"):
        statement.submit(who)
    if state == "accepted":
        statement.accept(who)
    return statement


def add_citation(statement, paragraph, quote, role="repeats"):
    """A further citation of a draft statement."""
    span = anchoring.locate(quote, paragraph.text)[0]
    return Citation.objects.create(
        statement=statement,
        paragraph=paragraph,
        role=role,
        start=span.start,
        end=span.end,
        quote=paragraph.text[span.start : span.end],
    )


def make_stance(
    *,
    actor=None,
    option=None,
    code="prefer",
    holds_from="2008-04-23",
    who=None,
    state="draft",
    support=(),
    **fields,
):
    """A stance, moved to `state`; without `support` it gets a statement of its own."""
    who = who or make_user()
    actor, option = actor or make_actor(), option or make_option()
    stance = Stance.objects.create(
        actor=actor,
        option=option,
        disposition=disposition(code),
        holds_from=holds_from,
        author=who,
        **fields,
    )
    for statement in support or [
        make_statement(actor=actor, option=option, code=code, who=who, state="accepted")
    ]:
        Evidence.objects.create(stance=stance, statement=statement)
    if state in ("review", "published"):
        stance.submit(who)
    if state == "published":
        stance.publish(who)
    stance.refresh_from_db()
    return stance
