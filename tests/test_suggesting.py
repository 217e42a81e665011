"""Suggesting: who holds which position on what, said by whom, when and where."""

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.formats import cable
from ingest.records import Speaker, Voice
from ingest.suggesting import (
    Known,
    KnownActor,
    KnownOption,
    Line,
    Page,
    suggest,
)
from ingest.suggesting.lexicon import lexicon
from ingest.suggesting.mentions import items, vocabulary
from ingest.suggesting.phrases import phrases
from ingest.suggesting.sentences import sentences
from positions.choices import ParagraphRole, VoiceKind
from positions.names import fingerprint
from tests import labelled
from tests.guarding import hang_guard

ACTORS = (
    KnownActor("japan", "state", "Japan", iso3="JPN"),
    KnownActor("norway", "state", "Norway", groups=("arctic-group",)),
    KnownActor("chile", "state", "Chile"),
    KnownActor("kenya", "state", "Kenya"),
    KnownActor("usa", "state", "United States", ("US", "U.S."), iso3="USA"),
    KnownActor("arctic-group", "bloc", "Arctic Group"),
    KnownActor("clear-seas", "ngo", "Clear Seas Coalition"),
    KnownActor("mofa", "body", "Ministry of Foreign Affairs of Japan", of="japan"),
    KnownActor("kenya-mfa", "body", "Ministry of Foreign Affairs", of="kenya"),
    KnownActor("embassy", "body", "Embassy of the United States in Tokyo", of="usa"),
    KnownActor("sato", "person", "Kenji Sato", of="mofa", role="director", rank=3),
)
OPTIONS = (
    KnownOption("bern", "rivers", "track", "Bern Process"),
    KnownOption("talks", "rivers", "track", "Geneva talks", aliases=("GT",)),
    KnownOption("treaty", "harbours", "treaty", "Harbour Treaty"),
    KnownOption("draft", "harbours", "draft", "Harbour Draft", whole="treaty"),
    KnownOption("art-1b", "harbours", "provision", "Art. 1(b)", whole="draft"),
    KnownOption("art-1c", "harbours", "provision", "Art. 1(c)", whole="draft"),
    KnownOption("plan", "fish", "proposal", "Quota Plan"),
    KnownOption("levy", "fish", "proposal", "port levy"),
    KnownOption("decl", "fish", "declaration", "Lima Declaration"),
)
KNOWN = Known(ACTORS, OPTIONS)


def lines(*texts, **more):
    return tuple(Line(n, text, **more) for n, text in enumerate(texts, 1))


def proposals(*texts, known=KNOWN, **page):
    """What is proposed for paragraphs of a press report of 2 May 2008."""
    page = {"dated": "2008-05-02", "kind": "press", **page}
    paragraphs = page.pop("paragraphs", None) or lines(*texts)
    return suggest(Page(paragraphs, **page), known)


def cells(found):
    return [(p.actor, p.disposition, p.option) for p in found]


def said(*texts, **page):
    """`actor disposition option` of each proposal, in order."""
    return [" ".join(cell) for cell in cells(proposals(*texts, **page))]


def one(*texts, **page):
    (found,) = proposals(*texts, **page)
    return found


def in_cable(*texts, **page):
    return proposals(*texts, **{"kind": "cable", "issuer": "embassy", **page})


# -- who -----------------------------------------------------------------------------


def test_a_person_is_known_again_by_surname_title_and_pronoun():
    found = in_cable(
        "MOFA Deputy Director-General for Fisheries Taro Abe told us on April 23 that"
        " Japan prefers the Bern Process.",
        "Abe added that he could not support the Quota Plan.",
        "The DDG has followed the question since 1998.",
        "He pledged to sign the Harbour Treaty.",
    )
    assert cells(found) == [
        ("japan", "prefer", "bern"),
        ("japan", "oppose", "plan"),
        ("japan", "pledged", "treaty"),
    ]
    assert {(p.standing, p.rank, p.said_on) for p in found} == {
        ("own", 3, "2008-04-23")
    }
    assert {p.role for p in found} == {"MOFA Deputy Director-General for Fisheries"}
    assert [p.speaker for p in found][1] == "Abe"


def test_a_ministry_named_without_its_state_is_the_host_s():
    found = in_cable("The Foreign Ministry said Tokyo supports the Quota Plan.")
    assert cells(found) == [("japan", "support", "plan")]
    assert found[0].standing == "own"


def test_a_known_person_s_key_is_given():
    (found,) = in_cable("Kenji Sato said that Japan supports the Quota Plan.")
    assert (found.person, found.speaker, found.rank) == ("sato", "Kenji Sato", 3)
    assert found.speaker_actor == "japan"


