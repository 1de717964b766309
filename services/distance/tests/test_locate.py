"""Points and pairs on the sea: formulas of the error notes, absences, exact shared terms."""

import math

import numpy as np
import pytest

from wideberth_contracts.poses import GeoOrigin, NoPose
from wideberth_contracts.positions import ErrorSource, ImagePoint, LocateRequest, NoPosition, PointPair, Position
from wideberth_contracts.wire import Measured
from wideberth_distance.core.locate import locate
from wideberth_distance.core.projection import cameras_of, image_from_sea

RAW = (3.0, 1.0, 0.5, 0.0, 0.05 * 1332.5, 0.0, 0.0)
"""Errors of the notes' RAW column."""


def pixels_of(pose, *places):
    points = np.array([[[east, north, 0.0] for east, north in places]])
    seen = image_from_sea(cameras_of(pose).nominal(), points)[0]
    return tuple(ImagePoint(x_px=x, y_px=y, sigma_px=1.5) for x, y, _ in seen)


def range_sigma(pose, range_m: float, **point) -> float:
    """Own error towards the camera."""
    picked = pixels_of(pose, (0.0, range_m))[0].model_copy(update={"sigma_px": 0.0, **point})
    position = locate(LocateRequest(pose=pose, points=(picked,))).points[0]
    assert isinstance(position, Position)
    return math.sqrt(position.own.north_north)


def test_a_picked_point_lies_where_it_is(pose_of) -> None:
    pose = pose_of()
    answer = locate(LocateRequest(pose=pose, points=pixels_of(pose, (12.0, 140.0), (-30.0, 95.0))))
    assert [(p.east_m, p.north_m) for p in answer.points] == [
        pytest.approx((12.0, 140.0), abs=1e-6),
        pytest.approx((-30.0, 95.0), abs=1e-6),
    ]


def test_pixel_error_is_the_formula(pose_of) -> None:
    """(h² + D²) / (h f) a pixel along the view, at the picture's centre."""
    pose = pose_of(80.0, -30.0)
    middle = locate(LocateRequest(pose=pose, points=(ImagePoint(x_px=960, y_px=540, sigma_px=2.0),))).points[0]
    assert isinstance(middle, Position)
    slant2 = 80**2 + middle.north_m**2
    assert math.sqrt(middle.own.north_north) == pytest.approx(2 * slant2 / (80 * 1332.5), rel=1e-2)
    assert math.sqrt(middle.own.east_east) == pytest.approx(2 * math.sqrt(slant2) / 1332.5, rel=1e-2)


def test_wave_and_point_height_errors_are_the_formula(pose_of) -> None:
    assert range_sigma(pose_of(60.0, -20.0, wave_m=1.0), 200.0) == pytest.approx(200 / 60 / 4, rel=1e-3)
    risen = Measured(value=0.0, sigma=0.5)
    assert range_sigma(pose_of(60.0, -20.0), 200.0, height_above_water_m=risen) == pytest.approx(
        200 / 60 * 0.5, rel=1e-3
    )


def test_a_deck_taken_for_water_is_too_far(pose_of) -> None:
    """2 m up at 200 m from 60 m: 6.9 m."""
    pose = pose_of(60.0, -20.0)
    deck = pixels_of(pose, (0.0, 200.0))[0]
    raised = np.array([[[0.0, 200.0, 2.0]]])
    x, y, _ = image_from_sea(cameras_of(pose).nominal(), raised)[0, 0]
    as_water, as_deck = (
        locate(LocateRequest(pose=pose, points=(deck.model_copy(update={"x_px": x, "y_px": y, **update}),))).points[0]
        for update in ({}, {"height_above_water_m": Measured(value=2.0, sigma=0.0)})
    )
    assert as_water.north_m == pytest.approx(206.9, abs=0.1)
    assert as_deck.north_m == pytest.approx(200.0, abs=1e-6)


def test_shared_terms_are_exact_reprojections(pose_of) -> None:
    sigmas = (3.0, 0.7, 0.5, 2.0, 60.0, 2.0, 2.0)
    pose = pose_of(80.0, -25.0, sigmas=sigmas)
    picked = pixels_of(pose, (40.0, 210.0))
    base = locate(LocateRequest(pose=pose, points=picked)).points[0]
    assert isinstance(base, Position)
    terms = {term.source: term for term in base.shared}
    assert set(terms) == set(ErrorSource)
    up = pose.model_copy(update={"pitch_deg": Measured(value=-25.0 + 0.7, sigma=0.7)})
    moved = locate(LocateRequest(pose=up, points=picked)).points[0]
    assert isinstance(moved, Position)
    assert terms[ErrorSource.PITCH].plus.north_m == pytest.approx(moved.north_m - base.north_m, abs=1e-9)
    assert terms[ErrorSource.HEIGHT].plus.north_m == pytest.approx(210.0 * 3 / 80, rel=1e-3)
    assert terms[ErrorSource.CAMERA_EAST].plus.east_m == pytest.approx(2.0)
    # The skew of far ranges survives: up moves farther than down.
    assert terms[ErrorSource.PITCH].plus.north_m > -terms[ErrorSource.PITCH].minus.north_m


