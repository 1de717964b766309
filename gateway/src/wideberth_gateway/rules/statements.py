"""What persons said about one craft near one group. None stands for: nobody said."""

from collections.abc import Iterable
from dataclasses import dataclass

from wideberth_contracts.detections import ObjectKind
from wideberth_contracts.known import AnimalState, Known

WAKE_NEAR_S = 0.5
"""A wake seen in a still speaks for the frames so near to it in time."""


@dataclass(frozen=True, slots=True)
class Statements:
    """The statements of an analysis that concern one craft and one group."""

    known: Known
    craft: str
    kind: ObjectKind
    group: str

    def craft_is(self, craft_class: str) -> bool | None:
        """Whether the craft is of a class of a law; a jet ski is seen in the picture, a person's word goes before."""
        said = [
            one.is_one
            for one in self.known.craft_classes
            if one.craft_track == self.craft and one.craft_class == craft_class
        ]
        if said:
            return said[-1]
        return self.kind is ObjectKind.JET_SKI if craft_class == ObjectKind.JET_SKI.value else None

    def any_state(self, states: Iterable[AnimalState]) -> bool | None:
        """Whether the group has one of the states."""
        answers = [self._state(state) for state in states]
        if True in answers:
            return True
        return None if None in answers else False

    def wake_at(self, t_s: float) -> bool | None:
        """Whether a stern wake was seen at a moment."""
        said = [
            one.present
            for one in self.known.wakes
            if one.craft_track == self.craft and one.start_s - WAKE_NEAR_S <= t_s <= one.end_s + WAKE_NEAR_S
        ]
        return said[-1] if said else None

    def _state(self, state: AnimalState) -> bool | None:
        said = [one.present for one in self.known.states if one.state is state and one.group in (None, self.group)]
        return said[-1] if said else None
