"""The whole verb on a network whose answer is known: coloured lamps on a dark sea."""

import asyncio
from collections import Counter

import numpy as np
import pytest

from wideberth_contracts.detections import DetectSettings, ObjectKind, Tiling
from wideberth_contracts.errors import ModelUnavailable
from wideberth_detector.core.runtime import RuntimeKind
from wideberth_detector.local import LocalDetector

# Column and row of cells, and what colour (BGR) the lamp there is. Far enough apart not to be duplicates; two of them
# lie in the overlap of tiles at 1080p.
CELL_PX = 8
LAMPS = {(10, 12): (0, 0, 255), (75, 70): (0, 255, 0), (150, 20): (255, 0, 0), (230, 130): (0, 0, 200)}
KINDS = {2: ObjectKind.DOLPHIN, 1: ObjectKind.VESSEL, 0: ObjectKind.JET_SKI}


def sea_with_lamps() -> np.ndarray:
    pixels = np.zeros((1080, 1920, 3), np.uint8)
    for (column, row), colour in LAMPS.items():
        pixels[row * CELL_PX : (row + 1) * CELL_PX, column * CELL_PX : (column + 1) * CELL_PX] = colour
    return pixels


@pytest.mark.parametrize("runtime", [RuntimeKind.ONNXRUNTIME, RuntimeKind.OPENVINO])
@pytest.mark.parametrize(("name", "tiling"), [("lamp", Tiling.AUTO), ("lamp", Tiling.FULL), ("lamp_640", Tiling.AUTO)])
def test_every_lamp_is_found_once_where_it_is(networks, frame_of, lamp, runtime, name, tiling):
    detector = LocalDetector.from_file(networks[name], runtime)
    found = asyncio.run(detector.detect(frame_of(sea_with_lamps()), DetectSettings(confidence=0.6, tiling=tiling)))
    places = {(round(d.box.cx_px / CELL_PX - 0.5), round(d.box.cy_px / CELL_PX - 0.5)): d for d in found.detections}
    assert set(places) == set(LAMPS)
    assert len(found.detections) == len(LAMPS)
    for place, colour in LAMPS.items():
        box = places[place].box
        assert places[place].kind is KINDS[int(np.argmax(colour))]
        # A square tile need not start on a cell of the whole frame; its cells then see part of the lamp.
        tolerance = 0.4 if name == "lamp_640" else 1e-3
        assert places[place].confidence == pytest.approx(max(colour) / 255, abs=tolerance)
        assert (box.length_px, box.width_px) == pytest.approx((lamp.length_px, lamp.width_px))
        assert box.angle_deg == pytest.approx(np.degrees(lamp.angle_rad), abs=1e-3)
    assert [d.confidence for d in found.detections] == sorted((d.confidence for d in found.detections), reverse=True)


def test_in_is_detections_and_rejections(networks, frame_of):
    pixels = np.random.default_rng(5).integers(0, 256, (200, 300, 3), dtype=np.uint8)
    pixels = np.kron(pixels[: 200 // 8, : 300 // 8], np.ones((8, 8, 1), np.uint8))
    found = asyncio.run(
        LocalDetector.from_file(networks["lamp"]).detect(frame_of(pixels), DetectSettings(confidence=0.5))
    )
    anchors = int((pixels[::8, ::8].max(axis=2) / 255 >= 0.5).sum())
    # The lamp network has one anchor a cell; cells of padding are below the threshold.
    assert len(found.detections) + sum(rejection.count for rejection in found.rejections) == anchors
    assert {rejection.reason for rejection in found.rejections} == {"duplicate"}
    assert Counter(found.aside.reason) == {one.reason: one.count for one in found.rejections}
    assert min(found.aside.confidence) >= 0.5
    # Every cell is an anchor; those set aside and those that stay are different ones.
    cells = {(round(x), round(y)) for x, y in zip(found.aside.cx_px, found.aside.cy_px, strict=True)}
    assert len(cells) == len(found.aside)
    assert not cells & {(round(one.box.cx_px), round(one.box.cy_px)) for one in found.detections}


def test_the_answer_does_not_depend_on_what_else_runs(networks, frame_of):
    detector = LocalDetector.from_file(networks["lamp"])
    rng = np.random.default_rng(9)
    frames = [frame_of(rng.integers(0, 256, (360, 720, 3), dtype=np.uint8)) for _ in range(4)]
    settings = DetectSettings(confidence=0.55)

    async def together() -> list:
        return await asyncio.gather(*(detector.detect(frame, settings) for frame in frames))

    alone = [asyncio.run(detector.detect(frame, settings)).detections for frame in frames]
    assert any(alone)
    assert [found.detections for found in asyncio.run(together())] == alone


def test_an_empty_sea_has_nothing(networks, frame_of):
    found = asyncio.run(
        LocalDetector.from_file(networks["lamp"]).detect(frame_of(np.zeros((96, 160, 3), np.uint8)), DetectSettings())
    )
    assert found.detections == ()
    assert found.rejections == ()


def test_it_says_what_it_is(networks):
    info = asyncio.run(LocalDetector.from_file(networks["lamp"]).info())
    assert info.service == "detector"
    assert "OpenVINO" in info.device
    assert info.models[0].id == "lamp.onnx"


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(ModelUnavailable, match="no such file"):
        LocalDetector.from_file(tmp_path / "none.onnx")
