"""Across the animals' path, and through the middle of them."""

from dataclasses import replace
from typing import Literal

from wideberth_contracts.judgement import Missing
from wideberth_contracts.phrases import phrase
from wideberth_gateway.rules.aspects import Aspect, NoAspect, aspect_on, makes_way
from wideberth_gateway.rules.encounters import Meeting
from wideberth_gateway.rules.numbers import Amount
from wideberth_gateway.rules.primitives.base import NO_SPEED, EncounterRule, lacking, reading, within
from wideberth_gateway.rules.readings import Moment, Reading, Side, Terms

CROSSING_WITHIN_S = 30.0
"""Surely to one side and surely to the other farther apart in time than this is no crossing that anyone saw."""

SHOWN_S = 5.0
"""Frames of so long before and after a crossing show it. Chosen."""


class NoPathCrossing(EncounterRule):
    """No craft passes over the line ahead of the animals within `within_m`.

    A crossing is: surely to one side of the animals' heading, then surely to the other, surely ahead of the foremost
    animal and under way in between; against the heading before it as well, so that a pod that turns makes none.
    """

    type: Literal["no_path_crossing"]
    within_m: Amount

    def terms(self) -> Terms:
        """Distance ahead at which it crossed."""
        limit = self.within_m.value
        wrong, right = phrase("crossing.is", limit=limit), phrase("crossing.not", limit=limit)
        return Terms(phrase("noun.ahead"), "m", limit, wrong, right, True)

    def readings(self, meeting: Meeting) -> tuple[Reading, ...]:
        """Wrong in the frames that show a crossing."""
        aspects = [meeting.aspect(moment) for moment in meeting.moments]
        found = [self._alone(one, aspect) for one, aspect in zip(meeting.moments, aspects, strict=True)]
        last: int | None = None
        for index, aspect in enumerate(aspects):
            if not isinstance(aspect, Aspect) or not aspect.side or not meeting.moments[index].seen:
                continue
            before = aspects[last] if last is not None else None
            if last is not None and isinstance(before, Aspect) and before.side != aspect.side:
                self._crossed(meeting.moments, aspects, (last, index), found)
            last = index
        return tuple(found)

    def _alone(self, moment: Moment, aspect: Aspect | NoAspect) -> Reading:
        """One moment without those about it."""
        inside = within(moment, self.within_m.value)
        if inside is False:
            return reading(moment, Side.OUTSIDE)
        if isinstance(aspect, NoAspect):
            return lacking(moment, inside, aspect.why, aspect.missing)
        low, high = aspect.ahead_m - aspect.ahead_half_95_m, aspect.ahead_m + aspect.ahead_half_95_m
        if aspect.side or high <= aspect.pod.half_m:
            return reading(moment, Side.RIGHT, aspect.ahead_m, low, high)
        if makes_way(moment) is False:
            return reading(moment, Side.RIGHT, aspect.ahead_m, low, high, note=phrase("note.still"))
        lacks = phrase("more.side")
        return reading(moment, Side.UNSURE, aspect.ahead_m, low, high, lacks=lacks, missing=Missing.ERROR_TOO_LARGE)

    def _crossed(
        self, moments: tuple[Moment, ...], aspects: list[Aspect | NoAspect], ends: tuple[int, int], found: list[Reading]
    ) -> None:
        """Mark what a change of sides means."""
        first, last = ends
        start, end = aspects[first], aspects[last]
        if not isinstance(start, Aspect) or not isinstance(end, Aspect):
            return
        if moments[last].sample.t_s - moments[first].sample.t_s > CROSSING_WITHIN_S:
            return
        between = aspects[first : last + 1]
        if all(_surely_behind(one) for one in between):
            return
        way, old = makes_way(moments[last]), _sides_by(start, aspects[last:], moments[last:])
        if way is False or -start.side not in old:
            return  # lying still, or the animals turned and the craft stayed where it was
        sure = all(self._surely_ahead(one) for one in between)
        if sure and way:
            span = self._shown(moments, aspects, ends)
            found[span] = [replace(one, side=Side.WRONG, lacks=None, missing=None) for one in found[span]]
            return
        lacks, missing = phrase("more.crossed"), Missing.ERROR_TOO_LARGE
        if way is None:
            lacks, missing = NO_SPEED, Missing.NO_SPEED
        for index in range(first, last + 1):
            if found[index].side is not Side.OUTSIDE:
                found[index] = replace(found[index], side=Side.UNSURE, lacks=lacks, missing=missing)

    def _surely_ahead(self, aspect: Aspect | NoAspect) -> bool:
        if isinstance(aspect, NoAspect):
            return False
        low, high = aspect.ahead_m - aspect.ahead_half_95_m, aspect.ahead_m + aspect.ahead_half_95_m
        return low > aspect.pod.half_m and high <= self.within_m.value

    def _shown(self, moments: tuple[Moment, ...], aspects: list[Aspect | NoAspect], ends: tuple[int, int]) -> slice:
        """The frames that show it: the crossing, and those about it that are as sure."""
        first, last = ends
        start_s, end_s = moments[first].sample.t_s - SHOWN_S, moments[last].sample.t_s + SHOWN_S
        while first > 0 and moments[first - 1].sample.t_s >= start_s and self._as_sure(aspects, first - 1, ends[0]):
            first -= 1
        while (
            last + 1 < len(moments)
            and moments[last + 1].sample.t_s <= end_s
            and self._as_sure(aspects, last + 1, ends[1])
        ):
            last += 1
        return slice(first, last + 1)

    def _as_sure(self, aspects: list[Aspect | NoAspect], index: int, like: int) -> bool:
        one, other = aspects[index], aspects[like]
        return (
            isinstance(one, Aspect) and isinstance(other, Aspect) and one.side == other.side and self._surely_ahead(one)
        )


