"""Places of the first minute where nothing was detected: the flight's own example of empty sea."""

from collections.abc import Sequence

import numpy as np

from wideberth_contracts.detections import OrientedBox
from wideberth_contracts.frames import Frame
from wideberth_media import cut_crop
from wideberth_pipeline.segment_file import EMPTY_SEA, StoredCrop

FIRST_S = 60.0
EVERY_S, PLACES = 2.0, 2
# Long side of the box an animal might have there, as a share of the frame's width; and room round it.
BOX_SHARE, CLEAR_BOXES = 0.02, 4.0
_TRIES = 12


def empty_places(frame: Frame, detected: Sequence[OrientedBox]) -> tuple[StoredCrop, ...]:
    """Crops of a few places of a frame, one frame in two seconds; none after the first minute.

    Args:
        frame: as searched.
        detected: everything found in it, of any kind and confidence; places keep clear of it.
    """
    meta = frame.meta
    if meta.t_s > FIRST_S or meta.t_s % EVERY_S >= EVERY_S / 8:
        return ()
    rng = np.random.default_rng(abs(meta.pts))
    length = max(12.0, BOX_SHARE * meta.width_px)
    found: list[StoredCrop] = []
    for _ in range(_TRIES):
        x, y = rng.uniform(0, meta.width_px), rng.uniform(0, meta.height_px)
        if all(np.hypot(x - b.cx_px, y - b.cy_px) > CLEAR_BOXES * max(length, b.length_px) for b in detected):
            box = OrientedBox(cx_px=x, cy_px=y, length_px=length, width_px=length / 3, angle_deg=0.0)
            found.append(StoredCrop.of(EMPTY_SEA, cut_crop(frame, box)))
        if len(found) == PLACES:
            break
    return tuple(found)
