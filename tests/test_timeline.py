"""Derivation rule v1, clause by clause, on plain values."""

from datetime import date

import pytest

from positions.choices import EvidenceLevel
from positions.phrases import Clause, long_phrase, short_phrase
from positions.timeline import (
    Evidence,
    Horizons,
    OptionFacts,
    derive,
    drift,
    extend_to_members,
)

# code -> facet, score, order in the facet
CODES = {
    "prefer": ("preference", 2, 5),
    "support": ("preference", 1, 4),
    "accept": ("preference", 0, 3),
    "reserve": ("preference", -1, 1),
    "oppose": ("preference", -2, 0),
    "engage": ("engagement", 1, 3),
    "observe": ("engagement", 0, 2),
    "bound": ("commitment", 2, 6),
    "signed": ("commitment", 1, 5),
    "adopted": ("commitment", 1, 4),
    "considering": ("commitment", 0, 2),
    "not_joined": ("commitment", -1, 1),
    "withdrawn": ("commitment", -2, 0),
    "declined": (None, None, None),
    "deferred": (None, None, None),
}


def day(text):
    return date.fromisoformat(text)


def said(key, code, on, to=None, *, option="ccw", **overrides):
    """A statement that counts and is enough alone: a director's own words."""
    facet, score, order = CODES[code]
    values = {
        "key": key,
        "option": option,
        "facet": facet,
        "disposition": code,
        "score": score,
        "order": order,
        "form": "reported",
        "speaker": "a director",
        "speaker_rank": 3,
        "earliest": day(on),
        "latest": day(to or on),
    }
    return Evidence(**values | overrides)


def did(key, code, on, **overrides):
    return said(key, code, on, **{"form": "act", "speaker_rank": 5} | overrides)


def timeline_of(*evidence, options=(), **overrides):
    facts = {facts.key: facts for facts in options}
    return derive(evidence, options=facts, codebook_version="7", **overrides)


def cell_of(*evidence, **overrides):
    """The only cell that these statements make."""
    (cell,) = timeline_of(*evidence, **overrides).cells
    return cell


def drawn(periods):
    """Periods as lines: "support, oppose 2008-01-01..2008-02-01 changed"."""
    return [
        f"{', '.join(p.dispositions)} {p.holds_from}..{p.holds_to or ''} "
        f"{p.end_reason}".strip()
        for p in periods
    ]


def clause_of(cell, key):
    (found,) = [i for i in (*cell.set_aside, *cell.beside) if i.key == key]
    return found.clause


# Clause 1: what counts


@pytest.mark.parametrize(
    ("overrides", "clause", "counted"),
    [
        ({"exact": False}, 1, False),
        ({"form": "characterisation"}, 1, False),
        ({"reliability": "E"}, 1, False),
        ({"credibility": "5"}, 1, False),
        ({"score": None}, 1, False),
        ({"standing": "group"}, 9, False),
        ({"standing": "nobody knows"}, 1, False),
    ],
)
def test_clause_1_sets_aside_what_does_not_count(overrides, clause, counted):
    cell = cell_of(said("a", "support", "2008-04-23", **overrides))
    assert cell.periods == cell.thin_periods == cell.beside == ()
    assert [(i.key, i.clause, i.counted) for i in cell.set_aside] == [
        ("a", clause, counted)
    ]
    assert cell.set_aside[0].reason.endswith(".")


@pytest.mark.parametrize(
    ("overrides", "about"),
    [
        ({"standing": "other"}, True),
        ({"standing": "reporter"}, True),
        ({"standing": "other", "form": "characterisation"}, True),
        ({"modality": "conditional"}, False),
        ({"modality": "expected"}, False),
    ],
)
def test_clause_1_shows_beside_what_never_makes_a_timeline(overrides, about):
    cell = cell_of(said("a", "support", "2008-04-23", **overrides))
    assert cell.periods == cell.thin_periods == cell.set_aside == ()
    assert [(i.key, i.clause) for i in cell.beside] == [("a", 1)]
    assert [i.key for i in cell.about] == (["a"] if about else [])


def test_clause_1_says_plainly_why_words_of_others_do_not_count():
    cell = cell_of(said("a", "support", "2008-04-23", standing="other"))
    assert cell.beside[0].reason == (
        "Said about the actor by others, never its position."
    )


@pytest.mark.parametrize("standing", ["own", "group", "other", "reporter"])
def test_clause_1_counts_a_recorded_act_whoever_records_it(standing):
    cell = cell_of(did("a", "engage", "2008-04-23", standing=standing))
    assert [p.used for p in cell.periods] == [("a",)]


@pytest.mark.parametrize("modality", ["stated", "intended"])
def test_clause_1_counts_what_is_stated_or_intended(modality):
    cell = cell_of(said("a", "support", "2008-04-23", modality=modality))
    assert cell.used == {"a"}


@pytest.mark.parametrize("code", ["declined", "deferred"])
def test_clause_1_keeps_declined_and_deferred_as_marks(code):
    cell = cell_of(said("a", code, "2008-04-23", label="would not say"))
    assert (cell.option, cell.facet) == ("ccw", None)
    (mark,) = cell.marks
    assert (mark.key, mark.disposition, mark.label, mark.day) == (
        "a",
        code,
        "would not say",
        day("2008-04-23"),
    )
    assert cell.roles == {"a": "mark"}


def test_clause_1_gives_no_mark_for_what_others_say_was_declined():
    cell = cell_of(said("a", "declined", "2008-04-23", standing="other"))
    assert cell.roles == {"a": "beside"}


# Clause 2: once per event


def test_clause_2_takes_one_event_as_one_piece_whoever_reports_it():
    cell = cell_of(
        said("a", "support", "2008-04-23", event="tokyo", speaker_rank=4),
        said("b", "support", "2008-04-23", event="tokyo", speaker_rank=5),
        said("c", "support", "2008-04-23", event="tokyo", speaker="another"),
    )
    (period,) = cell.periods
    assert (period.n_events, period.level) == (1, EvidenceLevel.SINGLE)
    assert set(period.used) == {"a", "b", "c"}


