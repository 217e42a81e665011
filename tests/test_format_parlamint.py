"""ParlaMint: sittings in TEI, and the corpus' lists of persons and organizations."""

from datetime import date

import pytest
from guarding import hang_guard
from hypothesis import given
from hypothesis import strategies as st
from trees import (
    BAD,
    DATA,
    as_read,
    check_rules,
    cut,
    read_all,
    read_or_fault,
    words,
)

from ingest.formats import xml
from ingest.formats.debates import parlamint
from ingest.formats.debates.parlamint_lists import scheme_of
from ingest.records import Document, ImportFault, Speaker, Tables, Voice
from positions.choices import ParagraphRole, SourceKind, VoiceKind

FOLDER = DATA / "debates"
SITTING = FOLDER / "ParlaMint-RR_2016-01-19-lower.xml"
ROOT = FOLDER / "ParlaMint-RR.xml"
BODY, NOTE, HEADING = ParagraphRole.BODY, ParagraphRole.NOTE, ParagraphRole.HEADING


def read(data):
    found = parlamint.parse(as_read(data))
    if isinstance(found, Document):
        check_rules(found)
    return found


@pytest.fixture(scope="module")
def sitting():
    return read(SITTING.read_bytes())


@pytest.fixture(scope="module")
def lists():
    return read(ROOT.read_bytes())


def around(body, *, header="", identifier="ParlaMint-RR_2016-01-19"):
    """A sitting that is written around a body."""
    return (
        f'<TEI xmlns="{xml.TEI}" xml:id="{identifier}"><teiHeader>{header}</teiHeader>'
        f"<text><body><div>{body}</div></body></text></TEI>"
    ).encode()


# -- sittings -------------------------------------------------------------------------


def test_each_seg_is_a_paragraph_of_its_speaker(sitting):
    rows = [
        (p.number, p.speaker, p.heading, p.page, sitting.text_of(p))
        for p in sitting.paragraphs
        if p.role == BODY
    ]
    of = "Cluster munitions"
    assert rows == [
        ("1", "The Chair", of, None, "The floor is Ms Mauban's."),
        (
            *("2", "AntoinetteMauban", of, None),
            "We prefer (interruption) the other talks.",
        ),
        ("3", "AntoinetteMauban", of, 12, "That is all."),
        ("40", "A visitor", of, 12, "May I speak?"),
        ("41", "", of, 12, "No one, never"),
    ]


def test_speakers_are_known_by_the_corpus_and_their_part(sitting):
    assert sitting.speakers == (
        Speaker("The Chair", person="parlamint-rr:ChairPerson", role="chair"),
        Speaker(
            "AntoinetteMauban",
            person="parlamint-rr:AntoinetteMauban",
            role="regular",
        ),
        Speaker("A visitor", role="guest"),
    )
    assert [(p.code, p.place[-3:]) for p in sitting.problems] == [
        ("speaker_unknown", ".u9"),
        ("speaker_unknown", "u10"),
    ]
    assert "“A visitor” is not in the corpus' list" in sitting.problems[0].message
    assert "nobody is named" in sitting.problems[1].message


def test_what_the_reporters_put_between_are_notes(sitting):
    told = [p for p in sitting.paragraphs if p.role == NOTE]
    assert [(p.label, p.number, p.speaker, sitting.text_of(p)) for p in told] == [
        ("", "", "", "The sitting is opened."),
        ("", "", "", "(Applause)"),
        ("gap", "", "", "SAMPLING"),
    ]
    (voice,) = next(p.voices for p in sitting.paragraphs if p.number == "2")
    assert voice == Voice(10, 24, VoiceKind.NOTE)
    assert sitting.header["notes"] == ["applause", "editorial", "interruption"] + [
        "narrative",
        "speaker",
    ]


def test_headings_are_headings(sitting):
    assert words(sitting, HEADING) == ["Cluster munitions"]


def test_the_raw_text_is_the_character_data_of_the_text(sitting):
    root = xml.parse(SITTING.read_bytes(), "test.xml")
    assert sitting.raw == xml.character_data(xml.child(root, "text"))
    assert "The Chair:\n\nThe floor" in sitting.text


