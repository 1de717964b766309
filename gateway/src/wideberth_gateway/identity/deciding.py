"""From probabilities to `matched`, `ambiguous` or `none`."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from wideberth_contracts.identity import IdentityVerdict, VesselIdentity
from wideberth_contracts.phrases import Phrase, phrase
from wideberth_contracts.wire import Measured
from wideberth_gateway.identity.assigning import Posterior, assign
from wideberth_gateway.identity.reports import ShipParticulars, ShipReport
from wideberth_gateway.identity.routes import Route, routes_of
from wideberth_gateway.identity.scene import CameraTrack, Scene
from wideberth_gateway.wording.saying import say

STATED_ERROR_RATE = 0.02
"""Of the vessels named, at most this share is named wrongly in simulated scenes where one boat in ten or more carries
AIS: the 95 % bound where one in ten does, the worst measured (bench `identity`). Where two in ten do it is 0.013."""

MATCHED_FROM = 0.995
"""Chosen on the bench's seeds for choosing, not on those it is judged by: see `bench/accuracy/identity.py`. The lowest
level looked at whose share of wrong names there is below half of what is aimed at, where two boats in ten carry AIS."""

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
        if refusal is None:
            return _matched(track.id, routes[best], share, share - max(rest), likely)
        return _unnamed(track.id, IdentityVerdict.AMBIGUOUS, share, share - max(rest), likely, refusal)
    if nobody >= NONE_FROM:
        said = phrase("identity.none_fits" if routes else "identity.none_near")
        return _unnamed(track.id, IdentityVerdict.NONE, nobody, nobody - share, likely, said)
    told = math.floor(share * 1000) / 1000
    said = phrase("identity.unsure", likely=likely, told=told, needed=matched_from)
    return _unnamed(track.id, IdentityVerdict.AMBIGUOUS, share, share - max(rest), likely, said)


def _refusal(track: CameraTrack, route: Route, is_near: bool) -> Phrase | None:
    if not is_near:
        return phrase("identity.reports_apart")
    if track.stop_s - track.start_s < SEEN_S:
        return phrase("identity.seen_short", least_s=SEEN_S)
    if len(route.knots) < 2:
        return phrase("identity.one_report")
    return None if route.consistent else phrase("identity.contradict")


def _matched(track: str, route: Route, share: float, margin: float, likely: int) -> VesselIdentity:
    particulars, said = route.particulars, phrase("identity.matched", reports=len(route.knots))
    return VesselIdentity(
        track=track, verdict=IdentityVerdict.MATCHED, probability=share, margin=margin, candidates=likely,
        reason=say(said), said=said, mmsi=route.mmsi,
        name=particulars.name if particulars else None,
        length_m=stated_length(particulars), stated_error_rate=STATED_ERROR_RATE,
    )  # fmt: skip


def _unnamed(
    track: str, verdict: IdentityVerdict, share: float, margin: float, likely: int, said: Phrase
) -> VesselIdentity:
    return VesselIdentity(
        track=track, verdict=verdict, probability=share, margin=margin, candidates=likely, reason=say(said), said=said,
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
