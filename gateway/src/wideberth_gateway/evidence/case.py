"""A case: one alert of a finished analysis with everything in its folder that speaks of it."""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from wideberth_contracts.errors import BadInput, BadRulePack, Conflict, NotFound
from wideberth_contracts.separations import SeparationSeries
from wideberth_contracts.wire import Probability
from wideberth_gateway.rules.catalogue import Packs, load_pack
from wideberth_gateway.rules.pack import Pack
from wideberth_pipeline import Plan
from wideberth_pipeline.separation_table import read_separations

ALERTS, IDENTITY = "alerts.geojson", "identity.json"
PLACES = (ALERTS, f"*/{ALERTS}", f"analyses/*/{ALERTS}", f"*/analyses/*/{ALERTS}")
"""Where alerts lie below a folder: of one analysis, of a folder of them, of a gateway's data."""

T = TypeVar("T", bound="Record")

SHORTEST_ID = 6
MARGIN_S = 10.0
"""Before and after the span that decided, in clips: what led to it and what came of it."""


class Record(BaseModel):
    """Something read from a file of the project that may have grown since: fields not known here are left alone."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class AlertFacts(Record):
    """What an alert says; the members of a feature of `alerts.geojson` (docs/formats.md)."""

    version: int
    status: str
    analysis_id: str
    rule: str
    rule_original: str
    rule_english: str
    citation: str
    evidence_level: str
    pack_id: str
    pack_version: str
    verdict: str
    advisory: bool
    reason: str
    reason_ko: str | None = None
    vessel_track: str
    vessel_kind: str
    animal_tracks: tuple[str, ...]
    unsure_animals: tuple[str, ...] = ()
    start: datetime | None
    end: datetime | None
    start_s: float
    end_s: float
    duration_s: float
    closest_separation_m: float
    interval_95_m: tuple[float, float]
    closest_t_s: float
    closest_pts: int
    measured: float | None
    measured_interval_95: tuple[float, float] | None
    threshold: float | None
    unit: str
    decisive_pts: tuple[int, ...]
    telemetry_grade: str
    model_ids: tuple[str, ...]


class Identity(Record):
    """Who a vessel was by AIS, and how sure that is: one entry of `identities` in `identity.json`.

    Attributes:
        verdict: `matched`: named. `ambiguous`, `none`: not named, and the reason says why.
        probability: of what the verdict says.
        stated_error_rate: wrong names among those named, as measured; None where it was not.
    """

    track: str
    verdict: Literal["matched", "ambiguous", "none"]
    probability: Probability
    reason: Annotated[str, Field(min_length=1)]
    reason_ko: str | None = None
    mmsi: int | None = None
    name: str | None = None
    stated_error_rate: Probability | None = None

    @property
    def named(self) -> bool:
        """True where a vessel is named."""
        return self.verdict == "matched" and (self.name is not None or self.mmsi is not None)


class _Identities(Record):
    identities: tuple[Identity, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """One alert and what it rests on.

    Attributes:
        feature: the alert as it stands in `alerts.geojson`.
        pack_name: by which the catalogue knows the rule pack that was applied.
        summary: `analysis.json`.
        judged: `encounters.json`.
        series: separations of the vessel; empty where none were kept.
        identity: None where nothing is known.
    """

    folder: Path
    id: str
    alert: AlertFacts
    feature: dict[str, Any]
    plan: Plan
    pack: Pack
    pack_name: str
    summary: dict[str, Any]
    judged: dict[str, Any]
    series: SeparationSeries
    identity: Identity | None

    @property
    def span_s(self) -> tuple[float, float]:
        """What decided and the closest approach, with what led to it; s from the clip's first frame."""
        start = min(self.alert.start_s, self.alert.closest_t_s)
        end = max(self.alert.end_s, self.alert.closest_t_s)
        return max(0.0, start - MARGIN_S), min(self.plan.duration_s, end + MARGIN_S)


