"""What the scripts of the reading desk ask for: forms, attached words, undo."""

import pytest
from django.urls import reverse

from positions import tasks
from positions.admin.neighbours import FILTERS
from positions.models import Check, Statement
from tests import factories as make
from tests.desk_world import make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return make_world()


@pytest.fixture
def desk(client, world):
    client.force_login(world[1])
    return client


def at(name, source, *args):
    return reverse(f"admin:positions_source_{name}", args=(source.pk, *args))


def coded(source, user, number=2, quote="first priority", **fields):
    paragraph = make.paragraph_of(source, number)
    return make.make_statement(paragraph=paragraph, quote=quote, who=user, **fields)


def attach(desk, source, to, key=1, start=9, end=14, **further):
    data = {"key": key, "start": start, "end": end, "statement": to.key}
    return desk.post(at("attach", source), data | further)


# -- the form beside the text --------------------------------------------------------


def test_the_form_begins_with_the_words_and_the_speaker(desk, world):
    source, _ = world
    page = desk.get(at("code", source, 2), {"panel": 1, "start": 0, "end": 10})
    form = page.context["form"]
    assert form["words"].value() == "DDG Shimbo"
    assert form["speaker_choice"].value() == str(form.speakers.popitem()[0])
    assert "<html" not in page.text


@pytest.mark.parametrize(
    "place", [{"start": 5, "end": 2}, {"start": "x", "end": "y"}, {"start": 900}]
)
def test_a_place_that_is_none_opens_an_empty_form(desk, world, place):
    page = desk.get(at("code", world[0], 2), {"panel": 1, **place})
    assert page.status_code == 200
    assert not page.context["form"]["words"].value()


def test_what_is_missing_is_no_success(desk, world):
    page = desk.post(at("code", world[0], 2), {"panel": 1, "words": "Public pressure"})
    assert page.status_code == 422
    assert "Choose at least one option." in page.text


def test_nothing_here_comes_back_with_the_paragraph(desk, world):
    answer = desk.post(at("code", world[0], 2), {"panel": 1, "nothing": 1}).json()
    assert "Nothing found" in answer["said"][0]
    assert 'data-key="2"' in answer["paragraphs"]
    assert Check.objects.count() == 1


@pytest.mark.parametrize(
    "further", ["3:0:5", "99:0:5:context", "3:7:7:context", "3:0:5:main", "::"]
)
def test_a_further_citation_that_is_none_is_refused(desk, world, further):
    source, _ = world
    option = Statement._meta.get_field("option")
    data = {
        "panel": 1,
        "words": "Public pressure",
        "options": option.related_model.objects.first().pk,
        "disposition": make.disposition("support").pk,
        "further": further,
    }
    page = desk.post(at("code", source, 2), data)
    assert page.status_code == 422
    assert "A further citation is not where it was" in page.text
    assert not Statement.objects.exists()


# -- attaching -----------------------------------------------------------------------


def test_words_are_attached_to_a_draft_as_a_repeat(desk, world):
    source, user = world
    statement = coded(source, user)
    answer = attach(desk, source, statement).json()
    assert "is cited in" in answer["said"][0]
    repeat = statement.citations.get(role="repeats")
    assert (repeat.paragraph.number, repeat.quote) == ("1", "Japan")


def test_words_attached_to_an_accepted_statement_make_its_next_version(desk, world):
    source, user = world
    statement = coded(source, user, state="accepted")
    answer = attach(desk, source, statement, role="contradicts").json()
    assert "the accepted one stays public" in answer["said"][0]
    newest = Statement.objects.filter(key=statement.key).newest().get()
    assert (newest.version, newest.state) == (2, "draft")
    assert newest.citations.filter(role="contradicts").exists()
    assert statement.citations.count() == 1


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"key": 99}, "no such paragraph"),
        ({"start": 5, "end": 5}, "Select the words first"),
        ({"end": 4000}, "Select the words first"),
        ({"start": "x"}, "Select the words"),
        ({"role": "main"}, "Select the words"),
        ({"statement": "nobody"}, "Choose the statement"),
    ],
)
def test_words_that_cannot_be_attached_are_refused(desk, world, change, sentence):
    source, user = world
    statement = coded(source, user)
    answer = attach(desk, source, statement, **change)
    assert answer.status_code == 409
    assert sentence in answer.json()["error"]
    assert statement.citations.count() == 1


