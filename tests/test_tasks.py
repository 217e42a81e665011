"""Double coding: who is given what, answers blind, and is judged by a third person."""

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from positions import adjudicating, blind_coding, integrity, tasks
from positions.models import (
    Adjudication,
    Change,
    Coding,
    NotAllowed,
    NothingHere,
    Refused,
    Statement,
    Suggestion,
    Task,
    Voice,
)
from positions.models.changes import recording
from positions.pruning import prune, superseded
from positions.revising import make_current
from tests import factories as make
from tests.tasks_world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return World()


def numbers(rows):
    return [row.name for row in rows]


# -- assigning ---------------------------------------------------------------------


def test_a_whole_source_asks_all_but_its_subject_and_headings():
    source = make.make_source(
        [
            {"text": "SUBJECT: Mines", "role": "subject", "number": "", "name": "s"},
            {"text": "In short.", "role": "summary", "number": "1"},
            {"text": "What was said", "role": "heading", "number": "", "name": "h"},
            {"text": "At length.", "number": "2"},
        ]
    )
    assert numbers(tasks.asked_of(source)) == ["1", "2"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2", ["2"]),
        ("1-3", ["1", "2", "3"]),
        ("3–4, 1", ["1", "3", "4"]),
        (" 1 , 1-2,, ", ["1", "2"]),
    ],
)
def test_paragraphs_are_named_by_number_and_range(world, text, expected):
    assert numbers(tasks.numbered(world.source, text)) == expected


def test_a_range_leaves_headings_out_and_a_name_takes_them():
    source = make.make_source(
        ["One.", {"text": "More", "role": "heading", "number": "", "name": "after 1"}]
        + [{"text": "Two.", "number": "2", "name": "2 bis"}]
    )
    assert numbers(tasks.numbered(source, "1 - 2 BIS")) == ["1", "2 bis"]
    assert numbers(tasks.numbered(source, "after 1")) == ["after 1"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("7", "has no paragraph “7”"),
        ("1-9", "has no paragraph “9”"),
        ("3-1", "runs backwards"),
        ("1-2-3", "has no paragraph “1-2-3”"),
        (" , ", "Name at least one paragraph."),
    ],
)
def test_paragraphs_that_are_not_there_are_refused_by_name(world, text, sentence):
    with pytest.raises(Refused, match=sentence):
        tasks.numbered(world.source, text)


def test_several_sources_make_one_task_each_or_none(world):
    others = [make.make_source(), make.make_source()]
    given = {"issue": world.issue, "first": world.first, "second": world.second}
    made = tasks.assign_sources(world.reviewer, others, note="Mind Art. 1.", **given)
    assert [task.revision.source for task in made] == others
    assert {task.note for task in made} == {"Mind Art. 1."}
    with pytest.raises(Refused, match="already"):
        tasks.assign_sources(world.reviewer, [make.make_source(), others[0]], **given)
    assert Task.objects.count() == 3


def test_only_reviewers_assign(world):
    with pytest.raises(NotAllowed):
        world.assign(who=world.first, issue=make.make_issue())


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ("same", "Two different people"),
        ("inactive", "may not code"),
        ("reader", "may not code"),
    ],
)
def test_two_different_active_coders_get_a_task(world, wrong, sentence):
    second = {
        "same": lambda: world.first,
        "inactive": lambda: make.make_user("Coder", is_active=False),
        "reader": lambda: make.make_user("Reader"),
    }[wrong]()
    with pytest.raises(Refused, match=sentence):
        world.assign(issue=make.make_issue(), second=second)


def test_nobody_gets_the_same_paragraphs_of_an_issue_twice_at_a_time(world):
    other = make.make_user("Coder")
    with pytest.raises(Refused, match="already"):
        world.assign(tasks.numbered(world.source, "2"), second=other)
    world.assign(issue=make.make_issue())
    world.finish()
    world.assign(tasks.numbered(world.source, "2"), second=other)


def test_a_text_that_is_not_read_any_more_is_not_assigned(world):
    old = tasks.asked_of(world.source)
    make.make_revision(world.source, ["New."])
    for row in old:
        row.revision.refresh_from_db()
    with pytest.raises(Refused, match="newer text"):
        world.assign(old, issue=make.make_issue())


# -- answering ---------------------------------------------------------------------


