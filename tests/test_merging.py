"""Two records read as one, and parted again: what happens, and what is refused."""

from datetime import date

import pytest

from positions import answers, integrity, merging
from positions.models import (
    Actor,
    Change,
    Clock,
    Issue,
    Membership,
    NotAllowed,
    Option,
    Pair,
    Refused,
    Stance,
)
from positions.models.changes import recording
from tests.factories import (
    make_actor,
    make_issue,
    make_option,
    make_source,
    make_stance,
    make_statement,
    make_user,
    paragraph_of,
)

pytestmark = pytest.mark.django_db

WHY = "two spellings of one name"


@pytest.fixture
def who():
    return make_user()


@pytest.fixture
def ccw():
    return make_option("CCW", issue=make_issue("Cluster munitions"))


def fresh(record):
    return type(record).objects.get(pk=record.pk)


def held(stance):
    """The public version of a stance."""
    return Stance.objects.public().get(key=stance.key)


def merge(who, merged, survivor):
    merging.merge(who, fresh(merged), fresh(survivor), WHY)


def part(who, record):
    merging.unmerge(who, fresh(record), "they are two")


# -- merging -------------------------------------------------------------------------


def test_a_merged_actor_is_read_as_the_other_and_nothing_is_moved(who, ccw):
    japan, nippon = make_actor("Japan"), make_actor("Nippon")
    statement = make_statement(who=who, actor=nippon, option=ccw, state="accepted")
    draft = make_stance(who=who, actor=nippon, option=ccw, support=[statement])
    merge(who, nippon, japan)
    assert fresh(nippon).survivor == japan
    assert fresh(statement).actor == nippon
    assert fresh(draft).actor == nippon
    assert list(answers.actors_of(ccw.issue)) == [japan]


def test_published_stances_are_issued_anew_under_the_survivor(who, ccw):
    japan, nippon = make_actor("Japan"), make_actor("Nippon")
    stance = make_stance(who=who, actor=nippon, option=ccw, state="published")
    merge(who, nippon, japan)
    again = held(stance)
    assert (again.version, again.actor, again.published_by) == (2, japan, who)
    assert [e.statement for e in again.evidence.all()] == [
        e.statement for e in stance.evidence.all()
    ]
    assert fresh(stance).state == "retracted"
    assert list(integrity.faults()) == []


def test_each_record_gets_one_change_of_the_same_batch(who, ccw):
    japan, nippon, old = make_actor("Japan"), make_actor("Nippon"), make_actor("Yamato")
    merge(who, old, nippon)
    stance = make_stance(who=who, actor=nippon, option=ccw, state="published")
    before = Clock.objects.get().seq
    merge(who, nippon, japan)
    rows = Change.objects.filter(seq__gt=before).order_by("seq")
    assert {row.batch for row in rows} == {merging.batch_of(fresh(nippon))} != {""}
    assert [(row.record, row.key, row.action) for row in rows] == [
        ("actor", "nippon", "merged"),
        ("actor", "yamato", "merged along"),
        ("actor", "japan", "took in"),
        ("stance", stance.key, "replaced"),
        ("stance", stance.key, "published"),
    ]
    assert all(WHY in row.why for row in rows)


def test_chains_are_flattened(who):
    first, second, third = (make_actor(f"Name {n}") for n in range(3))
    merge(who, first, second)
    merge(who, second, third)
    assert fresh(first).merged_into == fresh(second).merged_into == third
    # Into a record that is merged itself: into its survivor.
    fourth = make_actor("Name 3")
    merge(who, fourth, first)
    assert fresh(fourth).merged_into == third


@pytest.mark.parametrize(
    ("one", "other", "sentence"),
    [
        ("first", "first", "is read as “Name 1” already"),
        ("second", "second", "is read as itself"),
        ("first", "second", "is read as “Name 1” already"),
        ("second", "first", "is read as itself"),
        ("first", "third", "merge that one, or part the two first"),
    ],
)
def test_what_is_read_as_one_already_is_not_merged_again(who, one, other, sentence):
    rows = {name: make_actor(f"Name {n}") for n, name in enumerate(["first", "second"])}
    rows["third"] = make_actor("Somebody else")
    merge(who, rows["first"], rows["second"])
    with pytest.raises(Refused, match=sentence):
        merge(who, rows[one], rows[other])