def test_what_it_says_of_itself(sitting):
    assert sitting.identifier == "ParlaMint-RR_2016-01-19-lower"
    assert (sitting.dated, sitting.language, sitting.kind) == (
        "2016-01-19",
        "rr",
        SourceKind.DEBATE,
    )
    assert sitting.title == "Verslag van de vergadering"
    assert sitting.header["url"] == "https://parliament.example/2016/43"
    assert sitting.header["bodies"] == ["parlamint-rr:LH"]
    assert sitting.header["place"] == "Strelsau, Ruritania"


@pytest.mark.parametrize(
    ("header", "dated", "problems"),
    [
        ("<setting><date when='2015-01-02'/></setting>", "2015-01-02", 0),
        ("<setting><date when='2015-01-02T10:00:00'/></setting>", "2015-01-02", 0),
        ("<setting><date from='2015-01-02' to='2015-01-03'/></setting>",
         "2015-01-02/2015-01-03", 0),
        ("<setting><date from='2015-01-02'/></setting>", "2015-01-02", 0),
        ("<setting><date when='2015-02-30'/></setting>", "2016-01-19", 1),
        ("<setting><date when='2015-02-30'/></setting><sourceDesc><date when='2015'/>"
         "</sourceDesc>", "2015", 1),
        ("", "2016-01-19", 0),
    ],
)  # fmt: skip
def test_the_date_is_the_first_that_can_be_one(header, dated, problems):
    document = read(around("<u who='#a'><seg>a</seg></u>", header=header))
    assert document.dated == dated
    assert [p.code for p in document.problems] == ["date_impossible"] * problems


@pytest.mark.parametrize(
    ("between", "speaker"),
    [
        ("", "Ms Sapt"),
        ('<note type="procedural">on a point of order</note><pb n="3"/>', "Ms Sapt"),
        ('<u who="#B"><seg>No.</seg></u>', "A"),
    ],
)
def test_the_printed_name_may_stand_above_what_the_reporters_tell(between, speaker):
    name = '<note type="speaker">Ms Sapt:</note>'
    document = read(around(f'{name}{between}<u who="#A"><seg>Yes.</seg></u>'))
    assert document.paragraphs[-1].speaker == speaker


def test_with_words_annotated_it_is_the_same_sitting():
    plain, annotated = "ParlaMint-RR_2016-01-19", "ParlaMint-RR_2016-01-19.ana"
    document = read(around("<u><seg>Yes.</seg></u>", identifier=annotated))
    assert (document.identifier, document.canonical_identifier) == (annotated, plain)


def test_segments_without_numbers_are_counted():
    document = read(around("<u who='#a'>loose<seg>a</seg><seg>b</seg></u>"))
    assert [p.number for p in document.paragraphs] == ["1", "2", "3"]


def test_a_file_that_lists_its_speakers_names_them():
    header = (
        '<listPerson><person xml:id="a"><persName><surname>Sapt</surname>'
        "<forename>Otto</forename></persName></person></listPerson>"
    )
    document = read(around("<u who='#a'><seg>a</seg></u>", header=header))
    assert document.speakers == (Speaker("Otto Sapt", person="parlamint-rr:a"),)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        *BAD,
        (b"<html/>", "no ParlaMint debate"),
        (b"<TEI><text><p>a</p></text></TEI>", "no ParlaMint debate"),
        (around("<u><seg>a</seg></u>", identifier=""), "no identifier"),
        (around("<u> </u>"), "has no text"),
        (b"<listPerson/>", "lists no person"),
        (b"<teiCorpus/>", "lists no person"),
    ],
)
def test_what_is_no_debate_is_refused_in_a_sentence(data, reason):
    with pytest.raises(ImportFault, match=reason):
        read(data)


# -- lists ----------------------------------------------------------------------------


