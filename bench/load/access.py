"""Who may do what, asked of a real gateway; and requests made from what gateway and services say of themselves.

Every route by every role and signed out, and by whose it is, over HTTP. Then schemathesis makes requests from each
OpenAPI, as an administrator and as a reviewer: no answer may be a server error, or other than described. What an id in
a path names is there in half of the requests, for otherwise nothing but 404 would be seen.
"""

import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import httpx

from bench.load.access_requests import explored
from bench.load.access_things import things
from wideberth_gateway.access.ownership import ALERT, BAGS, OWNED
from wideberth_gateway.access.policy import POLICY, Open
from wideberth_gateway.access.roles import Role
from wideberth_gateway.store.engine import open_engine
from wideberth_gateway.store.keys import add_key
from wideberth_gateway.store.migrate import migrate
from wideberth_gateway.store.organisations import add_organisation

EXAMPLES, QUICK_EXAMPLES = 30, 6
FIRST_PORT = 8870
SERVICES = ("glare", "detector", "distance", "tracker", "anomaly")
TOKEN = "of-this-bench"
ENDLESS = "GET /v1/alerts/stream"
ANSWERS_SIGNED_OUT = "GET /v1/session"
NOT_THERE = re.compile(r"^no (analysis|flight|original|upload|alert|bag) of that (id|name)$")
Row = dict[str, Any]
Keys = dict[tuple[str, Role], str]


def run(quick: bool) -> list[Row]:
    """All rows."""
    examples = QUICK_EXAMPLES if quick else EXAMPLES
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        engine = open_engine(f"sqlite:///{Path(folder) / 'gateway.sqlite'}")
        stack.callback(engine.dispose)
        migrate(engine)
        places = {name: add_organisation(engine, name, "bench").id for name in ("east", "west")}
        keys = {
            (name, role): add_key(engine, f"{name} {role.value}", role, organisation_id=place)
            for name, place in places.items()
            for role in Role
        }
        known = {name: things(engine, place) for name, place in places.items()}
        url = stack.enter_context(_gateway(Path(folder)))
        rows = [*_matrix(url, keys), *_owners(url, keys, known)]
        for role in (Role.ADMINISTRATOR, Role.REVIEWER):
            rows += explored(f"gateway as {role.value}", url, keys["east", role], examples, known["east"], (ENDLESS,))
        for number, name in enumerate(SERVICES):
            service = stack.enter_context(_service(name, FIRST_PORT + 1 + number))
            rows += explored(name, service, TOKEN, examples, {}, ())
    return rows


def _matrix(url: str, keys: Keys) -> list[Row]:
    wrong, asked = [], 0
    with httpx.Client(base_url=url, timeout=60) as client:
        for row, rule in POLICY.items():
            if row in (ENDLESS, ANSWERS_SIGNED_OUT):
                continue
            for role in (None, *Role):
                asked += 1
                status = _ask(client, row, keys["east", role] if role else None, {})
                signed = role is not None and (rule.open_to is Open.SIGNED_IN or role in rule.roles)
                may = rule.open_to is Open.EVERYONE or signed
                if (status in (401, 403)) == may or (not may and status != (403 if role else 401)):
                    wrong.append(f"{row} as {role}: {status}")
    told = "; ".join(wrong[:3])
    return [_row("route by role: asked", asked, ""), _row("route by role: answered otherwise", len(wrong), "0", told)]


def _owners(url: str, keys: Keys, known: dict[str, dict[str, str]]) -> list[Row]:
    wrong, asked = [], 0
    with httpx.Client(base_url=url, timeout=60) as client:
        for row, rule in POLICY.items():
            named = set(re.findall(r"\{([^}]+)\}", row)) & {*OWNED, ALERT}
            if not named and not row.split(" ")[1].startswith(BAGS):
                continue
            for role in rule.roles - {Role.ADMINISTRATOR}:
                asked += 2
                foreign, _ = _answered(client, row, keys["east", role], known["west"])
                _, own = _answered(client, row, keys["east", role], known["east"]) if named else (0, True)
                if foreign != 404 or not own:
                    wrong.append(f"{row} as {role.value}: {foreign}")
    told = "; ".join(wrong[:3])
    return [_row("route by owner: asked", asked, ""), _row("route by owner: answered otherwise", len(wrong), "0", told)]


def _ask(client: httpx.Client, row: str, key: str | None, of: dict[str, str]) -> int:
    return _answered(client, row, key, of)[0]


def _answered(client: httpx.Client, row: str, key: str | None, of: dict[str, str]) -> tuple[int, bool]:
    """Status, and whether what the path names was there."""
    method, template = row.split(" ")
    if template.startswith(BAGS):
        template = template.replace("{name}", of.get("bag", "x"))
    path = re.sub(r"\{([^}]+)\}", lambda found: of.get(found[1], "0" * 32), template)
    headers = {"Tus-Resumable": "1.0.0"} | ({"Authorization": f"Bearer {key}"} if key else {})
    if row.startswith("DELETE /v1/uploads"):
        headers.pop("Tus-Resumable")  # refused, after it was found: it is needed again
    answer = client.request(method, path, headers=headers)
    gone = answer.status_code == 404 and (not answer.content or NOT_THERE.match(answer.json().get("detail", "")))
    return answer.status_code, not gone


@contextmanager
def _gateway(folder: Path) -> Iterator[str]:
    limits = {"WIDEBERTH_GATEWAY_REQUESTS_PER_S": "100000", "WIDEBERTH_GATEWAY_SIGN_INS_PER_MINUTE": "1000000"}
    program = str(Path(sys.executable).with_name("wideberth"))
    command = [program, "serve", "--access", "accounts", "--port", str(FIRST_PORT), "--data", str(folder)]
    with _running(command, limits, FIRST_PORT) as url:
        yield url


@contextmanager
def _service(name: str, port: int) -> Iterator[str]:
    prefix = f"WIDEBERTH_{name.upper()}_"
    given = {f"{prefix}PORT": str(port), f"{prefix}SERVICE_TOKEN": TOKEN}
    with _running([sys.executable, "-m", f"wideberth_{name}"], given, port) as url:
        yield url


@contextmanager
def _running(command: list[str], given: dict[str, str], port: int) -> Iterator[str]:
    url = f"http://127.0.0.1:{port}"
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(command, env=os.environ | given, stdout=quiet, stderr=quiet)
    try:
        until = time.monotonic() + 180
        while True:
            try:
                httpx.get(f"{url}/readyz", timeout=30).raise_for_status()
                break
            except httpx.HTTPError as error:
                if time.monotonic() > until or process.poll() is not None:
                    raise RuntimeError(f"{command[-1]} did not start on port {port}") from error
                time.sleep(0.5)
        yield url
    finally:
        process.terminate()
        process.wait(timeout=60)


def _row(name: str, value: int, aim: str, note: str = "") -> Row:
    return {"name": name, "value": value, "unit": "", "aim": aim, "met": value == 0 if aim else None, "note": note}
