"""A small picture with a known answer: dark water, white glitter that changes, one white boat that stays."""

import cv2
import numpy as np
import numpy.typing as npt

from wideberth_contracts.frames import ClearSettings, FrameMeta, FrameWindow, TimeBase
from wideberth_contracts.poses import NoPose, PoseAbsence
from wideberth_media.pixels import frame_of

WIDTH_PX, HEIGHT_PX, FPS = 960, 540, 30
WATER_BGR = (110, 80, 45)
SPECKS = 9000
BOAT = ((480, 270), (46, 16), 20.0)
"""Centre, half axes (px) and angle (deg) of the boat."""


def _sea(seed: int) -> npt.NDArray[np.uint8]:
    rng = np.random.default_rng(seed)
    water = np.full((HEIGHT_PX, WIDTH_PX, 3), WATER_BGR, np.float32)
    water += cv2.GaussianBlur(rng.normal(0, 20, water.shape[:2]), (0, 0), 4)[..., None].astype(np.float32)
    glitter = np.zeros((HEIGHT_PX, WIDTH_PX), np.float32)
    glitter[rng.integers(0, HEIGHT_PX, SPECKS), rng.integers(0, WIDTH_PX, SPECKS)] = 2500
    water += cv2.GaussianBlur(glitter, (0, 0), 0.9)[..., None]
    return np.asarray(np.clip(water, 0, 255), np.uint8)


def glittering_window(frames: int = 3, boat: bool = True) -> tuple[FrameWindow, npt.NDArray[np.bool_]]:
    """Return a window of changing glitter around the middle frame, and where its boat is; (h, w)."""
    hull = np.zeros((HEIGHT_PX, WIDTH_PX), np.uint8)
    if boat:
        cv2.ellipse(hull, BOAT[0], BOAT[1], BOAT[2], 0, 360, 255, -1)
    pictures = []
    for index in range(frames):
        picture = _sea(index)
        picture[hull > 0] = (225, 228, 230)
        meta = FrameMeta(
            clip="self-test",
            pts=index,
            time_base=TimeBase(numerator=1, denominator=FPS),
            t_s=index / FPS,
            width_px=WIDTH_PX,
            height_px=HEIGHT_PX,
        )
        pictures.append(frame_of(picture, meta))
    poses = tuple(NoPose(reason=PoseAbsence.NO_TELEMETRY) for _ in pictures)
    return FrameWindow(tuple(pictures), frames // 2, poses, ClearSettings()), hull > 0
