"""import_documents: text, Markdown, PDF, Word, climate talks -> sources."""

from ._documents import DocumentsCommand


class Command(DocumentsCommand):
    help = (
        "Import documents: plain text, Markdown, PDF with a text layer, Word (.docx) "
        "and climate talks (JSON). Files, folders, archives, or - for standard input. "
        "Above a text or Markdown, lines of “key: value” may stand between two lines "
        "of three hyphens."
    )
    # What a file is, its bytes say; plain text is what is left.
    formats = ("pdf", "docx", "climate", "markdown", "plain")
    collection = "documents"
