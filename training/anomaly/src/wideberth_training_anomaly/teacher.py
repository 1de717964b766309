"""The teacher: a small network that imitates a layer of the COCO-trained YOLO11n backbone.

The published teacher imitates a WideResNet on ImageNet and cannot be had offline. The layer taken is the third stage
(stride 8, 128 channels), reduced to its principal components; crops are doubled in size, so that its cells lie where
the descriptor's do.
"""

from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import load_file
from torch import nn
from torch.nn import functional

from wideberth_training_anomaly.network import FEATURES, NarrowDescriptor
from wideberth_training_anomaly.pieces import Image

LAYERS = 5
BATCH = 8
LEARNING_RATE = 2e-3
# The descriptor answers 24 x 24 cells of 4 px, centred; the backbone 32 x 32.
MARGIN_CELLS = 4


def distil(crops: list[Image], weights: Path, steps: int, seed: int) -> tuple[dict[str, torch.Tensor], float]:
    """Train a teacher.

    Args:
        crops: (128, 128, 3) BGR, animals and clutter alike: the teacher must be able to tell them apart.
        weights: the COCO state dict of YOLO11n.
        steps: of Adam, batches of eight.
        seed: draws.

    Returns:
        Weights of the teacher, and the share of the backbone's variance it explains on the last tenth of the crops.
    """
    torch.manual_seed(seed)
    images = as_tensor(crops)
    targets = _targets(images, weights)
    train = int(0.9 * len(images))
    teacher = NarrowDescriptor(FEATURES)
    optimiser = torch.optim.Adam(teacher.parameters(), LEARNING_RATE)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, LEARNING_RATE, total_steps=steps)
    for step in range(steps):
        index = torch.randint(0, train, (BATCH,))
        loss = functional.mse_loss(teacher(images[index]), targets[index])
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
        if step % 100 == 0:
            print(f"teacher {step}/{steps} loss {loss.item():.3f}", flush=True)
    with torch.inference_mode():
        rest = torch.cat([teacher(part) for part in images[train:].split(BATCH)])
    # Targets have unit variance.
    return teacher.state_dict(), 1.0 - functional.mse_loss(rest, targets[train:]).item()


def as_tensor(crops: list[Image]) -> torch.Tensor:
    """(n, 3, 128, 128), RGB, 0..1."""
    stacked = np.ascontiguousarray(np.stack(crops)[:, :, :, ::-1].transpose(0, 3, 1, 2))
    return torch.from_numpy(stacked).float() / 255


def backbone(weights: Path) -> nn.Sequential:
    """The first stages of YOLO11n with COCO weights."""
    from ultralytics import YOLO

    model: Any = YOLO("yolo11n.yaml").model
    model.load_state_dict({name: value.float() for name, value in load_file(weights).items()}, strict=False)
    return nn.Sequential(*list(model.model)[:LAYERS]).eval()


@torch.inference_mode()
def _targets(images: torch.Tensor, weights: Path) -> torch.Tensor:
    """The strongest principal components of the features, (n, 64, 24, 24), with unit variance on average."""
    stages = backbone(weights)
    cells = slice(MARGIN_CELLS, -MARGIN_CELLS)
    parts = [
        stages(functional.interpolate(part, scale_factor=2, mode="bilinear"))[:, :, cells, cells]
        for part in images.split(BATCH)
    ]
    found = torch.cat(parts)
    found -= found.mean((0, 2, 3), keepdim=True)
    found /= found.std((0, 2, 3), keepdim=True).clamp_min(1e-4)
    sample = found[::4].permute(1, 0, 2, 3).flatten(1)
    # Eigenvalues come in rising order.
    strongest = torch.linalg.eigh(sample @ sample.T / sample.shape[1]).eigenvectors[:, -FEATURES:]
    components = torch.einsum("ncij,cf->nfij", found, strongest)
    return components / components.std()
