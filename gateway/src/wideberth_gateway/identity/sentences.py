r"""AIVDM and AIVDO sentences with the time they were received: a tag block `\c:…\`, or an ISO time before the sentence.

A position report also tells the second of its fix (ITU-R M.1371): with the time of receipt that gives the time of the
fix, late or not, as long as it came within `LATEST_S`.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from pyais.exceptions import AISBaseException
from pyais.messages import AISSentence, NMEASentenceFactory

from wideberth_gateway.identity.reports import KNOT_MPS, Ledger, ShipParticulars, ShipReport

DYNAMIC = frozenset({1, 2, 3, 9, 18, 19})
STATIC = frozenset({5, 19, 24})
EARLIEST_S, LATEST_S = -2.0, 50.0
"""A fix is at most so old when it is received; a receiver's clock is at most so slow."""

BACKWARDS_S = 15.0
"""Reports of one receiver are out of order by less."""

NO_TIME = "no time of receipt"
_ISO = re.compile(
    rb"^\s*\[?(?P<time>\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?)\s*"
    rb"(?P<zone>Z|UTC|[+-]\d\d:?\d\d)?\]?[\s,;]+(?=[\\!$])"
)
_EPOCH = re.compile(rb"^\s*(?P<epoch>\d{10}(?:\.\d+)?|\d{13})[\s,;]+(?=[\\!$])")
Message = ShipReport | ShipParticulars


class SentenceReader:
    """Sentences in, reports out; keeps the parts of messages that come in several sentences.

    Args:
        source: names the receiver where no tag block does.
        ledger: counts what is set aside.
        utc_offset_h: of ISO times without a zone; None: they are refused.
        start_epoch_s: when a recording without times began; the seconds of the fixes then carry the clock on, as long
            as no minute passes without a report.
    """

    def __init__(
        self, source: str, ledger: Ledger, utc_offset_h: float | None = None, start_epoch_s: float | None = None
    ) -> None:
        self._source = source
        self._ledger = ledger
        self._utc_offset_h = utc_offset_h
        self._clock_s = start_epoch_s
        self._parts: dict[tuple[int | None, str], dict[int, tuple[AISSentence, float | None, str]]] = {}

    def read(self, number: int, line: bytes, received_epoch_s: float | None = None) -> tuple[Message, ...]:
        """What a line tells; nothing for a part of a message, a bad line or one of no use (both counted).

        Args:
            number: of the line, from 1.
            line: without its end.
            received_epoch_s: stands where the line tells no time.
        """
        self._ledger.lines += 1
        try:
            rest, told_s = self._leading_time(line)
            if not rest.strip():
                self._ledger.other["empty"] += 1
                return ()
            sentence = NMEASentenceFactory.produce(rest.strip())
            if isinstance(sentence, AISSentence):
                tagged_s, station = _tag(_checked(sentence))
                when = next((t for t in (tagged_s, told_s, received_epoch_s) if t is not None), None)
                return self._take(sentence, when, station or self._source)
            self._ledger.other["no AIS sentence"] += 1
        except AISBaseException as error:
            self._ledger.refuse(number, f"no sentence that can be decoded ({type(error).__name__})")
        except (ValueError, IndexError, KeyError, TypeError, OverflowError) as error:
            self._ledger.refuse(number, str(error)[:80] or type(error).__name__)
        return ()

    def unfinished(self) -> int:
        """Parts of messages whose other parts never came."""
        return sum(len(parts) for parts in self._parts.values())

    def _leading_time(self, line: bytes) -> tuple[bytes, float | None]:
        if found := _EPOCH.match(line):
            digits = found["epoch"]
            return line[found.end() :], float(digits) / (1000 if len(digits) == 13 else 1)
        found = _ISO.match(line)
        if found is None:
            return line, None
        zone = (found["zone"] or b"").decode()
        moment = datetime.fromisoformat(found["time"].decode().replace(" ", "T"))
        if zone in ("Z", "UTC"):
            epoch_s = moment.replace(tzinfo=UTC).timestamp()
        elif zone:
            epoch_s = datetime.fromisoformat(moment.isoformat() + zone).timestamp()
        elif self._utc_offset_h is None:
            raise ValueError("a time without a zone")
        else:
            epoch_s = moment.replace(tzinfo=UTC).timestamp() - 3600 * self._utc_offset_h
        return line[found.end() :], epoch_s

    def _take(self, sentence: AISSentence, when: float | None, source: str) -> tuple[Message, ...]:
        if sentence.is_single:
            return self._understand(sentence, when, source)
        slot = (sentence.seq_id, sentence.channel)
        parts = self._parts.setdefault(slot, {})
        if sentence.frag_num == 1 or any(part.frag_cnt != sentence.frag_cnt for part, _, _ in parts.values()):
            self._ledger.other["parts of messages never completed"] += len(parts)
            parts.clear()
        parts[sentence.frag_num] = (sentence, when, source)
        if len(parts) < sentence.frag_cnt:
            self._ledger.other["parts of longer messages"] += 1
            return ()
        del self._parts[slot]
        ordered = [parts[number] for number in sorted(parts)]
        first = next(((t, name) for _, t, name in ordered if t is not None), (None, source))
        return self._understand(AISSentence.assemble_from_iterable([part for part, _, _ in ordered]), *first)

    def _understand(self, sentence: AISSentence, when: float | None, source: str) -> tuple[Message, ...]:
        if sentence.ais_id not in DYNAMIC | STATIC:
            self._ledger.other[f"message {sentence.ais_id}"] += 1
            return ()
        fields = sentence.decode().asdict(enum_as_int=True)
        found: list[Message] = []
        if sentence.ais_id in STATIC:
            found.append(particulars_of(fields))
        if sentence.ais_id in DYNAMIC:
            if when is None:
                when = self._carried_on(fields.get("second"))
            found.append(_report(fields, when, source))
        return tuple(found)

    def _carried_on(self, second: object) -> float:
        if self._clock_s is None:
            raise ValueError(NO_TIME)
        if isinstance(second, int) and 0 <= second < 60:
            step_s = (second - self._clock_s + BACKWARDS_S) % 60 - BACKWARDS_S
            self._clock_s += max(step_s, 0.0)
            return self._clock_s + min(step_s, 0.0)
        return self._clock_s


