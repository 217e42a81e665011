"""import_dna and export_dna: coded databases in, twice, and out again."""

import csv
import sqlite3
import zipfile
from io import BytesIO, TextIOWrapper

import pytest
from coded import Coded, hearing
from django.core.management import CommandError, call_command
from factories import make_actor, make_issue, make_option, make_statement, make_user
from test_format_dna import SAMPLE, needs_sample

from ingest.models import ImportProblem
from positions.models import Actor, Change, Issue, Option, Revision, Source, Statement

pytestmark = pytest.mark.django_db


@pytest.fixture
def imported(capsys):
    def command(path, **options):
        call_command("import_dna", str(path), **{"issue": "bombs", **options})
        return capsys.readouterr()

    return command


@pytest.fixture
def exported(tmp_path):
    def rows(**options):
        out = tmp_path / "out.csv"
        call_command("export_dna", **{"issue": "bombs", "output": str(out), **options})
        with out.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file, delimiter=";"))

    return rows


def said():
    return [
        (s.actor.name, s.speaker_text, s.option.name, s.disposition.code, s.main.quote)
        for s in Statement.objects.order_by("pk")
    ]


HEARING = [
    ("Japan", "Mr. Abe", "Talks in Geneva", "support", "We prefer talks in Geneva"),
    ("Ban Group", "Ms. Bo", "A ban", "support", "A ban is right."),
    ("Ban Group", "", "Talks in Geneva", "oppose", "Talks lead nowhere"),
]


@pytest.mark.parametrize("version", [2, 3])
def test_statements_become_drafts_with_their_words(imported, tmp_path, version):
    path = hearing(tmp_path / "x.dna", version=version)
    printed = imported(path, create=True)
    # A document, three statements, four actors, two options.
    assert printed.out == "10 created, 0 changed, 0 unchanged, 0 rejected\n"
    assert "Kept aside: 1 of the types “Annotation”." in printed.err
    assert said() == HEARING
    first = Statement.objects.order_by("pk")[0]
    assert (first.state, first.said_on) == ("draft", "2008-04-23")
    assert first.speaker.name == "Mr. Abe"
    assert first.note == "Statement 1 of a .dna file, coded by Coder 1."
    assert Source.objects.get().key == "dna/Hearing"
    assert Option.objects.get(name="A ban").aliases.get().name == "Prohibition"
    kinds = dict(Actor.objects.values_list("name", "kind"))
    assert kinds == {
        "Japan": "state",
        "Ban Group": "ngo",
        "Mr. Abe": "person",
        "Ms. Bo": "person",
    }


def test_the_same_database_twice_changes_nothing(imported, tmp_path):
    path = hearing(tmp_path / "x.dna")
    imported(path, create=True)
    models = (Actor, Option, Statement, Revision, Change, ImportProblem)
    before = [model.objects.count() for model in models]
    printed = imported(path, create=True)
    assert printed.out == "0 created, 0 changed, 10 unchanged, 0 rejected\n"
    assert [model.objects.count() for model in models] == before


def test_without_create_nobody_and_nothing_is_made(imported, tmp_path):
    make_issue("Bombs", key="bombs")
    make_actor("Japan", kind="state", key="japan")
    make_actor("Ban Grp", kind="ngo", key="ban-grp")
    make_option("Talks in Geneva", issue=Issue.objects.get(), key="talks")
    before = Actor.objects.count(), Option.objects.count()
    printed = imported(hearing(tmp_path / "x.dna"))
    assert (Actor.objects.count(), Option.objects.count()) == before
    # The one whose actor and option are known.
    assert said() == [HEARING[0]]
    assert Statement.objects.get().speaker is None
    assert (
        "“Ban Group”: nobody in the register has this name; the nearest: ban-grp"
        in (printed.err)
    )
    assert "“A ban”: no option of “Bombs” has this name" in printed.err
    # Once they are known, the rest comes in.
    make_actor("Ban Group", kind="ngo")
    make_option("Ban", issue=Issue.objects.get()).aliases.create(name="A ban")
    imported(tmp_path / "x.dna")
    assert len(said()) == 3


def test_an_issue_that_is_not_there_is_made_only_if_it_may_be(imported, tmp_path):
    path = hearing(tmp_path / "x.dna")
    with pytest.raises(CommandError, match="There is no issue “bombs”; --create"):
        imported(path)
    with pytest.raises(CommandError, match="cannot be a key"):
        imported(path, issue="no key!", create=True)
    imported(path, create=True, dry_run=True)
    assert not Issue.objects.exists()
    assert not Source.objects.exists()


