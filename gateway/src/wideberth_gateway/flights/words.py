"""What a quick look found, in words with a remedy: English and Korean side by side, neither saying more."""

from wideberth_contracts.joining import JoinFinding
from wideberth_contracts.poses import PoseAbsence, TelemetryGrade
from wideberth_contracts.positions import PositionAbsence
from wideberth_contracts.wire import Wire
from wideberth_pipeline import QuickLook
from wideberth_pipeline.quick_look import NO_RANGE

WORTH_SAYING = 0.05
"""A reason that costs less of the clip than this is in `absences` alone."""

ABSENCES: dict[str, tuple[str, str]] = {
    PoseAbsence.NO_TELEMETRY: (
        "there is no telemetry: add the .SRT or the flight log of this video",
        "비행 기록이 없습니다. 이 영상의 .SRT 파일이나 비행 로그를 추가하십시오",
    ),
    PoseAbsence.OTHER_VIDEO: (
        "the telemetry is of another video: choose the one of this recording",
        "비행 기록이 다른 영상의 것입니다. 이 영상의 기록을 선택하십시오",
    ),
    PoseAbsence.RECORDING_AMBIGUOUS: (
        "the log has several recordings this could be: give the .SRT, or the offset by hand",
        "로그에 해당할 수 있는 촬영이 여러 개입니다. .SRT 파일을 주거나 시간차를 직접 입력하십시오",
    ),
    PoseAbsence.RECORDING_UNKNOWN: (
        "the log does not say when the camera recorded: give the .SRT, or the offset by hand",
        "로그에 촬영 시각이 없습니다. .SRT 파일을 주거나 시간차를 직접 입력하십시오",
    ),
    PoseAbsence.LENGTH_DIFFERS: (
        "telemetry and video differ in length: check that they are of one recording",
        "비행 기록과 영상의 길이가 다릅니다. 같은 촬영의 파일인지 확인하십시오",
    ),
    PoseAbsence.OUTSIDE_TELEMETRY: (
        "the telemetry does not reach so far: check that its file was copied whole",
        "비행 기록이 이 구간까지 이르지 않습니다. 파일이 온전히 복사되었는지 확인하십시오",
    ),
    PoseAbsence.CLOCK_JUMP: (
        "the clock of the telemetry jumps: this stretch cannot be measured",
        "비행 기록의 시계가 건너뜁니다. 이 구간은 측정할 수 없습니다",
    ),
    PoseAbsence.TOO_LOW: (
        "the drone is too low to measure: fly higher",
        "드론의 고도가 너무 낮아 측정할 수 없습니다. 더 높이 비행하십시오",
    ),
    PoseAbsence.NO_HEIGHT: (
        "the telemetry has no height: give the flight log",
        "비행 기록에 고도가 없습니다. 비행 로그를 추가하십시오",
    ),
    PoseAbsence.NO_PITCH: (
        "the telemetry has no gimbal pitch: give the flight log, or the pitch by hand",
        "비행 기록에 짐벌 각도가 없습니다. 비행 로그를 추가하거나 각도를 직접 입력하십시오",
    ),
    PoseAbsence.TELEMETRY_GAP: (
        "the telemetry has gaps: check that its file was copied whole",
        "비행 기록이 중간에 끊깁니다. 파일이 온전히 복사되었는지 확인하십시오",
    ),
    PoseAbsence.PITCHING_TOO_FAST: (
        "the camera tilts too fast to measure: turn it slowly, or hold it still",
        "카메라가 너무 빨리 기울어 측정할 수 없습니다. 천천히 돌리거나 멈추어 촬영하십시오",
    ),
    PositionAbsence.ABOVE_HORIZON: (
        "the middle of the frame is above the horizon: tilt the camera down",
        "화면 중앙이 수평선보다 위에 있습니다. 카메라를 아래로 향하십시오",
    ),
    PositionAbsence.TOO_FAR: (
        "the middle of the frame is too far away to measure: tilt the camera down, or fly higher",
        "화면 중앙이 너무 멀어 측정할 수 없습니다. 카메라를 아래로 향하거나 더 높이 비행하십시오",
    ),
    NO_RANGE: (
        "the scale of the picture cannot be told: check height and focal length",
        "화면의 축척을 알 수 없습니다. 고도와 초점 거리를 확인하십시오",
    ),
}


class Said(Wire):
    """One thing a person should know. `share` of the clip it holds for, 0 to 1."""

    code: str
    share: float
    english: str
    korean: str


class Reason(Wire):
    """Why a moment has no distance, in words with a remedy."""

    code: str
    english: str
    korean: str


def reasons(look: QuickLook) -> tuple[Reason, ...]:
    """Words for every absence in a look, however rare."""
    return tuple(
        Reason(code=absence.reason, english=ABSENCES[absence.reason][0], korean=ABSENCES[absence.reason][1])
        for absence in look.absences
    )


def findings(look: QuickLook) -> tuple[Said, ...]:
    """What is wrong with a clip, the most costly first; empty where all of it can be measured with grade A."""
    return (*_missing(look), *_pairing(look), *_grade(look), *_no_clock(look))


def _missing(look: QuickLook) -> tuple[Said, ...]:
    said = []
    for absence in look.absences:
        share = absence.count / len(look.moments)
        if share < WORTH_SAYING:
            continue
        english, korean = ABSENCES[absence.reason]
        percent = f"{100 * share:.0f}"
        said.append(
            Said(
                code=absence.reason,
                share=share,
                english=f"{percent} % of the video gives no distances: {english}.",
                korean=f"영상의 {percent} %에서 거리를 잴 수 없습니다: {korean}.",
            )
        )
    return tuple(said)


def _pairing(look: QuickLook) -> tuple[Said, ...]:
    """Clocks that disagree refuse nothing, for cameras' clocks are often wrong: a person has to look."""
    noted = {note.finding for note in look.join.notes} if look.join else set()
    if JoinFinding.CLOCK_DISAGREES not in noted:
        return ()
    return (
        Said(
            code=JoinFinding.CLOCK_DISAGREES.value,
            share=1.0,
            english="Video and telemetry were written at different times: they may be of different flights. "
            "Check that they belong together before you trust a distance.",
            korean="영상과 비행 기록의 시각이 서로 다릅니다. 다른 비행의 것일 수 있습니다. "
            "거리를 신뢰하기 전에 같은 촬영의 파일인지 확인하십시오.",
        ),
    )


def _grade(look: QuickLook) -> tuple[Said, ...]:
    if look.grade is not TelemetryGrade.B:
        return ()  # A is whole; with C there are no metres, which the absences say
    return (
        Said(
            code="grade_b",
            share=1.0,
            english="The telemetry lacks gimbal or height for a part (grade B): intervals are wider. "
            "Give the flight log as well, if there is one.",
            korean="비행 기록에 짐벌이나 고도의 일부가 없습니다(B등급). 오차 범위가 더 넓습니다. "
            "비행 로그가 있으면 함께 추가하십시오.",
        ),
    )


def _no_clock(look: QuickLook) -> tuple[Said, ...]:
    if look.starts_at is not None:
        return ()
    return (
        Said(
            code="no_clock",
            share=1.0,
            english="Neither video nor telemetry says when it was recorded: add telemetry with a clock.",
            korean="영상과 비행 기록 어디에도 촬영 시각이 없습니다. 시각이 있는 비행 기록을 추가하십시오.",
        ),
    )
