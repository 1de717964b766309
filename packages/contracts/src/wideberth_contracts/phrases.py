"""A sentence as data: which one it is, and the numbers and words in it. Languages are made of it where it is shown."""

from typing import Annotated

from pydantic import Field

from wideberth_contracts.wire import Wire


class Phrase(Wire):
    """One sentence, or a part of one.

    Attributes:
        key: names the sentence; the gateway's wording has it in every language.
        values: what stands in it, by name: numbers in the unit the name states, words as they are, further phrases.
    """

    key: Annotated[str, Field(pattern=r"^[a-z0-9_]+(\.[a-z0-9_]+)*$")]
    values: dict[str, "int | float | str | Phrase"] = Field(default_factory=dict)


def phrase(key: str, /, **values: "int | float | str | Phrase") -> Phrase:
    """A phrase with what stands in it."""
    return Phrase(key=key, values=values)
