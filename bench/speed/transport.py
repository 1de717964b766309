"""What one hop of a frame costs: in this process, through shared memory, raw in the body, as JPEG."""

from typing import Any

from numpy.random import default_rng

from wideberth_media import CvPixelCodec
from wideberth_servicekit.hopcost import measure_hops

AIM_MS = {("shared", "1080p"): 5.0, ("shared", "4K"): 10.0}


def run(quick: bool) -> list[dict[str, Any]]:
    """Wall and CPU ms a hop, over real loopback to a service in its own process."""
    costs = measure_hops(_sea, CvPixelCodec, 10 if quick else 40)
    return [
        {
            "name": f"{cost.size} {cost.way}",
            "value": cost.wall_ms,
            "unit": "ms",
            "aim": AIM_MS.get((cost.way, cost.size)),
            "met": cost.wall_ms <= AIM_MS[cost.way, cost.size] if (cost.way, cost.size) in AIM_MS else None,
            "note": f"90 % within {cost.p90_ms:.1f}" + (f"; CPU of both {cost.cpu_ms:.1f}" if cost.cpu_ms else ""),
        }
        for cost in costs
    ]


def _sea(width_px: int, height_px: int) -> memoryview:
    """A picture that compresses as the sea does: smooth colour with fine noise."""
    rng = default_rng(1)
    picture = rng.normal(90, 9, (height_px, width_px, 3)).clip(0, 255).astype("uint8")
    return memoryview(picture.tobytes())
