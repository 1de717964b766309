"""What a person would notice of a body that lies in or on the water, measured on the picture with and without it."""

from __future__ import annotations

import math

import cv2
import numpy as np
import numpy.typing as npt

from wideberth_simulator.stills.conditions import Conditions

FloatArray = npt.NDArray[np.float64]
Float32Array = npt.NDArray[np.float32]
Uint8Array = npt.NDArray[np.uint8]
Bools = npt.NDArray[np.bool_]
FAINT_DN = 4.5
"""A body in the water is labelled only if it lifts or darkens its place by at least this many grey levels (90th
percentile over its outline): about what a person notices, three times the usual noise."""
SMALL_DN = 40.0
"""The smaller, the clearer it must be: this over the square root of its area is added."""
ABOVE_WAVES = 1.2
"""And by this many standard deviations of the water about it."""
BURIED_SHARE = 0.35
"""What lies in sunlit glint to this share carries no label."""
EDGE_SHARE, EDGE_DN = 0.18, 2.5
"""Its box ends where the change falls below this share of its strongest, or below this many grey levels."""
SUN_ROOF = 1.5
"""Glint is compared up to this: beyond, the sensor is full."""
COVERED_SHARE = 0.65
"""What other bodies hide to more than this share carries no label."""
SOFT_PX = 0.8
"""Finished pictures are compared after a blur of this SD: grain and coding are no change."""


def window_of(outline_px: FloatArray, cond: Conditions, margin_px: int) -> tuple[int, int, int, int] | None:
    """Return x0, y0, x1, y1 of the part of the picture round an outline, or None when there is none."""
    x0, y0 = (int(max(0, v)) for v in np.floor(outline_px.min(axis=0)) - 1 - margin_px)
    x1 = int(min(cond.camera.width_px, outline_px[:, 0].max() + 2 + margin_px))
    y1 = int(min(cond.camera.height_px, outline_px[:, 1].max() + 2 + margin_px))
    return (x0, y0, x1, y1) if x1 - x0 >= 2 and y1 - y0 >= 2 else None


def with_glint(light: Float32Array, glint: Float32Array, cond: Conditions) -> Float32Array:
    """Return linear light (h, w, 3) with the sun glint a sensor can tell apart."""
    sun = np.minimum(glint[..., None], SUN_ROOF) * cond.light.sun_colour.astype(np.float32)
    return np.asarray(light + sun, np.float32)


def _tone(light: Float32Array, exposure: float) -> FloatArray:
    return np.asarray(255 * np.clip(light.mean(axis=2) * exposure, 0, 1.2) ** (1 / 2.2), np.float64)


def _inside(outline_px: FloatArray, window: tuple[int, int, int, int]) -> Uint8Array:
    """Return which pixels of a window lie in an outline."""
    x0, y0, x1, y1 = window
    mask = np.zeros((y1 - y0, x1 - x0), np.uint8)
    cv2.fillConvexPoly(mask, np.round(outline_px - np.array((x0, y0))).astype(np.int32), 1)
    return mask


def _least_change_dn(area_px2: float, waves_dn: float) -> float:
    """Return the change below which waves, or the eye's own limit, hide a body."""
    return max(FAINT_DN + SMALL_DN / math.sqrt(area_px2), ABOVE_WAVES * waves_dn)


def finished_shows(
    image: Uint8Array, bare: Uint8Array, outline_px: FloatArray, window: tuple[int, int, int, int], covered: Bools
) -> bool:
    """Return whether a body can still be made out once the picture is edited, coded, and others lie before it.

    Args:
        image: (H, W, 3) the finished picture.
        bare: The same without bodies.
        outline_px: (N, 2) its convex outline.
        window: x0, y0, x1, y1 round it.
        covered: (h, w) pixels of the window that show another body.
    """
    x0, y0, x1, y1 = window
    mask = _inside(outline_px, window)
    free = (mask > 0) & ~covered
    if not free.any() or free.sum() < (1 - COVERED_SHARE) * mask.sum():
        return False
    with_it, without = (
        cv2.GaussianBlur(cv2.cvtColor(part[y0:y1, x0:x1], cv2.COLOR_BGR2GRAY).astype(np.float32), (0, 0), SOFT_PX)
        for part in (image, bare)
    )
    change = np.abs(with_it - without)[free]
    return float(np.percentile(change, 90)) >= _least_change_dn(float(free.sum()), float(without.std()))


def noticed_points(
    light: Float32Array, bare: Float32Array, cond: Conditions, outline_px: FloatArray,
    window: tuple[int, int, int, int], covered: Bools,
) -> FloatArray | None:  # fmt: skip
    """Return the pixels (N, 2) of a body that stand out from the water, or None when a person would overlook it.

    Args:
        light: (h, w, 3) the window with the body, linear, glint included.
        bare: The same water without it.
        cond: Exposure and noise.
        outline_px: (N, 2) convex outline of what is near enough to the surface, in the picture.
        window: x0, y0, x1, y1 of the window.
        covered: (h, w) pixels of the window that show another body.
    """
    mask = np.where(covered, 0, _inside(outline_px, window)).astype(np.uint8)
    if not mask.any():
        return None
    without = _tone(bare, cond.light.exposure)
    change = np.abs(_tone(light, cond.light.exposure) - without)
    inside = change[mask > 0]
    # Waves and glint hide what changes the picture less than they do themselves.
    hidden = max(_least_change_dn(float(mask.sum()), float(without.std())), 1.5 * cond.noise_dn)
    if float(np.percentile(inside, 90)) < hidden:
        return None
    # Waves shift what is under water a little beyond its outline.
    reach = max(1, round(0.06 * math.sqrt(float(mask.sum()))))
    near = cv2.dilate(mask, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1)))
    edge = max(EDGE_DN, EDGE_SHARE * float(np.percentile(inside, 95)))
    stands_out = ((change >= edge) & (near > 0) & ~covered).astype(np.uint8)
    if mask.sum() > 400:
        stands_out = np.asarray(cv2.morphologyEx(stands_out, cv2.MORPH_OPEN, np.ones((2, 2), np.uint8)), np.uint8)
    y, x = np.nonzero(stands_out)
    return np.column_stack([x, y]).astype(np.float64) + np.array(window[:2]) + 0.5 if len(x) >= 4 else None
