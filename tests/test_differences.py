"""Differences in words: what stayed, what went, what came."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from positions.differences import Difference, Value, between, word_pieces, words_of

# Letters with marks, signs, spaces and scripts that part no words.
TEXTS = st.text("ab. é\u0301\n日本ไทยعر-’", max_size=60)


def shown(before, after):
    marks = {"same": "{}", "removed": "[-{}-]", "added": "[+{}+]"}
    return "".join(
        marks[kind].format(text) for kind, text in word_pieces(before, after)
    )


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("prefer CCW", "prefer CCW", "prefer CCW"),
        ("prefer CCW", "prefer Oslo", "prefer [-CCW-][+Oslo+]"),
        ("it may join", "it may not join", "it may [+not +]join"),
        ("did not object", "did object", "did [-not -]object"),
        ("", "new", "[+new+]"),
        ("old", "", "[-old-]"),
        ("", "", ""),
        # Words that change beside each other change together.
        (
            "the old text here",
            "the new words here",
            "the [-old text-][+new words+] here",
        ),
        ("反対した", "反対しない", "反対し[-た-][+ない+]"),
        # A letter is never parted from its marks.
        ("cafe\u0301", "cafe", "[-cafe\u0301-][+cafe+]"),
    ],
)
def test_a_difference_is_told_word_by_word(before, after, expected):
    assert shown(before, after) == expected


@given(TEXTS, TEXTS)
def test_applying_a_difference_gives_the_new_text_and_taking_it_back_the_old(old, new):
    pieces = word_pieces(old, new)
    assert "".join(piece.text for piece in pieces if piece.kind != "removed") == new
    assert "".join(piece.text for piece in pieces if piece.kind != "added") == old


@given(TEXTS, TEXTS)
def test_no_piece_is_empty_and_neighbours_differ_in_kind(old, new):
    pieces = word_pieces(old, new)
    assert all(piece.text for piece in pieces)
    assert all(
        one.kind != other.kind for one, other in zip(pieces, pieces[1:], strict=False)
    )


@given(TEXTS)
def test_the_words_of_a_text_joined_are_the_text(text):
    assert "".join(words_of(text)) == text


def test_two_long_texts_with_little_in_common_count_as_written_anew():
    old = " ".join(f"a{n}" for n in range(3000))
    new = " ".join(f"b{n}" for n in range(3000))
    assert [piece.kind for piece in word_pieces(old, new)] == ["removed", "added"]


def test_a_word_changed_in_a_long_text_is_still_found():
    words = [f"w{n % 7}" for n in range(9000)]
    changed = [*words[:4000], "other", *words[4001:]]
    pieces = word_pieces(" ".join(words), " ".join(changed))
    assert [piece.text for piece in pieces if piece.kind == "added"] == ["other"]


def test_only_values_that_differ_are_told_in_the_order_of_the_new_state():
    before = {
        "name": Value("Name", "Nippon", "Nippon"),
        "kind": Value("Kind", "state", "State"),
        "gone": Value("Alias", "old", "old"),
    }
    after = {
        "new": Value("Alias", "new", "new"),
        "kind": Value("Kind", "bloc", "Bloc"),
        "name": Value("Name", "Nippon", "Nippon"),
    }
    assert between(before, after) == [
        Difference("Alias", None, "new"),
        Difference("Kind", "State", "Bloc"),
        Difference("Alias", "old", None),
    ]


def test_values_of_the_same_words_still_differ_by_what_they_are():
    before = {"option": Value("Option", 1, "CCW (mines)")}
    after = {"option": Value("Option", 2, "CCW (clusters)")}
    assert len(between(before, after)) == 1


def test_prose_is_told_inside_the_text_unless_one_side_is_empty():
    old, new = (
        Value("Note", "a b", "a b", prose=True),
        Value("Note", "a c", "a c", True),
    )
    (one,) = between({"note": old}, {"note": new})
    assert [piece.kind for piece in one.pieces] == ["same", "removed", "added"]
    (one,) = between({"note": Value("Note", "", "", True)}, {"note": new})
    assert one.pieces == ()
