"""A finished analysis of a clip, asked for as anybody would."""

import json
import time
from pathlib import Path

import httpx
from watching import Served


def analysed(served: Served, clip: Path, sample_fps: float) -> str:
    """Its id; so many frames a second were looked at."""
    with httpx.Client(base_url=served.url, timeout=120) as client:
        params = {"name": clip.name, "settings": json.dumps({"sample_fps": sample_fps, "segment_s": 2.0})}
        answer = client.post("/v1/analyses", params=params, content=clip.read_bytes())
        answer.raise_for_status()
        analysis: str = answer.json()["id"]
        until = time.monotonic() + 120
        while time.monotonic() < until:
            state = client.get(f"/v1/analyses/{analysis}").json()["state"]
            if state == "done":
                return analysis
            assert state != "failed", client.get(f"/v1/analyses/{analysis}").text
            time.sleep(0.3)
    raise AssertionError("the analysis did not end")
