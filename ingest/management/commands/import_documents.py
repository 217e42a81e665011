"""import_documents: plain texts, with front matter or without -> sources."""

from .import_cables import Command as ImportCables


class Command(ImportCables):
    help = (
        "Import plain texts: files, folders, or - for standard input. Lines of "
        "“key: value” between two lines of three hyphens may stand above the text."
    )
    format = "plain"
    collection = "documents"
