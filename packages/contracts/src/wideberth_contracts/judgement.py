"""Judgement: encounters, findings per rule, verdicts, alerts."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from wideberth_contracts.detections import ObjectKind
from wideberth_contracts.identity import VesselIdentity
from wideberth_contracts.known import ExceptionRecord, Known, Species
from wideberth_contracts.phrases import Phrase
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


class NoText(Wire):
    """The wording itself is not at hand, and why."""

    absent: Annotated[str, Field(min_length=3)]

    def __str__(self) -> str:
        return f"({self.absent})"


class RuleText(Wire):
    """A rule in words, with where it is written.

    Attributes:
        original: in the language of the law; a gist says so. Named as absent where no source seen gives it.
        english: the gist.
    """

    original: Annotated[str, Field(min_length=1)] | NoText
    english: Annotated[str, Field(min_length=1)]
    citation: str
    evidence_level: EvidenceLevel


class Missing(StrEnum):
    """What kept a rule from being judged."""

    NO_SCALE = "no_scale"
    ERROR_TOO_LARGE = "error_too_large"
    EDGE_OF_BAND = "edge_of_band"
    ANIMAL_UNDER_WATER = "animal_under_water"
    NO_SPEED = "no_speed"
    NO_DIRECTION = "no_direction"
    NO_POSITION = "no_position"
    NO_OUTLINE = "no_outline"
    NOT_SEEN_BEFORE = "not_seen_before"
    PART_OF_STAY = "part_of_stay"
    TOO_SHORT = "too_short"
    TOO_FEW_FRAMES = "too_few_frames"
    TIME_OF_DAY = "time_of_day"
    A_PERSON = "a_person"
    NOT_IN_FORCE = "not_in_force"
    NOT_LOOKED_AT = "not_looked_at"


class Finding(Wire):
    """What one rule says about one encounter.

    Attributes:
        reason: in English; said: the same as data, from which it is made in every language.
        start_s, end_s: the span that decided, s from the start of the clip; start, end the same in UTC where known.
        duration_s: how long the condition held (violation) or was seen (else).
        decisive_pts: frames that decided, at most 20, in order of time.
        measured, interval_95, threshold, unit: the number that was compared, at its most decisive moment.
        advisory: shown as a warning, no violation on every reading of the law.
        missing: what kept it from being judged, in one word; the reason says it in full.
        exceptions: claimed for this encounter and rule; turned_from: the verdict that an admitted one turned.
    """

    rule: str
    verdict: Verdict
    reason: str
    said: Phrase | None = None
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
    missing: Missing | None = None
    exceptions: tuple[ExceptionRecord, ...] = ()
    turned_from: Verdict | None = None


class BandTime(Wire):
    """Time of a craft in a ring around the animals: by the value, and by the ends of the 95 % interval.

    Attributes:
        inner_m, outer_m: of the ring; None where it has no such edge.
        surely_s: the whole interval inside, in frames that show both; possibly_s: some of it.
    """

    inner_m: NonNegative | None = None
    outer_m: NonNegative | None = None
    seconds: NonNegative
    surely_s: NonNegative
    possibly_s: NonNegative


class Encounter(Wire):
    """A craft near a group of animals, from first to last.

    Attributes:
        closest_pod_m: to the edge of the pod (three animals and more) at its closest; None where there was no pod.
        bands: of the pack's rules, by inner and outer edge.
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
    closest_pod_m: NonNegative | None = None
    closest_pod_interval_95_m: Interval | None = None
    bands: tuple[BandTime, ...] = ()
    latitude: Latitude | None = None
    longitude: Longitude | None = None
    findings: tuple[Finding, ...]


class DroneMoment(Wire):
    """Where the watching drone was at one time, for the rules about itself.

    Attributes:
        east_m, north_m: from the analysis origin, errors left out: those of a picture's places move with the drone.
    """

    t_s: float
    height_m: Measured
    east_m: float | None = None
    north_m: float | None = None


class Unseen(Wire):
    """A span of the clip, [start_s, stop_s), that nothing looked at, and why: what happened in it is not known."""

    start_s: NonNegative
    stop_s: NonNegative
    reason: Annotated[str, Field(min_length=1)]


class JudgeRequest(Wire):
    """Everything a rule pack needs. `rules` names a pack, `kr`, or one version of it, `kr@2026.11.1`.

    Attributes:
        unseen: spans that were not looked at; nothing is compliant across them.
    """

    rules: str
    grade: TelemetryGrade
    tracks: tuple[Track, ...]
    series: tuple[SeparationSeries, ...]
    drone: tuple[DroneMoment, ...] = ()
    starts_at: UtcDatetime | None = None
    known: Known = Known()
    unseen: tuple[Unseen, ...] = ()


class JudgeAnswer(Wire):
    """Encounters, the drone's own conduct, and which text was applied.

    Attributes:
        species: the animals were taken for these.
        notes: what was assumed, and what of the law's area and days could not be checked, in English; notes_said: the
            same as data.
    """

    pack_id: str
    pack_version: str
    pack_sha256: Sha256
    encounters: tuple[Encounter, ...]
    own_conduct: tuple[Finding, ...] = ()
    species: Species | None = None
    notes: tuple[str, ...] = ()
    notes_said: tuple[Phrase, ...] = ()


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
        withdrawn_because: why software took it back, in English; empty otherwise. withdrawn_said: the same as data.
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
    withdrawn_said: Phrase | None = None
    vessel: VesselIdentity | None = None
