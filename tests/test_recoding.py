"""Recoding many statements: as the preview says, one batch, and back again."""

import factories as make
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from positions import coding, undoing
from positions.models import (
    Change,
    Clock,
    NotAllowed,
    Reason,
    Refused,
    Stance,
    Statement,
)
from positions.models.changes import recording
from positions.readers import Reader
from positions.recoding import (
    MOST,
    Recoding,
    Stopped,
    plan,
    recode,
    siblings,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def reviewer():
    return make.make_user()


def keys_of(*statements):
    return [one.key for one in statements]


def newest(statement):
    return Statement.objects.newest().get(key=statement.key)


def says(statement):
    """What the newest version of a statement says, and its state."""
    row = newest(statement)
    return str(row.actor), row.disposition.code, str(row.option), row.state


def batch_of(outcome):
    return Change.objects.filter(batch=outcome.batch)


# -- what becomes of each ----------------------------------------------------------


@pytest.mark.parametrize("state", ["draft", "review"])
def test_what_is_not_accepted_yet_is_edited_in_place(reviewer, state):
    statement = make.make_statement(state=state, code="prefer")
    recode(
        reviewer,
        [statement.key],
        Recoding(disposition=make.disposition("accept")),
        "Read again.",
    )

    row = newest(statement)
    assert (row.version, row.state, row.disposition.code) == (1, state, "accept")


def test_what_is_accepted_gets_its_next_version_accepted_at_once(reviewer):
    statement = make.make_statement(state="accepted", code="prefer")
    recode(
        reviewer,
        [statement.key],
        Recoding(disposition=make.disposition("accept")),
        "Read again.",
    )

    public = Statement.objects.visible_to(Reader.anonymous()).get(key=statement.key)
    assert (public.version, public.disposition.code) == (2, "accept")
    assert public.accepted_by == reviewer
    assert public.main.quote == statement.main.quote
    statement.refresh_from_db()
    assert (statement.state, statement.disposition.code) == ("retracted", "prefer")


@pytest.mark.parametrize("state", ["rejected", "retracted"])
def test_what_is_over_is_left_alone_and_said_so(reviewer, state):
    statement = make.make_statement(
        state="accepted" if state == "retracted" else "review"
    )
    getattr(statement, state[:-2] if state == "rejected" else "retract")(
        reviewer, "A mistake."
    )
    outcome = recode(
        reviewer, [statement.key], Recoding(actor=make.make_actor()), "Why"
    )

    assert [(row.fate, row.sentence) for row in outcome.rows] == [
        ("left alone", f"It was {state}, so it stays as it is.")
    ]
    assert Statement.objects.filter(key=statement.key).count() == 1


def test_what_says_so_already_is_not_touched(reviewer):
    statement = make.make_statement(state="accepted", code="prefer")
    outcome = recode(
        reviewer,
        [statement.key],
        Recoding(disposition=make.disposition("prefer"), actor=statement.actor),
        "Why",
    )
    assert [row.fate for row in outcome.rows] == ["nothing changes"]
    assert newest(statement).version == 1
    assert not batch_of(outcome).exists()


def test_all_parts_can_be_changed_at_once(reviewer):
    statement = make.make_statement(state="accepted")
    actor, speaker = make.make_actor("Norway"), make.make_actor("A", kind="person")
    option = make.make_option("CCW")
    change = Recoding(actor, option, make.disposition("accept"), speaker)
    recode(reviewer, [statement.key], change, "Read again.")

    assert says(statement) == ("Norway", "accept", "CCW", "accepted")
    assert newest(statement).speaker == speaker


def test_the_version_under_way_is_recoded_and_the_public_one_stays(reviewer):
    statement = make.make_statement(state="accepted", code="prefer")
    statement.next_version(reviewer)
    recode(
        reviewer,
        [statement.key],
        Recoding(disposition=make.disposition("accept")),
        "Why",
    )

    versions = Statement.objects.filter(key=statement.key).order_by("version")
    assert [(v.state, v.disposition.code) for v in versions] == [
        ("accepted", "prefer"),
        ("draft", "accept"),
    ]


def test_the_accepted_version_is_recoded_where_its_correction_was_rejected(reviewer):
    statement = make.make_statement(state="accepted", code="prefer")
    statement.next_version(reviewer).reject(reviewer, "No.")
    recode(
        reviewer,
        [statement.key],
        Recoding(disposition=make.disposition("accept")),
        "Why",
    )

    row = newest(statement)
    assert (row.version, row.state, row.disposition.code) == (3, "accepted", "accept")


def test_without_the_right_to_accept_the_next_version_waits_for_a_reviewer():
    statement = make.make_statement(state="accepted", code="prefer")
    coder = make.make_user("Coder")
    outcome = recode(
        coder, [statement.key], Recoding(disposition=make.disposition("accept")), "Why"
    )
    assert [row.fate for row in outcome.rows] == ["next version waits"]
    assert says(statement)[1:] == ("accept", str(statement.option), "review")
    statement.refresh_from_db()
    assert statement.state == "accepted"


def test_where_nobody_accepts_his_own_the_next_version_waits(reviewer, settings):
    statement = make.make_statement(state="accepted", code="prefer")
    settings.SELF_REVIEW = False
    outcome = recode(
        reviewer,
        [statement.key],
        Recoding(disposition=make.disposition("accept")),
        "Why",
    )
    assert [row.fate for row in outcome.rows] == ["next version waits"]


# -- what is refused ---------------------------------------------------------------


def refusals(who, statement, change):
    outcome = plan(who, [statement.key], change)
    return [row.sentence for row in outcome.refused]


def test_only_consent_to_be_bound_keeps_a_mode(reviewer):
    statement = make.make_statement(code="bound", mode="ratification")
    change = Recoding(disposition=make.disposition("prefer"))

    assert refusals(reviewer, statement, change) == [
        "Only consent to be bound has a mode."
    ]


def test_an_option_is_not_put_before_itself(reviewer):
    option = make.make_option("CCW")
    oslo = make.make_option("Oslo Process", issue=option.issue)
    statement = make.make_statement(option=option, over_option=oslo, state="accepted")

    (sentence,) = refusals(reviewer, statement, Recoding(option=oslo))
    assert sentence == "Oslo Process is what it was put before: it stays as it is."


def test_the_alternative_stays_of_the_same_issue(reviewer):
    option = make.make_option("CCW")
    oslo = make.make_option("Oslo Process", issue=option.issue)
    statement = make.make_statement(option=option, over_option=oslo)

    assert refusals(reviewer, statement, Recoding(option=make.make_option())) == [
        "The alternative is of another issue."
    ]


def test_reasons_do_not_travel_to_another_issue(reviewer):
    statement = make.make_statement()
    issue = statement.option.issue
    statement.reasons.add(Reason.objects.create(issue=issue, key="p", name="pressure"))
    elsewhere = make.make_option("CCW", issue=make.make_issue("Landmines"))

    (sentence,) = refusals(reviewer, statement, Recoding(option=elsewhere))
    assert sentence == (
        "Its reasons (pressure) are not of the issue Landmines: take them away first."
    )


def test_one_refusal_stops_all(reviewer):
    good = make.make_statement(state="accepted")
    bad = make.make_statement(code="bound", mode="ratification")
    change = Recoding(disposition=make.disposition("accept"))
    with pytest.raises(Stopped) as stopped:
        recode(reviewer, keys_of(good, bad), change, "Why")

    assert "1 of 2 statements cannot be recoded, so nothing was changed." in str(
        stopped.value
    )
    assert says(good)[1] == "prefer"
    assert newest(good).version == 1
    assert not Change.objects.filter(action="recoded").exists()


def test_what_is_refused_is_left_out_on_request(reviewer):
    good = make.make_statement(state="accepted")
    bad = make.make_statement(code="bound", mode="ratification")
    change = Recoding(disposition=make.disposition("accept"))
    outcome = recode(reviewer, keys_of(good, bad), change, "Why", leave_out=True)

    assert [row.statement.key for row in outcome.refused] == [bad.key]
    assert says(good)[1] == "accept"
    assert says(bad)[1] == "bound"
    assert set(batch_of(outcome).values_list("key", flat=True)) == {good.key}


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda: Recoding(), "Choose what is to be changed"),
        (
            lambda: Recoding(
                actor=make.make_actor("Burma", merged_into=make.make_actor("Myanmar"))
            ),
            "Burma is merged into Myanmar: choose that one.",
        ),
    ],
)
def test_a_change_that_is_none_is_refused_in_a_sentence(reviewer, change, sentence):
    statement = make.make_statement()
    with pytest.raises(Refused, match=sentence):
        plan(reviewer, [statement.key], change())


