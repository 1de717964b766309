"""What clients ask and are told about analyses."""

from datetime import UTC, datetime
from typing import Annotated

from pydantic import Field

from wideberth_contracts.errors import Problem
from wideberth_contracts.poses import TelemetryGrade
from wideberth_contracts.settings import AnalysisSettings
from wideberth_contracts.wire import NonNegative, Sha256, UtcDatetime, Wire
from wideberth_gateway.store.analyses import Analysis, Original, State
from wideberth_gateway.store.trials import FailedSegment
from wideberth_gateway.store.waits import Wait
from wideberth_gateway.wording.recognising import fault_in_korean
from wideberth_pipeline.origin import ForkedFrom, ForkStage


class OriginalView(Wire):
    """A file as received. `sha256` names it from now on."""

    sha256: Sha256
    name: str
    size_bytes: Annotated[int, Field(ge=0)]

    @classmethod
    def of(cls, original: Original) -> "OriginalView":
        """As the store has it."""
        return cls(sha256=original.sha256, name=original.name, size_bytes=original.size_bytes)


class AnalysisRequest(Wire):
    """An analysis of files that were sent before. The same question has the same answer, and the same id."""

    video: Sha256
    telemetry: Sha256 | None = None
    settings: AnalysisSettings = AnalysisSettings()


class FileRef(Wire):
    """An original and the name it came by."""

    sha256: Sha256
    name: str


class Progress(Wire):
    """How far the sensing is. `seconds_left` is absent while there is no pace to reckon from."""

    frames_done: Annotated[int, Field(ge=0)]
    frames_total: Annotated[int, Field(ge=0)]
    segments_done: Annotated[int, Field(ge=0)]
    segments_total: Annotated[int, Field(ge=0)]
    seconds_left: NonNegative | None = None


class NotLookedAt(Wire):
    """A span of the video that could not be sensed, and why: nothing is known of what happened in it.

    `korean`: the reason in Korean, as far as its words are known.
    """

    start_s: NonNegative
    stop_s: NonNegative
    reason: str
    korean: str


class Waiting(Wire):
    """What an analysis waits for, and since when. It goes on by itself once that is there.

    `korean`: the reason in Korean, as far as its words are known.
    """

    reason: str
    korean: str
    since: UtcDatetime


class ForkRequest(Wire):
    """An analysis that goes on from another one.

    Attributes:
        stage: from where on it is computed; what the stages before it computed is taken over.
        settings: all of them; those of the other analysis unless given. From `track` on, `track`, `screen` and `rules`
            may differ, from `measure` on `rules`.
    """

    stage: ForkStage
    settings: AnalysisSettings | None = None


class AnalysisView(Wire):
    """An analysis as it stands. `results` are names under `…/results/`.

    `forked_from`: the analysis it goes on from; absent for one that was made from the start.
    """

    id: Sha256
    state: State
    attempt: Annotated[int, Field(ge=1)]
    video: FileRef
    telemetry: FileRef | None
    telemetry_grade: TelemetryGrade
    settings: AnalysisSettings
    forked_from: ForkedFrom | None = None
    progress: Progress
    not_looked_at: tuple[NotLookedAt, ...] = ()
    waiting: Waiting | None = None
    problem: Problem | None
    created_at: UtcDatetime
    started_at: UtcDatetime | None
    finished_at: UtcDatetime | None
    results: tuple[str, ...]

    @classmethod
    def of(
        cls,
        analysis: Analysis,
        results: tuple[str, ...],
        now: datetime,
        failed: tuple[FailedSegment, ...] = (),
        wait: Wait | None = None,
    ) -> "AnalysisView":
        """As the store has it, at that time."""
        telemetry = None
        if analysis.telemetry_sha256 is not None:
            telemetry = FileRef(sha256=analysis.telemetry_sha256, name=analysis.telemetry_name or "")
        return cls(
            id=analysis.id,
            state=analysis.state,
            attempt=analysis.attempt,
            video=FileRef(sha256=analysis.video_sha256, name=analysis.video_name),
            telemetry=telemetry,
            telemetry_grade=TelemetryGrade(analysis.grade),
            settings=AnalysisSettings.model_validate_json(analysis.settings_json),
            forked_from=_origin(analysis),
            progress=_progress(analysis, now),
            not_looked_at=tuple(
                NotLookedAt(
                    start_s=one.start_s, stop_s=one.stop_s, reason=one.reason, korean=fault_in_korean(one.reason)
                )
                for one in failed
            ),
            waiting=None if wait is None else _waiting(wait),
            problem=analysis.problem,
            created_at=_utc(analysis.created_epoch_s),
            started_at=None if analysis.started_epoch_s is None else _utc(analysis.started_epoch_s),
            finished_at=None if analysis.finished_epoch_s is None else _utc(analysis.finished_epoch_s),
            results=results,
        )


def _waiting(wait: Wait) -> Waiting:
    return Waiting(reason=wait.reason, korean=fault_in_korean(wait.reason), since=_utc(wait.since_epoch_s))


class AnalysisList(Wire):
    """Analyses, newest first. `before` of the next request, where there are more."""

    analyses: tuple[AnalysisView, ...]
    next_before: UtcDatetime | None = None


def _origin(analysis: Analysis) -> ForkedFrom | None:
    if analysis.forked_from is None or analysis.forked_stage is None:
        return None
    return ForkedFrom(analysis_id=analysis.forked_from, stage=ForkStage(analysis.forked_stage))


def _progress(analysis: Analysis, now: datetime) -> Progress:
    left = analysis.seconds_left(now.timestamp())
    return Progress(
        frames_done=analysis.frames_done,
        frames_total=analysis.frames_total,
        segments_done=sum(segment.done for segment in analysis.segments),
        segments_total=len(analysis.segments),
        seconds_left=None if left is None else round(left, 1),
    )


def _utc(epoch_s: float) -> datetime:
    return datetime.fromtimestamp(epoch_s, UTC)
