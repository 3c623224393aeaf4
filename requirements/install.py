"""Set up `.venv` from the lock: `python requirements/install.py run` for the daemon, then `dev` for the tests.

The lock is the closure: every package that is needed is pinned with its hashes, so nothing is resolved (`--no-deps`).
A resolver that is asked sees releases that are newer than the lock and refuses, or takes them. `pip check` says
afterwards whether the set fits together. `make` calls this; it needs the standard library alone.

A failure never leaves half an environment. `run` is made from nothing while the one before stands aside and comes back
when the new one fails; `dev` adds to it and changes no package of `run`. Each leaves a stamp of its name in `.venv`.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

PURPOSE = {"run": "what running needs", "dev": "what the tests need"}


class InstallError(Exception):
    """Says which step failed and what to do."""


def main(root: Path, kind: str) -> int:
    """Bring `.venv` under `root` up to the lock `kind` (run or dev); return the exit code."""
    folder = root / ".venv"
    try:
        if kind == "run":
            _replace(root, folder)
        else:
            _packages(folder, root / "requirements" / f"{kind}.txt", PURPOSE[kind])
    except InstallError as error:
        sys.stderr.write(f"monitor: {error}\n")
        return 1
    (folder / kind).touch()
    return 0


def _replace(root: Path, folder: Path) -> None:
    """Make the environment of the daemon from nothing; when that fails, the one before is there again, or none."""
    before = folder.with_name(".venv.before")
    if (folder / "run").exists():
        shutil.rmtree(before, ignore_errors=True)
        folder.rename(before)
    try:
        shutil.rmtree(folder, ignore_errors=True)
        _venv(folder)
        _packages(folder, root / "requirements" / "run.txt", PURPOSE["run"])
        _command(root, folder)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        if before.exists():
            before.rename(folder)
        raise
    shutil.rmtree(before, ignore_errors=True)


def _venv(folder: Path) -> None:
    if subprocess.run([sys.executable, "-m", "venv", str(folder)], check=False).returncode:
        raise InstallError(
            f"{sys.executable} could not make a virtual environment. On Debian and Ubuntu: `apt install python3-venv`; "
            "or choose another Python, as in `make run PYTHON=python3.12`"
        )


def _packages(folder: Path, lock: Path, purpose: str) -> None:
    """Install a lock as it stands and check that the packages fit together."""
    count = len(re.findall(r"^[\w.-]+==", lock.read_text("utf-8"), re.MULTILINE))
    sys.stdout.write(f"Setting up .venv: {purpose}, at most {count} packages (requirements/{lock.name}) ...\n")
    sys.stdout.flush()
    if _pip(folder, "install", "--no-deps", "--require-hashes", "-r", str(lock)):
        raise InstallError(
            f"requirements/{lock.name} could not be installed, nothing half-made was left. Is the package index "
            "reachable (`pip config list` shows which), is the disk full? Then run the same command again"
        )
    if _pip(folder, "check"):
        raise InstallError(f"the packages of requirements/{lock.name} do not fit together: `make lock` pins them anew")


def _command(root: Path, folder: Path) -> None:
    """Put the command `monitor` into the environment; what builds it is used from aside and goes again."""
    aside = folder / "build"
    lock = root / "requirements" / "build.txt"
    failed = _pip(folder, "install", "--no-deps", "--require-hashes", "--target", str(aside), "-r", str(lock)) or _pip(
        folder, "install", "--no-deps", "--no-index", "--no-build-isolation", "-e", str(root), path=aside
    )
    shutil.rmtree(aside, ignore_errors=True)
    if failed:
        raise InstallError(
            "the command `monitor` could not be installed (requirements/build.txt); the lines above say why"
        )


def _pip(folder: Path, *words: str, path: Path | None = None) -> int:
    """Run the environment's pip with errors shown and nothing else; return its exit code."""
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    environ = {name: value for name, value in os.environ.items() if name not in {"PYTHONHOME", "PYTHONPATH"}}
    environ |= {"PIP_USER": "0", "PIP_DISABLE_PIP_VERSION_CHECK": "1"} | ({"PYTHONPATH": str(path)} if path else {})
    # PIP_USER: with `user = true` in a pip.conf nothing can be installed into an environment.
    command = [str(python), "-m", "pip", "--no-input", "-qq", *words]
    return subprocess.run(command, env=environ, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(Path(__file__).resolve().parents[1], sys.argv[1]))
