"""The page of a source: its paragraphs, with the quotes of statements lit up."""

import pytest

from positions.choices import Level
from positions.models import Citation, Voice
from positions.models.changes import recording
from positions.pages import lighting
from positions.readers import Reader
from positions.revising import make_current
from tests.factories import (
    add_citation,
    make_actor,
    make_collection,
    make_option,
    make_revision,
    make_source,
    make_statement,
    make_user,
    paragraph_of,
)
from tests.pages_world import make_world
from tests.test_pages_issue import page, words

pytestmark = pytest.mark.django_db
CABLE = "/sources/cables/08TEST1/"


@pytest.fixture
def world():
    return make_world()


def lit(tree, key):
    return [words(mark) for mark in tree.xpath(f"//div[@id='p{key}']//mark")]


def notes(tree, key):
    return [words(n) for n in tree.xpath(f"//div[@id='p{key}']//div[@class='note']")]


def test_paragraphs_stand_in_order_with_their_numbers(client, world):
    tree = page(client, CABLE)
    paragraphs = tree.xpath("//div[starts-with(@class, 'paragraph')]")
    assert [p.get("id") for p in paragraphs] == ["p1", "p2", "p3"]
    assert [words(p.xpath("./p[@class='number']")[0]) for p in paragraphs] == [
        "1",
        "2",
        "3",
    ]


def test_a_quote_is_lit_and_leads_to_its_statement(client, world):
    tree = page(client, CABLE)
    assert lit(tree, 2) == ["keeps Japan engaged in the Oslo Process"]
    assert tree.xpath("//div[@id='p1']//mark/a/@href") == [
        f"/statements/{world.prefer.key}/"
    ]
    (text,) = tree.xpath("//div[@id='p2']/p[@class='text']")
    assert words(text) == (
        "Public pressure keeps Japan engaged in the Oslo Process2. "
        "(Comment: It will stay.)"
    )


def test_beside_each_quote_stands_who_said_it_to_whom_and_who_accepted_it(
    client, world
):
    (note,) = notes(page(client, CABLE), 1)
    assert note.startswith(
        "1 Japan: prefer CCW DDG said so, on 23 April 2008. Accepted on"
    )
    assert note.endswith("by the person who coded it: single-coded.")


def test_a_second_person_who_accepted_is_told_without_a_name(client, world):
    coder = make_user("Coder", username="ann-the-coder")
    statement = make_statement(who=coder, paragraph=paragraph_of(world.cable, 3))
    statement.submit(coder)
    statement.accept(world.who)
    response = client.get(CABLE)
    assert "by a second person, not by its coder." in response.text
    assert "ann-the-coder" not in response.text
    client.force_login(world.who)
    named = client.get(CABLE).text
    assert "Coded by ann-the-coder, accepted on" in named


def test_quotes_that_overlap_are_cut_and_each_keeps_its_note(client, world):
    given = {"who": world.who, "paragraph": paragraph_of(world.treaty, 1)}
    for quote in ("Japan and Norway signed", "signed on 3 December"):
        make_statement(**given, quote=quote, state="accepted")
    tree = page(client, "/sources/cables/STATUS1/")
    assert lit(tree, 1) == [
        "Japan and Norway",
        "signed",
        "on 3 December",
        "2008.",
    ]
    assert len(notes(tree, 1)) == 3
    assert tree.xpath("//div[@id='p1']//sup/a/@href") == ["#n1", "#n3", "#n2"]


def test_statements_of_the_same_words_are_told_together(client, world):
    tree = page(client, "/sources/cables/STATUS1/")
    (note,) = notes(tree, 1)
    assert "Japan, Norway: signed CCM Recorded act of each of them" in note
    assert tree.xpath("//mark/a/@href") == ["#n1"]


def test_many_actors_of_the_same_words_are_folded(client, world):
    for number in range(10):
        make_statement(
            who=world.who,
            actor=make_actor(f"State number {number}"),
            option=world.prefer.option,
            paragraph=paragraph_of(world.cable, 3),
            speaker_text="Chair",
            state="accepted",
        )
    tree = page(client, CABLE)
    (more,) = tree.xpath("//div[@id='p3']//details/summary")
    assert words(more) == "and 5 more"


