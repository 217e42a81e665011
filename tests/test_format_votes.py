"""Tables of recorded votes: one document a resolution, who voted how, and changes."""

from collections import Counter
from datetime import date
from io import BufferedReader, BytesIO

import pytest
from guarding import hang_guard
from hypothesis import given
from hypothesis import strategies as st

from ingest.formats import votes
from ingest.formats.state_codes import voter
from ingest.formats.votes import splitting
from ingest.reading import Read
from ingest.records import Document, ImportFault

HEAD = "rcid,country,country_code,vote,session,date,unres\n"


def line(country, vote, *, code="", on="R/70/54", day="2015-12-07", roll="5422.0"):
    return f"{roll},{country},{code},{vote},70.0,{day},{on}\n"


def parted(text, name="votes.csv"):
    data = text if isinstance(text, bytes) else text.encode()
    return list(votes.split(name, BufferedReader(BytesIO(data))))


def read(*lines, head=HEAD):
    (one,) = parted(head + "".join(lines))
    assert isinstance(one, Read), one
    return votes.parse(one)


def rows(document, table):
    return [row.values for row in document.rows if row.table == table]


def acts(document):
    """(actor, code, vote, words) of each statement."""
    found = []
    for v in rows(document, "statements"):
        text = document.text_of(document.paragraphs[v["order"] - 1])
        words = text[v["start"] : v["end"]]
        found.append((v["actor"], v["actor_code"], v["disposition"], words))
    return found


def codes(document):
    return [problem.code for problem in document.problems]


def test_each_resolution_is_a_read_of_the_head_and_its_own_lines_in_any_order():
    first = line("Japan", "yes"), line("Cuba", "no")
    second = (
        line("Japan", "abstain", on="A/RES/71/45", roll="5510", day="2016-12-05"),
    )
    mixed = first[0] + second[0] + first[1]
    reads = parted(HEAD + mixed)
    assert [r.data.decode() for r in reads] == [HEAD + "".join(first), HEAD + second[0]]
    assert [(r.place, r.key) for r in reads] == [
        ("A/RES/70/54",) * 2,
        ("A/RES/71/45",) * 2,
    ]
    assert parted(HEAD + "".join(first) + second[0]) == reads
    # The last line of a file may lack its end; the document is the same.
    assert parted(HEAD + (mixed.rstrip("\n"))) == reads


def test_a_resolution_is_a_document_with_a_paragraph_for_each_vote():
    document = read(line("Japan", "yes", code="JP"), line("Cuba", "absent", code="CU"))
    assert (document.identifier, document.kind) == ("A-RES-70-54", "vote")
    assert (document.printed_identifier, document.dated) == (
        "A/RES/70/54",
        "2015-12-07",
    )
    assert document.title == "Recorded vote on A/RES/70/54"
    texts = [(p.number, document.text_of(p)) for p in document.paragraphs]
    assert texts == [
        ("", "A/RES/70/54, 7 December 2015"),
        ("1", "Japan: yes"),
        ("2", "Cuba: absent"),
    ]
    assert document.raw == (
        HEAD + line("Japan", "yes", code="JP") + line("Cuba", "absent", code="CU")
    )
    assert document.header["symbol"] == "A/RES/70/54"


def test_a_vote_is_an_act_and_absence_only_a_part():
    document = read(
        *(line("Japan", "yes", code="JP"), line("Cuba", "absent", code="CU")),
        *(line("Chile", "no", code="CL"), line("Mali", "abstain", code="ML")),
    )
    assert acts(document) == [
        ("Japan", "iso3:JPN", "yes", "yes"),
        ("Chile", "iso3:CHL", "no", "no"),
        ("Mali", "iso3:MLI", "abstain", "abstain"),
    ]
    parts = [(v["actor"], v["part"]) for v in rows(document, "participations")]
    assert parts == [
        *(("Japan", "participant"), ("Cuba", "absent")),
        *(("Chile", "participant"), ("Mali", "participant")),
    ]
    (event,) = rows(document, "events")
    assert (event["key"], event["kind"], event["dated"]) == (
        *("vote-a-res-70-54", "vote"),
        "2015-12-07",
    )
    (option,) = rows(document, "options")
    assert (option["name"], option["kind"], option["headline"]) == (
        *("A/RES/70/54", "resolution"),
        False,
    )
    said = rows(document, "statements")[0]
    assert (said["form"], said["standing"], said["publicity"], said["said_on"]) == (
        *("act", "own", "public"),
        "2015-12-07",
    )
    assert said["event"] == event["key"]


