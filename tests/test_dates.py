"""Dates: the five forms, their days, their words."""

import calendar
from datetime import date, timedelta

import pytest
from edtf import parse_edtf
from hypothesis import given, settings
from hypothesis import strategies as st

from positions import dates

SAID = date(2008, 5, 2)


@st.composite
def points(draw, about=True):
    """The text of a year, month or day, perhaps with ~."""
    on = draw(st.dates())
    text = draw(st.sampled_from([on.isoformat()[:n] for n in (4, 7, 10)]))
    return text + (draw(st.sampled_from(["", "~"])) if about else "")


@pytest.mark.parametrize(
    ("text", "earliest", "latest"),
    [
        ("2008", "2008-01-01", "2008-12-31"),
        ("2008-05", "2008-05-01", "2008-05-31"),
        ("2008-02", "2008-02-01", "2008-02-29"),
        ("2008-05-02", "2008-05-02", "2008-05-02"),
        ("2008~", "2007-01-01", "2009-12-31"),
        ("2008-01~", "2007-12-01", "2008-02-29"),
        ("2008-04~", "2008-03-01", "2008-05-31"),
        ("2008-05-02~", "2008-04-25", "2008-05-09"),
        ("2007-02-22/2007-02-23", "2007-02-22", "2007-02-23"),
        ("2007/2008-05", "2007-01-01", "2008-05-31"),
        ("2008-05/2008", "2008-05-01", "2008-12-31"),
        ("2007~/2008-05-02~", "2006-01-01", "2008-05-09"),
        ("0001", "0001-01-01", "0001-12-31"),
        ("0001~", "0001-01-01", "0002-12-31"),
        ("0001-01~", "0001-01-01", "0001-02-28"),
        ("0001-01-03~", "0001-01-01", "0001-01-10"),
        ("9999", "9999-01-01", "9999-12-31"),
        ("9999~", "9998-01-01", "9999-12-31"),
        ("9999-12~", "9999-11-01", "9999-12-31"),
        ("9999-12-30~", "9999-12-23", "9999-12-31"),
    ],
)
def test_a_closed_date_spans_its_days(text, earliest, latest):
    assert dates.parse(text) == dates.Dated(
        text, date.fromisoformat(earliest), date.fromisoformat(latest), since=False
    )


@pytest.mark.parametrize(
    ("text", "earliest"),
    [("2007/", "2007-01-01"), ("2007-03/", "2007-03-01"), ("2008~/", "2007-01-01")],
)
def test_an_open_end_closes_on_the_day_it_was_said(text, earliest):
    assert dates.parse(text, said=SAID) == dates.Dated(
        text, date.fromisoformat(earliest), SAID, since=True
    )


def test_a_closed_date_takes_no_notice_of_the_day_it_was_said():
    assert dates.parse("2009", said=SAID) == dates.parse("2009")


def test_an_open_date_without_the_day_it_was_said_says_what_is_missing():
    with pytest.raises(dates.BadDate, match="day on which it was said is missing"):
        dates.parse("2007/")


def test_an_open_date_may_not_begin_after_the_day_it_was_said():
    with pytest.raises(dates.BadDate, match="“2008-05-03/” begins after 2008-05-02"):
        dates.parse("2008-05-03/", said=SAID)


def test_an_open_date_about_a_day_may_begin_within_its_week():
    assert dates.parse("2008-05-03~/", said=SAID).earliest == date(2008, 4, 26)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "2008 ",
        "208",
        "20080502",
        "2008-5",
        "2008-05-2",
        "May 2008",
        "2008?",
        "2008%",
        "~2008",
        "2008~~",
        "2008-05-02T07:02Z",
        "2008-W18",
        "200X",
        "-2008",
        "/2008",
        "/",
        "2007/..",
        "2007/open",
        "2007//2008",
        "2006/2007/2008",
        "2007/2008/",
        "2007 / 2008",
        "[2007,2008]",
        "２００８",
        "2008\n",
        "2008\x00",
    ],
)
def test_any_other_form_is_refused_with_the_forms_allowed(text):
    with pytest.raises(dates.BadDate, match=r"is not a date: write YYYY, YYYY-MM") as e:
        dates.parse(text, said=SAID)
    assert "\n" not in str(e.value)
    assert "\x00" not in str(e.value)


@pytest.mark.parametrize(
    "text",
    ["0000", "2008-00", "2008-13", "2008-05-00", "2007-02-29", "2007/2008-04-31"],
)
def test_a_date_outside_the_calendar_is_refused(text):
    with pytest.raises(dates.BadDate, match=f"“{text}” names a date that is not in"):
        dates.parse(text)


@pytest.mark.parametrize(
    "text", ["2008/2007", "2008-05-02/2008-05-01", "2008-05-10~/2008-05-05~"]
)
def test_a_range_may_not_end_before_it_begins(text):
    with pytest.raises(dates.BadDate, match="ends before it begins"):
        dates.parse(text)


def test_a_message_names_the_text_shortened():
    with pytest.raises(dates.BadDate) as e:
        dates.parse("x" * 10_000)
    assert len(str(e.value)) < 250


@given(points())
def test_earliest_is_never_after_latest_and_the_text_is_kept(text):
    found = dates.parse(text)
    assert found.text == text
    assert found.earliest <= found.latest


@given(points(), points())
def test_a_range_is_read_exactly_when_it_does_not_end_before_it_begins(a, b):
    text = f"{a}/{b}"
    begin, end = dates.parse(a.rstrip("~")), dates.parse(b.rstrip("~"))
    if end.latest < begin.earliest:
        with pytest.raises(dates.BadDate, match="ends before it begins"):
            dates.parse(text)
    else:
        found = dates.parse(text)
        assert found.text == text
        assert found.earliest == dates.parse(a).earliest
        assert found.latest == dates.parse(b).latest
        assert found.earliest <= found.latest


