"""What an upload is asked: its file, and the options that its command has."""

import re
import shlex
from pathlib import PurePosixPath

from django import forms
from django.conf import settings
from django.utils.html import format_html, format_html_join

from positions import dates, names
from positions.choices import ActorKind, Standing, StatementState, Visibility
from positions.models import Collection, Issue, Option

from .running import arguments
from .uploadable import options_of

# Options are offered from a list as long as this; all others can be typed.
MOST_OFFERED = 300
NAME_BYTES = 180
CODED = {"true": "support", "false": "oppose"}


class Offering(forms.TextInput):
    """A line to type in, with a list to choose from: (value, what it is)."""

    def __init__(self, offered):
        super().__init__()
        self.offered = offered

    def render(self, name, value, attrs=None, renderer=None):
        attrs = {**(attrs or {}), "list": f"{name}-offered"}
        rows = format_html_join(
            "", '<option value="{}" label="{}"></option>', self.offered()
        )
        line = super().render(name, value, attrs, renderer)
        return format_html(
            '{}<datalist id="{}-offered">{}</datalist>', line, name, rows
        )


# -- one field for each option that commands have --------------------------------------


def _collection(action, command):
    shown = {row.key: _titled(row) for row in Collection.objects.order_by("title")}
    shown.setdefault(action.default, f"{action.default} (new, private)")
    return forms.ChoiceField(
        choices=list(shown.items()),
        initial=action.default,
        help_text="Where its documents go; who may read them depends on it.",
    )


def _titled(collection):
    seen = Visibility(collection.visibility).label.partition(":")[0].lower()
    return f"{collection.title} ({collection.key}, {seen})"


def _issue(action, command):
    known = Issue.objects.current().values_list("key", "name")
    return forms.ChoiceField(
        choices=[("", "Choose an issue"), *known],
        help_text="The question that it is about."
        if known
        else "There is none yet: make the issue first.",
    )


def _option(label, help_text):
    def field(action, command):
        return forms.CharField(
            label=label,
            required=False,
            max_length=80,
            widget=Offering(_options),
            help_text=help_text,
        )

    return field


def _options():
    """Keys of options with their names; those that stand by themselves first."""
    rows = Option.objects.current().order_by("parent_id", "-headline", "name")
    rows = rows.select_related("issue")[:MOST_OFFERED]
    return [(row.key, f"{row.name} ({row.issue})") for row in rows]


def _date(action, command):
    return forms.CharField(
        max_length=40, help_text=f"When the positions were held. {dates.DATE_HELP}"
    )


def _words(label, words, help_text):
    def field(action, command):
        known = dict(words.choices)
        shown = [(str(c), known.get(str(c), str(c))) for c in action.choices]
        return forms.ChoiceField(
            label=label,
            choices=shown if action.default else [("", "As its name says"), *shown],
            initial=str(action.default or ""),
            required=False,
            help_text=help_text,
        )

    return field


def _table(action, command):
    tables = [(name, name.capitalize()) for name in action.choices]
    return forms.ChoiceField(
        choices=[("", "As its name says"), *tables],
        required=False,
        help_text="Only if neither the file nor a sheet is named like a table. You "
        f"may bring: {', '.join(action.choices)}.",
    )


def _mapping(action, command):
    words = getattr(command, "dispositions", None) or CODED
    lines = [f"{word},{code}" for word, code in words.items()]
    return forms.CharField(
        label="Words and dispositions",
        widget=forms.Textarea(attrs={"rows": len(lines) + 3, "cols": 40}),
        initial="\n".join(["agreement,disposition", *lines]),
        max_length=20_000,
        help_text="A line each: a word of the file, a comma, a code of the codebook.",
    )


def _flag(label, help_text):
    def field(action, command):
        return forms.BooleanField(label=label, required=False, help_text=help_text)

    return field


