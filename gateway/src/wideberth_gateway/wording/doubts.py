"""Single doubts of an analysis, the places in files where they arose, and the names of what was found."""

from collections.abc import Mapping
from types import MappingProxyType

PARTS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "within.days": ("{n} days", "{n}일"),
        "within.hours": ("{n} h", "{n}시간"),
        "within.seconds": ("{n} s", "{n}초"),
        "within.run": ("no. {n} at {start} s of {long} s", "{start}초부터 {long}초짜리 {n}번"),
        "within.runs": ("{one}, {more}", "{one}, {more}"),
        "within.zero_gimbal": ("the gimbal reads 0, 0, 0; taken as unknown", "짐벌이 0, 0, 0이어서 모르는 것으로 봄"),
        "within.given_pitch": ("the given pitch is used throughout", "주어진 각도를 끝까지 씀"),
        "within.pitch_by_horizons": (
            "the pitch is that of {n} horizons in the picture; frames that lie not between two have no pose",
            "그림 속 수평선 {n}개의 각도를 씀. 두 수평선 사이가 아닌 프레임에는 카메라 자세가 없음",
        ),
        "within.no_distances": (
            "no distances; give pitch_deg or the flight log, or keep the horizon in view",
            "거리를 잴 수 없음. pitch_deg나 비행 로그를 주거나 수평선이 보이게 찍으십시오",
        ),
        "within.focal_equivalent": (
            "focal length by the telemetry's 35 mm equivalent",
            "초점거리는 비행 기록의 35 mm 환산값으로 봄",
        ),
        "within.away": ("{km} km away", "{km} km 떨어짐"),
        "within.away_unknown": (
            "how far away nothing says, the error widened for it",
            "거리를 몰라 오차를 넓힘",
        ),
        "within.no_turns": (
            "the rows tell no heading, or too little of the picture could be followed",
            "기록에 방위가 없거나, 그림에서 따라갈 것이 너무 적음",
        ),
        "within.turned_little": (
            "the drone turned too little ({dps} deg/s) in the stretches looked at",
            "살펴본 구간에서 드론이 너무 적게 돎(초당 {dps}°)",
        ),
        "within.no_offset": ("no offset stands out (correlation {r} at best)", "뚜렷한 시차가 없음(상관이 높아야 {r})"),
        "within.half_place": ("latitude or longitude stands alone", "위도나 경도 하나만 있음"),
        "within.no_fix_na": ("no GPS fix yet (n/a)", "아직 GPS가 잡히지 않음(n/a)"),
        "within.no_fix": ("no GPS fix yet (0, 0)", "아직 GPS가 잡히지 않음(0, 0)"),
        "within.not_on_earth": ("a position that is not on Earth", "지구에 없는 위치"),
        "within.no_number": ("{what} is no number", "{what}이(가) 숫자가 아님"),
        "within.no_unit": ("{what} is no number of the unit expected", "{what}의 단위가 다름"),
        "within.outside": ("{what} outside {low} to {high}", "{what}이(가) {low}~{high}를 벗어남"),
        "within.recorder_unknown": ("a state of the recorder that is not known", "알 수 없는 녹화 상태"),
        "within.no_date": ("a time stamp that is no date of this century", "이번 세기의 날짜가 아닌 시각 표시"),
        "within.time_unread": ("a time of day that cannot be read", "읽을 수 없는 시각"),
        "within.date_guessed": ("a date that was taken for month/day/year", "월/일/년으로 본 날짜"),
        "within.no_packet_time": ("a packet without a time", "시각이 없는 묶음"),
        "within.packet_overrun": ("a packet whose items overrun it", "항목이 넘치는 묶음"),
        "within.packet_unchecked": ("a packet without a checksum", "검사합이 없는 묶음"),
        "within.packet_wrong": ("a packet whose checksum is wrong", "검사합이 틀린 묶음"),
        "within.packet_cut": ("a packet that is cut off", "잘린 묶음"),
        "within.out_of_range": (
            "{what} out of range, or not {bytes} bytes",
            "{what}이(가) 범위를 벗어났거나 {bytes}바이트가 아님",
        ),
        "within.frame_wrong": ("a frame whose checksum is wrong", "검사합이 틀린 프레임"),
        "within.no_frame": ("bytes that are no MAVLink frame", "MAVLink 프레임이 아닌 바이트"),
        "within.no_gps_spaced": ("no GPS (…) that can be read", "읽을 수 있는 GPS (…)가 없음"),
        "within.no_gps": ("no GPS(…) that can be read", "읽을 수 있는 GPS(…)가 없음"),
        "within.no_pry": ("G.PRY that cannot be read", "읽을 수 없는 G.PRY"),
        "within.focal_no_width": (
            "CalibratedFocalLength in a picture whose width is not known",
            "너비를 모르는 사진의 CalibratedFocalLength",
        ),
        "within.truncated": (
            "the file is truncated: {n} bytes of video are missing",
            "파일이 잘려 영상 {n}바이트가 없음",
        ),
        "within.cut_off": ("the file cannot be read on: {error}", "파일을 더 읽을 수 없음({error})"),
        "within.undecoded": ("some frames could not be decoded", "풀지 못한 프레임이 있음"),
        "within.stood_still": ("no frame was finished in {s} s", "{s}초 동안 끝난 프레임이 없음"),
        "within.unforeseen": (
            "unexpected fault ({kind}); the log says how",
            "뜻밖의 결함({kind}). 자세한 것은 로그에 있음",
        ),
        "within.disk_full": ("the disk is full; free space", "디스크가 가득 참. 공간을 비우십시오"),
        "within.disk_low": (
            "the disk has {n} MiB left, and {all} MiB are to stay free; free space",
            "디스크에 {n} MiB가 남았는데 {all} MiB는 비워 두어야 함. 공간을 비우십시오",
        ),
        "within.database_away": (
            "the database cannot be used now ({kind}); see that it runs and has room",
            "지금 데이터베이스를 쓸 수 없음({kind}). 돌고 있는지, 자리가 있는지 보십시오",
        ),
        "within.ended_by": ("the process that sensed it was ended by {signal}", "보던 프로세스가 {signal}(으)로 끝남"),
        "within.ended_with": ("the process that sensed it ended with code {n}", "보던 프로세스가 코드 {n}(으)로 끝남"),
        "within.no_telemetry_in_it": ("no telemetry in it", "비행 기록이 들어 있지 않음"),
    }
)
"""What stands within a warning or a detail."""

