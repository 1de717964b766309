"""Bodies of the simulator for the atlas, where the simulator is installed; it is never needed."""

import importlib

import numpy as np

from wideberth_training_detector.atlas_foam import Rng
from wideberth_training_detector.atlas_hulls import Craft
from wideberth_training_detector.atlas_solid import SKIN, Solid

# What another simulator than the one known here may raise: then the atlas draws its own body instead.
_OTHERWISE = (ImportError, AttributeError, KeyError, TypeError, ValueError)
_NO_VESSELS = frozenset({"jet_ski", "buoy", "swimmer", "board"})


def simulated_craft(rng: Rng, subtype: str | None = None) -> Craft | None:
    """A craft of a subtype, by default any vessel; `None` where the simulator has none."""
    try:
        boats = importlib.import_module("wideberth_simulator.boats")
        vessels = sorted(set(boats.BUILDERS) - _NO_VESSELS)
        body = boats.build(subtype or vessels[int(rng.integers(len(vessels)))], rng)
        pace = 0.2 if body.length_m < 2 or body.kind == "kayak" else 0.8
        return Craft(Solid.of_simulator(body.mesh), float(body.length_m), float(body.beam_m), pace)
    except _OTHERWISE:
        return None


def simulated_whale(rng: Rng) -> tuple[Solid, float] | None:
    """A cetacean of any species, bent as if swimming, and its length (m); `None` where the simulator has none."""
    try:
        animals = importlib.import_module("wideberth_simulator.animals")
        species = importlib.import_module("wideberth_simulator.species").SPECIES
        # Small species first in the list, and far more often met.
        weights = np.array([1.0 if s.length_m[1] < 5 else 0.35 for s in species])
        kind = species[int(rng.choice(len(species), p=weights / weights.sum()))]
        body = animals.random_cetacean(rng, kind, bool(rng.random() < 0.12))
        length = float(body.length_m)
        arch, bend, stroke = (float(rng.normal(0, sd)) * length for sd in (0.05, 0.08, 0.04))
        return Solid.of_simulator(body.mesh(abs(arch), bend, stroke)).textured(SKIN), length
    except _OTHERWISE:
        return None
