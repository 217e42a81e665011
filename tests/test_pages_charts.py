"""Geometry of the charts: arithmetic on periods that are not saved."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from positions import charts
from positions.models import Event, Option, Statement
from positions.periods import Line, Position
from positions.steps import Step
from tests.unsaved import CCW, JAPAN, OPPOSE, PREFER, period

DAY = date(2008, 5, 2)
OSLO = Option(pk=2, key="oslo", name="Oslo", short_name="Oslo", headline=True)
ARTICLE = Option(pk=3, key="art", name="Article", short_name="Art.", headline=False)


def of(percent):
    return float(percent.rstrip("%"))


def line(day, key="k", relation="supports"):
    statement = Statement(
        key=key, actor=JAPAN, option=CCW, disposition=PREFER, holds_latest=day
    )
    return Line(statement, relation, counted=True)


@pytest.mark.parametrize(
    ("score", "expected"),
    [
        (2, "plus2"),
        (1, "plus1"),
        (0, "zero"),
        (-1, "minus1"),
        (-2, "minus2"),
        (None, "mixed"),
    ],
)
def test_each_score_has_a_tone(score, expected):
    assert charts.tone(score) == expected


@given(st.lists(st.dates(), min_size=1, max_size=20))
def test_a_scale_keeps_days_in_order_and_inside(days):
    scale = charts.Scale.over(days)
    places = [scale.at(day) for day in sorted(days)]
    assert places == sorted(places)
    assert all(0 <= place <= 100 for place in places)
    ticks = scale.ticks()
    assert 1 <= len(ticks) <= charts.MOST_TICKS + 1
    assert all(of(a.x) < of(b.x) for a, b in pairwise(ticks))


def test_ticks_are_years_where_there_are_years_and_a_month_where_not():
    years = charts.Scale.over([date(2006, 11, 17), date(2011, 11, 25)]).ticks()
    assert [tick.label for tick in years] == [str(y) for y in range(2007, 2012 + 1)]
    (month,) = charts.Scale.over([date(2008, 5, 2)]).ticks()
    assert month.label == "May 2008"


def test_a_bar_spans_its_days_and_is_pale_after_its_last_evidence():
    held = period(
        holds_from=date(2008, 1, 1),
        holds_from_earliest=date(2008, 1, 1),
        last_confirmed=date(2009, 1, 1),
        holds_to=date(2010, 1, 1),
    )
    chart = charts.timeline([held], [], DAY)
    (lane,) = chart.lanes
    (bar,) = lane.bars
    assert bar.label == "prefers"
    assert of(bar.confirmed) == pytest.approx(50, abs=0.2)
    assert "1 January 2008 to 31 December 2009" in bar.title
    assert of(bar.x) < of(chart.now) < of(bar.x) + of(bar.width) < 100


def test_an_open_bar_reaches_the_edge_and_a_commitment_is_never_pale():
    held = period(facet="commitment", last_confirmed=date(2008, 4, 23))
    (lane,) = charts.timeline([held], [], date(2010, 1, 1)).lanes
    (bar,) = lane.bars
    assert of(bar.x) + of(bar.width) == pytest.approx(100, abs=0.02)
    assert of(bar.confirmed) == 100


def test_lanes_begin_with_headlines_and_what_was_spoken_of_first():
    held = [
        period(option=ARTICLE, holds_from=date(2006, 1, 1)),
        period(option=CCW, holds_from=date(2008, 1, 1)),
        period(option=OSLO, facet="engagement", holds_from=date(2007, 1, 1)),
        period(option=OSLO, holds_from=date(2009, 1, 1)),
        period(option=CCW, publicity="confidential"),
        period(option=CCW, publicity="public"),
    ]
    titles = [charts.lane_title(lane[0]) for lane in charts.in_lanes(held)]
    assert titles == [
        "Oslo – preference",
        "Oslo – engagement",
        "CCW – preference, in public",
        "CCW – preference",
        "CCW – preference, in confidence",
        "Art. – preference",
    ]


def test_a_statement_is_one_dot_a_lane_and_what_is_said_about_is_none():
    lines = (
        line(date(2008, 4, 23), "a"),
        line(date(2008, 4, 25), "b", "contradicts"),
        line(date(2008, 4, 26), "c", "about"),
    )
    first = period(lines=lines, holds_to=date(2008, 6, 1))
    second = period(
        lines=lines, holds_from=date(2008, 6, 1), holds_from_earliest=date(2008, 6, 1)
    )
    (lane,) = charts.timeline([first, second], [], DAY).lanes
    assert [(dot.key, dot.against) for dot in lane.dots] == [("a", False), ("b", True)]


def test_steps_are_marks_and_the_days_own_is_known():
    steps = [
        Step(date(2008, 2, 22), (Event(name="Wellington"),)),
        Step(DAY, (Event(name="One"), Event(name="Other"))),
    ]
    marks = charts.strip(steps, DAY)
    assert [(mark.title, mark.now) for mark in marks] == [
        ("22 February 2008: Wellington", False),
        ("2 May 2008: One; Other", True),
    ]
    assert charts.strip([], DAY) == ()


def test_a_day_without_an_event_has_a_mark_of_its_own():
    step = Step(date(2008, 2, 22), (Event(name="Wellington"),))
    marks = charts.strip([step], DAY)
    assert [(mark.day, mark.now, mark.event) for mark in marks] == [
        (date(2008, 2, 22), False, True),
        (DAY, True, False),
    ]


@pytest.mark.parametrize(
    ("x", "anchor"), [("0%", "start"), ("50%", "middle"), ("99.5%", "end")]
)
def test_a_year_at_an_edge_is_written_inwards(x, anchor):
    assert charts.Tick(x, "2008").anchor == anchor


def test_without_a_period_there_is_no_chart():
    assert charts.timeline([], [], DAY) is None


def test_labels_say_how_much_room_they_need():
    def bar(width):
        return charts.Bar("0%", f"{width}%", "100%", "zero", "prefers", "", period())

    assert [bar(width).room for width in (90, 10, 1)] == ["always", "wide", "never"]


def test_a_tally_counts_each_actor_once_from_for_to_against():
    def position(*periods):
        return Position(JAPAN, None, DAY, "asserted", periods)

    ccw = Option(pk=1, key="ccw", name="Talks", short_name="CCW", headline=True)
    positions = [
        position(period(option=ccw, dispositions=(OPPOSE,))),
        position(period(option=ccw)),
        position(period(option=ccw), period(option=OSLO)),
        position(period(option=ccw, dispositions=(PREFER, OPPOSE))),
        position(period(option=OSLO)),
    ]
    tally = charts.tally(ccw, positions)
    assert [(p.label, p.count, p.tone) for p in tally.parts] == [
        ("prefers", 2, "plus2"),
        ("opposes", 1, "minus2"),
        ("contested", 1, "mixed"),
    ]
    assert tally.count == 4
    assert [p.x for p in tally.parts] == ["0.00%", "50.00%", "75.00%"]
    assert charts.tally(ARTICLE, positions).parts == ()
