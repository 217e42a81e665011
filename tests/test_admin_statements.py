"""The statement desk: each transition is a button, each refusal a sentence."""

import pytest
from django.db import connection
from django.forms import model_to_dict
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from positions.admin import places
from positions.models import Change, Citation, Stance, Statement, Voice
from positions.models.changes import recording
from tests import factories as make

pytestmark = pytest.mark.django_db

LIST = "admin:positions_statement_changelist"


@pytest.fixture
def reviewer():
    return make.make_user("Reviewer")


@pytest.fixture
def coder():
    return make.make_user("Coder")


def page_of(statement):
    return reverse("admin:positions_statement_change", args=(statement.pk,))


def press(client, statement, act, **fields):
    """Press a button; what the page then says."""
    url = reverse("admin:positions_statement_act", args=(statement.pk, act))
    return client.post(url, fields, follow=True)


def said(answer):
    return " ".join(str(message) for message in answer.context["messages"])


def buttons(client, statement):
    return [act.name for act in client.get(page_of(statement)).context["acts"]]


@pytest.mark.parametrize(
    ("before", "act", "fields", "after"),
    [
        ("draft", "submit", {}, "review"),
        ("draft", "submit-and-accept", {}, "accepted"),
        ("draft", "reject", {"why": "not said"}, "rejected"),
        ("review", "accept", {}, "accepted"),
        ("review", "send-back", {"why": "whose?"}, "draft"),
        ("review", "reject", {"why": "not said"}, "rejected"),
        ("accepted", "retract", {"why": "forged"}, "retracted"),
    ],
)
def test_each_button_moves_the_statement_and_the_log_says_so(
    client, reviewer, before, act, fields, after
):
    client.force_login(reviewer)
    statement = make.make_statement(who=reviewer, state=before)
    answer = press(client, statement, act, **fields)
    assert answer.status_code == 200
    statement.refresh_from_db()
    assert statement.state == after
    last = Change.objects.of(statement).first()
    assert (last.who, last.to_state) == (reviewer, after)
    assert last.why == fields.get("why", "")


@pytest.mark.parametrize(
    ("group", "state", "offered"),
    [
        ("Coder", "draft", ["submit"]),
        ("Coder", "review", ["send-back"]),
        ("Coder", "accepted", ["next-version"]),
        ("Reviewer", "draft", ["submit-and-accept", "submit", "reject"]),
        ("Reviewer", "review", ["accept", "send-back", "reject"]),
        ("Reviewer", "accepted", ["next-version", "take-back", "retract", "withhold"]),
    ],
)
def test_only_the_buttons_of_the_state_and_the_person_stand_there(
    client, group, state, offered
):
    client.force_login(make.make_user(group))
    statement = make.make_statement(state=state)
    assert buttons(client, statement) == offered


@pytest.mark.parametrize(
    ("act", "sentence"),
    [
        ("accept", "Only reviewers accept statements."),
        ("reject", "Only reviewers reject statements."),
        ("retract", "Only reviewers retract statements."),
    ],
)
def test_a_coder_who_presses_a_reviewers_button_is_refused_in_a_sentence(
    client, coder, act, sentence
):
    client.force_login(coder)
    statement = make.make_statement(who=coder)
    answer = press(client, statement, act, why="because")
    assert sentence in said(answer)
    statement.refresh_from_db()
    assert statement.state == "draft"


@pytest.mark.parametrize("act", ["reject", "retract"])
def test_a_reason_is_asked_for(client, reviewer, act):
    client.force_login(reviewer)
    state = "accepted" if act == "retract" else "review"
    statement = make.make_statement(who=reviewer, state=state)
    assert "Give a reason" in said(press(client, statement, act, why="  "))


def test_pressing_a_button_twice_is_told_not_traced_back(client, reviewer):
    client.force_login(reviewer)
    statement = make.make_statement(who=reviewer)
    press(client, statement, "submit")
    answer = press(client, statement, "submit")
    assert answer.status_code == 200
    assert "can be submitted" in said(answer)


def test_buttons_answer_only_to_a_post(client, reviewer):
    client.force_login(reviewer)
    statement = make.make_statement(who=reviewer)
    url = reverse("admin:positions_statement_act", args=(statement.pk, "submit"))
    assert client.get(url).status_code == 405
    statement.refresh_from_db()
    assert statement.state == "draft"


