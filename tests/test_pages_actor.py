"""The page of an actor: the timeline, its evidence, what was said about it."""

import pytest

from positions.models import ActorName, Membership
from tests.factories import (
    add_citation,
    make_actor,
    make_collection,
    make_issue,
    make_option,
    make_source,
    make_stance,
    make_statement,
    paragraph_of,
)
from tests.pages_world import make_world, merge, publish_all
from tests.test_pages_issue import page, words

pytestmark = pytest.mark.django_db
MAY = "/actors/japan/?issue=cluster-munitions&on=2008-05-02"


@pytest.fixture
def world():
    return make_world()


def test_the_position_of_the_day_heads_the_page(client, world):
    tree = page(client, MAY)
    (phrase,) = tree.xpath("//p[@class='phrase-large']")
    assert words(phrase) == "prefer CCW, engaged in Oslo Process"


def test_a_period_shows_quote_citation_attribution_and_days(client, world):
    tree = page(client, MAY)
    (statement,) = tree.xpath(
        f"//li[@class='evidence'][.//a[@href='/statements/{world.prefer.key}/']]"
    )
    told = words(statement)
    assert "Japan's first priority is an agreement within the CCW." in told
    assert "08TEST1, para 1 · prefer CCW" in told
    assert "DDG said so, on 23 April 2008." in told
    assert "Single-coded." in told
    assert statement.xpath(".//p[@class='source']/a/@href")[0] == (
        "/sources/cables/08TEST1/#p1"
    )
    (period,) = statement.xpath("ancestor::li")
    assert "prefers 23 April 2008 to 2 December 2008" not in words(period)
    assert "since 23 April 2008" in words(period) or "23 April 2008 to" in words(period)


def test_every_bar_and_dot_of_the_chart_stands_in_the_list_as_well(client, world):
    tree = page(client, MAY)
    bars = tree.xpath("//svg//a[starts-with(@href, '#p-')]/@href")
    assert len(bars) == 3
    assert {bar[1:] for bar in bars} == set(tree.xpath("//li/@id"))
    for dot in tree.xpath("//svg//a[starts-with(@href, '/statements/')]/@href"):
        assert tree.xpath(f"//ol//a[@href='{dot}']")
    assert words(tree.xpath("//svg/title[@id='chart-title']")[0]) == (
        "Japan on Cluster munitions over time"
    )


def test_a_later_period_names_what_it_replaced_and_the_pair(client, world):
    make_statement(
        who=world.who,
        actor=world.japan,
        option=world.prefer.option,
        code="oppose",
        form="act",
        said_on="2008-08-01",
        state="accepted",
    )
    publish_all(world.japan, world.issue, world.who)
    tree = page(client, MAY)
    (shift,) = tree.xpath("//p[@class='shift']")
    assert "Before: prefers, changed between 23 April 2008 and 1 August 2008" in words(
        shift
    )
    assert len(shift.xpath(".//span[@class='pair']/a")) == 2


def test_what_others_say_stands_apart_with_the_clause(client, world):
    tree = page(client, "/actors/norway/?on=2008-05-02")
    (about,) = tree.xpath("//section[@aria-labelledby='about']")
    told = words(about)
    assert "Said about Norway" in told
    assert "Norway, the official added, would never accept that." in told
    assert "Clause 1 Said about the actor by others, never its position." in told
    assert "oppose" not in words(tree.xpath("//p[@class='phrase-large']")[0])


def test_bodies_and_memberships_are_listed_both_ways(client, world):
    tree = page(client, MAY)
    (register,) = tree.xpath("//section[@aria-labelledby='register']")
    assert "Foreign Ministry, foreign ministry" in words(register)
    ministry = page(client, "/actors/foreign-ministry/")
    assert "Nothing is published on a position of Foreign Ministry yet." in words(
        ministry
    )
    assert ministry.xpath("//section[@class='register']//a/text()") == ["Japan"]


def test_names_and_identifiers_are_told_with_their_language(client, world):
    ActorName.objects.create(actor=world.japan, name="日本", language="ja")
    world.japan.identifiers.create(scheme="iso3", value="JPN")
    tree = page(client, MAY)
    assert tree.xpath("//section[@class='register']//span[@lang='ja']/text()") == [
        "日本"
    ]
    assert "JPN" in words(tree.xpath("//section[@class='register']")[0])


