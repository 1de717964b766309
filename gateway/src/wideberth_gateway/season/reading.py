"""From the files of an analysis to its encounters, flat."""

import json
from pathlib import Path

from pydantic import ValidationError
from sqlalchemy.engine import Engine

from wideberth_contracts.judgement import Encounter, JudgeAnswer, Verdict
from wideberth_gateway.analyses.work import JUDGEMENT_FILE
from wideberth_gateway.identity.asking import IDENTITY_FILE
from wideberth_gateway.keeping.shelf import Shelf
from wideberth_gateway.store import encounters as store
from wideberth_gateway.store.encounters import Kept, Met

AT_ONCE = 500
"""Analyses read for one question; a gateway that comes from before these tables needs a few."""


def read_new(engine: Engine, shelf: Shelf) -> None:
    """The encounters of analyses finished since are in the table; what cannot be read is noted with the reason."""
    for analysis_id in store.not_read(engine, AT_ONCE):
        with shelf.analysis(analysis_id, lambda name: name in (JUDGEMENT_FILE, IDENTITY_FILE)) as folder:
            try:
                found, problem = encounters_in(folder, analysis_id), None
            except (OSError, ValidationError, ValueError, KeyError) as error:
                found, problem = (), f"{JUDGEMENT_FILE}: {type(error).__name__}"
        store.keep(engine, analysis_id, found, problem)


def encounters_in(folder: Path, analysis_id: str) -> tuple[Met, ...]:
    """The encounters of the analysis in that folder.

    Raises:
        OSError, ValidationError, ValueError, KeyError: its files cannot be read.
    """
    answer = JudgeAnswer.model_validate_json((folder / JUDGEMENT_FILE).read_text(encoding="utf-8"))
    names = _names(folder / IDENTITY_FILE)
    return tuple(_met(one, answer.pack_id, analysis_id, names.get(one.craft_track)) for one in answer.encounters)


def _names(path: Path) -> dict[str, str]:
    """Name or MMSI of the craft that AIS matched, by track; none where it was not held against AIS."""
    if not path.exists():
        return {}
    told = json.loads(path.read_text(encoding="utf-8"))["identities"]
    return {one["track"]: one.get("name") or f"{one['mmsi']:09d}" for one in told if one["verdict"] == "matched"}


def _met(one: Encounter, pack_id: str, analysis_id: str, vessel: str | None) -> Met:
    said = [finding for finding in one.findings if not finding.advisory]
    broken = tuple(sorted({finding.rule for finding in said if finding.verdict is Verdict.VIOLATION}))
    complied = any(finding.verdict is Verdict.COMPLIANT for finding in said)
    return Met(
        analysis_id=analysis_id,
        encounter_id=one.id,
        craft_track=one.craft_track,
        craft_kind=one.craft_kind.value,
        vessel=vessel,
        pack_id=pack_id,
        starts_epoch_s=one.start.timestamp() if one.start else None,
        closest_t_s=one.closest_t_s,
        closest_m=one.closest_separation_m,
        low_95_m=one.closest_interval_95_m.low,
        high_95_m=one.closest_interval_95_m.high,
        latitude_deg=one.latitude,
        longitude_deg=one.longitude,
        verdict=Kept.NO if broken else Kept.YES if complied else Kept.NOT_JUDGED,
        rules=broken,
    )