def test_nothing_chosen_and_too_much_chosen_are_refused(reviewer):
    change = Recoding(actor=make.make_actor())
    with pytest.raises(Refused, match="at least one"):
        plan(reviewer, [], change)
    with pytest.raises(Refused, match="At most 1,000"):
        plan(reviewer, [f"k{n}" for n in range(MOST + 1)], change)


def test_readers_recode_nothing_and_everybody_says_why(reviewer):
    statement = make.make_statement()
    change = Recoding(actor=make.make_actor())
    with pytest.raises(NotAllowed):
        plan(make.make_user("Reader"), [statement.key], change)
    with pytest.raises(Refused, match="Give a reason"):
        recode(reviewer, [statement.key], change, "  ")


# -- the stances that rest on them -------------------------------------------------


@pytest.fixture
def rested_on():
    """A statement, and the published stance that rests on it alone."""
    statement = make.make_statement(
        actor=make.make_actor("Japan"), option=make.make_option("CCW"), state="accepted"
    )
    stance = make.make_stance(
        actor=statement.actor,
        option=statement.option,
        support=[statement],
        state="published",
    )
    return statement, stance


def test_a_stance_that_rests_on_it_alone_refuses_with_its_name(reviewer, rested_on):
    statement, _ = rested_on
    change = Recoding(disposition=make.disposition("accept"))

    (sentence,) = refusals(reviewer, statement, change)
    assert "“Japan: prefer CCW, from 2008-04-23” rests on the words" in sentence


