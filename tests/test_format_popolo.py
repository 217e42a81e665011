"""Popolo JSON becomes rows of actors and memberships; what is odd is said."""

import json
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from guarding import hang_guard
from hypothesis import given
from hypothesis import strategies as st

from ingest.formats import popolo
from ingest.reading import Read
from ingest.records import ImportFault, Tables

SAMPLE = Path("/work/shared/samples/popolo/estonia-ep-popolo-v1.0.json")
needs_sample = pytest.mark.skipif(
    not SAMPLE.exists(), reason="the real samples are not on this machine"
)
HOUSE = {
    "id": "house",
    "name": "The Diet",
    "classification": "Legislature",
    "identifiers": [{"scheme": "wikidata", "identifier": "Q1"}],
}
PARTY = {"id": "green", "name": "Greens", "classification": "party"}
PERSON = {
    "id": "0A5A2E9C-0000-4000-8000-000000000001",
    "name": "Abe Taro",
    "other_names": [
        {"lang": "ja", "name": "阿部太郎"},
        {"lang": "de", "name": "Taro Abe"},
        {"lang": "fr", "name": "Taro Abe"},
        {"name": "ABE Tarō"},
    ],
    "identifiers": [
        {"scheme": "House_Number", "identifier": "17"},
        {"scheme": "house number", "identifier": "18"},
        {"scheme": "x", "identifier": "1"},
        {"scheme": "long", "identifier": "1" * 101},
        {"scheme": "empty"},
    ],
}
TERM = {
    "id": "term/1",
    "classification": "legislative period",
    "name": "First",
    "start_date": "2001-01-10",
    "end_date": "2004-12",
}
SEAT = {
    "person_id": PERSON["id"],
    "organization_id": "house",
    "on_behalf_of_id": "green",
    "legislative_period_id": "term/1",
    "role": "member",
}
LISTS = {
    "persons": [PERSON],
    "organizations": [HOUSE, PARTY],
    "events": [TERM],
    "memberships": [SEAT],
}


def parse(**changed):
    data = json.dumps({**LISTS, **changed}).encode()
    return popolo.parse(Read("x.json", data))


def rows(said, table):
    return [row for row in said.rows if row.table == table]


def seats(**changed):
    """The memberships of one seat with these changes, and what is said of them."""
    said = parse(memberships=[{**SEAT, **changed}])
    problems = [(p.code, p.message) for p in said.problems if "memb" in p.place]
    return [row.values for row in rows(said, "memberships")], problems


def test_people_and_organizations_become_actors():
    said = parse()
    house, party, person = (row.values for row in rows(said, "actors"))
    assert (house["name"], house["kind"]) == ("The Diet", "body")
    assert house["identifiers"] == (("wikidata", "Q1"),)
    assert (party["kind"], "identifiers" in party) == ("party", False)
    assert person["kind"] == "person"
    # One name that two languages share has none; the person's own is no other.
    assert person["names"] == ("ja:阿部太郎", "Taro Abe")
    assert person["identifiers"] == (
        ("house-number", "17"),
        ("popolo", "0a5a2e9c-0000-4000-8000-000000000001"),
    )
    assert [p.message for p in said.problems] == [
        "The code of “long” is too long; it was left."
    ]


def test_a_membership_is_of_the_house_and_of_the_party():
    house, party = (row.values for row in rows(parse(), "memberships"))
    # Whom a code names is named by it; a local id that is no UUID names nobody.
    person = "popolo:0a5a2e9c-0000-4000-8000-000000000001"
    assert (house["member"], house["group"]) == (person, "wikidata:Q1")
    assert (party["member"], party["group"]) == (person, "Greens")
    days = {"since": date(2001, 1, 10), "until": date(2005, 1, 1)}
    assert house == {"member": person, "group": "wikidata:Q1", "role": "member", **days}


