"""The bench works: every section measures something, and its cables are like cables."""

import csv
import json
import random
import statistics
from collections import Counter
from contextlib import nullcontext
from datetime import datetime
from importlib import import_module

import pytest
from django.conf import settings
from django.db import connection

from ingest import reading
from ingest.formats import FORMATS, cable
from positions import integrity
from tests.bench import __main__ as bench
from tests.bench import cables, databases, measuring, office, workplace
from tests.bench.measuring import Work


@pytest.fixture
def hurried(monkeypatch):
    """Once, and little, is enough to see that it can be measured."""
    monkeypatch.setattr(workplace, "ROUNDS", 1)
    monkeypatch.setattr(office, "DOCUMENTS", 10)
    monkeypatch.setattr(office, "LONG_DOCUMENT", 20)
    monkeypatch.setattr(office, "LONG_PARAGRAPH", 20)
    monkeypatch.setattr(measuring, "LEAST_ROUNDS", 1)
    monkeypatch.setattr(measuring, "LEAST_SECONDS", 0)
    monkeypatch.setattr(measuring, "MOST_SECONDS", 0)
    monkeypatch.setattr(settings, "ALLOWED_HOSTS", ["testserver"])


# -- the cables ----------------------------------------------------------------------


@pytest.fixture(scope="module")
def made():
    """(cable, the document that is read of it), so many that their shares tell."""
    return [(c, parsed(c.read)) for c in map(cables.cable, range(400))]


def parsed(read):
    return cable.parse(read.data, read.name)


def numbered(document):
    return [p for p in document.paragraphs if p.number]


def test_the_cables_have_the_statistics_of_the_real_collection(made):
    documents = [document for _, document in made]
    lengths = [len(numbered(document)) for document in documents]
    assert statistics.median(lengths) in (8, 9, 10)
    assert max(lengths) > 40
    assert max(lengths) <= 77
    size = statistics.median(
        sum(p.end - p.start for p in numbered(document)) for document in documents
    )
    assert 4000 < size < 6000
    assert 0.4 < share(documents, lambda d: d.references) < 0.6
    assert 0.5 < share(documents, lambda d: d.header["sections"]["starts"]) < 0.7
    headed = share(documents, lambda d: any(p.role == "heading" for p in d.paragraphs))
    assert 0.4 < headed < 0.6


def share(documents, has):
    return sum(1 for document in documents if has(document)) / len(documents)


def test_the_longest_cable_of_a_whole_collection_has_77_paragraphs():
    rng = random.Random(7)
    marks = [cables.body(rng, "U") for _ in range(1500)]
    counts = [sum(" (U) " in line for line in lines) for lines in marks]
    assert max(counts) <= 77
    assert sum(count > 40 for count in counts) >= 5


def test_a_cable_is_read_as_it_was_meant(made):
    for meant, document in made:
        assert document.identifier == meant.identifier
        assert document.problems == ()
        assert document.dated == meant.sent.date().isoformat()
        cited = tuple(r.canonical_id for r in document.references)
        assert cited == meant.references
        numbers = [p.number for p in numbered(document)]
        assert numbers == [str(n) for n in range(1, len(numbers) + 1)]


def test_words_are_as_unevenly_common_as_words_are():
    counts = Counter(cables.draws())
    (_, first), (_, second) = counts.most_common(2)
    assert 1.8 < first / second < 2.2
    assert len(counts) > 20_000
    once = sum(count == 1 for count in counts.values())
    assert once > len(counts) / 10


def test_no_two_cables_share_a_text(made):
    assert len({document.text for _, document in made}) == len(made)
    ends = [document.text_of(document.paragraphs[-1]) for _, document in made]
    assert len(set(ends)) == len(made)


def test_a_larger_collection_begins_with_the_smaller(tmp_path):
    small, large = tmp_path / "small", tmp_path / "large"
    for folder, count in ((small, 3), (large, 5)):
        folder.mkdir()
        cables.write(folder, count)
    texts = {path.name: path.read_bytes() for path in large.iterdir()}
    assert len(texts) == 5
    for path in small.iterdir():
        assert texts[path.name] == path.read_bytes()


