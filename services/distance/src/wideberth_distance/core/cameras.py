"""Focal lengths: by a person, a calibration, the camera table, the telemetry; and what to believe where all are silent.

DJI's "24 mm" and "84 deg" describe the diagonal of the 4:3 stills frame. A 16:9 video that keeps the sensor's full
width has f = W · mm/24 · 2665/3840 px. Taken as horizontal, the same number makes every distance 25 % too long.

A mode that nobody measured may crop, so what was measured in another mode is believed to 12 % only. No distortion of
stills is ever applied: DJI corrects video in the camera.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from wideberth_contracts.poses import CameraIntrinsics, CameraPose, FlightContext, FramePose, TelemetryGrade
from wideberth_contracts.wire import Measured
from wideberth_distance.core.camera_table import CameraRow, Picture, Shot, camera_rows, rows_named, sensor_named

NOMINAL_MM = 24.0
NOMINAL_FOCAL_RATIO = 2665 / 3840
"""Focal length over picture width at 24 mm: diagonal of a 4:3 frame, full width kept (geometry notes, section 5)."""
FULL_FRAME_DIAGONAL_MM = 43.267
"""Of 36 mm x 24 mm, by which 35 mm equivalents count."""
TABLE_SHARE, MEASURED_SHARE, UNKNOWN_SHARE = 0.05, 0.01, 0.12
"""Relative standard errors: from a table or from DJI's own words; measured in the mode used; nothing known."""
GUESSED_SHARE = 0.1
"""From here on a focal length counts as a guess, a fit having narrowed it too little."""


@dataclass(frozen=True, slots=True)
class FocalHint:
    """What is known of the lens for one frame: 35 mm equivalent and digital zoom, where telemetry tells them."""

    focal_length_mm: float | None = None
    zoom_ratio: float | None = None


def focal_px(
    size: tuple[int, int], hint: FocalHint, context: FlightContext, rows: Sequence[CameraRow] | None = None
) -> tuple[Measured, str]:
    """Focal length for a picture, and a warning or an empty string.

    Args:
        size: Width and height of the picture, px.
        hint: From the telemetry. Digital zoom applies whatever the focal length rests on.
        context: `focal_px`, measured at the video's own width, wins over `intrinsics`, that over `camera`.
        rows: The camera table; None: the one that ships.
    """
    shot = Shot(*size, context.fps, context.video_mode)
    focal, warning = _unzoomed(shot, hint, context, camera_rows() if rows is None else rows)
    return _scaled(focal, hint.zoom_ratio or 1.0), warning


def lowered(grade: TelemetryGrade, poses: Iterable[FramePose]) -> TelemetryGrade:
    """Grade B at best where every focal length is a guess: height and gimbal in each frame do not give the scale."""
    focals = [pose.focal_px for pose in poses if isinstance(pose, CameraPose)]
    guessed = bool(focals) and all(focal.sigma >= GUESSED_SHARE * focal.value for focal in focals)
    return TelemetryGrade.B if guessed and grade is TelemetryGrade.A else grade


def _unzoomed(shot: Shot, hint: FocalHint, context: FlightContext, rows: Sequence[CameraRow]) -> tuple[Measured, str]:
    if context.focal_px is not None:
        return context.focal_px, ""
    if context.intrinsics is not None:
        return _calibrated(shot, context.intrinsics)
    camera = context.camera
    of_model = rows_named(camera, rows) if camera else []
    if of_model:
        return _from_table(shot, hint, of_model)
    sensor = sensor_named(camera) if camera else None
    if sensor is not None and context.focal_mm is not None:
        at_full_width = _scaled(context.focal_mm, 1000 / sensor.pitch_um * shot.long_px / sensor.width_px)
        return _at_least(at_full_width, TABLE_SHARE), f"{camera}: the sensor's full width is taken to be kept"
    return _nominal(shot, hint, camera, has_sensor=sensor is not None)


