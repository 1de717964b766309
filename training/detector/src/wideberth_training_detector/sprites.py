"""Painted objects: dolphins, vessels, jet skis, swimmers and look-alikes, each a colour picture with its coverage.

Every painter draws its object pointing to +x at `length_px`, on a finer canvas, then shrinks it: edges come
out anti-aliased. The outline that becomes the label is known from the drawing, never measured afterwards.
"""

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np

from wideberth_training_detector.shapes import Floats

Rng = np.random.Generator


@dataclass(frozen=True)
class Sprite:
    """A painted object before it is placed.

    Attributes:
        bgr: float colours 0..255, shape (h, w, 3).
        alpha: coverage 0..1, shape (h, w).
        outline_px: points round the labelled part, shape (n, 2), in sprite pixels.
    """

    bgr: Floats
    alpha: Floats
    outline_px: Floats


class Canvas:
    """A fine drawing plane with the object's own axes: x forward, y to starboard, unit = object length."""

    def __init__(self, length_px: float, margin: float = 0.9) -> None:
        self._fine = 4 if length_px < 60 else 2 if length_px < 160 else 1
        self._scale = length_px * self._fine
        self._side = int((1 + 2 * margin) * self._scale) + self._fine
        self._side += -self._side % self._fine
        self.bgr = np.zeros((self._side, self._side, 3), np.float32)
        self.alpha = np.zeros((self._side, self._side), np.float32)
        self._outline: list[Floats] = []

    def to_fine(self, points: Floats) -> Floats:
        """Object coordinates to fine pixels, shape (n, 2)."""
        return np.asarray(points * self._scale + self._side / 2, np.float32)

    def polygon(self, points: Floats, bgr: Floats, opacity: float = 1.0, labelled: bool = False) -> None:
        """Fill a polygon given in object coordinates."""
        fine = self.to_fine(points)
        mask = np.zeros(self.alpha.shape, np.uint8)
        cv2.fillPoly(mask, [np.round(fine * 16).astype(np.int32)], 255, cv2.LINE_AA, 4)
        self.blend(np.asarray(mask / 255 * opacity, np.float32), bgr)
        if labelled:
            self._outline.append(fine)

    def blend(self, cover: Floats, bgr: Floats) -> None:
        """Lay a colour over the plane with a coverage map."""
        total = cover + self.alpha * (1 - cover)
        share = (cover / np.maximum(total, 1e-6))[..., None]
        self.bgr = np.asarray(self.bgr * (1 - share) + bgr[None, None] * share, np.float32)
        self.alpha = np.asarray(total, np.float32)

    def ellipse(
        self, centre: tuple[float, float], radii: tuple[float, float], bgr: Floats, labelled: bool = False
    ) -> None:
        """Fill an ellipse with axes along the object's."""
        t = np.linspace(0, 2 * np.pi, 32)
        points = np.stack([centre[0] + radii[0] * np.cos(t), centre[1] + radii[1] * np.sin(t)], 1)
        self.polygon(points.astype(np.float32), bgr, labelled=labelled)

    def finish(self, blur_px: float = 0.0) -> Sprite:
        """Shrink to real pixels; the outline follows."""
        side = self._side // self._fine
        colour, alpha = self.bgr * self.alpha[..., None], self.alpha
        if blur_px > 0:
            colour = cv2.GaussianBlur(colour, (0, 0), blur_px * self._fine)
            alpha = cv2.GaussianBlur(alpha, (0, 0), blur_px * self._fine)
        colour = cv2.resize(colour, (side, side), interpolation=cv2.INTER_AREA)
        alpha = cv2.resize(alpha, (side, side), interpolation=cv2.INTER_AREA)
        bgr = colour / np.maximum(alpha, 1e-4)[..., None]
        outline = np.concatenate(self._outline) / self._fine if self._outline else np.zeros((0, 2), np.float32)
        return Sprite(bgr.astype(np.float32), alpha.astype(np.float32), outline.astype(np.float32))


def grey(rng: Rng, low: float, high: float, tint: float = 8) -> Floats:
    """A random grey with a slight tint, BGR."""
    return np.asarray(rng.uniform(low, high) + rng.normal(0, tint, 3), np.float32)


def foam(canvas: Canvas, rng: Rng, centre: tuple[float, float], spread: tuple[float, float], strength: float) -> None:
    """Patchy white water: noise cut at a threshold, faded by a Gaussian in object coordinates."""
    side = canvas.alpha.shape[0]
    grain = max(2, int(side / rng.uniform(10, 40)))
    noise = cv2.resize(rng.random((grain, grain)).astype(np.float32), (side, side), interpolation=cv2.INTER_CUBIC)
    y, x = np.mgrid[0:side, 0:side].astype(np.float32)
    origin = canvas.to_fine(np.array([centre], np.float32))[0]
    unit = canvas.to_fine(np.array([[1, 0]], np.float32))[0, 0] - side / 2
    far = ((x - origin[0]) / (spread[0] * unit)) ** 2 + ((y - origin[1]) / (spread[1] * unit)) ** 2
    cover = np.clip((noise * np.exp(-far / 2) - 0.3) * 4, 0, 1) * strength
    canvas.blend(cover.astype(np.float32), grey(rng, 200, 250, 4))


def bend(points: Floats, curvature: float) -> Floats:
    """Bend the x axis into an arc: how a swimming body curves."""
    return np.stack([points[:, 0], points[:, 1] + curvature * (points[:, 0] ** 2 - 0.08)], 1).astype(np.float32)


def both_sides(x: list[float], half_width: list[float]) -> Floats:
    """A closed outline from stations along x and half widths there."""
    upper = np.stack([x, half_width], 1)
    return np.concatenate([upper, (upper * [1, -1])[::-1]]).astype(np.float32)


Painter = Callable[[Rng, float, Floats], Sprite]
