"""What the owner of a machine does where the `wideberth` program is not, in the gateway's container.

`python -m wideberth_gateway password NAME` prints another one-time password of somebody, `… key NAME ROLE …` a new key.
"""

import sys
from collections.abc import Sequence

from sqlalchemy.engine import Engine

from wideberth_contracts.errors import BadInput, NotFound
from wideberth_gateway.access.passwords import hashed, one_time_password
from wideberth_gateway.access.roles import Role
from wideberth_gateway.settings import GatewaySettings
from wideberth_gateway.store import people
from wideberth_gateway.store.engine import open_engine
from wideberth_gateway.store.keys import add_key
from wideberth_gateway.store.migrate import migrate

HOW = "password NAME, or key NAME ROLE …"


def own(words: Sequence[str], settings: GatewaySettings) -> None:
    """Do what the words say, and print what came of it once.

    Raises:
        BadInput: words that say nothing.
        NotFound: nobody of that name.
        Conflict: somebody of that name has a key.
    """
    if len(words) < 2:
        raise BadInput("say for whom", where=words[0], remedy=HOW)
    engine = open_engine(settings.main_database())
    try:
        migrate(engine)
        made = _password(engine, words[1]) if words[0] == "password" else _key(engine, words[1], words[2:])
    finally:
        engine.dispose()
    sys.stdout.write(f"{made}\n")


def _password(engine: Engine, name: str) -> str:
    known = people.person_of_name(engine, name)
    if known is None:
        raise NotFound(f"nobody is called {name!r}")
    password = one_time_password()
    people.set_password(engine, known.id, hashed(password), "console", must_change=True)
    return password


def _key(engine: Engine, name: str, roles: Sequence[str]) -> str:
    unknown = [role for role in roles if role not in list(Role)]
    if unknown:
        raise BadInput(f"no role {unknown[0]!r}", where="key", remedy=", ".join(Role))
    return add_key(engine, name, *(Role(role) for role in roles))
