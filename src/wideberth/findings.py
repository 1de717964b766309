"""Alerts of an outcome, and the files that hold what was found."""

from datetime import UTC, datetime
from pathlib import Path

from wideberth_contracts.judgement import Alert
from wideberth_gateway.alerts.geojson import alerts_geojson
from wideberth_gateway.alerts.making import alerts_of
from wideberth_gateway.judging import encounters_json
from wideberth_gateway.rules.catalogue import Packs, load_pack
from wideberth_pipeline import Outcome, Plan
from wideberth_pipeline.durable import write_text_whole


def alerts_for(plan: Plan, outcome: Outcome, packs: Packs = load_pack) -> tuple[Alert, ...]:
    """Candidates, one for each encounter and rule whose verdict is a violation."""
    return alerts_of(
        outcome.judgement,
        packs(f"{outcome.judgement.pack_id}@{outcome.judgement.pack_version}"),
        analysis_id=plan.analysis_id,
        grade=plan.grade,
        model_ids=tuple(model.id for service in plan.services for model in service.models),
        created_at=datetime.now(UTC),
    )


def write_findings(plan: Plan, outcome: Outcome, alerts: tuple[Alert, ...], folder: Path) -> dict[str, Path]:
    """Write `encounters.json` and `alerts.geojson`; the paths by name."""
    files = {"encounters": folder / "encounters.json", "alerts": folder / "alerts.geojson"}
    write_text_whole(files["encounters"], encounters_json(outcome.judgement, plan.analysis_id, outcome.tracks))
    write_text_whole(files["alerts"], alerts_geojson(alerts, plan.analysis_id))
    return files
