"""Telemetry inside a video: which track is used, what is said of the others, and ExifTool absent, too old and real."""

import asyncio
import io
import json
import os
import shutil
import subprocess
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from wideberth_contracts.errors import UnreadableTelemetry
from wideberth_distance.local import LocalDistance
from wideberth_media import djmd_json, embedded_klv, has_djmd
from wideberth_media.djmd_track import OLDEST
from wideberth_media.klv_track import VIDEO_TIME_KEY
from wideberth_pipeline.inside import Found, Inside, best_inside

from .djmd_clip import sample, write_djmd_clip
from .test_command_line import printed, wideberth

CUE = (
    "FrameCnt: 1, DiffTime: 40ms\n2026-06-14 10:12:03.015\n"
    "[latitude: 33.2] [longitude: 126.5] [rel_alt: 60.1 abs_alt: 71.4]"
)
PRINTED = [
    {"SourceFile": "a.MP4"}
    | {
        f"Doc{k + 1}:{name}": value
        for k in range(5)
        for name, value in {
            "SampleTime": k * 0.04,
            "GimbalPitch": -30.1,
            "GimbalYaw": 12,
            "RelativeAltitude": 60.1,
        }.items()
    }
]


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    return write_djmd_clip(tmp_path / "DJI_0001.MP4", [sample(k + 1, -30.1 + k / 10, 60.1 + k) for k in range(5)])


@pytest.fixture
def clip_with_subtitles(tmp_path: Path) -> Path:
    return write_djmd_clip(tmp_path / "DJI_0002.MP4", [sample(k + 1, -30.1, 60.1) for k in range(5)], CUE)


def stand_in(folder: Path, monkeypatch: pytest.MonkeyPatch, version: str, prints: str = "[]") -> None:
    """A program of the name that answers as an ExifTool of a version would."""
    (folder / "prints.json").write_text(prints)
    program = folder / "bin" / "exiftool"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nif [ "$1" = -ver ]; then echo {version}; else cat "{folder}/prints.json"; fi\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")


def look(video: Path, given: Found | None = None) -> Inside:
    return asyncio.run(best_inside(LocalDistance(), video, 9.0, given))


def version_here() -> tuple[int, ...]:
    if shutil.which("exiftool") is None:
        return ()
    said = subprocess.run(["exiftool", "-ver"], capture_output=True, text=True).stdout.strip()
    return tuple(int(part) for part in said.split("."))


@pytest.mark.skipif(version_here() < OLDEST, reason=f"no ExifTool of {OLDEST} or newer on this machine")
def test_a_real_exiftool_reads_the_constructed_track(clip: Path) -> None:
    record = printed(wideberth("telemetry", clip))
    assert (record["dialect"], record["grade"], len(record["points"])) == ("djmd", "A", 5)
    assert record["points"][0] == {
        "t_s": 0.0, "latitude": 33.2, "longitude": 126.5, "height_above_takeoff_m": 60.1, "absolute_height_m": 71.4,
        "pitch_deg": -30.1, "roll_deg": 0.0, "yaw_deg": 12.0,
    }  # fmt: skip
    assert record["points"][4]["t_s"] == pytest.approx(0.16)


def test_the_track_is_seen_and_a_video_without_it_has_none(clip: Path, tmp_path: Path) -> None:
    assert has_djmd(clip)
    plain = write_djmd_clip(tmp_path / "plain.mp4", [b""])
    plain.write_bytes(plain.read_bytes().replace(b"DJI meta", b"something"[:8]))
    assert not has_djmd(plain)
    assert not has_djmd(tmp_path / "missing.mp4")


def test_without_exiftool_the_refusal_says_so(clip: Path) -> None:
    with pytest.raises(UnreadableTelemetry, match=r"needs ExifTool, which is not installed \(install ExifTool 13.39"):
        djmd_json(clip, program="no-program-of-this-name")


@pytest.mark.parametrize("version", ["12.57", "13.38", "nonsense"])
def test_an_old_exiftool_is_refused_by_its_version(clip: Path, tmp_path: Path, monkeypatch, version: str) -> None:
    stand_in(tmp_path, monkeypatch, version)
    with pytest.raises(UnreadableTelemetry, match=rf"needs ExifTool 13.39 or newer; the one here is {version}"):
        djmd_json(clip)
    inside = look(clip)
    assert inside.best is None
    assert any("DJI_0001.MP4 (djmd track)" in note and version in note for note in inside.notes)
    assert wideberth("telemetry", clip).exit_code == 1


