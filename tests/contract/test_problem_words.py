"""What is refused is told in Korean: each sentence that a request can meet, and how many are left may only fall."""

import ast
from collections.abc import Iterator
from pathlib import Path

from wideberth_contracts.errors import ERRORS, BadInput
from wideberth_gateway.wording.faults import FAULTS
from wideberth_gateway.wording.problems import in_korean
from wideberth_gateway.wording.recognising import Written, fault_in_korean, recognised
from wideberth_gateway.wording.remedies import REMEDIES

ROOT = Path(__file__).resolve().parents[2]
NAMES = {error.__name__ for error in ERRORS} | {"ChecksumMismatch"}
GATEWAY = ROOT / "gateway" / "src"
OTHERS = [
    *(ROOT / "packages" / name / "src" for name in ("media", "pipeline", "servicekit")),
    ROOT / "services" / "distance" / "src" / "wideberth_distance" / "core",
]
OF_COMMANDS = {
    "backup.py", "case.py", "from_files.py", "journal.py", "live.py", "making.py",
    "outlines.py", "places.py", "reading_packs.py", "rebuilding.py", "s3_store.py", "sealing.py",
    "stamping.py", "stores.py", "tracing.py", "owner.py", "engine.py", "hopcost.py", "ring.py",
    "ring_reader.py", "transport.py", "parcels.py", "little_adapters.py", "board_views.py", "board_calibration.py",
    "camera_file.py", "charuco.py", "camera_table.py", "length_calibration.py", "tide_files.py", "tide_level.py",
    "projection.py", "track_table.py", "separation_table.py", "model_store.py", "settings.py",
}  # fmt: skip
"""Modules whose errors are met on a command line or between services, not on the page."""
LEFT_DETAILS = 0
LEFT_REMEDIES = 0
LEFT_OF_COMMANDS = 149
"""Sentences without Korean words. Lower these when you write some; a new error comes with its Korean."""


def written(folders: list[Path]) -> Iterator[tuple[str, Written, str]]:
    """Details and remedies of the errors made in some folders, values in braces; those with a phrase left out.

    A name is looked up among the texts given to it anywhere in its module; what cannot be followed is left out.
    """
    for path in (one for folder in folders for one in sorted(folder.rglob("*.py"))):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        named = _assigned(tree)
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call) or _name(node.func) not in NAMES or not node.args:
                continue
            given = {one.arg: one.value for one in node.keywords}
            if "said" in given:
                continue
            yield from ((path.name, Written.FAULT, text) for text in texts(node.args[0], named))
            if "remedy" in given:
                yield from ((path.name, Written.REMEDY, text) for text in texts(given["remedy"], named))


def _name(function: ast.expr) -> str:
    return function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")


def _assigned(tree: ast.Module) -> dict[str, list[ast.expr]]:
    found: dict[str, list[ast.expr]] = {}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Assign):
            continue
        for target in node.targets:
            pairs = [(target, node.value)]
            if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                pairs = list(zip(target.elts, node.value.elts, strict=False))
            for one, value in pairs:
                if isinstance(one, ast.Name):
                    found.setdefault(one.id, []).append(value)
    return found


def texts(node: ast.expr, named: dict[str, list[ast.expr]], depth: int = 0) -> Iterator[str]:
    """The texts an expression may be, as far as they can be read here."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        yield "".join(one.value if isinstance(one, ast.Constant) else "7" for one in node.values)
    elif isinstance(node, ast.IfExp):
        yield from (text for one in (node.body, node.orelse) for text in texts(one, named, depth))
    elif isinstance(node, ast.BoolOp):
        yield from (text for one in node.values for text in texts(one, named, depth))
    elif isinstance(node, ast.Name) and depth < 3:
        yield from (text for one in named.get(node.id, ()) for text in texts(one, named, depth + 1))


def unknown(*, on_the_page: bool) -> list[tuple[str, Written, str]]:
    """Those without Korean words, each once."""
    found = dict.fromkeys(written([GATEWAY, *OTHERS]))
    return [one for one in found if (one[0] not in OF_COMMANDS) == on_the_page and recognised(one[2], one[1]) is None]


def test_what_can_be_met_on_the_page_is_told_in_korean() -> None:
    assert len(dict.fromkeys(written([GATEWAY, *OTHERS]))) > 400, "the sentences are found"
    left = unknown(on_the_page=True)
    details = [one for one in left if one[1] is Written.FAULT]
    remedies = [one for one in left if one[1] is Written.REMEDY]
    assert len(details) == LEFT_DETAILS, details
    assert len(remedies) == LEFT_REMEDIES, remedies


def test_what_is_left_of_the_commands_only_becomes_less() -> None:
    left = unknown(on_the_page=False)
    assert len(left) == LEFT_OF_COMMANDS, left


def test_no_row_is_there_that_nothing_writes() -> None:
    used = {said.key for _, kind, text in written([GATEWAY, *OTHERS]) if (said := recognised(text, kind)) is not None}
    assert not (set(FAULTS) | set(REMEDIES)) - used - WRITTEN_ELSEWHERE


WRITTEN_ELSEWHERE = {
    "fault.method", "fault.not_found", "fault.text_as_video", "remedy.sign_in_key",
    "fault.quota_person", "fault.quota_together", "remedy.delete_or_quota", "remedy.delete_or_organisation",
}  # fmt: skip
"""The web framework's own, an empty value, a constant of another module, values that are put together."""


def test_an_error_kept_in_one_line_is_told_in_korean_with_its_place_and_remedy() -> None:
    line = str(BadInput("no such folder", where="roots:card/A", remedy="check that the card is mounted"))
    assert fault_in_korean(line) == "roots:card/A: 그런 폴더가 없습니다. 카드가 연결되어 있는지 보십시오"
    assert fault_in_korean("the process that sensed it was ended by SIGKILL") == "보던 프로세스가 SIGKILL(으)로 끝남"
    assert fault_in_korean("a.mp4: unheard of (try)") == "a.mp4: unheard of (try)"


def test_a_sentence_with_values_and_a_remedy_is_told_whole() -> None:
    told = in_korean(BadInput("no span of that number", where="9", remedy="there are 3, from 0"))
    assert told == "그런 번호의 구간이 없습니다. 0부터 3개 있습니다"
    state = in_korean(BadInput("the analysis is sensing", remedy="wait until it is done"))
    assert state == "분석이 ‘진행 중’ 상태입니다. 끝날 때까지 기다리십시오"
    unheard = in_korean(BadInput("something unheard of", remedy="wait"))
    assert unheard.endswith("영어 원문: something unheard of (wait)")
