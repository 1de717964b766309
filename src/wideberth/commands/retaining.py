"""`retention` and `hold`: what is deleted by which rule, and what is kept whatever they say."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from wideberth.commands.keeping import DATA, Data, opened
from wideberth.edge import attempt, fail
from wideberth_gateway.keeping.deleting import Deleted, apply
from wideberth_gateway.keeping.retention import Due, Rule, due, rules_of
from wideberth_gateway.settings import GatewaySettings
from wideberth_gateway.store.holds import HeldKind, Hold, lift_hold, list_holds, set_hold
from wideberth_servicekit.settings import read_settings


class RetentionAction(StrEnum):
    """What to do about retention."""

    SHOW = "show"
    APPLY = "apply"


class HoldAction(StrEnum):
    """What to do about holds."""

    ADD = "add"
    LIST = "list"
    LIFT = "lift"


def retention_command(
    action: Annotated[RetentionAction, typer.Argument(help="show or apply.")] = RetentionAction.SHOW,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="With apply: tell what would go, and leave it.")] = False,
    data: Data = DATA,
) -> None:
    """The rules (WIDEBERTH_GATEWAY_KEEP_…_DAYS), and what is due. What is in a case is never due."""
    rules = attempt(lambda: rules_of(read_settings(GatewaySettings)))
    if action is RetentionAction.SHOW:
        for rule in rules:
            typer.echo(f"{rule.kind.value}: " + ("kept for ever" if rule.days is None else f"{rule.days:g} days"))
    if action is RetentionAction.SHOW or dry_run:
        _tell(attempt(lambda: _due(data, rules)))
        return
    done = attempt(lambda: _applied(data, rules))
    typer.echo(
        f"deleted: {done.files} files of {done.size_bytes} bytes, {done.alerts} alerts, {done.deliveries} deliveries"
    )


def hold_command(
    action: Annotated[HoldAction, typer.Argument(help="add, list or lift.")],
    kind_or_id: Annotated[str | None, typer.Argument(help="add: original, analysis or alert; lift: the hold.")] = None,
    subject: Annotated[str | None, typer.Argument(help="add: the id of what is to be kept.")] = None,
    reason: Annotated[str, typer.Option(help="Which case it is for.")] = "",
    data: Data = DATA,
) -> None:
    """Keep an original, an analysis or an alert whatever the rules of retention say."""
    if action is HoldAction.ADD:
        if kind_or_id not in tuple(HeldKind) or subject is None:
            fail("hold add: say what: original, analysis or alert, and its id")
        typer.echo(attempt(lambda: _added(data, HeldKind(kind_or_id), str(subject), reason)).id)
    elif action is HoldAction.LIFT:
        if kind_or_id is None:
            fail("hold lift: which one? give its id, see `hold list`")
        attempt(lambda: _lifted(data, str(kind_or_id)))
    else:
        for one in attempt(lambda: _all(data)):
            state = f"lifted by {one.lifted_by}" if one.lifted_by else "holds"
            typer.echo(f"{one.id}  {one.kind.value} {one.subject}  {state}  by {one.held_by}: {one.reason}")


def _tell(found: Due) -> None:
    for file in found.files:
        typer.echo(f"due: {file.stored.key} ({file.stored.size_bytes} bytes), rule {file.rule}")
    for alert, _ in found.alerts:
        typer.echo(f"due: alert {alert}, rejected")
    size, held = sum(file.stored.size_bytes for file in found.files), found.held
    typer.echo(
        f"due: {len(found.files)} files of {size} bytes, {len(found.alerts)} alerts, {len(found.deliveries)} deliveries"
    )
    typer.echo(f"in cases: {len(held.alerts)} alerts, {len(held.analyses)} analyses, {len(held.originals)} originals")


def _due(data: Path, rules: tuple[Rule, ...]) -> Due:
    with opened(data) as shelf:
        return due(shelf, rules)


def _applied(data: Path, rules: tuple[Rule, ...]) -> Deleted:
    with opened(data) as shelf:
        return apply(shelf, rules, actor="console")


def _added(data: Path, kind: HeldKind, subject: str, reason: str) -> Hold:
    with opened(data) as shelf:
        return set_hold(shelf.engine, kind, subject, reason, "console")


def _lifted(data: Path, hold_id: str) -> Hold:
    with opened(data) as shelf:
        return lift_hold(shelf.engine, hold_id, "console")


def _all(data: Path) -> tuple[Hold, ...]:
    with opened(data) as shelf:
        return list_holds(shelf.engine)
