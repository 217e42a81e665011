"""A small world with everything in it that the API shows, and all that it must not.

What no reader may see has the word HIDDEN in it, in every text that it has.
"""

from contextlib import contextmanager
from types import SimpleNamespace

from django.db import transaction

from positions import search
from positions.choices import Level
from positions.models import (
    Actor,
    ActorName,
    Citation,
    Evidence,
    Identifier,
    Membership,
    OptionAlias,
    Paragraph,
    Participation,
    Source,
    Stance,
    Statement,
    Voice,
)
from positions.models.changes import recording
from tests.factories import (
    add_citation,
    make_actor,
    make_collection,
    make_event,
    make_issue,
    make_option,
    make_source,
    make_stance,
    make_statement,
    make_user,
    paragraph_of,
)

ROOT = "/api/v1/"
HIDDEN = "HIDDEN"


def get(client, path, **parameters):
    return client.get(ROOT + path, parameters)


def body_of(response):
    """All that was sent, a streamed table too."""
    if response.streaming:
        return b"".join(response.streaming_content).decode()
    return response.content.decode()


def results(client, path, **parameters):
    response = get(client, path, **parameters)
    assert response.status_code == 200, response.content
    return response.json()["results"]


def problems(response):
    """(parameter, message) of an error answer."""
    return [(e["parameter"], e["message"]) for e in response.json()["errors"]]


def withhold(record):
    """Hide a record from every reader, as an operator does."""
    with recording(tool="test"):
        type(record).objects.filter(pk=record.pk).update(withheld=True)


def index_documents():
    """Fill the search index, which an import does for what it brings."""
    for model in (Source, Paragraph):
        search.index(model, model.objects.values_list("pk", flat=True))


@contextmanager
def kept_world(blocker, *add):
    """A world for all tests of a module: each test's own changes are rolled back."""
    with blocker.unblock(), transaction.atomic():
        world = make_world()
        for step in add:
            step(world)
        yield world
        transaction.set_rollback(True)


def make_world():
    """Japan's position on one issue, in public and in all that lies behind it."""
    world = SimpleNamespace(who=make_user())
    _add_registers(world)
    _add_documents(world)
    _add_evidence(world)
    return world


def _add_registers(world):
    world.issue = make_issue("Cluster munitions", question="Shall they be banned?")
    world.ccw = make_option("CCW", issue=world.issue)
    world.oslo = make_option("Oslo Process", issue=world.issue)
    world.ccw.alternatives.add(world.oslo)
    OptionAlias.objects.create(option=world.ccw, name="the Convention")
    world.japan = make_actor("Japan")
    ActorName.objects.create(actor=world.japan, name="Nippon", language="ja")
    Identifier.objects.create(actor=world.japan, scheme="iso3", value="JPN")
    Identifier.objects.create(actor=world.japan, scheme="cow", value="740")
    world.ministry = make_actor("Ministry of Foreign Affairs", kind="body")
    Membership.objects.create(member=world.ministry, group=world.japan)
    world.event = make_event("Tokyo meeting", dated="2008-04-23", place="Tokyo")
    world.event.issues.add(world.issue)
    Participation.objects.create(event=world.event, actor=world.japan, part="host")
    world.reason = world.issue.reasons.create(key="pressure", name="Public pressure")


def _add_documents(world):
    world.cables = make_collection("cables")
    world.source = make_source(
        [
            {"text": "Japan's first priority is the CCW.", "level": 0, "label": "13."},
            "Japan will stay engaged in the Oslo Process.",
            "[Comment: it sounded firm.]",
        ],
        identifier="08TOKYO1212",
        collection=world.cables,
        title="Japan on cluster munitions",
        kind="cable",
        published="2011-08-30",
        issuer=make_actor("Embassy Tokyo", kind="body"),
    )
    third = paragraph_of(world.source, 3)
    Voice.objects.create(paragraph=third, start=0, end=27, kind="comment")


def _add_evidence(world):
    said = {
        "who": world.who,
        "actor": world.japan,
        "event": world.event,
        "said_on": "2008-04-23",
        "speaker_text": "DDG Shimbo",
        "speaker_role": "Deputy Director-General",
        "speaker_rank": 3,
    }
    world.prefers = make_statement(
        **said,
        option=world.ccw,
        over_option=world.oslo,
        code="prefer",
        paragraph=paragraph_of(world.source, 1),
        reporter=world.source.issuer,
    )
    world.prefers.reasons.add(world.reason)
    copy = make_source(["Its first priority is the CCW."], collection=world.cables)
    add_citation(world.prefers, paragraph_of(copy, 1), "the CCW")
    world.prefers.submit(world.who)
    world.prefers.accept(world.who)
    world.engages = make_statement(
        **said,
        option=world.oslo,
        code="engage",
        paragraph=paragraph_of(world.source, 2),
        state="accepted",
    )
    stance = {"who": world.who, "actor": world.japan, "state": "published"}
    world.stance = make_stance(**stance, option=world.ccw, support=[world.prefers])
    make_stance(**stance, option=world.oslo, code="engage", support=[world.engages])


# -- what must not be seen ----------------------------------------------------------


