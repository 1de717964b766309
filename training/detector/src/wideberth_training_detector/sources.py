"""The real pictures training may read, each with its licence; everything else in the data folder only measures.

The allow-list is by folder and file pattern: a file that no row names is never opened by the recipe.
"""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Source:
    """A permitted set of real pictures.

    Attributes:
        folder: below the data root.
        pattern: glob of its pictures.
        licence: SPDX identifier.
        origin: where the licence is stated.
        classes: label index in the set's own files to our class index; empty when nothing in it is an object of ours.
        held_out: file-name stems (or the stem's part before `__`, for tiles of a picture) never trained on.
    """

    folder: str
    pattern: str
    licence: str
    origin: str
    classes: dict[int, int]
    held_out: frozenset[str] = frozenset()

    def pictures(self, root: Path, held_out: bool = False) -> list[Path]:
        """The set's pictures in name order: those to train on, or those held out."""
        found = sorted((root / self.folder).glob(self.pattern))
        return [p for p in found if (self.picture_id(p) in self.held_out) == held_out]

    @staticmethod
    def picture_id(path: Path) -> str:
        """The photograph a tile was cut from: tiles of one picture never fall on both sides."""
        for part in path.stem.split("_DJI_")[-1:]:
            return part[:4] if part[:4].isdigit() else path.stem
        return path.stem

    def label_of(self, picture: Path) -> Path:
        """Where the label of a picture lies."""
        return picture.parent.parent / "labels" / f"{picture.stem}.txt"


_LAKE_HELD_OUT = frozenset({"0262", "0267", "0287", "0289", "0259", "0265", "0282", "0290", "0296"})

LAKE_TILES = Source(
    "lake_vessel_frames/tiles/images", "*.jpg", "MIT", "Roboflow Aerial Maritime Drone", {0: 1, 1: 2}, _LAKE_HELD_OUT
)
HUMPBACKS = Source(
    "humpback_frames/images",
    "*.png",
    "MIT",
    "LucieLprt-Dvldr/Flukeprint_monitoring",
    {0: 0},
    frozenset({"hump_05", "hump_09"}),
)
RIGHT_WHALE = Source("right_whale/images", "*.png", "MIT", "cvl-umass/save-the-whales", {0: 0})
SURF = Source(
    "surf_frames",
    "*.jpg",
    "MIT",
    "Cinderpe1t/ISEF_UAV_scout_rip_current",
    {},
    frozenset({"m06_gimbal0_1750", "m09_gimbal0_1700"}),
)
COAST = Source(
    "coast_frames",
    "*.[jJ]*",
    "MIT",
    "Doodleverse/dash_doodler",
    {},
    frozenset({"2546cc_cropped4_30", "2fcf17_cropped3_0"}),
)
SHARKEYE = Source("sea_negatives", "sharkeye*.jpg", "Apache-2.0", "sharkeye", {})
TURTLES = Source("sea_negatives", "gray_turtles*.jpg", "CC0-1.0", "turtle survey", {})
BEACHES = Source("sea_negatives", "*beach.png", "MIT", "turtle survey", {})

BACKGROUNDS = (SURF, COAST, SHARKEYE, TURTLES, BEACHES)
ALL_SOURCES = (LAKE_TILES, HUMPBACKS, RIGHT_WHALE, *BACKGROUNDS)

LAKE_PICTURES = (
    "0258", "0259", "0261", "0262", "0264", "0265", "0267", "0268", "0270", "0271", "0273", "0278", "0282",
    "0283", "0285", "0287", "0289", "0290", "0296", "0298", "0302", "0303", "0307", "0308", "0310", "0311",
    "0314", "0315", "0322", "0323", "0325", "0326", "0331",
)  # fmt: skip
"""Numbers of the lake's photographs, in order."""
LAKE_FOLDS = 3


def lake_fold(picture: str) -> int:
    """The fold of cross-validation a lake photograph belongs to, so that its tiles are never split apart.

    Raises:
        ValueError: not the number of one of the lake's photographs.
    """
    return LAKE_PICTURES.index(picture) % LAKE_FOLDS
