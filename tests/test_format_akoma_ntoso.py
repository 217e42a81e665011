"""Akoma Ntoso: sittings with their speakers, votes and dates, in three namespaces."""

from dataclasses import replace

import pytest
from guarding import hang_guard
from hypothesis import given
from hypothesis import strategies as st
from trees import BAD, DATA, as_read, check_rules, read_all, read_or_fault, words

from ingest.formats import FORMATS, which, xml
from ingest.formats.debates import akoma_ntoso
from ingest.formats.debates.speakers import Named, is_role, read_name
from ingest.records import Document, ImportFault, Speaker, Voice
from positions.choices import ParagraphRole, SourceKind, VoiceKind

FILE = DATA / "debates" / "akoma_ntoso_3.xml"
BODY, NOTE, HEADING = ParagraphRole.BODY, ParagraphRole.NOTE, ParagraphRole.HEADING
NAMESPACES = [
    "http://docs.oasis-open.org/legaldocml/ns/akn/3.0",
    "http://docs.oasis-open.org/legaldocml/ns/akn/3.0/CSD03",
    "http://www.akomantoso.org/2.0",
]


def read(data):
    document = akoma_ntoso.parse(as_read(data))
    check_rules(document)
    return document


@pytest.fixture(scope="module")
def sitting():
    return read(FILE.read_bytes())


def around(body, *, work="", references="", name="hansard"):
    """A sitting that is written around a body."""
    return (
        f'<akomaNtoso xmlns="{NAMESPACES[2]}"><debate name="{name}"><meta>'
        f"<identification><FRBRWork>{work}</FRBRWork></identification>"
        f"<references>{references}</references></meta>"
        f"<debateBody><debateSection>{body}</debateSection></debateBody>"
        "</debate></akomaNtoso>"
    ).encode()


def codes(document):
    return [problem.code for problem in document.problems]


# -- paragraphs -----------------------------------------------------------------------


def test_each_p_of_a_speech_is_a_paragraph_of_its_speaker(sitting):
    rows = [
        (p.number, p.speaker, p.heading, sitting.text_of(p))
        for p in sitting.paragraphs
        if p.role == BODY
    ]
    of = "Cluster munitions"
    assert rows == [
        ("1", "Mr Alfa", of, "We shall sign the treaty. [Applause.] It is late."),
        ("2", "Mr Alfa", of, "We are not in a position to object."),
        ("3", "Mr. Speaker", of, "Order!"),
        ("4", "Ms Beta", of, "When?"),
        ("5", "Dr Gamma", of, "Soon."),
        ("6", "Mr Zeta", of, "I am somebody else."),
        ("7", "The HOUSE CHAIRPERSON (Mr C Epsilon)", of, "Thank you."),
        ("8", "An HON MEMBER", of, "Hear, hear!"),
        ("9", "Mr Eta", of, "I am in no list."),
        ("10", "", of, "Nobody knows who said this."),
        ("11", "", "DIVISION", "(Carried by 30 to 13)"),
    ]


def test_what_the_reporters_tell_is_nobodys_words(sitting):
    told = [p for p in sitting.paragraphs if p.role == NOTE]
    assert [(p.label, p.speaker, sitting.text_of(p)) for p in told] == [
        ("", "", "[THE SPEAKER IN THE CHAIR]"),
        ("", "", "(Laughter)"),
        ("1", "", "The treaty of 2008."),
        ("2", "", "He corrected this."),
    ]
    (voice,) = next(p.voices for p in sitting.paragraphs if p.number == "1")
    assert voice == Voice(26, 37, VoiceKind.NOTE)
    whole = read(around("<speech><p><remark>[Noise.]</remark></p></speech>"))
    assert words(whole, NOTE) == ["[Noise.]"]
    assert whole.paragraphs[0].voices == ()


