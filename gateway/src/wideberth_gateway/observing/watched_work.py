"""The steps of a job, measured, with log lines that say what they are about, each in a span."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from prometheus_client import CollectorRegistry, Counter, Histogram
from sqlalchemy.engine import Engine

from wideberth_gateway.analyses.folders import Folders
from wideberth_gateway.jobs.runner import Work
from wideberth_gateway.observing.tracing import NoTracing, OtlpTracing
from wideberth_gateway.store.analyses import find_analysis
from wideberth_pipeline.segment_file import seconds_in
from wideberth_servicekit.logs import about

BUCKETS_S = (0.1, 0.5, 1.0, 5.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1800.0)
"""From a plan read to a long flight followed."""


class StepMetrics:
    """What steps of jobs took, and what the verbs within them took."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.steps = Histogram(
            "wideberth_step_seconds",
            "Steps of jobs: inherit, segments, sense, help, follow, alert",
            ["step"],
            buckets=BUCKETS_S,
            registry=registry,
        )
        self.failed = Counter("wideberth_step_failures", "Steps that ended with an error", ["step"], registry=registry)
        self.verbs = Counter(
            "wideberth_verb_seconds", "Seconds spent per verb while sensing", ["verb"], registry=registry
        )
        self.segments = Counter("wideberth_segments_sensed", "Segments sensed", registry=registry)


class WatchedWork:
    """A `Work` around another."""

    def __init__(
        self, work: Work, engine: Engine, folders: Folders, metrics: StepMetrics, tracing: NoTracing | OtlpTracing
    ) -> None:
        self._work = work
        self._engine = engine
        self._folders = folders
        self._metrics = metrics
        self._tracing = tracing

    async def inherit(self, analysis_id: str, of: str) -> None:
        """See `Work`."""
        async with self._watched("inherit", analysis_id):
            await self._work.inherit(analysis_id, of)

    async def segments(self, analysis_id: str) -> tuple[int, ...]:
        """See `Work`."""
        async with self._watched("segments", analysis_id):
            return await self._work.segments(analysis_id)

    async def sense(self, analysis_id: str, position: int) -> tuple[int, ...]:
        """See `Work`."""
        async with self._watched("sense", analysis_id, segment=position):
            sensed = await self._work.sense(analysis_id, position)
        for one in sensed:
            await self._count(analysis_id, one)
        return sensed

    async def help(self, analysis_id: str) -> tuple[int, ...]:
        """See `Work`. Mostly there is nothing to do, which is not worth a word."""
        started = time.perf_counter()
        with about(job=analysis_id):
            sensed = await self._work.help(analysis_id)
        for one in sensed:
            self._metrics.steps.labels("help").observe(time.perf_counter() - started)
            await self._count(analysis_id, one)
        return sensed

    async def _count(self, analysis_id: str, position: int) -> None:
        path = self._folders.analysis(analysis_id) / "segments" / f"{position:05d}.parquet"
        try:
            seconds = await asyncio.to_thread(seconds_in, path)
        except OSError:
            return  # the cache was cleared of it already
        self._metrics.segments.inc()
        for verb, spent_s in seconds.items():
            self._metrics.verbs.labels(verb).inc(spent_s)

    async def follow(self, analysis_id: str) -> None:
        """See `Work`."""
        async with self._watched("follow", analysis_id):
            await self._work.follow(analysis_id)

    async def alert(self, analysis_id: str) -> None:
        """See `Work`."""
        async with self._watched("alert", analysis_id):
            await self._work.alert(analysis_id)

    async def fail(self, analysis_id: str, error: Exception) -> None:
        """See `Work`."""
        with about(job=analysis_id):
            await self._work.fail(analysis_id, error)

    @asynccontextmanager
    async def _watched(self, step: str, analysis_id: str, **more: int) -> AsyncIterator[None]:
        analysis = await asyncio.to_thread(find_analysis, self._engine, analysis_id)
        flight = analysis.video_sha256 if analysis else "unknown"
        started = time.perf_counter()
        try:
            with (
                about(flight=flight, job=analysis_id, **more),
                self._tracing.span(f"job.{step}", flight=flight, job=analysis_id, **more),
            ):
                yield
        except Exception:
            self._metrics.failed.labels(step).inc()
            raise
        finally:
            self._metrics.steps.labels(step).observe(time.perf_counter() - started)
