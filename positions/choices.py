"""Every closed list of words that a row may hold. No imports from the project.

The words are the glossary's (README); what each means for the derivation
rule stands in `timeline.py`.
"""

from django.db import models


class Facet(models.TextChoices):
    """What kind of attitude a disposition expresses; never asked in a form."""

    PREFERENCE = "preference", "Preference"
    ENGAGEMENT = "engagement", "Engagement"
    COMMITMENT = "commitment", "Commitment"


class ActorKind(models.TextChoices):
    STATE = "state", "State"
    BLOC = "bloc", "Bloc"
    GROUP = "group", "Ad-hoc group"
    ORGANIZATION = "organization", "International organization"
    BODY = "body", "Government body"
    PARTY = "party", "Political party"
    NGO = "ngo", "Non-governmental organization"
    COMPANY = "company", "Company"
    PERSON = "person", "Person"


class SpeakerRank(models.IntegerChoices):
    """How high a speaker stands in the body spoken for; 1 is the highest."""

    LEADER = 1, "1 – head of state or government, minister"
    DEPUTY = 2, "2 – deputy minister, ambassador, authorised spokesperson"
    DIRECTOR = 3, "3 – director-general and deputy"
    OFFICIAL = 4, "4 – official, delegate"
    UNKNOWN = 5, "5 – unknown"


class EventKind(models.TextChoices):
    MEETING = "meeting", "Meeting"
    CONFERENCE = "conference", "Conference"
    VOTE = "vote", "Vote"
    SIGNING = "signing", "Signing"
    DECISION = "decision", "Decision"
    ENTRY_INTO_FORCE = "entry_into_force", "Entry into force"
    GOVERNMENT_CHANGE = "government_change", "Change of government"
    OTHER = "other", "Other"


class Part(models.TextChoices):
    """The part an actor had in an event."""

    HOST = "host", "Host"
    PARTICIPANT = "participant", "Participant"
    OBSERVER = "observer", "Observer"
    ABSENT = "absent", "Absent"


class OptionKind(models.TextChoices):
    TRACK = "track", "Track (talks)"
    OUTCOME = "outcome", "Outcome"
    TREATY = "treaty", "Treaty"
    DRAFT = "draft", "Draft text"
    PROVISION = "provision", "Provision"
    DECLARATION = "declaration", "Declaration"
    RESOLUTION = "resolution", "Resolution"
    PROPOSAL = "proposal", "Proposal"
    WHOLE = "whole", "The issue as a whole"


class Visibility(models.TextChoices):
    """What of a source a reader who is not a curator may see."""

    PUBLIC = "public", "Public: its text is shown"
    CITABLE = "citable", "Citable: named and quoted, its text is not shown"
    PRIVATE = "private", "Private: only quotes of accepted statements leave"


class Level(models.IntegerChoices):
    """Access levels of markings, ordered; a paragraph always has one."""

    UNCLASSIFIED = 0, "U – unclassified"
    RESTRICTED = 1, "SBU, LOU, FOUO – sensitive, official use"
    CONFIDENTIAL = 2, "C – confidential"
    SECRET = 3, "S – secret"
    TOP_SECRET = 4, "TS – top secret"


class SourceKind(models.TextChoices):
    CABLE = "cable", "Diplomatic cable"
    DEBATE = "debate", "Debate"
    DECLARATION = "declaration", "Declaration"
    TREATY = "treaty", "Treaty text"
    STATUS = "status", "Treaty status list"
    VOTE = "vote", "Voting record"
    PRESS = "press", "Press release or article"
    REPORT = "report", "Report"
    DIGEST = "digest", "Digest"
    LETTER = "letter", "Letter or note"
    OTHER = "other", "Other document"


class RevisionReason(models.TextChoices):
    FIRST = "first", "First copy"
    PUBLISHER = "publisher", "Changed by the publisher"
    PARSER = "parser", "Read again by a better parser"
    TRANSCRIPTION = "transcription", "Transcription corrected by hand"
    EXCERPT = "excerpt", "Excerpt"


class ParagraphRole(models.TextChoices):
    HEADING = "heading", "Heading"
    SUBJECT = "subject", "Subject"
    SUMMARY = "summary", "Summary"
    BODY = "body", "Body"
    COMMENT = "comment", "Comment"
    NOTE = "note", "Note"
    ANNEX = "annex", "Annexed text"


class VoiceKind(models.TextChoices):
    """Whose words a span inside a paragraph are, if not the reported speaker's."""

    COMMENT = "comment", "Author's comment"
    NOTE = "note", "Author's note"
    INTERPRETER = "interpreter", "Interpreter"
    QUOTED = "quoted", "Somebody else quoted"


class AddresseeRole(models.TextChoices):
    ACTION = "action", "Action"
    INFORMATION = "information", "Information"
    EXEMPTED = "exempted", "Exempted (XMT)"


class CitationRole(models.TextChoices):
    MAIN = "main", "Main"
    REPEATS = "repeats", "Repeats"
    CONTEXT = "context", "Context"
    CONTRADICTS = "contradicts", "Contradicts"


class Anchor(models.TextChoices):
    """How a citation stands in the source's current text."""

    ANCHORED = "anchored", "Anchored"
    MOVED = "moved", "Moved"
    ORPHANED = "orphaned", "Orphaned"


class Standing(models.TextChoices):
    OWN = "own", "Own: may speak for the actor"
    GROUP = "group", "Group: speaks for a group the actor is in"
    OTHER = "other", "Other: says what somebody else's position is"
    REPORTER = "reporter", "Reporter: the document's author's own assessment"


