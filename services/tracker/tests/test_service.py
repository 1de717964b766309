"""The service answers as the local adapter does, errors included."""

import asyncio

from wideberth_contracts.tracks import TrackerMemory, TrackRequest
from wideberth_servicekit.conformance import samples
from wideberth_servicekit.conformance.outcomes import outcome_of
from wideberth_servicekit.inprocess import in_process
from wideberth_servicekit.ports.tracker import HttpTracker
from wideberth_servicekit.transport import RawTransport
from wideberth_tracker.app import create_tracker_app
from wideberth_tracker.local import LocalTracker
from wideberth_tracker.settings import TrackerSettings
from wideberth_tracker.trials.scenes import crossing

FRAMES = crossing(0).frames


def both(call):
    """What a call of the port comes to, locally and by the running service."""

    async def run():
        async with in_process(create_tracker_app(TrackerSettings())) as client:
            remote = HttpTracker(client, RawTransport())
            return await outcome_of(call(LocalTracker())), await outcome_of(call(remote))

    return asyncio.run(run())


def test_tracks_and_memory_are_the_same():
    local, remote = both(lambda port: port.track(TrackRequest(frames=FRAMES[:20])))
    assert local.value is not None
    assert local == remote


def test_motion_is_the_same():
    earlier, later = (
        samples.frame(seed=1, width_px=320, height_px=200),
        samples.frame(seed=2, width_px=320, height_px=200),
    )
    local, remote = both(lambda port: port.motion(earlier, later))
    assert local.value is not None
    assert local == remote


def test_a_damaged_memory_is_the_same_error():
    request = TrackRequest(frames=FRAMES[:1], memory=TrackerMemory(version="1", payload="[]"))
    local, remote = both(lambda port: port.track(request))
    assert local.error is not None
    assert local == remote


def test_the_service_is_ready_and_says_what_it_is():
    async def ask():
        async with in_process(create_tracker_app(TrackerSettings())) as client:
            return (await client.get("/readyz")).status_code, (await client.get("/info")).json()

    status, info = asyncio.run(ask())
    assert (status, info["service"], info["device"]) == (200, "tracker", "cpu")
