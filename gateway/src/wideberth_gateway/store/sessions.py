"""Sessions: 256 random bits in a cookie, kept as SHA-256; and how often a name was tried in vain."""

import hashlib
import secrets
import time
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from wideberth_gateway.store.access_tables import people, sessions, sign_in_failures
from wideberth_gateway.store.audit import record
from wideberth_gateway.store.engine import reading, writing
from wideberth_gateway.store.people import Person, find_person

USE_NOTED_EVERY_S = 60.0
LONGEST_S = 7 * 86_400.0
"""However often it is used, a session ends after this."""
FREE_TRIES = 5
FORGOTTEN_AFTER_S = 86_400.0
LONGEST_WAIT_S = 900.0


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody who signed in. `csrf`: what a page sends along with whatever changes something."""

    person: Person
    csrf: str
    sha256: str


def open_session(engine: Engine, person: Person) -> tuple[str, Session]:
    """A new one with the token for its cookie; told in the trail."""
    token, csrf, now = secrets.token_urlsafe(32), secrets.token_urlsafe(32), time.time()
    values = {
        "sha256": digest(token),
        "person_id": person.id,
        "csrf": csrf,
        "created_epoch_s": now,
        "used_epoch_s": now,
    }
    with writing(engine) as connection:
        connection.execute(sa.delete(sessions).where(sessions.c.created_epoch_s < now - LONGEST_S))
        connection.execute(sa.insert(sessions).values(values))
        connection.execute(sa.update(people).where(people.c.id == person.id).values(signed_in_epoch_s=now))
        connection.execute(sa.delete(sign_in_failures).where(sign_in_failures.c.name == failed_name(person.name)))
        record(connection, actor=person.name, action="session.opened", subject=person.id)
    return token, Session(person, csrf, digest(token))


def find_session(engine: Engine, token: str, idle_s: float) -> Session | None:
    """The session of that token, if it goes on; its use is noted once a minute."""
    now = time.time()
    goes_on = sa.and_(
        sessions.c.sha256 == digest(token),
        sessions.c.used_epoch_s > now - idle_s,
        sessions.c.created_epoch_s > now - LONGEST_S,
    )
    with reading(engine) as connection:
        row = connection.execute(sa.select(sessions).where(goes_on)).one_or_none()
    if row is None:
        return None
    person = find_person(engine, row.person_id)
    if person.disabled_epoch_s is not None:
        return None
    if now - row.used_epoch_s > USE_NOTED_EVERY_S:
        with writing(engine) as connection:
            connection.execute(sa.update(sessions).where(sessions.c.sha256 == row.sha256).values(used_epoch_s=now))
    return Session(person, row.csrf, row.sha256)


def end_session(engine: Engine, session: Session) -> None:
    """It goes on no more."""
    with writing(engine) as connection:
        connection.execute(sa.delete(sessions).where(sessions.c.sha256 == session.sha256))
        record(connection, actor=session.person.name, action="session.ended", subject=session.person.id)


def wait_s(engine: Engine, name: str) -> float:
    """How long nobody may try that name; 0: now. After five tries in vain a second, and twice as long each time."""
    query = sa.select(sign_in_failures).where(sign_in_failures.c.name == failed_name(name))
    with reading(engine) as connection:
        row = connection.execute(query).one_or_none()
    if row is None or row.tries < FREE_TRIES:
        return 0.0
    pause = min(LONGEST_WAIT_S, 2.0 ** min(row.tries - FREE_TRIES, 20))
    return float(max(0.0, row.last_epoch_s + pause - time.time()))


def failed(engine: Engine, name: str) -> None:
    """Somebody tried that name in vain, whether or not anybody has it."""
    key, now = failed_name(name), time.time()
    same = sign_in_failures.c.name == key
    with writing(engine) as connection:
        connection.execute(sa.delete(sign_in_failures).where(sign_in_failures.c.last_epoch_s < now - FORGOTTEN_AFTER_S))
        counted = sa.update(sign_in_failures).where(same)
        if connection.execute(counted.values(tries=sign_in_failures.c.tries + 1, last_epoch_s=now)).rowcount == 0:
            connection.execute(sa.insert(sign_in_failures).values(name=key, tries=1, last_epoch_s=now))
        tries = connection.scalar(sa.select(sign_in_failures.c.tries).where(same))
        if tries == FREE_TRIES:
            record(connection, actor="client", action="session.slowed", subject=key, details={"tries": FREE_TRIES})


def failed_name(name: str) -> str:
    """Under which tries are counted: a hash, for people type passwords where a name belongs."""
    return digest(name.casefold())


def digest(token: str) -> str:
    """As kept."""
    return hashlib.sha256(token.encode()).hexdigest()
