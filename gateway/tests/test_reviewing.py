"""Decisions: who may, about what, how many are needed, and what stays in the record."""

from datetime import timedelta

import pytest
from gateway_alerts import START, alert
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from wideberth_contracts.errors import Conflict, NotAllowed, WideberthError
from wideberth_contracts.judgement import Alert, AlertStatus
from wideberth_contracts.phrases import phrase
from wideberth_contracts.reviews import RejectionReason, ReviewAsked, ReviewDecision, Severity
from wideberth_contracts.wire import Interval
from wideberth_gateway.alerts.changes import Change, change_of
from wideberth_gateway.alerts.rejections import rejection_rows
from wideberth_gateway.alerts.reviewing import confirmed_by, review_is_outdated, reviewed
from wideberth_gateway.alerts.severity import severity_of
from wideberth_gateway.store.alerts import decide, publish, rejected, versions, withdraw_missing
from wideberth_gateway.wording.saying import say

AGAIN = phrase("withdrawn.later")
CONFIRM, REJECT, REOPEN = ReviewDecision.CONFIRM, ReviewDecision.REJECT, ReviewDecision.REOPEN


def ask(decision: ReviewDecision, version: int = 1, **more) -> ReviewAsked:
    reason = {"reason": RejectionReason.NO_ANIMAL} if decision is REJECT else {}
    return ReviewAsked(decision=decision, version=version, **(reason | more))


def decided(known: Alert, decision: ReviewDecision, who: str = "Kim", needed: int = 1) -> Alert:
    return reviewed(known, ask(decision, known.version), who, START, needed)


def test_one_person_confirms_or_rejects() -> None:
    confirmed = decided(alert(), CONFIRM)
    assert (confirmed.status, confirmed.version, confirmed_by(confirmed)) == (AlertStatus.CONFIRMED, 2, ("Kim",))
    rejected_one = decided(alert(), REJECT)
    assert rejected_one.status is AlertStatus.REJECTED
    assert rejected_one.reviews[-1].reason is RejectionReason.NO_ANIMAL


def test_two_persons_where_two_are_wanted() -> None:
    once = decided(alert(), CONFIRM, needed=2)
    assert once.status is AlertStatus.CANDIDATE
    with pytest.raises(NotAllowed, match="another person"):
        decided(once, CONFIRM, needed=2)
    assert decided(once, CONFIRM, "Lee", needed=2).status is AlertStatus.CONFIRMED
    assert decided(once, REJECT, "Lee", needed=2).status is AlertStatus.REJECTED


def test_a_rejection_in_between_begins_anew() -> None:
    again = decided(decided(decided(alert(), CONFIRM, needed=2), REJECT, "Lee", 2), REOPEN, "Lee", 2)
    assert again.status is AlertStatus.CANDIDATE
    assert confirmed_by(again) == ()
    assert decided(again, CONFIRM, needed=2).status is AlertStatus.CANDIDATE


def test_what_was_not_looked_at_is_not_decided() -> None:
    with pytest.raises(Conflict, match="version 1 was reviewed, version 2 is the latest"):
        reviewed(decided(alert(), CONFIRM), ask(REJECT, 1), "Lee", START, 1)


@pytest.mark.parametrize(
    "more", [{"decision": REJECT}, {"decision": REJECT, "reason": "other"}, {"decision": CONFIRM, "version": 0}]
)
def test_a_decision_says_why(more) -> None:
    with pytest.raises(ValidationError):
        ReviewAsked(**({"version": 1} | more))


@given(st.lists(st.tuples(st.sampled_from([CONFIRM, REJECT, REOPEN]), st.sampled_from("ABC")), max_size=12),
       st.integers(1, 2))  # fmt: skip
def test_any_row_of_decisions_keeps_the_record(steps, needed: int) -> None:
    known, done = alert(), 0
    for decision, who in steps:
        try:
            known = decided(known, decision, who, needed)
            done += 1
        except WideberthError:
            continue
    assert (known.version, len(known.reviews)) == (done + 1, done)
    if known.status is AlertStatus.CONFIRMED:
        assert len(confirmed_by(known)) >= needed