def test_clause_2_takes_one_speaker_on_one_day_as_one_piece_without_an_event():
    low = {"speaker_rank": 4}
    once = cell_of(
        said("a", "support", "2008-04-23", **low),
        said("b", "support", "2008-04-23", **low),
    )
    assert once.thin
    twice = cell_of(
        said("a", "support", "2008-04-23", **low),
        said("b", "support", "2008-04-23", speaker="another", **low),
    )
    assert [p.n_events for p in twice.periods] == [2]


def test_clause_2_gives_a_piece_the_days_of_its_most_exactly_dated_statement():
    cell = cell_of(
        said("a", "support", "2008-04-01", "2008-04-30", event="tokyo"),
        said("b", "support", "2008-04-23", event="tokyo", speaker_rank=5),
    )
    (period,) = cell.periods
    assert (period.holds_from, period.opened_by) == (day("2008-04-23"), "b")


def test_clause_2_gives_a_piece_the_strength_of_its_strongest_statement():
    cell = cell_of(
        said("a", "support", "2008-01-01", speaker_rank=2),
        said("b", "oppose", "2008-02-01", event="tokyo", speaker_rank=4),
        said("c", "oppose", "2008-02-01", "2008-02-02", event="tokyo", speaker_rank=1),
    )
    assert drawn(cell.periods)[1] == "oppose 2008-02-01..2010-02-01 lapsed"


# Clause 3: its day


def test_clause_3_opens_a_range_on_its_last_day_and_keeps_the_first():
    (period,) = cell_of(said("a", "support", "2008-04-01", "2008-04-30")).periods
    assert period.holds_from == period.last_confirmed == day("2008-04-30")
    assert period.holds_from_earliest == day("2008-04-01")


def test_clause_3_opens_an_open_since_on_its_first_day_however_long_ago():
    (period,) = cell_of(
        said("a", "support", "2004-01-01", "2008-04-23", since=True)
    ).periods
    assert period.holds_from == period.holds_from_earliest == day("2004-01-01")
    assert period.last_confirmed == day("2008-04-23")
    assert period.status_on(day("2007-01-01")) == "current"


@pytest.mark.parametrize(
    ("first", "last", "opens"),
    [
        ("2008-01-01", "2008-12-31", True),
        ("2008-01-01", "2009-01-01", False),
        ("2007-03-01", "2008-02-29", True),
        ("2007-03-01", "2008-03-01", False),
    ],
)
def test_clause_3_opens_nothing_with_a_range_longer_than_a_year(first, last, opens):
    cell = cell_of(said("a", "support", first, last))
    assert bool(cell.periods) is opens
    if not opens:
        assert (clause_of(cell, "a"), cell.set_aside[0].counted) == (3, True)


def test_clause_3_lets_a_range_around_other_evidence_confirm_but_not_open():
    cell = cell_of(
        said("exact", "support", "2008-04-23"),
        said("range", "support", "2008-04-01", "2008-06-30", speaker="another"),
    )
    (period,) = cell.periods
    assert (period.holds_from, period.opened_by) == (day("2008-04-23"), "exact")
    assert (period.used, period.n_events) == (("exact", "range"), 2)
    assert period.last_confirmed == day("2008-04-23")


def test_clause_3_lets_a_range_around_other_evidence_contest_but_not_close():
    cell = cell_of(
        said("exact", "support", "2008-04-23", speaker_rank=3),
        said("range", "oppose", "2008-04-01", "2008-05-31", speaker_rank=1),
    )
    assert drawn(cell.periods) == [
        "support 2008-04-23..2008-05-31 changed",
        "support, oppose 2008-05-31..2010-04-23 lapsed",
    ]
    assert cell.contradicting == {"range"}


def test_clause_3_lets_a_range_support_the_period_it_overlaps_even_when_closed():
    cell = cell_of(
        said("a", "support", "2008-02-01"),
        said("b", "oppose", "2008-09-01"),
        said("year", "support", "2008-01-01", "2008-12-31", speaker="another"),
    )
    assert drawn(cell.periods) == [
        "support 2008-02-01..2008-09-01 changed",
        "oppose 2008-09-01..2010-09-01 lapsed",
    ]
    assert cell.periods[0].used == ("a", "year")


def test_clause_3_sets_a_range_aside_when_nothing_near_it_agrees_or_differs():
    cell = cell_of(
        did("a", "bound", "2000-01-01"),
        said("range", "considering", "2008-01-01", "2009-06-30"),
    )
    assert drawn(cell.periods) == ["bound 2000-01-01.."]
    assert clause_of(cell, "range") == 3


def test_clause_3_does_not_let_two_statements_about_one_month_cancel_out():
    month = "2008-04-01", "2008-04-30"
    cell = cell_of(
        said("a", "support", *month), said("b", "support", *month, speaker="another")
    )
    assert drawn(cell.periods) == ["support 2008-04-30..2010-04-30 lapsed"]
    assert cell.periods[0].n_events == 2


def test_clause_3_does_not_let_a_vaguer_range_silence_a_better_one():
    cell = cell_of(
        said("month", "support", "2008-04-01", "2008-04-30"),
        said("years", "oppose", "2006-01-01", "2008-04-15"),
    )
    assert drawn(cell.periods) == ["support 2008-04-30..2010-04-30 lapsed"]


def test_clause_3_lets_a_since_around_other_evidence_only_contest():
    cell = cell_of(
        said("exact", "support", "2007-06-01"),
        said("since", "oppose", "2006-01-01", "2007-07-01", since=True),
    )
    assert drawn(cell.periods) == [
        "support 2007-06-01..2007-07-01 changed",
        "support, oppose 2007-07-01..2009-06-01 lapsed",
    ]


def test_clause_3_confirms_with_a_range_for_its_first_day_only():
    (period,) = cell_of(
        said("a", "support", "2008-01-01"),
        said("b", "support", "2008-03-01", "2008-05-31"),
    ).periods
    assert period.last_confirmed == day("2008-03-01")
    assert period.holds_to == day("2010-03-01")


