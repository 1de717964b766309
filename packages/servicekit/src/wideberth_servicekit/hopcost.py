"""What one hop costs: a frame handed to a detector that does nothing, in this process and in a service of its own.

The service is a process of its own behind a real socket on the loopback address, so serialising, copying and the two
event loops are all in the figure.
"""

import asyncio
import multiprocessing
import os
import socket
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

import httpx
import uvicorn

from wideberth_contracts.detections import Attention, DetectSettings, FrameDetections
from wideberth_contracts.errors import Unavailable
from wideberth_contracts.frames import Frame, FrameMeta, PixelEncoding, TimeBase
from wideberth_contracts.ports import DetectorPort
from wideberth_contracts.settings import ServiceInfo
from wideberth_servicekit.parcels import PixelCodec
from wideberth_servicekit.ports import HttpDetector, detector
from wideberth_servicekit.service import Service, create_app
from wideberth_servicekit.settings import ServiceSettings
from wideberth_servicekit.transport import FrameTransport, RawTransport, SharedTransport

SIZES = {"1080p": (1920, 1080), "4K": (3840, 2160)}
_MEMORY_VOLUME = Path("/dev/shm")  # noqa: S108 - a fresh folder with a random name is made in it
_START_S = 60.0
_WARM_UP_CALLS = 3


@dataclass(frozen=True)
class HopCost:
    """One way, one size.

    Attributes:
        wall_ms: the median of `calls`; p90_ms: the slow tenth.
        cpu_ms: of both processes, per call; hardly moved by what else the machine does. None where the system does not
            tell.
    """

    way: str
    size: str
    wall_ms: float
    p90_ms: float
    cpu_ms: float | None
    calls: int


@dataclass(frozen=True)
class _Running:
    """The idle service in its process."""

    url: str
    pid: int

    def cpu_s(self) -> float | None:
        """CPU time of this process and the service's so far (Linux)."""
        try:
            fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            return None
        # proc(5): utime and stime are fields 14 and 15, counted from the pid; the name and what is before it are cut.
        ticks = int(fields[11]) + int(fields[12])
        return time.process_time() + ticks / os.sysconf("SC_CLK_TCK")


class Idle:
    """A detector that sees nothing, at once."""

    async def info(self) -> ServiceInfo:
        """Nothing stands behind it."""
        return ServiceInfo(service="idle", version="0", device="none")

    async def detect(
        self, frame: Frame, settings: DetectSettings, attention: Attention | None = None
    ) -> FrameDetections:
        """No detections."""
        return FrameDetections(frame=frame.meta, detections=())


def measure_hops(
    make_picture: Callable[[int, int], memoryview] | None = None,
    make_codec: Callable[[], PixelCodec] | None = None,
    calls: int = 40,
) -> tuple[HopCost, ...]:
    """The cost of local, shared-memory, raw and (with a codec) JPEG hops at 1080p and 4K.

    Args:
        make_picture: BGR pixels of a (width, height), for JPEG's cost depends on the picture; random noise if None.
        make_codec: importable by name, for the service is another process; `CvPixelCodec` of the media package.
        calls: timed calls per figure.
    """
    with _memory_folder() as folder, _service(folder, make_codec) as service:
        return asyncio.run(_all(folder, service, make_picture or _noise, make_codec, calls))


async def _all(
    folder: Path,
    service: "_Running",
    make_picture: Callable[[int, int], memoryview],
    make_codec: Callable[[], PixelCodec] | None,
    calls: int,
) -> tuple[HopCost, ...]:
    costs = []
    async with httpx.AsyncClient(base_url=service.url, timeout=60) as client:
        with SharedTransport(folder, slots=2) as shared:
            ways: dict[str, FrameTransport | None] = {"local": None, "shared": shared, "raw": RawTransport()}
            if make_codec is not None:
                ways["jpeg"] = RawTransport(PixelEncoding.JPEG, make_codec())
            for size, (width_px, height_px) in SIZES.items():
                frame = _frame(width_px, height_px, make_picture(width_px, height_px))
                for way, transport in ways.items():
                    port = Idle() if transport is None else HttpDetector(client, transport)
                    costs.append(await _cost(port, frame, (way, size), calls, service))
    return tuple(costs)


async def _cost(port: DetectorPort, frame: Frame, name: tuple[str, str], calls: int, service: "_Running") -> HopCost:
    settings = DetectSettings()
    for _ in range(_WARM_UP_CALLS):
        await port.detect(frame, settings)
    taken_ms = []
    cpu_before_s = service.cpu_s()
    for _ in range(calls):
        started = time.perf_counter()
        await port.detect(frame, settings)
        taken_ms.append((time.perf_counter() - started) * 1000)
    cpu_after_s = service.cpu_s()
    cpu_ms = None
    if cpu_before_s is not None and cpu_after_s is not None:
        cpu_ms = (cpu_after_s - cpu_before_s) * 1000 / calls
    p90_ms = statistics.quantiles(taken_ms, n=10)[-1] if calls > 1 else taken_ms[0]
    return HopCost(*name, statistics.median(taken_ms), p90_ms, cpu_ms, calls)


def _frame(width_px: int, height_px: int, pixels: memoryview) -> Frame:
    time_base = TimeBase(numerator=1, denominator=30)
    meta = FrameMeta(clip="hop", pts=0, time_base=time_base, t_s=0.0, width_px=width_px, height_px=height_px)
    return Frame(meta, pixels)


def _noise(width_px: int, height_px: int) -> memoryview:
    return memoryview(os.urandom(width_px * height_px * 3))


@contextmanager
def _memory_folder() -> Iterator[Path]:
    volume = _MEMORY_VOLUME if _MEMORY_VOLUME.is_dir() else None
    with tempfile.TemporaryDirectory(prefix="wideberth-hop-", dir=volume) as folder:
        yield Path(folder)


@contextmanager
def _service(folder: Path, make_codec: Callable[[], PixelCodec] | None) -> "Iterator[_Running]":
    """The idle service in a process of its own."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_serve, args=(there, folder, make_codec), daemon=True)
    process.start()
    try:
        if not here.poll(_START_S):
            raise Unavailable("the measured service did not start", where="hopcost")
        yield _Running(url=f"http://127.0.0.1:{here.recv()}", pid=process.pid or 0)
    finally:
        process.terminate()
        process.join()


def _serve(port: Connection, folder: Path, make_codec: Callable[[], PixelCodec] | None) -> None:
    @asynccontextmanager
    async def opening() -> AsyncIterator[Idle]:
        yield Idle()

    async def passes(adapter: Idle) -> None:
        return None

    codec = None if make_codec is None else make_codec()
    service = Service("idle", "0", opening, passes, detector.routes(), codec)
    app = create_app(service, ServiceSettings(shared_dir=folder))
    # Named as TCP, or asyncio does not switch Nagle's algorithm off and every small answer waits 40 ms.
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.bind(("127.0.0.1", 0))
    listening.listen()
    server = uvicorn.Server(uvicorn.Config(app, log_level="error"))
    # The socket listens already: whoever connects before the server runs waits in its queue.
    port.send(listening.getsockname()[1])
    server.run(sockets=[listening])
