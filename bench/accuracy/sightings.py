"""What the detector takes for dolphins in pictures whose truth is known: the crops that are screened in earnest.

The hardest clutter is where the detector errs, and only animals it finds can be lost by screening. Random water and
animals no detector would find are another population; a threshold set on them rejects nothing.
"""

import asyncio
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bench.accuracy.sim_flights import FlightFrame, frame_from
from wideberth_contracts.detections import Detection, DetectSettings, ObjectKind, OrientedBox
from wideberth_contracts.frames import Crop, Frame
from wideberth_detector.local import LocalDetector
from wideberth_media import cut_crop
from wideberth_simulator.geometry import Camera
from wideberth_simulator.stills.conditions import random_conditions
from wideberth_simulator.stills.mixture import random_contents
from wideberth_simulator.visibility import visible

Image = NDArray[np.uint8]
# A detection is of a body when their centres are nearer than this share of the longer of both.
NEAR_FRACTION = 0.6
# Near an animal that nobody can see: its splash and its shadow are neither animal nor clutter.
BESIDE_ANIMAL_M = 4.0
# What covers this share of a false alarm's box names it.
GLINT_SHARE, FOAM_SHARE = 0.15, 0.10
# Sightings of one thing further apart than this are two surfacings.
SURFACING_GAP_S = 1.7
LABELLED = tuple(kind.value for kind in ObjectKind)


@dataclass(frozen=True, slots=True)
class Body:
    """Something in a picture: its kind, its centre and long side in px, and a name that lasts through a flight."""

    kind: str
    x_px: float
    y_px: float
    length_px: float
    name: str


@dataclass(frozen=True, slots=True)
class Sighting:
    """One detection taken for a dolphin.

    Attributes:
        crop: as the pipeline cuts it.
        kind: `dolphin`, or the kind of clutter it is of.
        track: one surfacing of one animal, or one piece of clutter.
        group: the flight, still or photograph; the sides of a split never share one.
    """

    crop: Crop
    kind: str
    track: str
    group: str


def taken_for_dolphins(detector: LocalDetector, frame: Frame, confidence: float) -> list[Detection]:
    """Detections of that class in one picture."""
    found = asyncio.run(detector.detect(frame, DetectSettings(confidence=confidence))).detections
    return [item for item in found if item.kind is ObjectKind.DOLPHIN]


def of_still(detector: LocalDetector, picture: Image, seed: int, confidence: float) -> Iterator[Sighting]:
    """Sightings in a simulated still; where a still shows one animal, that is one surfacing seen once."""
    height, width = picture.shape[:2]
    bodies, camera = still_bodies(seed, width, height)
    frame = frame_from(picture)
    for number, item in enumerate(taken_for_dolphins(detector, frame, confidence)):
        body = body_at(bodies, item.box)
        if body is not None and body.kind in LABELLED and body.kind != "dolphin":
            continue
        crop = crop_at(frame, item.box, item.confidence, ground_sample_m(camera, item.box))
        kind = "sea" if body is None else body.kind
        name = f"{number}" if body is None else body.name
        yield Sighting(crop, kind, f"still {seed} {name}", f"still {seed}")


def still_bodies(seed: int, width_px: int, height_px: int) -> tuple[list[Body], Camera]:
    """All that lies in a still, labelled or not, and its camera; drawn again from the seed without its pixels."""
    rng = np.random.default_rng((seed, 77))
    conditions = random_conditions(rng, width_px, height_px)
    bodies = []
    for number, item in enumerate(random_contents(rng, conditions).items):
        seen = visible(item.mesh, item.kind, conditions.camera, conditions.water, item.axis_m)
        if seen is not None:
            box = seen.box
            kind = item.kind if item.kind in LABELLED else "object"
            bodies.append(Body(kind, box.cx_px, box.cy_px, max(box.length_px, box.width_px), f"{kind}{number}"))
    return bodies, conditions.camera


