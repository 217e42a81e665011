"""What holds of rule v1 for any evidence at all."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import assume, given
from hypothesis import strategies as st

from positions.choices import Form, Modality, Publicity, Standing
from positions.timeline import Evidence, Horizons, OptionFacts, derive

# code, facet, score, order in the facet
DISPOSITIONS = [
    ("prefer", "preference", 2, 5),
    ("support", "preference", 1, 4),
    ("oppose", "preference", -2, 0),
    ("engage", "engagement", 1, 3),
    ("observe", "engagement", 0, 2),
    ("bound", "commitment", 2, 6),
    ("signed", "commitment", 1, 5),
    ("withdrawn", "commitment", -2, 0),
    ("declined", None, None, None),
]
OPTIONS = {
    "ccw": OptionFacts("ccw", valid_to=date(2010, 6, 30)),
    "ccm": OptionFacts("ccm", alternatives=frozenset({"ccw"})),
}
START = date(2006, 1, 1)
# Days crowd together, so that they meet; spans reach from a day to years.
DAYS = st.one_of(st.integers(0, 200), st.integers(0, 1500)).map(
    lambda n: START + timedelta(days=n)
)
LENGTHS = st.one_of(st.just(0), st.just(0), st.integers(1, 40), st.integers(300, 500))


@st.composite
def statements(draw, facets=("preference", "engagement", "commitment", None)):
    """Any statement: of any standing and form, exact or vague, own or a group's."""
    code, facet, score, order = draw(
        st.sampled_from([row for row in DISPOSITIONS if row[1] in facets])
    )
    first = draw(DAYS)
    through = draw(st.sampled_from([None] * 5 + ["eu"]))
    standing = draw(st.sampled_from([Standing.OWN] * 9 + Standing.values))
    return Evidence(
        key=f"s{draw(st.integers(0, 10**9))}",
        option=draw(st.sampled_from(["ccw", "ccm"])),
        facet=facet,
        disposition=code,
        score=score,
        order=order,
        standing=Standing.GROUP if through else standing,
        form=draw(st.sampled_from(Form.values)),
        modality=draw(st.sampled_from([Modality.STATED] * 9 + Modality.values)),
        publicity=draw(st.sampled_from(Publicity.values)),
        reliability=draw(st.sampled_from("BCDEF")),
        credibility=draw(st.sampled_from("12346666666665")),
        exact=draw(st.sampled_from([True] * 9 + [False])),
        earliest=first,
        latest=first + timedelta(days=draw(LENGTHS)),
        since=draw(st.sampled_from([False] * 5 + [True])),
        event=draw(st.sampled_from([None, None, "tokyo", "dublin", "lima"])),
        speaker=draw(st.sampled_from(["official", "minister", ""])),
        speaker_rank=draw(st.integers(1, 5)),
        authority=draw(st.booleans()),
        through=through,
    )


def lists(strategy, **options):
    return st.lists(strategy, unique_by=lambda item: item.key, **options)


ANY = lists(statements(), max_size=20)


@st.composite
def words(draw, **fixed):
    """Own words of one cell that count."""
    counted = {
        "option": "ccm",
        "exact": True,
        "standing": Standing.OWN,
        "form": draw(st.sampled_from(["verbatim", "reported", "official"])),
        "modality": Modality.STATED,
        "reliability": "F",
        "credibility": "6",
        "through": None,
    }
    return replace(draw(statements(facets=["preference"])), **counted | fixed)


def exact_days(strategy):
    return strategy.map(lambda item: replace(item, latest=item.earliest, since=False))


def read(evidence, **overrides):
    return derive(
        evidence,
        options=OPTIONS,
        codebook_version="1",
        **{"government_changes": [date(2007, 9, 26)], "scope": "japan cm"} | overrides,
    )


def all_periods(timeline):
    return [
        period for cell in timeline.cells for period in cell.periods + cell.thin_periods
    ]