def test_an_unknown_button_and_an_unknown_statement_are_told(client, reviewer):
    client.force_login(reviewer)
    statement = make.make_statement()
    assert "no such button" in said(press(client, statement, "explode"))
    url = reverse("admin:positions_statement_act", args=(10**6, "submit"))
    assert client.post(url).status_code == 302


def test_a_reader_without_the_desk_cannot_press(client):
    statement = make.make_statement()
    client.force_login(make.make_user("Reader", is_staff=True))
    url = reverse("admin:positions_statement_act", args=(statement.pk, "submit"))
    assert client.post(url).status_code == 403


@pytest.mark.parametrize("state", ["accepted", "rejected", "retracted"])
def test_a_frozen_statement_is_read_only_and_says_why(client, reviewer, state):
    client.force_login(reviewer)
    statement = make.make_statement(
        who=reviewer, state="draft" if state == "rejected" else "accepted"
    )
    if state == "rejected":
        statement.reject(reviewer, "no")
    if state == "retracted":
        statement.retract(reviewer, "no")
    page = client.get(page_of(statement))
    assert "frozen" in page.text
    assert 'name="actor"' not in page.text
    assert client.post(page_of(statement), {"note": "x"}).status_code == 403
    assert ("Correct: make the next version" in page.text) == (state == "accepted")


def test_correcting_opens_the_next_version_as_a_draft(client, coder):
    client.force_login(coder)
    statement = make.make_statement(state="accepted")
    answer = press(client, statement, "next-version")
    draft = Statement.objects.get(key=statement.key, version=2)
    assert answer.redirect_chain[-1][0] == page_of(draft)
    assert draft.state == "draft"
    assert 'name="note"' in answer.text
    assert "next-version" not in buttons(client, statement)


def test_an_acceptance_is_taken_back_only_until_the_next_change(client, reviewer):
    client.force_login(reviewer)
    statement = make.make_statement(state="accepted")
    press(client, statement, "take-back")
    again = Statement.objects.get(key=statement.key, version=2)
    assert again.state == "review"
    used = make.make_statement(state="accepted")
    used.next_version(reviewer)
    assert "take-back" not in buttons(client, used)
    assert "changed or used" in said(press(client, used, "take-back"))


def test_the_only_support_of_a_stance_is_retracted_with_it_or_not_at_all(
    client, reviewer
):
    client.force_login(reviewer)
    statement = make.make_statement(state="accepted")
    stance = make.make_stance(
        actor=statement.actor,
        option=statement.option,
        support=[statement],
        state="published",
    )
    refused = press(client, statement, "retract", why="forged")
    assert "It is the only support of a published stance" in said(refused)
    assert "Retract both" in refused.text
    press(client, statement, "retract-both", why="forged")
    statement.refresh_from_db()
    stance.refresh_from_db()
    assert (statement.state, stance.state) == ("retracted", "retracted")


def test_a_version_that_says_something_else_is_accepted_with_its_stance_retracted(
    client, reviewer
):
    client.force_login(reviewer)
    statement = make.make_statement(state="accepted")
    stance = make.make_stance(
        actor=statement.actor,
        option=statement.option,
        support=[statement],
        state="published",
    )
    draft = statement.next_version(reviewer)
    draft.disposition = make.disposition("oppose")
    draft.save()
    draft.submit(reviewer)
    refused = press(client, draft, "accept")
    assert "rests on the words as they were coded" in said(refused)
    press(client, draft, "accept-and-retract")
    stance.refresh_from_db()
    draft.refresh_from_db()
    assert (draft.state, stance.state) == ("accepted", "retracted")


def test_only_its_coder_drops_a_draft_that_was_never_submitted(client, coder):
    client.force_login(coder)
    foreign = make.make_statement()
    assert "drop" not in buttons(client, foreign)
    assert "Only its author" in said(press(client, foreign, "drop"))
    mine = make.make_statement(who=coder)
    assert "drop" in buttons(client, mine)
    answer = press(client, mine, "drop")
    assert answer.redirect_chain[-1][0] == reverse(LIST)
    assert not Statement.objects.filter(pk=mine.pk).exists()
    assert Change.objects.filter(key=mine.key, action="dropped").exists()
    once = make.make_statement(who=coder)
    once.submit(coder)
    once.send_back(coder, "")
    assert "It was submitted once" in said(press(client, once, "drop"))


def test_without_self_review_a_reviewer_does_not_see_the_button_for_own_work(
    client, reviewer, settings
):
    settings.SELF_REVIEW = False
    client.force_login(reviewer)
    statement = make.make_statement(who=reviewer, state="review")
    assert "accept" not in buttons(client, statement)
    assert "Another reviewer" in said(press(client, statement, "accept"))


