"""Database and queue under a season's load: synthetic segments, written as workers write them."""

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from wideberth_gateway.analyses.claiming import AHEAD
from wideberth_gateway.store import analyses as store
from wideberth_gateway.store import claims, executors
from wideberth_gateway.store.analyses import Analysis, Original, SegmentRow, State, analysis_values, segment_values
from wideberth_gateway.store.engine import open_engine, writing
from wideberth_gateway.store.migrate import migrate
from wideberth_gateway.store.tables import analyses, segments

SEGMENTS = 40
BATCH = 500
WRITERS = 8


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was measured. `segment_s`: of the database for a segment, with `WRITERS` at it; `page_s`: of a page."""

    rows: int
    segment_s: float
    page_s: float


def loaded(url: str, count: int, asked: int) -> Loaded:
    """So many analyses of 40 segments each, and then the work of `asked` segments among them."""
    engine = open_engine(url)
    try:
        migrate(engine)
        _fill(engine, count)
        return Loaded(count * SEGMENTS, _segments_s(engine, count, asked), _page_s(engine))
    finally:
        engine.dispose()


def sqlite(folder: Path) -> str:
    """URL of a SQLite file in a folder."""
    return f"sqlite:///{folder / 'season.sqlite'}"


def _fill(engine: Engine, count: int) -> None:
    store.keep_original(engine, Original("a" * 64, "DJI_0001.MP4", 4_000_000_000))
    for start in range(0, count, BATCH):
        numbers = range(start, min(start + BATCH, count))
        rows = [_analysis(number) for number in numbers]
        with writing(engine) as connection:
            connection.execute(sa.insert(analyses), [analysis_values(one) for one in rows])
            parts = [segment_values(one.id, part) for one in rows for part in one.segments]
            connection.execute(sa.insert(segments), parts)


def _analysis(number: int) -> Analysis:
    parts = tuple(SegmentRow(k, 30.0 * k, 30.0 * k + 30.0, 150) for k in range(SEGMENTS))
    return Analysis(
        id=f"{number:064x}", video_sha256="a" * 64, video_name="DJI_0001.MP4", telemetry_sha256=None,
        telemetry_name=None, settings_json="{}", grade="A", state=State.QUEUED, attempt=1, problem=None,
        created_epoch_s=1.78e9 + number, started_epoch_s=None, frames_at_start=0, finished_epoch_s=None, segments=parts,
    )  # fmt: skip


def _segments_s(engine: Engine, count: int, asked: int) -> float:
    """Wall clock a segment, with several writers: taken, noted twice, ended."""
    leases = [executors.open_lease(engine, f"writer {number}", 3600.0) for number in range(WRITERS)]

    def work(number: int) -> None:
        analysis_id = f"{number * 7919 % count:064x}"
        position = claims.take(engine, analysis_id, leases[number % WRITERS], AHEAD).position
        if position is None:
            raise RuntimeError(f"nothing to take of {analysis_id}")
        for frames in (50, 100):
            store.note_frames(engine, analysis_id, position, frames)
        store.end_segment(engine, analysis_id, position)

    started = time.perf_counter()
    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(work, range(asked)))
    return (time.perf_counter() - started) / asked


def _page_s(engine: Engine) -> float:
    started = time.perf_counter()
    for _ in range(5):
        store.list_analyses(engine, limit=50)
    return (time.perf_counter() - started) / 5
