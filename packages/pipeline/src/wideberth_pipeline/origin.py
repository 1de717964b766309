"""Where an analysis begins that goes on from another one, and what it may then ask otherwise."""

from enum import StrEnum
from typing import Any

from wideberth_contracts.settings import AnalysisSettings
from wideberth_contracts.wire import Sha256, Wire


class ForkStage(StrEnum):
    """The first stage that is done anew; what the stages before it computed is taken over.

    `sense`: segments are taken over where the same question was put to the video, and those that could not be sensed
    are tried again. `track`: all segments are. `measure`: tracks and their screenings are as well.
    """

    SENSE = "sense"
    TRACK = "track"
    MEASURE = "measure"


class ForkedFrom(Wire):
    """Which analysis was gone on from, and from which stage on."""

    analysis_id: Sha256
    stage: ForkStage


LATER: dict[ForkStage, frozenset[str]] = {
    ForkStage.TRACK: frozenset({"track", "screen", "rules"}),
    ForkStage.MEASURE: frozenset({"rules"}),
}
"""Settings that no stage before that one looks at."""


def differing(mine: AnalysisSettings, theirs: AnalysisSettings) -> tuple[str, ...]:
    """Names of the settings that differ, in their order."""
    one, other = _plain(mine), _plain(theirs)
    return tuple(name for name in AnalysisSettings.model_fields if one.get(name) != other.get(name))


def too_late(mine: AnalysisSettings, theirs: AnalysisSettings, stage: ForkStage) -> tuple[str, ...]:
    """Settings that differ though a stage before `stage` depends on them; always none for `sense`."""
    if stage is ForkStage.SENSE:
        return ()
    early = [name for name in differing(mine, theirs) if name not in LATER[stage]]
    if stage is ForkStage.TRACK and not _has_its_crops(mine, theirs):
        early.append("screen.sea_memory")
    return tuple(early)


def sensed_alike(mine: AnalysisSettings, theirs: AnalysisSettings) -> bool:
    """Whether sensing does the same for both."""
    return not too_late(mine, theirs, ForkStage.TRACK)


def _has_its_crops(mine: AnalysisSettings, theirs: AnalysisSettings) -> bool:
    """Crops of the empty sea are cut while sensing, and only where they were asked for."""
    return theirs.screen.sea_memory or not mine.screen.sea_memory


def _plain(settings: AnalysisSettings) -> dict[str, Any]:
    return settings.model_dump(mode="json")
