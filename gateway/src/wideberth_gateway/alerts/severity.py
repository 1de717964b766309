"""How grave an alert is: by how far past the threshold, and for how long."""

from wideberth_contracts.judgement import Finding
from wideberth_contracts.reviews import Severity

SERIOUS_TIMES, GRAVE_TIMES = 1.25, 2.0
"""Past the threshold by these factors: half the distance, or twice the speed, is grave."""
SERIOUS_S, GRAVE_S = 20.0, 120.0


def severity_of(finding: Finding) -> Severity:
    """The graver of closeness and duration. What only warns stays a notice."""
    if finding.advisory:
        return Severity.NOTICE
    times = _times_past(finding)
    if times >= GRAVE_TIMES or finding.duration_s >= GRAVE_S:
        return Severity.GRAVE
    if times >= SERIOUS_TIMES or finding.duration_s >= SERIOUS_S:
        return Severity.SERIOUS
    return Severity.NOTICE


def _times_past(finding: Finding) -> float:
    """The threshold over the interval's end next to it, or the other way round: what is sure, not what is likely."""
    if finding.interval_95 is None or not finding.threshold:
        return 1.0
    low, high = finding.interval_95.low, finding.interval_95.high
    if high < finding.threshold:
        return finding.threshold / max(high, 0.01 * finding.threshold)
    return max(low, 0.0) / finding.threshold if low > finding.threshold else 1.0
