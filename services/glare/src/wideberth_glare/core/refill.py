"""Refilling: the masks at full size, the skirt's light taken off, and the holes filled, strip by strip."""

from dataclasses import dataclass

import cv2
import numpy as np

from wideberth_glare.core.arrays import Bgr, Floats, Mask, ellipse, over, without
from wideberth_glare.core.dehalo import BLOCK_PX, HALO_PX, block_means, excess_of, sea_colour, slopes
from wideberth_glare.core.fill import known_cells, push_pull
from wideberth_glare.core.rim import Fringe
from wideberth_glare.core.scale import Scale
from wideberth_glare.core.strips import rows_at_full, strips, widened

SURE_EXCESS_DN = 20
"""Sunlight up to which a skirt pixel, once it is taken off, may be a source of the fill. On the tinted glints of real
frames more would be taken off than was there, and the fill would get dark blobs."""


@dataclass(frozen=True)
class Found:
    """What lies where, at full size unless said.

    Attributes:
        bright: bright and white, on the sea.
        firm: solid things.
        rim: glint at their rim.
        dull: foam.
        where: on the working grid, where bright things may be glint; None for everywhere.
        sea: where the sea is; None for everywhere.
    """

    bright: Mask
    firm: Mask
    rim: Fringe
    dull: Mask
    where: Mask | None
    sea: Mask | None


@dataclass(frozen=True)
class Masks:
    """What is done where: refilled, left alone, and freed of its skirt; and the sea's colour around."""

    glint: Mask
    kept: Mask
    halo: Mask
    sea: Bgr


def masks_of(found: Found, frame: Bgr, scale: Scale) -> Masks:
    """Return what is to be done where."""
    shape = found.bright.shape
    glint, kept, halo = (np.empty(shape, np.uint8) for _ in range(3))
    means: list[tuple[Floats, Floats]] = []
    for strip in strips(shape[0]):
        rows = widened(strip, scale.reduction, shape[0])
        own = slice(strip.start - rows.start, strip.stop - rows.start)
        here_kept = without(found.firm[rows], found.rim.mask[rows])
        cv2.bitwise_or(here_kept, found.dull[rows], dst=here_kept)
        here = without(without(found.bright[rows], here_kept), found.rim.mask[rows])
        if found.where is not None:
            cv2.bitwise_and(here, rows_at_full(found.where, rows, scale.reduction, cv2.INTER_NEAREST), dst=here)
        wide = np.asarray(cv2.dilate(here, ellipse(HALO_PX)), np.uint8)
        skirt = without(without(without(wide, here), here_kept), found.rim.mask[rows])
        if found.sea is not None:
            cv2.bitwise_and(skirt, found.sea[rows], dst=skirt)
        glint[strip], kept[strip], halo[strip] = here[own], here_kept[own], skirt[own]
        near_kept = np.asarray(cv2.dilate(here_kept, ellipse(HALO_PX)), np.uint8)
        means.append(block_means(frame[strip], np.asarray(cv2.bitwise_or(wide, near_kept), np.uint8)[own]))
    return Masks(glint, kept, halo, sea_colour(means))


def refilled(frame: Bgr, original: Bgr, masks: Masks, scale: Scale) -> Bgr:
    """Return the frame with glint refilled from the clean sea around it, and its skirt darkened.

    Args:
        frame: with the rims of solid things already mended.
        original: without.
    """
    out, known = np.empty_like(frame), np.empty_like(masks.glint)
    colours = slopes(frame, masks.halo)
    for strip in strips(frame.shape[0]):
        sea = rows_at_full(masks.sea, strip, BLOCK_PX)
        excess = excess_of(frame[strip], sea, masks.halo[strip], colours)
        parts = [cv2.convertScaleAbs(excess, alpha=k) for k in colours]
        cv2.subtract(frame[strip], cv2.merge(parts), dst=out[strip])
        unknown = cv2.bitwise_or(over(excess, SURE_EXCESS_DN), masks.glint[strip])
        cv2.bitwise_not(cv2.bitwise_or(unknown, masks.kept[strip]), dst=known[strip])
    cells = push_pull(*known_cells(out, known, scale.reduction))
    for strip in strips(frame.shape[0]):
        fill = rows_at_full(cells, strip, scale.reduction)
        # The skirt must not turn darker than the sea around it: dark blobs are what dolphins look like.
        lightest = cv2.max(out[strip], cv2.min(original[strip], fill))
        cv2.copyTo(lightest, masks.halo[strip], out[strip])
        cv2.copyTo(fill, masks.glint[strip], out[strip])
    return out