def test_such_a_stance_is_retracted_on_request(reviewer, rested_on):
    statement, stance = rested_on
    outcome = recode(
        reviewer,
        [statement.key],
        Recoding(disposition=make.disposition("accept")),
        "Why",
        retract_stances=True,
    )
    stance.refresh_from_db()
    assert stance.state == "retracted"
    assert outcome.rows[0].stances == (
        "The stance “Japan: prefer CCW, from 2008-04-23” is retracted.",
    )


def test_a_stance_follows_where_what_it_says_stays(reviewer, rested_on):
    statement, stance = rested_on
    speaker = make.make_actor("A person", kind="person")
    outcome = recode(reviewer, [statement.key], Recoding(speaker=speaker), "Found.")

    public = Stance.objects.public().get(key=stance.key)
    assert public.version == 2
    assert [e.statement for e in public.evidence.all()] == [newest(statement)]
    assert outcome.rows[0].stances == (
        "The stance “Japan: prefer CCW, from 2008-04-23” is issued anew.",
    )


# -- preview and doing -------------------------------------------------------------


def told(outcome):
    return [(r.statement.key, r.fate, r.sentence, r.stances) for r in outcome.rows]


def test_the_preview_tells_what_is_done_and_changes_nothing(reviewer, rested_on):
    accepted, _ = rested_on
    draft, review = make.make_statement(), make.make_statement(state="review")
    other = make.make_statement(state="accepted")
    keys = keys_of(accepted, draft, review, other)
    change = Recoding(disposition=make.disposition("accept"))
    clock, changes = Clock.now(), Change.objects.count()
    seen = list(Statement.history.values_list("pk", flat=True))

    preview = plan(reviewer, keys, change)

    assert [row.fate for row in preview.rows] == [
        "refused",
        "edited",
        "edited",
        "next version",
    ]
    assert (Clock.now(), Change.objects.count()) == (clock, changes)
    assert Statement.objects.count() == 4
    assert list(Statement.history.values_list("pk", flat=True)) == seen
    done = recode(reviewer, keys, change, "Why", leave_out=True, planned=preview.mark)
    assert told(done) == told(preview)


