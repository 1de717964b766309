"""Real pictures that judge the detector, with their truth; which of them the weights were trained on says their card.

Truth without angles: detections are compared by the upright box round them. Licences: `../shared/data/README.md`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.accuracy.judged import Picture, Truth
from wideberth_contracts.detections import ObjectKind
from wideberth_media import read_image

DATA = Path(__file__).resolve().parents[2].parent / "shared" / "data"


@dataclass(frozen=True)
class RealSet:
    """Pictures of one kind.

    Attributes:
        folder: below the data; its pictures match `pattern`, labels lie in `../labels` beside them.
        kinds: what the classes of its labels are here; none for pictures without anything of ours.
        only: stems of the pictures meant; None for all.
    """

    name: str
    folder: str
    pattern: str
    kinds: dict[int, ObjectKind]
    only: frozenset[str] | None = None

    def pictures(self) -> list[Path]:
        """In name order."""
        found = sorted(path for path in (DATA / self.folder).glob(self.pattern) if _is_picture(path))
        return [path for path in found if self.only is None or path.stem in self.only]


PORPOISES = RealSet("porpoise_frames", "porpoise_frames/images", "*", {0: ObjectKind.DOLPHIN})
HUMPBACKS = RealSet("humpback_frames", "humpback_frames/images", "*", {0: ObjectKind.DOLPHIN})
VESSELS = RealSet(
    "vessel_frames",
    "vessel_frames/images",
    "*",
    {0: ObjectKind.SWIMMER, 1: ObjectKind.VESSEL, 2: ObjectKind.JET_SKI},
)
LAKE_KINDS = {0: ObjectKind.VESSEL, 1: ObjectKind.JET_SKI}
LAKE = RealSet("lake_vessel_frames", "lake_vessel_frames/images", "*", LAKE_KINDS)
LAKE_TILES = RealSet("lake_vessel_frames/tiles", "lake_vessel_frames/tiles/images", "*", LAKE_KINDS)
NEGATIVES = RealSet("sea_negatives", "sea_negatives", "*", {})
SURF = RealSet("surf_frames", "surf_frames", "*", {})
COAST = RealSet("coast_frames", "coast_frames", "*", {})
QUIET = (NEGATIVES, SURF, COAST)
ALL = (PORPOISES, HUMPBACKS, VESSELS, LAKE, LAKE_TILES, *QUIET)


def trained_on(card: dict[str, Any], real: RealSet, path: Path) -> bool | None:
    """Whether weights learnt from a picture or from pieces of it, by the sources their card lists.

    None where the card lists none.

    A source names its folder, the pattern of its files and what it held out: stems, or the part of a stem that names
    the photograph a piece was cut from.
    """
    data = card.get("training_data")
    sources = data.get("real_sources") if isinstance(data, dict) else None
    if sources is None:
        return None
    for source in sources:
        same_pictures = source["folder"].split("/")[0] == real.folder.split("/")[0]
        if same_pictures and fnmatch(path.name, source["pattern"].split("/")[-1]):
            return not any(str(part) in path.stem for part in source["held_out"])
    return False


def read(
    real: RealSet, card: dict[str, Any], most: int | None = None
) -> Iterator[tuple[NDArray[np.uint8], Picture, dict[ObjectKind, Truth]]]:
    """Each picture (BGR) of a set with its truth."""
    for path in real.pictures()[:most]:
        pixels = read_image(path)
        truths = labels(path.parent.parent / "labels" / f"{path.stem}.txt", real, pixels.shape) if real.kinds else {}
        yield pixels, Picture(real.name, path.stem, trained_on(card, real, path)), truths


def labels(path: Path, real: RealSet, shape: tuple[int, ...]) -> dict[ObjectKind, Truth]:
    """Truth from a text file of class, centre and size in shares of the picture."""
    found: dict[ObjectKind, list[list[float]]] = {kind: [] for kind in ObjectKind}
    for line in path.read_text().splitlines() if path.is_file() else ():
        index, x, y, w, h = line.split()[:5]
        kind = real.kinds.get(int(index))
        if kind is not None:
            height, width = shape[:2]
            found[kind].append([float(x) * width, float(y) * height, float(w) * width, float(h) * height, 0.0])
    return {kind: Truth(np.array(rows).reshape(-1, 5), tuple({} for _ in rows)) for kind, rows in found.items()}


def _is_picture(path: Path) -> bool:
    return path.suffix.lower() in (".jpg", ".jpeg", ".png")
