"""`identity.json`, and alerts in a folder told who their vessel was."""

import json
from collections.abc import Mapping, Sequence

from wideberth_contracts.clues import KnownLength
from wideberth_contracts.identity import VesselIdentity
from wideberth_gateway.identity.deciding import MATCHED_FROM, STATED_ERROR_RATE, Identified
from wideberth_gateway.identity.naming import told, vessel_sentence
from wideberth_gateway.identity.reports import AisLog
from wideberth_gateway.version import wideberth_version
from wideberth_gateway.wording.language import Language


def identity_json(
    found: Identified,
    logs: Sequence[AisLog],
    left_out: Mapping[str, str],
    lengths: Sequence[KnownLength],
    analysis_id: str | None,
) -> str:
    """The content of `identity.json`; see docs/formats.md."""
    content = {
        "wideberth_version": wideberth_version(),
        "analysis_id": analysis_id,
        "stated_error_rate": STATED_ERROR_RATE,
        "named_from": MATCHED_FROM,
        "ships_near": found.ships_near,
        "exact": found.exact,
        "identities": [told(each) for each in found.identities],
        "left_out": dict(left_out),
        "known_lengths": [each.model_dump(mode="json") for each in lengths],
        "files": [_file(log) for log in logs],
    }
    return json.dumps(content, ensure_ascii=False, indent=1)


def _file(log: AisLog) -> dict[str, object]:
    return {
        "file": log.file, "form": log.form, "lines": log.lines, "reports": len(log.reports),
        "vessels": len({report.mmsi for report in log.reports}), "bad": log.bad, "other": log.other,
        "bad_lines": [{"line": each.line, "reason": each.reason} for each in log.told],
    }  # fmt: skip


def told_again(geojson: str, by_track: Mapping[str, VesselIdentity]) -> tuple[str, int]:
    """An `alerts.geojson` with its vessels told, and how many alerts are thereby a new version.

    For a folder that no gateway keeps; where one does, the store makes the versions.
    """
    collection = json.loads(geojson)
    changed = 0
    for feature in collection["features"]:
        properties = feature["properties"]
        identity = by_track.get(properties["vessel_track"])
        said = told(identity) if identity else None
        if said is not None and said != properties.get("vessel_identity"):
            properties["vessel_identity"] = said
            properties["vessel"] = vessel_sentence(identity, Language.ENGLISH)
            properties["vessel_ko"] = vessel_sentence(identity, Language.KOREAN)
            properties["version"] += 1
            changed += 1
    return json.dumps(collection, ensure_ascii=False, indent=1), changed
