"""The queue's rules: claims, assignment, decisions, previews, undo."""

from datetime import timedelta

import pytest
from django.utils import timezone

from positions import coding, queue, suggestions, tasks, worklists
from positions.models import (
    Assignment,
    Change,
    Claim,
    Refused,
    Statement,
    Suggestion,
)
from tests import factories as make

pytestmark = pytest.mark.django_db


def work_of(key):
    return next(one for one in worklists.everything() if one.key == key)


def suggest(paragraph=None, **overrides):
    """One proposal that waits."""
    paragraph = paragraph or make.paragraph_of(make.make_source(), 1)
    fields = {
        "paragraph": paragraph,
        "start": 0,
        "end": 5,
        "actor": make.make_actor(),
        "option": make.make_option(),
        "disposition": make.disposition("support"),
        "confidence": 0.9,
        "reason": "“wants” with its subject",
    }
    one = suggestions.Proposed(**{**fields, **overrides})
    suggestions.file(paragraph.revision.source, [one], tool="rules")
    return Suggestion.objects.latest("pk")


def in_review(who, **fields):
    return make.make_statement(who=who, state="review", **fields)


# -- who has what ------------------------------------------------------------------


def test_the_second_to_come_is_told_who_has_a_row():
    ada, bea = make.make_user(), make.make_user()
    work = work_of("suggestions")
    row = suggest()
    assert queue.claim(ada, work, row.pk) is None
    assert queue.claim(ada, work, row.pk) is None
    assert queue.claim(bea, work, row.pk) == ada
    (waiting,) = queue.page(work, bea)
    assert waiting.claimed_by == ada
    (own,) = queue.page(work, ada)
    assert own.claimed_by is None


def test_a_claim_ends_by_itself_and_with_the_decision():
    ada, bea = make.make_user(), make.make_user()
    work = work_of("suggestions")
    row = suggest()
    queue.claim(ada, work, row.pk)
    Claim.objects.update(until=timezone.now() - timedelta(seconds=1))
    assert queue.claim(bea, work, row.pk) is None
    assert Claim.objects.get().by == bea
    queue.decide(ada, work, row.pk, "accept")
    assert not Claim.objects.exists()


def test_rows_are_mine_unassigned_or_somebody_elses():
    ada, bea = make.make_user(), make.make_user()
    work = work_of("suggestions")
    first, second = suggest(), suggest()
    queue.assign(ada, work, [first.pk], bea)

    def seen(user, whose):
        return [one.row for one in queue.page(work, user, whose=whose)]

    assert seen(bea, "mine") == [first]
    assert seen(ada, "mine") == []
    assert seen(ada, "unassigned") == [second]
    assert seen(ada, "") == [first, second]
    assert queue.mine(bea, worklists.everything()) == {"suggestions": 1}
    queue.assign(ada, work, [first.pk], None)
    assert seen(bea, "mine") == []
    assert [c.action for c in Change.objects.order_by("seq")][-2:] == [
        "assigned",
        "assignment ended",
    ]


def test_a_row_is_assigned_only_to_who_may_decide_it():
    ada = make.make_user()
    work = work_of("statements-in-review")
    row = in_review(ada)
    with pytest.raises(Refused, match="may not work on"):
        queue.assign(ada, work, [row.pk], make.make_user("Coder"))
    assert not Assignment.objects.exists()


def test_a_decided_row_is_nobodys_any_more():
    ada = make.make_user()
    work = work_of("suggestions")
    row = suggest()
    queue.assign(ada, work, [row.pk], ada)
    queue.decide(ada, work, row.pk, "reject", "no_position")
    assert not Assignment.objects.exists()


# -- decisions ---------------------------------------------------------------------


def test_the_second_to_decide_is_told_what_the_first_did():
    ada, bea = make.make_user(), make.make_user()
    work = work_of("suggestions")
    row = suggest()
    queue.decide(ada, work, row.pk, "accept")
    with pytest.raises(Refused, match=f"It waits no longer: {ada} has accepted it"):
        queue.decide(bea, work, row.pk, "reject", "no_position")
    assert Statement.objects.count() == 1


