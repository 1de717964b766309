"""What the frames before tell the detector about where to look in the next one.

Held within a span and forgotten between spans, so that a segment depends on its own frames alone.
"""

from dataclasses import dataclass

from wideberth_contracts.detections import Attention, Detection, OrientedBox

# Nothing stays unseen for longer than this: one sweep over the frame.
SWEEP_S = 1.0
# A place stays interesting for so long after the last sighting: an animal is up for one to three seconds, with gaps.
HELD_S = 1.0
# Most places named to the detector. More is noise, and it names them in order of confidence anyway.
MOST_EXPECTED = 48


@dataclass(frozen=True, slots=True)
class Sighting:
    """A detection of a moment ago."""

    t_s: float
    confidence: float
    box: OrientedBox


@dataclass(frozen=True, slots=True)
class Recent:
    """The latest sighting of each place, no older than `HELD_S`; `first` until a frame was seen."""

    sightings: tuple[Sighting, ...] = ()
    first: bool = True

    def with_seen(self, t_s: float, detections: tuple[Detection, ...]) -> "Recent":
        """What is recent after a frame at `t_s`: its detections, and older sightings where it has none."""
        seen = tuple(Sighting(t_s, found.confidence, found.box) for found in detections)
        older = tuple(
            held
            for held in self.sightings
            if t_s - held.t_s <= HELD_S and not any(_same_place(held.box, new.box) for new in seen)
        )
        return Recent((*seen, *older), first=False)

    def attention(self, t_s: float, sample_fps: float) -> Attention:
        """Where to look in the frame at `t_s`: newest first, then surest. Its turn follows from its time alone."""
        held = [sighting for sighting in self.sightings if t_s - sighting.t_s <= HELD_S]
        held.sort(key=lambda sighting: (-sighting.t_s, -sighting.confidence))
        return Attention(
            turn=max(0, round(t_s * sample_fps)),
            sweep_turns=max(1, round(SWEEP_S * sample_fps)),
            first=self.first,
            expected=tuple(sighting.box for sighting in held[:MOST_EXPECTED]),
        )


@dataclass(slots=True)
class Attending:
    """What is recent, from frame to frame of a span. The one thing here that changes."""

    recent: Recent = Recent()


def _same_place(held: OrientedBox, new: OrientedBox) -> bool:
    """Whether a new box lies where an older one was, within the longer of the two."""
    reach = max(held.length_px, new.length_px)
    return (held.cx_px - new.cx_px) ** 2 + (held.cy_px - new.cy_px) ** 2 <= reach**2
