"""What is gathered of finished tasks, and how actors and options are rolled up."""

import pytest
from django.utils import timezone

from positions import comparing, unit_table
from positions.comparing import Looked
from positions.models import Membership, Option, Task
from positions.models.changes import recording
from tests import factories as make
from tests.coded_twice import make_coding, make_nothing, make_task

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    """An issue with an option and a part of it, an actor, and two coders."""
    issue = make.make_issue("Cluster munitions")

    class World:
        first, second = make.make_user("Coder"), make.make_user("Coder")
        ccw = make.make_option("CCW", issue=issue)
        japan = make.make_actor("Japan")

    World.issue = issue
    World.article = make.make_option(
        "Art. 1", issue=issue, parent=World.ccw, headline=False
    )
    return World


def join(member, group, **days):
    with recording(None, tool="test"):
        return Membership.objects.create(member=member, group=group, **days)


def merge(record, into):
    with recording(None, tool="test"):
        type(record).objects.filter(pk=record.pk).update(merged_into=into)


def both(task, world, number, **kw):
    kw = {"actor": world.japan, "option": world.ccw, **kw}
    for coder in (world.first, world.second):
        make_coding(task, coder, number, **kw)


# -- units -----------------------------------------------------------------------------


def test_a_unit_is_a_paragraph_with_what_each_coder_said(world):
    task = make_task(world.issue, world.first, world.second, paragraphs=2)
    one = {"actor": world.japan, "option": world.ccw}
    make_coding(task, world.first, 1, **one, code="prefer", words=(0, 5))
    make_coding(task, world.second, 1, **one, code="support", words=(2, 9))
    make_nothing(task, world.first, 2)
    make_nothing(task, world.second, 2)
    first, second = comparing.compare(world.issue).units
    assert first.task == task.pk
    assert [c.disposition for c in (*first.first, *first.second)] == [
        "prefer",
        "support",
    ]
    (shared,) = first.cells
    assert shared.cell == (world.japan.pk, world.ccw.pk, "preference", "stated")
    assert shared.ranks == (5, 4)
    assert shared.overlap == pytest.approx(3 / 9)
    assert second.found == (False, False)


@pytest.mark.parametrize("left", ["first_done_at", "second_done_at"])
def test_a_task_that_one_coder_has_not_finished_is_not_read(world, left):
    task = make_task(world.issue, world.first, world.second)
    both(task, world, 1)
    with recording(None, tool="test"):
        Task.objects.filter(pk=task.pk).update(**{left: None})
    assert comparing.compare(world.issue).units == ()
    assert list(unit_table.lines(world.issue, world.first)) == []


def test_tasks_of_another_issue_are_not_read_but_of_a_merged_one_are(world):
    other = make.make_issue()
    make_task(other, world.first, world.second)
    assert comparing.compare(world.issue).units == ()
    merge(other, world.issue)
    assert len(comparing.compare(world.issue).units) == 1


def test_actors_and_options_are_read_as_what_they_are_merged_into(world):
    twin = make.make_actor("Nippon", kind="bloc")
    venue = make.make_option("Geneva talks", issue=world.issue)
    task = make_task(world.issue, world.first, world.second)
    make_coding(task, world.first, 1, actor=world.japan, option=world.ccw)
    make_coding(task, world.second, 1, actor=twin, option=venue)
    merge(twin, world.japan)
    merge(venue, world.ccw)
    (unit,) = comparing.compare(world.issue).units
    (shared,) = unit.cells
    assert shared.by_both


def test_coders_stand_in_one_order_whoever_is_named_first(world):
    make_task(world.issue, world.first, world.second)
    make_task(world.issue, world.second, world.first)
    ((pair, figures),) = comparing.compare(world.issue).by_pair()
    assert set(pair) == {world.first, world.second}
    assert figures.found.n == 2


def test_the_newest_paragraphs_are_read_and_the_page_is_told_of_the_rest(
    world, monkeypatch
):
    monkeypatch.setattr(comparing, "MOST_PARAGRAPHS", 3)
    make_task(world.issue, world.first, world.second, paragraphs=2)
    newer = make_task(world.issue, world.first, world.second, paragraphs=2)
    compared = comparing.compare(world.issue)
    assert compared.cut
    assert [unit.task == newer.pk for unit in compared.units] == [True, True, False]