@pytest.mark.parametrize(
    ("words", "role", "told"),
    [
        ("I move. [Interjections.] Order!", BODY, ["[Interjections.]"]),
        ("Thank you. [Time expired.] [Applause.]", BODY,
         ["[Time expired.]", "[Applause.]"]),
        ("It passed [Laughter] by [<remark>cheers</remark>] one.", BODY,
         ["[Laughter]", "cheers"]),
        ("The [former] Minister, as the Act [of 1990] says.", BODY, []),
        ("Mahala! [It is free of any charge.] It is.", BODY, []),
        ("[Interjections.]", BODY, ["[Interjections.]"]),
        ("<remark>[Interjections.]</remark>", NOTE, []),
    ],
)  # fmt: skip
def test_what_stands_in_square_brackets_is_the_reporters(words, role, told):
    document = read(around(f"<speech><from>Ms A</from><p>{words}</p></speech>"))
    (paragraph,) = document.paragraphs
    text = document.text_of(paragraph)
    assert paragraph.role == role
    assert [text[v.start : v.end] for v in paragraph.voices] == told


def test_headings_and_the_preface_are_headings(sitting):
    assert words(sitting, HEADING) == [
        "THIRD SITTING",
        "Thursday, 6 May 2010",
        "MOTIONS",
        "Cluster munitions",
        "DIVISION",
    ]
    assert [p.label for p in sitting.paragraphs if p.role == HEADING][2] == "I."


def test_names_above_the_words_are_read_but_no_paragraphs(sitting):
    assert "Mr Alfa:\n\nWe shall sign" in sitting.text
    root = xml.parse(FILE.read_bytes(), "test.xml")
    assert sitting.raw == xml.character_data(xml.first(root, "debate"))


def test_a_footnote_that_is_missing_is_a_warning():
    document = read(around("<p>a<noteRef href='#n' marker='1'/></p>"))
    assert codes(document) == ["note_missing"]


# -- speakers -------------------------------------------------------------------------


def test_speakers_have_person_role_and_printed_name(sitting):
    assert sitting.speakers == (
        Speaker(
            "Mr Alfa",
            person="akn:/akn/ontology/person/rr/alfa",
            role="Minister of Foreign Affairs",
        ),
        Speaker("Mr. Speaker", role="Speaker"),
        Speaker("Ms Beta", person="Beta"),
        Speaker("Dr Gamma", person="Gamma"),
        Speaker("Mr Zeta", person="Delta"),
        Speaker(
            "The HOUSE CHAIRPERSON (Mr C Epsilon)",
            person="C Epsilon",
            role="HOUSE CHAIRPERSON",
        ),
        Speaker("An HON MEMBER", role="HON MEMBER"),
        Speaker("Mr Eta", person="Eta"),
    )


def test_odd_speakers_are_typed_warnings(sitting):
    found = [(p.code, p.place) for p in sitting.problems]
    assert found == [
        ("speaker_differs", "delta"),
        ("role_as_person", "chair"),
        ("role_as_person", "member"),
        ("speaker_unknown", "nobody"),
        ("speaker_unknown", ""),
        ("identifier_shared", "/akn/ontology/person/rr/both"),
        ("date_placeholder", "FRBRdate"),
        ("vote_differs", "n_noes"),
    ]
    messages = [p.message for p in sitting.problems]
    assert "it is C Epsilon" in messages[1]
    assert "nobody knows who" in messages[2]
    assert "“nobody” is in no list" in messages[3]


def test_only_persons_who_speak_are_stated_as_actors(sitting):
    assert [row.values for row in sitting.rows] == [
        {
            "name": "A B Alfa",
            "kind": "person",
            "identifiers": (("akn", "/akn/ontology/person/rr/alfa"),),
            "names": ("Mr A B Alfa",),
        },
        *(
            {"name": name, "kind": "person", "identifiers": (), "names": (shown,)}
            for name, shown in (
                ("Beta", "Ms Beta"),
                ("Gamma", "Dr Gamma"),
                ("Delta", "Mr Delta"),
            )
        ),
    ]
    assert {row.table for row in sitting.rows} == {"actors"}


def test_an_organization_that_speaks_is_the_actor():
    listed = '<TLCOrganization id="gov" href="/o" showAs="Government"/>'
    document = read(around("<speech by='#gov'><p>a</p></speech>", references=listed))
    assert document.speakers == (Speaker("Government", actor="Government"),)