def test_statements_of_this_source_are_offered_and_others_found(desk, world):
    source, user = world
    here = coded(source, user)
    other = make.make_statement(who=user, actor=make.make_actor("Norway"))
    page = desk.get(at("attach", source))
    assert [one.key for one in page.context["offered"]] == [here.key]
    page = desk.get(at("attach", source), {"q": "Norway"})
    assert [one.key for one in page.context["offered"]] == [other.key]
    assert desk.get(at("attach", source), {"q": '"'}).status_code in (200, 409)


# -- taking back ---------------------------------------------------------------------


def test_what_was_just_coded_is_taken_back(desk, world):
    source, user = world
    statement = coded(source, user)
    answer = desk.post(at("take_back", source), {"statement": statement.key}).json()
    assert answer["said"][0].startswith("Taken back")
    assert not Statement.objects.exists()


def test_nobody_takes_back_what_another_coded(desk, world):
    source, _ = world
    statement = coded(source, make.make_user())
    answer = desk.post(at("take_back", source), {"statement": statement.key})
    assert answer.status_code == 409
    assert Statement.objects.count() == 1


def test_a_reader_of_the_desk_codes_nothing(client, world):
    source, _ = world
    client.force_login(make.make_user("Reader", is_staff=True))
    for name in ("attach", "take_back"):
        assert client.post(at(name, source)).status_code == 403


# -- the way on ----------------------------------------------------------------------


def test_previous_and_next_follow_the_list_one_came_from(desk, world):
    source, _ = world
    collection = make.make_collection()
    kinds = ["cable", "press", "cable", "press", "cable"]
    sources = [
        make.make_source(identifier=f"A{n}", collection=collection, kind=kind)
        for n, kind in enumerate(kinds)
    ]
    page = desk.get(at("read", sources[2]))
    assert page.context["previous"] == sources[1]
    assert page.context["following"] == sources[3]
    query = {FILTERS: f"kind__exact=cable&collection__id__exact={collection.pk}"}
    page = desk.get(at("read", sources[2]), query)
    # The list shows the newest first.
    assert page.context["previous"] == sources[4]
    assert page.context["following"] == sources[0]
    assert "kind__exact" in page.text
    ordered = {FILTERS: query[FILTERS] + "&o=1"}
    page = desk.get(at("read", sources[2]), ordered)
    assert page.context["previous"] == sources[0]


@pytest.mark.parametrize("query", ["kind__exact=%00", "o=99", "nonsense=1", "p=9"])
def test_a_list_that_cannot_be_is_no_hindrance(desk, world, query):
    assert desk.get(at("read", world[0]), {FILTERS: query}).status_code == 200


def test_a_paragraph_with_many_statements_folds_most_of_them(desk, world):
    source, user = world
    for _ in range(14):
        coded(source, user)
    page = desk.get(at("read", source)).text
    assert "2 more statements" in page
    assert page.count('class="coded ') == 14


def test_who_codes_blind_is_offered_nothing_that_others_coded(client, world):
    source, user = world
    coded(source, user, actor=make.make_actor("Norway"))
    blind, other = make.make_user("Coder"), make.make_user("Coder")
    issue = Statement.objects.get().option.issue
    paragraph = make.paragraph_of(source, 2)
    tasks.assign(user, [paragraph], issue=issue, first=blind, second=other)
    client.force_login(blind)
    assert not client.get(at("attach", source)).context["offered"]
    page = client.get(at("code", source, 3), {"panel": 1, "start": 0, "end": 5})
    assert "Norway" not in page.text
    client.force_login(user)
    assert client.get(at("attach", source)).context["offered"]
    page = client.get(at("code", source, 3), {"panel": 1, "start": 0, "end": 5})
    assert "Norway" in page.text
