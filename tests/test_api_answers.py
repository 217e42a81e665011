"""Positions and timelines over the API."""

from datetime import date

import pytest

from positions.models import Clock
from tests.api_world import get, kept_world, problems, results
from tests.factories import make_actor, make_stance, make_statement

pytestmark = pytest.mark.django_db

ISSUE = {"issue": "cluster-munitions"}


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    with kept_world(django_db_blocker) as world:
        yield world


def test_a_position_is_a_phrase_with_its_stances(world, client):
    (row,) = results(client, "positions/", **ISSUE, as_of="2008-05-02")
    assert row["actor"] == {
        "key": "japan",
        "name": "Japan",
        "kind": "state",
        "iso3": "JPN",
        "cow": "740",
    }
    assert row["short_phrase"] == "prefer CCW, engaged in Oslo Process"
    assert row["long_phrase"] == row["short_phrase"]
    assert (row["n_current"], row["n_carried"], row["n_contested"]) == (2, 0, 0)
    assert row["last_evidence"] == "2008-04-23"
    assert row["evidence"] == {
        "supports": 2,
        "contradicts": 0,
        "context": 0,
        "about": 0,
    }
    assert [s["period_id"] for s in row["stances"]][0] == world.stance.key
    assert "evidence" not in row["stances"][0]
    assert row["url"] == "http://testserver/actors/japan/"


def test_an_answer_states_what_was_asked(world, client):
    body = get(client, "positions/", **ISSUE, as_of="2008-05-02").json()
    results_, stated = body.pop("results"), body
    assert len(results_) == 1
    assert stated == {
        "issue": {"key": "cluster-munitions", "name": "Cluster munitions"},
        "as_of": "2008-05-02",
        "known_on": Clock.now().isoformat().replace("+00:00", "Z"),
        "layer": "asserted",
        "rule_version": "1",
        "next": None,
        "previous": None,
    }


def test_without_a_day_the_answer_is_of_today(world, client):
    body = get(client, "timelines/", **ISSUE).json()
    assert body["as_of"] == date.today().isoformat()


def test_before_its_first_day_nothing_holds(world, client):
    (row,) = results(client, "positions/", **ISSUE, as_of="2008-04-22")
    assert (row["short_phrase"], row["stances"]) == ("", [])


def test_a_timeline_names_every_statement_behind_it(world, client):
    (row,) = results(client, "timelines/", **ISSUE, actor="japan")
    period = next(p for p in row["periods"] if p["option"]["key"] == "ccw")
    assert period["dispositions"] == [
        {"code": "prefer", "label": "prefers", "score": 2, "rank": 5}
    ]
    assert (period["holds_from"], period["holds_to"]) == ("2008-04-23", None)
    assert (period["n_statements"], period["n_contradict"], period["n_about"]) == (
        1,
        0,
        0,
    )
    (line,) = period["evidence"]
    assert (line["relation"], line["counted"], line["n_repeats"]) == (
        "supports",
        True,
        1,
    )
    said = line["statement"]
    assert said["key"] == world.prefers.key
    assert said["speaker_name"] == "DDG Shimbo"
    assert said["reporter"]["name"] == "Embassy Tokyo"
    assert said["said_on"] == "2008-04-23"
    assert said["coded_at"].endswith("Z")
    cited = said["citations"][0]
    assert cited["citation"] == "08TOKYO1212, para 1 (U)"
    assert cited["quote"] == "Japan's first priority is the CCW."
    assert cited["source"]["key"] == "cables/08TOKYO1212"
    assert cited["source_dated"] == "2008-05-02"
    assert cited["source_published"] == "2011-08-30"


def test_layers_are_never_mixed(world, client):
    asked = ISSUE | {"as_of": "2008-05-02", "layer": "both"}
    rows = results(client, "positions/", **asked)
    assert [(row["actor"]["key"], row["layer"]) for row in rows] == [
        ("japan", "asserted"),
        ("japan", "derived"),
    ]
    for row in results(client, "timelines/", **asked):
        assert {period["layer"] for period in row["periods"]} == {row["layer"]}
    (derived,) = results(client, "timelines/", **ISSUE, layer="derived")
    assert derived["periods"][0]["rule_version"] == "1"


def test_what_others_say_stands_beside_with_its_clause(world, client):
    make_statement(
        who=world.who,
        actor=world.japan,
        option=world.ccw,
        code="oppose",
        standing="other",
        said_on="2008-04-25",
        state="accepted",
    )
    (row,) = results(client, "timelines/", **ISSUE)
    period = next(p for p in row["periods"] if p["option"]["key"] == "ccw")
    assert (period["n_statements"], period["n_about"]) == (1, 1)
    line = next(e for e in period["evidence"] if e["relation"] == "about")
    assert (line["counted"], line["set_aside_by"]) == (False, 1)


