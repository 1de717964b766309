"""Errors that people meet on the page, whole: what is wrong and what to do about it."""

from collections.abc import Mapping
from types import MappingProxyType

REFUSALS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "problem.no_video": (
            "none of the files is a video: send the MP4 or MOV the drone recorded as well",
            "이 파일들 가운데 영상이 없습니다. 드론이 녹화한 MP4나 MOV도 함께 보내십시오",
        ),
        "problem.spans_outside": (
            "the chosen spans lie outside of the flight: choose spans between 0 and {length_s:.1f} s",
            "고른 구간이 비행 밖에 있습니다. 0초와 {length_s:.1f}초 사이에서 고르십시오",
        ),
        "problem.never_sent": (
            "no file of that hash was sent: send it first",
            "그 파일은 보낸 적이 없습니다. 먼저 올리십시오",
        ),
        "problem.blurred": (
            "recordings are handed out blurred to your role, and this file is not",
            "이 역할에는 영상이 흐리게 처리된 것만 보이는데, 이 파일은 그렇지 않습니다. 재생 화면에서 보십시오",
        ),
        "problem.not_blurred_yet": (
            "the blurred copy is not there yet",
            "흐리게 처리한 사본이 아직 없습니다. 분석이 끝난 뒤에 만들어집니다",
        ),
        "problem.no_flight": ("no flight of that id", "그런 번호의 비행이 없습니다"),
        "problem.no_alert": ("no alert of that id", "그런 번호의 경보가 없습니다"),
        "problem.no_analysis": ("no analysis of that id", "그런 번호의 분석이 없습니다"),
        "problem.older_version": (
            "version {reviewed} was reviewed, version {latest} is the latest: read the alert again and decide then",
            "{reviewed}판을 검토했지만 최신은 {latest}판입니다. 경보를 다시 읽고 지금의 내용으로 결정하십시오",
        ),
        "problem.confirmed_already": (
            "you have confirmed it already: another person must confirm it too",
            "이미 확인하셨습니다. 다른 사람도 확인해야 합니다",
        ),
        "problem.candidate_already": ("it is a candidate already", "이미 위반 후보입니다"),
        "problem.analysis_ended": ("the analysis has ended: {state}", "분석이 이미 끝났습니다({state})"),
        "problem.not_signed_in": (
            "nobody is signed in: sign in on the page, or send a key",
            "로그인하지 않았습니다. 먼저 로그인하거나 열쇠를 보내십시오",
        ),
        "problem.key_unknown": (
            "the key is unknown, over or revoked: ask the administrator for another",
            "모르는 열쇠이거나, 기한이 지났거나, 취소된 열쇠입니다. 관리자에게 새 열쇠를 받으십시오",
        ),
        "problem.not_for_these_roles": (
            "{name} may not: this is for {wanted}",
            "{name}의 역할로는 이 일을 할 수 없습니다(필요한 역할: {wanted})",
        ),
        "role.operator": ("operator", "운용자"),
        "role.reviewer": ("reviewer", "검토자"),
        "role.regulator": ("regulator", "감독관"),
        "role.researcher": ("researcher", "연구자"),
        "role.administrator": ("administrator", "관리자"),
        "role.nobody": ("nobody", "아무에게도 없음"),
        "role.either": ("{one} or {other}", "{one}나 {other}"),
        "problem.disk_full": (
            "the disk has no room for this file: tell the administrator",
            "서버에 이 파일을 둘 자리가 없습니다. 관리자에게 알리십시오",
        ),
    }
)
