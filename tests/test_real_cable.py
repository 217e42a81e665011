"""The main job on the real cable: file, desk, review, stance, API and page."""

from datetime import UTC, date, datetime

import pytest
from django.core.management import call_command
from django.urls import reverse

from positions import integrity
from positions.models import (
    Actor,
    CodingHeader,
    HeaderSpeaker,
    Source,
    Stance,
    Statement,
)
from tests.factories import (
    disposition,
    make_actor,
    make_event,
    make_issue,
    make_option,
    make_user,
    paragraph_of,
)

pytestmark = pytest.mark.django_db
ON = "2008-05-02"
HEADINGS = [
    "",
    "US: Criminalizing CM Will Affect PKO, Embarrass G-8",
    "Japan Position Unchanged - Prefer CCW, Settle for Oslo",
    "The Need for a Stronger Public Campaign",
    "United States Will Raise Prominence of Issue",
    "Japan May Decide Between Two Documents",
]
ADDRESSEES = """
    action      RUEHC   IMMEDIATE 3946 SECSTATE WASHDC
    information RUEHXP  PRIORITY  -    ALL NATO POST COLLECTIVE
    information RUEHBJ  PRIORITY  3131 AMEMBASSY BEIJING
    information RUEHDL  PRIORITY  0134 AMEMBASSY DUBLIN
    information RUEHMO  PRIORITY  2268 AMEMBASSY MOSCOW
    information RUEHNY  PRIORITY  1186 AMEMBASSY OSLO
    information RUEHUL  PRIORITY  9148 AMEMBASSY SEOUL
    information RUEHFK  PRIORITY  7592 AMCONSUL FUKUOKA
    information RUEHNH  PRIORITY  9976 AMCONSUL NAHA
    information RUEHOK  PRIORITY  1271 AMCONSUL OSAKA KOBE
    information RUEHKS  PRIORITY  8187 AMCONSUL SAPPORO
    information RUEHGV  -         3307 USMISSION GENEVA
    information RUEKJCS -         -    JOINT STAFF WASHINGTON DC
    information RHMFISS -         -    USFJ
    information RUEHNO  -         1241 USMISSION USNATO
    information RUEKJCS -         -    SECDEF WASHDC
    information RHEHAAA -         -    NSC WASHDC
    information RHHMUNA -         -    HQ USPACOM HONOLULU HI
    information RHMFISS -         -    COMUSKOREA SEOUL KOR
    information RUCNDT  -         9642 USMISSION USUN NEW YORK
    information RUEAIIA -         -    CIA WASHDC
"""

# (paragraph, words, option, disposition); of one sentence each.
CODED = [
    (
        3,
        "Tokyo's first priority is to reach a binding international agreement on CM"
        " within the CCW",
        "CCW",
        "prefer",
    ),
    (
        3,
        "domestic political realities are forcing Japan to participate in the Oslo"
        " Process",
        "Oslo Process",
        "engage",
    ),
    (
        4,
        "Japan is pushing for changes in the wording of Articles 1(b) and 1(c)",
        ("Art. 1(b)", "Art. 1(c)"),
        "reserve",
    ),
]


@pytest.fixture
def cable(samples):
    """The source, imported by the command that operators run."""
    call_command("import_cables", str(samples / "08TOKYO1212.txt"), verbosity=0)
    return Source.objects.get(identifier="08TOKYO1212")


@pytest.fixture
def curator(client):
    user = make_user("Reviewer")
    client.force_login(user)
    return user


@pytest.fixture
def issue():
    issue = make_issue("Cluster munitions")
    for name in ("CCW", "Oslo Process"):
        make_option(name, issue=issue)
    for name in ("Art. 1(b)", "Art. 1(c)"):
        make_option(name, issue=issue, kind="provision", headline=False)
    return issue


