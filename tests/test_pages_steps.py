"""What changed between two days, from periods that are not saved."""

from datetime import date

import pytest

from positions.models import Statement
from positions.periods import Line
from positions.steps import Step, Steps, shifts
from tests.unsaved import CCW, JAPAN, OPPOSE, PREFER, period

BEFORE, AFTER = date(2008, 2, 22), date(2008, 5, 30)


def line(key, day, relation="supports"):
    statement = Statement(pk=1, key=key, actor=JAPAN, option=CCW, holds_latest=day)
    return Line(statement, relation, counted=True)


def held(first, last=None, *, dispositions=(PREFER,), lines=(), **fields):
    return period(
        dispositions=dispositions,
        holds_from=first,
        holds_from_earliest=first,
        holds_to=last,
        lines=lines,
        **fields,
    )


def pair(shift):
    return tuple(s and s.key for s in (shift.old_statement, shift.new_statement))


EARLY, CHANGE = date(2007, 6, 1), date(2008, 4, 23)


@pytest.mark.parametrize(
    ("periods", "expected"),
    [
        ([held(EARLY, lines=(line("a", EARLY),))], []),
        ([held(CHANGE, lines=(line("a", CHANGE),))], [(None, "a")]),
        ([held(EARLY, CHANGE, lines=(line("a", EARLY),))], [("a", None)]),
        (
            [
                held(
                    EARLY,
                    CHANGE,
                    lines=(line("a", EARLY), line("b", date(2008, 1, 1))),
                ),
                held(CHANGE, dispositions=(OPPOSE,), lines=(line("c", CHANGE),)),
            ],
            [("b", "c")],
        ),
        # What still held, was contested: the statement that contests is the news.
        (
            [
                held(EARLY, CHANGE, lines=(line("a", EARLY), line("z", AFTER))),
                held(
                    CHANGE,
                    dispositions=(PREFER, OPPOSE),
                    lines=(line("a", EARLY), line("c", CHANGE, "contradicts")),
                ),
            ],
            [("a", "c")],
        ),
        # Another period that says the same is no change.
        ([held(EARLY, CHANGE), held(CHANGE)], []),
    ],
)
def test_a_shift_names_the_last_word_before_and_the_first_after(periods, expected):
    assert [pair(shift) for shift in shifts(periods, BEFORE, AFTER)] == expected


def test_cells_shift_apart():
    found = shifts(
        [held(CHANGE), held(CHANGE, facet="engagement"), held(EARLY, facet="x")],
        BEFORE,
        AFTER,
    )
    assert [shift.facet for shift in found] == ["engagement", "preference"]


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2008, 1, 1), (None, None, 1)),
        (date(2008, 2, 1), (None, 1, 2)),
        (date(2008, 2, 15), (1, None, 2)),
        (date(2008, 3, 1), (1, 2, None)),
        (date(2009, 1, 1), (2, None, None)),
    ],
)
def test_steps_before_at_and_after_a_day(day, expected):
    first, second = (Step(date(2008, month, 1), ()) for month in (2, 3))
    numbers = {None: None, first: 1, second: 2}
    steps = Steps(day, (first, second))
    assert (
        numbers[steps.before],
        numbers[steps.at],
        numbers[steps.after],
    ) == expected
