"""Who a camera track was, by AIS. A vessel is named only where the stated error rate is held."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field, model_validator

from wideberth_contracts.phrases import Phrase
from wideberth_contracts.wire import Measured, Probability, Wire


class IdentityVerdict(StrEnum):
    """`matched`: named. `ambiguous`: some vessel with AIS may be it. `none`: none with AIS is it; that is normal."""

    MATCHED = "matched"
    AMBIGUOUS = "ambiguous"
    NONE = "none"


class VesselIdentity(Wire):
    """What AIS says of one camera track, over the whole encounter.

    Attributes:
        probability: of the vessel named (`matched`), of the likeliest vessel (`ambiguous`), of no AIS (`none`).
        margin: by how much that is above the next best explanation.
        candidates: vessels with a share of at least 1 in 100.
        reason: in English; said: the same as data.
        mmsi, name, length_m: only where `matched`; length over all as the vessel states it, with a typical error.
        stated_error_rate: wrong names among those named, as measured by the bench; the limit that was set.
    """

    track: str
    verdict: IdentityVerdict
    probability: Probability
    margin: Annotated[float, Field(ge=-1, le=1)]
    candidates: Annotated[int, Field(ge=0)]
    reason: str
    said: Phrase | None = None
    mmsi: Annotated[int, Field(ge=1, le=999_999_999)] | None = None
    name: str | None = None
    length_m: Measured | None = None
    stated_error_rate: Probability

    @model_validator(mode="after")
    def _named_only_where_matched(self) -> "VesselIdentity":
        named = self.mmsi is not None
        if named != (self.verdict is IdentityVerdict.MATCHED) or (not named and (self.name or self.length_m)):
            raise ValueError("a vessel is named if and only if it is matched")
        return self
