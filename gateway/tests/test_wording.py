"""Every sentence exists in both languages, holds the same numbers in both, and no key is spoken that is not there."""

import ast
import string
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from gateway_alerts import alert
from pylopdf_fonts_ko import sans_path

from wideberth_contracts.identity import IdentityVerdict, VesselIdentity
from wideberth_contracts.judgement import Missing
from wideberth_contracts.known import AnimalState, ExceptionKind, Species
from wideberth_contracts.phrases import Phrase, phrase
from wideberth_gateway.alerts.geojson import feature, fed
from wideberth_gateway.alerts.words import ENGLISH, KOREAN, description
from wideberth_gateway.wording.absences import ABSENCES
from wideberth_gateway.wording.faults import FAULTS
from wideberth_gateway.wording.language import Language, preferred
from wideberth_gateway.wording.notes import NOTES
from wideberth_gateway.wording.reasons import REASONS
from wideberth_gateway.wording.refusals import REFUSALS
from wideberth_gateway.wording.remedies import REMEDIES
from wideberth_gateway.wording.saying import KNOWN_BY_WORDS, SENTENCES, say
from wideberth_gateway.wording.terms import TERMS
from wideberth_gateway.wording.vessels import VESSELS

SOURCES = Path(__file__).resolve().parents[1] / "src" / "wideberth_gateway"
NAMES_ALONE = {
    "craft.other",
    "unit.m",
    "unit.kn",
    "unit.deg",
    "warning.at_place",
    "warning.found",
    "within.runs",
    "place.xmp",
}
"""Templates of nothing but a name or a symbol."""


def fields(template: str) -> set[str]:
    """Names of the values in a template, those inside format specs too."""
    found = set()
    for _, name, spec, _ in string.Formatter().parse(template):
        if name is not None:
            found |= {name} | fields(spec or "")
    return found


@pytest.mark.parametrize("key", SENTENCES)
def test_a_sentence_is_there_in_both_languages(key: str) -> None:
    english, korean = SENTENCES[key]
    assert english.strip()
    assert korean.strip()
    assert fields(english) == fields(korean)
    assert not any("가" <= letter <= "힣" for letter in english)
    if key not in NAMES_ALONE:
        assert any("가" <= letter <= "힣" for letter in string.Formatter().vformat(korean, (), _Blank()))


class _Blank(dict):
    """Stands for every value of a template: 1, as text or number."""

    def __missing__(self, key: str) -> int:
        return 1


def test_the_report_can_set_every_sign() -> None:
    known = set(TTFont(sans_path()).getBestCmap())
    for key, both in SENTENCES.items():
        missing = {sign for text in both for sign in text if ord(sign) not in known}
        assert not missing, (key, missing)


def test_no_key_is_there_twice() -> None:
    assert len(SENTENCES) == sum(
        map(len, (REASONS, TERMS, NOTES, VESSELS, ABSENCES, REFUSALS, KNOWN_BY_WORDS, FAULTS, REMEDIES))
    )


def spoken() -> set[str]:
    """Texts given to `phrase`, both ends of a choice there; one that ends in a dot is the beginning of a key."""
    found = set()
    for file in SOURCES.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "phrase":
                for one in ast.walk(node.args[0]):
                    if isinstance(one, ast.Constant) and isinstance(one.value, str):
                        found.add(one.value)
    return found


def test_what_is_spoken_has_words() -> None:
    whole = {key for key in spoken() if not key.endswith(".") and key != "_noted"}
    assert len(whole) > 60
    assert whole <= set(SENTENCES), whole - set(SENTENCES)
    for kinds, start in (
        (Missing, "missing"),
        (Species, "species"),
        (ExceptionKind, "exception"),
        (AnimalState, "state"),
    ):
        assert {f"{start}.{one.value}" for one in kinds} <= set(SENTENCES)


