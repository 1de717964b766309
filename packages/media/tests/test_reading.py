"""Frames come in order, once, with their own time, whatever the file."""

import hashlib
import itertools
import struct
import threading
import time
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from wideberth_media import ReadEnd, as_array, frame_times, probe, read_frames

JITTERED_S = tuple(float(t) for t in np.cumsum([0.0, *np.random.default_rng(3).uniform(0.01, 0.2, 59)]))
FORMATS = {
    "H.264": {},
    "H.264 open groups of pictures": {"options": {"x264-params": "open-gop=1:keyint=20:bframes=3:b-pyramid=normal"}},
    "H.264 without B-frames": {"options": {"bf": "0"}},
    "H.264 10 bit": {"pixel_format": "yuv420p10le"},
    "H.264 odd size": {"pixel_format": "yuv444p", "width_px": 161, "height_px": 97},
    "H.264 not fast-start, with sound": {"faststart": False, "audio": True},
    "H.264 MOV": {"container": "mov"},
    "H.264 Matroska": {"container": "matroska"},
    "H.264 transport stream": {"container": "mpegts"},
    "H.264 29.97": {"fps": Fraction(30000, 1001)},
    "H.264 variable rate": {"times_s": JITTERED_S, "count": 60},
    "HEVC": {"codec": "libx265", "options": {"x265-params": "log-level=none"}},
    "HEVC open groups of pictures": {
        "codec": "libx265",
        "options": {"x265-params": "log-level=none:open-gop=1:keyint=20:bframes=3"},
    },
    "HEVC 10 bit variable rate": {
        "codec": "libx265",
        "pixel_format": "yuv420p10le",
        "times_s": JITTERED_S,
        "count": 60,
        "options": {"x265-params": "log-level=none"},
    },
    "subtitles inside": {"subtitles": ("one", "two")},
}


@pytest.mark.parametrize("name", FORMATS)
def test_every_frame_once_with_its_own_time(name, clip, spoken):
    spec = {"count": 90, "fps": Fraction(30), "times_s": None} | FORMATS[name]
    reader = read_frames(clip(**FORMATS[name]), clip="c")
    frames = [sampled.frame for sampled in reader]
    assert [spoken(as_array(frame)) for frame in frames] == list(range(spec["count"]))
    wanted_s = spec["times_s"] or [float(n / spec["fps"]) for n in range(spec["count"])]
    assert [frame.meta.t_s for frame in frames] == pytest.approx(wanted_s, abs=0.0006)
    assert reader.ended == ReadEnd(complete=True, at_s=frames[-1].meta.t_s)


@pytest.mark.parametrize("name", FORMATS)
def test_times_without_decoding_are_those_of_decoding(name, clip):
    path = clip(**FORMATS[name])
    decoded = [(sampled.frame.meta.pts, sampled.frame.meta.t_s) for sampled in read_frames(path, clip="c")]
    assert [(stamp.pts, stamp.t_s) for stamp in frame_times(path)] == decoded


LONG = {"count": 150, "width_px": 1280, "height_px": 720, "options": {"preset": "ultrafast"}, "gop": 1000}
CUTS = [(name, 5.0, 0.7, 2) for name in FORMATS]
CUTS += [(name, None, 0.5, 1) for name in ("H.264 open groups of pictures", "HEVC 10 bit variable rate")]
CUTS += [(name, 7.3, 1.1, 0) for name in ("H.264 29.97", "H.264 variable rate", "H.264 transport stream")]


@pytest.mark.parametrize(("name", "sample_fps", "segment_s", "neighbours"), CUTS)
def test_segments_partition_the_clip_to_the_byte(name, sample_fps, segment_s, neighbours, clip):
    path = clip(**FORMATS[name])

    def reading(**span):
        return [
            (s.frame.meta, _digest(s.frame), s.index, tuple((n.meta.pts, _digest(n)) for n in s.neighbours))
            for s in read_frames(path, clip="c", sample_fps=sample_fps, neighbours=neighbours, **span)
        ]

    whole = reading()
    starts = [k * segment_s for k in range(int(frame_times(path)[-1].t_s / segment_s) + 1)]
    parts = [one for start_s in starts for one in reading(start_s=start_s, stop_s=start_s + segment_s)]
    # The sum start + segment is not the next start to the last bit; compare as the pipeline cuts: by shared bounds.
    bounds = [*starts, None]
    shared = [one for a, b in itertools.pairwise(bounds) for one in reading(start_s=a, stop_s=b)]
    assert shared == whole
    assert len(parts) == len(whole)


