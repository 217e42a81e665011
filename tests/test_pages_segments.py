"""Texts are cut where spans begin and end (no database)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from positions.segments import Span, segments

TEXT = "abcdefghij"


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        ([], [("abcdefghij", "")]),
        ([(0, 10, "A")], [("abcdefghij", "A")]),
        ([(2, 5, "A")], [("ab", ""), ("cde", "A"), ("fghij", "")]),
        (
            [(0, 5, "A"), (3, 8, "B")],
            [("abc", "A"), ("de", "AB"), ("fgh", "B"), ("ij", "")],
        ),
        ([(1, 9, "A"), (3, 4, "B")], [("a", ""), ("bc", "A"), ("d", "AB")]),
        ([(8, 99, "A")], [("abcdefgh", ""), ("ij", "A")]),
        ([(5, 5, "A"), (40, 50, "B")], [("abcdefghij", "")]),
    ],
)
def test_each_piece_knows_what_covers_it(spans, expected):
    found = segments(TEXT, [Span(*span) for span in spans])
    told = [(piece.text, "".join(piece.covers)) for piece in found]
    assert told[: len(expected)] == expected


def test_a_span_ends_with_exactly_one_piece_and_skips_stand_before_theirs():
    spans = [Span(0, 5, "A"), Span(3, 8, "B")]
    found = segments(TEXT, spans, [(3, "a line")])
    assert [(p.text, p.ends) for p in found if p.ends] == [
        ("de", ("A",)),
        ("fgh", ("B",)),
    ]
    assert [(p.text, p.skipped) for p in found if p.skipped] == [("de", ("a line",))]


@given(
    st.text(max_size=60),
    st.lists(st.tuples(st.integers(0, 70), st.integers(0, 70)), max_size=8),
)
def test_the_pieces_rebuild_the_text_and_its_spans(text, ends):
    spans = [Span(a, b, n) for n, (a, b) in enumerate(ends) if a < b]
    found = segments(text, spans)
    assert "".join(piece.text for piece in found) == text
    for span in spans:
        lit = "".join(piece.text for piece in found if span.what in piece.covers)
        assert lit == text[span.start : span.end]


def test_an_empty_text_has_no_piece():
    assert segments("", [Span(0, 3, "A")]) == []