@pytest.mark.parametrize(
    ("changed", "since", "until", "codes"),
    [
        ({}, date(2001, 1, 10), date(2005, 1, 1), []),
        # The last day is a day in it; a month or year is meant whole.
        ({"end_date": "2003-05-06"}, date(2001, 1, 10), date(2003, 5, 7), []),
        (
            {"start_date": "2002", "end_date": "2003"},
            date(2002, 1, 1),
            date(2004, 1, 1),
            [],
        ),
        ({"start_date": "2002-02"}, date(2002, 2, 1), date(2005, 1, 1), []),
        # A period that contradicts its own days gives none.
        ({"end_date": "2001-01-02"}, None, date(2001, 1, 3), ["odd"]),
        ({"start_date": "2005-03-01"}, date(2005, 3, 1), None, ["odd"]),
        ({"start_date": "2002-02-30"}, date(2001, 1, 10), date(2005, 1, 1), ["odd"]),
        ({"start_date": "soon"}, date(2001, 1, 10), date(2005, 1, 1), ["odd"]),
        ({"legislative_period_id": "term/9"}, None, None, ["odd"]),
        ({"legislative_period_id": ""}, None, None, []),
        ({"end_date": "9999-12-31"}, date(2001, 1, 10), date(2005, 1, 1), ["odd"]),
    ],
)
def test_days_are_its_own_and_else_of_its_period(changed, since, until, codes):
    (house, _), problems = seats(**changed)
    assert (house.get("since"), house.get("until")) == (since, until)
    assert [code for code, _ in problems] == codes


def test_one_day_in_office_has_an_end():
    (house, _), _ = seats(start_date="2002-02-02", end_date="2002-02-02")
    assert (house["since"], house["until"]) == (date(2002, 2, 2), date(2002, 2, 3))


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"person_id": "nobody"}, "Of a membership, “nobody” is not in the file."),
        ({"organization_id": None}, "its person or house is not in the file."),
        (
            {"start_date": "2003-01-01", "end_date": "2002-01-01"},
            "It ends before it begins.",
        ),
    ],
)
def test_a_membership_that_cannot_be_read_is_left_out_by_itself(changed, reason):
    found, ((code, message),) = seats(**changed)
    assert (found, code) == ([], popolo.LEFT_OUT)
    assert reason in message


def test_a_party_that_is_not_in_the_file_leaves_the_seat():
    found, ((code, message),) = seats(on_behalf_of_id="blue")
    assert ([seat["group"] for seat in found], code) == (["wikidata:Q1"], "odd")
    assert message == "The party “blue” is not in the file."


def test_posts_areas_and_parents_are_followed():
    post = {"id": "p", "organization_id": "house", "label": "Chair", "area_id": "a"}
    said = parse(
        posts=[post],
        areas=[{"id": "a", "name": "North"}],
        organizations=[HOUSE, {**PARTY, "parent_id": "house"}],
        memberships=[{"person_id": PERSON["id"], "post_id": "p"}],
    )
    parent, chair = (row.values for row in rows(said, "memberships"))
    assert parent == {"member": "Greens", "group": "wikidata:Q1"}
    assert (chair["group"], chair["role"]) == ("wikidata:Q1", "Chair for North")


def test_memberships_may_stand_inside_a_person():
    inside = {**PERSON, "memberships": [{"organization_id": "house"}]}
    said = parse(persons=[inside], memberships=[])
    (row,) = rows(said, "memberships")
    assert (row.place, row.values["group"]) == (
        "persons 1, membership 1",
        "wikidata:Q1",
    )


@pytest.mark.parametrize(
    ("name", "whole"),
    [
        ("x.json", [HOUSE, PERSON, {**SEAT, "on_behalf_of_id": ""}]),
        (
            "x.json",
            {
                **PERSON,
                "memberships": [{"organization": HOUSE, "role": SEAT["role"]}],
            },
        ),
    ],
)
def test_records_may_stand_in_one_list_or_inside_each_other(name, whole):
    said = popolo.parse(Read(name, json.dumps(whole).encode()))
    assert [row.values["name"] for row in rows(said, "actors")] == [
        "The Diet",
        "Abe Taro",
    ]
    (seat,) = rows(said, "memberships")
    assert (seat.values["group"], seat.values["role"]) == ("wikidata:Q1", "member")


def test_a_list_alone_is_what_its_file_is_named():
    house = {"id": "h", "name": "A house of any kind"}
    said = popolo.parse(Read("organizations.json", json.dumps([house]).encode()))
    assert [row.values["kind"] for row in said.rows] == ["group"]


