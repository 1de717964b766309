"""Laying few small tiles over many places, the most important first, within a budget."""

from collections.abc import Sequence
from dataclasses import dataclass

from wideberth_detector.core.tiling import Tile, inner_sides

# Side of the tiles' input. Smaller ones show the network too little around an animal: at 320 px it is a tenth less sure
# than at 640. Larger ones cover more water beside what they were laid for; in a small frame few would be all there is.
SIDE_PX = 512
SMALL_SIDE_PX = 384
SMALL_FRAME_PX = 2560
# Water left around a place on each side, in pixels of the input, so that it is whole and has surroundings.
MARGIN_PX = 40
# Tiles start at multiples of the network's finest stride, so that one place gives much the same answer in any tile.
GRID_PX = 8


@dataclass(frozen=True, slots=True)
class Place:
    """Where something may be, upright, in pixels of the frame."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def long_px(self) -> float:
        """The longer side."""
        return max(self.right - self.left, self.bottom - self.top)

    def with_(self, other: "Place") -> "Place":
        """The smallest place around both."""
        return Place(
            min(self.left, other.left), min(self.top, other.top),
            max(self.right, other.right), max(self.bottom, other.bottom),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Packed:
    """Tiles, and the places for which none was left."""

    tiles: tuple[Tile, ...]
    put_off: tuple[Place, ...]


def side_of(frame_px: tuple[int, int]) -> int:
    """The side of the tiles' input for a frame of (width, height)."""
    return SIDE_PX if max(frame_px) > SMALL_FRAME_PX else SMALL_SIDE_PX


def pack(places: Sequence[Place], frame_px: tuple[int, int], most: int, first_index: int) -> Packed:
    """At most `most` tiles over the places, each place whole in one of them as far as tiles reach.

    Args:
        places: the most important first.
        frame_px: width and height of the frame.
        most: tiles that may be laid.
        first_index: of the first tile.
    """
    side_px = side_of(frame_px)
    tiles: list[Tile] = []
    put_off: list[Place] = []
    waiting = list(places)
    while waiting:
        place = waiting.pop(0)
        if len(tiles) == most:
            put_off.append(place)
            continue
        level = _level(place, side_px)
        reach = (side_px - 2 * MARGIN_PX) << level
        around, left_over = place, []
        for other in waiting:
            joined = around.with_(other)
            if (
                _level(other, side_px) == level
                and joined.right - joined.left <= reach
                and joined.bottom - joined.top <= reach
            ):
                around = joined
            else:
                left_over.append(other)
        tile = _tile_around(around, side_px, level, frame_px, first_index + len(tiles))
        tiles.append(tile)
        waiting = [other for other in left_over if not holds(tile, other, side_px)]
    return Packed(tuple(tiles), tuple(put_off))


def holds(tile: Tile, place: Place, side_px: int) -> bool:
    """Whether a place lies in a tile with some water around it, shown as large as in a tile of its own of that side."""
    margin = MARGIN_PX / 2 / tile.scale
    return (
        tile.scale >= 1 / (1 << _level(place, side_px))
        and (place.left >= tile.x_px + margin or not tile.inner.left)
        and (place.top >= tile.y_px + margin or not tile.inner.top)
        and (place.right <= tile.x_px + tile.width_px - margin or not tile.inner.right)
        and (place.bottom <= tile.y_px + tile.height_px - margin or not tile.inner.bottom)
    )


def _level(place: Place, side_px: int) -> int:
    """How often a place is halved to fit in a tile."""
    level = 0
    while place.long_px > (side_px - 2 * MARGIN_PX) << level:
        level += 1
    return level


def _tile_around(place: Place, side_px: int, level: int, frame_px: tuple[int, int], index: int) -> Tile:
    """The tile with a place in its middle, moved to lie within the frame."""
    step = 1 << level
    side, grid = side_px * step, GRID_PX * step
    spans = []
    for low, high, length in ((place.left, place.right, frame_px[0]), (place.top, place.bottom, frame_px[1])):
        start = round((low + high - side) / 2)
        start = max(0, min(start, length - side)) // grid * grid
        spans.append((start, min(side, length - start)))
    (x, width), (y, height) = spans
    return Tile(index, x, y, width, height, side_px, side_px, 1 / step, inner_sides(x, y, width, height, frame_px))
