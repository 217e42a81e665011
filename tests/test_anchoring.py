"""Anchoring: finding quotes, carrying them and paragraph keys, citing."""

import unicodedata

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from positions import anchoring
from positions.anchoring import Now, Selector, Span, where_now
from positions.choices import Anchor

# Few letters and many signs, so that quotes are often found, and found twice.
TEXT = st.text("ab é“\"'’–-\n\u00a0\u00ad…ﬁA", max_size=40)
OLD = (
    "The deputy said Ghana’s policy, approved by the minister, is unchanged. "
    "The first aim is a binding agreement within the Convention, to which all main "
    "producers would be party. At home, pressure forces the government to take part "
    "in the Process."
)


def words_of(text, spans):
    return [text[span.start : span.end] for span in spans]


def essence(text):
    """Letters and digits only, without case: what every reading of a quote keeps."""
    folded = unicodedata.normalize("NFKD", text).casefold()
    return "".join(c for c in folded if c.isalnum())


# Finding.


@pytest.mark.parametrize(
    ("quote", "text", "spans"),
    [
        ("b", "abcb", (Span(1, 2, True), Span(3, 4, True))),
        (" b\n", "abc", (Span(1, 2, True),)),
        ("aa", "aaa", (Span(0, 2, True), Span(1, 3, True))),
        ("日本", "😀日本", (Span(1, 3, True),)),
        ("d", "abc", ()),
        ("", "abc", ()),
        (" \n\u00a0", "a  b", ()),
        ("\u00ad", "a\u00adb", ()),
        ("abc", "", ()),
        ("“”", "abc", ()),
    ],
)
def test_a_quote_is_found_wherever_it_stands(quote, text, spans):
    assert anchoring.locate(quote, text) == spans


@pytest.mark.parametrize(
    ("quote", "text", "words"),
    [
        ("Ghana's policy", "said Ghana’s policy,", "Ghana’s policy"),
        ("Ghana’s policy", "said Ghana's policy,", "Ghana's policy"),
        ('the "core" group', "the “core” group", "the “core” group"),
        ("CCW - Oslo", "both CCW — Oslo.", "CCW — Oslo"),
        ("CCW—Oslo", "both CCW--Oslo.", "CCW--Oslo"),
        ("one two", "a one \n\n  two b", "one \n\n  two"),
        ("one\u00a0two", "a one two b", "one two"),
        ("one  two", "a one\u00a0two b", "one\u00a0two"),
        ("cooperation", "their co\u00adopera\u200btion", "co\u00adopera\u200btion"),
        ("the five ﬁrms", "the five firms", "the five firms"),
        ("first", "the ﬁrst", "ﬁrst"),
        ("wait...", "wait… then", "wait…"),
        ("Co\u0302te", "the Côte", "Côte"),
        ("“is unchanged”", "policy is unchanged.", "is unchanged"),
        ("…is unchanged. [...]", "policy is unchanged.", "is unchanged."),
        ('"... is unchanged', "policy is unchanged.", "is unchanged"),
        ("“Core” states", "the 'core' and \"Core\" states", '"Core" states'),
        ("The first aim", "hence the first aim", "the first aim"),
        ("“THE FIRST AIM”", "hence the first aim", "the first aim"),
        ("STRASSE", "die Straße", "Straße"),
    ],
)
def test_a_quote_pasted_in_another_shape_is_found_as_it_is_printed(quote, text, words):
    spans = anchoring.locate(quote, text)
    assert words_of(text, spans) == [words]
    assert not spans[0].exact


@pytest.mark.parametrize(
    ("quote", "text"),
    [
        ("first", "ﬁ rst"),
        ("irst", "ﬁrst"),
        ("e", "é"),
        ("Cote", "Côte"),
        ("unchanged", "changed"),
    ],
)
def test_other_words_and_parts_of_characters_are_not_found(quote, text):
    assert anchoring.locate(quote, text) == ()


def test_exact_places_come_first_and_other_printings_are_offered_too():
    text = "It’s It's it's"
    spans = anchoring.locate("It's", text)
    assert words_of(text, spans) == ["It's", "It’s"]
    assert [span.exact for span in spans] == [True, False]


