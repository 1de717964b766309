"""How a craft behaves towards animals over time: placed in their way, behind them for long, all around them."""

from dataclasses import dataclass, field, replace
from typing import Literal

from wideberth_contracts.judgement import Missing
from wideberth_contracts.phrases import phrase
from wideberth_gateway.rules.aspects import Aspect, NoAspect, aspect_on, makes_way
from wideberth_gateway.rules.encounters import Meeting
from wideberth_gateway.rules.numbers import Amount, Choice, Decision
from wideberth_gateway.rules.places import offset, turn_deg
from wideberth_gateway.rules.primitives.base import EncounterRule, lacking, reading, within
from wideberth_gateway.rules.readings import Moment, Reading, Side, Terms

TRAIL_STEP_S = 1.0
"""Where a circling craft was is kept this often."""
SUSTAINED_FRAMES = 3
"""The distance at which a craft was placed is one that it kept for so many frames: one frame's luck is not it."""


@dataclass(slots=True)
class _Placed:
    """A craft that went ahead of the animals. `far_m`: the farthest lower bound that it kept."""

    far_m: float
    recent_m: list[float] = field(default_factory=list)

    def add(self, low_m: float) -> None:
        """One more frame ahead."""
        self.recent_m = [*self.recent_m[-SUSTAINED_FRAMES + 1 :], low_m]
        if len(self.recent_m) == SUSTAINED_FRAMES:
            self.far_m = max(self.far_m, min(self.recent_m))


class NoInterception(EncounterRule):
    """No craft is placed ahead of the animals so that they come to it (leapfrogging), within `within_m`.

    Placed: surely not ahead, then surely ahead, by its own way and against the heading before it as well. Then closes:
    the distance becomes surely smaller than the craft had before while it was ahead, while the craft is still ahead.

    Attributes:
        ahead_half_deg: to this side and that of the animals' heading is ahead.
    """

    type: Literal["no_interception"]
    within_m: Amount
    ahead_half_deg: Amount

    def terms(self) -> Terms:
        """Distance while it closes."""
        limit = self.within_m.value
        wrong, right = phrase("interception.is", limit=limit), phrase("interception.not")
        return Terms(phrase("noun.separation"), "m", limit, wrong, right, wrong_is_low=True)

    def readings(self, meeting: Meeting) -> tuple[Reading, ...]:
        """Wrong while a craft that was placed ahead lets the animals come near."""
        found: list[Reading] = []
        not_ahead: Aspect | None = None
        placed: _Placed | None = None
        seen_elsewhere = way_since = False
        for moment in meeting.moments:
            aspect = meeting.aspect(moment)
            if within(moment, self.within_m.value) is False:
                found.append(reading(moment, Side.OUTSIDE))
            elif isinstance(aspect, NoAspect):
                found.append(lacking(moment, within(moment, self.within_m.value), aspect.why, aspect.missing))
            else:
                found.append(self._read(moment, aspect, placed, seen_elsewhere))
            if not isinstance(aspect, Aspect) or not moment.seen:
                continue
            ahead = self._ahead(aspect)
            way_since = way_since or makes_way(moment) is True
            if ahead is False:
                not_ahead, placed, seen_elsewhere, way_since = aspect, None, True, makes_way(moment) is True
            elif (
                ahead and placed is None and not_ahead is not None and way_since and self._by_itself(aspect, not_ahead)
            ):
                interval = moment.sample.separation.interval_95_m
                placed = _Placed(interval.low)
            if ahead and placed is not None:
                placed.add(moment.sample.separation.interval_95_m.low)
        return tuple(found)

    def _ahead(self, aspect: Aspect) -> bool | None:
        half, error = self.ahead_half_deg.value, aspect.off_heading_half_95_deg
        if aspect.off_heading_deg + error <= half:
            return True
        return False if aspect.off_heading_deg - error > half else None

    def _by_itself(self, now: Aspect, then: Aspect) -> bool:
        """Ahead against the heading that the animals had before, too: they did not turn towards the craft."""
        if then.pod.course_deg is None:
            return False
        kept = aspect_on(now.to_craft, now.pod, then.pod.course_deg, then.pod.course_half_95_deg)
        return self._ahead(kept) is True

    def _read(self, moment: Moment, aspect: Aspect, placed: _Placed | None, seen_elsewhere: bool) -> Reading:
        separation = moment.sample.separation
        value, low, high = separation.value_m, separation.interval_95_m.low, separation.interval_95_m.high
        ahead = self._ahead(aspect)
        if ahead is False or (ahead and seen_elsewhere and placed is None):
            return reading(moment, Side.RIGHT, value, low, high)
        if ahead and placed is not None:
            if high < placed.far_m and high <= self.within_m.value:
                return reading(moment, Side.WRONG, value, low, high)
            if low >= placed.far_m:
                return reading(moment, Side.RIGHT, value, low, high)
            lacks = phrase("more.shrinks")
            return reading(moment, Side.UNSURE, value, low, high, lacks=lacks, missing=Missing.ERROR_TOO_LARGE)
        if ahead:
            lacks = phrase("lacks.ahead_from_first")
            return reading(moment, Side.UNSURE, value, low, high, lacks=lacks, missing=Missing.NOT_SEEN_BEFORE)
        lacks = phrase("more.ahead")
        return reading(moment, Side.UNSURE, value, low, high, lacks=lacks, missing=Missing.ERROR_TOO_LARGE)


