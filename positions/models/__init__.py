"""The tables of the domain, one noun a file."""

from .actors import Actor, ActorName, Identifier, Membership
from .changes import Change, Clock, NotAllowed, Refused
from .citations import Citation
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
from .sources import Collection, Source
from .stances import Evidence, Stance
from .statements import Check, Statement
from .suggestions import Suggestion
from .texts import Addressee, Paragraph, ReceivedBytes, Reference, Revision, Voice

__all__ = (
    "Actor",
    "ActorName",
    "Addressee",
    "Change",
    "Check",
    "Citation",
    "Clock",
    "CodebookVersion",
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
    "Option",
    "OptionAlias",
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
    "Voice",
)
