"""Small networks with the layout of an anomalib export, made here: no weights are needed to test."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from wideberth_contracts.frames import Crop, CropMeta
from wideberth_media import buffer_of

SIDE_PX = 64


def save_model(path: Path, nodes: list, constants: dict[str, np.ndarray], output: str = "anomaly_map") -> Path:
    """Write an ONNX file with one input and one output."""
    graph = helper.make_graph(
        nodes,
        "network",
        [helper.make_tensor_value_info("images", TensorProto.FLOAT, ["crops", 3, SIDE_PX, SIDE_PX])],
        [helper.make_tensor_value_info(output, TensorProto.FLOAT, ["crops", 1, SIDE_PX // 4, SIDE_PX // 4])],
        [numpy_helper.from_array(array, name) for name, array in constants.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=10)
    onnx.checker.check_model(model)
    onnx.save(model, path)
    return path


def save_redness(path: Path, output: str = "anomaly_map") -> Path:
    """A network whose map is how red each cell of 4 px is: red means animal here."""
    weights = np.zeros((1, 3, 4, 4), np.float32)
    weights[0, 0] = 1 / 16
    return save_model(
        path, [helper.make_node("Conv", ["images", "w"], [output], strides=[4, 4])], {"w": weights}, output
    )


def save_with_places(path: Path) -> Path:
    """Redness, and as the crop's place among others its mean colour."""
    weights = np.zeros((1, 3, 4, 4), np.float32)
    weights[0, 0] = 1 / 16
    graph = helper.make_graph(
        [
            helper.make_node("Conv", ["images", "w"], ["anomaly_map"], strides=[4, 4]),
            helper.make_node("GlobalAveragePool", ["images"], ["mean"]),
            helper.make_node("Flatten", ["mean"], ["embedding"]),
        ],
        "network",
        [helper.make_tensor_value_info("images", TensorProto.FLOAT, ["crops", 3, SIDE_PX, SIDE_PX])],
        [
            helper.make_tensor_value_info("anomaly_map", TensorProto.FLOAT, ["crops", 1, SIDE_PX // 4, SIDE_PX // 4]),
            helper.make_tensor_value_info("embedding", TensorProto.FLOAT, ["crops", 3]),
        ],
        [numpy_helper.from_array(weights, "w")],
    )
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=10), path)
    return path


def save_random(path: Path) -> Path:
    """A network of random convolutions: nothing it says means anything, but all runtimes must agree."""
    rng = np.random.default_rng(7)
    nodes = [
        helper.make_node("Conv", ["images", "w1"], ["a"], strides=[4, 4]),
        helper.make_node("Sigmoid", ["a"], ["b"]),
        helper.make_node("Conv", ["b", "w2"], ["anomaly_map"], kernel_shape=[3, 3], pads=[1, 1, 1, 1]),
    ]
    constants = {
        "w1": rng.normal(0, 0.3, (16, 3, 4, 4)).astype(np.float32),
        "w2": rng.normal(0, 0.3, (1, 16, 3, 3)).astype(np.float32),
    }
    return save_model(path, nodes, constants)


@pytest.fixture(scope="session")
def networks(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The test networks by name."""
    folder = tmp_path_factory.mktemp("networks")
    return {
        "redness": save_redness(folder / "redness.onnx"),
        "places": save_with_places(folder / "places.onnx"),
        "random": save_random(folder / "random.onnx"),
        "other_output": save_redness(folder / "other.onnx", "pred_score"),
    }


@pytest.fixture(scope="session")
def crop_of() -> Callable[..., Crop]:
    """Makes a crop, dark but for a square of `red` in its middle, or with the pixels given."""

    def make(red: int = 0, pixels: np.ndarray | None = None, pts: int = 0, **meta: float) -> Crop:
        if pixels is None:
            pixels = np.zeros((SIDE_PX, SIDE_PX, 3), np.uint8)
            pixels[24:40, 24:40, 2] = red
        side = pixels.shape[0]
        known = {"t_s": float(pts), "detection_px": side / 3, "confidence": 0.5} | meta
        return Crop(CropMeta(pts=pts, width_px=side, height_px=side, **known), buffer_of(pixels))

    return make