@pytest.mark.parametrize(
    ("printed", "found"),
    [
        ("Mr A Botha", Named("A Botha")),
        ("Mr M M Dikgacwi", Named("M M Dikgacwi")),
        ("Mnr T D LEE", Named("T D LEE")),
        ("The HOUSE CHAIRPERSON (Mr C T Frolick)",
         Named("C T Frolick", "HOUSE CHAIRPERSON")),
        ("Minister for the Interior (Mr Iota)",
         Named("Iota", "Minister for the Interior")),
        ("The MINISTER OF SPORT", Named(role="MINISTER OF SPORT")),
        ("An HON MEMBER", Named(role="HON MEMBER")),
        ("Mr. Speaker", Named(role="Mr. Speaker")),
        ("Madam Deputy Speaker", Named(role="Madam Deputy Speaker")),
        ("Prime Minister", Named(role="Prime Minister")),
        ("Mr Otto Sapt (Blue Elephants)", Named("Otto Sapt")),
        ("Theresa May", Named("Theresa May")),
        ("Minister (the Prime Minister)", Named(role="Minister")),
        ("", Named()),
    ],
)  # fmt: skip
def test_roles_are_told_from_names(printed, found):
    assert read_name(printed) == found
    if "(" not in printed:
        assert is_role(printed) == bool(found.role)


# -- votes ----------------------------------------------------------------------------


def test_votes_stand_in_the_header_and_lead_to_their_paragraph(sitting):
    (vote,) = sitting.header["votes"]
    printed = next(p for p in sitting.paragraphs if p.number == "11")
    assert vote == {
        "kind": "voting",
        "id": "vote_1",
        "outcome": "Approved",
        "about": "sec_2",
        "counts": {"AYES": 30, "NOES": 12},
        "quorum": 20,
        "paragraph": printed.order,
    }
    assert sitting.problems[-1].message == "NOES: 13 is printed, and 12 stated."


# -- what it says of itself -----------------------------------------------------------


def test_a_placeholder_gives_way_to_the_date_of_the_address(sitting):
    assert sitting.dated == "2010-05-06"
    assert sitting.header["published"] == "2010-05-08"


@pytest.mark.parametrize(
    ("date", "uri", "dated", "problems"),
    [
        ("2012-05-11", "/za/debaterecord/2012-05-12", "2012-05-11", []),
        (
            "3000-01-01",
            "/za/debaterecord/2012-05-12/main",
            "2012-05-12",
            ["placeholder"],
        ),
        ("0001-01-01", "/za/2012-05-12", "2012-05-12", ["placeholder"]),
        ("2012-02-30", "/za/2012-05-12", "2012-05-12", ["placeholder"]),
        ("2012-02-30", "/za/2012-05-32", "", ["placeholder", "placeholder"]),
        ("2012-05-11T10:00:00Z", "/za", "2012-05-11", []),
        ("2012", "/za", "2012", []),
        ("", "/za/x", "", []),
    ],
)
def test_the_date_is_the_first_that_can_be_one(date, uri, dated, problems):
    work = f'<FRBRuri value="{uri}"/><FRBRdate date="{date}"/>'
    document = read(around("<p>a</p>", work=work))
    assert document.dated == dated
    assert codes(document) == [f"date_{problem}" for problem in problems]


def test_identifier_title_issuer_and_language_are_the_records_own(sitting):
    assert (sitting.identifier, sitting.canonical_identifier) == (
        "akn-rr-debaterecord-2010-05-06-eng",
        "akn-rr-debaterecord-2010-05-06",
    )
    assert sitting.printed_identifier == "/akn/rr/debaterecord/2010-05-06"
    assert (sitting.title, sitting.issuer, sitting.language) == (
        "THIRD SITTING",
        "Parliament of Ruritania",
        "en",
    )
    assert (sitting.kind, sitting.level) == (SourceKind.DEBATE, None)


def test_the_title_is_the_documents_wherever_the_cover_stands():
    data = around("<speech><from>Ms A</from><p>I move.</p></speech>").replace(
        b"<debateBody>",
        b"<coverPage><p>Official gazette</p></coverPage><preface><p><docTitle>Sitting "
        b"of 4 May</docTitle></p></preface><debateBody>",
    )
    assert read(data).title == "Sitting of 4 May"


