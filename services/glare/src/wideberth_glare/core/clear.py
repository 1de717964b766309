"""The verb *clear*: look, level, mask, guard, gate, de-halo, fill, in that order (reference/glare-and-clutter.md, 3.1).

A look at the reference alone comes first; only where it may hold a glitter field is anything else computed.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from wideberth_glare.core.arrays import Bgr, Grey, Mask, Neighbour, grown_to, over
from wideberth_glare.core.beside import Beside, laid_beside
from wideberth_glare.core.brightness import above_level, bright_white, grey_of, saturated
from wideberth_glare.core.cells import cells_of
from wideberth_glare.core.colour import things
from wideberth_glare.core.dehalo import dehalo, halo_of
from wideberth_glare.core.fill import enlarged_rows, known_cells, push_pull
from wideberth_glare.core.foam import foam
from wideberth_glare.core.gate import Evidence, fleeting, glint_evidence, hearts, lone, specks
from wideberth_glare.core.guard import GridFrame, grown, solid_parts
from wideberth_glare.core.level import sea_level
from wideberth_glare.core.region import Region, around, whole
from wideberth_glare.core.rim import Fringe, KeptThings, fringe
from wideberth_glare.core.scale import MAX_REDUCTION, Scale
from wideberth_glare.core.strips import strips

CONTEXT_M = 45.0
"""Around the heart of a field: its outskirts of 40 m and the vessels that straddle their border."""
SURE_EXCESS_DN = 20
"""Sunlight up to which a skirt pixel, once it is taken off, may be a source of the fill. On the tinted glints of real
frames more would be taken off than was there, and the fill would get dark blobs."""


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


def clear(reference: Bgr, neighbours: list[Neighbour], scale: Scale, sea: Mask | None, always: bool) -> Cleared:
    """Return the reference without sun glint.

    Args:
        reference: the frame; never written to.
        neighbours: may be empty; then shape alone tells vessels from glint.
        sea: 255 where a pixel sees the sea, or None where all do or nobody knows.
        always: take the whole sea for a glitter field instead of measuring where it glitters.
    """
    grey = grey_of(reference)
    region = whole(grey.shape)
    if not always:
        found = hearts(grey, sea, scale)
        if found is None:
            return _untouched(reference, None)
        region = around(found, grey.shape, scale.pixels(CONTEXT_M))
    view = _View(reference, grey, region, None if sea is None else region.of(sea))
    return _cleared_within(view, laid_beside(reference, neighbours, region, scale), scale, always)


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


def _cleared_within(view: _View, beside: list[Beside], scale: Scale, always: bool) -> Cleared:
    frame, grey, region = view.frame, view.grey, view.region
    scale = scale.of_rows(region.top, region.bottom)
    cells = cells_of(frame, scale)
    here = cells.darkest
    level = sea_level([here, *(b.cells.darkest for b in beside)])
    level_px = grown_to(level, grey, cv2.INTER_LINEAR)
    bright = view.at_sea(bright_white(frame, grey, level_px))
    grid = [GridFrame(above_level(b.cells.darkest, level), b.offset_s) for b in beside]
    solid = solid_parts(here, grid, level, things(frame, here, level, bright, scale), scale)
    found = fleeting(specks(grey, bright, solid, scale.reduction), [saturated(b.cells.brightest) for b in beside])
    share = region.height * region.width / (view.reference.shape[0] * view.reference.shape[1])
    evidence = glint_evidence(found, bright, scale, share)
    if not (evidence.glint or always):
        return _untouched(view.reference, evidence)
    firm = grown(solid, bright, scale)
    kept_things = KeptThings(frame, grey, level_px, bright, firm)
    rim = fringe(kept_things, solid, [b.witness for b in beside], scale)
    dull = foam(cells, grey, level, bright, [g.bright for g in grid], scale)
    kept = np.asarray(cv2.bitwise_or(cv2.bitwise_and(firm, cv2.bitwise_not(rim.mask)), dull), np.uint8)
    glint = np.asarray(cv2.bitwise_and(bright, cv2.bitwise_not(cv2.bitwise_or(kept, rim.mask))), np.uint8)
    if not always:
        field = grown_to(evidence.field, found, cv2.INTER_NEAREST)
        where = np.asarray(cv2.bitwise_or(field, lone(found, evidence.far)), np.uint8)
        glint = np.asarray(cv2.bitwise_and(glint, grown_to(where, grey, cv2.INTER_NEAREST)), np.uint8)
    out = view.whole(_refilled(view, rim, glint, kept, scale), view.reference)
    nothing = np.broadcast_to(np.uint8(0), view.reference.shape[:2])
    masks = (np.asarray(cv2.bitwise_or(glint, rim.mask), np.uint8), kept)
    glint, kept = (view.whole(mask, nothing) for mask in masks)
    return Cleared(out, glint, kept, evidence, cleared=True)


def _refilled(view: _View, rim: Fringe, glint: Mask, kept: Mask, scale: Scale) -> Bgr:
    halo = view.at_sea(halo_of(glint, np.asarray(cv2.bitwise_or(kept, rim.mask), np.uint8)))
    out, excess = dehalo(rim.pixels, glint, kept, halo)
    unknown = cv2.bitwise_or(cv2.bitwise_or(glint, kept), over(excess, SURE_EXCESS_DN))
    cells = push_pull(*known_cells(out, np.asarray(cv2.bitwise_not(unknown), np.uint8), scale.reduction))
    for strip in strips(out.shape[0]):
        fill = enlarged_rows(cells, strip, scale.reduction)
        # The skirt must not turn darker than the sea around it: dark blobs are what dolphins look like.
        lightest = cv2.max(out[strip], cv2.min(view.frame[strip], fill))
        cv2.copyTo(lightest, halo[strip], out[strip])
        cv2.copyTo(fill, glint[strip], out[strip])
    return out