def test_folder_stream_and_dump_hold_the_same_cables(tmp_path):
    size = cables.write(tmp_path, 4, first=2)
    streamed = {read.name: read.data for read in cables.reads(4, first=2)}
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == streamed
    assert size == sum(map(len, streamed.values()))
    dump = tmp_path / "dump.csv"
    assert cables.write_dump(dump, 4, first=2) == len(dump.read_bytes())
    with dump.open(encoding="utf-8", newline="") as file:
        records = list(csv.reader(file))
    texts = {f"{row[2]}.txt": f"{row[6]}\n\n{row[7]}\n".encode() for row in records}
    assert texts == streamed
    assert [row[0] for row in records] == ["3", "4", "5", "6"]


def test_the_dump_is_read_as_the_folder_is(tmp_path):
    dump = tmp_path / "dump.csv"
    cables.write_dump(dump, 30)
    cut = list(reading.read_all([dump], FORMATS["cable"].split))
    for record, file in zip(cut, cables.reads(30), strict=True):
        one, other = FORMATS["cable"].parse(record), parsed(file)
        assert one.identifier == other.identifier
        assert one.text.strip() == other.text.strip()
        assert one.paragraphs == other.paragraphs
        assert one.parties == other.parties


def test_the_columns_of_the_dump_say_what_the_cable_says(made):
    for meant, document in made[:40]:
        created, identifier, origin, classification, references, *_ = meant.record
        assert identifier == document.identifier
        day, minute = created.split()
        assert datetime.strptime(day, "%m/%d/%Y").date().isoformat() == document.dated
        assert minute.lstrip("0").endswith(f"{document.dated_at:%M}")
        assert origin.removeprefix("Embassy ").upper() in document.issuer
        assert classification[0] in "UCS"
        cited = [r.canonical_id for r in document.references]
        assert references == "|".join(cited)


def test_another_seed_makes_other_cables():
    assert cables.cable(0) == cables.cable(0, seed=cables.SEED)
    assert cables.cable(0) != cables.cable(0, seed=2)


# -- the sections --------------------------------------------------------------------


@pytest.fixture
def path(monkeypatch):
    """What the bulk path of the tests' database is called; its server is named."""
    for name in ("DATABASE_URL", "TEST_DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    config = settings.DATABASES["default"]
    if config["ENGINE"].endswith("sqlite3"):
        return "executemany"
    url = "postgres://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**config)
    monkeypatch.setenv("DATABASE_URL", url)
    return "COPY"


def test_loading_is_measured_against_the_same_rows_raw(path, capsys, monkeypatch):
    with databases.engines() as engines:
        # To migrate two databases takes longer than all else.
        monkeypatch.setattr(databases, "engines", lambda: nullcontext(engines))
        bench.main(["--size", "2", "--only", "loading"])
        with databases.copies(engines[-1], 2) as (here, spare):
            said = databases.run(here, "-c", COPY, spare.url)
    head, *lines = capsys.readouterr().out.splitlines()
    assert "size 2; " in head
    loaded = [line for line in lines if "16 documents, parsed and loaded" in line]
    assert f"of {path}" in loaded[-1]
    again = [line for line in lines if "the same again, unchanged" in line]
    assert "x as fast as first" in again[-1]
    assert any("peak memory at 16 documents" in line for line in lines)
    ours, raw = json.loads(said.splitlines()[-1])
    assert sum(ours.values()) > 100
    assert raw == ours


# Import a little twice, copying each part raw; the rows of both, by table.
COPY = """
import json, pathlib, sys, tempfile
import django
django.setup()
from django.db import connection, connections
from tests.bench import bulk, loading
from tests.bench.databases import Engine
spare = Engine("", sys.argv[1])
with tempfile.TemporaryDirectory() as folder:
    for after, count in ((0, 5), (5, 3)):
        load = loading.Load(pathlib.Path(folder, str(after)), count, after)
        beyond = bulk.last_rows()
        load()
        bulk.copy(spare, beyond)

def rows(connection):
    with connection.cursor() as cursor:
        found = {}
        for table in bulk.last_rows():
            cursor.execute(f"SELECT count(*) FROM {table}")
            found[table] = cursor.fetchone()[0]
        return found

here = rows(connection)
settings = connection.settings_dict
settings["NAME"] = str(spare.path if connection.vendor == "sqlite" else spare.database)
connection.close()
print(json.dumps([here, rows(connection)]))
"""


IN_THIS_PROCESS = sorted(bench.SECTIONS.keys() - {"loading"})


@pytest.mark.django_db
@pytest.mark.parametrize("name", IN_THIS_PROCESS)
def test_every_section_has_rows_with_figures(name, hurried):
    rows = import_module(f"tests.bench.{name}").measure(Work(size=8))
    assert len(rows) > 2
    for row in rows:
        assert row.what
        assert row.figure or row.ratio


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["desks", "serving"])
def test_pages_count_their_queries(name, hurried):
    rows = import_module(f"tests.bench.{name}").measure(Work(size=4))
    assert all(int(row.queries) > 0 for row in rows)