def test_a_collection_is_cut_into_its_debates():
    data = around(
        "<speech><from>Ms A</from><p>WORDS</p></speech>", work="WORK"
    ).decode()
    start, end = data.index("<debate "), data.index("</akomaNtoso>")
    parts = [
        data[start:end]
        .replace("WORK", f'<FRBRuri value="/x/{n}"/>')
        .replace("WORDS", n)
        for n in ("1", "2")
    ]
    within = "".join(f"<component>{part}</component>" for part in parts)
    whole = (
        f"{data[:start]}<documentCollection><collectionBody>{within}</collectionBody>"
        f"</documentCollection>{data[end:]}"
    )
    found = read_all("test.xml", "akoma_ntoso", whole.encode())
    assert [(d.identifier, words(d, BODY)) for d in found] == [
        *(("x-1", ["1"]), ("x-2", ["2"])),
    ]


def test_a_debate_without_address_and_date_is_named_by_its_file():
    data = around("<speech><from>Ms A</from><p>I move.</p></speech>")
    document = akoma_ntoso.parse(replace(as_read(data), name="in/2015-02-03-talk.xml"))
    assert document.identifier == "2015-02-03-talk"


def test_a_debate_record_of_version_1_has_its_speakers():
    data = (
        '<akomaNtoso xmlns="http://www.akomantoso.org/1.0"><debateRecord><meta>'
        '<references><TLCPerson id="a" showAs="Ms Alfa"/></references></meta><debate>'
        '<subdivision><speech by="#a"><from>Ms Alfa:</from><p>I move.</p></speech>'
        "</subdivision></debate></debateRecord></akomaNtoso>"
    )
    document = read(data.encode())
    assert [(s.name, s.person) for s in document.speakers] == [("Ms Alfa", "Alfa")]
    assert "speaker_unknown" not in codes(document)


def test_words_beside_the_paragraphs_of_a_section_are_under_its_heading():
    body = "<rollCall><heading>Present</heading><entity>Ms Alfa</entity></rollCall>"
    (paragraph,) = (p for p in read(around(body)).paragraphs if p.role == BODY)
    assert paragraph.heading == "Present"


def test_two_committees_of_one_day_are_two_sittings():
    work = '<FRBRuri value="/za/debaterecord/2012-05-11"/>'
    names = ("COMMITTEE - OLD CHAMBER", "COMMITTEE - NEW CHAMBER")
    documents = [read(around("<p>a</p>", work=work, name=name)) for name in names]
    assert [d.identifier for d in documents] == [
        "za-debaterecord-2012-05-11-committee-old-chamber",
        "za-debaterecord-2012-05-11-committee-new-chamber",
    ]
    assert [d.title for d in documents] == list(names)


@pytest.mark.parametrize("namespace", NAMESPACES)
def test_the_three_namespaces_are_read_alike(sitting, namespace):
    text = FILE.read_text().replace(NAMESPACES[0], namespace)
    if namespace != NAMESPACES[0]:
        # Before version 3.0 an identifier was `id`.
        text = text.replace("eId=", "id=")
    document = read(text.encode())
    assert document.header["namespace"] == namespace
    assert document.paragraphs == sitting.paragraphs
    assert document.speakers == sitting.speakers
    assert document.header["votes"] == sitting.header["votes"]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        *BAD,
        (b"<html/>", "its root is “html”"),
        (b"<akomaNtoso/>", "it holds “empty document”"),
        (b"<akomaNtoso><bill><body/></bill></akomaNtoso>", "it holds “bill”"),
        (b"<akomaNtoso><debate><p> </p></debate></akomaNtoso>", "has no text"),
    ],
)
def test_what_is_no_debate_is_refused_in_a_sentence(data, reason):
    with pytest.raises(ImportFault, match=reason):
        read(data)


def test_a_debate_is_known_by_its_beginning():
    wanted = ("akoma_ntoso", "parlamint")
    head = FILE.read_bytes()[:8192]
    assert which(wanted, "x.xml", head) == "akoma_ntoso"
    assert which(wanted, "x.xml", b"<TEI xmlns='x'>") == "parlamint"
    assert FORMATS["akoma_ntoso"].parser == akoma_ntoso.PARSER


