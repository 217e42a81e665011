"""States with their names and codes, blocs, ministries: made once, never changed."""

from datetime import date

import pytest
from factories import make_actor, make_collection
from papers import document, load, session

from ingest import matching, posts, states
from ingest.models import ImportRun
from positions.models import Actor, ActorName, Change, Identifier, Membership

pytestmark = pytest.mark.django_db
LATIN = ("fr", "ja")


@pytest.fixture
def register():
    return list(states.load(languages=LATIN))


def named(text):
    found = matching.actor_named(text)
    return found and found.key


def test_every_state_of_the_table_is_made_with_its_codes(register):
    rows = posts.read_data("states")
    assert Actor.objects.filter(kind="state").count() == len(rows) == 207
    iso3 = Identifier.objects.filter(scheme="iso3").values_list("value", flat=True)
    assert sorted(iso3) == sorted(row["alpha3"] for row in rows)
    japan = Actor.objects.get(key="japan")
    assert [str(i) for i in japan.identifiers.all()] == [
        "iso2 JP",
        "iso3 JPN",
        "m49 392",
    ]


NAMES = [
    ("Netherlands (Kingdom of the) 4", "netherlands"),
    ("Korea, Rep.", "south-korea"),
    ("South Korea", "south-korea"),
    ("Republic of Korea", "south-korea"),
    ("Korea, Republic of", "south-korea"),
    ("Korea", None),
    ("Myanmar (Burma)", "myanmar"),
    ("China (Taiwan)", None),
    ("Türkiye", "turkiye"),
    ("Turkey", "turkiye"),
    ("Turquie", "turkiye"),
    ("Cabo Verde", "cabo-verde"),
    ("Cape Verde", "cabo-verde"),
    ("Belize 1", "belize"),
    ("Holy See (the) *", "holy-see"),
    ("Congo (le)", "republic-of-the-congo"),
    ("Dominican Rep.", "dominican-republic"),
    ("DDR", "german-democratic-republic"),
    ("YUG", "yugoslavia"),
    ("Former Yugoslavia", "yugoslavia"),
    ("USSR (former)", "soviet-union"),
    ("Ukrainian Soviet Socialist Republic", "ukraine"),
    ("Россия", "russia"),
    ("Rusia", "russia"),
    ("CSK", "czechoslovakia"),
    ("iso2:CH", "switzerland"),
    ("日本", "japan"),
    ("NATO", "nato"),
    ("Atlantis", None),
]


def test_many_names_meet_in_one_actor_and_none_is_guessed(register):
    assert {text: named(text) for text, _ in NAMES} == dict(NAMES)


def test_who_may_be_meant_is_ranked(register):
    match = matching.match("Korea")
    assert match.actor is None
    assert {c.key for c in match.candidates[:2]} == {"north-korea", "south-korea"}
    assert "nobody in the register has this name; the nearest:" in match.sentence


def test_vanished_states_end(register):
    gone = Actor.objects.get(key="czechoslovakia")
    assert gone.valid_to == date(1993, 1, 1)
    assert "CZE and SVK" in gone.note


def test_members_have_their_days(register):
    membership = Membership.objects.get(
        member__key="united-kingdom", group__key="european-union"
    )
    assert membership.span == (date(1993, 11, 1), date(2020, 2, 1))


def test_it_changes_nothing_the_second_time(register):
    before = [m.objects.count() for m in (Actor, ActorName, Membership, Change)]
    assert {item.outcome for item in states.load(languages=LATIN)} == {"unchanged"}
    assert [m.objects.count() for m in (Actor, ActorName, Membership, Change)] == before


def test_what_people_made_stays_and_gets_what_it_lacks():
    theirs = make_actor("Japan", key="nippon", note="ours")
    bloc = make_actor("NATO", key="nato", kind="bloc")
    canada = make_actor("Canada", key="canada")
    Membership.objects.create(member=canada, group=bloc, since=date(1950, 1, 1))
    list(states.load(languages=LATIN))
    theirs.refresh_from_db()
    assert (theirs.name, theirs.note) == ("Japan", "ours")
    assert named("JPN") == "nippon"
    assert Membership.objects.get(member=canada, group=bloc).since.year == 1950


def test_a_ministry_is_made_once_a_document_names_it(register):
    assert named("Gaimusho") is None
    text = "The Gaimusho told us that nothing had changed."
    load(session(make_collection()), document((text,)), b"it")
    made = [i.name for i in states.load(languages=()) if i.outcome == "created"]
    assert len(made) == 1
    ministry = matching.actor_named("Gaimusho")
    assert ministry.name == "Ministry of Foreign Affairs of Japan"
    [membership] = ministry.memberships.all()
    assert (membership.group.key, membership.role) == ("japan", "foreign ministry")
    assert {i.outcome for i in states.load(languages=())} == {"unchanged"}


def test_the_command_says_what_it_made_and_a_dry_run_leaves_nothing(capsys):
    from django.core.management import call_command

    call_command("setup_actors", "--dry-run", "--languages", "fr")
    assert "would create" in capsys.readouterr().out
    assert not Actor.objects.exists()
    call_command("setup_actors", "--languages", "fr")
    assert "created, 0 changed, 0 unchanged, 0 rejected" in capsys.readouterr().out
    assert ImportRun.objects.get().command == "setup_actors"
