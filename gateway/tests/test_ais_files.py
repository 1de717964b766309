"""AIS files read as they are, and refused with the line and the remedy."""

from datetime import UTC, datetime

import pytest
from ais_lines import EPOCH_S, class_a, class_b, static, tagged
from hypothesis import given, settings
from hypothesis import strategies as st

from wideberth_contracts.errors import BadInput
from wideberth_gateway.identity.files import read_ais, understand_ais
from wideberth_gateway.identity.reports import KNOT_MPS, Ledger, latest_particulars
from wideberth_gateway.identity.sentences import SentenceReader, fix_time


def _bytes(*lines: str) -> bytes:
    return "\r\n".join(lines).encode()


def test_a_tag_block_tells_receiver_and_time():
    log = understand_ais("a.nmea", _bytes(tagged(class_b(440_000_401, 33.2, 126.3), EPOCH_S, "jeju")))
    [report] = log.reports
    assert (report.mmsi, report.source, report.epoch_s, report.clocked) == (440_000_401, "jeju", EPOCH_S, False)
    assert report.latitude == pytest.approx(33.2, abs=1e-6)
    assert report.longitude == pytest.approx(126.3, abs=1e-6)
    assert report.speed_mps == pytest.approx(5 * KNOT_MPS)
    assert report.heading_deg is None


@pytest.mark.parametrize(
    ("said", "offset_h"),
    [("2026-06-14T01:00:00Z ", None), ("2026-06-14 10:00:00+0900,", None), ("2026-06-14 10:00:00 ", 9.0),
     ("1781398800.0 ", None), ("1781398800000 ", None), ("[2026-06-14 01:00:00 UTC] ", None)],
)  # fmt: skip
def test_a_time_before_the_sentence(said, offset_h):
    [report] = understand_ais("a", (said + class_b(1, 33.2, 126.3)).encode(), utc_offset_h=offset_h).reports
    assert report.epoch_s == EPOCH_S


def test_the_second_of_the_fix_takes_a_late_clock_out():
    log = understand_ais("a", _bytes(tagged(class_a(2, 33.2, 126.3, second=52), EPOCH_S + 4)))
    assert (log.reports[0].epoch_s, log.reports[0].clocked) == (EPOCH_S - 8, True)


@given(st.floats(0, 45), st.integers(0, 10**9))
def test_a_fix_is_found_again_from_its_second(late_s, fix_s):
    assert fix_time(fix_s + late_s, fix_s % 60) == pytest.approx(fix_s, abs=1e-6)


def test_bare_sentences_are_refused_with_the_remedy_and_read_with_a_start():
    lines = _bytes(*[class_a(3, 33.2, 126.3, second=s) for s in (5, 15, 25, 55, 10)])
    with pytest.raises(BadInput, match=r"bare\.txt, line 1: .*--ais-start"):
        understand_ais("bare.txt", lines)
    read = understand_ais("bare.txt", lines, start_epoch_s=EPOCH_S)
    assert [report.epoch_s - EPOCH_S for report in read.reports] == [5, 15, 25, 55, 70]


def test_times_without_a_zone_are_refused_with_the_remedy():
    with pytest.raises(BadInput, match="--utc-offset-h"):
        understand_ais("a", ("2026-06-14 10:00:00 " + class_b(1, 33.2, 126.3)).encode())


def test_bad_lines_are_counted_and_named():
    good = tagged(class_b(1, 33.2, 126.3), EPOCH_S)
    wrong = good[:-2] + ("00" if good[-2:] != "00" else "01")
    log = understand_ais("a", _bytes(good, "nonsense", wrong, "", class_b(1, 33.2, 126.3), "$GPGGA,1*00", good))
    assert log.lines == 7
    assert len(log.reports) == 2
    assert [bad.line for bad in log.told][:3] == [2, 3, 5]
    assert log.bad["checksum"] == 1
    assert log.bad["no time of receipt"] == 1
    assert len(log.reports) + sum(log.bad.values()) + sum(log.other.values()) == log.lines


def test_static_messages_of_two_sentences():
    first, second = static(440_000_401, "HAENYEO", 12, 6)
    log = understand_ais("a", _bytes(first, second, tagged(class_b(440_000_401, 33.2, 126.3), EPOCH_S)))
    ship = latest_particulars(log.particulars)[440_000_401]
    assert (ship.name, ship.length_m(), ship.antenna_is_told()) == ("HAENYEO", 18.0, True)


