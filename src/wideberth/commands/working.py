"""`worker`: works on the analyses of a gateway, in a process of its own."""

from pathlib import Path
from typing import Annotated

import typer

from wideberth.commands.serving import render_results
from wideberth.wiring import local_stages
from wideberth_gateway.settings import GatewaySettings
from wideberth_gateway.working import run_worker


def worker_command(
    data: Annotated[Path, typer.Option(help="The gateway's data folder, shared.")] = Path("wideberth-data"),
) -> None:
    """Work on analyses beside a gateway; WIDEBERTH_GATEWAY_DATABASE_URL must be the gateway's where it has one."""
    run_worker(local_stages, GatewaySettings(data_dir=data), render_results)
