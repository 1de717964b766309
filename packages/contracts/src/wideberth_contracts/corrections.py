"""What a person corrected of an analysis. Corrections stand beside it; nothing in it is ever altered."""

from typing import Annotated, Literal

from pydantic import Field

from wideberth_contracts.detections import ObjectKind, OrientedBox
from wideberth_contracts.wire import UtcDatetime, Wire

TrackName = Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[A-Za-z0-9_.-]+$")]


class BoxCorrected(Wire):
    """In this frame the track's box is this one."""

    type: Literal["box"] = "box"
    pts: int
    track: TrackName
    box: OrientedBox


class NothingThere(Wire):
    """In this frame the track has no object."""

    type: Literal["nothing"] = "nothing"
    pts: int
    track: TrackName


class MissedObject(Wire):
    """In this frame something was not found; `track`: whose it is, where one is known."""

    type: Literal["missed"] = "missed"
    pts: int
    kind: ObjectKind
    box: OrientedBox
    track: TrackName | None = None


class ClassCorrected(Wire):
    """The whole track is of this class, also where it was rejected. `pts`: the frame that was looked at."""

    type: Literal["class"] = "class"
    pts: int
    track: TrackName
    kind: ObjectKind


class Clutter(Wire):
    """The whole track is no object: glint, foam, a buoy. `pts`: the frame that was looked at."""

    type: Literal["clutter"] = "clutter"
    pts: int
    track: TrackName


class IdentityCorrected(Wire):
    """From this frame on the track is another one: a known one (joined to it) or a new name (cut in two)."""

    type: Literal["identity"] = "identity"
    pts: int
    track: TrackName
    same_as: TrackName


class FrameChecked(Wire):
    """With the corrections made of it, everything in this frame is right."""

    type: Literal["checked"] = "checked"
    pts: int


class TakenBack(Wire):
    """An earlier correction no longer holds."""

    type: Literal["taken_back"] = "taken_back"
    correction: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]


CorrectionBody = Annotated[
    BoxCorrected
    | NothingThere
    | MissedObject
    | ClassCorrected
    | Clutter
    | IdentityCorrected
    | FrameChecked
    | TakenBack,
    Field(discriminator="type"),
]


class CorrectionAsked(Wire):
    """What a person sends: what is right, and why."""

    body: CorrectionBody
    why: Annotated[str, Field(min_length=1, max_length=2000)]


class Correction(Wire):
    """One correction as kept: what, why, by whom, when."""

    id: str
    analysis_id: str
    at: UtcDatetime
    actor: str
    why: str
    body: CorrectionBody
