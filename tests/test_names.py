"""Names and words: what counts as the same, and the keys made from them."""

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from positions import names

ANY_TEXT = st.text(max_size=40)
# Every character that Unicode has assigned, without surrogates and private use.
ASSIGNED = [
    c
    for c in map(chr, range(sys.maxunicode + 1))
    if unicodedata.category(c) not in ("Cn", "Co", "Cs")
]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Côte d'Ivoire", "Cote d’Ivoire"),
        ("Côte d'Ivoire", "CÔTE D`IVOIRE"),
        ("Côte d'Ivoire", "Cote d´Ivoire"),
        ("Côte d'Ivoire", "Co\u0302te dIvoire"),
        ("Guinea-Bissau", "Guinea Bissau"),
        ("Guinea‐Bissau", "guinea – bissau"),
        ("U.S.A.", "USA"),
        ("St. Kitts & Nevis", "St Kitts   Nevis"),
        ("Korea, Republic of", "KOREA (REPUBLIC OF)"),
        ("Straße", "STRASSE"),
        ("Türkiye", "TURKIYE"),
        ("Iğdır", "IGDIR"),
        ("İstanbul", "istanbul"),
        ("ﬁnland", "Finland"),
        ("Ｊａｐａｎ", "Japan"),
        ("Viê\u0323t Nam", "Viet Nam"),
        ("Россия", "РОССИЯ"),
        ("Королёв", "КОРОЛЕВ"),
        ("ΕΛΛΆΣ", "Ελλάς"),
        ("مُحَمَّد", "محمد"),
        ("محـــمد", "محمد"),
        ("أحمد", "احمد"),
        ("יִשְׂרָאֵל", "ישראל"),
        ("ﾆﾎﾝ", "ニホン"),
        ("ｶﾞｰﾅ", "ガーナ"),
        ("대한민국", unicodedata.normalize("NFD", "대한민국")),
        ("San‘a", "Sanʿa"),
        ("co\u00adoperation", "cooperation"),
        ("Japan\u200e", "Japan"),
        ("Col·lectiu", "Collectiu"),
        (" \u00a0Japan\t\n", "japan"),
    ],
)
def test_two_spellings_of_a_name_have_one_key(one, other):
    assert names.name_key(one) == names.name_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Niger", "Nigeria"),
        ("Guinea-Bissau", "Guinea"),
        ("Guineabissau", "Guinea Bissau"),
        ("ガーナ", "カーナ"),
        ("राम", "रम"),
        ("राम", "रमि"),
        ("日本", "中国"),
        ("+", "-"),
        ("1", "2"),
    ],
)
def test_two_names_have_two_keys(one, other):
    assert names.name_key(one) != names.name_key(other)


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Côte d’Ivoire", "cote divoire"),
        ("日本", "日本"),
        ("대한민국", "대한민국"),
        ("ガーナ", "ガーナ"),
        ("", ""),
        (" \n", ""),
        ("???", "???"),
        ("…", "..."),
        ("\x00\x07", ""),
    ],
)
def test_a_key_is_legible(name, key):
    assert names.name_key(name) == key


@given(ANY_TEXT)
def test_a_key_of_a_key_is_the_key(text):
    key = names.name_key(text)
    assert names.name_key(key) == key


@given(ANY_TEXT)
def test_a_key_does_not_depend_on_how_unicode_was_composed(text):
    forms = {unicodedata.normalize(form, text) for form in ("NFC", "NFD")}
    assert {names.name_key(form) for form in forms} == {names.name_key(text)}


@given(ANY_TEXT)
def test_a_key_does_not_depend_on_case_or_blanks(text):
    key = names.name_key(text)
    assert names.name_key(text.upper()) == key
    assert names.name_key(text.lower()) == key
    assert names.name_key(f"\n {text}\u3000") == key


def test_every_character_alone_keeps_these_promises():
    broken = [
        c
        for c in ASSIGNED
        if not (
            names.name_key(names.name_key(c))
            == names.name_key(c)
            == names.name_key(c.upper())
            == names.name_key(c.lower())
        )
    ]
    assert broken == []


