"""Who somebody is here for whom a provider vouches: roles and organisation by its claims, at each sign-in anew."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.engine import Engine

from wideberth_contracts.errors import NotAllowed
from wideberth_gateway.access.provider import claim
from wideberth_gateway.access.roles import Role, Roles
from wideberth_gateway.settings import GatewaySettings
from wideberth_gateway.store import people as store
from wideberth_gateway.store.access_tables import HOME
from wideberth_gateway.store.organisations import add_organisation, organisation_of_name
from wideberth_gateway.store.people import Person, Standing

ACTOR = "provider"
LONGEST_NAME = 100


def vouched(engine: Engine, settings: GatewaySettings, claims: Mapping[str, Any]) -> Person:
    """The person of these claims, as the claims now say.

    Raises:
        NotAllowed: no role, no name, or they are disabled here.
        Conflict: somebody else has that name here.
    """
    subject = f"{claims['iss']} {claims['sub']}"
    roles = roles_in(settings, claims)
    if not roles:
        detail = f"the provider gives you no role here: no value of {settings.oidc_roles_claim!r} is known"
        raise NotAllowed(detail, remedy="ask whoever administers the provider (docs/access.md)")
    known = store.person_of_provider(engine, subject)
    if known is not None and known.disabled_epoch_s is not None:
        raise NotAllowed(f"{known.name} is disabled here", remedy="ask an administrator")
    place = _organisation(engine, settings, claims)
    if known is None:
        standing = Standing(roles, place)
        return store.add_person(engine, _name(settings, claims), standing, ACTOR, provider_subject=subject)
    standing = Standing(roles, place, known.sees, known.areas)
    if (known.roles, known.organisation_id) == (roles, place):
        return known
    return store.change_person(engine, known.id, standing, False, ACTOR)


def roles_in(settings: GatewaySettings, claims: Mapping[str, Any]) -> Roles:
    """The roles that the claim gives, by the settings' table or, without one, by their own names."""
    said = claim(claims, settings.oidc_roles_claim)
    values = said.split() if isinstance(said, str) else said if isinstance(said, list) else []
    table = settings.oidc_roles or {role.value: role for role in Role}
    return frozenset(table[value] for value in values if isinstance(value, str) and value in table)


def _name(settings: GatewaySettings, claims: Mapping[str, Any]) -> str:
    name = claim(claims, settings.oidc_name_claim)
    if not isinstance(name, str) or not name.strip() or not name.isprintable() or len(name) > LONGEST_NAME:
        raise NotAllowed(f"the provider gives no name in {settings.oidc_name_claim!r}", remedy="set oidc_name_claim")
    return name.strip()


def _organisation(engine: Engine, settings: GatewaySettings, claims: Mapping[str, Any]) -> str:
    named = claim(claims, settings.oidc_organisation_claim) if settings.oidc_organisation_claim else None
    if not isinstance(named, str) or not named.strip():
        return HOME
    name = named.strip()[:LONGEST_NAME]
    known = organisation_of_name(engine, name)
    return (known or add_organisation(engine, name, ACTOR)).id
