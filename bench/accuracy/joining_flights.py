"""Short simulated flights for the bench `joining`: the drone looks round all along, before and after the video too."""

import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from wideberth_contracts.joining import Join, VideoFacts
from wideberth_contracts.poses import PosesRequest, TelemetryRecord
from wideberth_distance.core.telemetry import read_telemetry
from wideberth_distance.local import LocalDistance
from wideberth_media import probe
from wideberth_pipeline import Stages
from wideberth_pipeline.picture_turns import find_turns
from wideberth_simulator import Scene, simulate
from wideberth_simulator.flight_log import LogPlan, flight_log_csv
from wideberth_simulator.geodesy import Origin
from wideberth_simulator.scene import Flight, FlightKey, TelemetryPlan, VesselPlan, VideoPlan, Waypoint, Weather
from wideberth_simulator.telemetry import draw_errors, srt_cues
from wideberth_simulator.world import make_world
from wideberth_tracker.local import LocalTracker

SECONDS, FPS = 24.0, 5
BEFORE_S, AFTER_S = 130.0, 40.0
START = datetime(2026, 5, 14, 1, 10, tzinfo=UTC)
HOVERS_SHARE = 0.25
EDGE_S = 1.0
"""The flag follows the camera by up to this."""


def draw_scene(seed: int) -> tuple[Scene, bool]:
    """A flight, and whether the drone looks round in it; else it hovers and its gimbal shakes by 0.05 deg."""
    rng = np.random.default_rng((seed, 71))
    turns = bool(rng.random() >= HOVERS_SHARE)
    height, pitch = float(rng.uniform(40, 110)), float(rng.uniform(-70, -15))
    keys, t, yaw = [], -BEFORE_S, float(rng.uniform(-180, 180))
    place = rng.uniform(-20, 20, 2)
    course = rng.uniform(-4, 4, 2) * (rng.random() < 0.5)
    while t < SECONDS + AFTER_S:
        east, north = (place + course * (t + BEFORE_S)).tolist()
        keys.append(FlightKey(t, east, north, height, yaw, pitch))
        t += float(rng.uniform(1.5, 6.0))
        if turns and rng.random() < 0.6:
            yaw += float(rng.uniform(-40, 40))
        if turns and rng.random() < 0.2:
            pitch = float(np.clip(pitch + rng.uniform(-10, 10), -80, -12))
    boat = VesselPlan("boat", "tour_boat", None, (Waypoint(0.0, 30.0, 120.0), Waypoint(SECONDS, 90.0, 140.0)), 0.0)
    video = VideoPlan(640, 360, Fraction(FPS), None, False, float(2665 * rng.uniform(0.95, 1.05)), 24.0)
    weather = Weather(float(rng.uniform(1, 9)), float(rng.uniform(0, 360)), 0.0, float(rng.uniform(0, 0.8)), 20_000.0,
                      1.0, None, None)  # fmt: skip
    flight = Flight(tuple(keys), 0.05, 1.0)
    return Scene("joining", seed, Origin(33.2052, 126.2361), START, SECONDS, video, flight, weather, "teal",
                 TelemetryPlan("enterprise", 1.0), (boat,), (), ()), turns  # fmt: skip


@dataclass(frozen=True, slots=True)
class Log:
    """A log as read, and the true offset of its rows to the video."""

    record: TelemetryRecord
    offset_s: float


def draw_log(scene: Scene, seed: int, *, alike: int = 0) -> Log:
    """The log of a flight.

    Args:
        scene: the flight.
        seed: draws how the log lies to the video.
        alike: further recordings of the video's length, before its own.
    """
    rng = np.random.default_rng((seed, 72))
    lead_s = round(float(rng.uniform(90.0, 120.0)), 2)
    others = tuple((2.0 + 40.0 * k, 2.0 + 40.0 * k + SECONDS) for k in range(alike))
    how = LogPlan(lead_s=lead_s, tail_s=20.0, flag_late_s=float(rng.uniform(-EDGE_S, EDGE_S)), others=others)
    errors = draw_errors(scene, scene.flight.keys[0].height_m)
    text = flight_log_csv(scene, make_world(scene).drone, errors, how)
    record = read_telemetry("flight.csv", text.encode(), 9.0)
    return Log(record, -lead_s - record.points[0].t_s)


def srt_of(scene: Scene) -> TelemetryRecord:
    """The .SRT of a flight."""
    drone = make_world(scene).drone
    cameras = [drone.camera(i / FPS, scene.video) for i in range(scene.frame_count)]
    text = "".join(srt_cues(scene, cameras, draw_errors(scene, scene.flight.keys[0].height_m)))
    return read_telemetry("video.SRT", text.encode(), 9.0)


def longer_srt_of(scene: Scene, cut_s: float) -> TelemetryRecord:
    """The .SRT of a recording of which the first `cut_s` were cut off with the video's."""
    drone = make_world(scene).drone
    frames = scene.frame_count + round(cut_s * FPS)
    cameras = [drone.camera(i / FPS - cut_s, scene.video) for i in range(frames)]
    text = "".join(srt_cues(scene, cameras, draw_errors(scene, scene.flight.keys[0].height_m)))
    return read_telemetry("video.SRT", text.encode(), 9.0)


class Clip:
    """A rendered flight, and telemetry put to it as an analysis does."""

    def __init__(self, scene: Scene, folder: str) -> None:
        self._video = simulate(scene, Path(folder), None, clean=False).video
        self._info = probe(self._video)
        nothing: Any = None
        self._stages = Stages(nothing, nothing, LocalDistance(), LocalTracker(), nothing, nothing)

    async def joined(self, record: TelemetryRecord, *, created: bool = True) -> tuple[Join, Join]:
        """Without the picture, and with it."""
        info = self._info
        facts = VideoFacts(
            file="video.mp4", duration_s=info.duration_s, width_px=info.width_px, height_px=info.height_px,
            created_at=info.creation_time if created else None,
        )  # fmt: skip
        asked = PosesRequest(telemetry=record, moments=(), video=facts)
        turns = await find_turns(self._stages, self._video, info, asked)
        seen = asked.model_copy(update={"video": facts.model_copy(update={"turns": turns})})
        before, after = (await self._stages.distance.poses(asked)).join, (await self._stages.distance.poses(seen)).join
        assert before is not None
        assert after is not None
        return before, after


def rendered(scene: Scene) -> tuple[Clip, tempfile.TemporaryDirectory[str]]:
    """The clip, and the folder to clean up when done with it."""
    folder = tempfile.TemporaryDirectory()
    return Clip(scene, folder.name), folder
