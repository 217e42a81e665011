"""Sentences about statements and periods, from rows that are not saved."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from positions import telling
from positions.models import Actor, Disposition, Event, Option
from tests.unsaved import JAPAN, OPPOSE, PREFER, TOKYO, period, statement


def attribution(**overrides):
    return telling.as_text(telling.tell_attribution(statement(**overrides)))


WRITTEN = " Written down by Embassy Tokyo."


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        (
            {},
            "Foreign-ministry official of Japan said so to officials of the United "
            "States, in confidence, on 23 April 2008." + WRITTEN,
        ),
        (
            {"speaker_text": "DDG Shimbo", "audience": "", "publicity": "unknown"},
            "DDG Shimbo (foreign-ministry official of Japan) said so, "
            "on 23 April 2008." + WRITTEN,
        ),
        (
            {"on_authority_text": "PM Fukuda", "audience": "", "publicity": "unknown"},
            "Foreign-ministry official of Japan, on the authority of PM Fukuda, "
            "said so, on 23 April 2008." + WRITTEN,
        ),
        (
            {"speaker_role": "", "audience": "", "publicity": "public"},
            "A speaker who is not named said so, in public, on 23 April 2008."
            + WRITTEN,
        ),
        (
            {"standing": "other", "publicity": "unknown", "audience": ""},
            "Foreign-ministry official of Japan said so of Japan, on 23 April 2008."
            + WRITTEN,
        ),
        (
            {"standing": "reporter", "audience": "", "publicity": "unknown"},
            "The author of the document says so, not Japan, on 23 April 2008."
            + WRITTEN,
        ),
        (
            {"standing": "group", "audience": "", "publicity": "unknown"},
            "Foreign-ministry official of Japan said so for Japan, on 23 April 2008."
            + WRITTEN,
        ),
        (
            {
                "form": "act",
                "audience": "",
                "event": Event(name="Dublin conference"),
                "said_on": "2008-05-19/2008-05-30",
            },
            "Recorded act of Japan (Dublin conference), 19–30 May 2008." + WRITTEN,
        ),
        (
            {
                "modality": "conditional",
                "condition": "others agree",
                "audience": "",
                "publicity": "unknown",
            },
            "Foreign-ministry official of Japan said so, on a condition (others "
            "agree), on 23 April 2008." + WRITTEN,
        ),
        (
            {"said_on": "", "holds_latest": date(2008, 5, 2), "audience": ""},
            "Foreign-ministry official of Japan said so, in confidence, by 2 May "
            "2008, the date of the document." + WRITTEN,
        ),
        (
            {"reporter": None, "audience": "", "said_on": "2008-04~"},
            "Foreign-ministry official of Japan said so, in confidence, about April "
            "2008.",
        ),
    ],
)
def test_an_attribution_says_who_to_whom_when_and_who_wrote_it(fields, expected):
    assert attribution(**fields) == expected


def test_an_attribution_of_several_names_none_of_them():
    told = telling.tell_attribution(statement(form="act", audience=""), several=True)
    assert telling.as_text(told).startswith("Recorded act of each of them,")


def test_actors_are_pieces_of_their_own():
    pieces = telling.tell_attribution(statement(standing="other"))
    assert [p.actor for p in pieces if p.actor] == [JAPAN, TOKYO]


def test_a_person_who_only_wrote_it_down_is_not_named():
    author = Actor(pk=7, name="A. Author", kind="person", key="a-author")
    assert "Author" not in attribution(reporter=author)
    assert "Written down by A. Author." in attribution(reporter=author, speaker=author)


ACCEPTED = {"state": "accepted", "accepted_at": datetime(2026, 5, 3, tzinfo=UTC)}


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, "Draft: not accepted."),
        ({"state": "review"}, "In review: not accepted."),
        (
            {**ACCEPTED, "coder_id": 1, "accepted_by_id": 1},
            "Accepted on 3 May 2026 by the person who coded it: single-coded.",
        ),
        (
            {**ACCEPTED, "coder_id": 1, "accepted_by_id": 2},
            "Accepted on 3 May 2026 by a second person, not by its coder.",
        ),
        (
            {**ACCEPTED, "accepted_by_id": 2},
            "Imported, then accepted on 3 May 2026 by a person.",
        ),
    ],
)
def test_acceptance_is_told_without_names_and_single_coding_honestly(fields, expected):
    assert telling.tell_acceptance(statement(**fields), names=False) == expected


def test_curators_read_who_coded_and_who_accepted(django_user_model):
    ann, ben = (
        django_user_model(pk=n, username=u) for n, u in ((1, "ann"), (2, "ben"))
    )
    two = statement(**ACCEPTED, coder=ann, accepted_by=ben)
    one = statement(**ACCEPTED, coder=ann, accepted_by=ann)
    assert telling.tell_acceptance(two, names=True) == (
        "Coded by ann, accepted on 3 May 2026 by ben."
    )
    assert telling.tell_acceptance(one, names=True) == (
        "Accepted on 3 May 2026 by ann, who coded it: single-coded."
    )


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, "prefer CCW"),
        (
            {"over_option": Option(key="oslo", short_name="Oslo")},
            "prefer CCW over Oslo",
        ),
        (
            {
                "disposition": Disposition(
                    code="bound", facet="commitment", phrase="party to {o}", headline=10
                ),
                "mode": "acceptance",
            },
            "party to CCW (acceptance)",
        ),
        (
            {"disposition": Disposition(code="declined", label="would not say")},
            "would not say – CCW",
        ),
    ],
)
def test_a_statement_is_told_as_a_phrase_says_it(fields, expected):
    assert telling.tell_disposition(statement(**fields)) == expected


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, "since 23 April 2008"),
        ({"holds_to": date(2008, 12, 3)}, "23 April 2008 to 2 December 2008"),
        ({"holds_to": date(2008, 4, 24)}, "on 23 April 2008"),
        (
            {"holds_from_earliest": date(2007, 1, 1)},
            "since 23 April 2008 (at the earliest 1 January 2007)",
        ),
    ],
)
def test_days_of_a_period_name_the_last_day_not_the_first_after(fields, expected):
    assert telling.tell_days(period(**fields)) == expected


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, "prefers"),
        ({"dispositions": (PREFER, OPPOSE)}, "contested: prefers or opposes"),
        ({"publicity": "confidential"}, "prefers, in confidence"),
        ({"mode": "acceptance"}, "prefers (acceptance)"),
        ({"through": Actor(name="European Union")}, "prefers, through European Union"),
    ],
)
def test_what_a_period_says_in_words(fields, expected):
    assert telling.tell_period(period(**fields)) == expected


def test_confirmation_and_end_are_told_only_where_there_is_something_to_tell():
    plain = period()
    ended = replace(
        plain,
        last_confirmed=date(2008, 5, 30),
        status="carried",
        previous_government=True,
        holds_to=date(2009, 5, 30),
        end_reason="lapsed",
    )
    assert telling.tell_confirmation(plain) == ""
    assert telling.tell_confirmation(ended) == (
        "last confirmed 30 May 2008; carried on since without newer evidence; the "
        "government has changed since; lapsed, because nothing confirmed it for long "
        "enough"
    )
    restated = replace(
        ended, end_reason="not_restated", rationale="not restated since signing CCM"
    )
    assert telling.tell_end(restated) == "ended, not restated since signing CCM"


def test_a_change_is_told_with_the_days_between_which_it_came():
    changed = period(changed_after=date(2007, 6, 18), previous=OPPOSE)
    assert telling.tell_change(changed) == (
        "changed between 18 June 2007 and 23 April 2008"
    )
    assert telling.tell_change(period(changed_after=date(2007, 6, 18))) == ""