def test_clause_3_lets_the_later_of_two_equal_ranges_that_meet_only_contest():
    cell = cell_of(
        said("a", "support", "2008-03-01", "2008-03-31"),
        said("b", "oppose", "2008-03-15", "2008-04-14", speaker_rank=1),
    )
    assert cell.contradicting == {"b"}


def test_clause_3_does_not_let_a_range_support_what_ended_before_it():
    cell = cell_of(
        said("a", "support", "2006-01-01"),
        said("b", "oppose", "2006-06-01"),
        said("c", "oppose", "2008-04-01"),
        said("year", "support", "2008-01-01", "2008-12-31", speaker="another"),
    )
    assert cell.periods[0].used == ("a",)
    assert cell.contradicting == {"year"}


def test_clause_3_adds_a_range_to_what_contests_already_from_its_last_day():
    cell = cell_of(
        said("a", "support", "2008-01-01"),
        said("b", "oppose", "2008-02-01", speaker_rank=4),
        said("range", "reserve", "2008-01-15", "2008-02-20"),
    )
    assert drawn(cell.periods)[1:] == [
        "support, oppose 2008-02-01..2008-02-20 changed",
        "support, oppose, reserve 2008-02-20..2010-01-01 lapsed",
    ]
    assert cell.periods[2].contradicting == ("b", "range")


# Clause 4: order


@pytest.mark.parametrize(
    ("stronger", "weaker"),
    [
        ({"form": "act"}, {"speaker_rank": 1}),
        ({"speaker_rank": 1}, {"speaker_rank": 2}),
    ],
)
def test_clause_4_lets_the_stronger_speak_for_the_day(stronger, weaker):
    cell = cell_of(
        said("weak", "support", "2008-04-23", speaker="another", **weaker),
        said("strong", "oppose", "2008-04-23", **stronger),
    )
    (period,) = cell.periods
    assert period.dispositions == ("oppose", "support")
    assert (period.opened_by, period.contradicting) == ("strong", ("weak",))


@pytest.mark.parametrize(
    ("stronger", "weaker"),
    [
        ({"authority": True}, {"form": "verbatim"}),
        ({"form": "verbatim"}, {"form": "reported"}),
        ({"form": "official"}, {"form": "reported"}),
    ],
)
def test_clause_4_sets_aside_weaker_words_of_the_same_day_and_rank(stronger, weaker):
    cell = cell_of(
        said("weak", "support", "2008-04-23", speaker="another", **weaker),
        said("strong", "oppose", "2008-04-23", **stronger),
    )
    assert drawn(cell.periods) == ["oppose 2008-04-23..2010-04-23 lapsed"]
    assert clause_of(cell, "weak") == 4


def test_clause_4_contests_the_day_when_equals_differ():
    cell = cell_of(
        said("a", "support", "2008-04-23"), said("b", "oppose", "2008-04-23")
    )
    (period,) = cell.periods
    assert period.contested
    assert (period.dispositions, period.score) == (("support", "oppose"), None)
    assert set(period.used) == {"a", "b"}


def test_clause_4_ends_a_tie_with_the_next_evidence():
    cell = cell_of(
        said("a", "support", "2008-04-23"),
        said("b", "oppose", "2008-04-23"),
        said("c", "support", "2008-05-01", speaker_rank=4),
        said("d", "support", "2008-05-02", speaker_rank=4),
    )
    assert drawn(cell.periods) == [
        "support, oppose 2008-04-23..2008-05-01 changed",
        "support 2008-05-01..2010-05-02 lapsed",
    ]


def test_clause_4_takes_acts_of_one_day_that_point_one_way_as_no_tie():
    cell = cell_of(
        did("signing", "signed", "2008-12-03"), did("consent", "bound", "2008-12-03")
    )
    assert drawn(cell.periods) == ["bound 2008-12-03.."]
    assert clause_of(cell, "signing") == 4


def test_clause_4_contests_acts_of_one_day_that_point_both_ways():
    cell = cell_of(
        did("a", "bound", "2008-12-03"), did("b", "not_joined", "2008-12-03")
    )
    assert cell.periods[0].dispositions == ("bound", "not_joined")


# Clause 5: opening and replacing


def test_clause_5_opens_confirms_and_replaces():
    cell = cell_of(
        said("a", "support", "2008-01-01"),
        said("b", "support", "2008-02-01"),
        said("c", "oppose", "2008-03-01"),
    )
    old, new = cell.periods
    assert drawn(cell.periods) == [
        "support 2008-01-01..2008-03-01 changed",
        "oppose 2008-03-01..2010-03-01 lapsed",
    ]
    assert (old.used, old.last_confirmed) == (("a", "b"), day("2008-02-01"))
    assert old.ended_by == new.opened_by == "c"


def test_clause_5_reports_the_change_as_between_two_days():
    old, new = cell_of(
        said("a", "support", "2008-01-01"),
        said("b", "support", "2008-02-01"),
        said("c", "oppose", "2008-03-01"),
    ).periods
    assert (new.changed_after, new.holds_from) == (day("2008-02-01"), day("2008-03-01"))
    assert (new.previous_disposition, new.previous_score) == ("support", 1)
    assert (old.changed_after, old.previous_disposition) == (None, "")
    assert old.previous_score is None


@pytest.mark.parametrize(
    ("overrides", "on", "replaces"),
    [
        ({"speaker_rank": 3}, "2008-01-31", True),
        ({"speaker_rank": 2}, "2008-01-31", True),
        ({"speaker_rank": 4}, "2008-01-31", False),
        ({"speaker_rank": 5, "form": "act"}, "2008-01-31", True),
        ({"speaker_rank": 4}, "2008-03-31", False),
        ({"speaker_rank": 4}, "2008-04-01", True),
    ],
)
def test_clause_5_replaces_by_rank_by_act_or_after_90_days(overrides, on, replaces):
    cell = cell_of(
        said("a", "support", "2008-01-01"),
        said("b", "oppose", on, **overrides),
        said("c", "oppose", "2009-01-01"),
    )
    first = cell.periods[0]
    assert (first.holds_to, first.ended_by) == (day(on), "b")
    assert ("b" in cell.used) is replaces
    assert ("b" in cell.contradicting) is not replaces


