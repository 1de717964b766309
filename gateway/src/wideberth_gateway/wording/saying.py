"""Phrases said in a language. `SENTENCES` is all of them: key → English and Korean."""

from collections.abc import Mapping
from types import MappingProxyType

from wideberth_contracts.phrases import Phrase
from wideberth_gateway.wording.absences import ABSENCES
from wideberth_gateway.wording.doubts import FINDINGS, PARTS, PLACES
from wideberth_gateway.wording.faults import FAULTS
from wideberth_gateway.wording.findings import DETAILS
from wideberth_gateway.wording.language import Language
from wideberth_gateway.wording.notes import NOTES
from wideberth_gateway.wording.reasons import REASONS
from wideberth_gateway.wording.refusals import REFUSALS
from wideberth_gateway.wording.remedies import REMEDIES
from wideberth_gateway.wording.terms import TERMS
from wideberth_gateway.wording.vessels import VESSELS
from wideberth_gateway.wording.warnings import WARNINGS

KNOWN_BY_WORDS: Mapping[str, tuple[str, str]] = MappingProxyType({**WARNINGS, **DETAILS, **PARTS, **PLACES, **FINDINGS})
"""Sentences that others write in English, found again by their words: see `recognising`."""

SENTENCES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {**REASONS, **TERMS, **NOTES, **VESSELS, **ABSENCES, **REFUSALS, **KNOWN_BY_WORDS, **FAULTS, **REMEDIES}
)


def say(said: Phrase, language: Language = Language.ENGLISH) -> str:
    """The phrase in words.

    Raises:
        KeyError: no such phrase, or a value that it needs is not there.
    """
    english, korean = SENTENCES[said.key]
    values = {name: say(one, language) if isinstance(one, Phrase) else one for name, one in said.values.items()}
    return (korean if language is Language.KOREAN else english).format(**values)


def korean(said: Phrase | None) -> str | None:
    """In Korean; None where only the English text was kept, by a version that had no phrases."""
    return None if said is None else say(said, Language.KOREAN)
