"""The sweep: one upright strip of the frame a turn, from left to right, so that no place stays unseen for long.

Where nothing draws the eye something may be all the same. A strip depends on the size of the frame and the number of
the turn alone.
"""

from wideberth_detector.core.levels import level_reaching
from wideberth_detector.core.tiling import Tile, inner_sides, to_stride

# The long side at which the sweep looks, or up to twice that. Full size in 1080p; half size in 4K, where a strip at
# full size costs as much as everything else together. See docs/decisions/0007.
LEAST_PX = 1920
# Pixels of the swept picture that neighbouring strips share: half the median dolphin of a 4K frame at half size.
OVERLAP_PX = 32
# Strips narrower than this are more overlap than strip.
NARROWEST_PX = 128


def strips(width_px: int, height_px: int, turns: int) -> tuple[Tile, ...]:
    """All strips, from left to right; at most `turns`, fewer where the frame is narrow.

    Args:
        width_px, height_px: the frame.
        turns: after so many the sweep is to have been everywhere.
    """
    level = level_reaching(max(width_px, height_px), LEAST_PX)
    step = 1 << level
    across, down = width_px // step, height_px // step
    count = max(1, min(turns, across // NARROWEST_PX))
    width = min(across, to_stride(across / count + OVERLAP_PX)) if count > 1 else across
    tiles = []
    for place in range(count):
        left = round(place * (across - width) / (count - 1)) * step if count > 1 else 0
        inner = inner_sides(left, 0, width * step, height_px, (width_px, height_px))
        size = (to_stride(width), to_stride(down))
        tiles.append(Tile(place, left, 0, width * step, height_px, *size, 1 / step, inner))
    return tuple(tiles)
