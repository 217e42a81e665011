"""The queue through the client: what it shows, what it refuses, what it costs."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from positions import worklists
from positions.models import Claim, Statement
from tests import factories as make
from tests.test_queue import in_review, suggest

pytestmark = pytest.mark.django_db
FETCH = {"X-Requested-With": "fetch"}


@pytest.fixture
def reviewer():
    return make.make_user()


@pytest.fixture
def desk(client, reviewer):
    client.force_login(reviewer)
    return client


def address(name="", key="suggestions", *args):
    return reverse(f"admin:positions_queue{name}", args=(key, *args))


def test_a_row_shows_what_is_wrong_and_its_words_in_their_place(desk):
    row = suggest()
    page = desk.get(address()).text
    assert "“wants” with its subject" in page
    assert '<mark class="cited asked"' in page
    assert row.quote in page
    assert row.disposition.definition in page


def test_one_row_can_be_asked_for_and_is_claimed(desk, reviewer):
    rows = [suggest(confidence=1 - n / 100) for n in range(3)]
    page = desk.get(address(), {"row": rows[2].pk})
    assert page.context["current"] == rows[2].pk
    assert Claim.objects.get().row == rows[2].pk
    assert desk.get(address(), {"row": "x"}).context["current"] == rows[0].pk


def test_an_empty_list_says_so(desk):
    assert "Nothing waits here." in desk.get(address()).text
    mine = desk.get(address(), {"whose": "mine"}).text
    assert "Nothing here is assigned to you." in mine


def test_the_first_address_leads_to_where_something_waits(desk, reviewer):
    first = reverse("admin:positions_queue_first")
    in_review(reviewer)
    assert desk.get(first).url == address(key="statements-in-review")
    suggest()
    assert desk.get(first).url == address()


def test_a_list_of_reviewers_is_closed_to_coders(client):
    client.force_login(make.make_user("Coder"))
    assert client.get(address(key="statements-in-review")).status_code == 403
    assert client.get(address(key="no-such-list")).status_code == 404
    row = in_review(make.make_user())
    decide = address("_decide", "statements-in-review", row.pk)
    assert client.post(decide, {"decision": "accept"}).status_code == 403


def test_nobody_decides_by_following_a_link(desk):
    row = suggest()
    for name in ("_decide", "_undo", "_claim"):
        assert desk.get(address(name, "suggestions", row.pk)).status_code == 405


def test_a_script_is_told_in_one_sentence_what_is_refused(desk):
    row = suggest()
    decide = address("_decide", "suggestions", row.pk)
    answer = desk.post(decide, {"decision": "reject"}, headers=FETCH)
    assert answer.status_code == 409
    assert answer.json() == {"error": "Choose a reason from the list."}
    answer = desk.post(decide, {"decision": "accept"}, headers=FETCH)
    assert answer.json()["undo"] is True
    again = desk.post(decide, {"decision": "accept"}, headers=FETCH)
    assert again.status_code == 410
    assert again.json()["error"].startswith("It waits no longer")
    gone = address("_decide", "suggestions", 999_999)
    assert desk.post(gone, {"decision": "accept"}, headers=FETCH).status_code == 410


def test_an_undone_row_comes_back_as_it_stands(desk):
    row = suggest()
    decide, undo = (
        address(name, "suggestions", row.pk) for name in ("_decide", "_undo")
    )
    desk.post(decide, {"decision": "accept"}, headers=FETCH)
    assert "Undo" in desk.get(address()).text
    answer = desk.post(undo, {"decision": "accept"}, headers=FETCH).json()
    assert f'id="row-{row.pk}"' in answer["row"]
    assert "Undo" not in desk.get(address()).text


def test_accept_and_edit_opens_the_draft(desk):
    row = suggest()
    decide = address("_decide", "suggestions", row.pk)
    answer = desk.post(decide, {"decision": "edit"}, headers=FETCH).json()
    statement = Statement.objects.get()
    assert answer["opens"] == reverse(
        "admin:positions_statement_change", args=(statement.pk,)
    )


def test_several_rows_are_decided_only_after_the_preview(desk):
    rows = [suggest() for _ in range(2)]
    data = {"row": [r.pk for r in rows], "decision": "reject:no_position"}
    page = desk.post(address("_all"), data)
    assert "Nothing is decided yet" in page.text
    assert "the words take no position" in page.text
    assert type(rows[0]).objects.waiting().count() == 2
    desk.post(address("_all"), data | {"confirmed": "1"})
    assert type(rows[0]).objects.waiting().count() == 0


@pytest.mark.parametrize(
    "data",
    [{}, {"row": ["x", "-1"]}, {"row": ["1"], "decision": "burn"}],
)
def test_a_senseless_bulk_decision_is_refused_in_a_sentence(desk, data):
    page = desk.post(address("_all"), data, follow=True)
    assert page.status_code == 200
    assert 'class="error"' in page.text


def test_counts_are_told_with_what_is_ones_own(desk, reviewer):
    row = suggest()
    assign = address("_assign")
    answer = desk.post(
        assign, {"row": row.pk, "to": reviewer.username}, headers=FETCH
    ).json()
    assert answer["said"] == f"Assigned to {reviewer}."
    counts = desk.get(address("_counts")).json()
    assert counts["suggestions"] == ["1", 1]
    assert counts["draft-stances"] == ["0", 0]
    nobody = desk.post(assign, {"row": row.pk, "to": "nobody-here"}, headers=FETCH)
    assert nobody.status_code == 409


def queries(client, url):
    client.get(url)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(url).status_code == 200
    return len(asked)


@pytest.mark.parametrize(
    ("key", "fill"),
    [
        ("suggestions", lambda who: suggest()),
        ("statements-in-review", in_review),
        ("draft-statements", lambda who: make.make_statement(who=who)),
        ("stances-in-review", lambda who: make.make_stance(who=who, state="review")),
        ("draft-stances", lambda who: make.make_stance(who=who)),
    ],
)
def test_a_page_of_any_length_takes_the_same_few_queries(desk, reviewer, key, fill):
    fill(reviewer)
    few = queries(desk, address(key=key))
    for _ in range(4):
        fill(reviewer)
    assert queries(desk, address(key=key)) == few
    assert few < 30


def test_every_list_answers(desk):
    for work in worklists.everything():
        assert desk.get(address(key=work.key)).status_code == 200