def test_a_repetition_is_lit_and_says_that_it_is_one(client, world):
    statement = make_statement(who=world.who, paragraph=paragraph_of(world.treaty, 1))
    add_citation(statement, paragraph_of(world.cable, 2), "Public pressure")
    statement.submit(world.who)
    statement.accept(world.who)
    tree = page(client, CABLE)
    assert "Public pressure" in lit(tree, 2)
    assert any(note.startswith("2 Repeats:") for note in notes(tree, 2))


def test_a_comment_is_marked_as_the_authors(client, world):
    paragraph = paragraph_of(world.cable, 2)
    start = paragraph.text.index("(Comment")
    Voice.objects.create(
        paragraph=paragraph, start=start, end=len(paragraph.text), kind="comment"
    )
    tree = page(client, CABLE)
    (voice,) = tree.xpath("//div[@id='p2']//span[@class='voice']")
    assert words(voice) == "(Comment: It will stay.) Author's comment"


@pytest.mark.parametrize(("kind", "named"), [("body", True), ("person", False)])
def test_a_voice_names_whose_it_is_unless_that_is_a_person(client, world, kind, named):
    whose = make_actor("Interpreting Service", kind=kind)
    paragraph = paragraph_of(world.cable, 2)
    Voice.objects.create(
        paragraph=paragraph, start=0, end=6, kind="interpreter", whose=whose
    )
    assert ("Interpreting Service" in client.get(CABLE).text) == named


def test_labels_headings_and_markings_are_shown_where_they_say_something(client):
    make_source(
        [
            {"text": "First.", "label": "1.", "marking": "(S)", "level": 0},
            {"text": "Third.", "number": "3", "label": "13.", "heading": "Next"},
            {"text": "Fourth.", "number": "4", "label": "¶4.", "heading": "Next"},
        ],
        identifier="LABELS",
        collection=make_collection("papers"),
    )
    tree = page(client, "/sources/papers/LABELS/")
    numbers = tree.xpath("//p[@class='number']")
    assert [words(n) for n in numbers] == ["1 (U)", "3 [13.]", "4"]
    assert tree.xpath("//h2[@class='inner']/text()") == ["Next"]


def test_a_heading_that_is_a_paragraph_is_not_said_twice(client):
    make_source(
        [
            {"text": "What comes", "role": "heading", "number": ""},
            {"text": "This.", "heading": "What comes"},
        ],
        identifier="HEADED",
        collection=make_collection("papers"),
    )
    assert client.get("/sources/papers/HEADED/").text.count("What comes") == 1


def test_a_paragraph_above_the_level_is_withheld_with_its_marking(client):
    source = make_source(
        [{"text": "Hidden words.", "level": Level.SECRET}, "Open words."],
        identifier="MIXED",
        collection=make_collection("papers"),
    )
    make_statement(paragraph=paragraph_of(source, 1), state="accepted")
    response = client.get("/sources/papers/MIXED/")
    assert "Hidden words" not in response.text
    assert "Withheld: the paragraph is marked S, above your level." in response.text
    assert "Open words." in response.text


def test_a_citable_source_shows_its_quotes_and_no_text(client):
    source = make_source(
        ["Quoted words. Other words."],
        identifier="CITABLE",
        visibility="citable",
        collection=make_collection("papers"),
    )
    paragraph = paragraph_of(source, 1)
    make_statement(paragraph=paragraph, quote="Quoted words.", state="accepted")
    response = client.get("/sources/papers/CITABLE/")
    assert "Quoted words." in response.text
    assert "Other words" not in response.text
    assert "The text of this document is not shown here." in response.text


@pytest.mark.parametrize(
    ("visibility", "closed", "status"),
    [("private", False, 404), ("public", True, 404), ("public", False, 200)],
)
def test_who_may_not_read_a_source_finds_nothing_there(
    client, visibility, closed, status
):
    collection = make_collection("papers", visibility=visibility)
    make_source(identifier="X", collection=collection)
    if closed:
        collection.groups.add(make_user().groups.get())
    assert client.get("/sources/papers/X/").status_code == status


def test_a_curator_sees_drafts_marked_as_drafts(client, world):
    given = {"who": world.who, "paragraph": paragraph_of(world.cable, 2)}
    make_statement(**given, quote="It will stay")
    make_statement(**given, quote="Oslo Process")
    assert lit(page(client, CABLE), 2) == ["keeps Japan engaged in the Oslo Process"]
    client.force_login(world.who)
    tree = page(client, CABLE)
    drafts = tree.xpath("//div[@id='p2']//mark[@class='draft']")
    assert [words(mark) for mark in drafts] == ["It will stay"]
    states = tree.xpath("//div[@id='p2']//span[@class='state']/text()")
    assert states == ["Draft", "Draft"]


