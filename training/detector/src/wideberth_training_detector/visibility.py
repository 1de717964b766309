"""Whether anything of a labelled object can be seen: truth that no eye could give must neither teach nor judge."""

import cv2
import numpy as np

from wideberth_training_detector.shapes import Image, LabelledBox, Sample

# Contrast, in spreads of the surroundings plus 1.5 grey levels of noise, below which an animal is lost in glint or
# haze. Set by eye on 72 simulated animals.
_LEAST_CONTRAST = 1.0


def contrast(pixels: Image, box: LabelledBox) -> float:
    """Strongest channel's difference between a box's inside and its surroundings, in spreads of the surroundings.

    The inside is taken at its darkest and brightest tenth as well as its middle, since only a back or a fin may show.
    """
    centre = box.corners_px.mean(axis=0)
    reach = int(np.ptp(box.corners_px, axis=0).max() * 0.8) + 6
    x, y = max(0, int(centre[0]) - reach), max(0, int(centre[1]) - reach)
    window = pixels[y : y + 2 * reach, x : x + 2 * reach].astype(np.float32)
    inner, outer = np.zeros(window.shape[:2], np.uint8), np.zeros(window.shape[:2], np.uint8)
    local = box.corners_px - np.array([x, y], np.float32)
    middle = local.mean(axis=0)
    cv2.fillConvexPoly(inner, np.round(middle + (local - middle) * 0.75).astype(np.int32), 1)
    cv2.fillConvexPoly(outer, np.round(middle + (local - middle) * 1.3).astype(np.int32), 1)
    inside, around = window[inner == 1], window[outer == 0]
    if len(inside) < 4 or len(around) < 16:
        return float("inf")
    spread = around.std(axis=0) + 1.5
    gap = np.abs(np.median(inside, axis=0) - np.median(around, axis=0)) / spread
    tails = [np.abs(np.percentile(inside, q, axis=0) - np.percentile(around, q, axis=0)) / spread for q in (10, 90)]
    return float(max(gap.max(), max(t.max() for t in tails) * 0.7))


def only_visible(sample: Sample, class_index: int = 0) -> Sample:
    """The sample without the boxes of one class that cannot be seen."""
    boxes = tuple(
        b for b in sample.boxes if b.class_index != class_index or contrast(sample.pixels, b) >= _LEAST_CONTRAST
    )
    return Sample(sample.pixels, boxes)
