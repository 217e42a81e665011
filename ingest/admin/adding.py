"""Add a source: a text pasted or one file, through the pipeline of all imports."""

from dataclasses import replace
from functools import partial

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views import View

from ingest.archives import HEAD
from ingest.formats import FORMATS
from ingest.pipeline import documents
from ingest.reading import Read
from ingest.records import Document, ImportFault
from ingest.session import ByHand
from positions import dates
from positions.choices import Level, SourceKind
from positions.models import Collection, ReceivedBytes, Revision, Source

NEW_COLLECTION = "documents"
NO_DOCUMENT = "This file holds rows and no text: import it with its command."
# Fields of the form that go over what the text says of itself.
STATED = {
    "title": "title",
    "kind": "kind",
    "dated": "dated",
    "issuer": "issuer_text",
    "language": "language",
    "level": "level",
}


class AddSourceForm(forms.Form):
    """One text and what is known of it; what is left empty, the text may say."""

    collection = forms.ChoiceField(help_text="Who may read it depends on it.")
    identifier = forms.CharField(
        max_length=120,
        required=False,
        help_text="As published, for example 08TOKYO1212; it never changes.",
    )
    text = forms.CharField(
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 18, "class": "vLargeTextField"}),
        help_text="Blank lines separate paragraphs; numbers and markings are read.",
    )
    file = forms.FileField(required=False, help_text="Instead of a pasted text.")
    format = forms.ChoiceField(
        required=False,
        choices=[
            ("", "Find out from the text"),
            *((name, known.label) for name, known in FORMATS.items()),
        ],
    )
    title = forms.CharField(max_length=500, required=False)
    kind = forms.ChoiceField(
        required=False, choices=[("", "As the text says"), *SourceKind.choices]
    )
    dated = forms.CharField(
        label="Date", max_length=40, required=False, help_text=dates.DATE_HELP
    )
    issuer = forms.CharField(
        max_length=200, required=False, help_text="Who wrote it, as printed."
    )
    language = forms.CharField(
        max_length=20, required=False, help_text="BCP 47, for example en or ja."
    )
    level = forms.TypedChoiceField(
        label="Document's level",
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", "As the text says"), *Level.choices],
        help_text="Paragraphs without a marking of their own count as this.",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        known = list(Collection.objects.values_list("key", "title"))
        if NEW_COLLECTION not in dict(known):
            known.append((NEW_COLLECTION, f"{NEW_COLLECTION} (new, private)"))
        self.fields["collection"].choices = known
        # Nothing becomes public because nobody looked at the first field.
        self.fields["collection"].initial = NEW_COLLECTION
        self.document = self.read = None

    def clean_identifier(self):
        identifier = self.cleaned_data["identifier"].strip()
        if "/" in identifier:
            raise forms.ValidationError("An identifier has no slash.")
        return identifier

    def clean_dated(self):
        text = self.cleaned_data["dated"].strip()
        if text:
            try:
                dates.parse(text)
            except dates.BadDate as fault:
                raise forms.ValidationError(str(fault)) from fault
        return text

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file and file.size > settings.UPLOAD_LIMIT_BYTES:
            raise forms.ValidationError(
                f"The file is larger than {settings.UPLOAD_LIMIT_BYTES // 2**20} MB: "
                "import it with “manage.py import_documents FILE” or "
                "“manage.py import_cables FILE”."
            )
        return file

    def clean(self):
        values = super().clean()
        if self.errors:
            return values
        self.read = self._received(values)
        self.document = self._parsed(values)
        self._refuse_second(values)
        return values

    def _received(self, values):
        """The bytes that came, named for the identifier if there is one."""
        pasted, file = values.get("text", ""), values.get("file")
        if bool(pasted.strip()) == bool(file):
            raise forms.ValidationError("Paste a text or choose a file: one of them.")
        data = file.read() if file else pasted.replace("\r\n", "\n").encode()
        identifier = values.get("identifier")
        name = f"{identifier}.txt" if identifier else file.name if file else "-"
        return Read(name, data)

    def _parsed(self, values):
        asked = values.get("format")
        file, head = values.get("file"), self.read.data[:HEAD]
        name = file.name if file else self.read.name
        fitting = [key for key, known in FORMATS.items() if known.fits(name, head)]
        faults = []
        for key in [asked] if asked else fitting:
            found = documents.parse(replace(self.read, format=key))
            if isinstance(found, Document):
                return documents.named(found, values.get("identifier", ""))
            faults.append(
                found.reason if isinstance(found, ImportFault) else NO_DOCUMENT
            )
        # The format that fits best says best what is wrong.
        raise forms.ValidationError(faults[0])

    def _refuse_second(self, values):
        sources = Source.objects.filter(collection__key=values["collection"])
        if sources.filter(identifier=self.document.identifier).exists():
            self.add_error(
                "identifier",
                f"The collection has {self.document.identifier} already: "
                "correct its text instead.",
            )
        same = Revision.objects.filter(
            source__in=sources, sha256=ReceivedBytes.digest(self.read.data)
        ).select_related("source")
        if not self.errors and (seen := same.first()):
            self.add_error(None, f"This text is here already: it is {seen.source}.")

    def stated(self):
        """What the person gave: the fields of the source that are theirs."""
        values = self.cleaned_data
        return {
            column: values[name]
            for name, column in STATED.items()
            if values[name] not in ("", None)
        }


class AddSource(View):
    """The page with the form; afterwards the reading page of the source."""

    site = None
    template = "admin/ingest/add_source.html"

    def dispatch(self, request, *args, **kwargs):
        if not request.user.has_perm("positions.add_source"):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get(self, request):
        return self.page(request, AddSourceForm())

    def post(self, request):
        form = AddSourceForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.page(request, form)
        report = documents.run_reads(
            [form.read],
            partial(documents.parsed_before, form.document),
            {form.document.parser},
            form.cleaned_data["collection"],
            command="add_source",
            arguments={"identifier": form.document.identifier},
            who=request.user,
            by_hand=ByHand(stated=form.stated()),
        )
        if report.last is None or report.last.source is None:
            form.add_error(None, report.stopped or " ".join(report.last.sentences))
            return self.page(request, form)
        tell(request, report.last.source)
        return HttpResponseRedirect(reading_page(report.last.source))

    def page(self, request, form):
        context = {
            **self.site.each_context(request),
            "title": "Add a source",
            "form": form,
            "limit": settings.UPLOAD_LIMIT_BYTES // 2**20,
        }
        return TemplateResponse(request, self.template, context)


def tell(request, source):
    """Say what came in, and what the reader of the text found odd."""
    revision = source.current
    number = revision.paragraphs.count()
    plural = "" if number == 1 else "s"
    messages.success(request, f"Added {source.key}: {number} paragraph{plural}.")
    for problem in revision.import_problems.order_by("pk")[:10]:
        where = f"{problem.record}: " if problem.record else ""
        messages.warning(request, f"{where}{problem.message}")


def reading_page(source):
    return reverse("admin:positions_source_read", args=(source.pk,))
