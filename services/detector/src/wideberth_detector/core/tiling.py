"""Cutting a whole frame into the pieces that each go through the network once. For a stream see `guided`.

Small animals are few pixels long, so pieces are taken at full size wherever the settings allow: shrinking a 4K frame to
1280 px leaves 21 x 5 px of the median dolphin.
"""

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from wideberth_contracts.detections import Tiling
from wideberth_detector.core.levels import Levels

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
        return (whole(width_px, height_px, LONGEST_PX, fixed_px),)
    side = TILE_PX if tiling is Tiling.FULL else LONGEST_PX
    columns = _spans(width_px, fixed_px[1] if fixed_px else side, fixed_px is not None)
    rows = _spans(height_px, fixed_px[0] if fixed_px else side, fixed_px is not None)
    tiles: list[Tile] = []
    for y, tile_height, input_height in rows:
        for x, tile_width, input_width in columns:
            inner = inner_sides(x, y, tile_width, tile_height, (width_px, height_px))
            tiles.append(Tile(len(tiles), x, y, tile_width, tile_height, input_width, input_height, 1.0, inner))
    return tuple(tiles)


def network_input(levels: Levels, tile: Tile) -> NDArray[np.uint8]:
    """What the network sees of a tile: (input height, input width, 3), BGR.

    Args:
        levels: the whole frame.
        tile: one of its tiles.
    """
    level = max(0, math.floor(-math.log2(tile.scale) + 1e-9))
    picture, factor = levels.at(level), 1 << level
    left, top = tile.x_px // factor, tile.y_px // factor
    piece = picture[top : top + tile.height_px // factor, left : left + tile.width_px // factor]
    if tile.scale * factor < 1.0:
        size = (max(1, round(tile.width_px * tile.scale)), max(1, round(tile.height_px * tile.scale)))
        # The level is at most twice too large: as good as the mean over broken pixels, and ten times faster.
        piece = np.asarray(cv2.resize(piece, size, interpolation=cv2.INTER_LINEAR), np.uint8)
    below, beside = tile.input_height_px - piece.shape[0], tile.input_width_px - piece.shape[1]
    if below or beside:
        grey = (PAD_VALUE, PAD_VALUE, PAD_VALUE)
        piece = np.asarray(cv2.copyMakeBorder(piece, 0, below, 0, beside, cv2.BORDER_CONSTANT, value=grey), np.uint8)
    return np.ascontiguousarray(piece)


def inner_sides(x_px: int, y_px: int, width_px: int, height_px: int, frame_px: tuple[int, int]) -> InnerSides:
    """Which sides of a piece lie inside a frame of (width, height)."""
    return InnerSides(x_px > 0, y_px > 0, x_px + width_px < frame_px[0], y_px + height_px < frame_px[1])


def whole(width_px: int, height_px: int, longest_px: int, fixed_px: tuple[int, int] | None = None) -> Tile:
    """The frame in one piece, shrunk where it does not fit.

    Args:
        width_px, height_px: the frame.
        longest_px: most for either side of a free input.
        fixed_px: (height, width) of the input where it is fixed.
    """
    most_height, most_width = fixed_px if fixed_px else (longest_px, longest_px)
    scale = min(1.0, most_height / height_px, most_width / width_px)
    if fixed_px:
        input_height, input_width = fixed_px
    else:
        input_height, input_width = to_stride(height_px * scale), to_stride(width_px * scale)
    inner = InnerSides(left=False, top=False, right=False, bottom=False)
    return Tile(0, 0, 0, width_px, height_px, input_width, input_height, scale, inner)


def _spans(length_px: int, most_px: int, fixed: bool) -> list[tuple[int, int, int]]:
    """(start, length, input length) of the fewest equal pieces that cover a side with `OVERLAP_PX` between them."""
    if length_px <= most_px:
        return [(0, length_px, most_px if fixed else to_stride(length_px))]
    count = math.ceil((length_px - OVERLAP_PX) / (most_px - OVERLAP_PX))
    piece_px = most_px if fixed else min(most_px, to_stride((length_px + (count - 1) * OVERLAP_PX) / count))
    last = length_px - piece_px
    return [(round(last * index / (count - 1)), piece_px, piece_px) for index in range(count)]


def to_stride(length_px: float) -> int:
    """The next multiple of the network's stride."""
    return max(STRIDE_PX, math.ceil(length_px / STRIDE_PX) * STRIDE_PX)
