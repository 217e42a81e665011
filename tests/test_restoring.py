"""Restoring: an old state comes back as the newest, and nothing after it is lost."""

import pytest

from positions import restoring
from positions.choices import CitationRole
from positions.models import (
    Actor,
    Change,
    Citation,
    CodebookVersion,
    Disposition,
    Evidence,
    Membership,
    Reason,
    Refused,
    Stance,
    Statement,
)
from positions.models.changes import recording
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def who():
    return make.make_user()


def edit(record, who, **fields):
    """Save a record with other fields; the history row of the state before."""
    before = type(record).history.filter(id=record.pk).latest()
    with recording(who) as rec:
        for name, value in fields.items():
            setattr(record, name, value)
        record.save()
        rec.note(record, "edited")
    return before


def only(record):
    return type(record).objects.filter(key=record.key)


# -- small records ------------------------------------------------------------------


def test_the_fields_of_a_small_record_come_back_and_the_log_says_why(who):
    actor = make.make_actor("Japan", note="first")
    before = edit(actor, who, name="Nippon", note="second")
    restored = restoring.restore(who, actor, before, "the name was right")
    actor.refresh_from_db()
    assert restored == actor
    assert (actor.name, actor.name_key, actor.note) == ("Japan", "japan", "first")
    change = Change.objects.of(actor).first()
    assert (change.action, change.who) == ("restored", who)
    assert change.why.startswith("As it was on ")
    assert change.why.endswith("the name was right")
    assert change.public
    assert Actor.history.filter(id=actor.pk, name="Nippon").exists()


def test_a_membership_gets_its_days_back(who):
    membership = Membership.objects.create(
        member=make.make_actor(), group=make.make_actor(), since="2001-01-01"
    )
    before = edit(membership, who, since="2002-01-01")
    restoring.restore(who, membership, before, "the first was right")
    membership.refresh_from_db()
    assert str(membership.since) == "2001-01-01"


def test_restoring_neither_merges_nor_renames_the_address(who):
    actor, other = make.make_actor("Japan"), make.make_actor("Nippon")
    before = edit(actor, who, merged_into=other, note="merged")
    restoring.restore(who, actor, before, "the note was wrong")
    actor.refresh_from_db()
    assert (actor.note, actor.merged_into, actor.key) == ("", other, "japan")


def test_a_name_that_another_has_taken_meanwhile_is_refused_in_a_sentence(who):
    actor = make.make_actor("Japan")
    before = edit(actor, who, name="Nippon")
    make.make_actor("Japan", key="japan-again")
    with pytest.raises(Refused, match="A state of this name exists already"):
        restoring.restore(who, actor, before, "back")
    actor.refresh_from_db()
    assert actor.name == "Nippon"


def test_code_and_facet_of_a_used_disposition_do_not_come_back(who):
    disposition = Disposition.objects.create(
        code="hint", facet="preference", label="hint at", phrase="hint at {o}",
        score=0, rank=0, headline=99, definition="-",
    )  # fmt: skip
    before = edit(disposition, who, code="suggest")
    make.make_statement(code="suggest")
    with pytest.raises(Refused, match="never change after its first use"):
        restoring.restore(who, disposition, before, "back")


def test_a_definition_that_comes_back_is_the_next_version_of_the_codebook(who):
    disposition = make.disposition("prefer")
    edit(disposition, who, definition="first")
    before = edit(disposition, who, definition="second")
    number = CodebookVersion.latest().number
    restoring.restore(who, disposition, before, "clearer")
    disposition.refresh_from_db()
    assert disposition.definition == "first"
    assert CodebookVersion.latest().number == number + 1


def test_what_is_so_already_is_not_restored(who):
    actor = make.make_actor()
    edit(actor, who, note="now")
    with pytest.raises(Refused, match="is so already"):
        restoring.restore(who, actor, Actor.history.filter(id=actor.pk).latest(), "?")
    assert not Change.objects.filter(action="restored").exists()


