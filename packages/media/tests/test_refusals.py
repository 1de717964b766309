"""What is no video gives an error that says what to do."""

import io
import wave

import pytest

from wideberth_contracts.errors import UnreadableImage, UnreadableVideo
from wideberth_media import embedded_subtitles, frame_times, probe, read_frames, read_image

DOORS = {
    "probe": probe,
    "read_frames": lambda path: read_frames(path, clip="c"),
    "frame_times": frame_times,
    "embedded_subtitles": embedded_subtitles,
}
WORDS = {"missing": "no such file", "folder": "folder", "empty": "0 bytes", "no moov": "moov", "moov cut off": "moov"}


@pytest.fixture(params=["missing", "folder", "empty", "text", "no moov", "moov cut off", "sound only", "picture noise"])
def bad(request, clip, tmp_path):
    path = tmp_path / "bad.mp4"
    if request.param == "folder":
        path.mkdir()
    elif request.param == "empty":
        path.touch()
    elif request.param == "text":
        path.write_text("1\n00:00:00,000 --> 00:00:01,000\nno video\n" * 40)
    elif request.param in ("no moov", "moov cut off"):
        data = clip(faststart=request.param == "moov cut off").read_bytes()
        path.write_bytes(
            data[: data.index(b"moov") + 60] if request.param == "moov cut off" else data[: len(data) // 2]
        )
    elif request.param == "sound only":
        path.write_bytes(_wav())
    elif request.param == "picture noise":
        path.write_bytes(bytes(range(256)) * 300)
    return request.param, path


@pytest.mark.parametrize("door", DOORS)
def test_says_where_what_and_how_to_mend_it(door, bad):
    kind, path = bad
    with pytest.raises(UnreadableVideo) as caught:
        DOORS[door](path)
    error = caught.value
    assert error.where == str(path)
    assert error.remedy
    assert "\n" not in str(error)
    assert WORDS.get(kind, "") in error.detail
    if kind == "text":
        assert ".mp4" in error.remedy


def test_no_picture(tmp_path):
    (tmp_path / "a.jpg").write_text("hello")
    (tmp_path / "empty.jpg").touch()
    for name in ("a.jpg", "empty.jpg", "missing.jpg"):
        with pytest.raises(UnreadableImage) as caught:
            read_image(tmp_path / name)
        assert caught.value.where
        assert caught.value.remedy


def _wav() -> bytes:
    memory = io.BytesIO()
    with wave.open(memory, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(bytes(16000))
    return memory.getvalue()
