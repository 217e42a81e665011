"""What each parameter of each list leaves in it."""

import pytest

from positions.models import Actor, Issue, Option, Participation
from positions.models.changes import recording
from tests.api_world import get, index_documents, kept_world, problems, results
from tests.factories import (
    make_actor,
    make_collection,
    make_event,
    make_issue,
    make_option,
    make_source,
    make_stance,
    make_statement,
    paragraph_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    with kept_world(django_db_blocker, add_norway) as world:
        yield world


def add_norway(world):
    """Beside Japan's statements of 23 April 2008, one of Norway's that differs."""
    world.norway = make_actor("Norway")
    world.norms = make_issue("Landmines")
    world.ban = make_option("Ban", issue=world.norms, headline=False, kind="treaty")
    world.press = make_source(
        ["Norway ratified."],
        identifier="PR1",
        collection=make_collection("press"),
        kind="press",
        dated="2009-07",
    )
    world.event2 = make_event("Deposit", dated="2009-07-14", kind="signing")
    world.event2.issues.add(world.norms)
    world.ratifies = make_statement(
        who=world.who,
        actor=world.norway,
        option=world.ban,
        code="bound",
        paragraph=paragraph_of(world.press, 1),
        event=world.event2,
        said_on="2009-07-14",
        standing="own",
        form="act",
        publicity="public",
        modality="intended",
        state="accepted",
    )
    world.stance2 = make_stance(
        who=world.who,
        actor=world.norway,
        option=world.ban,
        code="bound",
        holds_from="2009-07-14",
        support=[world.ratifies],
        state="published",
    )
    index_documents()


def merge(record, into):
    with recording(tool="test"):
        type(record).objects.filter(pk=record.pk).update(merged_into=into)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, ["ban", "ccw", "oslo-process"]),
        ({"issue": "landmines"}, ["ban"]),
        ({"option": "ccw"}, ["ccw"]),
        ({"actor": "norway"}, ["ban"]),
        ({"actor": "japan", "option": "ban"}, []),
        ({"disposition": "engage"}, ["oslo-process"]),
        ({"facet": "commitment"}, ["ban"]),
        ({"source": "cables/08TOKYO1212"}, ["ccw", "oslo-process"]),
        ({"source": "press/PR1"}, ["ban"]),
        ({"collection": "press"}, ["ban"]),
        ({"event": "deposit"}, ["ban"]),
        ({"standing": "own"}, ["ban", "ccw", "oslo-process"]),
        ({"standing": "other"}, []),
        ({"form": "act"}, ["ban"]),
        ({"publicity": "public"}, ["ban"]),
        ({"modality": "intended"}, ["ban"]),
        ({"holds_from": "2008-04-24"}, ["ban"]),
        ({"holds_from": "2008-04-23"}, ["ban", "ccw", "oslo-process"]),
        ({"holds_to": "2008-04-23"}, ["ccw", "oslo-process"]),
        ({"holds_to": "2008-04-22"}, []),
        ({"q": "priority"}, ["ccw"]),
        ({"q": "Shimbo"}, ["ccw", "oslo-process"]),
        ({"q": "Nippon -engaged"}, ["ccw"]),
    ],
)
def test_statements_by(world, client, asked, expected):
    rows = results(client, "statements/", **asked)
    assert sorted(row["option"]["key"] for row in rows) == expected


