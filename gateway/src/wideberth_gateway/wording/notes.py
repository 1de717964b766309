"""What was assumed or could not be checked, exceptions, what is missing in one word, and why software took it back."""

from collections.abc import Mapping
from types import MappingProxyType

NOTES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "note.species_assumed": (
            "nobody said what animals these are: taken for {species}, as the pack is about",
            "어떤 동물인지 아무도 말하지 않음. 규정 파일의 대상인 ‘{species}’로 봄",
        ),
        "note.not_about": ("the pack is not about {species}", "이 규정 파일의 대상에 ‘{species}’가 없음"),
        "note.no_day": (
            "since when this law holds is not in the pack: {absent}",
            "이 법령의 시행일이 규정 파일에 없음: {absent}",
        ),
        "note.day_unknown": (
            "the clip's day is not known: that the law was in force then is not checked",
            "영상의 날짜를 알 수 없어, 그때 법령이 시행 중이었는지 확인하지 않음",
        ),
        "note.area_unchecked": (
            "whether this is {area} is not checked: {absent}",
            "이곳이 ‘{area}’인지 확인하지 않음: {absent}",
        ),
        "force.not_yet": (
            "the law held from {day}, and this was on {was} (UTC)",
            "법령은 {day}부터 시행되었고, 이 일은 {was}(UTC)에 있었음",
        ),
        "force.no_longer": (
            "the law held until {day}, and this was on {was} (UTC)",
            "법령은 {day}까지 시행되었고, 이 일은 {was}(UTC)에 있었음",
        ),
        "force.outside": ("{metres:.0f} m outside {area}", "‘{area}’에서 {metres:.0f} m 밖"),
        "force.no_place": (
            "the rule holds in {area} alone, and where this was is not known",
            "이 규칙은 ‘{area}’에서만 적용되며, 이 일이 있은 위치를 알 수 없음",
        ),
        "force.edge": (
            "the edge of {area} is {metres:.0f} m off, nearer than the error of {error_m:.0f} m",
            "‘{area}’의 경계가 {metres:.0f} m 떨어져 있어 오차 {error_m:.0f} m보다 가까움",
        ),
        "exception.animal_approached": ("animal_approached", "동물이 다가옴"),
        "exception.research_permit": ("research_permit", "연구 허가"),
        "exception.safety": ("safety", "안전"),
        "exception.not_named": (
            "no text seen of this law names such an exception for this rule: recorded, and without effect",
            "확인한 법령 문구에 이 규칙의 그런 예외가 없음. 기록만 하고 효력은 없음",
        ),
        "exception.named": ("{says} ({source}, evidence {evidence})", "{says}({source}, 근거 수준 {evidence})"),
        "species.dolphin": ("dolphin", "돌고래"),
        "species.spinner_dolphin": ("spinner_dolphin", "스피너돌고래"),
        "species.killer_whale": ("killer_whale", "범고래"),
        "species.southern_resident_killer_whale": ("southern_resident_killer_whale", "남부 정주형 범고래"),
        "species.whale": ("whale", "고래"),
        "species.humpback_whale": ("humpback_whale", "혹등고래"),
        "species.right_whale": ("right_whale", "참고래"),
        "missing.no_scale": ("no scale", "축척 없음"),
        "missing.error_too_large": ("error too large", "오차가 너무 큼"),
        "missing.edge_of_band": ("at the edge of the band", "적용 거리의 경계"),
        "missing.animal_under_water": ("animal under water", "개체가 물속에 있음"),
        "missing.no_speed": ("no speed", "속력 없음"),
        "missing.no_direction": ("no direction", "진행 방향 없음"),
        "missing.no_position": ("no position", "위치 없음"),
        "missing.no_outline": ("no outline of the group", "무리 외곽 없음"),
        "missing.not_seen_before": ("what went before was not seen", "앞서 있던 일이 보이지 않음"),
        "missing.part_of_stay": ("only part of the stay", "체류의 일부만 보임"),
        "missing.too_short": ("too short", "너무 짧음"),
        "missing.too_few_frames": ("too few frames", "프레임이 너무 적음"),
        "missing.time_of_day": ("time of day not known", "시각을 알 수 없음"),
        "missing.a_person": ("a person must say", "사람이 확인해야 함"),
        "missing.not_in_force": ("not in force there or then", "그때 또는 그곳에 시행되지 않음"),
        "missing.not_looked_at": ("part of it was not looked at", "일부 구간을 살펴보지 못함"),
        "note.not_looked_at": (
            "{start_s:g} s to {stop_s:g} s were not looked at, and what happened in them is not known: {why}",
            "{start_s:g}초~{stop_s:g}초 구간은 살펴보지 못해 그 사이의 일을 알 수 없음: {why}",
        ),
        "withdrawn.later": (
            "what was seen later in the same video no longer supports it",
            "같은 영상에서 나중에 보인 내용이 더는 뒷받침하지 않음",
        ),
    }
)
