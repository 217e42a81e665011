"""Merging at the desks: choose, look, confirm, part; and the desk of pairs."""

import pytest
from django.urls import reverse

from positions import duplicates, merging, worklists
from positions.admin.merging import page_of
from positions.models import Actor, Pair, Stance
from tests.factories import (
    make_actor,
    make_issue,
    make_option,
    make_stance,
    make_statement,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def who(client):
    user = make_user()
    client.force_login(user)
    return user


@pytest.fixture
def pair():
    make_actor("Kazakhstan")
    make_actor("Kazakstan")
    duplicates.find("actor")
    return Pair.objects.get()


def fresh(record):
    return type(record).objects.get(pk=record.pk)


def text(response):
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def merge_page(record, into=None):
    address = page_of(record, "merge")
    return f"{address}?into={into.pk}" if into else address


def decide(client, pair, decision, **fields):
    address = reverse("admin:positions_pair_decide", args=(pair.pk,))
    return client.post(address, {"decision": decision, **fields}, follow=True)


# -- merging ---------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["actor", "option", "issue"])
def test_a_record_is_merged_after_a_look_and_parted_again(client, who, kind):
    if kind == "option":
        issue = make_issue()
        old, survivor = (make_option(n, issue=issue) for n in ("Old", "New"))
    else:
        make = make_actor if kind == "actor" else make_issue
        old, survivor = make("Old"), make("New")
    page = text(client.get(page_of(old)))
    assert merge_page(old) in page
    assert "Choose the record that stays" in text(client.get(merge_page(old)))
    page = text(client.get(merge_page(old, survivor)))
    assert "“Old” is read as “New” everywhere" in page
    given = {"into": survivor.pk, "why": "two spellings"}
    page = text(client.post(merge_page(old), given, follow=True))
    assert fresh(old).survivor == survivor
    assert f'It is read as <a href="{page_of(survivor)}">New</a> since' in page
    assert "two spellings" in page
    assert f'Read as this one: <a href="{page_of(old)}">' in text(
        client.get(page_of(survivor))
    )
    page = text(client.post(page_of(old, "part"), {"why": "they are two"}, follow=True))
    assert "is read as itself again" in page
    assert fresh(old).merged_into is None


def test_the_look_names_what_is_issued_anew_and_what_speaks_against_it(client, who):
    option = make_option("CCW")
    japan, nippon = make_actor("Japan"), make_actor("Nippon", kind="body")
    old = make_actor("Yamato")
    merging.merge(who, old, nippon, "one")
    make_stance(who=who, actor=nippon, option=option, state="published")
    page = text(client.get(merge_page(nippon, japan)))
    assert "1 published stance is issued anew under “Japan”" in page
    assert "“Yamato”, which is read as it, goes along" in page
    assert "They are of two kinds" in page
    assert Stance.objects.public().get().version == 1


def test_overlaps_are_listed_and_there_is_no_button(client, who):
    option = make_option("CCW")
    japan, nippon = make_actor("Japan"), make_actor("Nippon")
    for actor in (japan, nippon):
        make_stance(who=who, actor=actor, option=option, state="published")
    page = text(client.get(merge_page(nippon, japan)))
    assert "They cannot be read as one" in page
    for actor in (japan, nippon):
        assert f"{actor}: prefer CCW, from 2008-04-23</a>, open" in page
    assert 'method="post"' not in page.partition('id="happens"')[2]


def test_what_may_never_be_merged_is_told_in_a_sentence(client, who):
    person = make_actor("Japan", kind="person")
    page = text(client.get(merge_page(person, make_actor("Japan"))))
    assert "A person is nothing else" in page


def test_a_refusal_keeps_the_reason_that_was_typed(client, who):
    option = make_option("CCW")
    japan, nippon = make_actor("Japan"), make_actor("Nippon")
    for actor in (japan, nippon):
        make_stance(who=who, actor=actor, option=option, state="published")
    given = {"into": japan.pk, "why": "I am quite sure"}
    page = text(client.post(merge_page(nippon), given))
    assert "cannot be read as one while published stances" in page
    given["why"] = ""
    assert "Give a reason" in text(client.post(merge_page(nippon), given))


@pytest.mark.parametrize("into", ["", "0", "x", "99999999999999999999"])
def test_an_address_that_means_nobody_is_no_fault(client, who, into):
    japan = make_actor("Japan")
    for answer in (
        client.get(f"{merge_page(japan)}?into={into}"),
        client.post(merge_page(japan), {"into": into, "why": "x"}),
    ):
        assert "Choose the record that stays" in text(answer)
    gone = reverse("admin:positions_actor_merge", args=(999999,))
    assert client.get(gone).status_code == 302
    assert client.get(page_of(japan, "part")).status_code == 405


def test_coders_are_not_offered_to_merge(client):
    client.force_login(make_user("Coder"))
    japan, nippon = make_actor("Japan"), make_actor("Nippon")
    assert "Merge into" not in text(client.get(page_of(japan)))
    assert client.get(merge_page(japan)).status_code == 403
    assert client.post(merge_page(japan), {"into": nippon.pk}).status_code == 403
    page = text(client.post(page_of(japan, "part"), {"why": "x"}, follow=True))
    assert "Only reviewers part merged records" in page


def test_a_form_that_was_open_meanwhile_does_not_undo_the_merging(client, who):
    japan, nippon = make_actor("Japan"), make_actor("Nippon")
    merging.merge(who, nippon, japan, "one")
    form = {"name": "Nippon", "kind": "state", "note": "typed before"}
    for rows in ("names", "identifiers", "memberships"):
        form |= {f"{rows}-TOTAL_FORMS": 0, f"{rows}-INITIAL_FORMS": 0}
    client.post(page_of(nippon), form)
    assert (fresh(nippon).merged_into, fresh(nippon).note) == (japan, "typed before")


def test_what_is_merged_is_not_offered_when_coding(client, who):
    japan, nippon = make_actor("Japan"), make_actor("Nippon")
    merging.merge(who, nippon, japan, "one")
    asked = {
        "app_label": "positions",
        "model_name": "statement",
        "field_name": "actor",
        "term": "nippon",
    }
    answer = client.get(reverse("admin:positions_autocomplete"), asked).json()
    assert [row["id"] for row in answer["results"]] == [str(japan.pk)]


def test_the_lists_of_statements_and_stances_are_read_through(client, who):
    option = make_option("CCW")
    japan, nippon = make_actor("Japan"), make_actor("Nippon")
    make_statement(who=who, actor=nippon, option=option)
    make_stance(who=who, actor=nippon, option=option)
    merging.merge(who, nippon, japan, "one")
    bombs = make_issue("Cluster bombs")
    merging.merge(who, option.issue, bombs, "one")
    for desk in ("statement", "stance"):
        address = reverse(f"admin:positions_{desk}_changelist")
        for query in ({}, {"of": "japan"}, {"issue": bombs.key}):
            page = text(client.get(address, query))
            assert "Japan:" in page
            assert "Nippon:" not in page
        assert "Japan:" not in text(client.get(address, {"of": "nobody"}))


# -- pairs -----------------------------------------------------------------------------


def test_duplicates_are_looked_for_from_the_list(client, who):
    make_actor("Kazakhstan")
    make_actor("Kazakstan")
    address = reverse("admin:positions_actor_duplicates")
    assert address in text(client.get(reverse("admin:positions_actor_changelist")))
    page = text(client.post(address, follow=True))
    assert "Possible duplicates: 1 found, 0 known already." in page
    assert "kazakhstan and kazakstan" in page
    assert client.get(address).status_code == 405


def test_two_records_stand_side_by_side(client, who, pair):
    one = Actor.objects.get(key="kazakhstan")
    one.identifiers.create(scheme="iso3", value="KAZ")
    one.names.create(name="قازاقستان", language="kk")
    make_statement(who=who, actor=one)
    page = text(client.get(page_of(pair)))
    for words in ("iso3 KAZ", "قازاقستان", "names alike", "Same: keep “Kazakstan”"):
        assert words in page


def test_a_pair_is_decided_and_reconsidered(client, who, pair):
    page = text(decide(client, pair, "different", why="an airline"))
    assert "never offered again" in page
    assert "Let it wait again" in page
    decide(client, pair, "reconsider")
    assert fresh(pair).state == "waiting"
    page = text(decide(client, pair, "second", why="spelt wrongly"))
    assert "“Kazakstan” is read from now on" in page
    assert Actor.objects.get(key="kazakhstan").survivor.key == "kazakstan"
    assert "Part them again" in page
    decide(client, pair, "reconsider")
    assert not Actor.objects.exclude(merged_into=None).exists()


@pytest.mark.parametrize("decision", ["", "nonsense", "first"])
def test_a_bad_decision_is_a_sentence(client, who, pair, decision):
    page = text(decide(client, pair, decision))
    assert "messagelist" in page
    assert fresh(pair).state == "waiting"


def test_a_coder_judges_but_does_not_merge(client, pair):
    client.force_login(make_user("Coder"))
    page = text(client.get(page_of(pair)))
    assert "Only a reviewer merges records" in page
    decide(client, pair, "first", why="x")
    assert fresh(pair).state == "waiting"
    decide(client, pair, "unsure")
    assert fresh(pair).state == "unsure"


def test_readers_see_no_pairs(client, pair):
    client.force_login(make_user("Reader", is_staff=True))
    assert client.get(page_of(pair)).status_code == 403


# -- the queue -------------------------------------------------------------------------


def work_for(user):
    return worklists.get("duplicates", user)


def test_the_queue_shows_pairs_in_few_queries(
    client, who, pair, django_assert_max_num_queries
):
    work = work_for(who)
    for n in "abcdefghij":
        make_actor(f"{n * 3}opolis")
        make_actor(f"{n * 3}opolys")
    duplicates.find("actor")
    with django_assert_max_num_queries(17):
        rows = list(work.rows()[:50])
        work.prepare(rows)
        assert len(rows) == 11
        for row in rows:
            assert [side.record.key for side in row.sides] == [row.first, row.second]
    page = text(client.get(reverse("admin:positions_queue", args=("duplicates",))))
    assert "Same: keep the first" in page


def test_decisions_of_the_queue_are_done_and_undone(who, pair):
    decisions = {one.key: one for one in work_for(who).decisions}
    assert {one.letter for one in decisions.values()} == set("abdn")
    for key, state in (
        ("same-first", "same"),
        ("same-second", "same"),
        ("different", "different"),
        ("unsure", "unsure"),
    ):
        assert decisions[key].fits(pair, who)
        decisions[key].run(who, pair, "")
        assert fresh(pair).state == state
        decisions[key].undo(who, pair)
        assert fresh(pair).state == "waiting"
        assert not Actor.objects.exclude(merged_into=None).exists()
    coder = make_user("Coder")
    assert not decisions["same-first"].fits(pair, coder)
    assert decisions["different"].fits(pair, coder)