def test_a_state_of_another_record_is_refused(who):
    actor, other = make.make_actor(), make.make_actor()
    before = edit(other, who, note="x")
    statement = make.make_statement()
    for record, to in ((actor, before), (actor, other), (statement, before)):
        with pytest.raises(Refused, match="no version of"):
            restoring.restore(who, record, to, "?")


def test_who_may_not_change_a_record_does_not_restore_it():
    option = make.make_option()
    before = edit(option, make.make_user(), definition="new")
    with pytest.raises(Refused, match="may not change options"):
        restoring.restore(make.make_user("Coder"), option, before, "?")


def test_restoring_joins_a_recording_under_way_with_its_reason_and_batch(who):
    actor = make.make_actor()
    before = edit(actor, who, note="x")
    with recording(who, "all of it undone", batch="abcdefghijkl"):
        restoring.restore(who, actor, before)
    change = Change.objects.of(actor).first()
    assert change.batch == "abcdefghijkl"
    assert change.why.endswith("all of it undone")


# -- statements ---------------------------------------------------------------------


@pytest.fixture
def corrected(who):
    """A statement that said "prefer" and was corrected to "support", with a reason."""
    source = make.make_source()
    statement = make.make_statement(
        who=who, paragraph=make.paragraph_of(source, 1), quote="an agreement"
    )
    issue = statement.option.issue
    statement.reasons.set([Reason.objects.create(issue=issue, key="a", name="Cost")])
    make.add_citation(statement, make.paragraph_of(source, 2), "Public pressure")
    statement.submit(who)
    statement.accept(who)
    later = statement.next_version(who)
    later.disposition = make.disposition("support")
    later.note = "said so twice"
    later.save()
    later.reasons.clear()
    later.citations.exclude(role=CitationRole.MAIN).delete()
    later.submit(who)
    later.accept(who)
    statement.refresh_from_db()
    return statement


def said(statement):
    return (
        statement.disposition.code,
        statement.note,
        sorted(reason.name for reason in statement.reasons.all()),
        sorted(citation.quote for citation in statement.citations.all()),
    )


def test_an_old_version_comes_back_as_the_next_one_with_words_and_reasons(
    who, corrected
):
    second = only(corrected).get(version=2)
    draft = restoring.restore(who, second, corrected, "the first was right")
    assert (draft.version, draft.state, draft.coder) == (3, "draft", who)
    assert said(draft) == said(corrected)
    assert "Public pressure" in said(draft)[3]
    second.refresh_from_db()
    assert second.state == "accepted"
    assert [c.action for c in Change.objects.of(draft)[:2]] == [
        "restored",
        "next version begun",
    ]
    draft.submit(who)
    draft.accept(who)
    second.refresh_from_db()
    assert second.state == "retracted"


def test_an_open_draft_is_changed_in_place(who, corrected):
    draft = only(corrected).get(version=2).next_version(who)
    draft.note = "in between"
    draft.save()
    restored = restoring.restore(who, corrected, corrected, "back")
    assert restored == draft
    assert said(restored) == said(corrected)
    assert only(corrected).count() == 3


def test_an_earlier_state_of_a_draft_comes_back_without_touching_its_words(who):
    statement = make.make_statement(who=who)
    before = edit(statement, who, note="second thoughts", holds_on="2007")
    paragraph = statement.citations.get().paragraph
    make.add_citation(statement, paragraph, paragraph.text[:5])
    restored = restoring.restore(who, statement, before, "first thoughts")
    assert restored == statement
    restored.refresh_from_db()
    assert (restored.note, restored.holds_on) == ("", "")
    assert str(restored.holds_earliest) == "2008-05-02"
    assert restored.citations.count() == 2