def contest(world):
    """Norway's minister says one thing and another on one day."""
    norway = make_actor("Norway")
    for code in ("support", "oppose"):
        make_statement(
            who=world.who,
            actor=norway,
            option=world.ccw,
            code=code,
            said_on="2008-05-01",
            speaker_rank=1,
            speaker_text=f"Minister who would {code}",
            state="accepted",
        )


def test_a_contested_period_has_both_dispositions_and_no_score(world, client):
    contest(world)
    asked = {"actor": "norway", "layer": "derived", "as_of": "2008-05-02"}
    (row,) = results(client, "timelines/", **ISSUE, **asked)
    (period,) = row["periods"]
    assert {d["code"] for d in period["dispositions"]} == {"support", "oppose"}
    assert (period["status"], period["score"]) == ("contested", None)
    assert period["phrase"] == "contested on CCW"


def test_pages_of_one_answer_answer_one_question(world, client):
    for name in ("Austria", "Norway", "Zambia"):
        make_stance(
            who=world.who, actor=make_actor(name), option=world.ccw, state="published"
        )
    first = get(client, "positions/", **ISSUE, page_size=2, count="true").json()
    assert first["count"] == 4
    world.stance.retract(world.who, "meanwhile")
    second = client.get(first["next"]).json()
    assert second["known_on"] == first["known_on"]
    assert second["as_of"] == first["as_of"]
    names = [
        row["actor"]["name"] for page in (first, second) for row in page["results"]
    ]
    assert names == ["Austria", "Japan", "Norway", "Zambia"]
    assert client.get(second["previous"]).json()["results"] == first["results"]


def test_an_instant_after_the_last_change_is_answered_with_that_change(world, client):
    from django.utils import timezone

    asked = timezone.now().isoformat().replace("+00:00", "Z")
    body = get(client, "timelines/", **ISSUE, known_on=asked).json()
    assert body["known_on"] == Clock.now().isoformat().replace("+00:00", "Z")


@pytest.mark.parametrize("name", ["positions/", "timelines/"])
@pytest.mark.parametrize(
    ("asked", "parameter", "message"),
    [
        ({}, "issue", "required"),
        ({"issue": "nothing"}, "issue", "There is no issue “nothing”."),
        (ISSUE | {"actor": "atlantis"}, "actor", "There is no actor “atlantis”."),
        (ISSUE | {"as_of": "2008-5-2"}, "as_of", "write YYYY-MM-DD"),
        (ISSUE | {"layer": "guessed"}, "layer", "none of: asserted, derived, both"),
        (ISSUE | {"known_on": "2008-05-02"}, "known_on", "not an instant"),
        (ISSUE | {"known_on": "2008-05-02T10:00:00"}, "known_on", "not an instant"),
        (ISSUE | {"known_on": "9000-01-01T00:00:00Z"}, "known_on", "yet to come"),
        (
            ISSUE | {"known_on": "0001-01-01T00:00:00+23:59"},
            "known_on",
            "not an instant",
        ),
    ],
)
def test_bad_questions_are_refused_by_name(
    world, client, name, asked, parameter, message
):
    response = get(client, name, **asked)
    assert response.status_code == 400
    ((named, said),) = problems(response)
    assert named == parameter
    assert message in said


@pytest.mark.parametrize("layer", ["asserted", "derived"])
def test_the_status_of_a_period_that_has_ended_is_that_of_its_last_day(
    world, client, layer
):
    given = {"who": world.who, "actor": make_actor("Norway"), "option": world.ccw}
    for code, day, until in (
        ("prefer", "2008-01-01", "2008-03-01"),
        ("oppose", "2008-03-01", None),
    ):
        support = make_statement(
            **given, code=code, said_on=day, speaker_rank=1, state="accepted"
        )
        make_stance(
            **given,
            code=code,
            holds_from=day,
            holds_to=until,
            support=[support],
            state="published",
        )
    asked = {"actor": "norway", "as_of": "2010-02-01", "layer": layer}
    (row,) = results(client, "timelines/", **ISSUE, **asked)
    assert [(p["holds_to"], p["status"]) for p in row["periods"]][0] == (
        "2008-03-01",
        "current",
    )
    assert row["periods"][1]["status"] == "carried"


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
@pytest.mark.parametrize("layer", ["asserted", "derived"])
def test_the_ends_of_the_calendar_are_days(world, client, day, layer):
    for name in ("positions/", "timelines/"):
        response = get(client, name, **ISSUE, as_of=day, layer=layer)
        assert response.status_code == 200


def test_one_actor_may_be_asked_for_by_its_old_key(world, client):
    from positions.models.changes import recording

    old = make_actor("Nippon", kind="body")
    with recording(tool="test"):
        type(old).objects.filter(pk=old.pk).update(merged_into=world.japan)
    (row,) = results(client, "positions/", **ISSUE, actor=old.key)
    assert row["actor"]["key"] == "japan"


def test_an_actor_with_nothing_on_the_issue_has_no_row(world, client):
    make_actor("Monaco")
    assert results(client, "positions/", **ISSUE, actor="monaco") == []
