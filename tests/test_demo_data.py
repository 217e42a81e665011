"""The demonstration's texts and tables agree with each other (no database)."""

import csv
import re
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from positions import choices, dates, names

DEMO = Path(__file__).resolve().parents[1] / "ingest" / "demo"
CODEBOOK = DEMO.parents[1] / "positions" / "data" / "codebook.csv"
DIGEST = (
    "Digest written for the demonstration from public facts; not a primary document."
)
DIGESTS = sorted((DEMO / "sources").glob("*.txt"))
CABLES = sorted((DEMO / "cables").glob("*.txt"))


def read(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def table(name):
    return read(DEMO / f"{name}.csv")


def keys(name, column="key"):
    return {row[column] for row in table(name)}


def split(path):
    """Front matter by key, and the paragraphs of a plain digest."""
    _, head, body = path.read_text(encoding="utf-8").split("---\n", 2)
    return dict(line.split(": ", 1) for line in head.splitlines()), body.split("\n\n")


def paragraphs(path):
    """Number -> text, by the simple numbering that both shapes have."""
    text = path.read_text(encoding="utf-8").rstrip("\n")
    found = re.finditer(r"(?ms)^(\d+)\. (?:\(U\) )?(.*?)(?=\n\n|\Z)", text)
    numbered = [(match[1], match[2]) for match in found]
    assert [number for number, _ in numbered] == [
        str(n) for n in range(1, len(numbered) + 1)
    ]
    return dict(numbered)


PARAGRAPHS = {path.stem: paragraphs(path) for path in DIGESTS + CABLES}
CITATIONS = table("statements")
STATEMENTS = [row for row in CITATIONS if row["citation_role"] == "main"]
ACCEPTED = [row for row in STATEMENTS if row["state"] == "accepted"]
FACETS = {row["code"]: row["facet"] for row in read(CODEBOOK)}
# Column -> the table whose keys it holds; several are joined by `;`.
REFERENCES = {
    "statements": {
        "actor": "actors",
        "option": "options",
        "over_option": "options",
        "speaker_actor": "actors",
        "reporter": "actors",
        "event": "events",
        "reasons": "reasons",
        "extends_except": "actors",
    },
    "memberships": {"member": "actors", "group": "actors"},
    "options": {
        "issue": "issues",
        "parent": "options",
        "succeeded_by": "options",
        "alternatives": "options",
    },
    "reasons": {"issue": "issues"},
    "events": {"issues": "issues", "actor": "actors"},
    "participations": {"event": "events", "actor": "actors"},
    "checks": {"actor": "actors", "issue": "issues"},
    "stances": {"actor": "actors", "option": "options"},
    "expected": {"actor": "actors", "option": "options"},
    "expected_phrases": {"actor": "actors"},
}
LISTS = {
    ("collections", "visibility"): choices.Visibility,
    ("actors", "kind"): choices.ActorKind,
    ("options", "kind"): choices.OptionKind,
    ("events", "kind"): choices.EventKind,
    ("participations", "part"): choices.Part,
    ("memberships", "rank"): choices.SpeakerRank,
    ("statements", "citation_role"): choices.CitationRole,
    ("statements", "speaker_rank"): choices.SpeakerRank,
    ("statements", "standing"): choices.Standing,
    ("statements", "form"): choices.Form,
    ("statements", "publicity"): choices.Publicity,
    ("statements", "modality"): choices.Modality,
    ("statements", "said_basis"): choices.DateBasis,
    ("statements", "mode"): choices.Mode,
    ("statements", "reliability"): choices.Reliability,
    ("statements", "credibility"): choices.Credibility,
    ("statements", "extends_to"): choices.ExtendsTo,
    ("checks", "finding"): choices.Finding,
    ("stances", "confidence"): choices.Confidence,
    ("expected", "facet"): choices.Facet,
}
ALL_TABLES = {name for name, _ in LISTS} | set(REFERENCES) | {"issues"}
DAYS = [
    ("actors", "valid_from", "valid_to"),
    ("options", "valid_from", "valid_to"),
    ("memberships", "since", "until"),
    ("stances", "holds_from", "holds_to"),
]


@pytest.mark.parametrize("path", DIGESTS, ids=lambda path: path.stem)
def test_every_digest_says_what_it_is_and_names_its_record(path):
    head, parts = split(path)
    assert head["identifier"] == path.stem
    assert path.stem.startswith("DEMO-")
    assert head["kind"] == "digest"
    assert head["marking"] == "U"
    assert head["title"]
    for key in {"dated", "published"} & head.keys():
        dates.parse(head[key])
    assert parts[0] == DIGEST
    assert parts[1].startswith("It rests on ")
    assert all(re.match(r"\d+\. ", part) for part in parts[2:])
    assert all("\n" not in part.strip("\n") for part in parts)


@pytest.mark.parametrize("path", CABLES, ids=lambda path: path.stem)
def test_a_digest_in_cable_shape_says_so_first_and_is_unclassified(path):
    text = path.read_text(encoding="utf-8")
    assert PARAGRAPHS[path.stem]["1"].startswith(DIGEST)
    assert re.search(r"^UNCLAS SECTION 01 OF 02 ", text, re.M)
    assert re.findall(r"^\d+\. \((\w+)\)", text, re.M) == ["U"] * len(
        PARAGRAPHS[path.stem]
    )


@pytest.mark.parametrize("path", DIGESTS + CABLES, ids=lambda path: path.stem)
def test_no_digest_quotes_anybody(path):
    assert not set('"“”„«»‘`') & set(path.read_text(encoding="utf-8"))


def test_every_quote_stands_once_in_its_paragraph():
    wrong = [
        (row["ref"], row["quote"])
        for row in CITATIONS
        if PARAGRAPHS[row["source"]].get(row["paragraph"], "").count(row["quote"]) != 1
        or not row["quote"].strip()
        or "\n" in row["quote"]
    ]
    assert wrong == []


def test_own_words_are_never_quoted_from_a_comment():
    comments = {
        stem: re.findall(r"\(Comment: .*?\)", " ".join(texts.values()))
        for stem, texts in PARAGRAPHS.items()
    }
    assert any(comments.values())
    for row in CITATIONS:
        if any(row["quote"] in comment for comment in comments[row["source"]]):
            assert row["standing"] == choices.Standing.REPORTER


@pytest.mark.parametrize("name", sorted(REFERENCES))
def test_every_key_referred_to_exists(name):
    for column, target in REFERENCES[name].items():
        named = {
            key for row in table(name) for key in row[column].split(";") if row[column]
        }
        assert named <= keys(target), column


@pytest.mark.parametrize(
    "name", ["collections", "actors", "issues", "options", "reasons", "events"]
)
def test_keys_are_slugs_and_stand_once(name):
    counted = Counter(row["key"] for row in table(name))
    assert set(counted.values()) == {1}
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", key) for key in counted)


@pytest.mark.parametrize("name", sorted(ALL_TABLES))
def test_no_table_has_a_row_twice_or_of_another_width(name):
    rows = table(name)
    assert rows
    assert all(None not in row and None not in row.values() for row in rows)
    assert max(Counter(tuple(row.values()) for row in rows).values()) == 1


@pytest.mark.parametrize(("name", "column"), sorted(LISTS))
def test_every_code_is_of_its_closed_list(name, column):
    allowed = {str(value) for value in LISTS[name, column].values}
    assert {row[column] for row in table(name)} - {""} <= allowed


def test_every_disposition_is_in_the_codebook():
    assert {row["disposition"] for row in STATEMENTS} <= set(FACETS)
    assert all(FACETS[row["disposition"]] for row in table("stances"))
    for row in table("expected"):
        assert FACETS.get(row["disposition"], row["facet"]) == row["facet"]


def test_no_two_actors_have_a_name_in_common():
    named = Counter()
    for row in table("actors"):
        others = [re.sub(r"^[a-z]{2}:", "", n) for n in row["names"].split(";") if n]
        named.update({names.name_key(name) for name in [row["name"], *others]})
    assert [name for name, count in named.items() if count > 1] == []


@pytest.mark.parametrize("column", ["iso3", "cow"])
def test_no_two_actors_have_an_identifier_in_common(column):
    counted = Counter(row[column] for row in table("actors") if row[column])
    assert set(counted.values()) == {1}


@pytest.mark.parametrize(("name", "first", "last"), DAYS)
def test_every_span_has_its_days_in_order(name, first, last):
    for row in table(name):
        given = [date.fromisoformat(row[c]) for c in (first, last) if row[c]]
        assert given == sorted(given)
        if name != "options" and len(given) == 2:
            assert given[0] < given[1]


def test_every_date_is_of_an_allowed_form():
    for row in table("events"):
        dates.parse(row["dated"])
    for row in table("expected") + table("expected_phrases"):
        date.fromisoformat(row["as_of"])
    for row in STATEMENTS:
        said = dates.parse(row["said_on"])
        if row["holds_on"]:
            dates.parse(row["holds_on"], said=said.latest)


def test_every_statement_has_one_main_citation_and_the_others_only_cite():
    mains = Counter(row["ref"] for row in STATEMENTS)
    assert set(mains.values()) == {1}
    cited = {"ref", "citation_role", "source", "paragraph", "quote"}
    for row in CITATIONS:
        assert row["ref"] in mains
        if row["citation_role"] != "main":
            assert {column for column in row if row[column]} == cited


def test_an_utterance_is_of_one_source_and_one_speaker():
    said = {}
    for row in STATEMENTS:
        if row["utterance"]:
            who = row["source"], row["speaker_role"], row["publicity"]
            assert said.setdefault(row["utterance"], who) == who


def test_what_a_statement_says_goes_together():
    for row in STATEMENTS:
        assert (row["modality"] == "conditional") == bool(row["condition"])
        assert not row["mode"] or row["disposition"] == "bound"
        assert row["over_option"] != row["option"]
        assert row["form"] == "act" or row["speaker_role"]


def test_nothing_is_said_of_a_declaration_or_treaty_before_its_day():
    begins = {
        row["key"]: date.fromisoformat(row["valid_from"])
        for row in table("options")
        if row["valid_from"]
    }
    for row in STATEMENTS:
        if row["option"] in begins:
            assert dates.parse(row["said_on"]).latest >= begins[row["option"]]


def test_alternatives_hold_both_ways():
    pairs = {
        (row["key"], other)
        for row in table("options")
        for other in row["alternatives"].split(";")
        if other
    }
    assert pairs
    assert pairs == {(other, key) for key, other in pairs}


def test_the_evidence_of_every_stance_is_accepted_and_about_its_actor():
    accepted = {row["ref"]: row for row in ACCEPTED}
    for row in table("stances"):
        evidence = [accepted[ref] for ref in row["evidence"].split(";")]
        assert {item["actor"] for item in evidence} == {row["actor"]}
        assert any(
            (item["option"], item["disposition"]) == (row["option"], row["disposition"])
            for item in evidence
        )
        assert row["rationale"]


def test_every_check_looked_where_nothing_is_coded():
    coded = {(row["source"], row["paragraph"], row["actor"]) for row in STATEMENTS}
    for row in table("checks"):
        assert row["source"] in PARAGRAPHS
        where = [row["paragraph"]] if row["paragraph"] else PARAGRAPHS[row["source"]]
        for number in where:
            assert number in PARAGRAPHS[row["source"]]
            assert (row["source"], number, row["actor"]) not in coded


def test_whoever_is_coded_as_present_or_absent_is_so_in_the_event():
    parts = {
        (row["event"], row["actor"]): row["part"] for row in table("participations")
    }
    meant = {
        "engage": {"participant", "host"},
        "lead": {"participant", "host"},
        "observe": {"observer"},
        "absent": {"absent"},
        "refuse": {"absent"},
    }
    for row in ACCEPTED:
        if row["form"] == "act" and row["event"] and row["disposition"] in meant:
            part = parts[row["event"], row["actor"]]
            assert part in meant[row["disposition"]], row["ref"]


def test_there_is_as_much_of_everything_as_the_demonstration_needs():
    assert len(DIGESTS) >= 8
    assert CABLES
    assert len(STATEMENTS) >= 60
    assert len({row["actor"] for row in ACCEPTED}) >= 15
    assert {row["state"] for row in STATEMENTS} == {"accepted", "draft", "review"}
    for column, wanted in {
        "standing": {"own", "other", "reporter"},
        "modality": {"stated", "intended", "conditional", "expected"},
        "disposition": {"deferred"},
        "mode": {"ratification", "acceptance"},
        "citation_role": {"main", "repeats", "context"},
    }.items():
        assert wanted <= {row[column] for row in CITATIONS}
    forms = {row["said_on"] for row in STATEMENTS} | {r["holds_on"] for r in STATEMENTS}
    assert any(text.endswith("~") for text in forms)
    assert any(text.endswith("/") for text in forms)


def test_fifteen_actors_are_expected_to_have_a_position_on_2_may_2008():
    day = [row for row in table("expected") if row["as_of"] == "2008-05-02"]
    assert len({row["actor"] for row in day if row["disposition"]}) >= 15


def test_a_draft_says_why_it_is_wrong():
    drafts = [row for row in STATEMENTS if row["state"] == "draft"]
    assert drafts
    assert all(row["note"] for row in drafts)


def test_what_is_said_about_china_never_stands_as_its_own():
    about = [
        row
        for row in ACCEPTED
        if row["actor"] == "china" and row["source"] == "DEMO-TOKYO-2008"
    ]
    assert {row["standing"] for row in about} == {choices.Standing.OTHER}
