"""Who a vessel was by AIS, why it is or is not named, and the sentence that alerts say of it."""

from collections.abc import Mapping
from types import MappingProxyType

VESSELS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "identity.matched": (
            "it alone fits the track, by {reports} reports",
            "보고 {reports}건에 따라 이 선박만이 항적에 맞음",
        ),
        "identity.none_fits": ("no vessel with AIS fits the track", "항적에 맞는 AIS 선박이 없음"),
        "identity.none_near": ("no vessel with AIS was near", "가까이에 AIS 선박이 없었음"),
        "identity.unsure": (
            "the likeliest of {likely} has a probability of {told:.3f}, {needed} is needed",
            "후보 {likely}척 중 가장 유력한 선박의 확률이 {told:.3f}이며, {needed} 이상이 필요함",
        ),
        "identity.reports_apart": (
            "its reports are too far apart in time",
            "그 선박의 보고 사이 시간이 너무 멂",
        ),
        "identity.seen_short": (
            "the track was seen for less than {least_s:.0f} s",
            "항적이 보인 시간이 {least_s:.0f}초 미만임",
        ),
        "identity.one_report": ("there is only one report of the vessel", "그 선박의 보고가 하나뿐임"),
        "identity.contradict": (
            "reports under its MMSI contradict one another",
            "같은 MMSI의 보고가 서로 모순됨",
        ),
        "vessel.matched": (
            "Vessel by AIS: {name} (MMSI {mmsi}), probability {percent:.1f} %; to be confirmed at the port.",
            "AIS에 따른 선박: {name}(MMSI {mmsi}), 확률 {percent:.1f} %. 항구에서 확인할 것.",
        ),
        "vessel.no_name": ("name not told", "선박 이름 미상"),
        "vessel.ambiguous": (
            "Vessel not known: AIS is ambiguous ({reason}).",
            "선박 미상: AIS로 하나를 가릴 수 없음({reason}).",
        ),
        "vessel.none": ("Vessel not known: {reason}.", "선박 미상: {reason}."),
        "vessel.not_held": (
            "Vessel not known: not held against AIS.",
            "선박 미상: AIS와 대조하지 않음.",
        ),
    }
)
