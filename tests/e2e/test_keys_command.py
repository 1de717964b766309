"""`wideberth keys`: a key is printed once, listed by its beginning, and revoked by name."""

from pathlib import Path

from typer.testing import CliRunner, Result

from wideberth.cli import build


def keys(*arguments: str | Path) -> Result:
    words = ["keys", *map(str, arguments)]
    return CliRunner().invoke(build(words), words)


def test_add_list_revoke(tmp_path: Path) -> None:
    made = keys("add", "Kim", "--data", tmp_path)
    assert made.exit_code == 0, made.output
    key = made.stdout.strip()
    assert key.startswith("wb_")
    listed = keys("list", "--data", tmp_path)
    assert "Kim" in listed.stdout
    assert "reviewer" in listed.stdout
    assert key not in listed.stdout
    again = keys("add", "Kim", "--data", tmp_path)
    assert (again.exit_code, "revoke it first" in again.output) == (1, True)
    assert keys("revoke", "Kim", "--data", tmp_path).exit_code == 0
    assert "revoked" in keys("list", "--data", tmp_path).stdout
    assert keys("revoke", "Kim", "--data", tmp_path).exit_code == 1
    several = keys("add", "Lee", "--role", "operator", "--role", "researcher", "--days", "3", "--data", tmp_path)
    assert several.exit_code == 0, several.output
    listed = keys("list", "--data", tmp_path).stdout
    assert "operator" in listed
    assert "holds until" in listed.replace("\n", " ") or "until" in listed
    nameless = keys("add", "--data", tmp_path)
    assert (nameless.exit_code, "whose key" in nameless.output) == (1, True)
