"""One of each kind of row, of an organisation, for the bench of access."""

import time
from datetime import UTC, datetime
from uuid import uuid4

from sqlalchemy.engine import Engine

from wideberth_contracts.detections import ObjectKind
from wideberth_contracts.judgement import Alert, AlertStatus, Encounter, Finding, Verdict
from wideberth_contracts.poses import TelemetryGrade
from wideberth_contracts.wire import Interval
from wideberth_gateway.alerts.making import alert_id
from wideberth_gateway.rules import load_pack
from wideberth_gateway.store import analyses, flights, uploads
from wideberth_gateway.store.alerts import publish
from wideberth_gateway.store.analyses import Analysis, Original, State
from wideberth_gateway.store.flights import Flight, FlightPart
from wideberth_gateway.store.organisations import Owned, belongs
from wideberth_gateway.store.uploads import Upload


def things(engine: Engine, organisation_id: str) -> dict[str, str]:
    """Ids by the name of the parameter of a path that takes them."""
    tag, now = uuid4().hex * 2, time.time()
    analyses.keep_original(engine, Original(tag, "a.mp4", 3))
    part = FlightPart(0, tag, "a.mp4", 1.0, None, None)
    flights.enter(engine, Flight(tag, "a", "", "", "", "", now, (part,)), "bench")
    states = ("{}", "A", State.QUEUED, 1, None, now, None, 0, None, ())
    analyses.open_analysis(engine, Analysis(tag, tag, "a.mp4", None, None, *states))
    analyses.move(engine, tag, State.DONE)
    upload = Upload(tag[:32], "a.mp4", "filename YQ==", 3, 0, None, None, None, "bench", now, now + 86_400)
    uploads.create(engine, upload)
    kinds = {Owned.ORIGINAL: tag, Owned.FLIGHT: tag, Owned.ANALYSIS: tag, Owned.UPLOAD: tag[:32]}
    for kind, subject in kinds.items():
        belongs(engine, kind, subject, organisation_id, "bench")
    found = _alert(tag)
    publish(engine, (found,))
    named = {f"{kind.value}_id": subject for kind, subject in kinds.items()}
    return named | {"sha256": tag, "alert_id": found.id, "bag": f"wideberth-KR-1-{found.id[:12]}-v1"}


def _alert(analysis_id: str) -> Alert:
    span = {"start": None, "end": None, "start_s": 1.0, "end_s": 11.0}
    near = Interval(low=28.0, high=32.0)
    finding = Finding(
        rule="KR-1",
        verdict=Verdict.VIOLATION,
        reason="wholly within 50 m",
        duration_s=10.0,
        decisive_pts=(6,),
        measured=30.0,
        interval_95=near,
        threshold=50.0,
        **span,
    )
    encounter = Encounter(
        id="v1-g1",
        craft_track="v1",
        craft_kind=ObjectKind.VESSEL,
        group="g1",
        animal_tracks=("d1",),
        closest_separation_m=30.0,
        closest_interval_95_m=near,
        closest_t_s=5.0,
        closest_pts=30,
        latitude=33.2,
        longitude=126.2,
        findings=(finding,),
        **span,
    )
    return Alert(
        id=alert_id(analysis_id, encounter, "KR-1"),
        version=1,
        status=AlertStatus.CANDIDATE,
        analysis_id=analysis_id,
        encounter=encounter,
        finding=finding,
        rule_text=load_pack("kr").rule("KR-1").text,
        pack_id="kr",
        pack_version="1",
        grade=TelemetryGrade.A,
        model_ids=("m1",),
        created_at=datetime(2026, 8, 1, 3, tzinfo=UTC),
    )