FIELDS = {
    "collection": _collection,
    "issue": _issue,
    "option": _option("Treaty", "Its key among the options; empty: by its title."),
    "parent": _option("Part of", "The key of the option that they are parts of."),
    "date": _date,
    "standing": _words("Who says so", Standing, "In whose name the table speaks."),
    "state": _words(
        "State", StatementState, "In which the statements come in; drafts wait."
    ),
    "kind": _words(
        "Organizations are", ActorKind, "Where the file does not tell their kind."
    ),
    "table": _table,
    "mapping": _mapping,
    "create": _flag(
        "Make what is missing",
        "Otherwise names that nobody here has are listed, and nothing is guessed.",
    ),
    "suggest": _flag(
        "Suggest statements", "Read the paragraphs for positions to look through."
    ),
}


class OptionsForm(forms.Form):
    """The options of one kind of upload, as far as its command has them."""

    def __init__(self, kind, user, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.kind, self.user = kind, user
        self.command = kind.command_for(user)
        self.options = options_of(self.command)
        for name, make in FIELDS.items():
            if name not in self.options:
                continue
            if name != "create" or kind.may_create(user):
                self.fields[name] = make(self.options[name], self.command)

    def clean_date(self):
        text = self.cleaned_data["date"].strip()
        try:
            dates.parse(text)
        except dates.BadDate as fault:
            raise forms.ValidationError(str(fault)) from fault
        return text

    def clean_mapping(self):
        given = self.cleaned_data["mapping"].replace("\r\n", "\n").strip()
        return "" if given == self.fields["mapping"].initial else given

    @property
    def chosen(self):
        """The options as they are kept with the upload."""
        return {name: self.cleaned_data[name] for name in FIELDS if name in self.fields}


class UploadForm(OptionsForm):
    """The file first, then its options."""

    file = forms.FileField()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        limit = settings.UPLOAD_LIMIT_BYTES
        self.fields["file"].help_text = (
            f"{self.kind.help} At most {limit // 2**20} MB; many at once in a ZIP or "
            "TAR archive."
        )
        self.fields["file"].widget.attrs |= {
            "accept": self.kind.accept,
            "data-limit": limit,
            "data-too-large": too_large(self.kind),
        }

    def clean(self):
        values, file = super().clean(), self.cleaned_data.get("file")
        if file and file.size > settings.UPLOAD_LIMIT_BYTES:
            given = {name: values.get(name) for name in self.fields}
            line = command_line(
                self.kind, cleaned_name(file.name), self.options, given, self.user
            )
            self.add_error("file", too_large(self.kind, line))
        return values


# -- in words --------------------------------------------------------------------------


def cleaned_name(name):
    """The base name of an upload as a file may have it: identifiers come from it."""
    base = PurePosixPath(names.clean_text(name).replace("\\", "/")).name
    base = "".join(c if c.isprintable() else " " for c in base).strip().lstrip(".-")
    stem, dot, suffixes = base.partition(".")
    room = NAME_BYTES - len(f"{dot}{suffixes}".encode())
    if room < 1:
        return base.encode()[:NAME_BYTES].decode(errors="ignore") or "upload"
    return f"{_cut(stem, room) or 'upload'}{dot}{suffixes}"


def _cut(text, size):
    return text.encode()[:size].decode(errors="ignore").strip()


def command_line(kind, name, options, values, user):
    """The command that does the same where the program runs."""
    given = arguments(options, values)
    who = f"--as={user.get_username()}"
    return shlex.join(["python", "manage.py", kind.command, name, *given, who])


def too_large(kind, line=""):
    """Why a file is not taken, and what to do instead."""
    megabytes = settings.UPLOAD_LIMIT_BYTES // 2**20
    line = line or f"python manage.py {kind.command} FILE"
    return (
        f"The file is larger than {megabytes} MB. Import it where the program runs: "
        f"{line}"
    )


LABELS = {
    "create": "“Make what is missing”",
    "option": "“Treaty”",
    "parent": "“Part of”",
    "issue": "“Issue”",
    "state": "“State”",
    "table": "“Table”",
}
_FLAG = re.compile(rf"(?<!\S)--({'|'.join(LABELS)})\b")


def in_words(sentence):
    """A command's sentence as it stands above a form, which has no flags."""
    return _FLAG.sub(lambda found: LABELS[found[1]], sentence)
