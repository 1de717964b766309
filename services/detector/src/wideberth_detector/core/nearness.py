"""Animals so near that they are longer in the picture than those that taught the network.

Such an animal is judged by a smaller picture, in which it is as long as those that taught. In nine real 4K frames
straight down, porpoises of 55 to 580 px, this finds more of them and invents less (docs/measurements.md). Craft are
long in the pictures that taught too: they are judged by the largest picture.
"""

from dataclasses import replace

import numpy as np

from wideberth_detector.core.candidates import Bools, Candidates, Floats
from wideberth_detector.core.tiling import Tile, whole

LONGEST_TAUGHT_PX = 200.0
"""Of simulated dolphins, drawn as those that taught, 19 in 20 are shorter than 214 px (bench `nearness`)."""
SURE_OF = 0.85
"""From this share of the longest on, both pictures are believed: the length itself is known to a tenth or so."""
SHRUNK = 2


def smaller_look(width_px: int, height_px: int, index: int) -> Tile:
    """The whole frame at half its size."""
    return replace(whole(width_px, height_px, max(width_px, height_px) // SHRUNK), index=index)


def too_near(candidates: Candidates, animal: Bools, tiles: tuple[Tile, ...]) -> Bools:
    """Which candidates are animals that appear longer than those that taught, in a tile that is not the smallest.

    Args:
        candidates: of all the tiles.
        animal: (n,) which of them are animals.
        tiles: each once, one of them the whole frame.
    """
    scales = scales_of(candidates, tiles)
    return animal & (scales > min(tile.scale for tile in tiles)) & (shown_px(candidates, scales) > LONGEST_TAUGHT_PX)


def far_enough(candidates: Candidates, animal: Bools, scale: float) -> Bools:
    """Which candidates a picture at this scale judges well: all craft, and animals surely no longer than taught."""
    return ~animal | (shown_px(candidates, np.full(len(candidates), scale)) <= SURE_OF * LONGEST_TAUGHT_PX)


def scales_of(candidates: Candidates, tiles: tuple[Tile, ...]) -> Floats:
    """(n,) scale of the tile each was seen in."""
    scales = {tile.index: tile.scale for tile in tiles}
    return np.array([scales[seen_in] for seen_in in candidates.tiles.tolist()])


def shown_px(candidates: Candidates, scales: Floats) -> Floats:
    """(n,) length in pixels of the network's input at given scales."""
    lengths: Floats = candidates.boxes[:, 2] * scales
    return lengths
