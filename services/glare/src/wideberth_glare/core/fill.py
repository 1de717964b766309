"""Push-pull: holes take the colour of the clean sea around them, from the same frame, coarse to fine."""

import cv2
import numpy as np

from wideberth_glare.core.arrays import Bgr, Floats, Mask

MAX_LEVELS = 7
SMALLEST_SIDE_PX = 8
REDUCTION = 2
DOUBTFUL_WEIGHT = 0.15
"""Of a de-haloed pixel as a source. With 1 the reference sea gains 0.6 dB, but the de-halo goes too deep on the
tinted glints of real frames, and the fill gets dark blobs."""


def _mean_of(frame: Bgr, known: Mask, size: tuple[int, int], worth: float) -> tuple[Floats, Floats]:
    """Return weight and colour times weight at `size`: a cell weighs `worth` where one of its pixels is known."""
    share = cv2.resize(known, size, interpolation=cv2.INTER_AREA)
    total = cv2.resize(cv2.bitwise_and(frame, frame, mask=known), size, interpolation=cv2.INTER_AREA)
    weight = cv2.threshold(share.astype(np.float32), 0, worth, cv2.THRESH_BINARY)[1]
    factor = (worth * 255) / np.maximum(share, 1).astype(np.float32)
    colour = cv2.multiply(total.astype(np.float32), cv2.merge([factor] * 3))
    return np.asarray(weight, np.float32), np.asarray(colour, np.float32)


def _reduced_known(frame: Bgr, unknown: Mask, doubtful: Mask) -> tuple[Floats, Floats]:
    """Return weight (h/2, w/2) and colour times weight (h/2, w/2, 3), doubtful pixels counting little."""
    size = (frame.shape[1] // REDUCTION, frame.shape[0] // REDUCTION)
    sure = np.asarray(cv2.bitwise_not(cv2.bitwise_or(unknown, doubtful)), np.uint8)
    weight, colour = _mean_of(frame, sure, size, 1.0)
    little, doubtful_colour = _mean_of(frame, doubtful, size, DOUBTFUL_WEIGHT)
    return np.asarray(cv2.add(weight, little), np.float32), np.asarray(cv2.add(colour, doubtful_colour), np.float32)


def _divided(colour: Floats, weight: Floats) -> Floats:
    scarce = np.maximum(weight, 1e-4)
    return np.asarray(cv2.divide(colour, cv2.merge([scarce] * 3)), np.float32)


def _push(weight: Floats, colour: Floats) -> list[tuple[Floats, Floats]]:
    levels = [(weight, colour)]
    while min(levels[-1][0].shape) > SMALLEST_SIDE_PX and len(levels) < MAX_LEVELS:
        w, c = levels[-1]
        levels.append((np.asarray(cv2.pyrDown(w), np.float32), np.asarray(cv2.pyrDown(c), np.float32)))
    return levels


def push_pull(frame: Bgr, unknown: Mask, doubtful: Mask) -> Bgr:
    """Return a fill of the frame's size: the known colours, low-passed where they had to grow into the unknown.

    Args:
        frame: even sides.
        unknown: 255 where a pixel may not be a source.
        doubtful: 255 where it should be one only for want of better; none of them unknown.
    """
    levels = _push(*_reduced_known(frame, unknown, doubtful))
    weight, colour = levels[-1]
    filled = _divided(colour, weight)
    for weight, colour in reversed(levels[:-1]):
        up = cv2.pyrUp(filled, dstsize=(weight.shape[1], weight.shape[0]))
        alpha = cv2.merge([np.minimum(4 * weight, 1)] * 3)
        filled = np.asarray(cv2.add(up, cv2.multiply(alpha, cv2.subtract(_divided(colour, weight), up))), np.float32)
    size = (frame.shape[1], frame.shape[0])
    return np.asarray(cv2.resize(cv2.convertScaleAbs(filled), size, interpolation=cv2.INTER_LINEAR), np.uint8)
