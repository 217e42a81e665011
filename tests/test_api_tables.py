"""The flat tables: their columns, their cells, and that they are whole."""

import csv
import io
from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from positions.api import flat
from tests.api_world import body_of, get, kept_world, problems
from tests.factories import (
    make_actor,
    make_option,
    make_source,
    make_stance,
    make_statement,
    paragraph_of,
)
from tests.test_api_answers import contest

pytestmark = pytest.mark.django_db

ISSUE = {"issue": "cluster-munitions"}
KNOWN = {
    "positions": """
        as_of known_on issue_key actor_key actor_name actor_iso3 actor_cow
        short_phrase long_phrase n_current n_carried n_contested last_evidence url
    """,
    "timelines": """
        period_id layer rule_version codebook_version issue_key
        actor_key actor_name actor_kind actor_iso3 actor_cow
        option_key option_name option_kind option_parent_key option_headline
        facet disposition disposition_label phrase score rank mode status
        holds_from_earliest holds_from holds_to end_reason last_confirmed
        previous_disposition previous_score publicity through_actor_key
        evidence_level confidence n_statements n_events n_contradict n_about
        previous_government single_coded
        statement_id said_on said_on_edtf holds_on_edtf
        speaker_name speaker_role speaker_rank on_authority_of
        reporter_key standing form event_key event_name
        source_key source_dated source_published paragraph paragraph_label marking
        quote quote_language quote_translation quote_withheld citation url
        as_of known_on
    """,
    "statements": """
        statement_id utterance_id state said_on said_on_earliest said_on_latest
        said_on_edtf said_on_basis holds_on_earliest holds_on_latest holds_on_edtf
        issue_key actor_key actor_iso3 actor_cow speaker_name speaker_role
        speaker_rank on_authority_of audience reporter_key standing form publicity
        modality condition event_key option_key over_option_key facet disposition
        score rank mode reasons reliability credibility extends_to source_key
        source_title source_dated source_published collection paragraph
        paragraph_label marking quote quote_language quote_translation n_repeats
        citation url accepted_on single_coded changed_at
    """,
}


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    with kept_world(django_db_blocker) as world:
        yield world


def read(client, name, **asked):
    """(header, rows as dicts), read as any program would."""
    response = get(client, f"{name}/", format="csv", **asked)
    assert response.status_code == 200
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    reader = csv.DictReader(io.StringIO(body_of(response), newline=""), strict=True)
    rows = list(reader)
    assert all(None not in row and None not in row.values() for row in rows)
    return reader.fieldnames, rows


@pytest.mark.parametrize("name", KNOWN)
def test_columns_stand_in_their_order(world, client, name):
    header, rows = read(client, name, **(ISSUE if name != "statements" else {}))
    assert header == KNOWN[name].split()
    assert rows


@pytest.mark.parametrize("name", KNOWN)
def test_an_empty_table_has_its_header(world, client, name):
    asked = ISSUE if name != "statements" else {}
    make_actor("Monaco")
    header, rows = read(client, name, **asked, actor="monaco")
    assert header == KNOWN[name].split()
    assert rows == []


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, ""),
        (True, "true"),
        (False, "false"),
        (0, "0"),
        (-2, "-2"),
        (date(2008, 5, 2), "2008-05-02"),
        (datetime(2008, 5, 2, 7, 2, 0, 1, tzinfo=UTC), "2008-05-02T07:02:00.000001Z"),
        ("=1+1", "=1+1"),
    ],
)
def test_cells_are_plain(value, expected):
    assert flat.cell(value) == expected


def test_a_position_is_a_row(world, client):
    _, (row,) = read(client, "positions", **ISSUE, as_of="2008-05-02")
    assert row["known_on"].endswith("Z")
    assert row == {
        "as_of": "2008-05-02",
        "known_on": row["known_on"],
        "issue_key": "cluster-munitions",
        "actor_key": "japan",
        "actor_name": "Japan",
        "actor_iso3": "JPN",
        "actor_cow": "740",
        "short_phrase": "prefer CCW, engaged in Oslo Process",
        "long_phrase": "prefer CCW, engaged in Oslo Process",
        "n_current": "2",
        "n_carried": "0",
        "n_contested": "0",
        "last_evidence": "2008-04-23",
        "url": "http://testserver/actors/japan/",
    }


def test_a_period_is_a_row_with_the_statement_that_opened_it(world, client):
    _, rows = read(client, "timelines", **ISSUE, as_of="2008-05-02")
    row = rows[0]
    expected = {
        "period_id": world.stance.key,
        "layer": "asserted",
        "actor_iso3": "JPN",
        "option_key": "ccw",
        "option_parent_key": "",
        "option_headline": "true",
        "disposition": "prefer",
        "phrase": "prefer CCW",
        "score": "2",
        "status": "current",
        "holds_from": "2008-04-23",
        "holds_to": "",
        "previous_disposition": "",
        "n_statements": "1",
        "single_coded": "true",
        "statement_id": world.prefers.key,
        "said_on": "2008-04-23",
        "speaker_rank": "3",
        "reporter_key": "embassy-tokyo",
        "event_key": "tokyo-meeting",
        "source_key": "cables/08TOKYO1212",
        "source_dated": "2008-05-02",
        "source_published": "2011-08-30",
        "paragraph": "1",
        "paragraph_label": "13.",
        "marking": "U",
        "quote": "Japan's first priority is the CCW.",
        "quote_withheld": "false",
        "citation": "08TOKYO1212, para 1 (U)",
        "url": f"http://testserver/statements/{world.prefers.key}/",
        "as_of": "2008-05-02",
    }
    assert {name: row[name] for name in expected} == expected


