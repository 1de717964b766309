"""Roles, and what each may do. What is not said here is denied."""

from enum import StrEnum


class Role(StrEnum):
    """Of a key."""

    REVIEWER = "reviewer"
    ADMINISTRATOR = "administrator"


class Act(StrEnum):
    """What needs a key."""

    REVIEW = "decide about alerts"
    TAKE_EVIDENCE = "make or fetch evidence"
    SEE_DELIVERIES = "see receivers and deliveries"
    CHANGE_RECEIVERS = "change receivers"


MAY = {
    Role.REVIEWER: frozenset({Act.REVIEW, Act.TAKE_EVIDENCE}),
    Role.ADMINISTRATOR: frozenset({Act.SEE_DELIVERIES, Act.CHANGE_RECEIVERS}),
}
"""An administrator does not decide about alerts: who runs the machine is not who judges."""
