"""`locate`: pixels to positions on the sea."""

from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError

from wideberth.edge import JsonOut, fail, first_line, read_file, run, write_json
from wideberth_contracts.positions import LocateRequest
from wideberth_distance.local import LocalDistance


def locate_command(
    request: Annotated[Path, typer.Argument(metavar="REQUEST.json", help="See docs/formats.md.")],
    json_out: JsonOut = Path("-"),
) -> None:
    """Put points and boxes of a picture on the sea, with their errors; measure pairs."""
    try:
        asked = LocateRequest.model_validate_json(read_file(request))
    except ValidationError as error:
        fail(f"{request}: {first_line(error)} (see docs/formats.md for the request)")
    write_json(run(LocalDistance().locate(asked)).model_dump(mode="json", exclude_none=True), json_out)