def test_a_decision_needs_its_permission_its_reason_and_its_name():
    coder, reviewer = make.make_user("Coder"), make.make_user()
    row = in_review(coder)
    work = work_of("statements-in-review")
    with pytest.raises(Refused, match="You may not decide this"):
        queue.decide(coder, work, row.pk, "accept")
    with pytest.raises(Refused, match="Choose a reason from the list"):
        queue.decide(reviewer, work, row.pk, "reject", "just so")
    with pytest.raises(Refused, match="no such decision"):
        queue.decide(reviewer, work, row.pk, "burn")
    row.refresh_from_db()
    assert row.state == "review"


@pytest.mark.parametrize("act", ["accept", "reject"])
def test_a_decision_about_a_suggestion_is_undone(act):
    ada = make.make_user()
    work = work_of("suggestions")
    row = suggest()
    why = "no_position" if act == "reject" else ""
    queue.decide(ada, work, row.pk, act, why)
    assert not queue.page(work, ada)
    queue.undo(ada, work, row.pk, act)
    (waiting,) = queue.page(work, ada)
    assert waiting.row == row
    assert not Statement.objects.exists()
    row.refresh_from_db()
    assert (row.state, row.because, row.decided_by) == ("waiting", "", None)


def test_an_acceptance_is_not_undone_over_what_somebody_did_since():
    ada = make.make_user()
    work = work_of("suggestions")
    row = suggest()
    queue.decide(ada, work, row.pk, "accept")
    draft = Statement.objects.get()
    draft.submit(ada)
    with pytest.raises(Refused, match="is in review"):
        queue.undo(ada, work, row.pk, "accept")
    assert Statement.objects.get().state == "review"


def test_a_repeat_that_was_accepted_is_undone_without_the_statement():
    ada = make.make_user()
    work = work_of("suggestions")
    source = make.make_source()
    first, second = make.paragraph_of(source, 1), make.paragraph_of(source, 2)
    body = suggest(second, actor=make.make_actor("Japan"))
    summary = suggest(first, actor=body.actor, option=body.option)
    Suggestion.objects.filter(pk=summary.pk).update(repeats=body)
    queue.decide(ada, work, body.pk, "accept")
    queue.decide(ada, work, summary.pk, "accept")
    assert Statement.objects.get().citations.count() == 2
    queue.undo(ada, work, summary.pk, "accept")
    assert Statement.objects.get().citations.count() == 1


def test_decisions_of_a_reviewer_are_undone():
    ada = make.make_user()
    review, drafts = work_of("statements-in-review"), work_of("draft-statements")
    one, two, three = (in_review(ada) for _ in range(3))
    queue.decide(ada, review, one.pk, "accept")
    queue.undo(ada, review, one.pk, "accept")
    newest = Statement.objects.filter(key=one.key).newest().get()
    assert (newest.version, newest.state) == (2, "review")
    (label, _), *_ = queue.decision(review, "reject", ada).reasons
    queue.decide(ada, review, two.pk, "reject", label)
    queue.undo(ada, review, two.pk, "reject")
    queue.decide(ada, review, three.pk, "send-back", "which article?")
    queue.undo(ada, review, three.pk, "send-back")
    for row in (two, three):
        row.refresh_from_db()
        assert row.state == "review"
    three.send_back(ada, "")
    queue.decide(ada, drafts, three.pk, "submit")
    queue.undo(ada, drafts, three.pk, "submit")
    three.refresh_from_db()
    assert three.state == "draft"


def test_a_stance_published_by_mistake_is_in_review_again():
    ada = make.make_user()
    stance = make.make_stance(who=ada, state="review")
    work = work_of("stances-in-review")
    queue.decide(ada, work, stance.pk, "publish")
    assert type(stance).objects.public().count() == 1
    queue.undo(ada, work, stance.pk, "publish")
    assert type(stance).objects.public().count() == 0
    newest = type(stance).objects.filter(key=stance.key).newest().get()
    assert (newest.version, newest.state) == (2, "review")
    assert newest.evidence.count() == 1


# -- many at once ------------------------------------------------------------------


