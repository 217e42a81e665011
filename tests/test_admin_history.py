"""The page of a record's history: who changed what, when and why, and back again."""

import pytest
from django.urls import reverse

from positions import histories
from positions.models import (
    Actor,
    ActorName,
    Change,
    Issue,
    Membership,
    Note,
    Reason,
    Statement,
)
from positions.models.changes import recording
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def who(client):
    user = make.make_user()
    client.force_login(user)
    return user


def address(record, page, *args):
    name = f"admin:positions_{record._meta.model_name}_{page}"
    return reverse(name, args=(record.pk, *args))


def history(client, record, **query):
    answer = client.get(address(record, "history"), query)
    assert answer.status_code == 200
    return answer.content.decode()


def edit(record, who, why="", **fields):
    with recording(who, why) as rec:
        for name, value in fields.items():
            setattr(record, name, value)
        record.save()
        rec.note(record, "edited")


def told(step):
    return [(one.label, one.before, one.after) for one in step.differences]


# -- what it tells ------------------------------------------------------------------


def test_a_step_says_who_when_why_and_from_what_to_what(client, who):
    actor = make.make_actor("Japan")
    edit(actor, who, "as it calls itself", name="Nippon", kind="bloc")
    step, first = histories.of(actor).steps
    change = Change.objects.of(actor).get()
    assert (step.at, step.who) == (change.at, who)
    assert told(step) == [("Name", "Japan", "Nippon"), ("Kind", "State", "Bloc")]
    assert first.done == "added"
    text = history(client, actor)
    assert f"{change.at:%Y-%m-%d %H:%M}" in text
    assert "as it calls itself" in text
    assert "<del>State</del>" in text
    assert "<ins>Bloc</ins>" in text


def test_foreign_keys_are_told_by_name_also_where_two_share_one(who):
    issue = make.make_issue()
    first, second = (make.make_option("CCW", issue=issue) for _ in range(2))
    part = make.make_option(issue=issue, parent=first)
    edit(part, who, parent=second)
    step, *_ = histories.of(part).steps
    assert told(step) == [("Parent", f"CCW ({first.key})", f"CCW ({second.key})")]


def test_long_texts_are_told_inside_the_text(client, who):
    actor = make.make_actor(note="It is an island state of Asia.")
    edit(actor, who, note="It is an island <b>monarchy</b> of Asia.")
    text = history(client, actor)
    assert "It is an island <del>state</del>" in text
    assert "&lt;b&gt;monarchy&lt;" in text


def test_what_was_filled_in_and_what_was_emptied_is_told(who):
    actor = make.make_actor(valid_from=None)
    edit(actor, who, valid_from="1945-10-24")
    edit(actor, who, valid_from=None)
    emptied, filled, _ = histories.of(actor).steps
    assert told(filled) == [("Valid from", "", "1945-10-24")]
    assert told(emptied) == [("Valid from", "1945-10-24", "")]


def test_rows_inside_the_form_are_told_when_they_come_change_and_go(client, who):
    actor = make.make_actor("Japan")
    with recording(who) as rec:
        name = ActorName.objects.create(actor=actor, name="Nippon")
        rec.note(actor, "edited")
    with recording(who) as rec:
        name.language = "ja"
        name.save()
        rec.note(actor, "edited")
    with recording(who) as rec:
        name.delete()
        rec.note(actor, "edited")
    gone, changed, added, _ = histories.of(actor).steps
    assert [(row.kind, row.done, row.words) for row in added.inner] == [
        ("name", "added", "Nippon")
    ]
    (row,) = changed.inner
    assert [(one.label, one.after) for one in row.differences] == [("Language", "ja")]
    assert [(row.done, row.words) for row in gone.inner] == [("removed", "Nippon · ja")]
    text = history(client, actor)
    assert text.index("Name removed") < text.index("Name changed")
    assert text.index("Name changed") < text.index("Name added")


def test_memberships_belong_to_the_history_of_the_member(who):
    actor, group = make.make_actor(), make.make_actor("The Group", kind="bloc")
    with recording(who) as rec:
        Membership.objects.create(member=actor, group=group)
        rec.note(actor, "edited")
    (row,) = histories.of(actor).steps[0].inner
    assert "The Group" in row.words
    assert not any(step.inner for step in histories.of(group).steps)