def test_the_coding_header_tells_who_a_speaker_is():
    header = (Speaker("Counselor Vik", "norway", "", "Counselor, fisheries", 4),)
    (found,) = in_cable("Vik said he opposes the Quota Plan.", speakers=header)
    assert (found.actor, found.standing, found.role) == (
        "norway",
        "own",
        "Counselor, fisheries",
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Norway opposes the Quota Plan.", ["norway oppose plan"]),
        ("Oslo opposes the Quota Plan.", ["norway oppose plan"]),
        ("Norwegian officials oppose the Quota Plan.", ["norway oppose plan"]),
        ("The Norwegian delegation opposes the Quota Plan.", ["norway oppose plan"]),
        ("NORWAY opposed the Quota Plan.", ["norway oppose plan"]),
        ("The U.S. opposes the Quota Plan.", ["usa oppose plan"]),
        ("The United States' view is clear. It opposes the Quota Plan.", None),
        ("Officials from Norway oppose the Quota Plan.", ["norway oppose plan"]),
        ("Norway's Ambassador, Liv Dahl, opposes the Quota Plan.", None),
        ("Liv Dahl, the Norwegian envoy, opposes the Quota Plan.", None),
        (
            "Norway, Chile and Kenya oppose the Quota Plan.",
            ["chile oppose plan", "kenya oppose plan", "norway oppose plan"],
        ),
        (
            "Norway, supported by Chile, opposed the Quota Plan.",
            ["chile oppose plan", "norway oppose plan"],
        ),
        (
            "Norway, for the Arctic Group, opposed the Quota Plan.",
            ["arctic-group oppose plan"],
        ),
        (
            "The Clear Seas Coalition opposes the Quota Plan.",
            ["clear-seas oppose plan"],
        ),
        # Nobody whose position is looked for, or nobody known.
        ("The Norwegian press opposes the Quota Plan.", []),
        ("Norway's fishermen oppose the Quota Plan.", []),
        ("Friends of Norway oppose the Quota Plan.", []),
        ("Ghana opposes the Quota Plan.", []),
        ("Talks in Oslo oppose nobody; fishermen in Oslo oppose the Quota Plan.", []),
        ("The EU-led group opposes the Quota Plan.", []),
        ("Norway-based companies oppose the Quota Plan.", []),
        ("Let us oppose the Quota Plan.", []),
    ],
)
def test_whose_position_it_is(text, expected):
    if expected is None:
        expected = ["usa oppose plan" if "United" in text else "norway oppose plan"]
    assert sorted(said(text)) == expected


# -- what ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Chile would not oppose the Quota Plan.", ["chile accept plan"]),
        (
            "Chile is not in a position to object to the Quota Plan.",
            ["chile accept plan"],
        ),
        ("Chile cannot support the Quota Plan.", ["chile oppose plan"]),
        ("Chile is undecided on the Quota Plan.", ["chile undecided plan"]),
        ("Chile pledged to sign the Harbour Treaty.", ["chile pledged treaty"]),
        ("Chile will not sign the Harbour Treaty.", ["chile rejected treaty"]),
        ("Chile has not signed the Harbour Treaty.", ["chile not_joined treaty"]),
        ("Chile signed the Harbour Treaty.", ["chile signed treaty"]),
        (
            "Chile seeks changes to Articles 1(b) and 1(c).",
            ["chile reserve art-1b", "chile reserve art-1c"],
        ),
        ("Chile opposes Art. 1(b) of the Harbour Draft.", ["chile reserve art-1b"]),
        (
            "Chile prefers the Bern Process but will participate in the Geneva talks.",
            ["chile prefer bern", "chile engage talks"],
        ),
        (
            "Chile supports the Quota Plan, while Kenya opposes it.",
            ["chile support plan", "kenya oppose plan"],
        ),
        ("Chile favors the Quota Plan over the port levy.", ["chile prefer plan"]),
        ("Chile supports changes to the Quota Plan.", ["chile reserve plan"]),
        ("Chile opposes weakening the Quota Plan.", ["chile support plan"]),
        ("The Quota Plan, which Chile opposes, is new.", ["chile oppose plan"]),
        ("The Quota Plan was opposed by Chile.", ["chile oppose plan"]),
        ("Chile's opposition to the Quota Plan is known.", ["chile oppose plan"]),
        ("Chile urged Kenya to support the Quota Plan.", ["chile support plan"]),
        ("Chile urged Kenya not to support the Quota Plan.", ["chile oppose plan"]),
        (
            "Chile backed the Quota Plan. So did Kenya.",
            ["chile support plan", "kenya support plan"],
        ),
        # Nobody's position.
        ("Does Chile support the Quota Plan?", []),
        ("If Chile supports the Quota Plan, all is well.", []),
        ("It is unclear whether Chile supports the Quota Plan.", []),
        ("Chile was urged to support the Quota Plan.", []),
        ("Chile must support the Quota Plan.", []),
        ("Chile used to support the Quota Plan.", []),
        ("Chile denied that it supports the Quota Plan.", []),
        ("Chile supports talks outside the Bern Process.", []),
        ("Chile welcomed the report on the Quota Plan.", []),
        ("Chile supports the Bern Process secretariat.", []),
        ("Chile, supported by others, has read the Quota Plan.", []),
        ("Chile supports peace, and nobody has read the Quota Plan.", []),
    ],
)
def test_which_disposition_to_which_option(text, expected):
    assert said(text) == expected