@given(st.text(st.characters(codec="ascii"), max_size=40))
def test_ascii_is_read_the_same_on_the_fast_path(text):
    # One accented letter sends the whole text down the other path.
    assert names.name_key(f"{text} é") == names.name_key(f"{text} e")
    assert names.tokens(f"{text} é") == names.tokens(f"{text} e")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", []),
        ("Japan's policy, approved.", ["japan", "s", "policy", "approved"]),
        ("Japan’s policy", ["japan", "s", "policy"]),
        ("Articles 1(b) and 1(c)", ["articles", "1", "b", "and", "1", "c"]),
        ("snake_case", ["snake", "case"]),
        ("Côte-d’Ivoire", ["cote", "d", "ivoire"]),
        ("Позиция Японии", ["позиция", "японии"]),
        ("日本の立場。", ["日", "本", "の", "立", "場"]),
        ("ｶﾞｰﾅ共和国", ["ガ", "ー", "ナ", "共", "和", "国"]),
        ("ガーナ・日本", ["ガ", "ー", "ナ", "日", "本"]),
        ("CCW日本2008", ["ccw", "日", "本", "2008"]),
        ("한국은", ["한", "국", "은"]),
        ("no no", ["no", "no"]),
        ("½", ["1", "2"]),
    ],
)
def test_search_compares_these_words(text, words):
    assert names.tokens(text) == words


@given(ANY_TEXT)
def test_words_are_found_again_in_their_own_words(text):
    words = names.tokens(text)
    assert names.tokens(" ".join(words)) == words
    assert names.token_line(text).split() == words


@given(ANY_TEXT)
def test_words_are_letters_and_numbers_whatever_their_case_or_composition(text):
    words = names.tokens(text)
    assert all(word.isalnum() for word in words)
    assert names.tokens(text.upper()) == words
    assert names.tokens(unicodedata.normalize("NFD", text)) == words


def test_every_character_alone_makes_stable_words():
    broken = []
    for c in ASSIGNED:
        words = names.tokens(f"a{c}b")
        if names.tokens(" ".join(words)) != words or not "".join(words).isalnum():
            broken.append(c)
    assert broken == []


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Japan", "japan"),
        ("Côte d’Ivoire", "cote-divoire"),
        ("Art. 1(c) – draft of 2008-01-21", "art-1-c-draft-of-2008-01-21"),
        ("日本", ""),
        ("日本2008", ""),
        ("1540", ""),
        ("", ""),
        ("--", ""),
        ("G-77", "g-77"),
        ("日本 (Japan)", "japan"),
        ("a" * 80, "a" * 60),
        ("word " * 20, "word-" * 11 + "word"),
        ("w" * 60 + " x", "w" * 60),
    ],
)
def test_a_slug_is_short_ascii(name, slug):
    assert names.slug_of(name) == slug


@given(ANY_TEXT)
def test_a_slug_stands_in_an_address_as_it_is(name):
    slug = names.slug_of(name)
    assert len(slug) <= 60
    assert set(slug) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert slug == slug.strip("-")
    assert names.slug_of(slug) == slug


def test_random_keys_are_twelve_legible_characters_and_differ():
    keys = {names.random_key() for _ in range(200)}
    assert len(keys) == 200
    assert {len(key) for key in keys} == {12}
    assert set("".join(keys)) <= set("abcdefghijklmnopqrstuvwxyz23456789")


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("Japan", "“Japan”"),
        (" two\r\n lines\u2028", "“two lines”"),
        ("a\0b\ud800\u202e", "“a\ufffdb\ufffd\ufffd”"),
        ("x" * 60, f"“{'x' * 60}”"),
        ("x" * 61, f"“{'x' * 59}…”"),
        (12, "“12”"),
    ],
)
def test_a_value_is_quoted_on_one_line(value, said):
    assert names.quoted(value) == said


def test_json_is_cleaned_throughout():
    dirty = {"a\0": ["\ud800", {"b": ("c\0", 1, None, True, 0.5)}]}
    clean = {"a\ufffd": ["\ufffd", {"b": ["c\ufffd", 1, None, True, 0.5]}]}
    assert names.clean_json(dirty) == clean


def test_what_no_database_stores_is_replaced_in_its_place():
    assert names.clean_text("a\x00b\ud800c\udfffd😀\n") == "a\ufffdb\ufffdc\ufffdd😀\n"


@given(st.text(st.characters(), max_size=40))
def test_clean_text_can_be_encoded_and_keeps_its_length(text):
    clean = names.clean_text(text)
    assert len(clean) == len(text)
    assert "\x00" not in clean
    clean.encode()
