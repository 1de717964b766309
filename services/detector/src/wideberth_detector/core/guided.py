"""Where to look closely in a frame of a stream: a look at the whole, what stands out from the water, what is expected.

The network sees the whole frame small: boats and large animals come from there. Small animals are lost in that look,
so tiles at full size are laid where something was a moment ago, where the look saw a hint, and where the water does not
look like water, in that order, within a budget. One strip of the rest is swept a turn. A place seen at more than one
size is judged by the closest look that does not show an animal larger than the network knows them (`nearness`).
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import cv2
import numpy as np

from wideberth_contracts.detections import Attention, Looked, OrientedBox
from wideberth_detector.core.candidates import Bools, Candidates, xyxy_px
from wideberth_detector.core.levels import Levels, level_reaching
from wideberth_detector.core.nearness import far_enough, scales_of
from wideberth_detector.core.packing import Place, holds, pack, side_of
from wideberth_detector.core.salience import CELL_PX, LEAST_PX, salience
from wideberth_detector.core.sweep import strips
from wideberth_detector.core.tiling import Tile, whole

# Frames smaller than this cost less whole than guided.
LEAST_AREA_PX2 = 1_500_000
# The look shrinks the frame at most so often, and no further than to this long side.
LOOK_SHRINKS = 5
LOOK_PX = 640
# Tiles a frame for places that nothing but the water itself speaks for: the sea always has something that stands out.
STRIKING_TILES = 1
# Most of the frame that tiles may have, whatever the settings allow: beyond it everything could be searched as well.
MOST_ATTENDED = 0.26
# A box of the look this sure is a hint, worth a tile: shrunk five times, small animals score low.
HINT_CONFIDENCE = 0.05
# What stands out less than this is water. Most places that stand out in one frame.
LEAST_SALIENCE = 2.0
MOST_PEAKS = 64
# A peak's place reaches so many cells around it: the peak may be at one end of the animal.
PEAK_CELLS = 1.5


@dataclass(frozen=True, slots=True)
class Plan:
    """The tiles of one frame beside the look, and what they cover.

    Attributes:
        tiles: the close ones.
        put_off: places that drew the eye and did not fit.
    """

    tiles: tuple[Tile, ...]
    put_off: tuple[Place, ...]


def look_of(width_px: int, height_px: int) -> Tile:
    """The whole frame, small."""
    return whole(width_px, height_px, max(LOOK_PX, max(width_px, height_px) // LOOK_SHRINKS))


def sweep_of(width_px: int, height_px: int, attention: Attention) -> tuple[Tile, ...]:
    """The strip of this turn; all of them in the first frame of a stream. Indices follow the look's."""
    all_strips = strips(width_px, height_px, attention.sweep_turns)
    chosen = all_strips if attention.first else (all_strips[attention.turn % len(all_strips)],)
    return tuple(replace(tile, index=1 + place) for place, tile in enumerate(chosen))


def peaks(levels: Levels) -> list[Place]:
    """Where the water does not look like water, most striking first."""
    height_px, width_px = levels.at(0).shape[:2]
    level = level_reaching(max(width_px, height_px), LEAST_PX)
    cells = salience(levels.at(level))
    highest = cv2.dilate(cells, np.ones((5, 5), np.uint8))
    rows, columns = np.nonzero((cells >= highest) & (cells >= LEAST_SALIENCE))
    order = np.argsort(-cells[rows, columns], kind="stable")[:MOST_PEAKS]
    cell_px = CELL_PX << level
    reach = PEAK_CELLS * cell_px
    middles = ((cell_px * (int(columns[i]) + 0.5), cell_px * (int(rows[i]) + 0.5)) for i in order)
    return [Place(x - reach, y - reach, x + reach, y + reach) for x, y in middles]


