"""English sentences that were kept without their phrase, put back to it: which one, and the values in it.

A template's `{name}` stands for any words; a value that is itself a sentence of the tables becomes a phrase. So
everything that was ever stored in these words is said in Korean too, without being written anew.
"""

import re
from collections.abc import Mapping
from enum import StrEnum
from functools import lru_cache

from wideberth_contracts.phrases import Phrase
from wideberth_gateway.wording.faults import FAULTS
from wideberth_gateway.wording.remedies import REMEDIES
from wideberth_gateway.wording.saying import KNOWN_BY_WORDS, korean

MUST_BE_KNOWN = frozenset({"detail", "place", "finding", "listed", "one", "more"})
"""A value of this name is a sentence of the tables, or the template around it does not fit."""
NUMBERS = frozenset(
    (
        *("n", "all", "bytes", "rows", "video"),
        *("t", "s", "at", "by", "start", "stop", "first", "last", "long", "total", "least", "most", "hours"),
        *("km", "height", "sigma", "low", "high", "dps", "r"),
    )
)
"""A value of this name is a number."""
PLACE = re.compile(r"\{(\w+)\}")


class Written(StrEnum):
    """As what a sentence was written."""

    WARNING = "warning"
    FAULT = "fault"
    REMEDY = "remedy"


def recognised(text: str, written: Written = Written.WARNING) -> Phrase | None:
    """The phrase whose English is the text; None where the tables do not have it.

    The template with the most words of its own goes first.
    """
    for key, pattern in _patterns(written):
        found = pattern.fullmatch(text)
        if found is not None and (said := _phrase(key, found.groupdict())) is not None:
            return said
    return None


def told_in_korean(text: str) -> str:
    """The sentence in Korean; as it stands where the tables do not have it."""
    return korean(recognised(text)) or text


def fault_in_korean(line: str) -> str:
    """An error as kept in one line in Korean, as far as its words are known.

    Args:
        line: what is wrong; before it may stand a place and a colon, behind it a remedy in brackets.
    """
    body, _, remedy = line.removesuffix(")").rpartition(" (") if line.endswith(")") else (line, "", "")
    for text, todo in ((line, ""), (body, remedy)):
        words = text.split(": ")
        for behind in range(len(words)):
            told = korean(recognised(": ".join(words[behind:]), Written.FAULT))
            if told is not None:
                after = f". {korean(recognised(todo, Written.REMEDY)) or todo}" if todo else ""
                return ": ".join([*words[:behind], told]) + after
    return line


def _phrase(key: str, values: Mapping[str, str]) -> Phrase | None:
    inner = {name: recognised(value, Written.FAULT) for name, value in values.items()}
    if any(inner[name] is None for name in inner if name in MUST_BE_KNOWN):
        return None
    return Phrase(key=key, values={name: inner[name] or value for name, value in values.items()})


@lru_cache(maxsize=len(Written))
def _patterns(written: Written) -> tuple[tuple[str, re.Pattern[str]], ...]:
    table = {
        Written.WARNING: KNOWN_BY_WORDS,
        Written.FAULT: {**FAULTS, **KNOWN_BY_WORDS},
        Written.REMEDY: REMEDIES,
    }[written]
    rows = ((key, english) for key, (english, _) in table.items())
    by_words = sorted(rows, key=lambda row: -len(PLACE.sub("", row[1])))
    return tuple((key, _pattern(english)) for key, english in by_words)


def _pattern(english: str) -> re.Pattern[str]:
    parts = PLACE.split(english)
    words = (_value(part) if index % 2 else re.escape(part) for index, part in enumerate(parts))
    return re.compile("".join(words), re.DOTALL)


def _value(name: str) -> str:
    return f"(?P<{name}>{'[-+]?[0-9]+(?:[.][0-9]+)?' if name in NUMBERS else '.+?'})"
