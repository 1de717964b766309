"""Files of a simulation: same again from the same seed, frame times exact, telemetry readable."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction

import av
import numpy as np
import pyarrow.parquet as pq
import pytest

from wideberth_simulator import simulate
from wideberth_simulator.geodesy import Origin
from wideberth_simulator.render import Renderer
from wideberth_simulator.sensor import develop, with_sun
from wideberth_simulator.telemetry import draw_errors
from wideberth_simulator.world import make_world


def pixels(scene, index):
    world = make_world(scene)
    _, clean, glint = Renderer(world).frame(index)
    return develop(with_sun(clean, glint, world.light.sun_colour), scene.weather.exposure, scene.seed + 7 * index)


def cues(path):
    pattern = re.compile(
        r"(\d+)\n(\S+) --> (\S+)\n<font size=\"28\">FrameCnt: (\d+), DiffTime: (\d+)ms\n(\S+ \S+)\n(.*?) ?</font>\n\n"
    )
    return pattern.findall(path.read_text())


def field(body, name):
    return float(re.search(rf"{name}: (-?[\d.]+)", body).group(1))


def test_same_seed_same_pixels_and_truth(demo_scene, demo_files, tmp_path):
    assert np.array_equal(pixels(demo_scene, 3), pixels(demo_scene, 3))
    again = simulate(demo_scene, tmp_path)
    for name in ("truth", "truth_frames", "summary", "telemetry"):
        assert getattr(again, name).read_bytes() == getattr(demo_files, name).read_bytes()
    assert again.clean is None


def test_another_seed_another_sea(demo_scene):
    assert not np.array_equal(pixels(demo_scene, 0), pixels(replace(demo_scene, seed=5), 0))


def test_video_matches_scene(demo_scene, demo_files):
    for path in (demo_files.video, demo_files.clean):
        with av.open(str(path)) as container:
            stream = container.streams.video[0]
            assert (stream.codec_context.width, stream.codec_context.height) == (480, 270)
            assert stream.codec_context.pix_fmt == "yuv420p"
            assert stream.time_base == Fraction(1, 90_000)
            assert stream.sample_aspect_ratio in (None, Fraction(1, 1))
            times = [f.pts * f.time_base for f in container.decode(stream)]
            assert container.metadata["creation_time"][:19] == f"{demo_scene.start.astimezone(UTC):%Y-%m-%dT%H:%M:%S}"
    assert times == [Fraction(i, 5) for i in range(demo_scene.frame_count)]


def test_decoded_frame_is_the_rendered_frame(demo_scene, demo_files):
    with av.open(str(demo_files.video)) as container:
        frame = next(container.decode(video=0)).to_ndarray(format="bgr24").astype(float)
    rendered = pixels(demo_scene, 0).astype(float)
    # Colour survives BT.709 there and back; the converter truncates, which costs about one level each way.
    assert np.abs(frame.mean(axis=(0, 1)) - rendered.mean(axis=(0, 1))).max() < 4.0


def test_clean_video_has_less_light(demo_files):
    def top(path):
        with av.open(str(path)) as container:
            return (next(container.decode(video=0)).to_ndarray(format="gray") > 245).mean()

    assert top(demo_files.video) > 0.002
    assert top(demo_files.clean) < 0.3 * top(demo_files.video)


def test_ntsc_rate_has_exact_times(demo_scene, tmp_path):
    video = replace(demo_scene.video, fps=Fraction(30000, 1001), width_px=320, height_px=180)
    files = simulate(replace(demo_scene, video=video, duration_s=0.2), tmp_path)
    with av.open(str(files.video)) as container:
        times = [f.pts * f.time_base for f in container.decode(video=0)]
    assert times == [Fraction(i * 1001, 30000) for i in range(6)]
    assert pq.read_table(files.truth_frames)["pts"].to_pylist() == [3003 * i for i in range(6)]
    assert cues(files.telemetry)[1][1] == "00:00:00,033"


def test_srt_says_the_truth_plus_the_recorded_errors(demo_scene, demo_files):
    found = cues(demo_files.telemetry)
    truth = pq.read_table(demo_files.truth_frames).to_pylist()
    errors = json.loads(demo_files.summary.read_text())["telemetry"]["errors"]
    assert len(found) == len(truth) == demo_scene.frame_count
    for (number, begin, _end, count, diff, local, body), row in zip(found, truth, strict=True):
        assert int(number) == int(count) == row["frame_index"] + 1
        assert diff == "200"
        assert begin.endswith(f"{int(row['t_s'] * 1000 + 0.5) % 1000:03d}")
        stamp = datetime.strptime(local + "+0900", "%Y-%m-%d %H:%M:%S.%f%z")
        assert abs(stamp - row["captured_at"]) < timedelta(milliseconds=1)
        assert field(body, "gb_pitch") == pytest.approx(row["pitch_deg"] + errors["pitch_deg"], abs=0.051)
        assert field(body, "rel_alt") == pytest.approx(row["height_m"] + errors["height_m"], abs=2.5)
        east, north = Origin(row["latitude"], row["longitude"]).enu(field(body, "latitude"), field(body, "longitude"))
        assert (east, north) == pytest.approx((errors["east_m"], errors["north_m"]), abs=0.12)
        assert field(body, "focal_len") == 24.0
        assert ": -0.0 " not in body.replace("]", " ")


def test_no_errors_means_none(demo_scene, tmp_path):
    scene = replace(demo_scene, duration_s=0.4, telemetry=replace(demo_scene.telemetry, error_scale=0.0))
    files = simulate(scene, tmp_path)
    for cue, row in zip(cues(files.telemetry), pq.read_table(files.truth_frames).to_pylist(), strict=True):
        assert field(cue[6], "rel_alt") == pytest.approx(row["height_m"], abs=0.051)
        assert field(cue[6], "gb_pitch") == pytest.approx(row["pitch_deg"], abs=0.051)


def test_consumer_has_no_gimbal(demo_scene, tmp_path):
    scene = replace(demo_scene, duration_s=0.2, telemetry=replace(demo_scene.telemetry, dialect="consumer"))
    text = simulate(scene, tmp_path).telemetry.read_text()
    assert "rel_alt" in text
    assert "gb_" not in text


def test_height_errors_are_heavy_tailed(demo_scene):
    draws = np.array([draw_errors(replace(demo_scene, seed=s), 60.0).height_m for s in range(1500)])
    scale = np.hypot(1.0, 0.04 * 60)
    # Quartile of Student-t with 4 degrees of freedom is 0.741; the 97.5 % point 2.776.
    assert np.quantile(np.abs(draws), 0.5) == pytest.approx(0.741 * scale, rel=0.10)
    assert np.quantile(np.abs(draws), 0.95) == pytest.approx(2.776 * scale, rel=0.15)
    assert np.std([draw_errors(replace(demo_scene, seed=s), 60.0).pitch_deg for s in range(800)]) == pytest.approx(
        0.5, rel=0.08
    )


def test_captured_at_is_utc(demo_scene, demo_files):
    first = pq.read_table(demo_files.truth)["captured_at"].to_pylist()[0]
    assert first == demo_scene.start
    assert first.utcoffset().total_seconds() == 0


def test_progress_counts_every_frame(demo_scene, tmp_path):
    seen = []
    simulate(replace(demo_scene, duration_s=0.4), tmp_path, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(1, 2), (2, 2)]