class Form(models.TextChoices):
    VERBATIM = "verbatim", "Verbatim"
    REPORTED = "reported", "Reported speech"
    OFFICIAL = "official", "Official text"
    ACT = "act", "Recorded act (vote, signature, attendance)"
    CHARACTERISATION = "characterisation", "Characterisation"


class Publicity(models.TextChoices):
    PUBLIC = "public", "Public"
    CONFIDENTIAL = "confidential", "In confidence"
    LEAKED = "leaked", "Leaked or released later"
    UNKNOWN = "unknown", "Unknown"


class Modality(models.TextChoices):
    STATED = "stated", "Stated"
    INTENDED = "intended", "Intended"
    CONDITIONAL = "conditional", "Conditional"
    EXPECTED = "expected", "Expected"


class ExtendsTo(models.TextChoices):
    NOBODY = "nobody", "Nobody else"
    MEMBERS = "members", "All members"
    MEMBERS_EXCEPT = "members_except", "Members except those named"
    ALIGNED = "aligned", "Members and those that aligned themselves"


class Mode(models.TextChoices):
    """How consent to be bound was given."""

    RATIFICATION = "ratification", "Ratification"
    ACCEPTANCE = "acceptance", "Acceptance"
    APPROVAL = "approval", "Approval"
    ACCESSION = "accession", "Accession"
    SUCCESSION = "succession", "Succession"
    CONSENT = "consent", "Consent to be bound"


class Reliability(models.TextChoices):
    """Admiralty scale: the source."""

    A = "A", "A – completely reliable"
    B = "B", "B – usually reliable"
    C = "C", "C – fairly reliable"
    D = "D", "D – not usually reliable"
    E = "E", "E – unreliable"
    F = "F", "F – cannot be judged"


class Credibility(models.TextChoices):
    """Admiralty scale: the information."""

    CONFIRMED = "1", "1 – confirmed by others"
    PROBABLE = "2", "2 – probably true"
    POSSIBLE = "3", "3 – possibly true"
    DOUBTFUL = "4", "4 – doubtful"
    IMPROBABLE = "5", "5 – improbable"
    UNKNOWN = "6", "6 – cannot be judged"


class DateBasis(models.TextChoices):
    """Where the day a statement was said on comes from."""

    PRINTED = "printed", "Printed in the text"
    COMPLETED = "completed", "Completed from the document's date"
    DOCUMENT = "document", "Taken from the document's date"


class SuggestionState(models.TextChoices):
    """What became of a machine's proposal."""

    WAITING = "waiting", "Waits"
    ACCEPTED = "accepted", "Accepted"
    REJECTED = "rejected", "Rejected"


class RejectedBecause(models.TextChoices):
    """Why a person said no to a proposal."""

    NO_POSITION = "no_position", "The words take no position"
    OTHER_ACTOR = "other_actor", "It is somebody else's position"
    OTHER_OPTION = "other_option", "It is about something else"
    OTHER_DISPOSITION = "other_disposition", "The words say something else of it"
    REPEATED = "repeated", "It only repeats what is coded already"
    OTHER = "other", "For another reason"


class PairKind(models.TextChoices):
    """Of which records two may be one."""

    ACTOR = "actor", "Actors"
    OPTION = "option", "Options"
    ISSUE = "issue", "Issues"


class PairState(models.TextChoices):
    """What people said of two records of like names."""

    WAITING = "waiting", "Waits"
    DIFFERENT = "different", "Not the same"
    UNSURE = "unsure", "Unsure"
    SAME = "same", "The same: merged"


class Verdict(models.TextChoices):
    """What an adjudicator says of two codings."""

    AGREE = "agree", "Both coders agree"
    FIRST = "first", "The first coder is right"
    SECOND = "second", "The second coder is right"
    NEITHER = "neither", "Neither: there is nothing to code"
    BOTH_WRONG = "both_wrong", "Both are wrong: coded anew"


class StatementState(models.TextChoices):
    DRAFT = "draft", "Draft"
    REVIEW = "review", "In review"
    ACCEPTED = "accepted", "Accepted"
    REJECTED = "rejected", "Rejected"
    RETRACTED = "retracted", "Retracted"


class StanceState(models.TextChoices):
    DRAFT = "draft", "Draft"
    REVIEW = "review", "In review"
    PUBLISHED = "published", "Published"
    RETRACTED = "retracted", "Retracted"


class Basis(models.TextChoices):
    ASSERTED = "asserted", "Asserted by a person"
    DERIVED = "derived", "Derived by the rule"


class Confidence(models.TextChoices):
    HIGH = "high", "High"
    MODERATE = "moderate", "Moderate"
    LOW = "low", "Low"


class EvidenceLevel(models.TextChoices):
    """What a period rests on (derivation rule, clause 8)."""

    ACT = "act", "A recorded act"
    SEVERAL = "several", "Several events"
    SINGLE = "single", "One event"
    GROUP = "group", "A group's statement"
    THIN = "thin", "Thin"


class Relation(models.TextChoices):
    """What a statement is to a stance."""

    SUPPORTS = "supports", "Supports"
    CONTRADICTS = "contradicts", "Contradicts"
    CONTEXT = "context", "Context"


class Finding(models.TextChoices):
    """What a look into a source came to when there was nothing to code."""

    NOTHING = "nothing", "Nothing found"
    OFF_TOPIC = "off_topic", "Nothing on this issue"
    WITHHELD = "withheld", "The words are withheld"
