"""Who speaks in a debate: names apart from roles, whatever a file lists them as."""

import re
from dataclasses import dataclass

NAME_LENGTH = 200
# Before a name, in the records of South Africa, Kenya, Ireland and the like.
_HONORIFICS = (
    r"(?:Mrs?|Ms|Miss|Mnr|Mev|Mej|Dr|Drs|Prof|Adv|Rev|Sir|Dame|Lord|Lady|Baroness"
    r"|Hon(?:ourable)?|Amb|Gen|Col|Madam|Madame|Mme|Mlle|Herr|Frau|Dhr|Mevr)"
)
_HONORED = re.compile(rf"\A(?:{_HONORIFICS}\.?\s+)+", re.IGNORECASE)
_ARTICLE = re.compile(r"\A(?:the|an?|die|'n|’n|la|le|les|el|der|das|de|het)\s+", re.I)
_OFFICE = re.compile(
    r"(?:(?:deputy|vice|acting|temporary|house|prime|assistant|chief|first|attorney|hon)"
    r"[\s-]+)*(?:speaker|chair(?:man|person|woman)?|president|minister|premier|member"
    r"|members|secretary|clerk|whip|leader|chancellor|governor|commissioner|serjeant"
    r"|solicitor|attorney|senator|delegate|voorsitter|speaker|adjunkminister)\b",
    re.IGNORECASE,
)
_BRACKETS = re.compile(r"(?P<before>[^()]+?)\s*\((?P<inside>[^()]+)\)\s*")


@dataclass(frozen=True, slots=True)
class Named:
    """A speaker's name without honorifics, the role, or both; "" = not told."""

    name: str = ""
    role: str = ""


def printed(text: str) -> str:
    """A speaker's name as it is printed, without the colon behind it."""
    return " ".join(text.split())[:NAME_LENGTH].rstrip(" :–—").strip()


def read_name(text: str) -> Named:
    """What a speaker's printed name tells.

    "The HOUSE CHAIRPERSON (Mr C T Frolick)" is a role and a name, "An HON MEMBER" a
    role, "Mr A Botha" a name.
    """
    found = _BRACKETS.fullmatch(text)
    if found and is_role(found["before"]):
        name = "" if is_role(found["inside"]) else without_honorific(found["inside"])
        return Named(name, _without_article(found["before"]))
    if is_role(text):
        return Named(role=_without_article(text))
    return Named(without_honorific(found["before"] if found else text))


def is_role(text: str) -> bool:
    """Is it an office or anybody who holds it, and nobody's name?"""
    bare = _HONORED.sub("", text.strip(), count=1)
    return bool(_ARTICLE.match(text.strip()) or _OFFICE.match(bare))


def without_honorific(text: str) -> str:
    """The name alone: "Mr C T Frolick" is C T Frolick."""
    return _HONORED.sub("", text.strip(), count=1).strip() or text.strip()


def _without_article(text: str) -> str:
    return _ARTICLE.sub("", text.strip(), count=1).strip()