def test_a_phrase_survives_the_wire_and_says_the_same() -> None:
    within = phrase("where.ring", inner_m=300.0, outer_m=750.0)
    number = phrase(
        "number", noun=phrase("noun.speed"), value=7.04, unit=phrase("unit.kn"), digits=1, low=6.0, high=8.08
    )
    said = phrase(
        "violation", number=number, wrong=phrase("speed.above", limit=5.0, where=within), seconds=3.0, frames=9
    )
    back = Phrase.model_validate_json(said.model_dump_json())
    assert back == said
    english, korean = say(back), say(back, Language.KOREAN)
    assert english == (
        "speed over ground 7.0 kn (95 % 6.0 to 8.1): wholly above 5 kn between 300 and 750 m for 3.0 s in 9 frames"
    )
    assert korean == (
        "대지 속력 7.0 kn(95 % 구간 6.0~8.1): 95 % 구간 전체가 3.0초 동안 9개 프레임에서 "
        "‘300~750 m 구간에서 5 kn 초과’에 해당"
    )


@pytest.mark.parametrize(("accepted", "lang", "language"), [
    (None, None, "en"), ("", None, "en"), ("ko-KR,ko;q=0.9,en;q=0.8", None, "ko"), ("en,ko;q=0.5", None, "en"),
    ("fr, ko;q=0.1", None, "ko"), ("ko;q=0, fr", None, "en"), ("ko;q=x", None, "en"), ("ko", "en", "en"),
    ("en", "ko", "ko"), ("KO", None, "ko"),
])  # fmt: skip
def test_the_language_asked_for(accepted: str | None, lang: str | None, language: str) -> None:
    assert preferred(accepted, Language(lang) if lang else None) == language


MATCHED = VesselIdentity(
    track="v1", verdict=IdentityVerdict.MATCHED, probability=0.99996, margin=0.99, candidates=1,
    reason="it alone fits the track, by 9 reports", said=phrase("identity.matched", reports=9), mmsi=440_123_456,
    name="HAENYEO", stated_error_rate=0.01,
)  # fmt: skip
OPEN = VesselIdentity(
    track="v1", verdict=IdentityVerdict.AMBIGUOUS, probability=0.6, margin=0.2, candidates=2, reason="two fit",
    said=phrase("identity.unsure", likely=2, told=0.6, needed=0.99), stated_error_rate=0.01,
)  # fmt: skip


def test_an_alert_names_the_vessel_only_where_it_is_matched() -> None:
    plain = alert()
    named, open_ = (plain.model_copy(update={"vessel": one}) for one in (MATCHED, OPEN))
    for words in (ENGLISH, KOREAN):
        told = description(named, words)
        assert "HAENYEO" in told
        assert "440123456" in told
        assert "99.9 %" in told, "cut, not rounded up"
        assert "HAENYEO" not in description(open_, words)
    assert "Vessel not known: AIS is ambiguous" in description(open_, ENGLISH)
    assert "선박 미상" in description(plain, KOREAN)
    assert "not held against AIS" in description(plain, ENGLISH)


def test_the_feed_says_the_reason_in_the_language_asked_and_both_in_the_feature() -> None:
    said = phrase("violation", number=phrase("number_unknown", noun=phrase("noun.separation")),
                  wrong=phrase("within", limit=50.0), seconds=2.0, frames=7)  # fmt: skip
    plain = alert(reason=say(said))
    made = plain.model_copy(update={"finding": plain.finding.model_copy(update={"said": said})})
    properties = feature(made)["properties"]
    assert properties["reason"] == say(said)
    assert properties["reason_ko"] == say(said, Language.KOREAN)
    shown = fed(made, Language.KOREAN)["properties"]["shown"]
    assert (shown["language"], shown["reason"]) == ("ko", properties["reason_ko"])
    old = feature(plain)["properties"]
    assert (old["reason"], old["reason_ko"]) == (say(said), None)
    assert fed(plain, Language.KOREAN)["properties"]["shown"]["reason"] == say(said)