@pytest.mark.parametrize(
    ("head", "row"),
    [
        ("country;code;vote;date;resolution", "Japan;JPN;Yes;2015-12-07;A/RES/70/54"),
        (
            "ms_name\tms_code\tms_vote\tdate\tresolution",
            "JAPAN\tJPN\tY\t2015-12-07\tA/RES/70/54",
        ),
        (
            "Resolution,Country,Vote,Date",
            "A/RES/70/54,Japan,in favour,2015-12-07 00:00:00",
        ),
        ("country,vote,date,unres", '"Japan",1,2015-12-07,R/70/54'),
    ],
)
def test_columns_words_and_separators_of_many_tables_are_known(head, row):
    document = read(f"{row}\n", head=f"{head}\n")
    assert document.identifier == "A-RES-70-54"
    assert [(a[0].title(), a[2]) for a in acts(document)] == [("Japan", "yes")]


@pytest.mark.parametrize(
    ("name", "code", "day", "state", "iso3", "problem"),
    [
        ("Japan", "JP", "2015-12-07", "Japan", "JPN", ""),
        ("Namibia", "NA", "2015-12-07", "Namibia", "NAM", ""),
        ("Czechoslovakia", "NA", "1980-01-01", "Czechoslovakia", "CSK", ""),
        ("Czechoslovakia", "CS", "1980-01-01", "Czechoslovakia", "CSK", ""),
        ("Atlantis", "ZZ", "1980-01-01", "Atlantis", "", ""),
        ("Yugoslavia", "YU", "1980-01-01", "Yugoslavia", "YUG", ""),
        (
            "Yugoslavia",
            "YU",
            "2004-01-01",
            "Serbia and Montenegro",
            "SCG",
            "continuing_state",
        ),
        ("Yugoslavia", "YU", "2015-12-07", "Serbia", "SRB", "continuing_state"),
        ("Serbia", "RS", "1980-01-01", "Yugoslavia", "YUG", "continuing_state"),
        ("Russia", "RU", "1980-01-01", "Soviet Union", "SUN", "continuing_state"),
        ("German Democratic Republic", "DDR", "1995-01-01", "", "DDR", "no_such_state"),
        ("South Sudan", "SS", "1980-01-01", "", "SSD", "no_such_state"),
    ],
)
def test_a_vote_is_of_the_state_that_there_was(name, code, day, state, iso3, problem):
    found = voter(name, code, date.fromisoformat(day))
    assert found.iso3 == iso3
    assert (found.problem[0] if found.problem else "") == problem
    assert found.exists is bool(state)
    assert not state or found.name == state


@pytest.mark.parametrize(
    ("name", "actor", "code"),
    [
        ("Yugoslavia", "Serbia", "iso3:SRB"),
        ("YUG", "Serbia", "iso3:SRB"),
        ("USSR", "Russia", "iso3:RUS"),
        ("Japan", "Japan", "iso3:JPN"),
        ("Korea", "Korea", ""),
    ],
)
def test_without_a_code_the_name_tells_the_state_that_there_was(name, actor, code):
    document = read(line(name, "yes"))
    assert acts(document) == [(actor, code, "yes", "yes")]


def test_a_vanished_state_named_without_a_code_does_not_vote():
    document = read(line("DDR", "yes"), line("Japan", "yes"))
    assert [row[0] for row in acts(document)] == ["Japan"]
    assert codes(document) == ["no_such_state"]


def test_a_column_of_codes_may_be_called_country_beside_one_of_names():
    head = "rcid,ccode,Country,Countryname,vote,date,unres\n"
    document = read("9,345,YUG,Yugoslavia,1,2015-12-07,R/70/54\n", head=head)
    assert acts(document) == [("Serbia", "iso3:SRB", "yes", "1")]
    assert "Yugoslavia: 1" in document.text


@pytest.mark.parametrize(
    "day", ["2 December 2015", "02-Dec-2015", "2 Dec. 2015", "December 2, 2015"]
)
def test_a_day_may_be_written_in_words(day):
    (event,) = rows(read(line("Japan", "yes", day=f'"{day}"')), "events")
    assert event["dated"] == "2015-12-02"


def test_a_successors_vote_keeps_the_words_of_the_table():
    document = read(line("Yugoslavia", "abstain", code="YU"))
    assert acts(document) == [("Serbia", "iso3:SRB", "abstain", "abstain")]
    assert "Yugoslavia: abstain" in document.text
    assert codes(document) == ["continuing_state"]


@pytest.mark.parametrize(
    "day", ["", "1900-01-01", "9999-12-31", "2015-02-31", "07/12/2015", "soon"]
)
def test_without_a_day_nothing_is_coded_and_nothing_is_lost(day):
    document = read(line("Japan", "yes", day=day))
    assert (document.dated, document.rows) == ("", ())
    assert codes(document)[-1] == "not_dated"
    assert "Japan: yes" in document.text


