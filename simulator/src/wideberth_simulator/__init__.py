"""A rendered sea with vessels and dolphins: video, DJI telemetry and exact truth.

Names are looked up when first used, so that `wideberth_simulator.stills` needs neither PyAV nor PyArrow.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wideberth_simulator.recording import SimulatedFiles, simulate
    from wideberth_simulator.scene import Scene
    from wideberth_simulator.scene_file import SceneError, bundled_scene, bundled_scene_path, bundled_scenes, load_scene

__all__ = [
    "Scene",
    "SceneError",
    "SimulatedFiles",
    "bundled_scene",
    "bundled_scene_path",
    "bundled_scenes",
    "load_scene",
    "simulate",
]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    home = {"Scene": "scene", "SimulatedFiles": "recording", "simulate": "recording"}.get(name, "scene_file")
    return getattr(import_module(f"{__name__}.{home}"), name)