class NoPursuit(EncounterRule):
    """No craft follows the animals: behind them, under way, on their heading, within `within_m`, for `following_s`.

    Attributes:
        match_deg: largest angle between craft's course and animals' heading that counts as the same.
        rear_half_deg: to this side and that of straight astern is behind.
    """

    type: Literal["no_pursuit"]
    within_m: Amount
    following_s: Amount
    match_deg: Choice
    rear_half_deg: Choice

    def terms(self) -> Terms:
        """Angle between course and heading."""
        near = self.within_m.value
        wrong, right = phrase("pursuit.is", limit=near), phrase("pursuit.not", limit=near)
        return Terms(phrase("noun.off_heading"), "deg", self.match_deg.value, wrong, right, wrong_is_low=True)

    def decision_from(self, usual: Decision) -> Decision:
        """Following for that long."""
        base = super().decision_from(usual)
        return base.model_copy(update={"min_duration_s": max(base.min_duration_s, self.following_s.value)})

    def readings(self, meeting: Meeting) -> tuple[Reading, ...]:
        """Wrong when surely near, surely behind, surely under way and surely on the same heading."""
        return tuple(self._read(moment, meeting) for moment in meeting.moments)

    def _read(self, moment: Moment, meeting: Meeting) -> Reading:
        inside, way = within(moment, self.within_m.value), makes_way(moment)
        if inside is False:
            return reading(moment, Side.OUTSIDE)
        if way is False:
            return reading(moment, Side.RIGHT, note=phrase("note.still"))
        aspect, speed = meeting.aspect(moment), moment.sample.speed
        if isinstance(aspect, NoAspect):
            return lacking(moment, inside, aspect.why, aspect.missing)
        astern, error = 180.0 - aspect.off_heading_deg, aspect.off_heading_half_95_deg
        if astern - error > self.rear_half_deg.value:
            return reading(moment, Side.RIGHT)
        if speed is None or speed.course_deg is None or speed.course_half_95_deg is None or way is None:
            return lacking(moment, inside, phrase("lacks.course"), Missing.NO_SPEED)
        heading = aspect.pod.course_deg or 0.0
        value = abs(turn_deg(heading, speed.course_deg))
        half = (speed.course_half_95_deg**2 + aspect.pod.course_half_95_deg**2) ** 0.5
        low, high = max(0.0, value - half), value + half
        if low > self.match_deg.value:
            return reading(moment, Side.RIGHT, value, low, high)
        if inside is None:
            return reading(moment, Side.EDGE, value, low, high, missing=Missing.EDGE_OF_BAND)
        if astern + error > self.rear_half_deg.value:
            lacks = phrase("more.behind")
            return reading(moment, Side.UNSURE, value, low, high, lacks=lacks, missing=Missing.ERROR_TOO_LARGE)
        if high <= self.match_deg.value:
            return reading(moment, Side.WRONG, value, low, high)
        return reading(moment, Side.UNSURE, value, low, high, missing=Missing.ERROR_TOO_LARGE)


@dataclass(frozen=True, slots=True)
class _Around:
    """Bearings of the other craft near the animals, with half-widths of their 95 % intervals.

    Attributes:
        sure: surely near, and seen; held: surely near, but missed in this frame.
        more: whether there are others that may be near.
    """

    sure: list[tuple[float, float]]
    held: list[tuple[float, float]]
    more: bool


