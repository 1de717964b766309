"""How long a craft was in each ring that a pack speaks of."""

from collections.abc import Iterable, Sequence
from itertools import pairwise

from wideberth_contracts.judgement import BandTime
from wideberth_gateway.rules.numbers import Band, Choice, Number
from wideberth_gateway.rules.pack import Pack
from wideberth_gateway.rules.readings import Moment

LONGEST_STEP_S = 2.0
"""Between two samples farther apart than this the craft counts as away, as in the separations."""

Ring = tuple[float | None, float]


def rings_of(pack: Pack) -> tuple[Ring, ...]:
    """Inner and outer edge of every ring and disc of the enabled rules, by outer then inner edge, each once."""
    rings: set[Ring] = set()
    for rule in pack.encounter_rules():
        for name in type(rule).model_fields:
            value = getattr(rule, name)
            if isinstance(value, Band):
                rings.add((value.inner_m.value if value.inner_m else None, value.outer_m.value))
            elif isinstance(value, (Number, Choice)) and name in ("limit_m", "within_m"):
                rings.add((None, value.value))
    return tuple(sorted(rings, key=lambda ring: (ring[1], ring[0] or 0.0)))


def times_in(rings: Iterable[Ring], moments: Sequence[Moment]) -> tuple[BandTime, ...]:
    """Time in each ring; a sample stands for half of the time to each of its neighbours."""
    spans = _spans_s([moment.sample.t_s for moment in moments])
    return tuple(_time_in(ring, moments, spans) for ring in rings)


def _spans_s(times_s: Sequence[float]) -> list[float]:
    steps = [b - a if b - a <= LONGEST_STEP_S else 0.0 for a, b in pairwise(times_s)]
    return [(before + after) / 2 for before, after in zip([0.0, *steps], [*steps, 0.0], strict=True)]


def _time_in(ring: Ring, moments: Sequence[Moment], spans: Sequence[float]) -> BandTime:
    inner_m, outer_m = ring
    inner = -1.0 if inner_m is None else inner_m
    seconds = surely = possibly = 0.0
    for moment, span in zip(moments, spans, strict=True):
        separation = moment.sample.separation
        low, high = separation.interval_95_m.low, separation.interval_95_m.high
        seconds += span * (inner < separation.value_m <= outer_m)
        surely += span * (moment.seen and low > inner and high <= outer_m)
        possibly += span * (high > inner and low <= outer_m)
    return BandTime(inner_m=inner_m, outer_m=outer_m, seconds=seconds, surely_s=surely, possibly_s=possibly)
