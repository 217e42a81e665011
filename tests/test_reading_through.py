"""What was merged is read as one, wherever a reader or a curator may look."""

import json
import re
from datetime import date

import pytest
from django.urls import reverse

from positions import answers, deriving, merging
from positions.models import Actor, Option, Stance, Statement
from positions.models.changes import Clock, recording
from tests.factories import make_actor, make_stance, make_statement
from tests.merged_world import FORMER, make_world, merge_all, part_all

pytestmark = pytest.mark.django_db

API = "/api/v1/"
LISTS = (
    *("actors/", "issues/", "options/", "events/", "sources/", "statements/"),
    *("stances/", "paragraphs/", "positions/", "timelines/"),
)


@pytest.fixture
def world():
    return make_world()


@pytest.fixture
def merged(world):
    merge_all(world)
    return world


def asked(world, path, **parameters):
    if path in ("positions/", "timelines/"):
        parameters |= {"issue": world.issue.key, "layer": "both"}
        parameters.setdefault("as_of", "2008-06-01")
    return parameters


def text_of(response):
    assert response.status_code == 200, response.content
    if response.streaming:
        return b"".join(response.streaming_content).decode()
    return response.content.decode()


def without_other_names(text):
    """What an answer says, but for the lists of other names."""
    answer = json.loads(text)
    rows = answer["results"]
    for row in rows:
        row.pop("names", None)
        row.pop("aliases", None)
    return json.dumps(rows)


# To make the world takes longer than to look at it: one world for all lists.


def test_no_list_names_what_was_merged(merged, client):
    for path in LISTS:
        text = text_of(client.get(API + path, asked(merged, path)))
        shown = without_other_names(text)
        assert FORMER.lower() not in shown.lower(), path
        assert json.loads(shown), path


def test_no_table_names_what_was_merged(merged, client):
    for path in ("statements/", "positions/", "timelines/"):
        given = asked(merged, path) | {"format": "csv"}
        if path == "positions/":
            given["layer"] = "asserted"
        text = text_of(client.get(API + path, given))
        assert FORMER.lower() not in text.lower(), path
        assert "JPN" in text, path


def test_no_page_names_what_was_merged(merged, client):
    pages = [
        reverse("home"),
        reverse("issue", args=(merged.issue.key,)) + "?on=2008-06-01",
        reverse("issue", args=(merged.issue.key,)) + "?layer=derived&on=2008-06-01",
        reverse("source", args=("cables", "08TOKYO1212")),
        *(reverse("statement", args=(s.key,)) for s in Statement.objects.public()),
        reverse("search") + "?q=Japan",
        reverse("search") + "?q=CCW",
        *(
            reverse("actor", args=(actor.key,))
            for actor in (merged.group, merged.speaker, merged.embassy)
        ),
    ]
    for address in pages:
        text = text_of(client.get(address))
        # The register at the foot of an actor's page lists the other names.
        said = text.partition('id="register"')[0]
        found = re.search(rf".{{60}}{FORMER}.{{40}}", said, re.I | re.S)
        assert not found, (address, found and found[0])


def test_the_page_of_an_actor_lists_all_its_names_once(merged, client):
    text = text_of(client.get(reverse("actor", args=("japan",))))
    page, _, register = text.partition('id="register"')
    assert FORMER.lower() not in page.lower()
    for words in (f"{FORMER} Japan", "Nippon", "JPN", "Foreign Ministry"):
        assert words in register
    assert register.count("Group of Eight") == 1
    assert "prefer CCW" in page


def test_the_register_of_the_api_holds_what_belongs_to_all_of_them(merged, client):
    japan = client.get(f"{API}actors/japan/").json()
    assert [n["name"] for n in japan["names"]] == [f"{FORMER} Japan", "Nippon"]
    assert japan["identifiers"] == [{"scheme": "iso3", "value": "JPN"}]
    assert [m["group"]["key"] for m in japan["memberships"]] == ["group-of-eight"]
    ccw = client.get(f"{API}options/ccw/").json()
    assert ccw["aliases"] == ["the Convention", f"{FORMER} CCW"]
    assert [o["key"] for o in ccw["alternatives"]] == ["oslo-process"]
    event = client.get(f"{API}events/tokyo-meeting/").json()
    assert [p["actor"]["key"] for p in event["participants"]] == ["japan"]
    assert [i["key"] for i in event["issues"]] == ["cluster-munitions"]


