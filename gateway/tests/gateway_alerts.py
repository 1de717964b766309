"""Alerts to keep and to show."""

from datetime import UTC, datetime

from wideberth_contracts.detections import ObjectKind
from wideberth_contracts.judgement import Alert, Encounter, Finding, Verdict
from wideberth_contracts.poses import TelemetryGrade
from wideberth_contracts.wire import Interval
from wideberth_gateway.alerts.making import alert_id
from wideberth_gateway.rules import load_pack

START = datetime(2026, 8, 1, 3, 0, tzinfo=UTC)
ANALYSIS = "e" * 64


def alert(
    craft: str = "v1",
    *,
    reason: str = "wholly within 50 m",
    latitude: float | None = 33.2,
    longitude: float | None = 126.2,
    start: datetime | None = START,
    end: datetime | None = START,
    analysis_id: str = ANALYSIS,
) -> Alert:
    finding = Finding(
        rule="KR-1",
        verdict=Verdict.VIOLATION,
        reason=reason,
        start_s=1.0,
        end_s=11.0,
        start=start,
        end=end,
        duration_s=10.0,
        decisive_pts=(6, 12),
        measured=30.0,
        interval_95=Interval(low=28.0, high=32.0),
        threshold=50.0,
    )
    encounter = Encounter(
        id=f"{craft}-g1",
        craft_track=craft,
        craft_kind=ObjectKind.VESSEL,
        group="g1",
        animal_tracks=("d1",),
        start_s=0.0,
        end_s=20.0,
        start=start,
        end=end,
        closest_separation_m=30.0,
        closest_interval_95_m=Interval(low=28.0, high=32.0),
        closest_t_s=5.0,
        closest_pts=30,
        latitude=latitude,
        longitude=longitude,
        findings=(finding,),
    )
    return Alert(
        id=alert_id(analysis_id, encounter, "KR-1"),
        version=1,
        status="candidate",
        analysis_id=analysis_id,
        encounter=encounter,
        finding=finding,
        rule_text=load_pack("kr").rule("KR-1").text,
        pack_id="kr",
        pack_version="1",
        grade=TelemetryGrade.A,
        model_ids=("m1",),
        created_at=START,
    )
