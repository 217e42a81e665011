"""Texts read again by a newer parser: nothing cited is lost, nothing typed changes."""

from dataclasses import replace

import pytest
from django.core.management import CommandError, call_command
from factories import make_statement, make_user, paragraph_of
from papers import PARAGRAPHS, write_cable

from ingest import formats
from ingest.formats import FORMATS
from ingest.models import ImportProblem, ImportRun
from ingest.pipeline import reparsing
from ingest.records import ImportFault
from positions.models import ReceivedBytes, Revision, Source, Voice
from positions.models.changes import recording

pytestmark = pytest.mark.django_db


@pytest.fixture
def newer(monkeypatch):
    """The cable parser in a next version, which makes `change` of each document."""

    def make(change=lambda document: document):
        known = FORMATS["cable"]

        def parse(read):
            document = replace(known.parse(read), parser_version="99")
            return change(document)

        made = replace(known, version="99", parse=parse)
        monkeypatch.setattr(formats, "FORMATS", {**FORMATS, "cable": made})

    return make


@pytest.fixture
def source(tmp_path):
    call_command("import_cables", str(write_cable(tmp_path)))
    return Source.objects.get()


def reparse(capsys, **options):
    call_command("reparse", **options)
    return capsys.readouterr().out.strip().splitlines()[-1]


def shorter(document):
    """A version that no longer takes the last paragraph for one."""
    return replace(document, paragraphs=document.paragraphs[:-1])


def test_what_reads_the_same_gets_no_revision(source, newer, capsys):
    newer()
    assert reparsing.stale().count() == 1
    assert "0 changed, 1 unchanged" in reparse(capsys)
    assert Revision.objects.get().parser_version == "99"
    assert reparsing.stale().count() == 0


def test_a_better_reading_is_the_text_from_now_on(source, newer, capsys):
    cited = paragraph_of(source, "1")
    statement = make_statement(paragraph=cited, quote=cited.text[:20])
    lost = paragraph_of(source, str(len(PARAGRAPHS)))
    orphan = make_statement(paragraph=lost, quote=lost.text[:20])
    newer(shorter)
    assert "1 changed" in reparse(capsys)
    first, second = Revision.objects.order_by("number")
    assert (second.reason, second.current, first.current) == ("parser", True, False)
    assert second.sha256 == first.sha256
    assert paragraph_of(source, "1").key == cited.key
    assert statement.citations.get().anchor == "anchored"
    assert orphan.citations.get().anchor == "orphaned"
    assert reparsing.stale().count() == 0


def test_an_import_never_reads_again(source, newer, tmp_path, capsys):
    newer(shorter)
    call_command("import_cables", str(tmp_path))
    assert "1 unchanged" in capsys.readouterr().out
    assert Revision.objects.count() == 1


def test_what_a_person_made_of_the_voices_stays(source, newer, capsys, client):
    paragraph = paragraph_of(source, "1")
    with recording(make_user()) as rec:
        Voice.objects.create(paragraph=paragraph, start=0, end=5, kind="interpreter")
        rec.note(paragraph, "edited")
    newer(shorter)
    reparse(capsys)
    now = paragraph_of(source, "1")
    assert now.pk != paragraph.pk
    assert [v.kind for v in now.voices.all()] == ["interpreter"]


def test_a_transcription_by_hand_stays_as_it_was_typed(source, newer, capsys):
    Revision.objects.update(reason="transcription")
    newer(shorter)
    assert "0 changed, 0 unchanged" in reparse(capsys)


def test_what_cannot_be_read_any_more_stays_and_is_listed(source, newer, capsys):
    def refuse(document):
        raise ImportFault("x", "This is not a cable.")

    newer(refuse)
    with pytest.raises(CommandError, match="This is not a cable. It stays as it is."):
        reparse(capsys)
    assert Revision.objects.get().current
    problem = ImportProblem.objects.get(severity="rejected")
    assert problem.record == source.key


def test_bytes_that_were_dropped_are_said(source, newer):
    ReceivedBytes.objects.all().delete()
    newer(shorter)
    with pytest.raises(CommandError, match="Its bytes were dropped"):
        call_command("reparse")


def test_a_dry_run_changes_nothing(source, newer, capsys):
    newer(shorter)
    assert "1 would change" in reparse(capsys, dry_run=True)
    assert Revision.objects.count() == 1
    assert not ImportRun.objects.filter(command="reparse").exists()


def test_a_collection_may_be_named(source, newer, capsys):
    newer(shorter)
    with pytest.raises(CommandError, match="There is no collection “none”"):
        call_command("reparse", collection="none")
    assert "1 changed" in reparse(capsys, collection="cables")
