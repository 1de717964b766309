"""Telemetry rows, frame times and clues to camera poses, each number with its standard error.

Telemetry and table give priors (`priors`), one fit a flight weighs them with every clue (`calibrate`), and each frame's
pose is what that fit makes of its telemetry.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
import pymap3d

from wideberth_contracts.clues import ClueKind
from wideberth_contracts.poses import (
    CameraPose,
    Correlation,
    FlightContext,
    FramePose,
    FrameTime,
    GeoOrigin,
    NoPose,
    PoseAbsence,
    PosesAnswer,
    PosesRequest,
    TelemetryGrade,
    TelemetryRecord,
)
from wideberth_contracts.wire import Measured
from wideberth_distance.core.calibrate import Fitted, calibrate
from wideberth_distance.core.cameras import FocalHint, focal_px, lowered
from wideberth_distance.core.flight_clues import Flight
from wideberth_distance.core.flight_fit import QUANTITIES, Prior
from wideberth_distance.core.horizon_pitch import PITCH_UNTOLD_DEG, agreeing, lacks_pitch, with_pitch
from wideberth_distance.core.priors import GPS_SIGMA_M, NO_GPS_SIGMA_M, PITCH_OFFSET_DEG
from wideberth_distance.core.projection import Array, Mask
from wideberth_distance.core.said import Level, Said, temperature_ratio
from wideberth_distance.core.tide import with_tide
from wideberth_distance.core.timeline import Series, quantum_of, series_of
from wideberth_distance.core.wander import Wander

LOWEST_HEIGHT_M = 0.5
MAX_PITCH_RATE_DEG_PER_S = 0.5
"""Faster, and the readout and the timing of the row bend the picture (geometry notes, section 6.3)."""
PITCH_RATE_BASELINE_S = 2.0
"""Long enough that the shake of a gimbal, which every row follows, does not count as a pan."""
LEAST_CORRELATION = 0.005
"""Weaker ties between the errors of a pose are left out."""
_TYPICAL_ROWS = 50
_METRES_PER_DEGREE = 111_195.0
_QUANTUM_SD = 12**-0.5


@dataclass(frozen=True, slots=True)
class _Track:
    """Everything at the moments asked, shape (N,), each with a mask of where it is known."""

    height: tuple[Array, Mask]
    pitch: tuple[Array, Mask]
    roll: tuple[Array, Mask]
    yaw: tuple[Array, Mask]
    focal_mm: tuple[Array, Mask]
    zoom: tuple[Array, Mask]
    east: tuple[Array, Mask]
    north: tuple[Array, Mask]
    pitch_rate: Array
    gps_sigma_m: float
    t_s: Array


def poses_of(request: PosesRequest) -> PosesAnswer:
    """One pose a moment, in the order asked, the grade, the fit of the flight, and what had to be assumed."""
    record = request.telemetry
    if record is None or not record.points:
        return PosesAnswer(
            grade=TelemetryGrade.C,
            origin=None,
            starts_at=None,
            poses=tuple(NoPose(reason=PoseAbsence.NO_TELEMETRY) for _ in request.moments),
            warnings=("no telemetry: no distances; give the .SRT beside the video, or a flight log",),
        )
    origin = _origin(record)
    context, tide_notes = with_tide(request.context, record)
    request = request.model_copy(update={"context": context})
    request, alone = _with_pitch_of_horizons(request, record)
    moments = request.moments
    warnings: dict[str, None] = dict.fromkeys((*_assumptions(record, request, origin), *tide_notes, *alone))
    told = request.telemetry or record
    track = _track(told, np.array([moment.t_s for moment in moments]), origin)
    size = (moments[0].width_px, moments[0].height_px) if moments else (1, 1)
    said, absences = _said(track, size, context, record)
    fitted = calibrate(
        _flight(told, request, origin, size, _pitch_prior(record, context)),
        request.clues,
        waterline=context.waterline_reading_m is not None,
    )
    warnings |= dict.fromkeys((*_focal_warnings(track, size, context), *fitted.warnings))
    if any(absence is PoseAbsence.NO_HEIGHT for absence in absences) and track.height[1].any():
        warnings.setdefault("frames at or below the sea by the telemetry have no pose")
    poses = _poses(fitted, said, absences, moments, context)
    return PosesAnswer(
        grade=lowered(record.grade, poses),
        origin=origin,
        starts_at=_starts_at(record),
        poses=tuple(poses),
        calibration=fitted.account,
        warnings=(*record.warnings, *warnings),
    )


def _with_pitch_of_horizons(request: PosesRequest, record: TelemetryRecord) -> tuple[PosesRequest, list[str]]:
    """Where neither telemetry nor a person tells the pitch, the horizons do."""
    if not lacks_pitch(record) or request.context.pitch_deg is not None or not request.clues.horizons:
        return request, []
    kept, reasons = agreeing(request.clues.horizons)
    clues = request.clues.model_copy(update={"horizons": tuple(kept)})
    return request.model_copy(update={"telemetry": with_pitch(record, kept), "clues": clues}), reasons


def _pitch_prior(record: TelemetryRecord, context: FlightContext) -> Wander:
    if not lacks_pitch(record):
        return PITCH_OFFSET_DEG
    if context.pitch_deg is None:
        return PITCH_UNTOLD_DEG
    return Wander(constant=max(context.pitch_deg.sigma, 1e-3), wander=0.0, memory_s=PITCH_OFFSET_DEG.memory_s)


def _flight(
    record: TelemetryRecord, request: PosesRequest, origin: GeoOrigin | None, size: tuple[int, int], pitch: Wander
) -> Flight:
    context = request.context

    def said_at(t_s: Array) -> tuple[Said, Mask]:
        track = _track(record, t_s, origin)
        said, absences = _said(track, size, context, record)
        known = np.array([absence is None for absence in absences], dtype=bool)
        return said.at(np.nonzero(known)[0]), known

    first = _track(record, np.array([record.points[0].t_s]), origin)
    focal, _ = _focal(first, 0, size, context)
    place_m = first.gps_sigma_m if origin is not None else NO_GPS_SIGMA_M
    prior = Prior(Level.of(context), focal.sigma / focal.value, place_m, pitch=pitch)
    rows = np.array([point.t_s for point in record.points[:: 1 + len(record.points) // _TYPICAL_ROWS]])
    _, known = said_at(rows)
    typical = rows[known]
    typical_s = float(typical[typical.size // 2]) if typical.size else None
    return Flight(prior, said_at, (size[0] / 2, size[1] / 2), origin, typical_s)


def _origin(record: TelemetryRecord) -> GeoOrigin | None:
    fixes = (p for p in record.points if p.latitude is not None and p.longitude is not None)
    first = next(fixes, None)
    if first is None or first.latitude is None or first.longitude is None:
        return None
    return GeoOrigin(latitude=first.latitude, longitude=first.longitude)


def _track(record: TelemetryRecord, at: Array, origin: GeoOrigin | None) -> _Track:
    points = record.points
    pitch = series_of(points, "pitch_deg", is_angle=True)
    east, north, quantum_m = _east_north(record, origin)
    return _Track(
        height=series_of(points, "height_above_takeoff_m").at(at),
        pitch=pitch.at(at),
        roll=series_of(points, "roll_deg", is_angle=True).at(at),
        yaw=series_of(points, "yaw_deg", is_angle=True).at(at),
        focal_mm=series_of(points, "focal_length_mm").at(at),
        zoom=series_of(points, "zoom_ratio").at(at),
        east=east.at(at),
        north=north.at(at),
        pitch_rate=pitch.slope_at(at, PITCH_RATE_BASELINE_S),
        gps_sigma_m=float(np.hypot(GPS_SIGMA_M, quantum_m * _QUANTUM_SD)),
        t_s=at,
    )


def _east_north(record: TelemetryRecord, origin: GeoOrigin | None) -> tuple[Series, Series, float]:
    nothing = Series(np.zeros(0), np.zeros(0))
    if origin is None:
        return nothing, nothing, 0.0
    fixed = [p for p in record.points if p.latitude is not None and p.longitude is not None]
    latitude, longitude = series_of(fixed, "latitude"), series_of(fixed, "longitude")
    east, north, _ = pymap3d.geodetic2enu(
        latitude.value, longitude.value, np.zeros(latitude.value.size), origin.latitude, origin.longitude, 0.0
    )
    quantum_m = quantum_of(latitude) * _METRES_PER_DEGREE
    # A step of more than 2 m is rounding (four decimals), a smaller one is below what GPS knows.
    return Series(latitude.t_s, east), Series(latitude.t_s, north), quantum_m if quantum_m > 2.0 else 0.0


def _said(
    track: _Track, size: tuple[int, int], context: FlightContext, record: TelemetryRecord
) -> tuple[Said, list[PoseAbsence | None]]:
    """What telemetry says at each moment, and why not where it says too little; then the numbers mean nothing."""
    count = track.height[0].size
    rise = track.height[0] * temperature_ratio(context)
    absences = [_absence(track, index, float(rise[index]), context, record) for index in range(count)]
    pitch = track.pitch[0]
    if context.pitch_deg is not None:
        pitch = np.where(track.pitch[1], pitch, context.pitch_deg.value)
    return Said(
        t_s=track.t_s,
        rise_m=rise,
        pitch_deg=pitch,
        roll_deg=np.where(track.roll[1], track.roll[0], 0.0),
        yaw_deg=np.where(track.yaw[1], track.yaw[0], 0.0),
        focal_px=np.array([_focal(track, index, size, context)[0].value for index in range(count)]),
        east_m=np.where(track.east[1], track.east[0], 0.0),
        north_m=np.where(track.north[1], track.north[0], 0.0),
    ), absences


def _absence(
    track: _Track, index: int, rise_m: float, context: FlightContext, record: TelemetryRecord
) -> PoseAbsence | None:
    if not track.height[1][index]:
        return _why_none(record, "height_above_takeoff_m", PoseAbsence.NO_HEIGHT)
    if rise_m + Level.of(context).above_water_m.value < LOWEST_HEIGHT_M:
        return PoseAbsence.NO_HEIGHT
    if track.pitch[1][index]:
        fast = abs(track.pitch_rate[index]) > MAX_PITCH_RATE_DEG_PER_S
        return PoseAbsence.PITCHING_TOO_FAST if fast else None
    return None if context.pitch_deg is not None else _why_none(record, "pitch_deg", PoseAbsence.NO_PITCH)


def _focal(track: _Track, index: int, size: tuple[int, int], context: FlightContext) -> tuple[Measured, str]:
    hint = FocalHint(_known(track.focal_mm, index), _known(track.zoom, index))
    return focal_px(size, hint, context)


def _focal_warnings(track: _Track, size: tuple[int, int], context: FlightContext) -> list[str]:
    return [text for index in range(track.t_s.size) if (text := _focal(track, index, size, context)[1])]


def _poses(
    fitted: Fitted,
    said: Said,
    absences: list[PoseAbsence | None],
    moments: tuple[FrameTime, ...],
    context: FlightContext,
) -> list[FramePose]:
    used = fitted.account.clues if fitted.account else ()
    kinds = (ClueKind.TELEMETRY, *(use.kind for use in used if use.used))
    values, spreads = fitted.fit.corrected(said)
    return [
        NoPose(reason=absence)
        if absence is not None
        else _pose(values[index], spreads[index], moments[index], context).model_copy(update={"clues": kinds})
        for index, absence in enumerate(absences)
    ]


def _pose(values: Array, spread: Array, moment: FrameTime, context: FlightContext) -> CameraPose:
    sigmas = np.sqrt(np.diagonal(spread))
    height, pitch, roll, yaw, focal, east, north = (
        Measured(value=float(value), sigma=float(sigma)) for value, sigma in zip(values, sigmas, strict=True)
    )
    together = spread / np.outer(sigmas, sigmas)
    rows, columns = np.nonzero(np.triu(np.abs(together) > LEAST_CORRELATION, k=1))
    return CameraPose(
        height_m=height,
        pitch_deg=pitch.model_copy(update={"value": min(max(pitch.value, -90.0), 90.0)}),
        roll_deg=roll,
        yaw_deg=yaw.model_copy(update={"value": _wrapped(yaw.value)}),
        focal_px=focal,
        east_m=east,
        north_m=north,
        width_px=moment.width_px,
        height_px=moment.height_px,
        significant_wave_height_m=context.significant_wave_height_m,
        correlations=tuple(
            Correlation(a=QUANTITIES[a], b=QUANTITIES[b], value=float(np.clip(together[a, b], -1, 1)))
            for a, b in zip(rows.tolist(), columns.tolist(), strict=True)
        ),
    )


def _known(pair: tuple[Array, Mask], index: int) -> float | None:
    return float(pair[0][index]) if pair[1][index] else None


def _why_none(record: TelemetryRecord, field: str, absent: PoseAbsence) -> PoseAbsence:
    has_any = any(getattr(point, field) is not None for point in record.points)
    return PoseAbsence.TELEMETRY_GAP if has_any else absent


def _wrapped(angle_deg: float) -> float:
    return (angle_deg + 180.0) % 360.0 - 180.0


def _assumptions(record: TelemetryRecord, request: PosesRequest, origin: GeoOrigin | None) -> list[str]:
    points, context = record.points, request.context
    notes = []
    if context.takeoff_above_sea_m is None:
        notes.append("take-off height above the sea unknown: 2 ± 2 m taken")
    if origin is None:
        notes.append("no GPS: positions are counted from the camera, and speeds include the drone's own")
    if all(p.yaw_deg is None for p in points):
        notes.append("no gimbal heading: directions are counted from the camera's, not from north")
    if lacks_pitch(record):
        notes.append(f"{record.file}: no gimbal pitch in dialect {record.dialect}; {_instead_of_pitch(request)}")
    if all(p.height_above_takeoff_m is None for p in points):
        notes.append(f"{record.file}: no height above take-off in dialect {record.dialect}; no distances")
    return notes


def _instead_of_pitch(request: PosesRequest) -> str:
    if request.context.pitch_deg is not None:
        return "the given pitch is used throughout"
    if count := len(request.clues.horizons):
        return f"the pitch is that of {count} horizons in the picture; frames that lie not between two have no pose"
    return "no distances; give pitch_deg or the flight log, or keep the horizon in view"


def _starts_at(record: TelemetryRecord) -> datetime | None:
    """UTC of t = 0: the median over the rows, which jitter by a frame or a second."""
    starts = [(p.captured_at - timedelta(seconds=p.t_s)).timestamp() for p in record.points if p.captured_at]
    return datetime.fromtimestamp(float(np.median(starts)), tz=UTC) if starts else None