@pytest.mark.parametrize("kind", ["actor", "option", "issue"])
def test_old_keys_lead_on_through_chains(world, client, kind):
    old = {"actor": world.old_japan, "option": world.old_ccw, "issue": world.old_issue}
    older = type(old[kind]).objects.get(pk=old[kind].pk)
    first = (
        Option.objects.create(issue=world.issue, name="Older still", kind="track")
        if kind == "option"
        else type(older).objects.create(
            name="Older still", **({"kind": "state"} if kind == "actor" else {})
        )
    )
    merging.merge(world.who, first, older, "a chain")
    merge_all(world)
    survivor = type(older).objects.get(pk=older.pk).survivor
    for record in (first, older):
        address = f"{API}{kind}s/{record.key}/?format=json"
        response = client.get(address)
        assert response.status_code == 308
        assert response["Location"].endswith(f"/{kind}s/{survivor.key}/?format=json")
        assert client.get(response["Location"]).json()["key"] == survivor.key


FILTERS = [
    ("statements/", "actor", ("japan", "former-japan")),
    ("statements/", "option", ("ccw", "former-ccw")),
    ("statements/", "issue", ("cluster-munitions", "former-cluster-munitions")),
    ("stances/", "actor", ("japan", "former-japan")),
    ("stances/", "option", ("ccw", "former-ccw")),
    ("stances/", "issue", ("cluster-munitions", "former-cluster-munitions")),
    ("options/", "issue", ("cluster-munitions", "former-cluster-munitions")),
    ("events/", "issue", ("cluster-munitions", "former-cluster-munitions")),
    ("actors/", "member_of", ("group-of-eight", "former-group-of-eight")),
]


def test_old_keys_filter_as_the_new_ones(merged, client):
    for path, name, keys in FILTERS:
        new, old = (
            [
                row["key"]
                for row in client.get(API + path, {name: key}).json()["results"]
            ]
            for key in keys
        )
        assert new == old != [], (path, name)


def test_actors_are_found_by_the_names_of_those_merged_into_them(merged, client):
    for words in ("nippon", FORMER.lower()):
        rows = client.get(f"{API}actors/", {"q": words}).json()["results"]
        assert "japan" in {row["key"] for row in rows}
    assert list(Actor.objects.current().named("Nippon")) == [merged.japan]


def test_statements_of_all_are_found_by_every_name(merged, client):
    own = make_statement(
        who=merged.who, actor=merged.japan, option=merged.ccw, state="accepted"
    )
    for words in ("Nippon", f"{FORMER} Japan", "Convention"):
        found = client.get(f"{API}statements/", {"q": words}).json()["results"]
        assert {own.key, merged.prefers.key} <= {row["key"] for row in found}
    part_all(merged)
    found = client.get(f"{API}statements/", {"q": "Nippon"}).json()["results"]
    assert [row["key"] for row in found] == [merged.prefers.key]


def test_merged_records_cost_no_further_queries(
    merged, client, django_assert_max_num_queries
):
    made = [
        make_statement(
            who=merged.who,
            speaker=Actor.objects.get(key="former-shimbo"),
            reporter=Actor.objects.get(key="former-embassy-tokyo"),
            state="accepted",
        )
        for _ in range(12)
    ]
    with recording(tool="test"):
        Statement.objects.filter(pk__in=[one.pk for one in made]).update(
            actor=merged.old_japan, option=merged.old_ccw
        )
    with django_assert_max_num_queries(10):
        assert len(client.get(f"{API}statements/").json()["results"]) == 15
    with django_assert_max_num_queries(40):
        client.get(f"{API}timelines/", asked(merged, "timelines/"))


def test_curators_read_the_surviving_names_too(merged, client):
    client.force_login(merged.who)
    make_statement(who=merged.who, actor=merged.old_japan, option=merged.old_ccw)
    source = merged.prefers.main.paragraph.revision.source
    pages = [
        reverse("admin:positions_source_read", args=(source.pk,)),
        reverse("admin:positions_statement_changelist"),
        reverse("admin:positions_stance_changelist"),
        reverse("admin:positions_queue", args=("draft-statements",)),
        reverse("admin:positions_stance_derive") + f"?issue={merged.issue.pk}",
    ]
    for address in pages:
        text = text_of(client.get(address))
        found = re.search(rf".{{60}}{FORMER}.{{40}}", text, re.I | re.S)
        assert not found, (address, found and found[0])
        assert "Japan" in text