def test_what_an_option_is_preferred_to_is_given():
    found = one("Chile prefers the Quota Plan to the port levy.")
    assert (found.option, found.over) == ("plan", "levy")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The Quota Plan is new. Chile opposed the plan.", ["chile oppose plan"]),
        ("The port levy is new. Chile opposed the levy.", ["chile oppose levy"]),
        ("The Bern Process began. Chile left the process.", ["chile refuse bern"]),
        ("The Harbour Treaty is old. Chile ratified it.", ["chile bound treaty"]),
        (
            "The Quota Plan and the port levy are new. Chile opposed the latter.",
            ["chile oppose levy"],
        ),
        ("Chile opposed the plan.", []),
        ("The Quota Plan is new. Chile opposed the agenda.", []),
        (
            "The Quota Plan is new. Chile opposed a plan of its own.",
            ["chile oppose plan"],
        ),
    ],
)
def test_an_option_named_before_is_meant_where_that_is_safe(text, expected):
    assert said(text) == expected


def test_the_text_of_a_treaty_is_its_draft():
    assert said("Chile opposes the Harbour Treaty text.") == ["chile oppose draft"]


def test_a_name_of_two_options_means_the_one_whose_issue_is_spoken_of():
    other = KnownOption("other", "taxes", "proposal", "Quota Plan")
    known = Known(
        ACTORS, (*OPTIONS, other, KnownOption("tax", "taxes", "treaty", "Tax Pact"))
    )
    text = "Chile opposes the Quota Plan."
    assert proposals(text, known=known) == ()
    found = proposals(f"The Tax Pact is old. {text}", known=known)
    assert cells(found) == [("chile", "oppose", "other")]


# -- standing, form, modality ---------------------------------------------------------


def test_who_is_quoted_is_kept_from_who_quotes():
    found = in_cable("Norwegian envoy Dahl said that Chile opposes the Quota Plan.")
    assert cells(found) == [("chile", "oppose", "plan")]
    assert (found[0].standing, found[0].speaker) == ("other", "Norwegian envoy Dahl")


def test_an_embassy_s_own_sentence_about_others_is_the_reporter_s():
    (found,) = in_cable("Chile opposes the Quota Plan.")
    assert (found.standing, found.speaker) == ("reporter", "")


def test_an_embassy_speaks_for_its_own_state():
    (found,) = in_cable("We oppose the Quota Plan.")
    assert (found.actor, found.standing) == ("usa", "own")


def test_a_comment_voice_is_the_reporter_s_and_what_surrounds_it_is_not():
    text = (
        "Sato said Japan supports the Quota Plan. (Comment: Japan will oppose the port"
        " levy. End comment.) Japan opposes the Harbour Treaty."
    )
    start, end = text.index("(Comment"), text.index("Japan opposes")
    line = Line(1, text, voices=(Voice(start, end, VoiceKind.COMMENT),))
    header = (Speaker("Sato", "japan"),)
    found = in_cable(paragraphs=(line,), speakers=header)
    assert [(p.option, p.standing) for p in found] == [
        ("plan", "own"),
        ("levy", "reporter"),
        ("treaty", "own"),
    ]
    assert [p.speaker for p in found] == ["Sato", "", "Sato"]
    # What is said ahead in an assessment is expected.
    assert [p.modality for p in found] == ["stated", "expected", "stated"]


@pytest.mark.parametrize("role", [ParagraphRole.COMMENT, ParagraphRole.NOTE])
def test_a_comment_paragraph_is_the_reporter_s(role):
    (found,) = in_cable(paragraphs=lines("Sato said Japan opposes the GT.", role=role))
    assert found.standing == "reporter"