def test_what_somebody_is_still_coding_is_hidden_from_that_person(world):
    source = make.make_source()
    make_task(world.issue, world.first, world.second, source=source)
    third = make.make_user()
    make_task(world.issue, third, world.first, source=source, done=False)
    units = comparing.compare(world.issue).units
    assert len(units) == 2
    assert comparing.hidden_from(third, units) == set(units)
    assert comparing.hidden_from(make.make_user(), units) == set()
    assert list(unit_table.lines(world.issue, third)) == []


def test_the_coders_of_a_task_see_both_codings_when_it_is_adjudicated(world):
    task = make_task(world.issue, world.first, world.second)
    units = comparing.compare(world.issue).units
    assert comparing.hidden_from(world.second, units) == set(units)
    with recording(None, tool="test"):
        Task.objects.filter(pk=task.pk).update(adjudicated_at=timezone.now())
    assert comparing.hidden_from(world.second, units) == set()


def test_comparing_costs_the_same_number_of_queries_for_more_tasks(
    world, django_assert_num_queries
):
    ministry = make.make_actor("A ministry", kind="body")
    join(ministry, world.japan)
    for _ in range(2):
        task = make_task(world.issue, world.first, world.second, paragraphs=2)
        both(task, world, 1)
        both(task, world, 2, actor=ministry)
    # Paragraphs, codings, actors, options, coders, memberships.
    with django_assert_num_queries(6):
        comparing.compare(world.issue)
    for _ in range(5):
        task = make_task(world.issue, world.first, world.second, paragraphs=2)
        both(task, world, 1, actor=make.make_actor())
    with django_assert_num_queries(6):
        comparing.compare(world.issue)


# -- rolling up ------------------------------------------------------------------------


def states_of(*actors):
    found = comparing.states_of({actor.pk: actor for actor in actors})
    return {pk: state.name for pk, state in found.items()}


def test_a_person_in_a_ministry_counts_as_its_state(world):
    person = make.make_actor("A deputy director", kind="person")
    ministry = make.make_actor("A ministry", kind="body")
    join(person, ministry)
    join(ministry, world.japan)
    assert states_of(person, ministry, world.japan) == {
        person.pk: "Japan",
        ministry.pk: "Japan",
    }


def test_of_several_memberships_the_one_that_lasts_counts(world):
    person = make.make_actor("An envoy", kind="person")
    join(person, make.make_actor("Norway"), until="2007-01-01")
    join(person, world.japan, since="2007-01-01")
    assert states_of(person) == {person.pk: "Japan"}


def test_states_in_blocs_and_people_in_organizations_stay_what_they_are(world):
    bloc = make.make_actor("A bloc", kind="bloc")
    person = make.make_actor("An advocate", kind="person")
    join(world.japan, bloc)
    join(person, make.make_actor("An NGO", kind="ngo"))
    assert states_of(world.japan, bloc, person) == {}


def test_bodies_that_are_in_each_other_end_somewhere(world):
    one, other = (make.make_actor(kind="body") for _ in range(2))
    join(one, other)
    join(other, one)
    assert states_of(one, other) == {}


def test_a_part_counts_as_the_nearest_headline_option_above_it(world):
    line = make.make_option(
        "Line 2", issue=world.issue, parent=world.article, headline=False
    )
    whole = world.issue.options.get(kind="whole")
    options = Option.objects.in_bulk()
    told = comparing.headlines_of(options)
    assert told[line.pk] == told[world.article.pk] == told[world.ccw.pk] == world.ccw.pk
    assert told[whole.pk] == whole.pk


def test_figures_are_rolled_up_to_states_and_headline_options(world):
    ministry = make.make_actor("A ministry", kind="body")
    join(ministry, world.japan)
    task = make_task(world.issue, world.first, world.second, paragraphs=20)
    for number in range(1, 21):
        make_coding(task, world.first, number, actor=ministry, option=world.ccw)
        make_coding(task, world.second, number, actor=world.japan, option=world.article)
    figures = comparing.compare(world.issue).figures()
    assert figures.same_cell.value == 0
    assert figures.same_cell_rolled_up.value == 1


