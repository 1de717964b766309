"""How much a person and an organisation may bring, checked before the first byte."""

from dataclasses import dataclass

from sqlalchemy.engine import Engine

from wideberth_contracts.errors import TooLarge
from wideberth_gateway.store import quotas
from wideberth_gateway.store.organisations import Whose, find_organisation


@dataclass(frozen=True, slots=True)
class Left:
    """What is left of a quota, bytes, and whose it is."""

    bytes: int
    quota_bytes: int
    of: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Quota:
    """Of whoever brings something.

    Attributes:
        person_bytes: the same for everyone; None for no limit.
        organisation_bytes: of each organisation for which an administrator set no other; None for no limit.
    """

    engine: Engine
    person_bytes: int | None
    organisation_bytes: int | None = None

    def left(self, whose: Whose) -> Left | None:
        """What they may still bring, by the narrower of both quotas; None for no limit. Blocks."""
        found = [one for one in (self._of_person(whose), self._of_organisation(whose)) if one is not None]
        return min(found, key=lambda one: one.bytes) if found else None

    def check(self, whose: Whose, length: int, name: str) -> None:
        """Nothing where so many bytes fit. Blocks.

        Raises:
            TooLarge: they do not; with what is left.
        """
        left = self.left(whose)
        if left is not None and length > left.bytes:
            detail = f"{length} bytes, and {left.bytes} are left of the {left.quota_bytes} that {left.of} may keep here"
            raise TooLarge(detail, where=name, remedy=left.remedy)

    def _of_person(self, whose: Whose) -> Left | None:
        if self.person_bytes is None:
            return None
        left = max(0, self.person_bytes - quotas.used_bytes(self.engine, whose.name))
        remedy = "delete what is no longer needed, or have WIDEBERTH_GATEWAY_QUOTA_BYTES raised"
        return Left(left, self.person_bytes, "each person", remedy)

    def _of_organisation(self, whose: Whose) -> Left | None:
        """None where nobody had to sign in: nothing is recorded as an organisation's then."""
        if whose.organisation_id is None:
            return None
        organisation = find_organisation(self.engine, whose.organisation_id)
        most = self.organisation_bytes if organisation.quota_bytes is None else organisation.quota_bytes
        if most is None:
            return None
        left = max(0, most - quotas.used_by_organisation(self.engine, organisation.id))
        remedy = "delete what is no longer needed, or have an administrator raise the organisation's quota"
        return Left(left, most, f"{organisation.name} together", remedy)
