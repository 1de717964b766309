"""The verb *screen* over HTTP."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import numpy as np
from fastapi import FastAPI

from wideberth_anomaly.local import LocalAnomaly, package_version
from wideberth_anomaly.settings import AnomalySettings
from wideberth_contracts.errors import InternalFault
from wideberth_contracts.frames import Crop, CropMeta
from wideberth_contracts.screening import ScreenSettings
from wideberth_media import CvPixelCodec, buffer_of
from wideberth_servicekit.ports import anomaly
from wideberth_servicekit.service import Service, create_app

SIDE_PX = 60


def create_anomaly_app(settings: AnomalySettings) -> FastAPI:
    """The FastAPI application of this service."""
    service = Service(
        "anomaly", package_version(), lambda: _opening(settings), self_test, anomaly.routes(), codec=CvPixelCodec()
    )
    return create_app(service, settings)


def _opening(settings: AnomalySettings) -> AbstractAsyncContextManager[LocalAnomaly]:
    @asynccontextmanager
    async def opening() -> AsyncIterator[LocalAnomaly]:
        yield await asyncio.to_thread(_open, settings)

    return opening()


def _open(settings: AnomalySettings) -> LocalAnomaly:
    if settings.model_file is not None and settings.threshold is not None:
        return LocalAnomaly.from_file(
            settings.model_file, settings.threshold, settings.runtime, settings.threads, settings.sure_above
        )
    return LocalAnomaly.open(settings.models, settings.model_version, settings.runtime, settings.threads)


async def self_test(adapter: LocalAnomaly) -> None:
    """Score one crop twice. Raises `InternalFault` unless both scores are there and equal."""
    meta = CropMeta(pts=0, t_s=0.0, width_px=SIDE_PX, height_px=SIDE_PX, detection_px=SIDE_PX / 3, confidence=1.0)
    pixels = np.random.default_rng(1).integers(0, 256, (SIDE_PX, SIDE_PX, 3), dtype=np.uint8)
    crop = Crop(meta, buffer_of(pixels))
    first, second = [(await adapter.screen("self-test", (crop,), ScreenSettings())).score for _ in range(2)]
    if first is None or first != second:
        raise InternalFault(f"self-test: one crop scored {first} and {second}", where="wideberth_anomaly")
