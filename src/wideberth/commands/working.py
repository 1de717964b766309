"""`worker`: works on the analyses of a gateway, in a process of its own."""

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from wideberth.commands.serving import rendering
from wideberth.edge import attempt
from wideberth.wiring import local_stages
from wideberth_gateway.rules.catalogue import packs_with
from wideberth_gateway.settings import GatewaySettings
from wideberth_gateway.working import run_worker


def worker_command(
    data: Annotated[Path, typer.Option(help="The gateway's data folder, shared.")] = Path("wideberth-data"),
) -> None:
    """Work on analyses beside a gateway; WIDEBERTH_GATEWAY_DATABASE_URL must be the gateway's where it has one."""
    settings = GatewaySettings(data_dir=data)
    packs = attempt(lambda: packs_with(settings.areas_dir))
    run_worker(partial(local_stages, packs), settings, rendering(packs))
