"""The page of an issue: positions on a day, steps, and what changed."""

from datetime import date

import pytest
from lxml import html

from positions.pages import matrix
from tests.factories import make_actor, make_event, make_issue, make_statement
from tests.pages_world import make_world, merge, publish_all

pytestmark = pytest.mark.django_db
ADDRESS = "/issues/cluster-munitions/"


@pytest.fixture
def world():
    return make_world()


def page(client, address, status=200):
    response = client.get(address)
    assert response.status_code == status
    return html.fromstring(response.content)


def words(element):
    return " ".join(element.text_content().split())


def row_of(tree, key):
    """Column heading -> words of an actor's row."""
    (row,) = tree.xpath(f"//tr[@id='a-{key}']")
    return {cell.get("data-label"): words(cell) for cell in row.xpath("td")}


def test_a_row_says_phrase_cells_status_and_last_evidence(client, world):
    tree = page(client, f"{ADDRESS}?on=2008-05-02")
    assert words(tree.xpath("//h1")[0]) == "Cluster munitions"
    assert row_of(tree, "japan") == {
        "Position": "prefer CCW, engaged in Oslo Process",
        "CCW": "prefers",
        "Oslo Process": "takes part",
        "Status": "current",
        "Last evidence": "23 Apr 2008",
    }


def test_cells_are_coloured_by_score_and_lead_to_the_period(client, world):
    tree = page(client, f"{ADDRESS}?on=2008-05-02")
    (chip,) = tree.xpath("//tr[@id='a-japan']/td[@data-label='CCW']/a")
    assert {"chip", "plus2"} <= set(chip.get("class").split())
    assert chip.get("href").startswith(
        "/actors/japan/?issue=cluster-munitions&on=2008-05-02#p-"
    )


def test_options_that_are_not_open_yet_have_no_column(client, world):
    early = page(client, f"{ADDRESS}?on=2008-05-02")
    late = page(client, f"{ADDRESS}?on=2008-12-04")
    assert "CCM" not in early.xpath("//thead//th//text()")
    assert "CCM" in late.xpath("//thead//th//text()")


def test_without_a_day_it_is_the_last_events(client, world):
    tree = page(client, ADDRESS)
    assert tree.xpath("//h2[@id='today']/time/@datetime") == ["2008-12-04"]


def test_an_event_that_lies_ahead_is_not_the_default_day(client, world):
    make_event("Review", dated="2999-01-01").issues.add(world.issue)
    tree = page(client, ADDRESS)
    today = date.today().isoformat()
    assert tree.xpath("//h2[@id='today']/time/@datetime") == [today]


def test_steps_lead_from_event_to_event(client, world):
    tree = page(client, f"{ADDRESS}?on=2008-05-02&layer=derived")
    (before,) = tree.xpath("//a[@rel='prev']")
    (after,) = tree.xpath("//a[@rel='next']")
    assert before.get("href") == "?on=2008-04-23&layer=derived"
    assert "Tokyo meeting" in words(before)
    assert after.get("href") == "?on=2008-12-04&layer=derived"
    assert "Signing in Oslo" in words(after)


def test_a_change_names_its_pair_of_statements(client, world):
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
    tree = page(client, f"{ADDRESS}?on=2008-12-04")
    (changes,) = tree.xpath("//section[@class='changes']")
    assert "2 actors changed since 23 April 2008, Tokyo meeting" in words(changes)
    (shift,) = changes.xpath(
        f".//li[@id='c-japan-{world.prefer.option.key}-preference']"
    )
    old, new = shift.xpath(".//span[@class='pair']/a")
    assert old.get("href") == f"/statements/{world.prefer.key}/"
    assert words(old) == "08TEST1, para 1, 23 Apr 2008"
    assert "1 Aug 2008" in words(new)
    assert "prefers → opposes" in words(shift.getparent().getparent())
    (marked,) = tree.xpath(
        "//tr[@id='a-japan']/td[@data-label='CCW']/a[text()='changed']"
    )
    assert marked.get("href") == f"#{shift.get('id')}"


def test_what_ended_says_why_and_names_its_last_statement(client, world):
    tree = page(client, f"{ADDRESS}?on=2009-01-05")
    (changes,) = tree.xpath("//section[@class='changes']")
    told = words(changes)
    assert "Oslo Process takes part → no position ended, because the option" in told


def test_where_nothing_changed_it_says_so(client, world):
    tree = page(client, f"{ADDRESS}?on=2008-05-02")
    (heading,) = tree.xpath("//h2[@id='changed']")
    assert words(heading) == "Nothing changed since 23 April 2008, Tokyo meeting"


def test_actors_without_a_position_stand_apart(client, world):
    tree = page(client, f"{ADDRESS}?on=2008-05-02")
    (apart,) = tree.xpath("//details[@class='without']")
    assert apart.xpath(".//li/a/text()") == ["Norway"]
    assert "not neutrality" in words(apart)
    assert tree.xpath("//tr[@id='a-norway']") == []


