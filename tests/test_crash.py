"""An import that dies anywhere leaves whole documents, and the next run finishes it."""

import os
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connection
from papers import PARAGRAPHS, cable, write_cable

from ingest.models import ImportedRevision, ImportRun
from ingest.pipeline import documents, parsing
from positions import search
from positions.models import Addressee, Paragraph, ReceivedBytes, Revision, Source
from positions.readers import Reader

pytestmark = pytest.mark.django_db(transaction=True)

ROOT = Path(__file__).resolve().parents[1]
CABLES, BATCH = 40, 5
# Seconds after which a process that hangs is given up.
PATIENCE = 120
# An import in a process of its own. It tells of each document that it has put in, and
# waits to be told to go on.
IMPORT = """
import sys

def tell(item):
    print(item.outcome, flush=True)
    sys.stdin.readline()

if __name__ == "__main__":
    import django
    django.setup()
    from ingest.pipeline import documents, parsing
    jobs, parsing.BATCH_FILES, *paths = sys.argv[1:]
    parsing.BATCH_FILES = int(parsing.BATCH_FILES)
    report = documents.run(
        paths, "cable", "cables", command="import_cables", progress=tell,
        jobs=int(jobs),
    )
    print(report.stopped or report.summary())
"""


def database_url():
    """The address of this test's own database, for another process."""
    config = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{config['NAME']}"
    return "postgres://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**config)


@pytest.fixture
def script(tmp_path):
    path = tmp_path / "import.py"
    path.write_text(IMPORT)
    return path


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "cables"
    for n in range(CABLES):
        write_cable(folder, f"08TOKYO{1001 + n}", serial=1001 + n)
    return folder


