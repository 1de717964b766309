"""Too long, at the wrong hour, or in the wrong place."""

from dataclasses import replace
from datetime import datetime, time
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, field_validator, model_validator

from wideberth_contracts.judgement import EvidenceLevel, Missing
from wideberth_contracts.phrases import phrase
from wideberth_gateway.rules.areas import Area
from wideberth_gateway.rules.encounters import Meeting
from wideberth_gateway.rules.numbers import Band, Number
from wideberth_gateway.rules.primitives.base import (
    NO_SPEED,
    EncounterRule,
    MeasuredTo,
    lacking,
    reading,
    speed_kn,
    within,
)
from wideberth_gateway.rules.readings import Moment, Reading, Side, Terms

SECONDS_PER_MINUTE = 60.0
STEP_S = 1.0
"""Between two frames farther apart in time than this the craft is not surely still there."""


class MaxStay(EncounterRule):
    """No craft stays within a band for longer than `max_min`, or `max_if_queue_min` where others wait.

    The clock starts at the first frame of the clip that shows the craft surely inside, and runs only between frames
    that show it there: what it shows is at least so long. It starts anew once the craft was surely outside.
    """

    type: Literal["max_stay"]
    band: Band
    max_min: Number
    max_if_queue_min: Number | None = None
    measured_to: MeasuredTo = MeasuredTo.NEAREST_ANIMAL

    def terms(self) -> Terms:
        """Time inside against the limit."""
        return self._terms(self.max_min.value)

    def terms_in(self, meeting: Meeting) -> Terms:
        """With the shorter limit where others wait."""
        shorter = self.max_if_queue_min
        return self._terms(shorter.value if shorter is not None and meeting.others_wait else self.max_min.value)

    def _terms(self, limit_min: float) -> Terms:
        where = self.band.said()
        wrong = phrase("stay.longer", limit=limit_min, where=where)
        right = phrase("stay.at_most", limit=limit_min, where=where)
        return Terms(phrase("noun.stay"), "min", limit_min, wrong, right, wrong_is_low=False)

    def readings(self, meeting: Meeting) -> tuple[Reading, ...]:
        """Wrong once the time surely inside is longer than the limit."""
        queue = self.max_if_queue_min.value if self.max_if_queue_min is not None else None
        if queue is not None and meeting.others_wait is True:
            return self._timed(meeting, queue, queue)
        lower = queue if queue is not None and meeting.others_wait is None else self.max_min.value
        return self._timed(meeting, lower, self.max_min.value)

    def _timed(self, meeting: Meeting, right_to_min: float, wrong_above_min: float) -> tuple[Reading, ...]:
        found: list[Reading] = []
        surely = possibly = 0.0
        last: tuple[float, bool] | None = None
        cut = False
        for number, moment in enumerate(meeting.moments):
            inside, t_s = self._inside(moment), moment.sample.t_s
            if inside is False:
                surely, possibly, last, cut = 0.0, 0.0, None, False
                found.append(reading(moment, Side.OUTSIDE))
                continue
            if last is not None:
                possibly += t_s - last[0]
                if inside and moment.seen and last[1] and t_s - last[0] <= STEP_S:
                    surely += t_s - last[0]
            elif number == 0:
                cut = True
            last = (t_s, bool(inside and moment.seen))
            found.append(self._read(moment, (surely, possibly), right_to_min, wrong_above_min, cut))
        if found and found[-1].side is Side.RIGHT:
            found[-1] = _part_only(found[-1])
        return tuple(found)

    def _inside(self, moment: Moment) -> bool | None:
        outer = within(moment, self.band.outer_m.value, self.measured_to)
        if self.band.inner_m is None or outer is False:
            return outer
        inner = within(moment, self.band.inner_m.value, self.measured_to)
        return False if inner is True else (outer if inner is False else None)

    def _read(
        self, moment: Moment, stay_s: tuple[float, float], right_to_min: float, wrong_above_min: float, cut: bool
    ) -> Reading:
        low, high = stay_s[0] / SECONDS_PER_MINUTE, stay_s[1] / SECONDS_PER_MINUTE
        if low > wrong_above_min:
            return reading(moment, Side.WRONG, low, low, high)
        if high > right_to_min:
            lacks = None if high > wrong_above_min else phrase("more.queue")
            missing = Missing.A_PERSON if lacks else Missing.ERROR_TOO_LARGE
            return reading(moment, Side.UNSURE, low, low, high, lacks=lacks, missing=missing)
        found = reading(moment, Side.RIGHT, low, low, high)
        return _part_only(found) if cut else found


def _part_only(found: Reading) -> Reading:
    return replace(found, side=Side.UNSURE, lacks=phrase("more.part_of_stay"), missing=Missing.PART_OF_STAY)


