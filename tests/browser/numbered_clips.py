"""Clips whose frames carry their own number, readable by a machine."""

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

WIDTH_PX, HEIGHT_PX = 320, 180
BITS, BLOCK_PX = 10, 32
TICK = Fraction(1, 90_000)


H264 = ("libx264", "yuv420p", {"bf": "2", "g": "30", "preset": "veryfast"})
HEVC_TEN_BIT = ("libx265", "yuv420p10le", {"x265-params": "log-level=none", "preset": "veryfast"})


def numbered(path: Path, ticks: Sequence[int], rate: Fraction, coding: tuple[str, str, dict[str, str]] = H264) -> Path:
    """A clip with B-frames, and so with an edit list; frame n at `ticks[n]` of 1/90,000 s."""
    codec, pixel_format, options = coding
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=rate, options=options)
        stream.width, stream.height, stream.pix_fmt = WIDTH_PX, HEIGHT_PX, pixel_format
        stream.time_base = stream.codec_context.time_base = TICK
        for number, tick in enumerate(ticks):
            frame = av.VideoFrame.from_ndarray(_picture(number), format="gray").reformat(format=pixel_format)
            frame.pts, frame.time_base = tick, TICK
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path


def steady(rate: Fraction, seconds: float, first: int = 0) -> list[int]:
    """Ticks of a constant rate."""
    return [first + round(number / rate / TICK) for number in range(int(seconds * rate))]


def uneven(seconds: float) -> list[int]:
    """Ticks of a rate that wanders between 15 and 60 frames a second."""
    chance, ticks, at = np.random.default_rng(5), [], 0
    while at < seconds / TICK:
        ticks.append(at)
        at += int(chance.integers(1500, 6000))
    return ticks


def _picture(number: int) -> np.ndarray:
    picture = np.full((HEIGHT_PX, WIDTH_PX), 90, dtype=np.uint8)
    for bit in range(BITS):
        value = 235 if number >> bit & 1 else 16
        picture[:BLOCK_PX, bit * BLOCK_PX : (bit + 1) * BLOCK_PX] = value
    return picture
