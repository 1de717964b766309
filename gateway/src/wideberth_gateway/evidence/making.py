"""A bag from a case: everything in its place under `data/`, described, then sealed."""

import hashlib
import json
import shutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from wideberth_contracts.errors import BadInput
from wideberth_contracts.phrases import phrase
from wideberth_gateway.evidence.case import IDENTITY, Case
from wideberth_gateway.evidence.exhibits import Absent, Exhibits, MakeExhibits, Originals, absence
from wideberth_gateway.evidence.instructions import how_to_check, how_to_repeat
from wideberth_gateway.evidence.measures import Measures, measures_of
from wideberth_gateway.evidence.report import ReportInput, write_report
from wideberth_gateway.evidence.sealing import FORBIDDEN_IN_NAMES, Sealed, Stamp, discard, refuse_another, seal_bag
from wideberth_gateway.rules.catalogue import pack_source
from wideberth_gateway.version import wideberth_version
from wideberth_gateway.wording.language import Language
from wideberth_pipeline.segment_file import segment_path

WHOLE_BELOW_BYTES = 2 << 30
"""An original up to this size goes into the bag whole; of a larger one the cut goes in, and its hash."""

TABLES = ("tracks.csv", "tracks.parquet", "separations.csv", "separations.parquet", "observations.parquet")
ANALYSIS = ("analysis.json", "encounters.json", "plan.json", "poses.json")

Trail = Callable[[Path], Iterable[str]]
"""Writes stamps of days, if there are any, below the folder it is given, and yields the lines of the trail."""


@dataclass(frozen=True, slots=True)
class Making:
    """How bags are made here.

    Attributes:
        exhibits: of the application; see `exhibits.MakeExhibits`.
        trail: of this case.
        stamp: asked for a time stamp of the manifest; None answers that there is none now.
    """

    exhibits: MakeExhibits
    trail: Trail
    stamp: Stamp
    whole_below_bytes: int = WHOLE_BELOW_BYTES


def bag_name(case: Case) -> str:
    """Names the alert and its version: `wideberth-KR-1-355f4d18ca18-v1`."""
    return f"wideberth-{case.alert.rule}-{case.id[:12]}-v{case.alert.version}"


def make_bag(case: Case, originals: Originals, target: Path, making: Making) -> Sealed:
    """The bag of a case, whole at `target` or not there.

    Raises:
        BadInput: an original is not the file that was analysed, or something in the folder cannot be read.
        Conflict: `target` exists.
    """
    refuse_another(target)
    check_originals(case, originals)
    target.parent.mkdir(parents=True, exist_ok=True)
    staged = target.parent / f".{target.name}.{uuid4().hex[:8]}.partial"
    data = staged / "data"
    data.mkdir(parents=True)
    try:
        made_at = datetime.now(UTC)
        _fill(case, originals, data, making, made_at)
        return seal_bag(staged, target, _info(case, made_at), making.stamp)
    finally:
        discard(staged)


def check_originals(case: Case, originals: Originals) -> None:
    """The files are, byte for byte, the ones that were analysed.

    Raises:
        BadInput: names the one that is not.
    """
    telemetry = case.plan.telemetry
    pairs = [(originals.video, case.plan.video_sha256)]
    if originals.telemetry is not None and telemetry is not None:
        pairs.append((originals.telemetry, telemetry.sha256))
    for path, expected in pairs:
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
        if found != expected:
            detail = f"this is not the file that was analysed: its SHA-256 is {found[:16]}…, not {expected[:16]}…"
            raise BadInput(detail, where=str(path), remedy="give the original")


def _fill(case: Case, originals: Originals, data: Path, making: Making, made_at: datetime) -> None:
    whole = originals.video.stat().st_size <= making.whole_below_bytes
    named = _originals(case, originals, data, whole=whole)
    named |= _analysis(case, data)
    made = making.exhibits(case, originals, data)
    measures = measures_of(case)
    absent = (*made.absent, *_absent(case, originals, whole=whole))
    _records(case, measures, data)
    _audit(making.trail, data)
    video = _original(case.plan.video) if whole else None
    telemetry = next((name for name in named if name.startswith("original/") and name != video), None)
    repeat = how_to_repeat(case, video=video, telemetry=telemetry, cut_pts=made.cut_pts)
    (data / "HOW-TO-REPEAT.md").write_text(repeat, encoding="utf-8")
    (data / "HOW-TO-CHECK.md").write_text(how_to_check(), encoding="utf-8")
    given = ReportInput(case, measures, made.shown, absent, data, made_at)
    for language in Language:
        write_report(given, language, data / f"report.{language.value}.pdf")
    _write_json(data / "evidence.json", _evidence(case, made, absent, named, made_at))


def _originals(case: Case, originals: Originals, data: Path, *, whole: bool) -> dict[str, str]:
    """Originals under the names they came by; their hashes by name under `data/`."""
    named = {}
    (data / "original").mkdir()
    if whole:
        named[_original(case.plan.video)] = case.plan.video_sha256
        shutil.copyfile(originals.video, data / _original(case.plan.video))
    if originals.telemetry is not None and case.plan.telemetry is not None:
        named[_original(case.plan.telemetry.file)] = case.plan.telemetry.sha256
        shutil.copyfile(originals.telemetry, data / _original(case.plan.telemetry.file))
    return named


