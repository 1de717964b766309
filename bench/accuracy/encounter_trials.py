"""One simulated encounter through follow, judge and alerts under every pack; apart from the bench, for its processes.

After every segment of which the gateway makes alerts, everything so far is followed and judged again, and alerts are
published and withdrawn in a database as the gateway does.
"""

import asyncio
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy.engine import Engine

from bench.accuracy.encounter_plans import ORIGIN, Plan, long_plan_of, plan_of
from bench.accuracy.encounter_sight import Filmed, context_of, film
from bench.accuracy.encounter_weighing import Act, Told, Weighed, Weighing, hashed, owner_of
from wideberth_anomaly.local import LocalAnomaly
from wideberth_contracts.frames import Crop
from wideberth_contracts.judgement import JudgeAnswer, JudgeRequest
from wideberth_contracts.screening import Screening, ScreenSettings, ScreenVerdict, SeaMemory
from wideberth_contracts.settings import AnalysisSettings
from wideberth_contracts.tracks import TrackAnswer, TrackRequest
from wideberth_distance.local import LocalDistance
from wideberth_gateway.alerts.making import alerts_of
from wideberth_gateway.analyses.work import NO_LONGER, is_interim
from wideberth_gateway.rules.catalogue import list_packs, load_pack
from wideberth_gateway.rules.judge import LocalJudge
from wideberth_gateway.rules.pack import Pack
from wideberth_gateway.store import alerts as alert_store
from wideberth_gateway.store.engine import open_engine
from wideberth_gateway.store.migrate import migrate
from wideberth_pipeline import Plan as AnalysisPlan
from wideberth_pipeline import Span, Stages, follow
from wideberth_pipeline.segment_file import Segment, SensedRow, segment_path, write_segment
from wideberth_tracker.local import LocalTracker

FENCED = "kr"
"""The pack whose fence, off for want of an outline, the bench gives one."""
ANIMALS_KEPT, CLUTTER_REJECTED, LEFT_OPEN = 0.99, 0.30, 0.26
"""Of `bench screening`: surfacings kept, clutter rejected, surfacings left for a person (they count as animals)."""


@dataclass(frozen=True)
class Trial:
    """What came of one encounter."""

    number: int
    conduct: str
    seed: int
    alerts: tuple[Told, ...]
    acts: tuple[Act, ...]
    broken: int
    withdrawn: int
    judged: Mapping[str, int] = field(default_factory=dict)
    seconds: float = 0.0


class _Tracker(LocalTracker):
    """The tracker, which is overheard: whose sightings a track is made of."""

    def __init__(self) -> None:
        super().__init__()
        self.points: dict[str, list[tuple[int, int]]] = {}

    async def track(self, request: TrackRequest) -> TrackAnswer:
        """As the port."""
        if request.memory is None:
            self.points = {}
        answer = await super().track(request)
        for track in answer.tracks:
            seen = [(p.pts, p.detection) for p in track.points if p.detection is not None]
            self.points.setdefault(track.id, []).extend(seen)
        return answer


class _Screen(LocalAnomaly):
    """Screening from the truth with its measured error; the same track has the same luck each time."""

    def __init__(self, tracker: _Tracker, filmed: Filmed, seed: int) -> None:
        self._tracker, self._filmed, self._seed = tracker, filmed, seed

    async def screen(
        self, track_id: str, crops: tuple[Crop, ...], settings: ScreenSettings, sea: SeaMemory | None = None
    ) -> Screening:
        """Animal, clutter or unknown."""
        owner = owner_of(self._tracker.points.get(track_id, ()), self._filmed)
        first = self._tracker.points.get(track_id, [(0, 0)])[0]
        luck, other = np.random.default_rng((self._seed, *first)).random(2)
        if owner is None:
            verdict = ScreenVerdict.CLUTTER if luck < CLUTTER_REJECTED else ScreenVerdict.UNKNOWN
        elif luck >= ANIMALS_KEPT:
            verdict = ScreenVerdict.CLUTTER
        else:
            verdict = ScreenVerdict.UNKNOWN if other < LEFT_OPEN else ScreenVerdict.ANIMAL
        return Screening(
            track_id=track_id, verdict=verdict, score=None, threshold=0.1, sure_above=0.5, crops=(), model_id="truth"
        )


class _Overheard(LocalJudge):
    """The judge, which keeps what it was asked last."""

    asked: JudgeRequest | None = None

    async def judge(self, request: JudgeRequest) -> JudgeAnswer:
        """As the port."""
        self.asked = request
        return await super().judge(request)


def trial(number: int, seed: int) -> Trial:
    """An encounter, from its plan to what was told; `number` below nought is a long one."""
    plan = plan_of(number, seed) if number >= 0 else long_plan_of(seed)
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(_Trial(number, plan, Path(folder)).run())