def particulars_of(fields: Mapping[str, object]) -> ShipParticulars:
    """Static fields of a message, by pyais's names."""
    sides = [_number(fields.get(name)) for name in ("to_bow", "to_stern", "to_port", "to_starboard")]
    said = sides[0] is not None and sides[1] is not None and sides[0] + sides[1] > 0
    name = str(fields.get("shipname") or "").replace("@", " ").strip()
    bow, stern, port, starboard = sides if said else [None] * 4
    return ShipParticulars(int(str(fields["mmsi"])), name or None, bow, stern, port, starboard)


def _report(fields: Mapping[str, object], when: float, source: str) -> ShipReport:
    latitude, longitude = _number(fields.get("lat")), _number(fields.get("lon"))
    if latitude is None or longitude is None or abs(latitude) > 90 or abs(longitude) > 180:
        raise ValueError("no position")
    speed, course, heading = (_number(fields.get(name)) for name in ("speed", "course", "heading"))
    fix_s = fix_time(when, fields.get("second"))
    return ShipReport(
        mmsi=int(str(fields["mmsi"])), source=source, epoch_s=when if fix_s is None else fix_s,
        latitude=latitude, longitude=longitude,
        speed_mps=speed * KNOT_MPS if speed is not None and speed < 102.25 else None,
        course_deg=course if course is not None and course < 360 else None,
        heading_deg=heading if heading is not None and heading < 360 else None,
        clocked=fix_s is not None,
    )  # fmt: skip


def fix_time(received_epoch_s: float, second: object) -> float | None:
    """When the fix was made: the last time before receipt with that second of the minute.

    None where the second is not told (60 and above) or too long before receipt to be believed.
    """
    if not isinstance(second, int) or not 0 <= second < 60:
        return None
    age_s = (received_epoch_s - EARLIEST_S - second) % 60 + EARLIEST_S
    return received_epoch_s - age_s if age_s <= LATEST_S else None


def read_sentences(
    lines: Iterable[bytes], source: str, ledger: Ledger, utc_offset_h: float | None, start_epoch_s: float | None
) -> tuple[Message, ...]:
    """All messages of a file, in its order."""
    reader = SentenceReader(source, ledger, utc_offset_h, start_epoch_s)
    found = [message for number, line in enumerate(lines, start=1) for message in reader.read(number, line)]
    if left := reader.unfinished():
        ledger.other["parts of messages never completed"] += left
    return tuple(found)


def _checked(sentence: AISSentence) -> AISSentence:
    if not sentence.is_valid:
        raise ValueError("checksum")
    return sentence


def _tag(sentence: AISSentence) -> tuple[float | None, str | None]:
    block = sentence.tag_block
    if block is None:
        return None, None
    block.init()
    if not block.is_valid:
        raise ValueError("checksum of the tag block")
    stamp = block.receiver_timestamp
    epoch_s = None if stamp is None else float(stamp)
    if epoch_s is not None and epoch_s > 1e11:  # some receivers write milliseconds
        epoch_s /= 1000
    return epoch_s, block.source_station


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None
