"""Single labelled pictures of the sea with everything varied, for training and tests."""

from wideberth_simulator.stills.crops import Crop, random_animal_crop, random_clutter_crop
from wideberth_simulator.stills.still import KINDS, LabelledBox, Still, random_still

__all__ = [
    "KINDS",
    "Crop",
    "LabelledBox",
    "Still",
    "random_animal_crop",
    "random_clutter_crop",
    "random_still",
]
