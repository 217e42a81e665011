"""The stance desk and the page that derives stances."""

import pytest
from django.urls import reverse

from positions.models import Change, Evidence, Stance, Statement
from tests import factories as make

pytestmark = pytest.mark.django_db

LIST = "admin:positions_stance_changelist"
DERIVE = "admin:positions_stance_derive"


@pytest.fixture
def reviewer(client):
    user = make.make_user("Reviewer")
    client.force_login(user)
    return user


@pytest.fixture
def coder(client):
    user = make.make_user("Coder")
    client.force_login(user)
    return user


def page_of(stance):
    return reverse("admin:positions_stance_change", args=(stance.pk,))


def press(client, stance, act, **fields):
    url = reverse("admin:positions_stance_act", args=(stance.pk, act))
    return client.post(url, fields, follow=True)


def said(answer):
    return " ".join(str(message) for message in answer.context["messages"])


def form(statement, **fields):
    return {
        "actor": statement.actor_id,
        "option": statement.option_id,
        "disposition": statement.disposition_id,
        "holds_from": "2008-04-23",
        "confidence": "high",
        "evidence-TOTAL_FORMS": 1,
        "evidence-INITIAL_FORMS": 0,
        "evidence-0-statement": statement.pk,
        "evidence-0-relation": "supports",
        **fields,
    }


def test_a_stance_is_added_with_its_evidence_in_one_form(client, coder):
    statement = make.make_statement(state="accepted")
    client.post(reverse("admin:positions_stance_add"), form(statement))
    stance = Stance.objects.get()
    assert (stance.author, stance.basis, stance.state) == (coder, "asserted", "draft")
    assert [row.statement for row in stance.evidence.all()] == [statement]
    assert Change.objects.of(stance).get().action == "added"


def test_a_stance_is_added_submitted_and_published_at_once(client, reviewer):
    statement = make.make_statement(state="accepted")
    add = reverse("admin:positions_stance_add")
    client.post(add, form(statement, _act="submit-and-publish"))
    assert Stance.objects.get().state == "published"


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"holds_to": "2008-04-23"}, "A stance must begin before it ends."),
        ({"holds_from": "soon"}, "Enter a valid date."),
        ({"disposition": "declined"}, "Select a valid choice"),
    ],
)
def test_a_stance_that_cannot_be_is_refused_beside_the_field(
    client, coder, fields, sentence
):
    statement = make.make_statement(state="accepted")
    if "disposition" in fields:
        fields = {"disposition": make.disposition("declined").pk}
    page = client.post(reverse("admin:positions_stance_add"), form(statement, **fields))
    assert page.status_code == 200
    assert sentence in page.text
    assert not Stance.objects.exists()


def test_one_statement_named_twice_is_refused(client, coder):
    statement = make.make_statement(state="accepted")
    twice = form(
        statement,
        **{
            "evidence-TOTAL_FORMS": 2,
            "evidence-1-statement": statement.pk,
            "evidence-1-relation": "context",
        },
    )
    page = client.post(reverse("admin:positions_stance_add"), twice)
    assert page.status_code == 200
    assert not Stance.objects.exists()


@pytest.mark.parametrize(
    ("before", "act", "fields", "after"),
    [
        ("draft", "submit", {}, "review"),
        ("draft", "submit-and-publish", {}, "published"),
        ("review", "publish", {}, "published"),
        ("review", "send-back", {"why": "no"}, "draft"),
        ("published", "retract", {"why": "no"}, "retracted"),
    ],
)
def test_each_button_moves_the_stance(client, reviewer, before, act, fields, after):
    stance = make.make_stance(who=reviewer, state=before)
    press(client, stance, act, **fields)
    stance.refresh_from_db()
    assert stance.state == after


