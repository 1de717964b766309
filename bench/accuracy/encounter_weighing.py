"""What was told of a simulated encounter beside what happened: alerts with their truth, and what became of acts."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy.engine import Engine

from bench.accuracy.encounter_motion import Bools, Case, Motion, Widths, fulfilled_s, motions_of, runs
from bench.accuracy.encounter_plans import Plan
from bench.accuracy.encounter_reference import REFERENCES, drone_distance, drone_height
from bench.accuracy.encounter_sight import Filmed
from wideberth_contracts.judgement import AlertStatus, JudgeAnswer, JudgeRequest, Verdict
from wideberth_contracts.known import DRONE
from wideberth_contracts.tracks import Track
from wideberth_gateway.rules.applying import species_of
from wideberth_gateway.rules.aspects import Aspect
from wideberth_gateway.rules.encounters import meetings
from wideberth_gateway.rules.numbers import METRES_PER_SECOND_PER_KNOT
from wideberth_gateway.rules.pack import Pack
from wideberth_gateway.rules.places import offset
from wideberth_gateway.store import alerts as alert_store
from wideberth_pipeline import Plan as AnalysisPlan

SLACKS = (1.0, 0.5)


@dataclass(frozen=True)
class Told:
    """An alert at the end of the clip, and how it came. `is_true`: that craft broke the law in its time."""

    pack: str
    rule: str
    type: str
    craft: str
    encounter: str
    segment: int
    span_s: tuple[float, float]
    is_true: bool
    is_advisory: bool
    reason: str


@dataclass(frozen=True)
class Act:
    """A rule truly and surely broken by a craft. `segment`: in which the act was complete."""

    pack: str
    rule: str
    type: str
    craft: str
    slack: float
    segment: int
    found_in: int | None
    verdict: str
    reason: str


def owner_of(points: Iterable[tuple[int, int]], filmed: Filmed) -> str | None:
    """Of which object most of a track's sightings are; None of false alarms."""
    votes = Counter(filmed.owners[pts][detection] for pts, detection in points)
    return votes.most_common(1)[0][0] if votes else None


def hashed(*parts: str) -> str:
    """An id as the analyses have them."""
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


@dataclass(frozen=True)
class Weighed:
    """What there is to weigh. `first`: the segment after which each alert first stood, by its id."""

    plan: Plan
    filmed: Filmed
    packs: Mapping[str, Pack]
    first: Mapping[str, int]
    asked: JudgeRequest
    answers: Mapping[str, JudgeAnswer]
    made: AnalysisPlan
    engine: Engine