def test_clause_5_measures_a_newcomer_by_the_best_the_period_rests_on():
    cell = cell_of(
        said("minister", "support", "2008-01-01", speaker_rank=1),
        said("official", "support", "2008-02-01", speaker_rank=4),
        said("director", "oppose", "2008-02-15", speaker_rank=3),
    )
    assert cell.contradicting == {"director"}


def test_clause_5_raises_the_bar_when_a_better_speaker_confirms():
    cell = cell_of(
        said("official", "support", "2008-01-01", speaker_rank=4),
        said("minister", "support", "2008-02-01", speaker_rank=1),
        said("director", "oppose", "2008-02-15", speaker_rank=3),
    )
    assert cell.contradicting == {"director"}


def test_clause_5_ranks_an_act_above_all_words():
    cell = cell_of(
        did("act", "signed", "2008-12-03"),
        said("minister", "considering", "2008-12-10", speaker_rank=1),
    )
    assert cell.contradicting == {"minister"}


# Clause 6: ending without new evidence

CCW_UNTIL_2008 = OptionFacts("ccw", valid_to=date(2008, 12, 4))


def test_clause_6_ends_a_period_on_the_day_after_the_option_s_last_valid_day():
    (period,) = cell_of(
        did("a", "engage", "2008-04-23"), options=[CCW_UNTIL_2008]
    ).periods
    assert (period.holds_to, period.end_reason) == (day("2008-12-05"), "option_ended")
    assert period.holds_on(day("2008-12-04"))
    assert not period.holds_on(day("2008-12-05"))


def test_clause_6_sets_aside_what_speaks_of_days_after_the_option():
    cell = cell_of(
        did("last", "engage", "2008-12-04"),
        did("late", "observe", "2008-12-05"),
        options=[CCW_UNTIL_2008],
    )
    assert drawn(cell.periods) == ["engage 2008-12-04..2008-12-05 option_ended"]
    assert clause_of(cell, "late") == 6


def test_clause_6_cuts_a_range_at_the_option_s_last_valid_day():
    (period,) = cell_of(
        did("a", "engage", "2008-06-01", latest=day("2008-12-31")),
        options=[CCW_UNTIL_2008],
    ).periods
    assert period.holds_from == day("2008-12-04")


@pytest.mark.parametrize(
    ("code", "on", "lapses"),
    [
        ("support", "2008-04-23", "2010-04-23"),
        ("engage", "2008-04-23", "2009-04-23"),
        ("engage", "2008-02-29", "2009-02-28"),
        ("bound", "2008-04-23", None),
    ],
)
def test_clause_6_lapses_after_calendar_months_by_facet(code, on, lapses):
    (period,) = cell_of(did("a", code, on)).periods
    assert period.holds_to == (day(lapses) if lapses else None)
    assert period.end_reason == ("lapsed" if lapses else "")


def test_clause_6_counts_the_horizon_from_the_last_confirmation():
    (period,) = cell_of(
        said("a", "support", "2008-01-01"), said("b", "support", "2009-06-01")
    ).periods
    assert period.holds_to == day("2011-06-01")


def test_clause_6_confirms_on_the_very_day_of_the_lapse():
    yearly = [did(f"{year}", "engage", f"{year}-12-05") for year in range(2006, 2010)]
    assert drawn(cell_of(*yearly).periods) == ["engage 2006-12-05..2010-12-05 lapsed"]


def test_clause_6_opens_what_differs_on_the_very_day_of_the_lapse():
    cell = cell_of(
        said("a", "support", "2008-01-01"),
        said("b", "oppose", "2008-02-01", speaker_rank=4),
        said("c", "oppose", "2008-02-02", speaker_rank=4),
        horizons=Horizons(preference=1),
    )
    assert drawn(cell.periods) == [
        "support 2008-01-01..2008-02-01 lapsed",
        "oppose 2008-02-01..2008-03-02 lapsed",
    ]


def test_clause_6_leaves_a_gap_between_a_lapse_and_a_new_start():
    cell = cell_of(
        said("a", "support", "2005-01-01"), said("b", "support", "2008-01-01")
    )
    assert drawn(cell.periods) == [
        "support 2005-01-01..2007-01-01 lapsed",
        "support 2008-01-01..2010-01-01 lapsed",
    ]
    assert cell.periods[1].previous_disposition == "support"
    assert cell.periods[1].changed_after is None


@pytest.mark.parametrize(
    ("code", "on", "status"),
    [
        ("support", "2009-04-22", "current"),
        ("support", "2009-04-23", "carried"),
        ("support", "2010-04-22", "carried"),
        ("support", "2010-04-23", "lapsed"),
        ("engage", "2008-10-22", "current"),
        ("engage", "2008-10-23", "carried"),
        ("bound", "2030-01-01", "current"),
    ],
)
def test_clause_6_turns_from_current_to_carried_half_way(code, on, status):
    assert cell_of(did("a", code, "2008-04-23")).at(day(on)).status == status


def test_clause_6_halves_an_odd_horizon_by_days():
    cell = cell_of(said("a", "support", "2008-01-01"), horizons=Horizons(preference=3))
    assert cell.at(day("2008-02-14")).status == "current"
    assert cell.at(day("2008-02-15")).status == "carried"


def test_clause_6_judges_a_status_by_what_was_confirmed_up_to_that_day():
    cell = cell_of(
        said("a", "support", "2008-01-01"), said("b", "support", "2009-06-01")
    )
    assert cell.at(day("2009-05-31")).status == "carried"
    assert cell.at(day("2009-06-01")).status == "current"


def test_clause_6_takes_other_horizons_and_prints_them_with_the_answer():
    cell = cell_of(
        said("a", "support", "2008-01-01", label="supports"),
        horizons=Horizons(preference=6),
    )
    assert cell.periods[0].horizon == 6
    assert cell.at(day("2008-08-01")).sentence == (
        "No current position; last known: supports, last confirmed 2008-01-01, "
        "not confirmed for 6 months."
    )


def test_clause_6_never_lapses_without_a_horizon():
    cell = cell_of(
        said("a", "support", "2008-01-01"), horizons=Horizons(preference=None)
    )
    assert cell.at(day("2040-01-01")).status == "current"