@given(points(), st.dates())
def test_a_since_runs_to_the_day_it_was_said(a, said):
    earliest = dates.parse(a).earliest
    if said < earliest:
        with pytest.raises(dates.BadDate):
            dates.parse(f"{a}/", said=said)
    else:
        found = dates.parse(f"{a}/", said=said)
        assert (found.earliest, found.latest, found.since) == (earliest, said, True)


@given(st.text(max_size=30))
def test_any_text_is_a_date_or_a_bad_date(text):
    try:
        dates.parse(text, said=date.max)
    except dates.BadDate:
        return
    assert dates.show(text)


def as_date(struct):
    return date(*struct[:3])


@settings(max_examples=20)  # the library takes milliseconds a date
@given(st.dates(min_value=date(2, 1, 1), max_value=date(9998, 1, 1)))
def test_plain_dates_and_ranges_agree_with_the_edtf_library(on):
    until = on + timedelta(days=40)
    for n in (4, 7, 10):
        one, two = on.isoformat()[:n], until.isoformat()[:n]
        for text in (one, f"{one}/{two}"):
            theirs, ours = parse_edtf(text), dates.parse(text)
            assert ours.earliest == as_date(theirs.lower_strict())
            assert ours.latest == as_date(theirs.upper_strict())


@pytest.mark.parametrize(
    "text", ["2008~", "1999~", "2008-05~", "2008-05-02~", "2008~/2009", "2007/"]
)
def test_approximate_and_open_dates_against_the_edtf_library(text):
    if text.endswith("/"):
        pytest.skip("edtf reads an open end as ten years, we as the day it was said")
    if text.startswith("2008-"):
        pytest.skip("edtf widens a month or day by years and months, we by one unit")
    theirs, ours = parse_edtf(text), dates.parse(text)
    assert ours.earliest == as_date(theirs.lower_fuzzy())
    assert ours.latest == as_date(theirs.upper_fuzzy())


@pytest.mark.parametrize(
    ("text", "shown", "precision"),
    [
        ("2008-05-02", "2 May 2008", "day"),
        ("2008-05", "May 2008", "month"),
        ("2008", "2008", "year"),
        ("2008-05~", "about May 2008", "month"),
        ("2008-05-02~", "about 2 May 2008", "day"),
        ("2007-02-22/2007-02-23", "22–23 February 2007", "range"),
        ("2007-02-22/2007-03-01", "22 February – 1 March 2007", "range"),
        ("2007-12-22/2008-01-03", "22 December 2007 – 3 January 2008", "range"),
        ("2007-02-22/2008-02-22", "22 February 2007 – 22 February 2008", "range"),
        ("2008-05/2008-06", "May–June 2008", "range"),
        ("2007-12/2008-01", "December 2007 – January 2008", "range"),
        ("2007/2008", "2007–2008", "range"),
        ("2008/2008", "2008", "range"),
        ("2007/2008-05-02", "2007 – 2 May 2008", "range"),
        ("2007~/2008", "about 2007 – 2008", "range"),
        ("2007/", "since 2007", "since"),
        ("2007-05~/", "since about May 2007", "since"),
    ],
)
def test_a_date_reads_as_english(text, shown, precision):
    assert dates.show(text) == shown
    assert dates.precision(text) == precision


@pytest.mark.parametrize("ask", [dates.show, dates.precision])
def test_words_and_precision_refuse_what_is_no_date(ask):
    with pytest.raises(dates.BadDate):
        ask("soon")


@pytest.mark.parametrize(
    ("day", "n", "expected"),
    [
        ("2008-05-02", 0, "2008-05-02"),
        ("2008-05-02", 24, "2010-05-02"),
        ("2008-05-02", -5, "2007-12-02"),
        ("2008-01-31", 1, "2008-02-29"),
        ("2007-01-31", 1, "2007-02-28"),
        ("2008-02-29", 12, "2009-02-28"),
        ("2008-03-31", -1, "2008-02-29"),
        ("9999-12-01", 1, "9999-12-31"),
        ("0001-01-31", -1, "0001-01-01"),
    ],
)
def test_months_are_added_by_the_calendar_and_kept_inside_the_month(day, n, expected):
    assert dates.add_months(date.fromisoformat(day), n) == date.fromisoformat(expected)


@given(st.dates(date(100, 1, 1), date(9000, 1, 1)), st.integers(-1000, 1000))
def test_added_months_land_in_the_right_month(day, n):
    there = dates.add_months(day, n)
    assert (there.year - day.year) * 12 + there.month - day.month == n
    assert there.day == min(day.day, calendar.monthrange(there.year, there.month)[1])


def test_a_day_in_a_query_is_read():
    assert dates.day("2008-05-02") == SAID


@pytest.mark.parametrize(
    "text", ["", "2008", "2008-05", "20080502", "2008-W18-5", "2008-05-02~", "today"]
)
def test_a_day_in_a_query_has_one_form(text):
    with pytest.raises(dates.BadDate, match="write YYYY-MM-DD, for example 2008-05-02"):
        dates.day(text)


def test_a_day_in_a_query_must_exist():
    with pytest.raises(dates.BadDate, match="“2007-02-29” is not a day of the calen"):
        dates.day("2007-02-29")


def test_the_help_text_gives_only_dates_that_are_read():
    for text in ("2008-05-02", "2008-05", "2008", "2007-02-22/2007-02-23", "2007/"):
        assert text in dates.DATE_HELP
        dates.parse(text, said=SAID)
