"""Separations in real oblique pictures: surveyed targets on land, picked in drone images with their raw telemetry.

The set (OA-Accuracy-Testing, MIT) gives 441 picks in 98 pictures and 53 surveyed points, but not which is which. Picks
are matched by the similarity (turn, scale, shift) that brings most of a picture's picks within 2.5 m of distinct
points. A matching by place flatters, so read the numbers as optimistic. A Skydio over hilly land, not a DJI over the
sea: the ground's height under each pick comes from the set's own terrain lookup.
"""

import csv
import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from wideberth_contracts.poses import CameraPose
from wideberth_contracts.positions import ImagePoint, LocateRequest, PointPair, Position, Separation
from wideberth_contracts.wire import Measured
from wideberth_distance.core.locate import locate
from wideberth_distance.core.priors import PITCH_SIGMA_DEG, ROLL_SIGMA_DEG, YAW_SIGMA_DEG, height_sigma_m
from wideberth_distance.core.projection import Array

PICKS, SURVEY = "OA-CoT-Capture-2024-07-25.csv", "Thunderstorm_Pioneer_Range_GCPs.csv"
ORIGIN = (31.6032, -110.4332)
SHORTEST_M = 12.0
MATCH_M, MATCH_SCALE, MATCH_TURN_RAD, MATCH_SHIFT_M = 2.5, (0.75, 1.33), 0.26, 25.0
TABLE_SHARE = 0.05


@dataclass(frozen=True, slots=True)
class SurveyedPair:
    """Two targets: their surveyed distance, and what was measured."""

    image: int
    truth_m: float
    said: Separation


def surveyed_pairs(folder: Path) -> list[SurveyedPair]:
    """Every pair of matched targets at least 12 m apart, in every picture with three or more matches."""
    survey = np.array([_east_north(r["Latitude"], r["Longitude"]) for r in _rows(folder / SURVEY)])
    pairs: list[SurveyedPair] = []
    for number, picks in enumerate(_images(folder / PICKS)):
        pairs += _measured(number, picks, survey) if len(picks) >= 3 else []
    return pairs


def relative_errors(pairs: list[SurveyedPair]) -> Array:
    """Measured over true, minus 1."""
    return np.array([pair.said.value_m / pair.truth_m - 1 for pair in pairs])


def shared_by_picture(pairs: list[SurveyedPair]) -> tuple[float, float]:
    """The spread (1.48 times the median deviation) of the pictures' own scales, and the median error of a pair beside
    its picture's scale. Pictures with four pairs or more."""
    errors, images = relative_errors(pairs), np.array([pair.image for pair in pairs])
    many = [image for image in np.unique(images) if (images == image).sum() >= 4]
    scales = np.array([np.median(errors[images == image]) for image in many])
    left = np.concatenate([errors[images == image] - scale for image, scale in zip(many, scales, strict=True)])
    return 1.48 * float(np.median(np.abs(scales - np.median(scales)))), float(np.median(np.abs(left)))


def errors_with_one_scale(pairs: list[SurveyedPair]) -> Array:
    """The same after a scale for the whole flight, for each picture learned on the other pictures."""
    errors, images = relative_errors(pairs), np.array([pair.image for pair in pairs])
    scales = {i: 1 + float(np.median(errors[images != i])) for i in np.unique(images)}
    return np.array([(1 + e) / scales[i] - 1 for e, i in zip(errors, images, strict=True)])


def _measured(number: int, picks: list[dict[str, str]], survey: Array) -> list[SurveyedPair]:
    pose, points = _pose(picks), _points(picks)
    answer = locate(LocateRequest(pose=pose, points=points))
    if not all(isinstance(point, Position) for point in answer.points):
        return []
    places = np.array([[p.east_m, p.north_m] for p in answer.points if isinstance(p, Position)])
    matches = _matched(places, survey)
    asked = [
        (PointPair(a=i, b=j), float(np.hypot(*(survey[matches[i]] - survey[matches[j]]))))
        for i, j in itertools.combinations(sorted(matches), 2)
    ]
    wanted = [(pair, truth_m) for pair, truth_m in asked if truth_m >= SHORTEST_M]
    request = LocateRequest(pose=pose, points=points, pairs=tuple(pair for pair, _ in wanted))
    said = [each.separation for each in locate(request).separations]
    return [SurveyedPair(number, t, s) for s, (_, t) in zip(said, wanted, strict=True) if s is not None]


