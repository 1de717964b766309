"""The roles that persons and keys have. What each may do is in `policy`; what is not said there is denied."""

from enum import StrEnum


class Role(StrEnum):
    """Of a person or a key; either may have several."""

    OPERATOR = "operator"
    REVIEWER = "reviewer"
    REGULATOR = "regulator"
    RESEARCHER = "researcher"
    ADMINISTRATOR = "administrator"


Roles = frozenset[Role]


def roles_text(roles: Roles) -> str:
    """As kept: names sorted, with a blank between."""
    return " ".join(sorted(role.value for role in roles))


def roles_of(text: str) -> Roles:
    """The roles that `roles_text` wrote down."""
    return frozenset(Role(name) for name in text.split())
