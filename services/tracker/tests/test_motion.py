"""Motion of the picture: known warps of real and made pictures."""

import re
from pathlib import Path

import cv2
import numpy as np
import pytest

from wideberth_contracts.frames import ImageMotion, NoImageMotion
from wideberth_contracts.poses import CameraPose
from wideberth_contracts.wire import Measured
from wideberth_tracker.core.motion import picture_motion
from wideberth_tracker.core.posed_motion import image_from_sea, later_from_earlier
from wideberth_tracker.trials.sea import Camera, project

DATA = Path(__file__).resolve().parents[4] / "shared" / "data"


def sea_like(width=1280, height=720, seed=0):
    """Blobs of all sizes in a narrow range of grey: texture like a sea's."""
    rng = np.random.default_rng(seed)
    picture = np.zeros((height, width))
    for sigma in (2, 5, 12):
        noise = cv2.GaussianBlur(rng.normal(size=(height, width)), (0, 0), sigma)
        picture += noise / noise.std()
    grey = np.clip(110 + 18 * picture, 0, 230).astype(np.uint8)
    return cv2.cvtColor(grey, cv2.COLOR_GRAY2BGR)


def turn(angle_deg, scale, shift, width=1280, height=720):
    fit = cv2.getRotationMatrix2D((width / 2, height / 2), angle_deg, scale)
    fit[:, 2] += shift
    return np.vstack([fit, [0, 0, 1]])


def error_px(motion, truth, width=1280, height=720):
    """Largest distance at corners and middle between measured and true motion, in array indices."""
    corners = np.array([[0, 0], [width, 0], [0, height], [width, height], [width / 2, height / 2]], dtype=float)
    fit = np.array(motion.later_from_earlier).reshape(3, 3)
    ours = cv2.perspectiveTransform((corners + 0.5)[None], fit)[0] - 0.5
    theirs = cv2.perspectiveTransform(corners[None], truth)[0]
    return np.linalg.norm(ours - theirs, axis=1).max()


@pytest.mark.parametrize(
    ("angle_deg", "scale", "shift"),
    [
        pytest.param(0.0, 1.0, (0.0, 0.0), id="still"),
        pytest.param(0.0, 1.0, (25.0, -14.0), id="pan"),
        pytest.param(1.5, 1.0, (5.0, 5.0), id="turn"),
        pytest.param(0.3, 1.03, (-9.0, 12.0), id="climb"),
    ],
)
def test_a_known_warp_is_found(angle_deg, scale, shift):
    earlier, truth = sea_like(), turn(angle_deg, scale, shift)
    later = cv2.warpPerspective(earlier, truth, (1280, 720), borderMode=cv2.BORDER_REFLECT)
    motion = picture_motion(earlier, later)
    assert isinstance(motion, ImageMotion)
    assert error_px(motion, truth) < 1.0


def test_sparkling_glint_does_not_mislead():
    rng = np.random.default_rng(3)
    earlier, truth = sea_like(), turn(0.5, 1.0, (12.0, 6.0))
    later = cv2.warpPerspective(earlier, truth, (1280, 720), borderMode=cv2.BORDER_REFLECT)
    for picture in (earlier, later):
        for x, y in rng.integers((300, 100), (900, 600), (900, 2)):
            cv2.circle(picture, (int(x), int(y)), 2, (255, 255, 255), -1)
    motion = picture_motion(earlier, later)
    assert isinstance(motion, ImageMotion)
    assert error_px(motion, truth) < 2.0


def test_a_4k_picture_is_measured_in_its_own_pixels():
    earlier = cv2.resize(sea_like(), (3840, 2160), interpolation=cv2.INTER_CUBIC)
    truth = turn(0.0, 1.0, (30.0, 18.0), 3840, 2160)
    later = cv2.warpPerspective(earlier, truth, (3840, 2160), borderMode=cv2.BORDER_REFLECT)
    motion = picture_motion(earlier, later)
    assert isinstance(motion, ImageMotion)
    assert error_px(motion, truth, 3840, 2160) < 2.0


@pytest.mark.parametrize(
    ("later", "why"),
    [
        pytest.param(np.full((720, 1280, 3), 90, np.uint8), "points agree|too little texture", id="blank"),
        pytest.param(sea_like(seed=9), "common motion|too little texture", id="another sea"),
        pytest.param(sea_like(width=640, height=360), "differ in size", id="another size"),
    ],
)
def test_no_motion_says_why(later, why):
    motion = picture_motion(sea_like(), later)
    assert isinstance(motion, NoImageMotion)
    assert re.search(why, motion.reason)


def test_real_breaking_waves_can_be_registered():
    folder = DATA / "surf_frames"
    if not folder.is_dir():
        pytest.skip("needs ../shared/data/surf_frames")
    found = 0
    for path in sorted(path for path in folder.rglob("*") if path.suffix.lower() in (".jpg", ".png"))[:4]:
        earlier, truth = cv2.imread(str(path)), turn(0.4, 1.0, (14.0, -8.0), 1920, 1080)
        later = cv2.warpPerspective(earlier, truth, (1920, 1080), borderMode=cv2.BORDER_REFLECT)
        motion = picture_motion(earlier, later)
        found += isinstance(motion, ImageMotion) and error_px(motion, truth, 1920, 1080) < 1.5
    assert found == 4


def pose(yaw=0.0, pitch=-20.0, east=0.0, roll=0.0):
    exact = {
        name: Measured(value=value, sigma=0.0)
        for name, value in {
            "height_m": 60.0,
            "pitch_deg": pitch,
            "roll_deg": roll,
            "yaw_deg": yaw,
            "focal_px": 2665.0,
            "east_m": east,
            "north_m": 0.0,
        }.items()
    }
    return CameraPose(**exact, width_px=3840, height_px=2160)


def test_sea_to_picture_agrees_with_the_trial_sea():
    x, y, w = image_from_sea(pose(yaw=10.0)) @ np.array([40.0, 150.0, 1.0])
    assert (x / w, y / w) == pytest.approx(project(Camera(), np.radians(10.0), 40.0, 150.0))


def test_rolling_right_lifts_what_lies_left():
    """Roll is positive when the right side of the picture points down: the scene's left then moves down in it."""
    level, rolled = (image_from_sea(pose(roll=roll)) @ np.array([-40.0, 160.0, 1.0]) for roll in (0.0, 3.0))
    right_level, right_rolled = (image_from_sea(pose(roll=roll)) @ np.array([40.0, 160.0, 1.0]) for roll in (0.0, 3.0))
    assert rolled[1] / rolled[2] > level[1] / level[2]
    assert right_rolled[1] / right_rolled[2] < right_level[1] / right_level[2]


def test_motion_from_poses_carries_a_still_point():
    first, second = pose(yaw=5.0), pose(yaw=6.5, east=2.0, pitch=-21.0)
    here, there = (fit @ np.array([30.0, 140.0, 1.0]) for fit in (image_from_sea(first), image_from_sea(second)))
    carried = later_from_earlier(first, second) @ (here / here[2])
    assert carried[:2] / carried[2] == pytest.approx(there[:2] / there[2])
