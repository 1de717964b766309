"""A span of a small real clip through stages that answer by arithmetic and dawdle at random."""

import asyncio
import random
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest

from wideberth_contracts.detections import (
    AsideDetections,
    Attention,
    Detection,
    FrameDetections,
    Looked,
    ObjectKind,
    OrientedBox,
)
from wideberth_contracts.errors import BadInput, Unavailable
from wideberth_contracts.frames import ClearedFrame, ClearOutcome, FrameWindow, GlintGate, ImageMotion
from wideberth_contracts.poses import NoPose, PoseAbsence, TelemetryGrade
from wideberth_contracts.positions import LocateAnswer, LocatedDetection, LocateRequest, NoPosition, PositionAbsence
from wideberth_contracts.settings import AnalysisSettings
from wideberth_contracts.wire import Rejection
from wideberth_media import VideoWriter, as_array, frame_of, frame_times, sha256_of
from wideberth_pipeline import Plan, Stages, sense
from wideberth_pipeline.aside_list import HEAD, MAGIC, aside_in
from wideberth_pipeline.plan import POSES_FILE, PosedTime, PoseTable, Span
from wideberth_pipeline.results import searched
from wideberth_pipeline.segment_file import read_segment, segment_path

WIDTH_PX, HEIGHT_PX, FPS = 96, 64, 20


