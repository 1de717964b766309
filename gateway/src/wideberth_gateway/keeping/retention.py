"""How long each class of data is kept, and what is due. Nothing in a case is ever due; nor is the audit trail."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

import sqlalchemy as sa

from wideberth_gateway.keeping.shelf import Shelf
from wideberth_gateway.keeping.stores import Stored
from wideberth_gateway.settings import GatewaySettings
from wideberth_gateway.store import analyses as analysis_store
from wideberth_gateway.store import files as index
from wideberth_gateway.store import holds as hold_store
from wideberth_gateway.store.alerts import rejected
from wideberth_gateway.store.analyses import Analysis
from wideberth_gateway.store.engine import reading
from wideberth_gateway.store.files import KeptFile
from wideberth_gateway.store.holds import Held
from wideberth_gateway.store.tables import deliveries, originals

DAY_S = 86_400.0


class Kind(StrEnum):
    """Classes of data.

    `originals`: files as they came. `segments`: what was sensed, with crops. `results`: tables, pictures, report and
    plan of an analysis. `rejected`: alerts that a person rejected. `logs`: webhook deliveries that have ended.
    """

    ORIGINALS = "originals"
    SEGMENTS = "segments"
    RESULTS = "results"
    REJECTED = "rejected"
    LOGS = "logs"


@dataclass(frozen=True, slots=True)
class Rule:
    """How long a class is kept. `days` None: for ever."""

    kind: Kind
    days: float | None

    @property
    def name(self) -> str:
        """As the audit trail names it."""
        return f"{self.kind.value} {self.days:g} d" if self.days is not None else f"{self.kind.value} for ever"


@dataclass(frozen=True, slots=True)
class DueFile:
    """A file to be deleted. `sha256` None: to be read from the store."""

    rule: str
    stored: Stored
    sha256: str | None
    kept_epoch_s: float


@dataclass(frozen=True, slots=True)
class Due:
    """What the rules say is to go now."""

    files: tuple[DueFile, ...]
    alerts: tuple[tuple[str, str], ...]
    """Alert and its analysis."""
    deliveries: tuple[int, ...]
    held: Held


def rules_of(settings: GatewaySettings) -> tuple[Rule, ...]:
    """A rule a class, as the settings say."""
    days = (
        settings.keep_originals_days,
        settings.keep_segments_days,
        settings.keep_results_days,
        settings.keep_rejected_days,
        settings.keep_logs_days,
    )
    return tuple(Rule(kind, limit) for kind, limit in zip(Kind, days, strict=True))


def due(shelf: Shelf, rules: tuple[Rule, ...], now_epoch_s: float | None = None) -> Due:
    """Everything that is to go now."""
    now = time.time() if now_epoch_s is None else now_epoch_s
    by_kind = {rule.kind: rule for rule in rules if rule.days is not None}
    held = hold_store.held(shelf.engine)
    known = {one.key: one for one in index.all_files(shelf.engine)}
    runs = analysis_store.all_analyses(shelf.engine)
    files = (
        *_originals(shelf, by_kind.get(Kind.ORIGINALS), held, runs, known, now),
        *_of_analyses(shelf, by_kind, held, runs, known, now),
    )
    return Due(
        files,
        _rejected(shelf, by_kind.get(Kind.REJECTED), held, now),
        _deliveries(shelf, by_kind.get(Kind.LOGS), now),
        held,
    )


def _originals(
    shelf: Shelf,
    rule: Rule | None,
    held: Held,
    runs: tuple[Analysis, ...],
    known: dict[str, KeptFile],
    now: float,
) -> Iterator[DueFile]:
    """Originals of analyses that go on are needed and stay."""
    if rule is None or rule.days is None:
        return
    needed = {sha for one in runs if not one.state.ended for sha in (one.video_sha256, one.telemetry_sha256)}
    before = now - rule.days * DAY_S
    with reading(shelf.engine) as connection:
        old = sa.select(originals.c.sha256, originals.c.received_epoch_s).where(originals.c.received_epoch_s < before)
        found = connection.execute(old.order_by(originals.c.sha256)).all()
    for sha256, received in found:
        kept = known.get(f"originals/{sha256}")
        since = max(received, kept.kept_epoch_s if kept else received)  # sent again is kept again
        if sha256 in held.originals or sha256 in needed or since >= before:
            continue
        stored = shelf.store.find(f"originals/{sha256}")
        if stored is not None:
            yield DueFile(rule.name, stored, sha256, since)


def _of_analyses(
    shelf: Shelf,
    by_kind: dict[Kind, Rule],
    held: Held,
    runs: tuple[Analysis, ...],
    known: dict[str, KeptFile],
    now: float,
) -> Iterator[DueFile]:
    """Whatever the store has of an analysis is one or the other: what is no segment is a result."""
    for one in runs if {Kind.SEGMENTS, Kind.RESULTS} & by_kind.keys() else ():
        if not one.state.ended or one.id in held.analyses or one.finished_epoch_s is None:
            continue
        prefix = f"analyses/{one.id}/"
        for stored in shelf.store.listed(prefix):
            is_segment = stored.key.removeprefix(prefix).startswith("segments/")
            rule = by_kind.get(Kind.SEGMENTS if is_segment else Kind.RESULTS)
            if rule is not None and rule.days is not None and one.finished_epoch_s < now - rule.days * DAY_S:
                kept = known.get(stored.key)
                yield DueFile(rule.name, stored, kept.sha256 if kept else None, one.finished_epoch_s)


def _rejected(shelf: Shelf, rule: Rule | None, held: Held, now: float) -> tuple[tuple[str, str], ...]:
    """Alerts that stand as rejected for so long and whose analysis is in no case."""
    if rule is None or rule.days is None:
        return ()
    before = now - rule.days * DAY_S

    old = [one for one in rejected(shelf.engine) if one.created_at.timestamp() < before]
    return tuple((one.id, one.analysis_id) for one in old if one.analysis_id not in held.analyses)


def _deliveries(shelf: Shelf, rule: Rule | None, now: float) -> tuple[int, ...]:
    if rule is None or rule.days is None:
        return ()
    ended = sa.select(deliveries.c.id).where(deliveries.c.done_epoch_s < now - rule.days * DAY_S)
    with reading(shelf.engine) as connection:
        return tuple(connection.scalars(ended.order_by(deliveries.c.id)))
