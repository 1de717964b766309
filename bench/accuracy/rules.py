"""Every primitive x inside, outside, at the edge x certain, uncertain, from constructed tracks; and every pack.

Right is: inside and certain a violation; outside and certain none (compliant, or no say); everything else not judged
(outside and uncertain may also have no say). Each scene is drawn several times with errors as large as stated; all must
be right. Separations and speeds are measured by the real act *separate*.
"""

from collections import Counter
from typing import Any

from bench.accuracy.rules_cases import Case, all_cases
from bench.accuracy.rules_sea import Sea
from wideberth_contracts.judgement import EvidenceLevel, Verdict
from wideberth_gateway.rules import LocalJudge
from wideberth_gateway.rules.catalogue import list_packs, list_versions, load_pack
from wideberth_gateway.rules.primitives import PRIMITIVES

DRAWS, QUICK_DRAWS = 5, 1
NEVER_JUDGED = {"human_review"}
PLACES = ("inside", "outside", "edge")


async def run(quick: bool) -> list[dict[str, Any]]:
    """One row a primitive, the totals, and the packs."""
    cases = all_cases()
    rows = [await _case(case, QUICK_DRAWS if quick else DRAWS) for case in cases]
    right, whole = sum(row.pop("right") for row in rows), sum(row.pop("whole") for row in rows)
    rows.append(_row("verdicts right", right, f"of {whole}", whole, right == whole))
    missing = sorted(set(PRIMITIVES) - {case.type for case in cases} - NEVER_JUDGED)
    rows.append(_row("primitives without a case", len(missing), "primitives", 0, not missing, ", ".join(missing)))
    return rows + _packs()


async def _case(case: Case, draws: int) -> dict[str, Any]:
    wrong: Counter[str] = Counter()
    for place in PLACES:
        sea: Sea = getattr(case, place)
        for certain in (True, False):
            drawn = sea if certain else sea.changed(**case.uncertain)
            for seed in range(draws):
                verdict = await _verdict(case, drawn, seed)
                if verdict not in _allowed(place, certain):
                    words = "certain" if certain else "uncertain"
                    wrong[f"{place}, {words}: {verdict.value if verdict else 'no say'}"] += 1
    whole = len(PLACES) * 2 * draws
    right = whole - wrong.total()
    note = "; ".join(f"{name} ({count})" for name, count in wrong.items())
    return _row(case.type, right, f"of {whole}", whole, right == whole, note) | {"right": right, "whole": whole}


def _allowed(place: str, certain: bool) -> tuple[Verdict | None, ...]:
    if place == "inside" and certain:
        return (Verdict.VIOLATION,)
    if place == "outside":
        return (Verdict.COMPLIANT, None) if certain else (Verdict.CANNOT_JUDGE, Verdict.COMPLIANT, None)
    return (Verdict.CANNOT_JUDGE,)


async def _verdict(case: Case, sea: Sea, seed: int) -> Verdict | None:
    pack = case.pack()
    answer = await LocalJudge(lambda _: pack).judge(await sea.request("xx", seed))
    found = [one for encounter in answer.encounters if encounter.craft_track == "v1" for one in encounter.findings]
    found += answer.own_conduct
    return found[0].verdict if found else None


def _packs() -> list[dict[str, Any]]:
    packs = [load_pack(f"{name}@{version}") for name in list_packs() for version in list_versions(name)]
    rules = [rule for pack in packs for rule in pack.rules]
    numbers = [number for rule in rules for number in rule.numbers()]
    bare = [number for number in numbers if not number.source.strip()]
    memory = [
        rule.id
        for rule in rules
        if rule.enabled
        and EvidenceLevel.M in {rule.text.evidence_level, *(number.evidence for number in rule.numbers())}
    ]
    levels = Counter(number.evidence.value for number in numbers)
    note = ", ".join(f"{level} {count}" for level, count in sorted(levels.items()))
    return [
        _row("packs that load, all versions", len(packs), "packs", None, True, f"{len(rules)} rules"),
        _row("numbers without a source", len(bare), f"of {len(numbers)}", 0, not bare, note),
        _row("enabled rules that rest on memory", len(memory), "rules", 0, not memory, ", ".join(memory)),
    ]


def _row(name: str, value: Any, unit: str, aim: Any, met: bool | None, note: str = "") -> dict[str, Any]:
    return {"name": name, "value": value, "unit": unit, "aim": aim, "met": met, "note": note}