def test_clause_6_names_a_change_of_government_until_a_confirmation_follows():
    cell = cell_of(
        said("a", "support", "2008-01-01", label="supports"),
        said("b", "support", "2008-12-01", label="supports"),
        government_changes=[day("2008-09-24"), day("2007-09-26")],
    )
    assert cell.at(day("2008-09-23")).government_change is None
    after = cell.at(day("2008-10-01"))
    assert (after.status, after.government_change) == ("current", day("2008-09-24"))
    assert after.sentence.endswith("; the government changed on 2008-09-24.")
    assert cell.at(day("2008-12-01")).government_change is None
    assert not cell.periods[0].previous_government


def test_clause_6_asks_for_a_confirmation_after_the_day_of_the_change():
    (period,) = cell_of(
        said("a", "support", "2008-01-01"), government_changes=[day("2008-01-01")]
    ).periods
    assert period.previous_government


# Clause 7: contested


def test_clause_7_contests_until_the_next_counted_evidence():
    cell = cell_of(
        said("a", "support", "2008-01-01"),
        said("b", "oppose", "2008-02-01", speaker_rank=4),
        said("c", "support", "2008-03-01"),
    )
    before, contested, after = cell.periods
    assert drawn(cell.periods) == [
        "support 2008-01-01..2008-02-01 changed",
        "support, oppose 2008-02-01..2008-03-01 changed",
        "support 2008-03-01..2010-03-01 lapsed",
    ]
    assert [p.score for p in cell.periods] == [1, None, 1]
    assert [p.opened_by for p in cell.periods] == ["a", "b", "c"]
    assert [p.ended_by for p in cell.periods] == ["b", "c", ""]
    assert contested.contradicting == ("b",)
    assert before.used == contested.used == after.used == ("a", "c")


def test_clause_7_joins_contested_stretches_and_adds_what_else_differs():
    cell = cell_of(
        said("a", "support", "2008-01-01"),
        said("b", "oppose", "2008-02-01", speaker_rank=4),
        said("c", "oppose", "2008-02-10", speaker_rank=4),
        said("d", "reserve", "2008-02-20", speaker_rank=4),
    )
    assert drawn(cell.periods) == [
        "support 2008-01-01..2008-02-01 changed",
        "support, oppose 2008-02-01..2008-02-20 changed",
        "support, reserve 2008-02-20..2010-01-01 lapsed",
    ]
    assert cell.periods[1].contradicting == ("b", "c")


def test_clause_7_shows_both_dispositions_and_no_score_in_the_answer():
    answer = cell_of(
        said("a", "support", "2008-01-01", label="supports"),
        said("b", "oppose", "2008-02-01", label="opposes", speaker_rank=4),
    ).at(day("2008-02-01"))
    assert (answer.status, answer.score) == ("contested", None)
    assert answer.dispositions == ("support", "oppose")
    assert answer.sentence == (
        "Contested since 2008-02-01: supports or opposes; last confirmed 2008-01-01."
    )


PUBLIC = {"publicity": "public", "event": "press"}
CONFIDENTIAL = {"publicity": "confidential", "event": "talks"}


def test_clause_7_shows_both_lanes_where_public_and_confidential_words_differ():
    cell = cell_of(
        said("a", "oppose", "2008-01-01", label="opposes", **PUBLIC),
        said("b", "support", "2008-02-01", label="supports", **CONFIDENTIAL),
    )
    assert cell.lanes == ("public", "confidential")
    assert [(p.lane, p.disposition) for p in cell.periods] == [
        ("public", "oppose"),
        ("confidential", "support"),
    ]
    answer = cell.at(day("2008-02-01"))
    assert (answer.status, answer.score) == ("contested", None)
    assert (answer.period.lane, answer.other.lane) == ("public", "confidential")
    assert answer.sentence == "In public: opposes; in confidence: supports."
    assert cell.at(day("2008-01-31")).status == "current"


def test_clause_7_shows_one_lane_where_public_and_confidential_words_agree():
    cell = cell_of(
        said("a", "support", "2008-01-01", **PUBLIC),
        said("b", "support", "2008-02-01", **CONFIDENTIAL),
    )
    assert cell.lanes == ("any",)
    assert cell.periods[0].n_events == 2


def test_clause_7_shows_one_lane_when_the_words_differ_on_no_common_day():
    cell = cell_of(
        said("a", "oppose", "2004-01-01", **PUBLIC),
        said("b", "support", "2008-02-01", **CONFIDENTIAL),
    )
    assert cell.lanes == ("any",)


@pytest.mark.parametrize(
    "overrides",
    [{"publicity": "leaked"}, {"publicity": "unknown"}, {"form": "act", **PUBLIC}],
)
def test_clause_7_takes_leaked_and_unknown_words_and_acts_into_both_lanes(overrides):
    cell = cell_of(
        said("a", "oppose", "2008-01-01", **PUBLIC),
        said("b", "support", "2008-02-01", **CONFIDENTIAL),
        said("c", "reserve", "2008-03-01", **{"event": "c"} | overrides),
    )
    ends = {p.lane: p.dispositions for p in cell.periods}
    assert ends == {"public": ("reserve",), "confidential": ("reserve",)}
    assert cell.roles == {"a": "used", "b": "used", "c": "used"}


def test_clause_7_answers_from_the_one_lane_that_speaks_of_a_day():
    cell = cell_of(
        said("a", "oppose", "2008-01-01", **PUBLIC),
        said("b", "support", "2008-02-01", **CONFIDENTIAL),
    )
    late = cell.at(day("2010-01-15"))
    assert (late.status, late.period.lane) == ("carried", "confidential")


# Clause 8: enough evidence


@pytest.mark.parametrize(
    ("evidence", "level"),
    [
        ([did("a", "engage", "2008-01-01")], "act"),
        ([said("a", "engage", "2008-01-01", speaker_rank=1)], "single"),
        ([said("a", "engage", "2008-01-01", speaker_rank=3)], "single"),
        (
            [
                said("a", "engage", "2008-01-01", speaker_rank=5),
                said("b", "engage", "2008-02-01", speaker_rank=5),
            ],
            "several",
        ),
    ],
)
def test_clause_8_shows_what_rests_on_enough(evidence, level):
    cell = cell_of(*evidence)
    assert [p.level for p in cell.periods] == [level]
    assert not cell.thin


