"""Stances: publishing, overlaps on both databases, the copied facet, the clock."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from positions import checks, integrity
from positions.models import Change, Clock, Disposition, Refused, Stance
from positions.readers import Reader
from tests.factories import disposition, make_stance, make_statement, make_user

pytestmark = pytest.mark.django_db
READER = Reader(curator=False, clearance=0)


def test_a_published_stance_is_seen_by_readers_and_a_draft_is_not():
    draft, published = make_stance(), make_stance(state="published")
    assert set(Stance.objects.visible_to(READER)) == {published}
    curator = Reader(curator=True, clearance=4)
    assert set(Stance.objects.visible_to(curator)) == {draft, published}
    assert list(integrity.faults()) == []


def test_a_stance_without_accepted_support_is_not_published():
    who = make_user()
    draft = make_statement(who=who)
    stance = make_stance(who=who, actor=draft.actor, support=[draft], state="review")
    with pytest.raises(Refused, match="no accepted statement in support"):
        stance.publish(who)


@pytest.mark.parametrize(
    ("first", "second", "overlap"),
    [
        (("2008-01-01", None), ("2009-01-01", None), True),
        (("2008-01-01", "2009-01-01"), ("2009-01-01", None), False),
        (("2009-01-01", None), ("2008-01-01", "2009-01-01"), False),
        (("2008-01-01", "2010-01-01"), ("2009-01-01", "2009-02-01"), True),
        (("2009-01-01", "2009-02-01"), ("2008-01-01", "2010-01-01"), True),
        (("2009-01-01", "2009-02-01"), ("2008-01-01", None), True),
    ],
)
def test_published_stances_of_a_cell_never_overlap(first, second, overlap):
    who = make_user()
    one = make_stance(
        who=who, holds_from=first[0], holds_to=first[1], state="published"
    )
    other = make_stance(
        who=who,
        actor=one.actor,
        option=one.option,
        code="oppose",
        holds_from=second[0],
        holds_to=second[1],
        state="review",
    )
    if overlap:
        with pytest.raises(Refused, match="overlaps another published stance"):
            other.publish(who)
        other.state = "published"
        with pytest.raises(ValidationError, match="Another published stance"):
            other.full_clean()
    else:
        other.publish(who)
        assert Stance.objects.visible_to(READER).count() == 2


def test_facets_and_drafts_do_not_stand_in_each_others_way():
    who = make_user()
    one = make_stance(who=who, state="published")
    cell = {"who": who, "actor": one.actor, "option": one.option}
    make_stance(**cell, code="engage", state="published")
    make_stance(**cell, code="oppose", state="review")


def test_the_database_itself_refuses_an_overlap_and_a_wrong_facet():
    one = make_stance(state="published")
    with pytest.raises(IntegrityError), transaction.atomic():
        Stance.objects.bulk_create(
            [
                Stance(
                    actor=one.actor,
                    option=one.option,
                    disposition=one.disposition,
                    facet=one.facet,
                    holds_from=date(2009, 1, 1),
                    state="published",
                )
            ]
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        set_facet_behind_the_model(one, "engagement")


def set_facet_behind_the_model(stance, facet):
    Stance._base_manager.filter(pk=stance.pk).update(facet=facet)
    # Foreign keys are checked when the transaction ends, or now.
    connection.check_constraints()


def test_a_stance_needs_a_disposition_with_a_facet():
    stance = make_stance()
    stance.disposition = disposition("declined")
    with pytest.raises(ValidationError, match="is no position"):
        stance.clean()


def test_a_next_version_of_a_stance_may_cover_the_same_days():
    who = make_user()
    first = make_stance(who=who, state="published")
    second = first.next_version(who)
    second.holds_to = date(2008, 12, 3)
    second.save()
    second.submit(who)
    second.publish(who, "ends with the signing")
    assert Stance.objects.visible_to(READER).get().holds_to == date(2008, 12, 3)
    assert second.public_from == Stance.objects.get(pk=first.pk).public_to
    assert list(integrity.faults()) == []


def test_changes_are_numbered_without_gaps_and_a_failed_one_leaves_none():
    who = make_user()
    before = Clock.objects.get().seq
    stance = make_stance(who=who, state="published")
    with pytest.raises(Refused):
        stance.publish(who)
    numbers = list(
        Change.objects.filter(seq__gt=before)
        .order_by("seq")
        .values_list("seq", flat=True)
    )
    assert numbers == list(range(before + 1, Clock.objects.get().seq + 1))


def test_the_check_names_a_constraint_that_the_database_lacks():
    assert checks.missing_constraints("default") == []
    drop = (
        "DROP TRIGGER stance_no_overlap_insert"
        if connection.vendor == "sqlite"
        else "ALTER TABLE positions_stance DROP CONSTRAINT stance_no_overlap"
    )
    name = "stance_no_overlap" + ("_insert" if connection.vendor == "sqlite" else "")
    with connection.cursor() as cursor:
        cursor.execute(drop)
    assert checks.missing_constraints("default") == [("positions_stance", name)]
    (error,) = checks.declared_constraints(None, ["default"])
    assert error.id == "positions.E001"
    assert name in error.msg


def test_code_and_facet_of_a_disposition_never_change_after_use():
    stance = make_stance()
    used = Disposition.objects.get(pk=stance.disposition_id)
    used.label = "puts first"
    used.save()
    used.facet = "engagement"
    with pytest.raises(ValidationError, match="never change after its first use"):
        used.save()


def test_the_defaults_change_nothing_that_people_edited(capsys):
    prefer = disposition("prefer")
    prefer.label = "puts first"
    prefer.save()
    call_command("setup_defaults")
    assert disposition("prefer").label == "puts first"
    assert "already" in capsys.readouterr().out
