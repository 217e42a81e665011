"""The tables of the domain, one noun a file."""

from .actors import Actor, ActorName, Identifier, Membership
from .changes import Change, Clock, NotAllowed, Refused
from .citations import Citation
from .claims import Assignment, Claim
from .events import Event, Participation
from .headers import CodingHeader, HeaderSpeaker
from .issues import (
    CodebookVersion,
    Disposition,
    Issue,
    Option,
    OptionAlias,
    Reason,
)
from .notes import Note
from .pairs import Pair
from .sources import Collection, Source
from .stances import Evidence, Stance
from .statements import Check, Statement
from .suggestions import Suggestion
from .tasks import Adjudication, Coding, NothingHere, Task
from .texts import Addressee, Paragraph, ReceivedBytes, Reference, Revision, Voice

__all__ = (
    "Actor",
    "ActorName",
    "Addressee",
    "Adjudication",
    "Assignment",
    "Change",
    "Check",
    "Citation",
    "Claim",
    "Clock",
    "CodebookVersion",
    "Coding",
    "CodingHeader",
    "Collection",
    "Disposition",
    "Event",
    "Evidence",
    "HeaderSpeaker",
    "Identifier",
    "Issue",
    "Membership",
    "NotAllowed",
    "Note",
    "NothingHere",
    "Option",
    "OptionAlias",
    "Pair",
    "Paragraph",
    "Participation",
    "Reason",
    "ReceivedBytes",
    "Reference",
    "Refused",
    "Revision",
    "Source",
    "Stance",
    "Statement",
    "Suggestion",
    "Task",
    "Voice",
)