@pytest.mark.parametrize(
    ("interval", "threshold", "duration_s", "severity"),
    [
        ((45, 49), 50, 5, Severity.NOTICE),
        ((30, 39), 50, 5, Severity.SERIOUS),
        ((10, 24), 50, 5, Severity.GRAVE),
        ((45, 49), 50, 30, Severity.SERIOUS),
        ((45, 49), 50, 200, Severity.GRAVE),
        ((11, 13), 5, 5, Severity.GRAVE),
        ((6.5, 9), 5, 5, Severity.SERIOUS),
        ((0, 0), 50, 1, Severity.GRAVE),
    ],
)
def test_severity_by_closeness_and_duration(interval, threshold, duration_s, severity) -> None:
    update = {
        "interval_95": Interval(low=interval[0], high=interval[1]),
        "threshold": threshold,
        "duration_s": duration_s,
    }
    finding = alert().finding.model_copy(update=update)
    assert severity_of(finding) is severity
    assert severity_of(finding.model_copy(update={"advisory": True})) is Severity.NOTICE


def test_changes_are_told_once() -> None:
    first = alert()
    graver = first.model_copy(update={"version": 2, "severity": Severity.GRAVE})
    assert change_of(None, first) is Change.CREATED
    assert change_of(first, graver) is Change.ESCALATED
    assert change_of(graver, first) is Change.UPDATED
    assert change_of(first, decided(first, CONFIRM)) is Change.REVIEWED


def test_new_evidence_keeps_the_decision_and_says_it_is_out_of_date(engine) -> None:
    publish(engine, (alert(),))
    decide(engine, alert().id, lambda known: decided(known, CONFIRM))
    (now,) = publish(engine, (alert(reason="wholly within 50 m, longer"),))
    assert (now.status, now.version, now.evidence_version) == (AlertStatus.CONFIRMED, 3, 3)
    assert review_is_outdated(now)
    assert now.reviews[0].reviewer == "Kim"
    (same,) = publish(engine, (alert(reason="wholly within 50 m, longer"),))
    assert same == now


def test_a_candidate_without_support_is_withdrawn_and_comes_back_if_found_again(engine) -> None:
    kept, lost, done = alert("v1"), alert("v2"), alert("v3")
    publish(engine, (kept, lost, done))
    decide(engine, done.id, lambda known: decided(known, CONFIRM))
    later = START + timedelta(hours=1)
    (gone,) = withdraw_missing(engine, kept.analysis_id, (kept,), AGAIN, later)
    assert (gone.id, gone.status, gone.withdrawn_because) == (lost.id, AlertStatus.WITHDRAWN, say(AGAIN))
    assert versions(engine, done.id)[-1].status is AlertStatus.CONFIRMED
    with pytest.raises(Conflict, match="what was seen later"):
        decide(engine, lost.id, lambda known: decided(known, CONFIRM))
    assert withdraw_missing(engine, kept.analysis_id, (kept,), AGAIN, later) == ()
    (back,) = publish(engine, (lost,))
    assert (back.status, back.version) == (AlertStatus.CANDIDATE, 3)


def test_a_decision_that_fails_leaves_nothing(engine) -> None:
    publish(engine, (alert(),))
    with pytest.raises(Conflict):
        decide(engine, alert().id, lambda known: decided(known, REOPEN))
    assert len(versions(engine, alert().id)) == 1


def test_rejections_are_rows_to_learn_from(engine) -> None:
    publish(engine, (alert("v1"), alert("v2")))
    decide(engine, alert("v1").id, lambda known: decided(known, REJECT))
    permit = ask(REJECT, reason=RejectionReason.RESEARCH_PERMIT)
    decide(engine, alert("v2").id, lambda known: reviewed(known, permit, "Kim", START, 1))
    first, second = rejection_rows(rejected(engine))
    assert (first["teaches"], first["tracks"], first["label"]) == (True, ["d1"], "clutter")
    assert (second["teaches"], second["tracks"], second["reason"]) == (False, [], "research_permit")
