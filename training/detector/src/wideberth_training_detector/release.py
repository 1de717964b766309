"""From a checkpoint to `models/detector/<version>/` in one command.

`python -m wideberth_training_detector.release CHECKPOINT.pt --version 0.2.0 --models ../../models --notes NOTES.yaml
[--data MANIFEST.json] [--folds FOLD0.pt FOLD1.pt FOLD2.pt] [--quick]`

Export, INT8, parity, all scores, thresholds, both cards, checksums. A file that is there and newer than what it is made
from is not made again.
"""

import argparse
import hashlib
import json
from pathlib import Path
from typing import Any

import yaml

from bench.accuracy import real_sets
from wideberth_contracts.detections import ObjectKind
from wideberth_training_detector import calibration, card, curves, evaluate, failures, parity
from wideberth_training_detector.export import CALIBRATION_STILLS, export_int8, export_onnx
from wideberth_training_detector.folds import cross_validate
from wideberth_training_detector.quiet import keep_offline

QUICK_CALIBRATION = 30


def write_sums(folder: Path) -> Path:
    """`SHA256SUMS` over every other file of the folder, in name order."""
    path = folder / "SHA256SUMS"
    files = sorted(p for p in folder.iterdir() if p.is_file() and p != path)
    path.write_text("".join(f"{hashlib.sha256(p.read_bytes()).hexdigest()}  {p.name}\n" for p in files))
    return path


def release(
    checkpoint: Path,
    folder: Path,
    data: dict[str, Any],
    notes: dict[str, Any],
    *,
    work: Path,
    folds: list[Path] | None = None,
    quick: bool = False,
) -> Path:
    """Make a whole release and return its folder.

    Args:
        checkpoint: the trained network.
        folder: `…/detector/<version>`.
        data: what the training set was made of, see `card.write_yaml`.
        notes: see `card.write_yaml`.
        work: for caches; not part of the release.
        folds: the networks of the lake's cross-validation, by fold.
        quick: fewer calibration stills and pictures, to try the chain.
    """
    _graphs(checkpoint, folder, work, quick)
    card.write_yaml(folder, folder.name, data, notes)
    write_sums(folder)
    _say("scores")
    tables = evaluate.Tables(folder, work, quick=quick)
    metrics, judged = evaluate.measure(tables)
    _say("parity")
    metrics["parity"] = parity.compare(
        parity.opened(folder, checkpoint), tables.stills.first(8 if quick else parity.STILLS)
    )
    if folds and real_sets.DATA.is_dir():
        _say("lake")
        metrics["lake_cross_validation"] = cross_validate(folds)
    (work / f"metrics-{folder.name}.json").write_text(json.dumps(metrics, indent=1) + "\n")
    _say("cards")
    sure = {ObjectKind(kind): at for kind, at in metrics["confidence_by_class"].items()}
    pictures = failures.sheets(judged, sure, tables.stills, folder)
    pictures["curves"] = curves.draw(judged, folder / "curves.png")
    pictures["reliability"] = calibration.draw(metrics["calibration"], folder / "reliability.png")
    written = card.write_yaml(folder, folder.name, data, notes, metrics)
    card.write_markdown(folder, yaml.safe_load(written.read_text()), metrics, pictures)
    write_sums(folder)
    return folder


def _graphs(checkpoint: Path, folder: Path, work: Path, quick: bool) -> None:
    """`model.onnx` and the INT8 graph, unless newer than the checkpoint."""
    onnx, xml = folder / "model.onnx", folder / "model.xml"
    if not onnx.is_file() or onnx.stat().st_mtime < checkpoint.stat().st_mtime:
        _say("ONNX")
        export_onnx(checkpoint, folder, work)
    if not xml.is_file() or xml.stat().st_mtime < onnx.stat().st_mtime:
        _say("INT8")
        export_int8(onnx, stills=QUICK_CALIBRATION if quick else CALIBRATION_STILLS)


def _say(step: str) -> None:
    print(f"· {step}", flush=True)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("--version", required=True)
    parser.add_argument("--models", type=Path, required=True, help="the folder that holds detector/")
    parser.add_argument("--notes", type=Path, required=True)
    parser.add_argument("--data", type=Path, help="manifest.json of the training, see `accelerated`")
    parser.add_argument(
        "--lake-folds", default="0,1,2", help="folds of the lake learnt from, by what it started from too"
    )
    parser.add_argument("--folds", type=Path, nargs="*")
    parser.add_argument("--work", type=Path, default=Path("work"))
    parser.add_argument("--quick", action="store_true")
    given = parser.parse_args()
    keep_offline(given.work)
    data = card.default_data(lake_folds=tuple(int(fold) for fold in given.lake_folds.split(",") if fold))
    if given.data:
        data["synthetic"] = {**data["synthetic"], **yaml.safe_load(given.data.read_text())}
    notes = yaml.safe_load(given.notes.read_text())
    folder = given.models / "detector" / given.version
    print(release(given.checkpoint, folder, data, notes, work=given.work, folds=given.folds, quick=given.quick))


if __name__ == "__main__":
    main()
