"""The configuration folder -> documents that were read, with every fault on the way."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from monitor.config.documents import Document, Value, read
from monitor.config.named_file import named_file
from monitor.config.places import Spot
from monitor.config.validation import suggestion
from monitor.model.errors import NO_FOLDER, ConfigProblem, InvalidValueError

MAX_BYTES = 8 * 1024 * 1024
_NOTHING = {
    "sources": "this file has nothing watched",
    "rules": "this file has nothing looked for",
    "channels": "this file has nobody told",
    "sites": "this file defines no pages",
}
MAX_SECRET_BYTES = 64 * 1024
MAX_FILES = 1_000
SINGLE = "monitor"
_ENDINGS = (".yml", ".yaml", ".YAML", ".YML", ".yaml.txt", ".yml.txt")
FileMarks: TypeAlias = Mapping[str, tuple[int, int, int]]
"""By file: when it was changed (ns), its bytes, its inode; zeros where it cannot be read."""
_UNMARKED = (0, 0, 0)
_IGNORED = {
    "monitor": "the settings in it do not hold",
    "sources": "the sources in it are not watched",
    "rules": "what its rules say is not looked for",
    "channels": "the channels in it are told nothing",
    "sites": "its page definitions are not used",
}
"""What comes of a file that is not read, by the section it was most likely meant for."""
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


def read_folder(folder: Path, environ: Mapping[str, str], instead: Mapping[Path, bytes] | None = None) -> Folder:
    """Read every configuration file of `folder`. Missing files are fine, a missing folder is a problem. Never raises.

    `instead` is read in place of what files hold, as if it had been written to them.
    """
    texts = instead or {}
    found = Folder()
    if not folder.is_dir():
        message = f"no configuration in {folder.absolute()}"
        hint = "`monitor init` makes one; --config or MONITOR_CONFIG names another folder"
        found.problems.append(ConfigProblem(str(folder), 0, 0, message, hint, NO_FOLDER))
        return found
    for section in (SINGLE, *MERGED):
        for path in _paths(folder, section, texts):
            reading = _read(path, environ) if path not in texts else read(texts[path], str(path), environ)
            found.problems.extend(reading.problems)
            found.warnings.extend(reading.warnings)
            found.secrets.extend(reading.secrets)
            found.documents.setdefault(section, []).append((reading.value, reading.spot))
    found.warnings.extend(_unread(folder))
    found.warnings.extend(_without_items(found))
    return found


def configuration_files(folder: Path) -> Iterator[Path]:
    """Yield the files that are read, there or not readable alike."""
    for section in (SINGLE, *MERGED):
        yield from _paths(folder, section, ())


def file_marks(folder: Path) -> FileMarks:
    """Return for each file that is read, by its path in the folder, what a change of it shows."""
    found = {}
    for file in configuration_files(folder):
        try:
            said = file.stat()
        except OSError:
            found[file.relative_to(folder).as_posix()] = _UNMARKED
        else:
            found[file.relative_to(folder).as_posix()] = (said.st_mtime_ns, said.st_size, said.st_ino)
    return found


def _without_items(found: Folder) -> Iterator[ConfigProblem]:
    """Warn of files of a section in which nothing stands, or its key without anything below; `[]` says that it is meant."""
    faulty = {one.file for one in found.problems}
    for section in MERGED:
        documents = found.documents.get(section, [])
        if not any(isinstance(value, dict) and value.get(section) for value, _ in documents):
            continue  # nothing at all is said of the plan
        for value, spot in documents:
            bare = isinstance(value, dict) and section in value and value[section] is None
            if bare or (value is None and spot.file not in faulty):
                at = spot.key_problem((section,), "") if bare else spot.problem((), "")
                what = f"no {section} stand here: {_NOTHING[section]}"
                hint = f"begin each item with -, further in than `{section}:`; write `{section}: []` if none are meant"
                yield ConfigProblem(spot.file, at.line, at.column, what, hint, "CFG104")


def read_secret(path: Path) -> str:
    """Return the text of a small file without the white space around it.

    Raises InvalidValueError with a message for people: as named_file does, and for text that is not UTF-8, or empty.
    """
    text = named_file(path, MAX_SECRET_BYTES).decode("utf-8-sig", "replace").strip()
    if not text or "\ufffd" in text or "\0" in text:
        raise InvalidValueError("is empty" if not text else "is not UTF-8 text")
    return text


def _paths(folder: Path, section: str, texts: Collection[Path]) -> Iterator[Path]:
    """Return the files of a section that exist or have a text: the main one, then those of its `.d` folder by name."""
    main = folder / f"{section}.yaml"
    if main.exists() or main in texts:
        yield main
    if section != SINGLE:
        inner = folder / f"{section}.d"
        yield from sorted({*inner.glob("*.yaml"), *(one for one in texts if one.parent == inner)})[:MAX_FILES]


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
    """Warn of files that look like configuration and are not read."""
    known = [f"{name}.yaml" for name in (SINGLE, *MERGED)]
    for place in [folder, *(folder / f"{section}.d" for section in MERGED)]:
        found = {path for ending in _ENDINGS for path in place.glob(f"*{ending}")}
        for path in sorted(found)[:MAX_FILES]:
            if not (path.name in known if place == folder else path.suffix == ".yaml"):
                stem = _stem(path.name)
                hint = _rename(stem, known) if place == folder else f"name it {stem}.yaml"
                section = hint.removeprefix("name it ").removesuffix(".yaml") if place == folder else place.stem
                what = f"this file is not read: {_IGNORED[section]}" if section in _IGNORED else "this file is not read"
                yield ConfigProblem(str(path), 0, 0, what, hint, "CFG103")


def _stem(name: str) -> str:
    """Return a file's name without what editors and people put behind it: `rules.yaml.txt` is rules."""
    return re.sub(r"(?i)(?:\.ya?ml)?(?:\.txt)?$", "", name)


def _rename(stem: str, known: list[str]) -> str:
    """Return under which name the file would be read."""
    word = f"{stem.lower()}.yaml"
    return f"name it {word}" if word in known else suggestion(word, known)


def ignored(folder: Path, section: str) -> str:
    """Return the name of a file that is not read and was most likely meant for a section; "" where there is none."""
    wanted = f"name it {section}.yaml"
    return next((Path(one.file).name for one in _unread(folder) if one.hint == wanted), "")
