"""The first page and the page of a search."""

import pytest

from positions import search
from positions.models import Paragraph
from tests.factories import make_issue, make_statement, make_user
from tests.pages_world import make_world
from tests.test_pages_issue import page, words

pytestmark = pytest.mark.django_db


def test_an_empty_database_says_what_to_do_first(client):
    tree = page(client, "/")
    (empty,) = tree.xpath("//section[@class='empty']")
    assert "Nothing is published yet" in words(empty)
    assert empty.xpath(".//a/@href") == ["/admin/"]


def test_the_first_page_lists_what_is_public_with_its_size(client):
    make_world()
    make_issue("A draft issue")
    (card,) = page(client, "/").xpath("//li[@class='card']")
    told = words(card)
    assert told.startswith("Cluster munitions In Geneva or in Oslo?")
    assert "2 actors · 5 statements · 2 sources · 23 April 2008 – 3 December" in told


def test_a_curator_sees_issues_on_which_nothing_is_public(client):
    make_issue("A draft issue")
    client.force_login(make_user())
    (card,) = page(client, "/").xpath("//li[@class='card']")
    assert words(card) == "A draft issue Nothing on it is public yet."


def test_the_first_page_shows_one_position_with_its_proof(client):
    make_world()
    (example,) = page(client, "/").xpath("//aside[@class='example']")
    told = words(example)
    assert "Japan on Cluster munitions, 23 April 2008" in told
    assert "prefer CCW, engaged in Oslo Process" in told
    assert "08TEST1, para 1 · 23 April 2008" in told


def test_a_reader_may_sign_in_and_a_curator_finds_the_admin(client):
    assert "/admin/login/?next=%2F" in page(client, "/").xpath("//nav/a/@href")
    client.force_login(make_user())
    assert "/admin/" in page(client, "/").xpath("//nav/a/@href")


def test_a_search_finds_each_kind_with_the_words_marked(client):
    world = make_world()
    search.rebuild(Paragraph)
    tree = page(client, "/search/?q=japan")
    headings = tree.xpath("//h2/text()")
    assert headings == ["Actors", "Statements", "Paragraphs"]
    assert "/actors/japan/" in tree.xpath("//ul[@class='hits']//a/@href")
    assert f"/statements/{world.prefer.key}/" in tree.xpath("//li/a/@href")
    assert "/sources/cables/08TEST1/#p1" in tree.xpath("//li/a/@href")
    assert set(map(words, tree.xpath("//mark"))) == {"Japan"}


def test_a_draft_is_found_by_curators_only(client):
    world = make_world()
    draft = make_statement(who=world.who, actor=world.japan, speaker_text="Zaphod")
    found = f"/statements/{draft.key}/"
    assert found not in client.get("/search/?q=zaphod").text
    client.force_login(world.who)
    assert found in client.get("/search/?q=zaphod").text


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("-japan", "Give at least one word to look for, not only words to leave out."),
        ("a*", "is too short"),
        ("x" * 1001, "A query has at most 1000 characters."),
    ],
)
def test_a_query_that_cannot_be_read_is_answered_in_a_sentence(client, query, sentence):
    response = client.get("/search/", {"q": query})
    assert response.status_code == 400
    assert sentence in response.text
    assert "Every word must occur." in response.text


def test_a_search_without_words_explains_how_to_search(client):
    assert "Every word must occur." in client.get("/search/").text


def test_a_search_without_a_hit_says_so(client):
    assert "Nothing found" in client.get("/search/?q=nothinglikeit").text