def test_what_is_coded_now_stands_under_the_survivor(merged):
    old = Actor.objects.get(pk=merged.old_japan.pk)
    option = Option.objects.get(pk=merged.old_ccw.pk)
    statement = make_statement(who=merged.who, actor=old, option=option)
    assert (statement.actor, statement.option) == (merged.japan, merged.ccw)


# -- the rule ------------------------------------------------------------------------


def test_the_rule_reads_alternatives_of_all_that_are_one(merged):
    """Engaging in one of two alternatives that were linked under their old names."""
    derived = deriving.derive(merged.japan, merged.issue)
    assert set(derived.options) >= {"ccw", "oslo-process"}
    facts = {
        key: deriving._facts(option, alternatives)
        for (key, option), alternatives in zip(
            derived.options.items(),
            [{"oslo-process"} if k == "ccw" else {"ccw"} for k in derived.options],
            strict=True,
        )
    }
    assert facts["ccw"].alternatives == {"oslo-process"}
    rows = deriving._Rows.read([merged.japan], merged.issue, None)
    assert rows.alternatives["ccw"] == {"oslo-process"}
    assert rows.alternatives["oslo-process"] == {"ccw"}


def test_the_rule_proposes_nothing_that_stands_already(merged):
    made = deriving.propose(merged.japan, merged.issue, merged.who).made
    assert [str(stance) for stance in made] == []


def test_a_group_is_one_with_what_was_merged_into_it(merged):
    found = answers.timelines(
        merged.issue, actors=[merged.japan], layer="derived", as_of=date(2008, 6, 1)
    )
    periods = found[merged.japan.pk, "derived"]
    assert "group-of-eight" in {p.through.key for p in periods if p.through}


def test_no_previous_disposition_comes_from_another_cell(merged):
    """Periods of one cell follow each other whoever they were published under."""
    later = make_stance(
        who=merged.who,
        actor=make_actor("Late Japan"),
        option=merged.ccw,
        code="oppose",
        holds_from="2007-01-01",
        holds_to="2008-04-23",
        state="published",
    )
    merging.merge(merged.who, later.actor, merged.japan, "a third name")
    found = answers.timelines(merged.issue, actors=[merged.japan])
    cells = {
        (p.option.key, p.facet, p.holds_from): p.previous
        for p in found[merged.japan.pk, "asserted"]
    }
    assert cells["ccw", "preference", date(2007, 1, 1)] is None
    assert cells["ccw", "preference", date(2008, 4, 23)].code == "oppose"


# -- exactness -----------------------------------------------------------------------


def all_answers(world, client, **parameters):
    """Every answer of the API, without what the clock and versions alone change.

    Stances of one day stand in the order of their versions.
    """
    found = {}
    for path in LISTS:
        response = client.get(API + path, asked(world, path, **parameters))
        text = text_of(response)
        if path == "stances/":
            rows = response.json()["results"]
            text = json.dumps(
                sorted(rows, key=lambda row: row["key"]), separators=(",", ":")
            )
        for noise in (r'"known_on":"[^"]*",?', r'"version":\d+,?', r"known_on=[^&\"]*"):
            text = re.sub(noise, "", text)
        found[path] = re.sub(r'"changed_at":"[^"]*",?', "", text)
    return found


def test_after_merging_and_parting_every_answer_is_as_before(world, client):
    before = all_answers(world, client)
    merge_all(world)
    assert all_answers(world, client) != before
    part_all(world)
    assert all_answers(world, client) == before


def test_an_instant_before_the_merging_shows_what_was_said_then(world, client):
    then = Clock.now()
    merge_all(world)
    held = Stance.objects.public(then).get(key=world.stance.key)
    assert (held.version, held.actor) == (1, world.old_japan)
    given = asked(world, "timelines/") | {"known_on": then.isoformat()}
    given |= {"layer": "asserted"}
    answer = client.get(f"{API}timelines/", given).json()
    (japan,) = (r for r in answer["results"] if r["actor"]["key"] == "japan")
    assert world.stance.key in {p["period_id"] for p in japan["periods"]}
    again = client.get(f"{API}timelines/", given).json()
    assert again == answer
    # Parted again, the same instant says it of the actor it was said of.
    part_all(world)
    answer = client.get(f"{API}timelines/", given).json()
    assert "former-japan" in {r["actor"]["key"] for r in answer["results"]}
