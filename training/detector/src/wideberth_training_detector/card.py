"""The two cards beside released weights, written from metrics, never by hand.

`card.yaml` is what the service and the benches read; `card.md` is what people read.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from wideberth_training_detector import CLASS_NAMES
from wideberth_training_detector.sources import ALL_SOURCES, LAKE_PICTURES, LAKE_TILES, lake_fold

_STRIDES_PX = {"yolo11n-obb": [8, 16, 32], "yolo11n-obb-p2": [4, 8, 16, 32]}
_FILES = {
    "model.onnx": "f32 arithmetic, weights kept as float16 and cast at load",
    "model.xml + model.bin": "INT8 (NNCF after training, on simulated stills); first layer, attention and head in f32",
}
Numbers = dict[str, Any]


def default_data(*, lake_folds: tuple[int, ...] = ()) -> Numbers:
    """What the training set is drawn from, where the training run left no manifest of its own.

    Args:
        lake_folds: folds of the lake's photographs that were learnt from, by the network or by what it started from.
    """
    unseen = [picture for picture in LAKE_PICTURES if lake_fold(picture) not in lake_folds]
    sources = [
        {key: getattr(source, key) for key in ("folder", "pattern", "licence", "origin")}
        | {"held_out": unseen if source is LAKE_TILES else sorted(source.held_out)}
        for source in ALL_SOURCES
    ]
    return {"real_sources": sources, "synthetic": {"pictures": "own work, drawn by `simulator/` and by this project"}}


def write_yaml(folder: Path, version: str, data: Numbers, notes: Numbers, metrics: Numbers | None = None) -> Path:
    """`card.yaml`: what the model is, what it learnt from, what it measured, what it misses.

    Args:
        folder: holds the exported files.
        version: of the weights.
        data: what the training set was made of: `real_sources` (folder, pattern, licence, origin, held_out) and more.
        notes: what only the person who trained knows: `architecture`, `trained_at_px`, `training`, `limits`, and more.
        metrics: of `evaluate`; None before they are measured.
    """
    kept = dict(notes)
    architecture = str(kept.pop("architecture", "yolo11n-obb"))
    trained_at_px = kept.pop("trained_at_px", 640)
    card: Numbers = {
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
            "trained_at_px": trained_at_px,
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
        "files": _FILES,
    }
    if metrics is not None:
        card |= {key: metrics[key] for key in ("confidence_by_class", "lake_cross_validation") if key in metrics}
    card |= kept | {"training_data": data}
    if metrics is not None:
        card["metrics"] = {part: _values(metrics[part]) for part in ("simulated", "real") if part in metrics}
        card["metrics"]["how"] = "card.md; made again by `wideberth bench detector_sim` and `detector_real`"
    path = folder / "card.yaml"
    path.write_text(yaml.safe_dump(card, sort_keys=False, allow_unicode=True, width=118))
    return path


def write_markdown(folder: Path, card: Numbers, metrics: Numbers, pictures: dict[str, Path]) -> Path:
    """`card.md`: data, scores, strata, calibration, failures.

    Args:
        folder: of the release.
        card: what `card.yaml` says.
        metrics: of `evaluate`, with `parity` and `lake_cross_validation` where they were measured.
        pictures: by what they show (`curves`, `reliability`, `missed`, `invented`), files in the folder.
    """
    parts = (
        _about(card, metrics),
        _data(card),
        _scores(metrics, pictures),
        _strata(metrics),
        _precision(metrics),
        _confidence(metrics, pictures),
        _failures(card, metrics, pictures),
        _method(metrics),
    )
    path = folder / "card.md"
    path.write_text("\n".join(line for part in parts for line in part).rstrip() + "\n")
    return path


def table(head: tuple[str, ...], rows: Iterator[tuple[Any, ...]] | list[tuple[Any, ...]]) -> list[str]:
    """A Markdown table; numbers are written with as many places as they mean."""
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    lines += [f"| {' | '.join(_cell(value) for value in row)} |" for row in rows]
    return [*lines, ""]


def _cell(value: Any) -> str:
    if value is None:
        return "–"
    return f"{value:.3g}" if isinstance(value, float) else str(value).replace("|", "/")


def _values(rows: list[Numbers]) -> Numbers:
    return {row["name"]: row["value"] for row in rows if "px" not in row["name"] or row["aim"]}


def _about(card: Numbers, metrics: Numbers) -> list[str]:
    return [
        f"# Detector {card['version']}",
        "",
        "Oriented boxes of `dolphin` (any small cetacean), `vessel`, `jet_ski` and `swimmer` in drone pictures of",
        "the sea. "
        f"{card['architecture']}, trained at {card['input']['trained_at_px']} px, {card['licence']}. "
        f"Measured {metrics['date']} on the INT8 graph. Every number here is made by one command from the weights.",
        "",
        "No detection never means no dolphin: what swims deeper than the water is clear cannot be found.",
        "",
    ]


def _data(card: Numbers) -> list[str]:
    data = card["training_data"]
    rows = [
        (one["folder"], f"`{one['pattern']}`", one["licence"], one["origin"], len(one["held_out"]) or "–")
        for one in data["real_sources"]
    ]
    lines = ["## What it learnt from", ""]
    lines += table(("real pictures", "files", "licence", "source", "held out"), rows)
    lines += [f"- {key}: {value}" for key, value in dict(data.get("synthetic", {})).items()]
    start = card.get("training", {})
    if isinstance(start, dict) and "start" in start:
        lines.append(f"- start: {start['start']}")
    return [*lines, "", "Nothing else of the real data taught it; the rest only judges.", ""]


def _scores(metrics: Numbers, pictures: dict[str, Path]) -> list[str]:
    lines = ["## Scores", ""]
    for part, title in (("simulated", f"{metrics['stills']} simulated stills, unseen"), ("real", "Real pictures")):
        rows = [row for row in metrics.get(part, ()) if ", px" not in row["name"] and not _is_band(row, metrics)]
        if rows:
            lines += [f"### {title}", ""]
            lines += table(
                ("what", "value", "aim", "met", "note"),
                [(r["name"], _value(r), r["aim"], _met(r["met"]), r["note"]) for r in rows],
            )
    if "lake_cross_validation" in metrics:
        lines += _lake(metrics["lake_cross_validation"])
    if "curves" in pictures:
        lines += [f"![Curves]({pictures['curves'].name})", ""]
    return lines


def _lake(folds: Numbers) -> list[str]:
    rows = [
        (view, kind, folds[view][kind]["truths"], folds[view][kind]["ap50"], "≥ 0.85" if view == "frames" else None)
        for view in ("frames", "tiles")
        for kind in folds[view]
    ]
    lines = [f"### Lake, cross-validated in {folds['folds']} folds over its photographs", ""]
    return [*lines, *table(("view", "class", "objects", "AP50", "aim"), rows)]


def _is_band(row: Numbers, metrics: Numbers) -> bool:
    return any(f", {stratum} " in row["name"] for stratum in metrics["strata"])


def _value(row: Numbers) -> str:
    unit = f" {row['unit']}" if row["unit"] else ""
    return f"{_cell(row['value'])}{unit}"


def _met(met: bool | None) -> str:
    return {True: "yes", False: "**no**", None: ""}[met]


def _strata(metrics: Numbers) -> list[str]:
    lines = ["## Strata of the simulated stills", "", "AP50 / recall at the default confidence (objects).", ""]
    for stratum, classes in metrics["strata"].items():
        kinds = [kind for kind in CLASS_NAMES if kind in classes]
        bands = list(dict.fromkeys(row["band"] for kind in kinds for row in classes[kind]))
        by_band = {kind: {row["band"]: row for row in classes[kind]} for kind in kinds}
        ordered = sorted(bands, key=_lower_edge)
        rows = [(band, *(_band_cell(by_band[kind].get(band)) for kind in kinds)) for band in ordered]
        lines += table((stratum, *kinds), rows)
    return lines


def _lower_edge(band: str) -> float:
    first = band.split()
    return -1.0 if first[0] == "<" else float(first[1]) if first[0] == "≥" else float(first[0])


def _band_cell(row: Numbers | None) -> str:
    if row is None:
        return "–"
    precision = "–" if row["ap50"] is None else f"{row['ap50']:.2f}"
    return f"{precision} / {row['recall_iou50']:.2f} ({row['truths']})"


def _precision(metrics: Numbers) -> list[str]:
    rows = [
        (part, kind, one["f32"], one["int8"], _points(one))
        for part, classes in metrics["int8"].items()
        for kind, one in classes.items()
    ]
    lines = [
        "## INT8 against f32",
        "",
        "AP50 by OpenVINO; `real`: porpoises and humpbacks together.",
        "",
    ]
    lines += table(("pictures", "class", "f32", "INT8", "points won"), rows)
    if "parity" in metrics:
        keys = (
            "detections",
            "lacking_a_counterpart",
            "most_px_apart",
            "most_confidence_apart",
            "mean_confidence_apart",
        )
        found = [(name, *(one[key] for key in keys)) for name, one in metrics["parity"].items()]
        first = next(iter(metrics["parity"].values()))["compared_with"]
        lines += table((f"against {first}", *(key.replace("_", " ") for key in keys)), found)
    return lines


def _points(one: Numbers) -> str:
    return f"{100 * ((one['int8'] or 0.0) - (one['f32'] or 0.0)):+.1f}"


def _confidence(metrics: Numbers, pictures: dict[str, Path]) -> list[str]:
    sure = metrics["confidence_by_class"]
    lines = [
        "## Confidence",
        "",
        "Default confidence: the best F1 on the simulated stills, raised where empty pictures that",
    ]
    lines += ["may teach (surf, coast, and the permitted negatives) gave more than 0.2 false alarms a picture.", ""]
    names = list(metrics["calibration"])
    errors = {name: metrics["calibration"][name] for name in names}
    rows = [(kind, sure[kind], *(errors[name].get(kind, {}).get("error") for name in names)) for kind in CLASS_NAMES]
    lines += table(("class", "default confidence", *(f"ECE, {name}" for name in names)), rows)
    if "reliability" in pictures:
        lines += [f"![Reliability]({pictures['reliability'].name})", ""]
    if "porpoise_curve" in metrics:
        lines += ["Porpoise frames, recall against false alarms a frame:", ""]
        points = [p for p in metrics["porpoise_curve"] if p["false_alarms"] <= 6][::4]
        rows = [(p["confidence"], p["false_alarms"], p["recall"], p["recall_centre"]) for p in points]
        lines += table(("confidence", "false alarms", "recall, IoU 0.3", "recall, centre inside"), rows)
    return lines


def _failures(card: Numbers, metrics: Numbers, pictures: dict[str, Path]) -> list[str]:
    lines = ["## Known failures", ""]
    rows = [row for part in ("simulated", "real") for row in metrics.get(part, ()) if row["met"] is False]
    lines += [f"- Aim missed: {row['name']}: {_value(row)} ({row['aim']})." for row in rows]
    lines += [f"- {limit}" for limit in card.get("limits", ())]
    lines += ["", "Which class a detection of another class touches, share of objects on the simulated stills:", ""]
    taken = metrics["taken_for"]
    lines += table(("object", *CLASS_NAMES), [(kind, *(taken[kind][c] for c in CLASS_NAMES)) for kind in taken])
    captions = {
        "missed": "Missed at the default confidence, largest first (white: truth; simulated unless named):",
        "invented": "Detections of nothing, most confident first:",
    }
    for key, caption in captions.items():
        if key in pictures:
            lines += [caption, "", f"![{key}]({pictures[key].name})", ""]
    return lines


def _method(metrics: Numbers) -> list[str]:
    return [
        "## How it was measured",
        "",
        "Full tiling (640 px) by the product's own detector. AP50: area under precision over recall, a detection",
        "right at an overlap of half, each object once; oriented boxes on simulated stills, upright ones where real",
        "truth has no angles. A false alarm touches nothing of its class: overlap under 0.1 and its centre in no true",
        "box. Porpoise truth is padded by a tenth of the body's length, so recall is told at overlap 0.3 and by the",
        "centre. Calibration: detections from 0.05, right at overlap 0.5 (simulated) or 0.3 (real, all sets together);",
        "ten bins.",
        "",
    ]
