"""Too many craft at once near a group, or one more where enough are already.

A detector misses one boat of many in most frames. A frame that lacks one of those that were inside shows no count:
while the grown intervals of all of them are inside, it may bridge a short gap, as a frame without an animal does.
"""

from dataclasses import replace
from typing import Literal

from wideberth_contracts.judgement import Missing
from wideberth_contracts.phrases import phrase
from wideberth_gateway.rules.encounters import Meeting
from wideberth_gateway.rules.numbers import Amount, Number
from wideberth_gateway.rules.primitives.base import EncounterRule, reading
from wideberth_gateway.rules.readings import Moment, Reading, Side, Terms


class CountRule(EncounterRule):
    """A number of craft within `within_m` of a group; only craft surely inside are counted."""

    within_m: Amount

    def near_m(self, moment: Moment) -> float:
        """The lowest bound of any distance of this craft to the group."""
        sample = moment.sample
        pod_m = sample.pod.interval_95_m.low if sample.pod else float("inf")
        return min(sample.separation.interval_95_m.low, pod_m)

    def surely_here(self, moment: Moment) -> bool:
        """This craft is surely inside, in a frame that shows it with an animal."""
        return moment.seen and moment.sample.separation.interval_95_m.high <= self.within_m.value

    def sure(self, moment: Moment) -> frozenset[str]:
        """Craft that are surely inside."""
        radius = self.within_m.value
        return frozenset(
            one.craft for one in moment.company if one.surely_within_m is not None and one.surely_within_m <= radius
        )

    def held(self, moment: Moment) -> frozenset[str]:
        """Craft whose whole interval is inside, grown where they or the animal are carried on unseen."""
        radius = self.within_m.value
        return frozenset(
            one.craft for one in moment.company if one.held_within_m is not None and one.held_within_m <= radius
        )

    def possible(self, moment: Moment) -> frozenset[str]:
        """Craft that may be inside."""
        return frozenset(one.craft for one in moment.company if one.possibly_within_m <= self.within_m.value)


class CountWithin(CountRule):
    """Fewer than `forbidden_from` craft at once."""

    type: Literal["count_within"]
    forbidden_from: Number

    def terms(self) -> Terms:
        """Count against the limit."""
        limit, radius_m = self.forbidden_from.value, self.within_m.value
        wrong = phrase("count.from", limit=limit, radius_m=radius_m)
        right = phrase("count.fewer", limit=limit, radius_m=radius_m)
        return Terms(phrase("noun.at_once"), "craft", limit, wrong, right, wrong_is_low=False, decimals=0)

    def readings(self, meeting: Meeting) -> tuple[Reading, ...]:
        """Wrong when this craft is surely inside, and with it enough others in the same frame."""
        return tuple(self._read(moment, meeting.craft_track) for moment in meeting.moments)

    def _read(self, moment: Moment, craft: str) -> Reading:
        limit = self.forbidden_from.value
        if self.near_m(moment) > self.within_m.value:
            return reading(moment, Side.OUTSIDE)
        sure, possible = float(len(self.sure(moment))), float(max(1, len(self.possible(moment))))
        missing = None
        if possible < limit:
            side = Side.RIGHT
        elif sure >= limit and self.surely_here(moment):
            side = Side.WRONG
        elif len(held := self.held(moment)) >= limit and craft in held:
            return replace(reading(moment, Side.WRONG, sure, sure, max(sure, possible)), seen=False)
        else:
            side, missing = Side.UNSURE, Missing.ERROR_TOO_LARGE
        return reading(moment, side, sure, sure, max(sure, possible), missing=missing)


class AlreadyThere(CountRule):
    """No craft comes in while `already` others are inside.

    The craft came in between its last frame surely outside and its first surely inside. Those that were surely
    inside all that time were there already. A craft that was never seen outside may have been the first.
    """

    type: Literal["already_there"]
    already: Number

    def terms(self) -> Terms:
        """Count of the others against the limit."""
        limit, radius_m = self.already.value, self.within_m.value
        wrong = phrase("already.in", limit=limit, radius_m=radius_m)
        right = phrase("already.not", limit=limit, radius_m=radius_m)
        return Terms(phrase("noun.already"), "craft", limit, wrong, right, wrong_is_low=False, decimals=0)

    def readings(self, meeting: Meeting) -> tuple[Reading, ...]:
        """Wrong while this craft and enough of those that were there before it are surely inside."""
        craft, found = meeting.craft_track, []
        outside, before = False, frozenset[str]()
        maybe_before: frozenset[str] | None = None
        was_in = False
        for moment in meeting.moments:
            if self.near_m(moment) > self.within_m.value:
                outside, was_in = True, False
                before, maybe_before = self.held(moment) - {craft}, self.possible(moment) - {craft}
                found.append(reading(moment, Side.OUTSIDE))
                continue
            if not was_in:
                before &= self.held(moment)
                maybe_before = maybe_before if maybe_before is None else maybe_before | self._others(moment, craft)
                was_in = self.surely_here(moment)
            found.append(self._read(moment, outside, before, maybe_before, craft))
        return tuple(found)

    def _others(self, moment: Moment, craft: str) -> frozenset[str]:
        return self.possible(moment) - {craft}

    def _read(
        self, moment: Moment, came_in: bool, before: frozenset[str], maybe: frozenset[str] | None, craft: str
    ) -> Reading:
        limit = self.already.value
        sure, possible = before & self.sure(moment), self._others(moment, craft)
        if maybe is not None:
            possible &= maybe
        low, high = float(len(sure)), float(max(len(possible), len(sure)))
        if high < limit:
            return reading(moment, Side.RIGHT, low, low, high)
        if came_in and low >= limit and self.surely_here(moment):
            return reading(moment, Side.WRONG, low, low, high)
        held = self.held(moment)
        if came_in and len(before & held) >= limit and craft in held:
            return replace(reading(moment, Side.WRONG, low, low, high), seen=False)
        if not came_in:
            lacks = phrase("lacks.first_unseen")
            return reading(moment, Side.UNSURE, low, low, high, lacks=lacks, missing=Missing.NOT_SEEN_BEFORE)
        return reading(moment, Side.UNSURE, low, low, high, missing=Missing.ERROR_TOO_LARGE)