@pytest.mark.parametrize(
    ("group", "state", "offered"),
    [
        ("Coder", "draft", ["submit"]),
        ("Coder", "review", ["send-back"]),
        ("Coder", "published", ["next-version"]),
        ("Reviewer", "draft", ["submit-and-publish", "submit"]),
        ("Reviewer", "review", ["publish", "send-back"]),
        ("Reviewer", "published", ["next-version", "retract", "withhold"]),
    ],
)
def test_only_the_buttons_of_the_state_and_the_person(client, group, state, offered):
    client.force_login(make.make_user(group))
    stance = make.make_stance(state=state)
    acts = client.get(page_of(stance)).context["acts"]
    assert [act.name for act in acts] == offered


def test_a_stance_without_accepted_support_is_not_published(client, reviewer):
    draft = make.make_statement()
    stance = make.make_stance(support=[draft], who=reviewer)
    assert "no accepted statement in support" in said(
        press(client, stance, "submit-and-publish")
    )
    stance.refresh_from_db()
    assert stance.state == "draft"


def test_a_stance_that_overlaps_a_published_one_is_refused_in_a_sentence(
    client, reviewer
):
    first = make.make_stance(state="published")
    second = make.make_stance(
        actor=first.actor, option=first.option, code="support", who=reviewer
    )
    answer = press(client, second, "submit-and-publish")
    assert answer.status_code == 200
    assert "overlaps another published stance" in said(answer)


def test_a_published_stance_is_read_only_and_corrected_by_its_next_version(
    client, coder
):
    stance = make.make_stance(state="published")
    page = client.get(page_of(stance))
    assert "This stance is published, so it is frozen" in page.text
    assert 'name="holds_from"' not in page.text
    assert page.text.count("What it rests on") == 1
    assert "evidence-group" not in page.text
    assert client.post(page_of(stance), {}).status_code == 403
    press(client, stance, "next-version")
    draft = Stance.objects.get(key=stance.key, version=2)
    assert 'name="evidence-0-statement"' in client.get(page_of(draft)).text


def test_a_form_shows_days_as_iso_has_them_and_no_way_to_add_to_the_codebook(
    client, reviewer
):
    reviewer.is_superuser = True
    reviewer.save()
    page = client.get(page_of(make.make_stance(holds_from="2008-04-23"))).text
    assert 'name="holds_from" value="2008-04-23"' in page
    assert 'id="add_id_option"' in page
    assert 'id="add_id_disposition"' not in page


def test_evidence_leaves_a_draft_but_never_a_published_stance(client, reviewer):
    stance = make.make_stance(who=reviewer)
    row = stance.evidence.get()
    fields = form(
        row.statement,
        **{
            "evidence-INITIAL_FORMS": 1,
            "evidence-0-id": row.pk,
            "evidence-0-stance": stance.pk,
            "evidence-0-DELETE": "on",
        },
    )
    client.post(page_of(stance), fields)
    assert not stance.evidence.exists()
    published = make.make_stance(state="published")
    client.post(page_of(published), fields)
    assert published.evidence.count() == 1


def test_only_its_author_drops_a_draft(client, coder):
    foreign, mine = make.make_stance(), make.make_stance(who=make.make_user("Reviewer"))
    Stance.objects.filter(pk=mine.pk).first()
    assert "Only its author" in said(press(client, foreign, "drop"))
    own = make.make_stance()
    own.author = coder
    own.save()
    press(client, own, "drop")
    assert not Stance.objects.filter(pk=own.pk).exists()
    assert not Evidence.objects.filter(stance=own.pk).exists()


def test_bulk_actions_submit_and_publish_and_tell_each_refusal(client, reviewer):
    ready = make.make_stance(who=reviewer)
    unsupported = make.make_stance(who=reviewer, support=[make.make_statement()])
    chosen = [ready.pk, unsupported.pk]
    answer = client.post(
        reverse(LIST),
        {"action": "submit_and_publish", "_selected_action": chosen},
        follow=True,
    )
    assert "1 stance submitted and published." in said(answer)
    assert "no accepted statement in support" in said(answer)
    unsupported.refresh_from_db()
    assert unsupported.state == "draft"


# -- deriving ---------------------------------------------------------------------


