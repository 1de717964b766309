"""The training loop, by the clock. The network, its losses and its matching of boxes to anchors are Ultralytics'; the
loop is ours because theirs reads files.
"""

import json
import math
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from wideberth_training_detector import CLASS_NAMES
from wideberth_training_detector.batches.maker import Batch
from wideberth_training_detector.start_weights import load_released, load_start

_CLIP_NORM = 10.0
# Boxes thinner than this are widened: the matching drops what is under two pixels.
_LEAST_WIDTH_PX = 2.2
_KEEP_EVERY_S = 100.0


@dataclass(frozen=True)
class Settings:
    """One stretch of training.

    Attributes:
        seconds: wall clock.
        batch: pictures a step.
        side_px: of a picture.
        rate: highest learning rate, reached after `warm_up` of the time and led down by a cosine to 1 %.
        decay: of the moving average whose weights are kept.
        frozen: so many first layers stay as they are; on a CPU they are a third of the time.
        keep_at: where the averaged weights go every `_KEEP_EVERY_S`.
        echo: how often each picture is learnt from; see `batches/echo.py`.
        fixed_norms: normalise by the statistics the network came with, not by the batch's: small batches are too noisy.
    """

    seconds: float
    batch: int
    side_px: int
    rate: float
    warm_up: float
    decay: float
    seed: int
    frozen: int = 0
    keep_at: Path | None = None
    echo: int = 1
    fixed_norms: bool = False


class Averaged:
    """A moving average of a network's weights, with a short memory at first."""

    def __init__(self, network: torch.nn.Module, decay: float) -> None:
        self.state = {k: v.detach().clone() for k, v in network.state_dict().items()}
        self._decay, self._steps = decay, 0

    @torch.no_grad()
    def update(self, network: torch.nn.Module) -> None:
        """Take in the weights of this step."""
        self._steps += 1
        keep = self._decay * (1 - math.exp(-self._steps / 300))
        floats, now = [], []
        for name, value in network.state_dict().items():
            if value.dtype.is_floating_point:
                floats.append(self.state[name])
                now.append(value.detach())
            else:
                self.state[name].copy_(value)
        torch._foreach_lerp_(floats, now, 1 - keep)


def network_from(start: Path, device: torch.device) -> torch.nn.Module:
    """The four-class oriented-box network: from the COCO start weights, a saved state, or a released `model.onnx`.

    From a released one it only answers; `unfold` readies it for training.
    """
    from ultralytics.cfg import get_cfg
    from ultralytics.nn.tasks import OBBModel

    network = OBBModel("yolo11n-obb.yaml", nc=len(CLASS_NAMES), verbose=False)
    network.names = dict(enumerate(CLASS_NAMES))
    if start.suffix == ".pt":
        network.load_state_dict({k: v.float() for k, v in torch.load(start, weights_only=True).items()})
    elif start.suffix == ".onnx":
        load_released(network, start)
    else:
        load_start(network, start)
    network.args = get_cfg(overrides={"task": "obb"})
    ready: torch.nn.Module = network.float().to(device).to(memory_format=torch.channels_last)
    return ready


def as_ultralytics(batch: Batch, side_px: int) -> dict[str, torch.Tensor]:
    """A batch the way the library's losses read it."""
    # The library counts on labels in the order of their pictures.
    order = torch.argsort(batch.labels.picture, stable=True)
    boxes = batch.labels.boxes[order]
    boxes[:, 2:4] = boxes[:, 2:4].clamp_min(_LEAST_WIDTH_PX)
    scaled = torch.cat([boxes[:, :4] / side_px, boxes[:, 4:]], 1)
    return {
        "img": batch.rgb.contiguous(memory_format=torch.channels_last),
        "batch_idx": batch.labels.picture[order].float(),
        "cls": batch.labels.kind[order].float()[:, None],
        "bboxes": _regular(scaled),
    }


