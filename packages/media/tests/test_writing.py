"""What is written is read back: times, pixels, and nothing half-done under the name."""

import numpy as np
import pytest

from wideberth_contracts.errors import InternalFault
from wideberth_media import VideoWriter, as_array, frame_times, probe, read_frames


def picture(width_px: int, height_px: int, level: int = 0) -> np.ndarray:
    array = np.zeros((height_px, width_px, 3), np.uint8)
    array[:, : width_px // 3] = (230, 40, 20)
    array[:, width_px // 3 : 2 * width_px // 3] = (20, 220, 60)
    array[:, 2 * width_px // 3 :] = (30, 40, 240)
    array[: height_px // 4] = level
    return array


def write_all(writer: VideoWriter, frames: list[tuple[np.ndarray, float]]) -> None:
    for array, t_s in frames:
        writer.write(array, t_s)


@pytest.mark.parametrize(("width_px", "height_px"), [(320, 240), (321, 241), (1281, 721)])
def test_times_size_and_colours_come_back(width_px, height_px, tmp_path):
    times_s = [0.0, 0.0333, 0.08, 0.5, 0.7001, 5.25]
    with VideoWriter(tmp_path / "v.mp4", width_px, height_px, fps=25, crf=8) as writer:
        for number, t_s in enumerate(times_s):
            writer.write(picture(width_px, height_px, 40 * number), t_s)
    frames = [s.frame for s in read_frames(tmp_path / "v.mp4", clip="c")]
    assert [frame.meta.t_s for frame in frames] == pytest.approx(times_s, abs=1 / 90_000)
    even = (height_px + height_px % 2, width_px + width_px % 2)
    for number, frame in enumerate(frames):
        array = as_array(frame)
        assert array.shape == (*even, 3)
        middle = array[3 * height_px // 4]
        # The colour matrix is right only if all three come back: a mixed-up 601/709 is off by 10 and more.
        for third, colour in enumerate([(230, 40, 20), (20, 220, 60), (30, 40, 240)]):
            assert np.abs(middle[(2 * third + 1) * width_px // 6].astype(int) - colour).max() <= 5
        assert abs(int(array[2, 20, 0]) - 40 * number) <= 4
    info = probe(tmp_path / "v.mp4")
    assert info.duration_s == pytest.approx(5.25 + 1 / 25, abs=0.001)
    assert (info.codec, info.pixel_format) == ("h264", "yuv420p")


def test_index_is_in_front_and_nothing_is_left_beside(tmp_path):
    with VideoWriter(tmp_path / "v.mp4", 64, 64) as writer:
        for _ in range(10):
            writer.write(picture(64, 64))
    data = (tmp_path / "v.mp4").read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")
    assert [path.name for path in tmp_path.iterdir()] == ["v.mp4"]
    assert [stamp.t_s for stamp in frame_times(tmp_path / "v.mp4")] == pytest.approx([n / 30 for n in range(10)])


def test_exception_leaves_the_old_file_alone(tmp_path):
    (tmp_path / "v.mp4").write_text("old")
    with pytest.raises(ValueError, match="expected"), VideoWriter(tmp_path / "v.mp4", 64, 64) as writer:
        write_all(writer, [(picture(64, 64), 0.0), (picture(64, 32), 1.0)])
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("v.mp4", "old")]


def test_no_frames_is_an_error(tmp_path):
    with pytest.raises(InternalFault, match="without frames"), VideoWriter(tmp_path / "v.mp4", 64, 64):
        pass
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(("first_s", "second_s"), [(0.5, 0.5), (0.5, 0.4), (0.5, 0.500001)])
def test_time_must_rise(first_s, second_s, tmp_path):
    with pytest.raises(ValueError, match="does not come after"), VideoWriter(tmp_path / "v.mp4", 64, 64) as writer:
        write_all(writer, [(picture(64, 64), first_s), (picture(64, 64), second_s)])


def test_bit_rate_is_met(tmp_path):
    rng = np.random.default_rng(1)
    with VideoWriter(tmp_path / "v.mp4", 320, 240, fps=30, bit_rate_bps=1_000_000) as writer:
        for _ in range(90):
            writer.write(rng.integers(0, 255, (240, 320, 3), dtype=np.uint8))
    assert (tmp_path / "v.mp4").stat().st_size * 8 / 3.0 == pytest.approx(1_000_000, rel=0.35)
