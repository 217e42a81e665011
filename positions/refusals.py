"""What a refusal says to the person who was refused."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.db.models import ProtectedError

from positions.models import Refused

FAULTS = (Refused, ValidationError, IntegrityError)


def sentences(fault):
    """What a refusal or a validation error says, as whole sentences."""
    if isinstance(fault, ProtectedError):
        return ["Other records refer to it, so it stays."]
    if isinstance(fault, IntegrityError):
        return ["Nothing is saved: another record has the same already."]
    if isinstance(fault, ValidationError):
        return list(fault.messages)
    return [str(fault)]
