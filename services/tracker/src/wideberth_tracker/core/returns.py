"""Returns after a gap that may be a false alarm.

A track not seen for a while has a wide gate, and in a picture with false alarms one of them sooner or later lies in
it. Where that is likely, a box in the gate is a return on trial: the track goes on from it, and a fallback of the track
goes on without it. Seen again in one of the next two frames, the return is certain; else the track is its fallback
again. A weak box does not bring a track back in such a picture.
"""

import dataclasses
import math

import numpy as np

from wideberth_contracts.tracks import TrackState
from wideberth_tracker.core.association import GATE
from wideberth_tracker.core.bank import Bank
from wideberth_tracker.core.kalman import Floats
from wideberth_tracker.core.memory import Filter, TrackRecord

MOST_STRAYS = 0.05
"""False alarms to be expected in the gate over the whole gap, from which a return is on trial."""
STRAYS_MEMORY_S = 4.0
TRIAL_FRAMES = 2
PICTURE_SHAPE = 9 / 16


def strays_after(before: float, unmatched: int, width_px: int, dt_s: float) -> float:
    """Density of boxes that fit nothing, a frame and px², after a frame with `unmatched` of them."""
    gain = 1 - math.exp(-dt_s / STRAYS_MEMORY_S)
    return before + gain * (unmatched / (width_px**2 * PICTURE_SHAPE) - before)


def unsure_rows(bank: Bank, tracks: list[TrackRecord], strays: float) -> list[int]:
    """Tracks whose return would be on trial. Those already on trial are not: their next sighting makes it certain."""
    if strays <= 0:
        return []
    areas = np.pi * GATE * _spread_px(bank)
    return [
        index
        for index, track in enumerate(tracks)
        if track.misses > 0
        and track.state is not TrackState.TENTATIVE
        and track.fallback is None
        and strays * areas[index] * track.misses > MOST_STRAYS
    ]


def _spread_px(bank: Bank) -> Floats:
    return np.minimum(_area_px(bank.image_covs), _sea_area_px(bank))


def _area_px(covs: Floats) -> Floats:
    return np.asarray(np.sqrt(np.maximum(covs[:, 0, 0] * covs[:, 1, 1] - covs[:, 0, 1] ** 2, 0.0)))


def _sea_area_px(bank: Bank) -> Floats:
    """The uncertainty on the sea as it looks in the picture, by the object's own size there."""
    scale = bank.boxes[:, 0] / np.exp(bank.log_lengths)
    return np.where(bank.has_sea & bank.has_length, _area_px(bank.sea_covs) * scale**2, np.inf)


def begin_doubt(bank: Bank, tracks: list[TrackRecord], unsure: set[int]) -> None:
    """Keep these tracks as `bank` has them, before the sighting that may be their return is brought in."""
    for index in unsure:
        track = tracks[index]
        image = Filter(tuple(bank.image_means[index].tolist()), tuple(bank.image_covs[index].ravel().tolist()))
        sea = track.sea
        if bank.has_sea[index]:
            sea = Filter(tuple(bank.sea_means[index].tolist()), tuple(bank.sea_covs[index].ravel().tolist()))
        length, width, angle = bank.boxes[index].tolist()
        track.fallback = dataclasses.replace(
            track, votes=dict(track.votes), image=image, sea=sea, box=(length, width, angle), misses=track.misses + 1
        )


def end_doubt(track: TrackRecord, *, seen: bool) -> None:
    """A return on trial is certain when seen again, and did not happen when not."""
    before = track.fallback
    if before is None:
        return
    if not seen and track.misses + 1 < TRIAL_FRAMES:
        before.misses += 1
        return
    track.fallback = None
    if not seen:
        for field in dataclasses.fields(TrackRecord):
            setattr(track, field.name, getattr(before, field.name))
