"""Flights of a gateway: put together, paired anew, looked at, analysed."""

import asyncio
import hashlib
import math
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy.engine import Engine

from wideberth_contracts.errors import BadInput, NotFound, WideberthError
from wideberth_contracts.phrases import phrase
from wideberth_contracts.ports import DistancePort
from wideberth_contracts.poses import FlightContext
from wideberth_contracts.settings import ChosenSpan
from wideberth_gateway.analyses.folders import Folders
from wideberth_gateway.analyses.messages import AnalysisRequest
from wideberth_gateway.analyses.submission import without_folders
from wideberth_gateway.flights.grouping import CardFile, Grouped, Part, group
from wideberth_gateway.flights.messages import AnalysesRequest, FlightLook, FlightsRequest, PartLook, starts_s
from wideberth_gateway.flights.registering import check_place
from wideberth_gateway.flights.words import findings, reasons
from wideberth_gateway.keeping.shelf import Shelf, in_threads
from wideberth_gateway.store import analyses as original_store
from wideberth_gateway.store import flights as store
from wideberth_gateway.store.analyses import Analysis, Original
from wideberth_gateway.store.flights import Flight, FlightPart
from wideberth_gateway.store.organisations import ANYONE, Owned, Whose
from wideberth_pipeline import MediaLimits, QuickLook, file_facts, quick_look, refuse_hostile

LEAST_S = 0.001


class Submit(Protocol):
    """`Desk.submit`."""

    async def __call__(self, asked: AnalysisRequest, *, for_whom: Whose = ANYONE) -> Analysis:
        """See there."""
        ...


@dataclass(frozen=True, slots=True)
class FlightDesk:
    """Takes flights in, looks at them and asks for their analyses.

    Attributes:
        distance: reads telemetry and poses, for the quick look.
        limits: what media may ask of whoever reads them.
        submit: asks for an analysis; None where there is nobody to do it.
    """

    shelf: Shelf
    distance: DistancePort
    limits: MediaLimits
    submit: Submit | None = None

    @property
    def engine(self) -> Engine:
        """The gateway's database."""
        return self.shelf.engine

    @property
    def folders(self) -> Folders:
        """Where files lie on this disk."""
        return self.shelf.folders

    async def make(
        self, asked: FlightsRequest, whose: Whose = ANYONE
    ) -> tuple[tuple[Flight, ...], tuple[CardFile, ...]]:
        """The flights of these files, and the files that belong to none of them.

        Raises:
            NotFound: a file was never sent, or not by whom they see.
            UnreadableVideo: one of them cannot be read.
            BadInput: none of them is a video.
        """
        files = [await self._card_file(sha256, whose) for sha256 in dict.fromkeys(asked.files)]
        grouped: Grouped = group(files)
        if not grouped.recordings:
            remedy = "send the MP4 or MOV the drone recorded as well"
            said = phrase("problem.no_video")
            raise BadInput("none of the files is a video", where="files", remedy=remedy, said=said)
        made = [_entered(parts, asked) for parts in grouped.recordings]
        for flight in made:
            await asyncio.to_thread(whose.brings, self.engine, Owned.FLIGHT, flight.id)
        kept = [await asyncio.to_thread(store.enter, self.engine, flight, whose.name) for flight in made]
        return tuple(kept), grouped.alone

    async def pair(self, flight_id: str, position: int, telemetry: str | None, whose: Whose = ANYONE) -> Flight:
        """Give a part that telemetry. Raises `NotFound` where flight, part or file is not there."""
        found = await self._original(telemetry, whose) if telemetry is not None else None
        name = found.name if found else None
        return await asyncio.to_thread(store.pair, self.engine, flight_id, position, telemetry, name, whose.name)

    async def look(self, flight_id: str) -> FlightLook:
        """What the flight is good for; parts that were looked at before are not looked at again.

        Raises:
            NotFound: no such flight.
            UnreadableVideo, UnreadableTelemetry: a file is not what it should be.
        """
        flight = await asyncio.to_thread(store.find, self.engine, flight_id)
        looks = [await self._look(flight, part) for part in flight.parts]
        parts = tuple(
            PartLook(
                position=part.position,
                starts_s=starts_s(flight, part.position),
                look=look,
                findings=findings(look),
                reasons=reasons(look),
            )
            for part, look in zip(flight.parts, looks, strict=True)
        )
        return FlightLook(id=flight.id, measurable_fraction=_share(parts), parts=parts)

    async def analyse(self, flight_id: str, asked: AnalysesRequest, whose: Whose = ANYONE) -> tuple[Analysis, ...]:
        """One analysis a part, in order; those asked for before are the same.

        Raises:
            BadInput: the chosen spans lie outside of the flight, or `settings.spans` is given as well.
            NotFound, UnreadableVideo, UnreadableTelemetry, BadRulePack, Unavailable: as `Desk.submit`.
        """
        if asked.settings.spans:
            remedy = "give `spans`, on the time of the flight"
            raise BadInput("spans of a part make no sense for a flight", where="settings.spans", remedy=remedy)
        flight = await asyncio.to_thread(store.find, self.engine, flight_id)
        chosen = [(part, spans_of(flight, part, asked.spans)) for part in flight.parts]
        questions = [
            AnalysisRequest(
                video=part.video_sha256,
                telemetry=part.telemetry_sha256,
                settings=asked.settings.model_copy(update={"spans": spans}),
            )
            for part, spans in chosen
            if spans or not asked.spans
        ]
        if not questions:
            length_s = sum(part.duration_s for part in flight.parts)
            remedy = f"choose spans between 0 and {length_s:.1f} s"
            said = phrase("problem.spans_outside", length_s=length_s)
            raise BadInput("the chosen spans lie outside of the flight", where="spans", remedy=remedy, said=said)
        assert self.submit is not None, "this desk only registers"
        return tuple([await self.submit(question, for_whom=whose) for question in questions])

    async def _look(self, flight: Flight, part: FlightPart) -> QuickLook:
        if part.look_json is not None:
            return QuickLook.model_validate_json(part.look_json)
        for sha256, name in ((part.video_sha256, part.video_name), (part.telemetry_sha256, part.telemetry_name)):
            if sha256 is not None:
                await asyncio.to_thread(check_place, self.engine, self.folders, sha256, name or sha256)
        with self.folders.stage() as staged:
            clip = self.folders.named(part.video_sha256, part.video_name, staged / "video")
            log = None
            if part.telemetry_sha256 is not None:
                name = part.telemetry_name or part.telemetry_sha256
                log = self.folders.named(part.telemetry_sha256, name, staged / "telemetry")
            try:
                async with self._here(part.video_sha256, part.telemetry_sha256):
                    await asyncio.to_thread(refuse_hostile, clip, log, self.limits)
                    look = await quick_look(self.distance, clip, part.video_sha256, log, FlightContext())
            except WideberthError as error:
                raise without_folders(error, (staged / "video", staged / "telemetry", staged)) from error
        await asyncio.to_thread(store.keep_look, self.engine, flight.id, part, look.model_dump_json())
        return look

    async def _card_file(self, sha256: str, whose: Whose) -> CardFile:
        original = await self._original(sha256, whose)
        with self.folders.stage() as staged:
            path = self.folders.named(sha256, original.name, staged / "file")
            try:
                async with self._here(sha256):
                    facts = await asyncio.to_thread(file_facts, path, self.limits)
            except WideberthError as error:
                raise without_folders(error, (path.parent, staged)) from error
        video = facts.video
        if video is None:
            return CardFile(sha256, original.name, original.size_bytes, False, None, None)
        return CardFile(sha256, original.name, original.size_bytes, True, video.created_at, video.duration_s)

    @asynccontextmanager
    async def _here(self, *originals: str | None) -> AsyncIterator[None]:
        """These lie on this disk for as long as the block lasts."""
        async with AsyncExitStack() as stack:
            for sha256 in originals:
                if sha256 is not None:
                    await stack.enter_async_context(in_threads(self.shelf.original(sha256)))
            yield

    async def _original(self, sha256: str, whose: Whose) -> Original:
        found = await asyncio.to_thread(original_store.find_original, self.engine, sha256)
        if found is None or not await asyncio.to_thread(whose.sees, self.engine, Owned.ORIGINAL, sha256):
            remedy, said = "send it to POST /v1/uploads first", phrase("problem.never_sent")
            raise NotFound("no file of that hash was sent", where=sha256, remedy=remedy, said=said)
        return found


