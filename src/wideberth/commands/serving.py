"""`serve`: the gateway with local stages, one process."""

import asyncio
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from wideberth.analysis import show
from wideberth.edge import Areas, attempt
from wideberth.progress import STDERR
from wideberth.render.apart import annotated
from wideberth.render.exhibits import make_exhibits
from wideberth.wiring import local_stages
from wideberth_gateway.analyses.work import Render
from wideberth_gateway.app import create_gateway
from wideberth_gateway.rules.catalogue import Packs, packs_with
from wideberth_gateway.serving import is_loopback, serve
from wideberth_gateway.settings import GatewaySettings
from wideberth_pipeline import Outcome, Plan
from wideberth_web import bundle


class Access(StrEnum):
    """Who may ask."""

    ACCOUNTS = "accounts"
    OPEN = "open"


def serve_command(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8765,
    data: Annotated[Path, typer.Option(help="Folder for originals, results and the database.")] = Path(
        "wideberth-data"
    ),
    access: Annotated[
        Access | None,
        typer.Option(help="accounts: who asks must sign in; open: everyone may, but what needs a name. Else as set."),
    ] = None,
    areas: Areas = None,
) -> None:
    """Serve the page and the API. The first start prints an administrator's one-time password (docs/access.md)."""
    data.mkdir(parents=True, exist_ok=True)
    settings = GatewaySettings(host=host, port=port, data_dir=data)
    if access is not None:
        settings = settings.model_copy(update={"access": access.value})
    if settings.access == "open" and not is_loopback(host):
        STDERR.print(
            f"[yellow]warning:[/yellow] listening on {host} with open access: "
            "everyone who reaches this address can read everything and start analyses"
        )
    if areas is not None:
        settings = settings.model_copy(update={"areas_dir": areas})
    packs = attempt(lambda: packs_with(settings.areas_dir))
    if "public_url" not in settings.model_fields_set:
        settings = settings.model_copy(update={"public_url": f"http://{host}:{port}"})
    stages = partial(local_stages, packs)
    app = create_gateway(stages, settings, render=rendering(packs), exhibits=make_exhibits, page=bundle())
    serve(app, settings)


def rendering(packs: Packs) -> Render:
    """Makes pictures and the annotated video of an outcome, with these packs."""

    async def render(plan: Plan, outcome: Outcome, video: Path, folder: Path) -> None:
        await asyncio.to_thread(show, video, plan, outcome, folder, lambda done, total: None, packs, annotated)

    return render
