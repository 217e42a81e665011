"""What rule v1 makes of the demonstration's accepted statements (no database)."""

import csv
from collections import defaultdict
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from positions import dates, phrases, timeline

DEMO = Path(__file__).resolve().parents[1] / "ingest" / "demo"
CODEBOOK = DEMO.parents[1] / "positions" / "data" / "codebook.csv"


def read(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def table(name):
    return read(DEMO / f"{name}.csv")


def day_of(text):
    return date.fromisoformat(text) if text else None


EXPECTED = table("expected")
PHRASES = table("expected_phrases")
DISPOSITIONS = {row["code"]: row for row in read(CODEBOOK)}
OPTIONS = {row["key"]: row for row in table("options")}
FACTS = {
    key: timeline.OptionFacts(
        key=key,
        valid_to=day_of(row["valid_to"]),
        alternatives=frozenset(row["alternatives"].split(";")) - {""},
        name=row["short_name"],
    )
    for key, row in OPTIONS.items()
}


def number(text):
    return int(text) if text else None


def value(row):
    """A row of the statements as the rule reads it."""
    disposition = DISPOSITIONS[row["disposition"]]
    said = dates.parse(row["said_on"])
    holds = said
    if row["holds_on"]:
        holds = dates.parse(row["holds_on"], said=said.latest)
    return timeline.Evidence(
        key=row["ref"],
        option=row["option"],
        facet=disposition["facet"] or None,
        disposition=row["disposition"],
        score=number(disposition["score"]),
        order=number(disposition["rank"]),
        standing=row["standing"],
        form=row["form"],
        modality=row["modality"],
        publicity=row["publicity"],
        reliability=row["reliability"],
        credibility=row["credibility"],
        earliest=holds.earliest,
        latest=holds.latest,
        since=holds.since,
        event=row["event"] or None,
        speaker=row["speaker_name"],
        speaker_rank=int(row["speaker_rank"]),
        authority=bool(row["on_authority_of"]),
        mode=row["mode"],
    )


@cache
def said_by():
    """Actor -> its accepted statements; and of groups those that extend."""
    own, extended = defaultdict(list), defaultdict(list)
    for row in table("statements"):
        if row["citation_role"] == "main" and row["state"] == "accepted":
            own[row["actor"]].append(value(row))
            if row["extends_to"] == "members":
                extended[row["actor"]].append(value(row))
    return own, extended


@cache
def derived(actor):
    own, extended = said_by()
    evidence, spans = list(own[actor]), defaultdict(list)
    for row in table("memberships"):
        if row["member"] == actor:
            spans[row["group"]].append((day_of(row["since"]), day_of(row["until"])))
    for group, times in spans.items():
        evidence += timeline.extend_to_members(
            extended[group], group=group, member=actor, spans=times, exceptions={}
        ).evidence
    return timeline.derive(evidence, options=FACTS, codebook_version="1", scope=actor)


def clauses(actor, day):
    """What is shown of an actor on a day, as clauses of its phrase."""
    for (option, _), answer in derived(actor).at(day).items():
        for code in answer.dispositions:
            assert len(answer.dispositions) == 1, (actor, option, day)
            yield phrases.Clause(
                option_key=option,
                option_short=OPTIONS[option]["short_name"],
                headline=OPTIONS[option]["headline"] == "true",
                phrase=DISPOSITIONS[code]["phrase"],
                headline_number=int(DISPOSITIONS[code]["headline"]),
            )


def show(row):
    return " ".join(row.values())


@pytest.mark.parametrize("row", EXPECTED, ids=show)
def test_the_rule_gives_the_position_expected(row):
    day = date.fromisoformat(row["as_of"])
    answer = derived(row["actor"]).at(day).get((row["option"], row["facet"]))
    shown = answer.dispositions if answer else ()
    assert shown == ((row["disposition"],) if row["disposition"] else ())


@pytest.mark.parametrize("row", PHRASES, ids=show)
def test_the_short_phrase_is_the_one_expected(row):
    day = date.fromisoformat(row["as_of"])
    assert phrases.short_phrase(clauses(row["actor"], day)) == row["short_phrase"]


def test_nothing_in_the_demonstration_is_contested():
    own, _ = said_by()
    for actor in own:
        for cell in derived(actor).cells:
            assert not any(p.contested for p in cell.periods), (actor, cell.option)
            assert set(cell.lanes) <= {"any"}, (actor, cell.option)


@pytest.mark.parametrize(
    ("actor", "option", "facet", "before", "after"),
    [
        ("united-states", "ccw-talks", "preference", "oppose", "prefer"),
        ("united-kingdom", "full-ban", "preference", "oppose", "support"),
        ("finland", "ccm", "commitment", "adopted", "rejected"),
        ("japan", "ccm", "commitment", "signed", "bound"),
    ],
)
def test_every_change_names_its_pair_of_statements(actor, option, facet, before, after):
    periods = derived(actor).cell(option, facet).periods
    pairs = list(zip(periods, periods[1:], strict=False))
    (pair,) = (
        p for p in pairs if (p[0].disposition, p[1].disposition) == (before, after)
    )
    old, new = pair
    assert old.used
    assert new.opened_by in new.used
    assert old.holds_to == new.holds_from
    assert old.ended_by == new.opened_by
    assert new.changed_after == old.last_confirmed < new.holds_from


def test_what_is_said_about_china_stands_beside_its_timeline():
    cell = derived("china").cell("ccw-talks", "preference")
    assert cell.periods == ()
    assert [item.clause for item in cell.about] == [1]


def test_a_delegates_single_word_is_thin():
    assert derived("germany").cell("oslo-process", "preference").thin


def test_a_persons_stance_begins_where_the_rule_stops():
    for row in table("stances"):
        facet = DISPOSITIONS[row["disposition"]]["facet"]
        cell = derived(row["actor"]).cell(row["option"], facet)
        begins, ends = day_of(row["holds_from"]), day_of(row["holds_to"])
        assert begins in {period.holds_to for period in cell.periods}
        assert not any(
            period.holds_from < (ends or date.max) and begins < period.holds_to
            for period in cell.periods
        )