def test_the_cable_is_read_paragraph_by_paragraph(cable):
    rows = list(cable.current.paragraphs.numbered())
    assert [p.number for p in rows] == list("12345678")
    assert [p.label for p in rows] == [
        *("1.", "2.", "13.", "14.", "15."),
        *("¶16.", "¶17.", "¶18."),
    ]
    assert [p.mark for p in rows] == list("SSSSSSUU")
    assert [p.access_level for p in rows] == [3] * 6 + [0] * 2
    assert [p.heading for p in rows][:6] == HEADINGS
    assert rows[0].role == "summary"
    assert all(cable.current.text[p.start : p.end] == p.text for p in rows)
    assert rows[2].long_citation == (
        '08TOKYO1212, para 3 (S) [printed "13." in this copy]'
    )
    (voice,) = rows[2].voices.all()
    assert voice.kind == "comment"
    spoken = rows[2].text[voice.start : voice.end]
    assert spoken.startswith("(Comment: PM Fukuda's ruling LDP")
    assert spoken.endswith("controls the Diet's Upper House.)")
    assert list(integrity.faults()) == []


def test_the_header_is_read_field_by_field(cable):
    header = cable.current.header
    assert cable.key == "cables/08TOKYO1212"
    assert (cable.dated, cable.dated_at) == (
        ON,
        datetime(2008, 5, 2, 7, 2, tzinfo=UTC),
    )
    assert (cable.issuer_text, cable.visibility, cable.level) == (
        "AMEMBASSY TOKYO",
        "private",
        3,
    )
    assert cable.issuer.name == "Embassy of the United States in Tokyo"
    assert cable.title == (
        "CLUSTER MUNITIONS: JAPAN STILL WORKING CCW AND OSLO PROCESS"
    )
    found = [
        (a.role, a.routing, a.precedence or "-", a.continuity or "-", a.name)
        for a in cable.current.addressees.all()
    ]
    wanted = [tuple(line.split(None, 4)) for line in ADDRESSEES.split("\n") if line]
    assert found == [w for w in wanted if w]
    assert [tag["code"] for tag in header["tags"]] == [
        "PREL",
        "MOPS",
        "PARM",
        "JA",
        "NATO",
    ]
    assert header["order"] == {
        "order": "12958",
        "raw": "12958: DECL: 05/02/2023",
        "kind": "date",
        "date": "2023-05-02",
    }
    assert header["classifier"]["name"] == "Joseph Donovan"
    assert header["classifier"]["reasons"] == ["b", "d"]
    assert header["signer"] == "DONOVAN"
    assert (header["sections"]["number"], header["sections"]["of"]) == (1, 3)


def test_actors_come_only_from_the_table_of_posts(cable):
    kinds = set(Actor.objects.values_list("kind", flat=True))
    assert kinds <= {"state", "body"}
    assert not Actor.objects.filter(name__icontains="collective").exists()
    assert not Actor.objects.filter(name__icontains="Donovan").exists()


def code_at(client, source, issue, number, words, options, code, **more):
    """Post the coding form as the page does."""
    paragraph = paragraph_of(source, number)
    names = (options,) if isinstance(options, str) else options
    address = reverse("admin:positions_source_code", args=(source.pk, paragraph.key))
    return client.post(
        address,
        {
            "issue": issue.key,
            "words": words,
            "options": [issue.options.get(short_name=n).pk for n in names],
            "disposition": disposition(code).pk,
            "save": "1",
            **more,
        },
    )


def act(client, record, name, **data):
    kind = record._meta.model_name
    address = reverse(f"admin:positions_{kind}_act", args=(record.pk, name))
    return client.post(address, data, follow=True)