def _original(name: str) -> str:
    """Where an original lies under `data/`; signs that no manifest or disk takes become `_`."""
    return "original/" + "".join("_" if sign in FORBIDDEN_IN_NAMES or sign == "/" else sign for sign in name)


def _analysis(case: Case, data: Path) -> dict[str, str]:
    """Tables, what was decided, what was sensed around it, and the rule pack."""
    copies = [(case.folder / name, data / "tables" / name) for name in TABLES]
    copies += [(case.folder / name, data / "analysis" / name) for name in ANALYSIS]
    start_s, stop_s = case.span_s
    spans = [span for span in case.plan.spans if span.frames and span.start_s <= stop_s and span.stop_s >= start_s]
    segments = [segment_path(case.folder, span) for span in spans]
    copies += [(path, data / "analysis" / "segments" / path.name) for path in segments]
    for source, target in copies:
        if not source.is_file():
            raise BadInput("the file is missing", where=str(source), remedy="analyse the clip again into that folder")
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
    (data / "rules").mkdir()
    (data / "rules" / f"{case.pack.id}.yaml").write_bytes(pack_source(case.pack_name))
    for given in case.pack.outlines:
        (data / "rules" / "areas").mkdir(exist_ok=True)
        (data / "rules" / "areas" / given.file).write_bytes(given.content.encode("utf-8"))
    return {f"rules/{case.pack.id}.yaml": case.pack.sha256}


def _records(case: Case, measures: Measures, data: Path) -> None:
    """Settings, calibration, error budget, own conduct, identity, the alert itself."""
    plan = case.plan
    _write_json(data / "settings.json", plan.settings.model_dump(mode="json"))
    calibration = {
        "calibration": plan.calibration.model_dump(mode="json") if plan.calibration else None,
        "context": plan.settings.context.model_dump(mode="json"),
        "horizons": [horizon.model_dump(mode="json") for horizon in plan.horizons],
        "telemetry_grade": plan.grade.value,
    }
    _write_json(data / "calibration" / "calibration.json", calibration)
    _write_json(data / "calibration" / "error-budget.json", measures.as_json())
    _write_json(data / "own-conduct.json", {"own_conduct": case.judged.get("own_conduct", [])})
    _write_json(data / "alert.geojson", case.feature)
    if (case.folder / IDENTITY).is_file():
        shutil.copyfile(case.folder / IDENTITY, data / IDENTITY)


def _audit(trail: Trail, data: Path) -> None:
    folder = data / "audit"
    folder.mkdir()
    lines = list(trail(folder))
    if lines:
        (folder / "trail.jsonl").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def _absent(case: Case, originals: Originals, *, whole: bool) -> tuple[Absent, ...]:
    found = []
    if not whole:
        found.append(absence(phrase("part.original_video"), phrase("absent.too_large", sha256=case.plan.video_sha256)))
    if case.plan.telemetry is None:
        found.append(absence(phrase("part.telemetry"), phrase("absent.none_given")))
    elif originals.telemetry is None:
        found.append(absence(phrase("part.telemetry_file"), phrase("absent.in_video")))
    if case.identity is None or not case.identity.named:
        unknown = absence(phrase("part.vessel_identity"), phrase("absent.not_known"))
        if case.identity:
            why = case.identity.reason
            unknown = replace(unknown, reason=why, reason_ko=case.identity.reason_ko or why)
        found.append(unknown)
    return tuple(found)


def _evidence(
    case: Case, made: Exhibits, absent: tuple[Absent, ...], named: Mapping[str, str], made_at: datetime
) -> dict[str, Any]:
    plan = case.plan
    return {
        "wideberth_version": wideberth_version(),
        "made_at": made_at.isoformat(timespec="seconds"),
        "alert_id": case.id,
        "alert_version": case.alert.version,
        "status": case.alert.status,
        "analysis_id": plan.analysis_id,
        "video": {"file": plan.video, "sha256": plan.video_sha256},
        "telemetry": plan.telemetry.model_dump() if plan.telemetry else None,
        "rule_pack": {"id": case.pack.id, "version": case.pack.version, "sha256": case.pack.sha256},
        "models": [model.model_dump() for service in plan.services for model in service.models],
        "identity": case.identity.model_dump() if case.identity else None,
        "span_s": list(case.span_s),
        "cut_first_pts": made.cut_pts,
        "exhibits": [asdict(exhibit) for exhibit in made.shown],
        "absent": [asdict(one) for one in absent],
        "named_by_sha256": dict(named),
    }


def _info(case: Case, made_at: datetime) -> dict[str, str]:
    alert, plan = case.alert, case.plan
    return {
        "Source-Organization": "made by Wideberth; see data/report.en.pdf for who filmed",
        "External-Description": f"candidate violation of {alert.rule} ({alert.pack_id} {alert.pack_version})",
        "External-Identifier": case.id,
        "Bagging-Date": made_at.date().isoformat(),
        "Bag-Software-Agent": f"Wideberth {wideberth_version()}",
        "Wideberth-Analysis": plan.analysis_id,
        "Wideberth-Video-SHA256": plan.video_sha256,
        "Wideberth-Rule-Pack-SHA256": case.pack.sha256,
        **{f"Wideberth-Model-{m.id.replace('/', '-')}": m.sha256 for s in plan.services for m in s.models},
    }


def _write_json(path: Path, content: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
