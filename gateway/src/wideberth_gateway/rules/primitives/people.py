"""What only a person can see in the pictures."""

from typing import Annotated, Literal

from pydantic import Field

from wideberth_gateway.rules.primitives.base import RuleBase


class HumanReview(RuleBase):
    """Acts that only a person can judge. Never judged here."""

    type: Literal["human_review"]
    acts: Annotated[tuple[str, ...], Field(min_length=1)]
