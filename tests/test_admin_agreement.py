"""The page of agreement: disagreements first, figures with their n, a table to take."""

import csv
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from positions.models import Task
from positions.models.changes import recording
from tests import factories as make
from tests.coded_twice import make_coding, make_nothing, make_task

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(client):
    """An issue that two coders code, and a reviewer who looks at the page."""

    class World:
        issue = make.make_issue("Cluster munitions")
        first = make.make_user("Coder", username="ada")
        second = make.make_user("Coder", username="bob")
        reviewer = make.make_user("Reviewer")
        japan = make.make_actor("Japan")

    World.ccw = make.make_option("CCW", issue=World.issue)
    World.oslo = make.make_option("Oslo Process", issue=World.issue)
    client.force_login(World.reviewer)
    return World


def address(issue, name="agreement"):
    return reverse(f"admin:positions_issue_{name}", args=(issue.pk,))


def coded(world, agreeing=0, differing=0, nothing=0, **task):
    """A task with so many paragraphs of each sort."""
    task = make_task(
        world.issue,
        world.first,
        world.second,
        paragraphs=agreeing + differing + nothing,
        **task,
    )
    one = {"actor": world.japan, "option": world.ccw}
    for number in range(1, agreeing + differing + 1):
        other = "support" if number > agreeing else "prefer"
        make_coding(task, world.first, number, **one)
        make_coding(task, world.second, number, **one, code=other)
    for number in range(agreeing + differing + 1, agreeing + differing + nothing + 1):
        make_nothing(task, world.first, number)
        make_nothing(task, world.second, number)
    return task


