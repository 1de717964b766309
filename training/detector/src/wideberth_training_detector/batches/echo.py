"""Pictures learnt from more than once: on a processor, making one takes longer than learning from it.

Choi et al. 2020, "Faster neural network training with data echoing": repeated pictures teach nearly as much as fresh
ones while they are few times repeated and well mixed.
"""

import math
from collections.abc import Iterator

import numpy as np
import torch
from torch import Tensor

from wideberth_training_detector.batches.maker import Batch
from wideberth_training_detector.batches.paste import Labels

Kept = tuple[Tensor, Tensor, Tensor]
_FIRST_BATCHES = 4


def echoed(fresh: Iterator[Batch], times: int, most: int, rng: np.random.Generator) -> Iterator[Batch]:
    """Batches mixed of the pictures of fresh ones, each used about `times`, mirrored and turned by quarters.

    Args:
        fresh: where pictures come from; all batches have as many.
        times: how often each is used, roughly; 1 hands the fresh batches through.
        most: pictures kept; the oldest go.
        rng: mixes.
    """
    if times <= 1:
        yield from fresh
        return
    kept: list[Kept] = []
    for batch in fresh:
        kept += _singly(batch)
        kept = kept[-most:]
        for _ in range(times if len(kept) > _FIRST_BATCHES * len(batch.rgb) else 1):
            chosen = [kept[index] for index in rng.choice(len(kept), len(batch.rgb), replace=False)]
            yield _together([_turned(one, bool(rng.integers(2)), int(rng.integers(4))) for one in chosen])


def _singly(batch: Batch) -> list[Kept]:
    pixels = (batch.rgb.clamp(0, 1) * 255).round().to(torch.uint8)
    labels = batch.labels
    rows = [labels.picture == index for index in range(len(pixels))]
    return [(pixels[index], labels.kind[mine], labels.boxes[mine]) for index, mine in enumerate(rows)]


def _turned(one: Kept, mirror: bool, quarters: int) -> Kept:
    """Mirrored left to right, then turned clockwise by quarters."""
    pixels, kind, boxes = one
    side = pixels.shape[-1]
    x, y, angle = boxes[:, 0], boxes[:, 1], boxes[:, 4]
    if mirror:
        pixels, x, angle = pixels.flip(-1), side - x, -angle
    for _ in range(quarters):
        x, y, angle = side - y, x, angle + math.pi / 2
    return torch.rot90(pixels, -quarters, (-2, -1)), kind, torch.stack([x, y, boxes[:, 2], boxes[:, 3], angle], 1)


def _together(pieces: list[Kept]) -> Batch:
    picture = torch.cat([torch.full_like(kind, index) for index, (_, kind, _) in enumerate(pieces)])
    labels = Labels(picture, torch.cat([kind for _, kind, _ in pieces]), torch.cat([boxes for *_, boxes in pieces]))
    return Batch(torch.stack([pixels for pixels, *_ in pieces]).float() / 255, labels)
