"""Triangles and soft spots drawn into layers of a picture.

Bodies are drawn at twice the resolution with a depth buffer, then folded into two layers: what stands above the water
(`over`) and what is seen through it (`under`, dimmed by the water between). Spots are soft ellipses given by two image
vectors: foam, spray, shadows.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import cv2
import numba
import numpy as np
import numpy.typing as npt

Float32Array = npt.NDArray[np.float32]
SUPERSAMPLE = 2


@dataclass
class Layers:
    """Layers of one picture size, reused from frame to frame; only the touched parts are wiped.

    Attributes:
        over: (H, W, 4) premultiplied linear B, G, R and coverage of what is above the water.
        under: (H, W, 6) colour through the water (B, G, R) and the water it replaces per channel.
        foam: (H, W) foam cover, may exceed 1.
        shade: (H, W) share of sunlight blocked by a body.
        boxes: Touched parts: x0, y0, x1, y1.
        margin: Pixels beyond a touched part in which waves may shift what lies under water.
        made: (H, W, 2) slopes of the waves that bodies make; (1, 1, 2) for none.
    """

    over: Float32Array
    under: Float32Array
    foam: Float32Array
    shade: Float32Array
    boxes: list[tuple[int, int, int, int]] = field(default_factory=list)
    margin: int = 8
    made: Float32Array = field(default_factory=lambda: np.zeros((1, 1, 2), np.float32))

    @classmethod
    def empty(cls, width_px: int, height_px: int, margin: int = 8) -> Layers:
        """Return blank layers."""
        return cls(
            np.zeros((height_px, width_px, 4), np.float32),
            np.zeros((height_px, width_px, 6), np.float32),
            np.zeros((height_px, width_px), np.float32),
            np.zeros((height_px, width_px), np.float32),
            margin=margin,
        )

    def busy(self) -> npt.NDArray[np.bool_]:
        """Return which blocks of 16 by 16 px hold anything but foam, or lie within the margin of it."""
        rows, cols = self.foam.shape
        out = np.zeros(((rows + 15) // 16, (cols + 15) // 16), np.bool_)
        for x0, y0, x1, y1 in self.boxes:
            m = self.margin
            out[max(0, y0 - m) // 16 : (y1 + m) // 16 + 1, max(0, x0 - m) // 16 : (x1 + m) // 16 + 1] = True
        return out

    def wipe(self) -> None:
        """Make all layers blank again."""
        for x0, y0, x1, y1 in self.boxes:
            self.over[y0:y1, x0:x1] = 0
            self.under[y0:y1, x0:x1] = 0
            self.shade[y0:y1, x0:x1] = 0
        self.foam[:] = 0
        self.boxes.clear()


@numba.njit(cache=True, fastmath=True)
def _fill(corners, zs, colours, depth, out):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN202
    """Draw triangles: corners (T,3,3) x, y, depth; zs (T,3); colours (T,3,3); out (h,w,4) colour + height."""
    rows, cols = depth.shape
    for t in range(corners.shape[0]):
        x0, y0, d0 = corners[t, 0]
        x1, y1, d1 = corners[t, 1]
        x2, y2, d2 = corners[t, 2]
        if d0 < 0.3 or d1 < 0.3 or d2 < 0.3:
            continue
        area = (x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0)
        if abs(area) < 1e-9:
            continue
        inv = 1.0 / area
        left = max(0, math.floor(min(x0, x1, x2) - 0.5))
        right = min(cols - 1, math.ceil(max(x0, x1, x2)))
        top = max(0, math.floor(min(y0, y1, y2) - 0.5))
        bottom = min(rows - 1, math.ceil(max(y0, y1, y2)))
        i0, i1, i2 = 1.0 / d0, 1.0 / d1, 1.0 / d2
        for y in range(top, bottom + 1):
            py = y + 0.5
            for x in range(left, right + 1):
                px = x + 0.5
                b1 = ((px - x0) * (y2 - y0) - (x2 - x0) * (py - y0)) * inv
                b2 = ((x1 - x0) * (py - y0) - (px - x0) * (y1 - y0)) * inv
                b0 = 1.0 - b1 - b2
                if b0 < -1e-6 or b1 < -1e-6 or b2 < -1e-6:
                    continue
                inv_depth = b0 * i0 + b1 * i1 + b2 * i2
                if inv_depth <= depth[y, x]:
                    continue
                depth[y, x] = inv_depth
                w0, w1, w2 = b0 * i0 / inv_depth, b1 * i1 / inv_depth, b2 * i2 / inv_depth
                for c in range(3):
                    out[y, x, c] = w0 * colours[t, 0, c] + w1 * colours[t, 1, c] + w2 * colours[t, 2, c]
                out[y, x, 3] = w0 * zs[t, 0] + w1 * zs[t, 1] + w2 * zs[t, 2]


@numba.njit(cache=True, fastmath=True)
def _fold(depth, drawn, water_k, fog, over, under, x_off, y_off):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN202
    """Average the fine picture into the layers; heights below 0 are dimmed by exp(-k * path)."""
    ss = 2
    share = 1.0 / (ss * ss)
    for y in range(depth.shape[0] // ss):
        for x in range(depth.shape[1] // ss):
            for sy in range(ss):
                for sx in range(ss):
                    fy = y * ss + sy
                    fx = x * ss + sx
                    if depth[fy, fx] <= 0.0:
                        continue
                    z = drawn[fy, fx, 3]
                    if z >= 0.0:
                        for c in range(3):
                            over[y + y_off, x + x_off, c] += drawn[fy, fx, c] * share
                        over[y + y_off, x + x_off, 3] += share
                    else:
                        for c in range(3):
                            t = math.exp(z * water_k[c]) * fog * share
                            under[y + y_off, x + x_off, c] += drawn[fy, fx, c] * t
                            under[y + y_off, x + x_off, c + 3] += t


@numba.njit(cache=True, fastmath=True)
def _spots(spots, layer, additive):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN202
    """Draw soft ellipses: spots (N, 7) x, y, ux, uy, vx, vy, strength; falls to 0 at the ellipse."""
    rows, cols = layer.shape
    for i in range(spots.shape[0]):
        cx, cy, ux, uy, vx, vy, strength = spots[i]
        # A spot thinner than a pixel keeps its light: widen it and dim it.
        grow = 1.0
        size = math.sqrt(abs(ux * vy - uy * vx)) + 1e-9
        if size < 0.7:
            grow = 0.7 / size
            strength *= (size / 0.7) ** 2
        ux *= grow
        uy *= grow
        vx *= grow
        vy *= grow
        # Flat ellipses near the horizon: keep half a pixel of height.
        det = ux * vy - uy * vx
        if abs(det) < 1e-6:
            continue
        rx = math.sqrt(ux * ux + vx * vx)
        ry = math.sqrt(uy * uy + vy * vy)
        if rx > 2.0 * cols:
            continue
        left = max(0, int(cx - rx - 0.5))
        right = min(cols - 1, int(cx + rx + 0.5))
        top = max(0, int(cy - ry - 0.5))
        bottom = min(rows - 1, int(cy + ry + 0.5))
        for y in range(top, bottom + 1):
            dy = y + 0.5 - cy
            for x in range(left, right + 1):
                dx = x + 0.5 - cx
                a = (dx * vy - dy * vx) / det
                b = (dy * ux - dx * uy) / det
                q = a * a + b * b
                if q < 1.0:
                    value = strength * (1.0 - q) * (1.0 - 0.5 * q)
                    if additive:
                        layer[y, x] += value
                    else:
                        layer[y, x] = max(layer[y, x], value)


@numba.njit(cache=True, fastmath=True)
def _over_spots(spots, colour, over):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN202
    rows, cols = over.shape[:2]
    for i in range(spots.shape[0]):
        cx, cy, rx, ry, strength = spots[i]
        for y in range(max(0, int(cy - ry - 1)), min(rows - 1, int(cy + ry + 1)) + 1):
            for x in range(max(0, int(cx - rx - 1)), min(cols - 1, int(cx + rx + 1)) + 1):
                q = ((x + 0.5 - cx) / rx) ** 2 + ((y + 0.5 - cy) / ry) ** 2
                if q < 1.0:
                    a = strength * (1.0 - q)
                    for c in range(3):
                        over[y, x, c] = over[y, x, c] * (1 - a) + a * colour[c]
                    over[y, x, 3] = over[y, x, 3] * (1 - a) + a


def _patch(corners: npt.NDArray[np.float64], shape: tuple[int, int], pad: int = 0) -> tuple[int, int, int, int] | None:
    front = corners[..., 2].min(axis=1) > 0.3
    if not front.any():
        return None
    xy = corners[front][..., :2]
    low = np.floor(xy.min(axis=(0, 1))) - 1 - pad
    high = np.ceil(xy.max(axis=(0, 1))) + 1 + pad
    x0, y0 = int(max(0, low[0])), int(max(0, low[1]))
    x1, y1 = int(min(shape[1], high[0])), int(min(shape[0], high[1]))
    return (x0, y0, x1, y1) if x1 > x0 and y1 > y0 else None


def draw_body(
    layers: Layers,
    corners: npt.NDArray[np.float64],
    heights_m: npt.NDArray[np.float64],
    colours: npt.NDArray[np.float64],
    water_k: npt.NDArray[np.float64],
    fog: float = 1.0,
    scatter_px: float = 0.0,
) -> None:
    """Draw a lit body into the over and under layers.

    Args:
        layers: The layers.
        corners: (T, 3, 3) image x, y (px) and depth (m) of the corners.
        heights_m: (T, 3) heights above the water; below 0 is under water.
        colours: (T, 3, 3) linear B, G, R of the corners.
        water_k: (3,) dimming per metre of depth, both ways, B, G, R.
        fog: Further share of what is seen under water, 0 to 1.
        scatter_px: Blur of what is under water.
    """
    pad = int(3 * scatter_px) + 1 if scatter_px > 0.4 else 0
    box = _patch(corners, layers.foam.shape, pad)
    if box is None:
        return
    x0, y0, x1, y1 = box
    fine = corners.copy()
    fine[..., 0] = (corners[..., 0] - x0) * SUPERSAMPLE
    fine[..., 1] = (corners[..., 1] - y0) * SUPERSAMPLE
    shape = ((y1 - y0) * SUPERSAMPLE, (x1 - x0) * SUPERSAMPLE)
    depth = np.zeros(shape, np.float32)
    drawn = np.zeros((*shape, 4), np.float32)
    _fill(fine, heights_m, colours, depth, drawn)
    # A nearer body hides what was drawn there before: bodies come far to near.
    cover = (depth > 0).reshape(y1 - y0, SUPERSAMPLE, x1 - x0, SUPERSAMPLE).mean(axis=(1, 3), dtype=np.float32)
    layers.over[y0:y1, x0:x1] *= (1 - cover)[..., None]
    layers.under[y0:y1, x0:x1] *= (1 - cover)[..., None]
    if pad:
        under = np.zeros((y1 - y0, x1 - x0, 6), np.float32)
        _fold(depth, drawn, water_k, fog, layers.over[y0:y1, x0:x1], under, 0, 0)
        layers.under[y0:y1, x0:x1] += cv2.GaussianBlur(under, (0, 0), scatter_px, borderType=cv2.BORDER_REPLICATE)
    else:
        _fold(depth, drawn, water_k, fog, layers.over, layers.under, x0, y0)
    layers.boxes.append(box)


def draw_mirror(
    layers: Layers, corners: npt.NDArray[np.float64], colours: npt.NDArray[np.float64], share: float
) -> None:
    """Draw a body's mirror image on the sea: corners (T, 3, 3) of the mirrored body, share of it that shows, 0 to 1."""
    box = _patch(corners, layers.foam.shape)
    if box is None:
        return
    x0, y0, x1, y1 = box
    local = corners.copy()
    local[..., 0] -= x0
    local[..., 1] -= y0
    depth = np.zeros((y1 - y0, x1 - x0), np.float32)
    drawn = np.zeros((y1 - y0, x1 - x0, 4), np.float32)
    _fill(local, np.zeros(corners.shape[:2]), colours, depth, drawn)
    cover = (depth > 0).astype(np.float32)[..., None] * np.float32(share)
    under = layers.under[y0:y1, x0:x1]
    under *= 1 - cover
    under[..., :3] += drawn[..., :3] * cover
    under[..., 3:] += cover
    layers.boxes.append(box)