def spans_of(flight: Flight, part: FlightPart, spans: Sequence[ChosenSpan]) -> tuple[ChosenSpan, ...]:
    """What of these spans, on the time of the flight, lies in that part, on its own time.

    Cut to a millisecond: what is less is the rounding of durations, and no frame of a person's choice.
    """
    begins_s = starts_s(flight, part.position)
    # The last frames may lie a little behind the length that the container states.
    last = part.position == flight.parts[-1].position
    ends_s = math.inf if last else begins_s + part.duration_s
    cut = [(max(one.start_s, begins_s) - begins_s, min(one.stop_s, ends_s) - begins_s) for one in spans]
    within = [(start, stop) for start, stop in cut if stop - start > LEAST_S and (not last or start < part.duration_s)]
    return tuple(ChosenSpan(start_s=round(start, 3), stop_s=round(stop, 3)) for start, stop in within)


def _entered(parts: Sequence[Part], asked: FlightsRequest) -> Flight:
    """The same videos are the same flight, whoever brings them and how often."""
    hashes = "\n".join(part.video.sha256 for part in parts)
    return Flight(
        id=hashlib.sha256(hashes.encode()).hexdigest(),
        name=parts[0].video.name.rpartition(".")[0] or parts[0].video.name,
        operator=asked.operator,
        drone=asked.drone,
        permit=asked.permit,
        notes=asked.notes,
        created_epoch_s=time.time(),
        parts=tuple(_part(position, part) for position, part in enumerate(parts)),
    )


def _part(position: int, part: Part) -> FlightPart:
    return FlightPart(
        position=position,
        video_sha256=part.video.sha256,
        video_name=part.video.name,
        duration_s=part.video.duration_s or 0.0,
        telemetry_sha256=part.telemetry.sha256 if part.telemetry else None,
        telemetry_name=part.telemetry.name if part.telemetry else None,
    )


def _share(parts: Sequence[PartLook]) -> float:
    """By time; where no container states one, by part."""
    total_s = sum(part.look.duration_s for part in parts)
    if total_s <= 0:
        return sum(part.look.measurable_fraction for part in parts) / len(parts)
    return min(1.0, sum(part.look.measurable_fraction * part.look.duration_s for part in parts) / total_s)
