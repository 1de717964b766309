"""Export: `python -m wideberth_training_detector.export CHECKPOINT.pt --out DIR`.

Writes `model.onnx` with a free batch-1 input size and the raw head, and `model.xml` + `model.bin`: the same network
with INT8 weights and activations (NNCF, post-training, on simulated stills). Nothing is suppressed inside: the head is
one column an anchor, so the service decides thresholds and merges across tiles.
"""

import argparse
import re
from pathlib import Path

import numpy as np

from bench.accuracy import sim_stills
from wideberth_detector.core.runtime import planes
from wideberth_training_detector.quiet import keep_offline

CALIBRATION_SEED = 4_000_000
"""Above all training, below all that judges."""
CALIBRATION_STILLS = 300
PRESETS = ("mixed", "performance")

_OPSET = 18
# Kept in f32 beside the head: the first convolution and the attention. Measured on 250 simulated stills (AP50 lost with
# everything but the decoding in INT8: jet skis 10 points, swimmers 4; with these three kept: under 1 point each).
_SENSITIVE_LAYERS = (0, 10)


def export_onnx(checkpoint: Path, out: Path, work: Path) -> Path:
    """`model.onnx` from a checkpoint: input (1, 3, h, w), sides multiples of 32; output (1, 9, anchors)."""
    keep_offline(work)
    from ultralytics import YOLO

    network = YOLO(str(checkpoint))
    written = network.export(format="onnx", dynamic=True, simplify=True, opset=_OPSET, imgsz=640, batch=1, device="cpu")
    out.mkdir(parents=True, exist_ok=True)
    target = out / "model.onnx"
    store_in_half(Path(written), target)
    if Path(written).resolve() != target.resolve():
        Path(written).unlink()
    return target


def store_in_half(source: Path, target: Path, least_values: int = 256) -> None:
    """Rewrite an ONNX file with its large weights kept as float16 and cast back when it is loaded.

    Both runtimes fold the casts at load and compute in float32: half the size on disk and in git, the speed unchanged,
    the weights rounded by at most 0.05 %.
    """
    import onnx
    from onnx import helper, numpy_helper

    model = onnx.load(source)
    casts = []
    for weight in model.graph.initializer:
        values = numpy_helper.to_array(weight)
        if values.dtype != np.float32 or values.size < least_values or np.abs(values).max() > 6e4:
            continue
        name = weight.name
        weight.CopyFrom(numpy_helper.from_array(values.astype(np.float16), f"{name}_half"))
        casts.append(helper.make_node("Cast", [f"{name}_half"], [name], name=f"{name}_cast", to=onnx.TensorProto.FLOAT))
    for cast in reversed(casts):
        model.graph.node.insert(0, cast)
    for entry in model.metadata_props:
        if entry.key in ("description", "args", "date"):
            # The exporter writes the training set's path and the hour here: neither belongs in a released file.
            entry.value = "Wideberth detector" if entry.key == "description" else ""
    onnx.checker.check_model(model)
    onnx.save(model, target)


def export_int8(
    onnx: Path, *, stills: int = CALIBRATION_STILLS, preset: str = "mixed", accurate_bias: bool = False
) -> Path:
    """`model.xml` and `model.bin` beside the ONNX file, quantised on simulated stills.

    Backbone and neck go to INT8. The first layer, the attention and the head stay in f32: INT8 would move edges by
    whole pixels there and mix up the rarer classes.

    Args:
        stills: how many pictures give the ranges of activations.
        preset: `mixed` lets activations be asymmetric, `performance` does not.
        accurate_bias: correct biases layer by layer on the pictures, slower, instead of all at once.
    """
    import nncf
    import openvino

    model = openvino.Core().read_model(onnx)
    names = [operation.get_friendly_name() for operation in model.get_ops()]
    drawn = sim_stills.render(range(CALIBRATION_SEED, CALIBRATION_SEED + stills))
    quantised = nncf.quantize(
        model,
        nncf.Dataset(list(drawn.seeds), lambda seed: planes(sim_stills.read(drawn.folder, seed).pixels)),
        preset=nncf.QuantizationPreset.MIXED if preset == "mixed" else nncf.QuantizationPreset.PERFORMANCE,
        subset_size=stills,
        fast_bias_correction=not accurate_bias,
        ignored_scope=nncf.IgnoredScope(patterns=[_layers(names)]),
    )
    target = onnx.with_suffix(".xml")
    openvino.save_model(quantised, target, compress_to_fp16=True)
    return target


def _layers(names: list[str]) -> str:
    """A pattern of the operations that stay in f32, from the names of all; the head is the last layer."""
    layers = {int(found[1]) for name in names if (found := re.search(r"/model\.(\d+)/", name))}
    return rf".*/model\.({'|'.join(str(layer) for layer in (*_SENSITIVE_LAYERS, max(layers)))})/.*"


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--work", type=Path, default=Path("work"))
    parser.add_argument("--calibration-stills", type=int, default=CALIBRATION_STILLS)
    parser.add_argument("--preset", choices=PRESETS, default="mixed")
    parser.add_argument("--accurate-bias", action="store_true")
    given = parser.parse_args()
    onnx = export_onnx(given.checkpoint, given.out, given.work)
    print(onnx, onnx.stat().st_size)
    xml = export_int8(onnx, stills=given.calibration_stills, preset=given.preset, accurate_bias=given.accurate_bias)
    print(xml, xml.with_suffix(".bin").stat().st_size)


if __name__ == "__main__":
    main()
