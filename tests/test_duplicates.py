"""Possible duplicates: found once, judged for good, merged, and taken back."""

import pytest
from django.core.management import call_command

from positions import duplicates, judging, merging, suggestions
from positions.models import (
    Actor,
    ActorName,
    Change,
    Membership,
    NotAllowed,
    OptionAlias,
    Pair,
    Refused,
)
from tests.factories import (
    disposition,
    make_actor,
    make_issue,
    make_option,
    make_source,
    make_stance,
    make_user,
    paragraph_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def who():
    return make_user()


@pytest.fixture
def pair():
    """Two spellings of one state, found."""
    make_actor("Kazakhstan")
    make_actor("Kazakstan")
    duplicates.find("actor")
    return Pair.objects.get()


def fresh(record):
    return type(record).objects.get(pk=record.pk)


def found(kind="actor"):
    duplicates.find(kind)
    return {
        (pair.first, pair.second): pair.reason
        for pair in Pair.objects.filter(kind=kind)
    }


# -- finding ---------------------------------------------------------------------------


def test_like_names_make_a_pair_with_its_reason(pair):
    assert (pair.first, pair.second) == ("kazakhstan", "kazakstan")
    assert pair.reason == "names alike: “Kazakhstan” / “Kazakstan”"
    assert 0.9 < pair.score < 1


def test_an_alias_counts_as_a_name():
    ivory, other = make_actor("Ivory Coast"), make_actor("Republic of the Coast")
    for actor, name in ((ivory, "Côte d'Ivoire"), (other, "Côte d’Ivoire")):
        ActorName.objects.create(actor=actor, name=name, language="fr")
    assert found() == {
        ("ivory-coast", "republic-of-the-coast"): "same alias: “Côte d'Ivoire”"
    }


def test_the_same_search_again_files_nothing(pair):
    again = duplicates.find("actor")
    assert (again.made, again.known) == (0, 1)
    assert Pair.objects.count() == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"name": "Japan"}, {"name": "Japan", "kind": "person"}),
        ({"name": "Iran"}, {"name": "Iraq"}),
        ({"name": "North Korea"}, {"name": "South Korea"}),
        ({"name": "Guinea"}, {"name": "Guinea-Bissau"}),
    ],
)
def test_names_and_kinds_of_two_make_no_pair(one, other):
    make_actor(**one)
    make_actor(**other)
    assert found() == {}


def test_kinds_that_people_mix_up_are_compared():
    make_actor("Red Cross", kind="ngo")
    make_actor("Red Cross", kind="organization")
    assert len(found()) == 1


def test_two_iso_codes_are_two_states():
    for name, code in (("Dominica", "DMA"), ("Dominican", "DOM")):
        make_actor(name).identifiers.create(scheme="iso3", value=code)
    assert found() == {}


def test_two_codes_of_another_register_speak_against_it():
    for name, code in (("Dominica", "Q1"), ("Dominican", "Q2")):
        make_actor(name).identifiers.create(scheme="wikidata", value=code)
    (reason,) = found().values()
    assert reason.endswith("; but their codes of wikidata differ")
    assert Pair.objects.get().score < 0.85


def test_a_body_of_one_state_is_no_body_of_another():
    ministries = []
    for state in ("Norway", "Finland"):
        ministry = make_actor(f"Ministry of {state}", kind="body")
        ActorName.objects.create(actor=ministry, name="MFA")
        Membership.objects.create(member=ministry, group=make_actor(state))
        ministries.append(ministry)
    assert found() == {}
    third = make_actor("The ministry", kind="body")
    ActorName.objects.create(actor=third, name="MFA")
    assert len(found()) == 2


def test_a_member_is_no_duplicate_of_its_group():
    group = make_actor("Red Cross", kind="ngo")
    Membership.objects.create(member=make_actor("Red Cross", kind="group"), group=group)
    assert found() == {}


def test_names_of_a_merged_record_are_its_survivors(who):
    japan, nippon = make_actor("Japan"), make_actor("Nippon")
    merging.merge(who, nippon, japan, "one")
    make_actor("Nippon", kind="bloc")
    assert found() == {}
    make_actor("Nippoon")
    assert list(found()) == [("japan", "nippoon")]


def test_only_pairs_of_some_records_are_filed():
    first = make_actor("Kazakhstan")
    for name in ("Kazakstan", "Amnesty International", "Amnesty Internationall"):
        make_actor(name)
    duplicates.find("actor", [first])
    assert [str(pair) for pair in Pair.objects.all()] == ["kazakhstan and kazakstan"]


def test_a_run_is_bounded_and_the_next_goes_on(monkeypatch):
    monkeypatch.setattr(duplicates, "MOST", 2)
    for n in "abcd":
        make_actor(f"{n * 3}opolis")
        make_actor(f"{n * 3}opolys")
    first, second = duplicates.find("actor"), duplicates.find("actor")
    assert (first.made, first.left) == (2, 2)
    assert str(first) == "2 found, 0 known already, 2 left for the next run"
    assert (second.made, second.known, second.left) == (2, 2, 0)


