"""Generated clips: every frame carries its own number as a pattern of bright and dark blocks."""

import struct
from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from av.video.frame import VideoFrame

BITS = 10
ROWS = 2  # of blocks


@dataclass(frozen=True)
class ClipSpec:
    """What to encode."""

    codec: str = "libx264"
    pixel_format: str = "yuv420p"
    width_px: int = 160
    height_px: int = 96
    count: int = 90
    fps: Fraction = Fraction(30)
    times_s: tuple[float, ...] | None = None
    container: str = "mp4"
    faststart: bool = True
    audio: bool = False
    subtitles: tuple[str, ...] = ()  # one every 0.1 s
    created: str = ""
    options: dict[str, str] = field(default_factory=dict)
    gop: int = 25

    def time_s(self, number: int) -> float:
        return self.times_s[number] if self.times_s else float(number / self.fps)


def numbered(number: int, width_px: int, height_px: int) -> np.ndarray:
    """A BGR picture that says `number` in 2 rows of 5 blocks."""
    array = np.full((height_px, width_px, 3), 30, np.uint8)
    for bit in range(BITS):
        row, column = divmod(bit, BITS // ROWS)
        top, left = row * height_px // ROWS, column * width_px * ROWS // BITS
        bottom, right = (row + 1) * height_px // ROWS, (column + 1) * width_px * ROWS // BITS
        if number >> bit & 1:
            array[top:bottom, left:right] = 220
    return array


def number_of(array: np.ndarray) -> int:
    """The number a picture says."""
    height_px, width_px = array.shape[:2]
    number = 0
    for bit in range(BITS):
        row, column = divmod(bit, BITS // ROWS)
        y = (2 * row + 1) * height_px // (2 * ROWS)
        x = (2 * column + 1) * width_px * ROWS // (2 * BITS)
        number |= int(array[y, x].mean() > 125) << bit
    return number


def write_clip(path: Path, spec: ClipSpec) -> Path:
    """Encode a clip with PyAV; deliberately not with this package's own writer."""
    options = {"movflags": "+faststart"} if spec.faststart and spec.container in ("mp4", "mov") else {}
    with av.open(str(path), "w", format=spec.container, options=options) as container:
        stream = container.add_stream(spec.codec, rate=spec.fps, options=spec.options)
        stream.width, stream.height, stream.pix_fmt = spec.width_px, spec.height_px, spec.pixel_format
        stream.codec_context.time_base = Fraction(1, 90_000)
        stream.codec_context.gop_size = spec.gop
        sound = container.add_stream("aac", rate=48_000) if spec.audio else None
        titles = _subtitle_stream(container, spec) if spec.subtitles else None
        if spec.created:
            container.metadata["creation_time"] = spec.created
        for number in range(spec.count):
            picture = VideoFrame.from_ndarray(numbered(number, spec.width_px, spec.height_px), format="bgr24")
            picture = picture.reformat(format=spec.pixel_format)
            picture.pts, picture.time_base = round(spec.time_s(number) * 90_000), Fraction(1, 90_000)
            container.mux(stream.encode(picture))
        container.mux(stream.encode(None))
        if sound is not None:
            _mux_silence(container, sound)
        for number, text in enumerate(spec.subtitles):
            data = text.encode()
            packet = av.Packet(struct.pack(">H", len(data)) + data if spec.container == "mp4" else data)
            packet.stream, packet.time_base, packet.duration = titles, Fraction(1, 1000), 90
            packet.pts = packet.dts = number * 100
            container.mux(packet)
    return path


def _subtitle_stream(container, spec: ClipSpec):
    stream = container.add_stream("mov_text" if spec.container == "mp4" else "subrip")
    stream.time_base = Fraction(1, 1000)
    stream.codec_context.subtitle_header = (
        b"[V4+ Styles]\nFormat: Name, Fontname, Fontsize\nStyle: Default,Arial,16\n"
        b"[Events]\nFormat: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n"
    )
    return stream


def _mux_silence(container, sound) -> None:
    for block in range(40):
        quiet = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), format="fltp", layout="mono")
        quiet.sample_rate, quiet.pts = 48_000, block * 1024
        container.mux(sound.encode(quiet))
    container.mux(sound.encode(None))


@pytest.fixture(scope="session")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Makes a clip once per specification."""
    made: dict[str, Path] = {}

    def make(**changes) -> Path:
        spec = ClipSpec(**changes)
        key = repr(spec)
        if key not in made:
            made[key] = write_clip(tmp_path_factory.mktemp("clip") / f"clip.{spec.container}", spec)
        return made[key]

    return make


@pytest.fixture(scope="session")
def spoken() -> Callable[[np.ndarray], int]:
    """Reads the number off a picture."""
    return number_of
