"""What else tells height, pitch and focal length of a flight, and what each such clue was worth.

Telemetry gives priors. A horizon, a thing of known length, a reading at the waterline, a charted point of the coast
each say something more; one least-squares fit a flight weighs them together.
"""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from wideberth_contracts.wire import Latitude, Longitude, Measured, NonNegative, Positive, Wire


class ClueKind(StrEnum):
    """Kinds of evidence about the camera, telemetry included."""

    TELEMETRY = "telemetry"
    HORIZON = "horizon"
    KNOWN_LENGTH = "known_length"
    WATERLINE_ZERO = "waterline_zero"
    COAST_POINT = "coast_point"


class HorizonView(Wire):
    """The sea horizon in one frame.

    Attributes:
        t_s: of the frame.
        pitch_deg, roll_deg: of the camera, as the line in the picture tells them for `focal_px` and `height_m`; the
            error is that of the line alone, not of focal length, height or refraction.
        focal_px, height_m: assumed in that.
        columns_share: of the picture's width along which the line was seen.
    """

    type: Literal["horizon"] = "horizon"
    t_s: float
    pitch_deg: Measured
    roll_deg: Measured
    focal_px: Positive
    height_m: Positive
    columns_share: Annotated[float, Field(ge=0, le=1)]


class HorizonAbsence(StrEnum):
    """Why a frame shows no horizon that can be used."""

    OUT_OF_VIEW = "out_of_view"
    NOT_FOUND = "not_found"
    DISAGREES = "disagrees_with_telemetry"
    NO_POSE = "no_pose"


class NoHorizon(Wire):
    """No horizon, and why."""

    type: Literal["no_horizon"] = "no_horizon"
    t_s: float
    reason: HorizonAbsence
    detail: str = ""


MaybeHorizon = Annotated[HorizonView | NoHorizon, Field(discriminator="type")]


class KnownLength(Wire):
    """A thing on the water whose length is known, with both its ends in one frame.

    Attributes:
        bow_px, stern_px: x, y of both ends at the waterline.
        sigma_px: of each end.
        length_m: at the waterline.
        source: who says so: a person, AIS, a register.
    """

    t_s: float
    bow_px: tuple[float, float]
    stern_px: tuple[float, float]
    sigma_px: Positive = 2.0
    length_m: Measured
    source: str


class CoastPoint(Wire):
    """A point of the shore at the water's edge whose place is known, seen in one frame."""

    t_s: float
    x_px: float
    y_px: float
    sigma_px: Positive = 3.0
    latitude: Latitude
    longitude: Longitude
    sigma_m: Positive = 5.0
    source: str


class FlightClues(Wire):
    """All clues of a flight beside its telemetry; a waterline zero is in the context, for it needs no frame."""

    horizons: tuple[HorizonView, ...] = ()
    lengths: tuple[KnownLength, ...] = ()
    coast: tuple[CoastPoint, ...] = ()


class ClueUse(Wire):
    """What became of the clues of one kind.

    Attributes:
        used: how many went into the fit.
        refused: how many were set aside as disagreeing with all the others.
        sigma_without: by quantity, the standard error the fit would have had without this kind.
        misfit_sigma: root mean square of what they miss the fit by, in their own standard errors.
    """

    kind: ClueKind
    used: Annotated[int, Field(ge=0)]
    refused: Annotated[int, Field(ge=0)] = 0
    sigma_without: dict[str, NonNegative] = Field(default_factory=dict)
    misfit_sigma: NonNegative | None = None
    reasons: tuple[str, ...] = ()


class Calibration(Wire):
    """The fit of one flight: what telemetry and table say is multiplied or shifted by these.

    Attributes:
        height_ratio: height above the water, fitted over said, at `height_m`.
        height_m: the median of the flight's fitted heights above the water.
        focal_ratio: fitted over said.
        pitch_offset_deg: fitted minus said, at the middle of the flight.
        roll_offset_deg: the same.
        pitch_drift_deg_per_sqrt_min: how fast the offset is taken to wander between clues.
        prior_sigma: by quantity, the standard error before any clue.
        clues: what each kind contributed.
    """

    height_ratio: Measured
    height_m: Measured
    focal_ratio: Measured
    pitch_offset_deg: Measured
    roll_offset_deg: Measured
    pitch_drift_deg_per_sqrt_min: NonNegative
    prior_sigma: dict[str, NonNegative]
    clues: tuple[ClueUse, ...]
