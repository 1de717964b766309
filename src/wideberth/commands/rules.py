"""`rules`: the laws that Wideberth knows, each number with its evidence; and a check of one's own."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from wideberth.edge import NOTHING_TO_WORK_ON, Areas, attempt, fail, write_json
from wideberth_contracts.errors import BadRulePack
from wideberth_gateway.rules.areas import Area
from wideberth_gateway.rules.catalogue import (
    Packs,
    find_pack,
    list_packs,
    list_versions,
    load_pack,
    load_pack_file,
    packs_with,
)
from wideberth_gateway.rules.numbers import Choice, Number
from wideberth_gateway.rules.outlines import areas_of
from wideberth_gateway.rules.pack import Pack
from wideberth_gateway.rules.primitives import RuleBase

OUT = Console()


class Action(StrEnum):
    """What to do."""

    LIST = "list"
    SHOW = "show"
    CHECK = "check"


def rules_command(
    action: Annotated[Action, typer.Argument(help="list; show PACK[@VERSION]; check FILE.yaml …")],
    names: Annotated[list[str] | None, typer.Argument(metavar="[PACK|FILE]…")] = None,
    areas: Areas = None,
    json_out: Annotated[Path | None, typer.Option("--json", help="Where to write the JSON; - for stdout.")] = None,
) -> None:
    """List rule packs, show one with every number's evidence, or check files of your own."""
    given = names or []
    if action is Action.LIST:
        _list(json_out)
    elif not given:
        fail(f"rules {action.value} needs {'a pack (see rules list)' if action is Action.SHOW else 'a file'}")
    elif action is Action.SHOW:
        packs = attempt(lambda: packs_with(areas, find_pack))
        for name in given:
            _show(name, packs, json_out)
    else:
        _check([Path(name) for name in given])


def _list(json_out: Path | None) -> None:
    packs = [load_pack(name) for name in list_packs()]
    rows = [_summary(pack) for pack in packs]
    if json_out is not None:
        write_json(rows, json_out)
        return
    table = Table()
    for column in ("pack", "rules", "off", "older versions", "about"):
        table.add_column(column)
    for row in rows:
        table.add_row(row["pack"], str(row["rules"]), str(row["off"]), ", ".join(row["older"]), row["title"])
    OUT.print(table)


def _summary(pack: Pack) -> dict[str, Any]:
    off = sum(not rule.enabled for rule in pack.rules)
    older = list(list_versions(pack.id)[1:])
    return {"pack": pack.name, "rules": len(pack.rules), "off": off, "older": older, "title": pack.title}


def _show(name: str, packs: Packs, json_out: Path | None) -> None:
    pack = attempt(lambda: packs(name))
    if json_out is not None:
        write_json(pack.model_dump(mode="json"), json_out)
        return
    lines = [f"{pack.name}  {pack.title}", f"sha256 {pack.sha256}", f"in force from {_day(pack.valid_from)}"]
    if pack.valid_until:
        lines.append(f"until {pack.valid_until}")
    lines += [_area(area_id, area) for area_id, area in areas_of(pack).items()]
    lines.append(f"species: {', '.join(pack.species)}")
    if pack.penalty:
        lines.append(f"penalty: {pack.penalty.says} [{pack.penalty.evidence.value}]")
    lines += [f"exception {one.kind.value}: {one.says} [{one.evidence.value}]" for one in pack.exceptions]
    for rule in pack.rules:
        lines += _rule(rule)
    lines += [f"remark, {one.about}: {one.says} [{one.evidence.value}]" for one in pack.remarks]
    OUT.print("\n".join(lines), highlight=False, markup=False, soft_wrap=True)


def _area(area_id: str, area: Area) -> str:
    """Whether its outline is there, and what to give where it is missing."""
    if area.outline:
        return f"area {area_id}: {area.name}, outline of {len(area.outline)} corners [{area.source}]"
    return f"area {area_id}: {area.name}, outline missing ({area.absent}): give {area_id}.geojson in --areas"


def _day(valid_from: object) -> str:
    return getattr(valid_from, "absent", None) or str(valid_from)


def _rule(rule: RuleBase) -> list[str]:
    state = "" if rule.enabled else "  OFF"
    state += "  advisory" if rule.advisory else ""
    text = rule.text
    lines = ["", f"{rule.id}  {getattr(rule, 'type', '')}{state}", f"  {text.english}", f"  {text.original}"]
    lines.append(f"  {text.citation} [{text.evidence_level.value}]")
    lines += [f"  {name} = {_amount(value)}" for name, value in _amounts(rule)]
    return [*lines, *([f"  note: {rule.note}"] if rule.note else [])]


def _amounts(value: object, prefix: str = "") -> list[tuple[str, Number | Choice]]:
    """All numbers of a rule with the names of their fields."""
    found: list[tuple[str, Number | Choice]] = []
    for name in getattr(type(value), "model_fields", {}):
        part = getattr(value, name)
        if isinstance(part, (Number, Choice)):
            found.append((prefix + name, part))
        elif hasattr(type(part), "model_fields"):
            found += _amounts(part, f"{prefix}{name}.")
    return found


def _amount(one: Number | Choice) -> str:
    stated = f" ({one.stated})" if isinstance(one, Number) and one.stated else ""
    return f"{one.value:g}{stated} [{one.evidence.value}] {one.source}"


def _check(files: list[Path]) -> None:
    bad = 0
    for file in files:
        try:
            pack = load_pack_file(file)
        except BadRulePack as error:
            bad += 1
            OUT.print(str(error), highlight=False, markup=False, soft_wrap=True)
        else:
            on = sum(rule.enabled for rule in pack.rules)
            OUT.print(f"{file}: fine ({pack.name}, {len(pack.rules)} rules, {on} on)", highlight=False, soft_wrap=True)
    if bad:
        raise typer.Exit(NOTHING_TO_WORK_ON)
