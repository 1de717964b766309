"""Signing in with name and password; the first administrator of a machine."""

import sys

from sqlalchemy.engine import Engine

from wideberth_contracts.errors import BadInput, Busy, NotSignedIn
from wideberth_gateway.access.passwords import acceptable, fits, hashed, one_time_password
from wideberth_gateway.store import people as store
from wideberth_gateway.store.people import Person
from wideberth_gateway.store.sessions import Session, failed, open_session, wait_s

FIRST = "administrator"


def sign_in(engine: Engine, name: str, password: str) -> tuple[str, Session]:
    """A session with the token for its cookie.

    Raises:
        NotSignedIn: name and password do not fit; it does not tell which.
        Busy: the name was tried too often in vain; carries for how long.
    """
    pause_s = wait_s(engine, name)
    if pause_s > 0:
        raise Busy("this name was tried too often in vain", where="name", remedy="wait", retry_after_s=pause_s)
    person = store.person_of_name(engine, name)
    right = fits(person.password if person else None, password)
    if person is None or not right or person.disabled_epoch_s is not None:
        failed(engine, name)
        raise NotSignedIn("name and password do not fit", remedy="ask an administrator for a new password")
    return open_session(engine, person)


def change_password(engine: Engine, person: Person, old: str, new: str) -> tuple[str, Session]:
    """Another password; all sessions end but for the new one that this opens.

    Raises:
        NotSignedIn: the old one is not theirs.
        Busy: it was tried too often in vain.
        BadInput: the new one may not be one.
    """
    pause_s = wait_s(engine, person.name)
    if pause_s > 0:
        raise Busy("the password was tried too often in vain", where="old", retry_after_s=pause_s)
    if not fits(person.password, old):
        failed(engine, person.name)
        raise NotSignedIn("this is not your password", where="old")
    if acceptable(new, person.name) == old:
        raise BadInput("the new password is the old one", where="new", remedy="choose another one")
    store.set_password(engine, person.id, hashed(new), person.name, must_change=False)
    return open_session(engine, store.find_person(engine, person.id))


def greet_first(engine: Engine) -> None:
    """On a machine without people there is an administrator from now on, whose one-time password is printed once."""
    password = one_time_password()
    if store.add_first_person(engine, FIRST, hashed(password)):
        sys.stdout.write(
            f"\nFirst start: sign in as `{FIRST}` with the one-time password\n\n    {password}\n\n"
            "and choose your own. It is not shown again; `wideberth people reset administrator` makes another.\n\n"
        )
        sys.stdout.flush()
