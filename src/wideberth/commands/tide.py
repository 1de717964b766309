"""`tide`: the level of the sea at a time and place, by a station or a table."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from wideberth.commands.flight_files import tide_of
from wideberth.commands.flight_options import TideStations, TideTableFile, TideTableMsl, pair
from wideberth.edge import fail, read_file, run, write_json
from wideberth_contracts.errors import WideberthError
from wideberth_contracts.poses import FlightContext
from wideberth_distance.core.tide import Place, moments_of, place_of, tide_at
from wideberth_distance.local import LocalDistance

OUT = Console()


def tide_command(
    tide_station: TideStations = None,
    tide_table: TideTableFile = None,
    tide_table_msl_m: TideTableMsl = None,
    telemetry: Annotated[Path | None, typer.Option(help="Time and place by a flight's telemetry.")] = None,
    at: Annotated[str | None, typer.Option(help="Time, e.g. 2026-06-14T10:00+09:00.")] = None,
    place: Annotated[str | None, typer.Option(metavar="LATITUDE,LONGITUDE", help="Where, degrees.")] = None,
    utc_offset_h: Annotated[float, typer.Option(help="UTC offset of times without a zone.")] = 9.0,
    as_json: Annotated[bool, typer.Option("--json", help="Print data instead of words.")] = False,
) -> None:
    """The tide above mean sea level, with its error: what `analyse` takes off the height of the take-off."""
    given = FlightContext(**tide_of(tide_station, tide_table, tide_table_msl_m, utc_offset_h))
    if bool(given.tide_stations) == (given.tide_table is not None):
        raise typer.BadParameter("give --tide-station or --tide-table, one of them")
    moments, where = _when_and_where(telemetry, at, place, utc_offset_h)
    try:
        found = tide_at(given.tide_stations, given.tide_table, moments, where)
    except WideberthError as error:
        fail(str(error))
    if as_json:
        write_json({"tide_m": found.level_m.model_dump(), "said": found.said}, None)
        return
    OUT.print(found.said, highlight=False)


def _when_and_where(
    telemetry: Path | None, at: str | None, place: str | None, utc_offset_h: float
) -> tuple[list[datetime], Place | None]:
    if telemetry is not None:
        record = run(LocalDistance().read_telemetry(telemetry.name, read_file(telemetry), utc_offset_h))
        try:
            return moments_of(record), place_of(record)
        except WideberthError as error:
            fail(str(error))
    if at is None:
        raise typer.BadParameter("give --at, or --telemetry")
    try:
        moment = datetime.fromisoformat(at)
    except ValueError as error:
        raise typer.BadParameter(f"--at: {at!r} is no time; write 2026-06-14T10:00+09:00") from error
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC) - timedelta(hours=utc_offset_h)
    return [moment], None if place is None else _place(place)


def _place(text: str) -> Place:
    latitude, longitude = pair(text, "--place")
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise typer.BadParameter(f"--place {text!r}: latitude first, then longitude, in degrees")
    return latitude, longitude