def test_from_the_file_to_the_published_phrase(
    cable, curator, issue, client, settings, django_user_model
):
    japan = Actor.objects.filter(key="japan").first() or make_actor("Japan")
    meeting = make_event("Meeting in Tokyo", dated="2008-04-23")
    header = CodingHeader.objects.create(
        source=cable, event=meeting, said_on="2008-04-23", publicity="confidential"
    )
    shimbo = HeaderSpeaker.objects.create(
        header=header,
        name="DDG Shimbo",
        role="Deputy Director-General, Ministry of Foreign Affairs",
        rank=3,
        actor=japan,
        on_authority="Prime Minister Yasuo Fukuda",
    )

    # Read it in the admin, and code what paragraphs 3 and 4 say.
    desk = reverse("admin:positions_source_read", args=(cable.pk,))
    assert "Settle for Oslo" in client.get(desk).content.decode()
    for row in CODED:
        answer = code_at(client, cable, issue, *row, speaker_choice=shimbo.pk)
        assert answer.status_code == 302
    refused = code_at(
        client, cable, issue, 3, "words that nobody said", "CCW", "oppose"
    )
    assert "does not stand in 08TOKYO1212, para 3 (S)" in refused.content.decode()
    comment = "PM Fukuda's hold on the Japanese Government is being challenged"
    own = {"speaker_choice": shimbo.pk, "standing": "own"}
    refused = code_at(client, cable, issue, 3, comment, "CCW", "oppose", **own)
    assert "their standing is reporter, not own" in refused.content.decode()

    statements = list(Statement.objects.order_by("pk"))
    assert len(statements) == 4
    assert statements[2].utterance == statements[3].utterance != ""
    first = statements[0]
    assert (first.main.paragraph.citation, first.speaker_text, first.said_on) == (
        "08TOKYO1212, para 3 (S)",
        "DDG Shimbo",
        "2008-04-23",
    )
    assert first.reporter == cable.issuer

    # A draft is nobody's business but the curator's.
    client.logout()
    assert client.get(f"/api/v1/statements/{first.key}/").status_code == 404
    assert client.get(f"/statements/{first.key}/").status_code == 404
    client.force_login(curator)

    for statement in statements:
        act(client, statement, "submit")
        act(client, statement, "accept")
    assert set(Statement.objects.values_list("state", flat=True)) == {"accepted"}

    # Derive, publish.
    derive = reverse("admin:positions_stance_derive")
    where = {"actor": japan.pk, "issue": issue.pk}
    assert "prefers" in client.get(derive, where).content.decode()
    client.post(f"{derive}?actor={japan.pk}&issue={issue.pk}", where)
    assert Stance.objects.count() == 4
    for stance in Stance.objects.all():
        act(client, stance, "submit")
        act(client, stance, "publish")
    assert set(Stance.objects.values_list("state", flat=True)) == {"published"}
    assert list(integrity.faults()) == []

    # What a reader gets, without and with the clearance for (S).
    client.logout()
    asked = {"issue": issue.key, "as_of": ON}
    for layer in ("asserted", "derived"):
        (row,) = client.get("/api/v1/positions/", {**asked, "layer": layer}).json()[
            "results"
        ]
        assert row["actor"]["key"] == japan.key
        assert row["short_phrase"] == "prefer CCW, engaged in Oslo Process"
        assert row["long_phrase"] == (
            "prefer CCW, engaged in Oslo Process; seek changes to Art. 1(b), Art. 1(c)"
        )
    quote = CODED[0][1]
    shown = timeline_text(client, issue)
    assert "08TOKYO1212, para 3 (S)" in shown
    assert quote not in shown
    settings.READER_CLEARANCE = 3
    assert quote in timeline_text(client, issue)

    page = client.get(f"/issues/{issue.key}/", {"on": ON}).content.decode()
    assert "prefer CCW, engaged in Oslo Process" in page
    page = client.get(f"/actors/{japan.key}/", {"issue": issue.key}).content.decode()
    assert "08TOKYO1212, para 3 (S)" in page

    # The document itself is private until a curator opens it.
    assert client.get("/sources/cables/08TOKYO1212/").status_code == 404
    cable.visibility = "public"
    cable.save()
    page = client.get("/sources/cables/08TOKYO1212/").content.decode()
    assert "pragmatic when it comes to the domestic political realities" in page
    settings.READER_CLEARANCE = 0
    page = client.get("/sources/cables/08TOKYO1212/").content.decode()
    assert "pragmatic" not in page
    assert "accompanied DAS Ganyard" in page  # paragraph 7 is (U)


def timeline_text(client, issue):
    answer = client.get("/api/v1/timelines/", {"issue": issue.key})
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_same_cable_again_changes_nothing(cable, samples, capsys):
    before = cable.current.pk, Source.objects.count()
    call_command("import_cables", str(samples / "08TOKYO1212.txt"))
    assert "0 created, 0 changed, 1 unchanged, 0 rejected" in capsys.readouterr().out
    assert before == (cable.current.pk, Source.objects.count())
    assert date.fromisoformat(cable.dated) == cable.dated_earliest