def _regular(boxes: torch.Tensor) -> torch.Tensor:
    """Angles in [-45, 135) degrees with the length along them, as the network's head speaks."""
    quarter = math.pi / 4
    upright = (boxes[:, 2] < boxes[:, 3]).float()
    long, short = boxes[:, 2:4].amax(1), boxes[:, 2:4].amin(1)
    angle = torch.remainder(boxes[:, 4] + upright * (math.pi / 2) + quarter, math.pi) - quarter
    return torch.stack([boxes[:, 0], boxes[:, 1], long, short, angle], 1)


def train(
    network: torch.nn.Module, batches: Iterator[Batch], settings: Settings, log: list[dict[str, float]]
) -> Averaged:
    """Train for the time given and return the averaged weights."""
    device = next(network.parameters()).device
    _ready(network, settings)
    network.criterion = network.init_criterion()  # type: ignore[operator]
    decayed = [p for n, p in network.named_parameters() if p.ndim > 1 and p.requires_grad]
    free = [p for n, p in network.named_parameters() if p.ndim <= 1 and p.requires_grad]
    groups: list[dict[str, Any]] = [{"params": decayed, "weight_decay": 5e-4}, {"params": free, "weight_decay": 0.0}]
    optimiser = torch.optim.AdamW(groups, lr=settings.rate, betas=(0.9, 0.999), fused=device.type == "cuda")
    average = Averaged(network, settings.decay)
    begun_s, step, told_s, kept_s = time.monotonic(), 0, 0.0, 0.0
    while (passed_s := time.monotonic() - begun_s) < settings.seconds:
        for group in optimiser.param_groups:
            group["lr"] = rate_at(passed_s / settings.seconds, settings)
        given = as_ultralytics(next(batches), settings.side_px)
        # Processors without arithmetic of that kind take ten times as long with it.
        with torch.autocast(device.type, torch.bfloat16, enabled=device.type == "cuda"):
            answer = network(given["img"])
        loss, parts = network.loss(given, _as_float(answer))  # type: ignore[operator]
        mean = loss.sum() / len(given["img"])
        optimiser.zero_grad(set_to_none=True)
        mean.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), _CLIP_NORM)
        optimiser.step()
        average.update(network)
        step += 1
        if passed_s - told_s > 10 or step == 1:
            told_s = passed_s
            row = {"s": passed_s, "step": step, "loss": float(mean.detach()), **{k: float(v) for k, v in parts.items()}}
            log.append(row)
            print(json.dumps({k: round(v, 3) for k, v in row.items()}), flush=True)
        if settings.keep_at and passed_s - kept_s > _KEEP_EVERY_S:
            kept_s = passed_s
            save(average, settings.keep_at)
    return average


def _ready(network: torch.nn.Module, settings: Settings) -> None:
    network.train()
    for index, layer in enumerate(network.model):  # type: ignore[arg-type]
        layer.requires_grad_(index >= settings.frozen)
        if index < settings.frozen:
            layer.eval()
    if settings.fixed_norms:
        for module in network.modules():
            if isinstance(module, torch.nn.BatchNorm2d):
                module.eval()


def _as_float(answer: Any) -> Any:
    if isinstance(answer, torch.Tensor):
        return answer.float()
    if isinstance(answer, dict):
        return {key: _as_float(value) for key, value in answer.items()}
    if isinstance(answer, (list, tuple)):
        return type(answer)(_as_float(value) for value in answer)
    return answer


def rate_at(progress: float, settings: Settings) -> float:
    """Learning rate at a share of the time."""
    if progress < settings.warm_up:
        return settings.rate * (0.02 + 0.98 * progress / settings.warm_up)
    turn = min((progress - settings.warm_up) / (1 - settings.warm_up), 1.0)
    return settings.rate * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * turn)))


def save(average: Averaged, path: Path) -> None:
    """The averaged weights as float16, the folder made where it is missing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    half = {k: v.half().cpu() if v.dtype.is_floating_point else v.cpu() for k, v in average.state.items()}
    torch.save(half, path)