@pytest.fixture
def accepted():
    """Japan prefers the CCW; a comment by the document's author stands beside."""
    japan = make.make_actor("Japan")
    ccw = make.make_option("CCW", issue=make.make_issue("Cluster munitions"))
    common = {"actor": japan, "option": ccw, "speaker_rank": 3, "state": "accepted"}
    statement = make.make_statement(said_on="2008-04-23", **common)
    make.make_statement(
        code="support", standing="reporter", said_on="2008-04-24", **common
    )
    return statement


def derive(client, statement=None):
    query = {}
    if statement:
        query = {"actor": statement.actor_id, "issue": statement.option.issue_id}
    return client.get(reverse(DERIVE), query)


def test_the_derivation_shows_periods_and_the_clause_of_each_statement_set_aside(
    client, coder, accepted
):
    page = derive(client, accepted).text
    for shown in (
        "2008-04-23",
        "prefers",
        "2010-04-23",
        "lapsed, because nothing confirmed it for long enough",
        "shown beside, clause 1",
        "The document&#x27;s author&#x27;s own assessment",
    ):
        assert shown in page, shown


def test_drafts_are_made_of_the_periods_once(client, coder, accepted):
    fields = {"actor": accepted.actor_id, "issue": accepted.option.issue_id}
    answer = client.post(reverse(DERIVE), fields, follow=True)
    assert "Made 1 draft stance" in said(answer)
    stance = Stance.objects.get()
    assert (stance.basis, stance.state) == ("derived", "draft")
    assert str(stance.holds_from) == "2008-04-23"
    again = client.post(reverse(DERIVE), fields, follow=True)
    assert "nothing new" in said(again)
    assert Stance.objects.count() == 1


def test_the_drafts_are_submitted_and_published_from_the_same_page(
    client, reviewer, accepted
):
    fields = {"actor": accepted.actor_id, "issue": accepted.option.issue_id}
    page = client.post(reverse(DERIVE), fields, follow=True).text
    stance = Stance.objects.get()
    assert f'name="_selected_action" value="{stance.pk}"' in page
    url = f"{reverse(LIST)}?actor__id__exact={accepted.actor_id}"
    chosen = {"action": "submit_and_publish", "_selected_action": [stance.pk]}
    answer = client.post(url, chosen, follow=True)
    assert answer.status_code == 200
    stance.refresh_from_db()
    assert stance.state == "published"


def test_without_an_actor_the_page_lists_those_with_accepted_statements(
    client, coder, accepted
):
    make.make_statement(actor=make.make_actor("Norway"), option=accepted.option)
    page = client.get(reverse(DERIVE), {"issue": accepted.option.issue_id}).text
    assert "Japan" in page
    assert "Norway" not in page


@pytest.mark.parametrize(
    "query", [{}, {"actor": "x"}, {"issue": "0"}, {"actor": "1e9", "issue": "²"}]
)
def test_odd_addresses_of_the_page_open_without_a_fault(client, coder, query):
    assert client.get(reverse(DERIVE), query).status_code == 200
    assert client.post(reverse(DERIVE), query).status_code == 302


def test_an_actor_without_statements_gives_nothing_to_derive(client, coder, accepted):
    accepted.actor = make.make_actor("Norway")
    assert "nothing to derive from" in derive(client, accepted).text


def test_actor_issue_and_stance_desks_lead_to_the_page(client, coder, accepted):
    issue, stance = accepted.option.issue, make.make_stance()
    for page, part in (
        (reverse("admin:positions_actor_change", args=(accepted.actor_id,)), "actor="),
        (reverse("admin:positions_issue_change", args=(issue.pk,)), "issue="),
        (reverse(LIST), reverse(DERIVE)),
        (page_of(stance), "actor="),
    ):
        text = client.get(page).text
        assert reverse(DERIVE) in text
        assert part in text


def test_those_who_may_not_see_stances_do_not_see_the_page(client):
    client.force_login(make.make_user("Reader", is_staff=True))
    assert derive(client).status_code == 403
    assert Statement.objects.count() == 0