def _sides_by(start: Aspect, after: list[Aspect | NoAspect], moments: tuple[Moment, ...]) -> set[int]:
    """On which sides of the heading before a crossing the craft surely was in the time after it."""
    course = start.pod.course_deg
    if course is None:
        return set()
    until_s = moments[0].sample.t_s + SHOWN_S
    return {
        aspect_on(one.to_craft, one.pod, course, start.pod.course_half_95_deg).side
        for one, moment in zip(after, moments, strict=True)
        if isinstance(one, Aspect) and moment.sample.t_s <= until_s
    }


def _surely_behind(aspect: Aspect | NoAspect) -> bool:
    return isinstance(aspect, Aspect) and aspect.ahead_m + aspect.ahead_half_95_m <= -aspect.pod.half_m


class NoPodTransit(EncounterRule):
    """No craft under way inside the outline of a group: the convex hull of three animals and more."""

    type: Literal["no_pod_transit"]

    def terms(self) -> Terms:
        """Distance to the pod's outline; nought is inside."""
        wrong, right = phrase("transit.is"), phrase("transit.not")
        return Terms(phrase("noun.outline"), "m", 0.0, wrong, right, True)

    def readings(self, meeting: Meeting) -> tuple[Reading, ...]:
        """Wrong when surely inside and surely under way."""
        return tuple(self._read(moment) for moment in meeting.moments)

    def _read(self, moment: Moment) -> Reading:
        pod, way = moment.sample.pod, makes_way(moment)
        if pod is None:
            return reading(moment, Side.EDGE, lacks=phrase("lacks.outline"), missing=Missing.NO_OUTLINE)
        low, high = pod.interval_95_m.low, pod.interval_95_m.high
        if low > 0.0 or way is False:
            return reading(moment, Side.RIGHT, pod.value_m, low, high)
        if high > 0.0:
            return reading(moment, Side.UNSURE, pod.value_m, low, high, missing=Missing.ERROR_TOO_LARGE)
        if way is None:
            lacks = phrase("more.inside_no_speed" if moment.sample.speed is None else "more.inside_still")
            return reading(moment, Side.UNSURE, pod.value_m, low, high, lacks=lacks, missing=Missing.NO_SPEED)
        return reading(moment, Side.WRONG, pod.value_m, low, high)
