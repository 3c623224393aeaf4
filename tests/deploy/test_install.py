"""`.venv` is whole or not there: real pip, real environments, packages of our own making, no index."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.patience import PATIENCE

pytestmark = pytest.mark.slow

SCRIPT = Path(__file__).resolve().parents[2] / "requirements" / "install.py"
BACKEND = """\
import zipfile
def build_editable(folder, config_settings=None, metadata_directory=None):
    import {builder}
    name = "monitor-0.1-py3-none-any.whl"
    with zipfile.ZipFile(folder + "/" + name, "w") as wheel:
        wheel.writestr("monitor_marker.py", "")
        wheel.writestr("monitor-0.1.dist-info/METADATA", "Metadata-Version: 2.1\\nName: monitor\\nVersion: 0.1\\n")
        wheel.writestr("monitor-0.1.dist-info/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        wheel.writestr("monitor-0.1.dist-info/RECORD", "")
    return name
"""
PROJECT = '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'


class Checkout:
    """A checkout in small: locks, a wheelhouse instead of an index, a build backend that needs the package builder."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.house = root.parent / "house"  # PIP_FIND_LINKS is a list with spaces between
        (root / "requirements").mkdir(parents=True)
        self.house.mkdir()
        shutil.copy(SCRIPT, root / "requirements")
        (root / "backend.py").write_text(BACKEND.format(builder="builder"), "utf-8")
        (root / "pyproject.toml").write_text(PROJECT, "utf-8")
        self.wheel("beta", "2.0")
        self.lock("run", self.wheel("alpha", "1.0", needs="beta[more]>=1.0"), self.wheel("beta", "1.0"))
        self.lock("dev", self.wheel("gamma", "1.0"))
        self.lock("build", self.wheel("builder", "1.0"))

    def wheel(self, name: str, version: str, needs: str = "") -> str:
        """Put a package into the wheelhouse; return its line for a lock."""
        path = self.house / f"{name}-{version}-py3-none-any.whl"
        info = f"{name}-{version}.dist-info"
        requires = f"Requires-Dist: {needs}\n" if needs else ""
        with zipfile.ZipFile(path, "w") as file:
            file.writestr(f"{name}.py", f"version = {version!r}\n")
            file.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{requires}")
            file.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
            file.writestr(f"{info}/RECORD", "")
        return f"{name}=={version} --hash=sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}"

    def lock(self, kind: str, *lines: str) -> None:
        """Write requirements/<kind>.txt."""
        (self.root / "requirements" / f"{kind}.txt").write_text("".join(f"{line}\n" for line in lines), "utf-8")

    def read(self, kind: str) -> str:
        """Return what requirements/<kind>.txt holds."""
        return (self.root / "requirements" / f"{kind}.txt").read_text("utf-8").rstrip()

    def install(self, kind: str) -> subprocess.CompletedProcess[str]:
        """Run the installer as make does."""
        environ = {
            "PATH": os.environ["PATH"],
            "PIP_NO_INDEX": "1",
            "PIP_FIND_LINKS": str(self.house),
            "PIP_CONFIG_FILE": os.devnull,
        }
        command = [sys.executable, str(self.root / "requirements" / SCRIPT.name), kind]
        return subprocess.run(command, env=environ, capture_output=True, text=True, timeout=PATIENCE, check=False)

    def has(self, module: str) -> str:
        """Return the version of a module in the environment, or nothing."""
        command = [
            str(self.root / ".venv/bin/python"),
            "-c",
            f"import {module} as m; print(getattr(m, 'version', 'there'))",
        ]
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()

    @property
    def stamps(self) -> set[str]:
        """What .venv says of itself; nothing when it is not there."""
        return {kind for kind in ("run", "dev") if (self.root / ".venv" / kind).exists()}


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path / "a checkout")


@pytest.mark.long
def test_an_environment_is_whole_or_not_there(checkout: Checkout) -> None:  # noqa: PLR0915 - one life, step by step
    half = checkout.root / ".venv" / "lib" / "half"
    half.mkdir(parents=True)
    run = checkout.read("run")
    checkout.lock("run", "alpha==1.0 --hash=sha256:" + "0" * 64)
    done = checkout.install("run")
    assert done.returncode == 1
    assert list(checkout.root.glob(".venv*")) == []
    assert "requirements/run.txt could not be installed" in done.stderr
    assert "run the same command again" in done.stderr

    half.mkdir(parents=True)
    checkout.lock("run", run)
    done = checkout.install("run")
    assert (done.returncode, done.stderr) == (0, "")
    assert not half.exists(), "an environment without a stamp is made anew"
    assert [checkout.has(name) for name in ("alpha", "beta", "monitor_marker")] == ["1.0", "1.0", "there"]
    assert [checkout.has(name) for name in ("gamma", "builder")] == ["", ""]
    assert checkout.stamps == {"run"}

    dev = checkout.read("dev")
    checkout.lock("dev", "gamma==9.0 --hash=sha256:" + "0" * 64)
    assert checkout.install("dev").returncode == 1
    assert (checkout.has("alpha"), checkout.stamps) == ("1.0", {"run"})
    checkout.lock("dev", checkout.wheel("gamma", "1.1", needs="beta>=2.0"))
    assert "do not fit together" in checkout.install("dev").stderr
    assert checkout.stamps == {"run"}
    checkout.lock("dev", dev)
    assert checkout.install("dev").returncode == 0
    assert (checkout.has("gamma"), checkout.stamps) == ("1.0", {"run", "dev"})

    checkout.lock("build", "builder==9.0 --hash=sha256:" + "0" * 64)
    assert "the command `monitor` could not be installed" in checkout.install("run").stderr
    assert [checkout.has(name) for name in ("alpha", "gamma", "monitor_marker")] == ["1.0", "1.0", "there"]
    assert checkout.stamps == {"run", "dev"}
    assert [path.name for path in checkout.root.glob(".venv*")] == [".venv"]