def test_what_changed_since_the_preview_is_not_recoded(reviewer):
    statement = make.make_statement()
    change = Recoding(disposition=make.disposition("accept"))
    preview = plan(reviewer, [statement.key], change)
    statement.submit(statement.coder)

    with pytest.raises(Refused, match="since you saw the preview"):
        recode(reviewer, [statement.key], change, "Why", planned=preview.mark)
    assert says(statement)[1] == "prefer"


def test_a_preview_inside_another_recording_leaves_no_trace(reviewer):
    statement = make.make_statement(state="accepted")
    changes = Change.objects.count()
    with recording(reviewer, "something else"):
        plan(reviewer, [statement.key], Recoding(actor=make.make_actor()))
    assert Change.objects.count() == changes
    assert newest(statement).version == 1


def test_each_statement_has_its_change_of_one_batch_with_the_reason(reviewer):
    accepted, draft = make.make_statement(state="accepted"), make.make_statement()
    outcome = recode(
        reviewer,
        keys_of(accepted, draft),
        Recoding(actor=make.make_actor()),
        "Misread.",
    )
    recoded = batch_of(outcome).filter(action="recoded")
    assert sorted(recoded.values_list("key", "version", "why")) == sorted(
        [(accepted.key, 2, "Misread."), (draft.key, 1, "Misread.")]
    )
    assert outcome.batch


# -- those coded together ----------------------------------------------------------


def test_siblings_are_those_coded_at_once_of_the_same_actor(reviewer):
    japan, norway = make.make_actor("Japan"), make.make_actor("Norway")
    paragraph = make.paragraph_of(make.make_source(), 1)
    words = coding.find_words(paragraph, "first priority")
    one, two = make.make_option("A"), make.make_option("B")
    made = coding.code(
        reviewer,
        coding.Utterance(
            words=words,
            actors=[japan, norway],
            options=[one, two],
            disposition=make.disposition("prefer"),
        ),
    )
    make.make_statement(actor=japan)

    found = siblings([made[0].key])
    assert [str(row) for row in found] == ["Japan: prefer B"]


def test_a_statement_of_its_own_has_no_siblings():
    statement = make.make_statement()
    make.make_statement(actor=statement.actor)
    assert not siblings([statement.key]).exists()


# -- undoing -----------------------------------------------------------------------


def test_undoing_gives_every_statement_back_what_it_said(reviewer):
    accepted = make.make_statement(state="accepted", code="prefer")
    draft, review = make.make_statement(), make.make_statement(state="review")
    before = [says(one) for one in (accepted, draft, review)]
    change = Recoding(make.make_actor("Norway"), disposition=make.disposition("accept"))
    done = recode(reviewer, keys_of(accepted, draft, review), change, "Why")

    undone = undoing.undo(reviewer, done.batch, "Not so.")

    assert undone.refused == []
    assert [says(one) for one in (accepted, draft, review)] == before
    assert newest(accepted).version == 3
    assert newest(draft).version == 1


def test_undoing_is_a_batch_of_its_own_and_can_be_undone(reviewer):
    accepted, draft = make.make_statement(state="accepted"), make.make_statement()
    change = Recoding(disposition=make.disposition("accept"))
    done = recode(reviewer, keys_of(accepted, draft), change, "Why")
    undone = undoing.undo(reviewer, done.batch, "Not so.")
    changes = batch_of(undone).filter(action="recoding undone")
    assert sorted(changes.values_list("key", "why")) == sorted(
        [(accepted.key, "Not so."), (draft.key, "Not so.")]
    )

    undoing.undo(reviewer, undone.batch, "So after all.")
    assert [says(one)[1] for one in (accepted, draft)] == ["accept", "accept"]


def test_what_somebody_changed_since_is_refused_alone(reviewer):
    first, second = make.make_statement(), make.make_statement()
    change = Recoding(disposition=make.disposition("accept"))
    done = recode(reviewer, keys_of(first, second), change, "Why")
    coder = make.make_user("Coder", username="mina")
    newest(first).submit(coder)

    undone = undoing.undo(reviewer, done.batch, "Not so.")

    assert [row.sentence for row in undone.refused] == [
        "mina changed it since: submitted."
    ]
    assert says(first)[1] == "accept"
    assert says(second)[1] == "prefer"


