"""An import that is stopped, by hand or by the database, says what is in."""

import signal
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import OperationalError
from papers import PARAGRAPHS, cable, import_cables, write_cables

from ingest.models import ImportRun
from ingest.pipeline import documents, parsing
from ingest.pipeline.documents import parse
from ingest.pipeline.stopping import heeding
from ingest.reading import Read
from ingest.records import Document, ImportFault
from positions.models import Revision, Source

pytestmark = pytest.mark.django_db


def test_a_database_that_fails_ends_the_run_with_what_is_in(tmp_path, monkeypatch):
    write_cables(tmp_path, 3)
    monkeypatch.setattr(parsing, "BATCH_FILES", 1)
    real = documents.loading.load_new

    def failing(session, copies):
        if "1002" in copies[0].file:
            raise OperationalError("disk full")
        return real(session, copies)

    monkeypatch.setattr(documents.loading, "load_new", failing)
    report = import_cables(tmp_path)
    assert report.stopped == "Stopped, because the database failed: disk full."
    assert ImportRun.objects.get().created == 1
    monkeypatch.undo()
    again = import_cables(tmp_path)
    assert (again.created, again.unchanged) == (2, 1)


def test_a_database_that_fails_in_a_batch_leaves_what_is_in_counted(
    tmp_path, monkeypatch
):
    write_cables(tmp_path, 3)
    changed = tmp_path / "08TOKYO1001.txt"
    import_cables(changed)
    changed.write_text(cable(PARAGRAPHS[:2]))

    def failing(session, copy):
        raise OperationalError("disk full")

    monkeypatch.setattr(documents.loading, "load", failing)
    report = import_cables(tmp_path)
    assert report.stopped == "Stopped, because the database failed: disk full."
    assert (report.created, report.changed) == (2, 0)
    assert Source.objects.count() == 3
    monkeypatch.undo()
    again = import_cables(tmp_path)
    assert (again.changed, again.unchanged) == (1, 2)


def test_stopped_by_hand_it_reports_what_is_in(tmp_path, monkeypatch):
    write_cables(tmp_path, 6)
    monkeypatch.setattr(parsing, "BATCH_FILES", 3)

    def stop(item):
        if "1002" in item.file:
            signal.raise_signal(signal.SIGINT)

    report = import_cables(tmp_path, progress=stop)
    assert report.stopped.startswith("Stopped by hand")
    assert report.created == Source.objects.count() == 3
    assert ImportRun.objects.get().created == 3
    assert import_cables(tmp_path).created == 3


def test_stopped_by_hand_it_leaves_the_rest_of_a_batch_alone(tmp_path):
    write_cables(tmp_path, 3)
    import_cables(tmp_path)
    for n in (1001, 1002, 1003):
        (tmp_path / f"08TOKYO{n}.txt").write_text(cable(PARAGRAPHS[:2], serial=n))

    def stop(item):
        signal.raise_signal(signal.SIGINT)

    before = signal.getsignal(signal.SIGINT)
    report = import_cables(tmp_path, progress=stop)
    assert report.stopped.startswith("Stopped by hand")
    assert (report.changed, Revision.objects.count()) == (1, 4)
    # As it was, whatever that is: a shell ignores Ctrl-C for what runs behind it.
    assert signal.getsignal(signal.SIGINT) is before


def test_stopped_while_it_tells_of_what_is_in_it_counts_the_rest(tmp_path):
    write_cables(tmp_path, 3)

    def stop(item):
        raise KeyboardInterrupt

    report = import_cables(tmp_path, progress=stop)
    assert report.created == Source.objects.count() == 3


def test_pressed_twice_it_stops_at_once():
    heard = []

    def press_thrice():
        with heeding() as stop:
            for _ in range(3):
                signal.raise_signal(signal.SIGINT)
                heard.append(stop.asked)

    with pytest.raises(KeyboardInterrupt):
        press_thrice()
    assert heard == [True]


# -- in other processes ------------------------------------------------------------


def test_parsing_is_pure_and_any_executor_may_do_it(tmp_path):
    write_cables(tmp_path, 10)
    (tmp_path / "08TOKYO1005.txt").write_text("")
    with ThreadPoolExecutor(2) as executor:
        report = import_cables(tmp_path, executor=executor)
    assert (report.created, report.rejected) == (9, 1)


def test_processes_parse_what_this_one_loads(tmp_path):
    write_cables(tmp_path, 30)
    (tmp_path / "08TOKYO1005.txt").write_text("")
    report = import_cables(tmp_path, jobs=2)
    assert (report.created, report.rejected) == (29, 1)
    assert import_cables(tmp_path, jobs=2).unchanged == 29


def test_a_parsed_file_and_a_fault_travel_between_processes():
    import pickle

    function = pickle.loads(pickle.dumps(parse))
    found = function(Read("08TOKYO1001.txt", cable().encode(), format="cable"))
    assert isinstance(pickle.loads(pickle.dumps(found)), Document)
    fault = pickle.loads(pickle.dumps(function(Read("empty.txt", b"", format="cable"))))
    assert isinstance(fault, ImportFault)
    assert str(fault) == "empty.txt: The file is empty."
