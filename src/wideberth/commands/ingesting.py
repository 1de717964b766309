"""`ingest`: recordings of a card or a folder become flights of a data folder, where they lie."""

import asyncio
from pathlib import Path
from typing import Annotated, Any

import typer

from wideberth.commands.keeping import DATA, Data, opened
from wideberth.commands.uploading import MOST_FILES, print_flights
from wideberth.edge import attempt, write_json
from wideberth.progress import bar
from wideberth_contracts.errors import WideberthError
from wideberth_distance.local import LocalDistance
from wideberth_gateway.flights.desk import FlightDesk
from wideberth_gateway.flights.folder_files import files_of
from wideberth_gateway.flights.messages import FlightsRequest, FlightView
from wideberth_gateway.flights.registering import Registrar
from wideberth_gateway.keeping.shelf import Shelf
from wideberth_gateway.settings import GatewaySettings
from wideberth_gateway.store.organisations import Whose

ACTOR = "wideberth ingest"


def ingest_command(
    path: Annotated[list[Path], typer.Argument(help="Files, folders, a card.")],
    data: Data = DATA,
    copy: Annotated[bool, typer.Option("--copy", help="Copy them into the data folder, for a card that goes.")] = False,
    look: Annotated[bool, typer.Option("--look/--no-look", help="Say what each flight is good for.")] = True,
    json_out: Annotated[Path | None, typer.Option("--json", help="Where to write the JSON; - for stdout.")] = None,
) -> None:
    """Register recordings and their telemetry as flights. Nothing is copied, moved or changed unless asked."""
    paths = attempt(lambda: files_of(path))
    with opened(data) as shelf:
        hashes = attempt(lambda: _registered(shelf, paths, copy=copy))
        made = attempt(lambda: asyncio.run(_flights(shelf, hashes, look=look)))
    if json_out is not None:
        write_json(made, json_out)
        return
    print_flights(made)


def _registered(shelf: Shelf, paths: tuple[Path, ...], *, copy: bool) -> list[str]:
    registrar = Registrar(shelf.engine, shelf.folders, shelf.keep_original)
    hashes = []
    for path in paths:
        with bar(path.name[:24]) as report:
            hashes.append(registrar.register(path, copy=copy, report=report).sha256)
    return hashes


async def _flights(shelf: Shelf, hashes: list[str], *, look: bool) -> dict[str, Any]:
    desk = FlightDesk(shelf, LocalDistance(), GatewaySettings().media_limits())
    made: dict[str, list[Any]] = {"flights": [], "alone": []}
    for start in range(0, len(hashes), MOST_FILES):
        flights, alone = await desk.make(FlightsRequest(files=tuple(hashes[start : start + MOST_FILES])), Whose(ACTOR))
        made["alone"] += [{"sha256": file.sha256, "name": file.name} for file in alone]
        for flight in flights:
            view = FlightView.of(flight).model_dump(mode="json")
            made["flights"].append({**view, **(await _looked(desk, flight.id) if look else {"look": None})})
    return made


async def _looked(desk: FlightDesk, flight_id: str) -> dict[str, Any]:
    """A look that cannot be taken is told of beside the flight, and keeps no other from being registered."""
    try:
        return {"look": (await desk.look(flight_id)).model_dump(mode="json")}
    except WideberthError as error:
        return {"look": None, "problem": str(error)}
