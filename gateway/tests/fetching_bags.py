"""An alert of a real analysis, and its bag unpacked."""

import io
import zipfile
from pathlib import Path

import httpx
from asking_analyses import ask
from waiting import until_ended

from wideberth_gateway.access.roles import Role
from wideberth_gateway.store.engine import open_engine
from wideberth_gateway.store.keys import add_key

ITEMS = "/v1/collections/alerts/items"


async def alert_of(client: httpx.AsyncClient, video: Path, **settings: object) -> str:
    """Id of the only alert of an analysis of that video, once it is done."""
    view = await until_ended(client, (await ask(client, video, **settings)).json()["id"])
    assert view["state"] == "done", view
    feed = (await client.get(ITEMS, params={"analysis": view["id"]})).json()
    return feed["features"][0]["id"]


def unpacked(content: bytes, folder: Path) -> Path:
    """The bag in a .zip."""
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        file.extractall(folder)
    (bag,) = folder.iterdir()
    return bag


def key_of(data_dir: Path, name: str) -> dict[str, str]:
    """The header with a new reviewer's key of the gateway in that folder."""
    engine = open_engine(f"sqlite:///{data_dir / 'gateway.sqlite'}")
    key = add_key(engine, name, Role.REVIEWER)
    engine.dispose()
    return {"Authorization": f"Bearer {key}"}