# -- groups ----------------------------------------------------------------------------


def test_groups_come_in_the_order_of_the_codebook_headlines_first(world):
    task = make_task(world.issue, world.first, world.second, paragraphs=3)
    both(task, world, 1, option=world.article, code="signed")
    both(task, world, 2)
    both(task, world, 3, code="declined")
    compared = comparing.compare(world.issue)
    assert [option.name for option, _ in compared.by_option()] == ["CCW", "Art. 1"]
    assert [facet for facet, _ in compared.by_facet()] == [
        "preference",
        "commitment",
        "",
    ]


# -- beside the figures ----------------------------------------------------------------


def test_single_coded_statements_are_counted_by_option_and_facet(world):
    coder, reviewer = make.make_user(), make.make_user()
    one = make.make_statement(option=world.ccw, who=coder, state="review")
    one.accept(reviewer)
    for option, code in ((world.ccw, "prefer"), (world.article, "signed")):
        make.make_statement(option=option, code=code, who=coder, state="accepted")
    make.make_statement(option=world.ccw, who=coder, state="review")
    make.make_statement(state="accepted")
    looked = comparing.single_coded(world.issue)
    assert looked.all == Looked(n=3, single=2)
    assert looked.all.share == pytest.approx(2 / 3)
    assert looked.by_option == {
        world.ccw.pk: Looked(2, 1),
        world.article.pk: Looked(1, 1),
    }
    assert looked.by_facet == {"preference": Looked(2, 1), "commitment": Looked(1, 1)}


def test_an_issue_without_statements_has_no_share(world, django_assert_num_queries):
    with django_assert_num_queries(1):
        looked = comparing.single_coded(world.issue)
    assert looked.all == Looked(0, 0)
    assert looked.all.share is None


# -- the table -------------------------------------------------------------------------


def test_the_table_has_a_line_for_each_cell_and_for_each_empty_paragraph(world):
    ministry = make.make_actor("A ministry", kind="body")
    join(ministry, world.japan)
    task = make_task(world.issue, world.first, world.second, paragraphs=2)
    both(task, world, 1, option=world.article)
    make_coding(task, world.second, 1, actor=ministry, option=world.ccw, code="signed")
    lines = list(unit_table.lines(world.issue, make.make_user()))
    assert all(set(line) == set(unit_table.COLUMNS) for line in lines)
    shared, alone, empty = lines
    source = task.revision.source
    assert shared == {
        "task": task.key,
        "source": source.key,
        "paragraph": 1,
        "citation": f"{source.identifier}, para 1",
        "coder_1": world.first.username,
        "coder_2": world.second.username,
        "found_1": True,
        "found_2": True,
        "actor": "japan",
        "state": "japan",
        "option": world.article.key,
        "headline_option": world.ccw.key,
        "facet": "preference",
        "modality": "stated",
        "used_1": True,
        "used_2": True,
        "disposition_1": "prefer",
        "disposition_2": "prefer",
        "rank_1": 5,
        "rank_2": 5,
        "overlap": 1,
    }
    assert (alone["actor"], alone["state"]) == (ministry.key, "japan")
    assert (alone["used_1"], alone["used_2"], alone["overlap"]) == (False, True, None)
    assert (alone["disposition_1"], alone["disposition_2"]) == ("", "signed")
    assert alone["rank_2"] == 5
    assert (empty["paragraph"], empty["found_1"], empty["actor"]) == (2, False, None)


def test_the_table_goes_through_all_chunks(world, monkeypatch):
    monkeypatch.setattr(comparing, "CHUNK", 2)
    first = make_task(world.issue, world.first, world.second, paragraphs=3)
    second = make_task(world.issue, world.first, world.second, paragraphs=2)
    lines = unit_table.lines(world.issue, make.make_user())
    assert [(line["task"], line["paragraph"]) for line in lines] == [
        *((first.key, n) for n in (1, 2, 3)),
        *((second.key, n) for n in (1, 2)),
    ]
