"""What a person says of an alert, and how grave an alert is."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field, model_validator

from wideberth_contracts.wire import UtcDatetime, Wire


class Severity(StrEnum):
    """By closeness and duration. A step up is an escalation, and told again."""

    NOTICE = "notice"
    SERIOUS = "serious"
    GRAVE = "grave"

    @property
    def rank(self) -> int:
        """0 for the least."""
        return list(Severity).index(self)


class ReviewDecision(StrEnum):
    """What a reviewer decides; `reopen` makes a decided alert a candidate again."""

    CONFIRM = "confirm"
    REJECT = "reject"
    REOPEN = "reopen"


class RejectionReason(StrEnum):
    """Why an alert is none. Those about what was seen become training rows."""

    NO_VESSEL = "no_vessel"
    NO_ANIMAL = "no_animal"
    SAME_OBJECT_TWICE = "same_object_twice"
    MEASURED_WRONGLY = "measured_wrongly"
    ANIMAL_APPROACHED = "animal_approached"
    RESEARCH_PERMIT = "research_permit"
    SAFETY = "safety"
    RULE_DOES_NOT_APPLY = "rule_does_not_apply"
    DUPLICATE = "duplicate"
    OTHER = "other"


class ReviewAsked(Wire):
    """What a reviewer sends.

    Attributes:
        version: of the alert that was looked at; another one since then is a conflict, never overwritten.
        reason: wanted with a rejection.
        comment: wanted with the reason `other`.
    """

    decision: ReviewDecision
    version: Annotated[int, Field(ge=1)]
    reason: RejectionReason | None = None
    comment: Annotated[str, Field(max_length=4000)] = ""

    @model_validator(mode="after")
    def _says_why(self) -> "ReviewAsked":
        if self.decision is ReviewDecision.REJECT and self.reason is None:
            raise ValueError("a rejection needs a reason")
        if self.reason is RejectionReason.OTHER and not self.comment.strip():
            raise ValueError("the reason `other` needs a comment")
        return self


class Review(Wire):
    """One decision as kept: what was asked, by whom, when, about which version."""

    reviewer: str
    decision: ReviewDecision
    version: Annotated[int, Field(ge=1)]
    reason: RejectionReason | None = None
    comment: str = ""
    at: UtcDatetime
