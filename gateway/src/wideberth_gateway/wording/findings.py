"""What analyses find in telemetry and in how it lies to the video: the sentences within their warnings."""

from collections.abc import Mapping
from types import MappingProxyType

DETAILS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "detail.clock_late": (
            "telemetry begins {span} later than the video's creation time says, zones aside",
            "비행 기록이 영상의 생성 시각보다 {span} 늦게 시작함(시간대 차이는 뺌)",
        ),
        "detail.clock_early": (
            "telemetry begins {span} earlier than the video's creation time says, zones aside",
            "비행 기록이 영상의 생성 시각보다 {span} 일찍 시작함(시간대 차이는 뺌)",
        ),
        "detail.clock_zone": (
            "telemetry's clock and the video's creation time lie {hours} h apart: check utc_offset_h",
            "비행 기록의 시계와 영상의 생성 시각이 {hours}시간 다름. utc_offset_h를 확인하십시오",
        ),
        "detail.clock_agrees": (
            "telemetry begins within {s} s of the video's creation time",
            "비행 기록이 영상의 생성 시각과 {s}초 안에서 시작함",
        ),
        "detail.motion_agrees": (
            "the picture turns as the rows say at {at} ± {sigma} s, correlation {r} over {n} pairs of frames",
            "그림의 회전이 기록과 {at} ± {sigma}초에서 맞음(프레임 {n}쌍의 상관 {r})",
        ),
        "detail.motion_rather": (
            "the picture turns as the rows say at {at} ± {sigma} s rather than at {told} s, correlation {r} over {n} "
            "pairs of frames",
            "그림의 회전이 기록과 {told}초가 아니라 {at} ± {sigma}초에서 맞음(프레임 {n}쌍의 상관 {r})",
        ),
        "detail.motion_cut": (
            "the picture turns as the rows say at {at} ± {sigma} s and not where they stand, correlation {r} over {n} "
            "pairs of frames: a part of the recording was cut off",
            "그림의 회전이 기록과 적힌 자리가 아니라 {at} ± {sigma}초에서 맞음(프레임 {n}쌍의 상관 {r}). 녹화의 "
            "일부가 잘려 나감",
        ),
        "detail.motion_otherwise": (
            "the rows turn the camera at {dps} deg/s and the picture does otherwise: correlation {r} at best over {n} "
            "pairs of frames",
            "기록에서는 카메라가 초당 {dps}° 도는데 그림은 다르게 움직임(프레임 {n}쌍에서 상관이 높아야 {r})",
        ),
        "detail.rows_still": (
            "the picture turns at {dps} deg/s while the rows have the camera still",
            "기록에서는 카메라가 멈춰 있는데 그림은 초당 {dps}° 돎",
        ),
        "detail.motion_silent": (
            "not checked against the picture: {why}",
            "그림과 견주어 확인하지 못함: {why}",
        ),
        "detail.part_of_recording": (
            "the video of {s} s is a part of a recording: {listed}",
            "{s}초짜리 영상은 한 녹화의 일부임: {listed}",
        ),
        "detail.no_recording_fits": (
            "the video of {s} s fits none of its recordings: {listed}",
            "{s}초짜리 영상에 맞는 녹화가 없음: {listed}",
        ),
        "detail.recordings": (
            "the log names {n} that may be meant: {listed}",
            "로그에 그럴 만한 녹화가 {n}개 있음: {listed}",
        ),
        "detail.no_recording": ("the log names no recording", "로그에 녹화가 없음"),
        "detail.recorder_silent": (
            "the log does not say when the camera recorded",
            "로그에 카메라가 언제 녹화했는지 없음",
        ),
        "detail.rows_outside": (
            "rows lie from {first} to {last} s of a video of {long} s: no pose outside",
            "기록이 {long}초 영상의 {first}~{last}초에만 있음. 그 밖에는 카메라 자세가 없음",
        ),
        "detail.rows_longer": (
            "telemetry ends at {rows} s, the video at {video} s",
            "비행 기록은 {rows}초에, 영상은 {video}초에 끝남",
        ),
        "detail.jump_hole": (
            "clock and rows part by {by} s at {at} s, across a hole: what lies beyond it from the start of the "
            "video has no pose",
            "{at}초의 빈 구간에서 시계와 기록이 {by}초 어긋남. 그 너머에는 카메라 자세가 없음",
        ),
        "detail.clock_set": (
            "clock and rows part by {by} s at {at} s; the clock was set, or pieces were put together: times of day are "
            "doubtful",
            "{at}초에서 시계와 기록이 {by}초 어긋남. 시계를 맞추었거나 조각을 이어 붙인 것으로, 시각이 의심스러움",
        ),
        "detail.clock_set_more": (
            "clock and rows part by {by} s at {at} s and at {n} more places; the clock was set, or pieces were put "
            "together: times of day are doubtful",
            "{at}초와 다른 {n}곳에서 시계와 기록이 어긋남(처음은 {by}초). 시계를 맞추었거나 조각을 이어 붙인 것으로, "
            "시각이 의심스러움",
        ),
        "detail.holes": (
            "{n} holes, {total} s in all, the first at {first} s: no pose in them",
            "빈 구간 {n}곳, 모두 {total}초, 처음은 {first}초. 그 안에는 카메라 자세가 없음",
        ),
        "detail.rows_rtk": (
            "RtkFlag {flag}: the position is not fixed by RTK",
            "RtkFlag {flag}: 위치가 RTK로 확정되지 않음",
        ),
        "detail.strangers": (
            "{n} subtitles without telemetry; left out",
            "비행 기록이 아닌 자막 {n}개는 뺌",
        ),
        "detail.damaged_times": (
            "{n} times that cannot be read; their subtitles left out",
            "읽을 수 없는 시각 {n}개와 그 자막은 뺌",
        ),
        "detail.repeats": ("{n} rows repeat or go back in time; left out", "되풀이되거나 시간을 거스르는 {n}행은 뺌"),
        "detail.filled_in": (
            "{n} frames have no telemetry; filled in by interpolation",
            "프레임 {n}개에 기록이 없어 앞뒤로 이어 채움",
        ),
        "detail.dialects": (
            "dialects mixed ({dialects}); each row was read by its own",
            "형식이 섞여 있음({dialects}). 행마다 제 형식으로 읽음",
        ),
        "detail.fpv_altitude": (
            "the altitude of an FPV starts anywhere; not used as height",
            "FPV의 고도는 기준이 제각각이어서 높이로 쓰지 않음",
        ),
        "detail.starts_late": (
            "starts at {s} s of the video; times kept as written",
            "영상의 {s}초에서 시작함. 시각은 적힌 그대로 둠",
        ),
        "detail.samples_empty": ("{n} of {all} samples hold no telemetry", "표본 {all}개 가운데 {n}개에 기록이 없음"),
        "detail.rows_cut": (
            "{n} rows cut short or without a time; left out",
            "잘렸거나 시각이 없는 {n}행은 뺌",
        ),
        "detail.recording_starts": (
            "recording starts here (1 of {n}); t = 0 to about 1 s",
            "여기서 녹화가 시작됨({n}개 가운데 첫째). t = 0은 1초쯤까지 맞음",
        ),
        "detail.first_row": (
            "the log names no recording; t = 0 is its first row",
            "로그에 녹화가 없어 첫 행을 t = 0으로 봄",
        ),
        "detail.gpx": (
            "GPX says where and when, no height above take-off and no gimbal; t = 0 is its first point",
            "GPX에는 장소와 시각만 있고 이륙 지점 위 높이와 짐벌이 없음. 첫 점을 t = 0으로 봄",
        ),
        "detail.points_left": (
            "{n} of {all} points without a time left out",
            "점 {all}개 가운데 시각이 없는 {n}개는 뺌",
        ),
        "detail.bytes_unknown": (
            "bytes of no message announced, {n} times; passed over",
            "알려진 메시지가 아닌 바이트 {n}번은 건너뜀",
        ),
        "detail.bytes_why": ("{why}, {n} times; passed over", "{why}: {n}번, 건너뜀"),
        "detail.first_position": (
            "no video here tells the time; t = 0 is the first position",
            "시각을 알려 줄 영상이 없어 첫 위치를 t = 0으로 봄",
        ),
        "detail.first_stamp": (
            "no video here tells the time; t = 0 is the first time stamp",
            "시각을 알려 줄 영상이 없어 첫 시각 표시를 t = 0으로 봄",
        ),
        "detail.packets": ("{why} ({n} of {all} packets); left out", "{why}(묶음 {all}개 가운데 {n}개). 뺌"),
        "detail.rows_doubted": ("{why} ({n} of {all} rows)", "{why}({all}행 가운데 {n}행)"),
    }
)
"""What follows a place in a file or the name of a finding."""
