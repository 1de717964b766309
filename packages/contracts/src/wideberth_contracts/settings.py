"""What an analysis was asked to do, and what a service says about itself."""

from collections.abc import Sequence
from typing import Annotated, Self

from pydantic import Field, model_validator

from wideberth_contracts.clues import FlightClues
from wideberth_contracts.detections import DetectSettings
from wideberth_contracts.frames import ClearSettings
from wideberth_contracts.poses import FlightContext
from wideberth_contracts.screening import ScreenSettings
from wideberth_contracts.tracks import TrackSettings
from wideberth_contracts.wire import NonNegative, Positive, Sha256, Wire

# What a track needs is more than one picture would be believed for: weak boxes join sure ones, and alone they are
# rejected later. So an analysis does not wait for the confidence the model's card gives each kind.
TRACKED_CONFIDENCE = 0.15


class ChosenSpan(Wire):
    """A stretch of a clip that a person chose, [start_s, stop_s), s from its first frame."""

    start_s: NonNegative
    stop_s: Positive

    @model_validator(mode="after")
    def _forwards(self) -> Self:
        if not self.stop_s > self.start_s:
            raise ValueError(f"a span ends after it begins: {self.start_s} to {self.stop_s} s")
        return self


def merged(spans: Sequence[ChosenSpan]) -> tuple[ChosenSpan, ...]:
    """The same stretches in order, those that touch or overlap as one."""
    kept: list[ChosenSpan] = []
    for span in sorted(spans, key=lambda one: one.start_s):
        if kept and span.start_s <= kept[-1].stop_s:
            kept[-1] = ChosenSpan(start_s=kept[-1].start_s, stop_s=max(kept[-1].stop_s, span.stop_s))
        else:
            kept.append(span)
    return tuple(kept)


def _nothing_chosen(spans: Sequence[ChosenSpan]) -> bool:
    return not spans


class AnalysisSettings(Wire):
    """The settings of one analysis; part of its id.

    Attributes:
        clues: typed by a person or read from AIS; horizons are found in the clip itself.
        horizon: whether to look for it.
        spans: what to look at; none: the whole clip. Left out of the JSON where there is none, so that the id of an
            analysis of a whole clip stays what it was before there were spans.
    """

    sample_fps: Positive = 5.0
    segment_s: Positive = 30.0
    rules: str = "kr"
    context: FlightContext = FlightContext()
    clues: FlightClues = FlightClues()
    horizon: bool = True
    clear: ClearSettings = ClearSettings()
    detect: DetectSettings = DetectSettings(confidence=TRACKED_CONFIDENCE)
    track: TrackSettings = TrackSettings()
    screen: ScreenSettings = ScreenSettings()
    spans: Annotated[tuple[ChosenSpan, ...], Field(max_length=200, exclude_if=_nothing_chosen)] = ()


class ModelRef(Wire):
    """A model in use, by id and hash of its weights."""

    id: str
    sha256: Sha256
    runtime: str


class ServiceInfo(Wire):
    """What a service is: answered by `/info` and by its local adapter alike."""

    service: str
    version: str
    device: str
    models: tuple[ModelRef, ...] = ()
