"""The gate: is there glint, and where. The mask only ever acts inside the glitter field found here.

A glitter field is many saturated specks, spread over tens of metres, that do not stay. Foam and surf seldom saturate
a camera exposed for the sea (measured: 2 pixels in a million of the surf frames, 4 in a thousand of the glittering
humpback frames) and last for seconds; a vessel, a whale and its splash are one cluster. Where pose, time and place
are known, a small field must also lie where the sun can glint at all.

It is asked twice: `hearts` looks at the reference alone, in a millisecond or two, and ends the matter for a sea
without glint; `glint_evidence` then leaves out what is solid and what stays.
"""

from dataclasses import dataclass
from functools import reduce

import cv2
import numpy as np

from wideberth_glare.core.arrays import Grey, Mask, ellipse, grown_to, over, reduce_by_maximum, reduce_by_mean
from wideberth_glare.core.brightness import saturated
from wideberth_glare.core.scale import Scale

TILE_M = 2.0
WINDOW_TILES = 9
"""Side of the window over which tiles are counted, 18 m: a boat and its wake fill less than half of it."""
SPREAD_SHARE = 0.5
"""Share of a window's tiles that must hold a speck: the heart of a field."""
REACH_TILES = 6
"""How far a field goes on around its heart, 12 m, over tiles that are not clean."""
FAR_TILES = 20
"""How far single specks are taken for glint, 40 m."""
SPECK_CELLS = 5
"""How far a speck's own light reaches: a circle of so many cells."""
NOT_CLEAN_SHARE = 0.01
"""Share of bright pixels from which on a tile is not clean."""
LEAST_FIELD_SHARE = 0.01
"""Share of the picture that must be field before anything is cleared."""
PLAIN_SHARE = 0.1
"""Share of the picture that is heart of a field from which on no prediction is asked."""
NO_INFORMATION_SHARE = 0.85
"""Nine tiles so full of bright pixels leave the middle one alone: nothing tells what the sea there looks like."""
CELLS_PER_TILE = 3
"""A tile is pooled to at least so many cells before it is counted."""


@dataclass(frozen=True)
class Evidence:
    """What was measured.

    Attributes:
        field: on a grid of tiles, 255 where the sea glitters and can be cleared.
        far: the same, 255 where single specks may be glint: the field thins out over tens of metres.
        spread: largest share of tiles with a speck in any window.
        field_share: share of the picture that is field.
    """

    field: Mask
    far: Mask
    spread: float
    field_share: float

    @property
    def glint(self) -> bool:
        """Whether there is glint to clear."""
        return self.field_share >= LEAST_FIELD_SHARE

    def where(self, found: Mask) -> Mask:
        """Return 255 on the working grid where bright things may be glint: in the field, and around its lone specks.

        Args:
            found: fleeting specks, on that grid.
        """
        alone = cv2.bitwise_and(found, grown_to(self.far, found, cv2.INTER_NEAREST))
        field = grown_to(self.field, found, cv2.INTER_NEAREST)
        return np.asarray(cv2.bitwise_or(field, cv2.dilate(alone, ellipse(SPECK_CELLS))), np.uint8)


def _tiles(shape: tuple[int, ...], side: float) -> tuple[int, int]:
    """Return columns and rows of the grid of tiles."""
    return max(1, round(shape[1] / side)), max(1, round(shape[0] / side))


def _holding(marks: Mask, side: float) -> Mask:
    """Return 255 for each tile, `side` wide, that holds a mark."""
    factor = 1
    while 2 * factor * CELLS_PER_TILE <= side:
        factor *= 2
    pooled = reduce_by_maximum(marks, factor)
    return over(np.asarray(cv2.resize(pooled, _tiles(marks.shape, side), interpolation=cv2.INTER_AREA), np.uint8), 0)


def _spread(holding: Mask) -> Mask:
    """Return the share (0 to 255) of the tiles around each that hold a mark."""
    return np.asarray(cv2.blur(holding, (WINDOW_TILES, WINDOW_TILES)), np.uint8)


def hearts(grey: Grey, sea: Mask | None, predicted: Mask | None, scale: Scale) -> Mask | None:
    """Return 255 on a grid of tiles where a field may have its heart, or None where there is none in the picture.

    Args:
        grey: full size.
        sea: 255 where a pixel sees the sea; None for everywhere.
        predicted: on a grid of its own, 255 where the sun can glint; None where nobody knows.
    """
    peaks = saturated(grey)
    if sea is not None:
        peaks = np.asarray(cv2.bitwise_and(peaks, sea), np.uint8)
    if cv2.countNonZero(peaks) < SPREAD_SHARE * WINDOW_TILES**2:
        return None
    found = over(_spread(_holding(peaks, scale.pixels(TILE_M))), SPREAD_SHARE * 255)
    # A large field where the sun cannot glint means that clock or compass are wrong, not the picture.
    if predicted is not None and cv2.countNonZero(found) < PLAIN_SHARE * found.size:
        cv2.bitwise_and(found, grown_to(predicted, found, cv2.INTER_NEAREST), dst=found)
    return found if cv2.countNonZero(found) else None


def specks(brightest: Grey, lit: Mask, solid: Mask) -> Mask:
    """Return 255 on the working grid where a saturated pixel lies that belongs to nothing solid.

    Args:
        brightest: of each cell.
        lit: 255 where a cell holds a bright and white pixel.
    """
    found = cv2.bitwise_and(saturated(brightest), lit)
    return np.asarray(cv2.bitwise_and(found, cv2.bitwise_not(cv2.dilate(solid, ellipse(7)))), np.uint8)


def fleeting(found: Mask, lasting: list[Mask]) -> Mask:
    """Return the specks that are not there in every neighbour.

    Args:
        lasting: one a neighbour, 255 where it is saturated too.
    """
    if not lasting:
        return found
    stays = reduce(lambda a, b: np.asarray(cv2.bitwise_and(a, b), np.uint8), lasting)
    return np.asarray(cv2.bitwise_and(found, cv2.bitwise_not(stays)), np.uint8)


def glint_evidence(found: Mask, bright: Mask, scale: Scale, picture_share: float) -> Evidence:
    """Return where the sea glitters.

    Args:
        found: fleeting specks, on the working grid.
        bright: bright and white, at full size.
        picture_share: share of the picture that was looked at.
    """
    spread = _spread(_holding(found, TILE_M / scale.cell_m))
    heart = over(spread, SPREAD_SHARE * 255)
    tiles = (heart.shape[1], heart.shape[0])
    shares = reduce_by_mean(bright, 2 * scale.reduction)
    bright_share = np.asarray(cv2.resize(shares, tiles, interpolation=cv2.INTER_AREA), np.uint8)
    near = cv2.dilate(heart, ellipse(2 * REACH_TILES + 1))
    around = cv2.bitwise_and(near, cv2.dilate(over(bright_share, NOT_CLEAN_SHARE * 255), np.ones((3, 3), np.uint8)))
    blind = over(np.asarray(cv2.blur(bright_share, (3, 3)), np.uint8), NO_INFORMATION_SHARE * 255)
    seeing = cv2.bitwise_not(blind)
    field = np.asarray(cv2.bitwise_and(cv2.bitwise_or(heart, around), seeing), np.uint8)
    side = 2 * FAR_TILES + 1
    far = np.asarray(cv2.bitwise_and(cv2.dilate(heart, np.ones((side, side), np.uint8)), seeing), np.uint8)
    return Evidence(field, far, float(spread.max()) / 255, picture_share * cv2.countNonZero(field) / field.size)
