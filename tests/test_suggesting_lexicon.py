"""Every line of the word lists: its example proposes what it says, and no more."""

import re

import pytest

from ingest.suggesting import Known, KnownActor, KnownOption, Line, Page, suggest
from ingest.suggesting.lexicon import DATA, has_language, lexicon, read_rows
from ingest.suggesting.mentions import items, vocabulary
from ingest.suggesting.phrases import phrases
from positions.choices import SpeakerRank
from tests.labelled import facets

ACTORS = (
    *(
        KnownActor(name.lower(), "state", name, iso3=iso3)
        for name, iso3 in (
            ("Japan", "JPN"),
            ("Norway", "NOR"),
            ("Chile", "CHL"),
            ("Kenya", "KEN"),
            ("France", "FRA"),
        )
    ),
)
OPTIONS = (
    KnownOption("bern", "rivers", "track", "Bern Process"),
    KnownOption("treaty", "harbours", "treaty", "Harbour Treaty"),
    KnownOption("draft", "harbours", "draft", "Harbour Draft", whole="treaty"),
    KnownOption("art5", "harbours", "provision", "Art. 5", "Article 5", whole="draft"),
    KnownOption("plan", "fish", "proposal", "Quota Plan"),
    KnownOption("ban", "fish", "outcome", "Full Ban"),
    KnownOption("decl", "fish", "declaration", "Lima Declaration"),
    KnownOption("res", "fish", "resolution", "Resolution 12"),
)
KNOWN = Known(ACTORS, OPTIONS)
TABLES = {
    "cues": "pattern",
    "gaps": "words",
    "links": "words",
    "attribution": "words",
    "conditions": "words",
    "urging": "words",
    "anaphora": "noun",
    "bodies": "words",
    "grammar": "pattern",
}
COLUMNS = ("names", "adjectives", "seats")
LINES = [
    pytest.param(row["example"], row["expected"], id=f"{table}:{number}")
    for table in TABLES
    for number, row in enumerate(read_rows("en", table), 2)
]


def proposed(text, **page):
    found = suggest(Page((Line(1, text),), dated="2008-05-02", **page), KNOWN)
    return [
        (p.actor, p.disposition, p.option, str(p.standing), str(p.modality))
        for p in found
    ]


@pytest.mark.parametrize(("example", "expected"), LINES)
def test_a_line_s_example_proposes_what_the_line_says(example, expected):
    wanted = [tuple(part.split()) for part in expected.split(";") if part.strip()]
    found = proposed(example)
    cut = [
        one[: len(want)]
        for one, want in zip(sorted(found), sorted(wanted), strict=False)
    ]
    assert (len(found), cut) == (len(wanted), sorted(wanted)), found


@pytest.mark.parametrize(("table", "column"), TABLES.items())
def test_a_line_s_example_holds_the_line_s_words(table, column):
    """An example proves its own line: without its words it would prove another."""
    rules = {
        "gaps": lexicon("en").gaps,
        "links": lexicon("en").links,
        "attribution": lexicon("en").attributions,
        "conditions": lexicon("en").conditions,
    }
    for number, row in enumerate(read_rows("en", table)):
        if table in rules:
            pattern = rules[table][number].pattern.pattern
            if "\ue000" in pattern or "\uf000" in pattern:
                continue
            assert re.search(pattern, row["example"], re.IGNORECASE), row
        elif table in ("anaphora", "bodies"):
            said = row["example"].lower()
            words = row[column].lower().split("|")
            assert any(word in said for word in words), row


@pytest.mark.parametrize(
    "row", read_rows("en", "titles"), ids=lambda row: row["title"][:20]
)
def test_a_title_gives_its_bearer_s_rank(row):
    words = vocabulary(KNOWN, lexicon("en"))
    for title in row["title"].split("|"):
        text = f"Norwegian {title.title()} Liv Dahl spoke."
        found = phrases(text, items(text, 0, len(text), words, frozenset()), KNOWN)
        assert [(p.kind, p.surname, p.rank) for p in found] == [
            ("person", "dahl", SpeakerRank(int(row["rank"])))
        ], title


@pytest.mark.parametrize(
    "row", read_rows("en", "titles"), ids=lambda row: row["title"][:20]
)
def test_the_example_of_a_title_is_a_statement_of_its_state(row):
    assert [one[:3] for one in proposed(row["example"])] == [
        ("chile" if row["of"] == "other" else "norway", "support", "plan")
    ]


@pytest.mark.parametrize("row", read_rows("en", "states"), ids=lambda row: row["iso3"])
def test_a_state_is_known_by_name_adjective_and_seat(row):
    """Whatever name of it the database has, or its code alone."""
    names = row["names"].split(";")
    for known_as in (
        KnownActor("it", "state", "Elsewhere", iso3=row["iso3"]),
        KnownActor("it", "state", names[0]),
    ):
        known = Known((known_as,), OPTIONS)
        sentences = [f"{name} opposes the Quota Plan." for name in names]
        sentences += [
            f"{adjective} officials oppose the Quota Plan."
            for adjective in row["adjectives"].split(";")
            if adjective
        ]
        sentences += [
            f"It is {seat}'s view that counts; {seat} opposes the Quota Plan."
            for seat in row["seats"].split(";")
            if seat
        ]
        for text in sentences:
            found = suggest(Page((Line(1, text),)), known)
            assert [(p.actor, p.disposition) for p in found] == [("it", "oppose")], text


def test_no_two_states_share_a_name_adjective_or_seat():
    called = [
        name
        for row in read_rows("en", "states")
        for name in {n for c in COLUMNS for n in row[c].split(";") if n}
    ]
    assert [n for n in called if called.count(n) > 1] == []


def test_every_disposition_of_the_lists_is_in_the_codebook():
    said = {
        row[column]
        for row in read_rows("en", "cues")
        for column in ("says", "denied", "ahead", "ahead_denied")
    }
    assert said - {"", "same"} <= facets().keys()


def test_the_lists_have_an_example_of_every_disposition_that_words_can_tell():
    told = {
        one.split()[1]
        for row in read_rows("en", "cues")
        for one in row["expected"].split(";")
        if one.strip()
    }
    # Coming back later is a promise without an option's words.
    assert facets().keys() - told == {"deferred"}


@pytest.mark.parametrize(
    ("language", "has"),
    [
        ("en", True),
        ("en-GB", True),
        ("", True),
        ("EN_us", True),
        ("fr", False),
        ("../en", False),
        ("xx/..", False),
    ],
)
def test_a_language_has_lists_or_it_has_not(language, has):
    assert has_language(language) is has
    assert (lexicon(language) is not None) is has


def test_a_text_in_a_language_without_lists_gives_nothing():
    assert proposed("Norway supports the Quota Plan.", language="fr") == []


def test_the_tables_are_all_read():
    tables = {path.stem for path in (DATA / "en").glob("*.csv")}
    assert tables == {*TABLES, "titles", "states", "words", "irregular"}
