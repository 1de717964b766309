"""The verb *detect* over HTTP."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import numpy as np
from fastapi import FastAPI

from wideberth_contracts.detections import DetectSettings
from wideberth_contracts.errors import InternalFault
from wideberth_contracts.frames import FrameMeta, TimeBase
from wideberth_detector.core.runtime import RuntimeKind
from wideberth_detector.local import LocalDetector, package_version
from wideberth_detector.settings import DetectorSettings
from wideberth_media import CvPixelCodec, frame_of
from wideberth_servicekit.ports import detector
from wideberth_servicekit.service import Service, create_app

# Odd on purpose: padding and tiling take part in the self-test.
SIDE_PX = 161


def create_detector_app(settings: DetectorSettings) -> FastAPI:
    """The FastAPI application of this service."""
    service = Service(
        "detector", package_version(), lambda: _opening(settings), self_test, detector.routes(), codec=CvPixelCodec()
    )
    return create_app(service, settings)


def _opening(settings: DetectorSettings) -> AbstractAsyncContextManager[LocalDetector]:
    @asynccontextmanager
    async def opening() -> AsyncIterator[LocalDetector]:
        yield await asyncio.to_thread(_open, settings)

    return opening()


def _open(settings: DetectorSettings) -> LocalDetector:
    if settings.model_file is not None:
        return LocalDetector.from_file(settings.model_file, settings.runtime, settings.threads)
    runtime = settings.runtime or RuntimeKind.OPENVINO
    return LocalDetector.open(settings.models, settings.model_version, runtime, settings.threads)


async def self_test(adapter: LocalDetector) -> None:
    """Run the network twice on an empty frame. Raises `InternalFault` unless both answers are nothing."""
    base = TimeBase(numerator=1, denominator=1)
    meta = FrameMeta(clip="self-test", pts=0, time_base=base, t_s=0.0, width_px=SIDE_PX, height_px=SIDE_PX)
    frame = frame_of(np.full((SIDE_PX, SIDE_PX, 3), (110, 80, 40), np.uint8), meta)
    found = [(await adapter.detect(frame, DetectSettings(confidence=0.9))).detections for _ in range(2)]
    if found != [(), ()]:
        raise InternalFault("self-test: something was seen in an empty frame", where="wideberth_detector")
