"""`judge`: tracks, or a finished analysis, under a rule pack."""

import asyncio
import json
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.table import Table

from wideberth.edge import Areas, JsonOut, attempt, first_line, read_file, run, write_json
from wideberth_contracts.errors import BadInput
from wideberth_contracts.judgement import JudgeRequest
from wideberth_contracts.known import Known
from wideberth_contracts.poses import TelemetryGrade
from wideberth_contracts.separations import SeparateRequest
from wideberth_distance.local import LocalDistance
from wideberth_gateway.judging import encounters_json
from wideberth_gateway.judging import rows as judged_rows
from wideberth_gateway.rules.catalogue import Packs, find_pack, packs_with
from wideberth_gateway.rules.judge import LocalJudge
from wideberth_gateway.verdicts import keep_beside, verdict_files
from wideberth_pipeline import judge_again
from wideberth_pipeline.track_table import read_tracks

OUT = Console()


def judge_command(
    tracks: Annotated[Path, typer.Argument(metavar="TRACKS.parquet|csv|FOLDER")],
    rules: Annotated[
        str, typer.Option(help="Rule pack: kr, one version of it: kr@2026.11.1, or the YAML file of your own.")
    ] = "kr",
    areas: Areas = None,
    known: Annotated[
        Path | None,
        typer.Option(help="JSON of what a person knows: species, calves, wakes, exceptions (docs/rules.md)."),
    ] = None,
    json_out: JsonOut = Path("-"),
) -> None:
    """Judge tracks by a rule pack; a FOLDER of `analyse` is judged again, and its old verdicts stay beside."""
    said, packs = _known(known), attempt(lambda: packs_with(areas, find_pack))
    if not tracks.is_dir():
        write_json(run(_judge(tracks, rules, said, packs)), json_out)
        return
    kept = run(_again(tracks, rules, said, packs))
    _print(tracks, kept)
    if str(json_out) != "-":
        write_json(json.loads(kept.read_text(encoding="utf-8")), json_out)


def _known(file: Path | None) -> Known:
    if file is None:
        return Known()
    try:
        return Known.model_validate_json(read_file(file))
    except ValidationError as error:
        return run(_refuse(file, first_line(error)))


async def _refuse(file: Path, reason: str) -> Known:
    raise BadInput(reason, where=str(file), remedy="docs/rules.md shows what a person can say")


async def _judge(file: Path, rules: str, known: Known, packs: Packs) -> list[dict[str, object]]:
    tracks = await asyncio.to_thread(read_tracks, file)
    series = (await LocalDistance().separate(SeparateRequest(tracks=tracks))).series
    request = JudgeRequest(rules=rules, grade=TelemetryGrade.A, tracks=tracks, series=series, known=known)
    answer = await LocalJudge(packs).judge(request)
    return [dict(row) for row in judged_rows(answer, tracks)]


async def _again(folder: Path, rules: str, known: Known, packs: Packs) -> Path:
    plan, tracks, answer = await judge_again(LocalDistance(), LocalJudge(packs), folder, rules=rules, known=known)
    return keep_beside(folder, answer, encounters_json(answer, plan.analysis_id, tracks))


def _print(folder: Path, newest: Path) -> None:
    """All verdicts of a folder, one file after another."""
    table = Table(title=f"verdicts in {folder}; the newest is {newest.name}")
    for column in ("rules", "craft", "group", "rule", "verdict", "reason"):
        table.add_column(column)
    for file in verdict_files(folder):
        content: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        pack = f"{content['rule_pack']['id']}@{content['rule_pack']['version']}"
        for row in content["encounters"]:
            table.add_row(pack, row["vessel_track"], row["group"], row["rule"], row["verdict"], row["reason"])
        for one in content["own_conduct"]:
            table.add_row(pack, "drone", "", one["rule"], one["verdict"], one["reason"])
    OUT.print(table)
