"""The quick look with the real distance service: sigma as the measurement has it, and a wrong pairing caught."""

import asyncio
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import av
import numpy as np
import pytest

from wideberth_contracts.errors import UnreadableVideo
from wideberth_contracts.joining import JoinFinding
from wideberth_contracts.poses import CameraPose, FlightContext, FrameTime, PosesRequest
from wideberth_contracts.positions import ImagePoint, LocateRequest, PointPair, Position
from wideberth_distance.local import LocalDistance
from wideberth_gateway.flights.words import findings
from wideberth_media import sha256_of
from wideberth_pipeline import QuickLook, quick_look
from wideberth_pipeline.quick_look import APART_M, MOMENTS, PATH_POINTS, moments_of

WIDTH_PX, HEIGHT_PX, FPS, SECONDS = 320, 180, 10, 20
BEGAN = datetime(2026, 6, 14, 10, 12, 3, tzinfo=timezone(timedelta(hours=9)))


@pytest.fixture(scope="module")
def clip(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("looks") / "DJI_0001.MP4"
    with av.open(str(path), "w", format="mp4") as container:
        container.metadata["creation_time"] = BEGAN.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        stream = container.add_stream("libx264", rate=FPS)
        stream.width, stream.height, stream.pix_fmt = WIDTH_PX, HEIGHT_PX, "yuv420p"
        grey = np.full((HEIGHT_PX, WIDTH_PX, 3), 90, np.uint8)
        for _ in range(SECONDS * FPS):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(grey, format="bgr24")))
        container.mux(stream.encode())
    return path


def written(folder: Path, pitches_deg: list[float], later: timedelta = timedelta()) -> Path:
    """An .SRT with one row a frame."""
    rows = []
    for k, pitch_deg in enumerate(pitches_deg):
        at = timedelta(seconds=k / FPS)
        start, stop = (f"00:00:{t:06.3f}".replace(".", ",") for t in (k / FPS, (k + 1) / FPS))
        clock = (BEGAN + later + at).strftime("%Y-%m-%d %H:%M:%S.%f")[:-3]
        rows.append(
            f"{k + 1}\n{start} --> {stop}\nFrameCnt: {k + 1}, DiffTime: 100ms\n{clock}\n[focal_len: 24.00] "
            f"[latitude: {33.2 + k * 1e-5:.6f}] [longitude: 126.5] [rel_alt: 60.000 abs_alt: 71.4] "
            f"[gb_yaw: 10.0 gb_pitch: {pitch_deg:.1f} gb_roll: 0.0]\n"
        )
    path = folder / "DJI_0001.SRT"
    path.write_text("\n".join(rows))
    return path


def look(video: Path, telemetry: Path | None) -> QuickLook:
    return asyncio.run(quick_look(LocalDistance(), video, sha256_of(video), telemetry, FlightContext()))


def drawn_sigma_m(telemetry: Path, pitch_deg: float) -> float:
    """By the draws of the service, for two points 50 m apart across the middle; placed by height and focal length."""

    async def ask() -> float:
        distance = LocalDistance()
        record = await distance.read_telemetry(telemetry.name, telemetry.read_bytes(), 9.0)
        moment = FrameTime(t_s=2.0, width_px=WIDTH_PX, height_px=HEIGHT_PX)
        answer = await distance.poses(PosesRequest(telemetry=record, moments=(moment,)))
        pose = answer.poses[0]
        assert isinstance(pose, CameraPose)
        slant_m = pose.height_m.value / np.sin(np.radians(-pitch_deg))
        half_px = pose.focal_px.value * APART_M / 2 / slant_m
        ends = tuple(ImagePoint(x_px=WIDTH_PX / 2 + side * half_px, y_px=HEIGHT_PX / 2) for side in (-1, 1))
        asked = LocateRequest(pose=pose, origin=answer.origin, points=ends, pairs=(PointPair(a=0, b=1),))
        found = await distance.locate(asked)
        assert all(isinstance(point, Position) for point in found.points)
        separation = found.separations[0].separation
        assert separation is not None
        assert separation.value_m == pytest.approx(APART_M, rel=0.02)
        return separation.sigma_m

    return asyncio.run(ask())


