"""Small networks with the layout of a YOLO11-OBB head, made here: no weights are needed to test."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from wideberth_contracts.frames import Frame, FrameMeta, TimeBase

NAMES = "{0: 'dolphin', 1: 'vessel', 2: 'jet_ski', 3: 'swimmer'}"
CELL_PX = 8


class Lamp(NamedTuple):
    """The lamp network answers with boxes of this size and direction, at the middle of each cell."""

    length_px: float = 40.0
    width_px: float = 20.0
    angle_rad: float = 0.3
    cell_px: int = CELL_PX


def save_model(path: Path, nodes: list, constants: dict[str, np.ndarray], sides: list, names: str | None) -> Path:
    """Write an ONNX file with one input `images` and one output `output0`."""
    graph = helper.make_graph(
        nodes,
        "network",
        [helper.make_tensor_value_info("images", TensorProto.FLOAT, [1, 3, *sides])],
        [helper.make_tensor_value_info("output0", TensorProto.FLOAT, [1, 9, None])],
        [numpy_helper.from_array(array, name) for name, array in constants.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=10)
    if names is not None:
        helper.set_model_props(model, {"names": names})
    onnx.checker.check_model(model)
    onnx.save(model, path)
    return path


def save_lamp(path: Path, sides: list, names: str | None = NAMES, lamp: Lamp | None = None) -> Path:
    """A network that sees red as dolphins, green as vessels and blue as jet skis, where a cell is bright."""
    shown = lamp or Lamp()
    pool = helper.make_node("AveragePool", ["images"], ["cells"], kernel_shape=[CELL_PX] * 2, strides=[CELL_PX] * 2)
    nodes = [
        pool,
        helper.make_node("Split", ["cells"], ["red", "green", "blue"], axis=1, num_outputs=3),
        helper.make_node("Mul", ["red", "zero"], ["nil"]),
        helper.make_node("Add", ["nil", "cell"], ["step"]),
        *[
            node
            for axis, name in (("across", "x"), ("down", "y"))
            for node in (
                helper.make_node("CumSum", ["step", axis], [f"end_{name}"]),
                helper.make_node("Sub", [f"end_{name}", "half_cell"], [f"centre_{name}"]),
            )
        ],
        *[
            helper.make_node("Add", ["nil", value], [f"plane_{value}"])
            for value in ("length", "width", "angle")
        ],
        helper.make_node(
            "Concat",
            [
                "centre_x", "centre_y", "plane_length", "plane_width",
                "red", "green", "blue", "nil", "plane_angle",
            ],
            ["planes"],
            axis=1,
        ),
        helper.make_node("Reshape", ["planes", "flat"], ["output0"]),
    ]  # fmt: skip
    constants = {
        "zero": np.float32(0),
        "cell": np.float32(CELL_PX),
        "half_cell": np.float32(CELL_PX / 2),
        "across": np.int64(3),
        "down": np.int64(2),
        "length": np.float32(shown.length_px),
        "width": np.float32(shown.width_px),
        "angle": np.float32(shown.angle_rad),
        "flat": np.array([1, 9, -1], np.int64),
    }
    return save_model(path, nodes, {name: np.asarray(value) for name, value in constants.items()}, sides, names)


def save_random(path: Path) -> Path:
    """A network of convolutions with random weights: nothing it says means anything, but all runtimes must agree."""
    rng = np.random.default_rng(7)
    nodes = [
        helper.make_node("Conv", ["images", "w1"], ["a"], strides=[4, 4], kernel_shape=[4, 4]),
        helper.make_node("Sigmoid", ["a"], ["b"]),
        helper.make_node("Mul", ["a", "b"], ["c"]),
        helper.make_node("Conv", ["c", "w2"], ["d"], strides=[2, 2], kernel_shape=[2, 2]),
        helper.make_node("Reshape", ["d", "flat"], ["output0"]),
    ]
    constants = {
        "w1": rng.normal(0, 0.2, (16, 3, 4, 4)).astype(np.float32),
        "w2": rng.normal(0, 0.2, (9, 16, 2, 2)).astype(np.float32),
        "flat": np.array([1, 9, -1], np.int64),
    }
    return save_model(path, nodes, constants, ["height", "width"], NAMES)


@pytest.fixture(scope="session")
def networks(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The test networks by name: `lamp` takes any size, `lamp_640` only 640 x 640; all is very near for `near`."""
    folder = tmp_path_factory.mktemp("networks")
    return {
        "lamp": save_lamp(folder / "lamp.onnx", ["height", "width"]),
        "lamp_640": save_lamp(folder / "lamp_640.onnx", [640, 640]),
        "near": save_lamp(folder / "near.onnx", ["height", "width"], lamp=Lamp(240.0, 60.0)),
        "nameless": save_lamp(folder / "nameless.onnx", ["height", "width"], names=None),
        "random": save_random(folder / "random.onnx"),
    }


@pytest.fixture(scope="session")
def frame_of() -> Callable[[np.ndarray], Frame]:
    """Makes a frame of (height, width, 3) BGR pixels."""

    def make(pixels: np.ndarray) -> Frame:
        height, width = pixels.shape[:2]
        meta = FrameMeta(
            clip="test",
            pts=0,
            time_base=TimeBase(numerator=1, denominator=30),
            t_s=0.0,
            width_px=width,
            height_px=height,
        )
        return Frame(meta, memoryview(np.ascontiguousarray(pixels)).cast("B"))

    return make


@pytest.fixture(scope="session")
def lamp() -> Lamp:
    """What the lamp network answers with."""
    return Lamp()
