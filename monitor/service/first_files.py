"""The configuration that ships with the program, written to where an installation wants its own (`monitor init`)."""

from __future__ import annotations

from pathlib import Path

from monitor.config.files import MERGED, SINGLE
from monitor.model.errors import MonitorError


def shipped() -> Path:
    """Find the shipped configuration: inside the package when installed from a wheel, beside it in a checkout.

    Raises MonitorError where it is missing.
    """
    package = Path(__file__).resolve().parents[1]
    checkout = (
        package.parent / "config" if (package.parent / "migrations" / "env.py").is_file() else package / "_config"
    )
    for place in (package / "_config", checkout):
        if (place / f"{SINGLE}.yaml").is_file():
            return place
    raise MonitorError(
        f"the shipped configuration is missing: neither {package}/_config nor a checkout around the package"
    )


def write(folder: Path) -> tuple[Path, ...]:
    """Write the shipped configuration into a folder, which is made where it is missing; return the new files.

    Raises MonitorError, and writes nothing, where the folder holds configuration already: outlets that ship would join
    those of somebody's own. Raises OSError when a file cannot be written; those written before it go again.
    """
    if present := _present(folder):
        raise MonitorError(
            f"{folder.absolute()} holds a configuration already ({', '.join(present)}): nothing was written;"
            " name another folder, or `monitor check` it"
        )
    origin, made = shipped(), list[Path]()
    try:
        for path in sorted(origin.rglob("*.yaml")):
            file = folder / path.relative_to(origin)
            file.parent.mkdir(parents=True, exist_ok=True)
            with file.open("xb") as stream:
                made.append(file)
                stream.write(path.read_bytes())
    except OSError:
        for file in made:
            file.unlink(missing_ok=True)
        raise
    return tuple(made)


def _present(folder: Path) -> list[str]:
    """Return what the folder has of the names that configuration goes by; a folder of files counts when it has any."""
    names = [f"{section}.{ending}" for section in (SINGLE, *MERGED) for ending in ("yaml", "yml")]
    folders = [f"{section}.d" for section in MERGED]
    return [name for name in names if _is_there(folder / name)] + [
        name
        for name in folders
        if _is_there(folder / name) and (not (folder / name).is_dir() or any((folder / name).iterdir()))
    ]


def _is_there(path: Path) -> bool:
    """Return whether something has the name, a link to nothing included."""
    return path.exists() or path.is_symlink()
