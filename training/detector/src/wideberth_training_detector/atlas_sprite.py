"""One sprite of the atlas: picture, tight box, facts; and the way there from a drawn body."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from wideberth_training_detector.atlas_foam import F32, Rng
from wideberth_training_detector.atlas_scene import View
from wideberth_training_detector.atlas_shade import Picture

# A labelled pixel counts for the box from this coverage on: what lies deeper under water no eye can outline.
_SEEN = 0.30
# Straight enough down that any turn in the picture is plausible.
_STEEP_DEG = -68.0


@dataclass(frozen=True)
class Sprite:
    """An object ready to be pasted.

    Attributes:
        kind: what it is.
        bgra: picture, uint8 (h, w, 4); colours are not multiplied by alpha.
        box: cx, cy, length, width (px; length is the longer side), angle (rad, clockwise from +x); zeros for clutter
            without an object.
        view_pitch_deg: -90 straight down to -15.
        can_rotate: whether any turn in the picture is plausible.
        real_length_m: of the object.
        source: `mesh`, `painted`, or the picture it was cut from.
        licence: SPDX identifier.
        wet: share of an animal or swimmer above the water, 1 for all else.
    """

    kind: str
    bgra: NDArray[np.uint8]
    box: tuple[float, float, float, float, float]
    view_pitch_deg: float
    can_rotate: bool
    real_length_m: float
    source: str
    licence: str
    wet: float


def box_of_mask(mask: NDArray[np.bool_]) -> tuple[float, float, float, float, float]:
    """The smallest rectangle round the pixels of a mask (h, w): cx, cy, length, width, angle in (-pi/2, pi/2]."""
    y, x = np.nonzero(mask)
    points = np.concatenate([np.stack([x + dx, y + dy], 1) for dx in (0, 1) for dy in (0, 1)]).astype(np.float32)
    (cx, cy), (w, h), degrees = cv2.minAreaRect(cv2.convexHull(points))
    if w < h:
        w, h, degrees = h, w, degrees + 90
    angle = np.radians((degrees + 90) % 180 - 90)
    return float(cx), float(cy), float(w), float(h), float(angle)


def random_view(rng: Rng, length_m: float, long_px: float, steep_share: float, flattest_deg: float = -15.0) -> View:
    """Straight down (a share of the time) or as flat as allowed; the eye far enough for a mild perspective."""
    pitch = rng.uniform(-90, -70) if rng.random() < steep_share else rng.uniform(-70, flattest_deg)
    heading = rng.uniform(0, 2 * np.pi)
    return View(heading, float(pitch), long_px / length_m, length_m * float(np.exp(rng.uniform(np.log(3), np.log(25)))))


def finish(
    rng: Rng, kind: str, picture: Picture, view: View, length_m: float, limit_px: int, source: str = "mesh",
    seen: float = _SEEN,
) -> Sprite | None:  # fmt: skip
    """Soften, crop, bound in size and box a drawn body; `None` when nothing of it can be seen."""
    bgra, cover = picture.bgra, picture.labelled
    if float((cover > seen).sum()) < 20:
        return None
    blur = float(rng.uniform(0.3, 0.9))
    bgra = soften(bgra, blur)
    x0, y0, x1, y1 = _extent(np.maximum(bgra[..., 3], cover))
    bgra, cover = bgra[y0:y1, x0:x1], cover[y0:y1, x0:x1]
    factor = limit_px / max(bgra.shape[:2])
    if factor < 1:
        bgra = cv2.resize(bgra, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
        cover = cv2.resize(cover, (bgra.shape[1], bgra.shape[0]), interpolation=cv2.INTER_AREA)
    bgra[..., :3] += rng.normal(0, 0.006, bgra.shape[:2])[..., None]
    if not (cover > seen).any():
        return None
    box = box_of_mask(cover > seen)
    return Sprite(kind, to_bytes(bgra), box, view.pitch_deg, view.pitch_deg <= _STEEP_DEG, length_m, source,
                  "AGPL-3.0-or-later", picture.wet)  # fmt: skip


def soften(bgra: F32, sigma_px: float) -> F32:
    """Blur colours and coverage together."""
    alpha = bgra[..., 3:]
    flat = cv2.GaussianBlur(np.concatenate([bgra[..., :3] * alpha, alpha], 2), (0, 0), sigma_px)
    colour = np.where(flat[..., 3:] > 0.004, flat[..., :3] / np.maximum(flat[..., 3:], 0.004), bgra[..., :3])
    return np.asarray(np.concatenate([colour, flat[..., 3:]], 2), np.float32)


def to_bytes(bgra: F32) -> NDArray[np.uint8]:
    """0..1 to 0..255; coverage too faint to see becomes none."""
    out = np.clip(bgra * 255 + 0.5, 0, 255).astype(np.uint8)
    out[out[..., 3] < 4] = 0
    return np.asarray(out, np.uint8)


def _extent(cover: F32) -> tuple[int, int, int, int]:
    y, x = np.nonzero(cover > 0.03)
    h, w = cover.shape
    return max(0, x.min() - 2), max(0, y.min() - 2), min(w, x.max() + 3), min(h, y.max() + 3)
