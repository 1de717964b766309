"""Real objects lifted from pictures whose licence allows it: hand-drawn outlines, edges refined by colour."""

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np

from wideberth_training_detector.atlas_foam import F32
from wideberth_training_detector.atlas_outlines import (
    HUMPBACK_BODIES,
    LAKE_JET_SKIS,
    LAKE_VESSELS,
    RIGHT_WHALE_BODY,
)  # fmt: skip
from wideberth_training_detector.atlas_sprite import Sprite, box_of_mask, to_bytes
from wideberth_training_detector.shapes import Floats, Image, read_sample
from wideberth_training_detector.sources import HUMPBACKS, LAKE_TILES, RIGHT_WHALE

# The full photographs are 4000 x 3000; the pictures of the set are shrunk to 2048, tiles of 800 x 600 are not.
_FULL, _SHRUNK, _TILE = (4000, 3000), 2048, (800, 600)


def cutouts(data: Path, held_out: bool) -> Iterator[Sprite]:
    """Every usable real object.

    Args:
        data: the shared data folder; where a set is absent, nothing of it comes.
        held_out: whether lake pictures kept for validation come too (for cross-validation by picture number); held-out
            humpbacks never do.
    """
    for kind, text, length_m in (("vessel", LAKE_VESSELS, 6.5), ("jet_ski", LAKE_JET_SKIS, 3.2)):
        for picture, label, outline in _lines(text):
            if held_out or picture not in LAKE_TILES.held_out:
                sprite = _lake(data, picture, label, outline, kind, length_m)
                if sprite is not None:
                    yield sprite
    for picture, label, outline in _lines(HUMPBACK_BODIES):
        stem = f"hump_{picture}"
        path = data / HUMPBACKS.folder / f"{stem}.png"
        if stem in HUMPBACKS.held_out or not path.exists():
            continue
        sample = read_sample(path, HUMPBACKS.label_of(path))
        corners, _ = _placed(sample.boxes[label].corners_px, outline, 1.2)
        yield _cut(sample.pixels, corners, "dolphin", 12.0, f"humpback:{stem}", HUMPBACKS.licence, 0.7)
    for path in RIGHT_WHALE.pictures(data):
        sample = read_sample(path, RIGHT_WHALE.label_of(path))
        outline = next(_lines(RIGHT_WHALE_BODY))[2]
        corners = np.asarray(outline * sample.pixels.shape[1], np.float32)
        whale = _cut(sample.pixels, corners, "dolphin", 13.0, "right_whale", RIGHT_WHALE.licence, 0.3)
        yield _shrunk(whale, 256 / max(whale.bgra.shape[:2]))


def _lines(text: str) -> Iterator[tuple[str, int, Floats]]:
    """Picture, label number and outline (n, 2) in window shares."""
    for line in text.replace("\n  ", " ").strip().splitlines():
        name, *corners = line.split()
        picture, label = name.split("/")
        points = np.array([[float(v) / 1000 for v in c.split(",")] for c in corners], np.float32)
        yield picture, int(label), points


def _placed(box_px: Floats, outline: Floats, window: float) -> tuple[Floats, float]:
    """An outline in picture pixels, and the window's side."""
    low, high = box_px.min(axis=0), box_px.max(axis=0)
    side = float((high - low).max()) * window
    return np.asarray((low + high) / 2 + (outline - 0.5) * side, np.float32), side


