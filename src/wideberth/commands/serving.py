"""`serve`: the gateway with local stages, one process."""

import asyncio
from functools import partial
from ipaddress import ip_address
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
from wideberth_gateway.serving import serve
from wideberth_gateway.settings import GatewaySettings
from wideberth_pipeline import Outcome, Plan
from wideberth_web import bundle


def serve_command(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8765,
    data: Annotated[Path, typer.Option(help="Folder for originals, results and the database.")] = Path(
        "wideberth-data"
    ),
    areas: Areas = None,
) -> None:
    """Serve the page and the API. Uploads and reading need no key yet; see `keys` for what does."""
    if not _is_loopback(host):
        STDERR.print(
            f"[yellow]warning:[/yellow] listening on {host}: there is no access control yet but for "
            "decisions and receivers, everyone who reaches this address can read everything and start analyses"
        )
    data.mkdir(parents=True, exist_ok=True)
    settings = GatewaySettings(host=host, port=port, data_dir=data)
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


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
