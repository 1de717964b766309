"""From pixels to oriented boxes: tile, run, decode, merge, filter."""

from collections import Counter
from concurrent.futures import Future
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from wideberth_contracts.detections import (
    AsideDetections,
    Attention,
    Detection,
    DetectSettings,
    Looked,
    ObjectKind,
    OrientedBox,
    Tiling,
)
from wideberth_contracts.wire import Rejection
from wideberth_detector.core import guided, nearness
from wideberth_detector.core.candidates import Bools, Candidates, Floats, Ints
from wideberth_detector.core.filters import faults
from wideberth_detector.core.levels import Levels
from wideberth_detector.core.merge import join_halves, suppress
from wideberth_detector.core.obb import decode
from wideberth_detector.core.passes import Passes
from wideberth_detector.core.tiling import Tile, network_input, plan_tiles

# Boxes of different groups are never duplicates: a rider sits on a jet ski. Within one they are: one hull, two names.
GROUPS = {ObjectKind.DOLPHIN: 0, ObjectKind.VESSEL: 1, ObjectKind.JET_SKI: 1, ObjectKind.SWIMMER: 2}
NO_WORD = -1
CLOSER = "looked at more closely"
FROM_FARTHER = "judged in a smaller picture"


@dataclass(frozen=True, slots=True)
class Found:
    """What was seen in one frame, highest confidence first, what was set aside, and how closely it was searched."""

    detections: tuple[Detection, ...]
    rejections: tuple[Rejection, ...]
    aside: AsideDetections
    looked: Looked


@dataclass(slots=True)
class _Search:
    """The search of one frame: passes under way, and what was set aside so far.

    Attributes:
        floors: (classes,) the least confidence of a detection.
        group_of: (classes,) the group of each class.
        aside: what was set aside, with the reason, in the order it happened.
    """

    levels: Levels
    passes: Passes
    floors: Floats
    group_of: Ints
    merge_iou: float
    aside: list[tuple[str, Candidates]] = field(default_factory=list)

    @property
    def frame_px(self) -> tuple[int, int]:
        """Width and height."""
        height_px, width_px = self.levels.at(0).shape[:2]
        return width_px, height_px

    def start(self, tile: Tile) -> "Future[NDArray[np.float32]]":
        """Begin the pass of a tile."""
        return self.passes.start(network_input(self.levels, tile))

    def read(self, answer: NDArray[np.float32], tile: Tile) -> Candidates:
        """The objects of one tile, one box each."""
        found = decode(answer, self.passes.head.oriented, self.floors, tile)
        named = self.kept(found, self.group_of[found.kinds] != NO_WORD, "class without a word here")
        return self.kept(named, self.single(named), "duplicate")

    def kept(self, candidates: Candidates, stay: Bools, reason: str) -> Candidates:
        """Those that stay; the others are set aside."""
        if stay.all():
            return candidates
        self.aside.append((reason, candidates.select(~stay)))
        return candidates.select(stay)

    def animal(self, candidates: Candidates) -> Bools:
        """Which candidates are animals."""
        of_animals: Bools = self.group_of[candidates.kinds] == GROUPS[ObjectKind.DOLPHIN]
        return of_animals

    def taught(self, candidates: Candidates, tiles: tuple[Tile, ...]) -> Candidates:
        """Without the animals that are larger in their tile than the network knows them."""
        too_near = nearness.too_near(candidates, self.animal(candidates), tiles)
        return self.kept(candidates, ~too_near, FROM_FARTHER)

    def single(self, candidates: Candidates) -> Bools:
        """Which candidates stay, hulls being solid."""
        groups = self.group_of[candidates.kinds]
        return suppress(candidates, groups, groups == GROUPS[ObjectKind.VESSEL], self.merge_iou)

    def one_an_object(self, candidates: Candidates) -> Candidates:
        """Candidates of all tiles with one left an object."""
        single = self.kept(candidates, self.single(candidates), "duplicate")
        joined, pieces = join_halves(single, self.group_of[single.kinds])
        self.aside.append(("piece of an object cut by tiles", pieces))
        # A joined hull may now cover what its halves did not.
        return self.kept(joined, self.single(joined), "duplicate")


