"""Telemetry rows, frame times and clues to camera poses, each number with its standard error.

Telemetry and table give priors (`priors`), one fit a flight weighs them with every clue (`calibrate`), and each frame's
pose is what that fit makes of its telemetry.
"""

from dataclasses import dataclass

import numpy as np

from wideberth_contracts.clues import ClueKind, FlightClues
from wideberth_contracts.joining import JoinFinding, JoinMethod
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
from wideberth_distance.core import clocks
from wideberth_distance.core.calibrate import Fitted, calibrate
from wideberth_distance.core.cameras import lowered
from wideberth_distance.core.flight_clues import Flight
from wideberth_distance.core.flight_fit import QUANTITIES, Prior
from wideberth_distance.core.horizon_pitch import PITCH_UNTOLD_DEG, agreeing, lacks_pitch, with_pitch
from wideberth_distance.core.joining import Joined, join
from wideberth_distance.core.priors import NO_GPS_SIGMA_M, PITCH_OFFSET_DEG
from wideberth_distance.core.projection import Array, Mask
from wideberth_distance.core.rows import RowsAt, angles_of, focal_at, focal_warnings, origin_of, rows_at
from wideberth_distance.core.said import Level, Said, temperature_ratio
from wideberth_distance.core.tide import with_tide
from wideberth_distance.core.wander import Wander

LOWEST_HEIGHT_M = 2.0
"""Above the water; a take-off point that nobody measured is not taken to lift the drone above this."""
MAX_PITCH_RATE_DEG_PER_S = 0.5
"""Faster, and the readout and the timing of the row bend the picture (geometry notes, section 6.3)."""
LEAST_RATE_S = 0.5
"""Rates are taken over twice this at least: rows are rounded to 0.1 deg and 0.1 m."""
LEAST_CORRELATION = 0.005
"""Weaker ties between the errors of a pose are left out."""
_TYPICAL_ROWS = 50


def poses_of(request: PosesRequest) -> PosesAnswer:
    """One pose a moment, in the order asked, the grade, the join, the fit of the flight, and what had to be assumed."""
    telemetry = request.telemetry
    if telemetry is None or not telemetry.points:
        return _nothing(
            request,
            PoseAbsence.NO_TELEMETRY,
            ("no telemetry: no distances; give the .SRT beside the video, or a flight log",),
        )
    context, tide_notes = with_tide(request.context, telemetry)
    request = request.model_copy(update={"context": context})
    moments = request.moments
    joined = join(telemetry, request.video, context, angles_of(telemetry, context, _size(request)))
    record, found = joined.record, _join_warnings(joined)
    if joined.account.refused is not None:
        answer = _nothing(request, PoseAbsence(joined.account.refused.value), (*record.warnings, *found))
        return answer.model_copy(update={"join": joined.account})
    origin, size = origin_of(record), _size(request)
    asked, clues, alone = _asked(joined, request, size, origin)
    warnings: dict[str, None] = dict.fromkeys((*found, *_assumptions(record, request, origin), *tide_notes, *alone))
    rows = asked.rows_at(np.array([moment.t_s for moment in moments]))
    said, absences = _said(rows, asked)
    fitted = calibrate(_flight(asked), clues, waterline=context.waterline_reading_m is not None)
    warnings |= dict.fromkeys((*focal_warnings(rows, size, context), *fitted.warnings))
    if any(absence is PoseAbsence.TOO_LOW for absence in absences):
        warnings.setdefault(f"too_low: frames less than {LOWEST_HEIGHT_M:g} m above the water have no pose")
    poses = _poses(fitted, said, absences, moments, asked)
    return PosesAnswer(
        grade=lowered(record.grade, poses),
        origin=origin,
        starts_at=clocks.starts_at(record.points),
        poses=tuple(poses),
        calibration=fitted.account,
        join=joined.account,
        warnings=(*record.warnings, *warnings),
    )


@dataclass(frozen=True, slots=True)
class _Asked:
    """What every step needs: rows in the time of the video, and the flight.

    Attributes:
        spans: of the telemetry itself.
        record: as joined, with the pitch that horizons tell where telemetry tells none.
        pitch: what is believed of the pitch.
    """

    joined: Joined
    context: FlightContext
    size: tuple[int, int]
    origin: GeoOrigin | None
    spans: dict[str, tuple[float, float]]
    record: TelemetryRecord
    pitch: Wander

    def rows_at(self, t_s: Array) -> RowsAt:
        return rows_at(self.record, t_s, self.origin, self.joined.account.offset_s.sigma)