def test_a_coding_keeps_what_is_said_and_leaves_the_header_out(world):
    row = world.answer(
        world.first, 1, quote="prefers an agreement", speaker_text="An official"
    )
    assert (row.quote, row.actor, row.option) == (
        "prefers an agreement",
        world.japan,
        world.ccw,
    )
    assert (row.coder, row.source, row.speaker_text) == (
        world.first,
        world.source,
        "An official",
    )
    assert (row.standing, row.said_on, row.said_basis) == ("own", "", "document")
    assert not Statement.objects.exists()


def test_several_options_make_one_coding_each(world):
    said = world.said(1)
    both = type(said)(
        words=said.words,
        actors=said.actors,
        options=[world.ccw, world.oslo],
        disposition=said.disposition,
    )
    rows = blind_coding.answer(world.first, world.task, both)
    assert [row.option for row in rows] == [world.ccw, world.oslo]


def test_words_of_the_authors_comment_get_the_standing_reporter_and_never_own(world):
    paragraph = world.paragraph(3)
    with recording(world.reviewer):
        Voice.objects.create(paragraph=paragraph, start=0, end=5, kind="comment")
    assert world.answer(world.first, 3).standing == "reporter"
    with pytest.raises(Refused, match="their standing is reporter, not own"):
        world.answer(world.second, 3, standing="own")


def test_fields_that_contradict_are_refused_as_in_a_statement(world):
    with pytest.raises(ValidationError, match="needs its condition"):
        world.answer(world.first, 1, modality="conditional")


def test_words_are_of_a_paragraph_of_the_task(world):
    small = world.assign(tasks.numbered(world.source, "1"), issue=make.make_issue())
    option = make.make_option(issue=small.issue)
    with pytest.raises(Refused, match="is not part of this task"):
        blind_coding.answer(world.first, small, world.said(2, option=option))


def test_options_are_of_the_issue_of_the_task(world):
    with pytest.raises(Refused, match="is no option of Cluster munitions"):
        world.answer(world.first, 1, option=make.make_option("Ottawa"))


def test_a_repeated_argument_is_no_second_answer(world):
    world.answer(world.first, 2, quote="Pressure")
    with pytest.raises(Refused, match="coded the same"):
        world.answer(world.first, 2, quote="engaged")
    world.answer(world.first, 2, quote="engaged", code="oppose")
    world.answer(world.second, 2, quote="engaged")


def test_nothing_here_and_codings_of_a_paragraph_exclude_each_other(world):
    world.answer(world.first, 1)
    with pytest.raises(Refused, match="take your codings out"):
        world.nothing(world.first, 1)
    world.nothing(world.first, 3)
    with pytest.raises(Refused, match="take that back before"):
        world.answer(world.first, 3)
    blind_coding.something_here(world.first, world.task, world.paragraph(3))
    world.answer(world.first, 3)
    # The other coder is another matter.
    world.nothing(world.second, 1, 3)


def test_nothing_here_said_twice_is_once(world):
    world.nothing(world.first, 3, 3)
    assert NothingHere.objects.count() == 1


def test_only_the_two_coders_answer_and_change_only_their_own(world):
    row = world.answer(world.first, 1)
    for other in (world.reviewer, make.make_user("Coder")):
        with pytest.raises(NotAllowed, match="Only its two coders"):
            world.answer(other, 1)
    with pytest.raises(Refused, match="not among your codings"):
        blind_coding.take_out(world.second, row)
    with pytest.raises(Refused, match="not among your codings"):
        blind_coding.change(world.second, row, world.said(1))
    assert Coding.objects.get() == row


def test_a_coding_is_changed_and_taken_out_until_one_is_done(world):
    row = world.answer(world.first, 1)
    (row,) = blind_coding.change(world.first, row, world.said(1, code="oppose"))
    assert Coding.objects.get().disposition.code == "oppose"
    with pytest.raises(Refused, match="stays in its paragraph"):
        blind_coding.change(world.first, row, world.said(2))
    blind_coding.take_out(world.first, row)
    assert not Coding.objects.exists()
    row = world.answer(world.first, 1)
    world.finish(world.first)
    for late in (
        lambda: blind_coding.take_out(world.first, row),
        lambda: blind_coding.change(world.first, row, world.said(1)),
        lambda: world.answer(world.first, 2),
        lambda: blind_coding.something_here(
            world.first, world.task, world.paragraph(3)
        ),
    ):
        with pytest.raises(Refused, match="You have said that you are done"):
            late()


