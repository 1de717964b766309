"""The gauges of a gateway, set anew whenever they are asked for."""

import asyncio
import shutil
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

from prometheus_client import CollectorRegistry, Gauge
from sqlalchemy.engine import Engine

from wideberth_contracts.errors import WideberthError
from wideberth_contracts.judgement import AlertStatus
from wideberth_contracts.poses import TelemetryGrade
from wideberth_contracts.settings import ServiceInfo
from wideberth_gateway.store.analyses import State
from wideberth_gateway.store.standing import look
from wideberth_gateway.store.webhooks import DeliveryState

LOOK_EVERY_S = 10.0
"""A look at 100,000 alerts costs a third of a second: several scrapers share one."""

DEVICES_EVERY_S = 60.0
DEVICES_WITHIN_S = 2.0

DISK_FREE = "Free bytes where the data folder lies"

Infos = Callable[[], Awaitable[tuple[ServiceInfo, ...]]]


@dataclass(frozen=True, slots=True)
class Gauges:
    """Names are part of the interface: boards and alert rules under `deploy/` use them."""

    analyses: Gauge
    grades: Gauge
    queue_age: Gauge
    retried: Gauge
    alerts: Gauge
    deliveries: Gauge
    lag: Gauge
    stamps: Gauge
    kept: Gauge
    behind: Gauge
    free: Gauge
    device: Gauge

    @classmethod
    def of(cls, registry: CollectorRegistry) -> "Gauges":
        """Registered there."""

        def gauge(name: str, about: str, *labels: str) -> Gauge:
            return Gauge(f"wideberth_{name}", about, labels, registry=registry)

        return cls(
            analyses=gauge("gateway_analyses", "Analyses by state", "state"),
            grades=gauge("analyses_by_grade", "Analyses by telemetry grade", "grade"),
            queue_age=gauge("queue_age_seconds", "How long the oldest queued analysis has waited"),
            retried=gauge("segments_retried", "Segments whose sensing began more than once"),
            alerts=gauge("alerts", "Alerts by status of their latest version", "status"),
            deliveries=gauge("webhook_deliveries", "Deliveries by state", "state"),
            lag=gauge("webhook_lag_seconds", "How long the oldest delivery that is due has waited"),
            stamps=gauge("stamps_waiting", "Time stamps that are wanted and not there"),
            kept=gauge("kept_bytes", "Bytes kept, by class", "kind"),
            behind=gauge("journal_behind_entries", "Entries of the audit trail that are not in the journal yet"),
            free=gauge("disk_free_bytes", DISK_FREE),
            device=gauge("device", "1 for the device that a service runs on", "service", "device"),
        )


@dataclass(frozen=True, slots=True)
class DiskWatch:
    """What a worker has of its own to tell: the rest is in the database, of which the gateway tells."""

    free: Gauge
    data_dir: Path

    @classmethod
    def of(cls, registry: CollectorRegistry, data_dir: Path) -> "DiskWatch":
        """Registered there, under the name it has in the gateway."""
        return cls(Gauge("wideberth_disk_free_bytes", DISK_FREE, registry=registry), data_dir)

    async def refresh(self) -> None:
        """The gauge says how things stand now."""
        self.free.set(await asyncio.to_thread(lambda: shutil.disk_usage(self.data_dir).free))


@dataclass(slots=True)
class Watch:
    """Looks, and sets the gauges.

    Attributes:
        infos: what stands behind the ports, asked once a minute.
        journal_written: last entry that is in the journal.
    """

    gauges: Gauges
    engine: Engine
    data_dir: Path
    infos: Infos
    journal_written: Callable[[], int]
    look_every_s: float = LOOK_EVERY_S
    _looked_at: float = field(default=-LOOK_EVERY_S)
    _devices_at: float = field(default=-DEVICES_EVERY_S)

    async def refresh(self) -> None:
        """The gauges say how things stand now; of a service that does not answer, no device."""
        if time.monotonic() - self._looked_at >= self.look_every_s:
            self._looked_at = time.monotonic()
            await asyncio.to_thread(self._look)
        if time.monotonic() - self._devices_at < DEVICES_EVERY_S:
            return
        self._devices_at = time.monotonic()
        self.gauges.device.clear()
        try:
            async with asyncio.timeout(DEVICES_WITHIN_S):
                for info in await self.infos():
                    self.gauges.device.labels(info.service, info.device).set(1)
        except (TimeoutError, WideberthError):
            return

    def _look(self) -> None:
        found, gauges = look(self.engine), self.gauges
        for gauge, counts, every in (
            (gauges.analyses, found.analyses, tuple(State)),
            (gauges.grades, found.grades, tuple(TelemetryGrade)),
            (gauges.alerts, found.alerts, tuple(AlertStatus)),
            (gauges.deliveries, found.deliveries, tuple(DeliveryState)),
        ):
            for one in every:
                gauge.labels(one.value).set(counts.get(one.value, 0))
        for kind in ("originals", "analyses", "evidence"):
            gauges.kept.labels(kind).set(found.kept_bytes.get(kind, 0))
        gauges.queue_age.set(found.queue_age_s)
        gauges.retried.set(found.segments_retried)
        gauges.lag.set(found.webhook_lag_s)
        gauges.stamps.set(found.stamps_waiting)
        gauges.behind.set(max(0, found.audit_entries - max(0, self.journal_written())))
        gauges.free.set(shutil.disk_usage(self.data_dir).free)
