"""Packs: what ships validates, and what is wrong is refused by line and reason."""

import pytest

from wideberth_contracts.errors import BadRulePack
from wideberth_contracts.judgement import EvidenceLevel, NoText
from wideberth_gateway.rules import list_packs, load_pack
from wideberth_gateway.rules.catalogue import find_pack, list_versions
from wideberth_gateway.rules.numbers import UNITS
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
    pytest.param(", evidence: P", "", 10, "evidence", id="no level"),
    pytest.param("evidence: P,", "evidence: M,", 8, "memory", id="from memory and enabled"),
    pytest.param("reach_m: 1000", "reach_m: .inf", 6, "finite", id="infinite"),
    pytest.param("valid_from: 2026-01-01", "valid_from: soon", 5, "date", id="no date"),
    pytest.param('version: "1"', 'version: "1"\nversion: "2"', 3, "given twice", id="key twice"),
    pytest.param("rules:", "rules: [", 8, "no YAML", id="broken YAML"),
    pytest.param("id: XX-1", "id: first", 8, "pattern", id="odd id"),
    pytest.param("value: 50,", "value: 50, stated: 50 yd,", 10, "45.72", id="another unit says something else"),
    pytest.param("value: 50,", "value: 50, stated: 50 ells,", 10, "stated is a number", id="unknown unit"),
    pytest.param("original: o", 'original: ""', 12, "at least 1 character", id="empty text"),
    pytest.param("reach_m: 1000", "reach_m: 1000\nvalid_until: 2025-01-01", 1, "before valid_from", id="ends early"),
    pytest.param("reach_m: 1000", "reach_m: 1000\nspecies: [dolfin]", 7, "dolphin", id="unknown species"),
    pytest.param(
        "reach_m: 1000", "reach_m: 1000\narea: {name: sea, evidence: P, source: map}", 7, "outline", id="no outline"
    ),
    pytest.param(
        "reach_m: 1000",
        "reach_m: 1000\nexceptions: [{kind: safety, says: why, evidence: P, source: law, rules: [XX-9]}]",
        1,
        "XX-9",
        id="exception of an unknown rule",
    ),
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


SHIPPED = [f"{pack_id}@{version}" for pack_id in list_packs() for version in list_versions(pack_id)]


@pytest.mark.parametrize("name", SHIPPED)
def test_every_shipped_pack_loads_and_cites(name):
    pack = load_pack(name)
    assert pack.name == name
    assert pack.rules
    numbers = [number for rule in pack.rules for number in rule.numbers()]
    assert numbers
    assert all(len(number.source) > 2 and number.evidence for number in numbers)
    assert not [rule.id for rule in pack.rules if rule.enabled and EvidenceLevel.M in _levels(rule)]
    assert all(rule.text.citation and rule.text.original and rule.text.english for rule in pack.rules)


def _levels(rule):
    return {rule.text.evidence_level, *(number.evidence for number in rule.numbers())}


def test_all_jurisdictions_of_the_reference_are_there():
    wanted = {"kr", "us-noaa", "us-hawaii", "us-wa", "ca", "au", "nz", "uk", "ie", "es", "pt-azores", "fr-reunion"}
    assert wanted | {"br", "za", "mx", "jp-amakusa"} <= set(list_packs())


def test_an_original_text_is_given_or_named_as_absent():
    assert isinstance(load_pack("nz").rules[0].text.original, NoText)
    assert load_pack("kr").rule("KR-6").text.original == "30m 이하 저공 비행 금지"


def test_an_older_version_stays_as_it_was():
    old, new = load_pack("kr@2026.11.1"), load_pack("kr")
    assert (old.version, new.version) == ("2026.11.1", "2026.11.2")
    assert old.sha256 != new.sha256
    assert load_pack("us-wa@1").rule("US-W5").max_kn.value == 7
    with pytest.raises(BadRulePack, match=r"2026\.11\.1"):
        load_pack("kr@1815")


def test_a_pack_of_ones_own_is_found_by_its_file(tmp_path):
    file = tmp_path / "mine.yaml"
    file.write_text(GOOD)
    assert find_pack(str(file)).id == "xx"
    with pytest.raises(BadRulePack, match="mine2"):
        find_pack(str(tmp_path / "mine2.yaml"))


def test_units_of_the_reference():
    """Section 3.8 of the reference."""
    yards = {50: 45.7, 100: 91.4, 200: 182.9, 300: 274.3, 400: 365.8, 500: 457.2, 1000: 914.4}
    assert {count: round(count * UNITS["yd"], 1) for count in yards} == yards
    assert UNITS["nmi"] == 1852
    assert round(1000 * UNITS["ft"], 1) == 304.8


def test_an_unknown_pack_names_the_known_ones():
    with pytest.raises(BadRulePack, match="kr"):
        load_pack("atlantis")


def test_korea_says_what_the_reference_says():
    pack = load_pack("kr")
    off = {rule.id for rule in pack.rules if not rule.enabled}
    advisory = {rule.id for rule in pack.rules if rule.advisory}
    assert (off, advisory) == ({"KR-8", "KR-A"}, {"KR-5a"})
    levels = {rule.id: rule.text.evidence_level.value for rule in pack.rules}
    expected = {"KR-1": "P", "KR-2": "S", "KR-3": "S", "KR-4": "S", "KR-5a": "P", "KR-5b": "P+S"}
    assert expected.items() <= levels.items()


def test_the_table_of_primitives_cannot_be_changed():
    with pytest.raises(TypeError):
        PRIMITIVES["other"] = MinDistance
