"""The verb *judge*: tracks and separations, read by a rule pack."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

from wideberth_contracts.detections import ObjectKind
from wideberth_contracts.judgement import Encounter, Finding, JudgeAnswer, JudgeRequest
from wideberth_contracts.known import DRONE, Species
from wideberth_contracts.poses import TelemetryGrade
from wideberth_contracts.positions import Position
from wideberth_contracts.screening import ScreenVerdict
from wideberth_contracts.tracks import Track
from wideberth_gateway.rules.applying import in_force, notes_of, species_of
from wideberth_gateway.rules.bands import Ring, rings_of, times_in
from wideberth_gateway.rules.catalogue import load_pack
from wideberth_gateway.rules.deciding import Deciding, decide
from wideberth_gateway.rules.encounters import Meeting, meetings
from wideberth_gateway.rules.exceptions import with_exceptions
from wideberth_gateway.rules.own_conduct import own_flight
from wideberth_gateway.rules.pack import Pack
from wideberth_gateway.rules.primitives import EncounterRule
from wideberth_gateway.rules.unseen import unseen_notes, with_unseen
from wideberth_gateway.wording.saying import say


class LocalJudge:
    """The `JudgePort`: judges in this process.

    Args:
        packs: finds a pack by its name; the packs that ship with Wideberth unless told otherwise.
    """

    def __init__(self, packs: Callable[[str], Pack] = load_pack) -> None:
        self._packs = packs

    async def judge(self, request: JudgeRequest) -> JudgeAnswer:
        """Encounters and findings of one rule pack.

        Raises:
            BadRulePack: for an unknown pack or version, or one that does not validate.
        """
        return await asyncio.to_thread(self._judge, request)

    def _judge(self, request: JudgeRequest) -> JudgeAnswer:
        pack = self._packs(request.rules)
        species = species_of(pack, request.known)
        found = meetings(request.tracks, request.series, pack.reach_m, known=request.known, starts_at=request.starts_at)
        judging = _Judging(pack, request, species, rings_of(pack))
        notes = (*notes_of(pack, request, found), *unseen_notes(request))
        return JudgeAnswer(
            pack_id=pack.id,
            pack_version=pack.version,
            pack_sha256=pack.sha256,
            encounters=tuple(judging.encounter(meeting) for meeting in found),
            own_conduct=judging.own_conduct(),
            species=species,
            notes=tuple(say(note) for note in notes),
            notes_said=notes,
        )


class _Judging:
    """One request under one pack."""

    def __init__(self, pack: Pack, request: JudgeRequest, species: Species, rings: tuple[Ring, ...]) -> None:
        self._pack, self._request, self._species, self._rings = pack, request, species, rings

    def encounter(self, meeting: Meeting) -> Encounter:
        """One encounter with what every rule says about it."""
        first, last, closest = meeting.moments[0].sample, meeting.moments[-1].sample, meeting.closest()
        pod, place = meeting.closest_to_pod(), _craft_position(self._request.tracks, meeting.craft_track, closest.pts)
        return Encounter(
            id=f"{meeting.craft_track}-{meeting.group}",
            craft_track=meeting.craft_track,
            craft_kind=meeting.craft_kind,
            group=meeting.group,
            animal_tracks=meeting.animal_tracks,
            unsure_animals=_unsure(meeting, self._request.tracks),
            start_s=first.t_s,
            end_s=last.t_s,
            start=self._utc(first.captured_at, first.t_s),
            end=self._utc(last.captured_at, last.t_s),
            closest_separation_m=closest.separation.value_m,
            closest_interval_95_m=closest.separation.interval_95_m,
            closest_t_s=closest.t_s,
            closest_pts=closest.pts,
            closest_pod_m=pod.value_m if pod else None,
            closest_pod_interval_95_m=pod.interval_95_m if pod else None,
            bands=() if self._request.grade is TelemetryGrade.C else times_in(self._rings, meeting.moments),
            latitude=place.latitude if place else None,
            longitude=place.longitude if place else None,
            findings=self._findings(meeting, place),
        )

    def own_conduct(self) -> tuple[Finding, ...]:
        """What the rules about the watching drone say, from the first to the last animal in the picture."""
        flight = own_flight(self._request)
        if flight is None:
            return ()
        rules = self._pack.own_rules(self._species)
        found = (decide(rule(flight), Deciding(rule, rule.decision_from(self._pack.decision))) for rule in rules)
        place = _animal_position(self._request.tracks)
        return tuple(
            self._finished(finding, DRONE, None, place, (finding.start_s, finding.end_s))
            for finding in found
            if finding
        )

    def _findings(self, meeting: Meeting, place: Position | None) -> tuple[Finding, ...]:
        found = (self._decided(rule, meeting) for rule in self._pack.encounter_rules(self._species))
        craft, group = meeting.craft_track, meeting.group
        span = (meeting.moments[0].sample.t_s, meeting.moments[-1].sample.t_s)
        return tuple(self._finished(finding, craft, group, place, span) for finding in found if finding)

    def _decided(self, rule: EncounterRule, meeting: Meeting) -> Finding | None:
        decision, no_scale = rule.decision_from(self._pack.decision), self._request.grade is TelemetryGrade.C
        return decide(rule.readings(meeting), Deciding(rule, decision, no_scale, rule.terms_in(meeting)))

    def _finished(
        self, finding: Finding, craft: str, group: str | None, place: Position | None, span: tuple[float, float]
    ) -> Finding:
        """The finding with its dates, where and when the law holds, gaps in what was seen, and claimed exceptions."""
        dated = finding.model_copy(
            update={
                "start": self._utc(finding.start, finding.start_s),
                "end": self._utc(finding.end, finding.end_s),
            }
        )
        claims = [
            claim
            for claim in self._request.known.exceptions
            if claim.craft_track == craft and claim.group in (None, group)
        ]
        seen = with_unseen(in_force(dated, self._pack, place), self._request.unseen, *span)
        return with_exceptions(seen, claims, self._pack.exceptions)

    def _utc(self, known: datetime | None, t_s: float) -> datetime | None:
        if known is not None or self._request.starts_at is None:
            return known
        return self._request.starts_at + timedelta(seconds=t_s)


def _craft_position(tracks: tuple[Track, ...], craft: str, pts: int) -> Position | None:
    for track in tracks:
        if track.id == craft:
            for point in track.points:
                if point.pts == pts and isinstance(point.position, Position):
                    return point.position
    return None


def _animal_position(tracks: tuple[Track, ...]) -> Position | None:
    """Where the first animal with a place was: the rules about the drone are about flying near animals."""
    places = (
        (point.t_s, point.position)
        for track in tracks
        if track.kind is ObjectKind.DOLPHIN
        for point in track.points
        if isinstance(point.position, Position) and point.position.latitude is not None
    )
    first = min(places, key=lambda one: one[0], default=None)
    return first[1] if first else None


def _unsure(meeting: Meeting, tracks: tuple[Track, ...]) -> tuple[str, ...]:
    unknown = {
        track.id for track in tracks if track.kind is ObjectKind.DOLPHIN and track.screened is ScreenVerdict.UNKNOWN
    }
    return tuple(name for name in meeting.animal_tracks if name in unknown)