@pytest.mark.parametrize("rank", [4, 5])
def test_clause_8_calls_one_event_of_a_low_speaker_thin(rank):
    cell = cell_of(said("a", "support", "2008-01-01", speaker_rank=rank))
    assert cell.periods == ()
    assert cell.thin
    assert [p.used for p in cell.thin_periods] == [("a",)]
    assert cell.at(day("2008-01-01")).status == "thin"
    assert cell.at(day("2015-01-01")).status == "thin"
    assert cell.at(day("2007-12-31")).status == "none"


def test_clause_8_names_what_was_known_before_thin_evidence_replaced_it():
    cell = cell_of(
        said("a", "support", "2008-01-01", label="supports"),
        said("b", "oppose", "2008-06-01", speaker_rank=5),
    )
    answer = cell.at(day("2008-06-01"))
    assert (answer.status, answer.period) == ("thin", None)
    assert answer.last_known.disposition == "support"
    assert answer.sentence == (
        "Thin: not enough evidence for a position; "
        "last known: supports, last confirmed 2008-01-01."
    )


def test_clause_8_calls_evidence_that_opens_nothing_thin():
    cell = cell_of(said("a", "support", "2006-01-01", "2008-01-01"))
    assert cell.thin
    assert cell.at(day("2008-01-01")).status == "thin"
    assert cell.at(day("2007-12-31")).status == "none"


def test_clause_8_asks_enough_of_both_sides_of_a_tie():
    low = {"speaker_rank": 4}
    cell = cell_of(
        said("a", "support", "2008-01-01", event="a", **low),
        said("b", "support", "2008-01-01", event="b", **low),
        said("c", "oppose", "2008-01-01", event="c", **low),
    )
    assert cell.thin


# Clause 9: groups


def extended(*evidence, spans=((None, None),), exceptions=None):
    return extend_to_members(
        evidence,
        group="eu",
        member="ireland",
        spans=spans,
        exceptions=exceptions or {},
    )


@pytest.mark.parametrize("standing", ["own", "group"])
def test_clause_9_counts_a_group_s_statement_for_a_member_of_that_day(standing):
    group = extended(said("g", "support", "2008-01-01", standing=standing)).evidence
    (period,) = cell_of(*group).periods
    assert (period.level, period.through) == (EvidenceLevel.GROUP, "eu")


@pytest.mark.parametrize(
    ("span", "counts"),
    [
        ((None, None), True),
        (("2008-01-01", None), True),
        (("2008-01-02", None), False),
        ((None, "2008-01-31"), False),
        ((None, "2008-02-01"), True),
    ],
)
def test_clause_9_asks_for_membership_on_all_days_of_the_statement(span, counts):
    joined, left = (day(text) if text else None for text in span)
    found = extended(
        said("g", "support", "2008-01-01", "2008-01-31"), spans=[(joined, left)]
    )
    assert bool(found.evidence) is counts
    assert [(i.key, i.clause) for i in found.set_aside] == (
        [] if counts else [("g", 9)]
    )


def test_clause_9_leaves_out_a_member_that_dissociated_itself():
    found = extended(
        said("g", "support", "2008-01-01"), exceptions={"g": {"ireland", "malta"}}
    )
    assert found.evidence == ()
    assert found.set_aside[0].reason == (
        "The member dissociated itself from the group's statement."
    )


@pytest.mark.parametrize(
    "overrides",
    [
        {"standing": "other"},
        {"modality": "conditional"},
        {"form": "characterisation"},
        {"through": "another group"},
    ],
)
def test_clause_9_passes_on_only_what_counts_for_the_group(overrides):
    found = extended(said("g", "support", "2008-01-01", **overrides))
    assert (found.evidence, found.set_aside) == ((), ())


@pytest.mark.parametrize("code", ["support", "oppose"])
def test_clause_9_never_touches_the_member_s_own_evidence(code):
    own = said("own", "support", "2008-01-01", speaker_rank=5)
    more = said("more", "support", "2008-03-01", speaker_rank=5)
    (group,) = extended(did("g", code, "2008-02-01")).evidence
    cell = cell_of(own, more, group)
    assert cell.periods == cell_of(own, more).periods
    assert clause_of(cell, "g") == 9


def test_clause_9_gives_way_to_own_evidence_when_it_comes():
    (group,) = extended(said("g", "support", "2008-01-01")).evidence
    cell = cell_of(group, said("own", "oppose", "2008-06-01"))
    through, own = cell.periods
    assert drawn(cell.periods) == [
        "support 2008-01-01..2008-06-01 changed",
        "oppose 2008-06-01..2010-06-01 lapsed",
    ]
    assert (through.through, through.ended_by, own.through) == ("eu", "own", None)
    assert own.previous_disposition == "support"


def test_clause_9_gives_way_to_thin_own_evidence_as_well():
    (group,) = extended(said("g", "support", "2008-01-01")).evidence
    cell = cell_of(group, said("own", "oppose", "2008-06-01", speaker_rank=5))
    assert cell.at(day("2008-05-31")).status == "current"
    assert cell.at(day("2008-06-01")).status == "thin"


def test_clause_9_lets_no_group_speak_against_the_member_in_another_lane():
    (group,) = extended(said("g", "support", "2008-02-01", **CONFIDENTIAL)).evidence
    cell = cell_of(said("own", "oppose", "2008-01-01", **PUBLIC), group)
    assert cell.lanes == ("any",)
    assert cell.at(day("2008-02-01")).status == "current"


def test_clause_9_gives_way_in_any_lane_in_which_the_member_speaks():
    low = {"publicity": "confidential", "speaker_rank": 4}
    (group,) = extended(said("g", "support", "2010-01-15", **CONFIDENTIAL)).evidence
    cell = cell_of(
        said("public", "support", "2008-01-01", **PUBLIC),
        said("b", "oppose", "2008-02-01", **low),
        said("c", "oppose", "2008-02-02", **low),
        group,
    )
    assert cell.lanes == ("public", "confidential")
    assert clause_of(cell, "g") == 9