def test_agreement_and_disagreement_of_one_actor_are_both_kept(imported, tmp_path):
    coded = Coded(tmp_path / "x.dna").document()
    for coder, agreement in ((1, 1), (1, 0), (2, 1)):
        coded.statement("A ban is right.", agreement=agreement, coder=coder)
    path = coded.saved()
    imported(path, create=True)
    imported(path, create=True)
    codes = [row[3] for row in said()]
    assert codes == ["support", "oppose", "support"]


def test_what_a_person_coded_already_is_not_coded_again(imported, tmp_path):
    imported(Coded(tmp_path / "a.dna").document().saved(), create=True)
    issue, source = Issue.objects.get(), Source.objects.get()
    by_hand = make_statement(
        actor=make_actor("Japan", kind="state"),
        option=make_option("Talks in Geneva", issue=issue),
        code="support",
        paragraph=source.current.paragraphs.get(order=2),
        quote="We prefer talks in Geneva",
    )
    imported(hearing(tmp_path / "x.dna"), create=True)
    assert Statement.objects.count() == 3
    assert Statement.objects.filter(actor__name="Japan").get() == by_hand


def test_a_scale_needs_a_mapping(imported, exported, tmp_path):
    coded = Coded(tmp_path / "x.dna", scale=True).document()
    for agreement in (2, 1, 0, -2, 7):
        coded.statement("A ban is right.", agreement=agreement)
    path = coded.saved()
    mapping = tmp_path / "scale.csv"
    mapping.write_text(
        "agreement,disposition\n2,prefer\n1,support\n0,undecided\n-2,oppose\n"
    )
    printed = imported(path, create=True, mapping=str(mapping))
    assert [row[3] for row in said()] == ["prefer", "support", "undecided", "oppose"]
    assert "statement 5: disposition “7”" in printed.err
    rows = exported(mapping=str(mapping))
    assert [row["agreement"] for row in rows] == ["2", "1", "0", "-2"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a,b\n1,2\n", "is no mapping"),
        ("agreement,disposition\n1,liking\n", "the codebook has no code “liking”"),
        ("agreement,disposition\n1,support\n1,oppose\n", "stands twice"),
        ("agreement,disposition\n1\n", "is no mapping"),
        (None, "cannot be read"),
    ],
)
def test_a_mapping_that_is_none_is_refused(imported, tmp_path, text, reason):
    make_issue("Bombs", key="bombs")
    mapping = tmp_path / "mapping.csv"
    if text is not None:
        mapping.write_text(text)
    with pytest.raises(CommandError, match=reason):
        imported(hearing(tmp_path / "x.dna"), mapping=str(mapping))
    assert not Source.objects.exists()


def test_statements_that_cannot_be_coded_are_named_and_the_rest_goes_in(
    imported, tmp_path
):
    coded = Coded(tmp_path / "x.dna").document()
    coded.statement("A ban", "", person="").statement("A ban", concept="")
    coded.statement((5, 9999)).statement("A ban", agreement=None).statement("A ban")
    printed = imported(coded.saved(), create=True)
    assert len(said()) == 1
    assert "statement 1: actor: it is empty." in printed.err
    assert "statement 2: option: it is empty." in printed.err
    assert "The words of statement 3 (5-9999) lie outside of the text" in printed.err
    assert "statement 4: disposition “none”: the codebook has no such code" in (
        printed.err
    )


def test_a_statement_added_later_is_added_and_the_citations_stay(imported, tmp_path):
    path = hearing(tmp_path / "x.dna")
    imported(path, create=True)
    with sqlite3.connect(path) as db:
        text = db.execute("SELECT Text FROM DOCUMENTS").fetchone()[0]
        start = text.index("we say so")
        db.execute(
            "INSERT INTO STATEMENTS VALUES (5, 1, 1, ?, ?, 1)", (start, start + 9)
        )
        db.execute(
            "INSERT INTO DATASHORTTEXT SELECT NULL, 5, VariableId, Entity "
            "FROM DATASHORTTEXT WHERE StatementId = 1"
        )
        db.execute("INSERT INTO DATABOOLEAN VALUES (NULL, 5, 4, 1)")
    imported(path, create=True)
    assert [row[4] for row in said()] == [*(row[4] for row in HEARING), "we say so"]
    first = Statement.objects.order_by("pk")[0]
    assert first.main.anchor == "anchored"
    assert Source.objects.get().revisions.count() == 2


def test_words_over_two_paragraphs_are_one_statement(imported, exported, tmp_path):
    coded = Coded(tmp_path / "x.dna").document(text="One two.\n\nThree four five.")
    imported(coded.statement((4, 26)).saved(), create=True)
    (statement,) = Statement.objects.all()
    cited = statement.citations.order_by("pk").values_list("role", "quote")
    assert list(cited) == [("main", "Three four five."), ("context", "two.")]
    (row,) = exported()
    assert row["text"] == "two.\n\nThree four five."


