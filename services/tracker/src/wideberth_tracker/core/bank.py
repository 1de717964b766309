"""The filters of all tracks side by side, for one frame."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from wideberth_tracker.core.kalman import ONE_4, Floats, predict, times
from wideberth_tracker.core.kinds import BRISK_MPS, PICTURE_MEMORY_S
from wideberth_tracker.core.memory import Filter, TrackRecord
from wideberth_tracker.core.sightings import Bools, upright_around

_NOTHING = Filter((0.0,) * 4, tuple(ONE_4.ravel().tolist()))


@dataclass(slots=True)
class Bank:
    """n tracks as arrays.

    Attributes:
        image_means: (n, 4) px; image_covs: (n, 4, 4).
        has_sea: (n,) whether the track has a position; where not, `sea_means` and `sea_covs` mean nothing.
        boxes: (n, 3) length, width in px, angle in rad.
        log_lengths, has_length: (n,) of the object in m.
        unseen_s: (n,).
    """

    image_means: Floats
    image_covs: Floats
    has_sea: Bools
    sea_means: Floats
    sea_covs: Floats
    boxes: Floats
    log_lengths: Floats
    has_length: Bools
    unseen_s: Floats

    @classmethod
    def of(cls, tracks: Sequence[TrackRecord], now_s: float) -> "Bank":
        """Arrays of these tracks as they stand."""
        count = len(tracks)
        seas = [track.sea or _NOTHING for track in tracks]
        lengths = [track.typical_length_m for track in tracks]
        return cls(
            image_means=np.array([track.image.mean for track in tracks]).reshape(count, 4),
            image_covs=np.array([track.image.cov for track in tracks]).reshape(count, 4, 4),
            has_sea=np.array([track.sea is not None for track in tracks], dtype=bool),
            sea_means=np.array([sea.mean for sea in seas]).reshape(count, 4),
            sea_covs=np.array([sea.cov for sea in seas]).reshape(count, 4, 4),
            boxes=np.array([track.box for track in tracks]).reshape(count, 3),
            log_lengths=np.log(np.array([length or 1.0 for length in lengths]).reshape(count)),
            has_length=np.array([length is not None for length in lengths], dtype=bool),
            unseen_s=np.array([track.unseen_s(now_s) for track in tracks]).reshape(count),
        )

    def carry_on(self, tracks: Sequence[TrackRecord], dt_s: float, camera_noise_px: float) -> None:
        """Predict every filter by `dt_s`; `camera_noise_px`: how much the camera itself may turn, px/s^1.5."""
        models = [track.model for track in tracks]
        memory_s = np.array([model.velocity_memory_s for model in models])
        share = np.array([model.still_share for model in models])
        brisk = np.minimum((self.sea_means[:, 2] ** 2 + self.sea_means[:, 3] ** 2) / BRISK_MPS**2, 1.0)
        noise = np.array([model.acceleration_noise for model in models]) * (share + (1 - share) * brisk)
        self.sea_means, self.sea_covs = predict(self.sea_means, self.sea_covs, dt_s, noise, memory_s)
        turn = np.array([model.turn_lengths for model in models])
        noise_px = (turn**2) * self.boxes[:, 0] * self.boxes[:, 1] + camera_noise_px**2
        memory_s = np.minimum(memory_s, [PICTURE_MEMORY_S[track.group] for track in tracks])
        self.image_means, self.image_covs = predict(self.image_means, self.image_covs, dt_s, noise_px, memory_s)

    def move_picture(self, later_from_earlier: Floats) -> None:
        """Take the picture's motion into the image filters; (3, 3) homography."""
        ones = np.ones((len(self.image_means), 1))
        mapped = np.concatenate([self.image_means[:, :2], ones], axis=1) @ later_from_earlier.T
        depth = mapped[:, 2]
        centre = mapped[:, :2] / depth[:, None]
        local = (later_from_earlier[None, :2, :2] - centre[:, :, None] * later_from_earlier[None, None, 2, :2]) / depth[
            :, None, None
        ]
        both = np.zeros((len(centre), 4, 4))
        both[:, :2, :2] = both[:, 2:, 2:] = local
        self.image_means = np.concatenate([centre, times(local, self.image_means[:, 2:])], axis=1)
        self.image_covs = both @ self.image_covs @ both.transpose(0, 2, 1)
        zoom = np.sqrt(np.abs(np.linalg.det(local)))
        turn = np.arctan2(local[:, 1, 0] - local[:, 0, 1], local[:, 0, 0] + local[:, 1, 1])
        self.boxes = self.boxes * np.stack([zoom, zoom, np.ones_like(zoom)], axis=1)
        self.boxes[:, 2] += turn

    def shift_picture(self, shift_px: Floats, cov: Floats) -> None:
        """Move all image filters by one shift (2,) known to `cov` (2, 2)."""
        self.image_means[:, :2] += shift_px
        self.image_covs[:, :2, :2] += cov

    def upright(self) -> Floats:
        """Upright boxes (n, 4) where the tracks are expected in the picture."""
        return upright_around(np.concatenate([self.image_means[:, :2], self.boxes], axis=1))

    def store(self, tracks: Sequence[TrackRecord]) -> None:
        """Write the arrays back into the records."""
        image_means, image_covs = self.image_means.tolist(), self.image_covs.reshape(-1, 16).tolist()
        sea_means, sea_covs = self.sea_means.tolist(), self.sea_covs.reshape(-1, 16).tolist()
        boxes = self.boxes.tolist()
        for index, track in enumerate(tracks):
            track.image = Filter(tuple(image_means[index]), tuple(image_covs[index]))
            if self.has_sea[index]:
                track.sea = Filter(tuple(sea_means[index]), tuple(sea_covs[index]))
            length, width, angle = boxes[index]
            track.box = (length, width, angle)
