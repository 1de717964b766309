"""Which real pictures a stretch of training may use: the lake is cut into folds by photograph, some are judged on."""

from dataclasses import replace

import numpy as np
import torch
from numpy.typing import NDArray

from wideberth_training_detector.batches.maker import Materials
from wideberth_training_detector.sources import lake_fold

_LAKE, _COAST = "lake", "coast"


def without_lake(origin: NDArray[np.str_], keep_folds: tuple[int, ...]) -> NDArray[np.bool_]:
    """Which origins may be used when only these folds of the lake are open."""
    kept = []
    for name in origin:
        where, _, picture = str(name).partition(":")
        kept.append(not where.startswith(_LAKE) or lake_fold(picture) in keep_folds)
    return np.array(kept, bool)


def opened(stuff: Materials, origin: NDArray[np.str_], folds: tuple[int, ...]) -> Materials:
    """The materials with these folds of the lake open; `origin` names the photograph of each real piece."""
    allowed = without_lake(origin, folds)
    boxed = stuff.real.boxed().cpu().numpy()
    animals = np.array([str(name).split(":")[0] in ("humpback_frames", "right_whale") for name in origin])
    lake = np.array([str(name).startswith(_LAKE) for name in origin])
    device = stuff.open_pieces.device
    return replace(
        stuff,
        banned=~without_lake(stuff.bank.origin, folds),
        open_pieces=torch.from_numpy(np.nonzero(allowed & ~boxed & ~animals & ~lake)[0]).to(device),
        labelled_pieces=torch.from_numpy(np.nonzero(allowed & boxed)[0]).to(device),
        land=np.array([str(name).startswith(_COAST) for name in origin]),
    )