def test_a_round_trip_keeps_every_statement(imported, exported, tmp_path):
    imported(hearing(tmp_path / "x.dna"), create=True)
    rows = exported(collection="dna")
    fields = ("statement ID", "person", "organization", "concept", "agreement", "text")
    assert [tuple(row[name] for name in fields) for row in rows] == [
        (str(n), person, actor, option, str(int(code == "support")), words)
        for n, (actor, person, option, code, words) in enumerate(HEARING, 1)
    ]
    assert [row["coder"] for row in rows] == ["Coder 1", "Coder 1", "Coder 2"]
    assert {row["time"] for row in rows} == {"2008-04-23 00:00:00"}
    assert rows[0]["document title"] == "Hearing"
    about = ("author", "source", "section", "type")
    assert [rows[0][name] for name in about] == [
        "Reporter, A.",
        "Daily",
        "Page 1",
        "News",
    ]
    assert exported(collection="elsewhere") == []


def test_what_a_person_decided_since_is_what_is_exported(imported, exported, tmp_path):
    who = make_user()
    imported(hearing(tmp_path / "x.dna"), create=True)
    first, second, third = Statement.objects.order_by("pk")
    first.actor = make_actor("Kingdom of Japan", kind="state")
    first.save()
    second.reject(who, "Not about bombs.")
    third.submit(who)
    third.accept(who)
    rows = exported()
    assert rows[0]["organization"] == "Kingdom of Japan"
    assert [row["state"] for row in rows] == ["draft", "accepted"]


def test_statements_by_hand_are_exported_under_their_key(exported):
    statement = make_statement(code="oppose")
    (row,) = exported(issue=statement.option.issue.key)
    assert (row["statement ID"], row["key"]) == ("", statement.key)
    assert (row["agreement"], row["text"]) == ("0", statement.main.quote)


def test_an_export_that_cannot_be_written_is_a_clear_fault(tmp_path):
    with pytest.raises(CommandError, match="There is no issue “bombs”"):
        call_command("export_dna", issue="bombs")
    make_issue("Bombs", key="bombs")
    with pytest.raises(CommandError, match="cannot be written"):
        call_command("export_dna", issue="bombs", output=str(tmp_path))


@pytest.mark.parametrize("name", ["x.dna", "x"])
def test_a_database_comes_in_an_archive_too(imported, tmp_path, name):
    path = hearing(tmp_path / "x.dna")
    with zipfile.ZipFile(tmp_path / "box.zip", "w") as box:
        box.write(path, name)
    imported(tmp_path / "box.zip", create=True)
    assert said() == HEARING


def test_a_database_comes_by_standard_input_too(imported, tmp_path, monkeypatch):
    data = hearing(tmp_path / "x.dna").read_bytes()
    monkeypatch.setattr("sys.stdin", TextIOWrapper(BytesIO(data)))
    imported("-", create=True)
    assert said() == HEARING


@needs_sample
def test_the_real_sample_goes_round(imported, exported):
    printed = imported(SAMPLE, create=True)
    assert printed.out == "67 created, 0 changed, 0 unchanged, 0 rejected\n"
    address = f"file:{SAMPLE}?mode=ro&immutable=1"
    query = (
        "SELECT s.ID, strftime('%Y-%m-%d %H:%M:%S', d.Date, 'unixepoch'), d.ID, "
        "d.Title, d.Author, d.Source, d.Section, d.Type, "
        "substr(d.Text, s.Start + 1, s.Stop - s.Start), p.Value, o.Value, k.Value, "
        "b.Value, s.Start, s.Stop, c.Name FROM STATEMENTS s "
        "JOIN DOCUMENTS d ON d.ID = s.DocumentId JOIN CODERS c ON c.ID = s.Coder "
        + "".join(
            f"JOIN DATASHORTTEXT d{v} ON d{v}.StatementId = s.ID "
            f"AND d{v}.VariableId = {n} JOIN ENTITIES {v} ON {v}.ID = d{v}.Entity "
            for n, v in ((1, "p"), (2, "o"), (3, "k"))
        )
        + "JOIN DATABOOLEAN b ON b.StatementId = s.ID ORDER BY s.ID"
    )
    expected = sqlite3.connect(address, uri=True).execute(query).fetchall()
    rows = exported()
    assert len(rows) == 40
    assert [tuple(row.values())[:-2] for row in rows] == [
        tuple(map(str, row)) for row in expected
    ]
