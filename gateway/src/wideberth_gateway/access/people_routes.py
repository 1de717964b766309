"""People and keys, for administrators."""

import asyncio
from datetime import UTC, datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Request
from pydantic import Field
from sqlalchemy.engine import Engine

from wideberth_contracts.wire import UtcDatetime, Wire
from wideberth_gateway.access.guard import actor_of
from wideberth_gateway.access.passwords import hashed, one_time_password
from wideberth_gateway.access.roles import Role
from wideberth_gateway.store import keys as key_store
from wideberth_gateway.store import people as store
from wideberth_gateway.store.access_tables import HOME
from wideberth_gateway.store.keys import KeptKey
from wideberth_gateway.store.organisations import Sees
from wideberth_gateway.store.people import Person, Standing

router = APIRouter(tags=["access"])

Id = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]
Name = Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f\x7f]+$")]
Roles = Annotated[tuple[Role, ...], Field(max_length=len(Role))]
Seen = Literal["all"] | Annotated[tuple[str, ...], Field(max_length=1000)]
"""Ids of organisations, or all of them."""
Areas = Literal["everywhere"] | Annotated[tuple[str, ...], Field(max_length=1000)]
"""Ids of areas, or no limit."""


class StandingAsked(Wire):
    """What somebody may, to whom they belong, and what they see.

    Attributes:
        sees: organisations whose rows a reviewer or regulator sees beside their own.
        areas: they see what lies in these alone; unless given it stays as it is, and is everywhere for somebody new.
    """

    roles: Roles
    organisation: str = HOME
    sees: Seen = ()
    areas: Areas | None = None

    def standing(self, areas: Sees = None) -> Standing:
        """As the store has it; `areas` unless others are given."""
        given = areas if self.areas is None else None if self.areas == "everywhere" else frozenset(self.areas)
        return Standing(frozenset(self.roles), self.organisation, _sight(self.sees), given)


class PersonAsked(StandingAsked):
    """Somebody new."""

    name: Name


class PersonChange(StandingAsked):
    """What is said of somebody from now on."""

    disabled: bool = False


class PersonView(Wire):
    """Somebody. `provider`: whether a provider vouches for them instead of a password."""

    id: str
    name: str
    roles: tuple[Role, ...]
    organisation: str
    sees: Seen
    areas: Areas
    provider: bool
    must_change_password: bool
    created_at: UtcDatetime
    signed_in_at: UtcDatetime | None
    disabled_at: UtcDatetime | None


class PersonMade(Wire):
    """Somebody with the one-time password that is shown once."""

    person: PersonView
    one_time_password: str


class KeyAsked(StandingAsked):
    """A new key. `days`: it holds so long; for ever unless given."""

    name: Name
    roles: Annotated[tuple[Role, ...], Field(min_length=1, max_length=len(Role))]
    days: Annotated[float | None, Field(gt=0, le=3660)] = None


class KeyView(Wire):
    """A key, known by its beginning."""

    id: str
    name: str
    roles: tuple[Role, ...]
    organisation: str
    sees: Seen
    areas: Areas
    shown: str
    created_at: UtcDatetime
    last_used_at: UtcDatetime | None
    revoked_at: UtcDatetime | None
    expires_at: UtcDatetime | None


class KeyMade(Wire):
    """A key, shown once."""

    name: str
    key: str


@router.get("/v1/people")
async def everyone(request: Request) -> tuple[PersonView, ...]:
    """Everyone who was ever added, oldest first."""
    return tuple(_person(one) for one in await asyncio.to_thread(store.list_people, _engine(request)))


@router.post("/v1/people", status_code=201)
async def add(request: Request, asked: PersonAsked) -> PersonMade:
    """Somebody new, with a one-time password that they change when they sign in first."""
    password, actor = one_time_password(), actor_of(request)

    def added() -> Person:
        return store.add_person(_engine(request), asked.name, asked.standing(), actor, password=hashed(password))

    return PersonMade(person=_person(await asyncio.to_thread(added)), one_time_password=password)


@router.put("/v1/people/{person_id}")
async def change(request: Request, person_id: Id, asked: PersonChange) -> PersonView:
    """Roles, organisation, what they see, whether they may sign in. Who is disabled is signed out at once."""

    def changed() -> Person:
        known = store.find_person(_engine(request), person_id)
        standing = asked.standing(known.areas)
        return store.change_person(_engine(request), person_id, standing, asked.disabled, actor_of(request))

    return _person(await asyncio.to_thread(changed))


@router.post("/v1/people/{person_id}/password", status_code=201)
async def reset(request: Request, person_id: Id) -> PersonMade:
    """Another one-time password; whoever is signed in as them is signed out."""
    password, actor = one_time_password(), actor_of(request)

    def done() -> Person:
        store.set_password(_engine(request), person_id, hashed(password), actor, must_change=True)
        return store.find_person(_engine(request), person_id)

    return PersonMade(person=_person(await asyncio.to_thread(done)), one_time_password=password)


@router.get("/v1/keys")
async def keys(request: Request) -> tuple[KeyView, ...]:
    """All keys ever made, oldest first; none of them whole."""
    return tuple(_key(one) for one in await asyncio.to_thread(key_store.list_keys, _engine(request)))


@router.post("/v1/keys", status_code=201)
async def add_key(request: Request, asked: KeyAsked) -> KeyMade:
    """A new key, shown now and never again."""
    standing, actor = asked.standing(), actor_of(request)

    def added() -> str:
        return key_store.add_key(
            _engine(request),
            asked.name,
            *standing.roles,
            organisation_id=standing.organisation_id,
            sees=standing.sees,
            areas=standing.areas,
            days=asked.days,
            actor=actor,
        )

    return KeyMade(name=asked.name, key=await asyncio.to_thread(added))


@router.delete("/v1/keys/{key_id}", status_code=204)
async def revoke(request: Request, key_id: Id) -> None:
    """It holds no more."""
    await asyncio.to_thread(key_store.revoke_key_by_id, _engine(request), key_id, actor_of(request))


def _person(person: Person) -> PersonView:
    return PersonView(
        id=person.id,
        name=person.name,
        roles=tuple(sorted(person.roles)),
        organisation=person.organisation_id,
        sees=_seen(person.sees),
        areas=_limits(person.areas),
        provider=person.provider_subject is not None,
        must_change_password=person.must_change,
        created_at=_at(person.created_epoch_s),
        signed_in_at=_when(person.signed_in_epoch_s),
        disabled_at=_when(person.disabled_epoch_s),
    )


def _key(key: KeptKey) -> KeyView:
    return KeyView(
        id=key.id,
        name=key.name,
        roles=tuple(sorted(key.roles)),
        organisation=key.organisation_id,
        sees=_seen(key.sees),
        areas=_limits(key.areas),
        shown=key.shown,
        created_at=_at(key.created_epoch_s),
        last_used_at=_when(key.last_used_epoch_s),
        revoked_at=_when(key.revoked_epoch_s),
        expires_at=_when(key.expires_epoch_s),
    )


def _seen(sees: Sees) -> Seen:
    return "all" if sees is None else tuple(sorted(sees))


def _limits(areas: Sees) -> Areas:
    return "everywhere" if areas is None else tuple(sorted(areas))


def _sight(sees: Seen) -> Sees:
    return None if sees == "all" else frozenset(sees)


def _at(epoch_s: float) -> datetime:
    return datetime.fromtimestamp(epoch_s, UTC)


def _when(epoch_s: float | None) -> datetime | None:
    return None if epoch_s is None else _at(epoch_s)


def _engine(request: Request) -> Engine:
    engine: Engine = request.app.state.engine
    return engine