def _pose(picks: list[dict[str, str]]) -> CameraPose:
    """From raw telemetry; the heading is what the set's own bearings imply."""
    row = picks[0]
    east, north = _east_north(row["droneLatitude"], row["droneLongitude"])
    bearings = []
    for pick in picks:
        away = np.array(_east_north(pick["lat"], pick["lon"])) - [east, north]
        bearings.append(np.degrees(np.arctan2(*away)) - float(pick["yawOffsetDegSelectedPoint"]))
    turns = np.exp(1j * np.radians(bearings))
    height_m = float(row["droneElevationHAE"]) - _ground_m(picks)
    focal = float(row["f_x"])
    return CameraPose(
        height_m=Measured(value=height_m, sigma=height_sigma_m(height_m, 0.0)),
        pitch_deg=Measured(value=-float(row["cameraSlantAngleDeg"]), sigma=PITCH_SIGMA_DEG),
        roll_deg=Measured(value=float(row["cameraRollAngleDeg"]), sigma=ROLL_SIGMA_DEG),
        yaw_deg=Measured(value=float(np.degrees(np.angle(turns.mean()))), sigma=YAW_SIGMA_DEG),
        focal_px=Measured(value=focal, sigma=TABLE_SHARE * focal),
        east_m=Measured(value=east, sigma=2.0),
        north_m=Measured(value=north, sigma=2.0),
        width_px=int(row["imageWidth"]),
        height_px=int(row["imageLength"]),
        significant_wave_height_m=0.0,
    )


def _points(picks: list[dict[str, str]]) -> tuple[ImagePoint, ...]:
    """Picks without lens distortion, on square pixels of the horizontal focal length, at their ground's height."""
    row = picks[0]
    width, height, focal = float(row["imageWidth"]), float(row["imageLength"]), float(row["f_x"])
    x = np.array([(float(p["imageSelectedProportionX"]) - 0.5) * width / focal for p in picks])
    y = np.array([(float(p["imageSelectedProportionY"]) - 0.5) * height / float(row["f_y"]) for p in picks])
    x, y = _undistorted(x, y, *(float(row[key]) for key in ("k1", "k2", "k3", "p1", "p2")))
    ground_m = _ground_m(picks)
    return tuple(
        ImagePoint(
            x_px=width / 2 + focal * a,
            y_px=height / 2 + focal * b,
            sigma_px=3.0,
            height_above_water_m=Measured(value=float(pick["hae"]) - ground_m, sigma=1.0),
        )
        for a, b, pick in zip(x, y, picks, strict=True)
    )


def _ground_m(picks: list[dict[str, str]]) -> float:
    return float(np.median([float(pick["hae"]) for pick in picks]))


def _undistorted(x: Array, y: Array, k1: float, k2: float, k3: float, p1: float, p2: float) -> tuple[Array, Array]:
    """Brown's model turned round by iteration; normalised coordinates."""
    a, b = x, y
    for _ in range(10):
        r2 = a * a + b * b
        radial = 1 + k1 * r2 + k2 * r2**2 + k3 * r2**3
        a, b = (
            (x - 2 * p1 * a * b - p2 * (r2 + 2 * a * a)) / radial,
            (y - p1 * (r2 + 2 * b * b) - 2 * p2 * a * b) / radial,
        )
    return a, b


def _matched(places: Array, survey: Array) -> dict[int, int]:
    """Pick index → surveyed point, by the similarity that explains most picks, and of those the nearest; or nothing."""
    best: tuple[tuple[int, float], dict[int, int]] = ((2, 0.0), {})
    found, known = places @ [1, 1j], survey @ [1, 1j]
    between = known[None, :] - known[:, None]
    for i, j in itertools.combinations(range(found.size), 2):
        if abs(found[j] - found[i]) < 6:
            continue
        ratio = between / (found[j] - found[i])
        fits = (np.abs(ratio) > MATCH_SCALE[0]) & (np.abs(ratio) < MATCH_SCALE[1])
        for k, m in np.argwhere(fits & (np.abs(np.angle(ratio)) < MATCH_TURN_RAD)):
            moved = known[k] + ratio[k, m] * (found - found[i])
            shift_m = float(abs((moved - found).mean()))
            distances = np.abs(moved[:, None] - known[None])
            near = np.flatnonzero(distances.min(axis=1) < MATCH_M)
            nearest = distances.argmin(axis=1)[near]
            if shift_m > MATCH_SHIFT_M or np.unique(nearest).size < near.size:
                continue
            cost = float(distances.min(axis=1)[near].mean()) + 0.05 * shift_m
            if (near.size, -cost) > best[0] and near.size >= 3:
                best = ((near.size, -cost), dict(zip(near.tolist(), nearest.tolist(), strict=True)))
    return best[1]


def _images(path: Path) -> Iterator[list[dict[str, str]]]:
    keys = ("droneLatitude", "droneLongitude", "droneElevationHAE", "cameraSlantAngleDeg", "cameraRollAngleDeg")
    groups: dict[tuple[str, ...], list[dict[str, str]]] = {}
    for row in _rows(path):
        groups.setdefault(tuple(row[key] for key in keys), []).append(row)
    yield from groups.values()


def _rows(path: Path) -> Iterable[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _east_north(latitude: str, longitude: str) -> tuple[float, float]:
    north = (float(latitude) - ORIGIN[0]) * 110_870.0
    return (float(longitude) - ORIGIN[1]) * 111_412.0 * float(np.cos(np.radians(ORIGIN[0]))), north