def runs(cell):
    """Its periods as if nothing were contested: who stood, from when to when."""
    found = []
    for period in sorted(cell.periods + cell.thin_periods, key=lambda p: p.holds_from):
        before = found[-1] if found else None
        if (
            before
            and before[0] == period.disposition
            and before[2] == (period.holds_from)
        ):
            before[2] = period.holds_to
        else:
            found.append([period.disposition, period.holds_from, period.holds_to])
    return found


@given(ANY, st.randoms(use_true_random=False))
def test_the_order_of_input_never_matters(evidence, chance):
    shuffled = chance.sample(evidence, len(evidence))
    assert read(shuffled) == read(evidence)


@given(ANY)
def test_periods_of_one_cell_and_lane_never_overlap_and_are_never_empty(evidence):
    for cell in read(evidence).cells:
        for lane in ("any", "public", "confidential"):
            mine = [p for p in cell.periods + cell.thin_periods if p.lane == lane]
            mine.sort(key=lambda period: period.holds_from)
            for period in mine:
                assert period.holds_to is None or period.holds_from < period.holds_to
            for before, after in zip(mine, mine[1:], strict=False):
                assert before.holds_to is not None
                assert before.holds_to <= after.holds_from


@given(ANY)
def test_every_statement_comes_to_exactly_one_thing(evidence):
    found = read(evidence)
    placed = []
    for cell in found.cells:
        placed += cell.used
        placed += cell.contradicting
        placed += [item.key for item in cell.set_aside]
        placed += [item.key for item in cell.beside]
        placed += [mark.key for mark in cell.marks]
        assert len(cell.roles) == sum(
            (item.option, item.facet) == (cell.option, cell.facet) for item in evidence
        )
    assert sorted(placed) == sorted(item.key for item in evidence)


@given(ANY, statements())
def test_what_others_say_or_what_is_conditional_never_changes_a_period(evidence, more):
    assume(more.key not in {item.key for item in evidence})
    words = replace(more, form=Form.REPORTED)
    before = all_periods(read(evidence))
    for beside in (
        replace(words, standing=Standing.OTHER, through=None),
        replace(words, standing=Standing.REPORTER, through=None),
        replace(more, modality=Modality.CONDITIONAL),
    ):
        assert all_periods(read([*evidence, beside])) == before


@given(lists(words(event="tokyo") | words(), min_size=1, max_size=12), st.data())
def test_evidence_repeated_changes_no_boundary(evidence, data):
    again = data.draw(st.sampled_from(evidence))
    assume(again.event)
    repeat = replace(
        again,
        key="repeat",
        speaker="another reporter's source",
        speaker_rank=data.draw(st.integers(again.speaker_rank, 5)),
        authority=False,
        form=Form.REPORTED,
    )

    def outlines(items):
        return [
            (p.id, p.dispositions, p.holds_from, p.holds_to, p.n_events, p.level)
            for p in all_periods(read(items))
        ]

    assert outlines([*evidence, repeat]) == outlines(evidence)


@given(ANY)
def test_ids_are_the_same_each_time_and_unique(evidence):
    ids = [period.id for period in all_periods(read(evidence))]
    assert ids == [period.id for period in all_periods(read(evidence))]
    assert len(ids) == len(set(ids))


@st.composite
def exact_and_vague(draw):
    """Exact public words, and a range around the day of one of them."""
    public = words(publicity="public")
    evidence = draw(lists(exact_days(public), min_size=1, max_size=10))
    around = draw(st.sampled_from(evidence)).day
    vague = replace(
        draw(public),
        key="vague",
        earliest=around - timedelta(days=draw(st.integers(1, 200))),
        latest=around + timedelta(days=draw(st.integers(0, 200))),
        since=draw(st.booleans()),
        event=None,
        speaker="a vague one",
    )
    return evidence, vague


NEVER_LAPSE = Horizons(preference=None)