def test_a_record_loaded_in_bulk_says_that_what_it_was_before_is_not_kept(client, who):
    Actor.objects.bulk_create([Actor(name="Bulk", name_key="bulk", key="bulk")])
    actor = Actor.objects.get(key="bulk")
    edit(actor, who, note="x")
    text = history(client, actor)
    assert "loaded in bulk and is not kept" in text
    assert "Restore" not in text


def test_a_save_without_a_difference_is_no_step(who):
    actor = make.make_actor()
    actor.save()
    assert len(histories.of(actor).steps) == 1


def test_sources_tell_only_what_happened_to_them(client, who):
    source = make.make_source()
    edit(source, who, "the printed one", title="Another title")
    text = history(client, source)
    assert "Of sources no earlier states are kept" in text
    assert "the printed one" in text
    assert "Restore" not in text


def test_what_history_does_not_keep_is_named(client, who):
    assert "nor restored: issues" in history(client, make.make_event())


# -- versions -----------------------------------------------------------------------


@pytest.fixture
def corrected(who):
    """A statement corrected once: other words, disposition, note and reasons."""
    statement = make.make_statement(who=who, state="accepted")
    later = statement.next_version(who)
    later.disposition = make.disposition("support")
    later.save()
    reason = Reason.objects.create(issue=later.option.issue, key="cost", name="Cost")
    later.reasons.set([reason])
    words = later.citations.get()
    words.quote, words.end = words.quote[:5], words.start + 5
    words.save()
    later.submit(who)
    later.accept(who, "the words say so")
    statement.refresh_from_db()
    return statement


def test_each_version_says_how_it_differs_from_the_one_before(client, corrected):
    later = Statement.objects.get(key=corrected.key, version=2)
    steps = [step for step in histories.of(later).steps if step.told]
    assert [step.told.row.version for step in steps] == [2, 1]
    differences = {one.label: one for one in steps[0].told.differences}
    assert set(differences) == {"Disposition", "Reasons", "Main words"}
    assert differences["Reasons"].after == "Cost"
    assert any(piece.kind == "removed" for piece in differences["Main words"].pieces)
    text = history(client, later)
    assert "Against the version before it" in text
    assert "the words say so" in text
    assert "Restore version 1" in text
    assert "Restore version 2" not in text


def test_drafts_and_versions_are_one_story_from_any_version(client, corrected):
    later = Statement.objects.get(key=corrected.key, version=2)
    for record in (corrected, later):
        labels = [
            label for step in histories.of(record).steps for label, *_ in told(step)
        ]
        assert labels == ["Disposition"]
        text = history(client, record)
        order = [text.index(f"Version {number} ") for number in (2, 1)]
        assert order == sorted(order)


def test_a_stance_tells_which_evidence_came_and_went(who):
    stance = make.make_stance(who=who, state="published")
    later = stance.next_version(who)
    other = make.make_statement(
        actor=stance.actor, option=stance.option, who=who, state="accepted"
    )
    row = later.evidence.get()
    row.statement, row.relation = other, "context"
    row.save()
    (first, *_) = histories.of(later).steps
    labels = [(one.label, one.before is None) for one in first.told.differences]
    assert labels == [("Evidence", True), ("Evidence", False)]


def test_a_dropped_draft_leaves_the_story_of_the_other_versions_whole(who, client):
    statement = make.make_statement(who=who, state="accepted")
    statement.next_version(who).drop(who)
    later = statement.next_version(who)
    assert "dropped" in history(client, later)


# -- pages --------------------------------------------------------------------------


def test_a_long_history_is_told_page_by_page_without_gap_or_repetition(
    client, who, monkeypatch
):
    monkeypatch.setattr(histories, "STEPS_SHOWN", 3)
    actor = make.make_actor()
    for number in range(7):
        edit(actor, who, note=f"note{number}")
    found, before = [], None
    while True:
        page = histories.of(actor, before=before)
        assert len(page.steps) <= 3
        found += [after for step in page.steps for _, _, after in told(step)]
        if (before := page.older) is None:
            break
    assert found == [f"note{number}" for number in reversed(range(7))]
    text = history(client, actor)
    assert "note6" in text
    assert "note2" not in text
    older = text.partition('href="?before=')[2].partition('"')[0]
    assert "note2" in client.get(f"{address(actor, 'history')}?before={older}").text


