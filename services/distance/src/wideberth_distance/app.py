"""The service: the local adapter behind HTTP."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from wideberth_contracts.errors import InternalFault
from wideberth_contracts.poses import CameraPose
from wideberth_contracts.positions import ImagePoint, LocateRequest, Position
from wideberth_contracts.wire import Measured
from wideberth_distance.local import LocalDistance, package_version
from wideberth_distance.settings import DistanceSettings
from wideberth_media.codec import CvPixelCodec
from wideberth_servicekit.ports import distance
from wideberth_servicekit.service import Service, create_app
from wideberth_servicekit.settings import read_settings

_KNOWN_HEIGHT_M = 100.0


def create_distance_app(settings: DistanceSettings | None = None) -> FastAPI:
    """The FastAPI application of this service."""
    service = Service(
        name="distance",
        version=package_version(),
        open=_open,
        self_test=self_test,
        routes=distance.routes(),
        codec=CvPixelCodec(),
    )
    return create_app(service, settings or read_settings(DistanceSettings))


@asynccontextmanager
async def _open() -> AsyncIterator[LocalDistance]:
    yield LocalDistance()


async def self_test(adapter: LocalDistance) -> None:
    """Look 45 deg down from 100 m: the picture's middle lies 100 m ahead. Raises `InternalFault` if it does not."""
    exact = Measured(value=0.0, sigma=0.0)
    pose = CameraPose(
        height_m=Measured(value=_KNOWN_HEIGHT_M, sigma=1.0),
        pitch_deg=Measured(value=-45.0, sigma=0.1),
        roll_deg=exact,
        yaw_deg=exact,
        focal_px=Measured(value=1000.0, sigma=10.0),
        east_m=exact,
        north_m=exact,
        width_px=1920,
        height_px=1080,
    )
    answer = await adapter.locate(LocateRequest(pose=pose, points=(ImagePoint(x_px=960.0, y_px=540.0),)))
    place = answer.points[0]
    if not isinstance(place, Position) or abs(place.north_m - _KNOWN_HEIGHT_M) > 0.01 or abs(place.east_m) > 1e-6:
        raise InternalFault(f"self-test: the middle of the picture lies at {place}", where="wideberth_distance")