def test_statements_come_newest_first(world, client):
    days = [row["holds_on_latest"] for row in results(client, "statements/")]
    assert days == sorted(days, reverse=True)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, ["ban", "ccw", "oslo-process"]),
        ({"issue": "landmines"}, ["ban"]),
        ({"actor": "japan"}, ["ccw", "oslo-process"]),
        ({"option": "ban"}, ["ban"]),
        ({"facet": "preference"}, ["ccw"]),
        ({"disposition": "bound"}, ["ban"]),
        ({"as_of": "2008-04-22"}, []),
        ({"as_of": "2008-04-23"}, ["ccw", "oslo-process"]),
        ({"as_of": "2010-01-01"}, ["ban", "ccw", "oslo-process"]),
    ],
)
def test_stances_by(world, client, asked, expected):
    rows = results(client, "stances/", **asked)
    assert sorted(row["option"]["key"] for row in rows) == expected


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"collection": "press"}, ["PR1"]),
        ({"kind": "cable"}, ["08TOKYO1212"]),
        ({"q": "08TOKYO1212"}, ["08TOKYO1212"]),
        ({"dated_from": "2009-07-31"}, ["PR1"]),
        ({"dated_from": "2009-08-01"}, []),
        ({"dated_to": "2009-07-01", "kind": "press"}, ["PR1"]),
        ({"dated_to": "2009-06-30", "kind": "press"}, []),
    ],
)
def test_sources_by(world, client, asked, expected):
    rows = results(client, "sources/", **asked)
    assert [row["identifier"] for row in rows] == expected


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"source": "press/PR1"}, ["Norway ratified."]),
        ({"number": "2"}, ["Japan will stay engaged in the Oslo Process."]),
        ({"role": "comment"}, []),
        ({"q": "ratified"}, ["Norway ratified."]),
        ({"q": "ratified", "source": "cables/08TOKYO1212"}, []),
    ],
)
def test_paragraphs_by(world, client, asked, expected):
    rows = results(client, "paragraphs/", **asked)
    assert [row["text"] for row in rows] == expected


def test_paragraphs_stand_in_the_order_of_their_document(world, client):
    rows = results(client, "sources/cables/08TOKYO1212/paragraphs/")
    assert [(row["number"], row["key"]) for row in rows] == [
        ("1", 1),
        ("2", 2),
        ("3", 3),
    ]
    assert (
        rows[0]["long_citation"]
        == '08TOKYO1212, para 1 (U) [printed "13." in this copy]'
    )
    assert rows[2]["url"].endswith("/sources/cables/08TOKYO1212/#p3")
    assert rows[2]["voices"] == [{"start": 0, "end": 27, "kind": "comment"}]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"kind": "state"}, ["japan", "norway"]),
        ({"q": "nippon"}, ["japan"]),
        ({"q": "NORW*"}, ["norway"]),
        ({"member_of": "japan"}, ["ministry-of-foreign-affairs"]),
    ],
)
def test_actors_by(world, client, asked, expected):
    assert [row["key"] for row in results(client, "actors/", **asked)] == expected


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"issue": "landmines"}, ["ban", "landmines-whole"]),
        ({"headline": "true"}, ["ccw", "oslo-process"]),
        ({"headline": "false", "kind": "treaty"}, ["ban"]),
    ],
)
def test_options_by(world, client, asked, expected):
    assert [row["key"] for row in results(client, "options/", **asked)] == expected


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, ["tokyo-meeting", "deposit"]),
        ({"issue": "landmines"}, ["deposit"]),
        ({"kind": "meeting"}, ["tokyo-meeting"]),
        ({"dated_from": "2008-04-24"}, ["deposit"]),
        ({"dated_to": "2008-04-23"}, ["tokyo-meeting"]),
    ],
)
def test_events_by(world, client, asked, expected):
    assert [row["key"] for row in results(client, "events/", **asked)] == expected


def test_the_codebook_by_facet(world, client):
    rows = results(client, "dispositions/", facet="engagement")
    assert {row["facet"] for row in rows} == {"engagement"}
    assert "engage" in {row["code"] for row in rows}


@pytest.mark.parametrize(
    ("path", "asked", "message"),
    [
        ("statements/", {"holds_from": "20080502"}, "write YYYY-MM-DD"),
        ("statements/", {"holds_to": "2008-02-30"}, "not a day of the calendar"),
        ("statements/", {"standing": "official"}, "none of: own, group"),
        ("statements/", {"source": "08TOKYO1212"}, "no source “08TOKYO1212”"),
        ("stances/", {"as_of": "today"}, "write YYYY-MM-DD"),
        ("options/", {"headline": "1"}, "neither true nor false"),
        ("events/", {"kind": "party"}, "none of: meeting"),
        ("paragraphs/", {"q": "-word"}, "not only words to leave out"),
    ],
)
def test_bad_values_are_refused_in_a_sentence(world, client, path, asked, message):
    response = get(client, path, **asked)
    assert response.status_code == 400
    ((name, said),) = problems(response)
    assert name in asked
    assert message in said


