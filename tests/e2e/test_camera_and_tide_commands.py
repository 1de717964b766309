"""`tide`, `cameras`, `calibrate`, and what the other commands take from them."""

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from .conftest import Analysed
from .test_command_line import FINE, NOTHING_TO_WORK_ON, ROOT, WRONG_USAGE, printed, wideberth

FOCAL_PX, SIZE = 800.0, (1024, 576)


def documented(section: str) -> str:
    """The first block of a section of docs/formats.md."""
    text = (ROOT / "docs/formats.md").read_text(encoding="utf-8")
    block = text[text.index(section) :].split("```")[1]
    return block.removeprefix("json").strip()


@pytest.fixture
def stations(tmp_path: Path) -> Path:
    (tmp_path / "stations.json").write_text(documented("## Tide stations"), encoding="utf-8")
    return tmp_path / "stations.json"


@pytest.fixture
def table(tmp_path: Path) -> Path:
    (tmp_path / "table.csv").write_text(documented("## Tide tables"), encoding="utf-8")
    return tmp_path / "table.csv"


def test_tide_by_the_documented_station(stations: Path) -> None:
    by_zone = printed(
        wideberth(
            "tide", "--tide-station", stations, "--at", "2026-06-14T10:00+09:00", "--place", "33.2,126.5", "--json"
        )
    )
    by_offset = printed(
        wideberth("tide", "--tide-station", stations, "--at", "2026-06-14T10:00", "--place", "33.2,126.5", "--json")
    )
    assert by_zone == by_offset
    assert 0.18 < by_zone["tide_m"]["sigma"] < 0.3
    assert abs(by_zone["tide_m"]["value"]) < 1.5
    assert "Harbour (M2 S2 K1 O1), 7 km away" in by_zone["said"]


def test_tide_by_the_documented_table(table: Path) -> None:
    found = printed(
        wideberth("tide", "--tide-table", table, "--at", "2026-06-14T10:30", "--place", "33.24,126.56", "--json")
    )
    assert found["tide_m"]["value"] == pytest.approx(0.25)
    other = ("--tide-table-msl-m", "1.0±0.02")
    found = printed(wideberth("tide", "--tide-table", table, *other, "--at", "2026-06-14T10:30", "--json"))
    assert found["tide_m"]["value"] == pytest.approx(0.80)
    assert "nothing says" in found["said"]
    late = wideberth("tide", "--tide-table", table, "--at", "2026-06-15T10:30")
    assert late.exit_code == NOTHING_TO_WORK_ON
    assert "the table runs from" in late.output


def test_tide_of_a_flight_and_its_refusal(stations: Path, seen: Analysed, tmp_path: Path) -> None:
    flown = ("--telemetry", seen.files.telemetry)
    nowhere_near = wideberth("tide", "--tide-station", stations, *flown)
    assert nowhere_near.exit_code == NOTHING_TO_WORK_ON
    assert "km from tide station Harbour" in nowhere_near.output
    origin = seen.plan.origin
    assert origin is not None
    moved = json.loads(stations.read_text(encoding="utf-8"))
    moved["stations"][0] |= {"latitude": origin.latitude + 0.05, "longitude": origin.longitude}
    stations.write_text(json.dumps(moved), encoding="utf-8")
    found = printed(wideberth("tide", "--tide-station", stations, *flown, "--json"))
    assert found["tide_m"]["sigma"] > 0.15
    assert "6 km away" in found["said"]
    far = wideberth("tide", "--tide-station", stations, "--at", "2026-06-14T10:00", "--place", "35.1,129.0")
    assert far.exit_code == NOTHING_TO_WORK_ON
    assert "another tide" in far.output
    assert wideberth("tide", "--at", "2026-06-14T10:00").exit_code == WRONG_USAGE


def test_cameras_are_listed_and_searched() -> None:
    everything = printed(wideberth("cameras", "--json"))
    assert {"Mini 2", "Mavic 2 Pro"} <= {row["model"] for row in everything["cameras"]}
    assert len(everything["sensors"]) > 50
    one = printed(wideberth("cameras", "fc7303", "--json"))
    assert [(row["model"], row["focal_px"]["value"]) for row in one["cameras"]] == [("Mini 2", 3049)]
    assert wideberth("cameras").exit_code == FINE
    nobody = wideberth("cameras", "Box Brownie")
    assert nobody.exit_code == NOTHING_TO_WORK_ON
    assert "calibrate" in nobody.output


