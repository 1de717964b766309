"""The teacher: the newest detector's own backbone and neck, reduced to principal components on our crops.

The published teacher imitates a WideResNet on ImageNet; it cannot be had offline, and distilling one takes longer than
all the rest. The detector has seen this sea: layers 2 and 4 of its backbone and layer 16 of its neck (strides 4, 8, 8)
describe places of about the size the student sees. Nothing is distilled: the layers are the teacher.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from wideberth_training_anomaly.pieces import Image

# Channels of the answer; a sixth of the published teacher's.
FEATURES = 64
# Channels by layer of yolo11n-obb; those of the map, and those the classifier pools.
CHANNELS_OF = {2: 64, 4: 128, 6: 128, 13: 128, 16: 64, 19: 128}
MAP_LAYERS, POOLED_LAYERS = (2, 4, 16), (4, 6, 13, 16, 19)
LAST_LAYER = 19
MAP_CHANNELS = sum(CHANNELS_OF[layer] for layer in MAP_LAYERS)
# The student sees no padding and so answers 24 x 24 cells of 4 px, centred; layer 2 answers 32 x 32.
CELLS, MARGIN_CELLS = 32, 4
BATCH = 8


class Trunk(nn.Module):
    """The detector up to the middle of its neck; its normalisations are folded, so it cannot drift."""

    def __init__(self, detector: nn.Module) -> None:
        super().__init__()
        layers: Any = detector.fuse(verbose=False).model  # type: ignore[operator]
        self.layers = nn.ModuleList(list(layers)[: LAST_LAYER + 1])
        self._from: list[int | list[int]] = [layer.f for layer in list(layers)[: LAST_LAYER + 1]]

    def forward(self, images: torch.Tensor) -> dict[int, torch.Tensor]:
        """Answers of all layers, by number."""
        answers: dict[int, torch.Tensor] = {}
        last: Any = images
        for number, (layer, source) in enumerate(zip(self.layers, self._from, strict=True)):
            if source != -1:
                several = source if isinstance(source, list) else [source]
                given = [last if one == -1 else answers[one] for one in several]
                last = given if isinstance(source, list) else given[0]
            last = answers[number] = layer(last)
        return answers


class Teacher(nn.Module):
    """(n, 3, 128, 128) in 0..1 to (n, 64, 24, 24)."""

    def __init__(self, detector: nn.Module | None = None) -> None:
        """Take the layers of a detector, or of one without weights."""
        super().__init__()
        self.trunk = Trunk(untrained() if detector is None else detector)
        self.components = nn.Conv2d(MAP_CHANNELS, FEATURES, 1)

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        """The principal components. Anomalib also asks with single pictures, (3, 128, 128)."""
        batch = images if images.dim() == 4 else images[None]
        answer: torch.Tensor = self.components(self.places(self.trunk(batch)))
        return answer

    def places(self, answers: dict[int, torch.Tensor]) -> torch.Tensor:
        """(n, 256, 24, 24), before the reduction."""
        sized = [
            found
            if (found := answers[layer]).shape[-1] == CELLS
            else functional.interpolate(found, size=(CELLS, CELLS), mode="bilinear")
            for layer in MAP_LAYERS
        ]
        cells = slice(MARGIN_CELLS, -MARGIN_CELLS)
        return torch.cat(sized, dim=1)[:, :, cells, cells]


@torch.inference_mode()
def make_teacher(crops: Image, released: Path) -> tuple[Teacher, float]:
    """The teacher with its components set on some crops, and the share of variance they keep.

    Args:
        crops: (n, 128, 128, 3) BGR, animals and clutter alike: the components must be able to tell them apart.
        released: `model.onnx` of the detector.
    """
    teacher = backbone(released)
    found = through(lambda part: teacher.places(teacher.trunk(part)).half(), crops).float()
    cells = found.permute(1, 0, 2, 3).flatten(1)
    mean, deviation = cells.mean(1), cells.std(1).clamp_min(1e-4)
    cells = (cells - mean[:, None]) / deviation[:, None]
    # Eigenvalues come in rising order.
    values, vectors = torch.linalg.eigh(cells @ cells.T / cells.shape[1])
    strongest = vectors[:, -FEATURES:].T / deviation
    teacher.components.weight.copy_(strongest[:, :, None, None])
    bias = teacher.components.bias
    assert bias is not None
    bias.copy_(-strongest @ mean)
    return teacher, float(values[-FEATURES:].sum() / values.sum())


def untrained() -> nn.Module:
    """The detector's architecture without weights."""
    from ultralytics.nn.tasks import OBBModel

    network: nn.Module = OBBModel("yolo11n-obb.yaml", nc=4, verbose=False).eval()
    return network


def backbone(released: Path) -> Teacher:
    """The layers of a released detector; components not set."""
    from wideberth_training_detector.start_weights import load_released

    network = untrained()
    load_released(network, released)
    return Teacher(network.eval()).eval()


@torch.inference_mode()
def through(function: Callable[[torch.Tensor], torch.Tensor], crops: Image) -> torch.Tensor:
    """What a function of tensors says of many crops, a few at a time."""
    return torch.cat([function(as_tensor(crops[at : at + BATCH])) for at in range(0, len(crops), BATCH)])


def as_tensor(crops: Image | list[Image]) -> torch.Tensor:
    """(n, 3, 128, 128), RGB, 0..1."""
    stacked = np.ascontiguousarray(np.asarray(crops)[:, :, :, ::-1].transpose(0, 3, 1, 2))
    return torch.from_numpy(stacked).float() / 255
