"""An identity as persons read it, and as files and feeds show it."""

import math

from wideberth_contracts.identity import IdentityVerdict, VesselIdentity
from wideberth_contracts.phrases import Phrase, phrase
from wideberth_gateway.wording.language import Language
from wideberth_gateway.wording.saying import korean, say


def told(identity: VesselIdentity) -> dict[str, object]:
    """The members of an identity, with the reason in English and in Korean."""
    members = identity.model_dump(mode="json", exclude_none=True, exclude={"said"})
    return members if identity.said is None else members | {"reason_ko": korean(identity.said)}


def vessel_sentence(known: VesselIdentity | None, language: Language) -> str:
    """The vessel's name where AIS matched one, with its probability; else that it is not known, and why.

    A probability is cut, not rounded: it never reads higher than it is.
    """
    return say(_vessel(known), language)


def _vessel(known: VesselIdentity | None) -> Phrase:
    if known is None:
        return phrase("vessel.not_held")
    if known.verdict is IdentityVerdict.MATCHED:
        percent = math.floor(1000 * known.probability) / 10
        name = known.name or phrase("vessel.no_name")
        return phrase("vessel.matched", name=name, mmsi=f"{known.mmsi:09d}", percent=percent)
    return phrase(f"vessel.{known.verdict.value}", reason=known.said or known.reason)
