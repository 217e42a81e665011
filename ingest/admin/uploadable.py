"""What can be uploaded: kinds of files, each with its command and who may use it."""

from dataclasses import dataclass

from django.core.management import load_command_class

ARCHIVES = (".zip", ".tar", ".tgz", ".gz", ".bz2")
# Options of the commands that a person at a desk is never asked.
UNASKED = ("paths", "dry_run", "who", "report", "limit", "jobs", "on_conflict")


@dataclass(frozen=True)
class Kind:
    """One kind of file: the command that imports it, and who may have it imported.

    `may` are the permissions that it takes, `creates` those that it takes to make
    what is missing. What is asked is what the command asks.
    """

    label: str
    command: str
    help: str
    suffixes: tuple[str, ...]
    may: tuple[str, ...] = ("positions.add_source",)
    creates: tuple[str, ...] = ()

    def command_for(self, user):
        """The command, as far as this user may use it.

        Of tables it takes those whose rows the user may add by hand as well.
        """
        command = load_command_class("ingest", self.command)
        if hasattr(command, "wanted"):
            command.wanted = tuple(
                table for table in command.wanted if may_add(user, table)
            )
        return command

    def allows(self, user):
        return user.has_perms(self.may) and getattr(
            self.command_for(user), "wanted", True
        )

    def may_create(self, user):
        return user.has_perms(self.creates)

    @property
    def accept(self):
        """What a browser offers to choose from."""
        return ",".join((*self.suffixes, *ARCHIVES))


def may_add(user, table):
    """May the user add a row of this table of ours? "statements" -> a statement."""
    return user.has_perm(f"positions.add_{table[:-1]}")


def options_of(command):
    """The options that a command asks, by name, in the order of its own help."""
    parser = command.create_parser("manage.py", command.name)
    return {
        action.dest: action for action in parser._actions if action.dest not in UNASKED
    }


_STATES = ("positions.add_source", "positions.add_statement")
_MAKES = ("positions.add_option", "positions.add_event", "positions.add_actor")
_LISTS = ("positions.add_actor", "positions.add_membership")

# In the order in which they are offered; the names stand in addresses.
KINDS = {
    "cables": Kind(
        "Cables",
        "import_cables",
        "Diplomatic cables: plain text, a publisher’s page (HTML) or a dump of many "
        "(CSV).",
        (".txt", ".html", ".htm", ".csv"),
    ),
    "documents": Kind(
        "Documents",
        "import_documents",
        "Text, Markdown, PDF with a text layer, Word (DOCX), climate talks (JSON).",
        (".txt", ".text", ".md", ".markdown", ".pdf", ".docx", ".json", ".jsonl"),
    ),
    "frus": Kind(
        "FRUS volumes",
        "import_frus",
        "Volumes of Foreign Relations of the United States (TEI XML): each document "
        "becomes a source.",
        (".xml",),
        creates=_LISTS,
    ),
    "debates": Kind(
        "Debates",
        "import_debates",
        "Sittings of parliaments in Akoma Ntoso or ParlaMint (XML), with who says "
        "what.",
        (".xml",),
        creates=_LISTS,
    ),
    "treaty": Kind(
        "Treaty status pages",
        "import_treaty",
        "Pages of the UN Treaty Collection (HTML): signatures, ratifications, "
        "withdrawals and declarations.",
        (".html", ".htm"),
        may=_STATES,
        creates=_MAKES,
    ),
    "votes": Kind(
        "Recorded votes",
        "import_votes",
        "A table (CSV or XLSX) with a line for each country and resolution.",
        (".csv", ".xlsx"),
        may=_STATES,
        creates=_MAKES,
    ),
    "matrix": Kind(
        "Matrices of positions",
        "import_matrix",
        "A table (CSV or XLSX) with a line for each provision and a column for each "
        "actor.",
        (".csv", ".xlsx"),
        may=_STATES,
        creates=_MAKES,
    ),
    "dna": Kind(
        "Discourse Network Analyzer",
        "import_dna",
        "Coded databases of versions 2 and 3 (.dna): documents, concepts and "
        "statements.",
        (".dna",),
        may=_STATES,
        creates=_MAKES,
    ),
    "actors": Kind(
        "Actors and memberships",
        "import_actors",
        "Popolo (JSON), or our own tables (CSV, XLSX) named actors and memberships.",
        (".csv", ".xlsx", ".json"),
        may=(),
        creates=("positions.add_actor",),
    ),
    "tables": Kind(
        "Issues, events and evidence",
        "import_positions",
        "Our own tables (CSV, XLSX); the name of a file or sheet says which one it is.",
        (".csv", ".xlsx"),
        may=(),
    ),
}