def start_import(script, *paths, jobs=1, batch=BATCH):
    environment = {
        **os.environ,
        "DATABASE_URL": database_url(),
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PYTHONPATH": str(ROOT),
    }
    return subprocess.Popen(
        [sys.executable, script, str(jobs), str(batch), *map(str, paths)],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def go_on(process, documents):
    """Let an import go on until it has told of so many documents."""
    told = []
    for _ in range(documents):
        told.append(process.stdout.readline().strip())
        process.stdin.write("\n")
        process.stdin.flush()
    assert set(told) <= {"created", "unchanged"}


def finish(process):
    """What an import says to its end: its items, its last line, its errors.

    Ends when every process that it started has ended as well: they share its output.
    """
    said, errors = process.communicate("\n" * 2 * CABLES, timeout=PATIENCE)
    *items, last = said.splitlines() or [""]
    return items, last, errors


def assert_whole():
    """Every document that is there is there with everything that belongs to it."""
    sources = Source.objects.count()
    assert Revision.objects.filter(current=True).count() == sources
    assert Revision.objects.count() == sources
    assert ReceivedBytes.objects.count() == sources
    assert ImportedRevision.objects.count() == sources
    assert Addressee.objects.count() == 3 * sources
    numbered = Paragraph.objects.numbered()
    assert numbered.count() == len(PARAGRAPHS) * sources
    assert not search.unindexed(Paragraph).exists()
    assert not search.unindexed(Source).exists()
    curator = Reader(curator=True, clearance=4)
    found = search.search("priority", curator, limit=CABLES + 1)
    assert len(found.paragraphs) == sources
    return sources


def assert_finished(process):
    """The next run brings what is missing, and only that."""
    before = assert_whole()
    items, last, errors = finish(process)
    assert process.returncode == 0, errors
    assert items.count("created") == CABLES - before
    assert items.count("unchanged") == before
    assert last.endswith("0 rejected")
    assert assert_whole() == CABLES


@pytest.mark.parametrize(("jobs", "places"), [(1, (1, 8, 20)), (2, (8,))])
def test_an_import_killed_at_any_place_leaves_whole_documents(
    script, folder, jobs, places
):
    for documents_in in places:
        process = start_import(script, folder, jobs=jobs)
        go_on(process, documents_in)
        process.send_signal(signal.SIGKILL)
        finish(process)
        assert process.returncode == -signal.SIGKILL
        whole = assert_whole()
        assert whole >= documents_in
        assert whole % BATCH == 0
    assert_finished(start_import(script, folder))
    stopped = ImportRun.objects.filter(finished_at=None).count()
    assert (stopped, ImportRun.objects.count()) == (len(places), len(places) + 1)


def test_an_import_killed_while_it_writes_leaves_whole_documents(script, folder):
    process = start_import(script, folder, batch=1)
    go_on(process, 1)
    # It writes the second while this arrives.
    process.send_signal(signal.SIGKILL)
    finish(process)
    assert assert_whole() in (1, 2)
    assert_finished(start_import(script, folder))


def test_two_imports_of_one_folder_at_once_bring_each_document_once(script, folder):
    # The other takes them in the opposite order: the two meet, in every batch.
    backwards = sorted(folder.iterdir(), reverse=True)
    both = [start_import(script, folder), start_import(script, *backwards)]
    told = [finish(process) for process in both]
    assert [process.returncode for process in both] == [0, 0], told
    items = [item for items, _, _ in told for item in items]
    assert set(items) <= {"created", "unchanged"}
    assert items.count("created") == CABLES
    assert assert_whole() == CABLES


def test_ctrl_c_stops_an_import_and_its_processes_with_a_report(script, folder):
    process = start_import(script, folder, jobs=2)
    go_on(process, 7)
    # As a terminal does it: to all processes of the group.
    os.killpg(process.pid, signal.SIGINT)
    items, last, errors = finish(process)
    assert last == "Stopped by hand: what is counted here is in."
    assert "Traceback" not in errors
    assert process.returncode == 0
    run = ImportRun.objects.get()
    assert run.finished_at is not None
    assert run.created == assert_whole() == 7 + len(items) < CABLES
    assert_finished(start_import(script, folder))


def test_a_process_that_parses_may_be_killed(folder, monkeypatch):
    import multiprocessing

    monkeypatch.setattr(parsing, "BATCH_FILES", BATCH)

    def kill(item):
        for child in multiprocessing.active_children():
            os.kill(child.pid, signal.SIGKILL)

    report = run_here(folder, progress=kill, jobs=2)
    assert report.stopped.startswith("Stopped, because a process that parses was ended")
    assert report.created == assert_whole()
    assert 0 < report.created < CABLES
    assert run_here(folder).created == CABLES - report.created
    assert assert_whole() == CABLES


# -- the database fails --------------------------------------------------------------


def run_here(folder, **options):
    return documents.run(
        [folder], "cable", "cables", command="import_cables", **options
    )


@pytest.mark.skipif(connection.vendor == "sqlite", reason="a file has no connection")
def test_an_import_whose_connection_is_lost_is_finished_by_the_next(script, folder):
    here = "SELECT {} FROM pg_stat_activity WHERE datname = current_database()"
    with connection.cursor() as cursor:
        # Threads of other tests may have left connections of their own behind.
        cursor.execute(here.format("pid"))
        others = [pid for (pid,) in cursor.fetchall()]
    process = start_import(script, folder)
    go_on(process, 7)
    with connection.cursor() as cursor:
        wanted = here.format("pg_terminate_backend(pid)") + " AND pid <> ALL(%s)"
        cursor.execute(wanted, (others,))
        assert cursor.fetchall() == [(True,)]
    items, last, _ = finish(process)
    assert last.startswith("Stopped, because the database failed: ")
    assert 7 + len(items) == assert_whole()
    assert_finished(start_import(script, folder))


# About what a cable of 15,000 characters takes of the file of SQLite.
PAGES_A_CABLE = 8


@contextmanager
def a_disk_that_is_full_after(documents_in):
    """The database has no room for the words of the document after so many."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            # Without the room that other tests have left in the file.
            cursor.execute("VACUUM")
            cursor.execute("PRAGMA page_count")
            (pages,) = cursor.fetchone()
            most = pages + PAGES_A_CABLE * documents_in
            cursor.execute(f"PRAGMA max_page_count = {most}")
            yield "database or disk is full"
            cursor.execute("PRAGMA max_page_count = 1073741823")
            return
        cursor.execute(
            "CREATE FUNCTION fill() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            "IF (SELECT count(*) FROM positions_source) > %s THEN "
            "RAISE 'could not extend file: No space left on device' "
            "USING ERRCODE = 'disk_full'; END IF; RETURN NEW; END $$",
            (documents_in,),
        )
        table = "positions_paragraph_words"
        cursor.execute(
            f"CREATE TRIGGER fill BEFORE INSERT ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION fill()"
        )
        try:
            yield "No space left on device"
        finally:
            cursor.execute(f"DROP TRIGGER fill ON {table}")
            cursor.execute("DROP FUNCTION fill")


def test_a_full_disk_stops_an_import_with_what_is_in(folder, monkeypatch):
    long = "Nothing but to fill the pages. " * 500
    for n, path in enumerate(sorted(folder.iterdir())):
        path.write_text(cable((*PARAGRAPHS[:2], long), serial=1001 + n))
    monkeypatch.setattr(parsing, "BATCH_FILES", BATCH)
    with a_disk_that_is_full_after(17) as reason:
        report = run_here(folder)
    assert report.stopped.startswith("Stopped, because the database failed: ")
    assert reason in report.stopped
    whole = assert_whole()
    assert report.created == whole
    assert 0 < whole < CABLES
    assert whole % BATCH == 0
    again = run_here(folder)
    assert (again.created, again.unchanged) == (CABLES - whole, whole)
    assert assert_whole() == CABLES


def test_a_full_disk_stops_documents_that_go_in_one_by_one(folder, monkeypatch):
    run_here(folder)
    before = list(Revision.objects.order_by("pk").values_list("pk", flat=True))
    for n, path in enumerate(sorted(folder.iterdir())):
        path.write_text(cable(PARAGRAPHS[:2] * 90, serial=1001 + n))
    with a_disk_that_is_full_after(20):
        report = run_here(folder)
    assert report.stopped.startswith("Stopped, because the database failed: ")
    assert report.changed == Revision.objects.exclude(pk__in=before).count() < CABLES
    assert Revision.objects.filter(current=True).count() == CABLES
    again = run_here(folder)
    assert (again.changed, again.unchanged) == (CABLES - report.changed, report.changed)