def test_a_retracted_statement_comes_back_as_a_draft_and_nothing_is_public(who):
    statement = make.make_statement(who=who, state="accepted")
    statement.retract(who, "wrong actor")
    draft = restoring.restore(who, statement, statement, "it was right after all")
    assert (draft.version, draft.state) == (2, "draft")
    assert not only(statement).public().exists()
    assert said(draft) == said(statement)


def test_a_rejected_statement_comes_back_as_a_draft(who):
    statement = make.make_statement(who=who)
    statement.reject(who, "no position")
    draft = restoring.restore(who, statement, statement, "it is one")
    assert (draft.version, draft.state) == (2, "draft")


def test_the_version_that_stands_is_not_restored(who, corrected):
    second = only(corrected).get(version=2)
    with pytest.raises(Refused, match="is so already"):
        restoring.restore(who, second, second, "?")
    last = Statement.history.filter(id=second.pk).latest()
    with pytest.raises(Refused, match="is so already"):
        restoring.restore(who, second, last, "?")
    assert only(corrected).count() == 2


def test_a_restored_statement_takes_the_days_of_the_words_that_come_back(who):
    first, second = (
        make.make_source(dated=day) for day in ("2001-01-01", "2002-02-02")
    )
    statement = make.make_statement(
        who=who, paragraph=make.paragraph_of(first, 1), said_on="2001-01-01"
    )
    with recording(who):
        statement.said_on = ""
        statement.save()
    statement.submit(who)
    statement.accept(who)
    later = statement.next_version(who)
    words = later.citations.get()
    words.paragraph = make.paragraph_of(second, 1)
    words.save()
    later.submit(who)
    later.accept(who)
    draft = restoring.restore(who, later, only(statement).get(version=1), "back")
    assert str(draft.holds_earliest) == "2001-01-01"


def test_every_restored_quote_is_still_the_slice_it_points_at(who, corrected):
    draft = restoring.restore(who, corrected, corrected, "back")
    for citation in Citation.objects.filter(statement=draft):
        citation.check_slice()


# -- stances ------------------------------------------------------------------------


def test_a_stance_gets_its_evidence_back(who):
    stance = make.make_stance(who=who, state="published")
    first = stance.evidence.get().statement
    later = stance.next_version(who)
    other = make.make_statement(
        actor=stance.actor, option=stance.option, who=who, state="accepted"
    )
    later.evidence.all().delete()
    Evidence.objects.create(stance=later, statement=other)
    later.rationale = "newer evidence"
    later.save()
    later.submit(who)
    later.publish(who)
    old = only(stance).get(version=1)
    draft = restoring.restore(who, later, old, "the older was stronger")
    assert (draft.version, draft.state, draft.rationale) == (3, "draft", "")
    assert [row.statement for row in draft.evidence.all()] == [first]
    draft.submit(who)
    draft.publish(who)
    assert only(stance).public().get() == draft


def test_restored_evidence_names_the_version_that_is_public_now(who):
    stance = make.make_stance(who=who, state="published")
    stance.retract(who, "too early")
    corrected = stance.evidence.get().statement.next_version(who)
    corrected.note = "a typing error"
    corrected.save()
    corrected.submit(who)
    corrected.accept(who)
    draft = restoring.restore(who, stance, stance, "not too early")
    assert draft.evidence.get().statement == corrected
    draft.submit(who)
    draft.publish(who)
    assert Stance.objects.public().get() == draft


# -- what the page says before ------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        ("draft", "Version 1 is open: it is changed in place"),
        ("accepted", "version 1 stays public until"),
        ("retracted", "It was retracted, so nothing of it is public"),
        ("rejected", "It was rejected, so nothing of it is public"),
    ],
)
def test_what_happens_is_said_beforehand(who, state, sentence):
    reached = {"draft": "draft", "rejected": "review"}.get(state, "accepted")
    statement = make.make_statement(who=who, state=reached)
    if state == "retracted":
        statement.retract(who, "wrong")
    if state == "rejected":
        statement.reject(who, "wrong")
    assert sentence in restoring.what_happens(statement, statement)