def test_the_case_counts_while_it_can():
    assert words_of("the’s The’s", anchoring.locate("The's", "the’s The’s")) == [
        "The’s"
    ]


def test_the_places_of_a_quote_that_stands_everywhere_are_bounded():
    assert len(anchoring.locate("e", "e" * 5000)) == anchoring.MAX_PLACES


@given(TEXT, TEXT)
def test_every_place_found_reads_like_the_quote(quote, text):
    spans = anchoring.locate(quote, text)
    assert list(spans) == sorted(spans, key=lambda span: span.start)
    for span in spans:
        words = text[span.start : span.end]
        assert essence(words) == essence(quote)
        assert span.exact == (words == quote.strip())


@given(TEXT, st.integers(0, 40), st.integers(1, 40))
def test_every_slice_of_a_text_is_found_in_its_place(text, start, length):
    quote = text[start : start + length]
    found = anchoring.locate(quote, text)
    seen = "".join(c for c in quote if unicodedata.category(c) != "Cf").strip()
    lead = len(quote) - len(quote.lstrip())
    assert bool(found) == bool(seen)
    if found:
        at = start + lead
        assert Span(at, at + len(quote.strip()), exact=True) in found


@given(TEXT, TEXT, TEXT)
def test_typography_does_not_hide_a_quote(before, quote, after):
    assume(essence(quote))
    typed = quote.translate(str.maketrans("“’–\u00a0\n", "\"'-  "))
    text = f"{before} {quote} {after}"
    assert any(
        essence(words) == essence(quote)
        for words in words_of(text, anchoring.locate(typed, text))
    )


# Selectors.


def test_a_selector_holds_the_words_and_what_stands_around_them():
    assert anchoring.selector("0123456789", 3, 5) == Selector("012", "34", "56789")
    assert anchoring.selector("0123456789", 3, 5, context=2) == Selector(
        "12", "34", "56"
    )
    assert anchoring.selector("0123456789", 3, 5, context=0) == Selector("", "34", "")


@pytest.mark.parametrize(("start", "end"), [(3, 3), (-1, 2), (2, 11), (5, 3)])
def test_a_selector_needs_a_span_of_the_text(start, end):
    with pytest.raises(ValueError, match=r"is no span of 10 characters"):
        anchoring.selector("0123456789", start, end)


# Quotes in a new text.


def after(quote, new, old=OLD):
    """(state, words) of a quote once `new` has taken the place of `old`."""
    now = where_now(quote, old.index(quote), old, new)
    if now.anchor == Anchor.ORPHANED:
        assert now == Now(Anchor.ORPHANED)
        return now.anchor, None
    return now.anchor, new[now.start : now.end]


def changed(*pairs):
    new = OLD
    for old, other in pairs:
        assert old in new
        new = new.replace(old, other)
    return new


def test_a_quote_stays_in_a_text_that_did_not_change():
    assert where_now("policy", OLD.index("policy"), OLD, OLD) == Now(
        Anchor.ANCHORED, OLD.index("policy"), OLD.index("policy") + 6
    )


@pytest.mark.parametrize(
    ("quote", "new"),
    [
        ("a binding agreement", changed(("producers", "users"))),
        ("a binding agreement", changed(("The deputy", "The deputy minister"))),
        ("a binding agreement", "Only this: a binding agreement."),
        # Short, but its surroundings vouch for it.
        ("policy", changed(("first aim", "foremost aim"))),
        ("policy", changed(("minister", "policy council"))),
    ],
)
def test_a_quote_is_anchored_where_its_own_words_stand(quote, new):
    assert after(quote, new) == (Anchor.ANCHORED, quote)


@pytest.mark.parametrize(
    ("quote", "new", "words"),
    [
        ("Ghana’s policy", changed(("Ghana’s", "Ghana's")), "Ghana's policy"),
        ("is a binding", changed(("is a", "is\na")), "is\na binding"),
        (
            "pressure forces the government",
            changed(("pressure forces", "presure force")),
            "presure force the government",
        ),
        (
            "a binding agreement within the Convention",
            changed(("a binding", "a legally binding")),
            "binding agreement within the Convention",
        ),
        (
            "approved by the minister, is unchanged",
            changed(("approved by the minister, ", "approved by the ministry, ")),
            "approved by the ministry, is unchanged",
        ),
        (
            "The first aim is a binding agreement",
            "The first aim is a binding agrement",
            "The first aim is a binding agrement",
        ),
    ],
)
def test_a_quote_is_moved_where_one_place_is_nearly_it(quote, new, words):
    assert after(quote, new) == (Anchor.MOVED, words)


