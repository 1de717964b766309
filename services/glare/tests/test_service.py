"""The service: the same answers as the local adapter, the same refusals, and calls that do not block each other."""

import asyncio
import time

import pytest
from windows import window

from wideberth_contracts.errors import WideberthError
from wideberth_contracts.frames import ClearedFrame, FrameWindow, GlintGate
from wideberth_glare.app import create_glare_app
from wideberth_glare.local import LocalGlare
from wideberth_glare.self_test import glittering_window
from wideberth_glare.settings import GlareSettings
from wideberth_media.pixels import as_array
from wideberth_servicekit.inprocess import in_process
from wideberth_servicekit.ports.glare import HttpGlare
from wideberth_servicekit.transport import RawTransport


def _by_http(given: FrameWindow) -> ClearedFrame:
    async def call() -> ClearedFrame:
        async with in_process(create_glare_app(GlareSettings())) as client:
            return await HttpGlare(client, RawTransport()).clear(given)

    return asyncio.run(call())


@pytest.mark.parametrize("gate", list(GlintGate))
def test_http_and_local_answer_alike(gate):
    given, _ = glittering_window()
    given = window([as_array(f) for f in given.frames], 1, gate)
    local = asyncio.run(LocalGlare().clear(given))
    remote = _by_http(given)
    assert remote.outcome is local.outcome
    assert remote.glint_fraction == local.glint_fraction
    assert bytes(remote.frame.pixels) == bytes(local.frame.pixels)
    assert bytes(remote.glint_mask) == bytes(local.glint_mask)


def test_http_and_local_refuse_alike():
    given, _ = glittering_window()
    odd = FrameWindow(given.frames, 1, given.poses[:2], given.settings)
    refusals = []
    for call in (lambda: asyncio.run(LocalGlare().clear(odd)), lambda: _by_http(odd)):
        with pytest.raises(WideberthError) as caught:
            call()
        refusals.append((type(caught.value), caught.value.detail, caught.value.where))
    assert refusals[0] == refusals[1]


def test_ready_and_described():
    async def ask() -> tuple[int, dict[str, object]]:
        async with in_process(create_glare_app(GlareSettings())) as client:
            ready, info = await client.get("/readyz"), await client.get("/info")
            return ready.status_code, info.json()

    status, info = asyncio.run(ask())
    assert status == 200
    assert (info["service"], info["device"]) == ("glare", "cpu")


def test_clearing_does_not_block_the_loop():
    given, _ = glittering_window()

    async def longest_gap_s() -> float:
        work = asyncio.create_task(LocalGlare().clear(given))
        longest, last = 0.0, time.perf_counter()
        while not work.done():
            await asyncio.sleep(0.001)
            longest, last = max(longest, time.perf_counter() - last), time.perf_counter()
        return longest

    started = time.perf_counter()
    asyncio.run(LocalGlare().clear(given))
    alone = time.perf_counter() - started
    assert asyncio.run(longest_gap_s()) < max(0.5 * alone, 0.1)