@pytest.mark.parametrize("role", [ParagraphRole.HEADING, ParagraphRole.SUBJECT])
def test_a_heading_only_characterises(role):
    (found,) = in_cable(paragraphs=lines("Japan opposes Quota Plan", role=role))
    assert (found.standing, found.form) == ("reporter", "characterisation")
    assert found.confidence < 0.5


def test_a_member_spoken_for_by_its_group_has_standing_group():
    found = proposals(
        paragraphs=lines("Norway supports the Quota Plan.", speaker="The Chair"),
        speakers=(Speaker("The Chair", "arctic-group"),),
        kind="debate",
    )
    assert [(p.actor, p.standing) for p in found] == [("norway", "group")]


def test_who_utters_a_paragraph_says_what_we_say_and_what_others_hold():
    found = proposals(
        paragraphs=lines(
            "My delegation cannot accept the Quota Plan. Kenya supports it.",
            speaker="Ms. Rojas (Chile)",
        ),
        kind="debate",
    )
    assert [(p.actor, p.disposition, p.standing) for p in found] == [
        ("chile", "oppose", "own"),
        ("kenya", "support", "other"),
    ]
    assert {p.speaker for p in found} == {"Ms. Rojas (Chile)"}
    assert found[0].form == "verbatim"


def test_an_issuer_s_own_text_is_official():
    found = one("We support the Quota Plan.", kind="declaration", issuer="chile")
    assert (found.actor, found.standing, found.form) == ("chile", "own", "official")


def test_words_between_quotation_marks_are_verbatim():
    found = one("“We support the Quota Plan,” said the Chilean envoy.")
    assert (found.actor, found.form, found.speaker) == (
        "chile",
        "verbatim",
        "the Chilean envoy",
    )


def test_acts_are_recorded_acts():
    assert one("Chile ratified the Harbour Treaty.").form == "act"


@pytest.mark.parametrize(
    ("text", "modality", "condition"),
    [
        ("Chile supports the Quota Plan.", "stated", ""),
        ("Chile would support the Quota Plan.", "stated", ""),
        ("Chile will support the Quota Plan.", "intended", ""),
        ("Chile pledged to ratify the Harbour Treaty.", "stated", ""),
        ("Chile may support the Quota Plan.", "expected", ""),
        ("Chile is likely to support the Quota Plan.", "expected", ""),
        ("Kenya expects Chile to support the Quota Plan.", "expected", ""),
        ("Kenya said Chile supports the Quota Plan.", "stated", ""),
        (
            "Chile would support the Quota Plan if Kenya paid.",
            "conditional",
            "if Kenya paid",
        ),
        (
            "Provided that Kenya pays, Chile would support the Quota Plan.",
            "conditional",
            "Provided that Kenya pays",
        ),
        ("Chile would support the Quota Plan even if nobody paid.", "stated", ""),
    ],
)
def test_modality(text, modality, condition):
    found = one(text)
    assert cells([found]) == [("chile", found.disposition, found.option)]
    assert (found.modality, found.condition) == (modality, condition)


def test_on_whose_authority_is_kept():
    found = in_cable(
        "Sato said Japan's policy, approved by Prime Minister Ito, is unchanged. Japan"
        " opposes the Quota Plan.",
        speakers=(Speaker("Sato", "japan"),),
    )
    assert [p.authority for p in found] == ["Prime Minister Ito"]


# -- when ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "dated", "expected"),
    [
        (
            "On April 23, Chile opposed the GT.",
            "2008-05-02",
            ("2008-04-23", "completed"),
        ),
        (
            "On 23 April Chile opposed the GT.",
            "2008-05-02",
            ("2008-04-23", "completed"),
        ),
        ("On 23 April 2007 Chile opposed the GT.", "2008", ("2007-04-23", "printed")),
        (
            "On December 12 Chile opposed the GT.",
            "2008-01-05",
            ("2007-12-12", "completed"),
        ),
        (
            "On 9 May 2009 Chile opposed the GT.",
            "2008-05-02",
            ("2008-05-02", "document"),
        ),
        ("Chile opposed the GT yesterday.", "2008-05-02", ("2008-05-01", "completed")),
        ("Chile opposed the GT on Monday.", "2008-05-02", ("2008-04-28", "completed")),
        ("Chile opposed the GT on Monday.", "2008-05", ("2008-05", "document")),
        (
            "On 31 February Chile opposed the GT.",
            "2008-05-02",
            ("2008-05-02", "document"),
        ),
        ("Chile opposed the GT.", "2008-05-02", ("2008-05-02", "document")),
        ("Chile opposed the GT.", "", ("", "")),
        ("Chile opposed the GT.", "in spring", ("", "")),
        ("Since 3 May 2007 Chile opposed the GT.", "2008", ("2008", "document")),
    ],
)
def test_a_day_in_the_text_goes_before_the_document_s(text, dated, expected):
    found = one(text, dated=dated)
    assert (found.said_on, found.said_basis) == expected