def test_clause_9_sets_no_lanes_apart_for_a_group_s_words():
    publicly, privately = extended(
        said("g", "support", "2008-01-01", **PUBLIC),
        said("h", "oppose", "2008-02-01", **CONFIDENTIAL),
    ).evidence
    cell = cell_of(
        said("a", "support", "2004-01-01", **PUBLIC),
        said("b", "support", "2004-01-01", **CONFIDENTIAL),
        publicly,
        privately,
    )
    assert cell.lanes == ("any",)


def test_clause_9_gives_way_where_a_range_holds_a_day_of_own_evidence():
    (group,) = extended(said("g", "prefer", "2008-11-01", "2008-12-31")).evidence
    found = timeline_of(
        said("own", "prefer", "2008-11-30"), group, SIGNED, options=[CCM]
    )
    cell = found.cell("ccw", "preference")
    assert drawn(cell.periods) == ["prefer 2008-11-30..2008-12-03 not_restated"]
    assert clause_of(cell, "g") == 9


def test_clause_9_asks_enough_of_a_group_s_evidence_too():
    (group,) = extended(said("g", "support", "2008-01-01", speaker_rank=5)).evidence
    assert cell_of(group).thin


def test_clause_9_does_not_count_words_for_a_group_as_the_member_s_own():
    cell = cell_of(said("a", "support", "2008-01-01", standing="group"))
    assert (clause_of(cell, "a"), cell.set_aside[0].counted) == (9, False)


# Clause 10: alternatives

CCM = OptionFacts("ccm", alternatives=frozenset({"ccw"}), name="CCM")
SIGNED = did("signing", "signed", "2008-12-03", option="ccm")


@pytest.mark.parametrize(
    "options",
    [[CCM], [OptionFacts("ccm"), OptionFacts("ccw", alternatives=frozenset({"ccm"}))]],
)
def test_clause_10_ends_an_earlier_prefer_for_an_alternative_either_declares(options):
    found = timeline_of(said("a", "prefer", "2008-04-23"), SIGNED, options=options)
    (period,) = found.cell("ccw", "preference").periods
    assert (period.holds_to, period.end_reason) == (day("2008-12-03"), "not_restated")
    assert period.ended_by == "signing"


def test_clause_10_says_since_which_signing_it_was_not_restated():
    found = timeline_of(
        said("a", "prefer", "2008-04-23", label="prefers"), SIGNED, options=[CCM]
    )
    answer = found.cell("ccw", "preference").at(day("2009-01-01"))
    assert answer.status == "lapsed"
    assert answer.sentence == (
        "No current position; last known: prefers, last confirmed 2008-04-23, "
        "not restated since signing CCM on 2008-12-03."
    )


@pytest.mark.parametrize("on", ["2008-12-03", "2009-01-01"])
def test_clause_10_shows_it_again_when_it_is_stated_again(on):
    found = timeline_of(
        said("a", "prefer", "2008-04-23"),
        said("b", "prefer", on),
        SIGNED,
        options=[CCM],
    )
    first, again = found.cell("ccw", "preference").periods
    assert first.holds_to == day("2008-12-03")
    assert (again.holds_from, again.used) == (day(on), ("b",))


def test_clause_10_asks_again_when_the_actor_becomes_bound():
    found = timeline_of(
        said("a", "prefer", "2009-01-01"),
        SIGNED,
        did("consent", "bound", "2009-07-14", option="ccm"),
        options=[CCM],
    )
    (period,) = found.cell("ccw", "preference").periods
    assert period.holds_to == day("2009-07-14")
    assert period.end_note == "not restated since becoming bound by CCM on 2009-07-14"


@pytest.mark.parametrize(
    ("preference", "commitment"),
    [
        (said("a", "support", "2008-04-23"), SIGNED),
        (said("a", "prefer", "2008-04-23", option="other"), SIGNED),
        (
            said("a", "prefer", "2008-04-23"),
            did("act", "adopted", "2008-05-30", option="ccm"),
        ),
        (
            said("a", "prefer", "2008-04-23"),
            said("thin", "signed", "2008-12-03", option="ccm", speaker_rank=5),
        ),
        (
            said("a", "prefer", "2008-04-23"),
            did(
                "g",
                "signed",
                "2008-12-03",
                option="ccm",
                standing="group",
                through="eu",
            ),
        ),
    ],
)
def test_clause_10_lets_nothing_else_pass_between_options(preference, commitment):
    alone = timeline_of(preference, options=[CCM])
    both = timeline_of(preference, commitment, options=[CCM])
    option = preference.option
    assert (
        both.cell(option, "preference").periods
        == alone.cell(option, "preference").periods
    )


def test_clause_10_takes_a_since_that_reaches_past_the_signing_as_restated():
    found = timeline_of(
        said("a", "prefer", "2008-01-01", "2009-01-15", since=True),
        SIGNED,
        options=[CCM],
    )
    assert drawn(found.cell("ccw", "preference").periods) == [
        "prefer 2008-01-01..2011-01-15 lapsed"
    ]


def test_clause_10_does_not_follow_from_a_contested_signing():
    denied = did("denied", "not_joined", "2008-12-03", option="ccm")
    found = timeline_of(
        said("a", "prefer", "2008-04-23"), SIGNED, denied, options=[CCM]
    )
    (period,) = found.cell("ccw", "preference").periods
    assert period.end_reason == "lapsed"


# Clause 12: person over rule, versions, ids


def test_clause_12_calls_a_difference_of_disposition_drift():
    (plain,) = cell_of(said("a", "support", "2008-01-01")).periods
    assert drift("oppose", plain)
    assert not drift("support", plain)
    assert not drift("oppose", None)


def test_clause_12_sees_no_drift_in_one_side_of_a_contest():
    (contested,) = cell_of(
        said("a", "support", "2008-01-01"), said("b", "oppose", "2008-01-01")
    ).periods
    assert not drift("oppose", contested)
    assert drift("reserve", contested)


