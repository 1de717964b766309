"""A saved state as a whole checkpoint: `python -m wideberth_training_detector.checkpoint STATE.pt OUT.pt`."""

import argparse
from pathlib import Path
from typing import Any

from wideberth_training_detector.quiet import keep_offline


def to_checkpoint(state: Path, out: Path, work: Path) -> Path:
    """Write a network as a whole, for `export.py` and `original_way.py`.

    Args:
        state: what `accelerated.py` wrote, or the COCO start weights.
        out: the checkpoint.
        work: settings of the library.
    """
    keep_offline(work)
    import torch

    from wideberth_training_detector.learning import network_from

    network: Any = network_from(state, torch.device("cpu")).to(memory_format=torch.contiguous_format)
    network.args = {"task": "obb"}
    network.criterion = None
    out.parent.mkdir(parents=True, exist_ok=True)
    torch.save({"model": network.float(), "train_args": {"task": "obb"}, "epoch": -1, "version": "accelerated"}, out)
    return out


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("state", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--work", type=Path, default=Path("work"))
    given = parser.parse_args()
    print(to_checkpoint(given.state, given.out, given.work))


if __name__ == "__main__":
    main()