def form_of(statement, **fields):
    """What the form of a statement sends back."""
    shown = model_to_dict(statement)
    return {name: value for name, value in shown.items() if value} | fields


def test_saving_below_the_form_also_submits_what_was_typed(client, coder):
    client.force_login(coder)
    statement = make.make_statement(who=coder)
    form = form_of(statement, note="Look again.", _act="submit")
    client.post(page_of(statement), form)
    statement.refresh_from_db()
    assert (statement.note, statement.state) == ("Look again.", "review")
    actions = [change.action for change in Change.objects.of(statement)]
    assert actions == ["submitted", "edited", "coded"]


def test_a_refused_transition_keeps_what_was_typed(client, coder):
    client.force_login(coder)
    statement = make.make_statement(who=coder)
    form = form_of(statement, note="Look again.", _act="accept")
    answer = client.post(page_of(statement), form, follow=True)
    assert "Only reviewers accept statements." in said(answer)
    statement.refresh_from_db()
    assert (statement.note, statement.state) == ("Look again.", "draft")


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"modality": "conditional"}, "A conditional statement needs its condition."),
        ({"mode": "accession"}, "Only consent to be bound has a mode."),
        ({"said_on": "yesterday"}, "YYYY-MM-DD"),
    ],
)
def test_contradicting_fields_are_refused_beside_the_field(
    client, coder, fields, sentence
):
    client.force_login(coder)
    statement = make.make_statement(who=coder)
    answer = client.post(page_of(statement), form_of(statement, **fields))
    assert answer.status_code == 200
    assert sentence in answer.text


def test_the_page_shows_words_place_history_and_what_was_coded_at_once(client, coder):
    client.force_login(coder)
    statement = make.make_statement(who=coder, state="review")
    page = client.get(page_of(statement)).text
    main = Citation.objects.get(statement=statement)
    assert "first priority is an agreement" in page
    assert places.reading_address(main.paragraph).replace("&", "&amp;") in page
    assert "submitted" in page
    assert str(coder) in page


def choose(client, action, *records):
    data = {"action": action, "_selected_action": [record.pk for record in records]}
    return client.post(reverse(LIST), data, follow=True)


def test_bulk_actions_count_what_was_done_and_tell_each_refusal(client, reviewer):
    client.force_login(reviewer)
    drafts = [make.make_statement(who=reviewer) for _ in range(2)]
    accepted = make.make_statement(who=reviewer, state="accepted")
    answer = choose(client, "submit", *drafts, accepted)
    assert "2 statements submitted." in said(answer)
    assert "can be submitted" in said(answer)
    answer = choose(client, "accept", *drafts)
    assert "2 statements accepted." in said(answer)
    fresh = make.make_statement(who=reviewer)
    assert "1 statement submitted and accepted." in said(
        choose(client, "submit_and_accept", fresh)
    )


def test_coders_have_no_bulk_accepting(client, coder):
    client.force_login(coder)
    statement = make.make_statement(state="review")
    page = client.get(reverse(LIST)).text
    assert 'value="submit"' in page
    assert 'value="accept"' not in page
    choose(client, "accept", statement)
    statement.refresh_from_db()
    assert statement.state == "review"


def test_the_list_shows_newest_versions_unless_all_are_asked_for(client, coder):
    client.force_login(coder)
    statement = make.make_statement(state="accepted")
    draft = statement.next_version(coder)
    rows = client.get(reverse(LIST)).context["cl"].result_list
    assert list(rows) == [draft]
    rows = client.get(reverse(LIST), {"versions": "all"}).context["cl"].result_list
    assert set(rows) == {draft, statement}


def queries_of(client, url):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


def test_a_list_takes_as_many_queries_for_many_statements_as_for_few(client, coder):
    client.force_login(coder)
    make.make_statement()
    few = queries_of(client, reverse(LIST))
    for _ in range(6):
        make.make_statement()
    assert queries_of(client, reverse(LIST)) == few


def test_a_stance_that_names_the_statement_is_linked(client, reviewer):
    client.force_login(reviewer)
    statement = make.make_statement(state="accepted")
    stance = make.make_stance(
        actor=statement.actor, option=statement.option, support=[statement]
    )
    assert Stance.objects.get() == stance
    page = client.get(page_of(statement)).text
    assert reverse("admin:positions_stance_change", args=(stance.pk,)) in page


