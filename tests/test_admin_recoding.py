"""Recoding in admin: choose, preview, do, undo; and the codebook beside the forms."""

import re

import factories as make
import pytest
from django.urls import reverse

from positions import coding
from positions.models import Change, Stance, Statement
from positions.recoding import Recoding, recode

pytestmark = pytest.mark.django_db
RECODE = "/admin/positions/statement/recode/"


@pytest.fixture
def reviewer(client):
    user = make.make_user()
    client.force_login(user)
    return user


def tick(client, *statements):
    """Press “Recode or move…” in the list, with these statements ticked."""
    return client.post(
        reverse("admin:positions_statement_changelist"),
        {"action": "recode", "_selected_action": [one.pk for one in statements]},
    )


def keys_of(*statements):
    return " ".join(one.key for one in statements)


def newest(statement):
    return Statement.objects.newest().get(key=statement.key)


def preview(client, *statements, **given):
    fields = {"keys": keys_of(*statements), "preview": "1", **given}
    return client.post(RECODE, fields)


def do(client, *statements, **given):
    """Preview, and press the button that does it."""
    mark = preview(client, *statements, **given).context["outcome"].mark
    fields = {"keys": keys_of(*statements), "planned": mark, "do": "1", **given}
    return client.post(RECODE, fields, follow=True)


def test_the_action_leads_to_the_choice_with_the_codebook_beside_it(client, reviewer):
    page = tick(client, make.make_statement(), make.make_statement()).text

    assert "2 statements chosen" in page
    accept = make.disposition("accept")
    assert accept.definition in page
    assert accept.does_not_count in page


def test_the_preview_shows_each_statement_before_and_after(client, reviewer):
    statement = make.make_statement(
        actor=make.make_actor("Japan"), option=make.make_option("CCW"), state="accepted"
    )
    norway = make.make_actor("Norway")
    page = preview(client, statement, actor=norway.pk).text

    assert "<del>Japan</del>: prefer CCW" in page
    assert "<mark>Norway</mark>: prefer CCW" in page
    assert "Version 2 is accepted in the place of version 1." in page
    assert statement.main.quote[:40] in page.replace("&#x27;", "'")
    assert newest(statement).version == 1


def test_refusals_stand_on_top_of_the_preview(client, reviewer):
    good = make.make_statement()
    bad = make.make_statement(code="bound", mode="ratification")
    page = preview(client, good, bad, disposition=make.disposition("accept").pk)

    assert [row.fate for row in page.context["rows"]] == ["refused", "edited"]
    assert "Only consent to be bound has a mode." in page.text
    assert "Leave the 1 refused out" in page.text


def test_doing_leads_to_the_page_of_the_batch_where_it_is_undone(client, reviewer):
    accepted = make.make_statement(code="prefer", state="accepted")
    draft = make.make_statement(code="prefer")
    page = do(
        client,
        accepted,
        draft,
        disposition=make.disposition("accept").pk,
        why="Read again.",
    )
    assert "2 statements recoded." in page.text
    assert "“Read again.”" in page.text
    assert newest(accepted).disposition.code == "accept"

    address = page.redirect_chain[-1][0]
    page = client.post(address, {"why": "Not so."}, follow=True).text
    assert "2 statements undone." in page
    assert [newest(one).disposition.code for one in (accepted, draft)] == ["prefer"] * 2
    assert "Nothing of this can be undone any more" in client.get(address).text


def test_one_refusal_stops_all_and_the_form_keeps_what_was_typed(client, reviewer):
    good = make.make_statement(code="prefer")
    bad = make.make_statement(code="bound", mode="ratification")
    given = {"disposition": make.disposition("accept").pk, "why": "Read again."}
    page = do(client, good, bad, **given).text

    assert "1 of 2 statements cannot be recoded, so nothing was changed." in page
    assert 'value="Read again."' in page
    assert newest(good).disposition.code == "prefer"

    do(client, good, bad, leave_out="on", **given)
    assert newest(good).disposition.code == "accept"


def test_without_a_reason_nothing_is_done(client, reviewer):
    statement = make.make_statement(code="prefer")
    page = do(client, statement, disposition=make.disposition("accept").pk).text

    assert "Give a reason to recode statements." in page
    assert newest(statement).disposition.code == "prefer"


def test_what_changed_since_the_preview_is_shown_again(client, reviewer):
    statement = make.make_statement(code="prefer")
    given = {"disposition": make.disposition("accept").pk, "why": "Read again."}
    mark = preview(client, statement, **given).context["outcome"].mark
    statement.submit(reviewer)
    fields = {"keys": statement.key, "planned": mark, "do": "1", **given}
    page = client.post(RECODE, fields).text

    assert "since you saw the preview: look at it again." in page
    assert "The version in review is edited in place." in page
    assert newest(statement).disposition.code == "prefer"


