"""Whether a track that ends is believed: mostly sure sightings, and a length that its kind can have."""

from wideberth_contracts.detections import ObjectKind
from wideberth_contracts.tracks import TrackSettings
from wideberth_contracts.wire import Measured

SURE_SHARE = {False: 1 / 3, True: 0.6}
"""Of a track's sightings, at least this part must be sure, for animals and for craft. Waves, rocks and glint draw many
weak boxes and few sure ones; an animal sinks and is faint between breaths, a hull looks the same in every frame: on the
demonstration scene 0.46 of a rock's that passed for a vessel, 0.88 and more of every craft's, 0.62 and more of every
animal's (weights 0.2.0)."""
POSSIBLE_LENGTH_M = {
    ObjectKind.DOLPHIN: (0.7, 30.0),  # from a new-born porpoise to a whale: the class is any cetacean
    ObjectKind.VESSEL: (2.0, 400.0),
    ObjectKind.JET_SKI: (1.5, 8.0),
    ObjectKind.SWIMMER: (0.2, 4.0),
}
STANDARD_ERRORS = 2.0


def why_not_believed(
    kind: ObjectKind, hits: int, sure_hits: int, length_m: Measured | None, settings: TrackSettings
) -> str | None:
    """The reason to reject a track that was confirmed once, or None."""
    share = SURE_SHARE[kind.is_craft]
    if sure_hits < share * hits:
        return f"few sure sightings (below {share:.0%} at {settings.high_confidence:g} or more)"
    if length_m is not None:
        least, most = POSSIBLE_LENGTH_M[kind]
        doubt = STANDARD_ERRORS * length_m.sigma
        if length_m.value + doubt < least or length_m.value - doubt > most:
            return f"no {kind.value.replace('_', ' ')} is of that length"
    return None
