"""The .SRT a DJI drone would have written, with the errors measured on real ones.

Two dialects: `enterprise` (gimbal angles per frame, rel_alt, abs_alt, focal length; Mavic 3E/3T and M30 class) and
`consumer` (no gimbal; Mavic 3 class). Times are local without a zone, as DJI writes them.

Errors (rows measured on published calibration sets; `reference/geometry.md` section 4 of the project's papers):
- height: constant in a flight, Student-t with 4 degrees of freedom and scale sqrt(1 m^2 + (0.04 h)^2), plus 0.6 m of
  slowly changing noise within the flight;
- gimbal pitch offset N(0, 0.5 deg), roll N(0, 0.3 deg), yaw N(0, 1 deg), constant in a flight;
- position offset 1 m per axis, constant in a flight.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import numpy as np

from wideberth_simulator.geodesy import Origin
from wideberth_simulator.geometry import Camera
from wideberth_simulator.scene import Scene

LOCAL_ZONE = "Asia/Seoul"
HEIGHT_NU = 4.0
HEIGHT_NOISE_M = 0.6
HEIGHT_NOISE_TIME_S = 8.0
"""Correlation time of the height noise within a flight; a barometer drifts with gusts, it does not flicker."""
PITCH_SD_DEG, ROLL_SD_DEG, YAW_SD_DEG = 0.5, 0.3, 1.0
POSITION_SD_M = 1.0


@dataclass(frozen=True)
class TelemetryErrors:
    """Reported minus true, constant within the flight.

    Attributes:
        height_m: Barometer offset.
        height_noise_m: SD of the noise within the flight.
        pitch_deg: Gimbal pitch offset.
        roll_deg: Gimbal roll offset.
        yaw_deg: Heading offset.
        east_m: Position offset.
        north_m: Position offset.
        abs_alt_m: Offset of abs_alt, which is worthless for height.
        focal_fraction: Printed focal length is nominal; true over nominal minus 1.
    """

    height_m: float
    height_noise_m: float
    pitch_deg: float
    roll_deg: float
    yaw_deg: float
    east_m: float
    north_m: float
    abs_alt_m: float
    focal_fraction: float


def draw_errors(scene: Scene, height_m: float) -> TelemetryErrors:
    """Return the errors of a flight, drawn by the scene's seed.

    Args:
        scene: The scene; `telemetry.error_scale` multiplies every error.
        height_m: Height of the flight, which sets the scale of the height error.
    """
    rng = np.random.default_rng((scene.seed, 901))
    s = scene.telemetry.error_scale
    height = float(rng.standard_t(HEIGHT_NU)) * math.sqrt(1.0 + (0.04 * height_m) ** 2)
    pitch, roll, yaw = rng.normal(0, 1, 3) * (PITCH_SD_DEG, ROLL_SD_DEG, YAW_SD_DEG)
    east, north = rng.normal(0, POSITION_SD_M, 2)
    absolute = float(rng.uniform(-90, 60))
    nominal = 2665.0
    return TelemetryErrors(
        s * height, s * HEIGHT_NOISE_M, s * float(pitch), s * float(roll), s * float(yaw), s * float(east),
        s * float(north), absolute, scene.video.focal_px_at_3840 / nominal - 1.0,
    )  # fmt: skip


def _clock(seconds: Fraction) -> str:
    ms = int(seconds * 1000)
    return f"{ms // 3_600_000:02d}:{ms // 60_000 % 60:02d}:{ms // 1000 % 60:02d},{ms % 1000:03d}"


def _tenth(angle_deg: float) -> str:
    """Return an angle in (-180, 180] to 0.1 degrees, and never "-0.0"."""
    return f"{round((angle_deg + 180.0) % 360.0 - 180.0, 1) + 0.0:.1f}"


def _body(scene: Scene, lat: float, lon: float, rel_alt_m: float, errors: TelemetryErrors, yaw: float, pitch: float,
          roll: float) -> str:  # fmt: skip
    absolute = rel_alt_m + errors.abs_alt_m
    focal = scene.video.focal_length_mm
    exposure = "[iso: 100] [shutter: 1/1600.0] [fnum: 2.8] [ev: 0]"
    if scene.telemetry.dialect == "consumer":
        return (
            f"{exposure} [ct: 5310] [color_md : default] [focal_len: {focal:.2f}] "
            f"[latitude: {lat:.5f}] [longitude: {lon:.5f}] [rel_alt: {rel_alt_m:.3f} abs_alt: {absolute:.3f}] "
        )
    return (
        f"{exposure} [color_md: default] [ae_meter_md: 0] [focal_len: {focal:.2f}] [dzoom_ratio: 1.00], "
        f"[latitude: {lat:.6f}] [longitude: {lon:.6f}] [rel_alt: {rel_alt_m:.3f} abs_alt: {absolute:.3f}] "
        f"[gb_yaw: {_tenth(yaw)} gb_pitch: {_tenth(pitch)} gb_roll: {_tenth(roll)}] "
    )


def srt_cues(scene: Scene, cameras: Iterable[Camera], errors: TelemetryErrors) -> Iterable[str]:
    """Yield one cue a frame.

    Args:
        scene: The scene.
        cameras: The true camera of each frame, in order.
        errors: What the drone gets wrong.
    """
    rng = np.random.default_rng((scene.seed, 902))
    origin: Origin = scene.origin
    fps = scene.video.fps
    keep = math.exp(-1.0 / (float(fps) * HEIGHT_NOISE_TIME_S))
    noise = rng.normal()
    zone = ZoneInfo(LOCAL_ZONE)
    for i, cam in enumerate(cameras):
        noise = keep * noise + math.sqrt(1 - keep * keep) * rng.normal()
        rel = round(cam.height_m + errors.height_m + errors.height_noise_m * noise, 1)
        lat, lon = origin.geodetic(cam.east_m + errors.east_m, cam.north_m + errors.north_m)
        begin, end = Fraction(i) / fps, Fraction(i + 1) / fps
        local: datetime = (scene.start + timedelta(seconds=float(begin))).astimezone(zone)
        body = _body(scene, lat, lon, rel, errors, cam.yaw_deg + errors.yaw_deg,
                     cam.pitch_deg + errors.pitch_deg, cam.roll_deg + errors.roll_deg)  # fmt: skip
        yield (
            f"{i + 1}\n{_clock(begin)} --> {_clock(end)}\n"
            f'<font size="28">FrameCnt: {i + 1}, DiffTime: {int((end - begin) * 1000)}ms\n'
            f"{local:%Y-%m-%d %H:%M:%S}.{local.microsecond // 1000:03d}\n{body}</font>\n\n"
        )
