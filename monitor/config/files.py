"""The configuration folder -> documents that were read, with every fault on the way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from monitor.config.documents import Document, Value, read
from monitor.config.places import Spot
from monitor.config.validation import suggestion
from monitor.model.errors import NO_FOLDER, ConfigProblem, InvalidValueError

MAX_BYTES = 8 * 1024 * 1024
MAX_SECRET_BYTES = 64 * 1024
MAX_FILES = 1_000
SINGLE = "monitor"
MERGED = ("sources", "rules", "channels", "sites")


@dataclass(slots=True)
class Folder:
    """What was found: the documents of each section, faults, files that nobody reads, and what variables held.

    Sections are `monitor`, `sources`, `rules`, `channels` and `sites`; all but the first may come in several files.
    """

    documents: dict[str, list[tuple[Value, Spot]]] = field(default_factory=dict)
    problems: list[ConfigProblem] = field(default_factory=list)
    warnings: list[ConfigProblem] = field(default_factory=list)
    secrets: list[str] = field(default_factory=list, repr=False)


def read_folder(folder: Path, environ: Mapping[str, str]) -> Folder:
    """Read every configuration file of `folder`. Missing files are fine, a missing folder is a problem. Never raises."""
    found = Folder()
    if not folder.is_dir():
        message = f"no configuration in {folder.absolute()}"
        hint = "`monitor init` makes one; --config or MONITOR_CONFIG names another folder"
        found.problems.append(ConfigProblem(str(folder), 0, 0, message, hint, NO_FOLDER))
        return found
    for section in (SINGLE, *MERGED):
        for path in _paths(folder, section):
            reading = _read(path, environ)
            found.problems.extend(reading.problems)
            found.secrets.extend(reading.secrets)
            found.documents.setdefault(section, []).append((reading.value, reading.spot))
    found.warnings.extend(_unread(folder))
    return found


def read_secret(path: Path) -> str:
    """Return the text of a small file without the white space around it.

    Raises InvalidValueError with a message for people: no such file, not a regular file, too large, not UTF-8, empty.
    """
    try:
        if not path.is_file():
            raise InvalidValueError("does not exist")
        with path.open("rb") as file:
            data = file.read(MAX_SECRET_BYTES + 1)
    except OSError as error:
        raise InvalidValueError(f"cannot be read: {error.strerror}") from None
    if len(data) > MAX_SECRET_BYTES:
        raise InvalidValueError(f"is larger than {MAX_SECRET_BYTES // 1024} KB")
    text = data.decode("utf-8-sig", "replace").strip()
    if not text or "\ufffd" in text or "\0" in text:
        raise InvalidValueError("is empty" if not text else "is not UTF-8 text")
    return text


def _paths(folder: Path, section: str) -> Iterator[Path]:
    """Return the files of a section that exist: the main one, then those of its `.d` folder by name."""
    main = folder / f"{section}.yaml"
    if main.exists():
        yield main
    if section != SINGLE:
        yield from sorted((folder / f"{section}.d").glob("*.yaml"))[:MAX_FILES]


def _read(path: Path, environ: Mapping[str, str]) -> Document:
    """Read one file; what the system refuses becomes a problem too."""
    message = ""
    data = b""
    try:
        if not path.is_file():
            message = "this is not a file"
        else:
            with path.open("rb") as file:
                data = file.read(MAX_BYTES + 1)
    except OSError as error:
        message = f"cannot be read: {error.strerror}"
    if len(data) > MAX_BYTES:
        message = f"larger than {MAX_BYTES // 1024**2} MB"
    if message:
        return Document(None, Spot(str(path), 0, 0), [ConfigProblem(str(path), 0, 0, message, code="CFG002")])
    return read(data, str(path), environ)


def _unread(folder: Path) -> Iterator[ConfigProblem]:
    """Warn of YAML files that look like configuration and are not read."""
    known = [f"{name}.yaml" for name in (SINGLE, *MERGED)]
    folders = [folder, *(folder / f"{section}.d" for section in MERGED)]
    for place in folders:
        for path in sorted([*place.glob("*.yml"), *(place.glob("*.yaml") if place == folder else ())])[:MAX_FILES]:
            if path.name not in known:
                hint = suggestion(path.name, known) if place == folder else "name it .yaml"
                yield ConfigProblem(str(path), 0, 0, "this file is not read", hint, "CFG103")
