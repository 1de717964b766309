"""The service answers as the local adapter does, errors included."""

import asyncio

import numpy as np
import pytest

from wideberth_contracts.detections import DetectSettings
from wideberth_detector.app import create_detector_app, self_test
from wideberth_detector.local import LocalDetector
from wideberth_detector.settings import DetectorSettings
from wideberth_servicekit.inprocess import in_process
from wideberth_servicekit.ports.detector import HttpDetector


def sea() -> np.ndarray:
    pixels = np.zeros((96, 160, 3), np.uint8)
    pixels[40:48, 80:88] = (0, 0, 255)
    return pixels


def test_http_and_local_give_the_same(networks, frame_of):
    async def over_http():
        async with in_process(create_detector_app(DetectorSettings(model_file=networks["lamp"]))) as client:
            assert (await client.get("/readyz")).status_code == 200
            adapter = HttpDetector(client)
            return await adapter.info(), await adapter.detect(frame_of(sea()), DetectSettings())

    info, answer = asyncio.run(over_http())
    local = LocalDetector.from_file(networks["lamp"])
    expected = asyncio.run(local.detect(frame_of(sea()), DetectSettings()))
    assert len(answer.detections) == 1
    assert answer.detections == expected.detections
    assert info == asyncio.run(local.info())


def test_without_weights_it_lives_but_is_not_ready(tmp_path):
    async def ask():
        async with in_process(create_detector_app(DetectorSettings(models=tmp_path))) as client:
            return await client.get("/livez"), await client.get("/readyz")

    alive, ready = asyncio.run(ask())
    assert alive.status_code == 200
    assert ready.status_code == 503
    assert ready.json()["type"].endswith("model-unavailable")
    assert "WIDEBERTH_MODELS" in ready.json()["remedy"]


def test_a_network_that_sees_things_in_nothing_fails_the_self_test(networks):
    # The lamp network sees the dark water itself as faint lamps.
    class Seeing(LocalDetector):
        async def detect(self, frame, settings, attention=None):
            return await super().detect(frame, DetectSettings(confidence=0.05))

    with pytest.raises(Exception, match="empty frame"):
        asyncio.run(self_test(Seeing.from_file(networks["lamp"])))
