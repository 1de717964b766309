"""Packs: what ships validates, and what is wrong is refused by line and reason."""

import pytest

from wideberth_contracts.errors import BadRulePack
from wideberth_gateway.rules import list_packs, load_pack
from wideberth_gateway.rules.primitives import PRIMITIVES, MinDistance
from wideberth_gateway.rules.reading_packs import read_pack

GOOD = """\
id: xx
version: "1"
title: test
jurisdiction: XX
valid_from: 2026-01-01
reach_m: 1000
rules:
  - id: XX-1
    type: min_distance
    limit_m: {value: 50, evidence: P, source: a statute}
    inclusive: true
    text: {original: o, english: e, citation: c, evidence_level: P}
"""

BAD = [
    pytest.param("value: 50", "value: fifty", 10, "valid number", id="no number"),
    pytest.param("value: 50", "value: -50", 10, "greater than or equal to 0", id="negative"),
    pytest.param("inclusive: true", "inclusiv: true", 11, "inclusiv", id="mistyped key"),
    pytest.param("type: min_distance", "type: min_distnce", 8, "min_distnce", id="unknown primitive"),
    pytest.param(", evidence: P, source: a statute", "", 10, "evidence", id="no evidence"),
    pytest.param("evidence: P,", "evidence: M,", 8, "memory", id="from memory and enabled"),
    pytest.param("reach_m: 1000", "reach_m: .inf", 6, "finite", id="infinite"),
    pytest.param("valid_from: 2026-01-01", "valid_from: soon", 5, "date", id="no date"),
    pytest.param('version: "1"', 'version: "1"\nversion: "2"', 3, "given twice", id="key twice"),
    pytest.param("rules:", "rules: [", 8, "no YAML", id="broken YAML"),
    pytest.param("id: XX-1", "id: first", 8, "pattern", id="odd id"),
]


@pytest.mark.parametrize(("good", "bad", "line", "reason"), BAD)
def test_a_bad_pack_is_refused_by_line_and_reason(good, bad, line, reason):
    assert good in GOOD
    with pytest.raises(BadRulePack) as caught:
        read_pack(GOOD.replace(good, bad, 1).encode(), "xx.yaml")
    assert reason in caught.value.detail
    assert caught.value.where == f"xx.yaml, line {line}"


@pytest.mark.parametrize("content", [b"", b"- a list", b"\xff\xfe\x00", b"just words"])
def test_what_is_no_pack_is_refused(content):
    with pytest.raises(BadRulePack):
        read_pack(content, "xx.yaml")


def test_a_good_pack_is_read():
    pack = read_pack(GOOD.encode(), "xx.yaml")
    rule = pack.rule("XX-1")
    assert isinstance(rule, MinDistance)
    assert (rule.limit_m.value, rule.decision_from(pack.decision).min_frames) == (50, 3)


def test_rule_ids_are_unique():
    twice = GOOD + GOOD[GOOD.index("  - id") :]
    with pytest.raises(BadRulePack, match="used twice"):
        read_pack(twice.encode(), "xx.yaml")


@pytest.mark.parametrize("pack_id", list_packs())
def test_every_shipped_pack_loads_and_cites(pack_id):
    pack = load_pack(pack_id)
    assert pack.rules
    assert all(rule.text.citation and rule.text.original and rule.text.english for rule in pack.rules)


def test_an_unknown_pack_names_the_known_ones():
    with pytest.raises(BadRulePack, match="kr"):
        load_pack("atlantis")


def test_korea_says_what_the_reference_says():
    pack = load_pack("kr")
    off = {rule.id for rule in pack.rules if not rule.enabled}
    advisory = {rule.id for rule in pack.rules if rule.advisory}
    assert (off, advisory) == ({"KR-8"}, {"KR-5a"})
    levels = {rule.id: rule.text.evidence_level.value for rule in pack.rules}
    expected = {"KR-1": "P", "KR-2": "S", "KR-3": "S", "KR-4": "S", "KR-5a": "P", "KR-5b": "P+S"}
    assert expected.items() <= levels.items()


def test_the_table_of_primitives_cannot_be_changed():
    with pytest.raises(TypeError):
        PRIMITIVES["other"] = MinDistance