def test_a_change_that_is_refused_leaves_the_coding_as_it_was(world):
    row = world.answer(world.first, 1)
    with pytest.raises(Refused):
        blind_coding.change(
            world.first, row, world.said(1, option=make.make_option("Ottawa"))
        )
    assert Coding.objects.get() == row


def test_being_done_is_refused_with_the_paragraphs_not_answered_yet(world):
    world.answer(world.first, 1)
    world.nothing(world.first, 3)
    with pytest.raises(Refused, match="Not answered yet: 2, 4."):
        blind_coding.finish(world.first, world.task)


def test_the_log_says_how_much_is_answered_and_never_what(world):
    row = world.answer(world.first, 1)
    world.answer(world.first, 1, option=world.oslo)
    blind_coding.change(world.first, row, world.said(1, code="oppose"))
    world.nothing(world.first, 3)
    blind_coding.something_here(world.first, world.task, world.paragraph(3))
    told = Change.objects.filter(who=world.first).order_by("seq")
    assert list(told.values_list("record", "action", "why")) == [
        ("task", "paragraph answered", ""),
        ("task", "paragraph answered", ""),
        ("task", "answer taken back", ""),
    ]


def test_progress_is_counted_in_paragraphs_answered(world):
    world.answer(world.first, 1)
    world.answer(world.first, 1, option=world.oslo)
    world.nothing(world.first, 3)
    (row,) = tasks.with_progress(Task.objects.all())
    assert (row.asked, row.first_answered, row.second_answered) == (4, 2, 0)


# -- blind -------------------------------------------------------------------------


def test_a_coder_is_blind_in_the_paragraphs_of_a_task_until_both_are_done(world):
    ours = set(world.source.revisions.get().paragraphs.all())
    make.make_source()
    for coder in (world.first, world.second):
        assert set(tasks.blind_paragraphs(coder)) == ours
    assert not tasks.blind_paragraphs(world.reviewer).exists()
    world.finish(world.first)
    assert set(tasks.blind_paragraphs(world.first)) == ours
    world.finish(world.second)
    for coder in (world.first, world.second):
        assert not tasks.blind_paragraphs(coder).exists()


def test_a_coder_is_blind_in_the_next_text_of_the_same_paragraphs_too(world):
    new = make.make_revision(world.source, ["One.", "Two.", "Three.", "Four.", "5."])
    blind = tasks.blind_paragraphs(world.first).filter(revision=new)
    assert sorted(blind.values_list("key", flat=True)) == [1, 2, 3, 4]


def test_both_codings_are_compared_only_when_both_are_done(world):
    world.answer(world.first, 1)
    world.finish(world.first)
    with pytest.raises(Refused, match="Both coders must be done first."):
        adjudicating.pairs(world.task)
    assert not adjudicating.may_look(world.reviewer, world.task)


def test_the_coders_see_both_codings_only_after_all_is_judged(world):
    first, second = world.both()
    assert adjudicating.may_look(world.reviewer, world.task)
    assert not adjudicating.may_look(world.first, world.task)
    adjudicating.agree_all(world.reviewer, world.task)
    world.task.refresh_from_db()
    assert adjudicating.may_look(world.first, world.task)
    assert not adjudicating.may_look(make.make_user("Coder"), world.task)


def test_a_task_is_reopened_for_one_coder_by_a_reviewer(world):
    world.both()
    with pytest.raises(NotAllowed):
        blind_coding.reopen(world.first, world.task, world.first)
    blind_coding.reopen(world.reviewer, world.task, world.first, "Para 2 again.")
    world.answer(world.first, 1, code="oppose")
    with pytest.raises(Refused, match="said that you are done"):
        world.answer(world.second, 1, code="oppose")
    with pytest.raises(Refused, match="is not done with this task"):
        blind_coding.reopen(world.reviewer, world.task, world.first)
    with pytest.raises(Refused, match="is not done with this task"):
        blind_coding.reopen(world.reviewer, world.task, world.reviewer)


