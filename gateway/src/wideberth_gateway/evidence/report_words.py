"""The words of the report, English and Korean side by side, so that neither says more than the other."""

from collections.abc import Mapping
from types import MappingProxyType

from wideberth_gateway.wording.language import Language

_WORDS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "title": ("Candidate violation: evidence report", "위반 후보 증거 보고서"),
        "candidate": (
            "This is a candidate, found by software in drone video. It becomes a finding only when two persons have "
            "checked it and signed on the last page.",
            "이 보고서는 드론 영상에서 소프트웨어가 찾아낸 위반 ‘후보’입니다. "
            "두 사람이 확인하고 마지막 쪽에 서명하여야 확정됩니다.",
        ),
        "advisory": (
            "Warning only: a violation on one reading of the law.",
            "주의 단계: 법령의 한 가지 해석에서만 위반입니다.",
        ),
        "in_short": ("In short", "요지"),
        "measured": ("Measured", "측정값"),
        "interval": ("95 % interval", "95 % 구간"),
        "limit": ("Limit", "기준"),
        "held_for": ("Held for", "지속 시간"),
        "frames": ("deciding frames", "판정 프레임"),
        "when": ("When", "일시"),
        "time_unknown": ("time of day not known; time in the clip", "시각 알 수 없음. 영상 내 시각"),
        "local": ("local time, UTC", "현지 시각, UTC"),
        "where": ("Where", "장소"),
        "not_known": ("not known", "알 수 없음"),
        "ellipse": ("95 % ellipse of the vessel's position", "선박 위치의 95 % 타원"),
        "towards": ("long axis towards", "장축 방향"),
        "vessel": ("Vessel", "선박"),
        "track": ("track", "항적"),
        "length": ("length", "길이"),
        "identity": ("Identity", "선박 식별"),
        "probability": ("probability", "확률"),
        "identity_matched": ("by AIS alone; to be confirmed at the port", "AIS에만 근거함. 항구에서 확인할 것"),
        "identity_ambiguous": ("more than one vessel with AIS may be it", "AIS 선박이 둘 이상 해당할 수 있음"),
        "identity_none": ("no vessel with AIS is it", "해당하는 AIS 선박 없음"),
        "animals": ("Animals", "해양보호생물"),
        "dolphin": (
            "dolphins (small cetaceans); species to be confirmed",
            "돌고래(소형 고래류). 종은 사람이 확인할 것",
        ),
        "unsure": ("whose looks did not settle that they are animals", "외형만으로 동물인지 불확실한 항적"),
        "rule": ("Rule", "적용 규정"),
        "evidence_P": ("number verified in the primary text", "1차 자료로 확인된 수치"),
        "evidence_S": ("number from a secondary source: check the text", "2차 자료의 수치. 원문 확인 필요"),
        "evidence_M": ("number from memory", "확인되지 않은 수치"),
        "evidence_P+S": ("numbers from primary and secondary sources", "1차·2차 자료의 수치"),
        "closest": ("Closest approach", "최근접"),
        "at": ("at", "시점"),
        "in_clip": ("s in the clip", "초(영상 내)"),
        "stays": ("Time nearer than", "다음 거리 이내 체류 시간"),
        "stay_line": (
            "{seconds} s by the value; surely {surely} s, possibly {possibly} s",
            "추정 {seconds}초, 확실 {surely}초, 최대 {possibly}초",
        ),
        "reason": ("Reason given by the software", "소프트웨어의 판정 근거"),
        "curves": ("Distance and speed", "거리와 속력"),
        "pictures": ("Pictures", "장면"),
        "how_well": ("How well it was measured", "측정의 신뢰성"),
        "grade": ("Telemetry grade", "텔레메트리 등급"),
        "grade_A": ("A: gimbal and height for every frame", "A: 모든 프레임에 짐벌과 고도 있음"),
        "grade_B": ("B: part of what is needed", "B: 일부만 있음"),
        "grade_C": ("C: none", "C: 없음"),
        "calibration": ("Camera calibrated in flight", "비행 중 카메라 보정"),
        "no_calibration": (
            "no clue beside the telemetry; table values and their errors were used",
            "텔레메트리 외의 단서 없음. 제원표 값과 그 오차를 사용",
        ),
        "calibrated": (
            "height {height} ± {height_sigma} m, pitch offset {pitch} ± {pitch_sigma}°, "
            "focal length × {focal} ± {focal_sigma} (one standard error)",
            "고도 {height} ± {height_sigma} m, 피치 보정 {pitch} ± {pitch_sigma}°, "
            "초점거리 × {focal} ± {focal_sigma} (표준오차 1배)",
        ),
        "budget": ("Where the error of the closest distance comes from", "최근접 거리 오차의 구성"),
        "budget_note": (
            "One standard error of the distance each, to first order. "
            "The interval on page 1 is from a Monte Carlo over all of them, with tails.",
            "각 항목은 거리의 표준오차 1배(1차 근사)입니다. "
            "1쪽의 구간은 모든 오차를 함께 넣은 몬테카를로 계산의 결과입니다.",
        ),
        "together": ("together", "합성"),
        "rest": ("not explained to first order", "1차 근사로 설명되지 않는 부분"),
        "source_height": ("camera height", "카메라 고도"),
        "source_pitch": ("camera pitch", "카메라 피치"),
        "source_roll": ("camera roll", "카메라 롤"),
        "source_yaw": ("camera heading", "카메라 방위"),
        "source_focal_length": ("focal length", "초점거리"),
        "source_camera_east": ("camera position, east", "카메라 위치(동)"),
        "source_camera_north": ("camera position, north", "카메라 위치(북)"),
        "source_vessel_own": ("vessel: pixels and waves", "선박: 화소·파도"),
        "source_animal_own": ("animal: pixels and waves", "개체: 화소·파도"),
        "own_conduct": ("The drone itself", "드론 자체의 규정 준수"),
        "no_own_conduct": ("no rule about the drone was judged", "드론에 관한 규정은 판정되지 않음"),
        "violation": ("candidate violation", "위반 후보"),
        "compliant": ("compliant", "준수"),
        "cannot_judge": ("cannot judge", "판정 불가"),
        "warnings": ("Notes of the analysis", "분석 시 주의 사항"),
        "absent": ("What this bag should hold and does not", "이 증거 묶음에 없는 것"),
        "nothing": ("nothing", "없음"),
        "limits": ("What this report does not say", "이 보고서가 말하지 않는 것"),
        "limits_text": (
            "Whether the propeller turned, whether the passage had the purpose of watching, who was at the helm. "
            "Speed is over ground. "
            "Animals under water are not seen: another may have been nearer. "
            "The wording of the law must be checked at its publisher.",
            "추진기가 돌고 있었는지, 관찰·관광 목적이었는지, 조종자가 누구인지는 알 수 없습니다. "
            "속력은 대지 속력입니다. "
            "수면 아래의 개체는 보이지 않으므로 더 가까운 개체가 있었을 수 있습니다. "
            "법령 문구는 공식 원문에서 확인하여야 합니다.",
        ),
        "custody": ("Originals, software, integrity", "원본, 소프트웨어, 무결성"),
        "video": ("Video, SHA-256", "영상 SHA-256"),
        "telemetry": ("Telemetry, SHA-256", "텔레메트리 SHA-256"),
        "pack": ("Rule pack, SHA-256", "규정 파일 SHA-256"),
        "model": ("Model, SHA-256", "모델 SHA-256"),
        "analysis": ("Analysis", "분석 번호"),
        "made_by": ("Made by", "작성 프로그램"),
        "clock": ("Clock", "시각의 근거"),
        "clock_telemetry": (
            "the telemetry's own, not compared with another; set for the analysis: UTC{offset}",
            "텔레메트리의 시계(다른 시계와 비교하지 않음). 분석 설정: UTC{offset}",
        ),
        "clock_none": ("no source of time was given", "시각 정보 없음"),
        "check": (
            "To check this bag: run python3 verify.py in its folder (Python alone is enough), or see "
            "data/HOW-TO-CHECK.md. To repeat the analysis: data/HOW-TO-REPEAT.md.",
            "확인 방법: 증거 묶음 폴더에서 python3 verify.py 를 실행하십시오(파이썬만 있으면 됩니다). "
            "data/HOW-TO-CHECK.md 참조. 분석 재현: data/HOW-TO-REPEAT.md.",
        ),
        "sign": ("To be filled in by hand", "수기 작성란"),
        "sign_operator": ("Filmed by (name, drone serial number, permit)", "촬영자(성명, 기체 번호, 허가)"),
        "sign_species": ("Species confirmed by", "종 확인자"),
        "sign_first": ("First reviewer: confirmed / rejected, name, date", "1차 검토자: 확정 / 기각, 성명, 일자"),
        "sign_second": ("Second reviewer: confirmed / rejected, name, date", "2차 검토자: 확정 / 기각, 성명, 일자"),
        "page": ("page {page} of {pages}", "{page} / {pages} 쪽"),
        "status": ("Status", "상태"),
        "status_candidate": ("candidate", "후보"),
        "status_confirmed": ("confirmed", "확정"),
        "status_rejected": ("rejected", "기각"),
        "status_withdrawn": ("withdrawn", "철회"),
        "kind_vessel": ("vessel", "선박"),
        "kind_jet_ski": ("jet ski", "수상오토바이"),
        "kind_swimmer": ("swimmer", "수영자"),
        "kind_dolphin": ("dolphin", "돌고래"),
        "seconds": ("s", "초"),
        "alert": ("Alert", "경보 번호"),
    }
)


def word(key: str, language: Language) -> str:
    """The word or sentence of that key."""
    english, korean = _WORDS[key]
    return korean if language is Language.KOREAN else english


def every_key() -> tuple[str, ...]:
    """All keys, for the test that no text is missing in either language."""
    return tuple(_WORDS)