@pytest.mark.parametrize(
    ("text", "holds_on"),
    [
        ("Chile has opposed the GT since 2006.", "2006/"),
        ("Since May 2006 Chile has opposed the GT.", "2006-05/"),
        ("In 2005 Chile opposed the GT.", "2005"),
        ("In 2008 Chile opposed the GT.", ""),
        ("Chile opposed the GT on 23 April.", ""),
    ],
)
def test_the_time_that_words_speak_of_is_kept_apart(text, holds_on):
    assert one(text).holds_on == holds_on


def test_the_day_of_a_cable_s_meeting_is_that_of_what_those_who_met_said():
    found = in_cable(
        "Sato received us for an April 23 meeting in Tokyo.",
        "Sato said Japan opposes the Quota Plan. A committee opened on April 19.",
        "Kenyan officials say Nairobi supports the Quota Plan.",
        speakers=(Speaker("Sato", "japan"),),
    )
    assert [(p.actor, p.said_on, p.said_basis) for p in found] == [
        ("japan", "2008-04-23", "completed"),
        ("kenya", "2008-05-02", "document"),
    ]
    assert found[0].event == "April 23 meeting in Tokyo" or "meeting" in found[0].event


# -- repeats, identity ----------------------------------------------------------------


def test_a_summary_s_sentence_is_offered_as_a_repeat_of_the_later_one():
    found = in_cable(
        paragraphs=(
            Line(1, "SUMMARY: Japan backs the Quota Plan.", ParagraphRole.SUMMARY),
            Line(2, "Quota Plan: Japan in Favor", ParagraphRole.HEADING),
            Line(3, "Tokyo would reject the Quota Plan."),
            Line(4, "Japan backs the Quota Plan."),
            Line(5, "Japan supports the Quota Plan as it stands."),
        )
    )
    summary = next(p for p in found if p.paragraph == 1)
    later = next(p for p in found if p.paragraph == 4)
    assert summary.repeats == later.fingerprint
    assert [p.repeats for p in found if p.paragraph > 2] == ["", "", ""]


def test_a_summary_alone_stands_for_itself():
    found = one(paragraphs=lines("Chile opposes the GT.", role=ParagraphRole.SUMMARY))
    assert found.repeats == ""


def test_the_fingerprint_is_of_the_words_and_not_of_the_place():
    first = one("Chile opposes the Quota Plan.")
    moved = one("A word before.\n\nChile\nopposes the   Quota Plan.")
    assert first.start != moved.start
    assert first.fingerprint == moved.fingerprint
    assert first.fingerprint == fingerprint(
        "CHILE opposes the Quota Plan", "chile", "plan", "oppose"
    )
    others = [
        replace(first, quote="Chile opposes the plan"),
        replace(first, actor="kenya"),
        replace(first, option="levy"),
        replace(first, disposition="reserve"),
    ]
    assert len({p.fingerprint for p in (first, *others)}) == 5
    assert replace(first, paragraph=9, said_on="2001").fingerprint == first.fingerprint


def test_a_proposal_says_why_in_one_sentence():
    (found,) = in_cable(
        "Abe said Japan prefers the Bern Process.",
        speakers=(Speaker("DDG Abe", "japan", role="DDG", rank=3),),
    )
    assert found.reason == (
        "“prefers” with Japan's Abe as speaker; option Bern Process by name."
    )
    assert (found.tool, found.version) == ("rules", "2")


def test_a_page_without_an_option_or_without_lists_gives_nothing():
    assert proposals("Chile opposes everything.") == ()
    assert proposals() == ()
    assert proposals("Chile opposes the GT.", language="fr") == ()
    assert proposals("Chile opposes the GT.", known=Known((), OPTIONS)) == ()
    assert proposals("Chile opposes the GT.", known=Known(ACTORS, ())) == ()