# -- merged records -----------------------------------------------------------------


def test_an_old_key_leads_to_the_record_that_it_was_merged_into(world, client):
    nippon = make_actor("Dai Nippon", kind="body")
    old_issue = make_issue("Cluster bombs")
    old_option = make_option("Geneva talks", issue=world.issue)
    for record, into, path in (
        (nippon, world.japan, "actors"),
        (old_issue, world.issue, "issues"),
        (old_option, world.ccw, "options"),
    ):
        key, address = record.key, f"/api/v1/{path}/{into.key}/"
        merge(record, into)
        response = get(client, f"{path}/{key}/", format="json")
        assert response.status_code == 308
        assert response["Location"] == f"http://testserver{address}?format=json"
        assert client.get(response["Location"]).json()["key"] == into.key
        assert key not in {row["key"] for row in results(client, f"{path}/")}


def test_an_old_key_of_something_hidden_is_not_there(world, client):
    hidden, old = make_issue("Draft issue"), make_issue("Old draft issue")
    merge(old, hidden)
    assert get(client, f"issues/{old.key}/").status_code == 404


def test_old_keys_filter_as_the_new_ones(world, client):
    nippon = make_actor("Dai Nippon", kind="body")
    late = make_statement(
        who=world.who, actor=nippon, option=world.ccw, state="accepted"
    )
    merge(nippon, world.japan)
    assert Actor.objects.get(pk=nippon.pk).survivor == world.japan
    keys = [
        {row["key"] for row in results(client, "statements/", actor=actor)}
        for actor in ("japan", nippon.key)
    ]
    assert keys[0] == keys[1]
    assert late.key in keys[0]
    (row,) = (r for r in results(client, "statements/") if r["key"] == late.key)
    assert row["actor"]["key"] == "japan"


def test_registers_show_what_belongs_to_a_record(world, client):
    japan = get(client, "actors/japan/").json()
    assert japan["names"][0]["name"] == "Nippon"
    assert {i["scheme"]: i["value"] for i in japan["identifiers"]} == {
        "iso3": "JPN",
        "cow": "740",
    }
    ministry = get(client, f"actors/{world.ministry.key}/").json()
    assert [m["group"]["key"] for m in ministry["memberships"]] == ["japan"]
    ccw = get(client, "options/ccw/").json()
    assert [o["key"] for o in ccw["alternatives"]] == ["oslo-process"]
    assert ccw["aliases"] == ["the Convention"]
    Participation.objects.create(event=world.event, actor=world.norway, part="absent")
    event = get(client, "events/tokyo-meeting/").json()
    assert [(p["actor"]["key"], p["part"]) for p in event["participants"]] == [
        ("japan", "host"),
        ("norway", "absent"),
    ]
    assert [i["key"] for i in event["issues"]] == ["cluster-munitions"]
    assert Issue.objects.count() == 2
    assert Option.objects.filter(kind="whole").count() == 2


def test_a_statement_tells_all_that_is_known_of_it(world, client):
    row = get(client, f"statements/{world.prefers.key}/").json()
    assert row["disposition"]["code"] == "prefer"
    assert (row["said_on"], row["said_on_edtf"]) == ("2008-04-23", "2008-04-23")
    assert row["speaker_name"] == "DDG Shimbo"
    assert row["reporter"]["key"] == "embassy-tokyo"
    assert row["event"]["key"] == "tokyo-meeting"
    assert row["reasons"] == ["pressure"]
    assert row["over_option"]["key"] == "oslo-process"
    main, repeat = row["citations"]
    assert (main["role"], repeat["role"]) == ("main", "repeats")
    assert main["citation"] == "08TOKYO1212, para 1 (U)"
    assert main["quote"] == "Japan's first priority is the CCW."
    assert (main["source_dated"], main["source_published"]) == (
        "2008-05-02",
        "2011-08-30",
    )
    assert row["url"] == f"http://testserver/statements/{world.prefers.key}/"
    assert client.get(row["url"]).status_code == 200
    assert client.get(main["source"]["url"]).status_code == 200
