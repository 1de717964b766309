"""What is wrong with a request and what to do, in Korean: by the error's phrase or words, else by its kind."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from wideberth_contracts.errors import WideberthError
from wideberth_gateway.wording.recognising import Written, recognised
from wideberth_gateway.wording.saying import korean

KINDS: Mapping[str, str] = MappingProxyType(
    {
        "error": "문제가 생겼습니다",
        "bad-input": "보낸 내용을 이대로 쓸 수 없습니다",
        "unreadable-video": "영상을 읽을 수 없습니다. 녹화가 온전히 복사되었는지 확인하십시오",
        "unreadable-telemetry": "비행 기록을 읽을 수 없습니다. 드론이 남긴 파일 그대로인지 확인하십시오",
        "unreadable-image": "사진을 읽을 수 없습니다",
        "bad-scene": "모의 장면을 쓸 수 없습니다",
        "bad-rule-pack": "규칙 묶음을 쓸 수 없습니다",
        "too-large": "너무 큽니다",
        "not-signed-in": "로그인하거나 열쇠를 주어야 합니다",
        "not-allowed": "이 일을 할 권한이 없습니다",
        "not-found": "찾을 수 없습니다",
        "conflict": "지금 상태에서는 할 수 없습니다",
        "unavailable": "지금은 쓸 수 없습니다. 잠시 뒤에 다시 하십시오",
        "busy": "밀린 일이 많습니다. 잠시 뒤에 다시 하십시오",
        "broke-off": "맡은 부분이 일하다가 멈추었습니다. 다시 해도 같으면 그 구간에 문제가 있는 것입니다",
        "model-unavailable": "모델을 쓸 수 없습니다. 관리자에게 알리십시오",
        "internal": "프로그램의 결함입니다. 서버의 로그에 자세한 내용이 있습니다",
    }
)
"""One sentence for each kind of error, by its code."""

FAULTS: Mapping[str, str] = MappingProxyType(
    {
        "missing": "꼭 있어야 합니다",
        "extra_forbidden": "모르는 항목입니다",
        "greater_than": "{gt}보다 커야 합니다",
        "greater_than_equal": "{ge} 이상이어야 합니다",
        "less_than": "{lt}보다 작아야 합니다",
        "less_than_equal": "{le} 이하여야 합니다",
        "string_too_short": "{min_length}자 이상이어야 합니다",
        "string_too_long": "{max_length}자를 넘을 수 없습니다",
        "too_short": "{min_length}개 이상이어야 합니다",
        "too_long": "{max_length}개를 넘을 수 없습니다",
        "string_pattern_mismatch": "형식이 맞지 않습니다",
        "enum": "정해진 값 가운데 하나여야 합니다",
        "json_invalid": "JSON이 아닙니다",
    }
)
"""What pydantic found, by its type; the names in braces are of its context."""

OTHER_FAULT = "값이 맞지 않습니다"


def in_korean(error: WideberthError, faults: Sequence[Any] = ()) -> str:
    """The error for people who read Korean.

    By its phrase; else by its English words; where only its kind is known in Korean, the English words follow, so that
    nothing is kept from the reader.

    Args:
        error: any.
        faults: of pydantic, where they are the cause.
    """
    if faults:
        return "; ".join(_fault(fault) for fault in faults)
    said = korean(error.said)
    if said is not None:
        return said
    wrong = korean(recognised(error.detail, Written.FAULT))
    if wrong is not None:
        return f"{wrong}. {_remedy(error.remedy)}" if error.remedy else wrong
    english = f"{error.detail} ({error.remedy})" if error.remedy else error.detail
    return f"{KINDS.get(error.code, KINDS['error'])}. 영어 원문: {english}"


def _remedy(english: str) -> str:
    return korean(recognised(english, Written.REMEDY)) or english


def _fault(fault: Mapping[str, Any]) -> str:
    place = ".".join(str(part) for part in fault["loc"])
    return f"{place}: {FAULTS.get(fault['type'], OTHER_FAULT).format(**fault.get('ctx', {}))}"
