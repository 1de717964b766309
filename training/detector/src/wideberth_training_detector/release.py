"""Make a release folder: card and checksums beside exported weights.

`python -m wideberth_training_detector.release EXPORT_DIR --version 0.1.0 --set SET_DIR --metrics FILE --notes FILE`
"""

import argparse
import hashlib
import json
from pathlib import Path
from typing import Any

import yaml

from wideberth_training_detector import CLASS_NAMES

_STRIDES_PX = {"yolo11n-obb": [8, 16, 32], "yolo11n-obb-p2": [4, 8, 16, 32]}


def write_card(
    folder: Path, version: str, manifest: dict[str, Any], metrics: dict[str, Any], notes: dict[str, Any]
) -> Path:
    """`card.yaml`: what the model is, what it learnt from, what it measured, what it misses.

    Args:
        folder: holds the exported files.
        version: of the weights.
        manifest: `manifest.json` of the set.
        metrics: `--json` of `evaluate`.
        notes: what only the person who trained knows: `architecture`, `training`, `limits`, and anything more.
    """
    architecture = notes.pop("architecture", "yolo11n-obb")
    card = {
        "name": "detector",
        "version": version,
        "licence": "AGPL-3.0-or-later",
        "task": "oriented boxes",
        "architecture": architecture,
        "classes": list(CLASS_NAMES),
        "input": {
            "name": "images",
            "shape": [1, 3, "height", "width"],
            "colour": "RGB, 0..1",
            "multiple_of_px": 32,
            "trained_at_px": manifest["plan"]["size_px"],
            "padding_grey": 114,
        },
        "strides_px": _STRIDES_PX[architecture],
        "output": {
            "name": "output0",
            "shape": [1, 9, "anchors"],
            "rows": ["cx_px", "cy_px", "w_px", "h_px", *(f"score_{c}" for c in CLASS_NAMES), "angle_rad"],
            "angle": "of the w side, clockwise from image +x",
            "suppressed": False,
        },
        **notes,
        "training_data": manifest,
        "metrics": metrics,
    }
    path = folder / "card.yaml"
    path.write_text(yaml.safe_dump(card, sort_keys=False, allow_unicode=True, width=118))
    return path


def write_sums(folder: Path) -> Path:
    """`SHA256SUMS` over every other file of the folder, in name order."""
    path = folder / "SHA256SUMS"
    files = sorted(p for p in folder.iterdir() if p.is_file() and p != path)
    path.write_text("".join(f"{hashlib.sha256(p.read_bytes()).hexdigest()}  {p.name}\n" for p in files))
    return path


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--version", required=True)
    parser.add_argument("--set", type=Path, required=True)
    parser.add_argument("--metrics", type=Path, required=True)
    parser.add_argument("--notes", type=Path, required=True)
    given = parser.parse_args()
    manifest = json.loads((given.set / "manifest.json").read_text())
    metrics = json.loads(given.metrics.read_text())
    write_card(given.folder, given.version, manifest, metrics, yaml.safe_load(given.notes.read_text()))
    print(write_sums(given.folder))


if __name__ == "__main__":
    main()