class Weighing:
    """What was told beside what happened."""

    def __init__(self, of: Weighed, owners: Mapping[str, str | None]) -> None:
        self._plan, self._filmed, self._packs, self._first = of.plan, of.filmed, of.packs, of.first
        self._asked, self._answers, self._made, self._engine = of.asked, of.answers, of.made, of.engine
        self._owners = owners
        motions = motions_of(self._filmed.truth)
        widths = self._widths(motions, of.asked.tracks)
        plan = self._plan
        self._case = Case(motions, widths, self._filmed.kinds, plan.known, plan.scene.start, plan.fence)
        self._judged: Counter[str] = Counter()

    def weighed(self) -> tuple[tuple[Told, ...], tuple[Act, ...], int, dict[str, int]]:
        """Alerts, acts, how many rules were truly broken by a craft, and verdicts by kind of rule."""
        alerts, acts, broken = [], list[Act](), 0
        for name, pack in self._packs.items():
            told = self._told(name, pack)
            alerts += told
            for rule in pack.encounter_rules(species_of(pack, self._plan.known)):
                for craft in self._case.motions:
                    broken += bool(self._spans(rule, craft, pack))
                    acts += self._acts(name, pack, rule, craft, told)
            acts += self._own(name, pack)
            for encounter in self._answers[name].encounters:
                for finding in encounter.findings:
                    self._judged[finding.verdict.value] += 1
        return tuple(alerts), tuple(acts), broken, dict(self._judged)

    def _spans(self, rule: Any, craft: str, pack: Pack) -> list[tuple[float, float]]:
        motion = self._case.motions[craft]
        broken = REFERENCES[rule.type](rule, craft, self._case, 0.0)
        # Law asks for no number of frames; a run that two frames short of the time asked for is no other act.
        decision = rule.decision_from(pack.decision).model_copy(update={"min_frames": 1})
        short = 2.0 / self._plan.sample_fps
        decision = decision.model_copy(update={"min_duration_s": max(0.0, decision.min_duration_s - short)})
        return runs(broken, np.ones_like(broken), motion.t_s, decision)

    def _told(self, name: str, pack: Pack) -> list[Told]:
        wanted = alert_store.Wanted(limit=10_000, analysis_id=hashed(self._made.analysis_id, name))
        found = []
        for kept in alert_store.latest(self._engine, wanted):
            alert = kept.alert
            if alert.status is AlertStatus.WITHDRAWN:
                continue
            craft = self._owners.get(alert.encounter.craft_track)
            rule: Any = pack.rule(alert.finding.rule)
            span = (alert.finding.start_s, alert.finding.end_s)
            true = craft in self._case.motions and any(
                start <= span[1] + 0.5 and stop >= span[0] - 0.5 for start, stop in self._spans(rule, str(craft), pack)
            )
            found.append(
                Told(name, alert.finding.rule, rule.type, str(craft), alert.encounter.id, self._first[alert.id],
                     span, true, alert.finding.advisory, alert.finding.reason)
            )  # fmt: skip
        return found

    def _acts(self, name: str, pack: Pack, rule: Any, craft: str, told: list[Told]) -> list[Act]:
        motion = self._case.motions[craft]
        decision = rule.decision_from(pack.decision)
        acts = []
        for slack in SLACKS:
            sure = REFERENCES[rule.type](rule, craft, self._case, slack)
            at = fulfilled_s(sure, motion.shown, motion.t_s, decision)
            if at is None:
                continue
            found = [one.segment for one in told if one.rule == rule.id and one.craft == craft]
            verdict, reason = self._verdict(name, rule.id, craft)
            acts.append(
                Act(
                    name, rule.id, rule.type, craft, slack, self._segment(at), min(found, default=None), verdict, reason
                )
            )
        return acts

    def _verdict(self, pack: str, rule: str, craft: str) -> tuple[str, str]:
        said = [
            (finding.verdict.value, finding.reason)
            for encounter in self._answers[pack].encounters
            if self._owners.get(encounter.craft_track) == craft
            for finding in encounter.findings
            if finding.rule == rule
        ]
        return max(said, key=lambda one: one[0] == Verdict.VIOLATION.value, default=("no encounter", ""))

    def _segment(self, t_s: float) -> int:
        return next(span.index for span in self._made.spans if span.start_s <= t_s < span.stop_s)

    def _own(self, name: str, pack: Pack) -> list[Act]:
        """The watching drone's own conduct: findings, of which no alert is made."""
        truth, acts = self._filmed.truth, []
        moments = {round(one.t_s, 3): one for one in self._asked.drone}
        height = np.array(
            [2 * 1.96 * moments[round(one.t_s, 3)].height_m.sigma if round(one.t_s, 3) in moments else np.inf
             for one in truth]
        )  # fmt: skip
        said = {finding.rule: finding for finding in self._answers[name].own_conduct}
        # Only while animals are in the picture.
        shown = np.array([any(a.is_seen for a in one.animals.values()) for one in truth])
        between = np.maximum.accumulate(shown) & np.maximum.accumulate(shown[::-1])[::-1]
        t_s = np.array([one.t_s for one in truth])
        rule: Any
        for rule in pack.own_rules(species_of(pack, self._plan.known)):
            far = self._far_widths(said.get(rule.id))

            def broken(slack: float, rule: Any = rule, far: float = far) -> Bools:
                if rule.type == "watch_aircraft_min_alt":
                    return drone_height(rule, truth, height, slack) & between
                return drone_distance(rule, truth, (height, np.full_like(height, far)), slack) & between

            counted = between if rule.type == "watch_aircraft_min_alt" else shown
            finding = said.get(rule.id)
            verdict = finding.verdict.value if finding else "no say"
            if verdict == Verdict.VIOLATION.value and not broken(0.0).any():
                acts.append(
                    Act(name, rule.id, rule.type, DRONE, 0.0, 0, None, verdict, finding.reason if finding else "")
                )
            for slack in SLACKS:
                at = fulfilled_s(broken(slack), counted, t_s, rule.decision_from(pack.decision))
                if at is not None:
                    seen = self._segment(at) if verdict == Verdict.VIOLATION.value else None
                    reason = finding.reason if finding else ""
                    acts.append(Act(name, rule.id, rule.type, DRONE, slack, self._segment(at), seen, verdict, reason))
        return acts

    def _far_widths(self, finding: Any) -> float:
        if finding is None or finding.interval_95 is None:
            return 10.0
        return float(finding.interval_95.high - finding.interval_95.low)

    def _widths(self, motions: Mapping[str, Motion], tracks: tuple[Track, ...]) -> dict[str, Widths]:
        """The stated widths at every frame: those of the nearest moment that has one, else what is usual."""
        found = meetings(tracks, self._asked.series, 2000.0, known=self._plan.known, starts_at=self._asked.starts_at)
        rows: dict[str, dict[str, list[tuple[float, float]]]] = {name: {} for name in motions}
        for meeting in found:
            craft = self._owners.get(meeting.craft_track)
            if craft not in rows:
                continue
            for moment in meeting.moments:
                for key, value in _stated(meeting, moment):
                    rows[str(craft)].setdefault(key, []).append((moment.sample.t_s, value))
        usual = {
            key: float(np.median(values)) if values else _UNKNOWN[key]
            for key in _UNKNOWN
            for values in [[v for row in rows.values() for _, v in row.get(key, [])]]
        }
        return {
            name: Widths(**{key: _nearest(motions[name].t_s, row.get(key, []), usual[key]) for key in _UNKNOWN})
            for name, row in rows.items()
        }


