"""The flight log of a scene, as Airdata exports a DJI one: 10 Hz, its own clock, a flag while the camera records.

What joins it to the video is what joins a real one: the flag, which follows the camera by up to a second either way,
a clock of whole seconds, and how the drone turned. Errors of height, angles and place are those of the .SRT.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, timedelta

import numpy as np

from wideberth_simulator.geometry import Camera
from wideberth_simulator.motion import DronePath
from wideberth_simulator.scene import Scene
from wideberth_simulator.telemetry import HEIGHT_NOISE_TIME_S, TelemetryErrors

ROWS_PER_S = 10
HEADER = (
    "time(millisecond),datetime(utc),latitude,longitude,height_above_takeoff(meters),isPhoto,isVideo,"
    "gimbal_heading(degrees),gimbal_pitch(degrees)"
)


@dataclass(frozen=True)
class LogPlan:
    """How the log lies to the video.

    Attributes:
        lead_s: The log begins this long before the first frame.
        tail_s: And ends this long after the last.
        flag_late_s: The flag follows the camera's start and stop by this.
        age_s: How old the values are when a row is written.
        others: Further recordings of the log, (start, stop) in its own time.
        is_flagged: Whether the log says when the camera recorded.
    """

    lead_s: float = 60.0
    tail_s: float = 20.0
    flag_late_s: float = 0.0
    age_s: float = 0.0
    others: tuple[tuple[float, float], ...] = ()
    is_flagged: bool = True


def flight_log_csv(scene: Scene, path: DronePath, errors: TelemetryErrors, plan: LogPlan) -> str:
    """Return the log; a row's time in the video is its own less `plan.lead_s`.

    Args:
        scene: The scene; the drone flies on as its first and last key say before and after the video.
        path: The drone's true path.
        errors: What the drone gets wrong.
        plan: How the log lies to the video.
    """
    rng = np.random.default_rng((scene.seed, 903))
    keep = math.exp(-1.0 / (ROWS_PER_S * HEIGHT_NOISE_TIME_S))
    noise = rng.normal()
    header = HEADER if plan.is_flagged else HEADER.replace("isPhoto,isVideo,", "")
    lines = [header]
    for index in range(round((plan.lead_s + scene.duration_s + plan.tail_s) * ROWS_PER_S)):
        log_s = index / ROWS_PER_S
        noise = keep * noise + math.sqrt(1 - keep * keep) * rng.normal()
        camera = path.camera(log_s - plan.lead_s - plan.age_s, scene.video)
        clock = (scene.start + timedelta(seconds=log_s - plan.lead_s)).astimezone(UTC)
        flags = ["0", "1" if _is_recording(scene, plan, log_s) else "0"] if plan.is_flagged else []
        lines.append(
            ",".join(
                [f"{round(1000 * log_s)}", f"{clock:%Y-%m-%d %H:%M:%S}", *_place(scene, camera, errors, noise), *flags,
                 *_angles(camera, errors)]
            )
        )  # fmt: skip
    return "\n".join(lines) + "\n"


def _is_recording(scene: Scene, plan: LogPlan, log_s: float) -> bool:
    own = (plan.lead_s + plan.flag_late_s, plan.lead_s + plan.flag_late_s + scene.duration_s)
    return any(start <= log_s < stop for start, stop in (own, *plan.others))


def _place(scene: Scene, camera: Camera, errors: TelemetryErrors, noise: float) -> Iterable[str]:
    latitude, longitude = scene.origin.geodetic(camera.east_m + errors.east_m, camera.north_m + errors.north_m)
    height_m = camera.height_m + errors.height_m + errors.height_noise_m * noise
    return f"{latitude:.7f}", f"{longitude:.7f}", f"{height_m:.1f}"


def _angles(camera: Camera, errors: TelemetryErrors) -> Iterable[str]:
    heading = (camera.yaw_deg + errors.yaw_deg) % 360.0
    return f"{heading:.1f}", f"{camera.pitch_deg + errors.pitch_deg:.1f}"
