"""From the COCO start weights to an oriented-box network with four classes.

The start weights are a float16 state dict of `yolo11n.yaml`. Backbone, neck and box branches have the same shapes and
are taken as they are. The class branches are narrower here (64 channels for 4 classes, 80 for 80): of the wide branch
the channels that the related COCO classes lean on most are kept, and their rows start the new classes.

Or from a released `model.onnx`, where every normalisation is folded into its convolution: `load_released`, then
`unfold` on some pictures.
"""

import contextlib
from collections.abc import Iterable
from pathlib import Path

import torch
from safetensors.torch import load_file

# COCO rows that start our classes: bird (14) for dolphins, boat (8) for vessels and jet skis, person (0) for swimmers.
_COCO_ROW_OF_CLASS = (14, 8, 8, 0)
_HEAD = "model.23."
_LEVELS = 3
_HALF = "_half"


def load_released(model: torch.nn.Module, released: Path) -> None:
    """Copy the convolutions of a released network; its normalisations become ones that change nothing.

    Args:
        model: the Ultralytics task model of the same architecture.
        released: a `model.onnx` of `export.py`.

    Raises:
        ValueError: a tensor is missing or of another shape; names it.
    """
    import onnx
    from onnx import numpy_helper

    stored = {w.name.removesuffix(_HALF): numpy_helper.to_array(w) for w in onnx.load(str(released)).graph.initializer}
    state = model.state_dict()
    epsilon = next(module.eps for module in model.modules() if isinstance(module, torch.nn.BatchNorm2d))
    unit = {".bn.weight": 1.0, ".bn.running_mean": 0.0, ".bn.running_var": 1.0 - epsilon}
    for name, value in state.items():
        ending = next((ending for ending in unit if name.endswith(ending)), None)
        if ending:
            value.fill_(unit[ending])
        elif not name.endswith(".num_batches_tracked"):
            there = stored.get(name.replace(".bn.bias", ".conv.bias"))
            if there is None or there.shape != tuple(value.shape):
                raise ValueError(f"{released}: no {name} of shape {tuple(value.shape)}; is it another network?")
            value.copy_(torch.from_numpy(there.astype("float32")))
    model.load_state_dict(state)


@torch.no_grad()
def unfold(model: torch.nn.Module, pictures: Iterable[torch.Tensor]) -> None:
    """Give the normalisations of `load_released` the means and variances of some pictures without changing the answer.

    Training normalises by the batch, which a network with trivial normalisations would take for a blow. With the mean
    m and the variance v of what a normalisation sees, sqrt(v + eps) as its weight and m added to its bias undo it.

    Args:
        model: as `load_released` left it.
        pictures: batches (n, 3, h, w) in 0..1 of the kind that will be trained on.
    """
    seen: dict[torch.nn.BatchNorm2d, list[torch.Tensor]] = {}

    def look(module: torch.nn.Module, given: tuple[torch.Tensor]) -> None:
        assert isinstance(module, torch.nn.BatchNorm2d)
        values = given[0].double()
        rows = torch.stack([values.mean((0, 2, 3)), values.square().mean((0, 2, 3))])
        seen.setdefault(module, []).append(rows)

    norms = [module for module in model.modules() if isinstance(module, torch.nn.BatchNorm2d)]
    hooks = [norm.register_forward_pre_hook(look) for norm in norms]
    training = model.training
    model.eval()
    for rgb in pictures:
        model(rgb)
    model.train(training)
    for hook in hooks:
        hook.remove()
    for norm, rows in seen.items():
        mean, square = torch.stack(rows).mean(0)
        variance = (square - mean.square()).clamp_min(1e-6)
        assert norm.running_mean is not None
        assert norm.running_var is not None
        norm.weight.copy_((variance + norm.eps).sqrt())
        norm.bias.add_(mean)
        norm.running_mean.copy_(mean)
        norm.running_var.copy_(variance)


def load_start(model: torch.nn.Module, weights: Path) -> tuple[int, int]:
    """Copy every start tensor that has a place in `model`.

    Args:
        model: the Ultralytics task model (`YOLO(...).model`).
        weights: the safetensors file.

    Returns:
        Number of tensors taken and number of tensors the model has.
    """
    start = {k: v.float() for k, v in load_file(str(weights)).items()}
    state = model.state_dict()
    start |= _narrow_class_branch(start, state)
    taken = {k: v for k, v in start.items() if k in state and state[k].shape == v.shape}
    state.update(taken)
    model.load_state_dict(state)
    return len(taken), len(state)


def _narrow_class_branch(start: dict[str, torch.Tensor], state: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """Choose channels of each class branch; see the module text."""
    narrowed: dict[str, torch.Tensor] = {}
    for level in range(_LEVELS):
        branch = f"{_HEAD}cv3.{level}."
        width = state[branch + "2.weight"].shape[1]
        rows = list(_COCO_ROW_OF_CLASS)
        last = start[branch + "2.weight"][rows]
        keep_late = last.abs().sum(dim=(0, 2, 3)).topk(width).indices.sort().values
        middle = start[branch + "1.1.conv.weight"][keep_late]
        keep_early = middle.abs().sum(dim=(0, 2, 3)).topk(width).indices.sort().values
        narrowed[branch + "2.weight"] = last[:, keep_late]
        narrowed[branch + "2.bias"] = start[branch + "2.bias"][rows]
        for block, keep in (("0.1", keep_early), ("1.0", keep_early), ("1.1", keep_late)):
            for name in ("conv.weight", "bn.weight", "bn.bias", "bn.running_mean", "bn.running_var"):
                with contextlib.suppress(KeyError):
                    narrowed[f"{branch}{block}.{name}"] = start[f"{branch}{block}.{name}"][keep]
        narrowed[branch + "1.1.conv.weight"] = middle[:, keep_early]
    return narrowed
