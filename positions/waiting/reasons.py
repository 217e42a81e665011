"""The short lists of reasons that a person chooses from."""

from positions.choices import RejectedBecause

# Why a proposal is refused: kept as one of the choices.
OF_A_SUGGESTION = tuple(RejectedBecause.choices)
# Why a statement is rejected: kept in words, as the log keeps every reason.
OF_A_STATEMENT = tuple((label, label) for label in RejectedBecause.labels)
