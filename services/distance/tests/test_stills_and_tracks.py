"""XMP of stills, and GPX."""

import cv2
import numpy as np
import pytest

from wideberth_contracts.errors import UnreadableTelemetry
from wideberth_contracts.poses import TelemetryRecord
from wideberth_distance.core.telemetry import read_telemetry

XMP = """<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="DJI Meta Data" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmlns:drone-dji="http://www.dji.com/drone-dji/1.0/" xmp:CreateDate="2026-06-14T10:12:03"
 drone-dji:AbsoluteAltitude="+71.40" drone-dji:RelativeAltitude="+60.10" drone-dji:GimbalRollDegree="+0.00"
 drone-dji:GimbalYawDegree="-12.50" drone-dji:GimbalPitchDegree="-30.10" drone-dji:FlightPitchDegree="+5.00"
 drone-dji:GpsLatitude="-33.200000" drone-dji:GpsLongtitude="+126.500000" drone-dji:CalibratedFocalLength="2665.000000"
 drone-dji:RtkFlag="50"/></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>"""
GPX = """<?xml version="1.0" encoding="UTF-8"?>
<gpx version="1.1" creator="receiver" xmlns="http://www.topografix.com/GPX/1/1"><trk><trkseg>
<trkpt lat="-33.2" lon="126.5"><ele>3.5</ele><time>2026-06-14T01:12:03Z</time></trkpt>
<trkpt lat="-33.3" lon="126.6"><ele>n/a</ele><time>2026-06-14T01:12:05.5Z</time></trkpt>
</trkseg></trk></gpx>
"""


def still(xmp: str, width_px: int = 3840, height_px: int = 2880) -> bytes:
    """A JPEG with a segment of XMP after its first marker, as cameras write it."""
    data = cv2.imencode(".jpg", np.zeros((height_px // 16, width_px // 16, 3), np.uint8))[1].tobytes()
    # The header's size is what is read: make it that of the full picture.
    at = data.index(b"\xff\xc0")
    sizes = height_px.to_bytes(2, "big") + width_px.to_bytes(2, "big")
    data = data[: at + 5] + sizes + data[at + 9 :]
    body = b"http://ns.adobe.com/xap/1.0/\x00" + xmp.encode()
    return data[:2] + b"\xff\xe1" + (len(body) + 2).to_bytes(2, "big") + body + data[2:]


def read(content: bytes, name: str = "DJI_0001.JPG") -> TelemetryRecord:
    return read_telemetry(name, content, 9.0)


def test_a_still_is_one_row() -> None:
    record = read(still(XMP))
    assert (record.dialect, record.grade.value, record.warnings) == ("xmp", "A", ())
    found = record.points[0].model_dump(exclude_none=True)
    assert str(found.pop("captured_at")) == "2026-06-14 01:12:03+00:00"
    assert found == pytest.approx(
        {"t_s": 0.0, "latitude": -33.2, "longitude": 126.5, "height_above_takeoff_m": 60.1, "absolute_height_m": 71.4,
         "pitch_deg": -30.1, "roll_deg": 0.0, "yaw_deg": -12.5, "focal_length_mm": 24.0}
    )  # fmt: skip


def test_the_other_spelling_elements_and_a_sidecar_read_the_same() -> None:
    spelt = XMP.replace("GpsLatitude", "GPSLatitude").replace("GpsLongtitude", "GPSLongtitude")
    assert read(still(spelt)).points == read(still(XMP)).points
    height = ' drone-dji:RelativeAltitude="+60.10"'
    elements = XMP.replace(height, "").replace(
        'RtkFlag="50"/>',
        'RtkFlag="50"><drone-dji:RelativeAltitude>+60.10</drone-dji:RelativeAltitude></rdf:Description>',
    )
    assert read(still(elements)).points == read(still(XMP)).points
    sidecar = read(XMP.encode(), "DJI_0001.xmp")
    assert sidecar.points[0].height_above_takeoff_m == 60.1
    assert sidecar.points[0].focal_length_mm is None
    assert any("width is not known" in w for w in sidecar.warnings)


@pytest.mark.parametrize(
    ("old", "new", "field", "words"),
    [
        ('Latitude="-33.200000"', 'Latitude="0"', None, None),
        ('Altitude="+60.10"', 'Altitude="6O.10"', "height_above_takeoff_m", "relativealtitude is no number"),
        ('PitchDegree="-30.10"', 'PitchDegree=""', "pitch_deg", None),
        ('RtkFlag="50"', 'RtkFlag="16"', None, "RtkFlag 16"),
    ],
)
def test_what_a_tag_does_not_say_is_absent(old: str, new: str, field: str | None, words: str | None) -> None:
    record = read(still(XMP.replace(old, new)))
    if field:
        assert getattr(record.points[0], field) is None
    if words:
        assert any(words in w for w in record.warnings)
    else:
        assert record.warnings == ()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        pytest.param(still("nothing"), "without XMP", id="no XMP"),
        pytest.param(still(XMP.replace("drone-dji", "other")), "without DJI's tags", id="another maker"),
        pytest.param(still(XMP.replace("<rdf:RDF", "<rdf:RD")), "XML that is broken", id="broken"),
        pytest.param(b"\xff\xd8\xff", "without XMP", id="cut off"),
        pytest.param(
            GPX.replace("<gpx", '<!DOCTYPE a [<!ENTITY b "c">]><gpx').encode(), "document type", id="entities"
        ),
        pytest.param(GPX.replace("time>", "when>").encode(), "without times", id="no times"),
        pytest.param(GPX.replace("trkpt", "wpt").encode(), "no telemetry in it", id="no track"),
        pytest.param(GPX[:-30].encode(), "XML that is broken", id="GPX cut off"),
    ],
)
def test_what_cannot_be_read_is_refused(content: bytes, words: str) -> None:
    with pytest.raises(UnreadableTelemetry, match=words):
        read(content, "x")


def test_gpx_says_where_and_when_and_is_of_grade_c() -> None:
    record = read(GPX.encode(), "boat.gpx")
    assert (record.dialect, record.grade.value, [p.t_s for p in record.points]) == ("gpx", "C", [0.0, 2.5])
    first, second = record.points
    assert (first.latitude, first.longitude, first.absolute_height_m) == (-33.2, 126.5, 3.5)
    assert first.height_above_takeoff_m is None
    assert second.absolute_height_m is None
    assert str(first.captured_at) == "2026-06-14 01:12:03+00:00"
    assert any("no height above take-off and no gimbal" in w for w in record.warnings)