# -- sentences and names ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two.", ["One.", "Two."]),
        (
            "Mr. Abe spoke of Art. 1 and Art. 2.",
            ["Mr. Abe spoke of Art. 1 and Art. 2."],
        ),
        ("The U.S. Secretary came.", ["The U.S. Secretary came."]),
        ("He left the U.S. The end.", ["He left the U.S.", "The end."]),
        ("Stephen T. Ganyard spoke.", ["Stephen T. Ganyard spoke."]),
        ("He said “No.” She left.", ["He said “No.”", "She left."]),
        (
            "A first\nline and a second\nline. Then",
            ["A first\nline and a second\nline.", "Then"],
        ),
        ("One; two", ["One;", "two"]),
        ("It cost 3.5 million. More", ["It cost 3.5 million.", "More"]),
        ("Title\n\nText", ["Title", "Text"]),
        ("Really?! Yes", ["Really?!", "Yes"]),
        ("  ", []),
    ],
)
def test_sentences(text, expected):
    spans = sentences(text, lexicon("en"))
    assert [text[start:end] for start, end in spans] == expected


def test_a_sentence_broken_over_lines_is_read_as_one():
    found = one("It was late. Chile would\nnot\noppose the Quota\nPlan at all.")
    assert found.disposition == "accept"
    assert found.quote == "Chile would\nnot\noppose the Quota\nPlan at all"


@pytest.mark.parametrize(
    ("text", "actor", "surname", "role", "rank"),
    [
        ("MOFA Director-General Taro Abe", "", "abe", "MOFA Director-General", 3),
        (
            "Norwegian State Secretary Liv Dahl",
            "norway",
            "dahl",
            "Norwegian State Secretary",
            2,
        ),
        (
            "Taro Abe, Japan's chief negotiator",
            "japan",
            "abe",
            "Japan's chief negotiator",
            2,
        ),
        (
            "Foreign Minister Abe of Japan",
            "japan",
            "abe",
            "Foreign Minister of Japan",
            1,
        ),
        ("the representative of Chile", "chile", "", "representative of Chile", 4),
        ("Mr. Abe", "", "abe", "", 5),
        ("Ana Paz (Chile)", "chile", "paz", "", 5),
        (
            "Ministry of Foreign Affairs of Japan Fisheries, Ports and Seas Department"
            " Deputy Director-General Taro Abe",
            "japan",
            "abe",
            "Ministry of Foreign Affairs of Japan Fisheries, Ports and Seas Department"
            " Deputy Director-General",
            3,
        ),
    ],
)
def test_persons_with_their_offices(text, actor, surname, role, rank):
    words = vocabulary(KNOWN, lexicon("en"))
    (found,) = phrases(text, items(text, 0, len(text), words, frozenset()), KNOWN)
    assert (found.kind, found.actor, found.surname) == ("person", actor, surname)
    assert (found.role, found.rank) == (role, rank)


# -- whatever comes -------------------------------------------------------------------

PIECES = """
Norway Chile 's , . ; ? ( ) " and or but not said that told the it he which opposes
supports prefers urged to sign will if whether for of over Quota Plan Bern Process GT
Articles 1(b) 1(c) April 23 2006 since Minister Abe \ue000 \uf000 İ \x00 日本
"""
WORDS = st.sampled_from([*re.findall(r"\S+", PIECES), "\n", "\n\n"])
TEXTS = st.one_of(st.text(max_size=300), st.lists(WORDS, max_size=60).map(" ".join))


@settings(max_examples=300, deadline=None)
@given(st.lists(TEXTS, max_size=4), st.sampled_from(["cable", "debate", "press"]))
def test_whatever_the_text_every_quote_is_a_slice_and_twice_the_same(texts, kind):
    found = proposals(*texts, kind=kind, issuer="embassy")
    for p in found:
        assert p.quote == texts[p.paragraph - 1][p.start : p.end] != ""
        assert p.quote == p.quote.strip()
        assert 0 < p.confidence <= 1
        assert p.actor in {a.key for a in ACTORS}
        assert p.option in {o.key for o in OPTIONS}
    assert found == proposals(*texts, kind=kind, issuer="embassy")