# -- the real debates -----------------------------------------------------------------


def test_the_real_committee_is_read_whole(samples):
    path = samples / "akomantoso" / "EPC110512.xml"
    (document,) = read_all(path, "akoma_ntoso")
    assert (document.dated, document.issuer) == ("2012-05-11", "ZA Parliament")
    assert len(words(document, BODY)) == 357
    assert sum(len(p.voices) for p in document.paragraphs) == 63
    assert len(words(document, HEADING)) == 3
    assert sum(bool(p.speaker) for p in document.paragraphs) == 353
    assert len(document.speakers) == 18
    assert sum(bool(s.person) for s in document.speakers) == 15
    assert len(document.rows) == 13
    assert codes(document) == [*["role_as_person"] * 5, "date_placeholder"]
    root = xml.parse(path.read_bytes(), "test.xml")
    assert document.raw == xml.character_data(xml.first(root, "debate"))


def test_the_real_example_is_read_whole(samples):
    path = samples / "akomantoso" / "ke_Debate_Bungeni_2011-06-10.xml"
    (document,) = read_all(path, "akoma_ntoso")
    assert (document.dated, document.title) == ("2011-06-10", "SECOND MEETING, 2011")
    spoken = [p for p in document.paragraphs if p.speaker]
    assert (len(spoken), len(document.speakers)) == (16, 9)
    assert len(words(document, NOTE)) == 5
    assert [v["counts"] for v in document.header["votes"]] == [
        {"AYES": 72, "NOES": 34},
        {"AYES": 76},
    ]
    assert codes(document) == ["speaker_differs", "identifier_shared", "vote_differs"]


# -- whatever comes -------------------------------------------------------------------


@given(st.data())
def test_a_mutated_debate_is_a_document_or_a_fault(data):
    changed = bytearray(FILE.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(changed) - 1))
        changed[at : at + data.draw(st.integers(0, 9))] = data.draw(
            st.binary(max_size=6)
        )
    (found,) = read_or_fault(bytes(changed), "akoma_ntoso")
    assert isinstance(found, Document | ImportFault)


NAMES = st.sampled_from(
    ["speech", "question", "from", "p", "heading", "num", "scene", "summary", "remark",
     "authorialNote", "noteRef", "debateSection", "narrative", "li", "other",
     "quantity"]
)  # fmt: skip
TREES = st.recursive(
    st.sampled_from(["", " ", "words", "The Speaker:", "(x)", "\n 1 \n", "Mr A ("]),
    lambda inner: st.tuples(
        NAMES,
        st.sampled_from(["", " by='#a'", " by='#b' as='#c'", " href='#n'", " eId='x'"]),
        st.lists(inner, max_size=4),
    ),
    max_leaves=20,
)


def written(tree):
    if isinstance(tree, str):
        return tree
    name, attributes, inner = tree
    return f"<{name}{attributes}>{''.join(map(written, inner))}</{name}>"


@given(st.lists(TREES, max_size=4))
def test_any_section_is_a_document_or_a_fault(trees):
    data = around(
        "".join(map(written, trees)),
        references='<TLCPerson id="a" href="http://[" showAs="Mr A"/>',
    )
    (found,) = read_or_fault(data, "akoma_ntoso")
    if isinstance(found, Document):
        debate = xml.first(xml.parse(data, "test.xml"), "debate")
        assert found.raw == xml.character_data(debate)


@pytest.mark.parametrize(
    "piece",
    ["<p>a</p>", "<speech by='#x'><p>a</p></speech>", "<scene>a</scene>",
     "<debateSection><p>a</p></debateSection>", "a<p eId='x'>b</p>",
     "<num>1</num><p>a</p>",
     "<p>a<remark>b</remark> c</p>", "<p>a<authorialNote>b</authorialNote></p>",
     "<p>a<noteRef href='#n'/></p>"],
)  # fmt: skip
def test_no_shape_of_a_debate_keeps_it_busy_for_ever(piece):
    text = piece * (60_000 // len(piece))
    # A second's work; with a quadratic step in it, minutes.
    with hang_guard():
        read(around(f"<speech by='#y'>{text}</speech>{text}"))