def find_case(root: Path, alert: str, packs: Packs = load_pack) -> Case:
    """The case of that alert, looked for below `root`.

    Args:
        alert: its id, or the beginning of it.
        packs: finds the rule pack; with the outlines that were given, where any were.

    Raises:
        NotFound: there is no such alert.
        Conflict: more than one alert begins so, or the rule pack here is not the one that was applied.
        BadInput: a file of the folder cannot be read; names it and what to do.
    """
    found = [
        (path.parent, feature)
        for place in PLACES
        for path in sorted(root.glob(place))
        for feature in _read_json(path).get("features", [])
        if feature["id"] == alert or (len(alert) >= SHORTEST_ID and feature["id"].startswith(alert))
    ]
    if not found:
        remedy = f"give the id from {ALERTS}, or --in the folder of the analysis"
        raise NotFound(f"no alert {alert!r}", where=str(root), remedy=remedy)
    if len(found) > 1:
        places = ", ".join(f"{feature['id']} in {folder}" for folder, feature in found)
        raise Conflict(f"more than one alert: {places}", where=str(root), remedy="give a longer id, or --in its folder")
    return read_case(*found[0], packs)


def read_case(folder: Path, feature: dict[str, Any], packs: Packs = load_pack) -> Case:
    """The case of one feature of a folder's alerts.

    Raises:
        Conflict, BadInput: as `find_case`.
    """
    alert = _validated(AlertFacts, feature.get("properties", {}), folder / ALERTS)
    plan = _plan(folder)
    if alert.analysis_id != plan.analysis_id:
        raise Conflict("the alerts are of another analysis", where=str(folder), remedy="analyse the clip again")
    pack_name, pack = _pack(folder, plan, alert, packs)
    apart = {one.craft_track: one for one in read_separations(folder / "separations.parquet")}
    nothing = SeparationSeries(craft_track=alert.vessel_track, animals=(), samples=())
    return Case(
        folder=folder,
        id=feature["id"],
        alert=alert,
        feature=feature,
        plan=plan,
        pack=pack,
        pack_name=pack_name,
        summary=_read_json(folder / "analysis.json"),
        judged=_read_json(folder / "encounters.json"),
        series=apart.get(alert.vessel_track, nothing),
        identity=_identity(folder, alert.vessel_track),
    )


def _plan(folder: Path) -> Plan:
    path = folder / "plan.json"
    try:
        return Plan.model_validate_json(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadInput(error.strerror or "cannot be read", where=str(path), remedy="analyse the clip again") from error
    except ValidationError as error:
        remedy = "make the bag with the version that made the analysis, or analyse the clip again"
        raise BadInput("this plan was made by another version", where=str(path), remedy=remedy) from error


def _pack(folder: Path, plan: Plan, alert: AlertFacts, packs: Packs) -> tuple[str, Pack]:
    """The rule pack that was applied, by its hash: the one asked for, or the version that the alert names."""
    for name in (plan.settings.rules, f"{alert.pack_id}@{alert.pack_version}"):
        try:
            pack = packs(name)
        except BadRulePack:
            continue
        if pack.sha256 == plan.pack_sha256:
            return name, pack
    detail = f"the rule pack {alert.pack_id} {alert.pack_version} that was applied is not among those here"
    raise Conflict(detail, where=str(folder), remedy="use the version that made it, and the areas given")


def _identity(folder: Path, track: str) -> Identity | None:
    path = folder / IDENTITY
    if not path.exists():
        return None
    known = _validated(_Identities, _read_json(path), path).identities
    return next((one for one in known if one.track == track), None)


def _read_json(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BadInput(f"cannot be read: {error}", where=str(path), remedy="analyse the clip again") from error
    if not isinstance(content, dict):
        raise BadInput("is no JSON object", where=str(path), remedy="analyse the clip again")
    return content


def _validated(kind: type[T], content: object, path: Path) -> T:
    try:
        return kind.model_validate(content)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise BadInput(f"{place}: {first['msg']}", where=str(path), remedy="see docs/formats.md") from error
