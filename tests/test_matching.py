"""A name or code means one known actor, or nobody: never a guess."""

import pytest
from factories import make_actor

from ingest import matching
from positions.models import Actor, ActorName, Change, Membership
from positions.models.changes import recording

pytestmark = pytest.mark.django_db


@pytest.fixture
def ivory_coast():
    actor = make_actor("Côte d'Ivoire", key="cote-d-ivoire")
    actor.identifiers.create(scheme="iso3", value="CIV")
    ActorName.objects.create(actor=actor, name="Ivory Coast")
    return actor


@pytest.mark.parametrize(
    "text", ["cote-d-ivoire", "CIV", "Cote d’Ivoire", "IVORY COAST", " ivory  coast "]
)
def test_key_code_and_every_name_mean_the_same_actor(ivory_coast, text):
    assert matching.actor_named(text) == ivory_coast


@pytest.mark.parametrize(
    "text",
    [
        "Côte d'Ivoire\u00b9\u00b2",
        "Côte d'Ivoire [3]",
        "Côte d'Ivoire†",
        "the Ivory Coast 4, 5",
    ],
)
def test_the_mark_of_a_footnote_is_no_part_of_a_name(ivory_coast, text):
    assert matching.actor_named(text) == ivory_coast


@pytest.mark.parametrize("text", ["l'Ukraine", "l’Ukraine", "Los Ukraine"])
def test_an_article_is_no_part_of_a_name(text):
    ukraine = make_actor("Ukraine", key="ukraine")
    assert matching.actor_named(text) == ukraine


@pytest.mark.parametrize("text", ["Ivory", "civ", "Côte", "nobody", ""])
def test_anything_else_means_nobody(ivory_coast, text):
    assert matching.actor_named(text) is None


def test_a_name_of_two_actors_means_neither():
    for kind in ("state", "company"):
        make_actor("Georgia", kind=kind, key=f"georgia-{kind}")
    assert matching.actor_named("Georgia") is None
    assert matching.actor_named("georgia-state").kind == "state"


def test_a_merged_actor_stands_for_the_one_it_was_merged_into(ivory_coast):
    other = make_actor("Ivory Coast (old)", key="old")
    other.merged_into = ivory_coast
    other.save()
    assert matching.actor_named("old") == ivory_coast
    assert matching.actor_named("Ivory Coast (old)") == ivory_coast


def test_the_nearest_names_are_shown_best_first(ivory_coast):
    make_actor("Japan", key="japan")
    assert [c.key for c in matching.match("Japann").candidates] == ["japan"]
    assert matching.match("Cote Ivoire").candidates[0].key == "cote-d-ivoire"
    assert matching.match("Q").candidates == ()


def test_two_addresses_of_one_body_are_one_actor():
    one, other, unknown = "SECSTATE WASHDC", "secstate washington dc", "DESK OF NOBODY"
    with recording(tool="test") as rec:
        together = matching.Posts().keys_of(rec, [one, other, unknown])
        again = matching.Posts().actor_of(rec, other)
        nobody = matching.Posts().actor_of(rec, unknown)
    assert together == {one: again.pk, other: again.pk}
    assert nobody is None
    assert Membership.objects.get().member == again


def test_what_the_tables_make_is_logged_and_has_its_history():
    with recording(tool="test") as rec:
        matching.Posts().keys_of(rec, ["AMEMBASSY TOKYO", "AMEMBASSY PARIS"])
    made = {"us-embassy-tokyo", "us-embassy-paris", "united-states"}
    assert set(Actor.objects.values_list("key", flat=True)) == made
    changes = Change.objects.filter(record="actor", action="created")
    assert set(changes.values_list("key", flat=True)) == made
    assert {row.key for row in Actor.history.all()} == made
    assert set(Actor.history.values_list("history_date", flat=True)) == {
        changes.values_list("at", flat=True)[0]
    }
    assert Membership.history.count() == Membership.objects.count() == 2
    with recording(tool="test") as rec:
        matching.Posts().keys_of(rec, ["AMEMBASSY TOKYO", "AMEMBASSY PARIS"])
    assert Actor.objects.count() == 3


def test_a_state_is_found_by_its_code_before_its_name():
    coded = make_actor("The Union", key="usa")
    coded.identifiers.create(scheme="iso3", value="USA")
    make_actor("United States", key="by-name")
    with recording(tool="test") as rec:
        assert matching.state_actor(rec, "USA") == coded
        assert matching.state_actor(rec, "XXX") is None
    assert Actor.objects.count() == 2
