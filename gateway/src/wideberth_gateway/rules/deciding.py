"""From readings of single moments to one three-way verdict.

- `violation`: the whole interval is on the wrong side without a break, for the minimum duration, in enough frames
  that show both. A moment that does not show both (an animal under water, a craft carried on) may bridge a short gap
  while its own, grown interval is wholly wrong; it never begins, ends or counts.
- `compliant`: in every frame that shows both and where the rule has a say, the whole interval is on the right side.
- `cannot_judge`: everything else, with what is missing and how large the error is.

Widening an interval can only take away wrong and right readings, so it never turns another verdict into a violation.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from wideberth_contracts.judgement import Finding, Missing, Verdict
from wideberth_contracts.wire import Interval
from wideberth_gateway.rules.numbers import Decision
from wideberth_gateway.rules.primitives import EncounterRule, OwnRule
from wideberth_gateway.rules.readings import Reading, Side, Terms

CLOCK_SLACK_S = 1e-6
"""Slack for sums of frame times, s; far below any frame interval."""

DECISIVE_PTS = 20
"""At most this many frames are named in a finding."""

NO_SCALE = "telemetry grade C: nothing gives the scale, so there are no metres; add telemetry or a known height"


UNSEEN = (
    "no frame shows the craft and an animal at once: the animals were under water too long, the craft was not seen, "
    "or what was taken for an animal was seen too seldom to be one; an unseen animal proves nothing"
)
UNSEEN_FOR_GOOD = (Missing.NO_POSITION,)
"""Of the drone's own rules: not seen for want of a place, not because an animal dived."""


@dataclass(frozen=True, slots=True)
class Deciding:
    """What goes into a finding beside the readings."""

    rule: EncounterRule | OwnRule
    decision: Decision
    no_scale: bool = False
    terms: Terms | None = None

    @property
    def said(self) -> Terms:
        """The terms of this encounter, or the rule's own."""
        return self.terms or self.rule.terms()


def decide(readings: Sequence[Reading], to: Deciding) -> Finding | None:
    """The finding of one rule on readings in order of time; None where the rule never has a say.

    Args:
        readings: of one rule on one encounter.
        to: the rule, and when it counts.
    """
    within = [reading for reading in readings if reading.side is not Side.OUTSIDE]
    if not within:
        return None
    terms = to.said
    if to.no_scale:
        return _finding(to, Verdict.CANNOT_JUDGE, within, within[0], NO_SCALE, Missing.NO_SCALE)
    run = longest_run(readings, to.decision)
    if run and _long_enough(run, to.decision):
        return _violation(run, to, terms)
    seen = [reading for reading in within if reading.seen]
    if not seen:
        worst = _nearest_to_wrong(within, terms)
        missing = worst.missing if worst.missing in UNSEEN_FOR_GOOD else Missing.ANIMAL_UNDER_WATER
        reason = worst.lacks if missing is not Missing.ANIMAL_UNDER_WATER else UNSEEN
        return _finding(to, Verdict.CANNOT_JUDGE, within, worst, reason, missing)
    return _not_violation(seen, run, to, terms)


def longest_run(readings: Sequence[Reading], decision: Decision) -> list[Reading]:
    """The seen readings of the longest unbroken time on the wrong side; empty where there is none."""
    best: list[Reading] = []
    run: list[Reading] = []
    last_wrong_s = float("-inf")
    for reading in readings:
        if reading.side is not Side.WRONG:
            if reading.seen:
                run = []
            continue
        if reading.t_s - last_wrong_s > decision.max_gap_s + CLOCK_SLACK_S:
            run = []
        last_wrong_s = reading.t_s
        if reading.seen:
            run = [*run, reading]
            if (_span_s(run), len(run)) > (_span_s(best) if best else -1.0, len(best)):
                best = run
    return best


def _long_enough(run: Sequence[Reading], decision: Decision) -> bool:
    return len(run) >= decision.min_frames and _span_s(run) >= decision.min_duration_s - CLOCK_SLACK_S


def _violation(run: Sequence[Reading], to: Deciding, terms: Terms) -> Finding:
    best = _nearest_to_wrong(run, terms)
    also = next((f", {reading.note}" for reading in (best, *run) if reading.note), "")
    reason = f"{_number(best, terms)}{also}: wholly {terms.wrong} for {_span_s(run):.1f} s in {len(run)} frames"
    return _finding(to, Verdict.VIOLATION, run, best, reason)


