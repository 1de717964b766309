"""The command line: what it prints, what it writes, how it ends."""

import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from typer.testing import CliRunner, Result

from wideberth.cli import COMMANDS, build
from wideberth_pipeline import write_results
from wideberth_simulator.stills import random_still

from .conftest import Analysed

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT.parent / "shared" / "data"
FINE, NOTHING_TO_WORK_ON, WRONG_USAGE = 0, 1, 2


def wideberth(*arguments: str | Path) -> Result:
    """One call of the program."""
    words = [str(argument) for argument in arguments]
    return CliRunner().invoke(build(words), words)


def printed(result: Result) -> Any:
    """The JSON on stdout of a call that went well."""
    assert result.exit_code == FINE, result.output
    return json.loads(result.stdout)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(name: str) -> None:
    assert wideberth(name, "--help").exit_code == FINE


def test_detect_writes_the_documented_form(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "a.png"), random_still(7, 640, 480).image_bgr)
    cv2.imwrite(str(tmp_path / "b.jpg"), np.full((200, 300, 3), 90, np.uint8))
    (tmp_path / "notes.txt").write_text("no picture")
    first, second = printed(wideberth("detect", tmp_path, "--json", "-"))
    assert (first["width_px"], first["height_px"]) == (640, 480)
    assert (second["file"], second["detections"]) == (str(tmp_path / "b.jpg"), [])
    for found in first["detections"]:
        assert found["class"] in ("dolphin", "vessel", "jet_ski", "swimmer")
        assert set(found["oriented_px"]) == {"cx", "cy", "length", "width", "angle_deg"}
        left, top, right, bottom = found["xyxy_px"]
        assert left < right
        assert top < bottom


def test_telemetry_of_the_simulator(seen: Analysed) -> None:
    record = printed(wideberth("telemetry", seen.files.telemetry))
    assert (record["dialect"], record["grade"]) == ("C4", "A")
    assert len(record["points"]) == 55
    assert {"t_s", "latitude", "height_above_takeoff_m", "pitch_deg"} <= set(record["points"][0])


def test_locate_answers_the_documented_request(tmp_path: Path) -> None:
    text = (ROOT / "docs/formats.md").read_text()
    start = text.index('{"pose"')
    request = tmp_path / "request.json"
    request.write_text(text[start : text.index("```", start)])
    answer = printed(wideberth("locate", request))
    assert [point["type"] for point in answer["points"]] == ["position", "position"]
    separation = answer["separations"][0]["separation"]
    assert separation["interval_95_m"]["low"] < separation["value_m"] < separation["interval_95_m"]["high"]


def test_judge_of_tracks_says_what_the_analysis_said(seen: Analysed, tmp_path: Path) -> None:
    files = write_results(seen.plan, seen.outcome, tmp_path)
    rows = printed(wideberth("judge", files["tracks"], "--rules", "kr"))
    said = {(f.rule, f.verdict.value) for e in seen.outcome.judgement.encounters for f in e.findings}
    assert {(row["rule"], row["verdict"]) for row in rows} == said
    from_csv = printed(wideberth("judge", files["tracks_csv"]))
    assert {(row["rule"], row["verdict"]) for row in from_csv} == said


def test_judge_of_a_foreign_table(tmp_path: Path) -> None:
    lines = ["track_id,kind,t_s,east_m,north_m,sigma_m"]
    for step in range(30):
        lines += [f"boat,vessel,{step / 5},20,0,1", f"fin,dolphin,{step / 5},0,0,1"]
    table = tmp_path / "tracks.csv"
    table.write_text("\n".join(lines))
    row = next(row for row in printed(wideberth("judge", table)) if row["rule"] == "KR-1")
    assert row["verdict"] == "violation", row
    assert row["interval_95_m"][0] < 20 < row["interval_95_m"][1]


def test_track_of_a_mot_file(tmp_path: Path) -> None:
    boxes = [f"{frame},-1,{10 + 2 * frame},{20},40,12,0.9,-1,-1,-1" for frame in range(1, 20)]
    source, target = tmp_path / "det.txt", tmp_path / "tracks.txt"
    source.write_text("\n".join(boxes))
    assert wideberth("track", source, "--fps", "10", "--out", target).exit_code == FINE
    ids = {line.split(",")[1] for line in target.read_text().splitlines()}
    assert len(ids) == 1


def test_screen_of_a_folder(tmp_path: Path) -> None:
    (tmp_path / "t1").mkdir()
    cv2.imwrite(str(tmp_path / "t1" / "a.png"), np.full((96, 96, 3), 80, np.uint8))
    (answer,) = printed(wideberth("screen", tmp_path))
    assert answer["track_id"] == "t1"
    assert answer["verdict"] in ("animal", "clutter", "unknown")


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("analyse", "missing.mp4"), "no such file"),
        (("detect", "missing.jpg"), "no such file"),
        (("telemetry", "missing.SRT"), "check the path"),
        (("locate", "missing.json"), "check the path"),
        (("judge", "missing.parquet"), "tracks"),
        (("screen", "missing"), "no such folder"),
        (("simulate", "atlantis", "--out", "x"), "atlantis"),
        (("bench", "patience"), "no bench"),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
def test_nothing_to_work_on_is_said_in_one_line(
    arguments: tuple[str, ...], word: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = wideberth(*arguments)
    assert result.exit_code == NOTHING_TO_WORK_ON
    assert word in result.output
    assert len(result.output.strip().splitlines()) == 1


def test_a_text_file_is_no_video(tmp_path: Path) -> None:
    (tmp_path / "clip.mp4").write_text("a letter")
    result = wideberth("analyse", tmp_path / "clip.mp4")
    assert result.exit_code == NOTHING_TO_WORK_ON
    assert "clip.mp4" in result.output


@pytest.mark.parametrize("arguments", [("detect",), ("analyse",), ("track", "x.txt"), ("fly",)], ids=" ".join)
def test_wrong_usage_is_exit_code_two(arguments: tuple[str, ...]) -> None:
    assert wideberth(*arguments).exit_code == WRONG_USAGE


@pytest.mark.skipif(not DATA.is_dir(), reason="../shared/data is not here")
def test_every_real_subtitle_file_parses_or_is_refused_by_name() -> None:
    refused = {}
    for file in sorted((DATA / "telemetry").glob("srt*/*.[sS][rR][tT]")):
        result = wideberth("telemetry", file)
        if result.exit_code != FINE:
            refused[file.name] = result.output
    assert set(refused) == {"broken_empty.SRT", "broken_empty2.SRT"}
    assert all(name in text for name, text in refused.items())
