"""`bench`: numbers anyone can make again."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from wideberth.benches import Report, bench_names, run_bench
from wideberth.edge import fail, run, write_json

OUT = Console()


def bench_command(
    name: Annotated[str | None, typer.Argument(help="Which bench; see --list.")] = None,
    quick: Annotated[bool, typer.Option("--quick", help="Fewer cases, for a first look.")] = False,
    json_out: Annotated[Path | None, typer.Option("--json", help="Where to write the JSON; - for stdout.")] = None,
    model: Annotated[
        Path | None, typer.Option("--model", help="Weights to measure, …/detector/<version>, where a bench takes any.")
    ] = None,
    show_list: Annotated[bool, typer.Option("--list", help="Name all benches with their running time.")] = False,
) -> None:
    """Measure a part and print one table."""
    if show_list:
        for bench in bench_names():
            OUT.print(f"{bench.name:<15} {bench.takes:<16} {bench.about}", highlight=False)
        return
    known = [bench.name for bench in bench_names()]
    if name not in known:
        fail(f"no bench named {name!r} (use one of: {', '.join(known)})")
    report = run(run_bench(name, quick=quick, model=model))
    if json_out is not None:
        write_json(report.as_json(), json_out)
    else:
        _print(report)


def _print(report: Report) -> None:
    table = Table(title=f"{report.bench}, {report.date}, {report.machine}{', quick' if report.quick else ''}")
    for column in ("what", "value", "unit", "aim", "met", "note"):
        table.add_column(column)
    for row in report.rows:
        met = {None: "", True: "yes", False: "no"}[row.met]
        table.add_row(row.name, _number(row.value), row.unit, "" if row.aim is None else str(row.aim), met, row.note)
    OUT.print(table)


def _number(value: float | int | str | None) -> str:
    return "-" if value is None else f"{value:.4g}" if isinstance(value, float) else str(value)