def test_grid_takes_the_first_frame_at_or_after_each_tick(clip):
    path = clip(times_s=JITTERED_S, count=60)
    times_s = [stamp.t_s for stamp in frame_times(path)]
    taken_s = [s.frame.meta.t_s for s in read_frames(path, clip="c", sample_fps=4.0)]
    ticks = range(int(times_s[-1] * 4) + 1)
    wanted_s = sorted({next(t for t in times_s if t + 0.001 >= k / 4.0) for k in ticks})
    assert taken_s == wanted_s


def test_grid_meets_ticks_that_the_container_rounds_down(clip):
    """Matroska counts in ms: frame 10 of 30 per s is at 0.333, just before the third of a second."""
    path = clip(container="matroska")
    taken_s = [s.frame.meta.t_s for s in read_frames(path, clip="c", sample_fps=3.0)]
    assert taken_s == pytest.approx([k / 3 for k in range(9)], abs=0.001)


def test_sampling_faster_than_the_clip_gives_each_frame_once(clip, spoken):
    frames = [spoken(as_array(s.frame)) for s in read_frames(clip(), clip="c", sample_fps=1000.0)]
    assert frames == list(range(90))


def test_neighbours_are_the_adjacent_native_frames(clip, spoken):
    for sampled in read_frames(clip(), clip="c", sample_fps=5.0, neighbours=2, start_s=1.0, stop_s=2.0):
        numbers = [spoken(as_array(frame)) for frame in sampled.window]
        assert numbers == list(range(numbers[0], numbers[0] + 5))
        assert sampled.window[sampled.index] is sampled.frame
        assert sampled.index == 2
        assert numbers[2] % 6 == 0


def test_neighbours_are_fewer_at_the_ends_only(clip):
    counts = [(s.index, len(s.neighbours)) for s in read_frames(clip(count=7), clip="c", neighbours=2)]
    assert counts == [(0, 2), (1, 3), (2, 4), (2, 4), (2, 4), (2, 3), (2, 2)]


@pytest.mark.parametrize("faststart", [True, False])
def test_one_frame(faststart, clip):
    path = clip(count=1, faststart=faststart)
    reader = read_frames(path, clip="c", sample_fps=5.0, neighbours=3)
    (only,) = reader
    assert (only.frame.meta.t_s, only.neighbours, only.index) == (0.0, (), 0)
    assert reader.ended is not None
    assert reader.ended.complete
    assert len(frame_times(path)) == 1
    assert probe(path).width_px == 160


CUT = ["H.264", "HEVC", "H.264 Matroska", "H.264 transport stream", "H.264 without B-frames"]


@pytest.mark.parametrize("share", [0.35, 0.6, 0.9])
@pytest.mark.parametrize("name", CUT)
def test_truncated_file_gives_what_it_has_and_says_where_it_stops(name, share, clip, spoken, tmp_path):
    whole = clip(**FORMATS[name])
    cut = tmp_path / whole.name
    data = whole.read_bytes()
    # The index is in front: cut the pictures, not the index.
    start = data.find(b"mdat") if b"mdat" in data else 0
    cut.write_bytes(data[: start + int((len(data) - start) * share)])
    reader = read_frames(cut, clip="c")
    frames = [sampled.frame for sampled in reader]
    numbers = [spoken(as_array(frame)) for frame in frames]
    # B-frames come after the frame they lead up to: the last few may be missing from between.
    assert numbers[:-4] == list(range(len(numbers) - 4))
    assert numbers == sorted(set(numbers))
    assert 3 < len(numbers) < 90
    assert [frame.meta.t_s for frame in frames] == pytest.approx([number / 30 for number in numbers], abs=0.001)
    ended = reader.ended
    assert ended is not None
    assert ended.at_s == frames[-1].meta.t_s
    if name != "H.264 transport stream":  # which promises no length: a clean cut cannot be told from an end
        assert not ended.complete
        assert ended.reason


def test_damage_in_the_middle_is_counted_and_read_over(clip, tmp_path):
    data = bytearray(clip(options={"bf": "0"}).read_bytes())
    start = data.find(b"mdat") + 4000
    data[start : start + 600] = bytes(600)
    damaged = tmp_path / "damaged.mp4"
    damaged.write_bytes(data)
    reader = read_frames(damaged, clip="c")
    times_s = [s.frame.meta.t_s for s in reader]
    assert times_s == sorted(set(times_s))
    assert times_s[-1] == pytest.approx(89 / 30)
    ended = reader.ended
    assert ended is not None
    assert len(times_s) + sum(r.count for r in ended.rejections) >= 90
    assert ended.complete == (not ended.rejections)


