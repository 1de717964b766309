"""The reference sea, rendered once."""

import sys
from pathlib import Path

import pytest

from wideberth_glare.reference_sea import SeaClip, SeaFrame, render

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture(scope="session")
def glitter() -> tuple[SeaFrame, ...]:
    """Three frames at 30 fps, 9 degrees off the glitter's middle: about 40 % of the pixels glint."""
    return render(SeaClip(off_specular_deg=9, wind_mps=6, seed=3), 21, 3)


@pytest.fixture(scope="session")
def sparse_samples() -> tuple[SeaFrame, ...]:
    """Three frames 0.2 s apart; the boat makes 8 m/s, 1.6 m from frame to frame."""
    return render(SeaClip(off_specular_deg=9, wind_mps=6, seed=6, fps=5, boat_mps=8.0), 3, 3)
