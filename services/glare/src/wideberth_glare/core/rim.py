"""The outline of what is kept: glints that touch a hull are not part of it.

A hull moves as one thing from frame to frame and the glints at its side do not. So each kept thing is looked for in
the neighbours at full size, and what is bright around it in the reference but not in all of them is glint. It gets the
darkest of what the neighbours show there: seen water or seen hull, not a guess.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from wideberth_glare.core.arrays import Bgr, Grey, Homography, Mask, ellipse, over
from wideberth_glare.core.brightness import ABOVE_SEA_DN, grey_of, saturated
from wideberth_glare.core.guard import FASTEST_MPS, GROWTH_M
from wideberth_glare.core.region import Region
from wideberth_glare.core.scale import Scale

MOST_THINGS = 6
"""So many of the largest are refined; where there are more, the rest keep their fringe."""
SLACK_M = 0.4
LARGEST_REACH_PX = 64
LONGEST_SIDE_PX = 600
SAME_SHARE = 0.75
"""Share of a thing's bright pixels that a neighbour must show bright, where it fits best, to be a witness."""
RIM_PX = 7
DARKER_DN = 30
FITTING_STEPS = 3
ODD_DN = 40
"""Pixels that differ more than this are glint in one of both, and tell nothing about the motion."""
LEAST_SQUARE = 1.0


@dataclass(frozen=True)
class Witness:
    """A neighbour at full size.

    Attributes:
        region_from_neighbour: to pixels of the region that is cleared.
    """

    pixels: Bgr
    offset_s: float
    region_from_neighbour: Homography


@dataclass(frozen=True)
class KeptThings:
    """The reference at full size, and what was kept of it.

    Attributes:
        level: of the sea, on the working grid.
        bright: 255 where it is bright and white, on the sea.
        kept: 255 where something solid is.
    """

    frame: Bgr
    grey: Grey
    level: Grey
    bright: Mask
    kept: Mask


@dataclass(frozen=True)
class Fringe:
    """Glint at the rim of kept things: 255 where, and the frame with it replaced."""

    mask: Mask
    pixels: Bgr


def _boxes(solid: Mask, scale: Scale) -> list[Region]:
    """Return the surroundings of the largest solid things at full size, largest first."""
    outlines, _ = cv2.findContours(solid, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    largest = sorted(outlines, key=cv2.contourArea, reverse=True)[:MOST_THINGS]
    margin = round(scale.pixels(GROWTH_M)) + 2
    rows, columns = (side * scale.reduction for side in solid.shape)
    found = []
    for outline in largest:
        x, y, width, height = (scale.reduction * v for v in cv2.boundingRect(outline))
        top, left = max(0, y - margin), max(0, x - margin)
        found.append(Region(top, min(rows, y + height + margin), left, min(columns, x + width + margin)))
    return [box for box in found if max(box.height, box.width) <= LONGEST_SIDE_PX]


def _moved(wide: Bgr, x: float, y: float, box: Region) -> Bgr:
    shift = np.array([[1.0, 0.0, -x], [0.0, 1.0, -y]])
    return np.asarray(cv2.warpAffine(wide, shift, (box.width, box.height), borderMode=cv2.BORDER_REPLICATE), np.uint8)


def _fitting(wide: Bgr, thing: Grey, inside: Mask, box: Region) -> Bgr:
    """Return the box of `wide` in which the thing lies as it does in the reference, to a small part of a pixel."""
    misfit = cv2.matchTemplate(grey_of(wide), thing, cv2.TM_SQDIFF, mask=inside)
    x, y = (float(v) for v in cv2.minMaxLoc(misfit)[2])
    near = cv2.dilate(inside, ellipse(3)) > 0
    for _ in range(FITTING_STEPS):
        here = grey_of(_moved(wide, x, y, box)).astype(np.float32)
        off = thing - here
        across, down = (cv2.Sobel(here, cv2.CV_32F, *order, scale=1 / 8) for order in ((1, 0), (0, 1)))
        used = near & (np.abs(off) < ODD_DN)
        slopes = np.stack([across[used], down[used]])
        square = slopes @ slopes.T
        if np.linalg.det(square) < LEAST_SQUARE:
            break
        step = np.clip(np.linalg.solve(square, slopes @ off[used]), -0.5, 0.5)
        x, y = x + float(step[0]), y + float(step[1])
    return _moved(wide, x, y, box)


def _seen_by(witness: Witness, box: Region, thing: Grey, inside: Mask, scale: Scale) -> Bgr:
    """Return the box as the neighbour shows it, moved with the thing."""
    metres = SLACK_M + FASTEST_MPS * abs(witness.offset_s)
    reach = min(LARGEST_REACH_PX, round(scale.pixels(metres)) + 1)
    onto = Region(box.top - reach, box.bottom + reach, box.left - reach, box.right + reach)
    move = onto.from_picture() @ witness.region_from_neighbour
    edge = cv2.BORDER_REPLICATE
    half = np.array([[1, 0, -0.5], [0, 1, -0.5], [0, 0, 1.0]])
    move = half @ move @ np.linalg.inv(half)
    wide = cv2.warpPerspective(witness.pixels, move, (onto.width, onto.height), borderMode=edge)
    return _fitting(np.asarray(wide, np.uint8), thing, inside, box)


def fringe(things: KeptThings, solid: Mask, witnesses: list[Witness], scale: Scale) -> Fringe:
    """Return the glint at the rim of solid things.

    Args:
        solid: what is kept, on the working grid.
    """
    mask, pixels = np.zeros_like(things.kept), things.frame
    for box in _boxes(solid, scale) if witnesses else ():
        # Only what is saturated can be glint; the rest of the rim is the hull's edge, moved by part of a pixel.
        inside, thing = box.of(things.kept), box.of(things.grey)
        peaks = cv2.bitwise_and(saturated(thing), cv2.bitwise_not(cv2.erode(inside, ellipse(RIM_PX))))
        where = cv2.bitwise_and(cv2.bitwise_and(inside, box.of(things.bright)), cv2.dilate(peaks, ellipse(3)))
        darkest = _darkest(things, box, witnesses, scale) if cv2.countNonZero(where) else None
        if darkest is None:
            continue
        less = over(np.asarray(cv2.subtract(thing, grey_of(darkest)), np.uint8), DARKER_DN)
        only_here = cv2.bitwise_and(where, less)
        if pixels is things.frame:
            pixels = pixels.copy()
        cv2.copyTo(darkest, only_here, box.of(pixels))
        cv2.bitwise_or(box.of(mask), only_here, dst=box.of(mask))
    return Fringe(mask, pixels)


def _darkest(things: KeptThings, box: Region, witnesses: list[Witness], scale: Scale) -> Bgr | None:
    """Return the darkest of the reference and all neighbours that show the thing; None where none does."""
    inside, thing = np.ascontiguousarray(box.of(things.kept)), np.ascontiguousarray(box.of(things.grey))
    size = SAME_SHARE * cv2.countNonZero(inside)
    darkest, believed = box.of(things.frame), False
    step = scale.reduction
    level_dn = float(things.level[box.top // step : box.bottom // step, box.left // step : box.right // step].mean())
    for witness in witnesses:
        seen = _seen_by(witness, box, thing, inside, scale)
        bright = over(grey_of(seen), level_dn + ABOVE_SEA_DN)
        if cv2.countNonZero(cv2.bitwise_and(bright, inside)) >= size:
            darkest, believed = np.asarray(cv2.min(darkest, seen), np.uint8), True
    return darkest if believed else None
