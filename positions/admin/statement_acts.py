"""The buttons of a statement: what each does, and when it stands there."""

from positions.choices import StanceState, StatementState
from positions.models import Stance, Statement

from .acts import Act, common_acts, may_review

State = StatementState


def resting_stances(record):
    """Published stances whose only accepted support is this statement."""
    stances = Stance.objects.filter(
        state=StanceState.PUBLISHED, evidence__statement=record
    ).distinct()
    return [stance for stance in stances if stance.rests_only_on(record)]


def bends_a_stance(record, user):
    """Accepting it would take a published stance's only support away."""
    earlier = Statement.objects.filter(key=record.key, state=State.ACCEPTED).first()
    if earlier is None or not may_review(record, user):
        return False
    same = (earlier.actor_id, earlier.option_id, earlier.disposition_id) == (
        record.actor_id,
        record.option_id,
        record.disposition_id,
    )
    return not same and bool(resting_stances(earlier))


COMMON = common_acts(Statement)
ACTS = (
    COMMON.next_version,
    Act(
        "submit-and-accept",
        "Submit and accept",
        "submitted and accepted.",
        "accept_statement",
        (State.DRAFT,),
        lambda record, user, why: record.submit_and_let_in(user, why),
        fits=may_review,
        tone="main",
        saves=True,
    ),
    COMMON.submit,
    Act(
        "accept",
        "Accept",
        "accepted; it is public now.",
        "accept_statement",
        (State.REVIEW,),
        lambda record, user, why: record.accept(user, why),
        why="may",
        fits=may_review,
        tone="main",
        saves=True,
    ),
    Act(
        "accept-and-retract",
        "Accept and retract the stance that rests on it",
        "accepted; the stance that rested on the words as coded before is retracted.",
        "accept_statement",
        (State.REVIEW,),
        lambda record, user, why: record.accept(user, why, retract_stances=True),
        why="may",
        fits=bends_a_stance,
    ),
    COMMON.send_back,
    Act(
        "reject",
        "Reject",
        "rejected.",
        "accept_statement",
        (State.REVIEW, State.DRAFT),
        lambda record, user, why: record.reject(user, why),
        why="must",
        tone="danger",
    ),
    Act(
        "take-back",
        "Take back the acceptance",
        "the acceptance is taken back; it is in review again.",
        "accept_statement",
        (State.ACCEPTED,),
        lambda record, user, why: record.take_back(user),
        fits=lambda record, user: record.can_take_back(),
        meaning="Only until the next change of this statement.",
    ),
    COMMON.retract,
    Act(
        "retract-both",
        "Retract both",
        "retracted, with the stance that rested on it.",
        "accept_statement",
        (State.ACCEPTED,),
        lambda record, user, why: record.retract(user, why, retract_stances=True),
        why="must",
        fits=lambda record, user: bool(resting_stances(record)),
        tone="danger",
        meaning="It is the only support of a published stance: both leave the public.",
    ),
    COMMON.drop,
    *COMMON.withholding,
)
