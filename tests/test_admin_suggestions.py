"""The desk of suggestions: words beside the proposal, yes or no, and the next."""

import pytest
from django.urls import reverse
from factories import (
    disposition,
    make_actor,
    make_option,
    make_source,
    make_user,
    paragraph_of,
)

from positions import suggestions
from positions.models import Statement, Suggestion
from positions.suggestions import Proposed

pytestmark = pytest.mark.django_db

LIST = reverse("admin:positions_suggestion_changelist")


@pytest.fixture
def coder(client):
    user = make_user("Coder")
    client.force_login(user)
    return user


@pytest.fixture
def rows():
    source = make_source(("Japan prefers talks within the CCW <now>.",))
    actor, option = make_actor("Japan"), make_option("CCW")
    proposed = [
        Proposed(
            paragraph_of(source, "1"),
            start,
            end,
            actor,
            option,
            disposition(code),
            confidence,
            "“prefers” with Japan as speaker.",
        )
        for start, end, code, confidence in (
            (0, 13, "prefer", 0.9),
            (6, 19, "support", 0.5),
        )
    ]
    suggestions.file(source, proposed, tool="rules")
    return list(Suggestion.objects.all())


def decide(client, row, act, **fields):
    address = reverse("admin:positions_suggestion_decide", args=(row.pk, act))
    return client.post(address, fields, follow=True)


def said(answer):
    return " ".join(str(message) for message in answer.context["messages"])


def test_the_list_shows_what_waits_the_surest_first(client, coder, rows):
    page = client.get(LIST)
    assert [str(row) for row in page.context["cl"].result_list] == [
        str(row) for row in rows
    ]
    assert "90%" in page.text


def test_a_suggestion_shows_its_words_in_their_place(client, coder, rows):
    page = client.get(reverse("admin:positions_suggestion_change", args=(rows[0].pk,)))
    assert "<mark>Japan prefers</mark> talks within the CCW &lt;now&gt;." in page.text
    assert "“prefers” with Japan as speaker." in page.text


def test_deciding_leads_to_the_next_and_then_to_the_list(client, coder, rows):
    first, second = rows
    page = decide(client, first, "accept")
    assert "accepted" in said(page)
    assert page.context["original"] == second
    assert Statement.objects.get().coder == coder
    page = decide(client, second, "reject", because="no_position")
    assert "never offered again" in said(page)
    assert "cl" in page.context
    assert sorted(Suggestion.objects.values_list("state", flat=True)) == [
        "accepted",
        "rejected",
    ]


def test_a_decision_taken_twice_is_refused_in_a_sentence(client, coder, rows):
    decide(client, rows[0], "accept")
    page = decide(client, rows[0], "reject", because="other")
    assert "It was accepted already." in said(page)


def test_many_are_decided_at_once(client, coder, rows):
    data = {"action": "accept_selected", "_selected_action": [row.pk for row in rows]}
    page = client.post(LIST, data, follow=True)
    assert "Suggestions accepted as drafts: 2." in said(page)
    assert Statement.objects.count() == 2


def test_a_reader_of_the_admin_without_the_right_decides_nothing(client, rows):
    user = make_user("Reader", is_staff=True)
    client.force_login(user)
    assert decide(client, rows[0], "accept").status_code == 403


def test_the_work_list_has_them(client, coder, rows):
    page = client.get(reverse("admin:positions_queue", args=("suggestions",)))
    assert "“prefers” with Japan as speaker." in page.text


def test_what_is_decided_is_one_click_away(client, coder, rows):
    decide(client, rows[0], "accept")
    shown = {
        state: [str(row) for row in client.get(LIST, query).context["cl"].result_list]
        for state, query in (
            ("waits", {}),
            ("accepted", {"state": "accepted"}),
            ("all", {"state": "all"}),
        )
    }
    first, second = (str(row) for row in rows)
    assert shown == {"waits": [second], "accepted": [first], "all": [first, second]}
