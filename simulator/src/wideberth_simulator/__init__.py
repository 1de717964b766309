"""A rendered sea with vessels and dolphins: video, DJI telemetry and exact truth."""

from wideberth_simulator.scene import Scene
from wideberth_simulator.scene_file import SceneError, bundled_scene, bundled_scene_path, bundled_scenes, load_scene
from wideberth_simulator.simulate import SimulatedFiles, simulate

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
