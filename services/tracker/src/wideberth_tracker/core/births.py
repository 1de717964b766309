"""New tracks: what strong boxes remain begin one each, unless they only repeat an object that was matched already (a
cabin inside its boat)."""

import numpy as np

from wideberth_contracts.tracks import TrackSettings, TrackState
from wideberth_tracker.core.kalman import Floats
from wideberth_tracker.core.kinds import GROUPS, MODELS, Group
from wideberth_tracker.core.memory import Filter, Memory, TrackRecord
from wideberth_tracker.core.overlap import share_inside
from wideberth_tracker.core.sightings import Bools, Sightings

REPEAT_SHARE = 0.6
"""A craft's box with this share inside another craft's box repeats it. Animals touch: both boxes must cover the other
by so much."""


def births(
    memory: Memory, sightings: Sightings, now_s: float, used: set[int], settings: TrackSettings
) -> list[tuple[TrackRecord, int]]:
    """Begin tracks with the strong boxes not in `used` (changed in place): each with the index of its box."""
    strong = [j for j in range(len(sightings)) if sightings.confidences[j] >= settings.high_confidence]
    free = sorted((j for j in strong if j not in used), key=lambda j: -sightings.confidences[j])
    if not free:
        return []
    repeats = repeated(sightings)
    born = []
    for index in free:
        if any(repeats[index, other] for other in used):
            continue
        used.add(index)
        track = _new_track(memory, sightings, index, now_s)
        if settings.confirm_hits <= 1:
            track.state, track.recent_hits_s = TrackState.CONFIRMED, []
        memory.tracks.append(track)
        born.append((track, index))
    return born


def repeated(sightings: Sightings) -> Bools:
    """(m, m): whether two boxes of one frame show one object."""
    share = share_inside(sightings.boxes)
    craft = np.array([group is Group.CRAFT for group in sightings.groups], dtype=bool)
    larger, smaller = np.maximum(share, share.T), np.minimum(share, share.T)
    same = np.array([[a is b for b in sightings.groups] for a in sightings.groups], dtype=bool)
    return np.asarray(same & (np.where(craft[:, None], larger, smaller) > REPEAT_SHARE), dtype=np.bool_)


def _new_track(memory: Memory, sightings: Sightings, index: int, now_s: float) -> TrackRecord:
    kind = sightings.kinds[index]
    model, box = MODELS[kind], sightings.boxes[index]
    size = float(np.sqrt(box[2] * box[3]))
    image_cov = first_cov(sightings.box_covs[index], model.first_lengths_ps * size)
    sea, shared = None, sightings.shared[index].tolist()
    if sightings.located[index]:
        cov = first_cov(sightings.sea_covs[index], model.first_speed_mps)
        sea = Filter((*sightings.sea[index].tolist(), 0.0, 0.0), tuple(cov.ravel().tolist()))
    return TrackRecord(
        number=memory.take_number(GROUPS[kind]),
        group=GROUPS[kind],
        state=TrackState.TENTATIVE,
        votes={kind: float(sightings.confidences[index])},
        first_s=now_s,
        last_s=now_s,
        image=Filter((*box[:2].tolist(), 0.0, 0.0), tuple(image_cov.ravel().tolist())),
        box=(float(box[2]), float(box[3]), float(box[4])),
        recent_hits_s=[now_s],
        sea=sea,
        shared=(shared[0], shared[1], shared[2]),
    )


def first_cov(place: Floats, speed: float) -> Floats:
    """Covariance of a new filter: place (2, 2), velocity unknown to `speed` per axis."""
    cov = np.zeros((4, 4))
    cov[:2, :2] = place
    cov[2, 2] = cov[3, 3] = speed**2
    return cov
