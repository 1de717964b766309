"""How much a person may bring, checked before the first byte."""

from dataclasses import dataclass

from sqlalchemy.engine import Engine

from wideberth_contracts.errors import TooLarge
from wideberth_gateway.store import quotas


@dataclass(frozen=True, slots=True)
class Quota:
    """The same for everyone. `person_bytes`: None for no limit."""

    engine: Engine
    person_bytes: int | None

    def left_bytes(self, actor: str) -> int | None:
        """What that person may still bring; None for no limit. Blocks."""
        if self.person_bytes is None:
            return None
        return max(0, self.person_bytes - quotas.used_bytes(self.engine, actor))

    def check(self, actor: str, length: int, name: str) -> None:
        """Nothing where so many bytes fit. Blocks.

        Raises:
            TooLarge: they do not; with what is left.
        """
        left = self.left_bytes(actor)
        if left is not None and length > left:
            raise TooLarge(
                f"{length} bytes, and {left} are left of the {self.person_bytes} that each person may keep here",
                where=name,
                remedy="delete what is no longer needed, or have WIDEBERTH_GATEWAY_QUOTA_BYTES raised",
            )