def test_a_preview_changes_nothing_and_says_what_the_decision_then_does():
    ada = make.make_user()
    work = work_of("draft-statements")
    good = make.make_statement(who=ada)
    undated = make.make_statement(
        who=ada, paragraph=make.paragraph_of(make.make_source(dated=""), 1)
    )
    keys = [good.pk, undated.pk]
    seq = Change.objects.count()
    shown = queue.preview(ada, work, keys, "submit")
    assert Change.objects.count() == seq
    assert not Statement.objects.filter(state="review").exists()
    done = queue.decide_all(ada, work, keys, "submit")
    assert [(one.done, one.refused) for one in shown] == [
        (one.done, one.refused) for one in done
    ]
    assert [bool(one.refused) for one in done] == [False, True]
    assert "no date" in done[1].refused
    good.refresh_from_db()
    assert good.state == "review"
    batch = set(Change.objects.filter(action="submitted").values_list("batch"))
    assert len(batch) == 1
    assert batch != {("",)}


# -- blind -------------------------------------------------------------------------


def test_who_codes_blind_is_offered_nothing_for_those_paragraphs():
    manager, one, two = make.make_user(), make.make_user("Coder"), make.make_user()
    source = make.make_source()
    first, second = make.paragraph_of(source, 1), make.paragraph_of(source, 2)
    suggest(first)
    free = suggest(second)
    by_other = make.make_statement(paragraph=first, who=manager)
    issue = by_other.option.issue
    tasks.assign(manager, [first], issue=issue, first=one, second=two)
    assert [w.row for w in queue.page(work_of("suggestions"), one)] == [free]
    assert queue.page(work_of("draft-statements"), one) == []
    assert len(queue.page(work_of("suggestions"), manager)) == 2
    hidden = Suggestion.objects.exclude(pk=free.pk).get()
    with pytest.raises(Refused):
        queue.decide(one, work_of("suggestions"), hidden.pk, "accept")


def test_a_rejected_suggestion_is_not_filed_again():
    ada = make.make_user()
    row = suggest()
    queue.decide(ada, work_of("suggestions"), row.pk, "reject", "no_position")
    again = suggestions.Proposed(
        paragraph=row.paragraph,
        start=0,
        end=5,
        actor=row.actor,
        option=row.option,
        disposition=row.disposition,
        confidence=0.5,
        reason="again",
    )
    assert suggestions.file(row.source, [again], tool="other").made == 0


def test_moved_words_are_followed_by_one_decision():
    ada = make.make_user()
    source = make.make_source(["Japan prefers the CCW above all.", "Else."])
    paragraph = make.paragraph_of(source, 1)
    words = coding.find_words(paragraph, "Japan prefers the CCW above all")[0]
    statement = make.make_statement(
        paragraph=paragraph, quote=words.quote, who=ada, state="accepted"
    )
    make.make_revision(source, ["Now: Japan prefers the CCW above it all.", "Else."])
    now = make.paragraph_of(source, 1)
    quote = "Japan prefers the CCW above it all"
    at = now.text.index(quote)
    statement.citations.update(
        anchor="moved", now_paragraph=now, now_start=at, now_end=at + len(quote)
    )
    work = work_of("citations")
    citation = statement.citations.get()
    queue.decide(ada, work, citation.pk, "follow")
    public = Statement.objects.public().get(key=statement.key)
    assert (public.version, public.main.quote) == (2, quote)
    assert not queue.page(work, ada)


def test_moved_words_wait_for_another_reviewer_where_self_review_is_forbidden(settings):
    settings.SELF_REVIEW = False
    coder, ada = make.make_user("Coder"), make.make_user()
    source = make.make_source(["Japan prefers the CCW above all.", "Else."])
    paragraph = make.paragraph_of(source, 1)
    statement = make.make_statement(paragraph=paragraph, who=coder, state="review")
    statement.accept(ada)
    make.make_revision(source, ["Japan prefers the CCW above it all.", "Else."])
    now = make.paragraph_of(source, 1)
    statement.citations.update(
        anchor="moved", now_paragraph=now, now_start=0, now_end=len(now.text)
    )
    queue.decide(ada, work_of("citations"), statement.citations.get().pk, "follow")
    newest = Statement.objects.filter(key=statement.key).newest().get()
    assert (newest.version, newest.state) == (2, "review")
    assert Statement.objects.public().get(key=statement.key).version == 1
