"""The teacher: the first stages of the COCO-trained YOLO11n, reduced to their principal components on our crops.

The published teacher imitates a WideResNet on ImageNet; it cannot be had offline, and distilling one takes longer than
all the rest. The first five layers of YOLO11n are as small: their second and third stage (strides 4 and 8, 64 and 128
channels) describe places of about the size the student sees.
"""

from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import load_file
from torch import nn
from torch.nn import functional

from wideberth_training_anomaly.pieces import Image

# Channels of the answer; a sixth of the published teacher's.
FEATURES = 64
SECOND_STAGE, THIRD_STAGE = 2, 4
# Of stages two and three together.
CHANNELS = 64 + 128
# The student sees no padding and so answers 24 x 24 cells of 4 px, centred; the stages 32 x 32.
MARGIN_CELLS = 4
BATCH = 8


class Teacher(nn.Module):
    """(n, 3, 128, 128) in 0..1 to (n, 64, 24, 24)."""

    def __init__(self, network: Any = None) -> None:
        """Take the stages of a YOLO11n, or of one without weights.

        Its batch normalisation is fused into the convolutions: Lightning would switch it to training, and it would
        follow the single picture of a batch.
        """
        super().__init__()
        network = untrained() if network is None else network
        self.stages = nn.ModuleList(list(network.fuse(verbose=False).model)[: THIRD_STAGE + 1])
        self.components = nn.Conv2d(CHANNELS, FEATURES, 1)

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        """The principal components of both stages. Anomalib also asks with single pictures, (3, 128, 128)."""
        batch = images if images.dim() == 4 else images[None]
        answer: torch.Tensor = self.components(self.both_stages(batch))
        return answer

    def both_stages(self, images: torch.Tensor) -> torch.Tensor:
        """(n, 192, 24, 24), before the reduction."""
        cells = slice(MARGIN_CELLS, -MARGIN_CELLS)
        found = []
        for index, stage in enumerate(self.stages):
            images = stage(images)
            if index == SECOND_STAGE:
                found.append(images)
        found.append(functional.interpolate(images, scale_factor=2, mode="bilinear"))
        return torch.cat(found, dim=1)[:, :, cells, cells]


@torch.inference_mode()
def make_teacher(crops: list[Image], weights: Path) -> tuple[Teacher, float]:
    """The teacher with its components set on some crops, and the share of variance they keep.

    Args:
        crops: (128, 128, 3) BGR, animals and clutter alike: the components must be able to tell them apart.
        weights: the COCO state dict of YOLO11n.
    """
    teacher = backbone(weights)
    found = torch.cat([teacher.both_stages(part) for part in as_tensor(crops).split(BATCH)])
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


def untrained() -> Any:
    """The whole of YOLO11n without weights."""
    from ultralytics.models import YOLO

    return YOLO("yolo11n.yaml").model


def backbone(weights: Path) -> Teacher:
    """The stages with COCO weights; components not set."""
    network = untrained()
    network.load_state_dict({name: value.float() for name, value in load_file(weights).items()})
    return Teacher(network.eval()).eval()


def as_tensor(crops: list[Image]) -> torch.Tensor:
    """(n, 3, 128, 128), RGB, 0..1."""
    stacked = np.ascontiguousarray(np.stack(crops)[:, :, :, ::-1].transpose(0, 3, 1, 2))
    return torch.from_numpy(stacked).float() / 255