def board_pictures(folder: Path, tilt_deg: float, count: int = 16) -> None:
    """A checkerboard of 9 x 6 inner corners of 100 mm, through a pinhole, as PNG."""
    squares = np.kron(np.indices((7, 10)).sum(axis=0) % 2, np.ones((40, 40)))
    texture = np.pad(np.where(squares > 0, 230, 25).astype(np.uint8), 40, constant_values=230)
    camera = np.array([[FOCAL_PX, 0, SIZE[0] / 2], [0, FOCAL_PX, SIZE[1] / 2], [0, 0, 1]])
    to_mm = np.array([[2.5, 0, -200 - 400], [0, 2.5, -200 - 250], [0, 0, 1]])
    generator = np.random.default_rng(4)
    for index in range(count):
        towards = 2 * np.pi * index / 8
        turned, _ = cv2.Rodrigues(np.radians(tilt_deg) * np.array([np.cos(towards), np.sin(towards), 0.1]))
        moved = np.array([80.0 * np.cos(index), 60.0 * np.sin(index), 1700.0 + 40 * index])
        homography = camera @ np.column_stack([turned[:, 0], turned[:, 1], moved]) @ to_mm
        picture = cv2.warpPerspective(texture, homography, SIZE, flags=cv2.INTER_AREA, borderValue=120)
        soft = cv2.GaussianBlur(picture.astype(np.float32), (0, 0), 0.7)
        noisy = np.clip(soft + generator.normal(0, 2, soft.shape), 0, 255).astype(np.uint8)
        cv2.imwrite(str(folder / f"{index:02d}.png"), noisy)


def test_a_board_is_calibrated_and_its_file_used(tmp_path: Path) -> None:
    (tmp_path / "board").mkdir()
    board_pictures(tmp_path / "board", tilt_deg=35.0)
    target = tmp_path / "mine.json"
    found = printed(
        wideberth("calibrate", "checkerboard", tmp_path / "board", "--out", target, "--model", "mine", "--json")
    )
    assert found == json.loads(target.read_text(encoding="utf-8"))
    assert found["lens"]["focal_px"]["value"] == pytest.approx(FOCAL_PX, abs=2 * found["lens"]["focal_px"]["sigma"])
    assert found["lens"]["focal_px"]["sigma"] < 0.01 * FOCAL_PX
    assert set(found) <= set(json.loads(documented("## Camera files"))) | {"mode"}
    down = ("--size", "1024x576", "--height-m", "60", "--pitch-deg", "-90", "--takeoff-above-sea-m", "0±0.1")
    apart = printed(wideberth("separation", "412,288", "612,288", *down, "--camera", target, "--json"))
    assert apart["separations"][0]["separation"]["value_m"] == pytest.approx(200 / FOCAL_PX * 60, rel=0.02)
    shown = wideberth("calibrate", "checkerboard", tmp_path / "board", "--out", target)
    assert shown.exit_code == FINE
    assert "16 views used of 16 found in 16 pictures" in shown.output


def test_parallel_views_and_wrong_corners_are_refused(tmp_path: Path) -> None:
    (tmp_path / "board").mkdir()
    board_pictures(tmp_path / "board", tilt_deg=3.0)
    parallel = wideberth("calibrate", "checkerboard", tmp_path / "board")
    assert parallel.exit_code == NOTHING_TO_WORK_ON
    assert "tilt" in parallel.output
    wrong = wideberth("calibrate", "checkerboard", tmp_path / "board", "--columns", "8", "--rows", "7")
    assert wrong.exit_code == NOTHING_TO_WORK_ON
    assert "of 16 pictures" in wrong.output
    assert not list(tmp_path.glob("*.camera.json"))


def test_a_known_length_gives_focal_length_or_height(tmp_path: Path) -> None:
    ends = ("1620,1080", "2220,1080", "--length-m", "12±0.05")
    target = tmp_path / "by_length.json"
    found = printed(wideberth("calibrate", "length", *ends, "--height-m", "60±0.5", "--out", target, "--json"))
    assert found["focal_px"]["value"] == pytest.approx(3000, rel=1e-3)
    assert json.loads(target.read_text(encoding="utf-8")) == found
    by_focal = printed(wideberth("calibrate", "length", *ends, "--focal-px", "3000±30", "--json"))
    assert by_focal["height_m"]["value"] == pytest.approx(60, rel=1e-3)
    assert wideberth("calibrate", "length", *ends).exit_code == WRONG_USAGE


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("calibrate", "checkerboard", "missing"), "no such file"),
        (("calibrate", "length", "0,0", "5,0", "--length-m", "12", "--height-m", "60"), "px apart"),
        (("separation", "0,0", "5,5", "--camera", "missing.json"), "check the path"),
        (("tide", "--tide-station", "missing.json", "--at", "2026-06-14"), "check the path"),
    ],
    ids=lambda value: " ".join(value[:2]) if isinstance(value, tuple) else "",
)
def test_what_cannot_be_done_is_said_in_one_line(
    arguments: tuple[str, ...], word: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = wideberth(*arguments)
    assert result.exit_code == NOTHING_TO_WORK_ON
    assert word in result.output
    assert len(result.output.strip().splitlines()) == 1
