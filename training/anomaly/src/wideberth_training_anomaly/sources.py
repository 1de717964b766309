"""Where crops come from, under which licence, and which side of the split they fall on.

Training takes the simulator and rows of the data folder under MIT, Apache-2.0 or CC0. Cetaceans of the data folder are
never trained on here; they only measure.
"""

import re
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from wideberth_training_anomaly.pieces import Image, Piece, clutter_box_px, cut, salient_places


@dataclass(frozen=True, slots=True)
class Place:
    """Pictures of one licence and kind.

    Attributes:
        pattern: below the data folder.
        held_out: pictures whose name matches are for the test; one flight or mosaic is never split.
        keep_clear_px: (left, top, right, bottom) of an animal in the picture.
    """

    pattern: str
    kind: str
    licence: str
    held_out: str
    keep_clear_px: tuple[int, int, int, int] | None = None


# Looking for places that stand out in a whole aerial picture takes seconds; a window gives enough.
WINDOW_PX = 512

CLUTTER_PLACES = (
    Place("surf_frames/*.jpg", "surf", "MIT", r"m06"),
    Place("coast_frames/*.[jJ]*", "coast", "MIT", r"cropped4|222216|222234"),
    # The turtles are dots of three pixels and no cetaceans; the picture taken elsewhere is held out.
    Place("sea_negatives/*beach.png", "green_sea", "MIT", r"mainnesting"),
    Place("sea_negatives/gray_turtles*.jpg", "green_sea", "CC0", r"^$"),
    # The one real glint patch judges; the shark is left out.
    Place("sea_negatives/sharkeye*.jpg", "real_glint", "Apache-2.0", r"sharkeye", (1100, 1280, 1460, 1512)),
)


def real_clutter(root: Path, held_out: bool, a_picture: int, rng: np.random.Generator) -> list[Piece]:
    """Crops of real clutter, half at places that stand out and half anywhere; empty where the folder is absent."""
    pieces = []
    for place in CLUTTER_PLACES:
        for path in sorted(root.glob(place.pattern)):
            if bool(re.search(place.held_out, path.name)) != held_out:
                continue
            picture = cv2.imread(str(path))
            assert picture is not None
            pieces += _of_picture(np.asarray(picture, np.uint8), place, path.name, a_picture, rng)
    return pieces


def _of_picture(picture: Image, place: Place, name: str, count: int, rng: np.random.Generator) -> list[Piece]:
    """Crops of one picture, eight at a time from windows anywhere in it."""
    height, width = picture.shape[:2]
    pieces: list[Piece] = []
    while len(pieces) < count:
        length = clutter_box_px(rng)
        left, top = int(rng.integers(0, max(1, width - WINDOW_PX))), int(rng.integers(0, max(1, height - WINDOW_PX)))
        window = picture[top : top + WINDOW_PX, left : left + WINDOW_PX]
        anywhere = [(float(x), float(y)) for x, y in rng.uniform(0, window.shape[1::-1], (4, 2))]
        for x, y in salient_places(window, length, 4, rng) + anywhere:
            if place.keep_clear_px is None or _clear_of(place.keep_clear_px, left + x, top + y, 1.5 * length):
                pieces.append(Piece(cut(picture, left + x, top + y, length), place.kind, name))
    return pieces[:count]


def _clear_of(box: tuple[int, int, int, int], x: float, y: float, reach: float) -> bool:
    left, top, right, bottom = box
    return x + reach < left or x - reach > right or y + reach < top or y - reach > bottom


def real_cetaceans(root: Path, folder: str) -> list[Piece]:
    """Labelled cetaceans of a folder, cut round their boxes. For measuring only."""
    pieces = []
    for label in sorted((root / folder / "labels").glob("*.txt")):
        path = next((root / folder / "images").glob(f"{label.stem}.*"))
        picture = cv2.imread(str(path))
        assert picture is not None
        height, width = picture.shape[:2]
        for line in label.read_text().splitlines():
            x, y, w, h = (float(value) for value in line.split()[1:5])
            length = max(w * width, h * height)
            pieces.append(Piece(cut(np.asarray(picture, np.uint8), x * width, y * height, length), folder, path.name))
    return pieces