@pytest.mark.parametrize(
    ("persons", "message"),
    [
        ([PERSON, {**PERSON, "name": "Other"}], "stands twice."),
        ([PERSON, {"id": "x"}], "It has no name"),
        ([PERSON, {"id": "x", "name": "…"}], None),
        ([PERSON, {"id": "x", "name": "n" * 201}], "over 200 characters"),
        ([PERSON, "Abe"], "It is no object."),
        ([PERSON, {"id": ["x"], "name": {}}], "It has no name"),
    ],
)
def test_a_person_that_cannot_be_read_is_left_out_by_itself(persons, message):
    said = parse(persons=persons)
    left = [p for p in said.problems if p.code == popolo.LEFT_OUT]
    assert [p.place for p in left] == (["persons 2"] if message else [])
    assert all(message in p.message for p in left)
    assert "Abe Taro" in [row.values["name"] for row in rows(said, "actors")]


def test_a_kind_that_is_not_told_is_said():
    said = parse(organizations=[{"id": "a", "name": "A", "classification": "Clowder"}])
    assert rows(said, "actors")[0].values["kind"] == "group"
    assert "“Clowder” tells no kind; it was taken for a group." in [
        p.message for p in said.problems
    ]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "no JSON that can be read"),
        (b"persons: []", "no JSON that can be read"),
        (b'{"persons": [', "no JSON that can be read"),
        (b'{"persons": [NaN]}', "NaN is no number of JSON"),
        (b'{"persons": [{"id": 1, "id": 2}]}', "“id” stands twice in one object"),
        (b'{"persons": 3}', "“persons” is no list."),
        (b'{"people": []}', "This is no Popolo JSON"),
        (b"[]", "This is no Popolo JSON"),
        ('{"persons": "é"}'.encode("latin-1"), "not in UTF-8"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"persons": [' + b"1" * 5000 + b"]}", "no JSON that can be read"),
    ],
)
def test_what_is_no_popolo_is_refused_whole(data, reason):
    with hang_guard(), pytest.raises(ImportFault) as fault:
        popolo.parse(Read("x.json", data))
    assert reason in fault.value.reason


def test_what_no_database_keeps_is_replaced():
    name, odd = "A\\u0000da \\ud800Holm", "“A da\ufffd” stands twice in one object"
    data = f'{{"persons": [{{"name": "{name}"}}]}}'
    (row,) = popolo.parse(Read("x.json", data.encode())).rows
    assert row.values["name"] == "A\ufffdda \ufffdHolm"
    twice = r'{"persons": [{"A\nda\ud800": 1, "A\nda\ud800": 2}]}'
    with pytest.raises(ImportFault, match=odd):
        popolo.parse(Read("x.json", twice.encode()))


KEYS = st.sampled_from(
    [
        *popolo.LISTS,
        *("id", "name", "person_id", "organization_id", "identifiers", "scheme"),
        *("identifier", "other_names", "start_date", "end_date", "parent_id"),
    ]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=5)
    ),
    max_leaves=12,
)


@given(st.dictionaries(KEYS, VALUES, max_size=6))
def test_any_json_is_rows_or_a_clear_fault(value):
    try:
        said = popolo.parse(Read("x.json", json.dumps(value).encode()))
    except ImportFault as fault:
        said = fault
    assert isinstance(said, Tables | ImportFault)


@pytest.mark.parametrize(
    ("name", "head", "fits"),
    [
        ("a.json", b"", True),
        ("-", b'{"meta": {}, "persons": [', True),
        ("-", b"key,name,kind", False),
        ("a.csv", b'{"a": 1}', False),
    ],
)
def test_popolo_is_known_by_its_name_or_first_bytes(name, head, fits):
    assert popolo.fits(name, head) is fits


@needs_sample
def test_the_real_sample_is_counted():
    said = popolo.parse(Read(str(SAMPLE), SAMPLE.read_bytes()))
    assert Counter(row.table for row in said.rows) == {
        "actors": 201,
        "memberships": 598,
    }
    kinds = Counter(row.values["kind"] for row in rows(said, "actors"))
    assert kinds == {"person": 193, "party": 7, "body": 1}
    # Four left before the term began that they are listed under.
    assert [p.place for p in said.problems] == [
        f"memberships {n}" for n in (10, 43, 54, 140)
    ]
    # Of 2,451 other names 448 are not the name again or another language's.
    assert sum(len(row.values.get("names", ())) for row in said.rows) == 448
    days = [row.values for row in rows(said, "memberships")]
    assert sum("since" in d for d in days) == 598 - 2 * 4
    assert all("until" not in d or d["until"] > date(2011, 3, 27) for d in days)
