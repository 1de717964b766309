"""Starting a service around any adapter, in process."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import httpx
from fastapi import APIRouter

from wideberth_servicekit.inprocess import in_process
from wideberth_servicekit.parcels import PixelCodec
from wideberth_servicekit.service import Service, create_app
from wideberth_servicekit.settings import ServiceSettings


async def passes(adapter: Any) -> None:
    """A self-test that passes."""


def service_of(
    adapter: Any, routes: APIRouter, codec: PixelCodec | None = None, self_test: Any = passes
) -> Service[Any]:
    """A service around an adapter."""

    @asynccontextmanager
    async def opening() -> AsyncIterator[Any]:
        yield adapter

    return Service(name="little", version="1.2.3", open=opening, self_test=self_test, routes=routes, codec=codec)


def running(
    adapter: Any, routes: APIRouter, codec: PixelCodec | None = None, **settings: Any
) -> AbstractAsyncContextManager[httpx.AsyncClient]:
    """A client of the running service."""
    return in_process(create_app(service_of(adapter, routes, codec), ServiceSettings(**settings)))