def test_the_derived_layer_is_named_and_does_without_stances(client, world):
    lone = make_actor("Peru")
    make_statement(
        who=world.who,
        actor=lone,
        option=world.prefer.option,
        code="support",
        form="act",
        said_on="2008-04-01",
        state="accepted",
    )
    asserted = page(client, f"{ADDRESS}?on=2008-05-02")
    derived = page(client, f"{ADDRESS}?on=2008-05-02&layer=derived")
    assert asserted.xpath("//tr[@id='a-peru']") == []
    assert row_of(derived, "peru")["Position"] == "support CCW"
    (basis,) = derived.xpath("//p[@class='basis']")
    assert "As of 2 May 2008" in words(basis)
    assert "layer derived · rule version 1" in words(basis)


def test_the_answer_is_linked_as_data_and_the_links_work(client, world):
    tree = page(client, f"{ADDRESS}?on=2008-05-02")
    links = tree.xpath("//footer//a[text()='JSON' or text()='CSV']/@href")
    assert len(links) == 2
    for link in links:
        assert "as_of=2008-05-02" in link
        response = client.get(link)
        assert response.status_code == 200
        assert b"prefer CCW, engaged in Oslo Process" in response.getvalue()


def test_the_page_names_its_own_address(client, world):
    tree = page(client, f"{ADDRESS}?on=2008-05-02")
    assert tree.xpath("//link[@rel='canonical']/@href") == [
        f"http://testserver{ADDRESS}?on=2008-05-02"
    ]
    assert words(tree.xpath("//title")[0]) == (
        "Cluster munitions: positions on 2 May 2008 – Demarche"
    )


def test_one_kind_of_actor_can_be_chosen(client, world):
    make_statement(
        who=world.who,
        actor=make_actor("A Coalition", kind="ngo"),
        option=world.prefer.option,
        code="support",
        form="act",
        said_on="2008-04-01",
        state="accepted",
    )
    everybody = page(client, f"{ADDRESS}?on=2008-05-02&layer=derived")
    groups = everybody.xpath("//tr[@class='kind']/th/text()")
    assert [group.strip() for group in groups] == [
        "State",
        "Non-governmental organization",
    ]
    few = page(client, f"{ADDRESS}?on=2008-05-02&layer=derived&kind=ngo")
    assert few.xpath("//tbody/tr/@id") == ["a-a-coalition"]


def test_many_actors_come_in_pages_without_gaps(client, world, monkeypatch):
    monkeypatch.setattr(matrix, "ACTORS_A_PAGE", 2)
    for number in range(5):
        make_statement(
            who=world.who,
            actor=make_actor(f"Same name {number % 2}", kind="body"),
            option=world.prefer.option,
            code="support",
            form="act",
            said_on="2008-04-01",
            state="accepted",
        )
    address, seen = f"{ADDRESS}?on=2008-05-02&layer=derived", []
    while address:
        tree = page(client, address)
        seen += tree.xpath("//tbody/tr/@id | //details[@class='without']//li/a/text()")
        further = tree.xpath("//p[@class='pager']/a/@href")
        address = ADDRESS + further[0] if further else None
    assert len(seen) == len(set(seen)) == 7


def test_an_issue_without_an_event_or_a_stance_still_answers(client):
    issue = make_issue("Quiet")
    statement = make_statement(
        option=issue.options.get(), code="declined", state="accepted"
    )
    tree = page(client, "/issues/quiet/")
    assert "No position is shown on this day" in tree.xpath("//h2/text()")
    assert statement.actor.name in tree.xpath("//details[@class='without']//a/text()")


def test_an_issue_merged_into_another_answers_308(client, world):
    old = make_issue("Cluster bombs")
    merge(old, world.issue)
    response = client.get("/issues/cluster-bombs/?on=2008-05-02")
    assert response.status_code == 308
    assert response.url == f"{ADDRESS}?on=2008-05-02"


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("on=2008-5-2", "is not a day"),
        ("on=2008-02-30", "is not a day of the calendar"),
        ("layer=guessed", "“guessed” is none of asserted, derived."),
        ("kind=planet", "“planet” is none of state,"),
        ("after=nobody", "There is no such actor to go on after."),
        ("onn=2008-05-02", "“onn” is no parameter of this page"),
        ("on=2008-05-02&on=2008-05-03", "“on” is given more than once."),
    ],
)
def test_what_cannot_be_read_is_answered_400_in_a_sentence(
    client, world, query, sentence
):
    tree = page(client, f"{ADDRESS}?{query}", status=400)
    assert sentence in words(tree.xpath("//main")[0])


def test_days_at_the_ends_of_the_calendar_are_answered(client, world):
    for day in ("0001-01-01", "9999-12-31"):
        page(client, f"{ADDRESS}?on={day}")