def test_options_are_compared_within_their_issue():
    issue, other = make_issue("Cluster munitions"), make_issue("Landmines")
    oslo = make_option("Oslo Process", issue=issue)
    talks = make_option("Talks in Norway", issue=issue)
    OptionAlias.objects.create(option=talks, name="The Oslo process")
    make_option("Oslo Process", issue=other)
    make_option("Oslo Proces", issue=issue, parent=oslo)
    assert list(found("option")) == [("oslo-process", "talks-in-norway")]


def test_issues_are_compared_by_their_names():
    make_issue("Cluster munitions")
    make_issue("Cluster munition")
    assert list(found("issue")) == [("cluster-munition", "cluster-munitions")]
    assert found("option") == {}


def test_the_command_tells_what_it_found(capsys):
    make_actor("Kazakhstan")
    make_actor("Kazakstan")
    call_command("find_duplicates")
    told = capsys.readouterr().out.splitlines()
    assert told[0] == "Actors: 1 found, 0 known already"
    call_command("find_duplicates", kind="issue")
    assert capsys.readouterr().out == "Issues: 0 found, 0 known already\n"


def test_nobody_waits_for_a_big_register(who, monkeypatch):
    monkeypatch.setattr(duplicates, "MOST_AT_ONCE", 1)
    make_actor("Japan")
    make_actor("Norway")
    with pytest.raises(Refused, match="manage.py find_duplicates --kind actor"):
        duplicates.look(who, "actor")
    with pytest.raises(NotAllowed):
        duplicates.look(make_user("Reader"), "actor")


# -- judging ---------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["different", "unsure"])
def test_what_was_judged_is_never_offered_again(who, pair, state):
    judging.judge(who, pair, state, "one is an airline")
    pair = fresh(pair)
    assert (pair.state, pair.note, pair.judged_by) == (state, "one is an airline", who)
    assert list(Pair.objects.waiting()) == []
    assert duplicates.find("actor").made == 0
    assert Change.objects.of(pair).get().action == state


def test_what_was_judged_of_a_merged_record_holds_for_its_survivor(who, pair):
    judging.judge(who, pair, "different")
    kazakhstan = Actor.objects.get(key="kazakhstan")
    merging.merge(who, kazakhstan, make_actor("The steppe"), "one")
    assert duplicates.find("actor").made == 0


def test_a_judgement_can_be_taken_back_and_an_unsure_one_settled(who, pair):
    judging.judge(who, pair, "unsure")
    judging.judge(who, pair, "different")
    with pytest.raises(Refused, match="judged already: not the same"):
        judging.judge(who, pair, "unsure")
    judging.reconsider(who, pair)
    assert (fresh(pair).state, fresh(pair).judged_by) == ("waiting", None)
    with pytest.raises(Refused, match="judged already: waits"):
        judging.reconsider(who, pair)


def test_readers_judge_nothing(pair):
    with pytest.raises(NotAllowed):
        judging.judge(make_user("Reader"), pair, "different")
    with pytest.raises(NotAllowed):
        judging.same(make_user("Coder"), pair, pair.first, "one")
    with pytest.raises(Refused, match="Say that they are different"):
        judging.judge(make_user("Coder"), pair, "same")


def test_the_same_is_merged_and_taken_back(who, pair):
    option = make_option("CCW")
    misspelt = Actor.objects.get(key="kazakstan")
    stance = make_stance(who=who, actor=misspelt, option=option, state="published")
    kept = judging.same(who, pair, "kazakhstan", "a letter was left out")
    assert kept.key == "kazakhstan"
    assert (fresh(pair).state, fresh(misspelt).survivor) == ("same", kept)
    judging.reconsider(who, pair)
    assert (fresh(pair).state, fresh(misspelt).merged_into) == ("waiting", None)
    held = type(stance).objects.public().get(key=stance.key)
    assert held.actor == misspelt


def test_of_a_pair_only_its_own_are_kept(who, pair):
    make_actor("Japan")
    with pytest.raises(Refused, match="Choose which of the two is kept"):
        judging.same(who, pair, "japan", "one")


def test_what_overlaps_is_not_the_same_and_goes_on_waiting(who, pair):
    option = make_option("CCW")
    for actor in Actor.objects.all():
        make_stance(who=who, actor=actor, option=option, state="published")
    with pytest.raises(Refused, match="cannot be read as one"):
        judging.same(who, pair, pair.first, "one")
    assert fresh(pair).state == "waiting"


# -- suggestions -----------------------------------------------------------------------


def test_a_suggestion_rejected_for_a_merged_actor_is_not_offered_anew(who):
    source, option = make_source(), make_option("CCW")
    japan, nippon = make_actor("Japan"), make_actor("Nippon")

    def offer(actor):
        words = paragraph_of(source, 1)
        proposed = suggestions.Proposed(
            paragraph=words,
            start=0,
            end=20,
            actor=actor,
            option=option,
            disposition=disposition("prefer"),
            confidence=0.5,
            reason="it says so",
        )
        return suggestions.file(source, [proposed], tool="test").made

    assert offer(nippon) == 1
    suggestions.reject(who, suggestions.Suggestion.objects.get(), "other")
    assert offer(japan) == 1
    suggestions.Suggestion.objects.filter(actor=japan).delete()
    merging.merge(who, nippon, japan, "one")
    assert offer(fresh(japan)) == 0
    merging.unmerge(who, fresh(nippon), "two")
    assert offer(fresh(japan)) == 1
