"""Cutting a frame into the pieces that each go through the network once.

Small animals are few pixels long, so pieces are taken at full size wherever the settings allow: shrinking a 4K frame to
1280 px leaves 21 x 5 px of the median dolphin.
"""

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from wideberth_contracts.detections import Tiling

# Coarsest stride of the network: its input must be a multiple.
STRIDE_PX = 32
# Side of the square input of a network with a fixed one, and the side it was trained at.
TILE_PX = 640
# Twice the length of a median dolphin in 4K (64 px), so that an animal cut by one tile is whole in the next.
OVERLAP_PX = 128
# Longest side a network with free input gets in one piece, so that 1080p is one pass. Cost goes with area (about 200 ms
# of one core a megapixel for YOLO11n, at any size), so few large pieces beat many small ones by the overlap saved.
LONGEST_PX = 1920
# Grey of the padding, as in training.
PAD_VALUE = 114


@dataclass(frozen=True, slots=True)
class InnerSides:
    """Which sides of a tile lie inside the frame: an object may go on beyond them."""

    left: bool
    top: bool
    right: bool
    bottom: bool


@dataclass(frozen=True, slots=True)
class Tile:
    """A piece of the frame and the size at which the network sees it.

    Attributes:
        x_px, y_px, width_px, height_px: the piece, in pixels of the frame.
        input_width_px, input_height_px: the network's input; the piece lies at its top left, the rest is padding.
        scale: input pixels per frame pixel, at most 1.
    """

    index: int
    x_px: int
    y_px: int
    width_px: int
    height_px: int
    input_width_px: int
    input_height_px: int
    scale: float
    inner: InnerSides


def plan_tiles(width_px: int, height_px: int, tiling: Tiling, fixed_px: tuple[int, int] | None) -> tuple[Tile, ...]:
    """The tiles of a frame, row by row.

    Args:
        width_px, height_px: the frame.
        tiling: AUTO cuts as little as the network allows; FULL cuts to the side the network was trained at; NONE
            takes the frame in one piece, shrunk where it is too large.
        fixed_px: (height, width) of the network's input where it is fixed, else None.
    """
    if tiling is Tiling.NONE:
        return (_whole(width_px, height_px, fixed_px),)
    side = TILE_PX if tiling is Tiling.FULL else LONGEST_PX
    columns = _spans(width_px, fixed_px[1] if fixed_px else side, fixed_px is not None)
    rows = _spans(height_px, fixed_px[0] if fixed_px else side, fixed_px is not None)
    tiles: list[Tile] = []
    for y, tile_height, input_height in rows:
        for x, tile_width, input_width in columns:
            inner = InnerSides(x > 0, y > 0, x + tile_width < width_px, y + tile_height < height_px)
            tiles.append(Tile(len(tiles), x, y, tile_width, tile_height, input_width, input_height, 1.0, inner))
    return tuple(tiles)


def network_input(pixels: NDArray[np.uint8], tile: Tile) -> NDArray[np.float32]:
    """What the network sees of a tile: (1, 3, height, width), RGB, 0..1.

    Args:
        pixels: (height, width, 3) BGR, the whole frame.
        tile: one of `plan_tiles`.
    """
    piece = pixels[tile.y_px : tile.y_px + tile.height_px, tile.x_px : tile.x_px + tile.width_px]
    if tile.scale != 1.0:
        size = (max(1, round(tile.width_px * tile.scale)), max(1, round(tile.height_px * tile.scale)))
        piece = np.asarray(cv2.resize(piece, size, interpolation=cv2.INTER_AREA), np.uint8)
    below, beside = tile.input_height_px - piece.shape[0], tile.input_width_px - piece.shape[1]
    if below or beside:
        grey = (PAD_VALUE, PAD_VALUE, PAD_VALUE)
        piece = np.asarray(cv2.copyMakeBorder(piece, 0, below, 0, beside, cv2.BORDER_CONSTANT, value=grey), np.uint8)
    planes = np.ascontiguousarray(piece[:, :, ::-1].transpose(2, 0, 1))
    return np.multiply(planes, np.float32(1 / 255), dtype=np.float32)[None]


def _whole(width_px: int, height_px: int, fixed_px: tuple[int, int] | None) -> Tile:
    """The frame in one piece, at full size where it fits."""
    most_height, most_width = fixed_px if fixed_px else (LONGEST_PX, LONGEST_PX)
    scale = min(1.0, most_height / height_px, most_width / width_px)
    if fixed_px:
        input_height, input_width = fixed_px
    else:
        input_height, input_width = _to_stride(height_px * scale), _to_stride(width_px * scale)
    inner = InnerSides(left=False, top=False, right=False, bottom=False)
    return Tile(0, 0, 0, width_px, height_px, input_width, input_height, scale, inner)


def _spans(length_px: int, most_px: int, fixed: bool) -> list[tuple[int, int, int]]:
    """(start, length, input length) of the fewest equal pieces that cover a side with `OVERLAP_PX` between them."""
    if length_px <= most_px:
        return [(0, length_px, most_px if fixed else _to_stride(length_px))]
    count = math.ceil((length_px - OVERLAP_PX) / (most_px - OVERLAP_PX))
    piece_px = most_px if fixed else min(most_px, _to_stride((length_px + (count - 1) * OVERLAP_PX) / count))
    last = length_px - piece_px
    return [(round(last * index / (count - 1)), piece_px, piece_px) for index in range(count)]


def _to_stride(length_px: float) -> int:
    """The next multiple of the network's stride."""
    return max(STRIDE_PX, math.ceil(length_px / STRIDE_PX) * STRIDE_PX)
