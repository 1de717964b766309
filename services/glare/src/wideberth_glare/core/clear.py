"""The verb *clear*: look, level, mask, guard, gate, de-halo, fill, in that order (reference/glare-and-clutter.md, 3.1).

A look at the reference alone comes first; only where it may hold a glitter field is anything else computed.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from wideberth_glare.core.arrays import Bgr, Grey, Mask, Neighbour, reduce_by_maximum
from wideberth_glare.core.beside import Beside, laid_beside
from wideberth_glare.core.brightness import above_level, bright_white, grey_of, saturated
from wideberth_glare.core.cells import Cells, cells_of
from wideberth_glare.core.colour import things
from wideberth_glare.core.foam import foam
from wideberth_glare.core.gate import Evidence, fleeting, glint_evidence, hearts, specks
from wideberth_glare.core.guard import GridFrame, grown, solid_parts
from wideberth_glare.core.level import sea_level
from wideberth_glare.core.refill import Found, masks_of, refilled
from wideberth_glare.core.region import Region, around, whole
from wideberth_glare.core.rim import KeptThings, fringe
from wideberth_glare.core.scale import MAX_REDUCTION, Scale

CONTEXT_M = 45.0
"""Around the heart of a field: its outskirts of 40 m and the vessels that straddle their border."""


@dataclass(frozen=True)
class Cleared:
    """What came out.

    Attributes:
        pixels: the reference itself where nothing was cleared.
        glint: 255 where pixels were refilled.
        kept: 255 where something bright was kept as solid.
        evidence: for glint, as measured; None where a look at the reference was enough.
        cleared: whether anything was done.
    """

    pixels: Bgr
    glint: Mask
    kept: Mask
    evidence: Evidence | None
    cleared: bool


@dataclass(frozen=True)
class Sight:
    """What the pose tells about the picture.

    Attributes:
        sea: 255 where a pixel sees the sea, and finely enough; None where all do or nobody knows.
        glint: on a coarse grid, 255 where the sun can glint; None where nobody knows.
    """

    sea: Mask | None = None
    glint: Mask | None = None


def clear(reference: Bgr, neighbours: list[Neighbour], scale: Scale, sight: Sight, always: bool) -> Cleared:
    """Return the reference without sun glint.

    Args:
        reference: the frame; never written to.
        neighbours: may be empty; then shape alone tells vessels from glint.
        always: take the whole sea for a glitter field instead of measuring where it glitters.
    """
    grey = grey_of(reference)
    region = whole(grey.shape)
    if not always:
        found = hearts(grey, sight.sea, sight.glint, scale)
        if found is None:
            return _untouched(reference, None)
        region = around(found, grey.shape, scale.pixels(CONTEXT_M))
    view = _View(reference, grey, region, None if sight.sea is None else region.of(sight.sea))
    # Without poses the neighbours are laid over all of the reference, not only over the region.
    posed = all(n.reference_from_neighbour is not None for n in neighbours)
    seen = cells_of(view.frame if posed else reference, scale)
    cells = seen if posed else seen.of(region, scale)
    return _cleared_within(view, cells, laid_beside(seen, neighbours, region, scale), scale, always)


class _View:
    """The region of the reference, its sides grown to whole cells."""

    def __init__(self, reference: Bgr, grey: Grey, region: Region, sea: Mask | None) -> None:
        self.reference, self.region = reference, region
        self.frame, self.grey = _padded(region.of(reference)), _padded(region.of(grey))
        self.sea = None if sea is None else _padded(sea)

    def at_sea(self, mask: Mask) -> Mask:
        """Return the part of a mask that is on the sea."""
        return mask if self.sea is None else np.asarray(cv2.bitwise_and(mask, self.sea), np.uint8)

    def whole(self, part: np.ndarray, rest: np.ndarray) -> np.ndarray:
        """Return a picture that is `part` within the region and `rest` around it."""
        part = part[: self.region.height, : self.region.width]
        if part.shape == rest.shape:
            return np.ascontiguousarray(part)
        onto = rest.copy()
        self.region.of(onto)[...] = part
        return onto


def _padded(image: np.ndarray) -> np.ndarray:
    """Return the image with sides grown to whole cells, edge pixels repeated; itself where they fit."""
    down, across = -image.shape[0] % MAX_REDUCTION, -image.shape[1] % MAX_REDUCTION
    if not down and not across:
        return image
    return np.asarray(cv2.copyMakeBorder(image, 0, down, 0, across, cv2.BORDER_REPLICATE))


def _untouched(reference: Bgr, evidence: Evidence | None) -> Cleared:
    nothing = np.zeros(reference.shape[:2], np.uint8)
    return Cleared(reference, nothing, nothing, evidence, cleared=False)


def _cleared_within(view: _View, cells: Cells, beside: list[Beside], scale: Scale, always: bool) -> Cleared:
    frame, grey, region = view.frame, view.grey, view.region
    scale = scale.of_rows(region.top, region.bottom)
    level = sea_level([cells.darkest, *(b.cells.darkest for b in beside)])
    bright = view.at_sea(bright_white(frame, grey, level, scale.reduction))
    lit = reduce_by_maximum(bright, scale.reduction)
    grid = [GridFrame(above_level(b.cells.darkest, level), b.offset_s) for b in beside]
    solid = solid_parts(cells.darkest, grid, level, things(frame, cells.darkest, level, lit, scale), scale)
    found = fleeting(specks(cells.brightest, lit, solid), [saturated(b.cells.brightest) for b in beside])
    share = region.height * region.width / (view.reference.shape[0] * view.reference.shape[1])
    evidence = glint_evidence(found, bright, scale, share)
    if not (evidence.glint or always):
        return _untouched(view.reference, evidence)
    firm = grown(solid, bright, scale)
    rim = fringe(KeptThings(frame, grey, level, bright, firm), solid, [b.witness for b in beside], scale)
    dull = foam(cells, grey, level, bright, [g.bright for g in grid], scale)
    where = None if always else evidence.where(found)
    masks = masks_of(Found(bright, firm, rim, dull, where, view.sea), frame, scale)
    out = view.whole(refilled(rim.pixels, frame, masks, scale), view.reference)
    nothing = np.broadcast_to(np.uint8(0), view.reference.shape[:2])
    glint = np.asarray(cv2.bitwise_or(masks.glint, rim.mask, dst=masks.glint), np.uint8)
    return Cleared(out, view.whole(glint, nothing), view.whole(masks.kept, nothing), evidence, cleared=True)
