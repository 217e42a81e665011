"""The coding form: from words typed or pasted to draft statements."""

import pytest
from django.urls import reverse

from positions.models import (
    ActorName,
    Check,
    CodingHeader,
    HeaderSpeaker,
    Reason,
    Statement,
    Voice,
)
from positions.models.changes import recording
from tests import factories as make

pytestmark = pytest.mark.django_db

TEXT = (
    "Tokyo's first priority is an agreement within the CCW. Pressure keeps Japan in "
    "Oslo. The CCW comes first, the CCW alone. (Comment: The ruling party is strong.)"
)


class Scene:
    """A source with its coding header, an issue with options, and a coder at it."""

    def __init__(self, client):
        self.client = client
        self.coder = make.make_user("Coder")
        client.force_login(self.coder)
        self.japan = make.make_actor("Japan")
        self.embassy = make.make_actor("Embassy Tokyo", kind="body")
        self.issue = make.make_issue("Cluster munitions")
        self.ccw = make.make_option("CCW", issue=self.issue)
        self.oslo = make.make_option("Oslo Process", issue=self.issue)
        self.source = make.make_source([TEXT, "And so on."], issuer=self.embassy)
        self.paragraph = make.paragraph_of(self.source, 1)
        at = TEXT.index("(Comment")
        with recording(self.coder):
            Voice.objects.create(
                paragraph=self.paragraph, start=at, end=len(TEXT), kind="comment"
            )
            self.header = CodingHeader.objects.create(
                source=self.source,
                event=make.make_event("Meeting in Tokyo"),
                said_on="2008-04-23",
                audience="the delegation",
                publicity="confidential",
            )
            self.speaker = HeaderSpeaker.objects.create(
                header=self.header,
                name="An official",
                role="Deputy Director-General",
                rank=3,
                actor=self.japan,
                on_authority="the Prime Minister",
            )

    @property
    def url(self):
        args = (self.source.pk, self.paragraph.key)
        return reverse("admin:positions_source_code", args=args)

    def form(self, **fields):
        return {
            "issue": self.issue.key,
            "words": "first priority is an agreement within the CCW",
            "speaker_choice": self.speaker.pk,
            "options": [self.ccw.pk],
            "disposition": make.disposition("prefer").pk,
            "finding": "nothing",
            "save": "1",
            **fields,
        }

    def post(self, *, without=(), **fields):
        form = {k: v for k, v in self.form(**fields).items() if k not in without}
        return self.client.post(self.url, form)

    def page(self, **fields):
        """The page that comes after a form, with its messages."""
        return self.client.post(self.url, self.form(**fields), follow=True)


@pytest.fixture
def scene(client):
    return Scene(client)


def test_four_answers_make_a_draft_and_the_rest_follows_from_the_header(scene):
    answer = scene.post()
    statement = Statement.objects.get()
    assert answer.status_code == 302
    assert answer.url.startswith(
        reverse("admin:positions_source_read", args=(scene.source.pk,))
    )
    assert (statement.actor, statement.option) == (scene.japan, scene.ccw)
    assert statement.state == "draft"
    assert statement.coder == scene.coder
    assert statement.said_on == "2008-04-23"
    assert statement.event == scene.header.event
    assert statement.reporter == scene.embassy
    assert statement.audience == "the delegation"
    assert statement.publicity == "confidential"
    assert statement.speaker_text == "An official"
    assert statement.speaker_rank == 3
    assert statement.on_authority_text == "the Prime Minister"
    assert statement.standing == "own"
    assert statement.main.quote == "first priority is an agreement within the CCW"


def test_what_is_unfolded_wins_over_the_header(scene):
    scene.post(said_on="2008-04", publicity="public", speaker_rank="2", audience="all")
    statement = Statement.objects.get()
    assert statement.said_on == "2008-04"
    assert statement.said_basis == "printed"
    assert (statement.publicity, statement.audience) == ("public", "all")
    assert statement.speaker_rank == 2


def test_a_pasted_quote_with_other_signs_and_line_breaks_is_stored_as_it_stands(scene):
    scene.post(words="“Tokyo’s first\n  priority”")
    assert Statement.objects.get().main.quote == "Tokyo's first priority"


