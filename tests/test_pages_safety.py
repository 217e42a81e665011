"""On every public page: nothing unpublished, no script, a fixed number of queries."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from positions.models import Evidence
from tests import api_world
from tests.factories import (
    make_actor,
    make_collection,
    make_event,
    make_issue,
    make_option,
    make_source,
    make_statement,
    make_user,
    paragraph_of,
)
from tests.pages_world import make_world, publish_all
from tests.test_security import inline_parts

pytestmark = pytest.mark.django_db

SCRIPT = "<script>alert(1)</script>"


def pages_of(actors=(), issues=(), sources=(), statements=()):
    """The addresses of all pages about some records, in every form they have."""
    addresses = ["/", "/search/", "/search/?q=HIDDEN", "/search/?q=japan"]
    for issue in issues:
        for query in ("", "?on=2008-05-02", "?on=2008-05-02&layer=derived"):
            addresses.append(f"/issues/{issue.key}/{query}")
    for actor in actors:
        addresses.append(f"/actors/{actor.key}/")
        addresses.append(f"/actors/{actor.key}/?layer=derived&on=2008-05-02")
    addresses += [f"/sources/{source.key}/" for source in sources]
    addresses += [f"/statements/{statement.key}/" for statement in statements]
    return addresses


def test_nothing_unpublished_is_on_any_page(client):
    world = api_world.make_world()
    api_world.hide_things(world)
    addresses = pages_of(
        actors=(world.japan, world.ministry, world.source.issuer),
        issues=(world.issue,),
        sources=(world.source, world.secret, world.citable),
        statements=(world.prefers, world.from_private, world.of_secret),
    )
    for address in addresses:
        response = client.get(address)
        assert response.status_code == 200, address
        # The words asked for are said back.
        told = response.text.replace("HIDDEN</h1>", "").replace('"HIDDEN"', "")
        told = told.replace("<title>HIDDEN", "").replace("q=HIDDEN", "")
        told = told.replace("q%3DHIDDEN", "")
        assert api_world.HIDDEN not in told, address
        for hidden in (*world.hidden_statements, *world.hidden_stances):
            assert hidden.key not in told, address


def test_what_is_unpublished_has_no_page(client):
    world = api_world.make_world()
    api_world.hide_things(world)
    hidden = [
        f"/issues/{world.hidden_issue.key}/",
        f"/actors/{world.person.key}/",
        f"/actors/japan/?issue={world.hidden_issue.key}",
        f"/sources/{world.private.key}/",
        "/sources/closed-papers/08CLOSED1/",
        *(f"/statements/{row.key}/" for row in world.hidden_statements),
    ]
    for address in hidden:
        response = client.get(address)
        assert response.status_code == 404, address
        assert api_world.HIDDEN not in response.text.replace(world.person.key, "")


def test_curators_read_every_page_too(client):
    world = api_world.make_world()
    api_world.hide_things(world)
    client.force_login(world.who)
    addresses = pages_of(
        actors=(world.japan, world.person),
        issues=(world.issue, world.hidden_issue),
        sources=(world.source, world.secret, world.private),
        statements=(world.prefers, *world.hidden_statements),
    )
    for address in addresses:
        assert client.get(address).status_code == 200, address


def test_drafts_behind_a_published_stance_are_not_its_evidence(client):
    world = make_world()
    draft = make_statement(
        who=world.who,
        actor=world.japan,
        option=world.prefer.option,
        said_on="2008-04-25",
    )
    stance = world.prefer.evidence.get().stance
    Evidence.objects.create(stance=stance, statement=draft)
    text = client.get("/actors/japan/").text
    assert draft.key not in text
    assert world.prefer.key in text


def test_script_in_names_and_quotes_is_shown_as_text(client):
    who = make_user()
    issue = make_issue(f"Issue {SCRIPT}", question=SCRIPT, description=SCRIPT)
    event = make_event(f"Event {SCRIPT}", place=SCRIPT, dated="2008-04-23")
    event.issues.add(issue)
    actor = make_actor(f"Actor {SCRIPT}")
    option = make_option(f"Option {SCRIPT}", issue=issue, definition=SCRIPT)
    source = make_source(
        [{"text": f"Words {SCRIPT}", "heading": SCRIPT, "label": "<b>"}],
        identifier=f"X{SCRIPT}".replace("/", ""),
        collection=make_collection("papers", title=SCRIPT),
        title=SCRIPT,
        symbol=SCRIPT,
    )
    statement = make_statement(
        who=who,
        actor=actor,
        option=option,
        paragraph=paragraph_of(source, 1),
        event=event,
        said_on="2008-04-23",
        speaker_text=SCRIPT,
        speaker_role=SCRIPT,
        audience=SCRIPT,
        form="act",
        note=SCRIPT,
        state="accepted",
    )
    publish_all(actor, issue, who)
    for curator in (False, True):
        if curator:
            client.force_login(who)
        for address in [
            *pages_of([actor], [issue], [source], [statement]),
            f"/search/?q={SCRIPT}",
            f"/issues/{issue.key}/?{SCRIPT}=1",
            f"/issues/{issue.key}/?on={SCRIPT}",
        ]:
            response = client.get(address)
            assert response.status_code in (200, 400), address
            assert "<script>" not in response.text, address
            assert inline_parts(response.content) == [], address
            assert "unsafe" not in response.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    "address", ["/", "/search/", "/issues/x/", "/actors/x/", "/statements/x/"]
)
def test_pages_are_only_read(client, address):
    assert client.post(address).status_code == 405


def queries(client, address):
    with CaptureQueriesContext(
        connection,
    ) as captured:
        response = client.get(address)
    assert response.status_code == 200
    return len(captured)


def grow(world, count):
    """Further actors, statements, stances, events and quotes on the same issue."""
    for number in range(count):
        event = make_event(dated=f"2008-03-{number % 28 + 1:02}")
        event.issues.add(world.issue)
        given = {
            "who": world.who,
            "option": world.prefer.option,
            "event": event,
            "speaker_rank": 1,
            "said_on": event.dated,
            "state": "accepted",
        }
        actor = make_actor()
        make_statement(
            **given, actor=actor, paragraph=paragraph_of(world.cable, number % 3 + 1)
        )
        confirming = {**given, "said_on": f"2008-05-{number % 28 + 1:02}"}
        make_statement(
            **confirming, actor=world.japan, reporter=make_actor(kind="body")
        )
        publish_all(actor, world.issue, world.who)
    publish_all(world.japan, world.issue, world.who)


def test_queries_do_not_grow_with_the_rows(client):
    world = make_world()
    grow(world, 1)
    addresses = [
        "/",
        "/search/?q=japan",
        "/issues/cluster-munitions/?on=2008-05-02",
        "/issues/cluster-munitions/?on=2008-05-02&layer=derived",
        "/actors/japan/?issue=cluster-munitions",
        "/actors/japan/?issue=cluster-munitions&layer=derived",
        "/sources/cables/08TEST1/",
        f"/statements/{world.prefer.key}/",
    ]
    before = {address: queries(client, address) for address in addresses}
    grow(world, 8)
    after = {address: queries(client, address) for address in addresses}
    # A search that finds little looks once more behind its window.
    assert [a for a in addresses if after[a] > before[a]] == []
    assert max(before.values()) < 60
    client.force_login(make_user())
    curators = {address: queries(client, address) for address in addresses}
    grow(world, 3)
    assert {address: queries(client, address) for address in addresses} == curators
