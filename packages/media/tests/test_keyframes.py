"""Key frames of a clip: the right pictures, at their own times, without decoding what lies between."""

from pathlib import Path

import numpy as np
import pytest

from wideberth_contracts.errors import UnreadableVideo
from wideberth_media import VideoWriter, as_array, frame_times, key_frames


@pytest.mark.parametrize("codec", ["libx264", "libx265"])
def test_every_key_frame_is_the_frame_of_its_time(clip, spoken, codec: str) -> None:
    path = clip(codec=codec, gop=12)
    stamps = frame_times(path)
    keys = [stamp for stamp in stamps if stamp.is_key]
    assert len(keys) >= 4
    frames = list(key_frames(path, keys, clip="c"))
    assert [frame.meta.pts for frame in frames] == [key.pts for key in keys]
    assert [frame.meta.t_s for frame in frames] == [key.t_s for key in keys]
    numbers = [stamps.index(key) for key in keys]
    assert [spoken(as_array(frame)) for frame in frames] == numbers


def test_some_of_them_in_any_selection(clip, spoken) -> None:
    path = clip(gop=10)
    stamps = frame_times(path)
    keys = [stamp for stamp in stamps if stamp.is_key][::2]
    frames = list(key_frames(path, keys, clip="c"))
    assert [spoken(as_array(frame)) for frame in frames] == [stamps.index(key) for key in keys]


def test_packets_that_only_claim_to_be_key_frames(spoken, tmp_path: Path) -> None:
    """A picture that changes all over: the encoder starts anew in packets that do not decode alone."""
    path = tmp_path / "fade.mp4"
    with VideoWriter(path, 96, 64, 20) as video:
        for number in range(120):
            video.write(np.full((64, 96, 3), 2 * number, np.uint8))
    keys = [stamp for stamp in frame_times(path) if stamp.is_key]
    frames = list(key_frames(path, keys, clip="c"))
    assert [frame.meta.pts for frame in frames] == [key.pts for key in keys]
    shades = [float(as_array(frame).mean()) for frame in frames]
    assert shades == pytest.approx([40 * key.t_s for key in keys], abs=3)


def test_with_frame_times_that_jitter(clip, spoken) -> None:
    times = tuple(0.04 * k + 0.013 * (k % 3) for k in range(60))
    path = clip(gop=15, count=60, times_s=times)
    stamps = frame_times(path)
    keys = [stamp for stamp in stamps if stamp.is_key]
    frames = list(key_frames(path, keys, clip="c"))
    assert [spoken(as_array(frame)) for frame in frames] == [stamps.index(key) for key in keys]
    assert [frame.meta.t_s for frame in frames] == pytest.approx([times[stamps.index(key)] for key in keys], abs=1e-3)


def test_a_truncated_clip_gives_those_that_decode(clip, spoken, tmp_path: Path) -> None:
    whole = clip(gop=10, container="matroska")
    cut = tmp_path / "cut.mkv"
    content = whole.read_bytes()
    cut.write_bytes(content[: int(0.6 * len(content))])
    keys = [stamp for stamp in frame_times(whole) if stamp.is_key]
    frames = list(key_frames(cut, keys, clip="c"))
    assert 1 <= len(frames) < len(keys)
    assert spoken(as_array(frames[0])) == 0


def test_no_video_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    path.write_bytes(b"no video")
    with pytest.raises(UnreadableVideo, match=r"a\.mp4"):
        list(key_frames(path, [], clip="c"))
