"""The waterline under a box: near edge kept, far edge brought in, length and axis right."""

import numpy as np
import pytest

from wideberth_contracts.detections import ObjectKind
from wideberth_contracts.positions import LocateRequest, Position
from wideberth_distance.core.locate import locate
from wideberth_distance.core.polygons import polygon_to_points_m
from wideberth_distance.core.projection import cameras_of, image_from_sea
from wideberth_distance.trials.coverage import smallest_box

TOUR_BOAT = (14.0, 4.0, 1.3, 3.3)
"""Length, beam, deck and roof above the water, m."""


def boat(centre, heading_deg: float, size=TOUR_BOAT):
    """Corners of hull and cabin, and the waterline."""
    length, beam, deck, roof = size
    axis = np.radians(heading_deg)
    forward, port = np.array([np.sin(axis), np.cos(axis)]), np.array([-np.cos(axis), np.sin(axis)])
    hull = np.array([[0.5, 0], [0.3, 0.32], [0.0, 0.5], [-0.5, 0.43], [-0.5, -0.43], [0.0, -0.5], [0.3, -0.32]])
    cabin = np.array([[0.15, 0.36], [-0.3, 0.36], [-0.3, -0.36], [0.15, -0.36]])

    def at(shape, scale):
        return np.array(centre) + shape[:, :1] * length * scale * forward + shape[:, 1:] * beam * scale * port

    solid = [(at(hull, 0.94), 0.0), (at(hull, 1.0), deck), (at(cabin, 1.0), roof)]
    return np.concatenate([np.column_stack([p, np.full(len(p), z)]) for p, z in solid]), at(hull, 0.94)


def located(pose, centre, heading_deg, size=TOUR_BOAT, kind=ObjectKind.VESSEL, make=None):
    solid, waterline = boat(centre, heading_deg, size)
    box = smallest_box(image_from_sea(cameras_of(pose).nominal(), solid[None])[0, :, :2])
    detection = make(kind, 0, 0, 10, 5).model_copy(update={"box": box})
    return locate(LocateRequest(pose=pose, detections=(detection,))).detections[0], waterline


def round_about(centre, waterline, outline, radius=35.0):
    """Found minus true distance to points in sixteen directions, and those directions."""
    angles = np.radians(np.arange(0, 360, 22.5))
    points = np.array(centre) + radius * np.stack([np.sin(angles), np.cos(angles)], axis=1)
    corners = np.array([[p.east_m, p.north_m] for p in outline])
    return polygon_to_points_m(corners, points) - polygon_to_points_m(waterline, points), angles


@pytest.mark.parametrize("heading", [0, 30, 60, 90, 150])
@pytest.mark.parametrize(
    ("height", "pitch", "centre", "mean_m"),
    [
        pytest.param(60.0, -90.0, (8.0, 5.0), 0.4, id="nadir"),
        pytest.param(80.0, -45.0, (10.0, 85.0), 0.5, id="45 deg"),
        pytest.param(80.0, -25.0, (-20.0, 170.0), 0.8, id="oblique"),
    ],
)
def test_distances_to_a_tour_boat(pose_of, detection_of, height, pitch, centre, mean_m, heading) -> None:
    found, waterline = located(pose_of(height, pitch), centre, heading, make=detection_of)
    error, _ = round_about(centre, waterline, found.outline)
    assert abs(error.mean()) < mean_m
    assert np.abs(error).max() < 2.5
    assert found.length_m is not None
    assert found.length_m.value == pytest.approx(14.0, rel=0.12)
    assert abs((found.axis_deg - heading + 90) % 180 - 90) < 15


