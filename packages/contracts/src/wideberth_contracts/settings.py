"""What an analysis was asked to do, and what a service says about itself."""

from wideberth_contracts.clues import FlightClues
from wideberth_contracts.detections import DetectSettings
from wideberth_contracts.frames import ClearSettings
from wideberth_contracts.poses import FlightContext
from wideberth_contracts.screening import ScreenSettings
from wideberth_contracts.tracks import TrackSettings
from wideberth_contracts.wire import Positive, Sha256, Wire

# What a track needs is more than one picture would be believed for: weak boxes join sure ones, and alone they are
# rejected later. So an analysis does not wait for the confidence the model's card gives each kind.
TRACKED_CONFIDENCE = 0.15


class AnalysisSettings(Wire):
    """The settings of one analysis; part of its id.

    Attributes:
        clues: typed by a person or read from AIS; horizons are found in the clip itself.
        horizon: whether to look for it.
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
