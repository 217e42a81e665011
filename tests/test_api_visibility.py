"""Nothing unpublished leaves, at any address, in any form (rule 5)."""

import pytest

from positions.api.urls import router
from positions.choices import Level
from positions.readers import Reader
from tests.api_world import (
    HIDDEN,
    ROOT,
    body_of,
    get,
    hide_things,
    kept_world,
    results,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    with kept_world(django_db_blocker, hide_things) as world:
        yield world


def lists():
    """The address of every list of the router, below the root."""
    return sorted(
        prefix for prefix, _, basename in router.registry if "(" not in prefix
    )


ASKED = {"positions": {"issue": "cluster-munitions"}}
ASKED["timelines"] = ASKED["positions"]


def test_the_walk_knows_every_list_of_the_router():
    assert lists() == [
        "actors",
        "dispositions",
        "events",
        "issues",
        "options",
        "paragraphs",
        "positions",
        "sources",
        "stances",
        "statements",
        "timelines",
    ]


@pytest.mark.parametrize("form", ["json", "api"])
@pytest.mark.parametrize("name", lists())
def test_no_list_shows_what_is_hidden(world, client, name, form):
    response = get(client, f"{name}/", format=form, count="true", **ASKED.get(name, {}))
    assert response.status_code == 200
    assert HIDDEN not in body_of(response)


@pytest.mark.parametrize("layer", ["asserted", "derived", "both"])
@pytest.mark.parametrize("name", ["positions", "timelines"])
def test_no_layer_shows_what_is_hidden(world, client, name, layer):
    response = get(client, f"{name}/", layer=layer, **ASKED[name])
    assert HIDDEN not in body_of(response)


@pytest.mark.parametrize("name", ["positions", "timelines", "statements"])
def test_no_table_shows_what_is_hidden(world, client, name):
    response = get(client, f"{name}/", format="csv", **ASKED.get(name, {}))
    assert response.status_code == 200
    assert HIDDEN not in body_of(response)


@pytest.mark.parametrize("name", ["actors", "paragraphs", "sources", "statements"])
def test_hidden_words_find_nothing(world, client, name):
    assert results(client, f"{name}/", q="hidden") == []


def test_details_of_hidden_records_are_not_there(world, client):
    hidden = [
        *(f"statements/{s.key}/" for s in world.hidden_statements),
        *(f"stances/{s.key}/" for s in world.hidden_stances),
        f"actors/{world.person.key}/",
        f"issues/{world.hidden_issue.key}/",
        f"options/{world.hidden_option.key}/",
        f"events/{HIDDEN.lower()}-event/",
        f"sources/{world.private.key}/",
        f"sources/{world.private.key}/paragraphs/",
        f"sources/{world.private.key}/paragraphs/1/",
        f"sources/{world.citable.key}/paragraphs/1/",
        f"sources/{world.secret.key}/paragraphs/1/",
        "sources/closed-papers/08CLOSED1/",
    ]
    found = {path: get(client, path).status_code for path in hidden}
    assert found == dict.fromkeys(hidden, 404)


def test_details_of_visible_records_show_nothing_hidden(world, client):
    visible = [
        "actors/japan/",
        "issues/cluster-munitions/",
        "options/ccw/",
        f"events/{world.event.key}/",
        f"sources/{world.source.key}/",
        f"sources/{world.citable.key}/",
        f"sources/{world.secret.key}/paragraphs/2/",
        f"statements/{world.of_secret.key}/",
        f"statements/{world.from_private.key}/",
        f"stances/{world.stance.key}/",
    ]
    for path in visible:
        response = get(client, path)
        assert response.status_code == 200, path
        assert HIDDEN not in body_of(response), path


@pytest.mark.parametrize(
    ("path", "name", "value"),
    [
        ("statements/", "issue", "hidden-issue"),
        ("statements/", "option", "hidden-option"),
        ("statements/", "source", "private-papers/08PRIVATE1"),
        ("statements/", "collection", "private-papers"),
        ("stances/", "issue", "hidden-issue"),
        ("sources/", "collection", "closed-papers"),
        ("paragraphs/", "source", "private-papers/08PRIVATE1"),
        ("actors/", "member_of", "hidden-person"),
        ("positions/", "issue", "hidden-issue"),
        ("timelines/", "issue", "hidden-issue"),
    ],
)
def test_what_is_hidden_is_named_in_the_words_of_what_is_not_there(
    world, client, path, name, value
):
    hidden, absent = (get(client, path, **{name: v}) for v in (value, value + "x"))
    assert hidden.status_code == absent.status_code == 400
    assert hidden.content == absent.content.replace(
        (value + "x").encode(), value.encode()
    )


def test_counts_count_only_what_is_visible(world, client):
    counted = {
        name: get(client, f"{name}/", count="true").json()["count"]
        for name in ("statements", "stances", "issues", "paragraphs")
    }
    # Two of Japan's own, the support of the hidden stances, three cited from hidden
    # places, one with a hidden reporter.
    assert counted == {
        "statements": 7,
        "stances": 2,
        "issues": 1,
        "paragraphs": counted["paragraphs"],
    }
    assert counted["paragraphs"] == len(results(client, "paragraphs/", page_size=100))


def test_a_secret_quote_is_withheld_and_its_paragraph_still_cited(world, client):
    found = get(client, f"statements/{world.of_secret.key}/").json()
    (cited,) = found["citations"]
    assert cited["citation"] == "08SECRET1, para 1 (S)"
    assert (cited["quote"], cited["quote_translation"]) == ("", "")
    assert cited["quote_withheld"] is True
    assert cited["source"]["key"] == "cables/08SECRET1"


def test_a_private_source_is_cited_and_quoted_but_not_named_further(world, client):
    found = get(client, f"statements/{world.from_private.key}/").json()
    (cited,) = found["citations"]
    assert cited["citation"] == "08PRIVATE1, para 1"
    assert cited["quote"] == "The private source says so."
    assert (cited["source"], cited["source_dated"]) == (None, None)
    assert cited["source_dated_edtf"] == ""


def test_a_citable_source_is_there_without_its_text(world, client):
    found = get(client, f"sources/{world.citable.key}/").json()
    assert (found["title"], found["visibility"]) == ("Citable", "citable")
    assert results(client, f"sources/{world.citable.key}/paragraphs/") == []


def test_a_reader_with_a_higher_clearance_reads_the_secret_words(
    world, client, settings
):
    settings.READER_CLEARANCE = Level.SECRET
    found = get(client, f"statements/{world.of_secret.key}/").json()
    assert found["citations"][0]["quote"] == f"{HIDDEN} secret words."
    assert Reader.anonymous().clearance == Level.SECRET


def test_a_curator_sees_drafts_and_what_is_private(world, client):
    client.force_login(world.who)
    states = {row["state"] for row in results(client, "statements/", page_size=100)}
    assert {"draft", "review", "accepted", "rejected", "retracted"} <= states
    only = results(client, "statements/", state="draft")
    assert {row["state"] for row in only} == {"draft"}
    assert get(client, f"sources/{world.private.key}/").status_code == 200
    assert HIDDEN in body_of(get(client, "statements/", format="csv"))


def test_only_curators_may_ask_for_a_state(world, client):
    response = get(client, "statements/", state="draft")
    assert response.status_code == 400
    assert response.json()["errors"][0]["parameter"] == "state"


def test_a_person_who_speaks_in_public_is_visible(world, client):
    assert get(client, f"actors/{world.person.key}/").status_code == 404
    from tests.factories import make_statement

    make_statement(
        actor=world.japan, option=world.ccw, speaker=world.person, state="accepted"
    )
    assert get(client, f"actors/{world.person.key}/").status_code == 200


def test_positions_state_only_what_was_public_at_the_instant(world, client):
    address = f"{ROOT}timelines/"
    before = client.get(address, {"issue": "cluster-munitions"}).json()
    world.stance.retract(world.who, "wrong")
    asked = {"issue": "cluster-munitions", "known_on": before["known_on"]}
    assert client.get(address, asked | {"as_of": before["as_of"]}).json() == before
    assert client.get(address, {"issue": "cluster-munitions"}).json() != before
