"""The exhibits of an evidence bag that need pixels or models: clips, stills, curves, map, model cards."""

import shutil
from collections.abc import Iterable
from pathlib import Path

from wideberth.render.curves import draw_curves
from wideberth.render.overlay import Timeline, worst_verdicts_of_rows
from wideberth.render.stills import draw_stills
from wideberth_contracts.errors import WideberthError
from wideberth_contracts.phrases import phrase
from wideberth_contracts.poses import CameraPose
from wideberth_contracts.tracks import SensedFrame, TrackState
from wideberth_gateway.evidence.case import Case
from wideberth_gateway.evidence.exhibits import Absent, Exhibit, Exhibits, Originals, absence
from wideberth_media import cut_clip
from wideberth_pipeline.segment_file import read_segment, segment_path
from wideberth_pipeline.track_table import read_tracks
from wideberth_servicekit.model_store import models_root

CARDS = ("card.yaml", "card.md", "SHA256SUMS")


def make_exhibits(case: Case, originals: Originals, folder: Path) -> Exhibits:
    """Write everything below `folder`; what a part could not be made for is absent by name, not left out silently."""
    shown: list[Exhibit] = []
    absent: list[Absent] = []
    timeline = timeline_of(case)
    shown += draw_stills(originals.video, case, timeline, folder)
    curves = draw_curves(case, folder)
    shown += curves
    if not curves:
        absent.append(absence(phrase("part.curves"), phrase("absent.no_separation")))
    shown += _map(case, folder, absent)
    cut_pts = _cut(case, originals, folder, shown, absent)
    _annotated(case, folder, shown, absent)
    _cards(case, folder, absent)
    return Exhibits(tuple(shown), tuple(absent), cut_pts)


def timeline_of(case: Case) -> Timeline:
    """What is drawn over the frames of the case, from the files of its analysis."""
    start_s, stop_s = case.span_s
    spans = [span for span in case.plan.spans if span.frames and span.start_s <= stop_s and span.stop_s >= start_s]
    sensed: list[SensedFrame] = [
        row.sensed for span in spans for row in read_segment(segment_path(case.folder, span)).rows
    ]
    tracks = read_tracks(case.folder / "tracks.parquet", case.span_s)
    shown = tuple(track for track in tracks if track.state in (TrackState.CONFIRMED, TrackState.LOST))
    return Timeline(
        tracks=shown,
        times_s={track.id: tuple(point.t_s for point in track.points) for track in shown},
        samples={case.series.craft_track: case.series.samples},
        verdicts=worst_verdicts_of_rows(case.judged["encounters"]),
        pose_times_s=tuple(frame.frame.t_s for frame in sensed),
        poses=tuple(frame.pose if isinstance(frame.pose, CameraPose) else None for frame in sensed),
        width_px=case.plan.width_px,
        height_px=case.plan.height_px,
    )


def _map(case: Case, folder: Path, absent: list[Absent]) -> list[Exhibit]:
    source = case.folder / "map.png"
    if not source.is_file():
        absent.append(absence(phrase("part.map"), phrase("absent.no_file", file="map.png")))
        return []
    (folder / "curves").mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, folder / "curves" / "map.png")
    return [Exhibit("curves/map.png", "Tracks on the sea, north up.", "해상 항적도(위가 북쪽).")]


def _cut(case: Case, originals: Originals, folder: Path, shown: list[Exhibit], absent: list[Absent]) -> int | None:
    """The encounter alone, its compressed pictures as they are in the original; the PTS of its first frame there."""
    try:
        cut = cut_clip(originals.video, folder / "clips" / "encounter.mp4", *case.span_s)
    except WideberthError as error:
        absent.append(absence(phrase("part.cut_clip"), phrase("absent.problem", english=error.detail)))
        return None
    english = f"The original from {cut.start_s:.2f} to {cut.stop_s:.2f} s, not encoded again ({cut.frames} frames)."
    korean = f"원본 {cut.start_s:.2f}–{cut.stop_s:.2f}초 구간, 재인코딩 없음({cut.frames} 프레임)."
    shown.append(Exhibit("clips/encounter.mp4", english, korean))
    return cut.first_pts


def _annotated(case: Case, folder: Path, shown: list[Exhibit], absent: list[Absent]) -> None:
    source = case.folder / "annotated.mp4"
    if not source.is_file():
        absent.append(absence(phrase("part.annotated_clip"), phrase("absent.no_file", file="annotated.mp4")))
        return
    try:
        cut_clip(source, folder / "clips" / "annotated.mp4", *case.span_s)
    except WideberthError as error:
        absent.append(absence(phrase("part.annotated_clip"), phrase("absent.problem", english=error.detail)))
        return
    english = "The same span with boxes, distances and rings drawn in."
    shown.append(Exhibit("clips/annotated.mp4", english, "같은 구간에 선박·개체 표시, 거리, 원을 그려 넣은 영상."))


def _cards(case: Case, folder: Path, absent: list[Absent]) -> None:
    """Cards of the models that were used, where the weights here are the ones that were used."""
    for model in (one for service in case.plan.services for one in service.models):
        name, _, version = model.id.partition("/")
        card = phrase("part.card", model=model.id)
        try:
            source = models_root(name) / name / version
            used = model.sha256 in _listed(source / "SHA256SUMS")
        except (WideberthError, OSError) as error:
            absent.append(absence(card, phrase("absent.problem", english=str(error))))
            continue
        if not used:
            absent.append(absence(card, phrase("absent.other_weights")))
            continue
        target = folder / "models" / name / version
        target.mkdir(parents=True, exist_ok=True)
        for file in CARDS:
            if (source / file).is_file():
                shutil.copyfile(source / file, target / file)


def _listed(sums: Path) -> Iterable[str]:
    return {line.split()[0] for line in sums.read_text(encoding="utf-8").splitlines() if line.strip()}
