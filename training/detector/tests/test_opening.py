"""A closed fold of the lake teaches in no way: not as a labelled piece, not as ground, not as a sprite."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from wideberth_training_detector.batches.maker import Materials  # noqa: E402
from wideberth_training_detector.batches.opening import opened  # noqa: E402
from wideberth_training_detector.sources import LAKE_FOLDS, LAKE_PICTURES, lake_fold  # noqa: E402

ORIGIN = np.array(
    [f"lake_vessel_frames:{p}" for p in LAKE_PICTURES] + ["surf_frames:1", "coast_frames:2", "humpback_frames:3"]
)
BOXED = np.array([True] * len(LAKE_PICTURES) + [False, False, True])
SPRITES = np.array([f"lake:{p}" for p in LAKE_PICTURES] + ["mesh", "right_whale"])


def _materials() -> Materials:
    nothing = torch.zeros(0, dtype=torch.long)
    bank: Any = SimpleNamespace(origin=SPRITES)
    real: Any = SimpleNamespace(boxed=lambda: torch.from_numpy(BOXED))
    stills: Any = None
    return Materials(bank, np.zeros(len(SPRITES), bool), stills, real, nothing, nothing, np.zeros(len(ORIGIN), bool))


@pytest.mark.parametrize("closed", range(LAKE_FOLDS))
def test_a_closed_fold_is_not_learnt_from(closed: int) -> None:
    stuff = opened(_materials(), ORIGIN, tuple(fold for fold in range(LAKE_FOLDS) if fold != closed))
    of_closed = [lake_fold(picture) == closed for picture in LAKE_PICTURES]
    labelled = [index in stuff.labelled_pieces.tolist() for index in range(len(ORIGIN))]
    assert labelled == [not shut for shut in of_closed] + [False, False, True]
    assert stuff.banned.tolist() == [*of_closed, False, False]
    assert [str(ORIGIN[index]) for index in stuff.open_pieces.tolist()] == ["surf_frames:1", "coast_frames:2"]
    assert stuff.land.tolist() == [False] * len(LAKE_PICTURES) + [False, True, False]