@pytest.mark.django_db
def test_the_copies_of_an_office_are_as_whole_as_the_office(hurried):
    made = office.Office()
    before = {kept.model: counted(kept) for kept in made.copied.kept.values()}
    made.grow(3)
    for kept in made.copied.kept.values():
        there, copied = before[kept.model]
        assert copied > 0
        assert counted(kept) == (there + 2 * copied, copied)
    connection.check_constraints()
    # Only the index of words is not filled: no page that is measured searches.
    assert [fault for fault in integrity.faults() if "index" not in fault] == []


def counted(kept):
    """How many rows of a model there are, and how many of them are copied."""
    rows = kept.model._base_manager.all()
    return len(rows), len(rows.filter(pk__gt=kept.after, pk__lte=kept.until))


# -- databases and figures -----------------------------------------------------------


@pytest.mark.parametrize(
    ("environment", "found"),
    [
        ({}, ""),
        ({"DATABASE_URL": "sqlite:///db.sqlite3"}, ""),
        ({"DATABASE_URL": "postgres://a@host/mine"}, "postgres://a@host/mine"),
        (
            {"DATABASE_URL": "sqlite:///x", "TEST_DATABASE_URL": "postgresql://host/t"},
            "postgresql://host/t",
        ),
    ],
)
def test_postgresql_is_measured_where_a_url_names_a_server(
    monkeypatch, environment, found
):
    for name in ("DATABASE_URL", "TEST_DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    for name, url in environment.items():
        monkeypatch.setenv(name, url)
    assert databases.postgresql_named() == found


def test_copies_of_a_database_are_gone_at_the_end(tmp_path):
    engine = databases.Engine("SQLite", f"sqlite:///{tmp_path}/one.sqlite3")
    engine.path.write_bytes(b"as it is")
    with databases.copies(engine, 2) as made:
        assert [copy.path.read_bytes() for copy in made] == [b"as it is"] * 2
    assert list(tmp_path.iterdir()) == [engine.path]


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0, "0"),
        (0.01234, "0.0123"),
        (1.234, "1.23"),
        (12.34, "12.3"),
        (12345, "12,345"),
    ],
)
def test_figures_have_three_digits_that_matter(value, shown):
    assert measuring.number(value) == shown


def test_the_shortest_run_of_each_counts(monkeypatch):
    monkeypatch.setattr(measuring, "LEAST_ROUNDS", 2)
    monkeypatch.setattr(measuring, "LEAST_SECONDS", 0)
    taken = iter([5, 1, 3, 4])
    monkeypatch.setattr(measuring, "seconds", lambda work: next(taken))
    assert measuring.shortest(print, print) == [3, 1]