def _not_violation(seen: list[Reading], run: list[Reading], to: Deciding, terms: Terms) -> Finding:
    if run:
        return _too_short(run, to, terms)
    unsure = [reading for reading in seen if reading.side is Side.UNSURE]
    right = [reading for reading in seen if reading.side is Side.RIGHT]
    if unsure:
        worst = _nearest_to_wrong(unsure, terms)
        missing = worst.missing or Missing.ERROR_TOO_LARGE
        return _finding(to, Verdict.CANNOT_JUDGE, unsure, worst, _why_unsure(worst, unsure, seen, terms), missing)
    if not right:
        worst = _nearest_to_wrong(seen, terms)
        edge = f"{_number(worst, terms)}, but the separation's interval crosses the edge of the band"
        missing = worst.missing or Missing.EDGE_OF_BAND
        return _finding(to, Verdict.CANNOT_JUDGE, seen, worst, worst.lacks or edge, missing)
    tightest = _nearest_to_wrong(right, terms)
    if len(right) < to.decision.min_frames:
        reason = f"seen in {len(right)} frames only; {to.decision.min_frames} are needed to call it {terms.right}"
        return _finding(to, Verdict.CANNOT_JUDGE, right, tightest, reason, Missing.TOO_FEW_FRAMES)
    words = f"{_number(tightest, terms)} at the tightest: " if tightest.value is not None else ""
    also = f" ({tightest.note})" if tightest.note else ""
    reason = f"{words}wholly {terms.right}{also} in all {len(right)} frames that show it"
    return _finding(to, Verdict.COMPLIANT, right, tightest, reason)


def _too_short(run: list[Reading], to: Deciding, terms: Terms) -> Finding:
    decision, worst = to.decision, _nearest_to_wrong(run, terms)
    reason = (
        f"{_number(worst, terms)}: wholly {terms.wrong} for only {_span_s(run):.1f} s in {len(run)} frames; "
        f"{decision.min_duration_s:g} s in {decision.min_frames} frames without a break are needed"
    )
    return _finding(to, Verdict.CANNOT_JUDGE, run, worst, reason, Missing.TOO_SHORT)


def _why_unsure(worst: Reading, unsure: Sequence[Reading], seen: Sequence[Reading], terms: Terms) -> str:
    if worst.value is None or worst.low is None or worst.high is None:
        return worst.lacks
    share = f"in {len(unsure)} of {len(seen)} frames"
    if worst.lacks:
        joint = "" if worst.lacks.startswith(("is ", "and ")) else "; "
        return f"{_number(worst, terms)}{joint or ' '}{worst.lacks} {share}"
    error = f"± {(worst.high - worst.low) / 2:.{terms.decimals}f} {terms.unit}"
    return (
        f"{_number(worst, terms)} crosses the limit of {terms.threshold:g} {terms.unit} {share}; "
        f"the error of {error} is too large to tell {terms.wrong} from {terms.right}"
    )


def _depth(reading: Reading, terms: Terms) -> float:
    """How far the bound nearest to the limit lies on the wrong side, in the rule's unit."""
    if reading.low is None or reading.high is None:
        return float("-inf")
    if terms.wrong_is_low:
        return terms.threshold - reading.high
    return reading.low - terms.threshold


def _nearest_to_wrong(readings: Sequence[Reading], terms: Terms) -> Reading:
    """The moment that comes nearest to breaking the rule; one without a number only where none has one."""
    return max(readings, key=lambda reading: _depth(reading, terms))


def _number(reading: Reading, terms: Terms) -> str:
    if reading.value is None or reading.low is None or reading.high is None:
        return f"{terms.noun} unknown"
    digits = terms.decimals
    between = f"{reading.low:.{digits}f} to {reading.high:.{digits}f}"
    return f"{terms.noun} {reading.value:.{digits}f} {terms.unit} (95 % {between})"


def _span_s(readings: Sequence[Reading]) -> float:
    return readings[-1].t_s - readings[0].t_s


def _finding(
    to: Deciding,
    verdict: Verdict,
    span: Sequence[Reading],
    at: Reading,
    reason: str,
    missing: Missing | None = None,
) -> Finding:
    terms = to.said
    interval = None if at.low is None or at.high is None else Interval(low=at.low, high=at.high)
    return Finding(
        rule=to.rule.id,
        verdict=verdict,
        reason=reason,
        start_s=span[0].t_s,
        end_s=span[-1].t_s,
        start=span[0].captured_at,
        end=span[-1].captured_at,
        duration_s=_span_s(span),
        decisive_pts=_spread([reading.pts for reading in span if reading.pts is not None]),
        measured=None if to.no_scale else at.value,
        interval_95=None if to.no_scale else interval,
        threshold=terms.threshold,
        unit=terms.unit,
        advisory=to.rule.advisory,
        missing=missing,
    )


def _spread(pts: list[int]) -> tuple[int, ...]:
    """At most `DECISIVE_PTS` of them, spread evenly, first and last included."""
    if len(pts) <= DECISIVE_PTS:
        return tuple(pts)
    step = (len(pts) - 1) / (DECISIVE_PTS - 1)
    return tuple(pts[round(index * step)] for index in range(DECISIVE_PTS))
