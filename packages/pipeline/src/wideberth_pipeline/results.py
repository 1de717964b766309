"""What an analysis leaves behind: `analysis.json`, and tables of observations, tracks and separations."""

import json
from collections import Counter
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from wideberth_contracts.positions import LocatedDetection, Position
from wideberth_contracts.settings import merged
from wideberth_contracts.tracks import TrackState
from wideberth_pipeline.durable import write_text_whole, write_whole
from wideberth_pipeline.follow import Outcome, unseen
from wideberth_pipeline.observed import OBSERVATIONS_FILE
from wideberth_pipeline.plan import Plan
from wideberth_pipeline.segment_file import SensedRow, joined_seconds
from wideberth_pipeline.separation_table import SEPARATION_SCHEMA, separation_rows, separations_csv
from wideberth_pipeline.track_table import TRACK_SCHEMA, track_rows, tracks_csv

OBSERVATION_SCHEMA = pa.schema(
    [
        ("pts", pa.int64()),
        ("t_s", pa.float64()),
        ("captured_at", pa.string()),
        ("detection", pa.int32()),
        ("track_id", pa.string()),
        ("kind", pa.string()),
        ("confidence", pa.float64()),
        ("filled_fraction", pa.float64()),
        ("model_id", pa.string()),
        ("cx_px", pa.float64()),
        ("cy_px", pa.float64()),
        ("length_px", pa.float64()),
        ("width_px", pa.float64()),
        ("angle_deg", pa.float64()),
        ("east_m", pa.float64()),
        ("north_m", pa.float64()),
        ("latitude", pa.float64()),
        ("longitude", pa.float64()),
        ("length_m", pa.float64()),
        ("axis_deg", pa.float64()),
        ("no_position", pa.string()),
    ]
)


def write_results(plan: Plan, outcome: Outcome, folder: Path) -> dict[str, Path]:
    """Write the tables and `analysis.json`; the paths by name."""
    metadata = {"wideberth_version": wideberth_version(), "analysis_id": plan.analysis_id}
    rows = track_rows(outcome.tracks)
    files = {
        "observations": folder / OBSERVATIONS_FILE,
        "tracks": folder / "tracks.parquet",
        "tracks_csv": folder / "tracks.csv",
        "separations": folder / "separations.parquet",
        "separations_csv": folder / "separations.csv",
        "analysis": folder / "analysis.json",
    }
    _write_table(files["observations"], _observations(outcome), OBSERVATION_SCHEMA, metadata)
    _write_table(files["tracks"], rows, TRACK_SCHEMA, metadata)
    write_text_whole(files["tracks_csv"], tracks_csv(rows))
    apart = separation_rows(outcome.series)
    _write_table(files["separations"], apart, SEPARATION_SCHEMA, metadata)
    write_text_whole(files["separations_csv"], separations_csv(apart))
    write_text_whole(files["analysis"], json.dumps(summary(plan, outcome), indent=1, ensure_ascii=False))
    return files


def wideberth_version() -> str:
    """The version written into every file."""
    return version("wideberth-pipeline")


def _write_table(path: Path, rows: list[dict[str, Any]], schema: pa.Schema, metadata: dict[str, str]) -> None:
    table = pa.Table.from_pylist(rows, schema=schema).replace_schema_metadata(metadata)
    write_whole(path, lambda partial: pq.write_table(table, partial, compression="zstd"))


def _observations(outcome: Outcome) -> list[dict[str, Any]]:
    owner = {
        (point.pts, point.detection): track.id
        for track in outcome.tracks
        for point in track.points
        if point.detection is not None
    }
    return [
        _observation(row, index, located, owner.get((row.sensed.frame.pts, index)))
        for segment in outcome.segments
        for row in segment.rows
        for index, located in enumerate(row.sensed.detections)
    ]


def _observation(row: SensedRow, index: int, located: LocatedDetection, track_id: str | None) -> dict[str, Any]:
    frame, found = row.sensed.frame, located.detection
    columns: dict[str, Any] = {
        "pts": frame.pts,
        "t_s": frame.t_s,
        "captured_at": frame.captured_at.isoformat() if frame.captured_at else None,
        "detection": index,
        "track_id": track_id,
        "kind": found.kind.value,
        "confidence": found.confidence,
        "filled_fraction": found.filled_fraction,
        "model_id": found.model_id,
        "length_m": located.length_m.value if located.length_m else None,
        "axis_deg": located.axis_deg,
        **found.box.model_dump(),
    }
    position = located.position
    if not isinstance(position, Position):
        return columns | {"no_position": position.reason.value}
    return columns | position.model_dump(include={"east_m", "north_m", "latitude", "longitude"})


