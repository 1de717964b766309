"""Rule packs on the command line, and a finished analysis judged again."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from wideberth.cli import build
from wideberth.findings import alerts_for, write_findings
from wideberth_gateway.rules import list_packs
from wideberth_pipeline import write_results

from .conftest import Analysed

PACKS = Path(__file__).resolve().parents[2] / "gateway/src/wideberth_gateway/rules/packs"
FINE, NOTHING_TO_WORK_ON = 0, 1


def wideberth(*arguments: str | Path) -> Result:
    """One call of the program."""
    words = [str(argument) for argument in arguments]
    return CliRunner().invoke(build(words), words)


@pytest.fixture
def results(seen: Analysed, tmp_path: Path) -> Path:
    """The folder of a finished analysis."""
    folder = tmp_path / "results"
    shutil.copytree(seen.folder, folder)
    write_results(seen.plan, seen.outcome, folder)
    write_findings(seen.plan, seen.outcome, alerts_for(seen.plan, seen.outcome), folder)
    return folder


def verdicts(file: Path) -> dict[tuple[str, str], str]:
    content: dict[str, Any] = json.loads(file.read_text())
    return {(row["vessel_track"], row["rule"]): row["verdict"] for row in content["encounters"]}


def test_packs_are_listed() -> None:
    result = wideberth("rules", "list", "--json", "-")
    assert result.exit_code == FINE
    listed = json.loads(result.stdout)
    assert {row["pack"].split("@")[0] for row in listed} == set(list_packs())
    assert next(row for row in listed if row["pack"].startswith("kr@"))["older"] == ["2026.11.1"]


def test_a_pack_is_shown_with_every_numbers_evidence() -> None:
    shown = wideberth("rules", "show", "nz@1").stdout
    assert "already = 3 [P] Marine Mammals Protection Regulations 1992 reg 20" in shown
    assert "ahead_half_deg = 60 [C] chosen" in shown
    assert "(the sources at hand hold a summary and not the wording)" in shown
    assert json.loads(wideberth("rules", "show", "kr@2026.11.1", "--json", "-").stdout)["version"] == "2026.11.1"


def test_a_pack_that_does_not_validate_says_line_and_reason(tmp_path: Path) -> None:
    text = (PACKS / "nz.yaml").read_text()
    line = next(number for number, words in enumerate(text.splitlines(), 1) if "already: {value: 3" in words)
    bad = tmp_path / "bad.yaml"
    bad.write_text(text.replace("already: {value: 3", "already: {value: three"))
    result = wideberth("rules", "check", PACKS / "nz.yaml", bad)
    assert result.exit_code == NOTHING_TO_WORK_ON
    assert "nz.yaml: fine" in result.output
    assert f"bad.yaml, line {line}" in result.output
    assert "valid number" in result.output


@pytest.mark.parametrize(("arguments", "word"), [(("show", "atlantis"), "atlantis"), (("show",), "needs a pack")])
def test_nothing_to_show_is_said(arguments: tuple[str, ...], word: str) -> None:
    result = wideberth("rules", *arguments)
    assert result.exit_code == NOTHING_TO_WORK_ON
    assert word in result.output


def test_judging_again_leaves_the_old_verdict_beside_the_new(results: Path) -> None:
    before = (results / "encounters.json").read_bytes()
    assert wideberth("judge", results, "--rules", "nz@1").exit_code == FINE
    assert (results / "encounters.json").read_bytes() == before
    again = results / "encounters.nz-1.json"
    assert {rule.split("-")[0] for _, rule in verdicts(again)} == {"NZ"}
    said = again.read_bytes()
    assert wideberth("judge", results, "--rules", "nz@1").exit_code == FINE
    assert sorted(file.name for file in results.glob("encounters*.json")) == ["encounters.json", "encounters.nz-1.json"]
    assert again.read_bytes() == said


def test_the_same_law_gives_the_same_verdict_again(results: Path) -> None:
    assert wideberth("judge", results).exit_code == FINE
    assert verdicts(results / "encounters.kr-2026.11.2.json") == verdicts(results / "encounters.json")
    assert wideberth("judge", results, "--rules", "kr@2026.11.1").exit_code == FINE
    assert verdicts(results / "encounters.kr-2026.11.1.json") == verdicts(results / "encounters.json")


def test_what_a_person_knows_makes_another_verdict_beside_it(results: Path, tmp_path: Path) -> None:
    first = verdicts(results / "encounters.json")
    craft = next(name for (name, rule), verdict in first.items() if (rule, verdict) == ("KR-1", "violation"))
    claim = {"kind": "safety", "craft_track": craft, "says": "engine failed", "by": "reviewer"}
    known = tmp_path / "known.json"
    known.write_text(json.dumps({"species": "dolphin", "exceptions": [claim]}))
    assert wideberth("judge", results).exit_code == FINE
    assert wideberth("judge", results, "--known", known).exit_code == FINE
    row = next(
        row
        for row in json.loads((results / "encounters.kr-2026.11.2.2.json").read_text())["encounters"]
        if (row["vessel_track"], row["rule"]) == (craft, "KR-1")
    )
    assert (row["verdict"], row["exceptions"][0]["admitted"]) == ("violation", False)


def test_a_bad_statement_is_refused_by_place(results: Path, tmp_path: Path) -> None:
    known = tmp_path / "known.json"
    known.write_text(json.dumps({"specie": "dolphin"}))
    result = wideberth("judge", results, "--known", known)
    assert result.exit_code == NOTHING_TO_WORK_ON
    assert "specie" in result.output


def test_a_folder_that_is_no_analysis_is_refused(tmp_path: Path) -> None:
    result = wideberth("judge", tmp_path)
    assert result.exit_code == NOTHING_TO_WORK_ON
    assert "no finished analysis" in result.output


def test_a_law_of_ones_own_judges_too(results: Path, tmp_path: Path) -> None:
    mine = tmp_path / "mine.yaml"
    text = (PACKS / "jp-amakusa.yaml").read_text().replace("id: jp-amakusa", "id: mine")
    mine.write_text(text)
    assert wideberth("judge", results, "--rules", mine).exit_code == FINE
    assert (results / "encounters.mine-1.json").is_file()
