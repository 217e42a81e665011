"""What rows of evidence name: sources, paragraphs, options, codes; each found once."""

from __future__ import annotations

from dataclasses import dataclass, field

from ingest.coded import Coded
from ingest.records import Row, Unsure
from ingest.reference import Tables
from positions.models import (
    Disposition,
    Issue,
    Option,
    Paragraph,
    Revision,
    Source,
)


@dataclass
class EvidenceTables(Tables):
    """What the tables of evidence of one run look up once."""

    command: str = ""
    # What else may be done about a word that is no code.
    hint: str = ""
    sources: dict[str, Source] = field(default_factory=dict)
    paragraphs: dict[tuple[int, str], Paragraph] = field(default_factory=dict)
    dispositions: dict[str, Disposition] = field(default_factory=dict)
    refs: dict[str, str] = field(default_factory=dict)
    coded: Coded = field(default_factory=Coded)
    # The text whose rows are loaded: their paragraphs are given by their order.
    revision: Revision | None = None
    ordered: dict[int, Paragraph] = field(default_factory=dict)

    def cite_from(self, revision: Revision | None) -> None:
        """Rows from here on may give paragraphs of this revision by their order."""
        self.revision, self.ordered = revision, {}

    def option(self, row: Row) -> Option:
        """The option that a row names by key, or in the issue it gives by name."""
        if not row.values.get("issue"):
            return self.record(Option, row, "option")
        issue, name = self.record(Issue, row, "issue"), row.values["option"]
        known = Option, f"{issue.key}/{name}"
        if known not in self.records:
            found = self.options.match(issue, name)
            if found is None:
                shown = f"option “{name}”: {self.options.sentence(issue, name)}"
                raise Unsure(row.file, shown, row.place)
            self.records[known] = found
        return self.records[known]

    def forget(self) -> None:
        """Look everything up again: what a transaction made was undone."""
        self.matcher.forget()
        self.options.forget()
        self.records.clear()
        self.coded.forget()

    def source(self, row: Row) -> Source:
        """The source that a row names: "identifier" or "collection/identifier"."""
        text = row.values["source"]
        collection, slash, identifier = text.rpartition("/")
        collection = row.values.get("collection") or collection
        name = f"{collection}/{identifier}"
        if name not in self.sources:
            found = Source.objects.filter(identifier=identifier)
            if collection:
                found = found.filter(collection__key=collection)
            rows = list(found.select_related("collection")[:2])
            if len(rows) != 1:
                reason = "more than one collection has it" if rows else "there is none"
                raise row.fault("source", f"{reason}.")
            self.sources[name] = rows[0]
        return self.sources[name]

    def paragraph(self, row: Row) -> Paragraph:
        """The paragraph that a row names as it is cited, in the text read now.

        A row that a document states names it by its order in that document.
        """
        if row.values.get("order"):
            return self._ordered(row)
        source, name = self.source(row), row.values["paragraph"]
        if (source.pk, name) not in self.paragraphs:
            found = (
                Paragraph.objects.current()
                .filter(revision__source=source, name=name)
                .select_related("revision__source")
                .prefetch_related("voices")
                .first()
            )
            if found is None:
                raise row.fault("paragraph", f"{source} has no paragraph of this name.")
            self.paragraphs[source.pk, name] = found
        return self.paragraphs[source.pk, name]

    def _ordered(self, row: Row) -> Paragraph:
        if self.revision is not None and not self.ordered:
            # Each has this very revision, which is big: one for all.
            found = self.revision.paragraphs.prefetch_related("voices")
            self.ordered = {paragraph.order: paragraph for paragraph in found}
        if row.values["order"] not in self.ordered:
            raise row.fault("order", "the text has no such paragraph.")
        return self.ordered[row.values["order"]]

    def disposition(self, row: Row) -> Disposition:
        code = row.values.get("disposition", "")
        if not self.dispositions:
            self.dispositions = {d.code: d for d in Disposition.objects.all()}
        if code not in self.dispositions:
            reason = f"the codebook has no such code{self.hint}."
            raise row.fault("disposition", reason)
        return self.dispositions[code]
