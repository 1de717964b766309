"""Why a verdict is what it is, and what kept it from being made."""

from collections.abc import Mapping
from types import MappingProxyType

REASONS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "number": (
            "{noun} {value:.{digits}f} {unit} (95 % {low:.{digits}f} to {high:.{digits}f})",
            "{noun} {value:.{digits}f}{unit}(95 % 구간 {low:.{digits}f}~{high:.{digits}f})",
        ),
        "number_unknown": ("{noun} unknown", "{noun} 알 수 없음"),
        "violation": (
            "{number}: wholly {wrong} for {seconds:.1f} s in {frames} frames",
            "{number}: 95 % 구간 전체가 {seconds:.1f}초 동안 {frames}개 프레임에서 ‘{wrong}’에 해당",
        ),
        "violation_noted": (
            "{number}, {note}: wholly {wrong} for {seconds:.1f} s in {frames} frames",
            "{number}, {note}: 95 % 구간 전체가 {seconds:.1f}초 동안 {frames}개 프레임에서 ‘{wrong}’에 해당",
        ),
        "compliant": (
            "{number} at the tightest: wholly {right} in all {frames} frames that show it",
            "가장 불리한 때 {number}: 보이는 {frames}개 프레임 모두에서 전체가 ‘{right}’에 해당",
        ),
        "compliant_noted": (
            "{number} at the tightest: wholly {right} ({note}) in all {frames} frames that show it",
            "가장 불리한 때 {number}: 보이는 {frames}개 프레임 모두에서 전체가 ‘{right}’에 해당({note})",
        ),
        "compliant_unmeasured": (
            "wholly {right} in all {frames} frames that show it",
            "보이는 {frames}개 프레임 모두에서 전체가 ‘{right}’에 해당",
        ),
        "compliant_unmeasured_noted": (
            "wholly {right} ({note}) in all {frames} frames that show it",
            "보이는 {frames}개 프레임 모두에서 전체가 ‘{right}’에 해당({note})",
        ),
        "too_few_frames": (
            "seen in {frames} frames only; {needed} are needed to call it {right}",
            "{frames}개 프레임에서만 보임. ‘{right}’ 판정에는 {needed}개가 필요함",
        ),
        "too_short": (
            "{number}: wholly {wrong} for only {seconds:.1f} s in {frames} frames; "
            "{needed_s:g} s in {needed} frames without a break are needed",
            "{number}: ‘{wrong}’에 전체가 해당한 것은 {seconds:.1f}초, {frames}개 프레임뿐임. "
            "끊김 없이 {needed_s:g}초, {needed}개 프레임이 필요함",
        ),
        "edge_of_band": (
            "{number}, but the separation's interval crosses the edge of the band",
            "{number}. 다만 이격 거리의 구간이 적용 거리의 경계에 걸침",
        ),
        "unsure_error": (
            "{number} crosses the limit of {limit:g} {unit} in {unsure} of {seen} frames; "
            "the error of ± {error:.{digits}f} {unit} is too large to tell {wrong} from {right}",
            "{seen}개 프레임 중 {unsure}개에서 {number}의 구간이 기준 {limit:g}{unit}에 걸침. "
            "오차 ±{error:.{digits}f}{unit}가 커서 ‘{wrong}’와 ‘{right}’를 가릴 수 없음",
        ),
        "unsure_lacks": (
            "{number}; {lacks} in {unsure} of {seen} frames",
            "{number}. {seen}개 프레임 중 {unsure}개에서 {lacks}",
        ),
        "unsure_more": (
            "{number} {lacks} in {unsure} of {seen} frames",
            "{number}. {seen}개 프레임 중 {unsure}개에서 {lacks}",
        ),
        "excepted": (
            "excepted ({kind}: {says}; stated by {by}); without it a violation: {reason}",
            "예외 인정({kind}: {says}, 진술자 {by}). 예외가 없으면 위반: {reason}",
        ),
        "not_looked_at": (
            "{start_s:g} s to {stop_s:g} s were not looked at, so the whole cannot be judged; what was seen: {reason}",
            "{start_s:g}초~{stop_s:g}초 구간을 살펴보지 못해 전체를 판정할 수 없음. 본 것의 판정: {reason}",
        ),
        "not_in_force": ("{why}; else: {reason}", "{why}. 그 밖의 판정: {reason}"),
        "lacks.no_scale": (
            "telemetry grade C: nothing gives the scale, so there are no metres; add telemetry or a known height",
            "텔레메트리 등급 C: 축척을 알 근거가 없어 미터로 잴 수 없음. 텔레메트리나 알려진 고도를 넣을 것",
        ),
        "lacks.unseen": (
            "no frame shows the craft and an animal at once: the animals were under water too long, the craft was not "
            "seen, or what was taken for an animal was seen too seldom to be one; an unseen animal proves nothing",
            "선박과 개체가 함께 보인 프레임이 없음. 개체가 너무 오래 물속에 있었거나, 선박이 보이지 않았거나, "
            "개체로 본 것이 너무 드물게 보임. 보이지 않는 개체는 아무것도 증명하지 않음",
        ),
        "lacks.speed": (
            "no speed: the craft was not followed long enough",
            "속력을 알 수 없음(선박이 충분히 오래 추적되지 않음)",
        ),
        "lacks.animal_speed": (
            "no animal was followed long enough to have a speed",
            "속력을 알 만큼 오래 추적된 개체가 없음",
        ),
        "lacks.course": ("the craft has no sure course", "선박의 침로가 확실하지 않음"),
        "lacks.milling": (
            "direction undefined: the animals hardly move, or go different ways",
            "진행 방향을 정할 수 없음(개체가 거의 움직이지 않거나 서로 다른 쪽으로 감)",
        ),
        "lacks.followed": (
            "direction undefined: the animals were followed for less than {least_s:g} s",
            "진행 방향을 정할 수 없음(개체가 추적된 시간이 {least_s:g}초 미만)",
        ),
        "lacks.animal_place": (
            "no animal of the group has a known place at that moment",
            "그때 위치를 아는 개체가 무리에 없음",
        ),
        "lacks.craft_place": (
            "the craft has no known place at that moment",
            "그때 선박의 위치를 알 수 없음",
        ),
        "lacks.places": (
            "the craft or the animals have no known place",
            "선박이나 개체의 위치를 알 수 없음",
        ),
        "lacks.coordinates": (
            "the craft's latitude and longitude are not known",
            "선박의 위도와 경도를 알 수 없음",
        ),
        "lacks.frame_place": (
            "no animal in the frame has a place on the sea",
            "프레임의 개체 가운데 해수면 위치를 아는 것이 없음",
        ),
        "lacks.outline": (
            "the group had no outline of its own: fewer than three animals were known, or another group was near",
            "무리의 외곽을 그릴 수 없음(알려진 개체가 셋 미만이거나 다른 무리가 가까이 있음)",
        ),
        "lacks.time_of_day": ("the clip's time of day is not known", "영상의 시각을 알 수 없음"),
        "lacks.first_unseen": ("who came first was not seen", "누가 먼저 왔는지 보이지 않음"),
        "lacks.ahead_from_first": (
            "ahead of the animals from the first; how it came there was not seen",
            "처음부터 개체 앞에 있어, 어떻게 그 자리에 왔는지 보이지 않음",
        ),
        "lacks.class": ("whether the craft is {what} needs a person", "선박이 ‘{what}’인지는 사람이 확인해야 함"),
        "lacks.state": (
            "whether there is a {what} animal needs a person",
            "‘{what}’ 개체가 있는지는 사람이 확인해야 함",
        ),
        "more.shrinks": (
            "and whether the distance shrinks is within its error",
            "거리가 줄어드는지가 오차 범위 안에 있음",
        ),
        "more.ahead": (
            "and it is not sure whether the craft is ahead of the animals",
            "선박이 개체의 앞에 있는지 확실하지 않음",
        ),
        "more.behind": (
            "and it is not sure whether the craft is behind the animals",
            "선박이 개체의 뒤에 있는지 확실하지 않음",
        ),
        "more.another": ("and another craft may be near", "다른 선박이 가까이 있을 수 있음"),
        "more.side": (
            "and it is not sure on which side of the animals' heading the craft is",
            "선박이 개체 진행 방향의 어느 쪽에 있는지 확실하지 않음",
        ),
        "more.crossed": (
            "and whether the craft crossed ahead of all animals is not sure",
            "선박이 모든 개체의 앞을 가로질렀는지 확실하지 않음",
        ),
        "more.inside_no_speed": (
            "is inside, but no speed: the craft was not followed long enough",
            "안에 있으나 속력을 알 수 없음(선박이 충분히 오래 추적되지 않음)",
        ),
        "more.inside_still": ("is inside, but may lie still", "안에 있으나 멈춰 있을 수 있음"),
        "more.inside_nearer": (
            "is inside, but whether the craft steers nearer is not told",
            "안에 있으나 선박이 다가가는 중인지 알 수 없음",
        ),
        "more.drift_wake": (
            "is as slow as drift (to {drift:g} kn), but with wake",
            "표류할 때만큼 느리나({drift:g} kn 이하) 항적파가 있음",
        ),
        "more.between": (
            "is neither surely drift (to {drift:g} kn) nor surely under way (above {way:g} kn)",
            "표류({drift:g} kn 이하)도 항행({way:g} kn 초과)도 확실하지 않음",
        ),
        "more.queue": (
            "is too long if others wait, and nobody said whether they do",
            "다른 선박이 기다리면 너무 긴 체류이나, 기다리는지 아무도 말하지 않음",
        ),
        "more.part_of_stay": (
            "is allowed, but the clip shows only part of the stay",
            "허용되는 시간이나, 영상에 체류의 일부만 보임",
        ),
        "note.wake": ("with wake", "항적파 있음"),
        "note.drifting": ("drifting with the water", "물과 함께 표류함"),
        "note.still": ("lying still", "멈춰 있음"),
        "note.off_heading": (
            "{angle_deg:.0f} deg off the animals' heading",
            "개체 진행 방향에서 {angle_deg:.0f}° 벗어남",
        ),
        "note.local_time": ("local time {time}", "현지 시각 {time}"),
    }
)