class Hours(EncounterRule):
    """Near animals only at certain hours of the day, from `start` to `end` local time, both included."""

    type: Literal["time_of_day_window"]
    within_m: Number
    start: time
    end: time
    zone: Annotated[str, Field(min_length=1)]
    evidence: EvidenceLevel
    source: Annotated[str, Field(min_length=3)]

    @field_validator("zone")
    @classmethod
    def _zone_is_known(cls, zone: str) -> str:
        try:
            ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError(f"no time zone named {zone!r}, or this machine has no time zones") from error
        return zone

    @model_validator(mode="after")
    def _start_before_end(self) -> "Hours":
        if self.start >= self.end:
            raise ValueError("start is not before end")
        if self.enabled and self.evidence is EvidenceLevel.M:
            raise ValueError("a rule with a number from memory (evidence M) cannot be enabled")
        return self

    def terms(self) -> Terms:
        """Minutes inside the allowed hours; below nought is outside them."""
        start, end = f"{self.start:%H:%M}", f"{self.end:%H:%M}"
        wrong = phrase("hours.out", radius_m=self.within_m.value, start=start, end=end)
        return Terms(phrase("noun.hours"), "min", 0.0, wrong, phrase("hours.in", start=start, end=end), True, 0)

    def readings(self, meeting: Meeting) -> tuple[Reading, ...]:
        """Wrong when surely near at another hour."""
        return tuple(self._read(moment, meeting.utc(moment)) for moment in meeting.moments)

    def _read(self, moment: Moment, at: datetime | None) -> Reading:
        inside = within(moment, self.within_m.value)
        if inside is False:
            return reading(moment, Side.OUTSIDE)
        if at is None:
            return lacking(moment, inside, phrase("lacks.time_of_day"), Missing.TIME_OF_DAY)
        local = at.astimezone(ZoneInfo(self.zone))
        now, start, end = (_minutes(one) for one in (local.time(), self.start, self.end))
        value = min(now - start, end - now)
        note = phrase("note.local_time", time=f"{local:%H:%M:%S}")
        if value >= 0.0:
            return reading(moment, Side.RIGHT, value, value, value, note=note)
        if inside is None:
            return reading(moment, Side.EDGE, value, value, value, missing=Missing.EDGE_OF_BAND)
        return reading(moment, Side.WRONG, value, value, value, note=note)


def _minutes(clock: time) -> float:
    return clock.hour * 60.0 + clock.minute + (clock.second + clock.microsecond / 1e6) / 60.0


class Geofence(EncounterRule):
    """Inside an area no craft enters, or none is faster than `max_kn`; judged while animals are in the picture."""

    type: Literal["geofence"]
    area: Area
    max_kn: Number | None = None

    @model_validator(mode="after")
    def _has_an_outline(self) -> "Geofence":
        if self.enabled and not self.area.outline:
            raise ValueError(f"a fence without an outline cannot be enabled ({self.area.absent})")
        return self

    def terms(self) -> Terms:
        """Metres inside the fence, or the speed there."""
        area = self.area.name
        if self.max_kn is None:
            wrong, right = phrase("fence.in", area=area), phrase("fence.out", area=area)
            return Terms(phrase("noun.fence"), "m", 0.0, wrong, right, wrong_is_low=False)
        limit = self.max_kn.value
        wrong = phrase("fence.above", limit=limit, area=area)
        return Terms(phrase("noun.speed"), "kn", limit, wrong, phrase("fence.at_most", limit=limit, area=area), False)

    def readings(self, meeting: Meeting) -> tuple[Reading, ...]:
        """Wrong when surely inside, and surely faster where a speed is allowed."""
        return tuple(self._read(moment, meeting) for moment in meeting.moments)

    def _read(self, moment: Moment, meeting: Meeting) -> Reading:
        position = meeting.position(moment)
        if position is None or position.latitude is None or position.longitude is None or moment.place is None:
            return lacking(moment, None, phrase("lacks.coordinates"), Missing.NO_POSITION)
        depth_m = self.area.depth_m(position.latitude, position.longitude)
        half_m = moment.place.half_95_m  # the fence does not move with the picture: nothing cancels
        low, high = depth_m - half_m, depth_m + half_m
        if self.max_kn is None:
            side = Side.WRONG if low > 0.0 else Side.RIGHT if high < 0.0 else Side.UNSURE
            missing = Missing.ERROR_TOO_LARGE if side is Side.UNSURE else None
            return reading(moment, side, depth_m, low, high, missing=missing)
        return self._speed(moment, True if low > 0.0 else False if high < 0.0 else None, self.max_kn.value)

    def _speed(self, moment: Moment, inside: bool | None, limit: float) -> Reading:
        if inside is False:
            return reading(moment, Side.OUTSIDE)
        speed = speed_kn(moment)
        if speed is None:
            return lacking(moment, inside, NO_SPEED, Missing.NO_SPEED)
        low, value, high = speed
        if high <= limit:
            return reading(moment, Side.RIGHT, value, low, high)
        if inside is None:
            return reading(moment, Side.EDGE, value, low, high, missing=Missing.EDGE_OF_BAND)
        side = Side.WRONG if low > limit else Side.UNSURE
        missing = Missing.ERROR_TOO_LARGE if side is Side.UNSURE else None
        return reading(moment, side, value, low, high, missing=missing)
