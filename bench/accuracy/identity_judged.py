"""One simulated encounter judged; apart from the bench, so that other processes can import it."""

from dataclasses import dataclass

from bench.accuracy.identity_scenes import encounter
from wideberth_contracts.identity import VesselIdentity
from wideberth_gateway.identity.deciding import identify
from wideberth_gateway.identity.scene import scene_of


@dataclass(frozen=True, slots=True)
class Seen:
    """One craft: what was said of it, and what it was."""

    said: VesselIdentity
    truth: int | None
    clocked: bool


def judged(seed: int, level: float, carrying: float) -> list[Seen]:
    """Every craft of the scene of a seed; `carrying` as in `encounter`."""
    scene = encounter(seed, carrying)
    found = identify(scene_of(scene.tracks, None, None), scene.reports, scene.particulars, level)
    return [Seen(said, scene.truth[said.track], scene.clocked) for said in found.identities]
