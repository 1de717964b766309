"""What an evidence bag should hold and does not, and why."""

from collections.abc import Mapping
from types import MappingProxyType

ABSENCES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "part.stills": ("stills", "정지 화면"),
        "part.curves": ("curves", "거리·속력 그림"),
        "part.cut_clip": ("cut clip", "잘라낸 영상"),
        "part.annotated_clip": ("annotated clip", "표시를 그려 넣은 영상"),
        "part.model_cards": ("model cards", "모델 설명서"),
        "part.map": ("map", "항적도"),
        "part.card": ("card of {model}", "모델 {model}의 설명서"),
        "part.original_video": ("original video", "원본 영상"),
        "part.telemetry": ("telemetry", "텔레메트리"),
        "part.telemetry_file": ("telemetry file", "텔레메트리 파일"),
        "part.vessel_identity": ("vessel identity", "선박 식별"),
        "absent.no_pixels": (
            "this gateway runs without the application, which draws them (wideberth evidence, wideberth serve)",
            "이 서버에는 그림을 그리는 프로그램이 없음(wideberth evidence, wideberth serve 가 그림)",
        ),
        "absent.no_separation": (
            "no separation of this vessel was measured",
            "이 선박의 이격 거리가 측정되지 않음",
        ),
        "absent.no_file": ("the analysis left no {file}", "분석 결과에 {file} 파일이 없음"),
        "absent.other_weights": (
            "the weights here are not the ones that were used",
            "여기의 가중치가 분석에 쓰인 것과 다름",
        ),
        "absent.too_large": (
            "too large; its keeper has SHA-256 {sha256}",
            "너무 커서 넣지 않음. 보관자에게 SHA-256 {sha256} 파일이 있음",
        ),
        "absent.none_given": ("none was given to the analysis", "분석에 주어지지 않음"),
        "absent.in_video": (
            "it is a track of the video file, which holds it",
            "영상 파일 안의 트랙이며 영상에 들어 있음",
        ),
        "absent.not_known": ("not known", "알 수 없음"),
        "absent.problem": ("{english}", "프로그램의 오류: {english}"),
    }
)
