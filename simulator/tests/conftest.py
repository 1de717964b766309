"""A small scene, simulated once for all tests."""

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numba
import pytest

from wideberth_simulator import Scene, SimulatedFiles, bundled_scene, simulate

numba.set_num_threads(1)


def small(name: str, seconds: float = 1.6, width_px: int = 480, height_px: int = 270, fps: str = "5") -> Scene:
    """Return a bundled scene at a small size."""
    scene = bundled_scene(name)
    video = replace(scene.video, width_px=width_px, height_px=height_px, fps=Fraction(fps))
    return replace(scene, duration_s=seconds, video=video)


@pytest.fixture(scope="session")
def demo_scene() -> Scene:
    return small("demo")


@pytest.fixture(scope="session")
def demo_files(demo_scene: Scene, tmp_path_factory: pytest.TempPathFactory) -> SimulatedFiles:
    return simulate(demo_scene, Path(tmp_path_factory.mktemp("demo")), clean=True)
