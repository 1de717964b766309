"""Train: `python -m wideberth_training_detector.train --data DIR/data.yaml --work DIR --hours H`.

Fine-tunes the four-class oriented-box network from the COCO start weights, or goes on from a checkpoint. The run is
planned by time, not epochs: the learning rate follows the clock, so a shared machine still ends on a cooled-down model.
bf16 autocast and channels-last cut a step by a third on a CPU that has AVX512-BF16.
"""

import argparse
import math
import time
from pathlib import Path
from typing import Any

from wideberth_training_detector.pace import Pacer
from wideberth_training_detector.quiet import keep_offline


def train(data: Path, work: Path, start: Path, hours: float, options: dict[str, Any]) -> Path:
    """Train and return the path of the last checkpoint (exponential moving average inside).

    Args:
        data: `data.yaml` of a set built by the recipe.
        work: folder of runs and settings; never committed.
        start: a `.safetensors` of the COCO start network, or a `.pt` to go on from.
        hours: wall-clock length of the run.
        options: overrides of the Ultralytics arguments below.
    """
    keep_offline(work)
    import torch
    from ultralytics import YOLO
    from ultralytics.engine import trainer as trainer_module
    from ultralytics.models.yolo.obb import OBBTrainer

    class ChannelsLastTrainer(OBBTrainer):  # type: ignore[misc]
        def preprocess_batch(self, batch: dict[str, Any]) -> dict[str, Any]:
            batch = super().preprocess_batch(batch)
            batch["img"] = batch["img"].contiguous(memory_format=torch.channels_last)
            return batch

    def arrange_memory(trainer: Any) -> None:
        trainer.model.to(memory_format=torch.channels_last)

    def choose_threads(_: Any) -> None:
        # Selecting the CPU device sets torch to cpu_count - 1 threads; on two idle cores that doubles the epoch.
        pacer.step()

    def cool_down(trainer: Any) -> None:
        # The library steps the rate once an epoch, too coarse where a run has two or three: follow the clock instead.
        rate = rate_at((time.monotonic() - begun_s) / (hours * 3600.0), options["lr0"])
        for group in trainer.optimizer.param_groups:
            group["lr"] = rate

    # The library offers bf16 on CUDA only, though torch has it for the CPU too.
    trainer_module.autocast = lambda *_, **__: torch.autocast("cpu", torch.bfloat16)
    threads = options.pop("threads")
    architecture = options.pop("architecture")
    model = YOLO(str(start if start.suffix == ".pt" else _first_checkpoint(start, work, architecture)))
    pacer = Pacer(torch.set_num_threads, tuple(range(1, threads + 1)))
    model.add_callback("on_train_start", arrange_memory)
    model.add_callback("on_train_batch_start", choose_threads)
    model.add_callback("on_train_batch_start", cool_down)
    begun_s = time.monotonic()
    arguments = _ARGUMENTS | options
    model.train(trainer=ChannelsLastTrainer, data=str(data), time=hours, project=str(work / "runs"), **arguments)
    return Path(model.trainer.last)


def rate_at(progress: float, highest: float) -> float:
    """Learning rate at a fraction of the run: up in the first twentieth, then a cosine down to 1 %."""
    if progress < _WARM_UP:
        return highest * max(progress, 0.0) / _WARM_UP
    turn = min((progress - _WARM_UP) / (1 - _WARM_UP), 1.0)
    return highest * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * turn)))


_WARM_UP = 0.05
# Few epochs on small objects: steps on every batch (nbs = batch). Mosaic joins
# four pictures at about their own scale; turning is done by the recipe, where it is right for the view. The first three
# layers (edges and colours, the dearest a step) stay as COCO taught them.
_ARGUMENTS: dict[str, Any] = {
    "imgsz": 320, "batch": 8, "nbs": 8, "workers": 1, "device": "cpu", "amp": False, "optimizer": "AdamW",
    "lr0": 8e-4, "lrf": 0.01, "cos_lr": True, "warmup_epochs": 0, "weight_decay": 5e-4,
    "mosaic": 0.7, "close_mosaic": 0, "scale": 0.5, "degrees": 8.0, "translate": 0.1, "fliplr": 0.5, "flipud": 0.2,
    "hsv_h": 0.02, "hsv_s": 0.5, "hsv_v": 0.35, "val": False, "plots": False, "exist_ok": True, "seed": 0,
    "deterministic": False, "freeze": 3, "cache": False, "epochs": 100, "patience": 0, "save_period": -1,
}  # fmt: skip


def _first_checkpoint(weights: Path, work: Path, architecture: str) -> Path:
    """Build the network, load the start weights, and save it the way Ultralytics reads."""
    import torch
    from ultralytics.nn.tasks import OBBModel

    from wideberth_training_detector import CLASS_NAMES
    from wideberth_training_detector.start_weights import load_start

    p2 = architecture == "p2"
    yaml = Path(__file__).with_name("yolo11n-obb-p2.yaml") if p2 else "yolo11n-obb.yaml"
    network = OBBModel(str(yaml), nc=len(CLASS_NAMES), verbose=False)
    taken, whole = load_start(network, weights, p2=p2)
    print(f"start weights: {taken} of {whole} tensors")
    network.names = dict(enumerate(CLASS_NAMES))
    network.args = {"task": "obb"}
    work.mkdir(parents=True, exist_ok=True)
    path = work / f"start_{architecture}.pt"
    torch.save({"model": network.float(), "train_args": {"task": "obb"}, "epoch": -1, "version": "start"}, path)
    return path


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument(
        "--start", type=Path, default=Path("../../../shared/data/weights/yolo11n_coco_dequantised.safetensors")
    )
    parser.add_argument("--hours", type=float, default=1.0)
    parser.add_argument("--name", default="train")
    parser.add_argument("--lr0", type=float, default=8e-4)
    parser.add_argument("--imgsz", type=int, default=320)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--architecture", choices=("plain", "p2"), default="plain")
    given = parser.parse_args()
    options = {k: getattr(given, k) for k in ("name", "lr0", "imgsz", "threads", "architecture")}
    print(train(given.data, given.work, given.start, given.hours, options))


if __name__ == "__main__":
    main()
