"""The form by which words of a paragraph become draft statements."""

from django import forms
from django.contrib import admin

from positions import coding
from positions.choices import CitationRole, Finding
from positions.models import (
    Actor,
    Disposition,
    Issue,
    Option,
    Reason,
    Refused,
    Statement,
)

from .base import LabelledSelect, LabelledSelectMultiple, label_of, number_in

# What follows from the coding header, the speaker or the words, folded away.
FOLDED = (
    "holds_on",
    "said_on",
    "said_basis",
    "event",
    "standing",
    "form",
    "publicity",
    "modality",
    "condition",
    "mode",
    "over_option",
    "speaker",
    "speaker_role",
    "speaker_rank",
    "on_authority_text",
    "on_authority_of",
    "reporter",
    "audience",
    "extends_to",
    "extends_except",
    "reliability",
    "credibility",
    "reasons",
    "note",
)
SEVERAL = ("reasons", "extends_except")
# What belongs to the words and is not kept for the next ones.
OF_THE_WORDS = (
    *("words", "place", "further", "disposition", "translation", "note", "holds_on"),
)
# What says which button was pressed, and where the form stood.
OF_THE_PRESS = ("csrfmiddlewaretoken", "save", "next", "nothing", "finding", "panel")
FURTHER_ROLES = set(CitationRole.values) - {CitationRole.MAIN}
CONTEXT = 40


def folded_field(db_field, **kwargs):
    """A form field in which nothing chosen means: as the header has it."""
    if db_field.name == "reasons":
        kwargs["widget"] = forms.CheckboxSelectMultiple
    elif db_field.many_to_many:
        kwargs["widget"] = LabelledSelectMultiple(db_field, admin.site)
    elif db_field.remote_field and db_field.name != "over_option":
        kwargs["widget"] = LabelledSelect(db_field, admin.site)
    if db_field.choices:
        blank = "by the words" if db_field.name == "standing" else "as usual"
        field = forms.TypedChoiceField(
            choices=[("", f"– {blank} –"), *db_field.choices],
            coerce=db_field.to_python,
            empty_value="",
            label=db_field.verbose_name.capitalize(),
        )
    else:
        field = db_field.formfield(**kwargs)
    field.required = False
    field.initial = None
    if hasattr(field, "label_from_instance"):
        field.label_from_instance = label_of
    if db_field.name == "note":
        field.widget.attrs["rows"] = 2
    return field


