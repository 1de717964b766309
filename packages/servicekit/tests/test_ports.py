"""The Http adapter of every port gives the answers and errors of the adapter behind it, by every transport."""

import dataclasses
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import httpx
import pytest

from wideberth_contracts.detections import Attention, DetectSettings, OrientedBox, Tiling
from wideberth_contracts.errors import BadInput, Conflict, InternalFault
from wideberth_contracts.frames import GlintGate
from wideberth_contracts.poses import FrameTime, NoPose, PoseAbsence, PosesRequest
from wideberth_contracts.positions import ImagePoint, LocateRequest
from wideberth_contracts.screening import ScreenSettings
from wideberth_contracts.separations import SeparateRequest
from wideberth_contracts.tracks import TrackRequest
from wideberth_servicekit import pixel_desk
from wideberth_servicekit.conformance import outcome_of, running
from wideberth_servicekit.conformance.little_adapters import (
    ERRORS,
    LittleAnomaly,
    LittleDetector,
    LittleDistance,
    LittleGlare,
    LittleTracker,
)
from wideberth_servicekit.conformance.samples import crop, frame, window
from wideberth_servicekit.parcels import Place, Shape
from wideberth_servicekit.ports import (
    HttpAnomaly,
    HttpDetector,
    HttpDistance,
    HttpGlare,
    HttpTracker,
    anomaly,
    detector,
    distance,
    glare,
    tracker,
)
from wideberth_servicekit.transport import FrameTransport, RawTransport, SharedTransport

pytestmark = pytest.mark.anyio

POSES = PosesRequest(telemetry=None, moments=(FrameTime(t_s=1 / 3, width_px=4, height_px=3),) * 3)
LOCATE = LocateRequest(pose=NoPose(reason=PoseAbsence.NO_TELEMETRY), points=(ImagePoint(x_px=0.1, y_px=1e-9),) * 2)

EXPECTED = OrientedBox(cx_px=3.5, cy_px=0.1 + 0.2, length_px=9, width_px=1 / 3, angle_deg=45)
ATTENTION = Attention(turn=7, sweep_turns=3, first=True, expected=(EXPECTED,))

CALLS: dict[str, tuple[Any, Any, Any, Any]] = {
    "detect": (LittleDetector, detector, HttpDetector, lambda port: port.detect(frame(), DetectSettings())),
    "detect in a stream": (
        LittleDetector,
        detector,
        HttpDetector,
        lambda port: port.detect(frame(), DetectSettings(confidence=0.25, tiling=Tiling.FULL), ATTENTION),
    ),
    "clear": (LittleGlare, glare, HttpGlare, lambda port: port.clear(window())),
    "clear by 15 frames": (LittleGlare, glare, HttpGlare, lambda port: port.clear(window(frames=15))),
    "clear nothing": (LittleGlare, glare, HttpGlare, lambda port: port.clear(window(gate=GlintGate.NEVER))),
    "clear an odd window": (
        LittleGlare,
        glare,
        HttpGlare,
        lambda port: port.clear(dataclasses.replace(window(), reference=3)),
    ),
    "clear fails": (LittleGlare, glare, HttpGlare, lambda port: port.clear(window("model"))),
    "horizon": (
        LittleDistance,
        distance,
        HttpDistance,
        lambda port: port.horizon(frame(seed=3), NoPose(reason=PoseAbsence.NO_PITCH)),
    ),
    "motion": (LittleTracker, tracker, HttpTracker, lambda port: port.motion(frame(seed=1), frame(seed=2))),
    "no motion": (LittleTracker, tracker, HttpTracker, lambda port: port.motion(frame(), frame())),
    "track": (LittleTracker, tracker, HttpTracker, lambda port: port.track(TrackRequest(frames=()))),
    "screen": (
        LittleAnomaly,
        anomaly,
        HttpAnomaly,
        lambda port: port.screen("d3", (crop(1), crop(2)), ScreenSettings()),
    ),
    "remember": (LittleAnomaly, anomaly, HttpAnomaly, lambda port: port.remember((crop(1), crop(2)))),
    "screen nothing": (LittleAnomaly, anomaly, HttpAnomaly, lambda port: port.screen("d3", (), ScreenSettings())),
    "telemetry": (
        LittleDistance,
        distance,
        HttpDistance,
        lambda port: port.read_telemetry("제주 1.SRT", b"\x00\xff4", 0.1),
    ),
    "no telemetry": (LittleDistance, distance, HttpDistance, lambda port: port.read_telemetry("a b.SRT", b"", 9.0)),
    "poses": (LittleDistance, distance, HttpDistance, lambda port: port.poses(POSES)),
    "locate": (LittleDistance, distance, HttpDistance, lambda port: port.locate(LOCATE)),
    "separate": (LittleDistance, distance, HttpDistance, lambda port: port.separate(SeparateRequest(tracks=()))),
    "separate fails": (
        LittleDistance,
        distance,
        HttpDistance,
        lambda port: port.separate(SeparateRequest(tracks=(), seed=7)),
    ),
    "info": (LittleDistance, distance, HttpDistance, lambda port: port.info()),
    **{
        f"error {clip}": (
            LittleDetector,
            detector,
            HttpDetector,
            lambda port, clip=clip: port.detect(frame(clip), DetectSettings()),
        )
        for clip in ERRORS
    },
}


