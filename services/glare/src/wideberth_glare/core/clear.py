"""The verb *clear*: level, mask, guard, gate, de-halo, fill, in that order (reference/glare-and-clutter.md, 3.1)."""

from dataclasses import dataclass

import cv2
import numpy as np

from wideberth_glare.core.align import measured_on_grid, on_grid, warp
from wideberth_glare.core.arrays import Bgr, Grey, Homography, Mask, Neighbour, over
from wideberth_glare.core.brightness import above_level, bright_white
from wideberth_glare.core.colour import things
from wideberth_glare.core.dehalo import dehalo, halo_of
from wideberth_glare.core.fill import push_pull
from wideberth_glare.core.gate import SATURATED_DN, Evidence, fleeting, glint_evidence, specks
from wideberth_glare.core.guard import GridFrame, grown, solid_parts
from wideberth_glare.core.level import reduce_by_maximum, reduce_by_minimum, sea_level
from wideberth_glare.core.scale import MAX_REDUCTION, Scale


@dataclass(frozen=True)
class Cleared:
    """What came out.

    Attributes:
        pixels: the reference itself where nothing was cleared.
        glint: 255 where pixels were refilled.
        kept: 255 where something bright was kept as solid.
        evidence: for glint, as measured.
        cleared: whether anything was done.
    """

    pixels: Bgr
    glint: Mask
    kept: Mask
    evidence: Evidence
    cleared: bool


@dataclass(frozen=True)
class _Beside:
    """A neighbour on the reference's working grid: darkest and brightest of each cell."""

    darkest: Grey
    brightest: Grey
    offset_s: float


def _padded(image: np.ndarray) -> np.ndarray:
    """Return the image with sides grown to whole cells, edge pixels repeated; itself where they fit."""
    down, across = -image.shape[0] % MAX_REDUCTION, -image.shape[1] % MAX_REDUCTION
    if not down and not across:
        return image
    return np.asarray(cv2.copyMakeBorder(image, 0, down, 0, across, cv2.BORDER_REPLICATE))


def _grey(pixels: Bgr) -> Grey:
    return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY), np.uint8)


def _darkest(pixels: Bgr, grey: Grey, reduction: int) -> Grey:
    """Return the darkest of each cell of grey, or of red where that is more: an orange boat is as bright as a white."""
    strong = np.asarray(cv2.max(grey, cv2.extractChannel(pixels, 2)), np.uint8)
    return reduce_by_minimum(strong, reduction)


def _full(grid: Grey, like: Grey, interpolation: int) -> Grey:
    return np.asarray(cv2.resize(grid, (like.shape[1], like.shape[0]), interpolation=interpolation), np.uint8)


def _beside(here: Grey, neighbour: Neighbour, reduction: int) -> _Beside:
    pixels = _padded(neighbour.pixels)
    grey = _grey(pixels)
    darkest = _darkest(pixels, grey, reduction)
    onto: Homography
    if neighbour.reference_from_neighbour is None:
        onto = measured_on_grid(here, darkest)
    else:
        onto = on_grid(neighbour.reference_from_neighbour, reduction)
    return _Beside(warp(darkest, onto), warp(reduce_by_maximum(grey, reduction), onto), neighbour.offset_s)


def clear(reference: Bgr, neighbours: list[Neighbour], scale: Scale, sea: Mask | None, always: bool) -> Cleared:
    """Return the reference without sun glint.

    Args:
        reference: the frame; never written to.
        neighbours: may be empty; then shape alone tells vessels from glint.
        sea: 255 where a pixel sees the sea, or None where the horizon is not known.
        always: take the whole sea for a glitter field instead of measuring where it glitters.
    """
    frame = _padded(reference)
    grey = _grey(frame)
    here = _darkest(frame, grey, scale.reduction)
    beside = [_beside(here, n, scale.reduction) for n in neighbours]
    level = sea_level([here, *(b.darkest for b in beside)])
    bright = bright_white(frame, grey, _full(level, grey, cv2.INTER_LINEAR))
    if sea is not None:
        bright = np.asarray(cv2.bitwise_and(bright, _padded(sea)), np.uint8)
    grid = [GridFrame(above_level(b.darkest, level), b.offset_s) for b in beside]
    solid = solid_parts(here, grid, level, things(frame, here, level, bright), scale)
    peaks = [over(b.brightest, SATURATED_DN - 1) for b in beside]
    found = fleeting(specks(grey, bright, solid, scale.reduction), peaks)
    evidence = glint_evidence(found, bright, scale)
    if not (evidence.glint or always):
        nothing = np.zeros(reference.shape[:2], np.uint8)
        return Cleared(reference, nothing, nothing, evidence, cleared=False)
    kept = grown(solid, bright, scale)
    glint = cv2.bitwise_and(bright, cv2.bitwise_not(kept))
    if not always:
        glint = cv2.bitwise_and(glint, _full(evidence.field, grey, cv2.INTER_NEAREST))
    out = _refilled(frame, np.asarray(glint, np.uint8), kept, sea)
    crop = (slice(0, reference.shape[0]), slice(0, reference.shape[1]))
    whole = np.ascontiguousarray
    return Cleared(whole(out[crop]), whole(glint[crop]), whole(kept[crop]), evidence, cleared=True)


def _refilled(frame: Bgr, glint: Mask, kept: Mask, sea: Mask | None) -> Bgr:
    halo = halo_of(glint, kept)
    if sea is not None:
        halo = np.asarray(cv2.bitwise_and(halo, _padded(sea)), np.uint8)
    plain = dehalo(frame, glint, kept, halo)
    fill = push_pull(plain, np.asarray(cv2.bitwise_or(glint, kept), np.uint8), halo)
    # The skirt must not turn darker than the sea around it: dark blobs are what dolphins look like.
    cv2.copyTo(cv2.max(plain, cv2.min(frame, fill)), halo, plain)
    cv2.copyTo(fill, glint, plain)
    return plain
