"""The data tables of posts, stations, countries and TAGS."""

import re

import pytest

from ingest.formats.cable.identity import mend_id
from ingest.formats.cable.tags import known_tags
from ingest.posts import (
    address_of_office,
    canonical_station,
    country_of,
    is_station,
    nearest_station,
    post_of,
    post_of_station,
    read_data,
    station_aliases,
    station_beginning_with,
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
    for table in ("posts", "station_aliases", "countries", "tags", "damaged_ids"):
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


@pytest.mark.parametrize(
    ("letters", "station"),
    [
        *[("KHARTOUMM", "KHARTOUM"), ("LINSK", "MINSK"), ("BAU", "BAKU")],
        *[("SARAEVO", "SARAJEVO"), ("AITTAIPIE", "AITTAIPEI")],
        # Near to none, near to two.
        *[("ATLANTIS", ""), ("AQNA", ""), ("RO", "")],
    ],
)
def test_a_damaged_station_stands_for_the_only_near_one(letters, station):
    assert nearest_station(letters) == station


@pytest.mark.parametrize(
    ("letters", "station"),
    [
        *[("THEHA", "THEHAGUE"), ("NEWDE", "NEWDELHI"), ("ECBRU", "USEUBRUSSELS")],
        *[("ISLAMA", "ISLAMABAD"), ("USUNN", "USUNNEWYORK")],
        *[("SANTI", "SANTIAGO"), ("PORT", ""), ("GUATE", "GUATEMALA")],
    ],
)
def test_the_first_letters_of_a_station_name_it(letters, station):
    assert station_beginning_with(letters) == station


@pytest.mark.parametrize(
    ("origin", "address"),
    [
        *[("Embassy Bern", "AMEMBASSY BERN"), ("Consulate Naha", "AMCONSUL NAHA")],
        ("Embassy Port Au Prince", "AMEMBASSY PORT AU PRINCE"),
        *[("Mission USNATO", "MISSION USNATO"), ("Secretary of State",) * 2],
        *[("REO Hillah", "REO HILLAH"), ("Embassy Atlantis", ""), ("", "")],
    ],
)
def test_a_publishers_office_is_the_post_of_an_address(origin, address):
    assert address_of_office(origin) == address.upper()
    assert not address or post_of(address)


@pytest.mark.parametrize(
    ("published", "canonical", "damaged"),
    [
        ("08OSLO311", "08OSLO311", False),
        ("08OSLO311_a", "08OSLO311", False),
        ("06SECSTATE12", "06STATE12", False),
        ("06PORT-OF-SPAIN123", "06PORTOFSPAIN123", False),
        ("1976THEHA05008", "76THEHAGUE5008", False),
        ("1975STATE256541_b", "75STATE256541", False),
        ("08SCTION02OF02SAOPAULO335", "08SAOPAULO335", True),
        ("07SECTION02OF03EIJING483", "07BEIJING483", True),
        ("09SECTIOQ1OF06HARARE876", "09HARARE876", True),
        ("09SECTION0QF05HANOI297", "09HANOI297", True),
        ("08SECTON01OF02BEIRUT896", "08BEIRUT896", True),
        ("0901OF02RPODUBAI288", "09RPODUBAI288", True),
        ("85NOFORNMOGADISHU1643", "85MOGADISHU1643", True),
        ("09SIFIEDABUJA1673", "09ABUJA1673", True),
        ("09NOUKKCHOTT514", "09NOUAKCHOTT514", True),
        ("06MADRID002583ZFR2585", "06MADRID2583", True),
        ("08ACCRA001382SUSPECTEDDUPLICATE1392", "08ACCRA1392", True),
        ("90STATE255577TOSEC140323", "90STATE255577", True),
        ("7575LIBREVILLE1895", "75LIBREVILLE1895", True),
        ("092OF5", "09STATE126780", True),
        ("09BRUSELS1292", "09USEUBRUSSELS1292", True),
        ("", "", False),
        ("cables", "", False),
    ],
)
def test_a_damaged_id_is_mended_and_said_to_be_damaged(published, canonical, damaged):
    assert mend_id(published) == (canonical, damaged)


def test_the_table_of_damaged_ids_holds_only_what_no_rule_mends():
    for row in read_data("damaged_ids"):
        station = row["canonical"].strip("0123456789")
        assert is_station(station)
        assert re.fullmatch(r"\d\d[A-Z]+\d+", row["canonical"])
