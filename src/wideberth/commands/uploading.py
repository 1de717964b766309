"""`upload`: recordings of a card to a gateway, whatever the line does."""

from pathlib import Path
from typing import Annotated, Any

import httpx
import typer
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn, TransferSpeedColumn

from wideberth.edge import attempt, write_json
from wideberth.progress import STDERR
from wideberth.sending import TIMEOUT_S, Report, Sender, StateFile, refusal, state_path
from wideberth_gateway.flights.folder_files import files_of

OUT = Console()
MOST_FILES = 200
"""Of one request for flights."""


def upload_command(
    files: Annotated[list[Path], typer.Argument(help="Recordings, their logs, or folders of them.")],
    to: Annotated[str, typer.Option("--to", help="Address of the gateway.")],
    key: Annotated[
        str | None, typer.Option("--key", envvar="WIDEBERTH_KEY", help="API key; better in the environment.")
    ] = None,
    state: Annotated[Path | None, typer.Option(help="Where to note what is under way.")] = None,
    patience_s: Annotated[float, typer.Option(help="Give up after so long without progress.")] = 3600.0,
    flights: Annotated[bool, typer.Option("--flights/--no-flights", help="Make flights of them.")] = True,
    json_out: Annotated[Path | None, typer.Option("--json", help="Where to write the JSON; - for stdout.")] = None,
) -> None:
    """Send files to a gateway. After a break, of whatever kind, the same command goes on where it was."""
    found = attempt(lambda: files_of(files))
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    timeout = httpx.Timeout(TIMEOUT_S, connect=10.0)
    with httpx.Client(base_url=to, headers=headers, timeout=timeout, follow_redirects=False) as client:
        sender = Sender(client, StateFile(state or state_path()), patience_s=patience_s)
        with _bars() as bars:
            report = _reporting(bars)
            sent = {path: attempt(lambda path=path: sender.send(path, report)) for path in found}  # type: ignore[misc]
        made = attempt(lambda: _flights(client, list(sent.values()))) if flights else {"flights": [], "alone": []}
    if json_out is not None:
        write_json({"files": {str(path): sha256 for path, sha256 in sent.items()}, **made}, json_out)
        return
    for path, sha256 in sent.items():
        OUT.print(f"{path.name}  {sha256}", highlight=False)
    print_flights(made)


def _flights(client: httpx.Client, hashes: list[str]) -> dict[str, Any]:
    """Flights of what was sent, with what is to be said of them."""
    made: dict[str, list[Any]] = {"flights": [], "alone": []}
    for start in range(0, len(hashes), MOST_FILES):
        answer = client.post("v1/flights", json={"files": hashes[start : start + MOST_FILES]})
        if not answer.is_success:
            raise refusal(answer)
        made = {name: made[name] + answer.json()[name] for name in made}
    for flight in made["flights"]:
        look = client.get(f"v1/flights/{flight['id']}/look")
        flight["look"] = look.json() if look.is_success else None
        if not look.is_success:
            STDERR.print(f"[yellow]warning:[/yellow] {flight['name']}: {refusal(look)}", highlight=False)
    return made


def print_flights(made: dict[str, Any]) -> None:
    """Pairs, and what is wrong with them."""
    for flight in made["flights"]:
        look = flight.get("look")
        share = f", {look['measurable_fraction']:.0%} of it measurable" if look else ""
        OUT.print(f"flight {flight['name']}: {flight['duration_s']:.0f} s{share}  {flight['id'][:12]}", highlight=False)
        for part in flight["parts"]:
            beside = part["telemetry"]["name"] if part["telemetry"] else "no telemetry beside it"
            OUT.print(f"  {part['video']['name']} + {beside}", highlight=False)
        for part in look["parts"] if look else ():
            for finding in part["findings"]:
                OUT.print(f"  note: {finding['english']}", highlight=False)
    for file in made["alone"]:
        OUT.print(f"belongs to no video: {file['name']}", highlight=False)


def _bars() -> Progress:
    columns = (
        TextColumn("{task.description:<24}"),
        BarColumn(),
        DownloadColumn(binary_units=True),
        TransferSpeedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
    )
    return Progress(*columns, console=STDERR)


def _reporting(bars: Progress) -> Report:
    tasks: dict[str, Any] = {}

    def report(name: str, done: int, total: int) -> None:
        if name not in tasks:
            tasks[name] = bars.add_task(name, total=total, completed=done)
        bars.update(tasks[name], completed=done)

    return report
