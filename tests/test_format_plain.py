"""Plain documents: front matter, paragraphs, headings, labels, marks, voices."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.formats import front_matter, plain
from ingest.records import ImportFault, rebuild
from positions.choices import Level, ParagraphRole, SourceKind, VoiceKind
from tests.guarding import hang_guard

CONTROLS = {chr(n) for n in (*range(32), *range(127, 160))}
DIGEST = """\
---
identifier: TEST-2008
title: "A meeting in the capital"
dated: 2008-05-19/2008-05-30
issuer: Test office
kind: report
language: en
marking: C/NF
symbol: TEST/2008/1
url: https://example.org/test
published: 2008-06
obtained: typed from the printed copy
---

# Opening

The text was written for a test.

1. (U) The host opened the meeting.
It was a short one.

2. (S//NF) The deputy spoke (Comment: He always (always) does so.) and sat down.

# Close

3. Nothing more was said.
"""


def read(raw, name="folder/test.txt", **given):
    document = plain.parse(raw, name, given=given)
    check_rules(raw, document)
    return document


def check_rules(raw, document):
    """What holds of every document, whatever its text."""
    text = document.text
    assert document.raw == rebuild(text, document.patches) == raw
    assert not set(text) & CONTROLS - {"\n", "\t"}
    text.encode()
    assert [p.order for p in document.paragraphs] == list(
        range(1, len(document.paragraphs) + 1)
    )
    end = 0
    for paragraph in document.paragraphs:
        assert end <= paragraph.start < paragraph.end <= len(text)
        end = paragraph.end
        words = document.text_of(paragraph)
        assert words == words.strip()
        assert all(0 <= v.start < v.end <= len(words) for v in paragraph.voices)
        assert (paragraph.number == "") >= (paragraph.role == ParagraphRole.HEADING)
        assert len(paragraph.label) <= 20
        assert len(paragraph.marking) <= 60


def words(document):
    return [document.text_of(p) for p in document.paragraphs]


def numbers(document):
    return [(p.number, p.label) for p in document.paragraphs]


def headings(document):
    return [
        document.text_of(p)
        for p in document.paragraphs
        if p.role == ParagraphRole.HEADING
    ]


# Front matter.


def test_front_matter_describes_the_document_and_is_no_part_of_its_text():
    document = read(DIGEST)
    assert document.identifier == document.printed_identifier == "TEST-2008"
    assert document.title == "A meeting in the capital"
    assert document.dated == "2008-05-19/2008-05-30"
    assert document.issuer == "Test office"
    assert document.kind == SourceKind.REPORT
    assert document.language == "en"
    assert (document.level, document.controls) == (Level.CONFIDENTIAL, "NF")
    assert document.header == {
        "symbol": "TEST/2008/1",
        "url": "https://example.org/test",
        "published": "2008-06",
        "obtained": "typed from the printed copy",
    }
    assert document.shape == "front matter"
    assert document.problems == ()
    assert document.text.startswith("# Opening")


def test_a_text_without_front_matter_is_named_after_its_file():
    document = read("Some words.", "folder/DEMO-1.txt")
    assert document.identifier == "DEMO-1"
    assert (document.printed_identifier, document.title, document.shape) == (
        "",
        "",
        "text",
    )
    assert (document.level, document.kind) == (None, SourceKind.OTHER)


def test_what_a_form_gives_goes_before_the_front_matter():
    document = read(DIGEST, identifier="OTHER", title="", marking="secret noforn")
    assert document.identifier == "OTHER"
    assert document.printed_identifier == "TEST-2008"
    assert document.title == "A meeting in the capital"
    assert (document.level, document.controls) == (Level.SECRET, "NOFORN")


@pytest.mark.parametrize(
    ("line", "field", "message"),
    [
        ("dated: May 2008", "dated", "dated: “May 2008” is not a date: write YYYY"),
        ("dated: 2007/", "dated", "the day on which it was said is missing"),
        ("published: soon", "published", "published: “soon” is not a date"),
        ("kind: novel", "kind", "kind: “novel” is none of cable, debate"),
        ("marking: blue", "level", "marking: “blue” is no marking"),
        ("colour: blue", "title", "“colour” is no field of front matter"),
        (f"issuer: {'x' * 201}", "issuer", "The issuer was cut to 200 characters"),
    ],
)
def test_a_field_that_cannot_be_kept_is_a_problem_and_no_more(line, field, message):
    document = read(f"---\nidentifier: A\n{line}\n---\nWords.")
    (problem,) = document.problems
    assert message in problem.message
    assert getattr(document, field, "") in ("", None, SourceKind.OTHER, "x" * 200)
    assert words(document) == ["Words."]


def test_an_unknown_field_is_named_with_its_line():
    document = read("---\nidentifier: A\n\ncolour: blue\n---\nWords.")
    assert [problem.place for problem in document.problems] == ["line 4"]


def test_problems_with_fields_are_bounded():
    lines = "".join(f"k{'x' * (n % 30)}: v\n" for n in range(5000))
    document = read(f"---\nidentifier: A\n{lines}---\nWords.")
    assert len(document.problems) == front_matter.MOST_PROBLEMS


@pytest.mark.parametrize(
    "raw",
    [
        "---\nidentifier: A\nWords.",
        "---\nWords of a text.\n---\nidentifier: A\n",
        "---\ncolour: blue\n---\nWords.",
        "---\n---\nWords.",
        "\n---\nidentifier: A\n---\nWords.",
        "----\nidentifier: A\n----\nWords.",
    ],
)
def test_a_text_that_begins_with_a_rule_has_no_front_matter(raw):
    document = read(raw)
    assert (document.identifier, document.shape) == ("test", "text")


@pytest.mark.parametrize(
    "raw",
    [
        "\ufeff---\r\nidentifier: A\r\ntitle: T\r\n---\r\n\r\nWords.\r\n",
        "---\ridentifier: A\rtitle: T\r---\rWords.",
        "--- \nIdentifier : A\n\n title:  'T'\n---\t\n \nWords.",
    ],
)
def test_front_matter_is_read_whatever_the_line_ends_and_blanks(raw):
    document = read(raw)
    assert (document.identifier, document.title) == ("A", "T")
    assert document.text.rstrip("\n") == "Words."


def test_an_identifier_keeps_no_slash():
    document = read("---\nidentifier: CCW/CONF/11\n---\nWords.")
    assert document.identifier == "CCW-CONF-11"
    assert document.printed_identifier == "CCW/CONF/11"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("U", (0, "")),
        ("(C/NF)", (2, "NF")),
        ("sbu", (1, "")),
        ("S//NF", (3, "NF")),
        ("SECRET", (3, "")),
        ("S E C R E T", (3, "")),
        ("confidential noforn", (2, "NOFORN")),
        ("Top Secret", (4, "")),
        ("UNCLASSIFIED", (0, "")),
        ("", None),
        ("Public", None),
        ("C) and more", None),
    ],
)
def test_a_marking_is_letters_or_words(given, expected):
    assert front_matter.read_marking(given) == expected


@pytest.mark.parametrize(
    "raw", ["", " \n\t\r\n", "\x00\x07", "\ufeff", "---\nidentifier: A\n---\n \n"]
)
def test_a_text_without_a_word_is_refused(raw):
    with pytest.raises(ImportFault, match=r"test\.txt: The text is empty\."):
        plain.parse(raw, "test.txt")


@pytest.mark.parametrize("name", ["-", "", ".", "..", "folder/-"])
def test_a_text_without_any_name_is_refused(name):
    with pytest.raises(ImportFault, match="has no identifier; give it one"):
        plain.parse("Words.", name)


# The text.


def test_blank_lines_make_paragraphs_that_are_counted():
    document = read("One\nstill one.\n\nTwo.\n \n\n\nThree.\n")
    assert words(document) == ["One\nstill one.", "Two.", "Three."]
    assert numbers(document) == [("1", ""), ("2", ""), ("3", "")]


def test_the_digest_is_read_as_its_author_meant_it():
    document = read(DIGEST)
    assert [
        (p.role.value, p.number, p.label, p.marking, p.level, p.controls, p.heading)
        for p in document.paragraphs
    ] == [
        ("heading", "", "", "", None, "", ""),
        ("body", "", "", "", None, "", "Opening"),
        ("body", "1", "1.", "(U)", Level.UNCLASSIFIED, "", "Opening"),
        ("body", "2", "2.", "(S//NF)", Level.SECRET, "NF", "Opening"),
        ("heading", "", "", "", None, "", ""),
        ("body", "3", "3.", "", None, "", "Close"),
    ]
    assert words(document)[2:4] == [
        "The host opened the meeting.\nIt was a short one.",
        "The deputy spoke (Comment: He always (always) does so.) and sat down.",
    ]
    (voice,) = document.paragraphs[3].voices
    assert words(document)[3][voice.start : voice.end] == (
        "(Comment: He always (always) does so.)"
    )


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("a\r\nb\rc\n", "a\nb\nc\n"),
        ("a  \n\t\nb\t", "a\n\nb"),
        ("\ufeffa\ufeffb", "a\ufeffb"),
        ("a\x00b\x07\x1bc", "abc"),
        ("a\x0bb\u2028c\x85d", "a\nb\nc\nd"),
        ("a\u2029b", "a\n\nb"),
        ("a\ud800b", "a\ufffdb"),
        ("a \t b\u00a0c\u00ad", "a \t b\u00a0c\u00ad"),
    ],
)
def test_the_reading_text_is_clean_and_the_received_one_rebuilt(raw, text):
    assert read(raw).text == text


@pytest.mark.parametrize(
    ("raw", "code", "place", "message"),
    [
        ("a\n\nb\x00\x00\x07", "controls_removed", "line 3", "(3 in all)"),
        ("a\r\n\ud800", "characters_lost", "line 2", "(1 in all)"),
        ("1. a\n\n5. b", "numbers_counted", "line 1", "do not run on"),
    ],
)
def test_what_is_odd_in_a_text_is_reported_with_its_line(raw, code, place, message):
    (problem,) = read(raw).problems
    assert (problem.code, problem.place) == (code, place)
    assert message in problem.message


def test_a_form_feed_begins_a_page_but_not_a_paragraph():
    document = read("One.\n\nTwo begins\x0cand ends.\n\x0c\nThree.")
    assert words(document) == ["One.", "Two begins\nand ends.", "Three."]
    assert [p.page for p in document.paragraphs] == [1, 1, 3]
    assert read("One.").paragraphs[0].page is None


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        ("# One\nText.", ["One"]),
        ("Text.\n## One of two ##\nText.", ["One of two ##"]),
        ("THE POSITION\n\nText.", ["THE POSITION"]),
        ("ПОЗИЦИЯ\n\nТекст.", ["ПОЗИЦИЯ"]),
        ("-----\nThe position\n-----\n\nText.", ["The position"]),
        ("The position\nof the host\n=====\n\nText.", ["The position\nof the host"]),
        ("Text.\n\n-----\n\nText.", []),
        ("THE POSITION\nText.", []),
        ("Text.\n\nDONOVAN", []),
        ("1. SUMMARY\n\n2. TEXT", []),
        ("2008\n\nText.", []),
        ("LOUD " * 20 + "\n\nText.", []),
        ("Text.\nText.\nText.\n-----", []),
        ("#hashtag\n\nText.", []),
        ("# \n\nText.", []),
    ],
)
def test_a_heading_is_known_by_its_shape(raw, found):
    assert headings(read(raw)) == found


def test_a_heading_governs_what_follows_and_is_not_counted():
    document = read("Before.\n\n# One\n\nA.\n\nB.\n\nTWO\n\nC.")
    assert [(p.number, p.heading) for p in document.paragraphs] == [
        ("1", ""),
        ("", ""),
        ("2", "One"),
        ("3", "One"),
        ("", ""),
        ("4", "TWO"),
    ]


def test_the_heading_a_document_begins_with_is_its_title():
    assert read("# On  the\tmatter\n\nText.").title == "On the matter"
    assert read("Text.\n\n# On the matter\n\nText.").title == ""


def test_a_text_of_nothing_but_rules_is_one_paragraph():
    assert words(read("\n---\n\n***\n")) == ["---\n\n***"]


# Labels and marks.


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        ("1. a\n\n2. b", [("1", "1."), ("2", "2.")]),
        ("1) a\n\n2) b", [("1", "1)"), ("2", "2)")]),
        ("¶3. a\n\n¶ 4 b", [("3", "¶3."), ("4", "¶ 4")]),
        ("12. a\n\n13.(U) b", [("12", "12."), ("13", "13.")]),
        ("9.\na\n\n10.\nb", [("9", "9."), ("10", "10.")]),
        ("a\n\n1. b\n\nc\n\n2. d", [("", ""), ("1", "1."), ("", ""), ("2", "2.")]),
        ("1. a", [("1", "1.")]),
        ("7. a", [("7", "7.")]),
        # The printed numbers do not run on: counted, with the label as printed.
        ("1. a\n\n2. b\n\n2. c", [("1", "1."), ("2", "2."), ("3", "2.")]),
        ("1. a\n\n3. b", [("1", "1."), ("2", "3.")]),
        ("a\n\n5) b", [("1", ""), ("2", "5)")]),
        # No labels.
        ("1.4 (b) a", [("1", "")]),
        ("2008. a", [("1", "")]),
        ("1.5 a\n\n3 b", [("1", ""), ("2", "")]),
        ("1.", [("1", "")]),
        ("(1) a", [("1", "")]),
        ("3.a", [("1", "")]),
    ],
)  # fmt: skip
def test_printed_numbers_are_labels_and_numbers_where_they_run_on(raw, found):
    assert numbers(read(raw)) == found


@pytest.mark.parametrize(
    ("raw", "marking", "level", "controls", "text"),
    [
        ("1. (S) a", "(S)", Level.SECRET, "", "a"),
        ("1.(C/NF)a", "(C/NF)", Level.CONFIDENTIAL, "NF", "a"),
        ("1. (SBU)\na", "(SBU)", Level.RESTRICTED, "", "a"),
        ("1. a (S)", "", None, "", "a (S)"),
        ("1. (a) b", "", None, "", "(a) b"),
        ("1. (S)", "", None, "", "(S)"),
        ("1. C) a", "", None, "", "C) a"),
        ("(C) 2008 The author", "", None, "", "(C) 2008 The author"),
        # Counted paragraphs keep their marks: nothing secret passes as unmarked.
        ("4. (TS) a\n\n2. b", "(TS)", Level.TOP_SECRET, "", "a"),
    ],
)
def test_a_portion_mark_stands_right_after_the_label(
    raw, marking, level, controls, text
):
    document = read(raw)
    paragraph = document.paragraphs[0]
    assert (paragraph.marking, paragraph.level, paragraph.controls) == (
        marking,
        level,
        controls,
    )
    assert document.text_of(paragraph) == text


@pytest.mark.parametrize(
    ("text", "voices"),
    [
        ("He agreed. (Comment: We doubt it.)", {"(Comment: We doubt it.)": "comment"}),
        (
            "(COMMENT: one) and [Note: two]",
            {"(COMMENT: one)": "comment", "[Note: two]": "note"},
        ),
        ("(Comment: a (b) c) d", {"(Comment: a (b) c)": "comment"}),
        ("(Embassy comment: a) b", {"(Embassy comment: a)": "comment"}),
        ("(Translator's note: a) b", {"(Translator's note: a)": "interpreter"}),
        ("(Interpreter: a) b", {"(Interpreter: a)": "interpreter"}),
        ("(Comment: never closed", {"(Comment: never closed": "comment"}),
        ("(Comment: a (Note: b) c)", {"(Comment: a (Note: b) c)": "comment"}),
        ("(Comment:\na) b", {"(Comment:\na)": "comment"}),
        (
            "He agreed. Comment: We doubt it. End comment.",
            {"Comment: We doubt it. End comment.": "comment"},
        ),
        ("(note that this is said) Comment: he said", {}),
        ("He had no comment (none).", {}),
    ],
)
def test_a_bracketed_comment_is_another_voice(text, voices):
    (paragraph,) = read(f"1. (U) {text}").paragraphs
    found = [(text[v.start : v.end], v.kind) for v in paragraph.voices]
    assert found == [(words, VoiceKind(kind)) for words, kind in voices.items()]


@pytest.mark.parametrize(
    ("raw", "roles"),
    [
        ("1. Summary: a\n\n2. b", ["summary", "body"]),
        ("1. Comment: a\n\n2. b", ["comment", "body"]),
        (
            "1. a\n\n# Comment\n\n2. b\n\n3. c",
            ["body", "heading", "comment", "comment"],
        ),
        ("1. a\n\n2. b", ["body", "body"]),
    ],
)
def test_a_paragraph_that_is_a_comment_as_a_whole_has_its_role(raw, roles):
    assert [p.role for p in read(raw).paragraphs] == roles


# Whatever comes.

PIECES = st.lists(
    st.sampled_from(
        ["---", "\n", "\r\n", "\r", "\n\n", "1.", "2.", "¶3. ", "(S) ", "(Comment: ",
         ")", "# ", "title: x", "identifier: a/b", "TEXT", "words of it", " ", "\t",
         "\x00", "\x0c", "\ud800", "\ufeff", "\u2029", "\u00a0", "\u3000", "é", "***"]
    ),
    max_size=25,
).map("".join)  # fmt: skip


def shown(raw):
    """What is left to read of a raw text without front matter and controls."""
    text = raw[front_matter.read_front(raw).end :].removeprefix("\ufeff")
    return "".join(c for c in text if c not in CONTROLS).strip()


@given(st.one_of(st.text(st.characters(), max_size=60), PIECES))
def test_any_text_is_a_document_or_empty(raw):
    if not shown(raw):
        with pytest.raises(ImportFault, match="The text is empty"):
            plain.parse(raw, "test.txt")
        return
    document = plain.parse(raw, "test.txt")
    check_rules(raw, document)
    assert plain.parse(raw, "test.txt") == document
    assert document.digest == plain.parse(raw, "test.txt").digest


@given(st.lists(st.from_regex(r"\A[a-z]{1,8}( [a-z]{1,8}){0,5}\.\Z"), min_size=1))
def test_written_paragraphs_are_read_back(texts):
    raw = "\n\n".join(f"{n}. (U) {text}" for n, text in enumerate(texts, 1))
    document = read(raw)
    assert words(document) == texts
    assert numbers(document) == [(f"{n}", f"{n}.") for n in range(1, len(texts) + 1)]
    assert {p.level for p in document.paragraphs} == {Level.UNCLASSIFIED}


@pytest.mark.parametrize(
    "piece",
    ["x", " ", "\t\x00", "\r\n", "(Comment: ", "(", "1. a\n\n", "# a\n", "-", "---\n",
     "A\n\n", "¶", "a: b\n", "\x0c", "\ud800"],
)  # fmt: skip
def test_no_shape_of_text_keeps_it_busy_for_ever(piece):
    raw = "words\n" + piece * (200_000 // len(piece)) + " words"
    # A second's work; with a quadratic step in it, minutes.
    with hang_guard():
        plain.parse(raw, "test.txt")
