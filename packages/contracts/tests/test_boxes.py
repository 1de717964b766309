"""Oriented boxes and positions: conventions that everything else relies on."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wideberth_contracts.detections import OrientedBox
from wideberth_contracts.positions import Covariance2, EastNorth, ErrorSource, Position, SharedTerm


def test_angle_turns_clockwise_because_y_points_down() -> None:
    box = OrientedBox(cx_px=0, cy_px=0, length_px=10, width_px=2, angle_deg=45)
    front = [sum(values) / 2 for values in zip(*box.corners_px()[:2], strict=True)]
    assert front == pytest.approx([10 / 2 / math.sqrt(2)] * 2)  # right and down


@given(st.floats(-500, 500), st.floats(-500, 500), st.floats(1, 900), st.floats(1, 900), st.floats(-90, 89.99))
def test_corners_are_a_rectangle_about_the_centre(
    cx: float, cy: float, long: float, short: float, angle: float
) -> None:
    box = OrientedBox(cx_px=cx, cy_px=cy, length_px=long, width_px=short, angle_deg=angle)
    corners = box.corners_px()
    assert [sum(values) / 4 for values in zip(*corners, strict=True)] == pytest.approx([cx, cy], abs=1e-6)
    assert math.dist(corners[1], corners[2]) == pytest.approx(long)
    assert math.dist(corners[0], corners[1]) == pytest.approx(short)
    left, top, right, bottom = box.xyxy_px()
    assert left <= cx <= right
    assert top <= cy <= bottom


def test_shared_covariance_is_the_sum_of_its_terms() -> None:
    terms = tuple(
        SharedTerm(source=source, plus=EastNorth(east_m=e, north_m=n), minus=EastNorth(east_m=-e, north_m=-n))
        for source, e, n in ((ErrorSource.HEIGHT, 3.0, 0.0), (ErrorSource.PITCH, 0.0, 4.0))
    )
    own = Covariance2(east_east=1, east_north=0, north_north=1)
    shared = Position(east_m=0, north_m=0, shared=terms, own=own).shared_covariance()
    assert (shared.east_east, shared.east_north, shared.north_north) == (9.0, 0.0, 16.0)