@pytest.mark.parametrize(
    ("quote", "new"),
    [
        ("a binding agreement", ""),
        ("a binding agreement", "Something else was said, at some length, elsewhere."),
        # Too short to be known again by likeness.
        ("all main", changed(("all main", "all mein"))),
        # Cut short in the middle of a word, it would be nearly it.
        ("is unchanged", changed(("unchanged", "unchangeable"))),
        # Its words stand there, but in another place.
        ("policy", changed(("Ghana’s policy", "this"), ("Process", "policy"))),
        # Twice, and nothing tells which.
        ("a binding agreement", "a binding agreement, a binding agreement"),
        # Two places are nearly it.
        (
            "the first aim is a binding agreement".capitalize(),
            "The first aim is a bindng agreement. The first aim is a binding agrement.",
        ),
    ],
)
def test_a_quote_is_orphaned_where_no_place_or_no_single_place_is_its_own(quote, new):
    assert after(quote, new) == (Anchor.ORPHANED, None)


ANSWERS = "Ghana said yes. Togo said yes. Benin said no. Niger said yes."


@pytest.mark.parametrize(
    ("start", "new", "anchor", "before"),
    [
        # An edit far away: the surroundings of each are still its own.
        (6, ANSWERS.replace("Niger", "Mali"), Anchor.ANCHORED, "Ghana "),
        (21, ANSWERS.replace("Niger", "Mali"), Anchor.ANCHORED, "Togo "),
        # The sentence is gone, its likes are not.
        (6, ANSWERS.replace("Ghana said yes. ", ""), Anchor.ORPHANED, ""),
        (21, ANSWERS.replace("Togo said yes. ", ""), Anchor.ORPHANED, ""),
        (6, "Togo said yes.", Anchor.ORPHANED, ""),
    ],
)
def test_among_the_same_words_only_the_surroundings_decide(start, new, anchor, before):
    now = where_now("said yes", start, ANSWERS, new)
    assert now.anchor == anchor
    if before:
        assert new[: now.start].endswith(before)


def test_a_look_alike_that_stood_beside_the_quote_does_not_inherit_it():
    old = "Ghana said its position is unchanged. Guinea said its position is unchanged."
    new = "Guinea said its position is unchanged."
    assert after("Ghana said its position is unchanged.", new, old)[0] == (
        Anchor.ORPHANED
    )


def test_a_text_too_large_to_search_for_likeness_orphans_what_it_lacks(monkeypatch):
    new = changed(("pressure forces", "presure force"))
    assert after("pressure forces the government", new)[0] == Anchor.MOVED
    monkeypatch.setattr(anchoring, "MAX_SEARCHED", 1000)
    assert after("pressure forces the government", new)[0] == Anchor.ORPHANED
    assert after("a binding agreement", new)[0] == Anchor.ANCHORED


@pytest.mark.parametrize(("quote", "start"), [("", 0), ("policy", 0), ("The", -1)])
def test_a_quote_must_stand_where_it_is_said_to(quote, start):
    with pytest.raises(ValueError, match="does not stand at this place"):
        where_now(quote, start, OLD, OLD)


@st.composite
def quotes(draw):
    """A quote and its start, in an old text, and another text."""
    before, quote, after = draw(TEXT), draw(TEXT.filter(bool)), draw(TEXT)
    edited = draw(st.sampled_from([quote, quote.replace("a", "b"), "b" + quote]))
    return quote, len(before), before + quote + after, draw(TEXT) + edited + draw(TEXT)


@given(quotes())
def test_whatever_the_texts_an_anchored_quote_is_still_the_quote(case):
    quote, start, old, new = case
    now = where_now(quote, start, old, new)
    if now.anchor == Anchor.ORPHANED:
        assert (now.start, now.end) == (None, None)
    else:
        words = new[now.start : now.end]
        assert words
        assert (words == quote) == (now.anchor == Anchor.ANCHORED)
        assert essence(words) == essence(quote) or len(quote) >= 12


