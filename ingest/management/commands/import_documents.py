"""import_documents: plain texts, with front matter or without -> sources."""

from ._documents import DocumentsCommand


class Command(DocumentsCommand):
    help = (
        "Import plain texts: files, folders, or - for standard input. Lines of "
        "“key: value” between two lines of three hyphens may stand above the text."
    )
    formats = ("plain",)
    collection = "documents"
