"""The page for managers: what people did, what became of it, what is open."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from positions import coding, suggestions, tasks, workload
from positions.admin.work_of_people import asked_days
from positions.models import Assignment, Change, Clock
from positions.models.changes import recording
from tests import factories as make
from tests.coded_twice import make_coding, make_nothing, make_task

pytestmark = pytest.mark.django_db

PAGE = reverse("admin:positions_people")


@pytest.fixture
def manager(client):
    manager = make.make_user("Reviewer", username="cyd")
    client.force_login(manager)
    return manager


@pytest.fixture
def coder(manager):
    return make.make_user("Coder", username="ada")


def row_of(page, person):
    """What the page says of a person, without its tags."""
    rows = re.findall(r"<tr>.*?</tr>", page.text, re.S)
    told = [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in rows]
    (found,) = (row for row in told if row.startswith(f"{person} "))
    return found


def long_ago(person, days):
    """Everything that a person did was done so many days before."""
    at = timezone.now() - timedelta(days)
    Change.objects.filter(who=person).update(at=at)


def test_only_those_who_may_see_people_see_the_page(client, coder):
    client.force_login(coder)
    assert client.get(PAGE).status_code == 403


def test_what_a_coder_did_and_what_became_of_it(client, manager, coder):
    states = [make.make_statement(who=coder, state="review") for _ in range(4)]
    states[0].accept(manager)
    states[1].send_back(manager, "The date is missing.")
    states[2].reject(manager, "Not a position.")
    make.make_statement(who=coder)
    source = make.make_source()
    coding.record_check(coder, source=source, issue=make.make_issue())
    page = client.get(PAGE)
    told = row_of(page, "ada")
    assert "5 coded 4 submitted 1 check recorded" in told
    assert "1 accepted by others 1 sent back 1 rejected" in told
    assert "2 drafts 1 in review" in told
    assert "10 changes a day on 1 active day, at most 10" in told
    reviewer = row_of(page, "cyd")
    assert (
        "1 accepted as reviewer 1 sent back as reviewer 1 rejected as reviewer"
        in reviewer
    )
    assert "nothing decided" in reviewer
    assert "nothing open" in reviewer


def test_what_people_accept_of_themselves_is_told_apart(client, manager):
    make.make_statement(who=manager, state="accepted")
    told = row_of(client.get(PAGE), "cyd")
    assert "1 accepted by their coder" in told
    assert "accepted by others" not in told


def test_a_draft_rejected_by_its_own_coder_was_not_returned(client, manager):
    make.make_statement(who=manager).reject(manager, "Coded by mistake.")
    assert "nothing decided" in row_of(client.get(PAGE), "cyd")


def test_suggestions_and_blind_answers_are_counted(client, manager, coder):
    source = make.make_source()
    paragraph = make.paragraph_of(source, 1)
    (words,) = coding.find_words(paragraph, "first priority")
    option = make.make_option()
    suggestions.file(
        source,
        [
            suggestions.Proposed(
                paragraph=paragraph,
                start=words.start,
                end=words.end,
                actor=make.make_actor(),
                option=option,
                disposition=make.disposition("prefer"),
                confidence=0.5,
                reason="test",
            )
        ],
        tool="test",
        version="1",
    )
    suggestions.reject(coder, suggestions.Suggestion.objects.get())
    task = make_task(option.issue, coder, manager, paragraphs=2)
    make_coding(task, coder, 1, actor=make.make_actor(), option=option)
    make_nothing(task, coder, 2)
    told = row_of(client.get(PAGE), "ada")
    assert "1 suggestion decided 2 answers in double coding" in told


def test_open_work_is_what_is_assigned_and_what_is_to_be_coded(client, manager, coder):
    make_task(make.make_issue(), coder, manager, done=False)
    make_task(make.make_issue(), manager, coder, done=False)
    with recording(manager):
        Assignment.objects.create(queue="drafts", row=1, to=coder, by=manager)
    told = row_of(client.get(PAGE), "ada")
    assert told.endswith("2 tasks to code 1 assigned row")


@pytest.mark.parametrize(
    ("asked", "shown"),
    [("7", False), ("30", False), ("90", True), ("all", True), ("rubbish", False)],
)
def test_only_the_period_asked_for_is_counted(client, coder, asked, shown):
    make.make_statement(who=coder, state="review")
    long_ago(coder, 40)
    page = client.get(PAGE, {"days": asked})
    assert ("1 coded" in row_of(page, "ada")) == shown
    assert "1 in review" in row_of(page, "ada")


@pytest.mark.parametrize(
    ("text", "days"),
    [("", 30), ("7", 7), ("90", 90), ("all", None), ("8", 30), ("-7", 30), ("x", 30)],
)
def test_other_periods_than_those_offered_are_a_month(text, days):
    assert asked_days(text) == days


def test_each_day_has_its_bar_on_the_scale_of_the_person(client, manager, coder):
    make.make_statement(who=coder, state="review")
    long_ago(coder, 3)
    make.make_statement(who=coder)
    work = workload.workload([coder], 7, timezone.localdate())
    (one,) = work.people
    assert one.days == [0, 0, 0, 2, 0, 0, 1]
    assert (one.active_days, one.a_day) == (2, 1.5)
    page = client.get(PAGE, {"days": "7"})
    (drawing,) = re.findall(r'<svg viewBox="0 0 7 .*?</svg>', page.text, re.S)
    assert 'aria-label="2 active days of 7"' in drawing
    heights = re.findall(r' x="([^"]+)".*?height="([^"]+)"', drawing)
    assert heights == [("3.1", "24.0"), ("6.1", "12.0")]


def test_a_long_log_is_read_from_its_newest_part(client, coder, monkeypatch):
    for _ in range(3):
        make.make_statement(who=coder)
    monkeypatch.setattr(workload, "MOST_CHANGES", 2)
    work = workload.workload([coder], None, timezone.localdate())
    assert work.cut
    assert work.people[0].done["coded"] == 2
    assert work.since == Change.objects.order_by("-seq")[1].at
    assert "only its newest part is counted" in client.get(PAGE, {"days": "all"}).text


def test_what_tools_do_is_nobodys_work(client, coder):
    with recording(tool="import") as rec:
        rec.note(make.make_actor(), "created")
    assert "no active day" in row_of(client.get(PAGE), "ada")


def test_people_who_left_and_readers_are_not_listed(client, coder):
    make.make_user("Reader", username="eve")
    make.make_user("Coder", username="dan", is_active=False)
    people = [user.username for user in workload.people()]
    assert people == ["ada", "cyd"]


def test_an_empty_log_is_no_fault(client, coder):
    Change.objects.all().delete()
    Clock.objects.update(seq=0)
    for days in workload.PERIODS:
        assert client.get(PAGE, {"days": days or "all"}).status_code == 200


def test_agreement_of_each_two_coders_stands_with_its_n(client, manager, coder):
    other = make.make_user("Coder", username="bob")
    assert "No paragraph has been coded by two people yet." in client.get(PAGE).text
    option, actor = make.make_option(), make.make_actor()
    task = make_task(option.issue, coder, other, paragraphs=24)
    for number in range(1, 21):
        for person in (coder, other):
            make_coding(task, person, number, actor=actor, option=option)
    make_task(option.issue, coder, manager)
    told = row_of(client.get(PAGE), "ada and bob")
    assert told.startswith("ada and bob 1.00 1.00 to 1.00 n = 24 100%")
    assert row_of(client.get(PAGE), "cyd and ada").count("withheld") == 5


def test_the_page_costs_the_same_for_many_people(
    client, manager, coder, django_assert_num_queries
):
    other = make.make_user("Coder")
    option, actor = make.make_option(), make.make_actor()
    task = make_task(option.issue, coder, other)
    make_coding(task, coder, 1, actor=actor, option=option)
    client.get(PAGE)
    with django_assert_num_queries(23):
        client.get(PAGE)
    for _ in range(5):
        more = make.make_user("Coder")
        make.make_statement(who=more, state="review").accept(manager)
        tasks.assign(
            manager,
            [make.paragraph_of(make.make_source(), 1)],
            issue=option.issue,
            first=more,
            second=coder,
        )
        task = make_task(option.issue, more, coder)
        make_coding(task, more, 1, actor=actor, option=option)
    with django_assert_num_queries(23):
        client.get(PAGE)
