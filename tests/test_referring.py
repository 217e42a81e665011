"""Documents refer to each other by name: both sides see it, whichever came first."""

import pytest
from django.urls import reverse
from factories import make_collection, make_source, make_user

from positions import referring
from positions.models import Reference
from positions.readers import Reader

pytestmark = pytest.mark.django_db
CURATOR = Reader(curator=True, clearance=4)


@pytest.fixture
def cables():
    return make_collection("cables", visibility="public", level=0)


def cable(cables, name, *raw, **fields):
    source = make_source(
        identifier=name, canonical_id=name, collection=cables, **fields
    )
    for order, (label, printed, canonical) in enumerate(raw, start=1):
        Reference.objects.create(
            revision=source.current,
            order=order,
            label=label,
            raw=printed,
            canonical_id=canonical,
        )
    return source


def told(source, reader=CURATOR):
    found = referring.refers_to(source, reader)
    return [(one.reference.raw, [str(other) for other in one.sources]) for one in found]


def test_the_other_side_may_come_later(cables):
    first = cable(cables, "08TOKYO2", ("A", "OSLO 1", "08OSLO1"), ("B", "E-MAIL", ""))
    assert told(first) == [("OSLO 1", []), ("E-MAIL", [])]
    assert [r.raw for r in Reference.objects.unresolved()] == ["OSLO 1", "E-MAIL"]
    later = cable(cables, "08OSLO1")
    assert told(first) == [("OSLO 1", ["08OSLO1"]), ("E-MAIL", [])]
    assert list(referring.referred_by(later, CURATOR)) == [first]
    assert [r.raw for r in Reference.objects.unresolved()] == ["E-MAIL"]
    assert [r.raw for r in Reference.objects.resolved()] == ["OSLO 1"]


def test_two_records_of_one_cable_are_both_meant(cables):
    mirror = make_collection("mirror", visibility="public", level=0)
    first = cable(cables, "08TOKYO2", ("", "OSLO 1", "08OSLO1"))
    cable(cables, "08OSLO1")
    make_source(identifier="08OSLO1_a", canonical_id="08OSLO1", collection=mirror)
    assert told(first) == [("OSLO 1", ["08OSLO1", "08OSLO1_a"])]


def test_readers_learn_nothing_of_what_is_closed(cables):
    anybody = Reader.anonymous()
    secret = cable(cables, "08TOKYO3", ("", "OSLO 1", "08OSLO1"), level=3)
    private = cable(cables, "08TOKYO4", ("", "OSLO 1", "08OSLO1"), visibility="private")
    first = cable(cables, "08TOKYO2", ("", "TOKYO 4", "08TOKYO4"))
    named = cable(cables, "08OSLO1")
    assert told(secret, anybody) == told(private, anybody) == []
    assert told(first, anybody) == [("TOKYO 4", [])]
    assert list(referring.referred_by(named, anybody)) == []
    assert set(referring.referred_by(named, CURATOR)) == {secret, private}


def test_pages_link_both_ways(client, cables):
    first = cable(cables, "08TOKYO2", ("A", "OSLO 1", "08OSLO1"))
    second = cable(cables, "08OSLO1")
    address = reverse("source", args=("cables", "08OSLO1"))
    page = client.get(reverse("source", args=("cables", "08TOKYO2")))
    assert f'<a href="{address}">OSLO 1</a>' in page.text
    assert "Referred to by" in client.get(address).text
    client.force_login(make_user("Coder"))
    page = client.get(reverse("admin:positions_source_read", args=(first.pk,)))
    assert reverse("admin:positions_source_read", args=(second.pk,)) in page.text
    assert "References: to 1, from 0" in page.text


def test_what_is_missing_is_a_work_list(client, cables):
    cable(cables, "08TOKYO2", ("A", "OSLO 1", "08OSLO1"), ("B", "E-MAIL", ""))
    client.force_login(make_user("Coder"))
    page = client.get(reverse("admin:positions_queue", args=("references",)))
    assert "Refers to 08OSLO1 (“OSLO 1”)." in page.text
    assert "E-MAIL" not in page.text


def test_the_api_finds_what_refers_to_a_source(client, cables):
    cable(cables, "08TOKYO2", ("A", "OSLO 1", "08OSLO1"))
    cable(cables, "08TOKYO3", ("A", "OSLO 1", "08OSLO1"), level=3)
    cable(cables, "08OSLO1")
    asked = {"refers_to": "cables/08OSLO1"}
    found = client.get("/api/v1/sources/", asked).json()
    assert [row["identifier"] for row in found["results"]] == ["08TOKYO2"]
    by_id = client.get("/api/v1/sources/", {"canonical_id": "08OSLO1"}).json()
    assert [row["identifier"] for row in by_id["results"]] == ["08OSLO1"]
