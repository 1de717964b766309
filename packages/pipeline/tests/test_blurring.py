"""What is covered for whom it is blurred: persons, hulls, and all of what was not looked at."""

import numpy as np
import pytest

from wideberth_contracts.detections import Detection, ObjectKind, OrientedBox
from wideberth_contracts.frames import FrameMeta, ImageMotion, NoImageMotion, TimeBase
from wideberth_contracts.poses import NoPose, PoseAbsence
from wideberth_contracts.positions import LocatedDetection, NoPosition, PositionAbsence
from wideberth_contracts.tracks import SensedFrame, Track, TrackPoint, TrackState
from wideberth_pipeline.blurring import Hulls, blur_of

STEP_S, SIZE = 0.5, (400, 300)
STILL = ImageMotion(later_from_earlier=(1, 0, 0, 0, 1, 0, 0, 0, 1), inliers=50)
NOWHERE = NoPosition(reason=PositionAbsence.NO_POSE)
RNG = np.random.default_rng(5)
PICTURE = RNG.integers(0, 255, (SIZE[1], SIZE[0], 3), dtype=np.uint8)


def box(cx: float, cy: float, length: float = 60, width: float = 20, angle: float = 0) -> OrientedBox:
    return OrientedBox(cx_px=cx, cy_px=cy, length_px=length, width_px=width, angle_deg=angle)


def frame(number: int, *found: tuple[ObjectKind, OrientedBox], motion=STILL, failure: str | None = None) -> SensedFrame:
    meta = FrameMeta(
        clip="c",
        pts=number * 10,
        time_base=TimeBase(numerator=1, denominator=20),
        t_s=number * STEP_S,
        width_px=SIZE[0],
        height_px=SIZE[1],
    )
    detections = tuple(
        LocatedDetection(
            detection=Detection(kind=kind, confidence=0.9, box=where, model_id="m"), position=NOWHERE, outline=()
        )
        for kind, where in found
    )
    no_pose = NoPose(reason=PoseAbsence.NO_TELEMETRY)
    return SensedFrame(frame=meta, pose=no_pose, detections=detections, motion=motion, failure=failure)


def changed(blur, pts: int) -> np.ndarray:
    """Where the picture is not as it was."""
    return np.any(blur.paint(PICTURE, pts, 1.0) != PICTURE, axis=2)


def test_a_person_is_covered_between_the_frames_that_were_looked_at() -> None:
    person = (ObjectKind.SWIMMER, box(100, 100, 20, 12))
    blur = blur_of([frame(0, person), frame(1, person), frame(2)], (), Hulls.ENDS, STEP_S)
    for pts in (0, 3, 10, 13, 19):
        assert changed(blur, pts)[94:106, 90:110].all(), pts
        assert not changed(blur, pts)[:, 200:].any(), pts
    assert not changed(blur, 20).any()


def test_dolphins_are_left_as_they_are() -> None:
    animal = (ObjectKind.DOLPHIN, box(100, 100))
    assert not changed(blur_of([frame(0, animal), frame(1, animal)], (), Hulls.WHOLE, STEP_S), 5).any()


@pytest.mark.parametrize("angle", [0.0, 40.0])
def test_a_hull_is_covered_whole_or_at_its_ends(angle: float) -> None:
    hull = (ObjectKind.VESSEL, box(200, 150, 120, 40, angle))
    covered = {hulls: changed(blur_of([frame(0, hull), frame(1, hull)], (), hulls, STEP_S), 5) for hulls in Hulls}
    along = np.array([np.cos(np.radians(angle)), np.sin(np.radians(angle))])
    for end in (-55, 55):
        x, y = (np.array([200, 150]) + end * along).round().astype(int)
        assert all(one[y, x] for one in covered.values())
    assert (covered[Hulls.WHOLE][150, 200], covered[Hulls.ENDS][150, 200]) == (True, False)
    assert blur_of([frame(0, hull)], (), Hulls.WHOLE, STEP_S).counts["hull"] == 1


def test_where_the_camera_turns_the_way_is_covered() -> None:
    turned = ImageMotion(later_from_earlier=(1, 0, 150, 0, 1, 0, 0, 0, 1), inliers=50)
    person = (ObjectKind.SWIMMER, box(100, 100, 20, 12))
    missed = blur_of([frame(0, person), frame(1, motion=turned)], (), Hulls.ENDS, STEP_S)
    assert changed(missed, 5)[95:105, 95:255].all(), (
        "in the frame after it was not seen, and lies where the turn took it"
    )
    unknown = NoImageMotion(reason="too few points")
    blind = blur_of([frame(0, person), frame(1, motion=unknown)], (), Hulls.ENDS, STEP_S)
    broken = ImageMotion(later_from_earlier=(0,) * 9, inliers=1)
    assert changed(blind, 5).sum() > changed(blur_of([frame(0, person), frame(1)], (), Hulls.ENDS, STEP_S), 5).sum()
    assert changed(blur_of([frame(0, person), frame(1, motion=broken)], (), Hulls.ENDS, STEP_S), 5)[100, 100]


def test_what_was_not_looked_at_is_covered_whole() -> None:
    gap = blur_of([frame(0), frame(1), frame(8), frame(9)], (), Hulls.WHOLE, STEP_S)
    assert [gap.at(pts) is None for pts in (0, 9, 10, 11, 79, 80, 90, 94, 101)] == [
        False, False, True, True, True, False, False, False, True,
    ]  # fmt: skip
    assert gap.at(-4) is not None
    assert gap.at(-20) is None
    failed = blur_of([frame(0), frame(1, failure="broken"), frame(2), frame(3)], (), Hulls.WHOLE, STEP_S)
    assert [failed.at(pts) is None for pts in (0, 5, 10, 15, 20, 25)] == [True, True, True, True, False, False]
    assert blur_of([], (), Hulls.WHOLE, STEP_S).at(0) is None
    shown = gap.paint(PICTURE, 40, 1.0)
    assert len(np.unique(shown.reshape(-1, 3), axis=0)) <= 24 * 18


def test_a_craft_that_was_missed_in_between_is_covered_on_its_way() -> None:
    points = tuple(
        TrackPoint(t_s=number * STEP_S, pts=number * 10, observed=seen, position=NOWHERE, box=where)
        for number, seen, where in ((0, True, box(60, 100)), (1, False, None), (2, True, box(160, 100)))
    )
    track = Track(id="v1", kind=ObjectKind.VESSEL, state=TrackState.CONFIRMED, points=points)
    blur = blur_of([frame(0), frame(1), frame(2)], (track,), Hulls.WHOLE, STEP_S)
    assert changed(blur, 12)[95:105, 40:180].all()


def test_a_smaller_picture_is_covered_at_the_same_place() -> None:
    person = (ObjectKind.SWIMMER, box(200, 150, 60, 40))
    blur = blur_of([frame(0, person), frame(1, person)], (), Hulls.ENDS, STEP_S)
    small = np.ascontiguousarray(PICTURE[::2, ::2])
    differs = np.any(blur.paint(small, 5, 0.5) != small, axis=2)
    assert differs[66:84, 86:114].all()
    assert not differs[:, :60].any()
