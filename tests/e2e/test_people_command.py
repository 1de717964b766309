"""`wideberth people`: added, listed, given another password and other roles, disabled; never locked out."""

from pathlib import Path

from typer.testing import CliRunner, Result

from wideberth.cli import build


def people(*arguments: str | Path) -> Result:
    words = ["people", *map(str, arguments)]
    return CliRunner().invoke(build(words), words)


def test_add_list_reset_allow_disable(tmp_path: Path) -> None:
    data = ("--data", tmp_path)
    first = people("add", "Kim", "--role", "administrator", *data)
    assert first.exit_code == 0, first.output
    password = first.stdout.strip()
    assert (
        people("add", "Lee", "--role", "reviewer", "--organisation", "Harbour", "--sees", "home", *data).exit_code == 0
    )
    listed = people("list", *data).stdout
    assert "Kim" in listed
    assert "Harbour" in listed
    assert password not in listed
    again = people("reset", "Kim", *data)
    assert again.exit_code == 0
    assert again.stdout.strip() not in ("", password)
    assert people("allow", "Lee", "--role", "regulator", "--role", "researcher", *data).exit_code == 0
    assert people("disable", "Lee", *data).exit_code == 0
    assert "disabled" in people("list", *data).stdout
    alone = people("disable", "Kim", *data)
    assert (alone.exit_code, "nobody would be left" in alone.output) == (1, True)
    for wrong in (("reset", "nobody"), ("add", "Kim"), ("add",), ("add", "Yu", "--sees", "nowhere")):
        assert people(*wrong, *data).exit_code == 1
