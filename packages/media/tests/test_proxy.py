"""A copy for browsers: each frame at the time it had, whatever the original's codec, rate and beginning."""

import threading
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from wideberth_contracts.errors import UnreadableVideo
from wideberth_media import Stopped, frame_times, make_proxy, probe, surely_plays

TICK = Fraction(1, 90_000)
RNG = np.random.default_rng(3)
STEADY = [round(number * TICK.denominator * 1001 / 24000) for number in range(48)]
UNEVEN = [0, *np.cumsum(RNG.integers(1500, 6000, 60)).tolist()]
CASES = {
    "hevc, ten bit": ("libx265", "yuv420p10le", STEADY, {"x265-params": "log-level=none"}),
    "hevc, uneven": ("libx265", "yuv420p", UNEVEN, {"x265-params": "log-level=none"}),
    "h264 with B-frames, late": ("libx264", "yuv420p", [tick + 45_000 for tick in STEADY], {"bf": "2"}),
    "h264, full colour": ("libx264", "yuv444p", UNEVEN, {}),
}


def clip(path: Path, codec: str, pixel_format: str, ticks: list[int], options: dict[str, str], size=(320, 180)) -> Path:
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=Fraction(30), options=options)
        stream.width, stream.height, stream.pix_fmt = *size, pixel_format
        stream.time_base = stream.codec_context.time_base = TICK
        for number, tick in enumerate(ticks):
            picture = np.full((size[1], size[0]), 40 + number * 3 % 180, dtype=np.uint8)
            frame = av.VideoFrame.from_ndarray(picture, format="gray").reformat(format=pixel_format)
            frame.pts, frame.time_base = tick, TICK
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path


@pytest.mark.parametrize("name", CASES)
def test_frames_keep_their_times_and_order(tmp_path: Path, name: str) -> None:
    codec, pixel_format, ticks, options = CASES[name]
    source = clip(tmp_path / "source.mp4", codec, pixel_format, ticks, options)
    made = make_proxy(source, tmp_path / "proxy.mp4")
    info = probe(made)
    assert (info.codec, info.pixel_format) == ("h264", "yuv420p")
    assert surely_plays("proxy.mp4", info)
    assert not surely_plays("source.mp4", probe(source)) or codec == "libx264"
    base = [Fraction(one.time_base.numerator, one.time_base.denominator) for one in (probe(source), info)]
    assert [one.pts * base[0] for one in frame_times(source)] == [one.pts * base[1] for one in frame_times(made)]
    with av.open(str(made)) as container:
        shown = [frame.to_ndarray(format="gray")[90, 160] for frame in container.decode(video=0)]
    with av.open(str(source)) as container:
        was = [frame.reformat(format="gray").to_ndarray()[90, 160] for frame in container.decode(video=0)]
    assert np.abs(np.array(shown, dtype=int) - np.array(was, dtype=int)).max() <= 6
    # The index lies in front of the pictures: it plays before it is whole.
    head = made.read_bytes()
    assert head.index(b"moov") < head.index(b"mdat")


def test_a_large_picture_becomes_one_that_two_cores_play(tmp_path: Path) -> None:
    source = clip(tmp_path / "large.mp4", "libx264", "yuv420p", STEADY[:3], {"preset": "ultrafast"}, (3840, 2160))
    assert not surely_plays("large.mp4", probe(source))
    info = probe(make_proxy(source, tmp_path / "proxy.mp4"))
    assert (info.width_px, info.height_px) == (1920, 1080)


def test_what_plays_is_known_by_content_and_name(tmp_path: Path) -> None:
    source = clip(tmp_path / "plain.mp4", "libx264", "yuv420p", STEADY[:3], {})
    assert surely_plays("DJI_0001.MP4", probe(source))
    assert not surely_plays("clip.mkv", probe(source))


def test_called_off_or_broken_leaves_nothing(tmp_path: Path) -> None:
    source = clip(tmp_path / "source.mp4", "libx264", "yuv420p", STEADY, {})
    stop = threading.Event()
    stop.set()
    with pytest.raises(Stopped):
        make_proxy(source, tmp_path / "out" / "proxy.mp4", stop)
    (tmp_path / "broken.mp4").write_bytes(b"no video")
    with pytest.raises(UnreadableVideo):
        make_proxy(tmp_path / "broken.mp4", tmp_path / "out" / "proxy.mp4")
    assert list((tmp_path / "out").iterdir()) == []