@pytest.mark.parametrize("pitch_deg", [-80.0, -45.0, -30.0])
def test_sigma_is_that_of_the_measurement(clip: Path, tmp_path: Path, pitch_deg: float) -> None:
    telemetry = written(tmp_path, [pitch_deg] * SECONDS * FPS)
    seen = look(clip, telemetry)
    assert (seen.grade.value, seen.measurable_fraction) == ("A", 1.0)
    assert seen.dialect is not None
    sigma_m = seen.moments[1].sigma_m
    assert sigma_m is not None
    assert sigma_m == pytest.approx(drawn_sigma_m(telemetry, pitch_deg), rel=0.03)
    assert (len(seen.path), seen.path[0].latitude) == (SECONDS * FPS, pytest.approx(33.2))
    assert findings(seen) == ()


def test_the_share_that_looks_at_the_sky_is_told_with_a_remedy(clip: Path, tmp_path: Path) -> None:
    half = SECONDS * FPS // 2
    seen = look(clip, written(tmp_path, [-45.0] * half + [20.0] * half))
    assert 0.3 <= seen.measurable_fraction <= 0.6
    assert [moment.sigma_m is None for moment in seen.moments[-3:]] == [True] * 3
    said = {finding.code: finding for finding in findings(seen)}
    assert "tilt the camera down" in said["above_horizon"].english
    assert "카메라를 아래로" in said["above_horizon"].korean


def test_telemetry_much_longer_than_the_video_is_refused(clip: Path, tmp_path: Path) -> None:
    seen = look(clip, written(tmp_path, [-45.0] * 3 * SECONDS * FPS))
    assert seen.join is not None
    assert seen.join.refused is JoinFinding.LENGTH_DIFFERS
    assert seen.measurable_fraction == 0.0
    assert [finding.code for finding in findings(seen)] == ["length_differs"]


def test_telemetry_that_ends_early_leaves_the_rest_without_metres(clip: Path, tmp_path: Path) -> None:
    seen = look(clip, written(tmp_path, [-45.0] * (SECONDS * FPS // 3)))
    assert 0.2 <= seen.measurable_fraction <= 0.5
    assert [finding.code for finding in findings(seen)] == ["outside_telemetry"]


@pytest.mark.parametrize("later", [timedelta(minutes=40), timedelta(days=1)])
def test_telemetry_of_another_time_is_told(clip: Path, tmp_path: Path, later: timedelta) -> None:
    """Of the same length: the join cannot refuse it, for clocks of cameras go wrong; a person is told to look."""
    seen = look(clip, written(tmp_path, [-45.0] * SECONDS * FPS, later))
    assert [finding.code for finding in findings(seen)] == ["clock_disagrees"]


def test_without_telemetry_it_says_what_is_missing(clip: Path) -> None:
    seen = look(clip, None)
    assert (seen.grade.value, seen.measurable_fraction, seen.telemetry) == ("C", 0.0, None)
    assert findings(seen)[0].code == "no_telemetry"
    assert (seen.duration_s, seen.codec) == (pytest.approx(SECONDS), "h264")


def test_a_cut_video_is_refused_by_name(clip: Path, tmp_path: Path) -> None:
    cut = tmp_path / "DJI_0009.MP4"
    cut.write_bytes(clip.read_bytes()[:600])
    with pytest.raises(UnreadableVideo, match=r"DJI_0009\.MP4"):
        look(cut, None)


@pytest.mark.parametrize("duration_s", [0.0, 0.5, 2.0, 19.9, 399.9, 400.1, 10_800.0])
def test_moments_are_bounded_and_inside_the_clip(duration_s: float) -> None:
    times = moments_of(duration_s)
    assert 1 <= len(times) <= MOMENTS
    assert all(0 <= t_s <= duration_s for t_s in times)
    assert PATH_POINTS >= SECONDS * FPS