def close_looks(
    striking: list[Place],
    hints: Candidates,
    attention: Attention,
    swept: tuple[Tile, ...],
    frame_px: tuple[int, int],
    attended_px: int,
) -> Plan:
    """The tiles at full size.

    Args:
        striking: of `peaks`.
        hints: boxes of the look, best first.
        attention: what the frames before tell.
        swept: the strips of this turn; what they show large enough needs no tile.
        frame_px: width and height.
        attended_px: pixels that tiles may have.
    """
    frame_share_px = round(frame_px[0] * frame_px[1] * MOST_ATTENDED)
    most, index = min(attended_px, frame_share_px) // side_of(frame_px) ** 2, 1 + len(swept)
    wanted = _unseen([*map(_place_of, attention.expected), *_places(hints)], swept, frame_px)
    known = pack(wanted, frame_px, most, index)
    left = min(STRIKING_TILES, most - len(known.tiles))
    new = pack(_unseen(striking, (*swept, *known.tiles), frame_px), frame_px, left, index + len(known.tiles))
    return Plan((*known.tiles, *new.tiles), (*known.put_off, *new.put_off))


def _unseen(places: list[Place], tiles: tuple[Tile, ...], frame_px: tuple[int, int]) -> list[Place]:
    """The parts of places within the frame that no tile shows large enough."""
    inside = (_within(place, frame_px) for place in places)
    side_px = side_of(frame_px)
    return [place for place in inside if place is not None and not any(holds(tile, place, side_px) for tile in tiles)]


def seen_closer(candidates: Candidates, animal: Bools, tiles: tuple[Tile, ...], frame_px: tuple[int, int]) -> Bools:
    """Which candidates lie in a tile that shows them larger than the one they were seen in, and not too large.

    Args:
        candidates: of all the tiles.
        animal: (n,) which of them are animals.
        tiles: each once.
        frame_px: width and height.
    """
    side_px = side_of(frame_px)
    scales = scales_of(candidates, tiles)
    closer = np.zeros(len(candidates), np.bool_)
    for tile in tiles:
        judged = (scales < tile.scale) & far_enough(candidates, animal, tile.scale) & ~closer
        for index in np.flatnonzero(judged).tolist():
            (place,) = _places(candidates.select(np.array([index])))
            closer[index] = holds(tile, place, side_px)
    return closer


def looked(
    tiles: tuple[Tile, ...], swept: tuple[Tile, ...], put_off: tuple[Place, ...], frame_px: tuple[int, int]
) -> Looked:
    """How much of a frame was searched, from the tiles of all passes."""
    return Looked(
        inferred_px=sum(tile.input_width_px * tile.input_height_px for tile in tiles),
        closely_fraction=_share([_place_under(tile) for tile in tiles if tile.scale == 1.0], frame_px),
        swept_fraction=_share([_place_under(tile) for tile in swept], frame_px),
        put_off_fraction=_share(put_off, frame_px),
    )


def _share(places: "list[Place] | tuple[Place, ...]", frame_px: tuple[int, int]) -> float:
    """The share of a frame that places cover together, on a grid of 8 px."""
    grid = np.zeros((-(-frame_px[1] // 8), -(-frame_px[0] // 8)), np.bool_)
    for place in places:
        grid[int(place.top // 8) : -int(-place.bottom // 8), int(place.left // 8) : -int(-place.right // 8)] = True
    return float(grid.mean())


def _place_under(tile: Tile) -> Place:
    return Place(tile.x_px, tile.y_px, tile.x_px + tile.width_px, tile.y_px + tile.height_px)


def _place_of(box: OrientedBox) -> Place:
    return Place(*box.xyxy_px())


def _places(candidates: Candidates) -> Iterator[Place]:
    for row in xyxy_px(candidates.boxes).tolist():
        yield Place(*row)


def _within(place: Place, frame_px: tuple[int, int]) -> Place | None:
    """The part of a place inside the frame; None where there is none."""
    left, top = max(0.0, place.left), max(0.0, place.top)
    right, bottom = min(float(frame_px[0]), place.right), min(float(frame_px[1]), place.bottom)
    return Place(left, top, right, bottom) if left < right and top < bottom else None
