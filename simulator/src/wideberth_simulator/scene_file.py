"""Scenes from YAML, checked: every error names the file, the field and what to write instead."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from fractions import Fraction
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeVar

import yaml

from wideberth_simulator.boats import BUILDERS, NO_CRAFT
from wideberth_simulator.geodesy import Origin
from wideberth_simulator.scene import (
    Flight,
    FlightKey,
    PodPlan,
    RockPlan,
    Scene,
    Seabed,
    TelemetryPlan,
    VesselPlan,
    VideoPlan,
    Waypoint,
    Weather,
)  # fmt: skip
from wideberth_simulator.shading import WATER_COLOURS
from wideberth_simulator.species import SPECIES

T = TypeVar("T")
_MISSING = object()


class SceneError(ValueError):
    """A scene file cannot be used; the message says where, why and what to do."""


class _Fields:
    """One mapping of the file, read field by field; what is left over at the end is an error."""

    def __init__(self, where: str, path: str, data: object) -> None:
        if not isinstance(data, dict):
            raise SceneError(f"{where}: {path or 'the file'} must be a mapping of fields, found {type(data).__name__}")
        self._where, self._path, self._data, self._known = where, path, data, set[str]()

    def _name(self, field: str) -> str:
        return f"{self._path}.{field}" if self._path else field

    def fail(self, field: str, why: str) -> SceneError:
        return SceneError(f"{self._where}: {self._name(field)} {why}")

    def raw(self, field: str, default: object = _MISSING) -> Any:
        self._known.add(field)
        value = self._data.get(field, default)
        if value is _MISSING:
            raise self.fail(field, "is missing; add it")
        return value

    def number(self, field: str, low: float, high: float, default: object = _MISSING) -> float:
        value = self.raw(field, default)
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not low <= float(value) <= high:
            raise self.fail(field, f"must be a number from {low:g} to {high:g}, found {value!r}")
        return float(value)

    def maybe_number(self, field: str, low: float, high: float) -> float | None:
        return None if self.raw(field, None) is None else self.number(field, low, high)

    def whole(self, field: str, low: int, high: int, default: object = _MISSING) -> int:
        value = self.number(field, low, high, default)
        if value != int(value):
            raise self.fail(field, f"must be a whole number, found {value!r}")
        return int(value)

    def flag(self, field: str, default: bool) -> bool:
        value = self.raw(field, default)
        if not isinstance(value, bool):
            raise self.fail(field, f"must be true or false, found {value!r}")
        return value

    def choice(self, field: str, allowed: Iterable[str], default: object = _MISSING) -> str:
        value = self.raw(field, default)
        if value not in set(allowed):
            raise self.fail(field, f"must be one of {', '.join(sorted(allowed))}; found {value!r}")
        return str(value)

    def child(self, field: str, default: object = _MISSING) -> _Fields:
        return _Fields(self._where, self._name(field), self.raw(field, default))

    def children(self, field: str, read: Callable[[_Fields], T]) -> tuple[T, ...]:
        value = self.raw(field, [])
        if not isinstance(value, list):
            raise self.fail(field, f"must be a list, found {type(value).__name__}")
        out = []
        for i, item in enumerate(value):
            fields = _Fields(self._where, f"{self._name(field)}[{i}]", item)
            out.append(read(fields))
            fields.finish()
        return tuple(out)

    def finish(self) -> None:
        extra = sorted(set(map(str, self._data)) - self._known)
        if extra:
            raise self.fail(extra[0], f"is not a field; known here: {', '.join(sorted(self._known))}")


def _fps(fields: _Fields) -> Fraction:
    value = fields.raw("fps", 5)
    try:
        fps = Fraction(30000, 1001) if str(value) == "29.97" else Fraction(str(value))
    except (ValueError, ZeroDivisionError):
        raise fields.fail("fps", f"must be a rate such as 5, 29.97 or 30000/1001, found {value!r}") from None
    if not 1 <= fps <= 120:
        raise fields.fail("fps", f"must be from 1 to 120, found {value!r}")
    return fps


def _even(fields: _Fields, field: str, default: int) -> int:
    value = fields.whole(field, 64, 7680, default)
    if value % 2:
        raise fields.fail(field, f"must be even (yuv420p), found {value}; write {value + 1}")
    return value


def _video(fields: _Fields) -> VideoPlan:
    plan = VideoPlan(
        _even(fields, "width_px", 1920), _even(fields, "height_px", 1080), _fps(fields),
        fields.maybe_number("bitrate_mbps", 0.1, 400), fields.flag("clean", False),
        fields.number("focal_px_at_3840", 500, 40_000, 2665.0), fields.number("focal_length_mm", 8, 500, 24.0),
    )  # fmt: skip
    fields.finish()
    return plan


def _key(fields: _Fields) -> FlightKey:
    return FlightKey(
        fields.number("t_s", 0, 1e5, 0.0),
        fields.number("east_m", -1e4, 1e4, 0.0),
        fields.number("north_m", -1e4, 1e4, 0.0),
        fields.number("height_m", 2, 1000),
        fields.number("yaw_deg", -360, 720, 0.0),
        fields.number("pitch_deg", -90, 0),
    )


def _rising(fields: _Fields, field: str, times: list[float]) -> None:
    if not times:
        raise fields.fail(field, "needs at least one entry")
    if any(b <= a for a, b in pairwise(times)):
        raise fields.fail(field, "must have rising t_s")


def _flight(fields: _Fields) -> Flight:
    keys = fields.children("keys", _key)
    _rising(fields, "keys", [k.t_s for k in keys])
    plan = Flight(keys, fields.number("wobble_deg", 0, 3, 0.04), fields.number("drift_m", 0, 20, 0.4))
    fields.finish()
    return plan


def _weather(fields: _Fields) -> Weather:
    plan = Weather(
        fields.number("wind_mps", 0, 20, 4.0), fields.number("wind_to_deg", -360, 720, 40.0),
        fields.number("overcast", 0, 1, 0.0), fields.number("cloud", 0, 1, 0.2),
        fields.number("visibility_m", 500, 1e6, 25_000.0), fields.number("exposure", 0.1, 5, 1.0),
        fields.maybe_number("sun_azimuth_deg", -360, 720), fields.maybe_number("sun_elevation_deg", -10, 90),
        fields.maybe_number("relief", 0, 6), fields.number("cloud_shadow", 0, 1, 0.0),
        fields.number("steepness", 0.2, 3, 1.0),
    )  # fmt: skip
    fields.finish()
    return plan


def _telemetry(fields: _Fields) -> TelemetryPlan:
    dialect = fields.choice("dialect", ("enterprise", "consumer"), "enterprise")
    errors = fields.raw("telemetry_errors", "measured")
    if errors == "none":
        scale = 0.0
    elif errors == "measured":
        scale = 1.0
    elif isinstance(errors, (int, float)) and not isinstance(errors, bool) and 0 <= errors <= 10:
        scale = float(errors)
    else:
        raise fields.fail("telemetry_errors", f"must be none, measured or a factor from 0 to 10, found {errors!r}")
    fields.finish()
    return TelemetryPlan(dialect, scale)


def _waypoint(fields: _Fields) -> Waypoint:
    return Waypoint(
        fields.number("t_s", -1e4, 1e5, 0.0), fields.number("east_m", -1e4, 1e4), fields.number("north_m", -1e4, 1e4)
    )


def _vessel(fields: _Fields) -> VesselPlan:
    points = fields.children("waypoints", _waypoint)
    _rising(fields, "waypoints", [p.t_s for p in points])
    return VesselPlan(
        str(fields.raw("id")), fields.choice("subtype", (*BUILDERS, *NO_CRAFT)),
        fields.maybe_number("length_m", 0.3, 60), points, fields.number("heading_deg", -360, 720, 0.0),
    )  # fmt: skip


def _pod(fields: _Fields) -> PodPlan:
    plan = PodPlan(
        str(fields.raw("id")), fields.whole("count", 1, 60), fields.number("east_m", -1e4, 1e4),
        fields.number("north_m", -1e4, 1e4), fields.number("heading_deg", -360, 720, 0.0),
        fields.number("speed_mps", 0, 8, 1.2), fields.number("turn_deg_s", -20, 20, 0.0),
        fields.number("spread_m", 0.5, 200, 5.0), fields.number("dive_s", 1, 300, 8.0),
        fields.number("surface_s", 0.5, 10, 1.8), fields.number("swim_depth_m", 0.2, 10, 0.7),
        fields.choice("species", [s.name for s in SPECIES], "bottlenose"), fields.whole("calves", 0, 30, 0),
    )  # fmt: skip
    if 2 * plan.calves > plan.count:
        raise fields.fail("calves", f"must be at most half of count ({plan.count}), found {plan.calves}")
    return plan


def _rock(fields: _Fields) -> RockPlan:
    return RockPlan(
        str(fields.raw("id")), fields.number("east_m", -1e4, 1e4), fields.number("north_m", -1e4, 1e4),
        fields.number("radius_m", 0.2, 30), fields.number("height_m", -1, 10, 0.3), fields.flag("spray", True),
    )  # fmt: skip


def _seabed(fields: _Fields) -> Seabed:
    plan = Seabed(
        fields.number("cover", 0, 1, 0.6), fields.number("patch_m", 0.5, 200, 20.0),
        fields.choice("kind", ("weed", "sand"), "weed"), fields.number("caustics", 0, 1, 0.0),
    )  # fmt: skip
    fields.finish()
    return plan


def _start(fields: _Fields) -> datetime:
    value = fields.raw("start")
    try:
        start = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    except ValueError:
        raise fields.fail("start", f"must be a time such as 2026-05-14T10:20:00+09:00, found {value!r}") from None
    if start.tzinfo is None:
        raise fields.fail("start", "must carry its zone; add +09:00 for Korea (quote the time in the file)")
    return start


def scene_from_text(text: str, where: str) -> Scene:
    """Return the scene written in YAML text.

    Args:
        text: The YAML.
        where: Name of the file for error messages.

    Raises:
        SceneError: The text is not a usable scene.
    """
    try:
        data = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise SceneError(f"{where}: not YAML ({error}); check indentation and colons") from error
    fields = _Fields(where, "", data)
    origin = fields.child("origin")
    scene = Scene(
        str(fields.raw("name")), fields.whole("seed", 0, 2**31 - 1),
        Origin(origin.number("latitude", -85, 85), origin.number("longitude", -180, 180)), _start(fields),
        fields.number("duration_s", 0.01, 36_000), _video(fields.child("video", {})), _flight(fields.child("flight")),
        _weather(fields.child("weather", {})), fields.choice("water", WATER_COLOURS, "teal"),
        _telemetry(fields.child("telemetry", {})), fields.children("vessels", _vessel), fields.children("pods", _pod),
        fields.children("rocks", _rock),
        _seabed(fields.child("seabed", {"cover": 0.0})),
    )  # fmt: skip
    origin.finish()
    fields.raw("about", "")
    fields.finish()
    names = [v.id for v in scene.vessels] + [p.id for p in scene.pods] + [r.id for r in scene.rocks]
    double = {n for n in names if names.count(n) > 1}
    if double:
        raise SceneError(f"{where}: id {sorted(double)[0]!r} is used twice; give each vessel, pod and rock its own")
    return scene


def load_scene(path: Path | str) -> Scene:
    """Return the scene of a YAML file.

    Raises:
        SceneError: The file is missing, unreadable or not a usable scene.
    """
    path = Path(path)
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SceneError(f"{path}: cannot be read ({error}); give the path of a scene file in UTF-8") from error
    return scene_from_text(text, str(path))


def _scenes_dir() -> Path:
    """Return the folder of bundled scenes: inside the wheel, or beside `src` in a working copy."""
    inside = Path(str(files("wideberth_simulator"))) / "scenes"
    return inside if inside.is_dir() else Path(__file__).resolve().parents[2] / "scenes"


def bundled_scenes() -> tuple[str, ...]:
    """Return the names of the scenes that come with the package."""
    return tuple(sorted(p.stem for p in _scenes_dir().glob("*.yaml")))


def bundled_scene_path(name: str) -> Path:
    """Return the file of a bundled scene.

    Raises:
        SceneError: There is no such scene.
    """
    if name not in bundled_scenes():
        raise SceneError(f"no bundled scene {name!r}; there are: {', '.join(bundled_scenes())}")
    return _scenes_dir() / f"{name}.yaml"


def bundled_scene(name: str) -> Scene:
    """Return a scene that comes with the package.

    Raises:
        SceneError: There is no such scene.
    """
    return load_scene(bundled_scene_path(name))