def _asked(
    joined: Joined, request: PosesRequest, size: tuple[int, int], origin: GeoOrigin | None
) -> tuple[_Asked, FlightClues, list[str]]:
    """The flight, its clues, and what was said of horizons left out.

    Where neither telemetry nor a person tells the pitch, the horizons do.
    """
    record, context, clues = joined.record, request.context, request.clues
    alone: list[str] = []
    pitch = PITCH_OFFSET_DEG
    if lacks_pitch(record):
        pitch = PITCH_UNTOLD_DEG
        if context.pitch_deg is not None:
            pitch = Wander(constant=max(context.pitch_deg.sigma, 1e-3), wander=0.0, memory_s=PITCH_OFFSET_DEG.memory_s)
        elif clues.horizons:
            kept, alone = agreeing(clues.horizons)
            clues, record = clues.model_copy(update={"horizons": tuple(kept)}), with_pitch(record, kept)
    return _Asked(joined, context, size, origin, _spans(joined.record), record, pitch), clues, alone


def _nothing(request: PosesRequest, reason: PoseAbsence, warnings: tuple[str, ...]) -> PosesAnswer:
    """No frame has a pose, for one reason."""
    return PosesAnswer(
        grade=TelemetryGrade.C,
        origin=None,
        starts_at=None,
        poses=tuple(NoPose(reason=reason) for _ in request.moments),
        warnings=warnings,
    )


def _size(request: PosesRequest) -> tuple[int, int]:
    if request.moments:
        return request.moments[0].width_px, request.moments[0].height_px
    return (request.video.width_px, request.video.height_px) if request.video else (1, 1)


def _join_warnings(joined: Joined) -> list[str]:
    """Findings in words, good news left out; a refusal says what a person can do."""
    account = joined.account
    good = {JoinFinding.CLOCK_AGREES, JoinFinding.MOTION_AGREES}
    if account.method is JoinMethod.FRAME_TIME:
        # An .SRT rests on nothing that the picture could have told better.
        good.add(JoinFinding.MOTION_SILENT)
    texts = [f"{note.finding.value}: {note.detail}" for note in account.notes if note.finding not in good]
    if account.refused is not None:
        texts.append(
            f"{account.refused.value}: no distances by {joined.record.file}; give the telemetry of this very video, "
            "or telemetry_offset_s where you know how they belong together"
        )
    return texts


