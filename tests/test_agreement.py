"""The figures of agreement, against published examples and by what must always hold."""

import warnings

import krippendorff
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from positions import coefficients
from positions.agreement import (
    FEWEST,
    Cell,
    Coded,
    RollUp,
    Unit,
    by_cell,
    by_pair,
    difference,
    disagreements,
    figures,
)
from positions.coefficients import Resamples

# K. Krippendorff, "Computing Krippendorff's Alpha-Reliability" (2011), examples A to C.
BINARY = ([0, 1, 0, 0, 0, 0, 0, 0, 1, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0, 0])
NOMINAL = ("aabbdcccedda", "babbbccceddd")
_ = np.nan
FOUR_OBSERVERS = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, _, _, _],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, _, 3],
    [_, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, _],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, _],
]
# J. Cohen, "A Coefficient of Agreement for Nominal Scales", Educational and
# Psychological Measurement 20 (1960), table 2: 200 units in three categories.
COHEN = [[88, 14, 18], [10, 40, 10], [2, 6, 12]]
# The textbook example of fifty grant proposals, read by two.
GRANTS = [[20, 5], [10, 15]]

values = st.integers(0, 4)
many_pairs = st.lists(st.tuples(values, values), min_size=1, max_size=60)


def pairs_of(first, second):
    return list(zip(first, second, strict=True))


def pairs_in(table):
    """Each cell of a table of two coders as often as it says."""
    return [
        (row, column)
        for row, counts in enumerate(table)
        for column, count in enumerate(counts)
        for _ in range(count)
    ]


# -- coefficients ----------------------------------------------------------------------


@pytest.mark.parametrize(("data", "alpha"), [(BINARY, 0.095), (NOMINAL, 0.692)])
def test_alpha_is_that_of_krippendorffs_examples(data, alpha):
    pairs = pairs_of(*data)
    assert round(coefficients.alpha(pairs), 3) == alpha
    assert round(resampled(coefficients.nominal_alphas, pairs), 3) == alpha


@pytest.mark.parametrize(
    ("level", "alpha"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849)]
)
def test_the_library_agrees_with_krippendorff_where_values_are_missing(level, alpha):
    found = krippendorff.alpha(FOUR_OBSERVERS, level_of_measurement=level)
    assert round(float(found), 3) == alpha


@pytest.mark.parametrize(
    ("table", "kappa", "share"), [(COHEN, 0.492, 0.7), (GRANTS, 0.4, 0.7)]
)
def test_kappa_is_that_of_the_published_examples(table, kappa, share):
    pairs = pairs_in(table)
    assert round(coefficients.kappa(pairs), 3) == kappa
    assert round(coefficients.share(pairs), 3) == share


def resampled(statistic, pairs):
    """What a resample says that draws every unit once."""
    (table,) = statistic(coefficients._counted(pairs))
    return float(table)


@given(many_pairs)
@pytest.mark.parametrize(
    ("level", "statistic"),
    [
        ("nominal", coefficients.nominal_alphas),
        ("ordinal", coefficients.ordinal_alphas),
    ],
)
def test_the_resamples_compute_what_the_library_does(level, statistic, pairs):
    alpha = coefficients.alpha(pairs, level)
    if alpha is not None:
        assert resampled(statistic, pairs) == pytest.approx(alpha)


@given(many_pairs)
def test_it_does_not_matter_who_is_the_first_coder(pairs):
    turned = [(second, first) for first, second in pairs]
    for measure in (
        coefficients.share,
        coefficients.kappa,
        coefficients.alpha,
        lambda pairs: coefficients.alpha(pairs, "ordinal"),
    ):
        assert measure(turned) == pytest.approx(measure(pairs))


@given(st.lists(values, min_size=1, max_size=60))
def test_coders_who_always_agree_have_one_or_nothing_to_measure(answers):
    pairs = pairs_of(answers, answers)
    undefined = len(set(answers)) == 1
    assert coefficients.share(pairs) == 1
    assert coefficients.kappa(pairs) == (None if undefined else pytest.approx(1))
    assert coefficients.alpha(pairs) == (None if undefined else pytest.approx(1))


@given(many_pairs)
def test_a_share_lies_between_nothing_and_all_and_no_coefficient_above_one(pairs):
    assert 0 <= coefficients.share(pairs) <= 1
    for measure in (coefficients.kappa, coefficients.alpha):
        found = measure(pairs)
        assert found is None or found <= 1 + 1e-9


def test_no_pairs_have_no_coefficient():
    for measure in (coefficients.share, coefficients.kappa, coefficients.alpha):
        assert measure([]) is None


# -- intervals -------------------------------------------------------------------------