def detect(
    pixels: NDArray[np.uint8],
    passes: Passes,
    settings: DetectSettings,
    attention: Attention | None,
    floors: dict[ObjectKind, float],
    model_id: str,
) -> Found:
    """Everything seen in one frame.

    Anchors at or above their floor = detections + rejections. The answer depends on the arguments alone: each tile is
    one pass of its own, whatever else is waiting.

    Args:
        pixels: (height, width, 3) BGR.
        passes: the network.
        settings: tiling and merging.
        attention: what the frames before tell; None for a still.
        floors: the least confidence of each kind.
        model_id: written into each detection.
    """
    kinds = passes.head.kinds
    search = _Search(
        levels=Levels(pixels),
        passes=passes,
        floors=np.array([floors[kind] if kind else min(floors.values()) for kind in kinds]),
        group_of=np.array([GROUPS[kind] if kind else NO_WORD for kind in kinds], np.int64),
        merge_iou=settings.merge_iou,
    )
    width_px, height_px = search.frame_px
    large = passes.head.fixed_px is None and width_px * height_px >= guided.LEAST_AREA_PX2
    if settings.tiling is Tiling.AUTO and attention is not None and large:
        candidates, looked = _guided(search, settings, attention)
    else:
        candidates, looked = _everywhere(search, settings.tiling, large and settings.tiling is not Tiling.NONE)
    candidates = search.one_an_object(candidates)
    wrong = faults(candidates, width_px, height_px)
    search.aside.extend((reason, candidates.select(fails)) for reason, fails in wrong.items())
    candidates = candidates.select(~np.any(list(wrong.values()), axis=0))
    aside = _aside(search.aside, kinds)
    rejections = tuple(Rejection(reason=reason, count=count) for reason, count in Counter(aside.reason).items())
    return Found(_worded(candidates, kinds, model_id), rejections, aside, looked)


def _everywhere(search: _Search, tiling: Tiling, smaller: bool) -> tuple[Candidates, Looked]:
    """Candidates of tiles over the whole frame, and of a smaller look at it for animals that are very near."""
    tiles = plan_tiles(*search.frame_px, tiling, search.passes.head.fixed_px)
    if smaller:
        tiles = (*tiles, nearness.smaller_look(*search.frame_px, len(tiles)))
    answers = [search.start(tile) for tile in tiles]
    found = [search.read(answer.result(), tile) for answer, tile in zip(answers, tiles, strict=True)]
    if smaller:
        of_smaller = found.pop()
        closer = nearness.far_enough(of_smaller, search.animal(of_smaller), tiles[0].scale)
        found.append(search.kept(of_smaller, ~closer, CLOSER))
    return search.taught(Candidates.joined(found), tiles), guided.looked(tiles, (), (), search.frame_px)


def _guided(search: _Search, settings: DetectSettings, attention: Attention) -> tuple[Candidates, Looked]:
    """Candidates of the look, of this turn's strip, and of close looks where it pays."""
    look, swept = guided.look_of(*search.frame_px), guided.sweep_of(*search.frame_px, attention)
    of_look, of_sweep = search.start(look), [search.start(tile) for tile in swept]
    # While the network looks, the water is measured.
    striking = guided.peaks(search.levels)
    hints = decode(
        of_look.result(), search.passes.head.oriented, np.minimum(search.floors, guided.HINT_CONFIDENCE), look
    )
    plan = guided.close_looks(striking, hints, attention, swept, search.frame_px, settings.attended_px)
    answers = [search.start(tile) for tile in plan.tiles]
    tiles = (look, *swept, *plan.tiles)
    found = [
        search.read(answer.result(), tile) for answer, tile in zip([of_look, *of_sweep, *answers], tiles, strict=True)
    ]
    candidates = Candidates.joined(found)
    closer = guided.seen_closer(candidates, search.animal(candidates), tiles, search.frame_px)
    judged = search.taught(search.kept(candidates, ~closer, CLOSER), tiles)
    return judged, guided.looked(tiles, swept, plan.put_off, search.frame_px)


def _worded(candidates: Candidates, kinds: tuple[ObjectKind | None, ...], model_id: str) -> tuple[Detection, ...]:
    """Candidates as detections, highest confidence first."""
    detections = []
    for index in np.argsort(-candidates.confidences, kind="stable"):
        kind = kinds[candidates.kinds[index]]
        assert kind is not None
        cx, cy, length, width, angle = (float(value) for value in candidates.boxes[index])
        angle_deg = float(np.degrees(angle))
        box = OrientedBox(
            cx_px=cx,
            cy_px=cy,
            length_px=length,
            width_px=width,
            # Rounding may land on the open end of the range; both ends are the same line.
            angle_deg=angle_deg if -90.0 <= angle_deg < 90.0 else -90.0,
        )
        confidence = float(candidates.confidences[index])
        detections.append(Detection(kind=kind, confidence=confidence, box=box, model_id=model_id))
    return tuple(detections)


def _aside(parts: list[tuple[str, Candidates]], kinds: tuple[ObjectKind | None, ...]) -> AsideDetections:
    """What was set aside, in columns."""
    candidates = Candidates.joined([part for _, part in parts])
    columns = candidates.boxes.T
    return AsideDetections(
        reason=tuple(reason for reason, part in parts for _ in range(len(part))),
        kind=tuple(kinds[kind] for kind in candidates.kinds.tolist()),
        confidence=tuple(candidates.confidences.tolist()),
        cx_px=tuple(columns[0].tolist()),
        cy_px=tuple(columns[1].tolist()),
        length_px=tuple(columns[2].tolist()),
        width_px=tuple(columns[3].tolist()),
        angle_deg=tuple(np.degrees(columns[4]).tolist()),
    )
