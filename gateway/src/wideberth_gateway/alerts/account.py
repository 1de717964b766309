"""What an alert rests on, as a page can draw it: curves, the plan from above, the error budget, law and conduct."""

from typing import Any

from pydantic import BaseModel, ConfigDict

from wideberth_contracts.detections import ObjectKind
from wideberth_contracts.judgement import BandTime
from wideberth_contracts.positions import Position
from wideberth_contracts.separations import SeparationSample
from wideberth_contracts.tracks import Track, TrackPoint, TrackState
from wideberth_contracts.wire import Measured
from wideberth_gateway.evidence.case import Case
from wideberth_gateway.evidence.error_budget import Ellipse, ellipse_95
from wideberth_gateway.evidence.measures import Stay, measures_of
from wideberth_gateway.rules.primitives import Penalty
from wideberth_gateway.wording.recognising import told_in_korean
from wideberth_pipeline.track_table import read_tracks

KN_PER_MPS = 3600 / 1852
"""A knot is a nautical mile, 1,852 m, an hour."""

PLAN_TIME_TOLERANCE_S = 1e-3

Pair = tuple[float, float]


class View(BaseModel):
    """Frozen, and told in full in the API's description."""

    model_config = ConfigDict(frozen=True)


class Moment(View):
    """The vessel at one sensed frame, beside the nearest animal.

    Attributes:
        interval_95_m, pod_interval_95_m, speed_interval_95_kn: `[low, high]`.
        animal_age_s: since that animal was last seen.
    """

    t_s: float
    pts: int
    animal: str
    animal_age_s: float
    seen: bool
    separation_m: float
    interval_95_m: Pair
    pod_m: float | None
    pod_interval_95_m: Pair | None
    speed_kn: float | None
    speed_interval_95_kn: Pair | None
    p_moving: float | None


class Placed(View):
    """An object from above, at the moment of the plan.

    Attributes:
        east_m, north_m: from the analysis origin.
        outline: corners of the hull at the waterline; empty where none is known.
        ellipse_95: of the position, shared and own error together.
        path: east and north through the span of the curves, in order of time.
        involved: the vessel or one of the animals of this alert.
    """

    track: str
    kind: ObjectKind
    involved: bool
    seen: bool
    east_m: float
    north_m: float
    outline: tuple[Pair, ...]
    ellipse_95: Ellipse | None
    path: tuple[Pair, ...]


class Share(View):
    """What one source contributes to the error: one standard error of the separation."""

    source: str
    sigma_m: float


class Budget(View):
    """The error budget at the closest approach."""

    separation_m: float
    shares: tuple[Share, ...]
    together_m: float
    rest_m: float
    judged_sigma_m: float


class Law(View):
    """The rule as the pack has it."""

    pack: str
    title: str
    jurisdiction: str
    valid_from: str
    rule: str
    original: str
    english: str
    citation: str
    evidence_level: str
    penalty: Penalty | None


class Account(View):
    """Everything a person needs to decide about an alert, but the pictures.

    Attributes:
        span_s: of the curves, s from the clip's first frame.
        plan_t_s: moment of the plan, that of the closest approach.
        own_conduct: findings about the watching drone, as in `encounters.json`.
        settings: of the analysis.
        calibration: what the flight's fit said of camera and height, as the plan has it; None without one.
        warnings_korean: the warnings in Korean, in their order; one that has no Korean words stays in English.
    """

    alert_id: str
    analysis_id: str
    span_s: Pair
    plan_t_s: float
    moments: tuple[Moment, ...]
    placed: tuple[Placed, ...]
    budget: Budget | None
    vessel_length_m: Measured | None
    bands: tuple[BandTime, ...]
    stays: tuple[Stay, ...]
    law: Law
    own_conduct: tuple[dict[str, Any], ...]
    telemetry: dict[str, Any] | None
    calibration: dict[str, Any] | None
    settings: dict[str, Any]
    models: tuple[dict[str, Any], ...]
    warnings: tuple[str, ...]
    warnings_korean: tuple[str, ...]
    annotated: bool


