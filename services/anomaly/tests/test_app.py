"""The service answers as the local adapter does, errors included."""

import asyncio

import pytest
from pydantic import ValidationError

from wideberth_anomaly.app import create_anomaly_app
from wideberth_anomaly.local import LocalAnomaly
from wideberth_anomaly.settings import AnomalySettings
from wideberth_contracts.screening import ScreenSettings
from wideberth_servicekit.inprocess import in_process
from wideberth_servicekit.ports.anomaly import HttpAnomaly


@pytest.mark.parametrize("count", [0, 1, 5])
def test_http_and_local_give_the_same(networks, crop_of, count):
    settings = AnomalySettings(model_file=networks["redness"], threshold=0.4)
    crops = tuple(crop_of(40 * index, pts=index) for index in range(count))

    async def over_http():
        async with in_process(create_anomaly_app(settings)) as client:
            adapter = HttpAnomaly(client)
            return await adapter.info(), await adapter.screen("t", crops, ScreenSettings())

    info, answer = asyncio.run(over_http())
    local = LocalAnomaly.from_file(networks["redness"], 0.4)
    assert answer == asyncio.run(local.screen("t", crops, ScreenSettings()))
    assert info == asyncio.run(local.info())


def test_without_weights_it_lives_but_is_not_ready(tmp_path):
    async def ask():
        async with in_process(create_anomaly_app(AnomalySettings(models=tmp_path))) as client:
            return await client.get("/livez"), await client.get("/readyz")

    alive, ready = asyncio.run(ask())
    assert alive.status_code == 200
    assert ready.status_code == 503
    assert ready.json()["type"].endswith("model-unavailable")


def test_a_model_of_ones_own_needs_its_threshold(networks):
    with pytest.raises(ValidationError, match="go together"):
        AnomalySettings(model_file=networks["redness"])
