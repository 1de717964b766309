"""From pixels to a score."""

import numpy as np
import pytest

from wideberth_anomaly.core.network import OnnxNetwork, OpenVinoNetwork
from wideberth_anomaly.core.scoring import network_input, score_of
from wideberth_contracts.errors import ModelUnavailable

LIBRARIES = [OnnxNetwork, OpenVinoNetwork]


def test_only_the_middle_counts():
    loud_beside = np.zeros((32, 32), np.float32)
    loud_beside[:, :8] = 100
    assert score_of(loud_beside, 1 / 3) == 0
    loud_beside[14:18, 14:18] = 5
    assert score_of(loud_beside, 1 / 3) > 1


def test_one_loud_cell_is_not_enough():
    noise = np.zeros((32, 32), np.float32)
    noise[16, 16] = 10
    # A tenth of 14 x 14 cells share it.
    assert score_of(noise, 1 / 3) == pytest.approx(10 / 20)


@pytest.mark.parametrize("fraction", [0.0, 0.01, 1.0, 3.0])
def test_boxes_of_any_size_have_a_score(fraction):
    assert score_of(np.full((24, 24), 2, np.float32), fraction) == pytest.approx(2)


@pytest.mark.parametrize("side", [9, 64, 200])
def test_the_network_sees_red_first_between_nought_and_one(side):
    crop = np.zeros((side, side, 3), np.uint8)
    crop[:, :, 2] = 255
    image = network_input(crop, 64)
    assert image.shape == (1, 3, 64, 64)
    assert image.dtype == np.float32
    assert image[0, 0].min() == pytest.approx(1)
    assert image[0, 1:].max() == 0


def test_the_libraries_agree(networks):
    image = np.random.default_rng(3).random((1, 3, 64, 64), dtype=np.float32)
    maps = [library(networks["random"], threads=1).look(image).anomaly_map for library in LIBRARIES]
    assert maps[0].shape == (16, 16)
    np.testing.assert_allclose(maps[0], maps[1], atol=1e-5)


@pytest.mark.parametrize("library", LIBRARIES)
def test_a_network_without_a_map_is_refused(networks, library):
    with pytest.raises(ModelUnavailable, match="no output anomaly_map") as caught:
        library(networks["other_output"])
    assert caught.value.where == str(networks["other_output"])
    assert caught.value.remedy


@pytest.mark.parametrize("library", LIBRARIES)
def test_a_broken_file_is_refused(tmp_path, library):
    path = tmp_path / "broken.onnx"
    path.write_bytes(b"no network")
    with pytest.raises(ModelUnavailable, match="cannot be loaded"):
        library(path)
