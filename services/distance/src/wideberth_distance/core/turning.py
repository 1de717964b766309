"""How the picture should move between two frames by the telemetry: the counterpart of `PictureTurn`.

A 3 x 3 grid of pixels is put on the sea by the camera of the first moment and looked at by that of the second. What
looks above the horizon, or has no height to be put by, lies far away and moves by the turning alone. GPS is
smoothed: its steps of a decimetre to a metre are no motion.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from wideberth_contracts.joining import PictureTurn, VideoFacts
from wideberth_distance.core.projection import Array, Cameras, Mask, camera_from_world, sea_from_image
from wideberth_distance.core.timeline import Series

CHANNELS = 3
"""Right, down, clockwise; all in degrees, the first two as seen from the camera along its axis."""
SMOOTH_S = 2.0
FAR_M = 1e6
_NEAR_M, _FARTHEST_SEA_M = 1.0, 5_000.0
_STEPS = np.array([-0.25, 0.0, 0.25])


@dataclass(frozen=True, slots=True)
class Angles:
    """What turns and moves the camera, each as a function of the rows' own time.

    Attributes:
        height: above the water; None where it is not known.
        east, north: None where there is no GPS.
        pitch_deg: stands in where the rows have none.
    """

    yaw: Series
    pitch: Series
    roll: Series
    height: Series | None
    east: Series | None
    north: Series | None
    focal_px: float
    pitch_deg: float | None

    @property
    def can_tell(self) -> bool:
        """Whether a turn of the camera would show in the rows."""
        # A heading that never changes in a whole file was not read.
        return (
            self.yaw.t_s.size > 1
            and float(np.ptp(self.yaw.value)) > 0
            and (self.pitch.t_s.size > 1 or self.pitch_deg is not None)
        )


def smoothed(series: Series) -> Series:
    """Mean over `SMOOTH_S` around each row."""
    if series.t_s.size < 2:
        return series
    total = np.concatenate([[0.0], np.cumsum(series.value)])
    low = np.searchsorted(series.t_s, series.t_s - SMOOTH_S / 2, side="left")
    high = np.searchsorted(series.t_s, series.t_s + SMOOTH_S / 2, side="right")
    return Series(series.t_s, (total[high] - total[low]) / (high - low))


def measured(turns: Sequence[PictureTurn], focal_px: float) -> Array:
    """Turns of the picture in degrees, shape (K, 3)."""
    return np.array(
        [
            [np.degrees(turn.right_px / focal_px), np.degrees(turn.down_px / focal_px), turn.clockwise_deg]
            for turn in turns
        ],
        dtype=np.float64,
    ).reshape(-1, CHANNELS)


def predicted(angles: Angles, from_s: Array, to_s: Array, video: VideoFacts) -> tuple[Array, Mask]:
    """Turns between moments in the rows' own time, both shape (K,): shape (K, 3), and where they are known."""
    first, known = _cameras(angles, from_s, video)
    second, also = _cameras(angles, to_s, video)
    grid = _grid(video)
    rays = np.concatenate([(grid - np.array(first.centre_px)) / angles.focal_px, np.ones((len(grid), 1))], axis=1)
    directions = rays[None] @ first.rotation
    places, seen = sea_from_image(first, grid, np.zeros(len(grid)))
    base = np.stack([first.east_m, first.north_m], axis=-1)[:, None, :]
    distance = np.hypot(*np.moveaxis(places - base, -1, 0))
    near = seen & (distance < _FARTHEST_SEA_M) & (first.height_m[:, None] > _NEAR_M)
    # A sphere's few centimetres do not matter here: the sea is a plane, and what is far away is a direction.
    on_sea = np.concatenate([places - base, np.broadcast_to(-first.height_m[:, None, None], (*seen.shape, 1))], axis=-1)
    offsets = np.where(near[..., None], on_sea, directions * FAR_M)
    moved = np.stack(
        [second.east_m - first.east_m, second.north_m - first.north_m, second.height_m - first.height_m], axis=-1
    )
    local = (offsets - moved[:, None, :]) @ np.swapaxes(second.rotation, 1, 2)
    ahead = local[..., 2] > 1e-6
    pixels = angles.focal_px * local[..., :2] / np.where(ahead, local[..., 2], 1.0)[..., None]
    told = similarity(grid - np.array(first.centre_px), pixels - (grid - np.array(first.centre_px)))
    return told * np.array([*[np.degrees(1 / angles.focal_px)] * 2, 1.0]), known & also & ahead.all(axis=1)


def similarity(around: Array, moves: Array) -> Array:
    """Mean displacement right and down, px, and turn clockwise, deg, of N points: (V, 3) from (N, 2) and (V, N, 2)."""
    turn = (around[:, 0] * moves[..., 1] - around[:, 1] * moves[..., 0]).sum(axis=-1) / (around**2).sum()
    return np.concatenate([moves.mean(axis=-2), np.degrees(turn)[..., None]], axis=-1)


def _grid(video: VideoFacts) -> Array:
    x, y = np.meshgrid(0.5 + _STEPS, 0.5 + _STEPS)
    return np.stack([x.ravel() * video.width_px, y.ravel() * video.height_px], axis=1)


def _cameras(angles: Angles, at_s: Array, video: VideoFacts) -> tuple[Cameras, Mask]:
    yaw, known = angles.yaw.at(at_s)
    pitch, has_pitch = angles.pitch.at(at_s)
    if angles.pitch_deg is not None:
        pitch, has_pitch = np.where(has_pitch, pitch, angles.pitch_deg), np.ones_like(has_pitch)
    roll, has_roll = angles.roll.at(at_s)
    height, east, north = (
        np.zeros_like(at_s) if series is None else series.at(at_s)[0]
        for series in (angles.height, angles.east, angles.north)
    )
    rotation = camera_from_world(yaw, pitch, np.where(has_roll, roll, 0.0))
    focal = np.full(at_s.shape, angles.focal_px)
    centre = (video.width_px / 2, video.height_px / 2)
    return Cameras(east, north, height, focal, rotation, centre), known & has_pitch
