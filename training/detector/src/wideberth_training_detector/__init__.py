"""Data, training, export and measurement of the oriented-box detector. Needs torch; services never import it."""

CLASS_NAMES = ("dolphin", "vessel", "jet_ski", "swimmer")
