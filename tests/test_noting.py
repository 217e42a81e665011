"""Notes: coder and reviewer talk about a statement; readers never hear it."""

import pytest
from django.urls import reverse

from positions import noting
from positions.models import Change, Note, Refused, Statement
from tests import factories as make

pytestmark = pytest.mark.django_db


def page_of(statement):
    return reverse("admin:positions_statement_change", args=(statement.pk,))


def note_address(statement):
    return reverse("admin:positions_statement_note", args=(statement.pk,))


def write(client, statement, text):
    return client.post(note_address(statement), {"text": text}, follow=True)


def test_coder_and_reviewer_talk_about_all_versions_of_a_statement(client):
    coder, reviewer = make.make_user("Coder"), make.make_user("Reviewer")
    statement = make.make_statement(who=reviewer, state="accepted")
    client.force_login(coder)
    write(client, statement, "Is “engaged” strong enough?")
    client.force_login(reviewer)
    draft = statement.next_version(reviewer)
    text = write(client, draft, "Yes: see the <annex>.").content.decode()
    assert text.index("Is “engaged” strong enough?") < text.index("see the &lt;annex")
    assert "Notes (2)" in text
    assert coder.username in text
    assert [note.by for note in noting.thread(statement)] == [coder, reviewer]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "empty note"),
        (" \n ", "empty note"),
        ("x" * 5001, "at most 5,000 characters; this one has 5,001"),
    ],
)
def test_a_note_that_says_nothing_or_too_much_is_refused_in_a_sentence(text, sentence):
    statement = make.make_statement()
    with pytest.raises(Refused, match=sentence):
        noting.write(make.make_user(), statement, text)
    assert not Note.objects.exists()


def test_a_note_that_is_too_long_is_shown_again(client):
    statement = make.make_statement()
    client.force_login(make.make_user())
    answer = client.post(note_address(statement), {"text": "long " * 1001})
    assert "long long" in answer.content.decode()
    assert "this one has 5,004" in answer.content.decode()


def test_who_may_not_write_notes_is_refused():
    with pytest.raises(Refused, match="Only coders and reviewers"):
        noting.write(make.make_user("Reader"), make.make_statement(), "Hello")


def test_a_note_is_no_change_of_the_statement_and_its_acceptance_can_be_taken_back():
    reviewer = make.make_user()
    statement = make.make_statement(who=reviewer, state="accepted")
    noting.write(reviewer, statement, "Too soon?")
    last = Change.objects.first()
    assert (last.record, last.action, last.public) == ("note", "noted", False)
    assert Statement.objects.get(pk=statement.pk).can_take_back()


def test_a_note_is_nowhere_public(client):
    statement = make.make_statement(state="accepted")
    noting.write(make.make_user(), statement, "a-word-of-the-note")
    for address in (
        f"/api/v1/statements/{statement.key}/",
        "/api/v1/statements/",
        reverse("statement", args=(statement.key,)),
    ):
        answer = client.get(address, follow=True)
        assert answer.status_code == 200, address
        assert "a-word-of-the-note" not in answer.content.decode()


def test_notes_are_written_by_a_button_only(client):
    client.force_login(make.make_user())
    assert client.get(note_address(make.make_statement())).status_code == 405


def test_who_may_not_see_the_desk_writes_no_note(client):
    client.force_login(make.make_user("Reader", is_staff=True))
    statement = make.make_statement()
    assert client.post(note_address(statement), {"text": "x"}).status_code == 403
    assert not Note.objects.exists()
