"""The policy as a table for people: `python -m wideberth_gateway.access.table FILE` writes it into a document."""

import sys
from pathlib import Path

from wideberth_gateway.access.policy import POLICY, Open, Rule
from wideberth_gateway.access.roles import Role

BEGIN, END = "<!-- routes: python -m wideberth_gateway.access.table docs/access.md -->", "<!-- end of routes -->"
MAY, MAY_NOT = "x", ""


def markdown() -> str:
    """One line a route, in the order of the policy."""
    heads = ("route", "signed out", *(role.value for role in Role), "told")
    lines = [f"| {' | '.join(heads)} |", "|---|" + "---|" * (len(heads) - 1)]
    return "\n".join([*lines, *(_line(route, rule) for route, rule in POLICY.items())])


def put_into(text: str) -> str:
    """The document with the table between its marks."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{markdown()}\n{END}{after}"


def _line(route: str, rule: Rule) -> str:
    everyone = rule.open_to is Open.EVERYONE
    anyone = everyone or rule.open_to is Open.SIGNED_IN
    marks = [MAY if everyone else MAY_NOT, *(MAY if anyone or role in rule.roles else MAY_NOT for role in Role)]
    return f"| `{route}`{' *' if rule.named else ''} | {' | '.join(marks)} | {rule.told or ''} |"


if __name__ == "__main__":
    document = Path(sys.argv[1])
    document.write_text(put_into(document.read_text(encoding="utf-8")), encoding="utf-8")
