"""Real databases to test against: a SQLite file, and a PostgreSQL of our own on loopback where it is installed."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg


def postgres_programs() -> Path | None:
    """Where PostgreSQL's programs lie, the newest first; None where it is not installed."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    return folders[-1].parent if folders else None


@contextmanager
def postgres(programs: Path) -> Iterator[str]:
    """A private cluster; its URL. Runs as `postgres` where the tests run as root, for PostgreSQL refuses root."""
    folder = Path(tempfile.mkdtemp(prefix="wideberth-pg-"))
    become: list[str] = []
    if os.geteuid() == 0:
        user = pwd.getpwnam("postgres")
        os.chown(folder, user.pw_uid, user.pw_gid)
        become = ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    def call(program: str, *arguments: str) -> None:
        command = [*become, str(programs / program), *arguments]
        subprocess.run(
            command, check=True, cwd=folder, capture_output=True, env={"PATH": "/usr/bin:/bin", "LC_ALL": "C"}
        )

    data = str(folder / "data")
    try:
        call("initdb", "-D", data, "-U", "wideberth", "--auth=trust", "-E", "UTF8", "--no-sync")
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c fsync=off"
        call("pg_ctl", "-D", data, "-w", "-l", str(folder / "log"), "-o", options, "start")
        try:
            yield f"postgresql://wideberth@127.0.0.1:{port}/postgres"
        finally:
            call("pg_ctl", "-D", data, "-m", "fast", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def new_database(server: str, template: str = "template0") -> str:
    """An empty database on that server, or a copy of another; its URL."""
    name = f"t{uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    return server.rsplit("/", 1)[0] + f"/{name}"