def _calibrated(shot: Shot, own: CameraIntrinsics) -> tuple[Measured, str]:
    scaled = _scaled(own.focal_px, shot.long_px / own.width_px)
    if (own.width_px, own.height_px or shot.short_px) == (shot.long_px, shot.short_px):
        return scaled, ""
    return _at_least(scaled, UNKNOWN_SHARE), (
        f"{own.model} was calibrated at {_size(own)}, this is {shot.long_px}x{shot.short_px}: another mode may crop, "
        "± 12 %; calibrate in the mode used"
    )


def _from_table(shot: Shot, hint: FocalHint, rows: Sequence[CameraRow]) -> tuple[Measured, str]:
    fitting = [row for row in rows if row.is_for(shot)]
    model = rows[0].names[0]
    if not fitting:
        same_kind = [row for row in rows if row.picture is shot.picture]
        if not same_kind:
            return _nominal(shot, hint, f"{model} ({shot.picture})", has_sensor=False)
        known = ", ".join(dict.fromkeys(_named(row) for row in same_kind))
        return _at_least(_of_row(shot, hint, same_kind[0]), UNKNOWN_SHARE), (
            f"{model}: the table has {known}, not {_asked(shot)}; scaled from the first, another mode may crop, "
            "± 12 %; calibrate in the mode used"
        )
    modes = list(dict.fromkeys(row.intrinsics.mode for row in fitting if row.intrinsics.mode))
    if shot.mode is None and len(modes) > 1:
        return _at_least(_of_row(shot, hint, fitting[0]), UNKNOWN_SHARE), (
            f"{model} has the modes {', '.join(modes)}: {modes[0]} taken, ± 12 %; say which with video_mode"
        )
    # A row for this very size was measured or worked out for it; one for any size stands in.
    best = min(fitting, key=lambda row: row.intrinsics.height_px is None)
    return _of_row(shot, hint, best), ""


def _of_row(shot: Shot, hint: FocalHint, row: CameraRow) -> Measured:
    lens = hint.focal_length_mm / row.nominal_mm if hint.focal_length_mm and row.nominal_mm else 1.0
    return _scaled(row.intrinsics.focal_px, lens * shot.long_px / row.intrinsics.width_px)


def _nominal(shot: Shot, hint: FocalHint, camera: str | None, *, has_sensor: bool) -> tuple[Measured, str]:
    advice = "; give focal_mm with it" if has_sensor else ""
    unknown = f"no focal length of camera {camera!r} is in the table{advice}; " if camera else ""
    per_mm = shot.long_px * NOMINAL_FOCAL_RATIO / NOMINAL_MM
    if shot.picture is Picture.STILL:
        per_mm = (shot.long_px**2 + shot.short_px**2) ** 0.5 / FULL_FRAME_DIAGONAL_MM
    if hint.focal_length_mm is not None:
        focal = per_mm * hint.focal_length_mm
        return Measured(value=focal, sigma=focal * TABLE_SHARE), (
            f"{unknown}focal length by the telemetry's 35 mm equivalent" if unknown else ""
        )
    focal = per_mm * NOMINAL_MM
    return Measured(value=focal, sigma=focal * UNKNOWN_SHARE), (
        f"{unknown}no focal length known: 24 mm equivalent taken, ± 12 %, grade B at best; name the camera, give "
        "focal_px, or calibrate it"
    )


def _named(row: CameraRow) -> str:
    own = row.intrinsics
    return " ".join(
        part for part in (_size(own), own.mode, f"{row.fps[0]:g}-{row.fps[1]:g}/s" if row.fps else "") if part
    )


def _asked(shot: Shot) -> str:
    rate = f" {shot.fps:.0f}/s" if shot.fps else ""
    return f"{shot.long_px}x{shot.short_px}{rate}{f' {shot.mode}' if shot.mode else ''}"


def _size(own: CameraIntrinsics) -> str:
    return f"{own.width_px}x{own.height_px}" if own.height_px else "any size"


def _scaled(measured: Measured, by: float) -> Measured:
    return Measured(value=measured.value * by, sigma=measured.sigma * by)


def _at_least(measured: Measured, share: float) -> Measured:
    return Measured(value=measured.value, sigma=max(measured.sigma, share * measured.value))