def test_a_line_with_a_placeholder_has_the_day_of_the_others():
    document = read(line("Japan", "yes", day="1900-01-01"), line("Cuba", "yes"))
    assert len(acts(document)) == 2
    assert codes(document) == ["no_day"]


def test_two_days_of_one_roll_call_are_none():
    document = read(line("Japan", "yes"), line("Cuba", "yes", day="2015-12-08"))
    assert acts(document) == []
    assert "2015-12-07, 2015-12-08" in document.problems[-1].message


def test_what_is_no_vote_stays_in_the_text_and_is_not_coded():
    document = read(line("Japan", "perhaps"), line("Cuba", "9"), line("", "yes"))
    assert acts(document) == []
    assert codes(document) == ["vote_not_read", "vote_not_read"]
    assert "Japan: perhaps" in document.text
    assert document.raw.count("\n") == 4


def test_a_state_that_stands_twice_votes_once_and_contradicting_itself_never():
    same = read(line("Japan", "yes"), line("Japan", "yes"))
    assert len(acts(same)) == 1
    other = read(line("Japan", "yes"), line("Japan", "no"), line("Cuba", "no"))
    assert [a[0] for a in acts(other)] == ["Cuba"]
    assert codes(other) == ["voted_twice", "voted_twice"]


def test_what_is_odd_is_told_on_one_line():
    name = f'"Ja\npan {"x" * 100}"'
    document = read(
        *(line(name, "yes"), line(name, "no"), line(name, '"per\nhaps"')),
        line("Cuba", "yes", day='"2015\n12"'),
    )
    assert codes(document) == ["no_day", "vote_not_read", *["voted_twice"] * 2]
    messages = [problem.message for problem in document.problems]
    assert not any("\n" in message or len(message) > 120 for message in messages)
    assert messages[0] == "“2015 12” is no day of a vote."
    assert messages[1].startswith("“per haps” of “Ja pan xxx")


def test_equal_tables_are_equal_documents():
    lines = line("Japan", "yes", code="JP"), line("Cuba", "no", code="CU")
    first, second = read(*lines), read(*lines)
    assert first.header["roll_calls"][0]["counts"] == {"yes": 1, "no": 1}
    assert first.digest == second.digest != read(*reversed(lines)).digest


@pytest.mark.parametrize("data", [b"", b"\xef\xbb\xbf", b"\xff\xfe"])
def test_a_kept_part_without_a_line_is_refused_in_a_sentence(data):
    with pytest.raises(ImportFault, match="The file is empty."):
        votes.parse(Read("votes.csv", data))


def test_several_roll_calls_on_one_resolution_are_told_apart():
    head = HEAD.replace("session", "para")
    part = line("Japan", "no", roll="1").replace("70.0", "1")
    whole = line("Japan", "yes", roll="2").replace("70.0", "0")
    document = read(part, whole, head=head)
    names = [v["name"] for v in rows(document, "options")]
    assert names == ["A/RES/70/54 (roll call 1)", "A/RES/70/54"]
    assert [v["option"] for v in rows(document, "statements")] == names
    assert len({v["key"] for v in rows(document, "events")}) == 2
    # Of lines that stand among each other, those of a roll call are put together.
    more = [of.replace("Japan", "Cuba") for of in (whole, part)]
    (mixed,) = parted(head + part + whole + "".join(more))
    assert mixed.data.decode() == head + part + more[1] + whole + more[0]
    assert votes.parse(mixed).raw == mixed.data.decode()
    undecided = read(part, whole)
    assert [v["name"] for v in rows(undecided, "options")] == [
        "A/RES/70/54 (roll call 1)",
        "A/RES/70/54 (roll call 2)",
    ]


def test_a_roll_call_without_a_resolution_has_its_number():
    document = read(line("Japan", "yes", on="NA"))
    assert document.identifier == "roll-call-5422"
    assert document.header["symbol"] == ""


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "The file is empty."),
        ("a,b,c\n1,2,3\n", "no column of the country"),
        ("country,date\nJapan,2015\n", "no column of the vote"),
        ("country,vote\nJapan,yes\n", "no column of the resolution"),
        (HEAD + '5422.0,"Japan,JP', "This is no CSV table"),
        (HEAD + line("Japan", "yes", on="", roll=""), "which resolution was voted on"),
        (HEAD.encode("utf-16"), "Save the table as CSV in UTF-8."),
        (b"%PDF-1.4 " + b"x" * 100, "a PDF file, not a text"),
        (HEAD + "x" * (splitting.LINE_LIMIT + 1), "A line has more than"),
        (HEAD + '"' + "x" * 1_000_100, "A line has more than|This is no CSV table"),
    ],
)
def test_what_is_no_table_of_votes_is_refused_in_a_sentence(text, reason):
    with hang_guard():
        found = parted(text)
    assert found
    assert all(isinstance(fault, ImportFault) for fault in found)
    assert any(part in found[0].reason for part in reason.split("|"))


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"SQLite format 3\0\x10\0", "an SQLite database, not a text"),
        (b"%PDF-1.4\nx", "a PDF file, not a text"),
        (b"<html><body>no</body></html>", "an HTML page"),
    ],
)
def test_another_kind_of_file_is_told_by_its_kind(data, what):
    (fault,) = parted(data)
    assert what in fault.reason


