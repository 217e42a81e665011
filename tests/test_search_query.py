"""What a query means, where words stand in a text, and what an index keeps of it."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from positions import names
from positions.search import BadQuery, parse, snippet
from positions.search.index import (
    BEYOND,
    GAP,
    LAST_PLACE,
    MOST_PLACES,
    fts5_columns,
    runs,
    tsvector,
)
from positions.search.query import LONGEST_WORD, cut, for_fts5, for_tsquery
from positions.search.snippet import place

WORDS = st.text(
    st.sampled_from(
        "abAB Éé\u0301\u0308ßİıñ½²-_'´’. \n"
        "日本ガｶﾞ한\u1112\u1161हिन्दीع\u0640\u064eأﷺ\u200d🙂"
    ),
    max_size=30,
)


@pytest.mark.parametrize(
    ("text", "wanted", "unwanted"),
    [
        ("oslo", ["oslo"], []),
        ("Oslo PROCESS", ["oslo", "process"], []),
        ('"Oslo Process"', ["oslo process"], []),
        ("“Oslo Process” ccw", ["oslo process", "ccw"], []),
        ('ccw "oslo process', ["ccw", "oslo process"], []),
        ("ccw -oslo", ["ccw"], ["oslo"]),
        ('ccw -"oslo process"', ["ccw"], ["oslo process"]),
        ("ccw --oslo - - oslo", ["ccw", "oslo"], ["oslo"]),
        ("conven*", ["conven*"], []),
        ("ccw -conven*", ["ccw"], ["conven*"]),
        ("*ccw", ["ccw"], []),
        ('"ccw*"', ["ccw"], []),
        ("2008-05-02", ["2008 05 02"], []),
        ("Guinea-Biss*", ["guinea biss*"], []),
        ("クラスター弾", ["ク ラ ス タ ー 弾"], []),
        ("弾*", ["弾"], []),
        ("-- ccw & * () ^ : \x00 {words}", ["ccw", "words"], []),
        ("ccw OR oslo NOT near(oslo)", ["ccw", "or", "oslo", "not", "near oslo"], []),
    ],
)
def test_a_query_is_read(text, wanted, unwanted):
    query = parse(text)

    def shown(terms):
        return [" ".join(term.words) + "*" * term.beginning for term in terms]

    assert (shown(query.wanted), shown(query.unwanted)) == (wanted, unwanted)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Give at least one word to look for."),
        (" \t\n", "Give at least one word to look for."),
        ("* \x00 & \ud800 — _", "Give at least one word to look for."),
        ('""', "Give at least one word to look for."),
        ("-oslo", "Give at least one word to look for, not only words to leave out."),
        ("ccw o*", "“o*” is too short: give two letters before the *."),
        ("ccw x-o*", "“x-o*” is too short: give two letters before the *."),
        ("ab " * 101, "A query has at most 100 words."),
        ("本" * 101, "A query has at most 100 words."),
        ("a" * 1001, "A query has at most 1000 characters."),
    ],
)
def test_a_query_that_asks_for_nothing_or_too_much_is_refused(text, sentence):
    with pytest.raises(BadQuery, match=r"\A[^\n]+\Z") as fault:
        parse(text)
    assert str(fault.value) == sentence


@given(st.text(max_size=60))
def test_only_quoted_words_reach_a_database(text):
    try:
        query = parse(text)
    except BadQuery:
        return
    for pieces in (for_fts5(query).split('"'), for_tsquery(query).split("'")):
        assert all(names.tokens(word) == word.split() for word in pieces[1::2])
        assert set("".join(pieces[::2])) <= set("() ANDORT*&!<->:")


def test_the_part_that_everybody_may_search_is_named_to_both_databases():
    query = parse("ccw osl* -secret")
    assert (
        for_fts5(query, column="words")
        == '{words} : (("ccw" AND "osl" *) NOT ("secret"))'
    )
    assert for_tsquery(query, weight="A") == "('ccw':A) & ('osl':*A) & !('secret':A)"


# -- where words stand --------------------------------------------------------


@given(WORDS | st.text(max_size=30))
def test_the_words_placed_in_a_text_are_the_words_of_the_index(text):
    found = list(place(text))
    assert [word for word, _, _ in found] == cut(text)
    assert all(0 <= start < end <= len(text) for _, start, end in found)
    assert [start for _, start, _ in found] == sorted(start for _, start, _ in found)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The (CCW), then.", ["The", "CCW", "then"]),
        ("Japan's", ["Japan", "s"]),
        ("Côte d’Ivoire", ["Côte", "d", "Ivoire"]),
        ("cafe\u0301s", ["cafe\u0301s"]),
        ("日本、CCW。", ["日", "本", "CCW"]),
        ("か\u3099ーナ", ["か\u3099", "ー", "ナ"]),
        ("STRASSE straße", ["STRASSE", "straße"]),
        ("a_b", ["a", "b"]),
        ("", []),
    ],
)
def test_each_word_has_its_place_in_the_text(text, expected):
    assert [text[start:end] for _, start, end in place(text)] == expected


@pytest.mark.parametrize(
    ("text", "query", "marked"),
    [
        ("Japan prefers the CCW.", "ccw", "Japan prefers the [CCW]."),
        ("CCW, ccw; Ccw", "ccw", "[CCW], [ccw]; [Ccw]"),
        ("The Oslo Process; Oslo.", '"oslo process"', "The [Oslo Process]; Oslo."),
        ("Conventions and convents", "convention*", "[Conventions] and convents"),
        ("Guinea-Bissau", "bissau", "Guinea-[Bissau]"),
        ("日本はオスロ", "オスロ", "日本は[オスロ]"),
        ("nothing here", "ccw", "nothing here"),
        ("ccw oslo -x", "ccw -oslo", "[ccw] oslo -x"),
        ("a b a b a", '"a b a"', "[a b a b a]"),
        ("<b>ccw</b>", "ccw", "<b>[ccw]</b>"),
        ("", "ccw", ""),
    ],
)
def test_a_snippet_marks_every_match(text, query, marked):
    pieces = snippet(text, parse(query))
    assert "".join(f"[{t}]" if match else t for t, match in pieces) == marked


def test_a_snippet_shows_the_words_around_the_first_match():
    text = "before " * 100 + "CCW " + "after " * 100
    pieces = snippet(text, parse("ccw"))
    shown = "".join(piece for piece, _ in pieces)
    assert ("CCW", True) in pieces
    assert shown.startswith("…before before")
    assert shown.endswith("after…")
    assert 200 < len(shown) < 260


def test_a_snippet_is_cut_where_there_is_no_blank_too():
    text = "本" * 500 + "条約" + "本" * 500
    pieces = snippet(text, parse("条約"))
    assert ("条約", True) in pieces
    assert sum(len(piece) for piece, _ in pieces) < 300


@given(WORDS, WORDS)
def test_a_snippet_of_a_short_text_is_the_text(text, words):
    try:
        query = parse(words)
    except BadQuery:
        return
    assert "".join(piece for piece, _ in snippet(text, query)) == text


# -- what an index keeps ------------------------------------------------------


def placed(parts):
    """(part, place, word) of each word that is kept."""
    return [
        (part, place, word)
        for part, first, words in runs(parts)
        for place, word in enumerate(words, start=first)
    ]


def test_nothing_stands_side_by_side_across_texts_and_parts():
    parts = [["one two", "", "three"], ["four five"]]
    assert placed(parts) == [
        (0, 1, "one"),
        (0, 2, "two"),
        (0, 4, "three"),
        (1, 6, "four"),
        (1, 7, "five"),
    ]
    assert fts5_columns(parts) == [f"one two {GAP} three", f"{GAP} four five"]
    assert (
        tsvector(parts, ("A", "")) == "'one':1A 'two':2A 'three':4A 'four':6 'five':7"
    )


@given(st.text(max_size=60))
def test_every_text_makes_a_tsvector_without_anything_to_escape(text):
    kept = tsvector([[text], [text]], ("A", ""))
    assert re.fullmatch(r"(?:'[^\W_]+':(?:\d+A?,?)+ ?)*", kept)


@given(st.text(max_size=400) | st.text("ab. -é", max_size=2000))
@example("x" * 300)
@example("a " * MOST_PLACES)
@example("a. " * MOST_PLACES)
def test_fts5_is_given_the_words_that_a_tsvector_has(text):
    (column,) = fts5_columns([[text]])
    placed_words = [word for _, _, word in placed([[text]])]
    assert column.replace(GAP, " ").split() == placed_words


def test_no_text_has_the_word_of_a_gap():
    assert names.tokens(f"a {GAP} b {GAP}") == ["a", "b"]


def test_long_texts_are_kept_within_the_limits_of_both_databases():
    text = " ".join(f"w{n} the" for n in range(LAST_PLACE)) + " the last"
    kept = placed([[text]])
    places = [place for _, place, word in kept if word == "the"]
    assert len(places) == MOST_PLACES
    assert kept[-1] == (0, BEYOND, "last")
    assert all(place <= LAST_PLACE or place == BEYOND for _, place, _ in kept)
    assert {word for _, _, word in kept} == set(names.tokens(text))


def test_a_text_of_too_many_words_keeps_the_first_of_them():
    text = " ".join(f"word{n}" for n in range(200_000))
    words = [word for _, _, word in placed([[text]])]
    assert words == names.tokens(text)[: len(words)]
    assert 10_000 < len(words) < 200_000


def test_a_word_is_cut_at_the_same_length_in_texts_and_queries():
    long = "本a" + "x" * 5000
    assert [len(word) for word in cut(long)] == [1, LONGEST_WORD]
    assert parse("y" * 900).wanted[0].words == tuple(cut("y" * 5000))