def test_a_public_statement_is_withheld_with_a_reason_and_shown_again(client, reviewer):
    client.force_login(reviewer)
    statement = make.make_statement(state="accepted")
    assert "Give a reason" in said(press(client, statement, "withhold"))
    assert Statement.objects.public().exists()
    press(client, statement, "withhold", why="a secret")
    assert not Statement.objects.public().exists()
    assert "withheld" in client.get(page_of(statement)).text
    press(client, statement, "show-again", why="cleared")
    assert Statement.objects.public().exists()


# -- other words ------------------------------------------------------------------


def cite(client, statement, **fields):
    url = reverse("admin:positions_statement_cite", args=(statement.pk,))
    return client.post(url, fields, follow=True)


@pytest.fixture
def quoted(client, coder):
    """A draft that cites "an agreement" of paragraph 1."""
    client.force_login(coder)
    paragraph = make.paragraph_of(make.make_source(), 1)
    return make.make_statement(paragraph=paragraph, quote="an agreement", who=coder)


def quotes(statement):
    rows = Citation.objects.filter(statement=statement).order_by("pk")
    return list(rows.values_list("role", "paragraph__number", "quote"))


def test_a_draft_gets_other_words_and_the_log_keeps_them(client, quoted):
    main = quoted.citations.get()
    cite(client, quoted, citation=main.pk, paragraph="2", words="Public  pressure")
    assert quotes(quoted) == [("main", "2", "Public pressure")]
    last = Change.objects.of(quoted).first()
    assert last.action == "words changed"
    assert "Public pressure" in last.why


def test_further_words_are_cited_and_left_out_again(client, quoted):
    cite(client, quoted, paragraph="2", words="Public pressure", role="context")
    assert quotes(quoted)[1] == ("context", "2", "Public pressure")
    second = quoted.citations.get(role="context")
    cite(client, quoted, citation=second.pk, leave_out="1")
    assert len(quotes(quoted)) == 1


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"paragraph": "9", "words": "an"}, "has no paragraph “9”"),
        ({"paragraph": "1", "words": "Norway"}, "does not stand in"),
        ({"paragraph": "1", "words": ""}, "Give the words"),
        ({"paragraph": "1", "words": "r"}, "give more of the words around them"),
        ({"paragraph": "1", "words": "Japan", "role": "main"}, "one main citation"),
        ({"paragraph": "1", "words": "Japan", "role": "x"}, "Choose what the words"),
    ],
)
def test_words_that_cannot_be_cited_are_refused_in_a_sentence(
    client, quoted, fields, sentence
):
    assert sentence in said(cite(client, quoted, **fields))
    assert quotes(quoted) == [("main", "1", "an agreement")]


def test_the_main_citation_cannot_be_left_out(client, quoted):
    main = quoted.citations.get()
    answer = cite(client, quoted, citation=main.pk, leave_out="1")
    assert "The main citation stays" in said(answer)
    assert quotes(quoted)


def test_the_authors_comment_cannot_become_the_main_words_of_an_own_standing(
    client, quoted
):
    paragraph = quoted.main.paragraph
    with recording(quoted.coder):
        Voice.objects.create(paragraph=paragraph, start=0, end=5, kind="comment")
    main = quoted.citations.get()
    answer = cite(client, quoted, citation=main.pk, paragraph="1", words="Japan")
    assert "their standing is reporter, not own" in said(answer)


def test_a_frozen_statement_keeps_its_words(client, reviewer):
    client.force_login(reviewer)
    statement = make.make_statement(state="accepted")
    main = statement.citations.get()
    before = quotes(statement)
    assert "Cite other words" not in client.get(page_of(statement)).text
    answer = cite(client, statement, citation=main.pk, paragraph="1", words="Japan")
    assert "frozen with its citations" in said(answer)
    assert quotes(statement) == before


def test_an_orphaned_citation_is_settled_by_the_next_version(client, reviewer):
    client.force_login(reviewer)
    statement = make.make_statement(state="accepted")
    source = statement.main.paragraph.revision.source
    make.make_revision(source, ["A better text."])
    statement.citations.update(anchor="orphaned")
    press(client, statement, "next-version")
    draft = Statement.objects.get(key=statement.key, version=2)
    main = draft.citations.get()
    cite(client, draft, citation=main.pk, paragraph="1", words="A better text")
    press(client, draft, "submit-and-accept")
    assert not Citation.objects.needing_a_person().exclude(statement__state="retracted")
    assert Statement.objects.public().get() == draft
