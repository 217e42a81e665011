"""Double coding in admin: assigned, coded blind, adjudicated side by side."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from positions import adjudicating, blind_coding, tasks, worklists
from positions.models import (
    Adjudication,
    Coding,
    CodingHeader,
    HeaderSpeaker,
    NothingHere,
    Statement,
    Suggestion,
    Task,
    Voice,
)
from positions.models.changes import recording
from tests import factories as make
from tests.tasks_world import World

pytestmark = pytest.mark.django_db

# Words that stand in a coding and nowhere else.
SECRET = "xyzzy"


@pytest.fixture
def world():
    return World()


def address(name, *args):
    name = name if name == "index" else f"positions_{name}"
    return reverse(f"admin:{name}", args=args)


class Desk:
    """A client at which one person sits."""

    def __init__(self, client, user):
        client.force_login(user)
        self.client = client

    def get(self, name, *args, **query):
        return self.client.get(address(name, *args), query)

    def post(self, name, *args, **form):
        return self.client.post(address(name, *args), form, follow=True)


@pytest.fixture
def sit(client):
    return lambda user: Desk(client, user)


def told(page):
    return [str(message) for message in page.context["messages"]]


# -- assigning ---------------------------------------------------------------------


def assign_form(world, *sources, **fields):
    return {
        "source": [source.pk for source in sources],
        "issue": world.issue.pk,
        "first": world.first.pk,
        "second": world.second.pk,
        **fields,
    }


def test_sources_ticked_in_their_list_lead_to_the_form_that_assigns_them(sit, world):
    desk = sit(world.reviewer)
    others = [make.make_source(identifier="A1"), make.make_source(identifier="A2")]
    form = desk.post(
        "source_changelist",
        action="assign_selected",
        _selected_action=[source.pk for source in others],
    )
    assert "2 sources, one task each" in form.text
    assert 'name="paragraphs"' not in form.text
    page = desk.post("task_assign", **assign_form(world, *others, note="Mind Art. 1."))
    assert told(page) == [f"2 tasks are with {world.first} and {world.second} now."]
    made = Task.objects.exclude(pk=world.task.pk)
    assert {task.revision.source for task in made} == set(others)
    assert {task.note for task in made} == {"Mind Art. 1."}


def test_of_one_source_paragraphs_are_chosen_by_number(sit, world):
    desk, source = sit(world.reviewer), make.make_source()
    desk.post("task_assign", **assign_form(world, source, paragraphs="2"))
    (task,) = Task.objects.filter(revision__source=source)
    assert [row.number for row in task.paragraphs.all()] == ["2"]


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"paragraphs": "1-9"}, "has no paragraph “9”"),
        ({"second": "same"}, "Two different people code a task."),
        ({"issue": ""}, "This field is required."),
        ({}, "with"),
    ],
)
def test_what_is_wrong_with_an_assignment_is_told_and_the_form_kept(
    sit, world, fields, sentence
):
    if fields.get("second") == "same":
        fields = {"second": world.first.pk}
    source = make.make_source() if fields else world.source
    page = sit(world.reviewer).post(
        "task_assign", **assign_form(world, source, note="Remember.", **fields)
    )
    assert sentence in page.text
    assert "Nothing is assigned yet" in page.text
    assert 'value="Remember."' in page.text
    assert Task.objects.count() == 1


def test_coders_do_not_assign_and_do_not_see_the_action(sit, world):
    desk = sit(world.first)
    assert desk.get("task_assign", source=world.source.pk).status_code == 403
    assert "assign_selected" not in desk.get("source_changelist").text


@pytest.mark.parametrize("query", [{}, {"source": "x"}, {"source": "9" * 30}])
def test_without_sources_one_is_led_to_their_list(sit, world, query):
    answer = sit(world.reviewer).get("task_assign", **query)
    assert answer.url == address("source_changelist")


# -- coding ------------------------------------------------------------------------


def answer_form(world, number=1, **fields):
    return {
        "issue": world.issue.key,
        "words": world.paragraph(number).text,
        "speaker_choice": "other",
        "likely": [],
        "actors": [world.japan.pk],
        "options": [world.ccw.pk],
        "disposition": make.disposition("prefer").pk,
        "save": "1",
        **fields,
    }


def code(desk, world, number=1, query="", **fields):
    where = address("task_answer", world.task.pk, world.paragraph(number).key) + query
    return desk.client.post(where, answer_form(world, number, **fields), follow=True)


def test_a_coder_codes_says_nothing_here_and_is_done(sit, world):
    desk, pk = sit(world.first), world.task.pk
    assert "0 of 4 answered" in desk.get("task_code", pk).text
    page = code(desk, world, 1)
    assert told(page) == ["Your answer: Japan: prefer CCW."]
    assert "1 of 4 answered" in page.text
    page = desk.post("task_code", pk, act="done")
    assert "Not answered yet: 2, 3, 4." in told(page)[0]
    for number in (2, 3, 4):
        key = world.paragraph(number).key
        page = desk.post("task_code", pk, act="nothing", paragraph=key)
    assert "4 of 4 answered" in page.text
    page = desk.post("task_code", pk, act="done")
    assert "Thank you" in told(page)[0]
    assert "Code here" not in page.text
    assert "Take out" not in page.text
    assert Coding.objects.get().coder == world.first
    assert NothingHere.objects.count() == 3


def test_own_answers_are_changed_taken_out_and_taken_back(sit, world):
    desk, pk = sit(world.first), world.task.pk
    row = world.answer(world.first, 1, speaker_text="An official", modality="expected")
    key = world.paragraph(1).key
    form = desk.get("task_answer", pk, key, coding=row.key)
    shown = form.context["form"]
    assert shown["words"].value() == row.quote
    assert shown["speaker_text"].value() == "An official"
    assert shown["modality"].value() == "expected"
    assert shown["likely"].value() == [world.japan.pk]
    assert not shown["form"].value()
    code(
        desk, world, 1, f"?coding={row.key}", disposition=make.disposition("oppose").pk
    )
    row = Coding.objects.get()
    assert row.disposition.code == "oppose"
    desk.post("task_code", pk, act="take_out", paragraph=key, coding=row.key)
    assert not Coding.objects.exists()
    desk.post("task_code", pk, act="nothing", paragraph=key)
    desk.post("task_code", pk, act="something", paragraph=key)
    assert not NothingHere.objects.exists()


def test_nothing_here_stands_in_the_form_too_and_excludes_codings(sit, world):
    desk = sit(world.first)
    code(desk, world, 3, nothing="1", words="")
    assert NothingHere.objects.get().paragraph == world.paragraph(3)
    page = code(desk, world, 3)
    assert "take that back before" in page.text
    assert world.paragraph(3).text in page.context["form"]["words"].value()
    assert not Coding.objects.exists()


def test_save_and_code_next_stays_at_the_paragraph_and_keeps_the_actor(sit, world):
    desk = sit(world.first)
    where = address("task_answer", world.task.pk, world.paragraph(1).key)
    form = answer_form(world, 1, next="1")
    del form["save"]
    page = desk.client.post(where, form, follow=True)
    assert page.request["PATH_INFO"] == where
    assert page.context["form"]["actors"].value() == [str(world.japan.pk)]
    assert Coding.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"words": "Not there"}, "does not stand in"),
        ({"options": []}, "Choose at least one option."),
        ({"modality": "conditional"}, "needs its condition"),
        ({"said_on": "yesterday"}, "YYYY-MM-DD"),
    ],
)
def test_what_is_wrong_with_an_answer_is_told_and_kept(sit, world, fields, sentence):
    page = code(sit(world.first), world, 1, note="Remember.", **fields)
    assert sentence in page.text
    assert "Remember." in page.text
    assert not Coding.objects.exists()


def test_the_comment_voice_is_shaded_and_never_own(sit, world):
    paragraph = world.paragraph(2)
    with recording(world.reviewer):
        Voice.objects.create(paragraph=paragraph, start=0, end=8, kind="comment")
    desk = sit(world.first)
    assert "voice-comment" in desk.get("task_code", world.task.pk).text
    page = code(desk, world, 2, standing="own")
    assert "their standing is reporter, not own" in page.text
    code(desk, world, 2)
    assert Coding.objects.get().standing == "reporter"


def test_the_speakers_of_the_coding_header_are_at_hand(sit, world):
    with recording(world.reviewer):
        header = CodingHeader.objects.create(source=world.source)
        HeaderSpeaker.objects.create(
            header=header, name="An official", role="Director", actor=world.norway
        )
    speaker = header.speakers.get()
    desk = sit(world.first)
    code(desk, world, 1, speaker_choice=speaker.pk, actors=[])
    row = Coding.objects.get()
    assert (row.actor, row.speaker_text) == (world.norway, "An official")
    form = desk.get(
        "task_answer", world.task.pk, world.paragraph(1).key, coding=row.key
    )
    assert form.context["form"]["speaker_choice"].value() == str(speaker.pk)
    assert not form.context["form"].open_folded


def test_paragraphs_around_the_assigned_ones_are_shown_and_not_codable(sit, world):
    issue = make.make_issue()
    make.make_option(issue=issue)
    task = world.assign(tasks.numbered(world.source, "2"), issue=issue)
    desk = sit(world.first)
    page = desk.get("task_code", task.pk).text
    assert "The weather was fine." in page
    assert "Norway opposes the CCW." not in page
    assert page.count("Code here") == 2  # the button and its label
    beside = make.paragraph_of(world.source, 3)
    assert desk.get("task_answer", task.pk, beside.key).status_code == 404
    page = desk.post("task_code", task.pk, act="nothing", paragraph=beside.key)
    assert told(page) == ["There is no such button."]


def test_a_task_of_many_paragraphs_is_coded_page_by_page(sit):
    world = World([f"Words {n}." for n in range(1, 121)])
    desk = sit(world.first)
    first = desk.get("task_code", world.task.pk)
    assert first.text.count('class="paragraph role-body') == 50
    at = desk.get("task_code", world.task.pk, at=world.paragraph(77).key)
    assert "Words 77." in at.text
    assert at.context["page"].number == 2


@pytest.mark.parametrize("act", ["nothing", "done", "take_out", "dance", ""])
def test_nonsense_is_answered_in_a_sentence(sit, world, act):
    for paragraph in ("", "x", "99", "9" * 30):
        page = sit(world.first).post(
            "task_code", world.task.pk, act=act, paragraph=paragraph, coding="x"
        )
        assert page.status_code == 200
        assert told(page)


def test_what_no_database_stores_is_answered_too(sit, world):
    first, _ = world.both()
    desk = sit(world.reviewer)
    for name in ("task_adjudicate", "task_reopen"):
        answer = desk.post(name, world.task.pk, first=first.key, why="\x00")
        assert answer.status_code == 400
    for first_key in ("\x00", "x" * 5000):
        answer = desk.get("task_anew", world.task.pk, first=first_key, why="\x00")
        assert answer.status_code in (400, 404)


def test_recent_changes_name_tasks_without_asking_for_each(client, world):
    desk = Desk(client, world.reviewer)
    one = queries(desk, "index")
    for _ in range(4):
        world.assign(tasks.asked_of(make.make_source()))
    assert queries(desk, "index") == one


def test_pages_of_tasks_that_are_not_there_are_not_there(sit, world):
    desk = sit(world.first)
    for name in ("task_code", "task_adjudicate", "task_anew"):
        assert desk.get(name, 999).status_code == 404
    assert desk.get("task_answer", world.task.pk, 999).status_code == 404


# -- blind -------------------------------------------------------------------------


def coded_in_secret(world):
    """The first coder is done, with words and a note that nobody else may see."""
    row = world.answer(world.first, 1, quote="prefers", note=SECRET)
    world.finish(world.first)
    return row


def pages_of(desk, world):
    """Every page of admin on which something of a task could stand."""
    pk = world.task.pk
    names = [
        ("index",),
        ("positions_task_changelist",),
        ("positions_task_change", pk),
        ("positions_task_history", pk),
        ("positions_task_code", pk),
        ("positions_task_answer", pk, world.paragraph(1).key),
        ("positions_task_adjudicate", pk),
        ("positions_task_anew", pk),
        ("positions_source_read", world.source.pk),
        ("positions_source_code", world.source.pk, world.paragraph(1).key),
        ("positions_statement_changelist",),
        ("positions_suggestion_changelist",),
        ("positions_change_changelist",),
    ]
    names += [("positions_queue", one.key) for one in worklists.everything()]
    for name, *args in names:
        page = desk.client.get(reverse(f"admin:{name}", args=args), follow=True)
        assert page.status_code in (200, 403, 404), name
        yield name, page.text


@pytest.mark.parametrize("who", ["second", "reviewer", "superuser"])
def test_no_page_shows_an_answer_before_both_are_done(
    sit, world, who, django_user_model
):
    row = coded_in_secret(world)
    superuser = django_user_model.objects.create_superuser("ada")
    user = {"superuser": superuser}.get(who) or getattr(world, who)
    desk = sit(user)
    for name, text in pages_of(desk, world):
        for hidden in (SECRET, row.key, str(row), "by-first"):
            assert hidden not in text, (name, hidden)
    asked = desk.get(
        "task_answer", world.task.pk, world.paragraph(1).key, coding=row.key
    )
    assert asked.status_code in (200, 302)
    assert SECRET not in asked.text
    page = desk.post("task_adjudicate", world.task.pk, verdict="first", first=row.key)
    assert told(page)[-1] == "Both codings are seen when both coders are done."
    assert not Statement.objects.exists()


def test_the_other_coder_takes_nothing_out_by_its_key(sit, world):
    row = coded_in_secret(world)
    page = sit(world.second).post(
        "task_code", world.task.pk, act="take_out", coding=row.key
    )
    assert told(page) == ["It was taken out already."]
    assert Coding.objects.filter(pk=row.pk).exists()


def test_whoever_is_no_coder_is_led_to_the_numbers(sit, world):
    world.answer(world.first, 1)
    page = sit(world.reviewer).get("task_code", world.task.pk)
    assert page.url == address("task_change", world.task.pk)
    listed = sit(world.reviewer).get("task_changelist").text
    assert "1 of 4" in listed
    assert "0 of 4" in listed


def test_suggestions_and_statements_are_hidden_from_a_coder_until_both_are_done(
    sit, world
):
    paragraph = make.paragraph_of(world.source, 1)
    said = {
        "source": world.source,
        "paragraph": paragraph,
        "start": 0,
        "end": 5,
        "quote": paragraph.text[:5],
        "actor": world.norway,
        "option": world.oslo,
        "disposition": make.disposition("lead"),
    }
    Suggestion.objects.create(
        **said, confidence=0.9, reason=SECRET, tool="t", fingerprint="f"
    )
    make.make_statement(
        actor=world.norway, option=world.oslo, code="lead", paragraph=paragraph
    )
    hidden = f"leading {world.oslo}"
    own = make.make_statement(paragraph=paragraph, who=world.first)
    desk = sit(world.first)
    for name in ("suggestion_changelist", "statement_changelist"):
        assert hidden not in desk.get(name).text
    assert str(own.actor) in desk.get("statement_changelist").text
    assert hidden not in desk.get("task_code", world.task.pk).text
    form = desk.get("task_answer", world.task.pk, paragraph.key)
    assert hidden not in form.text
    assert not form.context["form"].fields["likely"].queryset
    assert hidden in sit(world.reviewer).get("statement_changelist").text
    world.finish()
    desk = sit(world.first)
    for name in ("suggestion_changelist", "statement_changelist"):
        assert hidden in desk.get(name).text


def test_no_list_shows_a_blind_coder_the_words_of_others(sit, world):
    """Drafts, citations that moved, speakers, stances: all cite the paragraph."""
    paragraph = make.paragraph_of(world.source, 1)
    given = {"actor": world.norway, "option": world.oslo, "paragraph": paragraph}
    draft = make.make_statement(code="lead", speaker_text="A minister", **given)
    draft.citations.update(anchor="orphaned")
    support = make.make_statement(code="lead", state="accepted", **given)
    make.make_stance(
        actor=world.norway, option=world.oslo, code="lead", support=[support]
    )
    hidden = f"leading {world.oslo}"
    lists = [("queue", one.key) for one in worklists.everything()]
    lists += [("citation_changelist",), ("stance_changelist",)]
    shown = {name for name in lists if hidden in sit(world.reviewer).get(*name).text}
    assert shown == {
        ("queue", "draft-statements"),
        ("queue", "draft-stances"),
        ("queue", "citations"),
        ("queue", "speakers"),
        ("citation_changelist",),
        ("stance_changelist",),
    }
    desk = sit(world.first)
    for name in shown:
        assert hidden not in desk.get(*name).text, name


def test_codings_are_never_public(client, world):
    first, second = world.both(note=SECRET, code="lead")
    for where in (
        "/",
        "/api/v1/",
        "/api/v1/statements/",
        "/api/v1/paragraphs/",
        "/api/v1/changes/",
        f"/issues/{world.issue.key}/",
        f"/sources/{world.source.key}/",
        f"/actors/{world.japan.key}/",
    ):
        text = client.get(where).text
        for hidden in (SECRET, first.key, second.key, "leading"):
            assert hidden not in text, (where, hidden)
    for name in ("codings", "tasks", "adjudications", "nothings"):
        assert client.get(f"/api/v1/{name}/").status_code == 404


# -- adjudicating ------------------------------------------------------------------


def judge(desk, world, verdict, first=None, second=None, **more):
    return desk.post(
        "task_adjudicate",
        world.task.pk,
        verdict=verdict,
        first=first.key if first else "",
        second=second.key if second else "",
        **more,
    )


def test_both_codings_stand_side_by_side_with_their_words_lit(sit, world):
    world.answer(world.first, 1, quote="Japan prefers", code="prefer")
    world.answer(world.second, 1, quote="prefers an agreement", code="oppose")
    world.finish()
    page = sit(world.reviewer).get("task_adjudicate", world.task.pk)
    for shown in (
        'class="coded-words by-first"',
        'class="coded-words by-first by-second"',
        'class="coded-words by-second"',
        "In 3 further paragraphs both found nothing.",
        "0 of 1 decided",
    ):
        assert shown in page.text, shown
    (compared,) = [
        match["compared"] for one in page.context["shown"] for match in one["matches"]
    ]
    assert [(row.label, row.first, row.second) for row in compared.rows] == [
        ("Says", "prefers", "opposes"),
        ("Words", "“Japan prefers”", "“prefers an agreement”"),
    ]
    assert ("Standing", "Own") in compared.same


@pytest.mark.parametrize(
    ("kind", "keys"),
    [("agreed", "a12nb"), ("differing", "12nb"), ("first", "1nb"), ("second", "2nb")],
)
def test_each_match_offers_the_verdicts_that_fit_it(sit, world, kind, keys):
    if kind != "second":
        world.answer(world.first, 1)
    if kind != "first":
        code_of = "prefer" if kind == "agreed" else "oppose"
        world.answer(world.second, 1, code=code_of)
    world.finish()
    text = sit(world.reviewer).get("task_adjudicate", world.task.pk).text
    assert [key for key in "a12nb" if f'data-key="{key}"' in text] == list(keys)


def test_a_verdict_makes_an_accepted_statement_and_is_undone(sit, world):
    first = world.answer(world.first, 1)
    second = world.answer(world.second, 1, code="oppose")
    world.finish()
    desk = sit(world.reviewer)
    page = judge(desk, world, "second", first, second)
    statement = Statement.objects.get()
    assert (statement.state, statement.coder) == ("accepted", world.second)
    assert "1 of 1 decided" in page.text
    assert address("statement_change", statement.pk) in page.text
    assert 'class="match decided"' in page.text
    page = desk.post(
        "task_adjudicate",
        world.task.pk,
        act="undo",
        decided=Adjudication.objects.get().pk,
    )
    assert "0 of 1 decided" in page.text
    assert not Statement.objects.public().exists()


def test_all_that_agree_are_agreed_to_in_one_click(sit, world):
    for number in (1, 2):
        world.answer(world.first, number)
        world.answer(world.second, number)
    world.finish()
    desk = sit(world.reviewer)
    assert (
        "Agree to all 2 that agree" in desk.get("task_adjudicate", world.task.pk).text
    )
    page = desk.post("task_adjudicate", world.task.pk, act="agree_all")
    assert told(page) == ["Agreed: 2. Each is an accepted statement."]
    assert Statement.objects.public().count() == 2
    assert "All is decided" in page.text


def test_neither_without_a_reason_is_told_and_a_reason_typed_is_kept(sit, world):
    first, second = world.both()
    desk = sit(world.reviewer)
    page = judge(desk, world, "neither", first, second)
    assert told(page) == ["Say why neither coding stands."]
    page = judge(desk, world, "maybe", first, second, why="A word about it.")
    assert told(page) == ["Choose what you decide."]
    assert 'value="A word about it."' in page.text
    page = judge(desk, world, "neither", first, second, why="It is the weather.")
    assert "“It is the weather.”" in page.text
    assert not Statement.objects.exists()


def test_both_wrong_leads_to_the_form_and_is_coded_anew(sit, world):
    first = world.answer(world.first, 1)
    second = world.answer(world.second, 1, code="oppose")
    world.finish()
    desk = sit(world.reviewer)
    page = judge(desk, world, "both_wrong", first, second)
    assert told(page) == ["Say why neither coding stands."]
    page = judge(desk, world, "both_wrong", first, second, why="Misread.")
    where = page.request["PATH_INFO"] + "?" + page.request["QUERY_STRING"]
    assert "Misread." in page.text
    assert page.context["form"]["words"].value() == first.quote
    refused = desk.client.post(where, answer_form(world, words="Not there"))
    assert "does not stand in" in refused.text
    form = answer_form(world, disposition=make.disposition("support").pk)
    page = desk.client.post(where, form, follow=True)
    statement = Statement.objects.get()
    assert (statement.coder, statement.disposition.code) == (world.reviewer, "support")
    assert "single-coded" in page.text
    assert Adjudication.objects.get().why == "Misread."
    assert desk.client.post(where, form).status_code == 200
    assert Statement.objects.count() == 1


def test_nothing_here_in_the_form_of_coding_anew_means_neither(sit, world):
    first, second = world.both()
    desk = sit(world.reviewer)
    page = judge(desk, world, "both_wrong", first, second, why="Misread.")
    where = page.request["PATH_INFO"] + "?" + page.request["QUERY_STRING"]
    desk.client.post(where, {"nothing": "1", "finding": "nothing"})
    assert Adjudication.objects.get().verdict == "neither"


def test_two_tabs_do_not_decide_twice(sit, world):
    first, second = world.both()
    desk = sit(world.reviewer)
    judge(desk, world, "agree", first, second)
    page = judge(desk, world, "first", first, second)
    assert "decided already" in told(page)[0]
    decided = Adjudication.objects.get().pk
    for _ in range(2):
        page = desk.post("task_adjudicate", world.task.pk, act="undo", decided=decided)
    assert told(page) == ["It was taken back already."]


def test_a_reviewer_who_coded_does_not_adjudicate_and_looks_afterwards(sit):
    world = World()
    world.first.groups.set(world.reviewer.groups.all())
    first, second = world.both()
    desk = sit(world.first)
    page = judge(desk, world, "agree", first, second)
    assert "A third person adjudicates" in told(page)[0]
    adjudicating.agree_all(world.reviewer, world.task)
    page = desk.get("task_adjudicate", world.task.pk)
    assert "The first coder" not in page.text
    assert "decided" in page.text
    assert 'value="undo"' not in page.text
    assert desk.get("task_anew", world.task.pk, first=first.key).status_code == 403


def test_a_coder_of_another_task_sees_no_codings(sit, world):
    world.both(note=SECRET)
    page = sit(make.make_user("Coder")).get("task_adjudicate", world.task.pk)
    assert page.url == address("task_change", world.task.pk)


def test_a_reviewer_reopens_a_task_from_its_page(sit, world):
    world.both()
    desk = sit(world.reviewer)
    assert f"Reopen for {world.first}" in desk.get("task_change", world.task.pk).text
    page = desk.post("task_reopen", world.task.pk, coder=world.first.pk, why="Para 2.")
    assert told(page) == [f"Reopened for {world.first}."]
    assert "Para 2." in page.text
    for coder in (world.first.pk, "x", world.reviewer.pk):
        page = desk.post("task_reopen", world.task.pk, coder=coder)
        assert told(page) == [f"{world.first} is not done with this task."]
    assert desk.get("task_reopen", world.task.pk).status_code == 405


# -- lists -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ({}, True),
        ({"whose": "mine"}, True),
        ({"whose": "to-code"}, True),
        ({"state": "open"}, True),
        ({"state": "coded"}, False),
        ({"state": "adjudicated"}, False),
        ({"issue": "cluster-munitions"}, True),
    ],
)
def test_the_list_is_narrowed_to_mine_open_and_to_adjudicate(sit, world, query, shown):
    text = sit(world.first).get("task_changelist", **query).text
    assert (str(world.source.identifier) in text) == shown


def test_work_lists_say_who_is_still_to_code_and_what_waits_for_a_judge(world):
    to_code = worklists.get("tasks-to-code", world.first)
    to_judge = worklists.get("tasks-to-adjudicate", world.reviewer)
    assert worklists.get("tasks-to-adjudicate", world.first) is None
    (row,) = to_code.rows()
    both = f"{world.first} and {world.second} have still to code."
    assert to_code.problem(row) == both
    assert to_code.action(row).address == address("task_code", world.task.pk)
    assert list(to_code.of_source(to_code.rows(), world.source)) == [world.task]
    assert not to_code.of_source(to_code.rows(), make.make_source())
    world.answer(world.first, 1)
    world.finish(world.first)
    (row,) = to_code.rows()
    assert to_code.problem(row) == f"{world.second} has still to code."
    assert not to_judge.rows()
    world.finish(world.second)
    assert not to_code.rows()
    (row,) = to_judge.rows()
    assert to_judge.action(row).address == address("task_adjudicate", world.task.pk)


def queries(desk, name, *args):
    desk.get(name, *args)
    with CaptureQueriesContext(connection) as asked:
        assert desk.get(name, *args).status_code == 200
    return len(asked)


def test_pages_ask_as_often_for_many_answers_as_for_few(client):
    worlds = [World(), World([f"Japan prefers the CCW, {n}." for n in range(15)])]
    counts = []
    for world, numbers in zip(worlds, ((1,), range(1, 16)), strict=True):
        for number in numbers:
            for option in (world.ccw, world.oslo):
                world.answer(world.first, number, option=option)
                world.answer(world.second, number, option=option)
        coder = Desk(client, world.first)
        found = [
            queries(coder, "task_code", world.task.pk),
            queries(coder, "task_answer", world.task.pk, world.paragraph(1).key),
        ]
        world.finish()
        judge_desk = Desk(client, world.reviewer)
        found.append(queries(judge_desk, "task_adjudicate", world.task.pk))
        found.append(queries(judge_desk, "task_change", world.task.pk))
        counts.append(found)
    assert counts[0] == counts[1]
    assert max(counts[0]) < 30


def test_the_list_of_tasks_asks_as_often_for_many_as_for_one(client, world):
    desk = Desk(client, world.reviewer)
    one = queries(desk, "task_changelist")
    for _ in range(5):
        world.assign(tasks.asked_of(make.make_source()))
    assert queries(desk, "task_changelist") == one


def test_decided_ones_ask_no_more_than_open_ones(client, world):
    for number in (1, 2, 4):
        world.answer(world.first, number)
        world.answer(world.second, number)
    world.finish()
    desk = Desk(client, world.reviewer)
    before = queries(desk, "task_adjudicate", world.task.pk)
    adjudicating.agree_all(world.reviewer, world.task)
    # One more for the names of those who decided, and the statements.
    assert queries(desk, "task_adjudicate", world.task.pk) <= before + 2


def test_a_coder_who_is_done_codes_no_more(sit, world):
    world.finish(world.first)
    page = code(sit(world.first), world, 1)
    assert told(page) == ["You are done with this task: nothing is changed."]
    with pytest.raises(tasks.Refused):
        blind_coding.finish(world.first, world.task)
