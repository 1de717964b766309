"""The verb *judge*: tracks and separations, read by a rule pack."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

from wideberth_contracts.detections import ObjectKind
from wideberth_contracts.judgement import Encounter, Finding, JudgeAnswer, JudgeRequest
from wideberth_contracts.poses import TelemetryGrade
from wideberth_contracts.screening import ScreenVerdict
from wideberth_contracts.tracks import Track, TrackState
from wideberth_gateway.rules.catalogue import load_pack
from wideberth_gateway.rules.deciding import Deciding, decide
from wideberth_gateway.rules.encounters import Meeting, craft_position, meetings
from wideberth_gateway.rules.pack import Pack
from wideberth_gateway.rules.readings import OwnFlight


class LocalJudge:
    """The `JudgePort`: judges in this process.

    Args:
        packs: finds a pack by its id; the packs that ship with Wideberth unless told otherwise.
    """

    def __init__(self, packs: Callable[[str], Pack] = load_pack) -> None:
        self._packs = packs

    async def judge(self, request: JudgeRequest) -> JudgeAnswer:
        """Encounters and findings of one rule pack.

        Raises:
            BadRulePack: for an unknown pack, or one that does not validate.
        """
        return await asyncio.to_thread(self._judge, request)

    def _judge(self, request: JudgeRequest) -> JudgeAnswer:
        pack = self._packs(request.rules)
        found = meetings(request.tracks, request.series, pack.reach_m)
        return JudgeAnswer(
            pack_id=pack.id,
            pack_version=pack.version,
            pack_sha256=pack.sha256,
            encounters=tuple(_encounter(meeting, pack, request) for meeting in found),
            own_conduct=_own_conduct(pack, request),
        )


def _encounter(meeting: Meeting, pack: Pack, request: JudgeRequest) -> Encounter:
    first, last, closest = meeting.moments[0].sample, meeting.moments[-1].sample, meeting.closest()
    place = craft_position(request.tracks, meeting.craft_track, closest.pts)
    return Encounter(
        id=f"{meeting.craft_track}-{meeting.group}",
        craft_track=meeting.craft_track,
        craft_kind=meeting.craft_kind,
        group=meeting.group,
        animal_tracks=meeting.animal_tracks,
        unsure_animals=_unsure(meeting, request.tracks),
        start_s=first.t_s,
        end_s=last.t_s,
        start=_utc(first.captured_at, first.t_s, request),
        end=_utc(last.captured_at, last.t_s, request),
        closest_separation_m=closest.separation.value_m,
        closest_interval_95_m=closest.separation.interval_95_m,
        closest_t_s=closest.t_s,
        closest_pts=closest.pts,
        latitude=place.latitude if place else None,
        longitude=place.longitude if place else None,
        findings=_findings(meeting, pack, request),
    )


def _unsure(meeting: Meeting, tracks: tuple[Track, ...]) -> tuple[str, ...]:
    unknown = {track.id for track in tracks if track.screened is ScreenVerdict.UNKNOWN}
    return tuple(name for name in meeting.animal_tracks if name in unknown)


def _findings(meeting: Meeting, pack: Pack, request: JudgeRequest) -> tuple[Finding, ...]:
    no_scale = request.grade is TelemetryGrade.C
    found = (
        decide(tuple(rule(moment) for moment in meeting.moments), Deciding(rule, pack.decision_of(rule), no_scale))
        for rule in pack.encounter_rules()
    )
    return tuple(_dated(finding, request) for finding in found if finding)


def _own_conduct(pack: Pack, request: JudgeRequest) -> tuple[Finding, ...]:
    """The watching drone's own rules, for the time from the first to the last animal in the picture."""
    span = _watching_s(request.tracks)
    if span is None:
        return ()
    moments = tuple(moment for moment in request.drone if span[0] <= moment.t_s <= span[1])
    flight = OwnFlight(tuple(sorted(moments, key=lambda moment: moment.t_s)), request.starts_at)
    found = (decide(rule(flight), Deciding(rule, pack.decision_of(rule))) for rule in pack.own_rules())
    return tuple(_dated(finding, request) for finding in found if finding)


def _watching_s(tracks: tuple[Track, ...]) -> tuple[float, float] | None:
    real = (TrackState.CONFIRMED, TrackState.LOST)
    times = [
        point.t_s
        for track in tracks
        if track.kind is ObjectKind.DOLPHIN and track.state in real
        for point in track.points
        if point.observed
    ]
    return (min(times), max(times)) if times else None


def _dated(finding: Finding, request: JudgeRequest) -> Finding:
    start = _utc(finding.start, finding.start_s, request)
    return finding.model_copy(update={"start": start, "end": _utc(finding.end, finding.end_s, request)})


def _utc(known: datetime | None, t_s: float, request: JudgeRequest) -> datetime | None:
    if known is not None or request.starts_at is None:
        return known
    return request.starts_at + timedelta(seconds=t_s)