class CodingForm(forms.Form):
    """Words, speaker, actors, options and disposition; the rest may stay folded.

    `places` holds the places of a quote that stands more than once, until the
    coder has said which is meant.
    """

    words = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 3, "autofocus": True}),
        required=False,
        help_text="Type or paste the words of the paragraph that say so.",
    )
    speaker_choice = forms.ChoiceField(
        label="Who says it", widget=forms.RadioSelect, required=False
    )
    speaker_text = forms.CharField(
        label="Speaker as the text has it",
        max_length=200,
        required=False,
        help_text="Only for a speaker who is not in the coding header.",
    )
    likely = forms.ModelMultipleChoiceField(
        Actor.objects.none(), widget=forms.CheckboxSelectMultiple, required=False
    )
    actors = forms.ModelMultipleChoiceField(
        Actor.objects.current(),
        label="Other actors",
        widget=LabelledSelectMultiple(Statement._meta.get_field("actor"), admin.site),
        required=False,
    )
    actor_names = forms.CharField(
        label="Other actors by name",
        required=False,
        help_text="Several names with a semicolon between them.",
    )
    options = forms.ModelMultipleChoiceField(Option.objects.none(), required=False)
    disposition = forms.ModelChoiceField(Disposition.objects.all(), required=False)
    translation = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 2}),
        required=False,
        help_text="Of the words, if they are not in English.",
    )
    finding = forms.ChoiceField(choices=Finding.choices, required=False)
    place = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, paragraph, issue, header, speakers, likely, **kwargs):
        super().__init__(*args, **kwargs)
        self.paragraph, self.issue = paragraph, issue
        self.speakers = {str(speaker.pk): speaker for speaker in speakers}
        self.places = []
        # Further citations, of other paragraphs too: `coding.Words`.
        self.further = []
        self.utterance = None
        self.fields |= forms.fields_for_model(
            Statement, fields=FOLDED, formfield_callback=folded_field
        )
        self._fill_choices(likely)
        self._show_what_follows(header)

    def _fill_choices(self, likely):
        self.fields["likely"].queryset = Actor.objects.filter(
            pk__in=[actor.pk for actor in likely]
        )
        issues = Issue.objects.group_of(self.issue)
        options = Option.objects.current().filter(issue__in=issues)
        options = options.select_related("parent", "issue")
        for name in ("options", "over_option"):
            self.fields[name].queryset = options
        reasons = Reason.objects.filter(issue__in=issues)
        self.fields["reasons"].queryset = reasons
        self.fields["reasons"].label_from_instance = str
        if not reasons.exists():
            del self.fields["reasons"]
        self.fields["speaker_choice"].choices = [
            *((pk, str(speaker)) for pk, speaker in self.speakers.items()),
            ("other", "somebody else, or nobody named"),
        ]

    def _show_what_follows(self, header):
        """Put what an empty field will mean into it, as a shadow of a value."""
        for name, value in header.statement_fields().items():
            field = self.fields[name]
            if not value:
                continue
            if name == "publicity" or name == "said_basis":
                shown = dict(Statement._meta.get_field(name).flatchoices)[value]
                field.choices = [("", f"– {shown} –"), *field.choices[1:]]
            elif isinstance(field, forms.ModelChoiceField):
                field.help_text = f"Empty: {value}."
            else:
                field.widget.attrs["placeholder"] = value

    @property
    def folded(self):
        return [self[name] for name in FOLDED if name in self.fields]

    @property
    def open_folded(self):
        """Something in the folded part was filled in, or is wrong."""
        return any(field.errors or field.value() for field in self.folded)

    # -- what was given -------------------------------------------------------

    def clean(self):
        data = super().clean()
        if "nothing" in self.data:
            return data
        words = self._find_words()
        self._find_further()
        actors = self._actors()
        if not data.get("options"):
            self.add_error("options", "Choose at least one option.")
        if not data.get("disposition") and "disposition" not in self.errors:
            self.add_error("disposition", "Choose what the words say: a disposition.")
        if words and actors and not self.errors:
            self.utterance = self._make(words, actors)
        return data

    def _find_words(self):
        try:
            found = coding.find_words(
                self.paragraph, self.cleaned_data.get("words", "")
            )
        except Refused as fault:
            self.add_error("words", str(fault))
            return None
        chosen = self.cleaned_data.get("place")
        for words in found:
            if words.start == chosen:
                return words
        if len(found) == 1:
            return found[0]
        self.places = [self._place(words) for words in found[:50]]
        self.add_error(
            "words",
            f"These words stand {len(found)} times in the paragraph. The first place "
            "is chosen below: save again, or choose another.",
        )
        return None

    def _find_further(self):
        """Words added from other places: "paragraph key:start:end:role" each."""
        for text in self.data.getlist("further"):
            key, start, end, role = [*text.split(":"), "", "", "", ""][:4]
            start, end = number_in(start), number_in(end)
            paragraph = self._paragraph_of(number_in(key))
            known = paragraph and start is not None and end is not None
            words = known and coding.Words(paragraph, start, end, role)
            if not words or not words.quote or role not in FURTHER_ROLES:
                self.add_error(None, "A further citation is not where it was: add it.")
            else:
                self.further.append(words)

    def _paragraph_of(self, key):
        """A paragraph of the text that is read, by its key."""
        if key == self.paragraph.key:
            return self.paragraph
        rows = self.paragraph.revision.paragraphs.prefetch_related("voices")
        found = rows.filter(key=key).first()
        if found is not None:
            found.revision = self.paragraph.revision
        return found

    def _place(self, words):
        text = self.paragraph.text
        return {
            "start": words.start,
            "before": text[max(0, words.start - CONTEXT) : words.start],
            "quote": words.quote,
            "after": text[words.end : words.end + CONTEXT],
        }

    @property
    def speaker(self):
        return self.speakers.get(self.cleaned_data.get("speaker_choice", ""))

    def chosen_actors(self):
        """All actors ticked, chosen or named, each once; names unknown are errors."""
        data = self.cleaned_data
        found = [*data.get("likely", ()), *data.get("actors", ())]
        for name in data.get("actor_names", "").split(";"):
            if not name.strip():
                continue
            known = list(Actor.objects.current().named(name)[:2])
            if len(known) == 1:
                found += known
            else:
                many = "Several actors are" if known else "No actor is"
                self.add_error("actor_names", f"{many} named “{name.strip()}”.")
        return list(dict.fromkeys(found))

    def _actors(self):
        actors = self.chosen_actors()
        if not actors and "actor_names" not in self.errors:
            if self.speaker:
                return [self.speaker.actor]
            self.add_error(
                "likely", "Say whose position it is, or choose a speaker of the header."
            )
        return actors

    def _make(self, words, actors):
        data = self.cleaned_data
        fields = self.speaker.statement_fields() if self.speaker else {}
        fields |= {
            name: data[name]
            for name in (*FOLDED, "speaker_text")
            if name not in SEVERAL and data.get(name)
        }
        if data.get("said_on") and not data.get("said_basis"):
            fields["said_basis"] = "printed"
        return coding.Utterance(
            words=[
                coding.Words(
                    words.paragraph,
                    words.start,
                    words.end,
                    translation=data.get("translation", ""),
                ),
                *self.further,
            ],
            actors=actors,
            options=list(data["options"]),
            disposition=data["disposition"],
            fields=fields,
            reasons=list(data.get("reasons", ())),
            extends_except=list(data.get("extends_except", ())),
        )

    def refuse(self, fault):
        """Show a refusal of the model beside the field that it is about."""
        errors = getattr(fault, "error_dict", None)
        if errors is None:
            about = "standing" if "standing" in str(fault) else None
            self.add_error(about, getattr(fault, "messages", None) or str(fault))
            return
        for name, faults in errors.items():
            self.add_error(name if name in self.fields else None, faults)

    def kept(self):
        """What the next statement keeps: all but the words and what belongs to them."""
        query = self.data.copy()
        for name in (*OF_THE_WORDS, *OF_THE_PRESS):
            query.pop(name, None)
        for name in list(query):
            values = [value for value in query.getlist(name) if value]
            query.setlist(name, values) if values else query.pop(name)
        return query.urlencode()


def initial_of(form_class, query):
    """What an address says to begin a form with."""
    several = {"likely", "actors", "options", *SEVERAL}
    names = {*form_class.base_fields, *FOLDED}
    return {
        name: query.getlist(name) if name in several else query.get(name)
        for name in names
        if name in query
    }


def option_groups(options, chosen=()):
    """Options in the order of a tree: (option, depth, is chosen), the whole last."""
    children = {}
    known = {option.pk for option in options}
    for option in options:
        above = option.parent_id if option.parent_id in known else None
        children.setdefault(above, []).append(option)

    def walk(above, depth):
        for option in sorted(children.get(above, ()), key=_in_order):
            yield option, depth, str(option.pk) in chosen
            yield from walk(option.pk, depth + 1)

    return list(walk(None, 0))


def _in_order(option):
    return option.kind == "whole", not option.headline, option.short_name