def test_a_batch_is_undone_once(reviewer):
    statement = make.make_statement(state="accepted")
    change = Recoding(disposition=make.disposition("accept"))
    done = recode(reviewer, [statement.key], change, "Why")
    undoing.undo(reviewer, done.batch, "Not so.")

    again = undoing.undo(reviewer, done.batch, "Not so.")
    assert [row.fate for row in again.rows] == ["refused"]
    assert newest(statement).version == 3
    assert undoing.batch_of(done.batch).can_be_undone is False


def test_a_version_that_still_waits_is_taken_back():
    statement = make.make_statement(state="accepted", code="prefer")
    change = Recoding(disposition=make.disposition("accept"))
    done = recode(make.make_user("Coder"), [statement.key], change, "Why")
    undone = undoing.undo(make.make_user(), done.batch, "Not so.")

    assert [row.fate for row in undone.rows] == ["taken back"]
    states = Statement.objects.filter(key=statement.key).order_by("version")
    assert list(states.values_list("state", flat=True)) == ["accepted", "rejected"]


def test_a_stance_published_on_the_new_words_refuses_to_be_undone(reviewer):
    statement = make.make_statement(state="accepted", code="prefer")
    change = Recoding(disposition=make.disposition("accept"))
    done = recode(reviewer, [statement.key], change, "Why")
    make.make_stance(
        actor=statement.actor,
        option=statement.option,
        code="accept",
        support=[newest(statement)],
        state="published",
    )
    undone = undoing.undo(reviewer, done.batch, "Not so.")

    assert "rests on the words as they were coded" in undone.refused[0].sentence
    assert says(statement)[1] == "accept"


def test_a_batch_tells_what_each_statement_said_and_says(reviewer, rested_on):
    statement, _ = rested_on
    done = recode(
        reviewer,
        [statement.key],
        Recoding(disposition=make.disposition("accept")),
        "Misread.",
        retract_stances=True,
    )
    batch = undoing.batch_of(done.batch)

    assert (batch.who, batch.why, batch.action) == (reviewer, "Misread.", "recoded")
    (entry,) = batch.entries
    assert (entry.before.phrase, entry.now.phrase) == ("prefer CCW", "would accept CCW")
    assert entry.changes == {"disposition"}
    assert [(done, str(stance)) for done, stance in batch.stances] == [
        ("retracted", "Japan: prefer CCW, from 2008-04-23")
    ]


def test_there_is_nothing_to_undo_under_an_unknown_key(reviewer):
    assert undoing.batch_of("nothing") is None
    assert undoing.batch_of("") is None
    with pytest.raises(Refused, match="no such recoding"):
        undoing.undo(reviewer, "nothing", "Why")


# -- the codebook ------------------------------------------------------------------


def test_an_edited_definition_changes_no_coding(reviewer):
    statement = make.make_statement(code="prefer", state="accepted")
    stance = make.make_stance(code="prefer", support=[statement], state="published")
    rows = [
        list(model.objects.order_by("pk").values()) for model in (Statement, Stance)
    ]
    changes = Change.objects.count()

    prefer = make.disposition("prefer")
    prefer.definition, prefer.example = "Quite another thing.", "Another."
    prefer.save()

    assert rows == [
        list(model.objects.order_by("pk").values()) for model in (Statement, Stance)
    ]
    assert Change.objects.count() == changes
    assert str(Stance.objects.get(pk=stance.pk)) == str(stance)
    assert stance.codebook_version == Stance.objects.get(pk=stance.pk).codebook_version


# -- what it costs -----------------------------------------------------------------


@pytest.mark.parametrize(("state", "most"), [("draft", 5), ("accepted", 45)])
def test_a_further_statement_costs_its_own_transitions_only(reviewer, state, most):
    def queries_of(number):
        made = [make.make_statement(who=reviewer, state=state) for _ in range(number)]
        change = Recoding(actor=make.make_actor())
        with CaptureQueriesContext(connection) as queries:
            plan(reviewer, keys_of(*made), change)
        return len(queries)

    queries_of(1)  # asks for the reviewer's permissions
    two, four, six = queries_of(2), queries_of(4), queries_of(6)
    assert six - four == four - two <= 2 * most
