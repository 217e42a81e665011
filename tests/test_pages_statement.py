"""The page of a statement: everything that proves it, and who may see it."""

import pytest

from tests.api_world import withhold
from tests.factories import (
    add_citation,
    make_event,
    make_source,
    make_stance,
    make_statement,
    paragraph_of,
)
from tests.pages_world import make_world
from tests.test_pages_issue import page, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return make_world()


def address(statement):
    return f"/statements/{statement.key}/"


def facts(tree):
    """What stands in the list of how it is coded."""
    return {
        words(line.xpath("./dt")[0]): words(line.xpath("./dd")[0])
        for line in tree.xpath("//section[@aria-labelledby='coded']//dl/div")
    }


def test_it_says_whose_position_in_which_words_and_where(client, world):
    tree = page(client, address(world.prefer))
    assert words(tree.xpath("//h1")[0]) == "Japan: prefer CCW"
    assert words(tree.xpath("//blockquote")[0]) == (
        "Japan's first priority is an agreement within the CCW."
    )
    assert tree.xpath("//p[@class='source']/a/@href") == ["/sources/cables/08TEST1/#p1"]
    (mark,) = tree.xpath("//section[@class='where']//mark")
    assert words(mark) == "Japan's first priority is an agreement within the CCW."


def test_it_tells_the_attribution_dates_and_grade(client, world):
    statement = make_statement(
        who=world.who,
        actor=world.japan,
        option=world.prefer.option,
        code="support",
        paragraph=paragraph_of(world.cable, 3),
        speaker_text="DDG Shimbo",
        speaker_role="Deputy Director-General",
        speaker_rank=3,
        on_authority_text="PM Fukuda",
        audience="the Deputy Chief of Mission",
        publicity="confidential",
        modality="conditional",
        condition="others agree",
        event=make_event("Second meeting"),
        said_on="2008-04-23",
        said_basis="printed",
        holds_on="2007/",
        reliability="B",
        credibility="2",
        state="accepted",
    )
    told = facts(page(client, address(statement)))
    expected = {
        "Position of": "Japan",
        "Speaker": "DDG Shimbo, Deputy Director-General "
        "rank 3 – director-general and deputy",
        "On authority of": "PM Fukuda",
        "To": "the Deputy Chief of Mission",
        "Event": "Second meeting 23 April 2008",
        "Publicity": "In confidence",
        "Modality": "Conditional: others agree",
        "Said on": "23 April 2008 (printed in the text)",
        "Speaks of": "since 2007",
        "Counts for": "1 January 2007 – 23 April 2008",
        "Document dated": "2 May 2008",
        "Grade": "B2: usually reliable, probably true",
    }
    assert {key: told.get(key) for key in expected} == expected


def test_what_the_rule_sets_aside_says_the_clause(client, world):
    tree = page(client, address(world.about))
    assert words(tree.xpath("//p[@class='why']")[0]) == (
        "It makes no position. Clause 1 Said about the actor by others, never its "
        "position."
    )
    assert page(client, address(world.prefer)).xpath("//p[@class='why']") == []


def test_the_stances_that_rest_on_it_are_linked(client, world):
    tree = page(client, address(world.prefer))
    (link,) = tree.xpath("//section[@aria-labelledby='rests']//a")
    assert words(link) == "Japan: prefer CCW"
    assert "/actors/japan/?issue=cluster-munitions&on=2008-04-23#p-" in link.get("href")
    actor_page = page(client, link.get("href").partition("#")[0])
    assert actor_page.xpath(f"//li[@id='{link.get('href').partition('#')[2]}']")


def test_other_citations_are_listed_with_their_role(client, world):
    statement = make_statement(who=world.who, paragraph=paragraph_of(world.treaty, 1))
    add_citation(statement, paragraph_of(world.cable, 2), "Public pressure")
    statement.submit(world.who)
    statement.accept(world.who)
    (also,) = page(client, address(statement)).xpath("//section[./h2[@id='also']]")
    assert "Public pressure" in words(also)
    assert "repeats · 08TEST1, para 2" in words(also)


def test_a_draft_is_there_for_curators_with_a_banner_and_404_for_readers(client, world):
    draft = make_statement(who=world.who, code="oppose", note="Wrong on purpose.")
    assert client.get(address(draft)).status_code == 404
    client.force_login(world.who)
    tree = page(client, address(draft))
    assert words(tree.xpath("//p[@class='banner']")[0]) == (
        "Draft. Only curators see it; for readers there is no such page."
    )
    assert facts(tree)["Note"] == "Wrong on purpose."


@pytest.mark.parametrize("act", ["reject", "retract", "withhold"])
def test_what_left_the_public_is_404_for_readers(client, world, act):
    statement = make_statement(
        who=world.who, state="review" if act == "reject" else "accepted"
    )
    if act == "withhold":
        withhold(statement)
    else:
        getattr(statement, act)(world.who, "wrong")
    assert client.get(address(statement)).status_code == 404


def test_versions_are_listed_and_a_draft_one_is_only_the_curators(client, world):
    draft = world.prefer.next_version(world.who)
    assert "Version 2" not in client.get(address(world.prefer)).text
    client.force_login(world.who)
    assert "Readers still see version 1." in client.get(address(draft)).text
    draft.submit(world.who)
    draft.accept(world.who)
    client.logout()
    tree = page(client, address(world.prefer))
    versions = tree.xpath("//section[./h2[@id='versions']]//li")
    assert [words(v).partition(",")[0] for v in versions] == ["Version 2", "Version 1"]


def test_a_secret_quote_is_withheld_with_its_paragraph(client):
    secret = make_source([{"text": "Secret words.", "level": 3}], identifier="X1")
    statement = make_statement(paragraph=paragraph_of(secret, 1), state="accepted")
    response = client.get(address(statement))
    assert response.status_code == 200
    assert "Secret words" not in response.text
    assert "The words are withheld" in response.text


def test_an_unpublished_stance_is_not_named(client, world):
    statement = make_statement(who=world.who, actor=world.norway, state="accepted")
    make_stance(
        who=world.who,
        actor=world.norway,
        option=statement.option,
        support=[statement],
    )
    assert "No published stance." in client.get(address(statement)).text


def test_the_link_to_the_data_works(client, world):
    tree = page(client, address(world.prefer))
    (link,) = tree.xpath("//footer//a[text()='JSON']/@href")
    assert client.get(link).status_code == 200
