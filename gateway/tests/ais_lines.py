"""AIS to read: sentences as pyais encodes them, and tag blocks."""

from pyais.encode import encode_msg
from pyais.messages import MessageType1, MessageType5, MessageType18

EPOCH_S = 1_781_398_800.0  # 2026-06-14T01:00:00Z


def class_b(
    mmsi: int, latitude: float, longitude: float, second: int = 60, knots: float = 5.0, course: float = 90.0
) -> str:
    message = MessageType18.create(
        mmsi=mmsi, lat=latitude, lon=longitude, speed=knots, course=course, heading=511, second=second
    )
    return encode_msg(message, sentence_type="VDM")[0]


def class_a(mmsi: int, latitude: float, longitude: float, second: int, heading: int = 511) -> str:
    message = MessageType1.create(
        mmsi=mmsi, lat=latitude, lon=longitude, speed=5.0, course=90.0, heading=heading, second=second
    )
    return encode_msg(message, sentence_type="VDM")[0]


def static(mmsi: int, name: str, bow: int, stern: int, port: int = 2, starboard: int = 2) -> list[str]:
    message = MessageType5.create(
        mmsi=mmsi, shipname=name, to_bow=bow, to_stern=stern, to_port=port, to_starboard=starboard
    )
    return encode_msg(message, sentence_type="VDM")


def tagged(sentence: str, epoch_s: float, station: str | None = None) -> str:
    fields = f"c:{int(epoch_s)}" + (f",s:{station}" if station else "")
    check = 0
    for byte in fields.encode():
        check ^= byte
    return f"\\{fields}*{check:02X}\\{sentence}"