def test_a_line_without_a_resolution_does_not_stop_the_others():
    fault, one = parted(
        HEAD + line("Japan", "yes", on="", roll="") + line("Cuba", "no")
    )
    assert (fault.record, one.place) == ("row 2", "A/RES/70/54")


def test_lines_of_several_resolutions_are_no_document():
    data = HEAD + line("Japan", "yes") + line("Japan", "yes", on="A/RES/71/45")
    with pytest.raises(ImportFault, match="more than one resolution"):
        votes.parse(Read("votes.csv", data.encode()))


def test_other_encodings_are_read():
    data = (HEAD + line("Côte d’Ivoire", "yes")).encode("cp1252")
    (one,) = parted(data)
    assert "Côte d’Ivoire: yes" in votes.parse(one).text


def test_a_table_of_votes_is_known_by_its_first_line():
    assert votes.fits("x.csv", (HEAD + line("Japan", "yes")).encode())
    assert votes.fits("x.csv", b"\xef\xbb\xbf" + HEAD.encode())
    assert not votes.fits("x.csv", b"key,name,kind\n")
    assert not votes.fits("x.csv", b"")


def test_a_change_is_against_the_last_vote_of_the_state_itself():
    def roll(on, day, **cast):
        return votes.Roll(on, day, {n: (n, vote) for n, vote in cast.items()})

    series = [
        roll("C", "2017-01-01", a="yes", b="yes", c="no"),
        roll("A", "2015-01-01", a="yes", b="abstain", c="no"),
        roll("B", "2016-01-01", a="no", b="absent"),
    ]
    found = votes.changes(series)
    assert [(str(c), c.since, c.on) for c in found] == [
        ("a: yes -> no", "A", "B"),
        ("a: no -> yes", "B", "C"),
        ("b: abstain -> yes", "A", "C"),
    ]
    assert votes.changes(series[:1]) == []


CELLS = st.sampled_from(
    ("Japan", "yes", "no", "JP", "YU", "2015-12-07", "R/70/54", '"', "", "\0", "é", "9")
)


@given(st.binary(max_size=300))
def test_any_bytes_are_reads_or_faults(data):
    for found in parted(data):
        assert isinstance(found, Read | ImportFault)


@given(st.lists(st.lists(CELLS, max_size=8), max_size=8))
def test_any_lines_are_documents_that_rebuild_them_or_faults(lines):
    text = HEAD + "".join(",".join(cells) + "\n" for cells in lines)
    for found in parted(text):
        try:
            document = votes.parse(found) if isinstance(found, Read) else found
        except ImportFault as fault:
            document = fault
        if isinstance(document, Document):
            assert document.raw == found.data.decode().replace("\0", "\ufffd")
            assert len(acts(document)) <= len(lines)


def test_the_real_votes_on_cluster_munitions(samples):
    path = samples / "votes" / "unga_ccm_votes.csv"
    with path.open("rb") as file:
        reads = list(votes.split(str(path), file))
    documents = [votes.parse(one) for one in reads]
    assert [d.identifier for d in documents] == [
        *("A-RES-70-54", "A-RES-71-45", "A-RES-72-54"),
        *("A-RES-73-54", "A-RES-74-62"),
    ]
    counts = [Counter(a[2] for a in acts(d)) for d in documents]
    assert [(c["yes"], c["no"], c["abstain"]) for c in counts] == [
        *((139, 2, 40), (141, 1, 39), (142, 2, 36)),
        *((144, 1, 38), (144, 1, 38)),
    ]
    assert sum(c.total() for c in counts) == 908
    assert {code for d in documents for code in codes(d)} == {"continuing_state"}
    rolls = [
        votes.Roll(c["on"], c["day"], c["votes"])
        for d in documents
        for c in d.header["roll_calls"]
    ]
    assert [str(change) for change in votes.changes(rolls)] == [
        *("Algeria: abstain -> yes", "Kyrgyzstan: abstain -> yes"),
        *("Nepal: abstain -> yes", "Yemen: abstain -> yes", "Nepal: yes -> abstain"),
        *("Russia: no -> abstain", "Russia: abstain -> no"),
        *("South Sudan: abstain -> yes", "Uganda: abstain -> yes"),
        *("Venezuela: yes -> abstain", "Zimbabwe: no -> abstain"),
    ]
