"""Which names are alike, and which only look so."""

import random

import pytest

from positions.likeness import Name, alike, score

LEAST = 0.85


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("cote divoire", "cote d ivoire"),
        ("kazakhstan", "kazakstan"),
        ("jon smith", "john smith"),
        ("john smith", "smith john"),
        ("masahito shimbo", "ddg masahito shimbo"),
        ("amnesty international", "amnesty internationall"),
        ("\u65e5\u672c\u56fd\u5916\u52d9\u7701", "\u65e5\u672c\u5916\u52d9\u7701"),
    ],
)
def test_spellings_of_one_name_are_alike(one, other):
    assert LEAST <= score(one, other) < 1
    assert alike([Name(1, one), Name(2, other)], least=LEAST)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("north korea", "south korea"),
        ("niger", "nigeria"),
        ("guinea", "guinea bissau"),
        ("iran", "iraq"),
        ("gambia", "zambia"),
        ("ministry of foreign affairs of iran", "ministry of foreign affairs of iraq"),
        ("art 1 b", "art 1 c"),
        ("resolution 61 1", "resolution 61 2"),
        ("who", "wto"),
    ],
)
def test_names_of_two_are_not_alike(one, other):
    assert score(one, other) < LEAST
    assert alike([Name(1, one), Name(2, other)], least=LEAST) == {}


def test_the_most_alike_names_of_two_records_count():
    names = [
        *(Name(2, "kazakstan"), Name(2, "qazaqstan")),
        *(Name(1, "kazakhstan"), Name(1, "qazaqstan")),
    ]
    (found,) = alike(names, least=LEAST).values()
    assert found == (1.0, Name(1, "qazaqstan"), Name(2, "qazaqstan"))


def test_names_of_one_record_make_no_pair():
    names = [Name(1, "kazakhstan"), Name(1, "kazakstan")]
    assert alike(names, least=LEAST) == {}


def test_a_name_that_many_have_says_nothing():
    few = [Name(n, "foreign office") for n in range(5)]
    assert len(alike(few, least=LEAST)) == 10
    assert alike([*few, Name(5, "foreign office")], least=LEAST) == {}


def test_short_names_count_where_they_are_equal():
    assert alike([Name(1, "mfa"), Name(2, "mfa")], least=LEAST)
    assert alike([Name(1, "mfaa"), Name(2, "mfab")], least=0.1) == {}


def test_a_letter_left_out_is_found_among_thousands():
    """Whatever was planted is found, and hardly anything else."""
    chance = random.Random(1)
    letters = "abcdefghijklmnopqrstuvwxyz"
    words = ["".join(chance.choices(letters, k=9)) for _ in range(4000)]
    names = [
        Name(n, f"{words[n]} {chance.choice(words)} of the union") for n in range(4000)
    ]
    planted = []
    for n in range(0, 400, 2):
        key = names[n].key
        at = chance.randrange(2, 8)
        planted.append(Name(5000 + n, key[:at] + key[at + 1 :]))
    found = alike([*names, *planted], least=LEAST)
    assert {(name.owner - 5000, name.owner) for name in planted} <= found.keys()
    assert len(found) < 2 * len(planted)