def test_moving_an_actor_offers_those_coded_at_once(client, reviewer):
    first, second = coding.code(
        reviewer,
        coding.Utterance(
            words=coding.find_words(
                make.paragraph_of(make.make_source(), 1), "first priority"
            ),
            actors=[make.make_actor("Japan")],
            options=[make.make_option("A"), make.make_option("B")],
            disposition=make.disposition("prefer"),
        ),
    )
    norway = make.make_actor("Norway")
    offered = "Also those of the same actor that were coded at once with these"
    page = preview(client, first, actor=norway.pk)
    assert offered in page.text
    assert len(page.context["rows"]) == 1
    accept = make.disposition("accept")
    assert offered not in preview(client, first, disposition=accept.pk).text

    do(client, first, actor=norway.pk, siblings="on", why="Misheard.")
    assert newest(second).actor == norway


def test_a_stance_that_would_lose_its_support_is_retracted_when_asked(client, reviewer):
    statement = make.make_statement(state="accepted", code="prefer")
    stance = make.make_stance(
        actor=statement.actor,
        option=statement.option,
        support=[statement],
        state="published",
    )
    given = {"disposition": make.disposition("accept").pk, "why": "Read again."}
    assert (
        "rests on the words as they were coded"
        in preview(client, statement, **given).text
    )

    page = do(client, statement, retract_stances="on", **given).text
    assert "Stances that followed" in page
    assert Stance.objects.get(pk=stance.pk).state == "retracted"


def test_an_unknown_choice_is_an_error_beside_its_field(client, reviewer):
    statement = make.make_statement()
    page = preview(client, statement, actor="99999999", disposition="x")
    assert page.status_code == 200
    assert page.text.count("errorlist") == 2


def test_no_statements_lead_back_to_the_list(client, reviewer):
    page = client.get(RECODE, follow=True)
    assert "Choose statements in this list first." in page.text
    assert client.post(RECODE, {"preview": "1"}).status_code == 200


def test_readers_do_not_recode(client):
    user = make.make_user("Reader", is_staff=True)
    client.force_login(user)
    statement = make.make_statement()
    assert client.get(f"{RECODE}?keys={statement.key}").status_code == 403
    assert preview(client, statement).status_code == 403


def test_an_unknown_batch_is_not_found(client, reviewer):
    address = reverse("admin:positions_statement_recoded", args=("nothing",))
    assert client.get(address).status_code == 404
    page = client.post(address, {"why": "Why"})
    assert page.status_code in (302, 404)


# -- in the log --------------------------------------------------------------------


def test_a_change_of_a_batch_tells_how_many_were_decided_with_it(client, reviewer):
    made = [make.make_statement() for _ in range(3)]
    outcome = recode(
        reviewer,
        [one.key for one in made],
        Recoding(disposition=make.disposition("accept")),
        "Why",
    )
    change = Change.objects.filter(batch=outcome.batch).first()
    page = client.get(reverse("admin:positions_change_change", args=(change.pk,))).text

    assert "Decided together with 2 others" in page
    assert reverse("admin:positions_statement_recoded", args=(outcome.batch,)) in page
    listed = client.get(
        reverse("admin:positions_change_changelist"), {"batch": outcome.batch}
    )
    assert len(listed.context["cl"].result_list) == 3


def test_a_change_that_stands_alone_offers_no_undoing(client, reviewer):
    make.make_statement()
    change = Change.objects.first()
    page = client.get(reverse("admin:positions_change_change", args=(change.pk,))).text
    assert "Undo them all" not in page


# -- the codebook at hand ----------------------------------------------------------


@pytest.mark.parametrize("kind", ["statement", "stance"])
def test_the_codebook_stands_beside_the_form_open_at_the_chosen_entry(
    client, reviewer, kind
):
    record = getattr(make, f"make_{kind}")(code="prefer")
    page = client.get(reverse(f"admin:positions_{kind}_change", args=(record.pk,))).text
    prefer = make.disposition("prefer")

    assert re.search(r"<details open>\s*<summary>Preference", page)
    assert re.search(r"<details>\s*<summary>Engagement", page)
    assert f'chosen" data-disposition="{prefer.pk}"' in page
    for words in (prefer.definition, prefer.does_not_count, prefer.example):
        assert words.replace('"', "&quot;") in page
    assert ("No position" in page) == (kind == "statement")


def test_the_codebook_stands_beside_a_new_stance_too(client, reviewer):
    page = client.get(reverse("admin:positions_stance_add")).text
    assert make.disposition("prefer").example in page


def test_a_frozen_statement_has_no_codebook_beside_it(client, reviewer):
    statement = make.make_statement(state="accepted")
    page = client.get(reverse("admin:positions_statement_change", args=(statement.pk,)))
    assert "codebook-beside" not in page.text