def summary(plan: Plan, outcome: Outcome) -> dict[str, Any]:
    """The content of `analysis.json`: settings, models, grade, counts, seconds per verb."""
    seconds = joined_seconds(outcome.segments) | outcome.seconds
    incomplete = [part.ended_because for part in outcome.segments if not part.complete and not part.failure]
    gaps = unseen(outcome.segments)
    return {
        "wideberth_version": wideberth_version(),
        "analysis_id": plan.analysis_id,
        **({"forked_from": plan.forked_from.model_dump(mode="json")} if plan.forked_from else {}),
        "video": {
            "file": plan.video,
            "sha256": plan.video_sha256,
            "width_px": plan.width_px,
            "height_px": plan.height_px,
            "duration_s": plan.duration_s,
            "average_fps": plan.average_fps,
            "starts_at": plan.starts_at.isoformat() if plan.starts_at else None,
        },
        "telemetry": plan.telemetry.model_dump() if plan.telemetry else None,
        "telemetry_grade": plan.grade.value,
        "telemetry_join": plan.join.model_dump(mode="json") if plan.join else None,
        "origin": plan.origin.model_dump() if plan.origin else None,
        "settings": plan.settings.model_dump(mode="json"),
        "models": [model.model_dump() for service in plan.services for model in service.models],
        "services": [service.model_dump(exclude={"models"}) for service in plan.services],
        "rule_pack": {
            "id": outcome.judgement.pack_id,
            "version": outcome.judgement.pack_version,
            "sha256": outcome.judgement.pack_sha256,
        },
        "looked_at": looked_at(plan),
        "counts": counts(plan, outcome),
        "stays": [
            {"craft_track": series.craft_track, **stay.model_dump()}
            for series in outcome.series
            for stay in series.stays
        ],
        "crossings": [
            {"craft_track": series.craft_track, **crossing.model_dump()}
            for series in outcome.series
            for crossing in series.crossings
        ],
        "searched": searched([row for segment in outcome.segments for row in segment.rows]),
        "seconds": {verb: round(spent, 3) for verb, spent in seconds.items()},
        "screenings": [screening.model_dump(mode="json") for screening in outcome.screenings],
        "not_looked_at": [gap.model_dump(mode="json") for gap in gaps],
        "warnings": [
            *plan.warnings,
            *(f"not looked at: {gap.start_s:g} s to {gap.stop_s:g} s ({gap.reason})" for gap in gaps),
            *(f"the video ends early: {reason}" for reason in incomplete),
        ],
    }


def looked_at(plan: Plan) -> dict[str, Any]:
    """What of the clip was looked at: all of it, or the stretches chosen, s; nothing is known of the rest."""
    spans = [
        {"start_s": one.start_s, "stop_s": min(one.stop_s, max(one.start_s, plan.duration_s))}
        for one in merged(plan.settings.spans)
    ]
    return {"whole": not spans, "spans": spans}


def searched(rows: list[SensedRow]) -> dict[str, Any] | None:
    """How closely frames were searched; None where no detector said so.

    `closely_fraction`, `swept_fraction`, `put_off_fraction` and `inferred_px` are means over frames, as in `Looked`;
    `most_put_off` names the frame in which most of what drew the eye had to wait for the sweep.
    """
    answers = [(row.sensed.frame.t_s, row.sensed.looked) for row in rows if row.sensed.looked]
    if not answers:
        return None
    names = ("closely_fraction", "swept_fraction", "put_off_fraction")
    means = {name: round(sum(getattr(one, name) for _, one in answers) / len(answers), 4) for name in names}
    worst_s, worst = max(answers, key=lambda answer: answer[1].put_off_fraction)
    put_off = {"t_s": worst_s, "fraction": worst.put_off_fraction} if worst.put_off_fraction else None
    pixels = round(sum(one.inferred_px for _, one in answers) / len(answers))
    return {"frames": len(answers), "inferred_px": pixels, **means, "most_put_off": put_off}


def counts(plan: Plan, outcome: Outcome) -> dict[str, Any]:
    """In = out + rejections by reason, for frames, detections and tracks."""
    rows = [row for segment in outcome.segments for row in segment.rows]
    failed = Counter(row.sensed.failure.split(":")[0] for row in rows if row.sensed.failure)
    asked = sum(span.frames for span in plan.spans)
    lost = sum(segment.span.frames for segment in outcome.segments if segment.failure)
    if lost:
        failed["not_looked_at"] = lost
    if asked > len(rows) + lost:
        failed["not_in_the_file"] = asked - lost - len(rows)
    rejected: Counter[str] = Counter()
    for row in rows:
        for rejection in row.sensed.rejections:
            rejected[rejection.reason] += rejection.count
    kept = sum(len(row.sensed.detections) for row in rows)
    believed = {TrackState.CONFIRMED, TrackState.LOST}
    in_track: Counter[str] = Counter()
    for track in outcome.tracks:
        seen = sum(1 for point in track.points if point.detection is not None)
        in_track["in_tracks" if track.state in believed else (track.rejection or track.state.value)] += seen
    in_track["in_no_track"] = kept - sum(in_track.values())
    gone = Counter(track.rejection or track.state.value for track in outcome.tracks if track.state not in believed)
    return {
        "frames": {"in": asked, "sensed": len(rows) - sum(1 for row in rows if row.sensed.failure), "failed": failed},
        "detections": {"in": kept + rejected.total(), "kept": kept, "rejected": rejected, "kept_by_fate": in_track},
        "tracks": {"in": len(outcome.tracks), "kept": len(outcome.tracks) - gone.total(), "rejected": gone},
        "encounters": len(outcome.judgement.encounters),
    }