def test_an_interval_is_the_same_each_time_and_holds_the_value():
    pairs = pairs_in(COHEN)
    places = range(len(pairs))
    statistic = coefficients.kappas
    low, high = Resamples(len(pairs)).interval(statistic, pairs, places)
    assert low < coefficients.kappa(pairs) < high
    assert Resamples(len(pairs)).interval(statistic, pairs, places) == (low, high)
    # Cohen's standard error, .055, makes it about .22 wide.
    assert 0.15 < high - low < 0.3


def test_units_of_one_paragraph_are_drawn_together():
    pairs = pairs_in(GRANTS)
    apart = Resamples(50).interval(coefficients.shares, pairs, range(50))
    five = [place // 10 for place in range(50)]
    together = Resamples(5).interval(coefficients.shares, pairs, five)
    assert together[1] - together[0] > apart[1] - apart[0]


def test_the_interval_of_a_median_lies_among_the_values():
    values = [n / 40 for n in range(41)]
    low, high = Resamples(41).median_interval(values, range(41))
    assert 0.2 < low < 0.5 < high < 0.8


def test_resamples_that_rarely_have_a_coefficient_tell_no_interval():
    pairs = [("a", "b"), *[("a", "a")] * 39]
    assert coefficients.alpha(pairs) is not None
    interval = Resamples(40).interval(coefficients.nominal_alphas, pairs, range(40))
    assert interval is None


# -- units -----------------------------------------------------------------------------


def coded(
    disposition="prefer",
    rank=5,
    words=(0, 10),
    *,
    actor="Japan",
    option="CCW",
    facet="preference",
    modality="stated",
):
    return Coded(Cell(actor, option, facet, modality), disposition, rank, *words)


def unit(first=(), second=(), *, paragraph=1, coders=("ada", "bob")):
    return Unit("task", paragraph, coders, tuple(first), tuple(second))


def units(number, first=(), second=()):
    return [unit(first, second, paragraph=n) for n in range(number)]


@pytest.mark.parametrize(
    ("first", "second", "overlap"),
    [
        ([(0, 10)], [(0, 10)], 1),
        ([(0, 10)], [(5, 15)], 1 / 3),
        ([(0, 10)], [(10, 20)], 0),
        ([(0, 10), (20, 30)], [(0, 30)], 2 / 3),
        ([(0, 10), (5, 10)], [(0, 10)], 1),
    ],
)
def test_overlap_is_what_both_quote_of_what_either_quotes(first, second, overlap):
    both = unit(
        [coded(words=words) for words in first],
        [coded(words=words) for words in second],
    )
    (shared,) = both.cells
    assert shared.overlap == pytest.approx(overlap)


def test_several_dispositions_in_one_cell_are_one_answer_without_a_rank():
    one = unit([coded("support", 4), coded("prefer", 5)], [coded("prefer", 5)])
    (shared,) = one.cells
    assert shared.dispositions == ("prefer+support", "prefer")
    assert shared.ranks is None


@pytest.mark.parametrize(
    ("first", "second", "kind"),
    [
        ([], [], ""),
        ([coded()], [coded()], ""),
        ([coded()], [coded(words=(5, 20))], ""),
        ([coded()], [], "found"),
        ([], [coded()], "found"),
        ([coded()], [coded(actor="Norway")], "cell"),
        ([coded()], [coded(modality="intended")], "cell"),
        ([coded()], [coded("support", 4)], "disposition"),
        ([coded(), coded(option="Oslo")], [coded("support", 4)], "disposition"),
        ([coded()], [coded(words=(30, 40))], "words"),
    ],
)
def test_a_disagreement_is_named_by_its_gravest_difference(first, second, kind):
    assert difference(unit(first, second)) == kind


def test_disagreements_are_listed_by_kind_in_the_order_of_the_units():
    listed = disagreements(
        [
            unit([coded()], paragraph=1),
            unit([coded()], [coded("support", 4)], paragraph=2),
            unit([], [coded()], paragraph=3),
        ]
    )
    told = {kind: [u.paragraph for u in found] for kind, found in listed.items()}
    assert told == {"disposition": [2], "cell": [], "found": [1, 3], "words": []}
    assert list(told) == ["disposition", "cell", "found", "words"]


# -- figures ---------------------------------------------------------------------------


@pytest.mark.parametrize("number", [0, 1, FEWEST - 1])
def test_figures_of_too_few_units_are_withheld_and_not_computed(number):
    told = figures(units(number, [coded()], [coded()]), RollUp())
    for name in told.__slots__:
        figure = getattr(told, name)
        assert figure.withheld
        assert (figure.n, figure.value, figure.interval) == (number, None, None)
    noun = "1 unit" if number == 1 else f"{number} units"
    assert told.found.why == f"withheld: {noun}, 20 are needed"


def test_each_figure_counts_its_own_units():
    told = figures(
        [
            *units(30),
            *units(22, [coded()], [coded()]),
            *units(5, [coded(), coded(option="Oslo")], [coded("support", 4)]),
        ],
        RollUp(),
    )
    assert told.found.n == 57
    assert told.found.value == pytest.approx(1)
    assert (told.same_cell.n, told.same_cell.value) == (32, pytest.approx(27 / 32))
    assert told.same_disposition.n == told.kappa.n == told.same_words.n == 27
    assert told.same_disposition.value == pytest.approx(22 / 27)
    assert told.same_words.value == 1
    low, high = told.same_disposition.interval
    assert low < 22 / 27 < high


def test_answers_that_are_all_the_same_one_have_no_alpha_and_say_why():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        told = figures(units(40, [coded()], [coded()]), RollUp())
    for figure in (told.found, told.kappa, told.alpha, told.alpha_on_rank):
        assert figure.value is None
        assert not figure.withheld
        assert "all answers are the same one" in figure.why
    assert told.same_disposition.value == 1


def test_answers_without_a_rank_stand_outside_the_alpha_on_rank():
    declined = coded("declined", None, facet="")
    told = figures(units(25, [declined, coded()], [declined, coded()]), RollUp())
    assert told.alpha.n == 50
    assert told.alpha_on_rank.n == 25


def test_a_near_miss_in_rank_costs_less_than_a_far_one():
    def told(other, rank):
        agreed = [
            *units(15, [coded()], [coded()]),
            *units(15, [coded("oppose", 0)], [coded("oppose", 0)]),
            *units(6, [coded("undecided", 2)], [coded("undecided", 2)]),
        ]
        return figures([*agreed, *units(6, [coded()], [coded(other, rank)])], RollUp())

    near, far = told("support", 4), told("oppose", 0)
    assert near.alpha_on_rank.value > far.alpha_on_rank.value
    assert near.alpha_on_rank.value > near.alpha.value


def test_cells_are_rolled_up_to_state_and_headline_option():
    apart = units(20, [coded(actor="ministry")], [coded(option="Art. 1")])
    roll_up = RollUp(states={"ministry": "Japan"}, headlines={"Art. 1": "CCW"})
    told = figures(apart, roll_up)
    assert (told.same_cell.n, told.same_cell.value) == (40, 0)
    assert (told.same_cell_rolled_up.n, told.same_cell_rolled_up.value) == (20, 1)


def test_figures_of_an_option_count_all_paragraphs_but_only_its_cells():
    given = [
        *units(30, [coded()], [coded()]),
        *units(10, [coded(option="Oslo")], [coded(option="Oslo")]),
    ]
    told = by_cell(given, RollUp(), lambda cell: cell.option)
    assert list(told) == ["CCW", "Oslo"]
    assert told["CCW"].found.n == told["Oslo"].found.n == 40
    assert told["CCW"].found.value == pytest.approx(1)
    assert told["CCW"].same_cell.n == 30
    assert told["Oslo"].same_cell.withheld


def test_figures_of_a_pair_count_its_paragraphs():
    given = [
        *units(20, [coded()], [coded()]),
        *(unit(coders=("ada", "cyd"), paragraph=n) for n in range(3)),
    ]
    told = by_pair(given, RollUp())
    assert {pair: one.found.n for pair, one in told.items()} == {
        ("ada", "bob"): 20,
        ("ada", "cyd"): 3,
    }


answers = st.lists(
    st.builds(
        coded,
        st.sampled_from(["prefer", "support", "oppose"]),
        st.sampled_from([5, 4, 0]),
        st.sampled_from([(0, 10), (5, 20), (20, 25)]),
        actor=st.sampled_from(["Japan", "Norway"]),
    ),
    max_size=3,
)
coded_units = st.lists(st.builds(unit, answers, answers), max_size=50)


@given(coded_units)
def test_nothing_that_two_coders_do_breaks_the_figures(given):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        told = figures(given, RollUp())
    turned = figures(
        [unit(u.second, u.first, coders=u.coders) for u in given], RollUp()
    )
    for name in told.__slots__:
        figure, other = getattr(told, name), getattr(turned, name)
        assert figure.n == other.n
        assert figure.value == pytest.approx(other.value)
        assert (figure.value is None) == bool(figure.why)
        if figure.interval is not None:
            low, high = figure.interval
            assert low <= high
    for name in ("same_cell", "same_disposition", "same_words"):
        value = getattr(told, name).value
        assert value is None or 0 <= value <= 1
