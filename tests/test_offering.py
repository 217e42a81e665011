"""From a text to the queue: by command, by import, from the reading page."""

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from factories import (
    make_actor,
    make_collection,
    make_issue,
    make_option,
    make_source,
    make_user,
)

from ingest.offering import Offering
from positions.models import (
    CodingHeader,
    HeaderSpeaker,
    Membership,
    Statement,
    Suggestion,
)

pytestmark = pytest.mark.django_db

TEXT = (
    "During a meeting on April 21, Ministry of Foreign Affairs official Tanaka said "
    "that Japan prefers the CCW.",
    "The weather in the capital was fine.",
)


@pytest.fixture
def register():
    japan = make_actor("Japan")
    mofa = make_actor(
        "Ministry of Foreign Affairs of Japan", kind="body", key="japan-mofa"
    )
    Membership.objects.create(member=mofa, group=japan, role="foreign ministry")
    issue = make_issue("Cluster munitions")
    make_option("CCW", issue=issue, kind="track")
    make_option("Oslo Process", issue=issue, kind="track")
    return japan


@pytest.fixture
def source(register):
    return make_source(
        TEXT,
        identifier="DOC-1",
        collection=make_collection("papers"),
        dated="2008-04-23",
        kind="cable",
    )


def test_the_engine_is_given_what_the_database_knows(source):
    known = Offering().known
    mofa = known.actor("japan-mofa")
    assert (mofa.of, mofa.role) == ("japan", "foreign ministry")
    assert known.option("ccw").short_name == "CCW"


def test_speakers_of_the_coding_header_are_known(register):
    text = "DDG Virtanen said that Finland supports the Oslo Process."
    source = make_source((text,), dated="2008-04-23")
    finland = make_actor("Finland")
    header = CodingHeader.objects.create(source=source)
    HeaderSpeaker.objects.create(header=header, name="DDG Virtanen", actor=finland)
    Offering().suggest(source)
    row = Suggestion.objects.get()
    assert (row.actor, row.speaker_text) == (finland, "DDG Virtanen")


def test_a_text_is_read_for_statements_and_none_is_made(source):
    filed = Offering().suggest(source)
    assert (filed.made, filed.known) == (1, 0)
    row = Suggestion.objects.get()
    assert (row.actor.key, row.option.key) == ("japan", "ccw")
    assert row.disposition.code == "prefer"
    assert row.said_on == "2008-04-21"
    assert row.quote in row.paragraph.text
    assert not Statement.objects.exists()
    assert Offering().suggest(source).made == 0


def test_the_command_takes_all_one_collection_or_some(source, capsys):
    call_command("suggest", collection="papers")
    assert capsys.readouterr().out == "1 suggested, 0 known already\n"
    call_command("suggest", "papers/DOC-1")
    assert capsys.readouterr().out == "0 suggested, 1 known already\n"
    with pytest.raises(CommandError, match="There is no source “papers/DOC-9”"):
        call_command("suggest", "papers/DOC-9")
    with pytest.raises(CommandError, match="There is no collection “none”"):
        call_command("suggest", collection="none")


def test_an_import_suggests_from_what_it_brings(register, tmp_path, capsys):
    (tmp_path / "note.txt").write_text("\n\n".join(TEXT))
    call_command("import_documents", str(tmp_path), suggest=True, dry_run=True)
    assert "suggested" not in capsys.readouterr().out
    call_command("import_documents", str(tmp_path), suggest=True)
    assert "1 suggested, 0 known already" in capsys.readouterr().out
    call_command("import_documents", str(tmp_path), suggest=True)
    assert "0 suggested, 0 known already" in capsys.readouterr().out


def test_a_coder_asks_for_suggestions_on_the_reading_page(client, source):
    client.force_login(make_user("Coder"))
    page = client.get(reverse("admin:positions_source_read", args=(source.pk,)))
    address = reverse("admin:ingest_suggest", args=(source.pk,))
    assert address in page.text
    shown = client.post(address, follow=True)
    assert "1 suggested, 0 known already. They wait for a decision." in shown.text
    waiting = [str(entry["row"]) for entry in shown.context["entries"]]
    assert waiting == ["Japan: prefer CCW"]
    again = client.post(address, follow=True)
    assert "Nothing new is suggested" in again.text
    assert client.get(address).status_code == 405


def test_sources_of_the_list_are_read_together(client, source):
    client.force_login(make_user("Coder"))
    data = {"action": "suggest_selected", "_selected_action": [source.pk]}
    address = reverse("admin:positions_source_changelist")
    page = client.post(address, data, follow=True)
    assert "1 suggested" in page.text


def test_who_may_not_suggest_is_not_asked(client, source):
    client.force_login(make_user("Reader", is_staff=True))
    address = reverse("admin:ingest_suggest", args=(source.pk,))
    assert client.post(address).status_code == 403
    assert not Suggestion.objects.exists()
