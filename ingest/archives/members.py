"""The names of an archive's members: which are passed over, which are refused."""

from ingest.archives import streams
from ingest.archives.streams import Unreadable
from ingest.records import ImportFault

NO_FILE = "It is a link or a device, not a file, so it was not read."
TOO_MANY = "The archive has more members than the limit of {}."


def is_hidden(member: str) -> bool:
    """Is it what a system puts beside people's files?"""
    parts = _parts(member)
    return "__MACOSX" in parts or any(
        part.startswith(".") and part != ".." for part in parts
    )


class Members:
    """The members of one archive so far, held to a limit."""

    def __init__(self, archive: str) -> None:
        self.archive = archive
        self.names: set[str] = set()
        self.count = 0

    def add(self) -> None:
        """Count one more. Raises Unreadable beyond the limit."""
        self.count += 1
        if self.count > streams.MEMBERS:
            raise Unreadable(TOO_MANY.format(streams.MEMBERS))

    def name_of(self, member: str) -> str:
        """`./a//b` in `box.zip` is `box.zip/a/b`."""
        return f"{self.archive}/{'/'.join(_parts(member))}"

    def refused(self, member: str, fault: str = "") -> ImportFault | None:
        """The fault of a member by its name, or the one given; None = it is read."""
        name = self.name_of(member)
        if _leads_out(member):
            fault = "Its name leads out of the archive, so it was not read."
        elif not fault and name in self.names:
            fault = "The archive has two members of this name; the first was taken."
        self.names.add(name)
        return ImportFault(name, fault) if fault else None


def _parts(member: str) -> list[str]:
    parts = member.replace("\\", "/").split("/")
    return [part for part in parts if part not in ("", ".")]


def _leads_out(member: str) -> bool:
    """Does a name lead elsewhere, or nowhere?"""
    return member[:1] in ("", "/", "\\") or member[1:2] == ":" or ".." in _parts(member)
