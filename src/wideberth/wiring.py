"""One process: every port answered by the local adapter of its service."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from wideberth_anomaly.local import LocalAnomaly
from wideberth_detector.local import LocalDetector
from wideberth_distance.local import LocalDistance
from wideberth_gateway.rules.catalogue import Packs, load_pack
from wideberth_gateway.rules.judge import LocalJudge
from wideberth_glare.local import LocalGlare
from wideberth_pipeline import Stages
from wideberth_tracker.local import LocalTracker


@asynccontextmanager
async def local_stages(packs: Packs = load_pack) -> AsyncIterator[Stages]:
    """All ports, in this process; models are loaded and checked by hash.

    Args:
        packs: finds rule packs for the judge.
    """
    yield Stages(
        glare=LocalGlare(),
        detector=LocalDetector.open(),
        distance=LocalDistance(),
        tracker=LocalTracker(),
        anomaly=LocalAnomaly.open(),
        judge=LocalJudge(packs),
    )