@pytest.mark.parametrize(
    "piece",
    [
        *("Norway, ", "Norway opposes the GT and ", "Norway urged ", "Articles 1(b), "),
        *("Norway said that ", "the GT ", ". ", "(", "if ", "also ", "Prime Minister "),
        *("N ", ", ", "\n \n", "A.", "April 3 ", "Norway's first priority "),
    ],
)
def test_a_text_of_one_thing_over_and_over_does_not_stop_it(piece):
    with hang_guard(20):
        proposals(piece * (40_000 // len(piece)) + "the GT", kind="cable")


# -- lists and what is left out --------------------------------------------------------


BEFORE = ("The Quota Plan is new.", "So is the port levy.")


def test_a_label_before_a_colon_is_what_a_paragraph_is_about():
    """By a part of its name that no other option's name has."""
    listed = "opposed by Norway; supported by Chile."
    assert said(*BEFORE, f"Quota: {listed}") == [
        "norway oppose plan",
        "chile support plan",
    ]
    # Nobody knows what this label is about: nothing that was named before.
    assert said(*BEFORE, f"Salmon: {listed}") == []
    assert said(*BEFORE, f"O{listed[1:]}") == [
        "norway oppose levy",
        "chile support levy",
    ]


def test_a_heading_says_what_the_lines_under_it_are_about():
    texts = (*BEFORE, "Quota", "Norway objected.")
    paragraphs = tuple(
        Line(n, text, role="heading" if text == "Quota" else "body")
        for n, text in enumerate(texts, 1)
    )
    assert said(paragraphs=paragraphs) == ["norway oppose plan"]


def test_each_act_of_a_list_has_its_own_day():
    found = proposals(
        "The Harbour Treaty opened in 2004.",
        "In 2005 Japan ratified on 2 April, Kenya on 6 May and Chile on 8 July.",
        kind="digest",
    )
    assert [(p.actor, p.disposition, p.said_on) for p in found] == [
        ("japan", "bound", "2005-04-02"),
        ("kenya", "bound", "2005-05-06"),
        ("chile", "bound", "2005-07-08"),
    ]


def test_an_act_far_from_its_treaty_is_about_the_only_treaty():
    between = ["Kenya likes ships."] * 5
    assert said(
        "The Harbour Treaty is open.", *between, "Chile ratified on 3 May."
    ) == ["chile bound treaty"]
    assert said("The Quota Plan is new.", *between, "Chile objected.") == []


def test_they_are_all_whom_the_sentence_before_lists():
    assert said(
        "Norway and Chile met about the Quota Plan. They opposed it.", kind="report"
    ) == ["chile oppose plan", "norway oppose plan"]
    assert (
        said("Norway and Chile met about the Quota Plan. Bankers said they opposed it.")
        == []
    )


def test_what_the_press_speculates_is_nobody_s():
    assert said("The press speculates that Chile will oppose the Quota Plan.") == []


def test_a_day_is_nobody_s_name():
    found = in_cable("Chile supports the Quota Plan, its envoy told the DCM April 23.")
    assert [(p.actor, p.said_on) for p in found] == [("chile", "2008-04-23")]


def test_last_week_is_a_range_of_days():
    found = one("Last week Chile opposed the GT.", dated="2008-05-02")
    assert found.said_on == "2008-04-21/2008-04-27"


@pytest.mark.parametrize(
    ("dated", "actor"), [("1973", "ussr"), ("1994", "russia"), ("", "russia")]
)
def test_moscow_was_the_soviet_union_s(dated, actor):
    known = Known(
        (
            KnownActor("russia", "state", "Russia", iso3="RUS"),
            KnownActor("ussr", "state", "Soviet Union", iso3="SUN"),
        ),
        OPTIONS,
    )
    found = one("Moscow opposes the Quota Plan.", known=known, dated=dated)
    assert found.actor == actor


def test_moscow_is_russia_s_where_nobody_knows_the_soviet_union():
    known = Known((KnownActor("russia", "state", "Russia", iso3="RUS"),), OPTIONS)
    found = one("Moscow opposes the Quota Plan.", known=known, dated="1973")
    assert found.actor == "russia"


# -- the labelled sets -----------------------------------------------------------------


def test_the_set_is_what_its_readme_says():
    pages = [d for half in labelled.HALVES for d in labelled.documents(half)]
    paragraphs = [(d.name, line.order) for d in pages for line in d.page.paragraphs]
    coded = {(d.name, gold.paragraph) for d in pages for gold in d.gold}
    assert len(paragraphs) >= 180
    assert len(coded) <= len(paragraphs) / 2
    assert {d.register for d in pages} == {
        *("cable", "debate", "declaration", "talks", "press")
    }
    for half in labelled.HALVES:
        assert {d.register for d in labelled.documents(half)} == {
            d.register for d in pages
        }
    codes = {gold.disposition for d in pages for gold in d.gold}
    assert codes <= labelled.facets().keys()
    keys = {gold.actor for d in pages for gold in d.gold}
    assert keys <= {actor.key for actor in labelled.known().actors}


def test_the_unseen_set_is_what_its_readme_says():
    halves = [labelled.documents(half, labelled.UNSEEN) for half in labelled.HALVES]
    for half in halves:
        paragraphs = [
            (d.name, line.order)
            for d in half
            for line in d.page.paragraphs
            if line.role not in ("heading", "subject")
        ]
        coded = {(d.name, gold.paragraph) for d in half for gold in d.gold}
        assert len(paragraphs) >= 60
        assert len(coded) <= len(paragraphs) / 2
        assert {d.register for d in half} == {
            *("cable", "debate", "memorandum", "talks", "press")
        }
    known = labelled.known(labelled.UNSEEN)
    gold = [(d, one) for half in halves for d in half for one in d.gold]
    assert {one.actor for _, one in gold} <= {actor.key for actor in known.actors}
    assert {one.option for _, one in gold} <= {option.key for option in known.options}
    assert {one.disposition for _, one in gold} <= labelled.facets().keys()
    for document, one in gold:
        # What a summary repeats stands further down.
        assert not one.repeats or any(
            (other.actor, other.option, other.disposition)
            == (one.actor, one.option, one.disposition)
            and other.paragraph > one.paragraph
            for other in document.gold
        ), (document.name, one)


def test_the_unseen_development_half_stays_as_found():
    score = labelled.score("development", folder=labelled.UNSEEN)
    assert score.precision >= 0.95
    assert score.recall >= 0.72
    for name in ("disposition", "standing", "modality", "date"):
        assert score.given(name) >= 0.95, name


def test_the_unseen_held_out_half_is_proposed_for_with_care():
    """Precision 0.8 and disposition 0.7; half of what is there is not found yet."""
    score = labelled.score("held_out", folder=labelled.UNSEEN)
    assert score.precision >= 0.8
    assert score.recall >= 0.35
    assert score.given("disposition") >= 0.7


def test_the_development_half_stays_as_found():
    """A change of a rule that loses what was found shows here, before the bench."""
    score = labelled.score("development")
    assert score.precision >= 0.97
    assert score.recall >= 0.97
    for name in ("disposition", "standing", "modality", "date"):
        assert score.given(name) >= 0.97, name
    assert score.given("span") >= 0.9
    assert score.repeated == score.repeats > 0


def test_the_held_out_half_reaches_what_was_aimed_at():
    """Precision 0.8 and recall 0.6 of (actor, option), 0.7 of disposition."""
    score = labelled.score("held_out")
    assert score.precision >= 0.8
    assert score.recall >= 0.6
    assert score.given("disposition") >= 0.7


# -- the real cable -------------------------------------------------------------------


def test_the_first_document_s_positions_are_among_the_proposals(samples):
    path = samples / "08TOKYO1212.txt"
    document = cable.parse(path.read_bytes(), path.name)
    known = Known(
        actors=(
            KnownActor("japan", "state", "Japan", iso3="JPN"),
            KnownActor("usa", "state", "United States", iso3="USA"),
            KnownActor(
                "embassy", "body", "Embassy of the United States in Tokyo", of="usa"
            ),
        ),
        options=(
            KnownOption("ccw", "cm", "track", "CCW"),
            KnownOption("oslo", "cm", "track", "Oslo Process"),
            KnownOption("1b", "cm", "provision", "Art. 1(b)"),
            KnownOption("1c", "cm", "provision", "Art. 1(c)"),
        ),
    )
    paragraphs = tuple(
        Line(p.order, document.text_of(p), p.role, p.voices)
        for p in document.paragraphs
    )
    page = Page(paragraphs, document.dated, document.kind, issuer="embassy")
    numbers = {p.order: p.number for p in document.paragraphs}
    found = {
        (numbers[p.paragraph], p.disposition, p.option): p
        for p in suggest(page, known)
        if p.actor == "japan" and p.standing == "own"
    }
    for cell in [
        ("3", "prefer", "ccw"),
        ("3", "engage", "oslo"),
        ("4", "reserve", "1b"),
        ("4", "reserve", "1c"),
    ]:
        proposal = found[cell]
        assert (proposal.said_on, proposal.said_basis) == ("2008-04-23", "completed")
        assert (proposal.speaker, proposal.rank) == ("DDG Shimbo", 3)
        assert proposal.repeats == ""
    assert "first priority" in found["3", "prefer", "ccw"].quote
    assert found["3", "prefer", "ccw"].authority == "Prime Minister Yasuo Fukuda"
    # The summary says the one beforehand.
    summary = found["1", "engage", "oslo"]
    assert summary.repeats == found["3", "engage", "oslo"].fingerprint
    assert found["6", "accept", "oslo"].quote.startswith(
        "Japan will not be in a position"
    )