def hide_things(world):
    """Add one of everything that a reader must not see; the citations they leave.

    A quote above the reader's level and one from a private source belong to accepted
    statements, whose citations everybody sees.
    """
    _hide_statements(world)
    _hide_documents(world)
    _hide_persons(world)
    _hide_an_issue(world)
    _hide_notes(world)
    index_documents()


def _hide_statements(world):
    given = {
        "who": world.who,
        "actor": world.japan,
        "option": world.ccw,
        "paragraph": paragraph_of(world.source, 1),
        "speaker_text": f"{HIDDEN} speaker",
        "audience": f"{HIDDEN} audience",
        "said_on": "2008-04-24",
    }
    draft = make_statement(**given)
    review = make_statement(**given, state="review")
    rejected = make_statement(**given, state="review")
    rejected.reject(world.who, "wrong")
    retracted = make_statement(**given, state="accepted")
    retracted.retract(world.who, "wrong")
    withheld = make_statement(**given, state="accepted")
    # A person's stance may name what is not public, beside what is.
    for hidden in (draft, review, withheld):
        Evidence.objects.create(stance=world.stance, statement=hidden)
    withhold(withheld)
    make_statement(**given).drop(world.who)
    other = make_option("Dublin", issue=world.issue)
    _hide_stances(world, other)
    world.hidden_statements = [draft, review, rejected, retracted, withheld]


def _hide_stances(world, option):
    support = make_statement(
        actor=world.japan, option=option, who=world.who, state="accepted"
    )
    given = {
        "who": world.who,
        "actor": world.japan,
        "option": option,
        "support": [support],
        "rationale": f"{HIDDEN} rationale",
    }
    draft = make_stance(**given)
    retracted = make_stance(**given, state="published")
    retracted.retract(world.who, "wrong")
    withheld = make_stance(**given, state="published")
    withhold(withheld)
    world.hidden_stances = [draft, retracted, withheld]


def _hide_documents(world):
    text = [f"{HIDDEN} text of a document."]
    private = make_source(
        ["The private source says so.", *text],
        identifier="08PRIVATE1",
        collection=make_collection("private-papers", title=f"{HIDDEN} collection"),
        visibility="private",
        title=f"{HIDDEN} title",
    )
    make_source(text, identifier=f"{HIDDEN}-UNCITED", visibility="private")
    world.citable = make_source(
        text, identifier="08CITABLE1", visibility="citable", title="Citable"
    )
    closed = make_collection("closed-papers", title=f"{HIDDEN} collection")
    closed.groups.add(world.who.groups.get())
    in_group = make_source(text, identifier="08CLOSED1", collection=closed)
    world.secret = make_source(
        [{"text": f"{HIDDEN} secret words.", "level": Level.SECRET}, "Open words."],
        identifier="08SECRET1",
        collection=world.cables,
    )
    world.from_private = make_statement(
        actor=world.japan, paragraph=paragraph_of(private, 1), option=world.oslo
    )
    world.of_secret = make_statement(
        actor=world.japan, paragraph=paragraph_of(world.secret, 1), option=world.oslo
    )
    Citation.objects.filter(statement=world.of_secret).update(
        translation=f"{HIDDEN} translation"
    )
    of_closed = make_statement(
        actor=world.japan, paragraph=paragraph_of(in_group, 1), option=world.oslo
    )
    for statement in (world.from_private, world.of_secret, of_closed):
        statement.submit(world.who)
        statement.accept(world.who)
    world.private = private


def _hide_persons(world):
    person = make_actor(f"{HIDDEN} Person", kind="person")
    Membership.objects.create(member=person, group=world.japan, role=f"{HIDDEN} role")
    Membership.objects.create(member=world.japan, group=person)
    Participation.objects.create(event=world.event, actor=person, part="participant")
    reported = make_statement(
        actor=world.japan,
        option=world.oslo,
        paragraph=paragraph_of(world.source, 2),
        reporter=person,
        extends_to="members_except",
    )
    reported.extends_except.add(person)
    reported.submit(world.who)
    reported.accept(world.who)
    with recording(tool="test"):
        type(world.source).objects.filter(pk=world.citable.pk).update(issuer=person)
    world.person = person


def _hide_an_issue(world):
    issue = make_issue(f"{HIDDEN} issue", question=f"{HIDDEN} question")
    option = make_option(f"{HIDDEN} option", issue=issue)
    issue.reasons.create(key="hidden", name=f"{HIDDEN} reason")
    make_event(f"{HIDDEN} event").issues.add(issue)
    world.event.issues.add(issue)
    world.ccw.alternatives.add(option)
    world.ccw.succeeded_by = option
    world.ccw.save()
    make_statement(actor=world.japan, option=option, who=world.who)
    world.hidden_issue, world.hidden_option = issue, option


def _hide_notes(world):
    with recording(tool="test"):
        Statement.objects.filter(pk=world.prefers.pk).update(note=f"{HIDDEN} note")
        Actor.objects.filter(pk=world.japan.pk).update(note=f"{HIDDEN} note")
        type(world.event).objects.filter(pk=world.event.pk).update(
            note=f"{HIDDEN} note"
        )
        type(world.source).objects.filter(pk=world.source.pk).update(
            obtained=f"{HIDDEN} channel"
        )
        type(world.cables).objects.filter(pk=world.cables.pk).update(
            note=f"{HIDDEN} note"
        )
    assert Stance.objects.public().filter(pk=world.stance.pk).exists()
