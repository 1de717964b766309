"""Push-pull: holes take the colour of the clean sea around them, from the same frame, coarse to fine."""

import cv2
import numpy as np

from wideberth_glare.core.arrays import Bgr, Floats, Mask

MAX_LEVELS = 7
SMALLEST_SIDE_PX = 8
DOUBTFUL_WEIGHT = 0.1
"""Of a de-haloed pixel as a source: sunlight is left in it (6 levels on the reference sea)."""
FILL_REDUCTION = 2


def _reduced_known(frame: Bgr, unknown: Mask, doubtful: Mask) -> tuple[Floats, Floats]:
    """Return weight (h/2, w/2) and colour times weight (h/2, w/2, 3) of the half-size grid.

    Sure sea in a cell is taken alone, with weight 1; where a cell holds only doubtful pixels they count little.
    """
    size = (frame.shape[1] // FILL_REDUCTION, frame.shape[0] // FILL_REDUCTION)
    weight = np.zeros((size[1], size[0]), np.float32)
    colour = np.zeros((size[1], size[0], 3), np.float32)
    sure = cv2.bitwise_not(cv2.bitwise_or(unknown, doubtful))
    for known, worth in ((cv2.bitwise_and(doubtful, cv2.bitwise_not(unknown)), DOUBTFUL_WEIGHT), (sure, 1.0)):
        share = cv2.resize(known, size, interpolation=cv2.INTER_AREA)
        some = cv2.threshold(share, 0, 255, cv2.THRESH_BINARY)[1]
        total = cv2.resize(cv2.bitwise_and(frame, frame, mask=known), size, interpolation=cv2.INTER_AREA)
        factor = worth * 255 / np.maximum(share, 1).astype(np.float32)
        cv2.copyTo(total.astype(np.float32) * factor[..., None], some, colour)
        weight[some > 0] = worth
    return weight, colour


def _divided(colour: Floats, weight: Floats) -> Floats:
    return np.asarray(colour / np.maximum(weight, 1e-4)[..., None], np.float32)


def _push(weight: Floats, colour: Floats) -> list[tuple[Floats, Floats]]:
    levels = [(weight, colour)]
    while min(levels[-1][0].shape) > SMALLEST_SIDE_PX and len(levels) < MAX_LEVELS:
        w, c = levels[-1]
        levels.append((np.asarray(cv2.pyrDown(w)), np.asarray(cv2.pyrDown(c))))
    return levels


def push_pull(frame: Bgr, unknown: Mask, doubtful: Mask) -> Bgr:
    """Return the frame's size of fill: the low-passed known colours, grown into the unknown.

    Args:
        frame: even sides.
        unknown: 255 where a pixel may not be a source.
        doubtful: 255 where it should be one only for want of better.
    """
    levels = _push(*_reduced_known(frame, unknown, doubtful))
    weight, colour = levels[-1]
    filled = _divided(colour, weight)
    for weight, colour in reversed(levels[:-1]):
        up = cv2.pyrUp(filled, dstsize=(weight.shape[1], weight.shape[0]))
        alpha = np.minimum(4 * weight, 1)[..., None]
        filled = up + alpha * (_divided(colour, weight) - up)
    size = (frame.shape[1], frame.shape[0])
    return np.asarray(cv2.resize(cv2.convertScaleAbs(filled), size, interpolation=cv2.INTER_LINEAR), np.uint8)