def of_flight(
    detector: LocalDetector, frames: Iterable[FlightFrame], seed: int, confidence: float
) -> Iterator[Sighting]:
    """Sightings in a simulated flight, glint removed; surfacings are told apart by time."""
    last_seen: dict[str, tuple[float, int]] = {}
    for shot in frames:
        frame = frame_from(shot.picture, shot.t_s)
        bodies, hidden = _flight_bodies(shot)
        for item in taken_for_dolphins(detector, frame, confidence):
            body = body_at(bodies, item.box)
            if body is None and _beside(shot.camera, hidden, item.box):
                continue
            if body is not None and body.kind in LABELLED and body.kind != "dolphin":
                continue
            kind, name = _named(shot, item.box, body)
            before_s, surfacing = last_seen.get(name, (-np.inf, 0))
            surfacing += shot.t_s - before_s > SURFACING_GAP_S
            last_seen[name] = (shot.t_s, surfacing)
            gsd_m = ground_sample_m(shot.camera, item.box)
            crop = crop_at(frame, item.box, item.confidence, gsd_m, _share(shot.filled, item.box))
            yield Sighting(crop, kind, f"flight {seed} {name} {surfacing}", f"flight {seed}")


def _flight_bodies(shot: FlightFrame) -> tuple[list[Body], list[tuple[float, float]]]:
    """What shows in a frame, and where on the sea animals are that do not."""
    bodies, hidden = [], []
    for row in shot.objects:
        if row["length_px"] is not None:
            kind = row["subtype"] if row["kind"] not in LABELLED else row["kind"]
            bodies.append(Body(kind, row["cx_px"], row["cy_px"], row["length_px"], row["object_id"]))
        if row["kind"] == "dolphin":
            hidden.append((row["east_m"], row["north_m"]))
    return bodies, hidden


def _named(shot: FlightFrame, box: OrientedBox, body: Body | None) -> tuple[str, str]:
    """Kind and lasting name of what a detection is of; bare sea has no name and is named by its place."""
    if body is not None:
        return body.kind, body.name
    kind = "waves"
    if _share(shot.glint, box) > GLINT_SHARE:
        kind = "glint"
    elif _share(shot.foam, box) > FOAM_SHARE:
        kind = "foam"
    place = shot.camera.sea_point(box.cx_px, box.cy_px) or (0.0, 0.0)
    return kind, f"{kind} {round(place[0] / 3)} {round(place[1] / 3)}"


def _share(quarter: Image, box: OrientedBox) -> float:
    left, top, right, bottom = (max(0, round(edge / 4)) for edge in box.xyxy_px())
    piece = quarter[top : bottom + 1, left : right + 1]
    return float(piece.mean()) / 255 if piece.size else 0.0


def _beside(camera: Camera, animals: list[tuple[float, float]], box: OrientedBox) -> bool:
    place = camera.sea_point(box.cx_px, box.cy_px)
    if place is None:
        return False
    return any(np.hypot(place[0] - east, place[1] - north) < BESIDE_ANIMAL_M for east, north in animals)


def body_at(bodies: list[Body], box: OrientedBox) -> Body | None:
    """What a detection is of: a dolphin if one is near, else the nearest body that is near enough."""
    near = (
        (float(np.hypot(body.x_px - box.cx_px, body.y_px - box.cy_px) / max(body.length_px, box.length_px)), body)
        for body in bodies
    )
    close = [(away, body) for away, body in near if away < NEAR_FRACTION]
    animals = [(away, body) for away, body in close if body.kind == "dolphin"]
    return min(animals or close, key=lambda found: found[0])[1] if close else None


def ground_sample_m(camera: Camera, box: OrientedBox) -> float | None:
    """Metres of sea a pixel at a box; None above the horizon."""
    place = camera.sea_point(box.cx_px, box.cy_px)
    return None if place is None else camera.ground_sample_m(*place)


def crop_at(frame: Frame, box: OrientedBox, confidence: float, gsd_m: float | None = None, filled: float = 0.0) -> Crop:
    """The crop that the pipeline would screen."""
    return cut_crop(frame, box, confidence=confidence, ground_sample_m=gsd_m, filled_fraction=filled)


def flight_boxes(shot: FlightFrame) -> list[OrientedBox]:
    """Everything that shows in a frame of a flight, as upright squares."""
    return [
        OrientedBox(cx_px=body.x_px, cy_px=body.y_px, length_px=body.length_px, width_px=body.length_px, angle_deg=0.0)
        for body in _flight_bodies(shot)[0]
    ]