PLACES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "place.line": ("{file}, line {n}", "{file} {n}행"),
        "place.byte": ("{file}, byte {n}", "{file} {n}바이트"),
        "place.document": ("{file}, document {n}", "{file} 표본 {n}"),
        "place.track_point": ("{file}, track point {n}", "{file} 점 {n}"),
        "place.xmp": ("{file}, XMP {n}", "{file} XMP {n}"),
    }
)
"""Where in a file."""

FINDINGS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "finding.other_video": ("other_video", "다른 영상의 기록"),
        "finding.recording_ambiguous": ("recording_ambiguous", "어느 녹화인지 모름"),
        "finding.recording_unknown": ("recording_unknown", "녹화를 모름"),
        "finding.length_differs": ("length_differs", "길이가 다름"),
        "finding.longer": ("telemetry_longer_than_video", "기록이 영상보다 긺"),
        "finding.shorter": ("telemetry_shorter_than_video", "기록이 영상보다 짧음"),
        "finding.gap": ("telemetry_gap", "기록에 빈 구간"),
        "finding.clock_jump": ("clock_jump", "시계가 건너뜀"),
        "finding.clock_set": ("clock_set", "시계를 맞춤"),
        "finding.clock_agrees": ("clock_agrees", "시계가 맞음"),
        "finding.clock_disagrees": ("clock_disagrees", "시계가 어긋남"),
        "finding.clock_zone": ("clock_zone", "시간대가 다름"),
        "finding.motion_agrees": ("motion_agrees", "움직임이 맞음"),
        "finding.motion_disagrees": ("motion_disagrees", "움직임이 어긋남"),
        "finding.motion_shifted": ("motion_shifted", "움직임으로 옮김"),
        "finding.motion_silent": ("motion_silent", "움직임으로는 모름"),
        "finding.queued": ("queued", "차례를 기다림"),
        "finding.sensing": ("sensing", "진행 중"),
        "finding.following": ("following", "마무리 중"),
        "finding.done": ("done", "끝남"),
        "finding.failed": ("failed", "실패"),
        "finding.cancelled": ("cancelled", "취소됨"),
        "finding.flight": ("flight", "비행"),
        "finding.analysis": ("analysis", "분석"),
        "finding.alert": ("alert", "경보"),
        "finding.original": ("original", "원본"),
        "finding.upload": ("upload", "올리기"),
        "finding.receiver": ("receiver", "받는 곳"),
        "finding.video": ("video", "영상"),
        "finding.telemetry": ("telemetry", "비행 기록"),
        "finding.horizon": ("horizon", "수평선"),
        "finding.known_length": ("known_length", "아는 길이"),
        "finding.waterline_zero": ("waterline_zero", "수면에서 읽은 높이"),
        "finding.coast_point": ("coast_point", "해안 기준점"),
    }
)
"""What was noticed, clues, states and things, by the names that the software gives them."""
