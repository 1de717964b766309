"""A finished or running analysis as a page can play it: the whole, without the objects of single frames."""

from pydantic import BaseModel, ConfigDict

from wideberth_contracts.detections import ObjectKind
from wideberth_contracts.judgement import JudgeAnswer
from wideberth_contracts.poses import TelemetryGrade
from wideberth_contracts.tracks import Track, TrackState
from wideberth_gateway.store.proxies import Proxy, ProxyState
from wideberth_gateway.wording.recognising import fault_in_korean
from wideberth_pipeline import Plan
from wideberth_pipeline.frame_list import FrameList


class View(BaseModel):
    """Frozen, and told in full in the API's description."""

    model_config = ConfigDict(frozen=True)


class SpanView(View):
    """A piece of the clip; `sensed` once its objects can be had."""

    index: int
    start_s: float
    stop_s: float
    frames: int
    sensed: bool


class TrackBar(View):
    """A track on the timeline.

    Attributes:
        rejection: why, where the state is `rejected`.
    """

    id: str
    kind: ObjectKind
    state: TrackState
    rejection: str | None
    start_s: float
    end_s: float
    sightings: int


class EncounterBar(View):
    """An encounter on the timeline, with the ids of its rules that were judged a violation."""

    craft: str
    group: str
    start_s: float
    end_s: float
    closest_t_s: float
    closest_m: float
    violated: tuple[str, ...]


class ProxyView(View):
    """A copy of the video that every browser plays, with the same presentation times.

    Attributes:
        video: where it lies, with range requests; None until it is made.
        problem: why there is none, where the state is `failed`; in Korean beside it, as far as its words are known.
    """

    state: ProxyState
    video: str | None
    problem: str | None
    problem_korean: str | None


class FrameTimes(View):
    """All frames of the video; their times come by span (`…/spans/{index}/frames`).

    Attributes:
        numerator, denominator: seconds per unit of PTS.
        first_pts: of the clip's first frame.
    """

    count: int
    numerator: int
    denominator: int
    first_pts: int


class Replay(View):
    """What there is to play.

    Attributes:
        video: where the clip lies as it came, with range requests.
        proxy: the copy that every browser plays.
        frames: None for an older analysis whose video is not here: then only analysed frames are known.
        blurred: what is played is blurred; `video` and `proxy` are of the blurred copy then.
        activity: detections a second, in steps of `activity_step_s`.
    """

    analysis_id: str
    name: str
    video: str
    proxy: ProxyView
    width_px: int
    height_px: int
    duration_s: float
    average_fps: float
    frames: FrameTimes | None
    starts_at: str | None
    grade: TelemetryGrade
    spans: tuple[SpanView, ...]
    tracks: tuple[TrackBar, ...]
    encounters: tuple[EncounterBar, ...]
    activity_step_s: float
    activity: tuple[float, ...]
    blurred: bool = False


def replay_of(
    plan: Plan,
    sensed: frozenset[int],
    tracks: tuple[Track, ...],
    judged: JudgeAnswer | None,
    seen_at_s: list[float],
    frames: FrameList | None,
    proxy: Proxy,
) -> Replay:
    """The whole, without the objects of single frames.

    Args:
        sensed: indices of the spans whose files are there.
        seen_at_s: times of all detections so far.
    """
    step_s = max(1.0, plan.duration_s / 600)
    steps = [0] * (int(plan.duration_s / step_s) + 1)
    for t_s in seen_at_s:
        steps[min(len(steps) - 1, max(0, int(t_s / step_s)))] += 1
    return Replay(
        analysis_id=plan.analysis_id,
        name=plan.video,
        video=f"/v1/analyses/{plan.analysis_id}/replay/video",
        proxy=proxy_view(proxy),
        width_px=plan.width_px,
        height_px=plan.height_px,
        duration_s=plan.duration_s,
        average_fps=plan.average_fps,
        frames=_frame_times(frames),
        starts_at=plan.starts_at.isoformat() if plan.starts_at else None,
        grade=plan.grade,
        spans=tuple(
            SpanView(
                index=span.index,
                start_s=span.start_s,
                stop_s=span.stop_s,
                frames=span.frames,
                sensed=span.index in sensed,
            )
            for span in plan.spans
        ),
        tracks=tuple(_bar(track) for track in tracks if track.points),
        encounters=_encounters(judged),
        activity_step_s=step_s,
        activity=tuple(count / step_s for count in steps),
    )


def blurred_view(analysis_id: str, found: Proxy | None) -> ProxyView:
    """The blurred copy as the page is told of it; wanted while the analysis is not done."""
    return proxy_view(found or Proxy(analysis_id, "", "", ProxyState.WANTED, 0, None))


def proxy_view(found: Proxy) -> ProxyView:
    """A copy as the page is told of it."""
    made = found.state is ProxyState.MADE
    return ProxyView(
        state=found.state,
        video=f"/v1/analyses/{found.analysis_id}/replay/proxy" if made else None,
        problem=found.problem,
        problem_korean=None if found.problem is None else fault_in_korean(found.problem),
    )


def _frame_times(frames: FrameList | None) -> FrameTimes | None:
    if frames is None or not frames.pts:
        return None
    return FrameTimes(
        count=len(frames.pts),
        numerator=frames.numerator,
        denominator=frames.denominator,
        first_pts=frames.pts[0],
    )


def _bar(track: Track) -> TrackBar:
    return TrackBar(
        id=track.id,
        kind=track.kind,
        state=track.state,
        rejection=track.rejection,
        start_s=track.points[0].t_s,
        end_s=track.points[-1].t_s,
        sightings=sum(point.observed for point in track.points),
    )


def _encounters(judged: JudgeAnswer | None) -> tuple[EncounterBar, ...]:
    found = judged.encounters if judged else ()
    return tuple(
        EncounterBar(
            craft=one.craft_track,
            group=one.group,
            start_s=one.start_s,
            end_s=one.end_s,
            closest_t_s=one.closest_t_s,
            closest_m=one.closest_separation_m,
            violated=tuple(finding.rule for finding in one.findings if finding.verdict.value == "violation"),
        )
        for one in found
    )