class Dawdling:
    """Every port at once. Notes what it was asked for, in order; answers late by a random while."""

    def __init__(self, seed: int, longest_s: float = 0.01, fails_at: float | None = None) -> None:
        self.asked: dict[str, list[float]] = {}
        self.windows: list[int] = []
        self.attentions: list[Attention] = []
        self._random = random.Random(seed)
        self._longest_s = longest_s
        self._fails_at = fails_at

    async def _note(self, verb: str, t_s: float) -> None:
        self.asked.setdefault(verb, []).append(t_s)
        await asyncio.sleep(self._random.uniform(0, self._longest_s))

    async def clear(self, window: FrameWindow) -> ClearedFrame:
        frame = window.frames[window.reference]
        self.windows.append(len(window.frames))
        await self._note("clear", frame.meta.t_s)
        darker = frame_of(as_array(frame) // 2, frame.meta)
        mask = memoryview(bytes(frame.meta.width_px * frame.meta.height_px))
        return ClearedFrame(darker, mask, 0.1, ClearOutcome.CLEARED)

    async def detect(self, frame: Any, settings: Any, attention: Any) -> FrameDetections:
        self.attentions.append(attention)
        await self._note("detect", frame.meta.t_s)
        if frame.meta.t_s == self._fails_at:
            raise Unavailable("the detector went away")
        at = 20.0 + float(as_array(frame)[0, 0, 0]) / 8
        box = OrientedBox(cx_px=at, cy_px=30.0, length_px=12.0, width_px=4.0, angle_deg=0.0)
        found = Detection(kind=ObjectKind.DOLPHIN, confidence=0.8, box=box, model_id="arithmetic")
        looked = Looked(inferred_px=100, closely_fraction=0.5, put_off_fraction=0.1 * (frame.meta.t_s > 2))
        return FrameDetections(frame=frame.meta, detections=(found,), rejections=(), looked=looked, inference_s=0.0)

    async def locate(self, request: LocateRequest) -> LocateAnswer:
        nowhere = NoPosition(reason=PositionAbsence.NO_POSE)
        located = tuple(LocatedDetection(detection=found, position=nowhere) for found in request.detections)
        await self._note("locate", 0.0)
        return LocateAnswer(points=(), detections=located, separations=())

    async def motion(self, earlier: Any, later: Any) -> ImageMotion:
        await self._note("motion", later.meta.t_s)
        shift = float(as_array(later)[0, 0, 0]) - float(as_array(earlier)[0, 0, 0])
        return ImageMotion(later_from_earlier=(1, 0, shift, 0, 1, 0, 0, 0, 1), inliers=9)


def stages(port: Any) -> Stages:
    return Stages(glare=port, detector=port, distance=port, tracker=port, anomaly=port, judge=port)


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("clip") / "clip.mp4"
    with VideoWriter(path, WIDTH_PX, HEIGHT_PX, FPS) as video:
        for number in range(60):
            video.write(np.full((HEIGHT_PX, WIDTH_PX, 3), 40 + 3 * number, np.uint8))
    return path


def planned(clip: Path, folder: Path, gate: GlintGate = GlintGate.AUTO) -> Plan:
    settings = AnalysisSettings()
    settings = settings.model_copy(update={"clear": settings.clear.model_copy(update={"gate": gate})})
    nowhere = NoPose(reason=PoseAbsence.NO_TELEMETRY)
    table = PoseTable(poses=tuple(PosedTime(pts=stamp.pts, pose=nowhere) for stamp in frame_times(clip)))
    folder.mkdir(parents=True, exist_ok=True)
    (folder / POSES_FILE).write_text(table.model_dump_json())
    return Plan(
        analysis_id="0" * 64,
        video=clip.name,
        video_sha256=sha256_of(clip),
        width_px=WIDTH_PX,
        height_px=HEIGHT_PX,
        duration_s=3.0,
        average_fps=FPS,
        telemetry=None,
        grade=TelemetryGrade.C,
        origin=None,
        starts_at=None,
        settings=settings,
        services=(),
        pack_sha256="0" * 64,
        spans=(Span(index=0, start_s=1.0, stop_s=3.0, frames=10),),
        warnings=(),
    )


def sensed(clip: Path, folder: Path, port: Dawdling, gate: GlintGate = GlintGate.AUTO) -> Any:
    plan = planned(clip, folder, gate)
    done: list[int] = []
    asyncio.run(sense(stages(port), plan, plan.spans[0], clip, folder, lambda count, _: done.append(count)))
    assert done == list(range(1, 11))
    return read_segment(segment_path(folder, plan.spans[0]))


def test_rows_do_not_depend_on_which_stage_was_faster(clip, tmp_path, monkeypatch) -> None:
    ports = [Dawdling(seed) for seed in range(3)]
    several = [sensed(clip, tmp_path / str(seed), port) for seed, port in enumerate(ports)]
    monkeypatch.setattr(sys.modules["wideberth_pipeline.sense"], "FRAMES_AT_ONCE", 1)
    alone = sensed(clip, tmp_path / "alone", Dawdling(9))
    assert len(alone.rows) == 10
    assert all(row.crops for row in alone.rows)
    for segment in several:
        assert segment.rows == alone.rows
    for port in ports:
        assert all(port.asked[verb] == sorted(port.asked[verb]) for verb in ("clear", "detect", "motion"))
        assert len(port.asked["motion"]) == 10, "the frame before the span gives the first motion"


def test_each_frame_is_expected_to_hold_what_the_frame_before_did(clip, tmp_path) -> None:
    port = Dawdling(4)
    rows = sensed(clip, tmp_path, port).rows
    assert [attention.turn for attention in port.attentions] == list(range(5, 15))
    assert port.attentions[0].expected == ()
    for attention, before in zip(port.attentions[1:], rows, strict=False):
        assert attention.expected[0] == before.sensed.detections[0].detection.box


def test_how_closely_each_frame_was_searched_reaches_the_results(clip, tmp_path) -> None:
    rows = sensed(clip, tmp_path, Dawdling(5, longest_s=0.0)).rows
    assert all(row.sensed.looked.closely_fraction == 0.5 for row in rows)
    late = [row.sensed.frame.t_s for row in rows if row.sensed.frame.t_s > 2]
    told = searched(row.sensed for row in rows)
    assert told["frames"] == len(rows)
    assert (told["inferred_px"], told["closely_fraction"]) == (100, 0.5)
    assert told["put_off_fraction"] == pytest.approx(0.1 * len(late) / len(rows))
    assert told["most_put_off"] == {"t_s": late[0], "fraction": 0.1}


def test_without_clearing_no_neighbour_is_turned_into_pixels(clip, tmp_path) -> None:
    port = Dawdling(1, longest_s=0.0)
    sensed(clip, tmp_path / "never", port, GlintGate.NEVER)
    assert set(port.windows) == {1}
    port = Dawdling(1, longest_s=0.0)
    sensed(clip, tmp_path / "auto", port)
    assert max(port.windows) == 3


def test_a_service_that_went_away_leaves_no_file(clip, tmp_path) -> None:
    plan = planned(clip, tmp_path)
    t_s = frame_times(clip)[32].t_s
    with pytest.raises(Unavailable):
        asyncio.run(sense(stages(Dawdling(2, fails_at=t_s)), plan, plan.spans[0], clip, tmp_path))
    assert not segment_path(tmp_path, plan.spans[0]).exists()


def test_a_frame_that_fails_is_a_row_that_says_so(clip, tmp_path) -> None:
    class Odd(Dawdling):
        async def locate(self, request: LocateRequest) -> LocateAnswer:
            raise BadInput("too odd to place")

    segment = sensed(clip, tmp_path, Odd(4, longest_s=0.0))
    assert all("too odd to place" in (row.sensed.failure or "") for row in segment.rows)


class SettingAside(Dawdling):
    """Sees one animal twice in each picture, and once again where the sun was taken out; says what it leaves out."""

    async def detect(self, frame: Any, settings: Any, attention: Any) -> FrameDetections:
        found = await super().detect(frame, settings, attention)
        return found.model_copy(
            update={
                "rejections": (Rejection(reason="duplicate", count=1),),
                "aside": AsideDetections.of("duplicate", found.detections),
            }
        )

    async def clear(self, window: FrameWindow) -> ClearedFrame:
        cleared = await super().clear(window)
        filled = memoryview(b"\xff" * len(cleared.glint_mask))
        return ClearedFrame(cleared.frame, filled, 1.0, ClearOutcome.CLEARED)


def test_what_was_set_aside_is_kept_and_its_count_agrees(clip, tmp_path) -> None:
    segment = sensed(clip, tmp_path, SettingAside(6, longest_s=0.0))
    path = segment_path(tmp_path, segment.span)
    kept = listed(aside_in(path))
    assert [pts for pts, _ in kept] == [row.sensed.frame.pts for row in segment.rows]
    for (_, boxes), row in zip(kept, segment.rows, strict=True):
        told: Counter[str] = Counter()
        for one in row.sensed.rejections:
            told[one.reason] += one.count
        assert Counter(box[-1] for box in boxes) == told
        # Two searches, each with a duplicate; all the rest lies on what was filled, or is one and the same.
        assert told["duplicate"] == 2
        assert told["seen_on_raw_and_cleared"] + told["on_refilled_glint"] == 2
        assert row.sensed.detections == ()
        assert {(box[0], box[1], box[2], box[3], box[5]) for box in boxes} == {
            (box[0], 30.0, 12.0, 4.0, "dolphin") for box in boxes
        }
        assert all(abs(box[4] - 0.8) < 0.001 for box in boxes)
    assert all(row.aside == AsideDetections() for row in segment.rows), "following reads none of it"


def test_a_segment_older_than_what_was_set_aside_has_none_and_is_read(clip, tmp_path) -> None:
    segment = sensed(clip, tmp_path, SettingAside(7, longest_s=0.0))
    path = segment_path(tmp_path, segment.span)
    table = pq.read_table(path)
    pq.write_table(table.drop_columns(["aside"]), path)
    assert read_segment(path) == segment
    assert [boxes for _, boxes in listed(aside_in(path))] == [[]] * len(segment.rows)


def listed(content: bytes) -> list[tuple[int, list[tuple]]]:
    """What was handed out, by frame: PTS and (x, y, length, width, confidence, class, reason) of each."""
    magic, frames, count, told, _ = HEAD.unpack_from(content)
    assert magic == MAGIC
    place = HEAD.size
    columns = []
    for kind, length in [("<i8", frames), ("<u4", frames + 1), *[("<f4", count)] * 6, ("<u2", count), ("<u2", count)]:
        column = np.frombuffer(content, kind, length, place)
        columns.append(column.tolist())
        place += column.nbytes
    words = content[place:].decode().split("\n")
    assert len(content) == place + told
    pts, first, x, y, length, width, _, confidence, kind, reason = columns
    rows = [
        (*numbers, words[one], words[why])
        for *numbers, one, why in zip(x, y, length, width, confidence, kind, reason, strict=True)
    ]
    return [(one, rows[first[index] : first[index + 1]]) for index, one in enumerate(pts)]