def test_organizations_and_persons_are_actors_by_their_identifiers(lists):
    rows = [row.values for row in lists.rows if row.table == "actors"]
    assert rows == [
        {
            "name": "Lower House of Ruritania",
            "kind": "body",
            "identifiers": (("parlamint-rr", "LH"),),
            "names": ("rr:Tweede Kamer",),
            "valid_from": date(1815, 9, 21),
            "valid_to": "",
            "note": "parliament",
        },
        {
            "name": "Blue Elephants",
            "kind": "party",
            "identifiers": (
                ("parlamint-rr", "party.BlueElephants"),
                ("wikidata", "Q42"),
            ),
            "names": ("BE",),
            "valid_from": "",
            "valid_to": "",
            "note": "politicalParty",
        },
        {
            "name": "The Islanders",
            "kind": "group",
            "identifiers": (("parlamint-rr", "ethnic.1"),),
            "names": (),
            "valid_from": "",
            "valid_to": "",
            "note": "ethnicCommunity",
        },
        {
            "name": "Antoinette de Mauban",
            "kind": "person",
            "identifiers": (("parlamint-rr", "AntoinetteMauban"),),
            "names": ("Antoinette Old",),
        },
        {
            "name": "Michael of Strelsau",
            "kind": "person",
            "identifiers": (("parlamint-rr", "ChairPerson"),),
            "names": (),
        },
    ]


def test_affiliations_are_dated_memberships(lists):
    rows = [row.values for row in lists.rows if row.table == "memberships"]
    person, group = "parlamint-rr:AntoinetteMauban", "parlamint-rr:party.BlueElephants"
    assert rows == [
        {
            "member": person,
            "group": group,
            "role": "member",
            "rank": "",
            "since": date(2012, 3, 1),
            "until": date(2019, 12, 31),
        },
        {
            "member": person,
            "group": "parlamint-rr:LH",
            "role": "Minister of Peace",
            "rank": 1,
            "since": "",
            "until": "",
        },
        *(
            {
                "member": "parlamint-rr:ChairPerson",
                "group": group,
                "role": "chairperson",
                "rank": "",
                "since": "",
                "until": "",
            }
            for group in ("parlamint-rr:LH", group)
        ),
    ]


def test_what_cannot_be_a_row_is_a_warning(lists):
    assert [(p.code, p.place) for p in lists.problems] == [
        ("unnamed", "unnamed"),
        ("date_impossible", "AntoinetteMauban"),
        ("affiliation_without_group", "MP"),
    ]


def test_lists_in_files_of_their_own_are_read_alike(lists):
    root = xml.parse(ROOT.read_bytes(), "test.xml")
    found = []
    for name in ("listOrg", "listPerson"):
        element = xml.first(root, name)
        element.set(xml.ID, f"ParlaMint-RR-{name}")
        found += read(xml.canonical(element)).rows
    assert [r.values for r in found if r.table == "actors"] == [
        r.values for r in lists.rows if r.table == "actors"
    ]
    assert {r.values["member"] for r in found if r.table == "memberships"} == {
        "parlamint-rr:AntoinetteMauban",
        "parlamint-rr:ChairPerson",
    }


def test_a_corpus_names_the_files_that_its_lists_stand_in():
    include = '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="{}"/>'
    files = "ParlaMint-RR-listOrg.xml", "ParlaMint-RR-listPerson.xml", "2016/a.xml"
    includes = "".join(map(include.format, files))
    tables = read(f'<teiCorpus xmlns="{xml.TEI}">{includes}</teiCorpus>'.encode())
    assert tables.rows == ()
    (problem,) = tables.problems
    assert "it names ParlaMint-RR-listOrg.xml, ParlaMint-RR-listPerson.xml," in (
        problem.message
    )


@pytest.mark.parametrize(
    ("identifier", "scheme"),
    [
        ("ParlaMint-NL", "parlamint-nl"),
        ("ParlaMint-NL_2014-04-16-tweedekamer-3", "parlamint-nl"),
        ("ParlaMint-ES-CT_2015-10-26", "parlamint-es-ct"),
        ("ParlaMint-NL-listPerson", "parlamint-nl"),
        ("Other", "tei"),
        ("", "tei"),
    ],
)
def test_an_identifier_is_known_by_its_corpus(identifier, scheme):
    assert scheme_of(identifier) == scheme


# -- cutting --------------------------------------------------------------------------


def test_a_file_is_read_as_it_is():
    (read_whole,) = cut(SITTING, "parlamint")
    assert read_whole.data == SITTING.read_bytes()
    (read_root,) = cut(ROOT, "parlamint")
    assert read_root.data == ROOT.read_bytes()


def test_a_corpus_that_holds_its_sittings_is_cut_into_them(sitting, lists):
    inner = SITTING.read_bytes().partition(b"?>")[2]
    whole = ROOT.read_bytes().replace(b"</teiCorpus>", inner + b"</teiCorpus>")
    reads = cut("test.xml", "parlamint", whole)
    assert [read.place for read in reads] == ["lists", sitting.identifier]
    tables, document = read_all("test.xml", "parlamint", whole)
    assert tables.rows == lists.rows
    assert document == sitting


