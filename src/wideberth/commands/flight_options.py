"""What a person knows of a flight, as options: numbers with their error, known lengths, points of the coast."""

import re
from pathlib import Path
from typing import Annotated

import typer

from wideberth_contracts.clues import CoastPoint, FlightClues, KnownLength
from wideberth_contracts.wire import Measured

Camera = Annotated[
    str | None,
    typer.Option("--camera", help="Model by `wideberth cameras`, e.g. 'Mini 2', or a file of `wideberth calibrate`."),
]
VideoMode = Annotated[
    str | None, typer.Option("--video-mode", help="The camera's own name of it, where its modes differ, e.g. HQ.")
]
FocalMm = Annotated[
    str | None, typer.Option("--focal-mm", help="Of the lens itself, with a camera of which only the sensor is known.")
]
FocalPx = Annotated[
    str | None, typer.Option("--focal-px", help="Focal length measured at the video's own width, e.g. 3049±30.")
]
Takeoff = Annotated[
    str | None,
    typer.Option("--takeoff-above-sea-m", help="Take-off point above the sea, e.g. 4.2±0.3 (± 0.5 if bare)."),
]
Tide = Annotated[
    str | None, typer.Option("--tide-m", help="Sea level above the same datum as the take-off, e.g. 0.8±0.2.")
]
TideStations = Annotated[
    Path | None, typer.Option("--tide-station", help="File of tide stations (JSON); the nearest within 30 km counts.")
]
TideTableFile = Annotated[
    Path | None, typer.Option("--tide-table", help="Levels at a gauge, hourly or finer (CSV: time,level_m).")
]
TideTableMsl = Annotated[
    str | None, typer.Option("--tide-table-msl-m", help="Mean sea level above the table's datum, e.g. 1.45±0.02.")
]
Waterline = Annotated[
    str | None,
    typer.Option("--waterline-reading-m", help="Height the telemetry read at the water itself, e.g. -4.1±0.3."),
]
Temperature = Annotated[str | None, typer.Option("--air-temperature-c", help="At take-off: corrects the barometer.")]
Lengths = Annotated[
    list[str] | None,
    typer.Option("--known-length", help="T_S,BOW_X,BOW_Y,STERN_X,STERN_Y,LENGTH_M[±ERROR][,SOURCE]; may be repeated."),
]
Coast = Annotated[
    list[str] | None, typer.Option("--coast-point", help="T_S,X,Y,LATITUDE,LONGITUDE[,SOURCE]; may be repeated.")
]
TelemetryOffset = Annotated[
    str | None,
    typer.Option(
        "--telemetry-offset-s",
        help="To add to the telemetry's times to get the video's, e.g. -61.2±0.1 (± 0.1 if bare); 0: the same.",
    ),
]
NoHorizon = Annotated[bool, typer.Option("--no-horizon", help="Do not look for the horizon in the clip.")]
_NUMBER = re.compile(r"^\s*(?P<value>[-+]?\d*\.?\d+)\s*(?:(?:±|\+/?-)\s*(?P<sigma>\d*\.?\d+))?\s*$")


def measured(text: str | None, sigma: float, option: str) -> Measured | None:
    """`4.2±0.3`, `4.2+-0.3` or a bare number with an error taken for it.

    Raises:
        typer.BadParameter: naming the option and what it wants.
    """
    if text is None:
        return None
    found = _NUMBER.match(text)
    if found is None:
        raise typer.BadParameter(f"{option}: {text!r} is no number with an error; write 4.2±0.3 or 4.2+-0.3")
    return Measured(value=float(found["value"]), sigma=float(found["sigma"]) if found["sigma"] else sigma)


def pair(text: str, option: str) -> tuple[float, float]:
    """`X,Y` as two numbers. Raises `typer.BadParameter` naming the option."""
    try:
        x, y = (float(part) for part in text.split(","))
    except ValueError as error:
        raise typer.BadParameter(f"{option}: {text!r} is not two numbers with a comma") from error
    return x, y


def clues_of(lengths: list[str] | None, coast: list[str] | None) -> FlightClues:
    """Typed clues. Raises `typer.BadParameter` naming the one that cannot be read."""
    return FlightClues(
        lengths=tuple(_length(text) for text in lengths or ()), coast=tuple(_coast(text) for text in coast or ())
    )


def _length(text: str) -> KnownLength:
    parts = [part.strip() for part in text.split(",")]
    if len(parts) not in (6, 7):
        raise typer.BadParameter(
            f"--known-length {text!r}: six values wanted, T_S,BOW_X,BOW_Y,STERN_X,STERN_Y,LENGTH_M"
        )
    t_s, bow_x, bow_y, stern_x, stern_y = _numbers(parts[:5], "--known-length", text)
    length = measured(parts[5], 0.0, "--known-length")
    assert length is not None
    if length.value <= 0:
        raise typer.BadParameter(f"--known-length {text!r}: a length is more than nothing")
    # A bare length is taken to 2 %: over all is not waterline.
    sigma = length.sigma or 0.02 * length.value
    return KnownLength(
        t_s=t_s, bow_px=(bow_x, bow_y), stern_px=(stern_x, stern_y),
        length_m=Measured(value=length.value, sigma=sigma), source=parts[6] if len(parts) == 7 else "typed",
    )  # fmt: skip


def _coast(text: str) -> CoastPoint:
    parts = [part.strip() for part in text.split(",")]
    if len(parts) not in (5, 6):
        raise typer.BadParameter(f"--coast-point {text!r}: five values wanted, T_S,X,Y,LATITUDE,LONGITUDE")
    t_s, x, y, latitude, longitude = _numbers(parts[:5], "--coast-point", text)
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise typer.BadParameter(f"--coast-point {text!r}: latitude first, then longitude, in degrees")
    source = parts[5] if len(parts) == 6 else "typed"
    return CoastPoint(t_s=t_s, x_px=x, y_px=y, latitude=latitude, longitude=longitude, source=source)


def _numbers(parts: list[str], option: str, whole: str) -> list[float]:
    try:
        return [float(part) for part in parts]
    except ValueError as error:
        raise typer.BadParameter(f"{option} {whole!r}: {error}") from error
