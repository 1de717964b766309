"""From probabilities to `matched`, `ambiguous` or `none`."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from wideberth_contracts.identity import IdentityVerdict, VesselIdentity
from wideberth_contracts.wire import Measured
from wideberth_gateway.identity.assigning import Posterior, assign
from wideberth_gateway.identity.reports import ShipParticulars, ShipReport
from wideberth_gateway.identity.routes import Route, routes_of
from wideberth_gateway.identity.scene import CameraTrack, Scene

STATED_ERROR_RATE = 0.05
"""Of the vessels named, at most this share is named wrongly in simulated scenes, however few boats carry AIS: the 95 %
bound where two in ten do, the worst measured (bench `identity`). Where six in ten do it is below 0.01."""

MATCHED_FROM = 0.99
"""Chosen on the bench's seeds for choosing, not on those it is judged by: see `bench/accuracy/identity.py`."""

NONE_FROM = 0.9
CANDIDATE_FROM = 0.01
SEEN_S = 5.0
"""A track shorter than this names nobody."""

LENGTH_SHARE, LENGTH_LEAST_M = 0.05, 1.0
"""Typical error of a stated length, which persons type in: assumed, no measured figure was at hand."""

LONGEST_M = 460.0


@dataclass(frozen=True, slots=True)
class Identified:
    """Of an analysis: one identity a craft in view, and whether every assignment was counted."""

    identities: tuple[VesselIdentity, ...]
    exact: bool
    ships_near: int


def identify(
    scene: Scene,
    reports: Iterable[ShipReport],
    particulars: Mapping[int, ShipParticulars],
    matched_from: float = MATCHED_FROM,
) -> Identified:
    """Who was who.

    Args:
        scene: camera tracks.
        reports: of all receivers, in any order; clocks may be late.
        particulars: by MMSI.
        matched_from: probability from which a vessel is named.
    """
    if not scene.tracks:
        return Identified((), True, 0)
    start_s, stop_s = min(t.start_s for t in scene.tracks), max(t.stop_s for t in scene.tracks)
    routes = routes_of(reports, dict(particulars), scene.plane, start_s, stop_s)
    posterior = assign(scene.tracks, routes)
    by_mmsi = {route.mmsi: route for route in routes}
    identities = tuple(_decide(track, posterior, by_mmsi, matched_from) for track in scene.tracks)
    return Identified(identities, posterior.exact, len(routes))


def _decide(
    track: CameraTrack, posterior: Posterior, routes: Mapping[int, Route], matched_from: float
) -> VesselIdentity:
    ships = posterior.ships[track.id]
    nobody = max(0.0, 1.0 - sum(ships.values()))
    ranked = sorted(ships.items(), key=lambda item: -item[1])
    best, share = ranked[0] if ranked else (None, 0.0)
    rest = [nobody, *(p for _, p in ranked[1:])]
    likely = sum(p >= CANDIDATE_FROM for p in ships.values())
    if best is not None and share >= matched_from:
        refusal = _refusal(track, routes[best], (track.id, best) in posterior.near)
        if not refusal:
            return _matched(track.id, routes[best], share, share - max(rest), likely)
        return _unnamed(track.id, IdentityVerdict.AMBIGUOUS, share, share - max(rest), likely, refusal)
    if nobody >= NONE_FROM:
        reason = "no vessel with AIS fits the track" if routes else "no vessel with AIS was near"
        return _unnamed(track.id, IdentityVerdict.NONE, nobody, nobody - share, likely, reason)
    told = math.floor(share * 1000) / 1000
    reason = f"the likeliest of {likely} has a probability of {told:.3f}, {matched_from} is needed"
    return _unnamed(track.id, IdentityVerdict.AMBIGUOUS, share, share - max(rest), likely, reason)


def _refusal(track: CameraTrack, route: Route, is_near: bool) -> str:
    if not is_near:
        return "its reports are too far apart in time"
    if track.stop_s - track.start_s < SEEN_S:
        return f"the track was seen for less than {SEEN_S:.0f} s"
    if len(route.knots) < 2:
        return "there is only one report of the vessel"
    return "" if route.consistent else "reports under its MMSI contradict one another"


def _matched(track: str, route: Route, share: float, margin: float, likely: int) -> VesselIdentity:
    particulars = route.particulars
    return VesselIdentity(
        track=track, verdict=IdentityVerdict.MATCHED, probability=share, margin=margin, candidates=likely,
        reason=f"it alone fits the track, by {len(route.knots)} reports", mmsi=route.mmsi,
        name=particulars.name if particulars else None,
        length_m=stated_length(particulars), stated_error_rate=STATED_ERROR_RATE,
    )  # fmt: skip


def _unnamed(
    track: str, verdict: IdentityVerdict, share: float, margin: float, likely: int, reason: str
) -> VesselIdentity:
    return VesselIdentity(
        track=track, verdict=verdict, probability=share, margin=margin, candidates=likely, reason=reason,
        stated_error_rate=STATED_ERROR_RATE,
    )  # fmt: skip


def stated_length(particulars: ShipParticulars | None) -> Measured | None:
    """A + B with its typical error; None where not said or not to be believed."""
    length = particulars.length_m() if particulars else None
    if length is None or not 2 <= length <= LONGEST_M:
        return None
    return Measured(value=length, sigma=max(LENGTH_LEAST_M, LENGTH_SHARE * length))


def named(identities: Sequence[VesselIdentity]) -> dict[str, VesselIdentity]:
    """By track."""
    return {identity.track: identity for identity in identities}
