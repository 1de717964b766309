"""Truth of a recording: a row per frame and object, a row per frame, a summary.

`truth.parquet` (null = there is none): frame_index, pts (1/90000 s), t_s, captured_at (UTC), object_id, kind, subtype,
surfaced, in_view, visible_fraction, cx_px, cy_px, length_px, width_px, angle_deg (of the box; null when nothing is
visible), east_m, north_m, latitude, longitude, heading_deg, speed_mps, hull_east_m, hull_north_m (vessels: waterline),
separation_m, separation_surfaced_m (vessels and jet skis: nearest hull point to the middle of the nearest dolphin, any
or surfaced).
`truth_frames.parquet`: the true camera of each frame and the share of pixels in sun glint.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from wideberth_simulator.encode import pts_of
from wideberth_simulator.geometry import Camera
from wideberth_simulator.mesh import Mesh
from wideberth_simulator.scene import RULE_KINDS
from wideberth_simulator.separations import nearest_m
from wideberth_simulator.telemetry import TelemetryErrors
from wideberth_simulator.visibility import SURFACED_M, Visible, visible
from wideberth_simulator.world import MovingVessel, World

FloatArray = npt.NDArray[np.float64]
KNOT_MPS = 1852.0 / 3600.0
STILL_MPS = 0.5
"""Slower counts as drifting with the propeller stopped."""

OBJECT_SCHEMA = pa.schema(
    [
        ("frame_index", pa.int32()), ("pts", pa.int64()), ("t_s", pa.float64()),
        ("captured_at", pa.timestamp("us", tz="UTC")), ("object_id", pa.string()), ("kind", pa.string()),
        ("subtype", pa.string()), ("surfaced", pa.bool_()), ("in_view", pa.bool_()), ("visible_fraction", pa.float64()),
        ("cx_px", pa.float64()), ("cy_px", pa.float64()), ("length_px", pa.float64()), ("width_px", pa.float64()),
        ("angle_deg", pa.float64()), ("east_m", pa.float64()), ("north_m", pa.float64()), ("latitude", pa.float64()),
        ("longitude", pa.float64()), ("heading_deg", pa.float64()), ("speed_mps", pa.float64()),
        ("hull_east_m", pa.list_(pa.float64())), ("hull_north_m", pa.list_(pa.float64())),
        ("separation_m", pa.float64()), ("separation_surfaced_m", pa.float64()),
    ]
)  # fmt: skip
FRAME_SCHEMA = pa.schema(
    [
        ("frame_index", pa.int32()), ("pts", pa.int64()), ("t_s", pa.float64()),
        ("captured_at", pa.timestamp("us", tz="UTC")), ("height_m", pa.float64()), ("pitch_deg", pa.float64()),
        ("roll_deg", pa.float64()), ("yaw_deg", pa.float64()), ("focal_px", pa.float64()), ("latitude", pa.float64()),
        ("longitude", pa.float64()), ("east_m", pa.float64()), ("north_m", pa.float64()),
        ("glint_fraction", pa.float64()), ("sun_azimuth_deg", pa.float64()), ("sun_elevation_deg", pa.float64()),
    ]
)  # fmt: skip


@dataclass(frozen=True)
class FrameTime:
    """When a frame is."""

    index: int
    pts: int
    t_s: float
    captured_at: datetime


@dataclass
class TruthLog:
    """Collects the truth of a world frame by frame, then writes it."""

    world: World
    rows: list[dict[str, Any]] = field(default_factory=list)
    frames: list[dict[str, Any]] = field(default_factory=list)

    def time_of(self, index: int) -> FrameTime:
        """Return when a frame is."""
        scene = self.world.scene
        t = float(index / scene.video.fps)
        at = (scene.start + timedelta(seconds=t)).astimezone(UTC)
        return FrameTime(index, pts_of(index, scene.video.fps), t, at)

    def add(self, index: int, camera: Camera, glint_fraction: float) -> None:
        """Add a frame's truth."""
        when = self.time_of(index)
        world = self.world
        lat, lon = world.scene.origin.geodetic(camera.east_m, camera.north_m)
        self.frames.append({
            "frame_index": index, "pts": when.pts, "t_s": when.t_s, "captured_at": when.captured_at,
            "height_m": camera.height_m, "pitch_deg": camera.pitch_deg, "roll_deg": camera.roll_deg,
            "yaw_deg": camera.yaw_deg % 360.0, "focal_px": camera.focal_px, "latitude": lat, "longitude": lon,
            "east_m": camera.east_m, "north_m": camera.north_m, "glint_fraction": glint_fraction,
            "sun_azimuth_deg": world.light.sun_azimuth_deg, "sun_elevation_deg": world.light.sun_elevation_deg,
        })  # fmt: skip
        animals, surfaced = self._dolphins(when, camera)
        rough = min(1.5, world.scene.weather.wind_mps / 6.0)
        for v in world.vessels:
            self._vessel(v, when, camera, rough, animals, animals[surfaced])
        for r in world.rocks:
            seen = visible(r.mesh, "rock", camera, world.water)
            self._row(when, r.plan.id, "rock", "rock", seen, r.plan.east_m, r.plan.north_m)

    def _dolphins(self, when: FrameTime, camera: Camera) -> tuple[FloatArray, npt.NDArray[np.bool_]]:
        places, out = [], []
        for d in self.world.dolphins:
            pose = d.path.at(when.t_s)
            mesh: Mesh = d.mesh(when.t_s)
            surfaced = bool(mesh.corners[..., 2].max() >= SURFACED_M)
            seen = visible(mesh, "dolphin", camera, self.world.water, d.axis_m(when.t_s))
            places.append((pose.east_m, pose.north_m))
            out.append(surfaced)
            self._row(when, d.id, "dolphin", d.body.species.name, seen, pose.east_m, pose.north_m, surfaced=surfaced,
                      heading_deg=pose.heading_deg, speed_mps=pose.speed_mps)  # fmt: skip
        return np.array(places).reshape(-1, 2), np.array(out, np.bool_)

    def _vessel(self, v: MovingVessel, when: FrameTime, camera: Camera, rough: float, animals: FloatArray,
                surfaced: FloatArray) -> None:  # fmt: skip
        state = v.path.at(when.t_s)
        outline = v.outline_m(when.t_s)
        seen = visible(v.mesh(when.t_s, rough), v.body.kind, camera, self.world.water)
        ruled = v.body.kind in RULE_KINDS
        self._row(
            when, v.id, v.body.kind, v.body.subtype, seen, state.east_m, state.north_m, surfaced=True,
            heading_deg=state.heading_deg, speed_mps=state.speed_mps,
            hull_east_m=outline[:, 0].tolist(), hull_north_m=outline[:, 1].tolist(),
            separation_m=nearest_m(outline, animals) if ruled else None,
            separation_surfaced_m=nearest_m(outline, surfaced) if ruled else None,
        )  # fmt: skip

    def _row(self, when: FrameTime, object_id: str, kind: str, subtype: str, seen: Visible | None, east: float,
             north: float, **more: Any) -> None:  # fmt: skip
        lat, lon = self.world.scene.origin.geodetic(east, north)
        row: dict[str, Any] = {
            "frame_index": when.index, "pts": when.pts, "t_s": when.t_s, "captured_at": when.captured_at,
            "object_id": object_id, "kind": kind, "subtype": subtype, "surfaced": True, "in_view": seen is not None,
            "visible_fraction": seen.fraction if seen else 0.0, "east_m": east, "north_m": north, "latitude": lat,
            "longitude": lon, **more,
        }  # fmt: skip
        if seen is not None:
            b = seen.box
            row |= {
                "cx_px": b.cx_px,
                "cy_px": b.cy_px,
                "length_px": b.length_px,
                "width_px": b.width_px,
                "angle_deg": b.angle_deg,
            }
        self.rows.append(row)

    def write(self, folder: Path, errors: TelemetryErrors) -> tuple[Path, Path, Path]:
        """Write the three truth files and return their paths."""
        objects, frames, summary = folder / "truth.parquet", folder / "truth_frames.parquet", folder / "truth.json"
        pq.write_table(pa.Table.from_pylist(self.rows, OBJECT_SCHEMA), objects)
        pq.write_table(pa.Table.from_pylist(self.frames, FRAME_SCHEMA), frames)
        summary.write_text(json.dumps(self.summary(errors), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        return objects, frames, summary

    def summary(self, errors: TelemetryErrors) -> dict[str, Any]:
        """Return the scene in numbers: per vessel the closest separation, times inside the bands, breaches."""
        scene = self.world.scene
        step = float(1 / scene.video.fps)
        vessels = [v for v in self.world.vessels if v.body.kind in RULE_KINDS]
        out = [self._vessel_summary(v, step) for v in vessels]
        return {
            "scene": scene.name, "seed": scene.seed, "start": scene.start.astimezone(UTC).isoformat(),
            "duration_s": scene.frame_count * step, "frames": scene.frame_count, "fps": str(scene.video.fps),
            "width_px": scene.video.width_px, "height_px": scene.video.height_px,
            "origin": {"latitude": scene.origin.latitude_deg, "longitude": scene.origin.longitude_deg},
            "telemetry": {"dialect": scene.telemetry.dialect, "errors": errors.__dict__},
            "dolphins": len(self.world.dolphins),
            "glint_fraction": float(np.mean([f["glint_fraction"] for f in self.frames])),
            "vessels": out,
            "expected_breaches": [{"vessel": v["object_id"], "rule": r} for v in out for r in v["breaches"]],
        }  # fmt: skip

    def _vessel_summary(self, v: MovingVessel, step: float) -> dict[str, Any]:
        rows = [r for r in self.rows if r["object_id"] == v.id]
        entry: dict[str, Any] = {"object_id": v.id, "kind": v.body.kind, "subtype": v.body.subtype,
                                 "length_m": v.body.length_m}  # fmt: skip
        with_animal = [r for r in rows if r["separation_m"] is not None]
        if not with_animal:
            return {**entry, "closest_separation_m": None, "breaches": []}
        closest = min(with_animal, key=lambda r: float(r["separation_m"]))
        seen = [
            r["separation_surfaced_m"] for r in with_animal if r["in_view"] and r["separation_surfaced_m"] is not None
        ]

        def seconds(low: float, high: float, faster_mps: float = -1.0) -> float:
            hit = [r for r in with_animal if low <= r["separation_m"] < high and r["speed_mps"] > faster_mps]
            return len(hit) * step

        times = {
            "inside_50m": seconds(0, 50), "inside_300m": seconds(0, 300),
            "under_way_50_300m": seconds(50, 300, STILL_MPS),
            "over_5kn_300_750m": seconds(300, 750, 5 * KNOT_MPS),
            "over_10kn_750_1500m": seconds(750, 1500, 10 * KNOT_MPS),
        }  # fmt: skip
        return {
            **entry, "closest_separation_m": closest["separation_m"], "closest_at_s": closest["t_s"],
            "closest_surfaced_separation_m": min(seen) if seen else None,
            "seconds_inside_50m": times["inside_50m"], "seconds_inside_300m": times["inside_300m"], "seconds": times,
            "breaches": [k for k, s in times.items() if s > 0 and k != "inside_300m"],
        }  # fmt: skip
