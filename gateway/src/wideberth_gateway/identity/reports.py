"""What AIS says, whatever file or socket it came by, and what could not be read."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

LONGEST_TOLD = 20
"""Bad lines that are told one by one; the rest are counted."""

KNOT_MPS = 1852 / 3600


@dataclass(frozen=True, slots=True)
class ShipReport:
    """One dynamic report.

    Attributes:
        source: the receiver or the file: what shares one clock.
        epoch_s: seconds since 1970, UTC, by the receiver's clock or, where `clocked`, of the fix itself.
        clocked: the report told the second of its fix, so a late clock does not matter.
        speed_mps, course_deg: over ground; heading_deg: of the bow, true. None where not said.
    """

    mmsi: int
    source: str
    epoch_s: float
    latitude: float
    longitude: float
    speed_mps: float | None = None
    course_deg: float | None = None
    heading_deg: float | None = None
    clocked: bool = False


@dataclass(frozen=True, slots=True)
class ShipParticulars:
    """What a ship says of itself.

    Attributes:
        to_bow_m, to_stern_m, to_port_m, to_starboard_m: from the antenna (A, B, C, D). All None where not said; A = 0
            and C = 0 with B and D given mean that only length and beam are said, not the antenna's place.
    """

    mmsi: int
    name: str | None = None
    to_bow_m: float | None = None
    to_stern_m: float | None = None
    to_port_m: float | None = None
    to_starboard_m: float | None = None

    def length_m(self) -> float | None:
        """A + B; None where not said."""
        if self.to_bow_m is None or self.to_stern_m is None:
            return None
        return (self.to_bow_m + self.to_stern_m) or None

    def antenna_is_told(self) -> bool:
        """Whether the antenna's place in the hull was said."""
        return self.length_m() is not None and bool(self.to_bow_m)

    def filled_from(self, older: "ShipParticulars | None") -> "ShipParticulars":
        """This, with what it does not say taken from an older one."""
        if older is None:
            return self
        sized = self if self.length_m() is not None else older
        return ShipParticulars(
            self.mmsi, self.name or older.name,
            sized.to_bow_m, sized.to_stern_m, sized.to_port_m, sized.to_starboard_m,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that was set aside: its number from 1, and why."""

    line: int
    reason: str


@dataclass(slots=True)
class Ledger:
    """Counts while reading: in = reports + particulars + other + bad, by lines or messages."""

    lines: int = 0
    bad: Counter[str] = field(default_factory=Counter)
    told: list[BadLine] = field(default_factory=list)
    other: Counter[str] = field(default_factory=Counter)

    def refuse(self, line: int, reason: str) -> None:
        """Count a bad line and keep the first ones by name."""
        self.bad[reason] += 1
        if len(self.told) < LONGEST_TOLD:
            self.told.append(BadLine(line, reason))


@dataclass(frozen=True, slots=True)
class AisLog:
    """A file as understood.

    Attributes:
        lines: read; bad: lines set aside by reason; told: the first of them by number; other: read and of no use here,
            by kind.
    """

    file: str
    form: str
    reports: tuple[ShipReport, ...]
    particulars: tuple[ShipParticulars, ...]
    lines: int
    bad: dict[str, int]
    told: tuple[BadLine, ...]
    other: dict[str, int]


def latest_particulars(given: Iterable[ShipParticulars]) -> dict[int, ShipParticulars]:
    """By MMSI: all that was said, later over earlier."""
    known: dict[int, ShipParticulars] = {}
    for each in given:
        known[each.mmsi] = each.filled_from(known.get(each.mmsi))
    return known
