"""A gateway with something in every room, and the addresses of all its views."""

import time
from dataclasses import dataclass
from pathlib import Path

import httpx
from gateway_alerts import alert
from synthetic import make_video
from watching import Served

from wideberth_gateway.store.alerts import publish

SETTINGS = ("machine", "models", "storage", "rules", "receivers", "trail")


@dataclass(frozen=True)
class Filled:
    """A gateway, and its views by name: address behind the origin."""

    served: Served
    views: dict[str, str]


def filled(served: Served, folder: Path) -> Filled:
    """Two flights, one of them analysed, and a few alerts beside those of the analysis."""
    with httpx.Client(base_url=served.url, timeout=60) as client:
        flight = _flight(client, make_video(folder / "DJI_0119.MP4"), b"telemetry")
        bare = _flight(client, make_video(folder / "boat.mp4", 4.0), None)
        analysis = client.post(f"/v1/flights/{flight}/analyses", json={}).json()["analyses"][0]["id"]
        until = time.monotonic() + 60
        while client.get(f"/v1/analyses/{analysis}").json()["state"] != "done":
            assert time.monotonic() < until, client.get(f"/v1/analyses/{analysis}").text
            time.sleep(0.2)
        publish(served.engine, tuple(alert(f"v{number}", latitude=33.2 + number / 50) for number in range(12)))
        feed = client.get("/v1/collections/alerts/items", params={"analysis": analysis}).json()
    return Filled(
        served,
        {
            "alerts": "/alerts",
            "alert": f"/alerts/{feed['features'][0]['id']}",
            "season": "/season",
            "flights": "/flights",
            "flight": f"/flights/{flight}",
            "flight-bare": f"/flights/{bare}",
            "upload": "/upload",
            "replay": f"/replay/{analysis}",
            **{f"settings-{part}": f"/settings/{part}" for part in SETTINGS},
        },
    )


def _flight(client: httpx.Client, video: Path, telemetry: bytes | None) -> str:
    sent = [client.post("/v1/originals", params={"name": video.name}, content=video.read_bytes()).json()["sha256"]]
    if telemetry is not None:
        name = f"{video.stem}.SRT"
        sent.append(client.post("/v1/originals", params={"name": name}, content=telemetry).json()["sha256"])
    made = client.post("/v1/flights", json={"files": sent, "operator": "Kim"})
    assert made.status_code == 201, made.text
    flight: str = made.json()["flights"][0]["id"]
    return flight
