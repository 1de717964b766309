"""Writing what ships: the graph, its card, its checksums."""

import hashlib
from pathlib import Path
from typing import Any

import onnx
import torch
import yaml

from wideberth_training_anomaly.evidence import TwoSidedMap
from wideberth_training_anomaly.network import RawMap
from wideberth_training_anomaly.pieces import SIDE_PX

OPSET = 18


def write_graph(maps: RawMap | TwoSidedMap, path: Path) -> None:
    """One self-contained ONNX file; batch size free; output `anomaly_map`, and `embedding` of the whole.

    Raises:
        ValueError: quantiles were not set, so maps would be meaningless.
    """
    model = maps.model if isinstance(maps, RawMap) else maps.clutter.model
    if not all(torch.isfinite(value) and value != 0 for value in model.quantiles.values()):
        raise ValueError("the quantiles of the maps are not set: train for at least one whole epoch")
    names = ["anomaly_map"] if isinstance(maps, RawMap) else ["anomaly_map", "embedding"]
    path.parent.mkdir(parents=True, exist_ok=True)
    torch.onnx.export(
        maps.eval(),
        (torch.zeros(1, 3, SIDE_PX, SIDE_PX),),
        str(path),
        input_names=["images"],
        output_names=names,
        dynamic_axes={name: {0: "crops"} for name in ("images", *names)},
        opset_version=OPSET,
        dynamo=False,
    )
    onnx.checker.check_model(onnx.load(path), full_check=True)


def write_card(folder: Path, card: dict[str, Any]) -> None:
    """The card, and checksums of everything in the folder."""
    (folder / "card.yaml").write_text(yaml.safe_dump(card, sort_keys=False, allow_unicode=True, width=110), "utf-8")
    files = sorted(path for path in folder.iterdir() if path.name != "SHA256SUMS")
    sums = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in files]
    (folder / "SHA256SUMS").write_text("".join(sums), "utf-8")