def _flight(asked: _Asked) -> Flight:
    record, context = asked.record, asked.context

    def said_at(t_s: Array) -> tuple[Said, Mask]:
        said, absences = _said(asked.rows_at(t_s), asked)
        known = np.array([absence is None for absence in absences], dtype=bool)
        return said.at(np.nonzero(known)[0]), known

    first = asked.rows_at(np.array([record.points[0].t_s]))
    focal, _ = focal_at(first, 0, asked.size, context)
    place_m = first.gps_sigma_m if asked.origin is not None else NO_GPS_SIGMA_M
    prior = Prior(Level.of(context), focal.sigma / focal.value, place_m, pitch=asked.pitch)
    rows = np.array([point.t_s for point in record.points[:: 1 + len(record.points) // _TYPICAL_ROWS]])
    _, known = said_at(rows)
    typical = rows[known]
    typical_s = float(typical[typical.size // 2]) if typical.size else None
    return Flight(prior, said_at, (asked.size[0] / 2, asked.size[1] / 2), asked.origin, typical_s)


def _said(rows: RowsAt, asked: _Asked) -> tuple[Said, list[PoseAbsence | None]]:
    """What telemetry says at each moment, and why not where it says too little; then the numbers mean nothing."""
    context, count = asked.context, rows.height[0].size
    rise = rows.height[0] * temperature_ratio(context)
    absences = [_absence(rows, index, float(rise[index]), asked) for index in range(count)]
    pitch = rows.pitch[0]
    if context.pitch_deg is not None:
        pitch = np.where(rows.pitch[1], pitch, context.pitch_deg.value)
    return Said(
        t_s=rows.t_s,
        rise_m=rise,
        pitch_deg=pitch,
        roll_deg=np.where(rows.roll[1], rows.roll[0], 0.0),
        yaw_deg=np.where(rows.yaw[1], rows.yaw[0], 0.0),
        focal_px=np.array([focal_at(rows, index, asked.size, context)[0].value for index in range(count)]),
        east_m=np.where(rows.east[1], rows.east[0], 0.0),
        north_m=np.where(rows.north[1], rows.north[0], 0.0),
    ), absences


def _absence(rows: RowsAt, index: int, rise_m: float, asked: _Asked) -> PoseAbsence | None:
    t_s = float(rows.t_s[index])
    if any(stretch.low < t_s < stretch.high for stretch in asked.joined.doubtful):
        return PoseAbsence.CLOCK_JUMP
    if not rows.height[1][index]:
        return _why_none(asked, "height_above_takeoff_m", PoseAbsence.NO_HEIGHT, t_s)
    if rise_m + _sure_level_m(asked.context) < LOWEST_HEIGHT_M:
        return PoseAbsence.TOO_LOW
    if rows.pitch[1][index]:
        fast = rows.pitch_rate[index] > MAX_PITCH_RATE_DEG_PER_S
        return PoseAbsence.PITCHING_TOO_FAST if fast else None
    if asked.context.pitch_deg is not None:
        return None
    return _why_none(asked, "pitch_deg", PoseAbsence.NO_PITCH, t_s)


def _sure_level_m(context: FlightContext) -> float:
    is_told = context.takeoff_above_sea_m is not None or context.waterline_reading_m is not None
    return Level.of(context).above_water_m.value if is_told else 0.0


def _poses(
    fitted: Fitted,
    said: Said,
    absences: list[PoseAbsence | None],
    moments: tuple[FrameTime, ...],
    asked: _Asked,
) -> list[FramePose]:
    used = fitted.account.clues if fitted.account else ()
    kinds = (ClueKind.TELEMETRY, *(use.kind for use in used if use.used))
    values, spreads = fitted.fit.corrected(said)
    spreads = spreads + _by_time(said.t_s, asked)
    return [
        NoPose(reason=absence)
        if absence is not None
        else _pose(values[index], spreads[index], moments[index], asked.context).model_copy(update={"clues": kinds})
        for index, absence in enumerate(absences)
    ]


def _by_time(t_s: Array, asked: _Asked) -> Array:
    """What the error of the join adds, (N, 7, 7): how far every quantity moves in one standard error of time."""
    sigma_s = asked.joined.account.offset_s.sigma
    half_s = max(sigma_s, LEAST_RATE_S)
    around = [rows_at(asked.record, t_s + shift, asked.origin) for shift in (-half_s, 0.0, half_s)]
    moves = np.zeros((t_s.size, len(QUANTITIES)))
    ratio = temperature_ratio(asked.context)
    for name, column in (("height", 0), ("pitch", 1), ("roll", 2), ("yaw", 3), ("east", 5), ("north", 6)):
        earlier, now, later = (getattr(rows, name) for rows in around)
        # At the rim of a gap only one side has rows: what it does there stands for both.
        before = np.where(earlier[1] & now[1], now[0] - earlier[0], 0.0)
        after = np.where(later[1] & now[1], later[0] - now[0], 0.0)
        sides = np.maximum(1.0, (earlier[1] & now[1]).astype(np.float64) + (later[1] & now[1]))
        moves[:, column] = (before + after) / sides * (sigma_s / half_s) * (ratio if column == 0 else 1.0)
    return np.asarray(moves[:, :, None] * moves[:, None, :])


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


def _spans(record: TelemetryRecord) -> dict[str, tuple[float, float]]:
    """First and last moment of what a pose cannot do without, where there is any."""
    spans = {}
    for field in ("height_above_takeoff_m", "pitch_deg"):
        times = [point.t_s for point in record.points if getattr(point, field) is not None]
        if times:
            spans[field] = (times[0], times[-1])
    return spans


def _why_none(asked: _Asked, field: str, absent: PoseAbsence, t_s: float) -> PoseAbsence:
    if field not in asked.spans:
        return absent
    first_s, last_s = asked.spans[field]
    return PoseAbsence.TELEMETRY_GAP if first_s <= t_s <= last_s else PoseAbsence.OUTSIDE_TELEMETRY


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