class _Trial:
    """One encounter at work."""

    def __init__(self, number: int, plan: Plan, folder: Path) -> None:
        self._number, self._plan, self._folder = number, plan, folder
        self._filmed = film(plan)
        self._packs = {name: load_pack(name) for name in list_packs()}
        self._packs[FENCED] = _fenced(self._packs[FENCED], plan)
        self._judge = LocalJudge(lambda name: self._packs[name])
        self._first: dict[str, int] = {}
        self._withdrawn = 0

    async def run(self) -> Trial:
        """Follow after every segment, then weigh what came of it."""
        begun = datetime.now(UTC)
        tracker = _Tracker()
        judge = _Overheard(lambda name: self._packs[name])
        unused: Any = None
        stages = Stages(
            unused, unused, LocalDistance(), tracker, _Screen(tracker, self._filmed, self._plan.seed), judge
        )
        made = self._sensed()
        engine = open_engine(f"sqlite:///{self._folder / 'alerts.sqlite'}")
        migrate(engine)
        answers: dict[str, JudgeAnswer] = {}
        for span in made.spans:
            last = span.index == made.spans[-1].index
            if last or is_interim(span.index, made):
                await follow(stages, made, self._folder, up_to=None if last else span.index)
                assert judge.asked is not None
                answers = await self._published(judge.asked, span.index, engine, made)
        assert judge.asked is not None
        owners = {name: owner_of(points, self._filmed) for name, points in tracker.points.items()}
        of = Weighed(self._plan, self._filmed, self._packs, self._first, judge.asked, answers, made, engine)
        weighing = Weighing(of, owners)
        alerts, acts, broken, judged = weighing.weighed()
        seconds = (datetime.now(UTC) - begun).total_seconds()
        return Trial(
            self._number, self._plan.conduct, self._plan.seed, alerts, acts, broken, self._withdrawn, judged, seconds
        )

    async def _published(
        self, asked: JudgeRequest, index: int, engine: Engine, made: AnalysisPlan
    ) -> dict[str, JudgeAnswer]:
        answers = {}
        for name, pack in self._packs.items():
            request = asked.model_copy(update={"rules": name, "known": self._plan.known})
            answers[name] = await self._judge.judge(request)
            now = datetime.now(UTC)
            analysis = hashed(made.analysis_id, name)
            found = alerts_of(answers[name], pack, analysis_id=analysis, grade=made.grade, model_ids=(), created_at=now)
            if found:
                for alert in alert_store.publish(engine, found):
                    self._first.setdefault(alert.id, index)
            self._withdrawn += len(alert_store.withdraw_missing(engine, analysis, found, NO_LONGER, now))
        return answers

    def _sensed(self) -> AnalysisPlan:
        """The analysis as it stands after sensing: its plan, and its segments on disk."""
        plan, filmed = self._plan, self._filmed
        settings = AnalysisSettings(
            sample_fps=plan.sample_fps, segment_s=plan.segment_s, rules=FENCED, context=context_of(plan)
        )
        count = max(1, -int(-plan.scene.duration_s // plan.segment_s))
        bounds = [(k * plan.segment_s, (k + 1) * plan.segment_s) for k in range(count)]
        parts = [[one for one in filmed.frames if start <= one.frame.t_s < stop] for start, stop in bounds]
        spans = tuple(
            Span(index=k, start_s=start, stop_s=stop, frames=len(part))
            for k, ((start, stop), part) in enumerate(zip(bounds, parts, strict=True))
        )
        video = plan.scene.video
        made = AnalysisPlan(
            analysis_id=hashed("encounter", str(plan.seed)), video="video.mp4", video_sha256=hashed("video"),
            width_px=video.width_px, height_px=video.height_px, duration_s=plan.scene.duration_s,
            average_fps=plan.sample_fps, telemetry=None, grade=filmed.poses.grade, origin=filmed.poses.origin,
            starts_at=filmed.poses.starts_at, settings=settings, services=(), pack_sha256=hashed("pack"), spans=spans,
            warnings=filmed.poses.warnings,
        )  # fmt: skip
        for span, part in zip(spans, parts, strict=True):
            rows = tuple(SensedRow(one, ()) for one in part)
            path = segment_path(self._folder, span)
            path.parent.mkdir(exist_ok=True)
            write_segment(path, Segment(made.analysis_id, span, rows, {}, True, ""))
        return made


def _fenced(pack: Pack, plan: Plan) -> Pack:
    """The pack with the fence that the plan closes."""
    corners = []
    for east, north in plan.fence:
        latitude, longitude = ORIGIN.geodetic(east, north)
        corners.append({"latitude": latitude, "longitude": longitude})
    content = pack.model_dump(mode="json", exclude_unset=True)
    for rule in content["rules"]:
        if rule["type"] == "geofence":
            rule |= {"enabled": True}
            rule["area"] = {key: value for key, value in rule["area"].items() if key != "absent"} | {"outline": corners}
    return Pack.model_validate(content)
