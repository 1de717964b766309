"""What clients ask and are told about flights."""

from datetime import UTC, datetime
from typing import Annotated

from pydantic import Field

from wideberth_contracts.settings import AnalysisSettings, ChosenSpan
from wideberth_contracts.wire import Fraction, NonNegative, Sha256, UtcDatetime, Wire
from wideberth_gateway.analyses.messages import AnalysisView, FileRef
from wideberth_gateway.flights.words import Reason, Said
from wideberth_gateway.store.analyses import SegmentRow
from wideberth_gateway.store.flights import Flight, FlightPart
from wideberth_pipeline import QuickLook

Short = Annotated[str, Field(max_length=200)]
Notes = Annotated[str, Field(max_length=20_000)]


class FlightsRequest(Wire):
    """Files sent before, as they lay on a card. One flight a recording is made of them."""

    files: Annotated[tuple[Sha256, ...], Field(min_length=1, max_length=200)]
    operator: Short = ""
    drone: Short = ""
    permit: Short = ""
    notes: Notes = ""


class FlightChange(Wire):
    """What is to be said of a flight from now on; what is absent stays."""

    name: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    operator: Short | None = None
    drone: Short | None = None
    permit: Short | None = None
    notes: Notes | None = None


class PairRequest(Wire):
    """The telemetry of a part; None takes it away."""

    telemetry: Sha256 | None


class AnalysesRequest(Wire):
    """One question for a flight.

    Attributes:
        settings: of every analysis; its own `spans` are of a part and must be empty.
        spans: what to look at, on the time of the flight; none: all of it. A part without any is not analysed.
    """

    settings: AnalysisSettings = AnalysisSettings()
    spans: Annotated[tuple[ChosenSpan, ...], Field(max_length=200)] = ()


class NamedFile(Wire):
    """A file on a card, before it is sent."""

    name: Annotated[str, Field(min_length=1, max_length=1000)]
    size_bytes: Annotated[int, Field(ge=0)]


class CardRequest(Wire):
    """What lies on a card."""

    files: Annotated[tuple[NamedFile, ...], Field(min_length=1, max_length=2000)]


class CardPart(Wire):
    """A video and its telemetry, each by its place in the request."""

    video: Annotated[int, Field(ge=0)]
    telemetry: Annotated[int, Field(ge=0)] | None


class CardView(Wire):
    """What belongs together by name and size. The flights made of the files also look at when each part began.

    Attributes:
        recordings: parts of each, in order.
        alone: no video, and no video has its name.
        left_out: previews, hidden and empty files, which are not worth sending.
    """

    recordings: tuple[tuple[CardPart, ...], ...]
    alone: tuple[int, ...]
    left_out: tuple[int, ...]


class PartView(Wire):
    """A file of the recording. `starts_s`: of its first frame, from that of the flight."""

    position: Annotated[int, Field(ge=0)]
    video: FileRef
    telemetry: FileRef | None
    starts_s: NonNegative
    duration_s: NonNegative


class FlightView(Wire):
    """A flight: one recording with what belongs to it."""

    id: Sha256
    name: str
    operator: str
    drone: str
    permit: str
    notes: str
    created_at: UtcDatetime
    duration_s: NonNegative
    parts: tuple[PartView, ...]

    @classmethod
    def of(cls, flight: Flight) -> "FlightView":
        """As the store has it."""
        return cls(
            id=flight.id,
            name=flight.name,
            operator=flight.operator,
            drone=flight.drone,
            permit=flight.permit,
            notes=flight.notes,
            created_at=datetime.fromtimestamp(flight.created_epoch_s, UTC),
            duration_s=sum(part.duration_s for part in flight.parts),
            parts=tuple(_part(flight, part) for part in flight.parts),
        )


class FlightsMade(Wire):
    """The flights of the files sent, known ones too; `alone` are files that belong to none of the videos by name."""

    flights: tuple[FlightView, ...]
    alone: tuple[FileRef, ...]


class FlightList(Wire):
    """Flights, newest first. `next_after` of the next request, where there may be more."""

    flights: tuple[FlightView, ...]
    next_after: Sha256 | None = None


class PartLook(Wire):
    """The look at a part; its times count from the part's own start, `starts_s` puts them on the flight."""

    position: Annotated[int, Field(ge=0)]
    starts_s: NonNegative
    look: QuickLook
    findings: tuple[Said, ...]
    reasons: tuple[Reason, ...]


class FlightLook(Wire):
    """What a flight is good for. `measurable_fraction` of its time, over all parts."""

    id: Sha256
    measurable_fraction: Fraction
    parts: tuple[PartLook, ...]


class FlightAnalyses(Wire):
    """The analyses just asked for, in the order of the parts."""

    analyses: tuple[AnalysisView, ...]


class SegmentView(Wire):
    """A segment of an analysis, on the time of the flight."""

    start_s: NonNegative
    stop_s: NonNegative
    frames: Annotated[int, Field(ge=0)]
    frames_done: Annotated[int, Field(ge=0)]
    done: bool

    @classmethod
    def of(cls, row: SegmentRow, begins_s: float, ends_s: float) -> "SegmentView":
        """As the store has it, in a part that begins and ends then: the last segment's own end may lie behind that."""
        return cls(
            start_s=begins_s + row.start_s,
            stop_s=max(begins_s + row.start_s, min(begins_s + row.stop_s, ends_s)),
            frames=row.frames,
            frames_done=row.frames_done,
            done=row.done,
        )


class PartAnalysis(Wire):
    """An analysis of a part of a flight, as it stands."""

    position: Annotated[int, Field(ge=0)]
    analysis: AnalysisView
    segments: tuple[SegmentView, ...]


class FlightWork(Wire):
    """Every analysis of the videos of a flight, newest first."""

    id: Sha256
    analyses: tuple[PartAnalysis, ...]


def starts_s(flight: Flight, position: int) -> float:
    """When a part begins, from the first frame of the flight, s: parts follow without a gap."""
    return sum(part.duration_s for part in flight.parts if part.position < position)


def _part(flight: Flight, part: FlightPart) -> PartView:
    telemetry = None
    if part.telemetry_sha256 is not None:
        telemetry = FileRef(sha256=part.telemetry_sha256, name=part.telemetry_name or "")
    return PartView(
        position=part.position,
        video=FileRef(sha256=part.video_sha256, name=part.video_name),
        telemetry=telemetry,
        starts_s=starts_s(flight, part.position),
        duration_s=part.duration_s,
    )
