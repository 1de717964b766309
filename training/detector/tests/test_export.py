import re
from pathlib import Path

import numpy as np
import pytest

from bench.accuracy.real_sets import DATA
from wideberth_training_detector.export import _layers, export_onnx
from wideberth_training_detector.quiet import keep_offline

START = DATA / "weights" / "yolo11n_coco_dequantised.safetensors"


def test_first_layer_attention_and_head_stay_in_single_precision() -> None:
    names = ["/model.0/conv/Conv", "/model.1/conv/Conv", "/model.10/m/attn/MatMul", "/model.22/Concat", "/model.23/Mul"]
    assert [re.fullmatch(_layers(names), name) is not None for name in names] == [True, False, True, False, True]


@pytest.mark.slow
@pytest.mark.skipif(not START.is_file(), reason="needs ../shared/data")
def test_torch_and_both_libraries_give_the_same_head(tmp_path: Path) -> None:
    keep_offline(tmp_path)
    from wideberth_detector.core.onnx_runtime import OnnxRuntime
    from wideberth_detector.core.open_vino import OpenVino
    from wideberth_detector.core.ultralytics_runtime import UltralyticsRuntime
    from wideberth_training_detector.checkpoint import to_checkpoint

    checkpoint = to_checkpoint(START, tmp_path / "start.pt", tmp_path)
    onnx = export_onnx(checkpoint, tmp_path / "out", tmp_path)
    assert onnx.stat().st_size < 7_000_000
    image = np.random.default_rng(0).integers(0, 256, (96, 128, 3), np.uint8)
    runs = ((UltralyticsRuntime, checkpoint), (OnnxRuntime, onnx), (OpenVino, onnx))
    heads = [runtime(path).forward(image) for runtime, path in runs]
    for head in heads[1:]:
        # Weights are kept in half precision: boxes move by hundredths of a pixel, scores by less than a thousandth.
        assert np.abs(head[:4] - heads[0][:4]).max() < 0.5
        assert np.abs(head[4:] - heads[0][4:]).max() < 0.01