class NoEncirclement(EncounterRule):
    """No ring of craft around the animals: seen from their middle, no free gap as wide as `gap_deg`.

    One craft that circles closes a ring too: where it was in the last `circling_s` counts beside the other craft.
    """

    type: Literal["no_encirclement"]
    within_m: Amount
    gap_deg: Amount
    circling_s: Choice

    def terms(self) -> Terms:
        """Widest free gap against the limit."""
        limit = self.gap_deg.value
        wrong, right = phrase("gap.none", limit=limit), phrase("gap.left", limit=limit)
        return Terms(phrase("noun.gap"), "deg", limit, wrong, right, wrong_is_low=True, decimals=0)

    def readings(self, meeting: Meeting) -> tuple[Reading, ...]:
        """Wrong when the widest gap between craft surely near is surely narrower."""
        trail: list[tuple[float, float, float]] = []
        found = []
        for moment in meeting.moments:
            around = self._around(moment, meeting)
            t_s = moment.sample.t_s
            trail = [one for one in trail if t_s - one[0] <= self.circling_s.value]
            inside, pod = within(moment, self.within_m.value), meeting.pod_at(moment)
            if inside is False:
                found.append(reading(moment, Side.OUTSIDE))
                continue
            if moment.place is None or pod is None:
                found.append(lacking(moment, inside, phrase("lacks.places"), Missing.NO_POSITION))
                continue
            here = offset(pod.middle, moment.place)
            now = [(here.bearing_deg, here.bearing_half_95_deg)] if moment.seen and inside else []
            if now and (not trail or t_s - trail[-1][0] >= TRAIL_STEP_S):
                trail.append((t_s, *now[0]))
            sure = [(bearing, half) for _, bearing, half in trail] + now + around.sure
            one = self._read(moment, inside, sure, around.more or bool(around.held))
            if one.side is not Side.WRONG and around.held:
                # A craft that the detector missed is still there: the frame shows no whole ring, and no gap either.
                other = self._read(moment, inside, sure + around.held, around.more)
                one = replace(other, seen=False) if other.side is Side.WRONG else one
            found.append(one)
        return tuple(found)

    def _around(self, moment: Moment, meeting: Meeting) -> _Around:
        """The other craft near the animals."""
        pod, around = meeting.pod_at(moment), _Around([], [], False)
        limit = self.within_m.value
        for one in moment.company:
            if one.craft == meeting.craft_track or one.possibly_within_m > limit:
                continue
            held = one.held_within_m is not None and one.held_within_m <= limit
            if not held or one.place is None or pod is None:
                around = replace(around, more=True)
                continue
            there = offset(pod.middle, one.place)
            seen = one.surely_within_m is not None and one.surely_within_m <= limit
            (around.sure if seen else around.held).append((there.bearing_deg, there.bearing_half_95_deg))
        return around

    def _read(self, moment: Moment, inside: bool | None, sure: list[tuple[float, float]], more: bool) -> Reading:
        value, low, high = widest_gap_deg(sure)
        limit = self.gap_deg.value
        if high < limit and inside:
            return reading(moment, Side.WRONG, value, low, high)
        if low >= limit and not more:
            return reading(moment, Side.RIGHT, value, low, high)
        lacks = phrase("more.another") if more and low >= limit else None
        side, missing = (Side.UNSURE, Missing.ERROR_TOO_LARGE) if inside else (Side.EDGE, Missing.EDGE_OF_BAND)
        return reading(moment, side, value, low, high, lacks=lacks, missing=missing)


def widest_gap_deg(bearings: list[tuple[float, float]]) -> tuple[float, float, float]:
    """Widest gap between bearings on the circle, with its lowest and highest value; 360 of one or none.

    Args:
        bearings: direction and half-width of its 95 % interval.
    """
    if len(bearings) < 2:
        return 360.0, 360.0, 360.0
    ordered = sorted(bearings)
    following = [*ordered[1:], (ordered[0][0] + 360.0, ordered[0][1])]
    gaps = [(b - a, ea + eb) for (a, ea), (b, eb) in zip(ordered, following, strict=True)]
    # Rounding may make the whole circle a little more than 360.
    value = min(360.0, max(gap for gap, _ in gaps))
    low = min(360.0, max(max(0.0, gap - error) for gap, error in gaps))
    high = max(min(360.0, gap + error) for gap, error in gaps)
    return value, low, high