def test_the_better_track_is_used_and_the_other_named(clip_with_subtitles: Path, tmp_path: Path, monkeypatch) -> None:
    stand_in(tmp_path, monkeypatch, "13.39", json.dumps(PRINTED))
    inside = look(clip_with_subtitles)
    assert inside.best is not None
    assert (inside.best.record.dialect, inside.best.record.grade.value) == ("djmd", "A")
    assert inside.notes == (
        "DJI_0002.MP4 (subtitle track): grade B; DJI_0002.MP4 (djmd track) of grade A is used instead",
    )


def test_what_was_given_stays_unless_the_video_knows_better(
    clip_with_subtitles: Path, tmp_path: Path, monkeypatch
) -> None:
    stand_in(tmp_path, monkeypatch, "13.39", json.dumps(PRINTED))
    distance = LocalDistance()
    text = f"1\n00:00:00,000 --> 00:00:00,040\n{CUE} [gb_yaw: 1.0 gb_pitch: -45.0 gb_roll: 0.0]\n".encode()
    best = Found(asyncio.run(distance.read_telemetry("a.SRT", text, 9.0)), text)
    assert look(clip_with_subtitles, best) == Inside(best, (), ())
    poor_text = f"1\n00:00:00,000 --> 00:00:00,040\n{CUE}\n".encode()
    poor = Found(asyncio.run(distance.read_telemetry("a.SRT", poor_text, 9.0)), poor_text)
    inside = look(clip_with_subtitles, poor)
    assert inside.best is not None
    assert inside.best.record.dialect == "djmd"
    assert inside.notes == ("a.SRT: grade B; DJI_0002.MP4 (djmd track) of grade A is used instead",)


def test_a_track_that_says_nothing_leaves_the_subtitles(clip_with_subtitles: Path, tmp_path: Path, monkeypatch) -> None:
    stand_in(tmp_path, monkeypatch, "13.59", '[{"SourceFile": "a.MP4"}]')
    inside = look(clip_with_subtitles)
    assert inside.best is not None
    assert inside.best.record.dialect == "C3"
    assert any("djmd track" in note and "not read" in note for note in inside.notes)


def test_a_video_without_data_streams_has_no_klv(clip: Path) -> None:
    assert embedded_klv(clip) is None
    assert len(VIDEO_TIME_KEY) == 16


def test_klv_in_a_stream_is_telemetry_of_the_video(tmp_path: Path) -> None:
    video = tmp_path / "flight.ts"
    video.write_bytes(transport_stream([klv_packet(33.2, 126.5 + k / 1000, k * 40_000) for k in range(5)]))
    inside = look(video)
    assert inside.best is not None
    record = inside.best.record
    assert (record.file, record.dialect, len(record.points)) == ("flight.ts (data stream)", "klv", 5)
    assert record.points[4].longitude == pytest.approx(126.504, abs=1e-6)
    assert record.points == asyncio.run(LocalDistance().read_telemetry("a.ts", video.read_bytes(), 9.0)).points


def klv_packet(latitude: float, longitude: float, at_us: int) -> bytes:
    """A packet of MISB ST 0601 with a time stamp and a position."""
    stamp = b"\x02\x08" + (1_780_000_000_000_000 + at_us).to_bytes(8, "big")
    places = [round(value / half * (2**31 - 1)) for value, half in ((latitude, 90), (longitude, 180))]
    body = stamp + b"".join(
        bytes([tag, 4]) + raw.to_bytes(4, "big", signed=True) for tag, raw in zip((13, 14), places, strict=True)
    )
    start = bytes.fromhex("060e2b34020b01010e01030101000000") + bytes([len(body) + 4]) + body + b"\x01\x02"
    even, odd = sum(start[0::2]), sum(start[1::2])
    return start + ((even * 256 + odd) & 0xFFFF).to_bytes(2, "big")


def transport_stream(packets: list[bytes]) -> bytes:
    """An MPEG transport stream of black pictures, with a packet of a data stream at each."""
    file = io.BytesIO()
    with av.open(file, "w", format="mpegts") as container:
        video = container.add_stream("mpeg2video", rate=25)
        video.width, video.height, video.pix_fmt = 64, 48, "yuv420p"
        data = container.add_data_stream("klv")
        data.time_base = Fraction(1, 90_000)
        for index, content in enumerate(packets):
            black = av.VideoFrame.from_ndarray(np.zeros((48, 64, 3), np.uint8), format="rgb24")
            container.mux(video.encode(black))
            metadata = av.Packet(content)
            metadata.stream, metadata.time_base = data, Fraction(1, 90_000)
            metadata.pts = metadata.dts = index * 3600 + 900
            container.mux(metadata)
        container.mux(video.encode())
    return file.getvalue()
