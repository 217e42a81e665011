"""Statements: their states, frozen versions, dates, and the rules under lock."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from positions import integrity
from positions.models import Change, Citation, Clock, Refused, Stance, Statement
from positions.models.changes import recording
from positions.readers import Reader
from tests.factories import (
    TEXT,
    add_citation,
    make_collection,
    make_source,
    make_stance,
    make_statement,
    make_user,
    paragraph_of,
)

pytestmark = pytest.mark.django_db
READER = Reader(curator=False, clearance=0)


def public():
    return set(Statement.objects.visible_to(READER))


def test_a_statement_goes_from_draft_through_review_to_accepted():
    who = make_user()
    statement = make_statement(who=who)
    assert (statement.state, public()) == ("draft", set())
    statement.submit(who)
    assert (statement.state, public()) == ("review", set())
    statement.accept(who)
    assert (statement.state, public()) == ("accepted", {statement})
    assert statement.single_coded
    actions = [c.action for c in Change.objects.of(statement)]
    assert actions == ["accepted", "submitted", "coded"]
    assert list(integrity.faults()) == []


def test_a_coder_may_submit_but_not_accept():
    coder = make_user("Coder")
    statement = make_statement(who=coder, state="review")
    with pytest.raises(Refused, match="Only reviewers accept"):
        statement.accept(coder)
    with pytest.raises(Refused, match="Only coders submit"):
        make_statement(who=coder).submit(make_user("Reader"))


def test_self_review_can_be_forbidden(settings):
    settings.SELF_REVIEW = False
    who = make_user()
    statement = make_statement(who=who, state="review")
    with pytest.raises(Refused, match="Another reviewer"):
        statement.accept(who)
    statement.accept(make_user())
    assert not statement.single_coded


@pytest.mark.parametrize(
    ("state", "transition", "words"),
    [
        ("accepted", lambda s, who: s.submit(who), "is accepted; only what is draft"),
        ("draft", lambda s, who: s.accept(who), "is draft; only what is review"),
        ("draft", lambda s, who: s.retract(who, "x"), "is draft"),
        ("review", lambda s, who: s.next_version(who), "is in review"),
        ("accepted", lambda s, who: s.reject(who, "x"), "is accepted"),
        ("accepted", lambda s, who: s.drop(who), "is accepted"),
        ("review", lambda s, who: s.reject(who, " "), "Give a reason"),
        ("accepted", lambda s, who: s.retract(who, ""), "Give a reason"),
    ],
)
def test_what_a_state_does_not_allow_is_refused_in_a_sentence(state, transition, words):
    who = make_user()
    statement = make_statement(who=who, state=state)
    with pytest.raises(Refused, match=words):
        transition(statement, who)


def test_a_rejected_statement_keeps_the_reason_in_the_log():
    who = make_user()
    statement = make_statement(who=who, state="review")
    statement.reject(who, "these are the embassy's words")
    assert Change.objects.of(statement).first().why == "these are the embassy's words"


def test_a_next_version_replaces_the_old_one_in_one_transaction():
    who = make_user()
    first = make_statement(who=who, state="accepted")
    second = first.next_version(who)
    assert public() == {first}
    before = Clock.now()
    second.submit(who)
    second.accept(who, "typo")
    first.refresh_from_db()
    assert (second.key, second.version) == (first.key, 2)
    assert public() == {second}
    assert first.public_to == second.public_from
    assert set(Statement.objects.visible_to(READER, before)) == {first}
    assert [c.quote for c in second.citations.all()] == [
        c.quote for c in first.citations.all()
    ]
    assert list(integrity.faults()) == []


def test_two_next_versions_at_once_are_refused():
    who = make_user()
    statement = make_statement(who=who, state="accepted")
    statement.next_version(who)
    with pytest.raises(Refused, match="Version 2 of it is under way"):
        statement.next_version(who)


def test_an_acceptance_made_by_mistake_can_be_taken_back():
    who = make_user()
    statement = make_statement(who=who, state="accepted")
    assert statement.can_take_back()
    seen = Clock.now()
    again = statement.take_back(who)
    assert (again.state, again.version, public()) == ("review", 2, set())
    assert set(Statement.objects.visible_to(READER, seen)) == {statement}
    assert list(integrity.faults()) == []


def test_an_acceptance_that_a_stance_used_cannot_be_taken_back():
    who = make_user()
    statement = make_statement(who=who, state="accepted")
    make_stance(
        who=who, actor=statement.actor, option=statement.option, support=[statement]
    )
    with pytest.raises(Refused, match="or used since"):
        statement.take_back(who)


def test_retracting_the_only_support_is_refused_or_retracts_both():
    who = make_user()
    stance = make_stance(who=who, state="published")
    statement = stance.evidence.get().statement
    with pytest.raises(Refused, match="only support of a published stance"):
        statement.retract(who, "wrong actor")
    statement.retract(who, "wrong actor", retract_stances=True)
    stance.refresh_from_db()
    assert (statement.state, stance.state) == ("retracted", "retracted")
    assert list(integrity.faults()) == []


def test_a_corrected_statement_takes_its_stances_along():
    who = make_user()
    stance = make_stance(who=who, state="published")
    first = stance.evidence.get().statement
    second = first.next_version(who)
    second.note = "corrected"
    second.save()
    second.submit(who)
    second.accept(who)
    current = Stance.objects.visible_to(READER).get()
    assert (current.key, current.version) == (stance.key, 2)
    assert current.evidence.get().statement == second
    assert list(integrity.faults()) == []


def test_a_correction_that_says_something_else_does_not_bend_a_stance():
    from tests.factories import disposition

    who = make_user()
    stance = make_stance(who=who, state="published")
    second = stance.evidence.get().statement.next_version(who)
    second.disposition = disposition("oppose")
    second.save()
    second.submit(who)
    with pytest.raises(Refused, match="rests on the words as they were"):
        second.accept(who)
    second.refresh_from_db()
    assert second.state == "review"
    second.accept(who, retract_stances=True)
    assert not Stance.objects.visible_to(READER).exists()


def test_only_the_author_drops_a_draft_and_the_log_remembers():
    who = make_user()
    statement = make_statement(who=who)
    with pytest.raises(Refused, match="Only its author"):
        statement.drop(make_user())
    key = statement.key
    statement.drop(who)
    assert not Statement.objects.filter(key=key).exists()
    assert Change.objects.filter(key=key, action="dropped").exists()


def test_what_was_submitted_once_is_never_dropped():
    who = make_user()
    statement = make_statement(who=who, state="review")
    statement.send_back(who, "look again")
    with pytest.raises(Refused, match="submitted once"):
        statement.drop(who)


def test_nothing_curated_is_deleted_or_changed_in_bulk_outside_a_recording():
    statement = make_statement()
    with pytest.raises(Refused, match="nothing that people made"):
        statement.delete()
    with pytest.raises(Refused, match="inside changes.recording"):
        Statement.objects.filter(pk=statement.pk).update(note="x")
    with pytest.raises(Refused, match="inside changes.recording"):
        Statement.objects.all().delete()
    with recording(None, tool="test"):
        Statement.objects.filter(pk=statement.pk).update(note="x")


@pytest.mark.parametrize(
    ("given", "said", "holds", "since"),
    [
        ({}, None, ("2008-05-02", "2008-05-02"), False),
        ({"said_on": "2008-04-23"}, "2008-04-23", ("2008-04-23",) * 2, False),
        ({"said_on": "2008-04"}, "2008-04-01", ("2008-04-01", "2008-04-30"), False),
        (
            {"said_on": "2008-04-23", "holds_on": "2007/"},
            "2008-04-23",
            ("2007-01-01", "2008-04-23"),
            True,
        ),
        ({"holds_on": "2006"}, None, ("2006-01-01", "2006-12-31"), False),
    ],
)
def test_holds_days_are_holds_on_else_said_on_else_the_documents(
    given, said, holds, since
):
    statement = make_statement(**given)
    statement.refresh_from_db()
    assert tuple(map(str, (statement.holds_earliest, statement.holds_latest))) == holds
    assert statement.holds_since is since
    assert statement.said_earliest == date.fromisoformat(said or "2008-05-02")


def test_a_statement_of_an_undated_source_is_accepted_only_with_a_date():
    who = make_user()
    source = make_source(dated="")
    statement = make_statement(who=who, paragraph=paragraph_of(source, 1))
    with pytest.raises(Refused, match="has no date"):
        statement.submit(who)
    with pytest.raises(IntegrityError), transaction.atomic():
        Statement._base_manager.filter(pk=statement.pk).update(state="accepted")


def test_a_date_in_no_allowed_form_is_refused_at_its_field():
    statement = make_statement()
    statement.holds_on = "last spring"
    with pytest.raises(ValidationError) as caught:
        statement.clean()
    assert list(caught.value.message_dict) == ["holds_on"]


def test_a_quote_must_be_the_slice_it_points_at():
    who = make_user()
    statement = make_statement(who=who)
    Citation.objects.filter(statement=statement).update(quote="x" * len(TEXT[0]))
    with pytest.raises(Refused, match="not what stands there"):
        statement.submit(who)
    assert any("not in its place" in fault for fault in integrity.faults())
    with pytest.raises(IntegrityError), transaction.atomic():
        Citation.objects.filter(statement=statement).update(quote="too short")


def test_a_statement_has_one_main_citation():
    statement = make_statement()
    main = statement.citations.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        add_citation(statement, main.paragraph, main.quote, role="main")
    add_citation(statement, main.paragraph, main.quote, role="repeats")


def test_words_in_the_authors_own_comment_are_never_the_actors():
    source = make_source(["He agreed. (Comment: we doubt it.)"])
    paragraph = paragraph_of(source, 1)
    with recording(tool="test"):
        paragraph.voices.create(start=11, end=34, kind="comment")
    paragraph = paragraph_of(source, 1)
    with pytest.raises(Refused, match="their standing is reporter"):
        make_statement(paragraph=paragraph, quote="we doubt it", standing="own")
    statement = make_statement(paragraph=paragraph, quote="we doubt it")
    assert statement.standing == "reporter"
    assert make_statement(paragraph=paragraph, quote="He agreed").standing == "own"


def test_a_reader_below_the_level_gets_no_quote():
    secret = make_source([{"text": "Secret words.", "level": 3}])
    statement = make_statement(paragraph=paragraph_of(secret, 1), state="accepted")
    assert not statement.main.readable_by(READER)
    assert statement.main.readable_by(Reader(curator=False, clearance=3))
    assert statement.main.paragraph.citation.endswith("para 1 (S)")


def test_a_collection_kept_for_a_group_keeps_its_quotes():
    from django.contrib.auth.models import Group

    collection = make_collection()
    collection.groups.add(Group.objects.get(name="Coder"))
    statement = make_statement(
        paragraph=paragraph_of(make_source(collection=collection), 1),
        state="accepted",
    )
    assert not statement.main.readable_by(Reader.anonymous())
    reader = make_user("Reader")
    reader.groups.add(Group.objects.get(name="Coder"))
    assert statement.main.readable_by(
        Reader._of_groups(frozenset(reader.groups.values_list("pk", flat=True)))
    )


def test_withheld_statements_leave_every_answer_and_can_come_back():
    who = make_user()
    statement = make_statement(who=who, state="accepted")
    seen = Clock.now()
    with pytest.raises(Refused, match="Give a reason"):
        statement.withhold(who, "")
    statement.withhold(who, "names a source who is in danger")
    assert public() == set()
    assert not Statement.objects.visible_to(READER, seen).exists()
    with pytest.raises(Refused, match="is withheld already"):
        statement.withhold(who, "again")
    statement.show_again(who, "the danger is over")
    assert public() == {statement}


def test_the_history_of_a_draft_is_stamped_by_the_clock():
    statement = make_statement()
    assert statement.history.first().history_date == Clock.now()


def test_what_is_frozen_is_never_written_but_by_a_transition():
    statement = make_statement(state="accepted")
    statement.note = "an afterthought"
    with pytest.raises(Refused, match="make its next version"):
        statement.save()
    statement.refresh_from_db()
    assert statement.note == ""


def test_the_days_of_a_frozen_statement_stay_when_its_source_is_dated_anew():
    who = make_user()
    source = make_source(dated="")
    statement = make_statement(who=who, paragraph=paragraph_of(source, 1))
    source.dated = "2008-05-02"
    source.save()
    statement.submit(who)
    statement.accept(who)
    source.dated = "2010-01-01"
    source.save()
    statement.retract(who, "a test")
    statement.refresh_from_db()
    assert statement.holds_latest == date(2008, 5, 2)
