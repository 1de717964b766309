"""Comparing two adapters of one port: the same answer, or the same error with the same words."""

from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Generic, TypeVar

from wideberth_contracts.errors import WideberthError

Value = TypeVar("Value")


@dataclass(frozen=True)
class Outcome(Generic[Value]):
    """What a call came to; two outcomes are equal if a caller could not tell them apart.

    Frames compare by their pixels, for a `memoryview` compares by content.
    """

    value: Value | None = None
    error: type[WideberthError] | None = None
    words: tuple[str, str | None, str | None, float | None] | None = None


async def outcome_of(call: Awaitable[Value]) -> Outcome[Value]:
    """Await a call of a port; domain errors become part of the outcome, anything else is raised."""
    try:
        return Outcome(value=await call)
    except WideberthError as error:
        return Outcome(error=type(error), words=(error.detail, error.where, error.remedy, error.retry_after_s))
