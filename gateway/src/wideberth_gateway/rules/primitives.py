"""Rule primitives: a validated value that turns moments into readings.

Each class is one kind of sentence a law can hold; its fields are the numbers of that sentence. `PRIMITIVES` is the
table of them. A new kind of rule is one class and one row; nothing registers itself.

Limits: speed is over ground; a propeller cannot be seen, so its rule says "under way" and never "engine on".
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Literal

from pydantic import Field, model_validator

from wideberth_contracts.judgement import EvidenceLevel, RuleText
from wideberth_contracts.wire import Wire
from wideberth_gateway.rules.numbers import METRES_PER_SECOND_PER_KNOT, Band, Choice, Decision, Number
from wideberth_gateway.rules.readings import Moment, OwnFlight, Reading, Side, Terms

ROUNDING = 1e-9
"""Slack for the rounding of unit conversions, so that exactly 5 kn stays 5 kn. Has no effect on any real interval."""

STANDARD_ERRORS_95 = 1.96
"""Half-width of a two-sided 95 % interval of a normal error, in standard errors."""


class RuleBase(Wire):
    """What every rule carries.

    Attributes:
        enabled: judged at all; a rule that rests on memory only is never enabled.
        advisory: a warning; a violation on one reading of the law only.
        decision: overrides the pack's.
        note: for the people who read the pack.
    """

    id: Annotated[str, Field(pattern=r"^[A-Z]{2}-[0-9A-Za-z]+$")]
    text: RuleText
    enabled: bool = True
    advisory: bool = False
    decision: Decision | None = None
    note: str = ""

    @model_validator(mode="after")
    def _memory_stays_off(self) -> "RuleBase":
        levels = {self.text.evidence_level, *(number.evidence for number in self.numbers())}
        if self.enabled and EvidenceLevel.M in levels:
            raise ValueError("a rule with a number from memory (evidence M) cannot be enabled")
        return self

    def numbers(self) -> tuple[Number, ...]:
        """The numbers of the law in this rule."""
        return ()


class EncounterRule(RuleBase):
    """A rule about one craft near animals."""

    def terms(self) -> Terms:
        """How this rule speaks."""
        raise NotImplementedError

    def __call__(self, moment: Moment) -> Reading:
        """One moment read by this rule."""
        raise NotImplementedError


class MinDistance(EncounterRule):
    """No craft nearer than `limit_m`; `inclusive` when the limit itself is already too near."""

    type: Literal["min_distance"]
    limit_m: Number
    inclusive: bool

    def numbers(self) -> tuple[Number, ...]:
        """The limit."""
        return (self.limit_m,)

    def terms(self) -> Terms:
        """Separation against the limit."""
        limit = f"{self.limit_m.value:g} m"
        return Terms("separation", "m", self.limit_m.value, f"within {limit}", f"beyond {limit}", wrong_is_low=True)

    def __call__(self, moment: Moment) -> Reading:
        """Wrong when the upper bound is inside the limit, right when the lower bound is outside."""
        separation = moment.sample.separation
        low, high, limit = separation.interval_95_m.low, separation.interval_95_m.high, self.limit_m.value
        wrong = high <= limit if self.inclusive else high < limit
        right = low > limit if self.inclusive else low >= limit
        side = Side.WRONG if wrong else Side.RIGHT if right else Side.UNSURE
        return _reading(moment, side, separation.value_m, low, high)


def in_band(moment: Moment, band: Band) -> bool | None:
    """True when the whole interval of the separation is in the band, False when none of it is, None when some is."""
    interval = moment.sample.separation.interval_95_m
    if interval.low > band.inner_m.value and interval.high <= band.outer_m.value:
        return True
    if interval.high <= band.inner_m.value or interval.low > band.outer_m.value:
        return False
    return None


def speed_reading(moment: Moment, band: Band, allowed_kn: float, forbidden_kn: float) -> Reading:
    """The craft's speed in a band: right when wholly at or below `allowed_kn`, wrong when wholly above `forbidden_kn`.

    Where the band itself is in doubt the side is `right` or `edge`, never `wrong`: an edge does not decide.
    """
    inside = in_band(moment, band)
    speed = moment.sample.speed
    if inside is False:
        return _reading(moment, Side.OUTSIDE)
    if speed is None:
        side = Side.UNSURE if inside else Side.EDGE
        return _reading(moment, side, lacks="no speed: the craft was not followed long enough")
    low = speed.interval_95_mps.low / METRES_PER_SECOND_PER_KNOT
    high = speed.interval_95_mps.high / METRES_PER_SECOND_PER_KNOT
    if high <= allowed_kn + ROUNDING:
        side = Side.RIGHT
    elif inside is None:
        side = Side.EDGE
    else:
        side = Side.WRONG if low > forbidden_kn + ROUNDING else Side.UNSURE
    between = f"is neither surely drift (to {allowed_kn:g} kn) nor surely under way (above {forbidden_kn:g} kn)"
    lacks = between if side is Side.UNSURE and allowed_kn < forbidden_kn else ""
    return _reading(moment, side, speed.value_mps / METRES_PER_SECOND_PER_KNOT, low, high, lacks=lacks)


class SpeedMaxInBand(EncounterRule):
    """At most `max_kn` over ground within a band; `max_kn` itself is allowed."""

    type: Literal["speed_max_in_band"]
    band: Band
    max_kn: Number

    def numbers(self) -> tuple[Number, ...]:
        """Both edges and the speed."""
        return (self.band.inner_m, self.band.outer_m, self.max_kn)

    def terms(self) -> Terms:
        """Speed against the limit."""
        limit, where = f"{self.max_kn.value:g} kn", _where(self.band)
        wrong, right = f"above {limit} {where}", f"at most {limit} {where}"
        return Terms("speed over ground", "kn", self.max_kn.value, wrong, right, wrong_is_low=False)

    def __call__(self, moment: Moment) -> Reading:
        """Wrong when surely in the band and surely faster."""
        return speed_reading(moment, self.band, self.max_kn.value, self.max_kn.value)


class PropulsionOffInBand(EncounterRule):
    """Propeller stopped within a band, judged from speed over ground: under way, drifting, or not to be told.

    Attributes:
        drift_max_kn: a craft not faster than this moves as wind and current alone can move it.
        under_way_above_kn: faster than this is under way, whatever wind and current do.
    """

    type: Literal["propulsion_off_in_band"]
    band: Band
    drift_max_kn: Choice
    under_way_above_kn: Choice

    @model_validator(mode="after")
    def _drift_below_way(self) -> "PropulsionOffInBand":
        if self.drift_max_kn.value > self.under_way_above_kn.value:
            raise ValueError("drift_max_kn lies above under_way_above_kn")
        return self

    def numbers(self) -> tuple[Number, ...]:
        """Both edges."""
        return (self.band.inner_m, self.band.outer_m)

    def terms(self) -> Terms:
        """Speed against what drift can do."""
        where = _where(self.band)
        threshold = self.under_way_above_kn.value
        wrong, right = f"under way {where}", f"no faster than drift {where}"
        return Terms("speed over ground", "kn", threshold, wrong, right, wrong_is_low=False)

    def __call__(self, moment: Moment) -> Reading:
        """Wrong when surely in the band and surely under way."""
        return speed_reading(moment, self.band, self.drift_max_kn.value, self.under_way_above_kn.value)


class CountWithin(EncounterRule):
    """Fewer than `forbidden_from` craft at once within `within_m` of a group; only craft surely inside are counted."""

    type: Literal["count_within"]
    within_m: Number
    forbidden_from: Number

    def numbers(self) -> tuple[Number, ...]:
        """Radius and count."""
        return (self.within_m, self.forbidden_from)

    def terms(self) -> Terms:
        """Count against the limit."""
        count, where = f"{self.forbidden_from.value:g}", f"within {self.within_m.value:g} m of the group"
        wrong, right = f"{count} or more {where}", f"fewer than {count} in the picture {where}"
        return Terms("at once", "craft", self.forbidden_from.value, wrong, right, wrong_is_low=False, decimals=0)

    def __call__(self, moment: Moment) -> Reading:
        """Wrong when this craft is surely inside, and with it enough others in the same frame."""
        radius, limit = self.within_m.value, self.forbidden_from.value
        sample = moment.sample
        lowest = min(sample.separation.interval_95_m.low, sample.pod.interval_95_m.low if sample.pod else float("inf"))
        if lowest > radius:
            return _reading(moment, Side.OUTSIDE)
        sure = float(sum(bound <= radius for bound in moment.surely_within_m))
        possible = float(max(1, sum(bound <= radius for bound in moment.possibly_within_m)))
        surely_here = moment.seen and sample.separation.interval_95_m.high <= radius
        if possible < limit:
            side = Side.RIGHT
        elif sure >= limit and surely_here:
            side = Side.WRONG
        else:
            side = Side.UNSURE
        return _reading(moment, side, sure, sure, max(sure, possible))


class WatchAircraftMinAlt(RuleBase):
    """The watching drone stays above `min_m`; `strict` when the limit itself is too low."""

    type: Literal["watch_aircraft_min_alt"]
    min_m: Number
    strict: bool

    def numbers(self) -> tuple[Number, ...]:
        """The height."""
        return (self.min_m,)

    def terms(self) -> Terms:
        """Height against the limit."""
        limit = f"{self.min_m.value:g} m"
        return Terms(
            "height above the sea", "m", self.min_m.value, f"not above {limit}", f"above {limit}", wrong_is_low=True
        )

    def __call__(self, flight: OwnFlight) -> tuple[Reading, ...]:
        """Wrong when the upper bound is not above the limit, right when the lower bound is."""
        return tuple(self._read(moment.t_s, moment.height_m.value, moment.height_m.sigma) for moment in flight.moments)

    def _read(self, t_s: float, height_m: float, sigma_m: float) -> Reading:
        low, high = height_m - STANDARD_ERRORS_95 * sigma_m, height_m + STANDARD_ERRORS_95 * sigma_m
        limit = self.min_m.value
        wrong = high <= limit if self.strict else high < limit
        right = low > limit if self.strict else low >= limit
        side = Side.WRONG if wrong else Side.RIGHT if right else Side.UNSURE
        return Reading(t_s, None, None, side, seen=True, value=height_m, low=low, high=high)


class HumanReview(RuleBase):
    """Acts that only a person can see in the pictures. Never judged here."""

    type: Literal["human_review"]
    acts: Annotated[tuple[str, ...], Field(min_length=1)]


Rule = Annotated[
    MinDistance | SpeedMaxInBand | PropulsionOffInBand | CountWithin | WatchAircraftMinAlt | HumanReview,
    Field(discriminator="type"),
]

PRIMITIVES: Mapping[str, type[RuleBase]] = MappingProxyType(
    {
        "min_distance": MinDistance,
        "speed_max_in_band": SpeedMaxInBand,
        "propulsion_off_in_band": PropulsionOffInBand,
        "count_within": CountWithin,
        "watch_aircraft_min_alt": WatchAircraftMinAlt,
        "human_review": HumanReview,
    }
)


def _where(band: Band) -> str:
    return f"between {band.inner_m.value:g} and {band.outer_m.value:g} m"


def _reading(
    moment: Moment,
    side: Side,
    value: float | None = None,
    low: float | None = None,
    high: float | None = None,
    *,
    lacks: str = "",
) -> Reading:
    sample = moment.sample
    return Reading(sample.t_s, sample.pts, sample.captured_at, side, moment.seen, value, low, high, lacks)
