"""The phrase rule: clauses in, a line of words out."""

from itertools import permutations

import pytest

from positions.phrases import Clause, long_phrase, short_phrase


def clause(option, phrase, number, *, headline=True, contested=False):
    return Clause(option.lower(), option, headline, phrase, number, contested)


PREFER = clause("CCW", "prefer {o}", 50)
ENGAGED = clause("Oslo Process", "engaged in {o}", 60)
CHANGE_B = clause("Art. 1(b)", "seek changes to {o}", 71, headline=False)
CHANGE_C = clause("Art. 1(c)", "seek changes to {o}", 71, headline=False)


def test_the_first_document_reads_as_it_should():
    clauses = [CHANGE_C, ENGAGED, CHANGE_B, PREFER]
    assert short_phrase(clauses) == "prefer CCW, engaged in Oslo Process"
    assert long_phrase(clauses) == (
        "prefer CCW, engaged in Oslo Process; seek changes to Art. 1(b), Art. 1(c)"
    )


def test_nothing_says_nothing():
    assert short_phrase([]) == ""
    assert long_phrase([]) == ""


def test_the_order_of_rows_never_matters():
    rows = [PREFER, ENGAGED, CHANGE_B, CHANGE_C]
    assert len({long_phrase(order) for order in permutations(rows)}) == 1


def test_a_headline_option_speaks_once_with_its_lowest_number():
    clauses = [
        clause("CCM", "support {o}", 70),
        clause("CCM", "signed {o}", 20),
        clause("CCM", "engaged in {o}", 60),
    ]
    assert short_phrase(clauses) == "signed CCM"


def test_equal_numbers_stand_in_the_order_of_short_names():
    clauses = [clause(name, "prefer {o}", 50) for name in ("Oslo", "CCW", "Lima")]
    assert short_phrase(clauses) == "prefer CCW, prefer Lima, prefer Oslo"


@pytest.mark.parametrize(
    ("count", "phrase"),
    [
        (3, "prefer A, prefer B, prefer C"),
        (4, "prefer A, prefer B, prefer C and 1 more"),
        (6, "prefer A, prefer B, prefer C and 3 more"),
    ],
)
def test_at_most_three_clauses_are_said(count, phrase):
    assert short_phrase([clause(n, "prefer {o}", 50) for n in "ABCDEF"[:count]]) == (
        phrase
    )


def test_the_long_phrase_says_all_headline_options():
    clauses = [clause(name, "prefer {o}", 50) for name in "ABCD"]
    assert long_phrase([*clauses, CHANGE_B]) == (
        "prefer A, prefer B, prefer C, prefer D; seek changes to Art. 1(b)"
    )


def test_a_contested_option_reads_so_after_all_that_are_not():
    clauses = [clause("CCW", "prefer {o}", 10, contested=True), ENGAGED]
    assert short_phrase(clauses) == "engaged in Oslo Process, contested on CCW"


def test_of_an_option_the_facet_that_is_not_contested_speaks():
    clauses = [
        clause("Oslo", "oppose {o}", 51, contested=True),
        clause("Oslo", "engaged in {o}", 60),
    ]
    assert short_phrase(clauses) == "engaged in Oslo"


def test_other_options_speak_by_number_and_those_of_one_template_together():
    clauses = [
        clause("Draft", "would accept {o}", 72, headline=False),
        CHANGE_C,
        clause("Art. 2", "oppose {o}", 51, headline=False),
        CHANGE_B,
        clause("Art. 3", "oppose {o}", 51, headline=False, contested=True),
        clause("Art. 4", "support {o}", 70, headline=False, contested=True),
    ]
    assert long_phrase(clauses) == (
        "oppose Art. 2; seek changes to Art. 1(b), Art. 1(c); would accept Draft; "
        "contested on Art. 3, Art. 4"
    )
    assert short_phrase(clauses) == ""


def test_two_templates_of_one_number_are_not_mixed():
    clauses = [
        clause("A", "oppose {o}", 71, headline=False),
        clause("B", "seek changes to {o}", 71, headline=False),
        clause("C", "oppose {o}", 71, headline=False),
    ]
    assert long_phrase(clauses) == "oppose A, C; seek changes to B"


@pytest.mark.parametrize(
    ("template", "phrase"),
    [
        ("prefer {o}", "prefer {o} {0}"),
        ("{0} {} {o!r} {o.__class__} {{o}}", "{0} {} {o!r} {o.__class__} {{o} {0}}"),
        ("{o} and {o}", "{o} {0} and {o} {0}"),
        ("<script>alert(1)</script> {o}", "<script>alert(1)</script> {o} {0}"),
        ("100 % {", "100 % {"),
        ("%s %(o)s {o", "%s %(o)s {o"),
    ],
)
def test_only_the_literal_o_in_braces_is_replaced(template, phrase):
    awkward = clause("{o} {0}", template, 50)
    assert short_phrase([awkward]) == phrase
    assert long_phrase([awkward]) == phrase
