"""One answer, whatever library runs the network."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from wideberth_contracts.detections import ObjectKind
from wideberth_contracts.errors import ModelUnavailable
from wideberth_detector.core.onnx_runtime import OnnxRuntime
from wideberth_detector.core.open_vino import OpenVino

LIBRARIES = [OnnxRuntime, OpenVino]


@pytest.mark.parametrize("size", [(64, 64), (96, 160), (640, 640)])
def test_the_libraries_agree(networks, size):
    image = np.random.default_rng(3).integers(0, 256, (*size, 3), dtype=np.uint8)
    answers = [library(networks["random"], threads=1).forward(image) for library in LIBRARIES]
    assert answers[0].shape == (9, size[0] // 8 * (size[1] // 8))
    np.testing.assert_allclose(answers[0], answers[1], atol=1e-4)


@pytest.mark.parametrize("library", LIBRARIES)
def test_passes_side_by_side_answer_as_one_after_the_other(networks, library):
    runtime = library(networks["random"], threads=2)
    images = [np.random.default_rng(seed).integers(0, 256, (64, 96, 3), dtype=np.uint8) for seed in range(8)]
    alone = [runtime.forward(image) for image in images]
    with ThreadPoolExecutor(runtime.at_once) as pool:
        for answer, expected in zip(pool.map(runtime.forward, images), alone, strict=True):
            np.testing.assert_array_equal(answer, expected)


@pytest.mark.parametrize("library", LIBRARIES)
def test_the_file_says_what_it_knows_and_takes(networks, library):
    free, fixed = library(networks["lamp"]).head, library(networks["lamp_640"]).head
    assert free.kinds == (ObjectKind.DOLPHIN, ObjectKind.VESSEL, ObjectKind.JET_SKI, ObjectKind.SWIMMER)
    assert free.oriented
    assert free.fixed_px is None
    assert fixed.fixed_px == (640, 640)


@pytest.mark.parametrize("library", LIBRARIES)
def test_other_peoples_names_are_understood_or_set_aside(networks, library):
    head = library(networks["nameless"], class_names=("Boat", "person", "kite", "whale")).head
    assert head.kinds == (ObjectKind.VESSEL, ObjectKind.SWIMMER, None, ObjectKind.DOLPHIN)


@pytest.mark.parametrize("library", LIBRARIES)
@pytest.mark.parametrize(
    ("name", "classes", "message"),
    [
        pytest.param("nameless", None, "which classes", id="no names"),
        pytest.param("lamp", ("a", "b"), "neither 4 nor 5 more", id="names that do not fit"),
    ],
)
def test_a_network_that_cannot_be_read_is_named_with_a_remedy(networks, library, name, classes, message):
    with pytest.raises(ModelUnavailable, match=message) as caught:
        library(networks[name], classes)
    assert caught.value.where == str(networks[name])
    assert caught.value.remedy


@pytest.mark.parametrize("library", LIBRARIES)
def test_a_broken_file_is_refused(tmp_path, library):
    path = tmp_path / "broken.onnx"
    path.write_bytes(b"no network")
    with pytest.raises(ModelUnavailable, match="cannot be loaded"):
        library(path)
