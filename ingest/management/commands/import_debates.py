"""import_debates: sittings of parliaments -> sources, with who says what."""

from ._listing import ListingCommand


class Command(ListingCommand):
    help = (
        "Import debates: Akoma Ntoso (2.0 and 3.0) and ParlaMint (TEI); each sitting "
        "becomes a source, each paragraph has its speaker."
    )
    formats = ("akoma_ntoso", "parlamint")
    collection = "debates"
    lists = (
        "also load the persons, organizations and memberships that the files list, "
        "and make those that are missing"
    )
