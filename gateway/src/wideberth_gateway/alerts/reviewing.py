"""What a review makes of an alert. Software proposes, persons decide, and every decision stays in the record."""

from datetime import datetime

from wideberth_contracts.errors import Conflict, NotAllowed
from wideberth_contracts.judgement import Alert, AlertStatus
from wideberth_contracts.phrases import phrase
from wideberth_contracts.reviews import Review, ReviewAsked, ReviewDecision


def reviewed(
    alert: Alert, asked: ReviewAsked, reviewer: str, at: datetime, reviewers_needed: int, second_only: bool = False
) -> Alert:
    """The next version of an alert.

    Args:
        alert: in its latest version.
        asked: the decision.
        reviewer: who it is, by name.
        at: when.
        reviewers_needed: how many different persons must confirm the same evidence; one alone rejects.
        second_only: whether this person (a regulator) decides only after another one has.

    Raises:
        Conflict: the alert has changed since it was looked at, or does not stand so that this can be decided.
        NotAllowed: the same person confirms twice, or is the first and may only be the second.
    """
    if asked.version != alert.version:
        raise Conflict(
            f"version {asked.version} was reviewed, version {alert.version} is the latest",
            where=f"alert {alert.id}",
            remedy="read the alert again and decide about what it says now",
            said=phrase("problem.older_version", reviewed=asked.version, latest=alert.version),
        )
    if second_only and all(review.reviewer == reviewer for review in alert.reviews):
        remedy = "a reviewer decides first"
        raise NotAllowed("a regulator decides as second person", where=f"alert {alert.id}", remedy=remedy)
    status = _next_status(alert, asked.decision, reviewer, reviewers_needed)
    review = Review(reviewer=reviewer, at=at, **asked.model_dump())
    update = {
        "version": alert.version + 1,
        "status": status,
        "reviews": (*alert.reviews, review),
        "created_at": at,
        "withdrawn_because": "" if asked.decision is ReviewDecision.REOPEN else alert.withdrawn_because,
        "withdrawn_said": None if asked.decision is ReviewDecision.REOPEN else alert.withdrawn_said,
    }
    return alert.model_copy(update=update)


def confirmed_by(alert: Alert) -> tuple[str, ...]:
    """Who has confirmed the evidence as it stands, since the last rejection or reopening."""
    names: list[str] = []
    for review in alert.reviews:
        if review.decision is not ReviewDecision.CONFIRM:
            names.clear()
        elif review.version >= alert.evidence_version and review.reviewer not in names:
            names.append(review.reviewer)
    return tuple(names)


def review_is_outdated(alert: Alert) -> bool:
    """Whether the alert was decided about evidence that has changed since."""
    decided = alert.status in (AlertStatus.CONFIRMED, AlertStatus.REJECTED)
    return decided and bool(alert.reviews) and alert.reviews[-1].version < alert.evidence_version


def _next_status(alert: Alert, decision: ReviewDecision, reviewer: str, reviewers_needed: int) -> AlertStatus:
    if decision is ReviewDecision.REOPEN:
        if alert.status is AlertStatus.CANDIDATE:
            said = phrase("problem.candidate_already")
            raise Conflict("it is a candidate already", where=f"alert {alert.id}", said=said)
        return AlertStatus.CANDIDATE
    if alert.status is AlertStatus.WITHDRAWN:
        raise Conflict(
            f"it was withdrawn: {alert.withdrawn_because}", where=f"alert {alert.id}", remedy="reopen it first"
        )
    if decision is ReviewDecision.REJECT:
        return AlertStatus.REJECTED
    before = confirmed_by(alert)
    if reviewer in before:
        raise NotAllowed(
            "you have confirmed it already",
            where=f"alert {alert.id}",
            remedy="another person must confirm it too",
            said=phrase("problem.confirmed_already"),
        )
    return AlertStatus.CONFIRMED if len(before) + 1 >= reviewers_needed else AlertStatus.CANDIDATE