def test_a_task_is_not_reopened_once_adjudication_began(world):
    world.both()
    adjudicating.agree_all(world.reviewer, world.task)
    with pytest.raises(Refused, match="adjudication has begun"):
        blind_coding.reopen(world.reviewer, world.task, world.first)


def test_a_task_in_which_both_found_nothing_waits_for_nobody(world):
    world.finish()
    assert world.task.adjudicated_at
    assert not Task.objects.to_adjudicate().exists()
    blind_coding.reopen(world.reviewer, world.task, world.first)
    world.task.refresh_from_db()
    assert world.task.adjudicated_at is None


# -- comparing ---------------------------------------------------------------------


def kinds(world):
    return [
        (compared.paragraph.name, [one.kind for one in compared.matches])
        for compared in adjudicating.pairs(world.task)
    ]


def test_codings_are_matched_by_cell_and_told_apart_by_disposition(world):
    one, two = world.first, world.second
    world.answer(one, 1, code="prefer")
    world.answer(two, 1, code="prefer")
    world.answer(one, 2, code="support", quote="Pressure")
    world.answer(two, 2, code="oppose", quote="keeps")
    world.answer(one, 4, actor=world.norway)
    world.answer(two, 4, option=world.oslo)
    world.finish()
    assert kinds(world) == [
        ("1", ["agreed"]),
        ("2", ["differing"]),
        ("4", ["first", "second"]),
    ]


def test_another_facet_or_modality_is_another_cell(world):
    world.answer(world.first, 1, code="prefer")
    world.answer(world.second, 1, code="engage")
    world.answer(world.first, 2, modality="stated")
    world.answer(world.second, 2, modality="expected")
    world.finish()
    assert kinds(world) == [("1", ["first", "second"]), ("2", ["first", "second"])]


def test_within_a_cell_the_same_disposition_goes_together(world):
    for code in ("prefer", "oppose"):
        world.answer(world.first, 1, code=code)
    for code in ("oppose", "support"):
        world.answer(world.second, 1, code=code)
    world.finish()
    (compared,) = adjudicating.pairs(world.task)
    found = {
        one.kind: (one.first.disposition.code, one.second.disposition.code)
        for one in compared.matches
    }
    assert found == {"agreed": ("oppose", "oppose"), "differing": ("prefer", "support")}


def test_merged_actors_and_options_are_one_cell(world):
    nippon = make.make_actor("Nippon", merged_into=world.japan)
    talks = make.make_option("Talks", issue=world.issue, merged_into=world.ccw)
    world.answer(world.first, 1)
    world.answer(world.second, 1, actor=nippon, option=talks)
    world.finish()
    assert kinds(world) == [("1", ["agreed"])]
    adjudicating.agree_all(world.reviewer, world.task)
    assert Statement.objects.get().actor == world.japan


def test_a_coder_who_found_nothing_in_a_paragraph_is_named(world):
    world.answer(world.first, 1)
    world.finish()
    (compared,) = adjudicating.pairs(world.task)
    assert compared.silent == ["second"]


def test_comparing_asks_as_often_for_many_codings_as_for_few(world):
    world.answer(world.first, 1)
    world.answer(world.second, 1)
    world.finish()
    with CaptureQueriesContext(
        connection,
    ) as few:
        adjudicating.pairs(world.task)
    more = World([f"Japan prefers the CCW, {n}." for n in range(12)])
    for number in range(1, 13):
        for code in ("prefer", "oppose"):
            more.answer(more.first, number, code=code)
            more.answer(more.second, number, code=code)
    more.finish()
    with CaptureQueriesContext(connection) as many:
        assert len(adjudicating.pairs(more.task)) == 12
    assert len(many) == len(few)


# -- judging -----------------------------------------------------------------------


def judge(world, verdict, first=None, second=None, **more):
    more = {"who": world.reviewer, **more}
    return adjudicating.adjudicate(
        more.pop("who"), world.task, verdict, first=first, second=second, **more
    )