def _lake(data: Path, picture: str, label: int, outline: Floats, kind: str, length_m: float) -> Sprite | None:
    folder = data / "lake_vessel_frames"
    found = sorted((folder / "images").glob(f"*_DJI_{picture}.jpg"))
    if not found:
        return None
    sample = read_sample(found[0], folder / "labels" / f"{found[0].stem}.txt")
    full, sharp = _photograph(sample.pixels, folder / "tiles" / "images", found[0].stem)
    grow = _FULL[0] / _SHRUNK
    corners, _ = _placed(sample.boxes[label].corners_px * np.float32(grow), outline, 1.5)
    x, y = corners.mean(axis=0).astype(int)
    sprite = _cut(full, corners, kind, length_m, f"lake:{picture}", LAKE_TILES.licence, 1.0)
    return sprite if sharp[y // _TILE[1], x // _TILE[0]] else _shrunk(sprite, 1 / grow)


def _photograph(shrunk: Image, tiles: Path, stem: str) -> tuple[Image, np.ndarray]:
    """The photograph put together again, and which of its 5 x 5 tiles are at full resolution."""
    full = np.asarray(cv2.resize(shrunk, _FULL, interpolation=cv2.INTER_CUBIC), np.uint8)
    sharp = np.zeros((5, 5), np.bool_)
    for path in sorted(tiles.glob(f"{stem}_r*c*.jpg")):
        row, col = int(path.stem[-3]), int(path.stem[-1])
        piece = cv2.imread(str(path))
        if piece is not None and piece.shape[:2] == _TILE[::-1]:
            full[row * 600 : row * 600 + 600, col * 800 : col * 800 + 800] = piece
            sharp[row, col] = True
    return full, sharp


def _cut(
    pixels: Image, corners_px: Floats, kind: str, length_m: float, source: str, licence: str, wet: float
) -> Sprite:
    """Lift the inside of an outline; in a narrow band along it, colour decides."""
    margin = 12
    low = np.maximum(np.floor(corners_px.min(axis=0)).astype(int) - margin, 0)
    high = np.minimum(np.ceil(corners_px.max(axis=0)).astype(int) + margin, [pixels.shape[1], pixels.shape[0]])
    window = np.ascontiguousarray(pixels[low[1] : high[1], low[0] : high[0]])
    drawn = np.zeros(window.shape[:2], np.uint8)
    cv2.fillPoly(drawn, [np.round((corners_px - low) * 16).astype(np.int32)], 1, cv2.LINE_8, 4)
    band = max(2, int(0.022 * np.ptp(corners_px, axis=0).max()))
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * band + 1, 2 * band + 1))
    inner, outer = cv2.erode(drawn, kernel), cv2.dilate(drawn, kernel)
    mask = np.where(inner > 0, cv2.GC_FGD, np.where(outer > 0, cv2.GC_PR_FGD, cv2.GC_BGD)).astype(np.uint8)
    mask[(outer > 0) & (drawn == 0)] = cv2.GC_PR_BGD
    cv2.setRNGSeed(7)
    cv2.grabCut(window, mask, None, np.zeros((1, 65)), np.zeros((1, 65)), 3, cv2.GC_INIT_WITH_MASK)
    solid = np.isin(mask, (cv2.GC_FGD, cv2.GC_PR_FGD)).astype(np.uint8)
    small = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (5, 5))
    solid = cv2.morphologyEx(cv2.morphologyEx(solid, cv2.MORPH_CLOSE, small), cv2.MORPH_OPEN, small)
    alpha = cv2.GaussianBlur(solid.astype(np.float32), (0, 0), 0.9)
    bgra: F32 = np.concatenate([_inward(window, solid), alpha[..., None]], 2)
    return Sprite(kind, to_bytes(bgra), box_of_mask(solid > 0), -88.0, True, length_m, source, licence, wet)


def _inward(window: Image, solid: np.ndarray) -> F32:
    """Colours 0..1 with the object's own spread over its edge, so that no rim of its old water comes along."""
    core = cv2.erode(solid, np.ones((3, 3), np.uint8)).astype(np.float32)
    colour = window.astype(np.float32) / 255
    near = cv2.GaussianBlur(colour * core[..., None], (0, 0), 1.6)
    weight = cv2.GaussianBlur(core, (0, 0), 1.6)[..., None]
    spread = np.where(weight > 1e-3, near / np.maximum(weight, 1e-3), colour)
    return np.asarray(np.where(core[..., None] > 0, colour, spread), np.float32)


def _shrunk(sprite: Sprite, factor: float) -> Sprite:
    """The sprite at a smaller size."""
    alpha = sprite.bgra[..., 3:].astype(np.float32) / 255
    flat = np.concatenate([sprite.bgra[..., :3] / np.float32(255) * alpha, alpha], 2)
    small = cv2.resize(flat, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    bgra = np.concatenate([small[..., :3] / np.maximum(small[..., 3:], 1e-3), small[..., 3:]], 2)
    cx, cy, length, width, angle = sprite.box
    box = (cx * factor, cy * factor, length * factor, width * factor, angle)
    return Sprite(sprite.kind, to_bytes(bgra), box, sprite.view_pitch_deg, sprite.can_rotate, sprite.real_length_m,
                  sprite.source, sprite.licence, sprite.wet)  # fmt: skip
