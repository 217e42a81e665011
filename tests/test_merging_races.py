"""Merging at once with others: one winner, and nothing is left under the merged."""

import pytest

from positions import integrity, merging
from positions.models import Actor, Stance
from tests.factories import (
    make_actor,
    make_option,
    make_stance,
    make_statement,
    make_user,
)
from tests.test_races import AT_ONCE, race

pytestmark = pytest.mark.django_db(transaction=True)


def merge(who, old, survivor):
    old, survivor = Actor.objects.get(pk=old.pk), Actor.objects.get(pk=survivor.pk)
    merging.merge(who, old, survivor, "one and the same")


def test_of_two_who_merge_a_into_b_and_b_into_a_one_wins():
    who = make_user()
    one, other = make_actor("Japan"), make_actor("Nippon")
    option = make_option("CCW")
    make_stance(who=who, actor=one, option=option, state="published")
    jobs = [lambda: merge(who, one, other), lambda: merge(who, other, one)]
    outcomes = race(jobs * (AT_ONCE // 2))
    assert outcomes.count(None) == 1
    assert Actor.objects.exclude(merged_into=None).count() == 1
    survivor = Actor.objects.current().get(pk__in=[one.pk, other.pk])
    assert Stance.objects.public().get().actor == survivor
    assert list(integrity.faults()) == []


def test_chains_made_at_once_are_flat():
    who = make_user()
    actors = [make_actor(f"Name {n}") for n in range(AT_ONCE)]
    pairs = zip(actors, actors[1:], strict=False)
    race([lambda a=a, b=b: merge(who, a, b) for a, b in pairs])
    merged = Actor.objects.exclude(merged_into=None)
    assert not merged.filter(merged_into__merged_into__isnull=False).exists()


def test_nothing_is_published_under_an_actor_that_is_being_merged():
    who, option = make_user(), make_option("CCW")
    japan, nippon = make_actor("Japan"), make_actor("Nippon")
    drafts = [
        make_stance(
            who=who,
            actor=nippon,
            option=option,
            holds_from=f"200{n}-01-01",
            holds_to=f"200{n}-06-01",
            state="review",
        )
        for n in range(4)
    ]
    jobs = [lambda s=s: Stance.objects.get(pk=s.pk).publish(who) for s in drafts]
    race([jobs[0], jobs[1], lambda: merge(who, nippon, japan), *jobs[2:]])
    assert {s.actor for s in Stance.objects.public()} == {japan}
    assert list(integrity.faults()) == []


def test_a_correction_accepted_while_its_actor_is_merged_reaches_the_stance():
    who, option = make_user(), make_option("CCW")
    japan, nippon = make_actor("Japan"), make_actor("Nippon")
    given = {"who": who, "actor": nippon, "option": option}
    statement = make_statement(**given, state="accepted")
    stance = make_stance(**given, support=[statement], state="published")
    again = statement.next_version(who)
    again.submit(who)
    race([lambda: again.accept(who), lambda: merge(who, nippon, japan)])
    held = Stance.objects.public().get(key=stance.key)
    assert held.actor == japan
    (evidence,) = held.evidence.all()
    assert evidence.statement == again
    assert list(integrity.faults()) == []