def words(page):
    """What the page says, without its tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", page.text).split())


def test_the_issue_leads_to_its_page_of_agreement(world, client):
    page = client.get(reverse("admin:positions_issue_change", args=(world.issue.pk,)))
    assert address(world.issue) in page.text


@pytest.mark.parametrize("name", ["agreement", "agreement_csv"])
def test_only_those_who_may_see_people_see_agreement(world, client, name):
    client.force_login(world.first)
    assert client.get(address(world.issue, name)).status_code == 403
    change = reverse("admin:positions_issue_change", args=(world.issue.pk,))
    assert address(world.issue) not in client.get(change).text


@pytest.mark.parametrize("name", ["agreement", "agreement.csv"])
@pytest.mark.parametrize("pk", [999999, 10**30])
def test_an_issue_that_is_not_there_is_not_found(world, client, name, pk):
    base = reverse("admin:positions_issue_changelist")
    answer = client.get(f"{base}{pk}/{name}{'' if 'csv' in name else '/'}")
    assert answer.status_code == 404


def test_an_issue_that_nobody_coded_says_what_to_do(world, client):
    page = client.get(address(world.issue))
    assert "Give the same paragraphs to two coders" in page.text
    assert "Figures" not in page.text


def test_a_task_under_way_is_told_of_and_shows_nothing(world, client):
    coded(world, differing=1, done=False)
    page = client.get(address(world.issue))
    assert "1 task is still with its coders" in words(page)
    assert "Japan" not in page.text


def test_disagreements_come_first_with_both_codings_and_a_link(world, client):
    task = coded(world, agreeing=2, differing=1)
    page = client.get(address(world.issue))
    assert "They differ on 1 of 3 paragraphs." in page.text
    assert page.text.index("Disagreements") < page.text.index("Figures")
    paragraph = task.paragraphs.get(number="3")
    assert paragraph.citation in page.text
    assert task.paragraphs.get(number="1").citation not in page.text
    said = words(page)
    assert "ada Japan : prefer CCW only here" in said
    assert "bob Japan : support CCW only here" in said
    assert "Another disposition" in said
    judge = reverse("admin:positions_task_adjudicate", args=(task.pk,))
    ours = task.codings.get(paragraph=paragraph, coder=world.first)
    assert f'href="{judge}?at=m-{ours.key}#m-{ours.key}"' in page.text
    assert client.get(judge).status_code == 200


def test_what_one_coder_did_not_find_stands_beside_what_the_other_did(world, client):
    task = make_task(world.issue, world.first, world.second)
    make_nothing(task, world.first, 1)
    make_coding(
        task,
        world.second,
        1,
        actor=world.japan,
        option=world.oslo,
        code="engage",
        modality="intended",
        note="Read the heading, too.",
    )
    said = words(client.get(address(world.issue)))
    assert "Only one found something" in said
    assert "ada Nothing here." in said
    assert "bob Japan : engaged in Oslo Process Intended only here" in said
    assert "Read the heading, too." in said


def test_disagreements_are_narrowed_to_one_kind(world, client):
    task = coded(world, differing=1)
    other = make_task(world.issue, world.first, world.second)
    make_coding(other, world.first, 1, actor=world.japan, option=world.ccw)
    make_nothing(other, world.second, 1)
    page = client.get(address(world.issue), {"kind": "found"})
    assert other.revision.source.identifier in page.text
    assert task.revision.source.identifier not in page.text
    for asked in ("", "rubbish"):
        page = client.get(address(world.issue), {"kind": asked})
        assert task.revision.source.identifier in page.text


def test_many_disagreements_are_paged(world, client):
    coded(world, differing=15)
    first = client.get(address(world.issue))
    assert first.text.count('class="differing"') == 10
    second = client.get(address(world.issue), {"page": "2"})
    assert second.text.count('class="differing"') == 5
    rubbish = client.get(address(world.issue), {"page": "9" * 40})
    assert rubbish.status_code == 200


def test_coders_who_agree_on_everything_are_told_so(world, client):
    coded(world, agreeing=1)
    assert (
        "The coders agree on every paragraph." in client.get(address(world.issue)).text
    )


def test_figures_of_few_units_are_withheld_and_say_how_few(world, client):
    coded(world, agreeing=5, differing=1, nothing=1)
    said = words(client.get(address(world.issue)))
    assert "withheld: 7 units, 20 are needed" in said
    assert "withheld: 6 units, 20 are needed" in said
    assert "%" not in said.partition("Figures")[2].replace("95%", "")
    assert "Under 20 paragraphs nothing is told by option" in said


def test_figures_stand_with_n_and_interval_for_all_and_for_each_part(world, client):
    coded(world, agreeing=18, differing=6, nothing=6)
    said = words(client.get(address(world.issue)))
    assert re.search(r"Found alpha 1\.00 1\.00 to 1\.00 n = 30", said)
    assert re.search(r"exactly 100% 100% to 100% n = 24", said)
    assert re.search(r"the same 75% \d\d% to \d\d% n = 24", said)
    assert re.search(r"alpha on rank −0\.\d\d −0\.\d\d to −0\.\d\d n = 24", said)
    for title, row in (
        ("By option", "CCW 1.00"),
        ("By facet", "Preference 1.00"),
        ("By pair of coders", "ada and bob 1.00"),
    ):
        assert row in said.rpartition(title)[2]


def test_an_undefined_figure_says_why(world, client):
    coded(world, agreeing=20)
    said = words(client.get(address(world.issue)))
    assert "not defined: all answers are the same one" in said
    assert "nan" not in said


def test_the_share_of_single_coded_statements_stands_beside_every_figure(world, client):
    make.make_statement(option=world.ccw, who=world.reviewer, state="accepted")
    coded(world, agreeing=20)
    said = words(client.get(address(world.issue)))
    assert said.count("100% of 1 accepted statement single-coded") == 4
    assert said.count("100% n = 1 ") == 3


def test_a_coder_of_the_task_sees_both_codings_once_it_is_adjudicated(world, client):
    other = make.make_user("Reviewer")
    task = make_task(world.issue, world.reviewer, other)
    make_coding(task, other, 1, actor=world.japan, option=world.ccw)
    make_nothing(task, world.reviewer, 1)
    page = client.get(address(world.issue))
    assert "You are one of its coders" in page.text
    assert "prefer CCW" not in page.text
    assert len(table(client, world)) == 0
    with recording(None, tool="test"):
        Task.objects.filter(pk=task.pk).update(adjudicated_at=timezone.now())
    page = client.get(address(world.issue))
    assert "prefer CCW" in page.text
    assert "adjudicated" in page.text
    assert len(table(client, world)) == 1


def table(client, world):
    answer = client.get(address(world.issue, "agreement_csv"))
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert "agreement-cluster-munitions.csv" in answer["Content-Disposition"]
    return list(csv.DictReader(answer.getvalue().decode().splitlines()))


def test_the_table_has_a_row_for_each_unit(world, client):
    coded(world, agreeing=1, differing=1, nothing=1)
    same, other, empty = table(client, world)
    assert (same["coder_1"], same["coder_2"]) == ("ada", "bob")
    assert (same["disposition_1"], same["disposition_2"]) == ("prefer", "prefer")
    assert (same["overlap"], same["found_1"], same["used_2"]) == ("1.0", "true", "true")
    assert (other["rank_1"], other["rank_2"]) == ("5", "4")
    assert (empty["found_1"], empty["actor"], empty["overlap"]) == ("false", "", "")


def test_words_from_outside_are_escaped(world, client):
    world.japan.name = "<b>Japan</b>"
    world.japan.save()
    coded(world, differing=1)
    page = client.get(address(world.issue))
    assert "<b>Japan</b>" not in page.text
    assert "&lt;b&gt;Japan&lt;/b&gt;" in page.text


def test_the_page_costs_the_same_for_much_as_for_little(
    world, client, django_assert_num_queries
):
    coded(world, agreeing=2, differing=2)
    # Session and user 2, permissions 2, issue, units, codings, actors, options, coders,
    # of the page: paragraphs, tasks, hidden 2, codings; single-coded.
    with django_assert_num_queries(16):
        client.get(address(world.issue))
    for _ in range(4):
        coded(world, agreeing=10, differing=10, nothing=3)
    with django_assert_num_queries(16):
        client.get(address(world.issue))