def test_all_overlapping_pairs_are_listed_and_nothing_is_merged(who, ccw):
    oslo = make_option("Oslo Process", issue=ccw.issue)
    japan, nippon = make_actor("Japan"), make_actor("Nippon")
    for option, code in ((ccw, "prefer"), (oslo, "engage")):
        for actor, since in ((japan, "2008-01-01"), (nippon, "2008-04-23")):
            make_stance(
                who=who,
                actor=actor,
                option=option,
                code=code,
                holds_from=since,
                state="published",
            )
    before = Clock.objects.get().seq
    with pytest.raises(Refused) as refusal:
        merge(who, nippon, japan)
    said = str(refusal.value)
    assert "Nippon: prefer CCW (2008-04-23 to open) and Japan: prefer CCW" in said
    assert "Nippon: engaged in Oslo Process (2008-04-23 to open) and Japan:" in said
    assert fresh(nippon).survivor == nippon
    assert Clock.objects.get().seq == before


def test_stances_that_only_touch_do_not_overlap(who, ccw):
    japan, nippon = make_actor("Japan"), make_actor("Nippon")
    first = make_stance(
        who=who,
        actor=nippon,
        option=ccw,
        holds_from="2007-01-01",
        holds_to="2008-04-23",
        state="published",
    )
    make_stance(who=who, actor=japan, option=ccw, state="published")
    merge(who, nippon, japan)
    assert held(first).actor == japan
    found = answers.timelines(ccw.issue, actors=[japan])[japan.pk, "asserted"]
    assert [p.holds_from for p in found] == [date(2007, 1, 1), date(2008, 4, 23)]


def test_a_draft_of_a_merged_actor_is_published_under_the_survivor(who, ccw):
    japan, nippon = make_actor("Japan"), make_actor("Nippon")
    draft = make_stance(who=who, actor=nippon, option=ccw, state="review")
    make_stance(
        who=who,
        actor=japan,
        option=ccw,
        holds_from="2007-01-01",
        holds_to="2008-01-01",
        state="published",
    )
    merge(who, nippon, japan)
    fresh(draft).publish(who)
    assert held(draft).actor == japan


def test_a_draft_that_would_overlap_the_survivors_stance_is_refused(who, ccw):
    japan, nippon = make_actor("Japan"), make_actor("Nippon")
    draft = make_stance(who=who, actor=nippon, option=ccw, state="review")
    make_stance(who=who, actor=japan, option=ccw, state="published")
    merge(who, nippon, japan)
    with pytest.raises(Refused, match="overlaps another published stance"):
        fresh(draft).publish(who)


def test_a_correction_under_way_is_still_the_newest_after_merging(who, ccw):
    japan, nippon = make_actor("Japan"), make_actor("Nippon")
    stance = make_stance(who=who, actor=nippon, option=ccw, state="published")
    correction = stance.next_version(who)
    merge(who, nippon, japan)
    assert fresh(correction).version > held(stance).version
    correction = fresh(correction)
    correction.submit(who)
    correction.publish(who)
    assert held(stance) == correction
    assert held(stance).actor == japan


def test_correcting_a_statement_of_a_merged_actor_keeps_its_stance(who, ccw):
    japan, nippon = make_actor("Japan"), make_actor("Nippon")
    statement = make_statement(who=who, actor=nippon, option=ccw, state="accepted")
    stance = make_stance(
        who=who, actor=nippon, option=ccw, support=[statement], state="published"
    )
    merge(who, nippon, japan)
    again = statement.next_version(who)
    again.submit(who)
    again.accept(who)
    assert [e.statement for e in held(stance).evidence.all()] == [again]


# -- what is refused -----------------------------------------------------------------


def test_only_reviewers_merge_and_only_with_a_reason(who):
    japan, nippon = make_actor("Japan"), make_actor("Nippon")
    with pytest.raises(NotAllowed):
        merge(make_user("Coder"), nippon, japan)
    with pytest.raises(Refused, match="Give a reason"):
        merging.merge(who, nippon, japan, "  ")
    merge(who, nippon, japan)
    with pytest.raises(NotAllowed):
        part(make_user("Coder"), nippon)


def test_a_person_is_never_a_state(who):
    person = make_actor("Japan", kind="person")
    with pytest.raises(Refused, match="A person is nothing else"):
        merge(who, person, make_actor("Japan"))


def test_two_other_kinds_are_a_doubt_and_no_more(who):
    body, state = make_actor("Japan", kind="body"), make_actor("Japan")
    assert merging.plan(body, state).doubts == (
        "They are of two kinds: “Japan” is a government body, “Japan” is a state.",
    )
    merge(who, body, state)
    assert fresh(body).survivor == state


def test_a_member_is_not_its_group(who):
    ministry, japan = make_actor("Ministry", kind="body"), make_actor("Japan")
    Membership.objects.create(member=ministry, group=japan)
    with pytest.raises(Refused, match="“Ministry” is a member of “Japan”"):
        merge(who, ministry, japan)