def test_repeats_are_counted(client, world):
    statement = make_statement(
        who=world.who,
        actor=world.japan,
        option=make_option("Letter", issue=world.issue),
        speaker_rank=1,
        said_on="2008-04-20",
    )
    add_citation(statement, paragraph_of(world.cable, 2), "Public pressure")
    statement.submit(world.who)
    statement.accept(world.who)
    tree = page(client, f"{MAY}&layer=derived")
    assert "repeated 1 time" in words(tree.xpath("//main")[0])


def test_a_quote_above_the_level_is_withheld_but_cited(client, world):
    secret = make_source([{"text": "Secret words.", "level": 3}], identifier="X1")
    statement = make_statement(
        who=world.who,
        actor=world.japan,
        option=world.prefer.option,
        paragraph=paragraph_of(secret, 1),
        said_on="2008-04-24",
        speaker_rank=1,
        state="accepted",
    )
    tree = page(client, f"{MAY}&layer=derived")
    (line,) = tree.xpath(
        f"//li[@class='evidence'][.//a[@href='/statements/{statement.key}/']]"
    )
    assert "withheld" in words(line)
    assert "X1, para 1 (S)" in words(line)
    assert "Secret words" not in words(tree)


def test_a_private_source_is_cited_without_a_link(client, world):
    hidden = make_source(
        ["Private words."],
        identifier="P1",
        collection=make_collection(visibility="private"),
    )
    statement = make_statement(
        who=world.who,
        actor=world.japan,
        option=world.prefer.option,
        paragraph=paragraph_of(hidden, 1),
        said_on="2008-04-24",
        speaker_rank=1,
        state="accepted",
    )
    tree = page(client, f"{MAY}&layer=derived")
    (line,) = tree.xpath(
        f"//li[@class='evidence'][.//a[@href='/statements/{statement.key}/']]"
    )
    assert "Private words." in words(line)
    assert line.xpath(".//cite/text()") == ["P1, para 1"]


def test_with_several_issues_each_is_a_click_away(client, world):
    other = make_issue("Landmines")
    make_stance(
        who=world.who,
        actor=world.japan,
        option=make_option("Ban", issue=other),
        state="published",
    )
    tree = page(client, "/actors/japan/?issue=landmines")
    tabs = tree.xpath("//nav[@class='tabs']/a")
    assert [(words(tab), tab.get("aria-current")) for tab in tabs] == [
        ("Cluster munitions", None),
        ("Landmines", "page"),
    ]
    assert tree.xpath("//h3/text()") == ["Ban – preference"]


def test_the_answer_is_linked_as_data_and_the_links_work(client, world):
    tree = page(client, MAY)
    for link in tree.xpath("//footer//a[text()='JSON' or text()='CSV']/@href"):
        response = client.get(link)
        assert response.status_code == 200
        assert world.prefer.key.encode() in response.getvalue()


def test_an_actor_merged_into_another_answers_308_with_its_query(client, world):
    merge(make_actor("Nippon", kind="body"), world.japan)
    response = client.get("/actors/nippon/?on=2008-05-02")
    assert response.status_code == 308
    assert response.url == "/actors/japan/?on=2008-05-02"


def test_a_person_has_a_page_only_once_something_public_names_them(client, world):
    person = make_actor("Ada Person", kind="person")
    Membership.objects.create(member=person, group=world.japan, role="delegate")
    draft = make_statement(who=world.who, actor=world.japan, speaker=person)
    address = f"/actors/{person.key}/"
    assert client.get(address).status_code == 404
    assert "Ada Person" not in words(page(client, MAY))
    draft.submit(world.who)
    draft.accept(world.who)
    assert client.get(address).status_code == 200
    assert "Ada Person" in words(page(client, MAY))


def test_an_issue_that_is_not_there_is_404(client, world):
    assert client.get("/actors/japan/?issue=none").status_code == 404
    assert client.get("/actors/nobody/").status_code == 404
