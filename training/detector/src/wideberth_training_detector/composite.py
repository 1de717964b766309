"""Composites: painted and cut-out objects laid on real or painted water."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from wideberth_training_detector import paint_animals, paint_vessels
from wideberth_training_detector.cutouts import Cutout
from wideberth_training_detector.shapes import Floats, Image, LabelledBox, Sample, box_of_points
from wideberth_training_detector.sprites import Painter, Rng, Sprite
from wideberth_training_detector.visibility import only_visible
from wideberth_training_detector.water import paint_water, scatter_sparkle


@dataclass(frozen=True)
class _Kind:
    """What to paint: class (`None` = nothing to report), painter, usual lengths in px, weight in the draw."""

    class_index: int | None
    painter: Painter
    length_px: tuple[float, float]
    weight: float


# Lengths: bottlenose dolphins 2.5 m at 2-30 cm a pixel (8 px is the smallest worth reporting), boats 4-25 m, jet
# skis 3 m, people 0.5-1.8 m. The upper ends are 4K close-ups.
_KINDS = (
    _Kind(0, paint_animals.paint_dolphin, (9, 260), 0.39),
    _Kind(1, paint_vessels.paint_vessel, (14, 320), 0.28),
    _Kind(2, paint_vessels.paint_jet_ski, (12, 130), 0.08),
    _Kind(3, paint_animals.paint_swimmer, (8, 70), 0.11),
    _Kind(None, paint_vessels.paint_clutter, (5, 140), 0.14),
)


def compose(rng: Rng, size_px: int, backgrounds: Sequence[Image], cutouts: Sequence[Cutout]) -> Sample:
    """One composite: a background, up to a pod of animals and a few vessels, then camera noise.

    Args:
        rng: decides everything; the same state gives the same picture.
        size_px: side of the picture.
        backgrounds: real pictures without objects of ours, at least `size_px` on each side.
        cutouts: real objects.
    """
    real = bool(backgrounds) and rng.random() < 0.45
    base = _real_background(rng, backgrounds, size_px) if real else paint_water(rng, size_px)
    boxes: list[LabelledBox] = []
    tilt = float(rng.uniform(0.35, 1.0)) if rng.random() < 0.4 else 1.0
    # Mostly small, as from working heights; one scene in four is a close-up, where an animal fills the window.
    close = rng.random() < 0.25
    scale = float(rng.uniform(0.45, 1.0) if close else np.exp(rng.uniform(np.log(0.04), np.log(0.7))))
    for _ in range(int(rng.choice([0, 1, 2, 3, 4, 6, 9], p=[0.06, 0.16, 0.2, 0.2, 0.16, 0.14, 0.08]))):
        kind = _KINDS[int(rng.choice(len(_KINDS), p=[k.weight for k in _KINDS]))]
        low, high = kind.length_px
        length = float(np.clip(high * scale * rng.uniform(0.6, 1.5), low, high))
        sprite = _draw(rng, kind, length, base, cutouts)
        placed = _place(rng, base, sprite, boxes, tilt)
        if placed is not None and kind.class_index is not None:
            boxes.append(LabelledBox(kind.class_index, placed))
    if rng.random() < 0.2:
        base = scatter_sparkle(rng, base)
    return only_visible(Sample(_camera(rng, base), tuple(boxes)))


def compose_empty(rng: Rng, size_px: int, backgrounds: Sequence[Image]) -> Sample:
    """Water with nothing to report: waves, sparkle of every size, wakes without boats, look-alikes.

    Args:
        rng: decides everything.
        size_px: side of the picture.
        backgrounds: real pictures without objects of ours.
    """
    if backgrounds and rng.random() < 0.3:
        base = _real_background(rng, backgrounds, size_px)
    else:
        base = paint_water(rng, size_px, glint_share=0.75) * rng.uniform(0.4, 1.1)
        zoom = float(rng.uniform(1.0, 3.0)) if rng.random() < 0.5 else 1.0
        side = int(size_px / zoom)
        base = np.asarray(cv2.resize(base[:side, :side], (size_px, size_px), interpolation=cv2.INTER_CUBIC), np.float32)
        base *= rng.uniform(0.85, 1.15, 3).astype(np.float32)
    if rng.random() < 0.6:
        base = scatter_sparkle(rng, base)
    water = np.asarray(base[::40, ::40].reshape(-1, 3).mean(axis=0), np.float32)
    for _ in range(int(rng.integers(0, 5))):
        wake = rng.random() < 0.4
        painter = paint_vessels.paint_lone_wake if wake else paint_vessels.paint_clutter
        _place(rng, base, painter(rng, float(np.exp(rng.uniform(np.log(6), np.log(150)))), water), [], 1.0)
    return Sample(_camera(rng, base), ())


def _draw(rng: Rng, kind: _Kind, length_px: float, base: Floats, cutouts: Sequence[Cutout]) -> Sprite:
    fitting = [c for c in cutouts if c.class_index == kind.class_index and c.length_px * 1.4 >= length_px]
    if fitting and rng.random() < (0.25 if kind.class_index == 0 else 0.4):
        cutout = fitting[int(rng.integers(len(fitting)))]
        return _shrink(cutout.sprite, length_px / cutout.length_px)
    water = base[:: base.shape[0] // 8, :: base.shape[1] // 8].reshape(-1, 3).mean(axis=0)
    return kind.painter(rng, length_px, np.asarray(water, np.float32))


def _shrink(sprite: Sprite, factor: float) -> Sprite:
    method = cv2.INTER_AREA if factor < 1 else cv2.INTER_LINEAR
    bgr = cv2.resize(sprite.bgr, None, fx=factor, fy=factor, interpolation=method)
    alpha = cv2.resize(sprite.alpha, (bgr.shape[1], bgr.shape[0]), interpolation=method)
    return Sprite(np.asarray(bgr, np.float32), np.asarray(alpha, np.float32), sprite.outline_px * np.float32(factor))


def _place(rng: Rng, base: Floats, sprite: Sprite, taken: Sequence[LabelledBox], tilt: float) -> Floats | None:
    """Turn, mirror, foreshorten, tint and lay a sprite on the base.

    Flat things on the sea shrink by `tilt` along the picture's y when the camera looks ahead.

    Returns:
        The corners of its box, or `None` when no free place was found.
    """
    side = base.shape[0]
    turn = cv2.getRotationMatrix2D((0, 0), float(rng.uniform(0, 360)), 1.0)
    if rng.random() < 0.5:
        turn[:, 1] *= -1
    turn[1] *= tilt
    centre = np.array([sprite.alpha.shape[1], sprite.alpha.shape[0]]) / 2
    for _ in range(6):
        spot = rng.uniform(0.04, 0.96, 2) * side
        matrix = np.column_stack([turn[:, :2], spot - turn[:, :2] @ centre])
        outline = sprite.outline_px @ matrix[:, :2].T.astype(np.float32) + matrix[:, 2].astype(np.float32)
        if len(outline) == 0 or _is_free(outline, side, taken):
            break
    else:
        return None
    alpha = cv2.warpAffine(sprite.alpha, matrix, (side, side))[..., None]
    colour = cv2.warpAffine(sprite.bgr, matrix, (side, side), borderMode=cv2.BORDER_REPLICATE)
    colour = colour * rng.uniform(0.8, 1.15)
    base[:] = base * (1 - alpha) + colour * alpha
    if len(outline) == 0:
        return np.zeros((4, 2), np.float32)
    return np.clip(box_of_points(0, outline).corners_px, 0, side - 1)


def _is_free(outline: Floats, side: int, taken: Sequence[LabelledBox]) -> bool:
    low, high = outline.min(axis=0), outline.max(axis=0)
    inside = np.prod(np.clip(np.minimum(high, side) - np.maximum(low, 0), 0, None))
    if inside < 0.85 * np.prod(high - low):
        return False
    for box in taken:
        other_low, other_high = box.corners_px.min(axis=0), box.corners_px.max(axis=0)
        if np.all(np.minimum(high, other_high) - np.maximum(low, other_low) > 0):
            return False
    return True


def _real_background(rng: Rng, backgrounds: Sequence[Image], size_px: int) -> Floats:
    picture = backgrounds[int(rng.integers(len(backgrounds)))]
    side = int(min(size_px * rng.uniform(0.7, 2.5), *picture.shape[:2]))
    y = int(rng.integers(0, picture.shape[0] - side + 1))
    x = int(rng.integers(0, picture.shape[1] - side + 1))
    piece = cv2.resize(picture[y : y + side, x : x + side], (size_px, size_px), interpolation=cv2.INTER_AREA)
    piece = np.rot90(piece, int(rng.integers(4)))
    return np.ascontiguousarray(piece, np.float32) * rng.uniform(0.7, 1.2)


def _camera(rng: Rng, base: Floats) -> Image:
    """Soft lens, haze and sensor noise; the JPEG quality at writing stands in for video compression."""
    picture = base
    if rng.random() < 0.6:
        picture = cv2.GaussianBlur(picture, (0, 0), rng.uniform(0.3, 1.0))
    if rng.random() < 0.3:
        haze = rng.uniform(0.05, 0.3)
        picture = picture * (1 - haze) + rng.uniform(130, 210) * haze
    noisy = picture + rng.normal(0, rng.uniform(0.3, 4), picture.shape)
    return np.asarray(np.clip(noisy, 0, 255), np.uint8)
