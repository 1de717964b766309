"""How many threads a training step should use on a machine that others share.

Two threads halve a step on two idle cores; with one core taken they wait for each other and a step can take ten times
as long. The pacer tries each count for a few steps now and then and keeps the faster one.
"""

import time
from collections.abc import Callable


class Pacer:
    """Chooses a thread count from measured step times.

    Args:
        set_threads: applies a count.
        choices: thread counts to choose from.
        trial_steps: steps per count in a trial; the first is not timed, it pays for the switch.
        settled_steps: steps between trials.
    """

    def __init__(
        self,
        set_threads: Callable[[int], None],
        choices: tuple[int, ...],
        trial_steps: int = 4,
        settled_steps: int = 50,
    ) -> None:
        self._set = set_threads
        self._choices = choices
        self._trial = trial_steps
        self._round = trial_steps * len(choices) + settled_steps
        self._times_s: dict[int, float] = {}
        self._step = 0
        self._last = time.monotonic()

    def step(self) -> None:
        """Call once before every training step."""
        now = time.monotonic()
        elapsed_s, self._last = now - self._last, now
        slot, place = divmod(self._step % self._round, self._trial)
        previous = (self._step - 1) % self._round
        if self._step and previous < self._trial * len(self._choices) and previous % self._trial > 0:
            tried = self._choices[previous // self._trial]
            self._times_s[tried] = self._times_s.get(tried, 0.0) + elapsed_s
        if slot < len(self._choices):
            if slot == 0 and place == 0:
                self._times_s = {}
            self._set(self._choices[slot])
        elif slot == len(self._choices) and place == 0:
            self._set(min(self._times_s, key=self._times_s.__getitem__))
        self._step += 1
