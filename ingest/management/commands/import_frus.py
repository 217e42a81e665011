"""import_frus: volumes of Foreign Relations of the United States -> sources."""

from ._listing import ListingCommand


class Command(ListingCommand):
    help = (
        "Import volumes of Foreign Relations of the United States (TEI XML): each "
        "document becomes a source, with its footnotes behind its text."
    )
    formats = ("frus",)
    collection = "frus"
    lists = "also load each volume's list of persons, and make those who are missing"