@pytest.mark.parametrize(
    ("height", "pitch", "y_px", "reason"),
    [
        pytest.param(80.0, -10.0, 100.0, "above_horizon", id="sky"),
        pytest.param(30.0, -10.0, 310.0, "too_far", id="one standard error reaches the horizon"),
        pytest.param(400.0, -10.0, 380.0, "too_far", id="beyond six kilometres"),
    ],
)
def test_absences(pose_of, height, pitch, y_px, reason) -> None:
    pose = pose_of(height, pitch, sigmas=(3.0, 1.0, 0.5, 2.0, 60.0, 2.0, 2.0) if height < 100 else (0.0,) * 7)
    found = locate(LocateRequest(pose=pose, points=(ImagePoint(x_px=960, y_px=y_px),))).points[0]
    assert isinstance(found, NoPosition)
    assert found.reason.value == reason


def test_without_a_pose_everything_says_so(detection_of) -> None:
    request = LocateRequest(
        pose=NoPose(reason="no_pitch"),
        points=(ImagePoint(x_px=1, y_px=1), ImagePoint(x_px=2, y_px=1)),
        detections=(detection_of("dolphin", 50, 50, 20, 8),),
        pairs=(PointPair(a=0, b=1),),
    )
    answer = locate(request)
    assert [p.reason.value for p in answer.points] == ["no_pose", "no_pose"]
    assert answer.detections[0].position.detail == "no_pitch"
    assert answer.separations[0].separation is None


@pytest.mark.parametrize(
    ("height", "pitch", "near", "far", "low", "high"),
    [
        # Notes, section 8: 95 % of the measured value for a true 50 m along the view. Those are for a normal height
        # and Hs 1; a Student-t height of the same scale is a little wider.
        pytest.param(60.0, -20.0, 175.0, 225.0, 38.0, 68.0, id="h60 D200"),
        pytest.param(100.0, -20.0, 175.0, 225.0, 43.0, 59.0, id="h100 D200"),
        pytest.param(100.0, -20.0, 375.0, 425.0, 36.0, 73.0, id="h100 D400"),
    ],
)
def test_pair_interval_agrees_with_the_error_table(pose_of, height, pitch, near, far, low, high) -> None:
    pose = pose_of(height, pitch, sigmas=RAW, wave_m=1.0)
    points = tuple(
        p.model_copy(update={"sigma_px": 1.5}) for p in pixels_of(pose, (0.0, near), (0.0, far))
    )  # 3 px at 4K
    answer = locate(LocateRequest(pose=pose, points=points, pairs=(PointPair(a=0, b=1),)))
    separation = answer.separations[0].separation
    assert separation is not None
    assert separation.value_m == pytest.approx(50.0, abs=1e-6)
    assert separation.interval_95_m.low == pytest.approx(low, abs=2.5)
    assert separation.interval_95_m.high == pytest.approx(high, abs=4.5)
    assert separation.p_below[0].probability == pytest.approx(0.5, abs=0.06)


def test_straight_down_only_the_scale_counts(pose_of) -> None:
    """dS/S = dh/h; pitch and roll vanish."""
    pose = pose_of(60.0, -90.0, sigmas=(0.0, 1.0, 0.5, 2.0, 0.0, 5.0, 5.0))
    points = tuple(p.model_copy(update={"sigma_px": 0.0}) for p in pixels_of(pose, (-15.0, 0.0), (15.0, 0.0)))
    request = LocateRequest(pose=pose, points=points, pairs=(PointPair(a=0, b=1),))
    narrow = locate(request).separations[0].separation
    tall = pose.model_copy(update={"height_m": Measured(value=60.0, sigma=3.0)})
    wide = locate(request.model_copy(update={"pose": tall})).separations[0].separation
    assert narrow is not None
    assert wide is not None
    assert narrow.interval_95_m.high - narrow.interval_95_m.low < 0.2
    # 2.776 is the 97.5 % point of Student-t with four degrees of freedom.
    assert wide.interval_95_m.high == pytest.approx(30 * (1 + 2.776 * 3 / 60), abs=0.3)


def test_degrees_follow_from_the_origin(pose_of) -> None:
    pose = pose_of()
    origin = GeoOrigin(latitude=33.2, longitude=126.2)
    place = locate(LocateRequest(pose=pose, origin=origin, points=pixels_of(pose, (100.0, 150.0)))).points[0]
    assert place.latitude == pytest.approx(33.2 + 150 / 110_913, abs=1e-6)
    assert place.longitude == pytest.approx(126.2 + 100 / (111_412 * math.cos(math.radians(33.2))), abs=2e-5)


@pytest.mark.parametrize("pitch_deg", [25.0, 60.0, 89.0])
def test_a_camera_that_looks_above_the_horizon_places_nothing(pose_of, pitch_deg: float) -> None:
    """The lower edge of the picture lies 22 deg below its middle: all of it is sky."""
    corners = tuple(ImagePoint(x_px=x, y_px=y) for x in (1.0, 960.0, 1919.0) for y in (1.0, 540.0, 1079.0))
    answer = locate(LocateRequest(pose=pose_of(60.0, pitch_deg), points=corners, pairs=(PointPair(a=0, b=8),)))
    assert [place.reason.value for place in answer.points if isinstance(place, NoPosition)] == ["above_horizon"] * 9
    assert answer.separations[0].separation is None


def test_below_the_horizon_a_camera_that_looks_up_a_little_still_places(pose_of) -> None:
    sky, sea = (ImagePoint(x_px=960.0, y_px=y) for y in (400.0, 1000.0))
    answer = locate(LocateRequest(pose=pose_of(60.0, 2.0), points=(sky, sea), pairs=(PointPair(a=0, b=1),)))
    assert isinstance(answer.points[0], NoPosition)
    assert answer.points[0].reason.value == "above_horizon"
    assert isinstance(answer.points[1], Position)
    assert answer.separations[0].separation is None