@given(exact_and_vague())
def test_vague_evidence_that_differs_never_overturns_exact_evidence(drawn):
    evidence, vague = drawn
    vague = replace(vague, disposition="reserve", score=-1, order=1)
    before, after = (
        read(items, horizons=NEVER_LAPSE).cell("ccm", "preference")
        for items in (evidence, [*evidence, vague])
    )
    assert runs(after) == runs(before)


@given(exact_and_vague())
def test_vague_evidence_never_opens_between_exact_evidence(drawn):
    evidence, vague = drawn

    def starts(items):
        cell = read(items, horizons=NEVER_LAPSE).cell("ccm", "preference")
        return [run[:2] for run in runs(cell) if run[1] <= vague.latest]

    assert starts([*evidence, vague]) == starts(evidence)


@given(lists(exact_days(words()), min_size=1, max_size=10))
def test_evidence_that_counts_always_opens_something(evidence):
    cell = read(evidence).cell("ccm", "preference")
    first = min(item.day for item in evidence)
    assert min(p.holds_from for p in cell.periods + cell.thin_periods) == first


@given(lists(words(), min_size=1, max_size=10))
def test_ranges_never_silence_each_other_altogether(evidence):
    ranges = [item for item in evidence if not item.since]
    assume(all((item.latest - item.earliest).days < 365 for item in ranges))
    cell = read(evidence).cell("ccm", "preference")
    assert cell.periods + cell.thin_periods


@given(ANY, DAYS)
def test_an_answer_agrees_with_the_periods(evidence, day):
    for (option, facet), answer in (timeline := read(evidence)).at(day).items():
        cell = timeline.cell(option, facet)
        holding = [period for period in cell.periods if period.holds_on(day)]
        if answer.status in {"current", "carried", "contested"}:
            assert answer.period in holding
            assert set(answer.dispositions) == {
                code
                for period in holding
                for code in period.dispositions
                if answer.other or period == answer.period
            }
            assert answer.period.last_confirmed_on(day) <= day
        else:
            assert not holding
            assert answer.period is None
        if answer.status == "lapsed":
            assert answer.last_known.holds_to <= day
        if answer.status == "none":
            assert all(p.holds_from > day for p in cell.periods + cell.thin_periods)
        assert (answer.score is None) >= (answer.status == "contested")
        assert answer.sentence.endswith(".")


@given(ANY)
def test_only_what_is_enough_is_shown(evidence):
    for cell in read(evidence).cells:
        assert all(period.level != "thin" for period in cell.periods)
        assert all(period.level == "thin" for period in cell.thin_periods)
        for period in cell.periods:
            assert (period.score is None) == period.contested
            assert period.holds_from_earliest <= period.holds_from
            assert period.holds_from <= max(period.last_confirmed, period.holds_from)


@given(
    lists(words(), min_size=1, max_size=10),
    lists(words(), max_size=5),
)
def test_a_group_never_changes_what_its_member_says_itself(own, group):
    taken = {item.key for item in own}
    heard = [
        replace(item, through="eu", standing=Standing.GROUP)
        for item in group
        if item.key not in taken
    ]
    alone, both = (
        read(items).cell("ccm", "preference") for items in (own, [*own, *heard])
    )

    def outlines(cell):
        return [
            (p.lane, p.dispositions, p.holds_from, p.holds_to, p.used)
            for p in cell.periods + cell.thin_periods
            if p.through is None
        ]

    assert outlines(both) == outlines(alone)


@given(ANY)
def test_clause_10_leaves_no_prefer_across_the_signing_of_an_alternative(evidence):
    timeline = read(evidence)
    signings = [
        period.holds_from
        for cell in timeline.cells
        if (cell.option, cell.facet) == ("ccm", "commitment") and cell.lanes == ("any",)
        for period in cell.periods
        if period.disposition in {"signed", "bound"} and not period.through
        if not period.contested and period.end_reason != "changed"
    ]
    preference = timeline.cell("ccw", "preference")
    for period in preference.periods if preference else ():
        if period.disposition == "prefer":
            for signing in signings:
                assert not period.holds_on(signing) or (
                    period.last_confirmed >= signing
                )