def test_words_that_are_not_in_the_paragraph_are_refused_and_the_form_kept(scene):
    page = scene.post(words="Norway prefers Oslo", note="Remember.", audience="them")
    assert page.status_code == 200
    assert "does not stand in" in page.text
    assert "Nothing is saved yet" in page.text
    assert not Statement.objects.exists()
    assert "Norway prefers Oslo" in page.text
    assert "Remember." in page.text
    assert 'value="them"' in page.text
    assert f'value="{scene.ccw.pk}" checked' in page.text
    chosen = make.disposition("prefer").pk
    assert f'value="{chosen}" checked' in page.text


def test_words_that_stand_twice_are_offered_place_by_place_the_first_chosen(scene):
    page = scene.post(words="the CCW")
    places = page.context["form"].places
    assert not Statement.objects.exists()
    assert [place["start"] for place in places] == [
        at for at in range(len(TEXT)) if TEXT.startswith("the CCW", at)
    ]
    assert f'value="{places[0]["start"]}" checked' in page.text
    scene.post(words="the CCW", place=places[1]["start"])
    assert Statement.objects.get().main.start == places[1]["start"]


def test_a_place_of_other_words_chosen_before_does_not_stick(scene):
    first = scene.post(words="the CCW").context["form"].places[0]["start"]
    scene.post(words="Pressure keeps Japan", place=first)
    assert Statement.objects.get().main.quote == "Pressure keeps Japan"


def test_words_of_the_authors_comment_get_the_standing_reporter_and_it_is_said(scene):
    page = scene.page(words="The ruling party is strong")
    assert Statement.objects.get().standing == "reporter"
    assert "their standing is reporter" in page.text


def test_own_standing_on_the_authors_comment_is_refused_in_a_sentence(scene):
    page = scene.post(words="The ruling party is strong", standing="own")
    assert page.status_code == 200
    assert "their standing is reporter, not own" in page.text
    assert not Statement.objects.exists()
    assert page.context["form"].open_folded


def test_several_options_and_actors_make_one_statement_each_sharing_an_utterance(scene):
    norway = make.make_actor("Norway")
    page = scene.page(
        options=[scene.ccw.pk, scene.oslo.pk], actors=[scene.japan.pk, norway.pk]
    )
    rows = Statement.objects.values_list("actor__name", "option__short_name")
    assert set(rows) == {
        ("Japan", "CCW"),
        ("Japan", "Oslo Process"),
        ("Norway", "CCW"),
        ("Norway", "Oslo Process"),
    }
    (utterance,) = set(Statement.objects.values_list("utterance", flat=True))
    assert utterance
    assert page.text.count("Coded as a draft") == 4


def test_actors_are_also_named_in_words(scene):
    make.make_actor("Norway")
    with recording(scene.coder):
        ActorName.objects.create(actor=scene.japan, name="Nippon")
    scene.post(actor_names="nippon; NORWAY")
    names = Statement.objects.values_list("actor__name", flat=True)
    assert set(names) == {"Japan", "Norway"}


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"words": ""}, "Give the words"),
        ({"words": "   "}, "Give the words"),
        ({"options": []}, "Choose at least one option."),
        ({"options": ["999999"]}, "not one of the available choices"),
        ({"disposition": ""}, "Choose what the words say"),
        ({"disposition": "999999"}, "not one of the available choices"),
        ({"speaker_choice": "other"}, "Say whose position it is"),
        ({"actor_names": "Atlantis"}, "No actor is named “Atlantis”."),
        ({"modality": "conditional"}, "A conditional statement needs its condition."),
        ({"said_on": "yesterday"}, "YYYY-MM-DD"),
        ({"mode": "accession"}, "Only consent to be bound has a mode."),
        ({"place": "x"}, "Nothing is saved yet"),
        ({"speaker_text": "x" * 300}, "at most 200 characters"),
    ],
)
def test_what_is_missing_or_wrong_is_told_in_a_sentence(scene, fields, sentence):
    page = scene.post(**fields)
    assert page.status_code == 200
    assert sentence in page.text
    assert not Statement.objects.exists()


def test_a_name_of_two_actors_is_not_guessed(scene):
    for kind in ("body", "party"):
        make.make_actor("Liberal Party", kind=kind)
    page = scene.post(actor_names="Liberal Party")
    assert "Several actors are named “Liberal Party”." in page.text