def test_the_far_side_is_not_read_as_sea(pose_of, detection_of) -> None:
    """The top of the box, taken as water, lies metres behind the boat."""
    pose = pose_of(60.0, -20.0)
    found, waterline = located(pose, (0.0, 180.0), 90.0, make=detection_of)
    farthest = max(p.north_m for p in found.outline)
    assert farthest == pytest.approx(waterline[:, 1].max(), abs=2.0)
    solid, _ = boat((0.0, 180.0), 90.0)
    top = image_from_sea(cameras_of(pose).nominal(), solid[None])[0, :, 1].min()
    as_water = locate(
        LocateRequest(pose=pose, points=({"x_px": 960.0, "y_px": top},))  # type: ignore[arg-type]
    ).points[0]
    assert isinstance(as_water, Position)
    assert as_water.north_m > farthest + 4


def test_the_outline_runs_counter_clockwise(pose_of, detection_of) -> None:
    found, _ = located(pose_of(), (10.0, 130.0), 40.0, make=detection_of)
    corners = np.array([[p.east_m, p.north_m] for p in found.outline])
    following = np.roll(corners, -1, axis=0)
    assert np.sum(corners[:, 0] * following[:, 1] - corners[:, 1] * following[:, 0]) > 0
    assert 4 <= len(found.outline) <= 8


@pytest.mark.parametrize("roof", [2.2, 3.3, 4.6])
def test_own_error_holds_what_the_prior_gets_wrong(pose_of, detection_of, roof) -> None:
    found, waterline = located(pose_of(80.0, -20.0), (0.0, 220.0), 90.0, (14.0, 4.0, 1.3, roof), make=detection_of)
    for pick, true in ((min, waterline[:, 1].min()), (max, waterline[:, 1].max())):
        corner = pick(found.outline, key=lambda p: p.north_m)
        assert abs(corner.north_m - true) < 2.5 * corner.own.north_north**0.5


def test_a_craft_cut_by_the_picture_is_longer_and_less_certain(pose_of, detection_of) -> None:
    pose = pose_of(60.0, -90.0)
    whole, _ = located(pose, (0.0, 5.0), 90.0, make=detection_of)
    box = whole.detection.box
    kept = box.length_px * 0.4
    cut_box = box.model_copy(update={"cx_px": 1920 - kept / 2, "length_px": kept})
    free_box = cut_box.model_copy(update={"cx_px": 1700.0})
    cut, free = (
        locate(LocateRequest(pose=pose, detections=(whole.detection.model_copy(update={"box": b}),))).detections[0]
        for b in (cut_box, free_box)
    )
    assert cut.length_m is not None
    assert free.length_m is not None
    assert cut.length_m.value > 1.2 * free.length_m.value
    assert cut.length_m.sigma > 3 * free.length_m.sigma
    # The stern in the picture stays where it is seen.
    seen = min(p.east_m for p in cut.outline)
    assert seen == pytest.approx((1920 - kept - 960) * 60 / 1332.5, abs=0.6)


def test_a_jet_ski_is_a_jet_ski(pose_of, detection_of) -> None:
    size = (2.8, 1.1, 0.4, 1.6)
    found, waterline = located(pose_of(60.0, -40.0), (5.0, 70.0), 20.0, size, ObjectKind.JET_SKI, detection_of)
    error, _ = round_about((5.0, 70.0), waterline, found.outline)
    assert np.abs(error).max() < 0.8


def test_a_dolphin_has_a_place_and_no_outline(pose_of, detection_of) -> None:
    found = locate(
        LocateRequest(pose=pose_of(), detections=(detection_of("dolphin", 960, 540, 20, 6, 10),))
    ).detections[0]
    assert isinstance(found.position, Position)
    assert found.outline == ()
    assert found.length_m is not None
    assert 1.5 < found.length_m.value < 4
    assert found.ground_sample_m == pytest.approx(160 / 1332.5, rel=0.05)


def test_a_craft_at_the_horizon_has_a_reason(pose_of, detection_of) -> None:
    pose = pose_of(60.0, -5.0, sigmas=(3.0, 1.0, 0.5, 2.0, 60.0, 2.0, 2.0))
    found = locate(LocateRequest(pose=pose, detections=(detection_of("vessel", 960, 300, 30, 12),))).detections[0]
    assert found.position.type == "no_position"
    assert found.outline == ()
