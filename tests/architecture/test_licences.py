"""What the program installs is free software, and nothing of DBOS's paid parts is in any lock."""

import re
import tomllib
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
LOCKS = sorted(path for path in ROOT.rglob("uv.lock") if not {".venv", ".cache"} & set(path.parts))
PROPRIETARY = re.compile(r"^dbos-(?!transact)|conductor|enterprise")

FREE = re.compile(
    r"apache|\bbsd\b|bsd license|\bmit\b|mit license|mit-0|mit-cmu|\bisc\b|mpl-2\.0|mozilla public license 2\.0|psf"
    r"|python software foundation|public domain|unlicense|zlib|0bsd|cc0|bsl-1\.0|ofl-1\.1|\blgpl|\bagpl-3\.0"
    r"|affero general public license v3",
    re.IGNORECASE,
)
"""Licences that go with AGPL-3.0. A name that none of these is in needs a person to look at it."""

UNFREE = re.compile(r"proprietary|non-?commercial|\bnc\b|\bbusl\b|business source|sspl|commons clause|elastic", re.I)


def needed(name: str, extras: frozenset[str] = frozenset()) -> dict[str, set[str]]:
    """The package and all that it needs here, by normal name, with the extras asked of each."""
    found: dict[str, set[str]] = {}
    todo = [(canonicalize_name(name), extras)]
    while todo:
        one, asked = todo.pop()
        if one in found and asked <= found[one]:
            continue
        found.setdefault(one, set()).update(asked)
        for line in distribution(one).requires or ():
            wanted = Requirement(line)
            if wanted.marker is None or any(wanted.marker.evaluate({"extra": extra}) for extra in ("", *found[one])):
                todo.append((canonicalize_name(wanted.name), frozenset(wanted.extras)))
    return found


def licence(name: str) -> str:
    """What the package says of its licence: the expression, else the classifiers, else the first line of the text."""
    told = distribution(name).metadata
    classes = [one.split("::")[-1].strip() for one in told.get_all("Classifier") or () if one.startswith("License ::")]
    text = (told.get("License") or "").strip().splitlines()[:1]
    return told.get("License-Expression") or " / ".join(classes) or "".join(text)


def problem(told: str) -> str | None:
    """What is wrong with a licence of that name; None: nothing."""
    if UNFREE.search(told):
        return "not free"
    return None if FREE.search(told) else "not known to be free"


def test_everything_that_is_installed_with_the_program_is_free():
    try:
        names = needed("wideberth")
    except PackageNotFoundError as error:
        raise AssertionError(f"{error} is needed and not installed") from error
    assert {"dbos", "sqlalchemy", "fastapi"} <= set(names)
    assert {name: licence(name) for name in sorted(names) if problem(licence(name))} == {}


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: str(path.parent.relative_to(ROOT)))
def test_no_lock_holds_a_paid_part(lock):
    names = [package["name"] for package in tomllib.loads(lock.read_text())["package"]]
    assert names
    assert [name for name in names if PROPRIETARY.search(name)] == []


@pytest.mark.parametrize("told", ["LicenseRef-NVIDIA-Proprietary", "CC-BY-NC-4.0", "BUSL-1.1", "SSPL-1.0", "", "Other"])
def test_others_are_refused(told):
    assert problem(told)
    assert PROPRIETARY.search("dbos-enterprise")