@pytest.mark.parametrize("quarter_turns", [0, 1, 2, 3])
def test_rotation_is_applied(quarter_turns, clip, spoken, tmp_path):
    path = tmp_path / "turned.mp4"
    path.write_bytes(_turned(clip(count=12).read_bytes(), quarter_turns))
    info = probe(path)
    assert info.rotation_deg == 90 * quarter_turns
    assert (info.width_px, info.height_px) == ((160, 96), (96, 160))[quarter_turns % 2]
    for number, sampled in enumerate(read_frames(path, clip="c")):
        assert (sampled.frame.meta.width_px, sampled.frame.meta.height_px) == (info.width_px, info.height_px)
        # Turn back what should have been turned clockwise.
        assert spoken(np.rot90(as_array(sampled.frame), k=quarter_turns)) == number


def test_abandoned_reader_stops_its_thread(clip):
    before = _decoding_threads()
    reader = read_frames(clip(), clip="c", ahead=1)
    next(reader)
    assert _decoding_threads() == before + 1
    del reader
    _wait_for(lambda: _decoding_threads() == before)


def test_closed_reader_ends(clip):
    with read_frames(clip(), clip="c") as reader:
        next(reader)
    assert next(reader, None) is None
    assert reader.ended is None
    reader.close()


def test_closing_from_another_thread_ends_a_waiting_reader(clip):
    reader = read_frames(clip(), clip="c", ahead=1)
    next(reader)
    reader._pump.stop()  # nothing will be queued any more
    assert next(reader, None) is None


def test_memory_does_not_grow_with_length(clip):
    path = clip(**LONG)
    reader = read_frames(path, clip="c", neighbours=1)
    for _ in range(30):
        next(reader)
    early = _resident_bytes()
    for _ in reader:
        pass
    # 120 frames of 2.8 MB would be 330 MB.
    assert _resident_bytes() - early < 60_000_000


def test_decoding_runs_ahead_but_not_away(clip):
    reader = read_frames(clip(), clip="c", ahead=3)
    next(reader)
    _wait_for(lambda: reader._pump._queue.full())
    time.sleep(0.1)
    assert reader._pump._queue.qsize() == 3
    reader.close()


def test_start_deep_in_a_long_group_of_pictures_keeps_few_frames(clip):
    path = clip(**LONG)
    early = _resident_bytes()
    sampled = next(read_frames(path, clip="c", start_s=4.0, neighbours=1, ahead=1))
    assert sampled.frame.meta.t_s == pytest.approx(4.0)
    # 120 decoded frames would be 165 MB.
    assert _resident_bytes() - early < 100_000_000


@pytest.mark.parametrize("start_s", [2.99, 3.0, 3.1, 50.0])
def test_start_at_or_beyond_the_end_gives_nothing(start_s, clip):
    reader = read_frames(clip(), clip="c", sample_fps=5.0, start_s=start_s, neighbours=2)
    assert list(reader) == []
    assert reader.ended == ReadEnd(complete=True, at_s=pytest.approx(89 / 30))


def test_size_limit_keeps_the_shape(clip):
    sampled = next(read_frames(clip(), clip="c", long_side_limit_px=80))
    assert (sampled.frame.meta.width_px, sampled.frame.meta.height_px) == (80, 48)


def test_real_footage_of_whales():
    path = Path(__file__).parents[4] / "shared/data/clips/humpbacks.mp4"
    if not path.exists():
        pytest.skip("the shared data folder is not here")
    reader = read_frames(path, clip="c", sample_fps=5.0, neighbours=1)
    taken = list(reader)
    assert len(taken) == 24
    assert reader.ended is not None
    assert reader.ended.complete
    info = probe(path)
    assert (info.width_px, info.height_px, info.codec, info.has_audio) == (720, 360, "h264", True)
    assert info.duration_s == pytest.approx(4.8048)


def _digest(frame) -> str:
    return hashlib.sha256(frame.pixels).hexdigest()


def _turned(data: bytes, quarter_turns: int) -> bytes:
    """The file with another display matrix in its track header (ISO/IEC 14496-12, 8.3.2, version 0)."""
    cos, sin = ((1, 0), (0, 1), (-1, 0), (0, -1))[quarter_turns]
    one = 1 << 16
    matrix = struct.pack(">9i", cos * one, sin * one, 0, -sin * one, cos * one, 0, 0, 0, 1 << 30)
    at = data.index(b"tkhd") + 4 + 40
    return data[:at] + matrix + data[at + 36 :]


def _decoding_threads() -> int:
    return sum(thread.name == "wideberth-decode" for thread in threading.enumerate())


def _wait_for(condition) -> None:
    until = time.monotonic() + 5
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.01)


def _resident_bytes() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096