# Paragraph keys.

PARAGRAPHS = [
    "1. The first paragraph speaks of the meeting and of those who came to it.",
    "2. The second paragraph gives the position of the host government in full.",
    "3. What the neighbours think of all this stands in a third paragraph.",
    "4. No comment.",
]
KEYED = list(enumerate(PARAGRAPHS, 1))


def letters(text):
    return list(enumerate(text, 1))


@pytest.mark.parametrize(
    ("old", "new", "keys"),
    [
        ("", "", []),
        ("", "ab", [90, 91]),
        ("abc", "", []),
        ("abc", "abc", [1, 2, 3]),
        ("aaa", "aaa", [1, 2, 3]),
        ("abc", "axbc", [1, 90, 2, 3]),
        ("abc", "bc", [2, 3]),
        ("abc", "ac", [1, 3]),
        ("anbncn", "anbnxncn", [1, 2, 3, 4, 90, 91, 5, 6]),
        ("nanbn", "nbn", [1, 4, 5]),
        # Where a text stands once on both sides it is known wherever it has gone.
        ("abcd", "dabc", [4, 1, 2, 3]),
        ("abcd", "bcda", [2, 3, 4, 1]),
    ],
)
def test_equal_paragraphs_keep_their_keys(old, new, keys):
    assert anchoring.carry_keys(letters(old), list(new), next_key=90) == keys


@pytest.mark.parametrize(
    ("new", "keys"),
    [
        # Corrected here and there.
        ([p.replace("the", "teh") for p in PARAGRAPHS], [1, 2, 3, 4]),
        # Corrected, with a new one before it.
        (
            [PARAGRAPHS[0], "Quite another thing.", PARAGRAPHS[1] + " Really."],
            [1, 90, 2],
        ),
        # Rewritten.
        ([PARAGRAPHS[0], "Nothing of what it said is left in this one."], [1, 90]),
        # Two are as like the old one: neither inherits.
        (
            [PARAGRAPHS[0], PARAGRAPHS[1] + " Yes.", PARAGRAPHS[1] + " No!!"],
            [1, 90, 91],
        ),
        # One of two is more like it.
        (
            [PARAGRAPHS[0], PARAGRAPHS[1] + " In full!", PARAGRAPHS[1] + "!"],
            [1, 90, 2],
        ),
        # Corrected and exchanged: order tells nothing, so one of them is new.
        (
            [PARAGRAPHS[2] + "!", PARAGRAPHS[1] + "!!!", PARAGRAPHS[3]],
            [3, 90, 4],
        ),
    ],
)
def test_a_corrected_paragraph_keeps_its_key_if_it_is_surely_the_same(new, keys):
    assert anchoring.carry_keys(KEYED, new, next_key=90) == keys


def test_keys_are_carried_whatever_they_are():
    old = [(7, PARAGRAPHS[0]), (3, PARAGRAPHS[1])]
    assert anchoring.carry_keys(old, ["new", *PARAGRAPHS], next_key=8) == [
        8, 7, 3, 9, 10,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "next_key"), [([(1, "a"), (1, "b")], 2), ([(5, "a")], 5)]
)
def test_a_key_is_never_used_twice(old, next_key):
    with pytest.raises(ValueError, match="Keys must differ"):
        anchoring.carry_keys(old, ["a"], next_key=next_key)


BLOCKS = st.lists(st.sampled_from([*"abcn", *PARAGRAPHS, PARAGRAPHS[0] + "!"]))


@given(BLOCKS, BLOCKS)
def test_every_paragraph_gets_one_key_and_no_key_is_given_twice(old, new):
    keys = anchoring.carry_keys(letters(old), new, next_key=90)
    assert len(keys) == len(new) == len(set(keys))
    fresh = [key for key in keys if key >= 90]
    assert fresh == list(range(90, 90 + len(fresh)))
    assert all(1 <= key <= len(old) for key in keys if key < 90)


@given(BLOCKS)
def test_the_same_paragraphs_keep_all_their_keys(texts):
    keys = anchoring.carry_keys(letters(texts), texts, next_key=90)
    assert keys == list(range(1, len(texts) + 1))


