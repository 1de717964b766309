"""`judge`: tracks under a rule pack."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from wideberth.edge import JsonOut, run, write_json
from wideberth_contracts.judgement import JudgeRequest
from wideberth_contracts.poses import TelemetryGrade
from wideberth_contracts.separations import SeparateRequest
from wideberth_distance.local import LocalDistance
from wideberth_gateway.judging import rows as judged_rows
from wideberth_gateway.rules.judge import LocalJudge
from wideberth_pipeline.track_table import read_tracks


def judge_command(
    tracks: Annotated[Path, typer.Argument(metavar="TRACKS.parquet|csv")],
    rules: Annotated[str, typer.Option(help="Rule pack.")] = "kr",
    json_out: JsonOut = Path("-"),
) -> None:
    """Judge tracks by a rule pack."""
    write_json(run(_judge(tracks, rules)), json_out)


async def _judge(file: Path, rules: str) -> list[dict[str, object]]:
    tracks = await asyncio.to_thread(read_tracks, file)
    series = (await LocalDistance().separate(SeparateRequest(tracks=tracks))).series
    answer = await LocalJudge().judge(JudgeRequest(rules=rules, grade=TelemetryGrade.A, tracks=tracks, series=series))
    return [dict(row) for row in judged_rows(answer, tracks)]