@pytest.mark.parametrize(
    ("verdict", "code", "coder"),
    [("first", "prefer", "first"), ("second", "oppose", "second")],
)
def test_the_chosen_coding_becomes_a_double_coded_statement(
    world, verdict, code, coder
):
    first = world.answer(world.first, 1, code="prefer", note="Of the first.")
    second = world.answer(world.second, 1, code="oppose", speaker_role="Minister")
    world.finish()
    decided = judge(world, verdict, first, second)
    statement = Statement.objects.get()
    assert decided.statement_key == statement.key
    assert statement.state == "accepted"
    assert statement.disposition.code == code
    assert statement.coder == getattr(world, coder)
    assert statement.accepted_by == world.reviewer
    assert not statement.single_coded
    assert statement.main.quote == world.paragraph(1).text
    assert statement.said_on == world.source.dated
    assert Coding.objects.count() == 2
    world.task.refresh_from_db()
    assert (world.task.adjudicated_by, bool(world.task.adjudicated_at)) == (
        world.reviewer,
        True,
    )


def test_agreeing_pairs_are_agreed_to_at_once_and_share_a_batch(world):
    for number in (1, 2):
        world.answer(world.first, number)
        world.answer(world.second, number)
    world.answer(world.first, 4)
    world.finish()
    assert adjudicating.agree_all(world.reviewer, world.task) == 2
    assert Statement.objects.filter(state="accepted").count() == 2
    batches = Change.objects.filter(action="adjudicated").values_list("batch")
    assert len(set(batches)) == 1
    world.task.refresh_from_db()
    assert world.task.adjudicated_at is None
    assert adjudicating.agree_all(world.reviewer, world.task) == 0


def test_neither_makes_no_statement_and_needs_a_reason(world):
    row = world.answer(world.first, 1)
    world.finish()
    with pytest.raises(Refused, match="Say why"):
        judge(world, "neither", row, why="  ")
    judge(world, "neither", row, why="It is the weather.")
    assert not Statement.objects.exists()
    world.task.refresh_from_db()
    assert world.task.adjudicated_at


def test_both_wrong_is_coded_anew_by_the_adjudicator_alone(world):
    first = world.answer(world.first, 1, code="prefer")
    second = world.answer(world.second, 1, code="oppose")
    world.finish()
    said = world.said(1, code="support", option=world.oslo)
    with pytest.raises(Refused, match="Say why"):
        judge(world, "both_wrong", first, second, said=said)
    with pytest.raises(Refused, match="Code anew"):
        judge(world, "both_wrong", first, second, why="Misread.")
    with pytest.raises(Refused, match="Code words of"):
        judge(world, "both_wrong", first, second, why="Misread.", said=world.said(2))
    judge(world, "both_wrong", first, second, why="Misread.", said=said)
    statement = Statement.objects.get()
    assert (statement.coder, statement.state) == (world.reviewer, "accepted")
    assert statement.single_coded


def test_without_self_review_what_is_coded_anew_waits_for_another(world, settings):
    settings.SELF_REVIEW = False
    row = world.answer(world.first, 1)
    world.finish()
    judge(world, "both_wrong", row, why="Misread.", said=world.said(1, code="oppose"))
    assert Statement.objects.get().state == "review"


@pytest.mark.parametrize("who", ["first", "Coder"])
def test_a_third_person_adjudicates_who_may(world, who):
    row, other = world.both()
    world.first.groups.set(world.reviewer.groups.all())
    person = world.first if who == "first" else make.make_user(who)
    with pytest.raises(NotAllowed):
        judge(world, "agree", row, other, who=type(person).objects.get(pk=person.pk))


def test_nothing_is_judged_before_both_are_done_nor_twice(world):
    first, second = world.answer(world.first, 1), world.answer(world.second, 1)
    world.finish(world.first)
    with pytest.raises(Refused, match="Both coders must be done"):
        judge(world, "agree", first, second)
    world.finish(world.second)
    judge(world, "agree", first, second)
    with pytest.raises(Refused, match="decided already"):
        judge(world, "first", first, second)
    with pytest.raises(Refused, match="decided already"):
        judge(world, "second", None, second)
    assert Statement.objects.count() == 1


def test_verdicts_that_do_not_fit_are_refused(world):
    first = world.answer(world.first, 1, code="prefer")
    second = world.answer(world.second, 1, code="oppose")
    elsewhere = world.answer(world.second, 2)
    world.finish()
    for verdict, one, two, sentence in (
        ("agree", first, second, "do not agree"),
        ("agree", first, None, "do not agree"),
        ("first", None, elsewhere, "has not coded it"),
        ("second", first, None, "has not coded it"),
        ("first", first, elsewhere, "not about the same"),
        ("first", second, None, "no coding of the first coder"),
        ("first", None, None, "Choose the codings"),
        ("maybe", first, second, "Choose what you decide"),
    ):
        with pytest.raises(Refused, match=sentence):
            judge(world, verdict, one, two)
    assert not Adjudication.objects.exists()


