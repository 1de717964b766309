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
from wideberth_contracts.phrases import Phrase, phrase
from wideberth_contracts.wire import Interval
from wideberth_gateway.rules.numbers import Decision
from wideberth_gateway.rules.primitives import EncounterRule, OwnRule
from wideberth_gateway.rules.readings import Reading, Side, Terms
from wideberth_gateway.wording.saying import say

CLOCK_SLACK_S = 1e-6
"""Slack for sums of frame times, s; far below any frame interval."""

DECISIVE_PTS = 20
"""At most this many frames are named in a finding."""

NO_SCALE = phrase("lacks.no_scale")
UNSEEN = phrase("lacks.unseen")
CONTINUES = "more."
"""Phrases so named go on with the sentence of the number; others stand by themselves."""

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
        said = UNSEEN if missing is Missing.ANIMAL_UNDER_WATER else worst.lacks or UNSEEN
        return _finding(to, Verdict.CANNOT_JUDGE, within, worst, said, missing)
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
    note = next((reading.note for reading in (best, *run) if reading.note), None)
    said = _with_note(
        phrase("violation", number=_number(best, terms), wrong=terms.wrong, seconds=_span_s(run), frames=len(run)), note
    )
    return _finding(to, Verdict.VIOLATION, run, best, said)


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
        edge = phrase("edge_of_band", number=_number(worst, terms))
        missing = worst.missing or Missing.EDGE_OF_BAND
        return _finding(to, Verdict.CANNOT_JUDGE, seen, worst, worst.lacks or edge, missing)
    tightest = _nearest_to_wrong(right, terms)
    if len(right) < to.decision.min_frames:
        few = phrase("too_few_frames", frames=len(right), needed=to.decision.min_frames, right=terms.right)
        return _finding(to, Verdict.CANNOT_JUDGE, right, tightest, few, Missing.TOO_FEW_FRAMES)
    said = phrase("compliant_unmeasured", right=terms.right, frames=len(right))
    if tightest.value is not None:
        said = phrase("compliant", number=_number(tightest, terms), right=terms.right, frames=len(right))
    return _finding(to, Verdict.COMPLIANT, right, tightest, _with_note(said, tightest.note))


def _too_short(run: list[Reading], to: Deciding, terms: Terms) -> Finding:
    decision, worst = to.decision, _nearest_to_wrong(run, terms)
    said = phrase(
        "too_short",
        number=_number(worst, terms),
        wrong=terms.wrong,
        seconds=_span_s(run),
        frames=len(run),
        needed_s=decision.min_duration_s,
        needed=decision.min_frames,
    )
    return _finding(to, Verdict.CANNOT_JUDGE, run, worst, said, Missing.TOO_SHORT)


def _why_unsure(worst: Reading, unsure: Sequence[Reading], seen: Sequence[Reading], terms: Terms) -> Phrase:
    number, counts = _number(worst, terms), {"unsure": len(unsure), "seen": len(seen)}
    if worst.lacks is not None:
        if worst.value is None or worst.low is None or worst.high is None:
            return worst.lacks
        key = "unsure_more" if worst.lacks.key.startswith(CONTINUES) else "unsure_lacks"
        return phrase(key, number=number, lacks=worst.lacks, **counts)
    return phrase(
        "unsure_error",
        number=number,
        limit=terms.threshold,
        unit=terms.unit_said,
        error=((worst.high or 0.0) - (worst.low or 0.0)) / 2,
        digits=terms.decimals,
        wrong=terms.wrong,
        right=terms.right,
        **counts,
    )


def _with_note(said: Phrase, note: Phrase | None) -> Phrase:
    return said if note is None else phrase(f"{said.key}_noted", **said.values, note=note)


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


def _number(reading: Reading, terms: Terms) -> Phrase:
    if reading.value is None or reading.low is None or reading.high is None:
        return phrase("number_unknown", noun=terms.noun)
    values = {"value": reading.value, "low": reading.low, "high": reading.high}
    return phrase("number", noun=terms.noun, unit=terms.unit_said, digits=terms.decimals, **values)


def _span_s(readings: Sequence[Reading]) -> float:
    return readings[-1].t_s - readings[0].t_s


def _finding(
    to: Deciding,
    verdict: Verdict,
    span: Sequence[Reading],
    at: Reading,
    said: Phrase,
    missing: Missing | None = None,
) -> Finding:
    terms = to.said
    interval = None if at.low is None or at.high is None else Interval(low=at.low, high=at.high)
    return Finding(
        rule=to.rule.id,
        verdict=verdict,
        reason=say(said),
        said=said,
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
