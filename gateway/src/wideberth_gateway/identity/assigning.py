"""Which ship was which track: a sum over all assignments of a scene, the camera's errors and the receivers' delays.

The camera's errors are shared, so pairs are not independent, and neither a Hungarian assignment nor Murty's k best of
one cost table gives the posterior. The sum is exact while a scene has at most `MOST_KEPT` assignments that matter at
one delay; beyond that the weakest partial assignments are dropped, as in a beam search, and the answer says so.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from wideberth_gateway.identity.gaussians import Quadratic, flat, log_sum
from wideberth_gateway.identity.pairing import GATE, Delay, Pairing, centre_of, pairing_of, place_sigma_m, sources_of
from wideberth_gateway.identity.routes import Route
from wideberth_gateway.identity.scene import CameraTrack

MOST_KEPT = 256
MOST_CLOCKS = 3
"""Receivers whose delays are gone through; those of more are taken as one error of 4 s."""

LATEST_S = 15.0
"""A receiver's clock, and the way to it, is late by at most this."""

ON_TIME = 0.3
"""Share of receivers that are on time."""

LOG_ODDS_SEEN = math.log(0.5)
"""Prior of a ship with AIS being in the picture and found, against the expected number of craft without AIS."""


@dataclass(frozen=True, slots=True)
class Posterior:
    """Of one scene.

    Attributes:
        ships: by track id, by MMSI, the probability that it was that ship; what is left is "no ship with AIS".
        near: pairs of track id and MMSI with reports near enough in time for the ship to be named.
        exact: no assignment was dropped.
    """

    ships: dict[str, dict[int, float]]
    near: frozenset[tuple[str, int]]
    exact: bool


@dataclass(frozen=True, slots=True)
class _Hypothesis:
    chosen: tuple[int | None, ...]
    evidence: Quadratic
    score: float


def assign(tracks: Sequence[CameraTrack], routes: Sequence[Route]) -> Posterior:
    """Posterior of every pair. Ships whose reports contradict one another take part: they may explain a track."""
    if not tracks:
        return Posterior({}, frozenset(), True)
    sources, centre = sources_of(tracks), centre_of(tracks)
    place_m = place_sigma_m(tracks, centre)

    known: dict[tuple[str, int, Delay], Pairing | None] = {}

    def held(track: CameraTrack, route: Route, delay: Delay) -> Pairing | None:
        key = (track.id, route.mmsi, delay)
        if key not in known:
            pair = pairing_of(track, route, delay, sources, centre, place_m)
            known[key] = pair if pair is not None and pair.evidence.integrated() > GATE else None
        return known[key]

    weights: list[tuple[tuple[int | None, ...], float]] = []
    exact, near = True, set[tuple[str, int]]()
    for delays, log_prior in delay_grid({route.group for route in routes if route.group is not None}):
        candidates = [[p for route in routes if (p := held(track, route, delays[route.group]))] for track in tracks]
        near |= {(t.id, p.mmsi) for t, pairs in zip(tracks, candidates, strict=True) for p in pairs if p.is_near}
        hypotheses, whole = _sum_over(tracks, candidates, len(sources))
        exact = exact and whole
        weights += [(each.chosen, each.score + log_prior) for each in hypotheses]
    total = log_sum([weight for _, weight in weights])
    ships: dict[str, dict[int, float]] = {track.id: {} for track in tracks}
    for chosen, weight in weights:
        share = math.exp(weight - total)
        for track, mmsi in zip(tracks, chosen, strict=True):
            if mmsi is not None:
                ships[track.id][mmsi] = min(1.0, ships[track.id].get(mmsi, 0.0) + share)
    return Posterior(ships, frozenset(near), exact)


def delay_grid(groups: set[str]) -> list[tuple[Mapping[str | None, Delay], float]]:
    """Delays of every clock, with the log of their prior; coarser, with an error, for more clocks."""
    names = sorted(groups)
    counted, others = names[:MOST_CLOCKS], names[MOST_CLOCKS:]
    steps = (1, 16, 8, 4)[len(counted)]
    apart_s = LATEST_S / max(1, steps - 1)
    each = [Delay(i * apart_s, apart_s / math.sqrt(12) if len(counted) > 1 else 0.0) for i in range(steps)]
    logs = [math.log(ON_TIME if i == 0 else (1 - ON_TIME) / (steps - 1)) if steps > 1 else 0.0 for i in range(steps)]
    unknown: dict[str | None, Delay] = {name: Delay(LATEST_S / 2, LATEST_S / math.sqrt(12)) for name in others}
    return [
        (
            {None: Delay(0.0, 0.0), **unknown, **{name: each[i] for name, i in zip(counted, point, strict=True)}},
            sum(logs[i] for i in point),
        )
        for point in product(range(steps), repeat=len(counted))
    ]


def _sum_over(
    tracks: Sequence[CameraTrack], candidates: Sequence[Sequence[Pairing]], size: int
) -> tuple[list[_Hypothesis], bool]:
    kept = [_Hypothesis((), flat(size), 0.0)]
    exact = True
    for index, track in enumerate(tracks):
        grown: list[_Hypothesis] = []
        for each in kept:
            grown.append(_Hypothesis((*each.chosen, None), each.evidence, each.score))
            for pair in candidates[index]:
                taken = any(m == pair.mmsi and tracks[i].overlaps(track) for i, m in enumerate(each.chosen))
                if taken:
                    continue
                both = each.evidence.plus(pair.evidence)
                chosen = (*each.chosen, pair.mmsi)
                grown.append(_Hypothesis(chosen, both, both.integrated() + LOG_ODDS_SEEN * _named(chosen)))
        grown.sort(key=lambda hypothesis: -hypothesis.score)
        exact = exact and len(grown) <= MOST_KEPT
        kept = grown[:MOST_KEPT]
    return kept, exact


def _named(chosen: Sequence[int | None]) -> int:
    return sum(mmsi is not None for mmsi in chosen)