def test_a_statement_without_any_date_is_refused_whole():
    world = World(dated="")
    row, other = world.both()
    with pytest.raises(Refused, match="has no date"):
        judge(world, "agree", row, other)
    assert not Adjudication.objects.exists()
    assert not Statement.objects.exists()


def test_an_adjudication_is_undone_while_nothing_followed(world):
    first, second = world.both()
    decided = judge(world, "agree", first, second)
    adjudicating.undo(world.reviewer, decided)
    assert not Statement.objects.public().exists()
    newest = Statement.objects.newest().get()
    assert newest.state == "rejected"
    world.task.refresh_from_db()
    assert world.task.adjudicated_at is None
    with pytest.raises(Refused, match="taken back already"):
        adjudicating.undo(world.reviewer, decided)
    judge(world, "agree", first, second)
    assert Statement.objects.public().count() == 1


def test_an_adjudication_is_not_undone_once_a_stance_rests_on_it(world):
    first, second = world.both()
    decided = judge(world, "agree", first, second)
    make.make_stance(
        actor=world.japan,
        option=world.ccw,
        support=[Statement.objects.get()],
        state="published",
    )
    with pytest.raises(Refused, match="since it was accepted"):
        adjudicating.undo(world.reviewer, decided)
    assert Adjudication.objects.filter(pk=decided.pk).exists()


def test_an_adjudication_is_not_undone_over_somebodys_correction(world):
    first, second = world.both()
    decided = judge(world, "agree", first, second)
    Statement.objects.get().next_version(world.reviewer)
    with pytest.raises(Refused, match="has changed since"):
        adjudicating.undo(world.reviewer, decided)


def test_what_was_judged_together_stays_together_when_actors_part(world):
    nippon = make.make_actor("Nippon", merged_into=world.japan)
    first = world.answer(world.first, 1)
    second = world.answer(world.second, 1, actor=nippon)
    world.finish()
    judge(world, "agree", first, second)
    with recording(world.reviewer):
        nippon.merged_into = None
        nippon.save()
    (compared,) = adjudicating.pairs(world.task)
    assert [(one.first, one.second) for one in compared.matches] == [(first, second)]
    assert compared.decided


def test_a_coding_of_an_earlier_text_is_cited_where_it_stands_now(world):
    first, second = world.both(quote="prefers an agreement")
    new = make.make_revision(world.source, ["Japan, too, prefers an agreement."])
    make_current(world.source, new)
    judge(world, "agree", first, second)
    paragraph, start, end = Statement.objects.get().main.place
    assert paragraph.revision == new
    assert paragraph.text[start:end] == "prefers an agreement"


# -- beside the rest ---------------------------------------------------------------


def test_codings_make_no_suggestion_and_no_statement_until_they_are_judged(world):
    world.both()
    assert not Statement.objects.exists()
    assert not Suggestion.objects.exists()


def test_paragraphs_that_a_task_asks_about_are_not_pruned(world):
    world.answer(world.first, 1)
    make.make_revision(world.source, ["Quite another text."])
    list(prune(superseded(), tool="test"))
    assert world.task.paragraphs.count() == 4


def test_the_integrity_check_finds_a_quote_out_of_place(world):
    assert not [fault for fault in integrity.faults() if "Coding" in fault]
    row = world.answer(world.first, 1, quote="Japan")
    Coding.objects.filter(pk=row.pk).update(start=1, end=6)
    assert f"Coding {row.key}: its quote is not in its place." in integrity.faults()


def test_the_integrity_check_finds_answers_that_exclude_each_other(world):
    row = world.answer(world.first, 1)
    NothingHere.objects.create(
        task=world.task, coder=world.first, paragraph=world.paragraph(1)
    )
    NothingHere.objects.create(
        task=world.task,
        coder=world.first,
        paragraph=make.paragraph_of(make.make_source(), 1),
    )
    faults = list(integrity.faults())
    assert f"Coding {row.key}: its coder also said that nothing is there." in faults
    assert f"Task {world.task.pk}: an answer is not about its paragraphs." in faults