def test_options_of_another_issue_are_not_accepted(scene):
    foreign = make.make_option("Ottawa", issue=make.make_issue("Landmines"))
    scene.post(options=[foreign.pk])
    assert not Statement.objects.exists()


def test_save_and_code_next_keeps_all_but_words_and_disposition(scene):
    answer = scene.post(
        without=("save",), next="1", audience="them", note="Of these words."
    )
    assert Statement.objects.count() == 1
    assert answer.url.startswith(scene.url)
    page = scene.client.get(answer.url)
    form = page.context["form"]
    assert not form["words"].value()
    assert not form["disposition"].value()
    assert form["audience"].value() == "them"
    assert form["speaker_choice"].value() == str(scene.speaker.pk)
    assert not form["note"].value()
    assert f'value="{scene.ccw.pk}" checked' in page.text
    assert f'value="{scene.speaker.pk}" id="id_speaker_choice_0" checked' in page.text


@pytest.mark.parametrize("finding", ["nothing", "off_topic", "withheld"])
def test_nothing_here_records_a_check_without_words_or_options(scene, finding):
    answer = scene.post(
        without=("save", "words", "options", "disposition", "speaker_choice"),
        nothing="1",
        finding=finding,
    )
    check = Check.objects.get()
    assert answer.status_code == 302
    assert (check.source, check.paragraph) == (scene.source, scene.paragraph)
    assert (check.issue, check.actor) == (scene.issue, None)
    assert (check.by, check.finding) == (scene.coder, finding)
    assert not Statement.objects.exists()


def test_nothing_here_of_an_actor_names_the_actor(scene):
    scene.post(without=("save",), nothing="1", actors=[scene.japan.pk])
    assert Check.objects.get().actor == scene.japan


def test_the_only_speaker_of_the_header_is_chosen_from_the_start(scene):
    page = scene.client.get(scene.url).text
    assert f'value="{scene.speaker.pk}" id="id_speaker_choice_0" checked' in page


def test_buttons_stand_by_facet_with_their_definitions(scene):
    page = scene.client.get(scene.url).text
    places = [page.index(f">{name}<") for name in ("Preference", "Engagement")]
    assert places == sorted(places)
    assert make.disposition("prefer").definition[:30] in page


def test_an_empty_field_shows_what_the_header_will_put_there(scene):
    page = scene.client.get(scene.url).text
    assert 'placeholder="2008-04-23"' in page
    assert "– In confidence –" in page
    assert "Empty: Embassy Tokyo." in page


def test_the_issue_coded_last_is_offered_again(scene):
    mines = make.make_issue("A first issue")
    scene.post()
    assert scene.client.get(scene.url).context["issue"] == scene.issue
    asked = scene.client.get(scene.url, {"issue": mines.key})
    assert asked.context["issue"] == mines


def test_reasons_of_the_issue_can_be_ticked(scene):
    with recording(scene.coder):
        reason = Reason.objects.create(issue=scene.issue, key="cost", name="Cost")
    assert "Cost" in scene.client.get(scene.url).text
    scene.post(reasons=[reason.pk])
    assert list(Statement.objects.get().reasons.all()) == [reason]


def test_a_translation_is_kept_with_the_words(scene):
    scene.post(translation="In other words.")
    assert Statement.objects.get().main.translation == "In other words."


def test_without_an_issue_the_coder_is_sent_to_make_one(client):
    client.force_login(make.make_user("Coder"))
    source = make.make_source()
    url = reverse("admin:positions_source_code", args=(source.pk, 1))
    answer = client.get(url, follow=True)
    assert "Make an issue and its options first." in answer.text


def test_only_coders_open_the_form_and_only_at_paragraphs_there_are(scene, client):
    missing = reverse("admin:positions_source_code", args=(scene.source.pk, 99))
    assert scene.client.get(missing).status_code == 404
    client.force_login(make.make_user("Reader", is_staff=True))
    assert client.get(scene.url).status_code == 403
    assert client.post(scene.url, scene.form()).status_code == 403
    assert not Statement.objects.exists()


def test_coding_stands_in_the_log(scene):
    scene.post()
    page = scene.client.get(
        reverse("admin:positions_statement_change", args=(Statement.objects.get().pk,))
    ).text
    assert "coded" in page
