"""Files from anyone, looked at by a process that may be lost."""

import os
import struct
import subprocess
import sys
import time
import zlib
from pathlib import Path

import av
import numpy as np
import pytest

from wideberth_contracts.errors import TooLarge, UnreadableImage, UnreadableVideo
from wideberth_contracts.frames import PixelEncoding
from wideberth_media.boxes import count_boxes
from wideberth_media.checking import check
from wideberth_media.codec import claimed_size, decode_pixels, encode_pixels
from wideberth_media.container import open_video
from wideberth_media.limits import MediaLimits

LIMITS = MediaLimits()
WIDTH_PX, HEIGHT_PX = 64, 48


@pytest.fixture(scope="module")
def clip(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("clips") / "clip.mp4"
    with av.open(str(path), "w") as file:
        stream = file.add_stream("libx264", rate=10)
        stream.width, stream.height, stream.pix_fmt = WIDTH_PX, HEIGHT_PX, "yuv420p"
        for number in range(10):
            pixels = np.full((HEIGHT_PX, WIDTH_PX, 3), number * 20, np.uint8)
            file.mux(stream.encode(av.VideoFrame.from_ndarray(pixels, format="bgr24")))
        file.mux(stream.encode(None))
    return path


def written(folder: Path, content: bytes) -> Path:
    path = folder / "hostile.mp4"
    path.write_bytes(content)
    return path


def box(kind: bytes, content: bytes = b"", size: int | None = None) -> bytes:
    return struct.pack(">I", len(content) + 8 if size is None else size) + kind + content


def test_a_good_file_passes_with_what_it_is(clip):
    facts = check(clip, LIMITS)
    assert (facts.width_px, facts.height_px, facts.codec, facts.streams) == (WIDTH_PX, HEIGHT_PX, "h264", 1)
    assert (facts.duration_s, facts.average_fps) == (1.0, 10.0)
    assert facts.boxes > 10


@pytest.mark.parametrize(
    ("limit", "words"),
    [
        ({"pixels": 100}, "3072 pixels a frame, and 100 are allowed"),
        ({"side_px": 50}, "64 px along a side"),
        ({"duration_s": 0.5}, "1 s of video"),
        ({"fps": 5.0}, "10 frames a second"),
        ({"frames": 5}, "10 frames, and 5"),
    ],
)
def test_each_limit_is_told_with_its_setting(clip, limit, words):
    with pytest.raises(TooLarge, match=words) as caught:
        check(clip, LIMITS.model_copy(update=limit))
    (name,) = limit
    assert caught.value.where == str(clip)
    assert f"WIDEBERTH_GATEWAY_MEDIA_{name.upper()}" in caught.value.remedy


def test_boxes_are_counted_without_reading_what_is_in_them(clip, tmp_path):
    many = written(tmp_path, clip.read_bytes() + box(b"free") * 30_000)
    with pytest.raises(UnreadableVideo, match="more than 20000 boxes") as caught:
        check(many, LIMITS)
    assert "byte " in caught.value.where
    deep = b""
    for _ in range(100):
        deep = box(b"moov", deep)
    with pytest.raises(UnreadableVideo, match="nested"):
        count_boxes(written(tmp_path, box(b"ftyp", b"isom") + deep), 1000)
    with pytest.raises(UnreadableVideo, match="a box mdat of 3 bytes"):
        count_boxes(written(tmp_path, box(b"ftyp", b"isom") + box(b"mdat", b"", 3)), 1000)
    table = box(b"stbl", box(b"stts", bytes(4) + b"\xff\xff\xff\xff" + bytes(8)))
    with pytest.raises(UnreadableVideo, match="4294967295 entries in 16 bytes"):
        count_boxes(written(tmp_path, box(b"ftyp", b"isom") + table), 1000)


def test_a_large_file_is_not_read_through(clip, tmp_path):
    path = written(tmp_path, clip.read_bytes() + struct.pack(">I", 1) + b"mdat" + struct.pack(">Q", 8 << 30))
    os.truncate(path, path.stat().st_size - 16 + (8 << 30))
    started = time.perf_counter()
    assert check(path, LIMITS).codec == "h264"
    assert time.perf_counter() - started < 30


def test_memory_is_bounded(clip):
    with pytest.raises((TooLarge, UnreadableVideo)) as caught:
        check(clip, LIMITS.model_copy(update={"check_bytes": 64 << 20}))
    assert caught.value.remedy


def test_time_is_bounded(clip, tmp_path, monkeypatch):
    """A file that never ends: a pipe that nobody writes to."""
    monkeypatch.setattr("wideberth_media.checking.CLOCK_FACTOR", 0.5)
    pipe = tmp_path / "pipe.mp4"
    os.mkfifo(pipe)
    with pytest.raises(UnreadableVideo, match=r"was not looked through in 1 s"):
        check(pipe, LIMITS.model_copy(update={"check_s": 2.0}))


@pytest.mark.parametrize("name", ["concat:a.mp4|b.mp4", "http:x.mp4", "pipe:0", "data:,x"])
def test_a_name_is_never_an_address(clip, tmp_path, name, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = Path(name)
    if "/" not in name:
        path.write_bytes(clip.read_bytes())
        container, _ = open_video(path)
        container.close()


def test_a_list_of_other_files_is_no_video(tmp_path):
    (tmp_path / "secret.ts").write_bytes(b"secret")
    lists = {
        "list.m3u8": b"#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nsecret.ts\n#EXT-X-ENDLIST\n",
        "list.txt": b"ffconcat version 1.0\nfile secret.ts\n",
    }
    for name, content in lists.items():
        path = tmp_path / name
        path.write_bytes(content)
        with pytest.raises(UnreadableVideo, match="no video"):
            check(path, LIMITS)


def test_the_check_writes_nothing(tmp_path):
    """The process is confined before it loads what reads the file."""
    target = tmp_path / "written"
    code = (
        "from wideberth_media.checking import confine; from wideberth_media.limits import MediaLimits\n"
        f"confine(MediaLimits()); open({str(target)!r}, 'wb', buffering=0).write(b'x' * 10)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert done.returncode != 0
    assert target.stat().st_size == 0


def test_a_picture_that_claims_gigabytes_is_refused_before_it_is_decoded():
    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    bomb = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", len(head)) + b"IHDR" + head
    bomb += struct.pack(">I", zlib.crc32(b"IHDR" + head)) + zlib.compress(bytes(1 << 20))
    with pytest.raises(UnreadableImage, match="60000 x 60000 px, 16 x 9 expected"):
        decode_pixels(memoryview(bomb), (9, 16, 3))


@pytest.mark.parametrize("encoding", [PixelEncoding.PNG, PixelEncoding.JPEG])
def test_what_a_picture_claims_is_what_it_is(encoding):
    content = encode_pixels(np.zeros((9, 16, 3), np.uint8), encoding)
    assert claimed_size(content) == (16, 9)
    assert claimed_size(content[:3]) is None
    assert decode_pixels(memoryview(content), (9, 16, 3)).shape == (9, 16, 3)
