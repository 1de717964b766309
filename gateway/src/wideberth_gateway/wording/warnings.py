"""Warnings of analyses: what telemetry lacks or contradicts, how it was put to the video, what was assumed for it.

The services and the pipeline write them in the English that stands here, and `recognising` finds them again; a test
fails where they write one that is missing. Values stand in them as written.
"""

from collections.abc import Mapping
from types import MappingProxyType

WARNINGS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "warning.at_place": ("{place}: {detail}", "{place}: {detail}"),
        "warning.found": ("{finding}: {detail}", "{finding}: {detail}"),
        "warning.not_looked_at": (
            "not looked at: {start} s to {stop} s ({why})",
            "{start}~{stop}초는 살펴보지 못함({why})",
        ),
        "warning.ends_early": ("the video ends early: {why}", "영상이 일찍 끝남: {why}"),
        "warning.not_read": ("{file}: {why}; not read", "{file}: {why}. 읽지 않음"),
        "warning.better_used": (
            "{file}: grade {grade}; {used} of grade {better} is used instead",
            "{file}: {grade}등급이어서 {better}등급인 {used}을(를) 대신 씀",
        ),
        "warning.no_telemetry": (
            "no telemetry: no distances; give the .SRT beside the video, or a flight log",
            "비행 기록이 없어 거리를 잴 수 없음. 영상 옆의 .SRT나 비행 로그를 주십시오",
        ),
        "warning.too_low": (
            "too_low: frames less than {least} m above the water have no pose",
            "수면에서 {least} m보다 낮은 프레임에는 카메라 자세가 없음",
        ),
        "warning.refused": (
            "{refused}: no distances by {file}; give the telemetry of this very video, or telemetry_offset_s where you "
            "know how they belong together",
            "{refused}: {file}(으)로는 거리를 잴 수 없음. 바로 이 영상의 비행 기록을 주거나, 둘의 시차를 알면 "
            "telemetry_offset_s를 주십시오",
        ),
        "warning.takeoff_unknown": (
            "take-off height above the sea unknown: {height} ± {sigma} m taken",
            "이륙 지점의 해발 높이를 몰라 {height} ± {sigma} m로 봄",
        ),
        "warning.no_gps": (
            "no GPS: positions are counted from the camera, and speeds include the drone's own",
            "GPS가 없어 위치는 카메라에서 세며, 속력에 드론의 속력이 들어 있음",
        ),
        "warning.no_heading": (
            "no gimbal heading: directions are counted from the camera's, not from north",
            "짐벌 방위가 없어 방향을 북쪽이 아니라 카메라 방향에서 셈",
        ),
        "warning.no_pitch": (
            "{file}: no gimbal pitch in dialect {dialect}; {instead}",
            "{file}: {dialect} 형식에는 짐벌 각도가 없음. {instead}",
        ),
        "warning.no_height": (
            "{file}: no height above take-off in dialect {dialect}; no distances",
            "{file}: {dialect} 형식에는 이륙 지점 위 높이가 없어 거리를 잴 수 없음",
        ),
        "warning.tide_held": (
            "the tide is not used: the reading at the waterline holds it already",
            "조위는 쓰지 않음. 수면에서 읽은 높이에 이미 들어 있음",
        ),
        "warning.tide_helps_little": (
            "a tide helps little without the take-off's height above mean sea level: give takeoff_above_sea_m",
            "이륙 지점의 평균 해수면 위 높이가 없으면 조위는 별 도움이 되지 않음. takeoff_above_sea_m을 주십시오",
        ),
        "warning.tide": (
            "tide {level} ± {sigma} m above mean sea level at {moment} UTC by {name}, {away}",
            "{moment} UTC의 조위는 평균 해수면 위 {level} ± {sigma} m({name}, {away})",
        ),
        "warning.focal_other_mode": (
            "{model} was calibrated at {known}, this is {asked}: another mode may crop, ± 12 %; calibrate in the mode "
            "used",
            "{model}은(는) {known}에서 보정했는데 이 영상은 {asked}임. 모드가 다르면 잘릴 수 있어 ± 12 %로 봄. 쓰는 "
            "모드에서 보정하십시오",
        ),
        "warning.focal_scaled": (
            "{model}: the table has {known}, not {asked}; scaled from the first, another mode may crop, ± 12 %; "
            "calibrate in the mode used",
            "{model}: 표에 {known}은(는) 있으나 {asked}은(는) 없음. 첫 값에서 환산했고 모드가 다르면 잘릴 수 있어 "
            "± 12 %로 봄. 쓰는 모드에서 보정하십시오",
        ),
        "warning.focal_modes": (
            "{model} has the modes {modes}: {taken} taken, ± 12 %; say which with video_mode",
            "{model}에는 {modes} 모드가 있음. {taken}(으)로 보고 ± 12 %로 함. video_mode로 알려 주십시오",
        ),
        "warning.focal_full_width": (
            "{camera}: the sensor's full width is taken to be kept",
            "{camera}: 센서 전체 너비를 쓴 것으로 봄",
        ),
        "warning.focal_nominal": (
            "no focal length known: 24 mm equivalent taken, ± 12 %, grade B at best; name the camera, give "
            "focal_px, or calibrate it",
            "초점거리를 몰라 35 mm 환산 24 mm로 보고 ± 12 %로 함(잘해야 B등급). 카메라 이름이나 focal_px를 주거나 "
            "보정하십시오",
        ),
        "warning.focal_not_in_table": (
            "no focal length of camera {camera} is in the table; {instead}",
            "카메라 {camera}의 초점거리가 표에 없음. {instead}",
        ),
        "warning.focal_not_in_table_give": (
            "no focal length of camera {camera} is in the table; give focal_mm with it; {instead}",
            "카메라 {camera}의 초점거리가 표에 없음(focal_mm을 함께 주십시오). {instead}",
        ),
        "warning.unread_moments": (
            "{n} moments with a clue have no telemetry",
            "단서가 있는 시점 {n}곳에 비행 기록이 없음",
        ),
        "warning.coast_needs_gps": (
            "coast points need the drone's GPS",
            "해안 기준점을 쓰려면 드론의 GPS가 있어야 함",
        ),
        "warning.horizon_disagrees": (
            "the horizon at {t} s disagrees with the others by {by} sigma",
            "{t}초의 수평선이 다른 것들과 표준편차의 {by}배만큼 어긋남",
        ),
        "warning.clue_misses": (
            "{clue} at {t} s misses the fit by {by} sigma",
            "{t}초의 단서({clue})가 맞춘 값에서 표준편차의 {by}배만큼 벗어남",
        ),
        "warning.horizon_alone": (
            "the horizon at {t} s has no other within {most} s to agree with",
            "{t}초의 수평선은 {most}초 안에 견줄 다른 수평선이 없음",
        ),
        "warning.horizon_apart": (
            "the horizon at {t} s is {apart} deg from all others near in time",
            "{t}초의 수평선이 가까운 때의 다른 수평선들과 {apart}° 어긋남",
        ),
    }
)
"""Whole warnings."""