def test_two_iso_codes_are_a_doubt(who):
    one, other = make_actor("Burma"), make_actor("Myanmar")
    one.identifiers.create(scheme="iso3", value="BUR")
    other.identifiers.create(scheme="iso3", value="MMR")
    assert "Their codes differ: iso3 BUR, MMR." in merging.plan(one, other).doubts


# -- options -------------------------------------------------------------------------


def test_published_stances_of_a_merged_option_are_issued_under_the_other(who, ccw):
    old = make_option("The Convention", issue=ccw.issue)
    japan = make_actor("Japan")
    stance = make_stance(who=who, actor=japan, option=old, state="published")
    merge(who, old, ccw)
    assert (held(stance).option, held(stance).actor) == (ccw, japan)
    found = answers.positions(ccw.issue, date(2008, 5, 1), actors=[japan])
    assert found[0].short_phrase == "prefer CCW"


def test_overlaps_of_options_are_refused_too(who, ccw):
    old, japan = make_option("The Convention", issue=ccw.issue), make_actor("Japan")
    for option in (old, ccw):
        make_stance(who=who, actor=japan, option=option, state="published")
    with pytest.raises(Refused, match="Japan: prefer The Convention .* and Japan"):
        merge(who, old, ccw)


def test_options_that_are_surely_two_are_not_merged(who, ccw):
    issue = ccw.issue
    part_of_it = make_option("Art. 1", issue=issue, parent=ccw)
    rival = make_option("Oslo Process", issue=issue)
    rival.alternatives.add(ccw)
    later = make_option("CCW II", issue=issue, succeeded_by=ccw)
    whole = issue.options.get(kind="whole")
    for option, sentence in (
        (part_of_it, "“Art. 1” is a part of “CCW”"),
        (rival, "is an alternative to"),
        (later, "“CCW II” is followed by “CCW”"),
        (whole, "The whole of an issue is merged with its issue"),
        (make_option("Elsewhere"), "options of two issues"),
    ):
        with pytest.raises(Refused, match=sentence):
            merge(who, option, ccw)


def test_options_put_before_each_other_are_two(who, ccw):
    other = make_option("Oslo Process", issue=ccw.issue)
    make_statement(who=who, option=ccw, over_option=other, state="accepted")
    with pytest.raises(Refused, match="before the other"):
        merge(who, other, ccw)


# -- issues --------------------------------------------------------------------------


def test_merged_issues_are_one_with_their_wholes(who, ccw):
    bombs, japan = make_issue("Cluster bombs"), make_actor("Japan")
    whole = bombs.options.get(kind="whole")
    general = make_stance(
        who=who, actor=japan, option=whole, code="support", state="published"
    )
    geneva = make_option("Geneva", issue=bombs)
    make_stance(who=who, actor=japan, option=geneva, state="published")
    merge(who, bombs, ccw.issue)
    home = ccw.issue.options.get(kind="whole")
    assert fresh(whole).survivor == home
    assert held(general).option == home
    (position,) = answers.positions(ccw.issue, date(2008, 5, 1), actors=[japan])
    assert position.long_phrase == "prefer Geneva; support Cluster munitions"


def test_issues_whose_wholes_overlap_are_not_merged(who, ccw):
    bombs, japan = make_issue("Cluster bombs"), make_actor("Japan")
    for issue in (bombs, ccw.issue):
        whole = issue.options.get(kind="whole")
        make_stance(
            who=who, actor=japan, option=whole, code="support", state="published"
        )
    with pytest.raises(Refused, match="Japan: support Cluster bombs .* and Japan"):
        merge(who, bombs, ccw.issue)
    assert fresh(bombs).survivor == bombs


def test_parted_issues_have_their_wholes_back(who, ccw):
    bombs, japan = make_issue("Cluster bombs"), make_actor("Japan")
    whole = bombs.options.get(kind="whole")
    stance = make_stance(
        who=who, actor=japan, option=whole, code="support", state="published"
    )
    merge(who, bombs, ccw.issue)
    with pytest.raises(Refused, match="parted with its issue"):
        part(who, whole)
    part(who, bombs)
    assert fresh(whole).survivor == whole
    assert held(stance).option == whole


def test_issues_are_not_parted_while_their_options_are_one(who, ccw):
    bombs = make_issue("Cluster bombs")
    geneva = make_option("Geneva", issue=bombs)
    merge(who, bombs, ccw.issue)
    merge(who, geneva, ccw)
    with pytest.raises(Refused, match="part those first: “Geneva”"):
        part(who, bombs)
    part(who, geneva)
    part(who, bombs)
    assert fresh(bombs).survivor == bombs


# -- parting -------------------------------------------------------------------------


