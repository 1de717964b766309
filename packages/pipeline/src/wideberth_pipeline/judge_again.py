"""A finished analysis under another law, or with what a person has said since. Nothing is sensed or tracked again."""

import asyncio
from pathlib import Path

from wideberth_contracts.errors import NotFound
from wideberth_contracts.judgement import JudgeAnswer, JudgeRequest
from wideberth_contracts.known import Known
from wideberth_contracts.ports import DistancePort, JudgePort
from wideberth_contracts.separations import SeparateRequest
from wideberth_contracts.tracks import Track
from wideberth_pipeline.follow import drone_moments, unseen
from wideberth_pipeline.plan import PLAN_FILE, Plan, load_plan
from wideberth_pipeline.segment_file import KeptSegment, kept_segment, segment_path
from wideberth_pipeline.track_table import read_tracks

TRACKS_FILE = "tracks.parquet"


async def judge_again(
    distance: DistancePort, judge: JudgePort, folder: Path, *, rules: str, known: Known
) -> tuple[Plan, tuple[Track, ...], JudgeAnswer]:
    """The analysis in `folder` judged by another pack; nothing is written.

    Args:
        rules: a pack, or one version of it.
        known: what persons said.

    Raises:
        NotFound: the folder holds no finished analysis, or its segments are gone.
        BadRulePack: there is no such pack.
    """
    if not (folder / PLAN_FILE).is_file() or not (folder / TRACKS_FILE).is_file():
        raise NotFound("no finished analysis", where=str(folder), remedy="give the folder of `analyse --out`")
    plan = await asyncio.to_thread(load_plan, folder)
    tracks = await asyncio.to_thread(read_tracks, folder / TRACKS_FILE)
    series = (await distance.separate(SeparateRequest(tracks=tracks))).series
    segments = await asyncio.to_thread(_segments, plan, folder)
    answer = await judge.judge(
        JudgeRequest(
            rules=rules,
            grade=plan.grade,
            tracks=tracks,
            series=series,
            drone=await asyncio.to_thread(drone_moments, segments),
            starts_at=plan.starts_at,
            known=known,
            unseen=unseen(segments),
        )
    )
    return plan, tracks, answer


def _segments(plan: Plan, folder: Path) -> tuple[KeptSegment, ...]:
    paths = [segment_path(folder, span) for span in plan.spans if span.frames]
    gone = [path for path in paths if not path.is_file()]
    if gone:
        reason = "the segment file is gone, and with it where the drone was"
        raise NotFound(reason, where=str(gone[0]), remedy="analyse the clip again")
    return tuple(kept_segment(path) for path in paths)
