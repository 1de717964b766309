"""The languages in which people read, and which of them a request asks for."""

from enum import StrEnum


class Language(StrEnum):
    """ISO 639-1."""

    KOREAN = "ko"
    ENGLISH = "en"


def preferred(accepted: str | None, lang: Language | None = None) -> Language:
    """The language to answer in.

    Args:
        accepted: a header `Accept-Language` (RFC 9110); what it does not name, or refuses, is not taken.
        lang: asked for by name; goes before. Where neither says, English.
    """
    if lang is not None:
        return lang
    best, weight = Language.ENGLISH, 0.0
    for part in (accepted or "").split(","):
        tag, _, parameters = part.partition(";")
        primary = tag.strip().lower().split("-")[0]
        asked = _weight(parameters)
        if primary in set(Language) and asked > weight:
            best, weight = Language(primary), asked
    return best


def _weight(parameters: str) -> float:
    name, _, value = parameters.strip().partition("=")
    try:
        return float(value) if name.strip().lower() == "q" else 1.0
    except ValueError:
        return 0.0