@given(BLOCKS, BLOCKS)
def test_paragraphs_put_in_take_no_keys_from_those_that_stay(old, more):
    new = [f"{text} inserted {n}" for n, text in enumerate(more)] + old
    keys = anchoring.carry_keys(letters(old), new, next_key=90)
    assert keys[len(more) :] == list(range(1, len(old) + 1))


def test_a_long_document_is_carried_in_one_go():
    texts = [f"{n}. {PARAGRAPHS[n % 4]}" for n in range(3000)]
    new = [
        t.replace("paragraph", "section") if n % 2 else t for n, t in enumerate(texts)
    ]
    keys = anchoring.carry_keys(letters(texts), new, next_key=9000)
    assert keys == list(range(1, 3001))


def test_a_document_too_large_to_align_keeps_what_is_equal(monkeypatch):
    monkeypatch.setattr("positions.carrying.MAX_ALIGNED", 0)
    assert anchoring.carry_keys(letters("abcd"), list("axcyd"), next_key=90) == [
        1, 90, 3, 91, 4,
    ]  # fmt: skip


# Citing.


@pytest.mark.parametrize(
    ("numbers", "names"),
    [
        ([], []),
        (["1", "2", "A1"], ["1", "2", "A1"]),
        (["4"] * 5, ["4", "4 bis", "4 ter", "4 (4th)", "4 (5th)"]),
        (
            ["", "", "1", "", "", "", "2", ""],
            [
                "unnumbered at the start",
                "unnumbered at the start, 2nd",
                "1",
                "unnumbered after 1",
                "unnumbered after 1, 2nd",
                "unnumbered after 1, 3rd",
                "2",
                "unnumbered after 2",
            ],
        ),
        (
            ["4", "", "4", ""],
            ["4", "unnumbered after 4", "4 bis", "unnumbered after 4 bis"],
        ),
        (["4", "4", "4 bis"], ["4", "4 bis", "4 bis bis"]),
        (["4", "4 bis", "4"], ["4", "4 bis", "4 ter"]),
    ],
)
def test_paragraphs_are_named_as_they_are_cited(numbers, names):
    assert anchoring.paragraph_names(numbers) == names


def test_ordinals_are_english():
    names = anchoring.paragraph_names([""] * 23)
    assert names[10].endswith("11th")
    assert names[11].endswith("12th")
    assert names[20].endswith("21st")
    assert names[22].endswith("23rd")


@given(st.lists(st.sampled_from(["", "1", "2", "A1", "2 bis", "2 (4th)"]), max_size=30))
def test_no_two_paragraphs_have_one_name(numbers):
    names = anchoring.paragraph_names(numbers)
    assert len(names) == len(numbers) == len(set(names))
    assert all(
        name.startswith(number) for name, number in zip(names, numbers, strict=True)
    )


@pytest.mark.parametrize(
    ("name", "marking", "citation"),
    [
        ("3", "S", "08TOKYO1212, para 3 (S)"),
        ("3", "", "08TOKYO1212, para 3"),
        ("A1", "C/NF", "08TOKYO1212, para A1 (C/NF)"),
        ("4 bis", "U", "08TOKYO1212, para 4 bis (U)"),
        ("unnumbered after 4", "S", "08TOKYO1212, unnumbered after 4 (S)"),
        ("unnumbered at the start", "", "08TOKYO1212, unnumbered at the start"),
    ],
)
def test_a_paragraph_is_cited_as_analysts_do(name, marking, citation):
    assert (
        anchoring.citation_string("08TOKYO1212", name=name, marking=marking) == citation
    )


@pytest.mark.parametrize(
    ("number", "label", "addition"),
    [
        ("3", "13.", ' [printed "13." in this copy]'),
        ("6", "¶16.", ' [printed "¶16." in this copy]'),
        ("3", "3.", ""),
        ("3", "¶3.", ""),
        ("3", "", ""),
        ("A1", "1.", ""),
        ("A1", "9.", ' [printed "9." in this copy]'),
    ],
)
def test_the_long_citation_adds_the_label_where_its_number_differs(
    number, label, addition
):
    cited = anchoring.long_citation_string(
        "08TOKYO1212", name=number, marking="S", number=number, label=label
    )
    assert cited == f"08TOKYO1212, para {number} (S){addition}"
