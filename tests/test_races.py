"""Many at once: one publisher wins, and the clock's numbers have no gaps."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from positions import integrity
from positions.models import Change, Clock, Refused, Stance
from tests.factories import make_stance, make_statement, make_user

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 8


def race(jobs):
    """Run the jobs at once, each on a connection of its own; what each returned."""

    def run(job):
        try:
            return job()
        except Refused as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(run, jobs))


def test_of_many_who_publish_overlapping_stances_one_wins():
    who = make_user()
    first = make_stance(who=who, state="review")
    cell = {"who": who, "actor": first.actor, "option": first.option}
    others = [make_stance(**cell, state="review") for _ in range(AT_ONCE - 1)]
    outcomes = race(
        [
            lambda pk=s.pk: Stance.objects.get(pk=pk).publish(who)
            for s in [first, *others]
        ]
    )
    refusals = [outcome for outcome in outcomes if outcome is not None]
    assert len(refusals) == AT_ONCE - 1
    assert all("overlaps another published stance" in str(r) for r in refusals)
    assert Stance.objects.filter(state="published").count() == 1
    assert list(integrity.faults()) == []


def test_one_statement_accepted_by_many_is_accepted_once():
    who = make_user()
    statement = make_statement(who=who, state="review")

    def accept():
        type(statement).objects.get(pk=statement.pk).accept(who)

    outcomes = race([accept] * AT_ONCE)
    assert outcomes.count(None) == 1
    assert Change.objects.of(statement).filter(action="accepted").count() == 1


def test_numbers_stand_in_order_of_their_instants_without_gaps():
    who = make_user()
    statements = [make_statement(who=who, state="review") for _ in range(AT_ONCE)]
    race([lambda s=s: s.accept(who) for s in statements])
    rows = list(Change.objects.order_by("seq").values_list("seq", "at"))
    numbers = [seq for seq, _ in rows]
    assert numbers == list(range(1, Clock.objects.get().seq + 1))
    assert [at for _, at in rows] == sorted(at for _, at in rows)
