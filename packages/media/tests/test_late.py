"""Pixels on demand: made once, by whoever asks first; neighbours that nobody looks at stay undone."""

import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from wideberth_contracts.frames import FrameMeta, TimeBase
from wideberth_media import as_array, read_frames
from wideberth_media.late import LateFrame

META = FrameMeta(clip="c", pts=0, time_base=TimeBase(numerator=1, denominator=30), t_s=0.0, width_px=4, height_px=2)


def test_made_once_whoever_asks() -> None:
    calls: list[int] = []
    start = threading.Barrier(8)

    def make() -> memoryview:
        calls.append(1)
        return memoryview(bytes(range(24)))

    frame = LateFrame(META, make)

    def look(_: int) -> bytes:
        start.wait()
        return bytes(frame.pixels)

    assert not calls
    with ThreadPoolExecutor(8) as pool:
        seen = set(pool.map(look, range(8)))
    assert seen == {bytes(range(24))}
    assert calls == [1]
    assert as_array(frame).shape == (2, 4, 3)


def test_pixels_of_another_size_are_refused() -> None:
    frame = LateFrame(META, lambda: memoryview(bytes(23)))
    with pytest.raises(ValueError, match="23 bytes"):
        _ = frame.pixels
    with pytest.raises(RuntimeError):
        _ = frame.pixels


def test_the_reader_makes_the_sampled_frame_and_leaves_its_neighbours(clip, spoken) -> None:
    for sampled in read_frames(clip(), clip="c", sample_fps=5.0, neighbours=1, start_s=1.0, stop_s=2.0):
        assert isinstance(sampled.frame, LateFrame)
        assert sampled.frame._made is not None
        assert all(isinstance(n, LateFrame) and n._made is None for n in sampled.neighbours)
        number = spoken(as_array(sampled.frame))
        assert [spoken(as_array(n)) for n in sampled.neighbours] == [number - 1, number + 1]


def test_late_pixels_outlive_the_file(clip, spoken) -> None:
    with read_frames(clip(), clip="c", sample_fps=5.0, neighbours=1, start_s=1.0) as reader:
        sampled = next(reader)
    assert spoken(np.array(as_array(sampled.neighbours[0]))) == 29