def draw_shadow(layers: Layers, corners: npt.NDArray[np.float64]) -> None:
    """Block sunlight inside triangles lying on the sea: corners (T, 3, 3)."""
    box = _patch(corners, layers.foam.shape)
    if box is None:
        return
    x0, y0, x1, y1 = box
    flat = corners.copy()
    flat[..., 0] -= x0
    flat[..., 1] -= y0
    depth = np.zeros((y1 - y0, x1 - x0), np.float32)
    drawn = np.zeros((y1 - y0, x1 - x0, 4), np.float32)
    none = np.zeros(corners.shape[:2])
    _fill(flat, none, np.zeros(corners.shape), depth, drawn)
    layers.shade[y0:y1, x0:x1] = np.maximum(layers.shade[y0:y1, x0:x1], (depth > 0).astype(np.float32))
    layers.boxes.append(box)


def draw_foam(layers: Layers, spots: npt.NDArray[np.float64]) -> None:
    """Add foam: spots (N, 7) centre x, y, two half-axis vectors in px, strength."""
    if len(spots):
        _spots(np.ascontiguousarray(spots, np.float64), layers.foam, True)


def draw_spray(layers: Layers, spots: npt.NDArray[np.float64], colour: npt.NDArray[np.float64]) -> None:
    """Draw droplets above the water: spots (N, 5) x, y, half-width, half-height (px), opacity."""
    if not len(spots):
        return
    spots = np.ascontiguousarray(spots, np.float64)
    size = spots.copy()
    spots[:, 4] *= np.minimum(1.0, spots[:, 2] * spots[:, 3] / 0.36)
    spots[:, 2:4] = np.maximum(size[:, 2:4], 0.6)
    _over_spots(spots, colour, layers.over)
    shape = layers.foam.shape
    x0, y0 = (spots[:, :2] - spots[:, 2:4]).min(axis=0) - 2
    x1, y1 = (spots[:, :2] + spots[:, 2:4]).max(axis=0) + 2
    box = (max(0, int(x0)), max(0, int(y0)), min(shape[1], int(x1)), min(shape[0], int(y1)))
    if box[2] > box[0] and box[3] > box[1]:
        layers.boxes.append(box)