def test_clause_12_names_rule_and_codebook_version():
    found = timeline_of(said("a", "support", "2008-01-01"))
    (period,) = found.cells[0].periods
    assert (period.rule_version, period.codebook_version) == ("1", "7")
    assert (found.rule_version, found.codebook_version) == ("1", "7")


def test_clause_12_names_a_withdrawal_as_the_end_of_what_it_ended():
    first, last = cell_of(
        did("a", "bound", "2008-01-01", mode="accession"),
        did("b", "withdrawn", "2025-03-06"),
    ).periods
    assert (first.end_reason, first.mode) == ("withdrawn", "accession")
    assert (last.disposition, last.mode) == ("withdrawn", "")


def test_period_ids_depend_on_scope_cell_and_start_alone():
    def id_of(*evidence, scope="japan cm"):
        return cell_of(*evidence, scope=scope).periods[0].id

    plain = id_of(said("a", "support", "2008-01-01"))
    assert plain == id_of(said("b", "oppose", "2008-01-01", speaker_rank=1))
    others = {
        id_of(said("a", "support", "2008-01-02")),
        id_of(said("a", "support", "2008-01-01", option="ccm")),
        id_of(said("a", "engage", "2008-01-01")),
        id_of(said("a", "support", "2008-01-01"), scope="norway cm"),
    }
    assert len(others | {plain}) == 5


# Input


def test_two_different_statements_with_one_key_are_refused():
    with pytest.raises(ValueError, match="have the key a"):
        timeline_of(
            said("a", "support", "2008-01-01"), said("a", "oppose", "2008-01-01")
        )


def test_days_in_the_wrong_order_are_refused():
    with pytest.raises(ValueError, match="Evidence a ends before it begins"):
        said("a", "support", "2008-01-02", "2008-01-01")


def test_nothing_makes_no_cells():
    assert timeline_of().cells == ()


def test_five_thousand_statements_of_one_cell_are_read_in_one_go():
    codes = ["support", "oppose", "reserve"]
    start = day("1950-01-01").toordinal()
    many = [
        said(
            f"{n}",
            codes[n * n % 3],
            date.fromordinal(start + n * 3).isoformat(),
            date.fromordinal(start + n * 3 + n % 40).isoformat(),
            speaker_rank=1 + n % 5,
            since=n % 7 == 0,
            publicity=("public", "confidential", "leaked")[n % 3],
        )
        for n in range(5000)
    ]
    cell = cell_of(*many)
    assert len(cell.roles) == 5000


# The first document


def japan():
    talks = {
        "event": "tokyo-2008-04-23",
        "speaker": "a foreign-ministry official of Japan",
        "publicity": "confidential",
    }
    return [
        said("prefer", "prefer", "2008-04-23", authority=True, **talks),
        said("engage", "engage", "2008-04-23", option="oslo", **talks),
        said("art-1b", "reserve", "2008-04-23", option="art-1b", **talks),
        said("art-1c", "reserve", "2008-04-23", option="art-1c", **talks),
        said("accept", "accept", "2008-04-23", option="draft", **talks),
        did("dublin", "adopted", "2008-05-30", option="ccm", publicity="public"),
        did("oslo", "signed", "2008-12-03", option="ccm", publicity="public"),
        did("new-york", "bound", "2009-07-14", option="ccm", mode="acceptance"),
    ]


def test_japan_goes_from_preferring_one_option_to_being_bound_by_the_other():
    found = timeline_of(*japan(), options=[CCM])
    assert drawn(found.cell("ccm", "commitment").periods) == [
        "adopted 2008-05-30..2008-12-03 changed",
        "signed 2008-12-03..2009-07-14 changed",
        "bound 2009-07-14..",
    ]
    assert found.cell("ccm", "commitment").periods[-1].mode == "acceptance"
    assert drawn(found.cell("ccw", "preference").periods) == [
        "prefer 2008-04-23..2008-12-03 not_restated"
    ]
    assert drawn(found.cell("oslo", "engagement").periods) == [
        "engage 2008-04-23..2009-04-23 lapsed"
    ]


@pytest.mark.parametrize(
    ("on", "short", "long"),
    [
        ("2008-04-22", "", ""),
        (
            "2008-05-02",
            "prefer CCW, engaged in Oslo Process",
            "prefer CCW, engaged in Oslo Process; seek changes to Art. 1(b), "
            "Art. 1(c); would accept Draft",
        ),
        (
            "2008-05-30",
            "adopted CCM, prefer CCW, engaged in Oslo Process",
            "adopted CCM, prefer CCW, engaged in Oslo Process; seek changes to "
            "Art. 1(b), Art. 1(c); would accept Draft",
        ),
        (
            "2008-12-03",
            "signed CCM, engaged in Oslo Process",
            "signed CCM, engaged in Oslo Process; seek changes to Art. 1(b), "
            "Art. 1(c); would accept Draft",
        ),
        ("2010-04-23", "party to CCM", "party to CCM"),
    ],
)
def test_japan_s_phrase_follows_from_its_statements(on, short, long):
    found = timeline_of(*japan(), options=[CCM]).at(day(on))
    clauses = [
        clause(option, answer)
        for (option, _), answer in found.items()
        if answer.status in {"current", "carried", "contested"}
    ]
    assert short_phrase(clauses) == short
    assert long_phrase(clauses) == long


def clause(option, answer):
    name, headline = {
        "ccw": ("CCW", True),
        "oslo": ("Oslo Process", True),
        "ccm": ("CCM", True),
        "draft": ("Draft", False),
        "art-1b": ("Art. 1(b)", False),
        "art-1c": ("Art. 1(c)", False),
    }[option]
    phrase, number = {
        "prefer": ("prefer {o}", 50),
        "engage": ("engaged in {o}", 60),
        "reserve": ("seek changes to {o}", 71),
        "accept": ("would accept {o}", 72),
        "adopted": ("adopted {o}", 30),
        "signed": ("signed {o}", 20),
        "bound": ("party to {o}", 10),
    }[answer.dispositions[0]]
    return Clause(option, name, headline, phrase, number, answer.status == "contested")
