"""import_cables: diplomatic cables -> sources."""

from ._documents import DocumentsCommand


class Command(DocumentsCommand):
    help = "Import diplomatic cables: files, folders, or - for standard input."
    formats = ("cable",)
    collection = "cables"