@pytest.fixture(params=["raw", "shared", "shared, no free slot"])
def transport(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[FrameTransport]:
    """Every way for pixels to travel that needs no codec."""
    if request.param == "raw":
        yield RawTransport()
    elif request.param == "shared":
        with SharedTransport(tmp_path) as shared:
            yield shared
    else:
        with SharedTransport(tmp_path, slots=1, slot_bytes=16) as shared:
            yield shared


@pytest.mark.parametrize("name", CALLS)
async def test_service_gives_the_outcome_of_the_adapter_behind_it(
    name: str, transport: FrameTransport, tmp_path: Path
) -> None:
    adapter, port, http, call = CALLS[name]
    async with running(adapter(), port.routes(), shared_dir=tmp_path) as client:
        over_http = await outcome_of(call(http(client, transport)))
    local = await outcome_of(call(adapter()))
    assert over_http == local
    assert local.value is not None or local.error is not None


async def test_pixels_that_were_not_cleared_are_the_very_ones_sent(transport: FrameTransport, tmp_path: Path) -> None:
    asked = window(gate=GlintGate.NEVER)
    async with running(LittleGlare(), glare.routes(), shared_dir=tmp_path) as client:
        cleared = await HttpGlare(client, transport).clear(asked)
    assert cleared.frame is asked.frames[asked.reference]


async def test_unforeseen_exception_is_an_internal_fault_and_leaks_nothing() -> None:
    async with running(LittleDetector(), detector.routes()) as client:
        with pytest.raises(InternalFault) as caught:
            await HttpDetector(client).detect(frame("bug"), DetectSettings())
    assert "secret" not in str(caught.value)
    assert caught.value.where == "/v1/detect"


async def test_shared_pixels_to_a_service_without_the_volume_are_refused_with_the_remedy(tmp_path: Path) -> None:
    async with running(LittleDetector(), detector.routes()) as client:
        with SharedTransport(tmp_path) as shared, pytest.raises(BadInput, match="SHARED_DIR"):
            await HttpDetector(client, shared).detect(frame(), DetectSettings())


async def test_answer_to_shared_request_comes_in_the_body_if_the_service_cannot_write(tmp_path: Path) -> None:
    with SharedTransport(tmp_path) as shared:
        async with running(LittleGlare(), glare.routes(), shared_dir=tmp_path, shared_slot_bytes=1) as client:
            over_http = await outcome_of(HttpGlare(client, shared).clear(window()))
    assert over_http == await outcome_of(LittleGlare().clear(window()))


class SlowReader(SharedTransport):
    """Lets the service write two more answers before it reads the first."""

    def __init__(self, folder: Path, client: httpx.AsyncClient) -> None:
        super().__init__(folder)
        self.client: httpx.AsyncClient | None = client
        self.conflicts = 0

    async def receive(
        self, places: Sequence[Place], blobs: Sequence[memoryview], shapes: Sequence[Shape]
    ) -> tuple[memoryview, ...]:
        if self.client is not None:
            client, self.client = self.client, None
            for _ in range(2):
                await HttpGlare(client, self).clear(window(frames=5))
        try:
            return await super().receive(places, blobs, shapes)
        except Conflict:
            self.conflicts += 1
            raise


async def test_answer_that_was_overwritten_is_asked_for_again(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(pixel_desk, "HOLD_S", 0.0)
    async with running(LittleGlare(), glare.routes(), shared_dir=tmp_path, shared_slots=2) as client:
        with SlowReader(tmp_path, client) as slow:
            over_http = await outcome_of(HttpGlare(client, slow).clear(window()))
    assert slow.conflicts >= 1
    assert over_http == await outcome_of(LittleGlare().clear(window()))


async def test_shared_pixels_do_not_cross_the_socket(tmp_path: Path) -> None:
    sizes: list[int] = []

    async def note(exchange: httpx.Request | httpx.Response) -> None:
        sizes.append(int(exchange.headers["content-length"]))

    async with running(LittleGlare(), glare.routes(), shared_dir=tmp_path) as client:
        client.event_hooks = {"request": [note], "response": [note]}
        with SharedTransport(tmp_path) as shared:
            await HttpGlare(client, shared).clear(window())
        await HttpGlare(client, RawTransport()).clear(window())
    frame_bytes = frame().pixels.nbytes
    shared_request, shared_answer, raw_request, raw_answer = sizes
    assert raw_request - shared_request > 2 * frame_bytes
    assert raw_answer - shared_answer > frame_bytes // 2
    assert shared_answer < frame_bytes
