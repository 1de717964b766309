"""Writes alerts into a gateway's database as its jobs do: `python -m bench.load.alert_writer URL COUNT`,
optionally followed by how many a transaction and how many seconds apart.

The id of an alert begins with the moment it was made, so that whoever gets it knows how late it is.
"""

import sys
import time
from datetime import UTC, datetime

from wideberth_contracts.detections import ObjectKind
from wideberth_contracts.judgement import Alert, AlertStatus, Encounter, Finding, Verdict
from wideberth_contracts.poses import TelemetryGrade
from wideberth_contracts.wire import Interval
from wideberth_gateway.rules import load_pack
from wideberth_gateway.store.alerts import publish
from wideberth_gateway.store.engine import open_engine

BATCH, EVERY_S = 20, 0.5
_TICKS_PER_S = 1e6


def first_second(identity: str) -> float:
    """When the alert of that id was made, s since 1970."""
    return int(identity[:16], 16) / _TICKS_PER_S


def made(number: int) -> Alert:
    """One alert of now."""
    now = datetime.now(UTC)
    finding = Finding(
        rule="KR-1", verdict=Verdict.VIOLATION, reason="the whole interval lies within 50 m", start_s=1.0, end_s=11.0,
        start=now, end=now, duration_s=10.0, decisive_pts=(6, 12), measured=30.0,
        interval_95=Interval(low=28.0, high=32.0), threshold=50.0,
    )  # fmt: skip
    encounter = Encounter(
        id=f"v{number}-g1", craft_track=f"v{number}", craft_kind=ObjectKind.VESSEL, group="g1", animal_tracks=("d1",),
        start_s=0.0, end_s=20.0, start=now, end=now, closest_separation_m=30.0, findings=(finding,),
        closest_interval_95_m=Interval(low=28.0, high=32.0), closest_t_s=5.0, closest_pts=30, latitude=33.2,
        longitude=126.2,
    )  # fmt: skip
    pack = load_pack("kr")
    rule = pack.rule("KR-1")
    assert rule is not None
    return Alert(
        id=f"{int(time.time() * _TICKS_PER_S):016x}{number:016x}", version=1, status=AlertStatus.CANDIDATE,
        analysis_id="e" * 64, encounter=encounter, finding=finding, rule_text=rule.text, pack_id="kr",
        pack_version=pack.version, grade=TelemetryGrade.A, model_ids=("m1",), created_at=now,
    )  # fmt: skip


def main() -> None:
    """Write them, a batch a transaction."""
    engine = open_engine(sys.argv[1])
    count, begun = int(sys.argv[2]), time.monotonic()
    batch, every_s = (int(sys.argv[3]), float(sys.argv[4])) if len(sys.argv) > 3 else (BATCH, EVERY_S)
    for first in range(0, count, batch):
        time.sleep(max(0.0, begun + first / batch * every_s - time.monotonic()))
        publish(engine, tuple(made(number) for number in range(first, min(first + batch, count))))
    engine.dispose()


if __name__ == "__main__":
    main()
