"""What is simulated: a frozen scene. `scene_file.py` reads it from YAML."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction

from wideberth_simulator.geodesy import Origin

RULE_KINDS = ("vessel", "jet_ski")
"""Kinds to which approach rules apply."""


@dataclass(frozen=True)
class Waypoint:
    """Where something is at a time; speed and heading follow from the path."""

    t_s: float
    east_m: float
    north_m: float


@dataclass(frozen=True)
class VesselPlan:
    """A vessel, kayak, buoy, swimmer, or something else that moves along a path: a bird, a shark, drift.

    Attributes:
        id: Unique name.
        subtype: Key of `boats.BUILDERS` or `boats.NO_CRAFT`.
        length_m: None for the usual length.
        waypoints: At least one, times rising.
        heading_deg: Heading while it lies still.
    """

    id: str
    subtype: str
    length_m: float | None
    waypoints: tuple[Waypoint, ...]
    heading_deg: float


@dataclass(frozen=True)
class PodPlan:
    """Dolphins that travel together.

    Attributes:
        id: Unique name; animals are `<id>_1`, `<id>_2` ...
        count: Animals, 1 to 60.
        east_m: Middle of the pod at t = 0.
        north_m: Middle of the pod at t = 0.
        heading_deg: Where it travels.
        speed_mps: How fast.
        turn_deg_s: How fast its course turns, clockwise.
        spread_m: SD of the animals' places about the middle.
        dive_s: Mean time between surfacings of one animal.
        surface_s: Mean time at the surface (1 to 3 s).
        swim_depth_m: Usual depth of the body axis between surfacings.
        species: Name of one of `species.SPECIES`.
        calves: How many of the animals are calves, each beside a grown one.
    """

    id: str
    count: int
    east_m: float
    north_m: float
    heading_deg: float
    speed_mps: float
    turn_deg_s: float
    spread_m: float
    dive_s: float
    surface_s: float
    swim_depth_m: float
    species: str = "bottlenose"
    calves: int = 0


@dataclass(frozen=True)
class RockPlan:
    """A rock: top `height_m` above the mean sea, negative when awash."""

    id: str
    east_m: float
    north_m: float
    radius_m: float
    height_m: float
    spray: bool


@dataclass(frozen=True)
class FlightKey:
    """The drone's plan at a time."""

    t_s: float
    east_m: float
    north_m: float
    height_m: float
    yaw_deg: float
    pitch_deg: float


@dataclass(frozen=True)
class Flight:
    """How the drone flies.

    Attributes:
        keys: At least one, times rising; linear between.
        wobble_deg: SD of the gimbal's shake.
        drift_m: SD of the hover's drift, horizontally; a third of it in height.
    """

    keys: tuple[FlightKey, ...]
    wobble_deg: float
    drift_m: float


@dataclass(frozen=True)
class VideoPlan:
    """The recording.

    Attributes:
        width_px: Even.
        height_px: Even.
        fps: Frames a second, exact (30000/1001 for 29.97).
        bitrate_mbps: None for DJI's bits a pixel.
        clean: Whether to write the same video without sun glint as well.
        focal_px_at_3840: Focal length at a width of 3840 px.
        focal_length_mm: 35 mm equivalent that the telemetry prints.
    """

    width_px: int
    height_px: int
    fps: Fraction
    bitrate_mbps: float | None
    clean: bool
    focal_px_at_3840: float
    focal_length_mm: float

    @property
    def focal_px(self) -> float:
        """Focal length at this width."""
        return self.focal_px_at_3840 * self.width_px / 3840.0


@dataclass(frozen=True)
class Weather:
    """Wind, sky and air.

    Attributes:
        wind_mps: 0 to 20.
        wind_to_deg: Where it blows to.
        overcast: 0 to 1.
        cloud: 0 to 1.
        visibility_m: 500 and more.
        exposure: Camera exposure factor.
        sun_azimuth_deg: None: from time and place.
        sun_elevation_deg: None: from time and place.
        relief: How strongly an uneven sky models the waves, 0 to 6; None draws 0.5 to 2.5 by the seed.
        cloud_shadow: 0 to 1, darkness of the shadows of clouds on the sea.
        steepness: Factor on the slopes of the waves.
    """

    wind_mps: float
    wind_to_deg: float
    overcast: float
    cloud: float
    visibility_m: float
    exposure: float
    sun_azimuth_deg: float | None
    sun_elevation_deg: float | None
    relief: float | None = None
    cloud_shadow: float = 0.0
    steepness: float = 1.0


@dataclass(frozen=True)
class Seabed:
    """What shines through shallow water.

    Attributes:
        cover: Share of the contrast of its patches that reaches the surface, 0 (deep water) to 1.
        patch_m: Size of the patches.
        kind: `weed` is darker than the water above it, `sand` brighter.
        caustics: 0 to 1, the net of light on it.
    """

    cover: float = 0.0
    patch_m: float = 20.0
    kind: str = "weed"
    caustics: float = 0.0


@dataclass(frozen=True)
class TelemetryPlan:
    """The .SRT to write.

    Attributes:
        dialect: `enterprise` (C4, gimbal per frame) or `consumer` (C3, none).
        error_scale: Factor on the measured errors; 0 for none.
    """

    dialect: str
    error_scale: float


@dataclass(frozen=True)
class Scene:
    """Everything about one simulated recording.

    Attributes:
        name: Short name.
        seed: Draws every random thing.
        origin: Zero of east and north.
        start: Aware time of the first frame.
        duration_s: Length of the recording.
        video: The recording.
        flight: The drone.
        weather: Wind, sky, air.
        water: Key of `shading.WATER_COLOURS`.
        telemetry: The .SRT.
        vessels: Vessels and distractors.
        pods: Dolphins.
        rocks: Rocks.
        seabed: What shines through the water.
    """

    name: str
    seed: int
    origin: Origin
    start: datetime
    duration_s: float
    video: VideoPlan
    flight: Flight
    weather: Weather
    water: str
    telemetry: TelemetryPlan
    vessels: tuple[VesselPlan, ...]
    pods: tuple[PodPlan, ...]
    rocks: tuple[RockPlan, ...]
    seabed: Seabed = field(default_factory=Seabed)

    @property
    def frame_count(self) -> int:
        """Frames of the recording: every i with i / fps < duration."""
        return max(1, -int(-Fraction(self.duration_s).limit_denominator(1_000_000) * self.video.fps // 1))
