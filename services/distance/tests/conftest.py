"""Poses and boxes used by several tests."""

import pytest

from wideberth_contracts.detections import Detection, ObjectKind, OrientedBox
from wideberth_contracts.poses import CameraPose
from wideberth_contracts.wire import Measured


def make_pose(height_m=80.0, pitch_deg=-30.0, *, sigmas=(0.0,) * 7, wave_m=0.0, focal_px=1332.5) -> CameraPose:
    """A pose looking north; sigmas in the order height, pitch, roll, yaw, focal length, east, north."""
    values = (height_m, pitch_deg, 0.0, 0.0, focal_px, 0.0, 0.0)
    names = ("height_m", "pitch_deg", "roll_deg", "yaw_deg", "focal_px", "east_m", "north_m")
    measured = {n: Measured(value=v, sigma=s) for n, v, s in zip(names, values, sigmas, strict=True)}
    return CameraPose(**measured, width_px=1920, height_px=1080, significant_wave_height_m=wave_m)


@pytest.fixture
def pose_of():
    return make_pose


@pytest.fixture
def detection_of():
    def make(kind: ObjectKind, cx: float, cy: float, length: float, width: float, angle: float = 0.0) -> Detection:
        box = OrientedBox(cx_px=cx, cy_px=cy, length_px=length, width_px=width, angle_deg=angle)
        return Detection(kind=kind, confidence=0.9, box=box, model_id="test")

    return make