def test_parting_takes_back_what_the_merging_issued_and_nothing_else(who, ccw):
    oslo = make_option("Oslo Process", issue=ccw.issue)
    japan, nippon = make_actor("Japan"), make_actor("Nippon")
    theirs = make_stance(who=who, actor=nippon, option=ccw, state="published")
    own = make_stance(
        who=who, actor=japan, option=oslo, code="engage", state="published"
    )
    merge(who, nippon, japan)
    part(who, nippon)
    assert held(theirs).actor == fresh(nippon) == fresh(nippon).survivor
    assert (held(own).actor, held(own).version) == (japan, 1)
    assert list(integrity.faults()) == []


def test_what_was_retracted_since_stays_retracted(who, ccw):
    japan, nippon = make_actor("Japan"), make_actor("Nippon")
    stance = make_stance(who=who, actor=nippon, option=ccw, state="published")
    merge(who, nippon, japan)
    held(stance).retract(who, "wrong")
    part(who, nippon)
    assert not Stance.objects.public().filter(key=stance.key).exists()


def test_who_was_merged_along_goes_back_too(who, ccw):
    names = ("Japan", "Nippon", "Yamato")
    japan, nippon, yamato = (make_actor(name) for name in names)
    stance = make_stance(who=who, actor=yamato, option=ccw, state="published")
    merge(who, yamato, nippon)
    merge(who, nippon, japan)
    assert held(stance).actor == japan
    part(who, nippon)
    assert fresh(yamato).merged_into == nippon
    assert held(stance).actor == nippon
    part(who, yamato)
    assert fresh(yamato).merged_into is None
    assert held(stance).actor == yamato


def test_a_link_in_the_middle_of_a_chain_may_leave_it(who, ccw):
    names = ("Japan", "Nippon", "Yamato")
    japan, nippon, yamato = (make_actor(name) for name in names)
    stances = [
        make_stance(who=who, actor=actor, option=make_option(issue=ccw.issue))
        for actor in (nippon, yamato)
    ]
    for stance in stances:
        stance.submit(who)
        stance.publish(who)
    merge(who, yamato, nippon)
    merge(who, nippon, japan)
    part(who, yamato)
    assert [held(s).actor for s in stances] == [japan, yamato]
    part(who, nippon)
    assert [held(s).actor for s in stances] == [nippon, yamato]


def test_a_record_that_is_not_merged_cannot_be_parted(who):
    with pytest.raises(Refused, match="nothing to part"):
        part(who, make_actor("Japan"))


def test_a_state_whose_name_was_taken_meanwhile_is_not_parted(who):
    burma, myanmar = make_actor("Burma"), make_actor("Myanmar")
    merge(who, burma, myanmar)
    make_actor("Burma")
    with pytest.raises(Refused, match="A state of this name exists already"):
        part(who, burma)


def test_a_pointer_without_a_log_is_parted_as_well(who):
    japan, nippon = make_actor("Japan"), make_actor("Nippon")
    with recording(tool="test"):
        Actor.objects.filter(pk=nippon.pk).update(merged_into=japan)
    part(who, nippon)
    assert fresh(nippon).merged_into is None


# -- pairs ---------------------------------------------------------------------------


def test_a_pair_that_is_one_now_waits_no_longer_until_it_is_parted(who):
    japan, nippon = make_actor("Japan"), make_actor("Nippon")
    pair = Pair.objects.create(
        kind="actor", first="japan", second="nippon", score=0.9, reason="alike"
    )
    merge(who, nippon, japan)
    pair.refresh_from_db()
    assert (pair.state, pair.judged_by) == ("same", who)
    part(who, nippon)
    pair.refresh_from_db()
    assert (pair.state, pair.judged_by) == ("waiting", None)


def test_that_somebody_said_no_before_is_a_doubt(who):
    japan, nippon = make_actor("Japan"), make_actor("Nippon")
    Pair.objects.create(
        kind="actor",
        first="japan",
        second="nippon",
        score=0.9,
        reason="alike",
        state="different",
        judged_by=who,
        note="one is an airline",
    )
    said = f"{who} said that they are not the same: one is an airline."
    assert said in merging.plan(japan, nippon).doubts


# -- exactness -----------------------------------------------------------------------


def test_every_model_that_is_merged_has_its_permission(who):
    for model in (Actor, Option, Issue):
        assert who.has_perm(f"positions.{merging.permission_of(model())}")


def test_statements_with_several_citations_stay_whole(who, ccw):
    source = make_source(["Japan prefers the CCW.", "It said so twice."])
    nippon = make_actor("Nippon")
    statement = make_statement(
        who=who,
        actor=nippon,
        option=ccw,
        paragraph=paragraph_of(source, 1),
        state="accepted",
    )
    merge(who, nippon, make_actor("Japan"))
    assert fresh(statement).version == 1
