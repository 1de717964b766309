"""From the COCO start weights to an oriented-box network with four classes.

The start weights are a float16 state dict of `yolo11n.yaml`. Backbone, neck and box branches have the same shapes and
are taken as they are. The class branches are narrower here (64 channels for 4 classes, 80 for 80): of the wide branch
the channels that the related COCO classes lean on most are kept, and their rows start the new classes.
"""

import contextlib
from pathlib import Path

import torch
from safetensors.torch import load_file

# COCO rows that start our classes: bird (14) for dolphins, boat (8) for vessels and jet skis, person (0) for swimmers.
_COCO_ROW_OF_CLASS = (14, 8, 8, 0)
_HEAD = "model.23."
_LEVELS = 3


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