@pytest.mark.parametrize("before", ["", "x", "2008", "2008-04-23T10:00", "9" * 5000])
def test_an_instant_that_is_none_begins_at_the_newest(client, who, before):
    actor = make.make_actor()
    edit(actor, who, note="there")
    assert "there" in history(client, actor, before=before)


def test_the_page_takes_as_many_queries_for_a_long_story_as_for_a_short_one(
    client, who, django_assert_max_num_queries
):
    def story(times):
        actor = make.make_actor()
        for number in range(times):
            with recording(who) as rec:
                actor.note = str(number)
                actor.save()
                ActorName.objects.create(actor=actor, name=f"Name {number}")
                Membership.objects.create(member=actor, group=make.make_actor())
                rec.note(actor, "edited")
        return actor

    short, long = story(2), story(12)
    history(client, short)
    with django_assert_max_num_queries(30) as few:
        history(client, short)
    with django_assert_max_num_queries(len(few)):
        history(client, long)


# -- restoring ----------------------------------------------------------------------


def test_a_version_is_restored_after_a_look_at_what_it_changes(client, who):
    actor = make.make_actor("Japan")
    edit(actor, who, name="Nippon")
    text = history(client, actor)
    page = text.partition('class="button" href="')[2].partition('"')[0]
    shown = client.get(page).content.decode()
    assert "<del>Nippon</del>" in shown
    assert "<ins>Japan</ins>" in shown
    assert "stays as it is now: names, identifiers, memberships" in shown
    actor.refresh_from_db()
    assert actor.name == "Nippon"
    done = client.post(page, {"why": "the English name"}, follow=True)
    assert "restored as it was on" in done.content.decode()
    actor.refresh_from_db()
    assert actor.name == "Japan"
    assert "the English name" in history(client, actor)


def test_a_version_of_a_statement_is_restored_as_the_next(client, corrected):
    page = address(corrected, "restore", "v1")
    assert "version 2 stays public until" in client.get(page).content.decode()
    answer = client.post(page, {"why": "back"})
    draft = Statement.objects.get(key=corrected.key, version=3)
    assert answer["Location"] == address(draft, "change")


def test_without_a_reason_nothing_is_restored(client, who):
    actor = make.make_actor("Japan")
    edit(actor, who, name="Nippon")
    row = Actor.history.filter(id=actor.pk).earliest()
    answer = client.post(address(actor, "restore", f"h{row.history_id}"), {"why": " "})
    assert "Give a reason to restore" in answer.content.decode()
    actor.refresh_from_db()
    assert actor.name == "Nippon"


def test_a_refusal_is_told_and_the_reason_stays_in_its_field(client, who):
    actor = make.make_actor("Japan")
    edit(actor, who, name="Nippon")
    make.make_actor("Japan", key="japan-2")
    row = Actor.history.filter(id=actor.pk).earliest()
    page = address(actor, "restore", f"h{row.history_id}")
    text = client.post(page, {"why": "it was right"}).content.decode()
    assert "A state of this name exists already" in text
    assert 'value="it was right"' in text


@pytest.mark.parametrize("to", ["v1", "h0", "h99999999", "hx", "x", "h" + "9" * 30])
def test_a_version_that_is_none_is_not_found(client, who, to):
    answer = client.get(address(make.make_actor(), "restore", to))
    assert answer.status_code == 404


def test_the_state_of_another_record_is_not_found(client, who):
    row = Actor.history.filter(id=make.make_actor().pk).get()
    page = address(make.make_actor(), "restore", f"h{row.history_id}")
    assert client.get(page).status_code == 404


def test_who_may_not_change_a_record_sees_its_history_and_no_button(client):
    client.force_login(make.make_user("Coder"))
    issue = make.make_issue("Mines")
    edit(issue, None, name="Land mines")
    assert "Restore" not in history(client, issue)
    row = Issue.history.filter(id=issue.pk).earliest()
    page = address(issue, "restore", f"h{row.history_id}")
    assert client.post(page, {"why": "x"}).status_code == 403


def test_notes_are_no_part_of_the_history(client, who):
    statement = make.make_statement(who=who)
    Note.objects.create(statement_key=statement.key, text="between us", by=who)
    assert "between us" not in history(client, statement)
