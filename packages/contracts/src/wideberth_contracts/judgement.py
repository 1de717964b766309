"""Judgement: encounters, findings per rule, verdicts, alerts."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from wideberth_contracts.detections import ObjectKind
from wideberth_contracts.identity import VesselIdentity
from wideberth_contracts.poses import TelemetryGrade
from wideberth_contracts.reviews import Review, Severity
from wideberth_contracts.separations import SeparationSeries
from wideberth_contracts.tracks import Track
from wideberth_contracts.wire import (
    Interval,
    Latitude,
    Longitude,
    Measured,
    NonNegative,
    Sha256,
    UtcDatetime,
    Wire,
)


class Verdict(StrEnum):
    """`violation` when the whole 95 % interval is on the wrong side for long enough; else `compliant` or the third."""

    VIOLATION = "violation"
    COMPLIANT = "compliant"
    CANNOT_JUDGE = "cannot_judge"


class EvidenceLevel(StrEnum):
    """P primary text, S secondary source, M from memory (off by default)."""

    P = "P"
    S = "S"
    M = "M"
    PS = "P+S"


class RuleText(Wire):
    """A rule in words, with where it is written."""

    original: str
    english: str
    citation: str
    evidence_level: EvidenceLevel


class Finding(Wire):
    """What one rule says about one encounter.

    Attributes:
        start_s, end_s: the span that decided, s from the start of the clip; start, end the same in UTC where known.
        duration_s: how long the condition held (violation) or was seen (else).
        decisive_pts: frames that decided, at most 20, in order of time.
        measured, interval_95, threshold, unit: the number that was compared, at its most decisive moment.
        advisory: shown as a warning, no violation on every reading of the law.
    """

    rule: str
    verdict: Verdict
    reason: str
    start_s: float
    end_s: float
    start: UtcDatetime | None = None
    end: UtcDatetime | None = None
    duration_s: NonNegative
    decisive_pts: tuple[int, ...] = ()
    measured: float | None = None
    interval_95: Interval | None = None
    threshold: float | None = None
    unit: str = "m"
    advisory: bool = False


class Encounter(Wire):
    """A craft near a group of animals, from first to last.

    Attributes:
        unsure_animals: those of `animal_tracks` whose looks did not tell whether they are animals: a person must.
    """

    id: str
    craft_track: str
    craft_kind: ObjectKind
    group: str
    animal_tracks: tuple[str, ...]
    unsure_animals: tuple[str, ...] = ()
    start_s: float
    end_s: float
    start: UtcDatetime | None = None
    end: UtcDatetime | None = None
    closest_separation_m: NonNegative
    closest_interval_95_m: Interval
    closest_t_s: float
    closest_pts: int
    latitude: Latitude | None = None
    longitude: Longitude | None = None
    findings: tuple[Finding, ...]


class DroneMoment(Wire):
    """Height of the watching drone at one time, for the rules about itself."""

    t_s: float
    height_m: Measured


class JudgeRequest(Wire):
    """Everything a rule pack needs. `rules` is the id of a pack, e.g. `kr`."""

    rules: str
    grade: TelemetryGrade
    tracks: tuple[Track, ...]
    series: tuple[SeparationSeries, ...]
    drone: tuple[DroneMoment, ...] = ()
    starts_at: UtcDatetime | None = None


class JudgeAnswer(Wire):
    """Encounters, the drone's own conduct, and which text was applied."""

    pack_id: str
    pack_version: str
    pack_sha256: Sha256
    encounters: tuple[Encounter, ...]
    own_conduct: tuple[Finding, ...] = ()


class AlertStatus(StrEnum):
    """Only a person confirms or rejects; software withdraws a candidate that later evidence no longer supports."""

    CANDIDATE = "candidate"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class Alert(Wire):
    """One alert per encounter and rule, versioned. Its id does not change between versions.

    Attributes:
        reviews: all decisions so far, oldest first. One about a version before this one's evidence is out of date.
        evidence_version: the version in which what was measured last changed.
        withdrawn_because: why software took it back; empty otherwise.
        vessel: what AIS says of the craft; None where it was not held against AIS.
    """

    id: str
    version: Annotated[int, Field(ge=1)]
    status: AlertStatus
    analysis_id: str
    encounter: Encounter
    finding: Finding
    rule_text: RuleText
    pack_id: str
    pack_version: str
    grade: TelemetryGrade
    model_ids: tuple[str, ...]
    created_at: UtcDatetime
    severity: Severity = Severity.NOTICE
    reviews: tuple[Review, ...] = ()
    evidence_version: Annotated[int, Field(ge=1)] = 1
    withdrawn_because: str = ""
    vessel: VesselIdentity | None = None