def test_a_corpus_that_breaks_off_gives_one_fault():
    (fault,) = cut("test.xml", "parlamint", ROOT.read_bytes()[:-5])
    assert isinstance(fault, ImportFault)
    assert "not well-formed" in fault.reason or "breaks off" in fault.reason


# -- the real corpus ------------------------------------------------------------------


def test_the_real_sittings_are_read_whole(samples):
    folder = samples / "parlamint" / "ParlaMint-NL"
    counts = {}
    for path in sorted(folder.glob("ParlaMint-NL_*.xml")):
        (document,) = read_all(path, "parlamint")
        assert document.identifier == path.stem
        assert document.dated == path.stem.split("_")[1][:10]
        assert document.problems == ()
        spoken = [p for p in document.paragraphs if p.role == BODY]
        assert all(p.speaker and p.number for p in spoken)
        counts[document.dated] = (
            len(spoken),
            len(words(document, NOTE)),
            len(document.speakers),
        )
    assert counts == {
        "2014-04-16": (10, 6, 3),
        "2016-01-19": (5, 2, 3),
        "2017-02-14": (20, 5, 3),
        "2018-05-29": (4, 5, 1),
        "2019-06-12": (4, 13, 2),
        "2020-11-03": (5, 4, 1),
    }


def test_everybody_who_speaks_in_the_real_sittings_is_in_the_corpus_lists(samples):
    folder = samples / "parlamint" / "ParlaMint-NL"
    (lists,) = read_all(folder / "ParlaMint-NL.xml", "parlamint")
    kinds = [r.values["kind"] for r in lists.rows if r.table == "actors"]
    assert {kind: kinds.count(kind) for kind in set(kinds)} == {
        "person": 493,
        "party": 28,
        "body": 3,
    }
    assert sum(r.table == "memberships" for r in lists.rows) == 469
    known = {
        ":".join(r.values["identifiers"][0]) for r in lists.rows if r.table == "actors"
    }
    for path in folder.glob("ParlaMint-NL_*.xml"):
        (document,) = read_all(path, "parlamint")
        assert {speaker.person for speaker in document.speakers} <= known
        assert set(document.header["bodies"]) <= known


# -- whatever comes -------------------------------------------------------------------


@given(st.sampled_from((SITTING, ROOT)), st.data())
def test_a_mutated_file_is_a_document_tables_or_a_fault(path, data):
    changed = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(changed) - 1))
        changed[at : at + data.draw(st.integers(0, 9))] = data.draw(
            st.binary(max_size=6)
        )
    for found in read_or_fault(bytes(changed), "parlamint"):
        assert isinstance(found, Document | Tables | ImportFault)


TREES = st.recursive(
    st.sampled_from(["", " ", "words", "\n x \n", "Mr A:"]),
    lambda inner: st.tuples(
        st.sampled_from(
            ["u", "seg", "note", "gap", "vocal", "desc", "head", "div", "pb", "w", "p"]
        ),
        st.sampled_from(
            ["", " who='#a'", " type='speaker'", " join='right'", " ana='#chair #x'"]
            + [" n='3'", " who=' '"]
        ),
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
def test_any_division_is_a_document_or_a_fault(trees):
    data = around("".join(map(written, trees)))
    (found,) = read_or_fault(data, "parlamint")
    if isinstance(found, Document):
        text = xml.child(xml.parse(data, "test.xml"), "text")
        assert found.raw == xml.character_data(text)


@pytest.mark.parametrize(
    "piece",
    ["<u who='#a'><seg>a</seg></u>", "<seg>a <note>b</note> c</seg>", "<seg>a</seg>",
     "<note type='speaker'>x</note>", "<div><u>a</u></div>", "<gap>a</gap>",
     "<u>a</u>", "<pb n='1'/>a<seg>b</seg>"],
)  # fmt: skip
def test_no_shape_of_a_sitting_keeps_it_busy_for_ever(piece):
    text = piece * (60_000 // len(piece))
    # A second's work; with a quadratic step in it, minutes.
    with hang_guard():
        read(around(f"<u who='#b'>x{text}</u>{text}"))
