"""Whatever bytes a file holds: what is read of it can be stored, or is a sentence.

Samples are damaged at random, always in the same ways; a failure names the format and
the number of the mutation, so that `mutated` makes the same bytes again.
"""

import io
import itertools
import pickle
import traceback
from dataclasses import asdict

import pytest

from ingest.formats import FORMATS
from ingest.pipeline.table_files import TableFiles
from ingest.reading import Read, decode
from ingest.records import (
    Document,
    ImportFault,
    Tables,
    pack_patches,
    rebuild,
    unpack_patches,
)
from tests.fuzz_samples import SAMPLES
from tests.fuzzing import mutated
from tests.guarding import hang_guard

# Files of tables, which are asked for one table after the other.
TABLES, WANTED = ("csv", "popolo", "xlsx"), ("actors", "memberships")
KINDS = (*FORMATS, *TABLES)
MUTATIONS, PARTS = 10_000, 4
EACH = -(-MUTATIONS // (len(KINDS) * PARTS))
# What is read character by character, so that the raw text is the decoded file.
PLAIN = ("cable", "plain")
# So many documents of one file are looked at.
MOST_READS = 20


def test_every_format_has_samples_that_it_reads():
    assert set(SAMPLES) == set(KINDS)


@pytest.mark.parametrize("name", FORMATS)
def test_a_sample_is_read_without_a_fault(name):
    for file, data in SAMPLES[name]:
        assert FORMATS[name].fits(file, data[:8192])
        found = list(outcomes(name, file, data))
        assert found
        for received, outcome in found:
            assert isinstance(outcome, Document | Tables), outcome
            check(name, received, outcome)


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("name", FORMATS)
def test_damaged_files_give_documents_or_one_sentence(name, part):
    parts = parts_of(name)

    def look_at(number):
        # What a format cuts files into is stored, and read again later.
        whole = not parts or number % 3
        file, data = mutated(name, number, SAMPLES[name] if whole else parts, ALL)
        found = outcomes(name, file, data) if whole else [read(name, file, data)]
        for received, outcome in found:
            check(name, received, outcome)

    assert not failures(look_at, part)


@pytest.mark.parametrize("name", TABLES)
def test_a_table_is_read_without_a_fault(name, tmp_path):
    for file, data in SAMPLES[name]:
        found = tables_in(tmp_path / file, data)
        assert not found.pop("faults")
        assert any(found.values())


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("name", TABLES)
def test_damaged_tables_give_rows_or_one_sentence(name, part, tmp_path):
    def look_at(number):
        file, data = mutated(name, number, SAMPLES[name], ALL)
        found = tables_in(tmp_path / file, data)
        for reason in found.pop("faults"):
            check_sentence(reason)
        check_stored(found)

    assert not failures(look_at, part)


def test_the_same_damage_is_read_the_same():
    for name in FORMATS:
        for number in range(20):
            file, data = mutated(name, number, SAMPLES[name])
            first, second = (list(outcomes(name, file, data)) for _ in range(2))
            assert [shown(one) for one in first] == [shown(one) for one in second]


def shown(found):
    """What two readings are compared by; documents travel between processes too."""
    received, outcome = found
    if isinstance(outcome, ImportFault):
        return received, str(outcome)
    assert pickle.loads(pickle.dumps(outcome)) == outcome
    return received, outcome.digest if isinstance(outcome, Document) else outcome


# -- what is read ----------------------------------------------------------------------

ALL = [data for samples in SAMPLES.values() for _, data in samples]


def failures(look_at, part):
    """Each kind of failure among the mutations of a part, with one that has it."""
    found = {}
    with hang_guard():
        for number in range(part * EACH, (part + 1) * EACH):
            try:
                look_at(number)
            except Exception as error:
                where = traceback.extract_tb(error.__traceback__)[-1]
                told = f"{type(error).__name__} in {where.filename}:{where.lineno}"
                found.setdefault(told, f"mutation {number}: {error!s:.300}")
    return found


def tables_in(path, data):
    """The rows of each table wanted, as the importer reads them, and all faults."""
    path.write_bytes(data)
    files = TableFiles([str(path)], WANTED)
    found = {table: [] for table in (*WANTED, "faults")}
    for table in WANTED:
        for rows in files.rows(table):
            if isinstance(rows, ImportFault):
                found["faults"].append(rows.reason)
            else:
                found[table] += map(asdict, rows)
    found["faults"] += [fault.reason for fault in files.missing()]
    found["faults"] += [problem.message for _, problem in files.warnings]
    return found


def outcomes(name, file, data):
    """(what was cut off, what its parser made of it) as the importer does it."""
    assert FORMATS[name].fits(file, data[:8192]) in (True, False)
    with io.BufferedReader(io.BytesIO(data)) as opened:
        for cut in itertools.islice(FORMATS[name].split(file, opened), MOST_READS):
            if isinstance(cut, ImportFault):
                yield None, cut
            else:
                yield parsed(name, cut)


def read(name, file, data):
    return parsed(name, Read(file, data, format=name))


def parsed(name, received):
    try:
        return received, FORMATS[name].parse(received)
    except ImportFault as fault:
        return received, fault


def parts_of(name):
    """What the samples are cut into, where that is something else than the files."""
    return [
        (received.name, received.data)
        for file, data in SAMPLES[name]
        for received, _ in outcomes(name, file, data)
        if received and received.data != data
    ]


# -- what may come of it ---------------------------------------------------------------


def check(name, received, outcome):
    if isinstance(outcome, ImportFault):
        check_sentence(outcome.reason)
        return
    for problem in outcome.problems:
        check_sentence(problem.message)
    check_stored([asdict(row) for row in outcome.rows])
    if isinstance(outcome, Document):
        check_document(outcome)
        if name in PLAIN:
            assert outcome.raw == decode(received.data, received.name).text
    else:
        assert isinstance(outcome, Tables)


def check_sentence(reason):
    assert reason.strip() == reason != ""
    assert "\n" not in reason
    assert reason.endswith((".", "”")), reason


def check_document(document):
    """The patches lead back, the slices hold, and the database takes the words."""
    text, at = document.text, 0
    for patch in document.patches:
        assert at <= patch.start <= patch.end <= len(text)
        at = patch.end
    assert rebuild(text, document.patches) == document.raw
    assert unpack_patches(pack_patches(document.patches)) == document.patches
    assert document.parser
    assert document.parser_version
    assert document.paragraphs
    for order, paragraph in enumerate(document.paragraphs, start=1):
        assert paragraph.order == order
        check_paragraph(paragraph, text)
    check_rows(document)
    told = asdict(document)
    # What is stored as JSON is cleaned on its way there.
    del told["patches"], told["problems"], told["header"]
    for paragraph in told["paragraphs"]:
        del paragraph["skips"]
    check_stored(told)


def check_paragraph(paragraph, text):
    assert 0 <= paragraph.start < paragraph.end <= len(text)
    length = paragraph.end - paragraph.start
    assert text[paragraph.start : paragraph.end].strip()
    for voice in paragraph.voices:
        assert 0 <= voice.start < voice.end <= length
    assert all(0 <= skip.at <= length for skip in paragraph.skips)


def check_rows(document):
    """A row's own words lie inside the paragraph that it names."""
    lengths = {p.order: p.end - p.start for p in document.paragraphs}
    for row in document.rows:
        order = row.values.get("order")
        if order not in (None, ""):
            start, end = row.values.get("start"), row.values.get("end")
            assert int(order) in lengths
            if start not in (None, "") and end not in (None, ""):
                assert 0 <= int(start) < int(end) <= lengths[int(order)]


def check_stored(value):
    """No database takes a NUL or half a character."""
    if isinstance(value, str):
        assert "\0" not in value
        assert not any("\ud800" <= c <= "\udfff" for c in value)
    elif isinstance(value, dict):
        for key, item in value.items():
            check_stored(key)
            check_stored(item)
    elif isinstance(value, list | tuple):
        for item in value:
            check_stored(item)