def test_quotes_of_an_earlier_text_are_lit_only_where_they_surely_stand(client, world):
    revision = make_revision(
        world.cable,
        [
            {"text": "Something new came first.", "key": 9},
            {
                "text": "Japan's first priority is an agreement within the CCW.",
                "key": 1,
            },
            {"text": "The second paragraph was written anew.", "key": 2},
        ],
    )
    with recording(tool="test"):
        make_current(world.cable, revision, who=world.who)
    tree = page(client, CABLE)
    assert lit(tree, 1) == ["Japan's first priority is an agreement within the CCW."]
    assert lit(tree, 2) == []
    (astray,) = tree.xpath("//section[@class='astray']")
    assert "keeps Japan engaged in the Oslo Process" in words(astray)


def test_a_long_document_comes_in_pages_that_begin_at_a_paragraph(client, monkeypatch):
    monkeypatch.setattr(lighting, "PARAGRAPHS_A_PAGE", 3)
    make_source(
        [f"Paragraph {n}." for n in range(1, 8)],
        identifier="LONG",
        collection=make_collection("papers"),
    )
    first = page(client, "/sources/papers/LONG/")
    assert first.xpath("//div[starts-with(@class, 'paragraph')]/@id") == [
        "p1",
        "p2",
        "p3",
    ]
    (onward,) = first.xpath("//p[@class='pager']/a/@href")
    assert onward == "?from=4"
    second = page(client, f"/sources/papers/LONG/{onward}")
    assert second.xpath("//div[starts-with(@class, 'paragraph')]/@id")[0] == "p4"
    assert client.get("/sources/papers/LONG/?from=99").status_code == 404
    assert client.get("/sources/papers/LONG/?from=x").status_code == 400


def test_only_web_addresses_are_linked(client):
    make_source(
        identifier="ADDRESSED",
        collection=make_collection("papers"),
        addresses=["https://example.org/a", "javascript:alert(1)", 7],
    )
    tree = page(client, "/sources/papers/ADDRESSED/")
    assert tree.xpath("//dl//a/@href") == ["https://example.org/a"]
    assert "javascript:" not in client.get("/sources/papers/ADDRESSED/").text


def test_a_source_without_a_text_says_so(client, world):
    collection = make_collection("papers")
    source = make_source([], identifier="EMPTY", collection=collection)
    assert source.current is not None
    tree = page(client, "/sources/papers/EMPTY/")
    assert "There is no text of this document yet." in words(tree)


def test_light_belongs_to_the_shortest_quote_that_covers_it(world):
    given = {"who": world.who, "paragraph": paragraph_of(world.treaty, 1)}
    inner = make_statement(**given, quote="Norway", state="accepted")
    opened = lighting.open_source(world.treaty, Reader(curator=False, clearance=0))
    (shown,) = opened.paragraphs
    (piece,) = (piece for piece in shown.lit if piece.text == "Norway")
    assert piece.note.url == f"/statements/{inner.key}/"
    assert Citation.objects.filter(statement=inner).count() == 1


def test_the_link_to_the_data_works(client, world):
    tree = page(client, CABLE)
    (link,) = tree.xpath("//footer//a[text()='JSON']/@href")
    assert client.get(link).json()["identifier"] == "08TEST1"


def test_an_option_is_told_by_its_short_name(client, world):
    option = make_option("Letter", issue=world.issue, name="A long name of a letter")
    make_statement(
        who=world.who,
        option=option,
        paragraph=paragraph_of(world.cable, 3),
        state="accepted",
    )
    assert any("prefer Letter" in note for note in notes(page(client, CABLE), 3))


@pytest.mark.parametrize(
    ("marking", "level", "times"), [("", None, 1), ("(U)", Level.UNCLASSIFIED, 2)]
)
def test_a_subject_that_only_repeats_the_title_stands_once(
    client, marking, level, times
):
    subject = {
        "text": "TALKS IN\nTOKYO",
        "role": "subject",
        "number": "",
        "name": "unnumbered at the start",
        "marking": marking,
        "level": level,
    }
    source = make_source([subject, "Words."], title="TALKS IN TOKYO")
    tree = page(client, f"/sources/{source.key}/")
    assert words(tree.xpath("//main")[0]).count("TALKS IN TOKYO") == times
    assert len(tree.xpath("//*[@id='p1']")) == 1