def test_a_statement_is_a_row(world, client):
    _, rows = read(client, "statements", option="ccw")
    (row,) = rows
    expected = {
        "statement_id": world.prefers.key,
        "state": "accepted",
        "said_on_basis": "document",
        "issue_key": "cluster-munitions",
        "over_option_key": "oslo-process",
        "facet": "preference",
        "reasons": "pressure",
        "collection": "cables",
        "source_title": "Japan on cluster munitions",
        "n_repeats": "1",
        "accepted_on": date.today().isoformat(),
    }
    assert {name: row[name] for name in expected} == expected


def test_rows_stand_by_actor_option_facet_and_first_day(world, client):
    for name in ("Zambia", "Ab Initio", "Ab-Initio B", "aland"):
        given = {"who": world.who, "actor": make_actor(name), "option": world.oslo}
        for code, since, until in (
            ("oppose", "2009-01-01", None),
            ("prefer", "2008-01-01", "2008-12-31"),
        ):
            make_stance(
                **given, code=code, holds_from=since, holds_to=until, state="published"
            )
    _, rows = read(client, "timelines", **ISSUE)
    order = [
        (r["actor_key"], r["option_key"], r["facet"], r["holds_from"]) for r in rows
    ]
    assert order == sorted(order)
    assert len(order) == 10


def test_both_layers_stand_in_one_table_of_timelines(world, client):
    _, rows = read(client, "timelines", **ISSUE, layer="both")
    assert {row["layer"] for row in rows} == {"asserted", "derived"}
    order = [(r["option_key"], r["facet"], r["holds_from"], r["layer"]) for r in rows]
    assert order == sorted(order)


def test_a_contested_period_names_both_and_has_no_score(world, client):
    contest(world)
    asked = {"actor": "norway", "layer": "derived", "as_of": "2008-05-02"}
    _, (row,) = read(client, "timelines", **ISSUE, **asked)
    assert set(row["disposition"].split(";")) == {"support", "oppose"}
    assert (row["score"], row["rank"], row["status"]) == ("", "", "contested")


def test_a_table_of_positions_has_one_layer(world, client):
    response = get(client, "positions/", format="csv", layer="both", **ISSUE)
    assert response.status_code == 400
    assert response["Content-Type"] == "application/json"
    assert problems(response)[0][0] == "layer"


@pytest.mark.parametrize("name", KNOWN)
@pytest.mark.parametrize(
    "paging", [{"page_size": "5"}, {"cursor": "x"}, {"count": "true"}]
)
def test_a_table_is_not_cut_into_pages(world, client, name, paging):
    asked = ISSUE if name != "statements" else {}
    response = get(client, f"{name}/", format="csv", **asked, **paging)
    assert response.status_code == 400
    assert [parameter for parameter, _ in problems(response)] == list(paging)


def test_what_is_wrong_with_a_table_is_said_in_json(client):
    response = get(client, "timelines/", format="csv", issue="nothing")
    assert response.status_code == 400
    assert response["Content-Type"] == "application/json"


def test_a_table_is_whole_however_small_its_chunks(world, client, monkeypatch):
    for number in range(5):
        make_stance(
            who=world.who,
            actor=make_actor(f"Actor {number}"),
            option=world.ccw,
            state="published",
        )
    whole = {
        name: read(client, name, **(ISSUE if name != "statements" else {}))
        for name in KNOWN
    }
    monkeypatch.setattr(flat, "CHUNK", 2)
    again = {
        name: read(client, name, **(ISSUE if name != "statements" else {}))
        for name in KNOWN
    }
    assert again == whole
    assert len(whole["positions"][1]) == 6


def test_odd_words_come_back_as_they_were(world, client):
    odd = '=HYPERLINK("http://x"),\n"quoted"; \u202e é 日本'
    source = make_source([odd])
    make_statement(
        who=world.who,
        actor=make_actor('Odd, "State"'),
        option=make_option("@option", issue=world.issue),
        paragraph=paragraph_of(source, 1),
        speaker_text="+1",
        state="accepted",
    )
    _, rows = read(client, "statements", option="option")
    (row,) = rows
    assert (row["quote"], row["speaker_name"]) == (odd, "+1")
    _, rows = read(client, "positions", **ISSUE, actor="odd-state")
    assert rows[0]["actor_name"] == 'Odd, "State"'


@pytest.mark.parametrize("name", KNOWN)
def test_a_table_costs_the_same_number_of_queries_however_long(world, client, name):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            _, rows = read(client, name, **(ISSUE if name != "statements" else {}))
        return len(queries), len(rows)

    def grow(number):
        for _ in range(number):
            make_stance(who=world.who, option=world.ccw, state="published")

    grow(2)
    few = cost()
    grow(6)
    many = cost()
    assert many[0] == few[0]
    assert many[1] == few[1] + 6
