"""What is due is deleted: noted in the audit trail with hash and rule, then gone everywhere."""

import asyncio
import hashlib
import json
import logging
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from wideberth_contracts.errors import NotFound, Problem, WideberthError
from wideberth_gateway.evidence.chain import Details
from wideberth_gateway.keeping.journal import journal_of
from wideberth_gateway.keeping.retention import Due, DueFile, Kind, Rule, due
from wideberth_gateway.keeping.shelf import Shelf
from wideberth_gateway.keeping.stores import Stored
from wideberth_gateway.store import audit
from wideberth_gateway.store import files as index
from wideberth_gateway.store.analyses import State
from wideberth_gateway.store.engine import writing
from wideberth_gateway.store.files import KeptFile
from wideberth_gateway.store.records import forget_alert
from wideberth_gateway.store.tables import alerts, analyses, deliveries
from wideberth_pipeline.durable import write_text_whole

APPLY_EVERY_S = 3600.0
ALERTS_FILE = "alerts.geojson"
_log = logging.getLogger("wideberth.gateway")


@dataclass(frozen=True, slots=True)
class Deleted:
    """How much went."""

    files: int
    size_bytes: int
    alerts: int
    deliveries: int


async def keep_retention(shelf: Shelf, rules: tuple[Rule, ...]) -> None:
    """Apply the rules once an hour, until cancelled; nothing to do where all is kept for ever."""
    while any(rule.days is not None for rule in rules):
        try:
            done = await asyncio.to_thread(apply, shelf, rules)
            if done != Deleted(0, 0, 0, 0):
                _log.info("retention: %s", done)
        except (WideberthError, DBAPIError, OSError):
            _log.exception("the rules of retention were not applied; trying again")
        await asyncio.sleep(APPLY_EVERY_S)


def apply(
    shelf: Shelf, rules: tuple[Rule, ...], *, actor: str = "retention", now_epoch_s: float | None = None
) -> Deleted:
    """Delete everything that is due; what an interrupted call noted and left is deleted too."""
    _finish(shelf)
    wanted = due(shelf, rules, now_epoch_s)
    names = {rule.kind: rule.name for rule in rules}
    for one in wanted.files:
        _delete_file(shelf, one, actor)
    _emptied(shelf, wanted)
    for alert_id, analysis_id in wanted.alerts:
        _delete_alert(shelf, alert_id, analysis_id, names[Kind.REJECTED], actor)
    if wanted.deliveries:
        _delete_deliveries(shelf, wanted.deliveries, names[Kind.LOGS], actor)
    sizes = sum(one.stored.size_bytes for one in wanted.files)
    return Deleted(len(wanted.files), sizes, len(wanted.alerts), len(wanted.deliveries))


def _delete_file(shelf: Shelf, one: DueFile, actor: str) -> None:
    key = one.stored.key
    try:
        sha256 = one.sha256 or shelf.store.digest(key)
    except NotFound:
        return
    with writing(shelf.engine) as connection:
        index.mark_gone(connection, KeptFile(key, one.stored.size_bytes, sha256, one.kept_epoch_s), one.rule)
        told: Details = {"key": key, "sha256": sha256, "size_bytes": one.stored.size_bytes, "rule": one.rule}
        audit.record(connection, actor=actor, action="file.deleted", subject=key.split("/")[1], details=told)
    _remove(shelf, key)


def _remove(shelf: Shelf, key: str) -> None:
    shelf.store.delete(key)
    (shelf.folders.root / key).unlink(missing_ok=True)  # of the cache


def _finish(shelf: Shelf) -> None:
    """Files that are noted as gone and lie there still: the process was killed between the two."""
    gone = {one.key for one in index.all_files(shelf.engine) if one.gone_epoch_s is not None}
    there: Iterable[Stored] = (one for prefix in ("originals/", "analyses/") for one in shelf.store.listed(prefix))
    for stored in there if gone else ():
        if stored.key in gone:
            _remove(shelf, stored.key)


def _emptied(shelf: Shelf, wanted: Due) -> None:
    """An analysis whose results are gone no longer stands as done: whoever asks for it again gets it again."""
    emptied = {one.stored.key.split("/")[1]: one.rule for one in wanted.files if one.stored.key.endswith("/plan.json")}
    for analysis_id, rule in emptied.items():
        detail = f"its files were deleted by the rule of retention {rule}"
        problem = Problem(
            type="urn:wideberth:gone", title="Deleted", status=410, detail=detail, remedy="ask for it again"
        )
        values = {"state": State.CANCELLED.value, "problem_json": problem.model_dump_json()}
        with writing(shelf.engine) as connection:
            connection.execute(sa.update(analyses).where(analyses.c.id == analysis_id).values(values))
            audit.record(connection, actor="retention", action="analysis.emptied", subject=analysis_id)
        for folder in (shelf.folders.analysis(analysis_id) / "segments", shelf.folders.analysis(analysis_id)):
            (folder / ".kept.json").unlink(missing_ok=True)
            with suppress(OSError):  # something is left in it, and stays
                folder.rmdir()


def _delete_alert(shelf: Shelf, alert_id: str, analysis_id: str, rule: str, actor: str) -> None:
    """All versions; from journal and file first, so that a call that is killed is repeated whole."""
    journal_of(shelf).forget({"alerts": alert_id})
    with shelf.analysis(analysis_id, lambda name: name == ALERTS_FILE) as folder:
        path = folder / ALERTS_FILE
        if path.is_file():
            content = json.loads(path.read_text(encoding="utf-8"))
            content["features"] = [one for one in content["features"] if one["id"] != alert_id]
            write_text_whole(path, json.dumps(content, ensure_ascii=False, indent=1))
            shelf.keep_analysis(analysis_id)
    with writing(shelf.engine) as connection:
        versions = connection.scalars(sa.select(alerts.c.alert_json).where(alerts.c.id == alert_id)).all()
        digest = hashlib.sha256("".join(versions).encode()).hexdigest()
        told: Details = {"versions": len(versions), "sha256": digest, "rule": rule, "analysis_id": analysis_id}
        audit.record(connection, actor=actor, action="alert.deleted", subject=alert_id, details=told)
        forget_alert(connection, alert_id)


def _delete_deliveries(shelf: Shelf, ids: tuple[int, ...], rule: str, actor: str) -> None:
    with writing(shelf.engine) as connection:
        for start in range(0, len(ids), 500):
            connection.execute(sa.delete(deliveries).where(deliveries.c.id.in_(ids[start : start + 500])))
        told: Details = {"deliveries": len(ids), "last": ids[-1], "rule": rule}
        audit.record(connection, actor=actor, action="deliveries.deleted", subject="deliveries", details=told)
