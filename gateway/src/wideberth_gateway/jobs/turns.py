"""Whose job is next: urgent ones first, then everyone in turn.

Start-time fair queueing (Goyal, Vin and Cheng 1996) with jobs of one size: a job gets the round after the last one of
the same person, but none before the round now being served. Someone who asks for a hundred analyses at once then waits
behind each other person's next one, and nobody saves up turns by staying away.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

ROUNDS = 100_000_000
"""Rounds of one urgency. DBOS's priorities end at 2³¹ - 1, above three times as many."""


class Urgency(IntEnum):
    """What goes before what; the lower number first."""

    URGENT = 0
    NORMAL = 1
    BACKGROUND = 2


@dataclass(frozen=True, slots=True)
class Turn:
    """A place in the order of jobs. `for_whom`: a person, an organisation, or empty."""

    for_whom: str
    urgency: Urgency
    round: int

    @property
    def priority(self) -> int:
        """From 1; the lowest goes first, equal ones by age."""
        return self.urgency * ROUNDS + self.round + 1

    @classmethod
    def at(cls, priority: int, for_whom: str) -> "Turn":
        """The turn of that priority. One from before there were turns counts as the first of its urgency."""
        urgency, place = divmod(max(priority - 1, 0), ROUNDS)
        return cls(for_whom, Urgency(min(urgency, Urgency.BACKGROUND)), place)


def next_turn(for_whom: str, urgency: Urgency, unfinished: Iterable[Turn]) -> Turn:
    """The turn of a job that comes now.

    Args:
        for_whom: who waits for it.
        urgency: of the job.
        unfinished: turns of the jobs that wait or run.
    """
    alike = [turn for turn in unfinished if turn.urgency is urgency]
    served = min((turn.round for turn in alike), default=0)
    own = max((turn.round + 1 for turn in alike if turn.for_whom == for_whom), default=served)
    return Turn(for_whom, urgency, min(max(served, own), ROUNDS - 1))
