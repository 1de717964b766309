"""The base of every wire type, and units as annotated aliases.

A value that crosses a port is frozen, refuses unknown fields, and is finite. Units also ride in field names
(`_m`, `_deg`, `_s`, `_px`, `_mps`); the aliases below add the range.
"""

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field


class Wire(BaseModel):
    """A frozen value with known fields and finite numbers."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


VALUE = ConfigDict(extra="forbid", allow_inf_nan=False)
"""Of the smallest values, which come by the thousand in a frame: slotted dataclasses with the rules of `Wire` and the
same form on the wire, of which each takes a fifth of a model's memory and half its time."""


def _in_utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)


UtcDatetime = Annotated[AwareDatetime, AfterValidator(_in_utc)]
Probability = Annotated[float, Field(ge=0.0, le=1.0)]
Fraction = Annotated[float, Field(ge=0.0, le=1.0)]
NonNegative = Annotated[float, Field(ge=0.0)]
Positive = Annotated[float, Field(gt=0.0)]
Latitude = Annotated[float, Field(ge=-90.0, le=90.0)]
Longitude = Annotated[float, Field(ge=-180.0, le=180.0)]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class Measured(Wire):
    """A value with its standard error, in the unit the field's name states."""

    value: float
    sigma: NonNegative


class Interval(Wire):
    """A closed interval, `low <= high`, in the unit the field's name states."""

    low: float
    high: float


class Rejection(Wire):
    """How many things were set aside for one named reason. In = kept + rejected, always."""

    reason: str
    count: Annotated[int, Field(ge=0)]
