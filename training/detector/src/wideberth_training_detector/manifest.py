"""What a network learnt from, as data for its card: sprites by kind and licence, real pieces by photograph, seeds."""

from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np

from wideberth_training_detector.batches.maker import Shares
from wideberth_training_detector.batches.opening import without_lake


def manifest(atlas: Path, grounds: Path, stills: str, shares: Shares, folds: tuple[int, ...]) -> dict[str, Any]:
    """The synthetic part of a card's `training_data`.

    Args:
        atlas: the sprites.
        grounds: the real pieces.
        stills: how many simulated ones there were, and of which seeds.
        shares: of a batch.
        folds: of the lake, that were open.
    """
    with np.load(atlas, allow_pickle=False) as stored:
        used = without_lake(stored["source"].astype(str), folds)
        kinds = Counter(stored["kind"][used].astype(str).tolist())
        cut = [str(name) for name in stored["source"][used] if ":" in str(name) or str(name) == "right_whale"]
        licences = Counter(stored["licence"][used].astype(str).tolist())
    with np.load(grounds, allow_pickle=False) as stored:
        origin = stored["origin"].astype(str)
    photographs = Counter(str(name).partition(":")[0] for name in origin[without_lake(origin, folds)])
    drawn = 1 - shares.stills - shares.open_real - shares.labelled_real
    return {
        "sprites": ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items())),
        "sprites cut out of real pictures": len(cut),
        "licences of the sprites": ", ".join(f"{name} {count}" for name, count in sorted(licences.items())),
        "pieces of real pictures": ", ".join(f"{count} {name}" for name, count in sorted(photographs.items())),
        "simulated stills": stills,
        "a batch": f"{shares.stills:.0%} stills, {shares.open_real:.0%} real ground, {shares.labelled_real:.0%} "
        f"real with labels, {drawn:.0%} drawn water; sprites pasted on all",
    }
