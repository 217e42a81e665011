"""The data tables of posts, stations, countries and TAGS."""

import re

import pytest

from ingest.formats.cable.tags import known_tags
from ingest.posts import (
    canonical_station,
    country_of,
    is_station,
    post_of,
    post_of_station,
    read_data,
    station_aliases,
    stations,
)
from positions.choices import ActorKind


@pytest.mark.parametrize(
    ("address", "key", "name"),
    [
        ("AMEMBASSY TOKYO", "us-embassy-tokyo",
         "Embassy of the United States in Tokyo"),
        ("SECSTATE WASHDC", "us-department-of-state",
         "Department of State of the United States"),
        ("USMISSION USUN NEW YORK", "us-mission-un-new-york",
         "Mission of the United States to the United Nations in New York"),
        ("USFJ", "us-forces-japan", "United States Forces Japan"),
        ("amembassy  banjul by pouch", "us-embassy-banjul",
         "Embassy of the United States in Banjul"),
        ("AMEMBASSY N'DJAMENA", "us-embassy-ndjamena",
         "Embassy of the United States in N'Djamena"),
    ],
)  # fmt: skip
def test_an_address_names_a_post(address, key, name):
    post = post_of(address)
    assert (post.actor_key, post.actor_name) == (key, name)
    assert (post.kind, post.of) == (ActorKind.BODY, "USA")


@pytest.mark.parametrize(
    "address", ["ALL NATO POST COLLECTIVE", "TOKYO", "", "AMEMBASSY ATLANTIS"]
)
def test_collectives_and_unknown_addresses_name_nobody(address):
    assert post_of(address) is None


@pytest.mark.parametrize(
    ("station", "key"),
    [
        ("TOKYO", "us-embassy-tokyo"),
        ("RIO DE JAN", "us-consulate-rio-de-janeiro"),
        ("STATE", "us-department-of-state"),
        ("TAIPEI", "ait-taipei"),
        ("BAGHDAD", "us-embassy-baghdad"),
    ],
)
def test_a_station_names_its_post(station, key):
    assert post_of_station(station).actor_key == key


@pytest.mark.parametrize(
    ("origin", "station"),
    [
        ("Rio de Jan", "RIODEJANEIRO"),
        ("0TTAWA", "OTTAWA"),
        ("THE HAGUE", "THEHAGUE"),
        ("HAGUE", "THEHAGUE"),
        ("N'DJAMENA", "NDJAMENA"),
        ("UNVIE", "UNVIEVIENNA"),
        ("USEU", "USEUBRUSSELS"),
        ("SECSTATE", "STATE"),
        ("SECDEF", "SECDEF"),
        ("ATLANTIS", "ATLANTIS"),
    ],
)
def test_stations_have_one_spelling(origin, station):
    assert canonical_station(origin) == station
    assert is_station(origin) == (station != "ATLANTIS")


@pytest.mark.parametrize(
    ("code", "iso3"),
    [
        *[("JA", "JPN"), ("GM", "DEU"), ("UK", "GBR"), ("RS", "RUS"), ("CH", "CHN")],
        *[("KN", "PRK"), ("KS", "KOR"), ("SZ", "CHE"), ("EI", "IRL"), ("SF", "ZAF")],
        *[("UR", "SUN"), ("VS", "")],
    ],
)
def test_a_geo_tag_is_the_governments_own_code(code, iso3):
    assert country_of(code).alpha3 == iso3
    assert country_of(code.lower()) == country_of(code)


def test_an_unknown_country_code_is_no_country():
    assert country_of("QQ") is None


def test_every_row_says_where_it_was_seen():
    for table in ("posts", "station_aliases", "countries", "tags"):
        rows = read_data(table)
        assert all(row["note"] for row in rows), table
        first = next(iter(rows[0]))
        values = [row[first] for row in rows]
        assert len(values) == len(set(values)), table


def test_the_tables_fit_together():
    assert all(re.fullmatch("[A-Z]{3,17}", station) for station in stations())
    assert not set(station_aliases()) & set(station_aliases().values())
    keys = {}
    for row in read_data("posts"):
        assert keys.setdefault(row["actor_key"], row["actor_name"]) == row["actor_name"]
        assert re.fullmatch("[a-z0-9]+(-[a-z0-9]+)*", row["actor_key"])
        assert row["name"] == row["name"].strip().upper()


def test_iso_codes_of_living_countries_are_those_of_the_standard():
    pycountry = pytest.importorskip("pycountry")
    for row in read_data("countries"):
        if row["note"] == "FIPS 10-4":
            country = pycountry.countries.get(alpha_2=row["alpha2"])
            assert (country.alpha_3, country.name) == (row["alpha3"], row["name"])


def test_a_damaged_tag_stands_for_a_known_one():
    for kind, meaning in known_tags().values():
        if kind == "damaged":
            assert meaning in known_tags()