def test_a_part_that_never_comes_is_counted():
    first, _ = static(1, "A", 5, 5)
    log = understand_ais("a", _bytes(first, tagged(class_b(1, 33.2, 126.3), EPOCH_S)))
    assert log.other["parts of messages never completed"] == 1


DANISH = "# Timestamp,Type of mobile,MMSI,Latitude,Longitude,SOG,COG,Heading,Name,Width,Length,A,B,C,D\n" \
    "14/06/2026 01:00:00,Class A,440000401,33.2,126.3,5.0,90,91,HAENYEO,4,18,12,6,2,2\n"  # fmt: skip
MARINE_CADASTRE = "MMSI,BaseDateTime,LAT,LON,SOG,COG,Heading,VesselName,Length,Width\n" \
    "440000401,2026-06-14T01:00:00,33.2,126.3,5.0,90,511,HAENYEO,18,4\n"  # fmt: skip
KOREAN = "MMSI,수신일시,위도,경도,속도(kn),침로,선박명\n440000401,2026-06-14 10:00:00,33.2,126.3,5.0,90,해녀호\n"


@pytest.mark.parametrize(
    ("text", "offset_h", "length_m"), [(DANISH, None, 18), (MARINE_CADASTRE, None, 18), (KOREAN, 9.0, None)]
)
def test_exports(text, offset_h, length_m):
    log = understand_ais("x.csv", text.encode(), utc_offset_h=offset_h)
    [report] = log.reports
    assert (report.mmsi, report.epoch_s) == (440_000_401, EPOCH_S)
    assert report.speed_mps == pytest.approx(5 * KNOT_MPS)
    assert log.particulars[0].length_m() == length_m
    assert datetime.fromtimestamp(report.epoch_s, tz=UTC).hour == 1


def test_a_korean_export_may_be_cp949_and_needs_its_clock_told():
    assert understand_ais("k.csv", KOREAN.encode("cp949"), utc_offset_h=9).particulars[0].name == "해녀호"
    with pytest.raises(BadInput, match=r"k\.csv, line 2: .*--utc-offset-h"):
        understand_ais("k.csv", KOREAN.encode())


def test_a_bad_row_is_named_and_the_others_are_read():
    text = MARINE_CADASTRE + "x,2026-06-14T01:00:10,33.2,126.3,,,,,,\n440000401,sometime,33.2,126.3,,,,,,\n" \
        "440000401,2026-06-14T01:00:20,99,126.3,,,,,,\n440000401,2026-06-14T01:00:30,33.2,126.3,,,,,,\n"  # fmt: skip
    log = understand_ais("m.csv", text.encode())
    assert len(log.reports) == 2
    assert [(bad.line, bad.reason) for bad in log.told] == [(3, "no MMSI"), (4, "no time"), (5, "no position")]


@pytest.mark.parametrize("content", [b"", b"a,b\n1,2\n", b"\xff\xfe\x00\x81\x20"])
def test_what_is_no_ais_is_refused(content, tmp_path):
    (tmp_path / "x.txt").write_bytes(content)
    with pytest.raises(BadInput):
        read_ais(tmp_path / "x.txt")


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(BadInput, match="cannot be read"):
        read_ais(tmp_path / "none.txt")


LINES = [
    tagged(class_b(1, 33.2, 126.3), EPOCH_S).encode(),
    static(1, "A", 5, 5)[0].encode(),
    b"!AIVDM,1,1,,A,,0*26",
    b"\\c:x*00\\!AIVDM,9,9,,,,*",
]


@settings(max_examples=200)
@given(st.lists(st.one_of(st.binary(max_size=90), st.sampled_from(LINES)), max_size=8))
def test_any_bytes_are_counted_and_never_crash(lines):
    ledger = Ledger()
    reader = SentenceReader("x", ledger)
    found = [message for number, line in enumerate(lines, start=1) for message in reader.read(number, line)]
    assert ledger.lines == len(lines)
    assert len(found) + sum(ledger.bad.values()) + sum(ledger.other.values()) >= len(lines) - reader.unfinished()


@given(st.text(max_size=200))
def test_any_row_of_an_export_is_read_or_counted(row):
    text = MARINE_CADASTRE + row.replace("\n", " ") + "\n"
    log = understand_ais("m.csv", text.encode("utf-8", "ignore"), utc_offset_h=0)
    assert len(log.reports) >= 1
    assert len(log.reports) + sum(log.bad.values()) + sum(log.other.values()) == log.lines
