"""The desk of suggestions: what was proposed, what became of it, the way to decide."""

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
from positions.suggestions import Proposed

pytestmark = pytest.mark.django_db

LIST = reverse("admin:positions_suggestion_changelist")
QUEUE = reverse("admin:positions_queue", args=("suggestions",))


@pytest.fixture
def coder(client):
    user = make_user("Coder")
    client.force_login(user)
    return user


@pytest.fixture
def rows():
    return suggest_in(make_source(("Japan prefers talks within the CCW <now>.",)))


def suggest_in(source):
    """Two suggestions about the first words of a source, the surer one first."""
    actor, option = make_actor(), make_option()
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
    return list(source.suggestions.all())


def page_of(client, row):
    return client.get(reverse("admin:positions_suggestion_change", args=(row.pk,)))


def queued(client, address=QUEUE):
    return [entry["row"] for entry in client.get(address).context["entries"]]


def test_the_list_shows_what_waits_the_surest_first(client, coder, rows):
    page = client.get(LIST)
    assert [str(row) for row in page.context["cl"].result_list] == [
        str(row) for row in rows
    ]
    assert "90%" in page.text


def test_a_suggestion_shows_its_words_in_their_place(client, coder, rows):
    page = page_of(client, rows[0])
    assert "<mark>Japan prefers</mark> talks within the CCW &lt;now&gt;." in page.text
    assert "“prefers” with Japan as speaker." in page.text


def test_one_that_waits_leads_to_its_row_in_the_queue(client, coder, rows):
    first, second = rows
    address = f"{QUEUE}?row={second.pk}"
    assert f'href="{address}"' in page_of(client, second).text
    assert client.get(address).context["current"] == second.pk
    suggestions.accept(coder, first)
    assert f"{QUEUE}?row" not in page_of(client, first).text


def test_those_of_one_source_are_gone_through_in_the_queue(client, coder, rows):
    first, second = rows
    others = suggest_in(make_source(("Peru supports talks within the CCW.",)))
    reading = reverse("admin:positions_source_read", args=(first.source_id,))
    address = f"{QUEUE}?source={first.source_id}"
    assert f'<a href="{address}">2 suggestions</a>' in client.get(reading).text
    assert queued(client, address) == rows
    assert set(queued(client)) == {*rows, *others}
    # A decision without a script leads back to the same rows.
    decide = reverse("admin:positions_queue_decide", args=("suggestions", first.pk))
    decide += f"?source={first.source_id}"
    assert f'action="{decide}"' in client.get(address).text
    assert client.post(decide, {"decision": "accept"}).url == address
    assert queued(client, address) == [second]


@pytest.mark.parametrize("named", ["999999", "x"])
def test_a_queue_of_no_source_is_not_found(client, coder, named):
    assert client.get(f"{QUEUE}?source={named}").status_code == 404


def test_what_is_decided_is_one_click_away(client, coder, rows):
    suggestions.accept(coder, rows[0])
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
