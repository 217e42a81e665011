"""Markdown: what its reader sees, and the received text rebuilt from it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.formats import front_matter, markdown
from ingest.reading import Read
from ingest.records import ImportFault
from positions.choices import Level, ParagraphRole, SourceKind, VoiceKind
from tests.guarding import hang_guard


def read(raw, name="folder/paper.md"):
    document = markdown.parse(Read(name, raw.encode()))
    check_rules(raw, document)
    return document


def check_rules(raw, document):
    assert document.raw == raw
    assert "\r" not in document.text
    end = 0
    for order, paragraph in enumerate(document.paragraphs, 1):
        assert paragraph.order == order
        assert end <= paragraph.start < paragraph.end <= len(document.text)
        end = paragraph.end
        words = document.text_of(paragraph)
        assert words == words.strip()
        assert all(0 <= skip.at <= len(words) for skip in paragraph.skips)


def words(raw):
    document = read(raw)
    return [document.text_of(p) for p in document.paragraphs]


PAPER = """\
---
title: "A position"
date: 2008-05-02
author: Test office
lang: en
marking: C/NF
tags:
  - one
  - two
---

# The *position* #

The delegation said that it **would not** oppose.
It cited [a paper](http://example.org/x "Paper").[^1]

> We shall not sign
> this text.

1. (U) One
2. (S) Two
   goes on

[^1]: Not public.
"""


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_paper_is_read_as_its_reader_sees_it(end):
    document = read(PAPER.replace("\n", end))
    assert [
        (p.role, p.number, p.label, p.heading, document.text_of(p))
        for p in document.paragraphs
    ] == [
        (ParagraphRole.HEADING, "", "", "", "The position"),
        (
            ParagraphRole.BODY, "", "", "The position",
            "The delegation said that it would not oppose.\nIt cited a paper.",
        ),
        (
            ParagraphRole.BODY, "", "", "The position",
            "We shall not sign\nthis text.",
        ),
        (ParagraphRole.BODY, "1", "1.", "The position", "One"),
        (ParagraphRole.BODY, "2", "2.", "The position", "Two\ngoes on"),
        (ParagraphRole.NOTE, "", "1", "", "Not public."),
    ]  # fmt: skip
    assert [p.level for p in document.paragraphs][3:5] == [
        Level.UNCLASSIFIED,
        Level.SECRET,
    ]


def test_front_matter_says_what_the_document_is():
    document = read(PAPER)
    assert (document.identifier, document.title) == ("paper", "A position")
    assert (document.dated, document.issuer) == ("2008-05-02", "Test office")
    assert (document.language, document.level) == ("en", Level.CONFIDENTIAL)
    assert (document.kind, document.shape) == (SourceKind.OTHER, "front matter")
    (problem,) = document.problems
    assert problem.message == "“tags” is no field of front matter."


def test_a_block_quote_is_somebody_elses_words():
    document = read(PAPER)
    voices = [p.voices for p in document.paragraphs]
    (voice,) = voices[2]
    assert (voice.start, voice.end, voice.kind) == (0, 28, VoiceKind.QUOTED)
    assert [len(found) for found in voices] == [0, 0, 1, 0, 0, 0]


def test_a_note_leaves_a_trace_where_its_mark_stood():
    document = read(PAPER)
    (skip,) = document.paragraphs[1].skips
    assert (skip.raw, skip.at) == (
        "[^1]",
        len(document.text_of(document.paragraphs[1])),
    )


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("**a** and *b* and __c__ and _d_ and ***e***", "a and b and c and d and e"),
        ("snake_case_word and 2 * 3 * 4", "snake_case_word and 2 * 3 * 4"),
        ("an * open star and a *closed* one", "an * open star and a closed one"),
        ("~~gone~~", "gone"),
        ("[words](http://a.b/c_(d) 'title') on", "words on"),
        ("![a map](map.png) here", "a map here"),
        ("[words][ref] and [not] these", "words and [not] these"),
        ("Art. 1[b](c)", "Art. 1b"),
        ("<http://a.b> and <o@n.de>", "http://a.b and o@n.de"),
        ("a<br/>b <b>c</b> 1 < 2 > 1", "ab c 1 < 2 > 1"),
        ("`co*d*e` and ``a`b``", "co*d*e and ``a`b``"),
        (r"\*a\* \_b\_ \[c\] \x", r"*a* _b_ [c] \x"),
        ("&amp; &eacute; &#8217; &nonsense; &", "& é ’ &nonsense; &"),
        ("a <!-- hidden --> b", "a  b"),
        ("line one  \nline two\\\nline three", "line one\nline two\nline three"),
        ("(Comment: *stays* a comment)", "(Comment: stays a comment)"),
    ],
)
def test_signs_within_lines_are_what_they_mean(raw, shown):
    assert words(raw) == [shown]


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        ("# One\n## Two ##\n###Three", [("heading", "One"), ("heading", "Two"),
                                        ("body", "###Three")]),
        ("One\n===\n\nTwo\nlines\n---\n", [("heading", "One"),
                                           ("heading", "Two\nlines")]),
        ("a\n\n---\n\n***\n\nb", [("body", "a"), ("body", "b")]),
        ("- a\n- b\n  more\n+ c\n* d", [("body", "a"), ("body", "b\nmore"),
                                        ("body", "c"), ("body", "d")]),
        ("3) a\n4) b", [("body", "a"), ("body", "b")]),
        ("In the year\n2008. it was", [("body", "In the year\n2008. it was")]),
        ("See page\n12. It says", [("body", "See page\n12. It says")]),
        ("- [x] done", [("body", "done")]),
        ("> a\n>> b\n\nc", [("body", "a\nb"), ("body", "c")]),
        ("> - a\n> - b", [("body", "a"), ("body", "b")]),
        ("```py\n# no *heading*\n\nx\n```\nafter",
         [("body", "# no *heading*\n\nx"), ("body", "after")]),
        ("| A | B |\n|---|:-:|\n| 1 | *2* |\n\nx|y",
         [("body", "A | B"), ("body", "1 | 2"), ("body", "x|y")]),
        ("<!-- all\nof this -->\na", [("body", "a")]),
        ("[ref]: http://a.b\na", [("body", "a")]),
        ("    indented", [("body", "indented")]),
    ],
)  # fmt: skip
def test_blocks(raw, found):
    document = read(raw)
    assert [(p.role.value, document.text_of(p)) for p in document.paragraphs] == found


def test_bullets_and_numbers_are_labels():
    document = read("- a\n- b\n\n7. c\n8. d")
    assert [(p.number, p.label) for p in document.paragraphs] == [
        ("", "•"),
        ("", "•"),
        ("7", "7."),
        ("8", "8."),
    ]


def test_the_first_heading_is_the_title_where_none_is_given():
    assert read("# On *this*\n\nText.").title == "On this"
    assert read("Text.\n\n# On this").title == ""


@pytest.mark.parametrize("raw", ["---\n---", "***", "<!-- x -->", "[a]: b", "```\n```"])
def test_a_text_without_a_word_is_refused(raw):
    with pytest.raises(ImportFault, match="The text is empty"):
        markdown.parse(Read("a.md", raw.encode()))


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "The file is empty."),
        (b"%PDF-1.4", "This is a PDF file, not a text."),
        (bytes(range(256)) * 9, "This is a binary file, not a text."),
    ],
)
def test_what_is_no_text_is_refused(data, sentence):
    with pytest.raises(ImportFault) as caught:
        markdown.parse(Read("a.md", data))
    assert caught.value.reason == sentence


def test_markdown_is_known_by_its_name_only():
    assert markdown.fits("a/README.MD", b"") is markdown.fits("x.markdown", b"") is True
    assert markdown.fits("a.txt", b"# Heading") is False


@pytest.mark.parametrize(
    ("raw", "fields"),
    [
        ("---\ntitle: A\ntags:\n- x\n- y\n---\n", {"title": "A"}),
        ("---\ntitle: A\nnote: |\n  many\n  lines\n---\n", {"title": "A"}),
        ("---\nid: A\n---\n", {"identifier": "A"}),
        ("---\n- x\ntitle: A\n---\n", {}),
        ('+++\ntitle = "A"\ndraft=false\n+++\nText.', {"title": "A"}),
        ("+++\ntitle: A\n+++\n", {}),
        ("---\ntitle: A\n# tags: x\n---\n", {"title": "A"}),
        ("---\ndate: 2008-05-02T10:00:00+02:00\n---\n", {"dated": "2008-05-02"}),
        ("---\ndate: 2008-05-02 10:00:00 +0200\n---\n", {"dated": "2008-05-02"}),
    ],
)
def test_front_matter_of_other_programs_is_read(raw, fields):
    assert front_matter.read_front(raw).fields == fields


PIECES = st.lists(
    st.sampled_from(
        ["\n", "\r\n", "\n\n", "# ", "> ", "- ", "1. ", "| ", "|-|-|\n", "---\n",
         "```\n", "*", "**", "_", "`", "[", "](", ")", "]", "![", "[^1]", "[^1]: ",
         "<!--", "-->", "<b>", "&amp;", "\\", "words", " ", "  ", "\t", "title: x\n",
         "\x00", "é", "(S) "]
    ),
    max_size=25,
).map("".join)  # fmt: skip


@given(PIECES)
def test_any_text_is_a_document_or_empty(raw):
    try:
        document = read(raw)
    except ImportFault as fault:
        assert fault.reason in ("The text is empty.", "The file is empty.")  # noqa: PT017
    else:
        assert document == read(raw)


@pytest.mark.parametrize(
    "piece",
    ["*", "_", "[", "](", "`", "<", "<!--", "&", "\\", "> ", "- ", "#", "|", "x", " ",
     "\n", "- a\n", "> a\n", "|a\n", "a ", "[a](b) ", "*a* ", "[^1]", "~~~\n", "\r",
     "=\n"],
)  # fmt: skip
def test_no_shape_of_text_keeps_it_busy_for_ever(piece):
    raw = "words\n" + piece * (100_000 // len(piece)) + " words"
    with hang_guard(30):
        markdown.parse(Read("a.md", raw.encode()))
