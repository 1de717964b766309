"""Approaching from where a law does not allow it: ahead of the animals, astern of them, or outside one sector."""

from typing import Literal

from pydantic import model_validator

from wideberth_contracts.judgement import Missing
from wideberth_contracts.phrases import phrase
from wideberth_gateway.rules.aspects import NoAspect, closing
from wideberth_gateway.rules.encounters import Meeting
from wideberth_gateway.rules.numbers import Amount
from wideberth_gateway.rules.primitives.base import EncounterRule, lacking, reading, within
from wideberth_gateway.rules.readings import Moment, Reading, Side, Terms


class NoSector(EncounterRule):
    """No approach within `within_m` from forbidden directions; angles are off the animals' heading.

    Attributes:
        ahead_half_deg: forbidden to this side and that of straight ahead.
        rear_half_deg: the same astern.
        only_behind_deg: whole width of the one sector astern from which approach is allowed.
        approaching: only a craft that steers nearer breaks the rule; without, being there does.
    """

    type: Literal["no_sector"]
    within_m: Amount
    ahead_half_deg: Amount | None = None
    rear_half_deg: Amount | None = None
    only_behind_deg: Amount | None = None
    approaching: bool = True

    @model_validator(mode="after")
    def _names_a_sector(self) -> "NoSector":
        angles = (self.ahead_half_deg, self.rear_half_deg, self.only_behind_deg)
        if not any(angles):
            raise ValueError("no sector is named: give ahead_half_deg, rear_half_deg or only_behind_deg")
        if any(angle is not None and angle.value > 180 for angle in angles[:2]):
            raise ValueError("half a sector is at most 180 degrees")
        return self

    def terms(self) -> Terms:
        """Angle to the edge of the forbidden sector; below nought is inside it."""
        wrong = phrase("sector.approaches" if self.approaching else "sector.in", limit=self.within_m.value)
        return Terms(phrase("noun.clear"), "deg", 0.0, wrong, phrase("sector.not"), True)

    def readings(self, meeting: Meeting) -> tuple[Reading, ...]:
        """Wrong when surely near, surely in the sector and surely coming nearer."""
        return tuple(self._read(moment, meeting) for moment in meeting.moments)

    def clear_deg(self, off_heading_deg: float) -> float:
        """How far outside the forbidden directions an angle off the heading lies."""
        clear = [180.0]
        if self.ahead_half_deg is not None:
            clear.append(off_heading_deg - self.ahead_half_deg.value)
        if self.rear_half_deg is not None:
            clear.append(180.0 - off_heading_deg - self.rear_half_deg.value)
        if self.only_behind_deg is not None:
            clear.append(self.only_behind_deg.value / 2 - (180.0 - off_heading_deg))
        return min(clear)

    def _read(self, moment: Moment, meeting: Meeting) -> Reading:
        inside = within(moment, self.within_m.value)
        if inside is False:
            return reading(moment, Side.OUTSIDE)
        nearer = closing(moment) if self.approaching else True
        aspect = meeting.aspect(moment)
        if isinstance(aspect, NoAspect):
            if nearer is False:
                return reading(moment, Side.RIGHT)
            return lacking(moment, inside, aspect.why, aspect.missing)
        value, half = self.clear_deg(aspect.off_heading_deg), aspect.off_heading_half_95_deg
        low, high = value - half, value + half
        note = phrase("note.off_heading", angle_deg=aspect.off_heading_deg)
        if nearer is False or low >= 0.0:
            return reading(moment, Side.RIGHT, value, low, high, note=note)
        if inside is None:
            return reading(moment, Side.EDGE, value, low, high, missing=Missing.EDGE_OF_BAND)
        if high < 0.0 and nearer:
            return reading(moment, Side.WRONG, value, low, high, note=note)
        if high < 0.0:
            lacks = phrase("more.inside_nearer")
            return reading(moment, Side.UNSURE, value, low, high, lacks=lacks, missing=Missing.NO_SPEED)
        return reading(moment, Side.UNSURE, value, low, high, missing=Missing.ERROR_TOO_LARGE)
