"""Correct the text: a next revision by hand, with the citations carried over."""

from dataclasses import replace
from functools import partial

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.views import View

from ingest.formats import FORMATS
from ingest.pipeline import documents
from ingest.reading import Read
from ingest.records import ImportFault
from ingest.session import ByHand
from positions.choices import RevisionReason
from positions.models import Source

from .adding import reading_page


class CorrectTextForm(forms.Form):
    """The text as it is read, and why it is changed."""

    text = forms.CharField(
        strip=False,
        widget=forms.Textarea(attrs={"rows": 30, "class": "vLargeTextField"}),
        help_text="Blank lines separate paragraphs; numbers and markings are read.",
    )
    why = forms.CharField(
        label="Reason",
        max_length=300,
        required=False,
        help_text="For the log: what was wrong in the transcription.",
    )
    # The revision that was shown: nobody overwrites another's correction unseen.
    number = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, source, *args, **kwargs):
        self.source, self.now = source, source.current
        number = self.now.number if self.now else 0
        kwargs["initial"] = {
            "text": self.now.text if self.now else "",
            "number": number,
        }
        super().__init__(*args, **kwargs)
        self.document = self.read = None

    def clean(self):
        values = super().clean()
        if self.errors:
            return values
        if values["number"] != self.initial["number"]:
            raise forms.ValidationError(
                "Somebody else changed the text meanwhile: open this page again."
            )
        text = values["text"].replace("\r\n", "\n").replace("\r", "\n")
        if text.strip() == self.initial["text"].strip():
            raise forms.ValidationError("The text is as it was: nothing to save.")
        self.read = Read(f"{self.source.identifier}.txt", text.encode())
        self.document = self._parsed()
        return values

    def _parsed(self):
        """In the shape that the text had; where that fails, as a plain text."""
        parser = self.now.parser if self.now else "plain"
        shapes = [name for name, f in FORMATS.items() if f.parser == parser]
        for name in (*shapes, "plain"):
            found = documents.parse(replace(self.read, format=name))
            if not isinstance(found, ImportFault):
                return documents.named(found, self.source.identifier)
        raise forms.ValidationError(found.reason)


class CorrectText(View):
    """The page with the text of one source."""

    site = None
    template = "admin/ingest/correct_text.html"

    def dispatch(self, request, *args, **kwargs):
        if not request.user.has_perm("positions.change_source"):
            raise PermissionDenied
        rows = Source.objects.select_related("collection")
        self.source = get_object_or_404(rows, pk=kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def get(self, request, pk):
        return self.page(request, CorrectTextForm(self.source))

    def post(self, request, pk):
        form = CorrectTextForm(self.source, request.POST)
        if not form.is_valid():
            return self.page(request, form)
        report = documents.run_reads(
            [form.read],
            partial(documents.parsed_before, form.document),
            {form.document.parser},
            self.source.collection.key,
            command="correct_text",
            arguments={"identifier": self.source.identifier},
            who=request.user,
            by_hand=ByHand(
                reason=RevisionReason.TRANSCRIPTION, why=form.cleaned_data["why"]
            ),
        )
        item = report.last
        if item is None or item.source is None:
            form.add_error(None, report.stopped or " ".join(item.sentences))
            return self.page(request, form)
        self.tell(request, form, item)
        return HttpResponseRedirect(reading_page(self.source))

    def tell(self, request, form, item):
        number = self.source.current.number
        settled = f" {item.settled}" if item.settled else ""
        messages.success(request, f"Revision {number} is read from now on.{settled}")
        if form.now and form.now.parser != form.document.parser:
            messages.warning(
                request,
                f"The text no longer has the shape of a {form.now.parser}: "
                "it was read as a plain text.",
            )
        if item.settled and item.settled.moved + item.settled.orphaned:
            messages.warning(
                request,
                "Nothing published changes. Look at the citations that moved or "
                "were orphaned: they wait in the work list.",
            )

    def page(self, request, form):
        context = {
            **self.site.each_context(request),
            "title": f"Correct the text of {self.source}",
            "form": form,
            "source": self.source,
            "reading": reading_page(self.source),
        }
        return TemplateResponse(request, self.template, context)
