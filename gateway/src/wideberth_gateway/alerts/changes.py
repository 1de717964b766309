"""What is new in a version: what people are told once, and what only the feed shows."""

from enum import StrEnum

from wideberth_contracts.judgement import Alert, AlertStatus


class Change(StrEnum):
    """Kinds of versions."""

    CREATED = "alert.created"
    ESCALATED = "alert.escalated"
    REVIEWED = "alert.reviewed"
    WITHDRAWN = "alert.withdrawn"
    UPDATED = "alert.updated"


TOLD = (Change.CREATED, Change.ESCALATED, Change.REVIEWED, Change.WITHDRAWN)
"""Told unless a receiver asks otherwise: an incident once, and again only when it becomes graver, is decided or falls.
An update that changes neither is in the feed."""


def change_of(before: Alert | None, after: Alert) -> Change:
    """What the version `after` is, beside the one before it."""
    if before is None:
        return Change.CREATED
    if after.status is AlertStatus.WITHDRAWN and before.status is not AlertStatus.WITHDRAWN:
        return Change.WITHDRAWN
    if len(after.reviews) != len(before.reviews):
        return Change.REVIEWED
    if after.severity.rank > before.severity.rank or before.status is AlertStatus.WITHDRAWN:
        return Change.ESCALATED
    return Change.UPDATED
