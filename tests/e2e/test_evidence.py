"""From a finished analysis to a sealed bag, by the program: what is in it, and that it can be checked and repeated."""

import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path

import bagit
import cv2
import numpy as np
import pypdfium2
import pytest

from wideberth.evidence import Asked, evidence, stamp_waiting
from wideberth.findings import alerts_for, write_findings
from wideberth.render.exhibits import timeline_of
from wideberth_contracts.errors import BadInput, Conflict, NotFound, Unavailable
from wideberth_contracts.settings import AnalysisSettings
from wideberth_gateway.evidence.case import find_case
from wideberth_gateway.evidence.measures import measures_of
from wideberth_gateway.evidence.stamping import Authority
from wideberth_gateway.evidence.verify_bag import Check
from wideberth_media import as_array, read_frames
from wideberth_pipeline import write_results
from wideberth_pipeline.separation_table import read_separations

from .conftest import Analysed
from .test_command_line import FINE, NOTHING_TO_WORK_ON, wideberth


@pytest.fixture(scope="module")
def analysed(seen: Analysed, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as `wideberth analyse` leaves it beside the clip, but for the pictures of the whole clip."""
    home = tmp_path_factory.mktemp("case")
    for original in (seen.files.video, seen.files.telemetry):
        shutil.copyfile(original, home / original.name)
    folder = home / "clip.wideberth"
    shutil.copytree(seen.folder, folder)
    write_results(seen.plan, seen.outcome, folder)
    write_findings(seen.plan, seen.outcome, alerts_for(seen.plan, seen.outcome), folder)
    return folder


@pytest.fixture(scope="module")
def alert(seen: Analysed) -> str:
    return next(one.id for one in alerts_for(seen.plan, seen.outcome) if one.finding.rule == "KR-1")


@pytest.fixture(scope="module")
def bag(analysed: Path, alert: str) -> Path:
    """The bag, made by the program."""
    made = wideberth("evidence", alert[:10], "--in", analysed)
    assert made.exit_code == FINE, made.output
    (path,) = (analysed / "evidence").iterdir()
    return path


def test_the_bag_is_sound_for_everyone(bag: Path, tmp_path: Path) -> None:
    assert wideberth("verify", bag).exit_code == FINE
    assert bagit.Bag(str(bag)).is_valid()
    alone = subprocess.run(
        [sys.executable, "-I", "-S", str(bag / "verify.py")], cwd=tmp_path, env={}, capture_output=True, text=True
    )
    assert alone.returncode == 0, alone.stdout


def test_a_changed_copy_is_refused(bag: Path, tmp_path: Path) -> None:
    copy = tmp_path / "bag"
    shutil.copytree(bag, copy)
    still = copy / "data/stills/closest.png"
    still.chmod(0o644)
    content = bytearray(still.read_bytes())
    content[len(content) // 2] ^= 1
    still.write_bytes(content)
    found = wideberth("verify", copy)
    assert found.exit_code == NOTHING_TO_WORK_ON
    assert "data/stills/closest.png: altered" in found.stdout


def test_everything_that_was_promised_is_in_it(bag: Path, seen: Analysed) -> None:
    data = bag / "data"
    evidence_file = json.loads((data / "evidence.json").read_text())
    assert {one["part"] for one in evidence_file["absent"]} == {"map", "annotated clip", "vessel identity"}
    assert (data / "original" / seen.files.video.name).read_bytes() == seen.files.video.read_bytes()
    assert (data / "original" / seen.files.telemetry.name).read_bytes() == seen.files.telemetry.read_bytes()
    pack = hashlib.sha256((data / "rules/kr.yaml").read_bytes()).hexdigest()
    assert pack == seen.plan.pack_sha256
    for name in (
        "report.ko.pdf",
        "report.en.pdf",
        "HOW-TO-CHECK.md",
        "HOW-TO-REPEAT.md",
        "alert.geojson",
        "settings.json",
        "own-conduct.json",
        "clips/encounter.mp4",
        "stills/closest-as-filmed.png",
        "stills/vessel.png",
        "curves/distance.png",
        "curves/speed.png",
        "tables/tracks.csv",
        "tables/separations.csv",
        "analysis/encounters.json",
        "calibration/calibration.json",
        "calibration/error-budget.json",
        "models/anomaly/0.2.0/card.yaml",
        "audit/trail.jsonl",
    ):
        assert (data / name).stat().st_size > 0, name
    assert AnalysisSettings.model_validate_json((data / "settings.json").read_bytes()) == seen.plan.settings


def test_the_cut_clip_shows_the_frames_of_the_original(bag: Path, seen: Analysed) -> None:
    first = json.loads((bag / "data/evidence.json").read_text())["cut_first_pts"]
    whole = {one.frame.meta.pts: as_array(one.frame) for one in read_frames(seen.files.video, clip="a")}
    shown = list(read_frames(bag / "data/clips/encounter.mp4", clip="b"))
    assert shown
    for one in shown:
        assert np.array_equal(as_array(one.frame), whole[one.frame.meta.pts + first])


def test_the_still_is_the_frame_that_decided(bag: Path, seen: Analysed) -> None:
    alert = json.loads((bag / "data/alert.geojson").read_text())["properties"]
    (frame,) = (
        one.frame for one in read_frames(seen.files.video, clip="a") if one.frame.meta.pts == alert["closest_pts"]
    )
    raw = cv2.imread(str(bag / "data/stills/closest-as-filmed.png"))
    drawn = cv2.imread(str(bag / "data/stills/closest.png"))
    assert np.array_equal(raw, as_array(frame))
    assert 0.001 < float((raw != drawn).any(axis=2).mean()) < 0.3, "something is drawn, and most is left alone"


def test_the_report_says_the_numbers_in_both_languages(bag: Path) -> None:
    alert = json.loads((bag / "data/alert.geojson").read_text())["properties"]
    words = {"en": ("Candidate violation", "not known"), "ko": ("위반 후보", "알 수 없음")}
    for language, expected in words.items():
        document = pypdfium2.PdfDocument(bag / f"data/report.{language}.pdf")
        assert 3 <= len(document) <= 5
        text = "\n".join(page.get_textpage().get_text_range() for page in document)
        low, high = alert["interval_95_m"]
        for one in (*expected, f"{alert['measured']:.1f} m", f"{low:.1f}–{high:.1f} m", "돌고래로부터 50m 이내"):
            assert one in text, (language, one)
        document.close()


def test_the_error_budget_is_that_of_the_judged_distance(analysed: Path, alert: str) -> None:
    case = find_case(analysed, alert)
    budget = measures_of(case).budget
    assert budget is not None
    assert budget.separation_m == pytest.approx(case.alert.closest_separation_m, rel=1e-6)
    assert 0.5 * budget.judged_sigma_m < budget.together_m < 1.3 * budget.judged_sigma_m
    assert {"height", "pitch", "focal_length"} <= {share.source for share in budget.shares[:4]}


def test_separations_and_timeline_come_back_as_they_were_judged(analysed: Path, alert: str, seen: Analysed) -> None:
    back = read_separations(analysed / "separations.parquet")
    assert {one.craft_track: one.samples for one in back} == {s.craft_track: s.samples for s in seen.outcome.series}
    timeline = timeline_of(find_case(analysed, alert))
    assert timeline.pose_at(find_case(analysed, alert).alert.closest_t_s) is not None


def test_a_bag_is_not_made_over_another(bag: Path, analysed: Path, alert: str) -> None:
    with pytest.raises(Conflict, match="there is such a bag already"):
        evidence(Asked(alert, analysed))
    assert evidence(Asked(alert, analysed, keep=True)).sealed.path == bag


def test_who_the_vessel_may_be_is_said_with_its_probability(analysed: Path, alert: str, tmp_path: Path) -> None:
    track = find_case(analysed, alert).alert.vessel_track
    named = {"mmsi": 440000001, "name": "SEA STAR"}
    who = {"track": track, "verdict": "matched", "probability": 0.987, "reason": "within 12 m for 40 s", **named}
    (analysed / "identity.json").write_text(json.dumps({"identities": [who]}))
    try:
        made = evidence(Asked(alert, analysed, out=tmp_path, cut_only=True)).sealed.path
        (analysed / "identity.json").write_text(json.dumps({"identities": [who | {"probability": 98.7}]}))
        with pytest.raises(BadInput, match=r"identity\.json: identities\.0\.probability"):
            find_case(analysed, alert)
        unsure = who | {"verdict": "ambiguous", "name": None, "mmsi": None}
        (analysed / "identity.json").write_text(json.dumps({"identities": [unsure]}))
        identity = find_case(analysed, alert).identity
        assert identity is not None
        assert not identity.named
    finally:
        (analysed / "identity.json").unlink()
    document = pypdfium2.PdfDocument(made / "data/report.en.pdf")
    text = document[0].get_textpage().get_text_range()
    document.close()
    assert "SEA STAR, MMSI 440000001 (probability 98.7 %)" in text
    absent = {one["part"]: one["reason"] for one in json.loads((made / "data/evidence.json").read_text())["absent"]}
    assert "original video" in absent
    assert "vessel identity" not in absent
    assert not list((made / "data/original").glob("*.mp4"))
    assert Check(made).run()


def test_what_is_wrong_is_said_with_a_remedy(analysed: Path, alert: str, seen: Analysed, tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="no alert"):
        find_case(analysed, "ffffffff")
    (tmp_path / "other.mp4").write_bytes(b"not the clip")
    with pytest.raises(BadInput, match="not the file that was analysed"):
        evidence(Asked(alert, analysed, out=tmp_path / "out", video=tmp_path / "other.mp4"))
    assert not (tmp_path / "out").exists(), "nothing half-made is left"
    alone = tmp_path / "alone" / "analysis"
    shutil.copytree(analysed, alone, ignore=shutil.ignore_patterns("evidence"))
    with pytest.raises(NotFound, match="say --video"):
        evidence(Asked(alert, alone))
    (alone / "separations.parquet").unlink()
    with pytest.raises(BadInput, match="analyse the clip again"):
        find_case(alone, alert)
    trail = alone / "audit.jsonl"
    trail.write_text(trail.read_text().replace("bag.asked", "bag.seen"))
    shutil.copyfile(analysed / "separations.parquet", alone / "separations.parquet")
    with pytest.raises(Conflict, match="the audit trail was altered"):
        evidence(Asked(alert, alone, video=seen.files.video, telemetry=seen.files.telemetry))


def test_without_its_authority_a_bag_waits_for_its_stamp(analysed: Path, alert: str, tmp_path: Path) -> None:
    away = Authority("http://127.0.0.1:1/")
    made = evidence(Asked(alert, analysed, out=tmp_path, cut_only=True, authority=away))
    assert made.no_stamp is not None
    (request,) = tmp_path.glob("*.tsq")
    assert request.with_suffix("") == made.sealed.path
    with pytest.raises(Unavailable):
        stamp_waiting(tmp_path, away)
    assert request.exists()
