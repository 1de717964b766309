"""One simulated clip and one analysis of it, shared by the tests of this folder."""

import asyncio
from dataclasses import dataclass
from pathlib import Path

import pytest

from wideberth.truth import Truth
from wideberth_anomaly.local import LocalAnomaly
from wideberth_contracts.settings import AnalysisSettings
from wideberth_distance.local import LocalDistance
from wideberth_gateway.rules.judge import LocalJudge
from wideberth_glare.local import LocalGlare
from wideberth_pipeline import Outcome, Plan, Stages, follow, plan, sense
from wideberth_simulator import SimulatedFiles, load_scene, simulate
from wideberth_tracker.local import LocalTracker

from .perfect_sight import TruthDetector

SCENE = Path(__file__).parent / "scenes" / "close_pass.yaml"


@dataclass(frozen=True)
class Analysed:
    """A plan and its outcome, with the truth."""

    files: SimulatedFiles
    folder: Path
    plan: Plan
    outcome: Outcome
    truth: Truth


@pytest.fixture(scope="session")
def clip(tmp_path_factory: pytest.TempPathFactory) -> SimulatedFiles:
    """The clip `close_pass` with its telemetry and truth."""
    return simulate(load_scene(SCENE), tmp_path_factory.mktemp("clip"), None, clean=False)


def seeing(truth: Path) -> Stages:
    """Real stages, but for the eyes."""
    return Stages(
        glare=LocalGlare(),
        detector=TruthDetector(truth),
        distance=LocalDistance(),
        tracker=LocalTracker(),
        anomaly=LocalAnomaly.open(),
        judge=LocalJudge(),
    )


async def analyse_with_truth(
    files: SimulatedFiles, folder: Path, settings: AnalysisSettings, telemetry: Path | None = None
) -> tuple[Plan, Outcome]:
    """The whole flow with perfect sight; with other telemetry than the clip's own where given."""
    stages = seeing(files.truth)
    made = await plan(stages, files.video, telemetry or files.telemetry, settings, folder)
    for span in made.spans:
        await sense(stages, made, span, files.video, folder)
    return made, await follow(stages, made, folder)


@pytest.fixture(scope="session")
def seen(clip: SimulatedFiles, tmp_path_factory: pytest.TempPathFactory) -> Analysed:
    """The clip analysed with perfect sight, in segments of 4 s."""
    folder = tmp_path_factory.mktemp("analysis")
    made, outcome = asyncio.run(analyse_with_truth(clip, folder, AnalysisSettings(segment_s=4.0)))
    return Analysed(clip, folder, made, outcome, Truth.read(clip.truth))