_UNKNOWN = {
    "separation_m": 20.0, "speed_kn": 3.0, "course_deg": 40.0,
    "bearing_deg": 20.0, "off_heading_deg": 40.0, "ahead_m": 20.0,
    "aside_m": 20.0, "place_m": 20.0, "slowest_kn": 1.5,
}  # fmt: skip
"""Where nothing at all was stated."""


def _stated(meeting: Any, moment: Any) -> list[tuple[str, float]]:
    sample = moment.sample
    found = []
    if moment.seen:
        interval = sample.separation.interval_95_m
        found.append(("separation_m", interval.high - interval.low))
    if sample.speed is not None:
        speed = sample.speed.interval_95_mps
        found.append(("speed_kn", (speed.high - speed.low) / METRES_PER_SECOND_PER_KNOT))
        if sample.speed.course_half_95_deg is not None:
            found.append(("course_deg", 2 * sample.speed.course_half_95_deg))
    aspect = meeting.aspect(moment)
    if isinstance(aspect, Aspect):
        found += [
            ("off_heading_deg", 2 * aspect.off_heading_half_95_deg),
            ("ahead_m", 2 * aspect.ahead_half_95_m),
            ("aside_m", 2 * aspect.aside_half_95_m),
        ]
    pod = meeting.pod_at(moment)
    if pod is not None and pod.slowest_mps is not None:
        found.append(("slowest_kn", (pod.slowest_mps[2] - pod.slowest_mps[0]) / METRES_PER_SECOND_PER_KNOT))
    if pod is not None and moment.place is not None:
        found.append(("bearing_deg", 2 * offset(pod.middle, moment.place).bearing_half_95_deg))
    if moment.place is not None:
        found.append(("place_m", 2 * moment.place.half_95_m))
    return found


def _nearest(t_s: Any, known: list[tuple[float, float]], usual: float) -> Any:
    if not known:
        return np.full(len(t_s), usual)
    at, values = np.array(sorted(known)).T
    right = np.clip(np.searchsorted(at, t_s), 0, len(at) - 1)
    left = np.maximum(right - 1, 0)
    return np.where(np.abs(at[left] - t_s) <= np.abs(at[right] - t_s), values[left], values[right])