def account_of(case: Case, bands: tuple[BandTime, ...] = ()) -> Account:
    """Read from the tables of the analysis.

    Raises:
        BadInput: a table cannot be read.
    """
    measures, start_s, end_s = measures_of(case), *case.span_s
    samples = [one for one in case.series.samples if start_s <= one.t_s <= end_s]
    budget = None
    if measures.budget is not None:
        found = measures.budget
        shares = tuple(Share(source=one.source, sigma_m=one.sigma_m) for one in found.shares)
        budget = Budget(
            separation_m=found.separation_m,
            shares=shares,
            together_m=found.together_m,
            rest_m=found.rest_m,
            judged_sigma_m=found.judged_sigma_m,
        )
    warnings = tuple(case.summary.get("warnings", ()))
    return Account(
        alert_id=case.id,
        analysis_id=case.plan.analysis_id,
        span_s=(start_s, end_s),
        plan_t_s=case.alert.closest_t_s,
        moments=tuple(_moment(one) for one in samples),
        placed=_placed(case),
        budget=budget,
        vessel_length_m=measures.length_m,
        bands=bands,
        stays=measures.stays,
        law=_law(case),
        own_conduct=tuple(case.judged.get("own_conduct", ())),
        telemetry=case.summary.get("telemetry"),
        calibration=case.plan.calibration.model_dump(mode="json") if case.plan.calibration else None,
        settings=case.summary.get("settings", {}),
        models=tuple(case.summary.get("models", ())),
        warnings=warnings,
        warnings_korean=tuple(told_in_korean(one) for one in warnings),
        annotated=(case.folder / "annotated.mp4").is_file(),
    )


def _moment(one: SeparationSample) -> Moment:
    pod, speed = one.pod, one.speed
    return Moment(
        t_s=one.t_s,
        pts=one.pts,
        animal=one.animal_track,
        animal_age_s=one.animal_age_s,
        seen=one.craft_observed,
        separation_m=one.separation.value_m,
        interval_95_m=(one.separation.interval_95_m.low, one.separation.interval_95_m.high),
        pod_m=pod.value_m if pod else None,
        pod_interval_95_m=(pod.interval_95_m.low, pod.interval_95_m.high) if pod else None,
        speed_kn=speed.value_mps * KN_PER_MPS if speed else None,
        speed_interval_95_kn=(
            (speed.interval_95_mps.low * KN_PER_MPS, speed.interval_95_mps.high * KN_PER_MPS) if speed else None
        ),
        p_moving=one.underway.p_moving if one.underway else None,
    )


def _placed(case: Case) -> tuple[Placed, ...]:
    """Objects with a place at the closest approach; rejected tracks are in the replay, not here."""
    tracks = read_tracks(case.folder / "tracks.parquet", case.span_s)
    involved = {case.alert.vessel_track, *case.alert.animal_tracks}
    told = (track for track in tracks if track.state is not TrackState.REJECTED)
    placed = (_one(track, tracks, case.alert.closest_t_s, track.id in involved) for track in told)
    return tuple(one for one in placed if one is not None)


def _one(track: Track, tracks: tuple[Track, ...], t_s: float, involved: bool) -> Placed | None:
    point = _at(track, t_s)
    if point is None or not isinstance(point.position, Position):
        return None
    places = (one.position for one in track.points if isinstance(one.position, Position))
    return Placed(
        track=track.id,
        kind=track.kind,
        involved=involved,
        seen=point.observed,
        east_m=point.position.east_m,
        north_m=point.position.north_m,
        outline=tuple((corner.east_m, corner.north_m) for corner in point.outline),
        ellipse_95=ellipse_95(tracks, track.id, t_s),
        path=tuple((one.east_m, one.north_m) for one in places),
    )


def _at(track: Track, t_s: float) -> TrackPoint | None:
    return next((point for point in track.points if abs(point.t_s - t_s) < PLAN_TIME_TOLERANCE_S), None)


def _law(case: Case) -> Law:
    alert, pack = case.alert, case.pack
    rule = pack.rule(alert.rule)
    return Law(
        pack=pack.name,
        title=pack.title,
        jurisdiction=pack.jurisdiction,
        valid_from=str(getattr(pack.valid_from, "absent", pack.valid_from)),
        rule=alert.rule,
        original=alert.rule_original,
        english=alert.rule_english,
        citation=alert.citation,
        evidence_level=alert.evidence_level,
        penalty=(rule.penalty if rule is not None and rule.penalty else pack.penalty),
    )
