"""An import killed anywhere leaves whole documents, and the next run finishes it."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection
from papers import PARAGRAPHS, write_cable

from ingest.models import ImportedRevision, ImportRun
from positions import search
from positions.models import Addressee, Paragraph, ReceivedBytes, Revision, Source
from positions.readers import Reader

ROOT = Path(__file__).resolve().parents[1]
CABLES = 40
# An import in a process of its own that tells of every document it has put in.
IMPORT = """
import sys
import django
django.setup()
from ingest.pipeline import documents
documents.run(
    sys.argv[1:], "cable", "cables", command="import_cables",
    progress=lambda item: print(item.outcome, flush=True),
)
"""


def database_url():
    """The address of this test's own database, for another process."""
    config = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{config['NAME']}"
    return "postgres://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**config)


def start_import(folder):
    environment = {
        **os.environ,
        "DATABASE_URL": database_url(),
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    return subprocess.Popen(
        [sys.executable, "-c", IMPORT, str(folder)],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )


def kill_after(folder, documents):
    """Kill -9 an import as soon as it has told of so many documents."""
    process = start_import(folder)
    for _ in range(documents):
        assert process.stdout.readline().strip() in ("created", "unchanged")
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert process.returncode == -signal.SIGKILL


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
    curator = Reader(curator=True, clearance=4)
    found = search.search("priority", curator, limit=CABLES + 1)
    assert len(found.paragraphs) == sources
    return sources


@pytest.mark.django_db(transaction=True)
def test_an_import_killed_at_any_place_leaves_whole_documents(tmp_path):
    for n in range(CABLES):
        write_cable(tmp_path, f"08TOKYO{1001 + n}", serial=1001 + n)
    for documents in (1, 8, 20):
        kill_after(tmp_path, documents)
        assert assert_whole() >= documents
    process = start_import(tmp_path)
    told = process.communicate()[0].split()
    assert process.returncode == 0
    assert len(told) == CABLES
    assert assert_whole() == CABLES
    stopped = ImportRun.objects.filter(finished_at=None).count()
    assert (stopped, ImportRun.objects.count()) == (3, 4)


@pytest.mark.django_db(transaction=True)
def test_two_imports_of_one_folder_at_once_bring_each_document_once(tmp_path):
    for n in range(CABLES):
        write_cable(tmp_path, f"08TOKYO{1001 + n}", serial=1001 + n)
    both = [start_import(tmp_path) for _ in range(2)]
    told = [process.communicate()[0].split() for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert set(told[0] + told[1]) <= {"created", "unchanged"}
    assert (told[0] + told[1]).count("created") == CABLES
    assert assert_whole() == CABLES
